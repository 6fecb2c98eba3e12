#include "tests/year/checker.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "security/audit/checkpoint.h"
#include "security/audit/merkle.h"
#include "security/audit/note.h"

namespace knooppunt::year {
namespace {

constexpr char kGetCase[] = "casework.v1.CaseworkService/GetCase";
constexpr int64_t kLoadedAtStart = 500;  // rows: of sessions that were ended early, above all
constexpr char kAudit[] = "audit.v1.AuditService/";

std::set<std::string> MarksIn(const std::string& bytes) {
  std::set<std::string> out;
  for (size_t at = bytes.find("zq"); at != std::string::npos; at = bytes.find("zq", at + 1)) {
    if (bytes.size() < at + 8 || bytes[at + 7] != 'z') continue;
    const std::string mark = bytes.substr(at, 8);
    if (std::all_of(mark.begin() + 2, mark.end() - 1, [](char c) { return '0' <= c && c <= '9'; }))
      out.insert(mark);
  }
  return out;
}

}  // namespace

void Checker::AfterDay() {
  for (const auto& h : year_.households()) {
    bool counts = h->changed || (year_.today() + h->number) % 7 == 0;
    for (const access::v1::ConsentFact& c : h->told.consents()) {
      counts = counts || c.end_date() == year_.Today();
    }
    for (const int age : {12, 16, 18}) {
      counts = counts || years::BirthdayOf(h->child().birth_date, age) == year_.today();
    }
    if (counts) Look(*h);
    h->changed = false;
  }
  if (year_.today() % 7 == 0) Log();
  Tables();
}

// No call looks through a table that grows with the region: what a unit loads whole at its start is
// all that may be.
void Checker::Tables() {
  for (const char* unit : {"access", "dossier", "directory", "audit"}) {
    const int64_t rows = year_.region().database(unit).counters().scanned_rows;
    if (rows > kLoadedAtStart) {
      year_.Finding(nullptr, absl::StrCat(unit, " looked through tables: ", rows, " rows"));
    }
  }
}

void Checker::AfterYear() {
  for (const auto& h : year_.households()) Look(*h);
  year_.Ship();
  for (const auto& h : year_.households()) Records(*h);
  Log();
}

void Checker::Look(Household& h) {
  h.oracle->Look();
  StaffSee(h);
  FamilySees(h);
  if (h.open()) Agreements(h);
}

void Checker::OneSees(Household& h, const Caller& who, const years::Sight& sight) {
  ++year_.figures().looks;
  if (!h.papers.empty() && (year_.today() + h.number) % 3 == 0) Papers(h, who, sight);
  casework::v1::GetCaseRequest req;
  req.set_name(h.case_name);
  if (!sight.allowed) return year_.Refused(&h, who, kGetCase, req, {"REFUSED"});
  casework::v1::Case shown;
  if (!year_.Do(&h, who, kGetCase, req, &shown)) return;
  std::set<std::string> expected;
  for (const Item& item : h.items) {
    if (sight.scopes.contains(item.scope)) expected.insert(item.mark);
  }
  std::set<std::string> seen;
  const std::set<std::string> in_text = MarksIn(shown.SerializeAsString());
  for (const Item& item : h.items) {
    if (in_text.contains(item.mark)) seen.insert(item.mark);
  }
  if (seen != expected) {
    year_.Finding(&h,
                  absl::StrCat("R12: ", who.claims.subject(), " sees [", absl::StrJoin(seen, " "),
                               "] and should see [", absl::StrJoin(expected, " "), "]"));
  }
}

void Checker::Papers(Household& h, const Caller& who, const years::Sight& sight) {
  documents::v1::ListDocumentsRequest req;
  req.set_parent(h.case_name);
  req.set_page_size(200);
  constexpr char kList[] = "documents.v1.DocumentService/ListDocuments";
  if (!sight.allowed) return year_.Refused(&h, who, kList, req, {"REFUSED"});
  documents::v1::ListDocumentsResponse shown;
  if (!year_.Do(&h, who, kList, req, &shown)) return;
  std::set<std::string> expected, seen;
  for (const Item& paper : h.papers) {
    if (sight.scopes.contains(paper.scope)) expected.insert(paper.name);
  }
  for (const documents::v1::Document& d : shown.documents()) {
    if (d.state() == documents::v1::DOCUMENT_STATE_CURRENT) seen.insert(d.name());
  }
  if (seen != expected) {
    year_.Finding(&h, absl::StrCat("R12: ", who.claims.subject(), " sees ", seen.size(),
                                   " documents and should see ", expected.size()));
  }
}

void Checker::StaffSee(Household& h) {
  if (!h.open()) return;
  std::set<std::string> looked;
  for (const access::v1::Seat& s : h.the_case().seats()) {
    const Worker* w = year_.town().ByName(s.professional());
    if (w == nullptr || !looked.insert(w->name).second) continue;
    const access::v1::Seat* newest = h.SeatOf(w->name);
    OneSees(
        h, w->caller,
        h.oracle->StaffSees(*newest, w->employed, common::v1::PURPOSE_COORDINATION, year_.Now()));
  }
  for (const Worker* w : {year_.town().stranger(), year_.town().schools()[0].lead}) {
    if (looked.insert(w->name).second) OneSees(h, w->caller, {});
  }
}

void Checker::FamilySees(Household& h) {
  for (const Member& m : h.members) {
    if (m.account.empty()) continue;
    OneSees(h, m.caller, h.oracle->MemberSees(m.id));
  }
}

void Checker::Agreements(Household& h) {
  const Worker* school = year_.SchoolAt(h);
  if (school == nullptr) return HeldByFunction(h);
  OnTheWay(h, *school);
  Closing(h);
  casework::v1::GetCaseRequest req;
  req.set_name(h.case_name);
  casework::v1::Case shown;
  if (!year_.Do(&h, school->caller, kGetCase, req, &shown)) return;
  const auto broken = [&](const std::string& what) { year_.Finding(&h, what); };
  if (shown.state() != h.the_case().state()) broken("R1: the case is in another state");
  if (shown.werkplaats() != h.the_case().werkplaats()) broken("R27: another werkplaats");
  const access::v1::Seat* leader = year_.Leader(h);
  if (h.active() && (leader == nullptr || shown.regisseur().seat() != leader->id() ||
                     !shown.regisseur().organisation().empty())) {
    broken("R1: another regisseur, or none");
  }
  if (!h.active() && shown.has_regisseur()) broken("R1: a regisseur before the case is active");
  std::map<std::string, const casework::v1::Step*> steps;
  for (const casework::v1::Step& s : shown.steps()) {
    steps[s.name()] = &s;
    if (!s.has_label() || s.label().controller().empty()) broken("R38: a step without label");
    if (s.owner_seat().empty() || s.due_date().empty()) broken("R5: a step nobody has to take");
  }
  for (const Committed& c : h.committed) {
    const auto it = steps.find(c.name);
    if (it == steps.end()) continue;  // of another organisation, before the handover
    const bool bound = it->second->state() != casework::v1::STEP_STATE_PROPOSED;
    if (bound != c.binding) broken(absl::StrCat("R6: ", c.name, " is bound: ", bound));
    if (bound && it->second->mandate().empty()) broken("R6: bound by no mandate");
  }
  std::map<std::string, const casework::v1::Meeting*> meetings;
  for (const casework::v1::Meeting& m : shown.meetings()) meetings[m.name()] = &m;
  for (const Meeting& m : h.meetings) {
    const auto it = meetings.find(m.name);
    if (it == meetings.end()) continue;
    const casework::v1::Meeting& seen = *it->second;
    if ((seen.state() == casework::v1::MEETING_STATE_CONCLUDED) != m.concluded) {
      broken("R5: a meeting is in another state");
    }
    if (!m.concluded) continue;
    if (seen.steps_size() != m.steps || m.steps == 0) broken("R5: a meeting lost its steps");
    std::set<std::string> absent, confirmed;
    for (const casework::v1::Feedback& f : seen.feedback()) {
      absent.insert(f.seat());
      if (f.has_confirm_time()) confirmed.insert(f.seat());
    }
    if (absent != std::set<std::string>(m.absent.begin(), m.absent.end()) ||
        confirmed != m.confirmed) {
      broken("R7: feedback differs");
    }
  }
}

// R26, R27: a handover that runs is as far as it was brought; after its day, or when the receiving
// school has closed, it has expired, without anybody's act.
void Checker::OnTheWay(Household& h, const Worker& school) {
  if (h.handover.empty() || h.handover_state > handover::v1::HANDOVER_STATE_CONVERSED) return;
  handover::v1::GetHandoverRequest read;
  read.set_name(h.handover);
  handover::v1::Handover shown;
  if (!year_.Do(&h, school.caller, "handover.v1.HandoverService/GetHandover", read, &shown)) return;
  const std::string& closes = h.handover_to->close_date;
  const bool moves = h.handover_kind != handover::v1::HANDOVER_KIND_ADULTHOOD;
  const bool over =
      year_.Today() > h.handover_expires || (moves && !closes.empty() && closes <= year_.Today());
  const auto expected = over ? handover::v1::HANDOVER_STATE_EXPIRED : h.handover_state;
  if (shown.state() != expected) {
    year_.Finding(
        &h, absl::StrCat("R26: a handover is ", handover::v1::HandoverState_Name(shown.state()),
                         " and should be ", handover::v1::HandoverState_Name(expected)));
  }
  if (shown.receiver_close_date() != (moves ? closes : "")) {
    year_.Finding(&h,
                  "R27: it is not said that the receiving school closes, or said without reason");
  }
}

// R1, R27: a case at a school that closes is a task of who leads it, and of nobody when it does
// not.
void Checker::Closing(Household& h) {
  const access::v1::Seat* leader = year_.Leader(h);
  const Worker* w = leader == nullptr ? nullptr : year_.town().ByName(leader->professional());
  if (w == nullptr ||
      !h.oracle->StaffSees(*leader, w->employed, common::v1::PURPOSE_COORDINATION, year_.Now())
           .allowed) {
    return;
  }
  worklist::v1::ListWorklistRequest req;
  req.mutable_filter()->add_kinds(worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES);
  worklist::v1::ListWorklistResponse list;
  if (!year_.Do(nullptr, w->caller, "worklist.v1.WorklistService/ListWorklist", req, &list)) return;
  std::string due;
  for (const worklist::v1::Entry& e : list.entries()) {
    if (e.subject() == h.case_name) due = e.due_date();
  }
  const std::string& closes = year_.town().At(h.the_case().werkplaats())->close_date;
  const std::string expected = closes.empty() ? "" : years::IsoOf(years::DayOfIso(closes) - 1);
  if (due != expected) {
    year_.Finding(&h, absl::StrCat("R27: its school closes, and the task is due '", due,
                                   "' and not '", expected, "'"));
  }
}

// R1: nobody of the school is at the table. Whoever leads is somebody else who was named; or the
// school itself leads, and who does its casework now finds the case in their list.
void Checker::HeldByFunction(Household& h) {
  if (!h.active() || year_.Leader(h) != nullptr) return;
  for (const School& s : year_.town().schools()) {
    if (s.werkplaats != h.the_case().werkplaats()) continue;
    casework::v1::ListCasesRequest req;
    req.set_page_size(200);
    casework::v1::ListCasesResponse list;
    if (!year_.Do(nullptr, s.lead->caller, "casework.v1.CaseworkService/ListCases", req, &list)) {
      return;
    }
    for (const casework::v1::Case& c : list.cases()) ++listed_[c.name()];
    const auto found = std::find_if(list.cases().begin(), list.cases().end(),
                                    [&](const auto& c) { return c.name() == h.case_name; });
    if (found == list.cases().end() ||
        found->regisseur().organisation() != h.the_case().organisation()) {
      year_.Finding(&h, "R1, R37: nobody leads, and the school does not find it");
    }
  }
}

void Checker::Records(Household& h) {
  std::map<std::string, int64_t> more;  // records than calls
  for (const auto& [method, n] : h.calls) more[absl::StrCat("/knooppunt.", method)] -= n;
  --more["/knooppunt.casework.v1.CaseworkService/OpenCase"];
  more["/knooppunt.casework.v1.CaseworkService/ListCases"] -= listed_[h.case_name];
  int64_t count = 0;
  audit::v1::ListRecordsRequest req;
  req.set_parent("subjects/" + h.subject);
  req.set_page_size(200);
  do {
    audit::v1::ListRecordsResponse page;
    if (!year_.Do(nullptr, year_.region().auditor, absl::StrCat(kAudit, "ListRecords"), req,
                  &page)) {
      return;
    }
    for (const audit::v1::Record& r : page.records()) {
      // Looking for a family, at its log and at one's own worklist leaves records too, which are
      // not of a call about this family.
      if (r.who().permission() == "audit.read" || r.who().permission() == "family.search" ||
          r.who().permission() == "worklist.read" ||
          (r.who().permission() == "case.open" && r.who().outcome() != "OK")) {
        continue;
      }
      ++count;
      ++more[r.who().method()];
    }
    req.set_page_token(page.next_page_token());
  } while (!req.page_token().empty());
  year_.figures().records += count;
  std::string differ;
  for (const auto& [method, n] : more) {
    if (n != 0) absl::StrAppend(&differ, " ", method, n > 0 ? " +" : " ", n);
  }
  if (differ.empty()) return;
  year_.Finding(&h, absl::StrCat("R22: ", count, " records are not those of the calls:", differ));
}

void Checker::Log() {
  year_.Ship();
  const Caller& who = year_.region().auditor;
  audit::v1::Checkpoint checkpoint;
  if (!year_.Do(nullptr, who, absl::StrCat(kAudit, "GetCheckpoint"),
                audit::v1::GetCheckpointRequest(), &checkpoint)) {
    return;
  }
  const auto note = audit::ParseNote(checkpoint.note());
  integration::Require(note.status(), "a checkpoint is a note");
  const auto parsed = audit::ParseCheckpoint(note->text);
  integration::Require(parsed.status(), "a note is a checkpoint");
  if (size_ > 0) {
    audit::v1::ProveConsistencyRequest req;
    req.set_old_size(size_);
    req.set_new_size(parsed->size);
    audit::v1::Proof proof;
    if (!year_.Do(nullptr, who, absl::StrCat(kAudit, "ProveConsistency"), req, &proof)) return;
    const absl::Status grown =
        audit::VerifyConsistency({.old_size = size_, .new_size = parsed->size},
                                 {.old_root = root_, .new_root = parsed->root},
                                 {proof.hashes().begin(), proof.hashes().end()});
    if (!grown.ok()) year_.Finding(nullptr, absl::StrCat("R24: ", grown.ToString()));
  }
  size_ = parsed->size;
  root_ = parsed->root;
}

}  // namespace knooppunt::year
