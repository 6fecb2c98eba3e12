// The comparisons of worklists, the inbox and the digest: with the case, the lapses and the grounds
// as the same caller reads them one by one (P4, R18).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/directory/v1/framework.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

using access::v1::Decision;
using worklist::v1::Entry;

constexpr char kWorklist[] = "worklist.v1.WorklistService/ListWorklist";
constexpr char kWatch[] = "worklist.v1.WorklistService/WatchWorklist";
constexpr char kInbox[] = "worklist.v1.WorklistService/ListInbox";
constexpr char kDigest[] = "worklist.v1.WorklistService/GetDigest";
constexpr char kGetCase[] = "casework.v1.CaseworkService/GetCase";
constexpr char kLapses[] = "access.v1.AccessService/ListLapses";
constexpr char kGrounds[] = "consent.v1.ConsentService/ListGrounds";
constexpr char kGetHandover[] = "handover.v1.HandoverService/GetHandover";
constexpr char kOwnInvitations[] = "meetings.v1.MeetingsService/ListOwnInvitations";
constexpr char kRequests[] = "requests.v1.RequestsService/ListRequests";
constexpr char kFramework[] = "directory.v1.FrameworkService/GetFramework";
constexpr char kAssess[] = "directory.v1.FrameworkService/AssessFunding";
constexpr char kProfile[] = "directory.v1.WerkplaatsService/GetWerkplaatsProfile";
constexpr char kGaps[] = "directory.v1.WerkplaatsService/ListProfileGaps";

