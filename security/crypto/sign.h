// Ed25519 signatures (RFC 8032). Keys are immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_SIGN_H_
#define KNOOPPUNT_SECURITY_CRYPTO_SIGN_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY; wipes its private half when freed

namespace knooppunt::crypto {

class VerifyKey {
 public:
  // INVALID_ARGUMENT unless `raw` is a 32-byte public key.
  static absl::StatusOr<VerifyKey> FromRaw(absl::string_view raw);
  // SubjectPublicKeyInfo PEM, as `openssl pkey -pubout` writes it.
  static absl::StatusOr<VerifyKey> FromPem(absl::string_view pem);

  // UNAUTHENTICATED unless `signature` is this key's over exactly `message`.
  absl::Status Verify(absl::string_view message, absl::string_view signature) const;
  const std::string& raw() const { return raw_; }

 private:
  VerifyKey(std::string raw, std::shared_ptr<evp_pkey_st> pkey)
      : raw_(std::move(raw)), pkey_(std::move(pkey)) {}
  std::string raw_;
  std::shared_ptr<evp_pkey_st> pkey_;
};

class SigningKey {
 public:
  static absl::StatusOr<SigningKey> Generate(Random& random);
  // `seed`: 32 bytes, the RFC 8032 private key.
  static absl::StatusOr<SigningKey> FromSeed(const SecretBytes& seed);
  // PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it.
  static absl::StatusOr<SigningKey> FromPem(absl::string_view pem);

  // 64 bytes.
  std::string Sign(absl::string_view message) const;
  const VerifyKey& verify_key() const { return *verify_key_; }

 private:
  SigningKey() = default;
  static absl::StatusOr<SigningKey> Make(std::shared_ptr<evp_pkey_st> pkey);
  std::shared_ptr<evp_pkey_st> pkey_;
  std::shared_ptr<const VerifyKey> verify_key_;
};

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_SIGN_H_
