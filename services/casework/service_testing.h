// The fixture of casework's handler tests: the people of the journey, and what they ask.
#ifndef KNOOPPUNT_SERVICES_CASEWORK_SERVICE_TESTING_H_
#define KNOOPPUNT_SERVICES_CASEWORK_SERVICE_TESTING_H_

#include <string>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/dossier/testing.h"

namespace knooppunt::casework {

using dossier::testing::Caller;
using dossier::testing::Journey;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class CaseworkServiceTest : public ::testing::Test {
 protected:
  void Start() { j.Open(); }
  absl::StatusOr<v1::Case> TryGet(const Caller& who) {
    v1::GetCaseRequest req;
    req.set_name(j.case_name);
    return j.office.Casework<v1::Case>("GetCase", who, req);
  }
  absl::StatusOr<v1::Contribution> Contribute(const Caller& who, const common::v1::Label& label,
                                              const std::string& text) {
    v1::AddContributionRequest req;
    req.set_parent(j.case_name);
    req.mutable_contribution()->set_text(text);
    *req.mutable_contribution()->mutable_label() = label;
    return j.office.Casework<v1::Contribution>("AddContribution", who, req);
  }
  absl::StatusOr<v1::SearchFamiliesResponse> Search(const Caller& who, const std::string& name) {
    v1::SearchFamiliesRequest req;
    req.set_family_name(name);
    req.set_birth_date("2015-03-14");
    return j.office.Casework<v1::SearchFamiliesResponse>("SearchFamilies", who, req);
  }
  absl::StatusOr<v1::Regisseur> Appoint(const std::string& seat, const std::string& stand_in) {
    v1::AppointRegisseurRequest req;
    req.set_name(j.case_name);
    req.set_seat(seat);
    req.set_stand_in_seat(stand_in);
    return j.office.Casework<v1::Regisseur>("AppointRegisseur", j.ib, req);
  }
  absl::StatusOr<v1::Participant> EndSeat(const Caller& who, const std::string& seat) {
    v1::EndSeatRequest req;
    req.set_name(j.case_name);
    req.set_seat(seat);
    return j.office.Casework<v1::Participant>("EndSeat", who, req);
  }
  v1::InviteParticipantRequest Invitation(const Caller& who) {
    v1::InviteParticipantRequest req;
    req.set_parent(j.case_name);
    req.set_professional(who.claims.subject());
    req.set_organisation(who.claims.organisation());
    req.set_function(who.claims.function());
    req.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    return req;
  }
  absl::StatusOr<v1::Participant> Invite(const v1::InviteParticipantRequest& req) {
    return j.office.Casework<v1::Participant>("InviteParticipant", j.ib, req);
  }
  v1::Meeting Plan(const std::string& date = "2026-11-23") {
    v1::PlanMeetingRequest req;
    req.set_parent(j.case_name);
    req.set_date(date);
    *req.mutable_label() = j.Education();
    auto meeting = j.office.Casework<v1::Meeting>("PlanMeeting", j.ib, req);
    EXPECT_OK(meeting);
    return meeting.value_or(v1::Meeting());
  }
  v1::NewStep Step(const std::string& owner) {
    v1::NewStep step;
    step.set_text("Samen rustige avonden oefenen.");
    step.set_owner_seat(owner);
    step.set_due_date("2026-12-14");
    *step.mutable_label() = j.Education();
    return step;
  }
  // With the mother and the IB at the table, and one step of the IB's.
  v1::ConcludeMeetingRequest Conclusion(const std::string& meeting) {
    v1::ConcludeMeetingRequest req;
    req.set_name(meeting);
    for (const Caller& who : {j.ib, j.mother}) {
      v1::Attendance* a = req.add_attendances();
      a->set_seat(j.SeatOf(who));
      a->set_how(v1::ATTENDANCE_HOW_IN_PERSON);
    }
    *req.add_steps() = Step(j.SeatOf(j.ib));
    req.set_conclusion("We proberen het zo.");
    return req;
  }
  absl::StatusOr<v1::Meeting> Conclude(const v1::ConcludeMeetingRequest& req) {
    return j.office.Casework<v1::Meeting>("ConcludeMeeting", j.ib, req);
  }
  // An active case with a concluded meeting; returns the name of its one step.
  std::string AgreedStep() {
    Start();
    j.Activate();
    const auto meeting = Conclude(Conclusion(Plan().name()));
    EXPECT_OK(meeting);
    return meeting->steps(0);
  }

  Journey j;
};

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_SERVICE_TESTING_H_
