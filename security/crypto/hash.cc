#include "security/crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/escaping.h"
#include "security/crypto/openssl_handles.h"

namespace knooppunt::crypto {
namespace {

using internal::Data;
using internal::Handle;
using internal::RequireOpenSsl;

constexpr size_t kHashBytes = 32;
constexpr size_t kMaxHkdfBytes = 255 * kHashBytes;

// Fetching walks the providers under a lock, so each algorithm is fetched once.
const EVP_MD* FetchedSha256() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  RequireOpenSsl(md != nullptr, "fetch SHA-256");
  return md;
}

// Naming the digest fetches it again, which costs more than the hash of a short text: a context is
// told once, and keeps it from one key to the next.
EVP_MAC_CTX* NewHmacContext() {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  RequireOpenSsl(mac != nullptr, "fetch HMAC");
  EVP_MAC_CTX* const context = EVP_MAC_CTX_new(mac);
  RequireOpenSsl(context != nullptr, "HMAC context");
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  RequireOpenSsl(EVP_MAC_CTX_set_params(context, params) == 1, "HMAC digest");
  return context;
}

EVP_MAC_CTX* ThreadHmacContext() {
  thread_local Handle<EVP_MAC_CTX> context(NewHmacContext());
  return context.get();
}

void InitHmac(EVP_MAC_CTX* context, absl::string_view key) {
  RequireOpenSsl(EVP_MAC_init(context, Data(key), key.size(), nullptr) == 1, "HMAC init");
}

std::string Hmac(absl::string_view key, std::initializer_list<absl::string_view> parts) {
  EVP_MAC_CTX* const context = ThreadHmacContext();
  InitHmac(context, key);
  for (absl::string_view part : parts) {
    RequireOpenSsl(EVP_MAC_update(context, Data(part), part.size()) == 1, "HMAC update");
  }
  std::string out(kHashBytes, '\0');
  size_t size = 0;
  RequireOpenSsl(EVP_MAC_final(context, Data(&out), &size, out.size()) == 1 && size == kHashBytes,
                 "HMAC final");
  // The context outlives the call: put a key in it that is nobody's.
  InitHmac(context, absl::string_view("\0", 1));
  return out;
}

std::string Expand(absl::string_view pseudorandom_key, absl::string_view info, size_t size) {
  // Reserved, so that appending never leaves key material in a freed buffer.
  std::string out;
  out.reserve(size);
  std::string block;
  for (uint8_t counter = 1; out.size() < size; ++counter) {
    const char counter_byte = static_cast<char>(counter);
    std::string next = Hmac(pseudorandom_key, {block, info, absl::string_view(&counter_byte, 1)});
    out.append(next, 0, std::min(kHashBytes, size - out.size()));
    Wipe(&block);
    block.swap(next);
  }
  Wipe(&block);
  return out;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Sha256(absl::string_view data) { return Sha256({data}); }

std::string Sha256(std::initializer_list<absl::string_view> parts) {
  thread_local Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  RequireOpenSsl(context != nullptr, "SHA-256 context");
  RequireOpenSsl(EVP_DigestInit_ex2(context.get(), FetchedSha256(), nullptr) == 1, "SHA-256 init");
  for (absl::string_view part : parts) {
    RequireOpenSsl(EVP_DigestUpdate(context.get(), Data(part), part.size()) == 1, "SHA-256 update");
  }
  std::string out(kHashBytes, '\0');
  unsigned size = 0;
  RequireOpenSsl(EVP_DigestFinal_ex(context.get(), Data(&out), &size) == 1 && size == kHashBytes,
                 "SHA-256 final");
  return out;
}

std::string HmacSha256(const SecretBytes& key, absl::string_view data) {
  return Hmac(key.Expose(SecretAccess::For("HMAC")), {data});
}

SecretBytes Hkdf(const SecretBytes& key, absl::string_view info, size_t size) {
  return std::move(HkdfEach(key, {info}, size)[0]);
}

std::vector<SecretBytes> HkdfEach(const SecretBytes& key,
                                  std::initializer_list<absl::string_view> infos, size_t size) {
  RequireOpenSsl(size <= kMaxHkdfBytes, "HKDF asked for more than 8160 bytes");
  const std::string no_salt(kHashBytes, '\0');
  std::string pseudorandom_key = Hmac(no_salt, {key.Expose(SecretAccess::For("HKDF extract"))});
  std::vector<SecretBytes> out;
  out.reserve(infos.size());
  for (const absl::string_view info : infos) {
    out.push_back(
        SecretBytes::Take(Expand(pseudorandom_key, info, size), SecretAccess::For("HKDF output")));
  }
  Wipe(&pseudorandom_key);
  return out;
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(Data(a), Data(b), a.size()) == 0;
}

std::string HexEncode(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

absl::StatusOr<std::string> HexDecode(absl::string_view hex) {
  if (hex.size() % 2 != 0) return absl::InvalidArgumentError("odd number of hex digits");
  std::string out(hex.size() / 2, '\0');
  for (size_t i = 0; i < out.size(); ++i) {
    const int high = HexDigit(hex[2 * i]);
    const int low = HexDigit(hex[2 * i + 1]);
    if (high < 0 || low < 0) {
      Wipe(&out);
      return absl::InvalidArgumentError("not hex digits");
    }
    out[i] = static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string Base64Encode(absl::string_view bytes) { return absl::Base64Escape(bytes); }

std::string Base64UrlEncode(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

// Abseil forgives white space, padding and stray bits; two texts for one value would
// be two names for one thing, so only the text that encoding gives is accepted.
absl::StatusOr<std::string> Base64Decode(absl::string_view text) {
  std::string out;
  if (!absl::Base64Unescape(text, &out) || Base64Encode(out) != text) {
    return absl::InvalidArgumentError("not base64");
  }
  return out;
}

absl::StatusOr<std::string> Base64UrlDecode(absl::string_view text) {
  std::string out;
  if (!absl::WebSafeBase64Unescape(text, &out) || Base64UrlEncode(out) != text) {
    return absl::InvalidArgumentError("not base64url without padding");
  }
  return out;
}

}  // namespace knooppunt::crypto
