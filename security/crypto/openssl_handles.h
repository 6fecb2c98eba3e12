// Owning handles for the OpenSSL objects of this folder, and the end of the road
// when OpenSSL fails where it cannot: no caller could go on. Internal to crypto.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_OPENSSL_HANDLES_H_
#define KNOOPPUNT_SECURITY_CRYPTO_OPENSSL_HANDLES_H_

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/string_view.h"
#include "base/log.h"

namespace knooppunt::crypto::internal {

struct OpenSslFree {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_MAC_CTX* p) const { EVP_MAC_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
template <typename T>
using Handle = std::unique_ptr<T, OpenSslFree>;

// Logs `what` and ends the process unless `ok`.
inline void RequireOpenSsl(bool ok, absl::string_view what) {
  if (ok) return;
  base::Log(base::Severity::kError, "the cryptographic library failed", {{"operation", what}});
  std::abort();
}

// OpenSSL wants a pointer even for nothing, and an empty string_view may hold null.
inline const unsigned char* Data(absl::string_view s) {
  static constexpr unsigned char kNothing = 0;
  return s.empty() ? &kNothing : reinterpret_cast<const unsigned char*>(s.data());
}
inline unsigned char* Data(std::string* s) { return reinterpret_cast<unsigned char*>(s->data()); }

}  // namespace knooppunt::crypto::internal

#endif  // KNOOPPUNT_SECURITY_CRYPTO_OPENSSL_HANDLES_H_
