// The comparisons of persons, gezag, households, contacts and requests under the AVG.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/family/v1/family.pb.h"
#include "knooppunt/family/v1/merge.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {

using access::v1::Decision;

namespace {

constexpr char kPersons[] = "family.v1.FamilyService/ListPersons";
constexpr char kPerson[] = "family.v1.FamilyService/GetPerson";
constexpr char kRevisions[] = "family.v1.FamilyService/ListPersonRevisions";
constexpr char kGezag[] = "family.v1.FamilyService/ListGezag";
constexpr char kHouseholds[] = "family.v1.FamilyService/ListHouseholds";
constexpr char kContacts[] = "family.v1.FamilyService/ListContacts";
constexpr char kDoubles[] = "family.v1.FamilyService/FindDoubles";
constexpr char kMerges[] = "family.v1.MergeService/ListMerges";
constexpr char kRequests[] = "requests.v1.RequestsService/ListRequests";
constexpr char kRequest[] = "requests.v1.RequestsService/GetRequest";
constexpr char kOpenRequests[] = "requests.v1.RequestsService/ListOpenRequests";
constexpr char kControllers[] = "requests.v1.RequestsService/ListControllers";

template <typename List>
std::multiset<std::string> NamesOf(const List& list) {
  std::multiset<std::string> out;
  for (const auto& x : list) out.insert(x.name());
  return out;
}

}  // namespace

std::set<std::string> Comparer::ComparedOfFamily() {
  return {kPersons, kPerson,   kRevisions, kGezag,        kHouseholds,  kContacts,
          kDoubles, kRequests, kRequest,   kOpenRequests, kControllers, kMerges};
}

void Comparer::Persons(const Caller& who, const Family& f) {
  const Decision d = Point(who, kPersons, f.name());
  family::v1::ListPersonsRequest request;
  request.set_parent(f.name());
  family::v1::ListPersonsResponse shown;
  if (!Agrees(d, Call(who, kPersons, request, &shown), kPersons, who, f)) return;
  SameThings(Kind::kPerson, NamesOf(shown.persons()), d, kPersons, who, f);
  Search(shown.SerializeAsString(), d, kPersons, who, &f, {});
  std::set<std::string> pairs;  // who holds gezag over whom, as the persons say
  for (const family::v1::Person& p : shown.persons()) {
    for (const std::string& child : p.gezag_over()) pairs.insert(p.name() + " " + child);
  }
  for (const Thing& t : f.things) {
    if (t.kind != Kind::kPerson) continue;
    family::v1::GetPersonRequest get;
    get.set_name(t.name);
    family::v1::Person one;
    const absl::Status status = Call(who, kPerson, get, &one);
    const auto listed = std::find_if(shown.persons().begin(), shown.persons().end(),
                                     [&](const auto& p) { return p.name() == t.name; });
    Expect(status.ok() == (listed != shown.persons().end()), kPerson, who, &f,
           "listed and read alone: not the same");
    if (status.ok() && listed != shown.persons().end()) {
      Expect(one.SerializeAsString() == listed->SerializeAsString(), kPerson, who, &f,
             "listed and read alone it says something else");
    }
    AboutPerson(who, f, t);
  }
  GezagOf(who, f, pairs);
}

// What hangs on one person: how to reach them, how the record read before, doubles.
void Comparer::AboutPerson(const Caller& who, const Family& f, const Thing& person) {
  const Decision d = Point(who, kContacts, person.name);
  family::v1::ListContactsRequest request;
  request.set_parent(person.name);
  family::v1::ListContactsResponse contacts;
  const absl::Status status = Call(who, kContacts, request, &contacts);
  const bool sees = Opens(d, person.scope);
  Expect(status.ok() == sees, kContacts, who, &f, absl::StrCat("of a person: ", InWords(status)));
  std::multiset<std::string> expected;
  for (const Thing& t : f.things) {
    if (t.kind == Kind::kContact && sees && Opens(d, t.scope) &&
        absl::StartsWith(t.name, person.name + "/")) {
      expected.insert(t.name);
    }
  }
  Expect(NamesOf(contacts.contacts()) == expected, kContacts, who, &f, "how to reach a person");
  Search(contacts.SerializeAsString(), d, kContacts, who, &f, {});

  const Decision history = Point(who, kRevisions, person.name);
  family::v1::ListPersonRevisionsRequest before;
  before.set_parent(person.name);
  family::v1::ListPersonRevisionsResponse revisions;
  const absl::Status read = Call(who, kRevisions, before, &revisions);
  Expect(read.ok() == Opens(history, person.scope) && revisions.ByteSizeLong() == 0, kRevisions,
         who, &f, "nobody was corrected in this world");

  const Decision doubles = Point(who, kDoubles, person.name);
  family::v1::FindDoublesRequest find;
  find.set_name(person.name);
  family::v1::FindDoublesResponse found;
  const absl::Status told = Call(who, kDoubles, find, &found);
  if (base::ReasonOf(told) == "TOO_MANY_SEARCHES") return;
  const bool may = Opens(doubles, person.scope);
  Expect(!told.ok() && found.ByteSizeLong() == 0 && (base::ReasonOf(told) == "NO_NUMBER") == may,
         kDoubles, who, &f, absl::StrCat("nobody has a number here: ", InWords(told)));
}

