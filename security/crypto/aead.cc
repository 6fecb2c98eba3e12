#include "security/crypto/aead.h"

#include <climits>
#include <cstdint>

#include "security/crypto/openssl_handles.h"

namespace knooppunt::crypto {
namespace {

using internal::Data;
using internal::Handle;
using internal::RequireOpenSsl;

constexpr char kVersion = 0x01;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

const EVP_CIPHER* FetchedAes256Gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  RequireOpenSsl(cipher != nullptr, "fetch AES-256-GCM");
  return cipher;
}

// An empty `key` or `nonce` leaves the one that is there.
void InitCipher(EVP_CIPHER_CTX* context, absl::string_view key, absl::string_view nonce,
                int encrypt) {
  RequireOpenSsl(EVP_CipherInit_ex2(context, key.empty() ? nullptr : FetchedAes256Gcm(),
                                    key.empty() ? nullptr : Data(key),
                                    nonce.empty() ? nullptr : Data(nonce), encrypt, nullptr) == 1,
                 "AES-256-GCM init");
}
void UpdateCipher(EVP_CIPHER_CTX* context, unsigned char* out, absl::string_view in) {
  if (in.empty()) return;
  int n = 0;
  RequireOpenSsl(EVP_CipherUpdate(context, out, &n, Data(in), static_cast<int>(in.size())) == 1,
                 "AES-256-GCM update");
}
bool FinishCipher(EVP_CIPHER_CTX* context) {
  unsigned char none[kTagBytes];
  int n = 0;
  return EVP_CipherFinal_ex(context, none, &n) == 1;
}

// A thread's context, for the time of one call: keyed at construction, and keyed
// with zeros at destruction, so that no key outlives the call in it.
class KeyedContext {
 public:
  KeyedContext(const SecretBytes& key, absl::string_view nonce, int encrypt) {
    RequireOpenSsl(context() != nullptr, "AES-256-GCM context");
    InitCipher(context(), key.Expose(SecretAccess::For("AES-256-GCM")), nonce, encrypt);
  }
  ~KeyedContext() {
    static constexpr char kZeros[kAeadKeyBytes] = {};
    InitCipher(context(), absl::string_view(kZeros, kAeadKeyBytes),
               absl::string_view(kZeros, kNonceBytes), 1);
  }
  KeyedContext(const KeyedContext&) = delete;
  KeyedContext& operator=(const KeyedContext&) = delete;

  EVP_CIPHER_CTX* context() {
    thread_local Handle<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    return context.get();
  }
};

bool FitsOneCall(absl::string_view s) { return s.size() <= INT_MAX - kAeadOverheadBytes; }

}  // namespace

std::string JoinLengthPrefixed(std::initializer_list<absl::string_view> parts) {
  size_t size = 0;
  for (absl::string_view part : parts) size += 8 + part.size();
  std::string out;
  out.reserve(size);
  for (absl::string_view part : parts) {
    const uint64_t n = part.size();
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift));
    out.append(part.data(), part.size());
  }
  return out;
}

absl::StatusOr<std::string> Seal(const SecretBytes& key, absl::string_view associated_data,
                                 absl::string_view plaintext, Random& random) {
  if (key.size() != kAeadKeyBytes) return absl::InvalidArgumentError("the key is not 32 bytes");
  if (!FitsOneCall(plaintext) || !FitsOneCall(associated_data)) {
    return absl::InvalidArgumentError("too long to seal at once");
  }
  const std::string nonce = random.Bytes(kNonceBytes);
  std::string out;
  out.reserve(kAeadOverheadBytes + plaintext.size());
  out.push_back(kVersion);
  out.append(nonce);
  out.resize(kAeadOverheadBytes + plaintext.size());
  unsigned char* const ciphertext = Data(&out) + 1 + kNonceBytes;

  KeyedContext gcm(key, nonce, /*encrypt=*/1);
  UpdateCipher(gcm.context(), nullptr, associated_data);
  UpdateCipher(gcm.context(), ciphertext, plaintext);
  RequireOpenSsl(FinishCipher(gcm.context()), "AES-256-GCM final");
  RequireOpenSsl(EVP_CIPHER_CTX_ctrl(gcm.context(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                                     ciphertext + plaintext.size()) == 1,
                 "AES-256-GCM tag");
  return out;
}

namespace {

absl::Status DoesNotOpen() { return absl::DataLossError("sealed data does not open"); }

bool MayBeSealed(absl::string_view associated_data, absl::string_view sealed) {
  return sealed.size() >= kAeadOverheadBytes && FitsOneCall(sealed) &&
         FitsOneCall(associated_data) && sealed[0] == kVersion;
}

absl::string_view NonceOf(absl::string_view sealed) { return sealed.substr(1, kNonceBytes); }

// With a context that has the key, and the nonce of `sealed`.
absl::StatusOr<std::string> OpenWith(EVP_CIPHER_CTX* context, absl::string_view associated_data,
                                     absl::string_view sealed) {
  const absl::string_view ciphertext =
      sealed.substr(1 + kNonceBytes, sealed.size() - kAeadOverheadBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string out(ciphertext.size(), '\0');
  RequireOpenSsl(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1,
                 "AES-256-GCM tag");
  UpdateCipher(context, nullptr, associated_data);
  UpdateCipher(context, Data(&out), ciphertext);
  if (!FinishCipher(context)) {
    Wipe(&out);
    return DoesNotOpen();
  }
  return out;
}

}  // namespace

absl::StatusOr<std::string> Open(const SecretBytes& key, absl::string_view associated_data,
                                 absl::string_view sealed) {
  if (key.size() != kAeadKeyBytes || !MayBeSealed(associated_data, sealed)) return DoesNotOpen();
  KeyedContext gcm(key, NonceOf(sealed), /*encrypt=*/0);
  return OpenWith(gcm.context(), associated_data, sealed);
}

struct Opener::Context {
  Handle<EVP_CIPHER_CTX> cipher{EVP_CIPHER_CTX_new()};  // wipes its key when it is freed
};

Opener::Opener(const SecretBytes& key) {
  if (key.size() != kAeadKeyBytes) return;
  context_ = std::make_unique<Context>();
  RequireOpenSsl(context_->cipher != nullptr, "AES-256-GCM context");
  InitCipher(context_->cipher.get(), key.Expose(SecretAccess::For("AES-256-GCM")), {},
             /*encrypt=*/0);
}
Opener::~Opener() = default;
Opener::Opener(Opener&&) noexcept = default;

absl::StatusOr<std::string> Opener::Open(absl::string_view associated_data,
                                         absl::string_view sealed) {
  if (context_ == nullptr || !MayBeSealed(associated_data, sealed)) return DoesNotOpen();
  InitCipher(context_->cipher.get(), {}, NonceOf(sealed), /*encrypt=*/0);
  return OpenWith(context_->cipher.get(), associated_data, sealed);
}

}  // namespace knooppunt::crypto
