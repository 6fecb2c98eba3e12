// Trusted issuers, from the configuration. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_ISSUERS_H_
#define KNOOPPUNT_SERVICES_ACCESS_ISSUERS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "knooppunt/config/v1/config.pb.h"
#include "security/identity/http.h"
#include "security/identity/id_token.h"

namespace knooppunt::access {

// `fetcher` is not owned and must outlive the issuers; nothing is fetched yet. INVALID_ARGUMENT
// names the issuer and the setting that is wrong. Warns in the log about development issuers.
absl::StatusOr<std::vector<identity::TrustedIssuer>> MakeIssuers(
    const config::v1::AccessConfig& config, identity::HttpFetcher* fetcher);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_ISSUERS_H_
