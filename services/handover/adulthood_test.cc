// 18- to 18+ (R16): the youth decides who stays, and every open step has an owner who does; over a
// real database, decided by the real engine and policy.

#include "base/date.h"
#include "services/dossier/rules.h"
#include "services/handover/moving.h"
#include "services/handover/warm_testing.h"

namespace knooppunt::handover {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using testing::Caller;
using testing::Office;
using testing::Reason;
using testing::WarmHandoverTest;

class AdulthoodTest : public WarmHandoverTest {
 protected:
  explicit AdulthoodTest(const std::string& born = "2009-03-14") {  // 18 on 14 March 2027
    j.office.AddOrganisation("organisations/trajekt", common::v1::ORGANISATION_KIND_SOCIAL_WORK);
    j.office.AddWerkplaats("werkplaatsen/mbo", "organisations/mosalira", common::v1::STAGE_MBO);
    social = j.office
                 .AddProfessional("professionals/amw", "organisations/trajekt",
                                  common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER, "Ine Leroi")
                 .For(common::v1::PURPOSE_HANDOVER);
    youth = Office::Account("accounts/youth");
    casework::v1::OpenCaseRequest req = j.OpenRequest();
    req.set_werkplaats("werkplaatsen/mbo");
    req.mutable_persons(0)->set_birth_date(born);
    req.mutable_persons(0)->set_account("accounts/youth");
    const auto opened = j.office.Casework<casework::v1::Case>("OpenCase", j.ib, req);
    EXPECT_OK(opened);
    j.case_name = opened->name();
    j.family =
        std::string(absl::string_view(opened->name()).substr(9, opened->name().find('/', 9) - 9));
    const auto& persons = j.office.facts(j.family).persons();
    j.child = persons[0].id();
    j.sibling = persons[1].id();
    j.mother_id = persons[2].id();
    j.father_id = persons[3].id();
    // From 16 the youth alone consents (R11).
    for (const char* who : {"organisations/jgz", "organisations/maastricht"}) {
      EXPECT_OK(j.Sign(j.Propose({.recipient = who,
                                  .compartments = {common::v1::COMPARTMENT_EDUCATION},
                                  .until = "2027-10-31"}),
                       youth));
    }
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(j.case_name);
    appoint.set_stand_in_seat(j.Seat(j.nurse));
    appoint.set_seat(j.Seat(j.consultant));
    EXPECT_OK(j.office.Casework<casework::v1::Regisseur>("AppointRegisseur", j.ib, appoint));
    note = Contribute(j.child);
  }
  v1::DraftHandoverRequest Adult() const {
    v1::DraftHandoverRequest req;
    req.set_parent(j.case_name);
    req.set_kind(v1::HANDOVER_KIND_ADULTHOOD);
    req.set_to_werkplaats("werkplaatsen/mbo");
    req.set_to_organisation("organisations/trajekt");
    req.set_receiver("professionals/amw");
    req.add_items(Person(j.child));
    req.add_items(note);
    return req;
  }
  void Received() {
    Draft(Adult());
    ASSERT_OK(Act("ShowHandover", j.ib));
    ASSERT_OK(j.Sign(j.Propose({.recipient = "organisations/trajekt",
                                .compartments = {common::v1::COMPARTMENT_EDUCATION},
                                .purposes = {common::v1::PURPOSE_HANDOVER},
                                .until = "2027-10-31"}),
                     youth));
    ASSERT_OK(Act("AuthoriseHandover", j.ib));
    ASSERT_OK(Act("OfferHandover", j.ib));
    v1::ReceiveHandoverRequest receive;
    receive.set_name(handover);
    receive.set_package_sha256(Get(social)->package_sha256());
    ASSERT_OK(j.office.Handover("ReceiveHandover", social, receive));
  }
  void Conversed() {
    Received();
    ASSERT_OK(Converse(social, {j.ib, social, youth, j.consultant}));
  }
  absl::StatusOr<v1::Handover> AcceptWith(const Caller& regisseur, const Caller& stand_in) {
    v1::AcceptHandoverRequest req;
    req.set_name(handover);
    req.set_regisseur_seat(j.SeatOf(regisseur));
    req.set_stand_in_seat(j.SeatOf(stand_in));
    return j.office.Handover("AcceptHandover", social, req);
  }
  absl::StatusOr<v1::Handover> Stay(const Caller& who, const std::vector<Caller>& seats) {
    v1::DecideStayingRequest req;
    req.set_name(handover);
    for (const Caller& caller : seats) req.add_seats(j.SeatOf(caller));
    return j.office.Handover("DecideStaying", who, req);
  }
  // A step of this youth, agreed at a meeting, of which `owner` sits at the table.
  std::string AgreeStep(const std::string& text, const Caller& owner) {
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(j.case_name);
    plan.set_date(base::FormatDate(base::DateOf(j.office.clock().Now())));
    *plan.mutable_label() = j.Education();
    const auto planned = j.office.Casework<casework::v1::Meeting>("PlanMeeting", j.ib, plan);
    EXPECT_OK(planned);
    casework::v1::ConcludeMeetingRequest req;
    req.set_name(planned->name());
    casework::v1::NewStep* step = req.add_steps();
    step->set_text(text);
    step->set_owner_seat(j.SeatOf(owner));
    step->set_due_date("2027-05-01");
    *step->mutable_label() = j.Education();
    req.set_conclusion("Wie wat doet, nu zij bijna 18 is.");
    for (const Caller& who : {j.ib, youth, j.consultant}) {
      casework::v1::Attendance* a = req.add_attendances();
      a->set_seat(j.SeatOf(who));
      a->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
    }
    const auto held = j.office.Casework<casework::v1::Meeting>("ConcludeMeeting", j.ib, req);
    EXPECT_OK(held);
    return held.ok() && held->steps_size() == 1 ? held->steps(0) : "";
  }
  absl::StatusOr<casework::v1::Step> Reassign(const Caller& who, const std::string& step,
                                              const std::string& seat,
                                              const std::string& reason = "Het CJG gaat weg.") {
    casework::v1::ReassignStepRequest req;
    req.set_name(step);
    req.set_owner_seat(seat);
    req.set_reason(reason);
    return j.office.Call<casework::v1::Step>("casework.v1.StepService", "ReassignStep", who, req);
  }
  Caller social, youth;
};

TEST_F(AdulthoodTest, R16TheYouthDecidesWhoStaysAndTheOthersLeaveOnTheBirthday) {
  Conversed();
  EXPECT_EQ(Reason(AcceptWith(social, j.ib)), "R16_YOUTH_HAS_NOT_DECIDED");
  EXPECT_FALSE(Stay(j.mother, {j.mother}).ok()) << "from 16 it is the youth's alone to see";
  EXPECT_EQ(Reason(Stay(youth, {j.consultant})), "R16_CJG_LEAVES");
  ASSERT_OK(Stay(youth, {j.mother}));
  EXPECT_EQ(Reason(AcceptWith(j.consultant, social)), "SEAT_NOT_JOINED") << "leaves at 18";
  ASSERT_OK(AcceptWith(social, j.ib));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  EXPECT_EQ(c.werkplaats(), "werkplaatsen/mbo") << "the help changes hands, not the werkplaats";
  const absl::Time before = base::StartOf(base::Date(2027, 3, 14)) - absl::Seconds(1);
  const absl::Time after = before + absl::Seconds(1);
  const auto sits = [&](const Caller& who, absl::Time at) {
    for (const access::v1::Seat& s : c.seats()) {
      const bool theirs =
          s.professional() == who.claims.subject() ||
          (who.claims.subject() == "accounts/mother" && s.person() == j.mother_id) ||
          (who.claims.subject() == "accounts/father" && s.person() == j.father_id) ||
          (who.claims.subject() == "accounts/youth" && s.person() == j.child);
      if (theirs && dossier::SeatJoined(s, at)) return true;
    }
    return false;
  };
  for (const Caller& who : {j.consultant, j.nurse, j.father}) {
    EXPECT_TRUE(sits(who, before)) << who.claims.subject();
    EXPECT_FALSE(sits(who, after)) << who.claims.subject();
  }
  for (const Caller& who : {j.ib, social, youth, j.mother}) {
    EXPECT_TRUE(sits(who, after)) << who.claims.subject();
  }
  EXPECT_OK(dossier::CheckInvariants(j.office.facts(j.family)));
  Go(base::Date(2027, 3, 14));
  casework::v1::GetCaseRequest get;
  get.set_name(j.case_name);
  EXPECT_FALSE(j.office.Casework<casework::v1::Case>("GetCase", j.consultant, get).ok());
  EXPECT_FALSE(j.office.Casework<casework::v1::Case>("GetCase", j.father, get).ok());
}

TEST_F(AdulthoodTest, R16AdulthoodStartsAtSeventeenAndAHalfAndGoesToAdultHelp) {
  v1::DraftHandoverRequest req = Adult();
  req.clear_to_organisation();
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, req)), "R16_ADULT_HELP_DOES_NOT_FIT");
  req.set_to_organisation("organisations/jgz");
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, req)), "R16_ADULT_HELP_DOES_NOT_FIT");
  req = Adult();
  req.set_receiver("professionals/nurse");
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, req)), "NOT_AT_RECEIVING_SIDE");
  req = Adult();
  req.set_to_werkplaats("werkplaatsen/vmbo");
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, req)), "R16_STAYS_AT_ITS_WERKPLAATS");
  Draft(Adult());
  EXPECT_EQ(Get(j.ib)->adult_date(), "2027-03-14");
  EXPECT_EQ(Get(j.ib)->due_date(), "2027-03-14");
}

