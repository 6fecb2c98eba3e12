#include "security/crypto/running_hash.h"

#include "security/crypto/openssl_handles.h"

namespace knooppunt::crypto {

using internal::Data;
using internal::Handle;
using internal::RequireOpenSsl;

struct RunningSha256::Context {
  Handle<EVP_MD_CTX> handle{EVP_MD_CTX_new()};
};

RunningSha256::RunningSha256() : context_(std::make_unique<Context>()) {
  RequireOpenSsl(context_->handle != nullptr &&
                     EVP_DigestInit_ex(context_->handle.get(), EVP_sha256(), nullptr) == 1,
                 "SHA-256 init");
}
RunningSha256::RunningSha256(RunningSha256&&) noexcept = default;
RunningSha256& RunningSha256::operator=(RunningSha256&&) noexcept = default;
RunningSha256::~RunningSha256() = default;

void RunningSha256::Add(absl::string_view data) {
  RequireOpenSsl(EVP_DigestUpdate(context_->handle.get(), Data(data), data.size()) == 1,
                 "SHA-256 update");
}

std::string RunningSha256::Value() const {
  const Handle<EVP_MD_CTX> copy(EVP_MD_CTX_new());
  std::string out(32, '\0');
  RequireOpenSsl(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context_->handle.get()) == 1 &&
                     EVP_DigestFinal_ex(copy.get(), Data(&out), nullptr) == 1,
                 "SHA-256 final");
  return out;
}

}  // namespace knooppunt::crypto
