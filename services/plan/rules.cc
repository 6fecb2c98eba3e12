#include "services/plan/rules.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/descriptor.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/plan/errors.h"

namespace knooppunt::plan {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::PersonFact;
using access::v1::Seat;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr dossier::TextRules kPlanText = {.max_bytes = limits::kMaxPlanTextBytes};
constexpr dossier::TextRules kOptionalText = {.max_bytes = limits::kMaxPlanTextBytes,
                                              .required = false};

std::string Path(absl::string_view field, absl::string_view of) {
  return absl::StrCat(field, ".", of);
}

template <typename E>
absl::Status CheckStated(absl::string_view field, E value, bool valid) {
  if (valid && static_cast<int>(value) != 0) return absl::OkStatus();
  return dossier::errors::InvalidField(field, "be stated");
}

// Names of items of one collection, each once.
absl::Status CheckLinks(absl::string_view field,
                        const google::protobuf::RepeatedPtrField<std::string>& names,
                        absl::string_view collection) {
  if (names.size() > limits::kMaxPlanLinks) {
    return dossier::errors::InvalidField(field,
                                         absl::StrCat("have at most ", limits::kMaxPlanLinks));
  }
  const std::string pattern = absl::StrCat("families/*/cases/*/", collection, "/*");
  absl::flat_hash_set<absl::string_view> seen;
  for (const std::string& name : names) {
    if (!base::ResourceName::Parse(name, pattern).ok()) {
      return dossier::errors::InvalidField(field, absl::StrCat("look like ", pattern));
    }
    if (!seen.insert(name).second) return dossier::errors::InvalidField(field, "name each once");
  }
  return absl::OkStatus();
}

bool IsCollective(v1::ArrangementKind kind) {
  return kind == v1::ARRANGEMENT_KIND_SCHOOL_ARRANGEMENT ||
         kind == v1::ARRANGEMENT_KIND_TARGET_GROUP || kind == v1::ARRANGEMENT_KIND_OSK;
}

absl::Status CheckPeriod(absl::string_view field, const v1::Arrangement& a) {
  KP_ASSIGN_OR_RETURN(const base::Date first,
                      dossier::ParseDay(Path(field, "start_date"), a.start_date()));
  KP_ASSIGN_OR_RETURN(const base::Date last,
                      dossier::ParseDay(Path(field, "end_date"), a.end_date()));
  return last < first ? errors::PeriodEndsBeforeItBegins() : absl::OkStatus();
}

// R36: each part of a split names one law, and together they are the whole.
bool SplitHolds(const google::protobuf::RepeatedPtrField<common::v1::FundingShare>& split) {
  absl::flat_hash_set<int> laws;
  int percent = 0;
  for (const common::v1::FundingShare& share : split) {
    if (share.funding() == common::v1::FUNDING_UNSPECIFIED ||
        share.funding() == common::v1::FUNDING_SHARED ||
        !common::v1::Funding_IsValid(share.funding()) || share.percent() < 1 ||
        share.percent() > 99 || !laws.insert(share.funding()).second) {
      return false;
    }
    percent += share.percent();
  }
  return split.size() >= 2 && percent == 100;
}

absl::Status CheckFunding(const v1::Arrangement& a) {
  if (a.funding() == common::v1::FUNDING_UNSPECIFIED || !common::v1::Funding_IsValid(a.funding())) {
    return errors::FundingMissing();
  }
  const bool holds =
      a.funding() == common::v1::FUNDING_SHARED ? SplitHolds(a.split()) : a.split().empty();
  return holds ? absl::OkStatus() : errors::SplitMissing();
}

const PersonFact* FindPerson(const FamilyFacts& facts, absl::string_view id) {
  for (const PersonFact& p : facts.persons()) {
    if (p.id() == id) return &p;
  }
  return nullptr;
}

// A message that holds one field of `m` only, serialized: to compare by.
std::string Only(const Message& m, const FieldDescriptor* field) {
  const std::unique_ptr<Message> whole(m.New());
  whole->CopyFrom(m);
  const std::unique_ptr<Message> one(m.New());
  m.GetReflection()->SwapFields(whole.get(), one.get(), {field});
  return one->SerializeAsString();
}

bool SaysNothing(absl::string_view field) {
  static constexpr absl::string_view kFields[] = {"name", "label",       "revision",
                                                  "etag", "create_time", "reactions"};
  return std::find(std::begin(kFields), std::end(kFields), field) != std::end(kFields);
}

// The seats that took part; whether somebody of the family was among them.
absl::StatusOr<bool> FamilyAmong(const CaseFact& c, const v1::EvaluateGoalRequest& req,
                                 absl::Time now) {
  if (req.seats_size() > limits::kMaxSeatsPerCase) return dossier::errors::TooMany("seats");
  bool family = false;
  absl::flat_hash_set<absl::string_view> seen;
  for (const std::string& id : req.seats()) {
    const Seat* seat = dossier::FindSeat(c, id);
    if (seat == nullptr || !dossier::SeatJoined(*seat, now) || !seen.insert(id).second) {
      return errors::NotAtTable();
    }
    family = family || !seat->person().empty();
  }
  return family;
}

}  // namespace

