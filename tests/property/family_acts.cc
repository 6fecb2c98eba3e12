#include "tests/property/family_acts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "knooppunt/family/v1/family.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"

namespace knooppunt::property {
namespace {

constexpr char kFamily[] = "family.v1.FamilyService/";

}  // namespace

std::optional<Thing> FamilyActs::One(const Caller& who, const common::v1::Label& part) {
  common::v1::Label label = part;
  label.clear_about();
  switch (w_.Draw(5)) {  // a request mostly: many are refused
    case 0:
      return Contact(who, std::move(label));
    case 1:
      return Household(who, std::move(label));
    default:
      return Request(who, std::move(label));
  }
}

const Member* FamilyActs::Somebody(const Caller& who) {
  if (!who.claims.organisation().empty()) return &w_.Pick(f_.members);
  const auto me = std::find_if(f_.members.begin(), f_.members.end(),
                               [&](const Member& m) { return m.account == who.claims.subject(); });
  return me == f_.members.end() ? nullptr : &*me;
}

std::optional<Thing> FamilyActs::Contact(const Caller& who, common::v1::Label label) {
  const Member* m = Somebody(who);
  if (m == nullptr) return std::nullopt;
  label.mutable_about()->add_persons(m->id);
  for (const Thing& t : f_.things) {
    const bool same = t.kind == Kind::kContact && t.label.about().persons(0) == m->id &&
                      t.label.compartment() == label.compartment() &&
                      t.label.regime() == label.regime();
    if (same) return std::nullopt;
  }
  family::v1::SetContactRequest req;
  req.set_parent(NameOf(*m));
  const std::string mark = w_.Mark();
  req.mutable_contact()->set_how(absl::StrCat("Zoals ", mark));
  *req.mutable_contact()->mutable_label() = label;
  family::v1::Contact made;
  if (!w_.Do(who, f_, absl::StrCat(kFamily, "SetContact"), req, &made).ok()) return std::nullopt;
  return Thing{.kind = Kind::kContact, .name = made.name(), .mark = mark, .label = made.label()};
}

std::optional<Thing> FamilyActs::Household(const Caller& who, common::v1::Label label) {
  std::vector<std::string> ids;
  for (const Member& m : f_.members) {
    if (w_.Chance(50)) ids.push_back(m.id);
  }
  if (ids.empty()) return std::nullopt;
  std::sort(ids.begin(), ids.end());
  family::v1::RecordHouseholdRequest req;
  req.set_parent(f_.name());
  const std::string mark = w_.Mark();
  req.mutable_household()->set_title(absl::StrCat("Thuis ", mark));
  req.mutable_household()->set_start_date(w_.region().Day(-30));
  for (const std::string& id : ids) {
    req.mutable_household()->add_members(f_.name() + "/persons/" + id);
    label.mutable_about()->add_persons(id);
  }
  *req.mutable_household()->mutable_label() = label;
  family::v1::Household made;
  if (!w_.Do(who, f_, absl::StrCat(kFamily, "RecordHousehold"), req, &made).ok()) {
    return std::nullopt;
  }
  return Thing{.kind = Kind::kHousehold, .name = made.name(), .mark = mark, .label = made.label()};
}

std::optional<Thing> FamilyActs::Request(const Caller& who, common::v1::Label label) {
  const Member* m = Somebody(who);
  if (m == nullptr) return std::nullopt;
  // About themselves, or, now and then, about the child too or alone.
  const Member* child = f_.FindMember("child");
  const bool about_child = child != nullptr && child != m && w_.Chance(40);
  std::vector<std::string> ids = {m->id};
  if (about_child && w_.Chance(50)) ids.clear();
  if (about_child) ids.push_back(child->id);
  std::sort(ids.begin(), ids.end());
  for (const std::string& id : ids) label.mutable_about()->add_persons(id);
  requests::v1::RecordRequestRequest req;
  req.set_parent(f_.name());
  const std::string mark = w_.Mark();
  requests::v1::Request& asked = *req.mutable_request();
  asked.set_kind(requests::v1::REQUEST_KIND_COPY);
  asked.set_text(absl::StrCat("Een afschrift ", mark));
  *asked.mutable_label() = label;
  if (!who.claims.organisation().empty()) {
    asked.set_requester(NameOf(*m));
    asked.set_received_how(requests::v1::RECEIVED_HOW_ON_PAPER);
    asked.set_received_date(w_.region().Day(0));
  }
  requests::v1::Request made;
  if (!w_.Do(who, f_, "requests.v1.RequestsService/RecordRequest", req, &made).ok()) {
    return std::nullopt;
  }
  return Thing{.kind = Kind::kRequest, .name = made.name(), .mark = mark, .label = made.label()};
}

}  // namespace knooppunt::property
