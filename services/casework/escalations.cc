// Escalations: raised by the regisseur or the family, decided by those with the power to (R10).
// Who decide see what was put to them here; the table and the family read it with the case.

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/casework/authors.h"
#include "services/casework/errors.h"
#include "services/casework/escalation_rules.h"
#include "services/casework/paging.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kEscalationPattern[] = "families/*/cases/*/escalations/*";
constexpr char kStepPattern[] = "families/*/cases/*/steps/*";

// A step that an escalation is about.
struct StepItem {
  Item item;
  v1::Step step;
};

absl::StatusOr<StepItem> LoadStep(const AuthorizedCall& call, storage::ReadTx& tx,
                                  absl::string_view step_name, absl::string_view case_id) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "escalation.step", step_name, kStepPattern));
  StepItem out;
  KP_ASSIGN_OR_RETURN(out.item, dossier::GetItem(call, tx, ItemKind::kStep, name.Id("steps")));
  if (name.Id("cases") != case_id || out.item.case_id != case_id) {
    return dossier::errors::NotFound();
  }
  KP_ASSIGN_OR_RETURN(out.step, ParseStep(out.item));
  return out;
}

// The step, where the permit opens it: unset, with the same work, where it does not.
absl::StatusOr<std::optional<StepItem>> StepIfShown(const AuthorizedCall& call, storage::ReadTx& tx,
                                                    const v1::Escalation& escalation,
                                                    absl::string_view case_id) {
  if (escalation.step().empty()) return std::nullopt;
  absl::StatusOr<StepItem> step = LoadStep(call, tx, escalation.step(), case_id);
  if (absl::IsNotFound(step.status())) return std::nullopt;
  KP_RETURN_IF_ERROR(step.status());
  return *std::move(step);
}

// An escalation and its case: what each act on one starts from.
struct AtHand {
  FamilyFacts facts;
  const CaseFact* c = nullptr;  // in facts
  Item item;
  v1::Escalation escalation;
};

absl::Status Load(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view full_name,
                  AtHand* out) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", full_name, kEscalationPattern));
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  out->c = dossier::FindCase(out->facts, name.Id("cases"));
  if (out->c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(out->item,
                      dossier::GetItem(call, tx, ItemKind::kEscalation, name.Id("escalations")));
  if (out->item.case_id != out->c->id()) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(out->escalation, ParseEscalation(out->item));
  return absl::OkStatus();
}

absl::Status Store(const AuthorizedCall& call, storage::WriteTx& tx, const AtHand& at,
                   crypto::Random& random) {
  v1::Escalation bare = at.escalation;
  bare.clear_label();
  Item item = at.item;
  item.payload = bare.SerializeAsString();
  return dossier::UpdateItem(call, tx, item, random);
}

// From here on who decide see no more of it: in force when the call answers (P3).
absl::Status End(const AuthorizedCall& call, storage::WriteTx& tx, AtHand* at,
                 crypto::Random& random) {
  for (access::v1::EscalationFact& fact : *at->facts.mutable_escalations()) {
    if (fact.id() == at->item.id) fact.set_end_time(absl::ToUnixSeconds(call.now()));
  }
  return dossier::SaveFacts(call, tx, &at->facts, random);
}

// As the caller may know it: people and steps that they may not see stay unnamed (R18).
absl::Status Show(const AuthorizedCall& call, storage::ReadTx& tx, const FamilyFacts& facts,
                  v1::Escalation* escalation) {
  KP_ASSIGN_OR_RETURN(const Authors authors, Authors::Load(call, tx, facts));
  authors.Show(escalation);
  const auto step = base::ResourceName::Parse(escalation->step());
  if (step.ok()) {
    KP_ASSIGN_OR_RETURN(const bool seen, dossier::Opens(call, tx, step->last_id()));
    if (!seen) escalation->clear_step();
  }
  return absl::OkStatus();
}

std::vector<KnownDecider> KnownDeciders(const AuthorizedCall& call, int n) {
  std::vector<KnownDecider> out(n);
  for (int i = 0; i < n; ++i) {
    out[i].professional = call.reference(1 + 2 * i).professional();
    out[i].organisation = call.reference(2 + 2 * i).organisation();
  }
  return out;
}

