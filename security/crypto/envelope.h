// Messages between installations: signed by the one that sends, then sealed to the one that
// receives, both in the Cryptographic Message Syntax (CMS, RFC 5652 and 5083), by OpenSSL. No
// format of our own: `openssl cms` reads what this writes.
//
// Signed: SignedData, one signer, ECDSA on P-256 with SHA-256, signed attributes, no certificates
// inside. Sealed: AuthEnvelopedData, AES-256-GCM, one recipient by ephemeral ECDH on P-256 (key
// agreement with X9.63 KDF over SHA-256, AES-256 key wrap). Certificates are pinned: no chain, no
// authority, no dates are looked at. Who takes a certificate off the list ends it.
//
// The seal keeps a message from others; it does not say who made it: that does the signature, which
// has to name for whom the message is, or somebody could seal it anew to a third (RFC 5652 says
// nothing of that). Callers put both certificates' fingerprints in what they sign.
//
// Randomness is OpenSSL's own. Everything here is immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_ENVELOPE_H_
#define KNOOPPUNT_SECURITY_CRYPTO_ENVELOPE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY; wipes its private half when freed
struct x509_st;      // OpenSSL's X509

namespace knooppunt::crypto {

// A certificate with a key on P-256.
class Certificate {
 public:
  // INVALID_ARGUMENT unless `pem` is one certificate with such a key.
  static absl::StatusOr<Certificate> FromPem(absl::string_view pem);
  // SHA-256 of its DER, hex.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  friend class Envelope;
  friend class Correspondent;
  Certificate(std::shared_ptr<x509_st> x509, std::string fingerprint)
      : x509_(std::move(x509)), fingerprint_(std::move(fingerprint)) {}
  std::shared_ptr<x509_st> x509_;
  std::string fingerprint_;
};

// Who sends and receives here: a certificate and its private key.
class Correspondent {
 public:
  // INVALID_ARGUMENT when either cannot be read, or the key is not the certificate's.
  static absl::StatusOr<Correspondent> FromPem(absl::string_view certificate_pem,
                                               absl::string_view key_pem);
  const Certificate& certificate() const { return certificate_; }

 private:
  friend class Envelope;
  Correspondent(Certificate certificate, std::shared_ptr<evp_pkey_st> key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}
  Certificate certificate_;
  std::shared_ptr<evp_pkey_st> key_;
};

class Envelope {
 public:
  // SignedData in DER. INTERNAL when OpenSSL fails.
  static absl::StatusOr<std::string> Sign(const Correspondent& by, absl::string_view content);
  // What was signed, and by which of `known`.
  struct Verified {
    std::string content;
    size_t signer = 0;
  };
  // UNAUTHENTICATED when none of `known` is named as its signer; DATA_LOSS when it is not one
  // SignedData as Sign makes it, from the first byte to the last, or the signature is not good.
  static absl::StatusOr<Verified> Verify(const std::vector<Certificate>& known,
                                         absl::string_view message);

  // AuthEnvelopedData in DER. INTERNAL when OpenSSL fails.
  static absl::StatusOr<std::string> Seal(const Certificate& recipient, absl::string_view content);
  // PERMISSION_DENIED when it names another recipient; DATA_LOSS when it is not one
  // AuthEnvelopedData as Seal makes it, or was changed. Never gives a part of the content. What
  // comes out is shorter than what went in: nothing is compressed.
  static absl::StatusOr<std::string> Open(const Correspondent& recipient,
                                          absl::string_view message);
};

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_ENVELOPE_H_
