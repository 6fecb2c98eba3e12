#include "security/identity/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <vector>

#include "base/status.h"
#include "security/crypto/hash.h"
#include "security/identity/limits.h"

namespace knooppunt::identity {
namespace {

constexpr size_t kP256Bytes = 32;
constexpr size_t kEd25519Bytes = 32;
constexpr size_t kMaxKeyOps = 16;
constexpr int kMinRsaExponentBits = 17;  // 65537
constexpr int kMaxRsaExponentBits = 64;

struct OpenSslFree {
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
};
template <typename T>
using Handle = std::unique_ptr<T, OpenSslFree>;

// OpenSSL keeps a thread's errors until somebody reads them, and TLS on this thread would take
// ours for its own.
absl::Status NotAKey() {
  ERR_clear_error();
  return absl::InvalidArgumentError("not a public key that verifies signatures here");
}
absl::Status NotItsSignature() {
  ERR_clear_error();
  return absl::UnauthenticatedError("the signature is not this key's");
}

const unsigned char* Data(absl::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

absl::StatusOr<std::string> Bytes(const JsonObject& json, const char* name) {
  std::string text;
  if (!json.Read(name, &text) || text.empty()) return NotAKey();
  auto bytes = crypto::Base64UrlDecode(text);
  if (!bytes.ok() || bytes->empty()) return NotAKey();
  return bytes;
}

absl::StatusOr<Handle<BIGNUM>> Number(const JsonObject& json, const char* name) {
  KP_ASSIGN_OR_RETURN(const std::string bytes, Bytes(json, name));
  if (bytes.size() > kMaxRsaBits / 8) return NotAKey();
  Handle<BIGNUM> number(BN_bin2bn(Data(bytes), static_cast<int>(bytes.size()), nullptr));
  if (number == nullptr) return NotAKey();
  return number;
}

std::shared_ptr<EVP_PKEY> Share(Handle<EVP_PKEY> key) {
  return std::shared_ptr<EVP_PKEY>(key.release(), [](EVP_PKEY* p) { EVP_PKEY_free(p); });
}

// Nullptr when OpenSSL does not take them for a public key of `type`.
Handle<EVP_PKEY> FromParameters(const char* type, OSSL_PARAM_BLD* builder) {
  const Handle<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  Handle<EVP_PKEY> owned(key);
  const Handle<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return owned;
}

// RFC 7518, section 3.4: R and S, 32 bytes each; OpenSSL wants them in DER.
std::string DerOfEcdsa(absl::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return "";
  const Handle<ECDSA_SIG> pair(ECDSA_SIG_new());
  Handle<BIGNUM> r(BN_bin2bn(Data(signature), kP256Bytes, nullptr));
  Handle<BIGNUM> s(BN_bin2bn(Data(signature) + kP256Bytes, kP256Bytes, nullptr));
  if (pair == nullptr || r == nullptr || s == nullptr) return "";
  if (ECDSA_SIG_set0(pair.get(), r.release(), s.release()) != 1) return "";
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return "";
  std::string out(reinterpret_cast<const char*>(der), size);
  OPENSSL_free(der);
  return out;
}

// RFC 7518, section 3.5: the salt is as long as the hash; MGF1 with the same hash.
bool SetPss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

// Of the members that RFC 7517 has for what a key may be used for: absent, or verifying.
bool MayVerify(const JsonObject& json) {
  std::string use = "sig";
  std::vector<std::string> operations = {"verify"};
  return json.Read("use", &use) && use == "sig" &&
         json.ReadStrings("key_ops", kMaxKeyOps, &operations) &&
         std::find(operations.begin(), operations.end(), "verify") != operations.end();
}

}  // namespace

std::optional<JwsAlgorithm> ParseAlgorithm(absl::string_view word) {
  if (word == "RS256") return JwsAlgorithm::kRs256;
  if (word == "PS256") return JwsAlgorithm::kPs256;
  if (word == "ES256") return JwsAlgorithm::kEs256;
  if (word == "EdDSA") return JwsAlgorithm::kEdDsa;
  return std::nullopt;
}

absl::StatusOr<Jwk> Jwk::Parse(const JsonObject& json) {
  // Who publishes a private key has no secret left: its signatures mean nothing.
  if (json.Has("d") || json.Has("k") || !MayVerify(json)) return NotAKey();
  Jwk key;
  std::string kind, algorithm;
  if (!json.Read("kid", &key.kid_) || key.kid_.size() > kMaxKeyIdBytes ||
      !json.Read("kty", &kind) || !json.Read("alg", &algorithm)) {
    return NotAKey();
  }
  if (json.Has("alg")) {
    key.only_ = ParseAlgorithm(algorithm);
    if (!key.only_.has_value()) return NotAKey();
  }
  absl::Status read = NotAKey();
  if (kind == "RSA") read = key.ReadRsa(json);
  if (kind == "EC") read = key.ReadP256(json);
  if (kind == "OKP") read = key.ReadEd25519(json);
  KP_RETURN_IF_ERROR(read);
  if (key.only_.has_value() && !key.Fits(*key.only_)) return NotAKey();
  return key;
}

absl::Status Jwk::ReadRsa(const JsonObject& json) {
  kind_ = Kind::kRsa;
  KP_ASSIGN_OR_RETURN(const Handle<BIGNUM> n, Number(json, "n"));
  KP_ASSIGN_OR_RETURN(const Handle<BIGNUM> e, Number(json, "e"));
  const int bits = BN_num_bits(n.get());
  const int exponent_bits = BN_num_bits(e.get());
  if (bits < kMinRsaBits || bits > kMaxRsaBits || BN_is_odd(e.get()) != 1 ||
      exponent_bits < kMinRsaExponentBits || exponent_bits > kMaxRsaExponentBits) {
    return NotAKey();
  }
  const Handle<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return NotAKey();
  }
  pkey_ = Share(FromParameters("RSA", builder.get()));
  return pkey_ == nullptr ? NotAKey() : absl::OkStatus();
}

absl::Status Jwk::ReadP256(const JsonObject& json) {
  kind_ = Kind::kP256;
  std::string curve;
  if (!json.Read("crv", &curve) || curve != "P-256") return NotAKey();
  KP_ASSIGN_OR_RETURN(const std::string x, Bytes(json, "x"));
  KP_ASSIGN_OR_RETURN(const std::string y, Bytes(json, "y"));
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) return NotAKey();
  const std::string point = "\x04" + x + y;  // uncompressed
  const Handle<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return NotAKey();
  }
  pkey_ = Share(FromParameters("EC", builder.get()));
  return pkey_ == nullptr ? NotAKey() : absl::OkStatus();
}