v1::PlanPart PartOf(const common::v1::Label& label) {
  return label.compartment() == common::v1::COMPARTMENT_EDUCATION ? v1::PLAN_PART_EDUCATION
                                                                  : v1::PLAN_PART_FAMILY;
}

absl::Status CheckWish(absl::string_view field, const v1::Wish& wish) {
  KP_RETURN_IF_ERROR(dossier::ValidateText(Path(field, "text"), wish.text(), kPlanText));
  if (!base::ResourceName::Parse(wish.person(), "families/*/persons/*").ok()) {
    return dossier::errors::InvalidField(Path(field, "person"), "look like families/*/persons/*");
  }
  return CheckStated(Path(field, "how"), wish.how(), v1::WishHow_IsValid(wish.how()));
}

absl::Status CheckGoal(absl::string_view field, const v1::Goal& goal) {
  KP_RETURN_IF_ERROR(dossier::ValidateText(Path(field, "text"), goal.text(), kPlanText));
  KP_RETURN_IF_ERROR(
      CheckStated(Path(field, "domain"), goal.domain(), v1::LifeDomain_IsValid(goal.domain())));
  if (goal.wish().empty()) return errors::GoalNeedsWish();
  if (!base::ResourceName::Parse(goal.wish(), "families/*/cases/*/wishes/*").ok()) {
    return dossier::errors::InvalidField(Path(field, "wish"),
                                         "look like families/*/cases/*/wishes/*");
  }
  if (goal.measure().empty()) return errors::MeasureMissing();
  KP_RETURN_IF_ERROR(dossier::ValidateText(Path(field, "measure"), goal.measure(), kPlanText));
  KP_RETURN_IF_ERROR(dossier::ParseDay(Path(field, "review_date"), goal.review_date()).status());
  return CheckLinks(Path(field, "steps"), goal.steps(), "steps");
}

absl::Status CheckAsset(absl::string_view field, const v1::Asset& asset) {
  KP_RETURN_IF_ERROR(
      CheckStated(Path(field, "kind"), asset.kind(), v1::AssetKind_IsValid(asset.kind())));
  KP_RETURN_IF_ERROR(
      CheckStated(Path(field, "domain"), asset.domain(), v1::LifeDomain_IsValid(asset.domain())));
  KP_RETURN_IF_ERROR(dossier::ValidateText(Path(field, "text"), asset.text(), kPlanText));
  if (!asset.organisation().empty()) {
    KP_RETURN_IF_ERROR(dossier::CheckDirectoryName(Path(field, "organisation"),
                                                   asset.organisation(), "organisations"));
  }
  if (asset.end_date().empty()) return absl::OkStatus();
  return dossier::ParseDay(Path(field, "end_date"), asset.end_date()).status();
}

absl::Status CheckArrangement(absl::string_view field, const v1::Arrangement& a) {
  KP_RETURN_IF_ERROR(
      CheckStated(Path(field, "kind"), a.kind(), v1::ArrangementKind_IsValid(a.kind())));
  KP_RETURN_IF_ERROR(
      CheckStated(Path(field, "reach"), a.reach(), v1::ArrangementReach_IsValid(a.reach())));
  if (IsCollective(a.kind()) && a.reach() != v1::ARRANGEMENT_REACH_COLLECTIVE) {
    return errors::CollectiveKind();
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText(Path(field, "text"), a.text(), kPlanText));
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName(Path(field, "organisation"), a.organisation(), "organisations"));
  KP_RETURN_IF_ERROR(CheckPeriod(field, a));
  KP_RETURN_IF_ERROR(CheckFunding(a));
  KP_RETURN_IF_ERROR(CheckLinks(Path(field, "goals"), a.goals(), "goals"));
  return CheckLinks(Path(field, "steps"), a.steps(), "steps");
}