// One at a time about a step, of those that the caller may see.
absl::Status CheckNotRaised(const AuthorizedCall& call, storage::ReadTx& tx,
                            absl::string_view case_id, const std::string& step) {
  if (step.empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const std::vector<Item> items,
                      dossier::ListItems(call, tx, case_id, ItemKind::kEscalation));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(const v1::Escalation other, ParseEscalation(item));
    if (other.step() == step && !IsOver(other.state())) return errors::AlreadyEscalated();
  }
  return absl::OkStatus();
}

// What of the escalation matters for access. The step opens with it where the same organisation
// answers for both: what others recorded is for them to share, as with any other ground (R15).
access::v1::EscalationFact FactOf(const AuthorizedCall& call, const v1::Escalation& escalation,
                                  const std::optional<StepItem>& step, absl::string_view id,
                                  absl::string_view case_id) {
  access::v1::EscalationFact fact;
  fact.set_id(std::string(id));
  fact.set_case_id(std::string(case_id));
  fact.set_start_time(absl::ToUnixSeconds(call.now()));
  for (const v1::Decider& d : escalation.deciders()) {
    access::v1::EscalationDecider* decider = fact.add_deciders();
    decider->set_professional(d.professional());
    decider->set_organisation(d.organisation());
    decider->set_function(d.function());
  }
  const policy::KeyedScope& own = call.write_scopes()[0];
  fact.add_scopes(own.id);
  if (step.has_value() && step->item.label.controller() == own.label.controller() &&
      step->item.scope != own.id) {
    fact.add_scopes(step->item.scope);
  }
  return fact;
}

}  // namespace

absl::Status CaseworkService::RaiseEscalation(const Call& call, WriteTx& tx,
                                              const v1::RaiseEscalationRequest& req,
                                              v1::Escalation* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  if (c->state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  KP_RETURN_IF_ERROR(dossier::CheckLabel("escalation.label", req.escalation().label(), facts));
  if (req.werkplaats() != c->werkplaats()) {
    return dossier::errors::InvalidField("werkplaats", "be the one of the case");
  }
  std::optional<StepItem> step;
  if (!req.escalation().step().empty()) {
    KP_ASSIGN_OR_RETURN(step, LoadStep(call, tx, req.escalation().step(), c->id()));
  }
  KP_RETURN_IF_ERROR(CheckRaising(req.escalation(), step.has_value() ? &step->step : nullptr));
  KP_ASSIGN_OR_RETURN(const std::vector<v1::Decider> deciders,
                      CheckDeciders(req.deciders(), KnownDeciders(call, req.deciders_size()),
                                    {.stage = call.reference(0).werkplaats().stage(),
                                     .organisation = c->organisation(),
                                     .today = base::DateOf(call.now())}));
  KP_RETURN_IF_ERROR(CheckNotRaised(call, tx, c->id(), req.escalation().step()));
  const std::string id = call.Id("escalation", 0);
  resp->set_name(absl::StrCat(CaseName(facts.id(), c->id()), "/escalations/", id));
  resp->set_state(v1::ESCALATION_STATE_RAISED);
  resp->set_question(req.escalation().question());
  resp->set_tried(req.escalation().tried());
  resp->set_step(req.escalation().step());
  resp->mutable_deciders()->Assign(deciders.begin(), deciders.end());
  resp->set_raised_by(call.actor());
  *resp->mutable_raise_time() = dossier::ToTimestamp(call.now());
  const Item item = {.id = id,
                     .kind = ItemKind::kEscalation,
                     .case_id = c->id(),
                     .payload = resp->SerializeAsString()};
  *facts.add_escalations() = FactOf(call, *resp, step, id, c->id());
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

absl::Status CaseworkService::WithdrawEscalation(const Call& call, WriteTx& tx,
                                                 const v1::WithdrawEscalationRequest& req,
                                                 v1::Escalation* resp) {
  AtHand at;
  KP_RETURN_IF_ERROR(Load(call, tx, req.name(), &at));
  const Seat* by = dossier::CallerSeat(call, *at.c);
  KP_RETURN_IF_ERROR(casework::WithdrawEscalation(
      &at.escalation,
      {.actor = call.actor(),
       .leads = call.is_staff() && by != nullptr && dossier::LeadsOrStandsIn(*at.c, by->id())},
      req.reason(), call.now()));
  KP_RETURN_IF_ERROR(Store(call, tx, at, random_));
  KP_RETURN_IF_ERROR(End(call, tx, &at, random_));
  *resp = std::move(at.escalation);
  return Show(call, tx, at.facts, resp);
}

absl::Status CaseworkService::ListEscalations(const Call&, const std::vector<Call>& all, ReadTx& tx,
                                              const v1::ListEscalationsRequest& req,
                                              v1::ListEscalationsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const Cursor after, ParsePageToken(req.page_token()));
  Cursor last;
  for (const Call* call : InOrder(all)) {
    if (call->family() < after.first) continue;
    KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(*call, tx));
    std::sort(facts.mutable_escalations()->begin(), facts.mutable_escalations()->end(),
              [](const auto& a, const auto& b) { return a.id() < b.id(); });
    for (const access::v1::EscalationFact& e : facts.escalations()) {
      const bool theirs = e.end_time() == 0 &&
                          std::any_of(e.deciders().begin(), e.deciders().end(), [&](const auto& d) {
                            return d.professional() == call->claims().subject() &&
                                   d.organisation() == call->organisation() &&
                                   d.function() == call->claims().function();
                          });
      if (!theirs || Cursor(facts.id(), e.id()) <= after) continue;
      if (resp->escalations_size() == page_size) {
        resp->set_next_page_token(PageToken(last));
        return absl::OkStatus();
      }
      const absl::StatusOr<Item> item = dossier::GetItem(*call, tx, ItemKind::kEscalation, e.id());
      if (absl::IsNotFound(item.status())) continue;  // its keys are gone (R32)
      KP_RETURN_IF_ERROR(item.status());
      KP_ASSIGN_OR_RETURN(*resp->add_escalations(), ParseEscalation(*item));
      KP_RETURN_IF_ERROR(Show(*call, tx, facts, &*resp->mutable_escalations()->rbegin()));
      last = {facts.id(), e.id()};
    }
  }
  return absl::OkStatus();
}

