#include "security/identity/identity_testing.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "security/crypto/hash.h"

namespace knooppunt::identity {
namespace {

constexpr int kP256Bytes = 32;

void Require(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "a test key: %s\n", what);
  std::abort();
}

std::string Number(EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  Require(EVP_PKEY_get_bn_param(key, name, &number) == 1, name);
  std::string bytes(size == 0 ? BN_num_bytes(number) : size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  BN_free(number);
  return crypto::Base64UrlEncode(bytes);
}

// DER to R and S, 32 bytes each (RFC 7518, section 3.4).
std::string RawOfEcdsa(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  Require(pair != nullptr, "ECDSA");
  std::string out(2 * kP256Bytes, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, kP256Bytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + kP256Bytes, kP256Bytes);
  ECDSA_SIG_free(pair);
  return out;
}

}  // namespace

TestKey::TestKey(std::string algorithm, std::string kid, int bits)
    : algorithm_(std::move(algorithm)), kid_(std::move(kid)) {
  EVP_PKEY* key = nullptr;
  if (algorithm_ == "ES256") key = EVP_EC_gen("P-256");
  if (algorithm_ == "EdDSA") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) key = EVP_RSA_gen(bits);
  Require(key != nullptr, "generate");
  pkey_.reset(key, [](EVP_PKEY* p) { EVP_PKEY_free(p); });
}

std::string TestKey::Json(absl::string_view more) const {
  EVP_PKEY* key = pkey_.get();
  std::string members;
  if (algorithm_ == "ES256") {
    members = absl::StrCat("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
                           Number(key, OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes), "\",\"y\":\"",
                           Number(key, OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes), "\"");
  } else if (algorithm_ == "EdDSA") {
    std::string raw(32, '\0');
    size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
    members = absl::StrCat("\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"",
                           crypto::Base64UrlEncode(raw), "\"");
  } else {
    members = absl::StrCat("\"kty\":\"RSA\",\"n\":\"", Number(key, OSSL_PKEY_PARAM_RSA_N, 0),
                           "\",\"e\":\"", Number(key, OSSL_PKEY_PARAM_RSA_E, 0), "\"");
  }
  return absl::StrCat("{\"kid\":\"", kid_, "\",", members, more, "}");
}

std::string TestKey::Header() const {
  return absl::StrCat("{\"alg\":\"", algorithm_, "\",\"typ\":\"JWT\",\"kid\":\"", kid_, "\"}");
}

std::string TestKey::Sign(absl::string_view message) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* of_key = nullptr;
  const EVP_MD* hash = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
  Require(EVP_DigestSignInit(context, &of_key, hash, nullptr, pkey_.get()) == 1, "init");
  if (algorithm_ == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST);
  }
  size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(message.data());
  Require(EVP_DigestSign(context, nullptr, &size, data, message.size()) == 1, "size");
  std::string out(size, '\0');
  Require(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, data,
                         message.size()) == 1,
          "sign");
  out.resize(size);
  EVP_MD_CTX_free(context);
  return algorithm_ == "ES256" ? RawOfEcdsa(out) : out;
}

std::string TestKey::JwsUnder(absl::string_view header, absl::string_view payload) const {
  const std::string input =
      absl::StrCat(crypto::Base64UrlEncode(header), ".", crypto::Base64UrlEncode(payload));
  return absl::StrCat(input, ".", crypto::Base64UrlEncode(Sign(input)));
}

std::string TestKey::Pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, pkey_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string out(data, size);
  BIO_free(bio);
  return out;
}

std::string SetOf(const std::vector<std::string>& keys) {
  return absl::StrCat("{\"keys\":[", absl::StrJoin(keys, ","), "]}");
}

std::string HmacJws(absl::string_view secret, absl::string_view header, absl::string_view payload) {
  const std::string input =
      absl::StrCat(crypto::Base64UrlEncode(header), ".", crypto::Base64UrlEncode(payload));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), mac, &size);
  return absl::StrCat(
      input, ".",
      crypto::Base64UrlEncode(absl::string_view(reinterpret_cast<const char*>(mac), size)));
}

void FakeFetcher::Set(Answer answer) {
  base::MutexLock lock(mu_);
  answer_ = std::move(answer);
}

absl::StatusOr<HttpAnswer> FakeFetcher::Fetch(const HttpRequest& request) {
  Answer answer;
  {
    base::MutexLock lock(mu_);
    ++fetches_;
    answer = answer_;
  }
  if (!answer) return absl::UnavailableError("no answer");
  return answer(request);
}

int FakeFetcher::fetches() const {
  base::MutexLock lock(mu_);
  return fetches_;
}

}  // namespace knooppunt::identity