void Comparer::GezagOf(const Caller& who, const Family& f, const std::set<std::string>& pairs) {
  const Decision d = Point(who, kGezag, f.name());
  family::v1::ListGezagRequest request;
  request.set_parent(f.name());
  family::v1::ListGezagResponse shown;
  if (!Agrees(d, Call(who, kGezag, request, &shown), kGezag, who, f)) return;
  std::set<std::string> listed;
  for (const family::v1::Gezag& g : shown.gezag()) {
    if (!g.holder_person().empty()) listed.insert(g.holder_person() + " " + g.over());
  }
  // Of who has turned 18 the gezag has ended by law: it stands in the list and holds no more.
  Expect(std::includes(listed.begin(), listed.end(), pairs.begin(), pairs.end()), kGezag, who, &f,
         "gezag that a person's record shows");
  Search(shown.SerializeAsString(), d, kGezag, who, &f, {});
}

void Comparer::Households(const Caller& who, const Family& f) {
  const Decision d = Point(who, kHouseholds, f.name());
  family::v1::ListHouseholdsRequest request;
  request.set_parent(f.name());
  family::v1::ListHouseholdsResponse shown;
  if (!Agrees(d, Call(who, kHouseholds, request, &shown), kHouseholds, who, f)) return;
  SameThings(Kind::kHousehold, NamesOf(shown.households()), d, kHouseholds, who, f);
  Search(shown.SerializeAsString(), d, kHouseholds, who, &f, {});
}

void Comparer::Requests(const Caller& who, const Family& f) {
  const Decision d = Point(who, kRequests, f.name());
  requests::v1::ListRequestsRequest request;
  request.set_parent(f.name());
  requests::v1::ListRequestsResponse shown;
  if (!Agrees(d, Call(who, kRequests, request, &shown), kRequests, who, f)) return;
  SameThings(Kind::kRequest, NamesOf(shown.requests()), d, kRequests, who, f);
  Search(shown.SerializeAsString(), d, kRequests, who, &f, {});
  for (const requests::v1::Request& r : shown.requests()) {
    requests::v1::GetRequestRequest get;
    get.set_name(r.name());
    requests::v1::Request one;
    Expect(Call(who, kRequest, get, &one).ok() && one.SerializeAsString() == r.SerializeAsString(),
           kRequest, who, &f, "listed and read alone it says something else");
  }
  requests::v1::ListControllersRequest ask;
  ask.set_parent(f.name());
  requests::v1::ListControllersResponse controllers;
  if (!Agrees(d, Call(who, kControllers, ask, &controllers), kControllers, who, f)) return;
  std::set<std::string> expected, told;
  for (const auto& s : d.permit().scopes()) expected.insert(s.label().controller());
  for (const auto& c : controllers.controllers()) told.insert(c.organisation());
  Expect(expected == told, kControllers, who, &f, "who answers for what is open");
  Search(controllers.SerializeAsString(), d, kControllers, who, &f, {});
}

// R18: a merge shows to who may correct both records, each decided about by itself.
void Comparer::Merges(const Caller& who) {
  family::v1::ListMergesResponse shown;
  const absl::Status status = Call(who, kMerges, family::v1::ListMergesRequest(), &shown);
  Expect(status.ok() == Point(who, kMerges, "").allowed(), kMerges, who, nullptr, InWords(status));
  for (const family::v1::Merge& merge : shown.merges()) {
    Expect(
        Point(who, kMerges, merge.name()).allowed() && Point(who, kMerges, merge.into()).allowed(),
        kMerges, who, nullptr, "a merge of a record that is not theirs to correct");
  }
}

void Comparer::OpenRequests(const Caller& who) {
  requests::v1::ListOpenRequestsRequest request;
  request.set_page_size(200);
  requests::v1::ListOpenRequestsResponse shown;
  const absl::Status status = Call(who, kOpenRequests, request, &shown);
  const bool may = Point(who, kOpenRequests, "").allowed();
  Expect(status.ok() == may, kOpenRequests, who, nullptr, InWords(status));
  const std::multiset<std::string> names = NamesOf(shown.requests());
  size_t expected = 0;
  for (const Family& f : w_.families()) {
    const Decision d = Point(who, kOpenRequests, f.name());
    for (const Thing& t : f.things) {
      if (t.kind != Kind::kRequest) continue;
      const bool open = may && Opens(d, t.scope);
      expected += open ? 1 : 0;
      Expect((names.count(t.name) == 1) == open, kOpenRequests, who, &f,
             absl::StrCat(t.name, open ? " is open and not shown" : " is shown and not open"));
    }
  }
  Expect(names.size() == expected, kOpenRequests, who, nullptr, "requests that nobody made");
}

}  // namespace knooppunt::property
