// Why the call of one record was allowed or refused, as it was decided then (R19): to the auditor
// in their formal voice, to a family member in plain words. Nothing is decided anew, so that it
// tells of the day itself, and nothing is told that the record does not hold.
#include "services/audit/record_chain.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/policy/explanation.h"
#include "services/audit/errors.h"
#include "services/audit/opened_records.h"
#include "services/audit/service.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {
namespace {

using audit::v1::RecordAbout;
using audit::v1::RecordWho;
using policy::FoundLink;

// On which link a decision falls, by the word of its refusal; what is not here falls on the rule.
struct Falls {
  absl::string_view word;
  absl::string_view kind;
};
constexpr Falls kFalls[] = {
    {"no-second-factor", "person"}, {"own-family", "person"},         {"low-assurance", "person"},
    {"no-gezag", "person"},         {"no-function", "function"},      {"no-seat", "seat"},
    {"no-sharing", "consent"},      {"label-not-covered", "consent"},
};

// What a decision rested on, by the first word of a basis.
struct Rests {
  absl::string_view prefix;
  absl::string_view kind;
  absl::string_view code;
};
constexpr Rests kRests[] = {
    {"consents/", "consent", "consent-covers"}, {"grounds/", "ground", "ground-covers"},
    {"emergencies/", "ground", "emergency"},    {"responsible/", "ground", "responsible"},
    {"deputises/", "seat", "seated"},
};

FoundLink Held(absl::string_view kind, absl::string_view code, std::string value) {
  return {.kind = std::string(kind),
          .code = std::string(code),
          .value = std::move(value),
          .holds = true};
}

std::vector<FoundLink> ChainOf(const RecordView& view) {
  const RecordWho& who = view.who;
  std::string decided_on = "rule";
  for (const Falls& f : kFalls) {
    if (!who.allowed() && f.word == who.rule()) decided_on = std::string(f.kind);
  }
  std::vector<FoundLink> chain;
  chain.reserve(4 + static_cast<size_t>(view.about.bases_size()));
  if (decided_on != "person") {
    chain.push_back(view.actor == ActorKind::kStaff
                        ? Held("person", "logged-in", who.actor())
                        : Held("person", "family-logged-in", who.actor()));
  }
  if (view.actor == ActorKind::kStaff && decided_on != "person") {
    chain.push_back(Held("organisation", "organisation", who.organisation()));
    if (decided_on != "function") {
      chain.push_back(Held("function", "function", common::v1::Function_Name(who.function())));
    }
  }
  for (const std::string& basis : view.about.bases()) {
    for (const Rests& r : kRests) {
      if (absl::StartsWith(basis, r.prefix)) chain.push_back(Held(r.kind, r.code, basis));
    }
  }
  const bool own_words = who.allowed() || policy::HasSentences(decided_on, who.rule());
  chain.push_back(
      {.kind = decided_on,
       .code = who.allowed() ? "allowed"
               : own_words   ? who.rule()
                             : "no-rule",
       .value = decided_on == "rule" ? who.allowed() ? who.rule() : who.permission() : "",
       .holds = who.allowed(),
       .decisive = true});
  return chain;
}

}  // namespace

audit::v1::ExplainedRecord ExplainedFrom(const RecordView& view, bool auditor) {
  const RecordWho& who = view.who;
  policy::Outcome decided;
  decided.allowed = who.allowed();
  decided.rule = who.rule();
  decided.bases.assign(view.about.bases().begin(), view.about.bases().end());
  decided.chain = ChainOf(view);
  policy::Explanation said =
      policy::Explain(decided, auditor ? access::v1::VOICE_AUDITOR : access::v1::VOICE_FAMILY,
                      {.permission = who.permission(),
                       .purpose = who.purpose(),
                       .policy_sha256 = who.policy_sha256(),
                       .then = true});
  audit::v1::ExplainedRecord out;
  out.set_allowed(who.allowed());
  out.set_rule(who.rule());
  out.set_policy_sha256(who.policy_sha256());
  for (access::v1::ChainLink& link : said.chain) {
    audit::v1::ExplainedLink* shown = out.add_chain();
    shown->set_kind(std::move(*link.mutable_kind()));
    shown->set_value(std::move(*link.mutable_value()));
    shown->set_holds(link.holds());
    shown->set_text_nl(std::move(*link.mutable_text_nl()));
    shown->set_text_en(std::move(*link.mutable_text_en()));
  }
  out.set_text_nl(std::move(said.text_nl));
  out.set_text_en(std::move(said.text_en));
  return out;
}

absl::Status AuditService::ExplainRecord(const AuthorizedCall& call, ReadTx& tx,
                                         const audit::v1::ExplainRecordRequest& request,
                                         audit::v1::ExplainedRecord* response) const {
  if (!base::ResourceName::Parse(request.parent(), "families/*").ok() &&
      !base::ResourceName::Parse(request.parent(), "subjects/*").ok()) {
    return errors::InvalidField("parent", "is families/{f} or subjects/{pseudonym}");
  }
  if (request.index() < 0) return errors::InvalidField("index", "is 0 or more");
  const Reader reader = ReaderOf(call);
  if (reader.subject.empty()) return errors::NoView();
  KP_ASSIGN_OR_RETURN(Opener opener, Opener::Create(call.audit_view()));
  call.touched().family = true;
  KP_ASSIGN_OR_RETURN(const std::optional<RecordView> view,
                      FindView(call, tx, reader, request.index(), &opener));
  if (!view.has_value()) return errors::NoSuchRecord();
  *response = ExplainedFrom(*view, reader.auditor);
  response->set_index(request.index());
  return absl::OkStatus();
}

}  // namespace knooppunt::audit_service