absl::Status CaseworkService::GetEscalation(const Call& call, ReadTx& tx,
                                            const v1::GetEscalationRequest& req,
                                            v1::EscalationFile* resp) {
  AtHand at;
  KP_RETURN_IF_ERROR(Load(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(std::optional<StepItem> step,
                      StepIfShown(call, tx, at.escalation, at.c->id()));
  if (step.has_value()) {
    // The rest of the case was not put to them: what agreed the step is not named (R18).
    step->step.clear_origin();
    *resp->mutable_step() = std::move(step->step);
  }
  *resp->mutable_escalation() = std::move(at.escalation);
  return Show(call, tx, at.facts, resp->mutable_escalation());
}

absl::Status CaseworkService::TakeUpEscalation(const Call& call, WriteTx& tx,
                                               const v1::TakeUpEscalationRequest& req,
                                               v1::Escalation* resp) {
  AtHand at;
  KP_RETURN_IF_ERROR(Load(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(TakeUp(&at.escalation, call.claims().subject(), call.now()));
  KP_RETURN_IF_ERROR(Store(call, tx, at, random_));
  *resp = std::move(at.escalation);
  return Show(call, tx, at.facts, resp);
}

absl::Status CaseworkService::DecideEscalation(const Call& call, WriteTx& tx,
                                               const v1::DecideEscalationRequest& req,
                                               v1::Escalation* resp) {
  AtHand at;
  KP_RETURN_IF_ERROR(Load(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(std::optional<StepItem> step,
                      StepIfShown(call, tx, at.escalation, at.c->id()));
  KP_RETURN_IF_ERROR(casework::DecideEscalation(&at.escalation,
                                                step.has_value() ? &step->step : nullptr, req,
                                                call.claims().subject(), call.now()));
  KP_RETURN_IF_ERROR(Store(call, tx, at, random_));
  const bool decided = IsOver(at.escalation.state());
  if (decided && step.has_value() && at.escalation.outcome() != v1::ESCALATION_OUTCOME_SETTLE) {
    step->step.clear_label();
    step->item.payload = step->step.SerializeAsString();
    KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, step->item, random_));
  }
  if (decided) KP_RETURN_IF_ERROR(End(call, tx, &at, random_));
  *resp = std::move(at.escalation);
  return Show(call, tx, at.facts, resp);
}

}  // namespace knooppunt::casework
