// Id tokens of the development issuer: whoever holds its key is anybody. For demo and tests; a
// server trusts one only if its configuration names the issuer's key. A JWS in compact form
// (RFC 7515) signed with EdDSA (RFC 8037). Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_ID_TOKEN_H_
#define KNOOPPUNT_CLIENTS_CLI_ID_TOKEN_H_

#include <string>

#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/sign.h"

namespace knooppunt::cli {

inline constexpr absl::Duration kIdTokenLifetime = absl::Minutes(5);

// `claims` as given, with iat `now` and exp kIdTokenLifetime later. `jti` makes two logins of one
// person in one second two.
std::string MakeIdToken(access::v1::IdTokenClaims claims, const std::string& jti,
                        const crypto::SigningKey& key, absl::Time now);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_ID_TOKEN_H_
