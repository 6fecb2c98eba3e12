// Login: an id token of a trusted issuer in, a short-lived token of ours out. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_LOGIN_H_
#define KNOOPPUNT_SERVICES_ACCESS_LOGIN_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/random.h"
#include "security/crypto/sign.h"
#include "security/identity/id_token.h"
#include "services/access/facts_store.h"

namespace knooppunt::access {

class Login {
 public:
  struct Options {
    identity::IdTokenVerifier id_tokens;
    crypto::SigningKey token_key;
    FactsStore* facts = nullptr;       // not owned
    crypto::Random* random = nullptr;  // not owned
  };
  explicit Login(Options options) : options_(std::move(options)) {}

  // A subject that begins with "family:" is a family member's account, "accounts/{rest}"; any
  // other must be the login of a professional. Errors: those of IdTokenVerifier, UNKNOWN_LOGIN,
  // CHOOSE_FUNCTION, NO_FUNCTION.
  absl::StatusOr<v1::ExchangeTokenResponse> Exchange(const v1::ExchangeTokenRequest& request,
                                                     absl::Time now);

 private:
  absl::Status FillProfessional(const v1::IdTokenClaims& id,
                                const v1::ExchangeTokenRequest& request, absl::Time now,
                                v1::TokenClaims* out);

  const Options options_;
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_LOGIN_H_