class NotYetAdulthoodTest : public AdulthoodTest {
 protected:
  NotYetAdulthoodTest() : AdulthoodTest("2009-06-25") {}  // 17 and a half on 25 December 2026
};

TEST_F(NotYetAdulthoodTest, R16R30AdulthoodIsNotDraftedBeforeSeventeenAndAHalf) {
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, Adult())), "R30_TOO_EARLY");
  Go(base::Date(2026, 12, 24));
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, Adult())), "R30_TOO_EARLY");
  Go(base::Date(2026, 12, 25));
  EXPECT_OK(j.office.Handover("DraftHandover", j.ib, Adult()));
}

TEST_F(AdulthoodTest, R16AnOpenStepNeedsAnOwnerWhoStays) {
  const std::string owner = j.SeatOf(j.consultant);
  Conversed();
  ASSERT_OK(Stay(youth, {}));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  v1::Handover h = *Get(j.ib);
  h.set_staying_decided(true);
  worklist::v1::OpenItems items;
  worklist::v1::OpenItem* step = items.add_items();
  step->set_case_id(c.id());
  step->set_owner_seat(owner);
  const absl::Time now = j.office.clock().Now();
  const access::v1::FamilyFacts& facts = j.office.facts(j.family);
  EXPECT_EQ(base::ReasonOf(CheckDecided(items, facts, c, h, now)), "R16_STEP_WITHOUT_OWNER");
  step->set_owner_seat(j.SeatOf(social));
  EXPECT_OK(CheckDecided(items, facts, c, h, now));
  step->set_owner_seat(j.SeatOf(j.ib));
  EXPECT_OK(CheckDecided(items, facts, c, h, now));
}

