// Emergency access: opened by a professional in person, seen by the privacy officer at once, and
// reviewed by another (R20).

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "services/consent/emergency_rules.h"
#include "services/consent/emergency_store.h"
#include "services/consent/service.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"

namespace knooppunt::consent {
namespace {

using access::v1::FamilyFacts;

constexpr char kEmergencyPattern[] = "families/*/emergencies/*";
constexpr absl::Duration kDay = absl::Hours(24);

bool IsOfficer(const policy::AuthorizedCall& call) {
  return call.claims().function() == common::v1::FUNCTION_PRIVACY_OFFICER;
}

// What everybody who may see it at all sees: no reason, no outcome, nothing of the family's.
v1::Emergency View(absl::string_view family, const EmergencyFact& fact, absl::Time now) {
  v1::Emergency out;
  out.set_name(absl::StrCat("families/", family, "/emergencies/", fact.id()));
  out.set_professional(fact.professional());
  out.set_organisation(fact.organisation());
  out.set_function(fact.function());
  out.set_meldcode_step(fact.meldcode_step());
  *out.mutable_compartments() = fact.compartments();
  *out.mutable_start_time() = dossier::ToTimestamp(fact.start_time());
  *out.mutable_end_time() = dossier::ToTimestamp(fact.end_time());
  *out.mutable_review_due_time() = dossier::ToTimestamp(fact.review_due_time());
  out.set_reviewer(fact.reviewer());
  if (fact.review_time() != 0) {
    *out.mutable_review_time() = dossier::ToTimestamp(fact.review_time());
  }
  out.set_justified(fact.justified());
  out.set_overdue(ReviewOverdue(fact, now));
  return out;
}

// What the reviewer sees, and the log's pseudonym to go on with.
v1::Emergency ReviewView(const policy::AuthorizedCall& call, const EmergencyFact& fact) {
  v1::Emergency out = View(call.family(), fact, call.now());
  out.set_reason(fact.reason());
  out.set_outcome(fact.outcome());
  out.set_audit_subject(call.decision().audit().subject());
  return out;
}

std::string CaseName(absl::string_view family, absl::string_view case_id) {
  return absl::StrCat("families/", family, "/cases/", case_id);
}

}  // namespace

absl::Status ConsentService::OpenEmergency(const Call& call, WriteTx& tx,
                                           const v1::OpenEmergencyRequest& req,
                                           v1::Emergency* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), "families/*").status());
  KP_RETURN_IF_ERROR(CheckOpening(req));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  if (facts.cases().empty()) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(const int64_t lately, CountOpenedSince(call, tx, call.now() - kDay));
  KP_RETURN_IF_ERROR(MayOpen(facts, call.claims().subject(), lately, call.now()));
  const EmergencyFact fact = Opened(req, call.claims(), call.Id("emergency", 0), call.now());
  const std::string case_id = facts.cases().rbegin()->id();
  *facts.add_emergencies() = fact;
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  KP_RETURN_IF_ERROR(InsertEmergency(call, tx,
                                     {.family = call.family(),
                                      .subject = call.decision().audit().subject(),
                                      .case_id = case_id,
                                      .fact = fact}));
  call.touched().family = true;
  *resp = View(call.family(), fact, call.now());
  resp->set_reason(fact.reason());
  resp->set_case_name(CaseName(call.family(), case_id));
  return absl::OkStatus();
}

absl::Status ConsentService::GetEmergency(const Call& call, ReadTx& tx,
                                          const v1::GetEmergencyRequest& req, v1::Emergency* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kEmergencyPattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const EmergencyFact* fact = MutableEmergency(&facts, name.Id("emergencies"));
  if (fact == nullptr) return dossier::errors::NotFound();
  call.touched().family = true;
  *resp = ReviewView(call, *fact);
  return absl::OkStatus();
}

absl::Status ConsentService::ReviewEmergency(const Call& call, WriteTx& tx,
                                             const v1::ReviewEmergencyRequest& req,
                                             v1::Emergency* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kEmergencyPattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  EmergencyFact* fact = MutableEmergency(&facts, name.Id("emergencies"));
  if (fact == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(Review(
      {.reviewer = call.claims().subject(), .justified = req.justified(), .outcome = req.outcome()},
      call.now(), fact));
  KP_RETURN_IF_ERROR(UpdateEmergency(call, tx, *fact));
  call.touched().family = true;
  *resp = ReviewView(call, *fact);
  return dossier::SaveFacts(call, tx, &facts, random_);
}

absl::Status ConsentService::ListEmergencies(const Call& call, ReadTx& tx,
                                             const v1::ListEmergenciesRequest& req,
                                             v1::ListEmergenciesResponse* resp) {
  const bool officer = IsOfficer(call);
  KP_ASSIGN_OR_RETURN(const std::vector<InboxRow> rows,
                      ListEmergencyRows(call, tx, {.reviewed = req.reviewed(), .own = !officer}));
  for (const InboxRow& row : rows) {
    v1::Emergency& shown = *resp->add_emergencies();
    shown = View(row.family, row.fact, call.now());
    if (officer) {
      shown.set_audit_subject(row.subject);
    } else {
      shown.set_case_name(CaseName(row.family, row.case_id));
    }
  }
  return absl::OkStatus();
}

void ConsentService::Heartbeat(storage::Database& database, absl::Time now) {
  const absl::Status looked = alarm_.Sound(database, now).status();
  if (!looked.ok()) {
    base::Log(base::Severity::kWarning, "overdue reviews not looked for",
              {{"code", absl::StatusCodeToString(looked.code())}});
  }
}

}  // namespace knooppunt::consent
