// Key material that wipes itself, does not print and does not copy.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_SECRET_H_
#define KNOOPPUNT_SECURITY_CRYPTO_SECRET_H_

#include <string>

#include "absl/strings/string_view.h"

namespace knooppunt::crypto {

// The token that every look at raw key bytes must show, so that each use is found
// by one grep. `reason` is a fixed phrase, e.g. SecretAccess::For("wrap for the wire").
class SecretAccess {
 public:
  static SecretAccess For(absl::string_view reason) { return SecretAccess(reason); }
  absl::string_view reason() const { return reason_; }

 private:
  explicit SecretAccess(absl::string_view reason) : reason_(reason) {}
  absl::string_view reason_;
};

// Owns secret bytes; wiped at destruction and when moved from. Move-only.
// Thread-safe for concurrent const use.
class SecretBytes {
 public:
  SecretBytes() = default;
  // Copies `bytes` in; wiping the source is the caller's.
  static SecretBytes From(absl::string_view bytes, SecretAccess access);
  // Copies `bytes` in and wipes the source.
  static SecretBytes Take(std::string&& bytes, SecretAccess access);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  SecretBytes Clone(SecretAccess access) const;
  absl::string_view Expose(SecretAccess) const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  std::string bytes_;
};

// Overwrites `s` so that the compiler cannot leave it out, then empties it.
void Wipe(std::string* s);

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_SECRET_H_