// R11, R16: what a former school left open in its own file, which nobody here can read, stops
// nobody; what somebody at the table can hand on or drop does, whoever accepts.
TEST_F(AdulthoodTest, R11R16AStepInTheFileOfASchoolThatLeftStopsNobody) {
  const std::string owner = j.SeatOf(j.consultant);
  Conversed();
  ASSERT_OK(Stay(youth, {}));
  v1::Handover h = *Get(j.ib);
  h.set_staying_decided(true);
  access::v1::FamilyFacts facts = j.office.facts(j.family);
  access::v1::CaseFact c = j.office.case_fact(j.case_name);
  access::v1::Scope* scope = facts.add_scopes();
  scope->set_id("scope-of-a-school");
  scope->mutable_label()->set_controller("organisations/kom-leren");
  worklist::v1::OpenItems items;
  worklist::v1::OpenItem* step = items.add_items();
  step->set_case_id(c.id());
  step->set_owner_seat(owner);
  step->set_scope(scope->id());
  const absl::Time now = j.office.clock().Now();
  EXPECT_OK(CheckDecided(items, facts, c, h, now)) << "nobody of it is here";
  access::v1::Seat* there = c.add_seats();
  there->set_id("seat-of-it");
  there->set_organisation(scope->label().controller());
  there->set_state(access::v1::SEAT_STATE_JOINED);
  EXPECT_EQ(base::ReasonOf(CheckDecided(items, facts, c, h, now)), "R16_STEP_WITHOUT_OWNER");
  dossier::EndSeatAt(there, now, "handover");
  EXPECT_OK(CheckDecided(items, facts, c, h, now));
  scope->mutable_label()->set_controller(c.organisation());
  EXPECT_EQ(base::ReasonOf(CheckDecided(items, facts, c, h, now)), "R16_STEP_WITHOUT_OWNER");
  for (access::v1::Seat& seat : *c.mutable_seats()) {
    if (seat.id() == owner) dossier::EndSeatAt(&seat, now, "seat-ended");
  }
  EXPECT_EQ(base::ReasonOf(CheckDecided(items, facts, c, h, now)), "R16_STEP_WITHOUT_OWNER")
      << "who leads can read it, and hand it on";
}

