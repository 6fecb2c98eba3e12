// The fixture of the worklist's handler tests: the people of the journey, and what they ask.
#ifndef KNOOPPUNT_SERVICES_WORKLIST_WORKLIST_TESTING_H_
#define KNOOPPUNT_SERVICES_WORKLIST_WORKLIST_TESTING_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "base/status_testing.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "services/dossier/testing.h"

namespace knooppunt::worklist {

using dossier::testing::Caller;
using dossier::testing::Journey;

class WorklistTest : public ::testing::Test {
 protected:
  template <typename Resp>
  absl::StatusOr<Resp> Ask(const std::string& method, const Caller& who,
                           const google::protobuf::Message& req) {
    return j.office.Call<Resp>("worklist.v1.WorklistService", method, who, req);
  }
  v1::ListWorklistResponse Worklist(const Caller& who, const v1::WorklistFilter& filter = {}) {
    v1::ListWorklistRequest req;
    *req.mutable_filter() = filter;
    const auto resp = Ask<v1::ListWorklistResponse>("ListWorklist", who, req);
    EXPECT_OK(resp);
    return resp.value_or(v1::ListWorklistResponse());
  }
  // "STEP 2026-12-14", in order.
  static std::vector<std::string> Said(const v1::ListWorklistResponse& resp) {
    std::vector<std::string> out;
    for (const v1::Entry& e : resp.entries()) {
      out.push_back(absl::StrCat(v1::EntryKind_Name(e.kind()).substr(11), " ", e.due_date(),
                                 e.overdue() ? "!" : ""));
    }
    return out;
  }
  static v1::WorklistFilter Whose(v1::Whose whose) {
    v1::WorklistFilter filter;
    filter.set_whose(whose);
    return filter;
  }
  v1::ListInboxResponse Inbox(const Caller& who, bool acknowledged = false) {
    v1::ListInboxRequest req;
    req.set_acknowledged(acknowledged);
    const auto resp = Ask<v1::ListInboxResponse>("ListInbox", who, req);
    EXPECT_OK(resp);
    return resp.value_or(v1::ListInboxResponse());
  }
  static std::vector<std::string> Kinds(const v1::ListInboxResponse& resp) {
    std::vector<std::string> out;
    for (const v1::Notice& n : resp.notices()) {
      out.push_back(v1::NoticeKind_Name(n.kind()).substr(12));
    }
    return out;
  }
  // The name of the caller's notice of this kind; "" when there is none.
  std::string NoticeOf(const Caller& who, v1::NoticeKind kind) {
    const v1::ListInboxResponse inbox = Inbox(who, true);
    for (const v1::Notice& n : inbox.notices()) {
      if (n.kind() == kind) return n.name();
    }
    return "";
  }
  absl::StatusOr<v1::Notice> Mark(const Caller& who, const std::string& name,
                                  v1::NoticeState state) {
    v1::MarkNoticeRequest req;
    req.set_name(name);
    req.set_state(state);
    return Ask<v1::Notice>("MarkNotice", who, req);
  }
  v1::Digest Digest(const Caller& who) {
    const auto resp = Ask<v1::Digest>("GetDigest", who, v1::GetDigestRequest());
    EXPECT_OK(resp);
    return resp.value_or(v1::Digest());
  }

  casework::v1::NewStep Step(const std::string& owner, const std::string& text,
                             const std::string& due) {
    casework::v1::NewStep step;
    step.set_text(text);
    step.set_owner_seat(owner);
    step.set_due_date(due);
    *step.mutable_label() = j.Education();
    return step;
  }
  std::string PlanMeeting(const std::string& date) {
    casework::v1::PlanMeetingRequest req;
    req.set_parent(j.case_name);
    req.set_date(date);
    *req.mutable_label() = j.Education();
    const auto meeting = j.office.Casework<casework::v1::Meeting>("PlanMeeting", j.ib, req);
    EXPECT_OK(meeting);
    return meeting.ok() ? meeting->name() : "";
  }
  // A meeting of today with the IB and the mother at the table; the others were absent.
  casework::v1::Meeting Conclude(const std::vector<casework::v1::NewStep>& steps) {
    casework::v1::ConcludeMeetingRequest req;
    req.set_name(PlanMeeting("2026-11-23"));
    for (const Caller& who : {j.ib, j.mother}) {
      casework::v1::Attendance* a = req.add_attendances();
      a->set_seat(j.SeatOf(who));
      a->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
    }
    for (const auto& step : steps) *req.add_steps() = step;
    req.set_conclusion("We proberen het zo.");
    const auto meeting = j.office.Casework<casework::v1::Meeting>("ConcludeMeeting", j.ib, req);
    EXPECT_OK(meeting);
    return meeting.value_or(casework::v1::Meeting());
  }
  absl::Status Confirm(const Caller& who, const std::string& meeting) {
    casework::v1::ConfirmOutcomeRequest req;
    req.set_name(meeting);
    return j.office.Casework<casework::v1::Meeting>("ConfirmOutcome", who, req).status();
  }

  Journey j;
};

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_WORKLIST_TESTING_H_
