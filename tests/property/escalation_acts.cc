#include "tests/property/escalation_acts.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"

namespace knooppunt::property {
namespace {

constexpr char kService[] = "casework.v1.EscalationService/";

bool Decides(const Caller& who) {
  return who.claims.function() == common::v1::FUNCTION_ALDERMAN ||
         who.claims.function() == common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR;
}

}  // namespace

EscalationActs::Did EscalationActs::One(const Caller& who, const common::v1::Label& label) {
  Did out;
  if (w_.Chance(40)) {
    out.changed = Decide();
    for (const Thing& t : f_.things) {
      if (t.kind == Kind::kEscalation) out.scopes.insert(t.scope);
    }
    return out;
  }
  out.raised = Raise(who, label);
  out.changed = out.raised.has_value();
  return out;
}

std::optional<Thing> EscalationActs::Raise(const Caller& who, const common::v1::Label& label) {
  casework::v1::RaiseEscalationRequest req;
  req.set_parent(f_.case_name);
  req.set_werkplaats("werkplaatsen/manjefiek");
  const std::string mark = w_.Mark();
  req.mutable_escalation()->set_question(absl::StrCat("Vraag ", mark));
  req.mutable_escalation()->set_tried("Van alles.");
  *req.mutable_escalation()->mutable_label() = label;
  std::vector<const Thing*> steps;
  for (const Thing& t : f_.things) {
    if (t.kind == Kind::kStep) steps.push_back(&t);
  }
  if (!steps.empty() && w_.Chance(50)) req.mutable_escalation()->set_step(w_.Pick(steps)->name);
  for (const Caller& c : w_.staff()) {
    if (!Decides(c)) continue;
    casework::v1::Decider* d = req.add_deciders();
    d->set_professional(c.claims.subject());
    d->set_organisation(c.claims.organisation());
    d->set_function(c.claims.function());
  }
  casework::v1::Escalation raised;
  if (!w_.Do(who, f_, absl::StrCat(kService, "RaiseEscalation"), req, &raised).ok()) {
    return std::nullopt;
  }
  f_.escalations.push_back(raised.name());
  return Thing{.kind = Kind::kEscalation,
               .name = raised.name(),
               .mark = mark,
               .scope = "",
               .label = raised.label()};
}

bool EscalationActs::Decide() {
  if (f_.escalations.empty()) return false;
  const std::string name = f_.escalations.back();
  bool changed = false;
  for (const Caller& c : w_.staff()) {
    if (!Decides(c)) continue;
    casework::v1::TakeUpEscalationRequest take;
    take.set_name(name);
    casework::v1::Escalation answer;
    changed |= w_.Do(c, f_, absl::StrCat(kService, "TakeUpEscalation"), take, &answer).ok();
    casework::v1::DecideEscalationRequest req;
    req.set_name(name);
    req.set_outcome(casework::v1::ESCALATION_OUTCOME_SETTLE);
    req.set_settlement("Zo gaat het.");
    req.set_reason("Het duurt te lang.");
    changed |= w_.Do(c, f_, absl::StrCat(kService, "DecideEscalation"), req, &answer).ok();
  }
  return changed;
}

}  // namespace knooppunt::property
