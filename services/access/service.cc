#include "services/access/service.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "services/access/agreement.h"
#include "services/access/errors.h"
#include "services/access/explain.h"
#include "services/access/fact_checks.h"
#include "services/access/lapses.h"
#include "services/access/simulate.h"

namespace knooppunt::access {

using runtime::InternalCall;
using runtime::Registry;

namespace {

template <typename T>
absl::Status Give(absl::StatusOr<T> from, T* to) {
  KP_RETURN_IF_ERROR(from.status());
  *to = *std::move(from);
  return absl::OkStatus();
}

}  // namespace

void Service::Register(Registry& registry) {
  registry.Internal<v1::ExchangeTokenRequest, v1::ExchangeTokenResponse>(
      "/knooppunt.access.v1.AccessService/ExchangeToken",
      [this](const InternalCall&, const auto& req, auto* resp) -> absl::Status {
        KP_ASSIGN_OR_RETURN(const absl::Time now, options_.decision_clock->Now());
        return Give(options_.login->Exchange(req, now), resp);
      });
  registry.Internal<v1::CheckRequest, v1::Decision>(
      "/knooppunt.access.v1.AccessService/Check",
      [this](const InternalCall&, const auto& req, auto* resp) {
        return options_.decisions->Check(req, resp);
      });
  registry.Internal<v1::ListAccessibleRequest, v1::ListAccessibleResponse>(
      "/knooppunt.access.v1.AccessService/ListAccessible",
      [this](const InternalCall&, const auto& req, auto* resp) {
        return options_.decisions->ListAccessible(req, resp);
      });
  registry.Internal<v1::ApplyFactsRequest, v1::ApplyFactsResponse>(
      "/knooppunt.access.v1.AccessService/ApplyFacts",
      [this](const InternalCall& c, const auto& req, auto* resp) {
        return ApplyFacts(c, req, resp);
      });
  registry.Internal<v1::GetPositionRequest, v1::ApplyFactsResponse>(
      "/knooppunt.access.v1.AccessService/GetPosition",
      [this](const InternalCall& c, const auto& req, auto* resp) -> absl::Status {
        if (req.unit() != c.service) return errors::NotYourFact();
        KP_ASSIGN_OR_RETURN(const int64_t position,
                            options_.facts->Position(req.unit(), req.incarnation()));
        resp->set_position(position);
        return absl::OkStatus();
      });
  registry.Write<v1::EndSessionRequest, v1::EndSessionResponse>(
      "/knooppunt.access.v1.AccessService/EndSession",
      [this](const auto& c, auto& tx, const auto&, auto*) {
        if (c.claims().session().empty()) return errors::NoSession();
        return options_.sessions->End(tx, c.claims().session(), c.now());
      });
  registry.Read<v1::WhoMustAgreeRequest, v1::WhoMustAgreeResponse>(
      "/knooppunt.access.v1.AccessService/WhoMustAgree",
      [this](const policy::AuthorizedCall& c, storage::ReadTx&, const auto& req, auto* resp) {
        return WhoMustAgree(*options_.decisions->policy(), *options_.facts, c, req, resp);
      });
  registry.Read<v1::ListLapsesRequest, v1::ListLapsesResponse>(
      "/knooppunt.access.v1.AccessService/ListLapses",
      [this](const policy::AuthorizedCall& c, storage::ReadTx&, const auto& req, auto* resp) {
        return ListLapses(*options_.decisions->policy(), *options_.facts, c, req, resp);
      });
  registry.Read<v1::SimulateRequest, v1::SimulateResponse>(
      "/knooppunt.access.v1.AccessService/Simulate",
      [this](const policy::AuthorizedCall& c, storage::ReadTx&, const auto& req, auto* resp) {
        return Simulate({.in_force = options_.decisions->policy(),
                         .facts = options_.facts,
                         .clock = options_.clock,
                         .now = c.now()},
                        req, resp);
      });
  registry.Read<v1::GetPolicyRequest, v1::Policy>(
      "/knooppunt.access.v1.AccessService/GetPolicy",
      [this](const policy::AuthorizedCall&, storage::ReadTx&, const auto&, auto* resp) {
        return GetPolicy(resp);
      });
  registry.Read<v1::ExplainRequest, v1::ExplainResponse>(
      "/knooppunt.access.v1.AccessService/Explain",
      [this](const policy::AuthorizedCall& c, storage::ReadTx&, const auto& req, auto* resp) {
        return ExplainAccess(*options_.decisions->policy(), *options_.facts, c, req, resp);
      });
}

absl::StatusOr<v1::FactEntry> Service::OpenFact(const v1::ApplyFactsRequest::Entry& entry) {
  std::string bytes = entry.payload();
  if (!entry.family().empty()) {
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->Find(absl::StrCat("facts/", entry.family())));
    if (key.empty()) return errors::UnreadableFact();
    auto opened = crypto::Open(key, crypto::JoinLengthPrefixed({"fact-entry-v1", entry.family()}),
                               entry.payload());
    if (!opened.ok()) return errors::UnreadableFact();
    bytes = *std::move(opened);
  }
  v1::FactEntry fact;
  if (!fact.ParseFromString(bytes)) return errors::UnreadableFact();
  if (fact.has_family() && fact.family().id() != entry.family()) return errors::UnreadableFact();
  return fact;
}

absl::Status Service::ApplyFacts(const InternalCall& call, const v1::ApplyFactsRequest& request,
                                 v1::ApplyFactsResponse* response) {
  if (request.unit() != call.service) return errors::NotYourFact();
  std::vector<NumberedFact> facts;
  facts.reserve(request.entries_size());
  int64_t last = 0;
  for (const auto& e : request.entries()) {
    if (e.seq() <= last || e.seq() > request.position()) return errors::UnorderedFacts();
    last = e.seq();
    KP_ASSIGN_OR_RETURN(v1::FactEntry fact, OpenFact(e));
    if (fact.has_family()) KP_RETURN_IF_ERROR(CheckFamilyFacts(fact.family()));
    facts.push_back({e.seq(), std::move(fact)});
  }
  KP_ASSIGN_OR_RETURN(
      const int64_t position,
      options_.facts->Apply(request.unit(), request.incarnation(), facts, request.position()));
  response->set_position(position);
  return absl::OkStatus();
}

absl::Status Service::GetPolicy(v1::Policy* response) {
  const PolicySource::InForce in_force = options_.policy->Current();
  response->set_version(in_force.table->document().version());
  response->set_sha256(in_force.table->sha256());
  response->set_text(in_force.table->text());
  response->set_in_force_since(absl::ToUnixSeconds(in_force.since));
  return absl::OkStatus();
}

}  // namespace knooppunt::access
