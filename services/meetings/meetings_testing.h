// The fixture of the handler tests of meetings: the people of the journey, and what they ask.
#ifndef KNOOPPUNT_SERVICES_MEETINGS_MEETINGS_TESTING_H_
#define KNOOPPUNT_SERVICES_MEETINGS_MEETINGS_TESTING_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "services/dossier/testing.h"

namespace knooppunt::meetings {

using dossier::testing::Caller;
using dossier::testing::Journey;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

// Today is 23 November 2026. The school's IB plans, the JGZ's nurse and the city's consultant sit
// at the table on consent: EDUCATION for both, HEALTH for the nurse, FAMILY for the consultant.
class MeetingsTest : public ::testing::Test {
 protected:
  static constexpr char kDay[] = "2026-11-30";

  void Start() {
    j.Open();
    j.Activate();
  }
  template <typename Resp>
  absl::StatusOr<Resp> Ask(const std::string& method, const Caller& who,
                           const google::protobuf::Message& req) {
    return j.office.Call<Resp>("meetings.v1.MeetingsService", method, who, req);
  }

  std::string Plan(const std::string& date = kDay) {
    casework::v1::PlanMeetingRequest req;
    req.set_parent(j.case_name);
    req.set_date(date);
    *req.mutable_label() = j.Education();
    auto meeting = j.office.Casework<casework::v1::Meeting>("PlanMeeting", j.ib, req);
    EXPECT_OK(meeting);
    return meeting.value_or(casework::v1::Meeting()).name();
  }
  void Conclude(const std::string& meeting) {
    casework::v1::ConcludeMeetingRequest req;
    req.set_name(meeting);
    for (const Caller& who : {j.ib, j.mother}) {
      casework::v1::Attendance* a = req.add_attendances();
      a->set_seat(j.SeatOf(who));
      a->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
    }
    casework::v1::NewStep* step = req.add_steps();
    step->set_text("Samen rustige avonden oefenen.");
    step->set_owner_seat(j.SeatOf(j.ib));
    step->set_due_date("2026-12-14");
    *step->mutable_label() = j.Education();
    ASSERT_OK(j.office.Casework<casework::v1::Meeting>("ConcludeMeeting", j.ib, req));
  }
  void GoTo(int days) { j.office.clock().Advance(absl::Hours(24 * days)); }

  // ---- Invitations ----

  absl::StatusOr<v1::Invitation> Invite(const std::string& meeting, const std::string& seat) {
    v1::InviteToMeetingRequest req;
    req.set_parent(meeting);
    req.set_seat(seat);
    return Ask<v1::Invitation>("InviteToMeeting", j.ib, req);
  }
  v1::Invitation Invited(const std::string& meeting, const Caller& who) {
    auto invitation = Invite(meeting, j.SeatOf(who));
    EXPECT_OK(invitation);
    return invitation.value_or(v1::Invitation());
  }
  absl::StatusOr<v1::ListInvitationsResponse> List(const Caller& who, const std::string& meeting) {
    v1::ListInvitationsRequest req;
    req.set_parent(meeting);
    return Ask<v1::ListInvitationsResponse>("ListInvitations", who, req);
  }
  std::vector<v1::Invitation> Own(const Caller& who, bool answered = false) {
    v1::ListOwnInvitationsRequest req;
    req.set_answered(answered);
    auto own = Ask<v1::ListOwnInvitationsResponse>("ListOwnInvitations", who, req);
    EXPECT_OK(own);
    if (!own.ok()) return {};
    return {own->invitations().begin(), own->invitations().end()};
  }
  absl::StatusOr<v1::CheckInvitationsResponse> Check(const Caller& who,
                                                     const std::string& meeting) {
    v1::CheckInvitationsRequest req;
    req.set_parent(meeting);
    return Ask<v1::CheckInvitationsResponse>("CheckInvitations", who, req);
  }
  // As it stands now, that they come in person.
  static v1::AnswerInvitationRequest Yes(const v1::Invitation& own) {
    v1::AnswerInvitationRequest req;
    req.set_name(own.name());
    req.set_answer(v1::INVITATION_STATE_ACCEPTED);
    req.set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
    req.set_etag(own.etag());
    return req;
  }
  absl::StatusOr<v1::Invitation> Answer(const Caller& who, const v1::AnswerInvitationRequest& req) {
    return Ask<v1::Invitation>("AnswerInvitation", who, req);
  }

  // ---- The agenda ----

  absl::StatusOr<v1::Agenda> Agenda(const Caller& who, const std::string& meeting) {
    v1::GetAgendaRequest req;
    req.set_name(meeting);
    return Ask<v1::Agenda>("GetAgenda", who, req);
  }
  std::vector<std::string> Titles(const Caller& who, const std::string& meeting) {
    std::vector<std::string> out;
    auto agenda = Agenda(who, meeting);
    EXPECT_OK(agenda);
    if (!agenda.ok()) return out;
    for (const v1::AgendaItem& item : agenda->items()) out.push_back(item.title());
    return out;
  }
  static v1::AddAgendaItemRequest NewItem(const std::string& meeting, const std::string& title,
                                          const common::v1::Label& label) {
    v1::AddAgendaItemRequest req;
    req.set_parent(meeting);
    req.mutable_item()->set_title(title);
    req.mutable_item()->set_planned_minutes(10);
    *req.mutable_item()->mutable_label() = label;
    return req;
  }
  absl::StatusOr<v1::AgendaItem> Add(const Caller& who, const v1::AddAgendaItemRequest& req) {
    return Ask<v1::AgendaItem>("AddAgendaItem", who, req);
  }
  v1::AgendaItem Added(const Caller& who, const std::string& meeting, const std::string& title,
                       const common::v1::Label& label) {
    auto item = Add(who, NewItem(meeting, title, label));
    EXPECT_OK(item);
    return item.value_or(v1::AgendaItem());
  }
  common::v1::Label Family() const {
    return j.About(common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL);
  }
  common::v1::Label Health() const {
    return j.About(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH);
  }
  absl::StatusOr<v1::Agenda> Arrange(const Caller& who, const std::string& meeting,
                                     const std::string& start, const std::string& end) {
    v1::ArrangeMeetingRequest req;
    req.set_name(meeting);
    req.mutable_agenda()->set_start(start);
    req.mutable_agenda()->set_end(end);
    req.mutable_agenda()->set_place("Kamer 3");
    req.mutable_agenda()->set_video(true);
    for (const char* path : {"start", "end", "place", "video"}) {
      req.mutable_update_mask()->add_paths(path);
    }
    auto now = Agenda(who, meeting);
    if (!now.ok()) return now.status();
    req.set_etag(now->etag());
    return Ask<v1::Agenda>("ArrangeMeeting", who, req);
  }
  absl::Status Withdraw(const std::string& consent, const Caller& who) {
    consent::v1::WithdrawConsentRequest req;
    req.set_name(consent);
    return j.office.Consent<consent::v1::Consent>("WithdrawConsent", who, req).status();
  }

  Journey j;
};

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_MEETINGS_TESTING_H_
