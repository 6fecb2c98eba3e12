// The comparisons of what answers over time, over families, or about none.
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "services/runtime/direct_transport.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {

using access::v1::Decision;

namespace {

constexpr char kListCases[] = "casework.v1.CaseworkService/ListCases";
constexpr char kGetCase[] = "casework.v1.CaseworkService/GetCase";
constexpr char kSearch[] = "casework.v1.CaseworkService/SearchFamilies";
constexpr char kOpenCase[] = "casework.v1.CaseworkService/OpenCase";
constexpr char kLapses[] = "access.v1.AccessService/ListLapses";
constexpr char kWho[] = "access.v1.AccessService/WhoMustAgree";
constexpr char kExplain[] = "access.v1.AccessService/Explain";
constexpr char kAccessible[] = "access.v1.AccessService/ListAccessible";
constexpr char kSimulate[] = "access.v1.AccessService/Simulate";
constexpr char kEmergencies[] = "consent.v1.ConsentService/ListEmergencies";
constexpr char kGetEmergency[] = "consent.v1.ConsentService/GetEmergency";
constexpr char kEscalations[] = "casework.v1.EscalationService/ListEscalations";
constexpr char kGetEscalation[] = "casework.v1.EscalationService/GetEscalation";
constexpr char kRecords[] = "audit.v1.AuditService/ListRecords";
constexpr char kExplainRecord[] = "audit.v1.AuditService/ExplainRecord";
constexpr char kResponsible[] = "casework.v1.CaseworkService/GetResponsibility";
constexpr char kReadLog[] = "audit.v1.AuditService/ReadLog";
constexpr char kInclusion[] = "audit.v1.AuditService/ProveInclusion";
constexpr char kConsistency[] = "audit.v1.AuditService/ProveConsistency";
constexpr char kOrganisations[] = "directory.v1.DirectoryService/ListOrganisations";
constexpr char kWerkplaatsen[] = "directory.v1.DirectoryService/ListWerkplaatsen";
constexpr char kProfessionals[] = "directory.v1.DirectoryService/ListProfessionals";

template <typename List>
bool Contains(const List& list, const std::string& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

bool IsRefused(const absl::Status& s) { return base::ReasonOf(s) == "REFUSED"; }

// Whether the family's log, to a reader with `view`, holds what the auditor reads as `r`; R15, R18,
// R20 and R25 read again.
bool IsTheirs(const audit::v1::Record& r, const access::v1::OpenAuditResponse& view,
              const std::string& reader) {
  const audit::v1::RecordWho& who = r.who();
  const std::string method = who.method().substr(who.method().rfind('/') + 1);
  const bool relative = who.organisation().empty() && absl::StartsWith(who.actor(), "accounts/");
  if (relative && who.person() != reader && absl::StrContains(who.method(), "AuditService"))
    return false;
  const auto& about = r.about().about().persons();
  const bool of_question = absl::EndsWith(method, "Questions") || method == "AnswerQuestion";
  if (of_question && !who.organisation().empty() && !Contains(about, reader)) return false;
  const bool emergency = who.emergency() || absl::EndsWith(method, "Emergency");
  if (emergency && who.time_ms() >= view.emergencies_shown_before_ms()) return false;
  if (method == "InvokeGround" || method == "EndGround" || method == "ReviewGround" ||
      method == "TellFamily") {
    const bool names_one = absl::StrContains(r.about().resource(), "/grounds/");
    if (who.outcome() != "OK") return false;
    if (!names_one && r.about().compartments().empty()) return false;
  }
  for (const std::string& ground : view.hidden_grounds()) {
    if (absl::EndsWith(r.about().resource(), ground)) return false;
    if (Contains(r.about().bases(), "grounds/" + ground)) return false;
  }
  const auto& compartments = r.about().compartments();
  if (std::count(compartments.begin(), compartments.end(), common::v1::COMPARTMENT_SAFETY) > 0) {
    return false;
  }
  // What names a person is about that person, also when it came to nothing.
  const std::string& of = r.about().resource();
  if (const size_t at = of.find("/persons/"); at != std::string::npos) {
    const std::string id = of.substr(at + 9, of.find('/', at + 9) - at - 9);
    if (!Contains(view.visible_persons(), id)) return false;
  }
  const auto& persons = r.about().about().persons();
  // What a youth reads alone: when nothing else was touched.
  const auto alone = [&](int compartment) {
    return std::any_of(view.read_alone().begin(), view.read_alone().end(), [&](const auto& y) {
      return Contains(persons, y.person()) &&
             std::count(y.compartments().begin(), y.compartments().end(), compartment) > 0;
    });
  };
  if (!compartments.empty() && std::all_of(compartments.begin(), compartments.end(), alone)) {
    return false;
  }
  // What somebody else of the family did with their own file: it touched nothing of the reader's.
  const bool names_a_visible_person = of.find("/persons/") != std::string::npos;
  if (relative && !who.person().empty() && persons.empty() && !r.about().about().family() &&
      !names_a_visible_person && !Contains(view.visible_persons(), who.person())) {
    return false;
  }
  return persons.empty() || std::any_of(persons.begin(), persons.end(), [&](const auto& p) {
           return Contains(view.visible_persons(), p);
         });
}

}  // namespace

std::set<std::string> Comparer::Compared() {
  std::set<std::string> all = {
      "access.v1.AccessService/Check",  // the point check, what all are compared with
      kListCases,
      kGetCase,
      kSearch,
      kOpenCase,
      kLapses,
      kWho,
      kExplain,
      kAccessible,
      kSimulate,
      kEmergencies,
      kEscalations,
      kGetEscalation,
      kRecords,
      kExplainRecord,
      kResponsible,
      kReadLog,
      kInclusion,
      kConsistency,
      kOrganisations,
      kWerkplaatsen,
      kProfessionals,
      "casework.v1.CaseworkService/ListOwnRecord",
      "documents.v1.DocumentService/ListDocuments",
      "documents.v1.DocumentService/GetDocument",
      "documents.v1.DocumentService/DownloadDocument",
      "plan.v1.PlanService/GetPlan",
      "plan.v1.PlanService/ListPlanChanges",
      "plan.v1.PlanService/ListPlanVersions",
      "plan.v1.PlanService/RenderPlan",
      "consent.v1.ConsentService/ListConsents",
      "consent.v1.ConsentService/ListGrounds",
      kGetEmergency,
      "handover.v1.HandoverService/ListHandovers",
      "handover.v1.HandoverService/GetHandover"};
  all.merge(ComparedOfFamily());
  all.merge(ComparedWork());
  all.merge(ComparedHandovers());
  all.merge(ComparedMeetings());
  all.merge(ComparedQuestions());
  return all;
}

void Comparer::CompareLists(const Caller& who) {
  Index();
  consents_shown_ = grounds_shown_ = {};
  w_.region().clock().Advance(absl::Minutes(1));  // the limit of searches
  ListCases(who);
  OpenRequests(who);
  Merges(who);
  ListAccessible(who);
  SearchFamilies(who);
  OpenCase(who);
  ListEmergencies(who);
  ListEscalations(who);
  Directory(who);
  Log(who);
  Simulate(who);
  Worklists(who);
  DueHandovers(who);
  Archives(who);
  MeetingLists(who);
  OpenQuestions(who);
}

// ---- Over time, of one family ---------------------------------------------------------

void Comparer::ListLapses(const Caller& who, const Family& f) {
  const Decision d = Point(who, kLapses, f.name());
  access::v1::ListLapsesRequest request;
  request.set_parent(f.name());
  request.set_days(366);
  access::v1::ListLapsesResponse shown, all;
  if (!Agrees(d, Call(who, kLapses, request, &shown), kLapses, who, f)) return;
  std::set<std::string> listed;
  for (const access::v1::Lapse& lapse : shown.lapses()) listed.insert(lapse.consent());
  for (const std::string& name : listed) {
    Expect(consents_shown_.contains(LastId(name)), kLapses, who, &f,
           absl::StrCat(name, " lapses and is not among the consents"));
  }
  for (const access::v1::Task& task : shown.tasks()) {
    const std::string id = LastId(task.subject());
    const bool theirs = absl::StrContains(task.subject(), "/cases/") ||
                        consents_shown_.contains(id) || grounds_shown_.contains(id);
    Expect(theirs, kLapses, who, &f, absl::StrCat("a task about ", task.subject()));
  }
  // Who opened the case sees every consent: what lapses for them lapses for whoever sees it.
  if (Call(f.opener, kLapses, request, &all).ok()) {
    for (const access::v1::Lapse& lapse : all.lapses()) {
      const bool may = consents_shown_.contains(LastId(lapse.consent()));
      Expect(listed.contains(lapse.consent()) == may, kLapses, who, &f,
             absl::StrCat(lapse.consent(), may ? " lapses unseen" : " is shown to lapse"));
    }
  }
  Search(shown.SerializeAsString(), d, kLapses, who, &f,
         {.marks = {}, .ids = {}, .every_person = true});
}

void Comparer::WhoMustAgree(const Caller& who, const Family& f) {
  const Decision d = Point(who, kWho, f.name());
  const Decision log = Point(who, kRecords, f.name());
  access::v1::WhoMustAgreeRequest request;
  request.set_parent(f.name());
  request.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  request.set_recipient("organisations/jgz");
  request.set_purpose(common::v1::PURPOSE_COORDINATION);
  access::v1::WhoMustAgreeResponse shown;
  request.mutable_about()->add_persons(w_.NoSuchId("p"));
  const absl::Status none = Call(who, kWho, request, &shown);
  for (const Member& m : f.members) {
    request.mutable_about()->set_persons(0, m.id);
    const absl::Status status = Call(who, kWho, request, &shown);
    if (!Agrees(d, status, kWho, who, f) && IsRefused(status)) return;
    const bool may = d.person().empty() || Contains(log.audit_view().visible_persons(), m.id);
    Expect(may ? status.ok() : status == none, kWho, who, &f,
           absl::StrCat("about the ", m.key, ": ", InWords(status)));
    Also also;
    also.every_person = true;
    also.ids = {log.audit_view().visible_persons().begin(),
                log.audit_view().visible_persons().end()};
    Search(shown.SerializeAsString(), d, kWho, who, &f, also);
    if (m.id == f.members.back().id) return;
  }
}

void Comparer::Explain(const Caller& who, const Family& f) {
  const Decision d = Point(who, kExplain, f.case_name);
  access::v1::ExplainRequest request;
  request.set_resource(f.case_name);
  request.set_permission("case.read");
  access::v1::ExplainResponse shown;
  if (!Agrees(d, Call(who, kExplain, request, &shown), kExplain, who, f)) return;
  const Decision read = Point(who, kGetCase, f.case_name);
  Expect(shown.allowed() == read.allowed() && shown.rule() == read.rule(), kExplain, who, &f,
         absl::StrCat("explained: ", shown.rule(), "; decided: ", read.rule()));
  // The chain names the consents that there are for one's own organisation (R19).
  Also also = {.marks = {}, .ids = consents_shown_, .every_person = true};
  for (const ConsentKnown& c : f.consents) {
    if (c.recipient == who.claims.organisation()) also.ids.insert(LastId(c.name));
  }
  Search(shown.SerializeAsString(), d, kExplain, who, &f, also);
}

void Comparer::ListRecords(const Caller& who, const Family& f) {
  if (who.claims.function() == common::v1::FUNCTION_PRIVACY_OFFICER) {
    return ListAuditorsRecords(who, f);
  }
  const Decision d = Point(who, kRecords, f.name());
  // A page further each time, from where the one before ended.
  std::string& token = pages_[absl::StrCat(who.claims.subject(), " ", f.id)];
  audit::v1::ListRecordsRequest request;
  request.set_page_size(60);
  request.set_page_token(token);
  audit::v1::ListRecordsResponse whole, shown;
  request.set_parent("subjects/" + f.subject);
  request.set_page_size(200);
  const absl::Status read = Call(w_.region().auditor, kRecords, request, &whole);
  Expect(read.ok(), kRecords, w_.region().auditor, &f, "the auditor cannot read the log");
  request.set_parent(f.name());
  request.set_page_size(60);
  if (!Agrees(d, Call(who, kRecords, request, &shown), kRecords, who, f)) return;
  int64_t last = whole.records().empty() ? -1 : whole.records().rbegin()->index();
  if (!shown.next_page_token().empty()) {
    last = std::min<int64_t>(last, shown.records().rbegin()->index());
  }
  std::map<int64_t, const audit::v1::Record*> listed;
  for (const audit::v1::Record& r : shown.records()) listed[r.index()] = &r;
  for (const audit::v1::Record& r : whole.records()) {
    if (r.index() > last) break;
    const bool theirs = IsTheirs(r, d.audit_view(), d.person());
    Expect(listed.contains(r.index()) == theirs, kRecords, who, &f,
           absl::StrCat("the record ", r.index(), " of ", r.who().method(), " by ", r.who().actor(),
                        theirs ? " is theirs and lacks" : " is shown"));
  }
  ExplainRecords(who, f, d, whole);
  // Mostly what is theirs to ask about; beyond the log now and then.
  if (!whole.records().empty() && w_.Chance(40)) {
    Ask(who, f, whole.records(static_cast<int>(w_.Draw(whole.records_size()))).index());
  }
  if (w_.Chance(5)) Ask(who, f, int64_t{1} << 40);
  Also also;
  also.ids = {d.audit_view().visible_persons().begin(), d.audit_view().visible_persons().end()};
  // R20: what may be shown of emergency access is shown by name; IsTheirs says when.
  for (const EmergencyKnown& e : f.emergencies) also.ids.insert(LastId(e.name));
  for (const audit::v1::Record& r : shown.records()) {
    // What one asked for oneself stands in one's own record as one named it.
    if (r.who().person() == d.person() && !d.person().empty()) continue;
    Search(r.SerializeAsString(), Point(who, kGetCase, f.case_name), kRecords, who, &f, also);
  }
  if (!shown.next_page_token().empty()) token = shown.next_page_token();
}

// What the log shows is explained, and nothing else: the newest of it.
void Comparer::ExplainRecords(const Caller& who, const Family& f, const Decision& d,
                              const audit::v1::ListRecordsResponse& whole) {
  constexpr int kNewest = 3;
  const int first = std::max(0, whole.records_size() - kNewest);
  for (int i = first; i < whole.records_size(); ++i) {
    const audit::v1::Record& r = whole.records(i);
    audit::v1::ExplainRecordRequest request;
    request.set_parent(f.name());
    request.set_index(r.index());
    audit::v1::ExplainedRecord shown;
    const absl::Status status = Call(who, kExplainRecord, request, &shown);
    Expect(status.ok() == IsTheirs(r, d.audit_view(), d.person()), kExplainRecord, who, &f,
           absl::StrCat("the record ", r.index(), " of ", r.who().method(), " on ",
                        r.about().resource(), ": ", InWords(status)));
    if (status.ok()) Expect(shown.rule() == r.who().rule(), kExplainRecord, who, &f, "its rule");
  }
}

// Who is responsible sees who, and nothing else of the family (R16).
void Comparer::Responsible(const Caller& who, const Family& f) {
  const Decision d = Point(who, kResponsible, f.case_name);
  casework::v1::GetResponsibilityRequest request;
  request.set_name(f.case_name);
  casework::v1::Responsibility shown;
  if (!Agrees(d, Call(who, kResponsible, request, &shown), kResponsible, who, f)) return;
  Expect(!Point(who, kGetCase, f.case_name).allowed(), kResponsible, who, &f,
         "who reads the case is told so there");
  Search(shown.SerializeAsString(), d, kResponsible, who, &f, {});
}

// No names of family members and no dossier: pseudonyms, ids and words of ours.
void Comparer::ListAuditorsRecords(const Caller& who, const Family& f) {
  audit::v1::ListRecordsRequest request;
  request.set_parent("subjects/" + f.subject);
  request.set_page_size(100);
  audit::v1::ListRecordsResponse shown;
  const Decision d = Point(who, kRecords, request.parent());
  if (!Agrees(d, Call(who, kRecords, request, &shown), kRecords, who, f)) return;
  const std::string bytes = shown.SerializeAsString();
  Expect(MarksIn(bytes).empty(), kRecords, who, &f, "a word of the dossier in the log");
  Expect(!IdsIn(bytes).contains(f.id), kRecords, who, &f, "the id of the family in the log");
  request.set_parent(f.name());
  Agrees(Point(who, kRecords, f.name()), Call(who, kRecords, request, &shown), kRecords, who, f);
}

void Comparer::GetEmergency(const Caller& who, const Family& f) {
  for (const EmergencyKnown& e : f.emergencies) {
    const Decision d = Point(who, kGetEmergency, e.name);
    consent::v1::GetEmergencyRequest request;
    request.set_name(e.name);
    consent::v1::Emergency shown;
    if (!Agrees(d, Call(who, kGetEmergency, request, &shown), kGetEmergency, who, f)) continue;
    Search(shown.SerializeAsString(), d, kGetEmergency, who, &f,
           {.marks = {}, .ids = {LastId(e.name)}, .every_person = false});
  }
}

// ---- Over families -----------------------------------------------------------------------

void Comparer::ListCases(const Caller& who) {
  casework::v1::ListCasesRequest request;
  request.set_page_size(200);
  casework::v1::ListCasesResponse shown, page;
  const absl::Status status = Call(who, kListCases, request, &shown);
  const Decision call = Point(who, kListCases, "");
  Expect(call.allowed() == !IsRefused(status), kListCases, who, nullptr, InWords(status));
  if (!status.ok()) return;
  std::map<std::string, const casework::v1::Case*> listed;
  std::vector<std::string> order;
  for (const casework::v1::Case& c : shown.cases()) {
    listed[c.name()] = &c;
    order.push_back(c.name());
  }
  size_t expected = Point(who, kListCases, w_.region().case_name).allowed() ? 1 : 0;
  for (const Family& f : w_.families()) {
    const bool may = Point(who, kListCases, f.case_name).allowed();
    expected += may ? 1 : 0;
    Expect(listed.contains(f.case_name) == may, kListCases, who, &f,
           may ? "theirs and not listed" : "listed and not theirs");
    casework::v1::GetCaseRequest get;
    get.set_name(f.case_name);
    casework::v1::Case read;
    if (!Call(who, kGetCase, get, &read).ok() || who.purpose == common::v1::PURPOSE_EMERGENCY) {
      continue;
    }
    Expect(listed.contains(f.case_name), kListCases, who, &f, "read and not listed");
    if (!listed.contains(f.case_name)) continue;
    const casework::v1::Case& basic = *listed[f.case_name];
    Expect(basic.state() == read.state() && basic.werkplaats() == read.werkplaats() &&
               basic.open_time().seconds() == read.open_time().seconds() &&
               basic.regisseur().SerializeAsString() == read.regisseur().SerializeAsString(),
           kListCases, who, &f, "listed and read alone it says something else");
  }
  Expect(order.size() == expected && listed.size() == expected, kListCases, who, nullptr,
         absl::StrCat(order.size(), " cases listed and ", expected, " theirs"));
  Expect(MarksIn(shown.SerializeAsString()).empty(), kListCases, who, nullptr, "content in a list");
  // In pages it is the same, and a token stands only where there is more.
  request.set_page_size(1 + static_cast<int>(w_.Draw(2)));
  std::vector<std::string> paged;
  do {
    if (!Call(who, kListCases, request, &page).ok()) break;
    for (const casework::v1::Case& c : page.cases()) paged.push_back(c.name());
    Expect(page.next_page_token().empty() == (paged.size() == order.size()), kListCases, who,
           nullptr, "a page token without a page, or the other way round");
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty() && paged.size() <= order.size());
  Expect(paged == order, kListCases, who, nullptr, "in pages it is another list");
}

void Comparer::ListAccessible(const Caller& who) {
  runtime::DirectTransport unit(&w_.region().process().switchboard(), "dossier");
  access::v1::ListAccessibleRequest request;
  request.mutable_check()->set_token(w_.region().Token(who));
  request.mutable_check()->set_method(absl::StrCat("/knooppunt.", kListCases));
  request.mutable_check()->set_purpose(who.purpose);
  request.mutable_check()->set_call_id("the-point-check");
  access::v1::ListAccessibleResponse shown;
  ++report_.calls;
  integration::Require(unit.Call(absl::StrCat("/knooppunt.", kAccessible), request, &shown, {}),
                       "list");
  std::map<std::string, Decision> listed;
  for (const Decision& d : shown.decisions()) listed[d.family()] = d;
  for (const Family& f : w_.families()) {
    Decision point = Point(who, kListCases, f.name());
    const bool may = point.allowed() && shown.call().allowed();
    Expect(listed.contains(f.id) == may, kAccessible, who, &f, "decided in a list and alone");
    if (may && listed.contains(f.id)) {
      // Who asks stands in a list once, and what its permits are bound to.
      Expect(point.claims().SerializeAsString() == shown.call().claims().SerializeAsString(),
             kAccessible, who, &f, "decided in a list and alone: of another caller");
      point.clear_claims();
      point.mutable_permit()->clear_binding();
      Expect(listed[f.id].SerializeAsString() == point.SerializeAsString(), kAccessible, who, &f,
             "decided in a list and alone: not the same decision");
    }
  }
}

void Comparer::SearchFamilies(const Caller& who) {
  Caller asks = who;
  if (w_.Chance(30) && !who.claims.organisation().empty()) {
    asks.purpose = common::v1::PURPOSE_EMERGENCY;
  }
  const bool may = Point(asks, kSearch, "").allowed();
  casework::v1::SearchFamiliesRequest request;
  casework::v1::SearchFamiliesResponse shown;
  request.set_family_name("Gezin dat niet bestaat");
  request.set_birth_date(w_.region().Day(-3000));
  const absl::Status none = Call(asks, kSearch, request, &shown);
  Expect(none.ok() == may && shown.ByteSizeLong() == 0, kSearch, asks, nullptr, InWords(none));
  for (const Family& f : w_.families()) {
    request.set_family_name(f.surname);
    request.set_birth_date(f.members.front().birth_date);
    const absl::Status status = Call(asks, kSearch, request, &shown);
    Expect(status == none, kSearch, asks, &f, "found and not found are told apart by the status");
    Expect(shown.found() == (may && !f.closed), kSearch, asks, &f, "whether there is a case");
    const bool emergency = asks.purpose == common::v1::PURPOSE_EMERGENCY;
    Expect(shown.family() == (shown.found() && emergency ? f.name() : ""), kSearch, asks, &f,
           "which family it is");
    Expect(!emergency || shown.ask().empty(), kSearch, asks, &f, "whom to ask in an emergency");
    shown.clear_family();
    Search(shown.SerializeAsString(), Decision(), kSearch, asks, &f, {});
    request.set_birth_date("2001-02-03");
    Expect(Call(asks, kSearch, request, &shown) == none && shown.ByteSizeLong() == 0, kSearch, asks,
           &f, "found by the name alone");
  }
}

// Opening says of a family what searching says, to whom may open; to others nothing.
void Comparer::OpenCase(const Caller& who) {
  for (const Family& f : w_.families()) {
    if (f.closed) continue;  // it would open
    casework::v1::OpenCaseRequest request;
    request.set_werkplaats("werkplaatsen/manjefiek");
    request.set_level(casework::v1::SIGNAL_LEVEL_QUESTION);
    request.set_reason("Vraag.");
    request.set_family_told(true);
    casework::v1::NewPerson* p = request.add_persons();
    p->set_key("child");
    p->set_given_name("Kind");
    p->set_family_name(f.surname);
    p->set_birth_date(f.members.front().birth_date);
    p->set_role(access::v1::FAMILY_ROLE_CHILD);
    request.add_gezag()->set_over_key("child");
    request.add_children("child");
    casework::v1::Case shown;
    const absl::Status status = Call(who, kOpenCase, request, &shown);
    const bool school = who.claims.organisation() == "organisations/mosalira";
    Expect(!status.ok() && (!school || IsRefused(status) || absl::IsAlreadyExists(status)) &&
               (school || !absl::IsAlreadyExists(status)),
           kOpenCase, who, &f, InWords(status));
    Search(std::string(status.message()), Decision(), kOpenCase, who, &f, {});
  }
}

// What was put to them, and nothing of a family of which nothing was.
void Comparer::ListEscalations(const Caller& who) {
  const bool may = Point(who, kEscalations, "").allowed();
  casework::v1::ListEscalationsResponse shown;
  const absl::Status status =
      Call(who, kEscalations, casework::v1::ListEscalationsRequest(), &shown);
  Expect(may == status.ok(), kEscalations, who, nullptr, InWords(status));
  for (const Family& f : w_.families()) {
    std::vector<std::string> names = f.escalations;
    if (names.empty()) {
      names.push_back(absl::StrCat(f.case_name, "/escalations/", w_.NoSuchId("escalation")));
    }
    for (const std::string& name : names) {
      casework::v1::GetEscalationRequest request;
      request.set_name(name);
      casework::v1::EscalationFile file;
      const Decision d = Point(who, kGetEscalation, name);
      Expect(Call(who, kGetEscalation, request, &file).ok() == d.allowed(), kGetEscalation, who, &f,
             name);
      Search(file.SerializeAsString(), d, kGetEscalation, who, &f, {});
    }
  }
  if (!status.ok()) return;
  std::set<std::string> listed;
  for (const casework::v1::Escalation& e : shown.escalations()) {
    listed.insert(e.name());
    casework::v1::GetEscalationRequest request;
    request.set_name(e.name());
    casework::v1::EscalationFile file;
    const bool reads = Call(who, kGetEscalation, request, &file).ok();
    const Decision d = Point(who, kGetEscalation, e.name());
    Expect(reads && d.allowed(), kEscalations, who, nullptr,
           absl::StrCat(e.name(), " is listed and cannot be read"));
    for (const Family& f : w_.families()) {
      if (!Contains(f.escalations, e.name())) continue;
      Search(file.SerializeAsString(), d, kGetEscalation, who, &f, {});
    }
    Expect(file.escalation().SerializeAsString() == e.SerializeAsString(), kEscalations, who,
           nullptr, absl::StrCat(e.name(), " reads otherwise than it is listed"));
  }
  for (const Family& f : w_.families()) {
    for (const std::string& name : f.escalations) {
      const bool theirs = Point(who, kGetEscalation, name).allowed();
      Expect(listed.contains(name) == theirs, kEscalations, who, &f,
             absl::StrCat(name, theirs ? " is not listed" : " is listed"));
    }
  }
}

void Comparer::ListEmergencies(const Caller& who) {
  Caller asks = who;
  const bool officer = who.claims.function() == common::v1::FUNCTION_PRIVACY_OFFICER;
  if (!officer && !who.claims.organisation().empty()) {
    asks.purpose = common::v1::PURPOSE_EMERGENCY;
  }
  const bool may = Point(asks, kEmergencies, "").allowed();
  consent::v1::ListEmergenciesRequest request;
  request.set_reviewed(w_.Chance(50));
  consent::v1::ListEmergenciesResponse shown;
  const absl::Status status = Call(asks, kEmergencies, request, &shown);
  Expect(may == status.ok(), kEmergencies, asks, nullptr, InWords(status));
  if (!status.ok()) return;
  std::map<std::string, consent::v1::Emergency> listed;
  for (const consent::v1::Emergency& e : shown.emergencies()) listed[e.name()] = e;
  size_t expected = 0;
  for (const Family& f : w_.families()) {
    for (const EmergencyKnown& e : f.emergencies) {
      const bool own = e.opener.claims.subject() == who.claims.subject();
      const bool theirs = (officer || own) && (request.reviewed() || !e.reviewed);
      expected += theirs ? 1 : 0;
      Expect(listed.contains(e.name) == theirs, kEmergencies, asks, &f, e.name);
      if (!officer || !listed.contains(e.name)) continue;
      consent::v1::GetEmergencyRequest get;
      get.set_name(e.name);
      consent::v1::Emergency one;
      const absl::Status read = Call(asks, kGetEmergency, get, &one);
      one.clear_compartments();  // the inbox says less, never more
      one.clear_reason();
      one.clear_outcome();
      Expect(read.ok() && one.SerializeAsString() == listed[e.name].SerializeAsString(),
             kEmergencies, asks, &f,
             absl::StrCat("listed: ", listed[e.name].ShortDebugString(),
                          "; read alone: ", one.ShortDebugString()));
    }
  }
  Expect(listed.size() == expected, kEmergencies, asks, nullptr, "more than there are");
  Expect(MarksIn(shown.SerializeAsString()).empty(), kEmergencies, asks, nullptr, "content");
}

// ---- About no family -----------------------------------------------------------------------

void Comparer::Directory(const Caller& who) {
  const bool may = Point(who, kOrganisations, "").allowed();
  directory::v1::ListOrganisationsRequest request;
  directory::v1::ListOrganisationsResponse shown;
  request.set_page_size(2);
  int pages = 0;
  std::set<std::string> names;
  do {
    const absl::Status status = Call(who, kOrganisations, request, &shown);
    Expect(status.ok() == may, kOrganisations, who, nullptr, InWords(status));
    if (!status.ok()) break;
    for (const directory::v1::Organisation& o : shown.organisations()) {
      directory::v1::GetOrganisationRequest get;
      get.set_name(o.name());
      directory::v1::Organisation one;
      const absl::Status read =
          Call(who, "directory.v1.DirectoryService/GetOrganisation", get, &one);
      Expect(read.ok() && one.SerializeAsString() == o.SerializeAsString() &&
                 names.insert(o.name()).second,
             kOrganisations, who, nullptr, o.name());
    }
    request.set_page_token(shown.next_page_token());
  } while (!shown.next_page_token().empty() && ++pages < 10);
  Expect(names.size() == (may ? 6u : 0u), kOrganisations, who, nullptr, "not all of them");

  directory::v1::ListWerkplaatsenResponse werkplaatsen;
  const absl::Status listed =
      Call(who, kWerkplaatsen, directory::v1::ListWerkplaatsenRequest(), &werkplaatsen);
  Expect(listed.ok() == may && werkplaatsen.werkplaatsen_size() == (may ? 2 : 0), kWerkplaatsen,
         who, nullptr, InWords(listed));

  directory::v1::ListProfessionalsResponse people;
  const absl::Status status =
      Call(who, kProfessionals, directory::v1::ListProfessionalsRequest(), &people);
  Expect(status.ok() == may, kProfessionals, who, nullptr, InWords(status));
  const bool administers = who.claims.function() == common::v1::FUNCTION_ADMINISTRATOR;
  for (const directory::v1::Professional& p : people.professionals()) {
    Expect(administers || (p.login().empty() && p.own_accounts().empty()), kProfessionals, who,
           nullptr, "a login");
  }
  const std::string bytes = people.SerializeAsString();
  Expect(MarksIn(bytes).empty(), kProfessionals, who, nullptr, "content in the directory");
}

void Comparer::Log(const Caller& who) {
  const auto look = [&](const std::string& method, const google::protobuf::Message& request,
                        google::protobuf::Message* shown) {
    const absl::Status status = Call(who, method, request, shown);
    Expect(Point(who, method, "").allowed() == !IsRefused(status), method, who, nullptr,
           InWords(status));
    const std::string bytes = shown->SerializeAsString();
    Expect(MarksIn(bytes).empty() && NamesNothing(bytes), method, who, nullptr,
           "the tree holds more than hashes");
  };
  audit::v1::ReadLogRequest read;
  read.set_limit(50);
  audit::v1::ReadLogResponse leaves;
  look(kReadLog, read, &leaves);
  audit::v1::ProveInclusionRequest inclusion;
  inclusion.set_size(5);
  audit::v1::Proof proof;
  look(kInclusion, inclusion, &proof);
  audit::v1::ProveConsistencyRequest consistency;
  consistency.set_old_size(2);
  consistency.set_new_size(5);
  look(kConsistency, consistency, &proof);
}

void Comparer::Simulate(const Caller& who) {
  access::v1::SimulateRequest request;
  request.set_on_date(w_.region().Day(30));
  access::v1::SimulateResponse shown;
  const absl::Status status = Call(who, kSimulate, request, &shown);
  Expect(Point(who, kSimulate, "").allowed() == status.ok(), kSimulate, who, nullptr,
         InWords(status));
  if (!status.ok()) return;
  Expect(shown.families() == static_cast<int64_t>(w_.families().size()) + 1, kSimulate, who,
         nullptr, "not every family");
  const std::string bytes = shown.SerializeAsString();
  Expect(MarksIn(bytes).empty() && NamesNothing(bytes), kSimulate, who, nullptr,
         "more than counts");
}

}  // namespace knooppunt::property