absl::Status CheckReviewDate(absl::string_view field, absl::string_view iso, base::Date today) {
  KP_ASSIGN_OR_RETURN(const base::Date day, dossier::ParseDay(field, iso));
  return day < today ? errors::ReviewInThePast() : absl::OkStatus();
}

absl::Status CheckWisher(const v1::Wish& wish, const FamilyFacts& facts, const Writer& writer,
                         base::Date today) {
  const auto name = base::ResourceName::Parse(wish.person(), "families/*/persons/*");
  const PersonFact* wisher = !name.ok() || name->Id("families") != facts.id()
                                 ? nullptr
                                 : FindPerson(facts, name->Id("persons"));
  if (wisher == nullptr) {
    return dossier::errors::InvalidField("wish.person", "be a person of this family");
  }
  const auto& about = wish.label().about();
  const bool covered = about.family() || std::find(about.persons().begin(), about.persons().end(),
                                                   wisher->id()) != about.persons().end();
  if (!covered) return errors::LabelNotAboutWisher();
  const bool own = !writer.staff && writer.person == wisher->id();
  if (wish.how() == v1::WISH_HOW_SELF && !own) return errors::SelfIsLoggedIn();
  if (writer.staff || own) return absl::OkStatus();
  return dossier::HoldsGezagOverAny(facts, writer.person, {wisher->id()}, today)
             ? absl::OkStatus()
             : errors::NotYourWish();
}

absl::Status CheckMayChange(const v1::Wish& wish, const Writer& writer) {
  const auto wisher = base::ResourceName::Parse(wish.person());
  const bool own = !writer.staff && wisher.ok() && writer.person == wisher->last_id();
  return own || wish.how() != v1::WISH_HOW_SELF ? absl::OkStatus() : errors::WishIsTheirs();
}

absl::Status CheckAtTable(const CaseFact& c, absl::string_view organisation, absl::Time now) {
  if (organisation == c.organisation()) return absl::OkStatus();
  const bool there = std::any_of(c.seats().begin(), c.seats().end(), [&](const Seat& s) {
    return s.organisation() == organisation && dossier::SeatJoined(s, now);
  });
  return there ? absl::OkStatus() : errors::OrganisationNotAtTable();
}

absl::Span<const absl::string_view> WishFields() {
  static constexpr absl::string_view kFields[] = {"text", "how"};
  return kFields;
}
absl::Span<const absl::string_view> GoalFields() {
  static constexpr absl::string_view kFields[] = {"text",    "domain",      "wish",
                                                  "measure", "review_date", "steps"};
  return kFields;
}
absl::Span<const absl::string_view> AssetFields() {
  static constexpr absl::string_view kFields[] = {"kind", "domain", "text", "organisation",
                                                  "end_date"};
  return kFields;
}
absl::Span<const absl::string_view> ArrangementFields() {
  static constexpr absl::string_view kFields[] = {
      "kind",     "reach",   "text",  "organisation", "start_date",
      "end_date", "funding", "split", "goals",        "steps"};
  return kFields;
}

absl::Status ApplyMask(const Message& from, const google::protobuf::FieldMask& mask,
                       absl::Span<const absl::string_view> allowed, Message* to) {
  if (mask.paths().empty()) return errors::MaskMissing(allowed);
  const std::unique_ptr<Message> source(from.New());
  source->CopyFrom(from);
  absl::flat_hash_set<absl::string_view> taken;
  for (const std::string& path : mask.paths()) {
    if (std::find(allowed.begin(), allowed.end(), path) == allowed.end()) {
      return errors::FieldNotForChange(allowed);
    }
    if (!taken.insert(path).second) continue;
    to->GetReflection()->SwapFields(source.get(), to, {to->GetDescriptor()->FindFieldByName(path)});
  }
  return absl::OkStatus();
}

bool Names(const google::protobuf::FieldMask& mask, absl::string_view path) {
  return std::find(mask.paths().begin(), mask.paths().end(), path) != mask.paths().end();
}

std::vector<std::string> ChangedFields(const Message& before, const Message& after) {
  std::vector<std::string> out;
  for (int i = 0; i < after.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = after.GetDescriptor()->field(i);
    const std::string& name = field->name();
    if (!SaysNothing(name) && Only(before, field) != Only(after, field)) out.push_back(name);
  }
  return out;
}

