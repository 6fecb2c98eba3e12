#include "tests/property/handover_acts.h"

#include "absl/strings/str_cat.h"
#include "knooppunt/handover/v1/handover.pb.h"

namespace knooppunt::property {
namespace {

constexpr char kHandover[] = "handover.v1.HandoverService/";

}  // namespace

std::optional<Thing> HandoverActs::Draft() {
  const std::string& organisation = f_.opener.claims.organisation();
  handover::v1::DraftHandoverRequest req;
  req.set_parent(f_.case_name);
  req.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
  req.set_to_werkplaats("werkplaatsen/vo");
  req.set_receiver("professionals/vo");
  req.set_expire_date(w_.region().Day(20));
  for (const Thing& t : f_.things) {
    const bool part = t.kind == Kind::kPerson || t.kind == Kind::kGoal || t.kind == Kind::kStep ||
                      t.kind == Kind::kContribution;
    if (part && t.label.controller() == organisation && w_.Chance(50)) req.add_items(t.name);
  }
  for (const std::string& child : f_.children) req.add_children(child);
  handover::v1::Handover made;
  if (!w_.Do(f_.opener, f_, absl::StrCat(kHandover, "DraftHandover"), req, &made).ok()) {
    return std::nullopt;
  }
  f_.handovers.push_back(made.name());
  Thing drafted{.kind = Kind::kHandover, .name = made.name(), .mark = "", .label = {}};
  for (const std::string& child : f_.children) drafted.label.mutable_about()->add_persons(child);
  drafted.label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  drafted.label.set_regime(common::v1::REGIME_EDUCATION);
  drafted.label.set_controller(organisation);
  return drafted;
}

bool HandoverActs::GoOn() {
  if (f_.handovers.empty()) return false;
  static constexpr const char* kSteps[] = {"ShowHandover", "AuthoriseHandover", "OfferHandover",
                                           "WithdrawHandover"};
  const uint32_t last = w_.Draw(4);
  bool changed = false;
  for (uint32_t i = 0; i <= last; ++i) {
    if (i == 3 && w_.Chance(50)) break;
    handover::v1::HandoverActRequest req;
    req.set_name(f_.handovers.back());
    req.set_note("Zo afgesproken.");
    handover::v1::Handover answer;
    changed |= w_.Do(f_.opener, f_, absl::StrCat(kHandover, kSteps[i]), req, &answer).ok();
  }
  return changed;
}

}  // namespace knooppunt::property
