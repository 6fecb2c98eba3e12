// Invitations, agendas and sittings against the point check (P4, R18): who reads a meeting, who is
// invited, what each item's label opens, what others are said to read, and whose cases a sitting
// shows.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

using access::v1::Decision;

constexpr char kAgenda[] = "meetings.v1.MeetingsService/GetAgenda";
constexpr char kInvitations[] = "meetings.v1.MeetingsService/ListInvitations";
constexpr char kChecks[] = "meetings.v1.MeetingsService/CheckInvitations";
constexpr char kOwn[] = "meetings.v1.MeetingsService/ListOwnInvitations";
constexpr char kSitting[] = "meetings.v1.MeetingsService/GetSitting";
constexpr char kSittings[] = "meetings.v1.MeetingsService/ListSittings";

// Whether the invitation is of whom `d` was decided about, or of whom they deputise for.
bool IsTheirs(const InvitationKnown& i, const Decision& d, const Family& f) {
  if (i.taken_back) return false;
  if (!d.person().empty() && i.person == d.person()) return true;
  if (d.seat().empty() || i.seat.empty()) return false;
  if (d.seat() == i.seat) return true;
  return std::any_of(f.seats.begin(), f.seats.end(),
                     [&](const SeatKnown& s) { return s.id == d.seat() && s.deputises == i.seat; });
}

bool IsInvited(const MeetingKnown& m, const Decision& d, const Family& f) {
  return std::any_of(m.invitations.begin(), m.invitations.end(),
                     [&](const InvitationKnown& i) { return IsTheirs(i, d, f); });
}

const Thing* ThingOf(const Family& f, const std::string& name) {
  const auto at = std::find_if(f.things.begin(), f.things.end(),
                               [&](const Thing& t) { return t.name == name; });
  return at == f.things.end() ? nullptr : &*at;
}

std::vector<const Thing*> ItemsOf(const Family& f, const MeetingKnown& m) {
  std::vector<const Thing*> out;
  for (const Thing& t : f.things) {
    if (t.kind == Kind::kAgendaItem && absl::StartsWith(t.name, m.name + "/")) out.push_back(&t);
  }
  return out;
}

}  // namespace

std::set<std::string> Comparer::ComparedMeetings() {
  return {kAgenda, kInvitations, kChecks, kOwn, kSitting, kSittings};
}

void Comparer::Meetings(const Caller& who, const Family& f) {
  meetings::v1::GetAgendaRequest never;
  never.set_name(absl::StrCat(f.case_name, "/meetings/meeting-thatneverwas"));
  meetings::v1::Agenda nothing;
  const absl::Status no_such = Call(who, kAgenda, never, &nothing);
  for (const MeetingKnown& m : f.meetings) {
    const Decision d = Point(who, kAgenda, m.name);
    const Thing* meeting = ThingOf(f, m.name);
    const bool opens = meeting != nullptr && Opens(d, meeting->scope);
    const std::vector<const Thing*> on_it = ItemsOf(f, m);
    const bool on_record =
        who.purpose == common::v1::PURPOSE_OWN_RECORD &&
        std::any_of(on_it.begin(), on_it.end(), [&](const Thing* t) { return Opens(d, t->scope); });
    const bool knows = d.allowed() && (opens || IsInvited(m, d, f) || on_record);
    meetings::v1::GetAgendaRequest request;
    request.set_name(m.name);
    meetings::v1::Agenda shown, again;
    const absl::Status status = Call(who, kAgenda, request, &shown);
    Expect(status.ok() == knows, kAgenda, who, &f,
           absl::StrCat(m.name, knows ? " is theirs to know: " : " is not theirs to know: ",
                        InWords(status)));
    Expect(status.ok() || InWords(status) == InWords(no_such), kAgenda, who, &f,
           "not theirs does not answer as no such");
    InvitedTo(who, f, m, {.opens = opens, .knows = knows});
    if (!status.ok()) continue;
    std::multiset<std::string> items;
    for (const meetings::v1::AgendaItem& item : shown.items()) items.insert(item.name());
    size_t open = 0;
    for (const Thing* t : ItemsOf(f, m)) {
      open += Opens(d, t->scope) ? 1 : 0;
      Expect((items.count(t->name) == 1) == Opens(d, t->scope), kAgenda, who, &f,
             absl::StrCat(t->name, " on the agenda"));
    }
    Expect(items.size() == open, kAgenda, who, &f, "the number of items");
    Also also;
    also.ids.insert(LastId(m.name));  // to who is invited that it is there is told
    Search(shown.SerializeAsString(), d, kAgenda, who, &f, also);
    const absl::Status twice = Call(who, kAgenda, request, &again);
    Expect(twice.ok() && again.SerializeAsString() == shown.SerializeAsString(), kAgenda, who, &f,
           "two answers without a change between them differ");
  }
}