absl::Status Jwk::ReadEd25519(const JsonObject& json) {
  kind_ = Kind::kEd25519;
  std::string curve;
  if (!json.Read("crv", &curve) || curve != "Ed25519") return NotAKey();
  KP_ASSIGN_OR_RETURN(const std::string x, Bytes(json, "x"));
  if (x.size() != kEd25519Bytes) return NotAKey();
  pkey_ = Share(
      Handle<EVP_PKEY>(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Data(x), x.size())));
  return pkey_ == nullptr ? NotAKey() : absl::OkStatus();
}

Jwk Jwk::FromEd25519(const crypto::VerifyKey& key) {
  Jwk out;
  out.kind_ = Kind::kEd25519;
  out.pkey_ = Share(Handle<EVP_PKEY>(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Data(key.raw()), key.raw().size())));
  return out;
}

bool Jwk::Fits(JwsAlgorithm algorithm) const {
  if (only_.has_value() && *only_ != algorithm) return false;
  switch (algorithm) {
    case JwsAlgorithm::kRs256:
    case JwsAlgorithm::kPs256:
      return kind_ == Kind::kRsa;
    case JwsAlgorithm::kEs256:
      return kind_ == Kind::kP256;
    case JwsAlgorithm::kEdDsa:
      return kind_ == Kind::kEd25519;
  }
  return false;
}

absl::Status Jwk::Verify(JwsAlgorithm algorithm, absl::string_view message,
                         absl::string_view signature) const {
  if (!Fits(algorithm) || pkey_ == nullptr || signature.empty()) return NotItsSignature();
  std::string bytes(signature);
  if (algorithm == JwsAlgorithm::kEs256) bytes = DerOfEcdsa(signature);
  const Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* of_key = nullptr;  // belongs to `context`
  const EVP_MD* hash = algorithm == JwsAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  if (bytes.empty() || context == nullptr ||
      EVP_DigestVerifyInit(context.get(), &of_key, hash, nullptr, pkey_.get()) != 1 ||
      (algorithm == JwsAlgorithm::kPs256 && !SetPss(of_key)) ||
      EVP_DigestVerify(context.get(), Data(bytes), bytes.size(), Data(message), message.size()) !=
          1) {
    return NotItsSignature();
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::identity
