// For tests: an OpenID provider's keys and the tokens that it, or a forger, would sign, and an
// HTTP that answers from a table. Keys are immutable and thread-safe; FakeFetcher is thread-safe.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_IDENTITY_TESTING_H_
#define KNOOPPUNT_SECURITY_IDENTITY_IDENTITY_TESTING_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "security/identity/http.h"
#include "security/identity/jwk.h"

namespace knooppunt::identity {

// A key pair of a provider.
class TestKey {
 public:
  // "RS256", "PS256", "ES256" or "EdDSA". A new key each time; RSA has `bits`.
  TestKey(std::string algorithm, std::string kid, int bits = 2048);

  const std::string& kid() const { return kid_; }
  // The public half as a JWK, with `more` members: ",\"use\":\"sig\"".
  std::string Json(absl::string_view more = "") const;
  // {"alg":...,"typ":"JWT","kid":...}
  std::string Header() const;
  std::string Sign(absl::string_view message) const;
  // A compact JWS of `payload`, under Header() or another one.
  std::string Jws(absl::string_view payload) const { return JwsUnder(Header(), payload); }
  std::string JwsUnder(absl::string_view header, absl::string_view payload) const;
  // The public key as PEM, which a forger knows too.
  std::string Pem() const;

 private:
  const std::string algorithm_;
  const std::string kid_;
  std::shared_ptr<evp_pkey_st> pkey_;
};

// {"keys":[...]}
std::string SetOf(const std::vector<std::string>& keys);

// HMAC-SHA-256 under any bytes: what a forger does with a public key (RFC 8725, section 2.1).
std::string HmacJws(absl::string_view secret, absl::string_view header, absl::string_view payload);

class FakeFetcher final : public HttpFetcher {
 public:
  using Answer = std::function<absl::StatusOr<HttpAnswer>(const HttpRequest&)>;

  void Set(Answer answer);
  void SetBody(std::string body) {
    Set([body = std::move(body)](const HttpRequest&) { return HttpAnswer{200, body}; });
  }
  absl::StatusOr<HttpAnswer> Fetch(const HttpRequest& request) override;
  int fetches() const;

 private:
  mutable base::Mutex mu_;
  Answer answer_ ABSL_GUARDED_BY(mu_);
  int fetches_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_IDENTITY_TESTING_H_
