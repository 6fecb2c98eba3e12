// SHA-256 of what comes in parts. Not thread-safe. Move-only.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_RUNNING_HASH_H_
#define KNOOPPUNT_SECURITY_CRYPTO_RUNNING_HASH_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace knooppunt::crypto {

class RunningSha256 {
 public:
  RunningSha256();
  RunningSha256(RunningSha256&&) noexcept;
  RunningSha256& operator=(RunningSha256&&) noexcept;
  ~RunningSha256();

  void Add(absl::string_view data);
  // 32 bytes: of all that was added so far. More may be added afterwards.
  std::string Value() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_RUNNING_HASH_H_