absl::Span<const GoalTransition> GoalTransitions() {
  static constexpr GoalTransition kTransitions[] = {
      {v1::GOAL_STATE_OPEN, v1::GOAL_STATE_OPEN},
      {v1::GOAL_STATE_OPEN, v1::GOAL_STATE_REACHED},
      {v1::GOAL_STATE_OPEN, v1::GOAL_STATE_DROPPED},
      {v1::GOAL_STATE_OPEN, v1::GOAL_STATE_CARRIED_OVER},
      {v1::GOAL_STATE_REACHED, v1::GOAL_STATE_OPEN},
      {v1::GOAL_STATE_DROPPED, v1::GOAL_STATE_OPEN},
  };
  return kTransitions;
}

absl::Status EvaluateGoal(const CaseFact& c, const v1::EvaluateGoalRequest& req,
                          absl::string_view author, absl::Time now, v1::Goal* goal) {
  KP_RETURN_IF_ERROR(CheckStated("result", req.result(), v1::GoalState_IsValid(req.result())));
  const bool known = std::any_of(
      GoalTransitions().begin(), GoalTransitions().end(),
      [&](const GoalTransition& t) { return t.from == goal->state() && t.to == req.result(); });
  if (!known) return errors::ForbiddenResult();
  KP_RETURN_IF_ERROR(dossier::ValidateText("text", req.text(), kPlanText));
  KP_RETURN_IF_ERROR(
      dossier::ValidateText("family_absent_reason", req.family_absent_reason(), kOptionalText));
  KP_ASSIGN_OR_RETURN(const bool family, FamilyAmong(c, req, now));
  if (!family && req.family_absent_reason().empty()) return errors::FamilyNotThere();
  if (family && !req.family_absent_reason().empty()) return errors::FamilyWasThere();
  const bool goes_on =
      req.result() == v1::GOAL_STATE_OPEN || req.result() == v1::GOAL_STATE_CARRIED_OVER;
  if (!goes_on && !req.review_date().empty()) return errors::ReviewNotNeeded();
  if (goes_on) {
    KP_RETURN_IF_ERROR(CheckReviewDate("review_date", req.review_date(), base::DateOf(now)));
  }
  if (goal->evaluations_size() >= limits::kMaxPlanReactions) {
    return dossier::errors::TooMany("evaluations of one goal");
  }
  goal->set_state(req.result());
  if (req.result() == v1::GOAL_STATE_OPEN) goal->set_review_date(req.review_date());
  v1::Evaluation* e = goal->add_evaluations();
  e->set_result(req.result());
  e->set_text(req.text());
  *e->mutable_seats() = req.seats();
  e->set_family_absent_reason(req.family_absent_reason());
  e->set_author(std::string(author));
  *e->mutable_time() = dossier::ToTimestamp(now);
  return absl::OkStatus();
}

v1::Goal CarriedOver(const v1::Goal& goal, absl::string_view review_date) {
  v1::Goal out;
  out.set_text(goal.text());
  out.set_domain(goal.domain());
  out.set_wish(goal.wish());
  out.set_measure(goal.measure());
  out.set_review_date(std::string(review_date));
  out.set_state(v1::GOAL_STATE_OPEN);
  *out.mutable_steps() = goal.steps();
  out.set_carried_from(goal.name());
  return out;
}

absl::Status CheckReaction(const v1::ReactToPlanItemRequest& req, int reactions) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("text", req.text(), kOptionalText));
  if (!req.confirmed() && !dossier::ValidateText("text", req.text(), kPlanText).ok()) {
    return errors::DisputeNeedsText();
  }
  return reactions < limits::kMaxPlanReactions ? absl::OkStatus()
                                               : dossier::errors::TooMany("reactions to one item");
}

void OrderWishes(std::vector<v1::Wish>* wishes) {
  const auto place = [](const v1::Wish& w) {
    switch (w.person_role()) {
      case access::v1::FAMILY_ROLE_CHILD:
        return 0;
      case access::v1::FAMILY_ROLE_PARENT:
      case access::v1::FAMILY_ROLE_GUARDIAN:
        return 1;
      default:
        return 2;
    }
  };
  std::stable_sort(wishes->begin(), wishes->end(),
                   [&](const v1::Wish& a, const v1::Wish& b) { return place(a) < place(b); });
}

}  // namespace knooppunt::plan
