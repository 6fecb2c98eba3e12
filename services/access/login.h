// Login: an id token of a trusted issuer in, a short-lived token of ours out. Thread-safe. An
// exchange may ask the issuer for its keys, so it may block for some seconds.
#ifndef KNOOPPUNT_SERVICES_ACCESS_LOGIN_H_
#define KNOOPPUNT_SERVICES_ACCESS_LOGIN_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/random.h"
#include "security/crypto/sign.h"
#include "security/identity/id_token.h"
#include "services/access/facts_store.h"
#include "services/access/sessions.h"

namespace knooppunt::access {

class Login {
 public:
  struct Options {
    identity::IdTokenVerifier id_tokens;
    crypto::SigningKey token_key;
    FactsStore* facts = nullptr;       // not owned
    SessionStore* sessions = nullptr;  // not owned
    crypto::Random* random = nullptr;  // not owned
  };
  explicit Login(Options options) : options_(std::move(options)) {}

  // Tokens from one id token are one session, and none comes from it once that has ended. Errors:
  // those of IdTokenVerifier, UNKNOWN_LOGIN, CHOOSE_FUNCTION, NO_FUNCTION, SESSION_ENDED.
  absl::StatusOr<v1::ExchangeTokenResponse> Exchange(const v1::ExchangeTokenRequest& request,
                                                     absl::Time now);

 private:
  absl::Status FillProfessional(const v1::IdTokenClaims& id,
                                const v1::ExchangeTokenRequest& request, absl::Time now,
                                v1::TokenClaims* out);

  const Options options_;
};

// The account of a family member, "accounts/{id}", or "" when the login is not a family member's.
// Subjects of a family issuer become a hash of issuer and subject: an id of ours that shows
// neither (a DigiD subject may be a number of state). For the development issuer "family:{id}" is
// "accounts/{id}"; UNAUTHENTICATED UNKNOWN_LOGIN when that is not an id.
absl::StatusOr<std::string> FamilyAccount(const identity::VerifiedLogin& login);
// What a directory calls a professional's login: issuer and subject, joined by '|'.
std::string ProfessionalLogin(const v1::IdTokenClaims& id);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_LOGIN_H_
