#include "tests/property/comparer.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "services/runtime/direct_transport.h"

namespace knooppunt::property {

using access::v1::Decision;
using google::protobuf::Message;

namespace {

constexpr char kGetCase[] = "casework.v1.CaseworkService/GetCase";
constexpr char kOwnRecord[] = "casework.v1.CaseworkService/ListOwnRecord";
constexpr char kHandovers[] = "handover.v1.HandoverService/ListHandovers";
constexpr char kGetHandover[] = "handover.v1.HandoverService/GetHandover";
constexpr char kConsents[] = "consent.v1.ConsentService/ListConsents";
constexpr char kGrounds[] = "consent.v1.ConsentService/ListGrounds";

std::set<std::string> PersonsOpen(const Decision& d) {
  std::set<std::string> out;
  if (!d.person().empty()) out.insert(d.person());
  for (const auto& s : d.permit().scopes()) {
    out.insert(s.label().about().persons().begin(), s.label().about().persons().end());
  }
  return out;
}

template <typename List>
std::multiset<std::string> NamesOf(const List& list) {
  std::multiset<std::string> out;
  for (const auto& x : list) out.insert(x.name());
  return out;
}

}  // namespace

Comparer::Comparer(World* world, Report* report) : w_(*world), report_(*report) {}

// ---- Asking -------------------------------------------------------------------------

Decision Comparer::Point(const Caller& who, const std::string& method,
                         const std::string& resource) {
  runtime::DirectTransport unit(&w_.region().process().switchboard(), "dossier");
  access::v1::CheckRequest request;
  request.set_token(w_.region().Token(who));
  request.set_method(absl::StrCat("/knooppunt.", method));
  request.set_resource(resource);
  request.set_purpose(who.purpose);
  request.set_call_id("the-point-check");
  Decision decision;
  integration::Require(
      unit.Call("/knooppunt.access.v1.AccessService/Check", request, &decision, {}), "check");
  ++report_.calls;
  ++report_.by_method["access.v1.AccessService/Check"];
  return decision;
}

absl::Status Comparer::Call(const Caller& who, const std::string& method, const Message& request,
                            Message* response) {
  ++report_.calls;
  return w_.region().Call(who, method, request, response);
}

void Comparer::Expect(bool same, const std::string& method, const Caller& who, const Family* f,
                      const std::string& what) {
  ++report_.comparisons;
  ++report_.by_method[method];
  if (same) return;
  report_.findings.push_back(absl::StrCat(
      method, " for ", who.claims.subject(), " (purpose ", who.purpose, ") of ",
      f == nullptr ? "all" : absl::StrCat(f->surname, ", form ", f->form), ": ", what));
}

bool Comparer::Agrees(const Decision& d, const absl::Status& status, const std::string& method,
                      const Caller& who, const Family& f) {
  const bool refused = base::ReasonOf(status) == "REFUSED";
  Expect(d.allowed() != refused, method, who, &f,
         absl::StrCat("the point check says ", d.allowed() ? "yes" : "no", " (", d.rule(),
                      ") and the answer is ", InWords(status)));
  if (!status.ok()) Search(std::string(status.message()), d, method, who, &f, {});
  return d.allowed() && status.ok();
}

bool Comparer::Opens(const Decision& d, const std::string& scope) {
  return d.allowed() && std::any_of(d.permit().scopes().begin(), d.permit().scopes().end(),
                                    [&](const auto& s) { return s.id() == scope; });
}

bool Comparer::Leads(const Decision& d, const Family& f) const {
  if (d.seat().empty() || f.regisseur_seat.empty()) return false;
  const auto acts_for = [&](const std::string& place) {
    if (d.seat() == place) return true;
    return std::any_of(f.seats.begin(), f.seats.end(), [&](const SeatKnown& s) {
      return s.id == d.seat() && s.deputises == place;
    });
  };
  return acts_for(f.regisseur_seat) || acts_for(f.stand_in_seat);
}

// ---- Searching answers --------------------------------------------------------------

void Comparer::Index() {
  known_.clear();
  mark_.clear();
  for (const Family& f : w_.families()) {
    known_[f.id] = {.family = &f};
    known_[LastId(f.case_name)] = {.family = &f};
    for (const Member& m : f.members) known_[m.id] = {.family = &f, .person = true};
    for (const ConsentKnown& c : f.consents) known_[LastId(c.name)] = {.family = &f, .named = true};
    for (const GroundKnown& g : f.grounds) known_[LastId(g.name)] = {.family = &f, .named = true};
    for (const EmergencyKnown& e : f.emergencies) {
      known_[LastId(e.name)] = {.family = &f, .named = true};
    }
    for (const Thing& t : f.things) {
      if (!t.mark.empty()) {
        mark_[t.mark] = &t;
        mark_family_[t.mark] = &f;
      }
      if (t.kind == Kind::kWish || t.kind == Kind::kAsset || t.kind == Kind::kArrangement ||
          t.kind == Kind::kGoal || t.kind == Kind::kStep || t.kind == Kind::kMeeting ||
          t.kind == Kind::kContact || t.kind == Kind::kHousehold || t.kind == Kind::kRequest ||
          t.kind == Kind::kContribution || t.kind == Kind::kDocument ||
          t.kind == Kind::kEscalation || t.kind == Kind::kHandover || t.kind == Kind::kAgendaItem) {
        known_[LastId(t.name)] = {.family = &f, .thing = &t};
      }
    }
  }
}

bool Comparer::NamesNothing(const std::string& bytes) const {
  const std::set<std::string> ids = IdsIn(bytes);
  return std::none_of(ids.begin(), ids.end(),
                      [&](const std::string& id) { return known_.contains(id); });
}

// Whatever an answer is made of: a word of an item that is not open, or an id that leads to
// something that is not the caller's, may not stand in it.
void Comparer::Search(const std::string& bytes, const Decision& d, const std::string& method,
                      const Caller& who, const Family* f, const Also& also) {
  for (const std::string& mark : MarksIn(bytes)) {
    const auto at = mark_.find(mark);
    // Of a wording there is a copy for each that it is about; any of them opens it.
    bool open = at == mark_.end() || also.marks.contains(mark);
    if (!open && mark_family_[mark] == f && f != nullptr) {
      open = std::any_of(f->things.begin(), f->things.end(),
                         [&](const Thing& t) { return t.mark == mark && Opens(d, t.scope); });
    }
    Expect(open, method, who, f, absl::StrCat("the text ", mark, " stands in the answer"));
  }
  const std::set<std::string> persons = PersonsOpen(d);
  for (const std::string& id : IdsIn(bytes)) {
    const auto at = known_.find(id);
    if (at == known_.end() || also.ids.contains(id)) continue;
    const Known& k = at->second;
    bool open = k.family == f;
    if (open && k.thing != nullptr) open = Opens(d, k.thing->scope);
    if (open && k.person) {
      open = persons.contains(id) || (also.every_person && d.person().empty());
    }
    if (open && k.named) open = consents_shown_.contains(id) || grounds_shown_.contains(id);
    Expect(open, method, who, f, absl::StrCat("the id ", id, " stands in the answer"));
  }
}

void Comparer::SameThings(Kind kind, const std::multiset<std::string>& shown, const Decision& d,
                          const std::string& method, const Caller& who, const Family& f) {
  size_t expected = 0;
  for (const Thing& t : f.things) {
    if (t.kind != kind) continue;
    const bool open = Opens(d, t.scope);
    expected += open ? 1 : 0;
    Expect((shown.count(t.name) == 1) == open && shown.count(t.name) <= 1, method, who, &f,
           absl::StrCat(t.name, open ? " is open and not shown" : " is shown and not open"));
  }
  Expect(shown.size() == expected, method, who, &f,
         absl::StrCat(shown.size(), " things are shown and ", expected, " are open"));
}

// ---- One family ----------------------------------------------------------------------

void Comparer::Compare(const Caller& who, const Family& f) {
  Index();
  consents_shown_.clear();
  grounds_shown_.clear();
  ListConsents(who, f);
  ListGrounds(who, f);
  GetCase(who, f);
  Plan(who, f);
  Meetings(who, f);
  ListOwnRecord(who, f);
  Documents(who, f);
  ListHandovers(who, f);
  Receipts(who, f);
  Persons(who, f);
  Households(who, f);
  Requests(who, f);
  ListLapses(who, f);
  WhoMustAgree(who, f);
  Explain(who, f);
  ListRecords(who, f);
  Questions(who, f);
  Responsible(who, f);
  GetEmergency(who, f);
}

void Comparer::GetCase(const Caller& who, const Family& f) {
  const Decision d = Point(who, kGetCase, f.case_name);
  casework::v1::GetCaseRequest request;
  request.set_name(f.case_name);
  casework::v1::Case shown, again;
  if (!Agrees(d, Call(who, kGetCase, request, &shown), kGetCase, who, f)) return;
  SameThings(Kind::kPerson, NamesOf(shown.persons()), d, kGetCase, who, f);
  SameThings(Kind::kGoal, NamesOf(shown.goals()), d, kGetCase, who, f);
  SameThings(Kind::kStep, NamesOf(shown.steps()), d, kGetCase, who, f);
  SameThings(Kind::kMeeting, NamesOf(shown.meetings()), d, kGetCase, who, f);
  SameThings(Kind::kContribution, NamesOf(shown.contributions()), d, kGetCase, who, f);
  SameThings(Kind::kEscalation, NamesOf(shown.escalations()), d, kGetCase, who, f);
  for (const Thing& t : f.things) {
    if (t.kind != Kind::kOpening && t.kind != Kind::kClosing) continue;
    const std::string& text = t.kind == Kind::kOpening ? shown.reason() : shown.outcome();
    Expect(absl::StrContains(text, t.mark) == Opens(d, t.scope), kGetCase, who, &f,
           "how it opened or closed");
  }
  NestedInCase(who, f, d, shown);
  Authors(kGetCase, who, f, d, shown.contributions());
  Search(shown.SerializeAsString(), d, kGetCase, who, &f, {});
  const absl::Status twice = Call(who, kGetCase, request, &again);
  Expect(twice.ok() && again.SerializeAsString() == shown.SerializeAsString(), kGetCase, who, &f,
         "two answers without a change between them differ");
}

void Comparer::NestedInCase(const Caller& who, const Family& f, const Decision& d,
                            const casework::v1::Case& shown) {
  std::set<std::string> persons;
  for (const Thing& t : f.things) {
    if (t.kind == Kind::kPerson && Opens(d, t.scope)) persons.insert(LastId(t.name));
  }
  for (const casework::v1::Participant& p : shown.participants()) {
    Expect(p.person().empty() || persons.contains(p.person()), kGetCase, who, &f,
           "a seat of somebody whose person is not open");
  }
  for (const casework::v1::Person& p : shown.persons()) {
    for (const std::string& child : p.gezag_over()) {
      Expect(persons.contains(child), kGetCase, who, &f, "gezag over somebody not open");
    }
  }
  for (const std::string& child : f.children) {
    const bool named = std::count(shown.children().begin(), shown.children().end(), child) == 1;
    Expect(named == persons.contains(child), kGetCase, who, &f, "the children of the case");
  }
  // A seat is the table's to know; the item that names it is not.
  size_t seats = 0;
  for (const SeatKnown& s : f.seats) {
    seats += std::count_if(shown.participants().begin(), shown.participants().end(),
                           [&](const auto& p) { return p.seat() == s.id; });
  }
  Expect(seats == f.seats.size(), kGetCase, who, &f, "the seats of professionals");
}

// Who wrote what: a relative whom one may see by id, one whom one may not by the family's name.
void Comparer::Authors(
    const std::string& method, const Caller& who, const Family& f, const Decision& d,
    const google::protobuf::RepeatedPtrField<casework::v1::Contribution>& shown) {
  for (const casework::v1::Contribution& c : shown) {
    const auto t = std::find_if(f.things.begin(), f.things.end(),
                                [&](const Thing& x) { return x.name == c.name(); });
    if (t == f.things.end()) continue;  // SameThings has said so
    const auto author = std::find_if(f.things.begin(), f.things.end(), [&](const Thing& x) {
      return x.kind == Kind::kPerson && x.name == t->author;
    });
    const bool hidden = author != f.things.end() && !Opens(d, author->scope);
    Expect(c.author() == (hidden ? f.name() : t->author), method, who, &f,
           absl::StrCat(c.name(), " has ", c.author(), " as its author"));
  }
}

void Comparer::ListOwnRecord(const Caller& who, const Family& f) {
  Caller own = who;
  if (!who.claims.organisation().empty()) own.purpose = common::v1::PURPOSE_OWN_RECORD;
  const Decision d = Point(own, kOwnRecord, f.case_name);
  casework::v1::ListOwnRecordRequest request;
  request.set_parent(f.case_name);
  casework::v1::ListOwnRecordResponse shown;
  if (!Agrees(d, Call(own, kOwnRecord, request, &shown), kOwnRecord, own, f)) return;
  SameThings(Kind::kContribution, NamesOf(shown.contributions()), d, kOwnRecord, own, f);
  for (const auto& c : shown.contributions()) {
    Expect(c.label().controller() == who.claims.organisation(), kOwnRecord, own, &f,
           "what another organisation answers for");
  }
  Authors(kOwnRecord, own, f, d, shown.contributions());
  Search(shown.SerializeAsString(), d, kOwnRecord, own, &f, {});
}

// By the point method where there is one: signing with a hash that fits no wording, or recording
// without saying how, fails on the name of what one may not see, and on that else.
bool Comparer::MaySeeConsent(const Caller& who, const Family& f, const Decision& d,
                             const ConsentKnown& c) {
  consent::v1::Consent nothing;
  absl::Status status;
  if (who.claims.organisation().empty()) {
    consent::v1::SignConsentRequest request;
    request.set_name(c.name);
    request.set_wording_sha256(std::string(64, '0'));
    status = Call(who, "consent.v1.ConsentService/SignConsent", request, &nothing);
  } else {
    consent::v1::RecordWithdrawalRequest request;
    request.set_name(c.name);
    status = Call(who, "consent.v1.ConsentService/RecordWithdrawal", request, &nothing);
  }
  if (base::ReasonOf(status) != "REFUSED") return !absl::IsNotFound(status);
  // No such act for them: who leads, whose werkplaats it is, who receives, and who has gezag.
  const std::string& organisation = who.claims.organisation();
  if (Leads(d, f) || organisation == f.opener.claims.organisation() || organisation == c.recipient)
    return true;
  if (organisation.empty() || organisation != f.guardian) return false;
  const Member* child = f.FindMember("child");
  return c.about.family() ||
         std::count(c.about.persons().begin(), c.about.persons().end(), child->id) > 0;
}

void Comparer::ListConsents(const Caller& who, const Family& f) {
  const Decision d = Point(who, kConsents, f.name());
  consent::v1::ListConsentsRequest request;
  request.set_parent(f.name());
  consent::v1::ListConsentsResponse shown;
  if (!Agrees(d, Call(who, kConsents, request, &shown), kConsents, who, f)) return;
  const std::multiset<std::string> names = NamesOf(shown.consents());
  for (const std::string& name : names) consents_shown_.insert(LastId(name));
  Expect(names.size() == consents_shown_.size(), kConsents, who, &f, "a consent twice");
  size_t expected = 0;
  for (const ConsentKnown& c : f.consents) {
    const bool may = MaySeeConsent(who, f, d, c);
    expected += may ? 1 : 0;
    Expect((names.count(c.name) == 1) == may, kConsents, who, &f,
           absl::StrCat(c.name, may ? " may be seen and is not listed" : " is listed and hidden"));
  }
  Expect(names.size() == expected, kConsents, who, &f, "consents that nobody proposed");
  Also also;
  for (const consent::v1::Consent& c : shown.consents()) {
    const std::string id = LastId(c.name());
    const auto& in_force = d.effective_consents();
    Expect(c.in_force() == (std::count(in_force.begin(), in_force.end(), id) > 0), kConsents, who,
           &f, "whether it is in force");
    bool readable = false;
    for (const Thing& t : f.things) {
      if (t.kind != Kind::kWording || t.name != c.name()) continue;
      readable = readable || (t.revision == c.wording_revision() && Opens(d, t.scope));
    }
    Expect(readable == !c.wording().empty(), kConsents, who, &f, "its wording");
    // R12: whom it is about, and who signed it, is read by who may see it.
    for (const std::string& mentioned : IdsIn(c.SerializeAsString())) also.ids.insert(mentioned);
  }
  Search(shown.SerializeAsString(), d, kConsents, who, &f, also);
}

bool Comparer::MaySeeGround(const Caller& who, const Family& f, const Decision& d,
                            const GroundKnown& g) {
  const std::string& me = who.claims.subject();
  if (who.claims.organisation().empty()) return false;  // not asked
  consent::v1::ReviewGroundRequest request;             // without an outcome: never done
  request.set_name(g.name);
  consent::v1::Ground nothing;
  const absl::Status status =
      Call(who, "consent.v1.ConsentService/ReviewGround", request, &nothing);
  if (base::ReasonOf(status) != "REFUSED") return !absl::IsNotFound(status);
  if (d.seat().empty()) return false;
  return Leads(d, f) || who.claims.organisation() == f.opener.claims.organisation() ||
         g.invoked_by == me || g.reviewer == me || g.recipient == who.claims.organisation();
}

void Comparer::ListGrounds(const Caller& who, const Family& f) {
  const Decision d = Point(who, kGrounds, f.name());
  consent::v1::ListGroundsRequest request;
  request.set_parent(f.name());
  consent::v1::ListGroundsResponse shown;
  if (!Agrees(d, Call(who, kGrounds, request, &shown), kGrounds, who, f)) return;
  const std::multiset<std::string> names = NamesOf(shown.grounds());
  for (const std::string& name : names) grounds_shown_.insert(LastId(name));
  // For the family: as its log is filtered, which is decided elsewhere.
  const Decision log = Point(who, "audit.v1.AuditService/ListRecords", f.name());
  const auto& hidden = log.audit_view().hidden_grounds();
  const auto& visible = log.audit_view().visible_persons();
  size_t expected = 0;
  for (const GroundKnown& g : f.grounds) {
    bool may = MaySeeGround(who, f, d, g);
    if (!d.person().empty()) {
      may = log.allowed() && std::count(hidden.begin(), hidden.end(), LastId(g.name)) == 0;
      for (const Thing& t : f.things) {
        if (t.kind != Kind::kGroundText || t.name != g.name) continue;
        for (const std::string& p : t.label.about().persons()) {
          may = may && std::count(visible.begin(), visible.end(), p) > 0;
        }
      }
    }
    expected += may ? 1 : 0;
    Expect((names.count(g.name) == 1) == may, kGrounds, who, &f,
           absl::StrCat(g.name, may ? " may be seen and is not listed" : " is listed and hidden"));
  }
  Expect(names.size() == expected, kGrounds, who, &f, "grounds that nobody invoked");
  Also also;
  for (const consent::v1::Ground& g : shown.grounds()) {
    for (const Thing& t : f.things) {
      if (t.kind != Kind::kGroundText || t.name != g.name()) continue;
      Expect(Opens(d, t.scope) == !g.reason().empty(), kGrounds, who, &f, "its reason");
    }
    for (const std::string& mentioned : IdsIn(g.about().SerializeAsString())) {
      also.ids.insert(mentioned);
    }
  }
  Search(shown.SerializeAsString(), d, kGrounds, who, &f, also);
}

void Comparer::ListHandovers(const Caller& who, const Family& f) {
  const Decision d = Point(who, kHandovers, f.case_name);
  handover::v1::ListHandoversRequest request;
  request.set_parent(f.case_name);
  handover::v1::ListHandoversResponse shown;
  if (!Agrees(d, Call(who, kHandovers, request, &shown), kHandovers, who, f)) return;
  std::map<std::string, handover::v1::Handover> listed;
  for (const auto& h : shown.handovers()) listed[h.name()] = h;
  Expect(listed.size() == static_cast<size_t>(shown.handovers_size()), kHandovers, who, &f,
         "twice");
  size_t found = 0;
  for (const std::string& name : f.handovers) {
    const Decision one = Point(who, kGetHandover, name);
    handover::v1::GetHandoverRequest get;
    get.set_name(name);
    handover::v1::Handover h;
    const absl::Status status = Call(who, kGetHandover, get, &h);
    Agrees(one, status, kGetHandover, who, f);
    Expect(status.ok() == listed.contains(name), kHandovers, who, &f,
           absl::StrCat(name, " is listed and read alone: not the same"));
    if (!status.ok() || !listed.contains(name)) continue;
    ++found;
    Search(h.SerializeAsString(), one, kGetHandover, who, &f, {});
    h.clear_parts();
    Expect(h.SerializeAsString() == listed[name].SerializeAsString(), kHandovers, who, &f,
           "listed and read alone it says something else");
  }
  Expect(found == listed.size(), kHandovers, who, &f, "handovers that nobody drafted");
  Search(shown.SerializeAsString(), d, kHandovers, who, &f, {});
}

void Comparer::CompareAnswers() {
  std::set<std::string> before;
  for (const auto& [id, known] : known_) before.insert(id);
  Index();
  for (const World::Answer& a : w_.TakeAnswers()) {
    const Family& f = w_.families()[a.family];
    const bool staff = !a.who.claims.organisation().empty();
    consents_shown_ = grounds_shown_ = {};
    Also also;
    also.marks = MarksIn(a.request);  // one's own words
    also.ids = IdsIn(a.request);
    also.every_person = true;
    // R12, R20: what an act was about, and what it made; nothing else.
    for (const std::string& id : IdsIn(a.bytes)) {
      const auto at = known_.find(id);
      if (at == known_.end() || at->second.family != &f) continue;
      const bool made = at->second.thing != nullptr && !before.contains(id);
      const bool consent = at->second.person && !staff && absl::StrContains(a.method, "Consent");
      if (made || consent || at->second.named) also.ids.insert(id);
    }
    // R15: who had to review read the reason, until they had.
    for (const Thing& t : f.things) {
      if (t.kind == Kind::kGroundText && absl::EndsWith(a.method, "ReviewGround") &&
          also.ids.contains(LastId(t.name))) {
        also.marks.insert(t.mark);
      }
    }
    if (absl::StrContains(a.method, "Emergency")) also.ids.insert(LastId(f.case_name));
    Search(a.bytes, Point(a.who, kGetCase, f.case_name), a.method, a.who, &f, also);
    ++report_.by_method[a.method];
    ++report_.comparisons;
  }
}

// ---- Before and after -------------------------------------------------------------------

std::map<std::string, std::string> Comparer::Look(const Caller& who, const Family& f) {
  std::map<std::string, std::string> out;
  const auto look = [&](const std::string& method, const Message& request, Message* response) {
    const absl::Status status = Call(who, method, request, response);
    out[method] = status.ok() ? response->SerializeAsString() : InWords(status);
  };
  casework::v1::GetCaseRequest get;
  get.set_name(f.case_name);
  casework::v1::Case c;
  look(kGetCase, get, &c);
  plan::v1::GetPlanRequest get_plan;
  get_plan.set_name(f.case_name);
  plan::v1::Plan plan_shown;
  look("plan.v1.PlanService/GetPlan", get_plan, &plan_shown);
  plan::v1::ListPlanChangesRequest changes;
  changes.set_parent(f.case_name);
  plan::v1::ListPlanChangesResponse changes_shown;
  look("plan.v1.PlanService/ListPlanChanges", changes, &changes_shown);
  casework::v1::ListCasesRequest cases;
  casework::v1::ListCasesResponse cases_shown;
  look("casework.v1.CaseworkService/ListCases", cases, &cases_shown);
  casework::v1::ListOwnRecordRequest own;
  own.set_parent(f.case_name);
  casework::v1::ListOwnRecordResponse own_shown;
  look(kOwnRecord, own, &own_shown);
  consent::v1::ListConsentsRequest consents;
  consents.set_parent(f.name());
  consent::v1::ListConsentsResponse consents_shown;
  look(kConsents, consents, &consents_shown);
  consent::v1::ListGroundsRequest grounds;
  grounds.set_parent(f.name());
  consent::v1::ListGroundsResponse grounds_shown;
  look(kGrounds, grounds, &grounds_shown);
  handover::v1::ListHandoversRequest handovers;
  handovers.set_parent(f.case_name);
  handover::v1::ListHandoversResponse handovers_shown;
  look(kHandovers, handovers, &handovers_shown);
  access::v1::ListLapsesRequest lapses;
  lapses.set_parent(f.name());
  lapses.set_days(366);
  access::v1::ListLapsesResponse lapses_shown;
  look("access.v1.AccessService/ListLapses", lapses, &lapses_shown);
  consent::v1::ListEmergenciesRequest emergencies;
  emergencies.set_reviewed(true);
  consent::v1::ListEmergenciesResponse emergencies_shown;
  look("consent.v1.ConsentService/ListEmergencies", emergencies, &emergencies_shown);
  worklist::v1::ListWorklistRequest work;
  worklist::v1::ListWorklistResponse work_shown;
  look("worklist.v1.WorklistService/ListWorklist", work, &work_shown);
  worklist::v1::ListInboxRequest inbox;
  worklist::v1::ListInboxResponse inbox_shown;
  look("worklist.v1.WorklistService/ListInbox", inbox, &inbox_shown);
  worklist::v1::Digest digest;
  look("worklist.v1.WorklistService/GetDigest", worklist::v1::GetDigestRequest(), &digest);
  meetings::v1::ListOwnInvitationsRequest invitations;
  invitations.set_answered(true);
  meetings::v1::ListOwnInvitationsResponse invited;
  look("meetings.v1.MeetingsService/ListOwnInvitations", invitations, &invited);
  meetings::v1::ListSittingsRequest sittings;
  sittings.set_parent("werkplaatsen/manjefiek");
  meetings::v1::ListSittingsResponse sat;
  look("meetings.v1.MeetingsService/ListSittings", sittings, &sat);
  std::string& agendas = out["meetings.v1.MeetingsService/GetAgenda"];
  for (const MeetingKnown& m : f.meetings) {
    meetings::v1::GetAgendaRequest agenda;
    agenda.set_name(m.name);
    meetings::v1::Agenda agenda_shown;
    const bool ok = Call(who, "meetings.v1.MeetingsService/GetAgenda", agenda, &agenda_shown).ok();
    if (ok) absl::StrAppend(&agendas, agenda_shown.SerializeAsString());
  }
  return out;
}

Comparer::Sight Comparer::SightOf(const Caller& who, const Family& f) {
  Sight out;
  for (const auto& [method, resource] : std::vector<std::pair<std::string, std::string>>{
           {kGetCase, f.case_name},
           {"plan.v1.PlanService/GetPlan", f.case_name},
           {"casework.v1.CaseworkService/ListCases", f.case_name},
           {kOwnRecord, f.case_name},
           {"documents.v1.DocumentService/ListDocuments", f.case_name},
           {"meetings.v1.MeetingsService/GetAgenda", f.case_name},
           {kConsents, f.name()},
           {kGrounds, f.name()},
           {kHandovers, f.case_name}}) {
    const Decision d = Point(who, method, resource);
    out.outcomes.insert(absl::StrCat(method, d.allowed(), d.rule(), d.seat()));
    out.explainable = out.explainable || d.explainable();
    for (const auto& s : d.permit().scopes()) out.scopes.insert(s.id());
  }
  consent::v1::ListConsentsRequest consents;
  consents.set_parent(f.name());
  consent::v1::ListConsentsResponse consents_shown;
  if (Call(who, kConsents, consents, &consents_shown).ok()) {
    for (const auto& c : consents_shown.consents()) out.consents.insert(c.name());
  }
  consent::v1::ListGroundsRequest grounds;
  grounds.set_parent(f.name());
  consent::v1::ListGroundsResponse grounds_shown;
  if (Call(who, kGrounds, grounds, &grounds_shown).ok()) {
    for (const auto& g : grounds_shown.grounds()) out.grounds.insert(g.name());
  }
  return out;
}

void Comparer::CompareLooks(const Caller& who, const Family& f, const std::string& what,
                            const std::map<std::string, std::string>& before,
                            const std::map<std::string, std::string>& after) {
  for (const auto& [method, bytes] : before) {
    Expect(after.at(method) == bytes, method, who, &f,
           absl::StrCat("answers otherwise after ", what, " that they may not see"));
  }
}

}  // namespace knooppunt::property
