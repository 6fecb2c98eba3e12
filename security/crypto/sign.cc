#include "security/crypto/sign.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/status.h"
#include "security/crypto/openssl_handles.h"

namespace knooppunt::crypto {
namespace {

using internal::Data;
using internal::Handle;
using internal::RequireOpenSsl;

constexpr size_t kPublicKeyBytes = 32;
constexpr size_t kSeedBytes = 32;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kMaxPemBytes = 16 << 10;

using SharedKey = std::shared_ptr<EVP_PKEY>;

SharedKey Share(EVP_PKEY* key) { return SharedKey(key, internal::OpenSslFree()); }

// Without it OpenSSL asks for the passphrase of an encrypted file on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::StatusOr<Handle<BIO>> PemSource(absl::string_view pem) {
  if (pem.empty() || pem.size() > kMaxPemBytes) {
    return absl::InvalidArgumentError("not a PEM key: empty or too long");
  }
  Handle<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  RequireOpenSsl(bio != nullptr, "memory BIO");
  return bio;
}

absl::Status RequireEd25519(const SharedKey& key) {
  if (key == nullptr) {
    ERR_clear_error();
    return absl::InvalidArgumentError("not a PEM key");
  }
  if (EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError("not an Ed25519 key");
  }
  return absl::OkStatus();
}

std::string RawPublicKey(const SharedKey& key) {
  std::string raw(kPublicKeyBytes, '\0');
  size_t size = raw.size();
  RequireOpenSsl(
      EVP_PKEY_get_raw_public_key(key.get(), Data(&raw), &size) == 1 && size == kPublicKeyBytes,
      "raw public key");
  return raw;
}

}  // namespace

absl::StatusOr<VerifyKey> VerifyKey::FromRaw(absl::string_view raw) {
  if (raw.size() != kPublicKeyBytes) {
    return absl::InvalidArgumentError("an Ed25519 public key is 32 bytes");
  }
  SharedKey key =
      Share(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Data(raw), raw.size()));
  KP_RETURN_IF_ERROR(RequireEd25519(key));
  return VerifyKey(std::string(raw), std::move(key));
}

absl::StatusOr<VerifyKey> VerifyKey::FromPem(absl::string_view pem) {
  KP_ASSIGN_OR_RETURN(const Handle<BIO> bio, PemSource(pem));
  SharedKey key = Share(PEM_read_bio_PUBKEY(bio.get(), nullptr, NoPassphrase, nullptr));
  KP_RETURN_IF_ERROR(RequireEd25519(key));
  std::string raw = RawPublicKey(key);
  return VerifyKey(std::move(raw), std::move(key));
}

absl::Status VerifyKey::Verify(absl::string_view message, absl::string_view signature) const {
  absl::Status refused = absl::UnauthenticatedError("the signature does not verify");
  if (signature.size() != kSignatureBytes) return refused;
  Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  RequireOpenSsl(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr,
                                                            nullptr, pkey_.get()) == 1,
                 "Ed25519 verify init");
  if (EVP_DigestVerify(context.get(), Data(signature), signature.size(), Data(message),
                       message.size()) != 1) {
    ERR_clear_error();
    return refused;
  }
  return absl::OkStatus();
}

absl::StatusOr<SigningKey> SigningKey::Make(std::shared_ptr<evp_pkey_st> pkey) {
  KP_RETURN_IF_ERROR(RequireEd25519(pkey));
  KP_ASSIGN_OR_RETURN(VerifyKey verify_key, VerifyKey::FromRaw(RawPublicKey(pkey)));
  SigningKey key;
  key.pkey_ = std::move(pkey);
  key.verify_key_ = std::make_shared<const VerifyKey>(std::move(verify_key));
  return key;
}

absl::StatusOr<SigningKey> SigningKey::Generate(Random& random) { return FromSeed(random.Key()); }

absl::StatusOr<SigningKey> SigningKey::FromSeed(const SecretBytes& seed) {
  if (seed.size() != kSeedBytes) {
    return absl::InvalidArgumentError("an Ed25519 private key is 32 bytes");
  }
  return Make(Share(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, Data(seed.Expose(SecretAccess::For("Ed25519 private key"))),
      seed.size())));
}

absl::StatusOr<SigningKey> SigningKey::FromPem(absl::string_view pem) {
  KP_ASSIGN_OR_RETURN(const Handle<BIO> bio, PemSource(pem));
  return Make(Share(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr)));
}

std::string SigningKey::Sign(absl::string_view message) const {
  Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  RequireOpenSsl(context != nullptr &&
                     EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey_.get()) == 1,
                 "Ed25519 sign init");
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  RequireOpenSsl(
      EVP_DigestSign(context.get(), Data(&signature), &size, Data(message), message.size()) == 1 &&
          size == kSignatureBytes,
      "Ed25519 sign");
  return signature;
}

}  // namespace knooppunt::crypto
