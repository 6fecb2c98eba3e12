// The rules of the plan: pure functions over the facts of a family, the items of the plan and the
// messages of a request. No I/O, no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_RULES_H_
#define KNOOPPUNT_SERVICES_PLAN_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"

namespace knooppunt::plan {

// ---- Words -------------------------------------------------------------------

// As the family reads them; "" for the zero value and for one that a newer version knows.
absl::string_view DomainInDutch(v1::LifeDomain domain);
absl::string_view HowInDutch(v1::WishHow how);
absl::string_view StateInDutch(v1::GoalState state);
absl::string_view AssetKindInDutch(v1::AssetKind kind);
absl::string_view ArrangementKindInDutch(v1::ArrangementKind kind);
absl::string_view ReachInDutch(v1::ArrangementReach reach);
absl::string_view FundingInDutch(common::v1::Funding funding);

// The education part (OPP) is what is labelled EDUCATION, the family part all else.
v1::PlanPart PartOf(const common::v1::Label& label);

// ---- What an item must say -----------------------------------------------------

// INVALID_ARGUMENT naming the field below `field`, or a domain error, unless the item as a whole
// can stand. Links are looked up by the handler: here only their form and number.
absl::Status CheckWish(absl::string_view field, const v1::Wish& wish);
absl::Status CheckGoal(absl::string_view field, const v1::Goal& goal);
absl::Status CheckAsset(absl::string_view field, const v1::Asset& asset);
absl::Status CheckArrangement(absl::string_view field, const v1::Arrangement& arrangement);
// A day that exists, today or later: when somebody looks at it again.
absl::Status CheckReviewDate(absl::string_view field, absl::string_view iso, base::Date today);

// Who writes: staff, or somebody of the family by person id.
struct Writer {
  bool staff = false;
  absl::string_view person;
};
// Whose wish somebody may record: staff that of anybody of the family, a family member their own
// and that of a child over whom they hold gezag; SELF is for one's own, logged in. The label is
// about whose wish it is.
absl::Status CheckWisher(const v1::Wish& wish, const access::v1::FamilyFacts& facts,
                         const Writer& writer, base::Date today);
// What somebody wrote themselves only they change.
absl::Status CheckMayChange(const v1::Wish& wish, const Writer& writer);

// The organisation has a joined seat at `c`, or runs its werkplaats.
absl::Status CheckAtTable(const access::v1::CaseFact& c, absl::string_view organisation,
                          absl::Time now);

// ---- Changes ---------------------------------------------------------------------

// Fields of an item that an update may name.
absl::Span<const absl::string_view> WishFields();
absl::Span<const absl::string_view> GoalFields();
absl::Span<const absl::string_view> AssetFields();
absl::Span<const absl::string_view> ArrangementFields();
// Takes the fields that `mask` names over from `from`. INVALID_ARGUMENT, naming what may be
// changed, for an empty mask and for any other field.
absl::Status ApplyMask(const google::protobuf::Message& from,
                       const google::protobuf::FieldMask& mask,
                       absl::Span<const absl::string_view> allowed, google::protobuf::Message* to);
bool Names(const google::protobuf::FieldMask& mask, absl::string_view path);
// Fields in which two messages of one type differ, but for what is no part of what an item says:
// name, label, revision, etag, create_time and reactions.
std::vector<std::string> ChangedFields(const google::protobuf::Message& before,
                                       const google::protobuf::Message& after);

// The states of a goal; what stands nowhere is refused.
struct GoalTransition {
  v1::GoalState from;
  v1::GoalState to;
};
absl::Span<const GoalTransition> GoalTransitions();
// Looks at `goal` with the family: its state, its next review date and the evaluation, whose author
// is `author`. The seats are joined at `c`; one of them is the family's, or the reason why not is
// stated.
absl::Status EvaluateGoal(const access::v1::CaseFact& c, const v1::EvaluateGoalRequest& req,
                          absl::string_view author, absl::Time now, v1::Goal* goal);
// The goal that goes on from an evaluated one; its name and revision are left to the handler.
v1::Goal CarriedOver(const v1::Goal& goal, absl::string_view review_date);

// R9: who reacts, and to which revision; nothing earlier is taken away.
absl::Status CheckReaction(const v1::ReactToPlanItemRequest& req, int reactions);

// ---- Reading ---------------------------------------------------------------------

// The child's wishes first, then those of parents and guardians, then of others; each in the order
// in which they were given.
void OrderWishes(std::vector<v1::Wish>* wishes);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_RULES_H_