bool IsTask(const Entry& e) {
  switch (e.kind()) {
    case worklist::v1::ENTRY_KIND_SIGN:
    case worklist::v1::ENTRY_KIND_RENEW_CONSENT:
    case worklist::v1::ENTRY_KIND_APPOINT_REGISSEUR:
    case worklist::v1::ENTRY_KIND_PLAN_ADULTHOOD:
    case worklist::v1::ENTRY_KIND_REVIEW_GROUND:
    case worklist::v1::ENTRY_KIND_ROUND_OFF:
    case worklist::v1::ENTRY_KIND_REVIEW_CASE:
    case worklist::v1::ENTRY_KIND_UNSPECIFIED:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::set<std::string> Comparer::ComparedWork() {
  return {kWorklist, kWatch, kInbox, kDigest, kFramework, kAssess, kProfile, kGaps};
}

// What of one family this caller reads where it is read alone.
Comparer::ReadAlone Comparer::ReadFamilyAlone(const Caller& who, const Family& f) {
  ReadAlone out;
  casework::v1::GetCaseRequest get;
  get.set_name(f.case_name);
  casework::v1::Case c;
  if (who.purpose != common::v1::PURPOSE_EMERGENCY && Call(who, kGetCase, get, &c).ok()) {
    if (c.state() != access::v1::CASE_STATE_CLOSED) out.open_case = c.name();
    for (const auto& step : c.steps()) {
      out.names.insert(step.name());
      if (step.state() == casework::v1::STEP_STATE_BINDING) out.open_steps.insert(step.name());
    }
    for (const auto& meeting : c.meetings()) out.names.insert(meeting.name());
    out.marks = MarksIn(c.SerializeAsString());
  }
  access::v1::ListLapsesRequest ask;
  ask.set_parent(f.name());
  access::v1::ListLapsesResponse lapses;
  if (Call(who, kLapses, ask, &lapses).ok()) {
    out.tells_lapses = true;
    for (const auto& t : lapses.tasks()) out.tasks.insert(absl::StrCat(t.subject(), t.due_date()));
    for (const auto& l : lapses.lapses()) out.lapses.insert(absl::StrCat(l.consent(), l.date()));
  }
  for (const std::string& name : f.handovers) {
    handover::v1::GetHandoverRequest read;
    read.set_name(name);
    handover::v1::Handover h;
    if (Call(who, kGetHandover, read, &h).ok()) out.names.insert(name);
    // What is offered is read for the purpose of the handover.
    const Caller receiver =
        who.claims.organisation().empty() ? who : Caller(who).For(common::v1::PURPOSE_HANDOVER);
    const bool read_it = Call(receiver, kGetHandover, read, &h).ok();
    if (read_it && h.receiver() == who.claims.subject()) out.offered.insert(name);
  }
  meetings::v1::ListOwnInvitationsRequest own;
  own.set_answered(true);
  do {
    meetings::v1::ListOwnInvitationsResponse page;
    if (!Call(who, kOwnInvitations, own, &page).ok()) break;
    for (const auto& i : page.invitations()) {
      if (!absl::StartsWith(i.name(), f.name() + "/")) continue;
      out.invitations.insert(i.name());
      if (i.state() == meetings::v1::INVITATION_STATE_SENT ||
          i.state() == meetings::v1::INVITATION_STATE_MOVED) {
        out.to_answer.insert(i.name());
      }
    }
    own.set_page_token(page.next_page_token());
  } while (!own.page_token().empty());
  requests::v1::ListRequestsRequest asked;
  asked.set_parent(f.name());
  requests::v1::ListRequestsResponse requests;
  if (Call(who, kRequests, asked, &requests).ok()) {
    for (const auto& r : requests.requests()) out.requests.insert(r.name());
  }
  consent::v1::ListGroundsRequest of;
  of.set_parent(f.name());
  consent::v1::ListGroundsResponse grounds;
  if (Call(who, kGrounds, of, &grounds).ok()) {
    for (const auto& g : grounds.grounds()) out.names.insert(g.name());
  }
  return out;
}

void Comparer::Worklists(const Caller& who) {
  std::map<std::string, ReadAlone> alone;  // by family name
  for (const Family& f : w_.families()) {
    if (Point(who, kWorklist, f.case_name).allowed()) alone[f.name()] = ReadFamilyAlone(who, f);
  }
  for (const auto whose :
       {worklist::v1::WHOSE_MINE, worklist::v1::WHOSE_WERKPLAATS, worklist::v1::WHOSE_LED}) {
    Worklist(who, whose, alone);
  }
  Inbox(who, alone);
  // Numbers, and no word or id of anything.
  worklist::v1::Digest digest;
  const absl::Status status = Call(who, kDigest, worklist::v1::GetDigestRequest(), &digest);
  Expect(status.ok() == Point(who, kDigest, "").allowed(), kDigest, who, nullptr, InWords(status));
  const std::string bytes = digest.SerializeAsString();
  Expect(NamesNothing(bytes) && MarksIn(bytes).empty(), kDigest, who, nullptr, "names something");
  WerkplaatsAndFramework(who);
}

// A watcher is told the same, to begin with.
void Comparer::WatchedFirst(const Caller& who, const worklist::v1::WorklistFilter& filter,
                            const std::vector<worklist::v1::Entry>& listed) {
  worklist::v1::WatchWorklistRequest request;
  *request.mutable_filter() = filter;
  worklist::v1::WatchWorklistResponse news;
  const absl::Status status = Call(who, kWatch, request, &news);
  Expect(status.ok() == Point(who, kWatch, "").allowed(), kWatch, who, nullptr, InWords(status));
  if (!status.ok()) return;
  Expect(news.total_size() == static_cast<int>(listed.size()) && news.gone().empty(), kWatch, who,
         nullptr, "another number than the list");
  std::set<std::string> there;
  for (const worklist::v1::Entry& e : listed) there.insert(e.SerializeAsString());
  for (const worklist::v1::Entry& e : news.entries()) {
    Expect(there.contains(e.SerializeAsString()), kWatch, who, nullptr,
           "something else than listed");
  }
}

void Comparer::Worklist(const Caller& who, worklist::v1::Whose whose,
                        const std::map<std::string, ReadAlone>& alone) {
  worklist::v1::ListWorklistRequest request;
  request.mutable_filter()->set_whose(whose);
  std::vector<Entry> whole;
  int total = 0;
  do {
    worklist::v1::ListWorklistResponse page;
    const absl::Status status = Call(who, kWorklist, request, &page);
    Expect(status.ok() == Point(who, kWorklist, "").allowed(), kWorklist, who, nullptr,
           InWords(status));
    if (!status.ok()) return;
    whole.insert(whole.end(), page.entries().begin(), page.entries().end());
    total = page.total_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Expect(total == static_cast<int>(whole.size()), kWorklist, who, nullptr, "another total");

  std::map<std::string, std::set<std::string>> tasks, steps, to_answer;
  for (const Entry& e : whole) {
    const std::string family = e.subject().substr(0, e.subject().find('/', 9));
    const auto read = alone.find(family);
    const Family* f = w_.FamilyOf(family.substr(9));
    Expect(read != alone.end() || f == nullptr, kWorklist, who, f, "listed and not theirs");
    if (read == alone.end()) continue;
    const ReadAlone& r = read->second;
    for (const std::string& mark : MarksIn(e.SerializeAsString())) {
      Expect(r.marks.contains(mark), kWorklist, who, f, "words that the case does not show");
    }
    if (e.kind() == worklist::v1::ENTRY_KIND_MEETING_INVITATION)
      to_answer[family].insert(e.subject());
    if (e.kind() == worklist::v1::ENTRY_KIND_STEP) steps[family].insert(e.subject());
    // R15: to who reviews and has no seat it is not told as a task.
    const bool review = e.kind() == worklist::v1::ENTRY_KIND_REVIEW_GROUND && !r.tells_lapses;
    if (review) {
      Expect(r.names.contains(e.subject()), kWorklist, who, f, "a ground that is not theirs");
    } else if (IsTask(e)) {
      tasks[family].insert(absl::StrCat(e.subject(), e.due_date()));
    } else if (e.kind() == worklist::v1::ENTRY_KIND_LAPSE) {
      Expect(r.lapses.contains(absl::StrCat(e.subject(), e.due_date())), kWorklist, who, f,
             "a lapse that ListLapses does not give");
    } else {
      Waiting(who, f, r, e);
    }
  }
  for (const auto& [family, r] : alone) {
    const Family* f = w_.FamilyOf(family.substr(9));
    if (whose == worklist::v1::WHOSE_MINE) {
      Expect(tasks[family] == r.tasks, kWorklist, who, f, "other tasks than ListLapses gives");
      for (const std::string& name : r.to_answer) {
        const bool of_this = !r.open_case.empty() && absl::StartsWith(name, r.open_case + "/");
        Expect(!of_this || to_answer[family].contains(name), kWorklist, who, f,
               absl::StrCat(name, " waits for an answer and is not listed"));
      }
    } else if (!steps[family].empty()) {
      // Whose list it is sees the whole case: all that is open, or nothing of it.
      Expect(steps[family] == r.open_steps, kWorklist, who, f,
             "other steps than the case shows open");
    }
  }
  WatchedFirst(who, request.filter(), whole);
  // In pages it is the same.
  request.clear_page_token();
  request.set_page_size(1 + static_cast<int>(w_.Draw(3)));
  size_t at = 0;
  do {
    worklist::v1::ListWorklistResponse page;
    if (!Call(who, kWorklist, request, &page).ok()) break;
    Expect(page.total_size() == total, kWorklist, who, nullptr, "another total on another page");
    for (const Entry& e : page.entries()) {
      const bool same = at < whole.size() && e.SerializeAsString() == whole[at].SerializeAsString();
      Expect(same, kWorklist, who, nullptr, "in pages it is another list");
      ++at;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && at <= whole.size());
  Expect(at == whole.size(), kWorklist, who, nullptr, "in pages it is longer or shorter");
}

// Of what is not a task: whether the caller finds it where it is read alone.
void Comparer::Waiting(const Caller& who, const Family* f, const ReadAlone& r, const Entry& e) {
  switch (e.kind()) {
    case worklist::v1::ENTRY_KIND_INVITATION:
      return;
    case worklist::v1::ENTRY_KIND_MEETING_INVITATION:
      return Expect(r.to_answer.contains(e.subject()), kWorklist, who, f,
                    absl::StrCat(e.subject(), " does not wait for their answer"));
    case worklist::v1::ENTRY_KIND_REQUEST:
      return Expect(r.requests.contains(e.subject()), kWorklist, who, f,
                    absl::StrCat(e.subject(), " is not theirs to read"));
    case worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES:
      return Expect(e.subject() == r.open_case, kWorklist, who, f,
                    "a case that closes with its school, and is not theirs to read");
    case worklist::v1::ENTRY_KIND_OFFERED:
      return Expect(r.offered.contains(e.subject()) && e.case_name().empty(), kWorklist, who, f,
                    absl::StrCat(e.subject(), " is not offered to them"));
    default:
      return Expect(r.names.contains(e.subject()), kWorklist, who, f,
                    absl::StrCat(e.subject(), " is listed and not in the case"));
  }
}

bool Comparer::IsToKnow(const ReadAlone& r, const worklist::v1::Notice& n) {
  switch (n.kind()) {
    case worklist::v1::NOTICE_KIND_MEETING_INVITATION:
    case worklist::v1::NOTICE_KIND_MEETING_MOVED:
    case worklist::v1::NOTICE_KIND_MEETING_CANCELLED:
      return r.invitations.contains(n.subject());
    case worklist::v1::NOTICE_KIND_REQUEST:
      return r.requests.contains(n.subject());
    case worklist::v1::NOTICE_KIND_OFFERED:
      return r.offered.contains(n.subject()) && n.case_name().empty();
    default:
      return !(absl::StrContains(n.subject(), "/steps/") ||
               absl::StrContains(n.subject(), "/meetings/") ||
               n.kind() == worklist::v1::NOTICE_KIND_GROUND) ||
             r.names.contains(n.subject());
  }
}

void Comparer::Inbox(const Caller& who, const std::map<std::string, ReadAlone>& alone) {
  worklist::v1::ListInboxRequest request;
  request.set_acknowledged(true);
  int fresh = 0, told = 0;
  do {
    worklist::v1::ListInboxResponse page;
    const absl::Status status = Call(who, kInbox, request, &page);
    Expect(status.ok() == Point(who, kInbox, "").allowed(), kInbox, who, nullptr, InWords(status));
    if (!status.ok()) return;
    // A notice says that, in words of ours; what stands in the case.
    Expect(MarksIn(page.SerializeAsString()).empty(), kInbox, who, nullptr, "content in a notice");
    fresh = page.new_count();
    for (const worklist::v1::Notice& n : page.notices()) {
      told += n.state() == worklist::v1::NOTICE_STATE_NEW ? 1 : 0;
      const std::string family = n.subject().substr(0, n.subject().find('/', 9));
      const auto read = alone.find(family);
      const Family* f = w_.FamilyOf(family.substr(9));
      Expect(read != alone.end() || f == nullptr, kInbox, who, f, "told and not theirs");
      if (read == alone.end()) continue;
      Expect(IsToKnow(read->second, n), kInbox, who, f,
             absl::StrCat(n.subject(), " is told and cannot be read"));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Expect(fresh == told, kInbox, who, nullptr, "another number of new ones");
}

// About no family: what matters is that nothing of one is in it.
void Comparer::WerkplaatsAndFramework(const Caller& who) {
  const auto look = [&](const std::string& method, const google::protobuf::Message& request,
                        google::protobuf::Message* response) {
    const absl::Status status = Call(who, method, request, response);
    Expect(status.ok() == Point(who, method, "").allowed(), method, who, nullptr, InWords(status));
    const std::string bytes = response->SerializeAsString();
    Expect(NamesNothing(bytes) && MarksIn(bytes).empty(), method, who, nullptr, "names a family");
  };
  directory::v1::Framework framework;
  look(kFramework, directory::v1::GetFrameworkRequest(), &framework);
  directory::v1::AssessFundingRequest ask;
  ask.set_means(common::v1::MEANS_TRANSPORT);
  directory::v1::AssessFundingResponse answer;
  look(kAssess, ask, &answer);
  directory::v1::ListProfileGapsResponse gaps;
  look(kGaps, directory::v1::ListProfileGapsRequest(), &gaps);
  for (const directory::v1::WerkplaatsProfile& p : gaps.profiles()) {
    directory::v1::GetWerkplaatsProfileRequest get;
    get.set_name(p.name());
    directory::v1::WerkplaatsProfile one;
    look(kProfile, get, &one);
    Expect(std::equal(one.gaps_nl().begin(), one.gaps_nl().end(), p.gaps_nl().begin(),
                      p.gaps_nl().end()),
           kGaps, who, nullptr, "listed and read alone it lacks something else");
  }
}

}  // namespace knooppunt::property
