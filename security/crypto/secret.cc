#include "security/crypto/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace knooppunt::crypto {

SecretBytes SecretBytes::From(absl::string_view bytes, SecretAccess) {
  SecretBytes s;
  s.bytes_.assign(bytes.data(), bytes.size());
  return s;
}

SecretBytes SecretBytes::Take(std::string&& bytes, SecretAccess) {
  SecretBytes s;
  s.bytes_ = std::move(bytes);
  Wipe(&bytes);
  return s;
}

// A short string is copied by a move and stays behind in the source, so the source
// is wiped to its capacity and not to its (now zero) size.
SecretBytes::SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {
  Wipe(&other.bytes_);
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  Wipe(&bytes_);
  bytes_ = std::move(other.bytes_);
  Wipe(&other.bytes_);
  return *this;
}

SecretBytes::~SecretBytes() { Wipe(&bytes_); }

SecretBytes SecretBytes::Clone(SecretAccess access) const { return From(bytes_, access); }

void Wipe(std::string* s) {
  s->resize(s->capacity());
  OPENSSL_cleanse(s->data(), s->size());
  s->clear();
}

}  // namespace knooppunt::crypto