// R16, over the API: who leads gives the step to somebody who stays, or drops it with the reason.
TEST_F(AdulthoodTest, R16AStepWhoseOwnerLeavesFindsAnotherOrIsDroppedBeforeAcceptance) {
  const std::string kept = AgreeStep("Vraag de Wajong aan.", j.consultant);
  const std::string dropped = AgreeStep("Overleg met jeugdzorg.", j.consultant);
  AgreeStep("Elke maand een gesprek.", j.ib);
  Conversed();
  ASSERT_OK(Stay(youth, {}));
  const auto before = Get(j.ib);
  ASSERT_OK(before);
  EXPECT_EQ(Reason(AcceptWith(social, j.ib)), "R16_STEP_WITHOUT_OWNER");
  EXPECT_EQ(Get(j.ib)->SerializeAsString(), before->SerializeAsString())
      << "a refusal left something";

  EXPECT_EQ(Reason(Reassign(youth, kept, j.SeatOf(social))), "NOT_OWNER_OR_REGISSEUR");
  EXPECT_EQ(Reason(Reassign(j.consultant, kept, "s-none")), "R5_OWNER_NOT_AT_TABLE");
  EXPECT_EQ(Reason(Reassign(j.consultant, kept, j.SeatOf(j.consultant))), "R5_SAME_OWNER");
  EXPECT_THAT(Reassign(j.consultant, kept, j.SeatOf(social), ""),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
  const auto given = Reassign(j.consultant, kept, j.SeatOf(social));
  ASSERT_OK(given);
  EXPECT_EQ(given->owner_seat(), j.SeatOf(social));
  ASSERT_EQ(given->owner_changes_size(), 1);
  EXPECT_EQ(given->owner_changes(0).from_seat(), j.SeatOf(j.consultant));
  EXPECT_EQ(given->owner_changes(0).to_seat(), j.SeatOf(social));
  EXPECT_EQ(Reason(AcceptWith(social, j.ib)), "R16_STEP_WITHOUT_OWNER") << "one is left";

  casework::v1::DropStepRequest drop;
  drop.set_name(dropped);
  drop.set_reason("Jeugdzorg stopt als zij 18 wordt.");
  ASSERT_OK(
      j.office.Call<casework::v1::Step>("casework.v1.StepService", "DropStep", j.consultant, drop));
  EXPECT_EQ(Reason(Reassign(j.consultant, dropped, j.SeatOf(j.ib))), "R5_STEP_OVER");
  ASSERT_OK(AcceptWith(social, j.ib));
  // On the birthday the CJG leaves, and every step that is open has an owner who is there.
  Go(base::Date(2027, 3, 14));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  int open = 0;
  casework::v1::GetCaseRequest get;
  get.set_name(j.case_name);
  const auto seen = j.office.Casework<casework::v1::Case>("GetCase", j.ib, get);
  ASSERT_OK(seen);
  for (const casework::v1::Step& step : seen->steps()) {
    if (step.state() != casework::v1::STEP_STATE_BINDING) continue;
    ++open;
    const access::v1::Seat* owner = dossier::FindSeat(c, step.owner_seat());
    ASSERT_NE(owner, nullptr);
    EXPECT_TRUE(dossier::SeatJoined(*owner, j.office.clock().Now())) << step.name();
  }
  EXPECT_EQ(open, 2);
}

TEST_F(AdulthoodTest, R30TheConversationNeedsWhomTheKindAsksFor) {
  Received();
  EXPECT_EQ(Reason(Converse(social, {j.ib, social, youth})), "R27_LACKS_PARTY");
  EXPECT_EQ(Reason(Converse(social, {j.ib, social, j.mother, j.consultant})), "R27_LACKS_PARTY");
  EXPECT_OK(Converse(social, {j.ib, social, youth, j.consultant}));
}

}  // namespace
}  // namespace knooppunt::handover
