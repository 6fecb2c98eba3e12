#include "services/access/issuers.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "security/crypto/key_file.h"

namespace knooppunt::access {
namespace {

using config::v1::Issuer;
using identity::TrustedIssuer;

constexpr char kDefaultAudience[] = "knooppunt";

// Sets behind one URI are fetched once, whatever the number of clients.
using Sources = std::map<std::pair<std::string, std::string>, std::shared_ptr<identity::KeySource>>;

absl::Status Wrong(const Issuer& issuer, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("access.issuers, issuer '", issuer.issuer(), "': ", what));
}

absl::StatusOr<TrustedIssuer> WithKeyFile(const Issuer& issuer, const std::string& audience) {
  if (issuer.algorithms_size() > 0 &&
      (issuer.algorithms_size() > 1 || issuer.algorithms(0) != "EdDSA")) {
    return Wrong(issuer, "a key_file is an Ed25519 key, so its algorithms can only be EdDSA");
  }
  KP_ASSIGN_OR_RETURN(const crypto::VerifyKey key, crypto::ReadVerifyKey(issuer.key_file()));
  return identity::IssuerWithKey(issuer.issuer(), audience, key);
}

absl::StatusOr<TrustedIssuer> WithKeySet(const Issuer& issuer, const std::string& audience,
                                         identity::HttpFetcher* fetcher, Sources* sources) {
  if (issuer.development()) {
    return Wrong(issuer, "a development issuer has a key_file, not a jwks_uri");
  }
  if (const absl::Status s = identity::CheckUrl(issuer.jwks_uri()); !s.ok()) {
    return Wrong(issuer, absl::StrCat("jwks_uri: ", s.message()));
  }
  if (issuer.algorithms().empty()) {
    return Wrong(issuer,
                 "names no algorithms, so nobody could log in; name those that the "
                 "provider signs with, of RS256, PS256, ES256 and EdDSA");
  }
  TrustedIssuer out;
  out.issuer = issuer.issuer();
  out.audience = audience;
  for (const std::string& word : issuer.algorithms()) {
    const auto algorithm = identity::ParseAlgorithm(word);
    if (!algorithm.has_value()) {
      return Wrong(issuer, absl::StrCat("algorithm '", word,
                                        "' is not one of RS256, PS256, ES256 and EdDSA"));
    }
    out.algorithms.push_back(*algorithm);
  }
  auto& source = (*sources)[{issuer.jwks_uri(), issuer.jwks_ca_file()}];
  if (source == nullptr) {
    source = std::make_shared<identity::FetchedKeys>(identity::FetchedKeys::Options{
        .uri = issuer.jwks_uri(), .ca_file = issuer.jwks_ca_file(), .fetcher = fetcher});
  }
  out.keys = source;
  return out;
}

}  // namespace

absl::StatusOr<std::vector<TrustedIssuer>> MakeIssuers(const config::v1::AccessConfig& config,
                                                       identity::HttpFetcher* fetcher) {
  std::vector<TrustedIssuer> out;
  out.reserve(config.issuers_size());
  Sources sources;
  std::set<std::pair<std::string, std::string>> seen;
  for (const Issuer& issuer : config.issuers()) {
    std::string audience = issuer.audience().empty() ? config.audience() : issuer.audience();
    if (audience.empty()) audience = kDefaultAudience;
    if (issuer.issuer().empty()) return Wrong(issuer, "has no name");
    if (issuer.key_file().empty() == issuer.jwks_uri().empty()) {
      return Wrong(issuer, "needs either a key_file or a jwks_uri");
    }
    if (!seen.emplace(issuer.issuer(), audience).second) {
      return Wrong(issuer, absl::StrCat("stands there twice for audience '", audience, "'"));
    }
    KP_ASSIGN_OR_RETURN(TrustedIssuer trusted,
                        issuer.jwks_uri().empty()
                            ? WithKeyFile(issuer, audience)
                            : WithKeySet(issuer, audience, fetcher, &sources));
    if (issuer.substantial_acr_size() > 0) {
      trusted.substantial_acr.assign(issuer.substantial_acr().begin(),
                                     issuer.substantial_acr().end());
    }
    trusted.two_factor_acr.assign(issuer.two_factor_acr().begin(), issuer.two_factor_acr().end());
    for (const auto* list : {&trusted.substantial_acr, &trusted.two_factor_acr}) {
      for (const std::string& acr : *list) {
        if (acr.empty()) return Wrong(issuer, "an empty acr would mean every login");
      }
    }
    trusted.require_nonce = issuer.require_nonce();
    trusted.family = issuer.family();
    out.push_back(std::move(trusted));
    if (issuer.development()) {
      base::Log(base::Severity::kWarning,
                "a DEVELOPMENT issuer is trusted: whoever has its key can be anybody",
                {{"issuer", issuer.issuer()}});
    }
  }
  return out;
}

}  // namespace knooppunt::access