void Comparer::InvitedTo(const Caller& who, const Family& f, const MeetingKnown& m,
                         const Knows& knows) {
  meetings::v1::ListInvitationsRequest request;
  request.set_parent(m.name);
  request.set_page_size(2);
  std::set<std::string> shown;
  const Decision d = Point(who, kInvitations, m.name);
  do {
    meetings::v1::ListInvitationsResponse page;
    const absl::Status status = Call(who, kInvitations, request, &page);
    Expect(status.ok() == knows.knows, kInvitations, who, &f, InWords(status));
    if (!status.ok()) return;
    for (const meetings::v1::Invitation& i : page.invitations()) {
      if (i.state() != meetings::v1::INVITATION_STATE_WITHDRAWN) shown.insert(i.name());
    }
    Also also;
    also.ids.insert(LastId(m.name));
    Search(page.SerializeAsString(), d, kInvitations, who, &f, also);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  size_t expected = 0;
  for (const InvitationKnown& i : m.invitations) {
    const bool may = !i.taken_back && (knows.opens || IsTheirs(i, d, f));
    expected += may ? 1 : 0;
    Expect(shown.contains(i.name) == may, kInvitations, who, &f,
           absl::StrCat(i.name, may ? " is not listed" : " is listed"));
  }
  Expect(shown.size() == expected, kInvitations, who, &f, "the number of invitations");
  Checks(who, f, m);
}

// What who plans is told of others is what the point check gives those others.
void Comparer::Checks(const Caller& who, const Family& f, const MeetingKnown& m) {
  const Decision d = Point(who, kChecks, m.name);
  meetings::v1::CheckInvitationsRequest request;
  request.set_parent(m.name);
  meetings::v1::CheckInvitationsResponse shown;
  const absl::Status status = Call(who, kChecks, request, &shown);
  Expect((base::ReasonOf(status) == "REFUSED") == !d.allowed(), kChecks, who, &f, InWords(status));
  if (!status.ok()) return;
  Also also;
  also.ids.insert(LastId(m.name));
  // Whose information is missing is named by who is missing it: persons of a label that opens.
  also.every_person = true;
  Search(shown.SerializeAsString(), d, kChecks, who, &f, also);
  std::vector<const Thing*> readable = ItemsOf(f, m);
  if (const Thing* meeting = ThingOf(f, m.name); meeting != nullptr) readable.push_back(meeting);
  for (const meetings::v1::Invitation& i : shown.invitations()) {
    const Caller* party = PartyOf(f, i);
    if (party == nullptr) continue;
    const Decision theirs = Point(*party, kAgenda, m.name);
    for (const Thing* t : readable) {
      if (!Opens(d, t->scope)) continue;
      const auto& sees = i.check().sees();
      const bool said = std::find(sees.begin(), sees.end(), t->name) != sees.end();
      Expect(said == Opens(theirs, t->scope), kChecks, who, &f,
             absl::StrCat(t->name, said ? " is said to be read by " : " is said to be hidden from ",
                          party->claims.subject()));
    }
  }
}

const Caller* Comparer::PartyOf(const Family& f, const meetings::v1::Invitation& i) {
  for (const SeatKnown& s : f.seats) {
    if (s.id != i.seat()) continue;
    for (const Caller& staff : w_.staff()) {
      const bool same = staff.claims.subject() == s.professional &&
                        staff.claims.organisation() == i.organisation();
      if (same && staff.purpose == common::v1::PURPOSE_COORDINATION) return &staff;
    }
  }
  for (const Member& m : f.members) {
    if (!m.account.empty() && absl::EndsWith(i.person(), absl::StrCat("/", m.id))) {
      return &m.caller;
    }
  }
  return nullptr;
}

void Comparer::MeetingLists(const Caller& who) {
  OwnInvitations(who);
  Sittings(who);
}

void Comparer::OwnInvitations(const Caller& who) {
  std::set<std::string> expected;
  const std::string today = w_.region().Day(0);
  for (const Family& f : w_.families()) {
    const Decision d = Point(who, kOwn, f.name());
    if (!d.allowed()) continue;
    for (const MeetingKnown& m : f.meetings) {
      if (m.date < today) continue;
      for (const InvitationKnown& i : m.invitations) {
        if (IsTheirs(i, d, f)) expected.insert(i.name);
      }
    }
  }
  meetings::v1::ListOwnInvitationsRequest request;
  request.set_answered(true);
  request.set_page_size(2);
  std::set<std::string> shown;
  do {
    meetings::v1::ListOwnInvitationsResponse page;
    const absl::Status status = Call(who, kOwn, request, &page);
    Expect(status.ok() == Point(who, kOwn, "").allowed(), kOwn, who, nullptr, InWords(status));
    if (!status.ok()) return;
    for (const meetings::v1::Invitation& i : page.invitations()) {
      shown.insert(i.name());
      const Family* f = w_.FamilyOf(i.name().substr(9, i.name().find('/', 9) - 9));
      Also also;
      also.ids.insert(LastId(i.meeting()));
      if (f != nullptr) {
        Search(i.SerializeAsString(), Point(who, kAgenda, i.meeting()), kOwn, who, f, also);
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Expect(shown == expected, kOwn, who, nullptr,
         absl::StrCat(shown.size(), " of their own are listed, ", expected.size(), " are"));
}

void Comparer::Sittings(const Caller& who) {
  // The slots that this caller may see: something of the meeting opens, and they take part in it.
  std::set<std::string> mine;
  for (const Family& f : w_.families()) {
    const Decision d = Point(who, kSitting, f.name());
    if (!d.allowed()) continue;
    for (const MeetingKnown& m : f.meetings) {
      const Thing* meeting = ThingOf(f, m.name);
      const bool opens = meeting != nullptr && Opens(d, meeting->scope);
      const std::vector<const Thing*> items = ItemsOf(f, m);
      const bool something = std::any_of(items.begin(), items.end(),
                                         [&](const Thing* t) { return Opens(d, t->scope); });
      if (opens || (something && IsInvited(m, d, f))) mine.insert(m.name);
    }
  }
  meetings::v1::GetSittingRequest never;
  never.set_name("werkplaatsen/manjefiek/sittings/sitting-thatneverwas");
  meetings::v1::Sitting nothing;
  const absl::Status no_such = Call(who, kSitting, never, &nothing);
  const bool allowed = Point(who, kSitting, "").allowed();
  for (const SittingKnown& sitting : w_.sittings) {
    std::set<std::string> expected, shown;
    for (const Family& f : w_.families()) {
      for (const MeetingKnown& m : f.meetings) {
        if (m.sitting == sitting.name && mine.contains(m.name)) expected.insert(m.name);
      }
    }
    meetings::v1::GetSittingRequest request;
    request.set_name(sitting.name);
    meetings::v1::Sitting one;
    const absl::Status status = Call(who, kSitting, request, &one);
    const bool runs = who.claims.organisation() == w_.families()[0].opener.claims.organisation();
    Expect(status.ok() == (allowed && (runs || !expected.empty())), kSitting, who, nullptr,
           InWords(status));
    Expect(status.ok() || InWords(status) == InWords(no_such), kSitting, who, nullptr,
           "not theirs does not answer as no such");
    if (!status.ok()) continue;
    Expect(runs || (one.start().empty() && one.end().empty()), kSitting, who, nullptr,
           "how long it lasts is told to who has a part of it");
    for (const meetings::v1::SittingSlot& slot : one.slots()) {
      shown.insert(slot.agenda().name());
      const Family* f =
          w_.FamilyOf(LastId(slot.case_name().substr(0, slot.case_name().find('/', 9))));
      if (f == nullptr) continue;
      Also also;
      also.ids.insert(LastId(slot.agenda().name()));
      Search(slot.SerializeAsString(), Point(who, kSitting, f->name()), kSitting, who, f, also);
    }
    Expect(shown == expected, kSitting, who, nullptr,
           absl::StrCat(shown.size(), " cases are shown, ", expected.size(), " are theirs"));
    AmongListed(who, sitting, one);
  }
}

void Comparer::AmongListed(const Caller& who, const SittingKnown& sitting,
                           const meetings::v1::Sitting& one) {
  meetings::v1::ListSittingsRequest request;
  request.set_parent("werkplaatsen/manjefiek");
  request.set_from_date(sitting.date);
  int found = 0;
  do {
    meetings::v1::ListSittingsResponse page;
    if (!Call(who, kSittings, request, &page).ok()) break;
    for (const meetings::v1::Sitting& s : page.sittings()) {
      if (s.name() != sitting.name) continue;
      ++found;
      Expect(s.SerializeAsString() == one.SerializeAsString(), kSittings, who, nullptr,
             "listed and read alone it says something else");
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Expect(found == 1, kSittings, who, nullptr, absl::StrCat("listed ", found, " times"));
}

}  // namespace knooppunt::property
