#include "services/casework/rules.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"
#include "services/casework/demands.h"
#include "services/casework/view.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using access::v1::CASE_STATE_ACTIVE;
using access::v1::CASE_STATE_CLOSED;
using access::v1::CASE_STATE_OPEN;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);

std::string Reason(const absl::Status& s) { return base::ReasonOf(s); }

v1::OpenCaseRequest Opening() {
  v1::OpenCaseRequest req;
  req.set_werkplaats("werkplaatsen/w");
  req.set_level(v1::SIGNAL_LEVEL_QUESTION);
  req.set_reason("Een vraag.");
  req.set_family_told(true);
  const auto add = [&](const char* key, const char* birth, access::v1::FamilyRole role) {
    v1::NewPerson* p = req.add_persons();
    p->set_key(key);
    p->set_given_name(key);
    p->set_family_name("Janssen");
    p->set_birth_date(birth);
    p->set_role(role);
  };
  add("child", "2015-03-14", access::v1::FAMILY_ROLE_CHILD);
  add("youth", "2009-12-01", access::v1::FAMILY_ROLE_CHILD);
  add("mother", "1984-07-30", access::v1::FAMILY_ROLE_PARENT);
  add("father", "1982-01-19", access::v1::FAMILY_ROLE_PARENT);
  const auto gezag = [&](const char* holder, const char* over) {
    v1::NewGezag* g = req.add_gezag();
    g->set_holder_key(holder);
    g->set_over_key(over);
  };
  gezag("mother", "child");
  gezag("mother", "youth");
  gezag("father", "youth");
  req.add_children("child");
  return req;
}

FamilyFacts NewFamilyFor(const v1::OpenCaseRequest& req) {
  access::v1::TokenClaims claims;
  claims.set_subject("professionals/ib");
  claims.set_organisation("organisations/school");
  claims.set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  claims.set_display_name("Els");
  return NewFamily(
      req, "f-1", {.claims = claims, .organisation = "organisations/school"},
      [](absl::string_view prefix, int n) { return absl::StrCat(prefix, "-", n); }, kNow);
}

// An active case: the IB leads, a consultant stands in, the mother sits at the table, a nurse is
// a core partner.
FamilyFacts Active() {
  FamilyFacts f = NewFamilyFor(Opening());
  CaseFact* c = f.mutable_cases(0);
  for (const char* id : {"consultant", "nurse"}) {
    Seat* s = c->add_seats();
    s->set_id(id);
    s->set_professional(absl::StrCat("professionals/", id));
    s->set_organisation(absl::StrCat("organisations/", id));
    s->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    s->set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    s->set_state(access::v1::SEAT_STATE_JOINED);
    s->set_start_time(absl::ToUnixSeconds(kNow));
  }
  c->set_state(CASE_STATE_ACTIVE);
  dossier::ReplaceTerm(c, {.seat = "s-0", .stand_in_seat = "consultant", .reason = "APPOINTED"},
                       kNow);
  return f;
}

// ---- The case ---------------------------------------------------------------------

TEST(CaseRulesTest, R1TheTableIsTheWholeStateMachine) {
  const auto next = [](CaseState from, CaseAct act) {
    const auto s = NextState(from, act);
    return s.ok() ? *s : access::v1::CASE_STATE_UNSPECIFIED;
  };
  EXPECT_EQ(next(CASE_STATE_OPEN, CaseAct::kAppoint), CASE_STATE_ACTIVE);
  EXPECT_EQ(next(CASE_STATE_ACTIVE, CaseAct::kAppoint), CASE_STATE_ACTIVE);
  EXPECT_EQ(next(CASE_STATE_OPEN, CaseAct::kClose), CASE_STATE_CLOSED);
  EXPECT_EQ(next(CASE_STATE_ACTIVE, CaseAct::kClose), CASE_STATE_CLOSED);
  EXPECT_EQ(next(CASE_STATE_CLOSED, CaseAct::kReopen), CASE_STATE_ACTIVE);
  int allowed = 0;
  for (const CaseState from : {access::v1::CASE_STATE_UNSPECIFIED, CASE_STATE_OPEN,
                               CASE_STATE_ACTIVE, CASE_STATE_CLOSED}) {
    for (const CaseAct act : {CaseAct::kAppoint, CaseAct::kClose, CaseAct::kReopen}) {
      const auto s = NextState(from, act);
      if (s.ok()) {
        ++allowed;
      } else {
        EXPECT_EQ(Reason(s.status()), "FORBIDDEN_TRANSITION");
      }
    }
  }
  EXPECT_EQ(allowed, 5);
  EXPECT_THAT(CaseTransitions(), SizeIs(5));
}

TEST(CaseRulesTest, R1ClosingEndsTheTermOfTheRegisseur) {
  FamilyFacts f = Active();
  CloseCaseFact(f.mutable_cases(0), CASE_STATE_CLOSED, kNow);
  EXPECT_EQ(f.cases(0).close_time(), absl::ToUnixSeconds(kNow));
  EXPECT_OK(dossier::CheckInvariants(f));
}

// ---- Opening ----------------------------------------------------------------------

TEST(OpeningRulesTest, R3AWholeOpeningPasses) { EXPECT_OK(CheckOpening(Opening(), kToday)); }

TEST(OpeningRulesTest, EachFaultNamesItsField) {
  struct Fault {
    const char* field;
    std::function<void(v1::OpenCaseRequest*)> make;
  };
  const std::vector<Fault> faults = {
      {"werkplaats", [](auto* r) { r->set_werkplaats("organisations/w"); }},
      {"level", [](auto* r) { r->clear_level(); }},
      {"level", [](auto* r) { r->set_level(static_cast<v1::SignalLevel>(9)); }},
      {"reason", [](auto* r) { r->clear_reason(); }},
      {"persons", [](auto* r) { r->clear_persons(); }},
      {"persons[0].given_name", [](auto* r) { r->mutable_persons(0)->clear_given_name(); }},
      {"persons[1].family_name", [](auto* r) { r->mutable_persons(1)->set_family_name("a\nb"); }},
      {"persons[1].key", [](auto* r) { r->mutable_persons(1)->set_key("child"); }},
      {"persons[0].birth_date",
       [](auto* r) { r->mutable_persons(0)->set_birth_date("2026-11-24"); }},
      {"persons[0].birth_date",
       [](auto* r) { r->mutable_persons(0)->set_birth_date("1899-12-31"); }},
      {"persons[0].birth_date",
       [](auto* r) { r->mutable_persons(0)->set_birth_date("2015-02-29"); }},
      {"persons[2].role", [](auto* r) { r->mutable_persons(2)->clear_role(); }},
      {"persons[2].account", [](auto* r) { r->mutable_persons(2)->set_account("mother"); }},
      {"persons[3].account",
       [](auto* r) {
         r->mutable_persons(2)->set_account("accounts/a");
         r->mutable_persons(3)->set_account("accounts/a");
       }},
      {"gezag[0].over_key", [](auto* r) { r->mutable_gezag(0)->set_over_key("mother"); }},
      {"gezag[0].holder_key", [](auto* r) { r->mutable_gezag(0)->set_holder_key("youth"); }},
      {"gezag[0].holder_key", [](auto* r) { r->mutable_gezag(0)->set_holder_key("nobody"); }},
      {"gezag[0]",
       [](auto* r) { r->mutable_gezag(0)->set_holder_organisation("organisations/gi"); }},
      {"gezag[1]", [](auto* r) { *r->mutable_gezag(1) = r->gezag(0); }},
      {"children", [](auto* r) { r->clear_children(); }},
      {"children[0]", [](auto* r) { r->set_children(0, "mother"); }},
      {"children[1]", [](auto* r) { r->add_children("child"); }},
  };
  for (const Fault& fault : faults) {
    v1::OpenCaseRequest req = Opening();
    fault.make(&req);
    EXPECT_THAT(CheckOpening(req, kToday),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         ::testing::StartsWith(absl::StrCat("Field ", fault.field, " "))));
  }
  v1::OpenCaseRequest many = Opening();
  while (many.persons_size() <= limits::kMaxPersonsPerFamily) *many.add_persons() = many.persons(3);
  EXPECT_THAT(CheckOpening(many, kToday), StatusIs(absl::StatusCode::kInvalidArgument, _));
}

TEST(OpeningRulesTest, R11GezagOverAChildOfTheCaseIsStatedEvenWhenVacant) {
  v1::OpenCaseRequest req = Opening();
  req.mutable_gezag()->DeleteSubrange(0, 1);
  EXPECT_EQ(Reason(CheckOpening(req, kToday)), "R11_GEZAG_MISSING");
  req.add_gezag()->set_over_key("child");  // vacant
  EXPECT_OK(CheckOpening(req, kToday));
}

TEST(OpeningRulesTest, TheTableHoldsTheOpenerHoldersOfGezagAndYouthsFrom12) {
  const auto seats = [](const v1::OpenCaseRequest& req) {
    std::vector<std::string> out;
    const FamilyFacts f = NewFamilyFor(req);
    for (const Seat& s : f.cases(0).seats()) {
      out.push_back(s.person().empty() ? s.professional() : s.person());
    }
    return out;
  };
  v1::OpenCaseRequest req = Opening();
  // The father holds gezag over the youth only, and the youth is not of the case.
  EXPECT_THAT(seats(req), ElementsAre("professionals/ib", "p-2"));
  req.set_children(0, "youth");
  EXPECT_THAT(seats(req), ElementsAre("professionals/ib", "p-1", "p-2", "p-3"));
  req.mutable_persons(1)->set_birth_date("2014-11-23");
  EXPECT_THAT(seats(req), ElementsAre("professionals/ib", "p-1", "p-2", "p-3"));  // 12 today
  req.mutable_persons(1)->set_birth_date("2014-11-24");
  EXPECT_THAT(seats(req), ElementsAre("professionals/ib", "p-2", "p-3"));
  EXPECT_OK(dossier::CheckInvariants(NewFamilyFor(req)));
}

TEST(OpeningRulesTest, R38TheHookDemandsALabelForEachPersonAndTheOpening) {
  const access::v1::TokenClaims claims;
  const Preparation prep{claims, "seed", "f-1"};
  v1::OpenCaseRequest req = Opening();
  req.add_children("youth");
  v1::NewGezag* g = req.add_gezag();
  g->set_over_key("child");
  g->set_holder_organisation("organisations/gi");
  Demands demands;
  ASSERT_OK(DemandOpenCase(prep, req, &demands));
  ASSERT_THAT(demands.labels, SizeIs(5));
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(demands.labels[i].about().persons(), ElementsAre(prep.Id("p", i)));
    EXPECT_THAT(demands.labels[i].controller(), IsEmpty());
  }
  std::vector<std::string> children = {prep.Id("p", 0), prep.Id("p", 1)};
  std::sort(children.begin(), children.end());
  EXPECT_THAT(demands.labels[4].about().persons(), ::testing::ElementsAreArray(children));
  EXPECT_THAT(demands.references, ElementsAre("werkplaatsen/w", "organisations/gi"));
}

TEST(OpeningRulesTest, TheHookReadsInputThatNobodyHasChecked) {
  const access::v1::TokenClaims claims;
  const Preparation prep{claims, "seed", "f-1"};
  Demands demands;
  EXPECT_OK(DemandOpenCase(prep, v1::OpenCaseRequest(), &demands));
  v1::OpenCaseRequest req;
  req.add_children("nobody");
  EXPECT_OK(DemandOpenCase(prep, req, &demands));
  for (int i = 0; i <= limits::kMaxPersonsPerFamily; ++i) req.add_persons();
  EXPECT_THAT(DemandOpenCase(prep, req, &demands), StatusIs(absl::StatusCode::kInvalidArgument, _));
  v1::ConcludeMeetingRequest meeting;
  for (int i = 0; i <= limits::kMaxStepsPerMeeting; ++i) meeting.add_steps();
  EXPECT_THAT(DemandConclude(prep, meeting, &demands),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
}

// ---- The table --------------------------------------------------------------------

TEST(TableRulesTest, R1EndingASeat) {
  const auto end = [](FamilyFacts* f, absl::string_view seat, absl::string_view by) {
    CaseFact* c = f->mutable_cases(0);
    return Reason(EndSeat(c, seat, *dossier::FindSeat(*c, by), kNow));
  };
  FamilyFacts f = Active();
  EXPECT_EQ(end(&f, "nurse", "consultant"), "");  // the stand-in may: the regisseur may be away
  f = Active();
  EXPECT_EQ(end(&f, "consultant", "nurse"), "NOT_YOURS_TO_END");
  EXPECT_EQ(end(&f, "s-3", "s-0"), "R4_FAMILY_SEAT_STAYS");
  EXPECT_EQ(end(&f, "s-3", "s-3"), "");
  EXPECT_EQ(end(&f, "s-3", "s-3"), "SEAT_ENDED");
  EXPECT_EQ(end(&f, "consultant", "consultant"), "R1_NAME_STAND_IN_FIRST");
  EXPECT_EQ(end(&f, "s-0", "s-0"), "R27_WERKPLAATS_LEFT");
  EXPECT_EQ(end(&f, "nurse", "nurse"), "");
  EXPECT_EQ(end(&f, "s-nobody", "s-0"), "NOT_FOUND");
  dossier::MutableSeat(f.mutable_cases(0), "consultant")->set_role(access::v1::SEAT_ROLE_RECEIVER);
  EXPECT_EQ(end(&f, "consultant", "s-0"), "R26_RECEIVER_SEAT");
}

TEST(TableRulesTest, R1AfterTheRegisseurLeavesTheInvariantsHold) {
  FamilyFacts f = Active();
  CaseFact* c = f.mutable_cases(0);
  Seat* colleague = c->add_seats();
  *colleague = c->seats(0);
  colleague->set_id("s-colleague");
  colleague->set_professional("professionals/colleague");
  const absl::Time later = kNow + absl::Hours(1);
  ASSERT_OK(EndSeat(c, "s-0", *colleague, later));
  EXPECT_EQ(dossier::LeaderAt(*c, later).seat, "consultant");
  EXPECT_OK(dossier::CheckInvariants(f));
}

// ---- Meetings -----------------------------------------------------------------------

v1::ConcludeMeetingRequest Attended(std::initializer_list<const char*> seats) {
  v1::ConcludeMeetingRequest req;
  for (const char* seat : seats) {
    v1::Attendance* a = req.add_attendances();
    a->set_seat(seat);
    a->set_how(v1::ATTENDANCE_HOW_IN_PERSON);
  }
  return req;
}

TEST(MeetingRulesTest, R4WhoCountsAsAParent) {
  FamilyFacts f = Active();
  CaseFact* c = f.mutable_cases(0);
  const auto parents = [&](const v1::ConcludeMeetingRequest& req) {
    return Reason(CheckParents(f, *c, req, kToday));
  };
  EXPECT_EQ(parents(Attended({"s-0", "consultant"})), "R4_NO_PARENT");
  EXPECT_EQ(parents(Attended({"s-0", "s-3"})), "");
  // A parent without gezag over a child of the case does not do.
  Seat* father = c->add_seats();
  *father = *dossier::FindSeat(*c, "s-3");
  father->set_id("s-4");
  father->set_person("p-3");
  EXPECT_EQ(parents(Attended({"s-4"})), "R4_NO_PARENT");
  // Gezag that has ended does not do either.
  f.mutable_gezag(0)->set_end_date("2026-11-23");
  EXPECT_EQ(parents(Attended({"s-3"})), "R4_NO_PARENT");
}

TEST(MeetingRulesTest, R4TheYouthAloneFrom16) {
  FamilyFacts f = Active();
  CaseFact* c = f.mutable_cases(0);
  c->set_children(0, "p-1");
  Seat* youth = c->add_seats();
  youth->set_id("s-youth");
  youth->set_person("p-1");
  const auto parents = [&] { return Reason(CheckParents(f, *c, Attended({"s-youth"}), kToday)); };
  EXPECT_EQ(parents(), "");  // 16
  f.mutable_persons(1)->set_birth_date("2010-11-24");
  EXPECT_EQ(parents(), "R4_NO_PARENT");  // 16 tomorrow
  f.mutable_persons(1)->set_birth_date("2010-11-23");
  EXPECT_EQ(parents(), "");
  // A sibling of 16 is not the youth of the case.
  c->set_children(0, "p-0");
  EXPECT_EQ(parents(), "R4_NO_PARENT");
}

TEST(MeetingRulesTest, R4AnInstitutionWithGezagTakesPartThroughItsProfessional) {
  FamilyFacts f = Active();
  f.mutable_gezag(0)->clear_holder_person();
  f.mutable_gezag(0)->set_holder_organisation("organisations/consultant");
  EXPECT_OK(CheckParents(f, f.cases(0), Attended({"consultant"}), kToday));
  EXPECT_EQ(Reason(CheckParents(f, f.cases(0), Attended({"nurse"}), kToday)), "R4_NO_PARENT");
}

TEST(MeetingRulesTest, R4ReasonAndAgreementBothCount) {
  const FamilyFacts f = Active();
  v1::ConcludeMeetingRequest req = Attended({"s-0"});
  req.set_parents_agreed(true);
  EXPECT_EQ(Reason(CheckParents(f, f.cases(0), req, kToday)), "R4_NO_PARENT");
  req.set_parents_absent_reason("  ");
  EXPECT_EQ(Reason(CheckParents(f, f.cases(0), req, kToday)), "R4_NO_PARENT");
  req.set_parents_absent_reason("Ziek.");
  EXPECT_OK(CheckParents(f, f.cases(0), req, kToday));
  req.set_parents_agreed(false);
  EXPECT_EQ(Reason(CheckParents(f, f.cases(0), req, kToday)), "R4_NO_PARENT");
}

TEST(MeetingRulesTest, WhoTakesPartSitsAtTheTableOnce) {
  FamilyFacts f = Active();
  const auto check = [&](const v1::ConcludeMeetingRequest& req) {
    return Reason(CheckAttendances(f.cases(0), req, kNow));
  };
  EXPECT_EQ(check(Attended({"s-0", "s-3"})), "");
  EXPECT_EQ(check(Attended({"s-0", "s-0"})), "NOT_AT_TABLE");
  EXPECT_EQ(check(Attended({"s-nobody"})), "NOT_AT_TABLE");
  v1::ConcludeMeetingRequest how = Attended({"s-0"});
  how.mutable_attendances(0)->clear_how();
  EXPECT_EQ(check(how), "INVALID_FIELD");
  dossier::MutableSeat(f.mutable_cases(0), "nurse")->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(check(Attended({"nurse"})), "NOT_AT_TABLE");
}

TEST(MeetingRulesTest, R7AbsentCorePartnersJoinedOrInvited) {
  FamilyFacts f = Active();
  CaseFact* c = f.mutable_cases(0);
  EXPECT_THAT(AbsentCorePartners(*c, Attended({"s-0", "consultant"}), kNow), ElementsAre("nurse"));
  dossier::MutableSeat(c, "nurse")->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_THAT(AbsentCorePartners(*c, Attended({"s-0"}), kNow), ElementsAre("consultant", "nurse"));
  dossier::MutableSeat(c, "nurse")->set_role(access::v1::SEAT_ROLE_AD_HOC);
  EXPECT_THAT(AbsentCorePartners(*c, Attended({"s-0", "consultant"}), kNow), IsEmpty());
}

// ---- Steps --------------------------------------------------------------------------

v1::NewStep NewStepOf(absl::string_view owner) {
  v1::NewStep step;
  step.set_text("Bellen.");
  step.set_owner_seat(std::string(owner));
  step.set_due_date("2026-11-23");
  step.mutable_label()->mutable_about()->add_persons("p-0");
  step.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  step.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  return step;
}

v1::Commitment Commits(int64_t cents) {
  v1::Commitment c;
  c.set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  c.set_amount_cents(cents);
  c.set_committed_by("professionals/consultant");
  c.set_funding(common::v1::FUNDING_JEUGDWET);
  return c;
}

access::v1::ProfessionalFacts Consultant() {
  access::v1::ProfessionalFacts p;
  p.set_name("professionals/consultant");
  access::v1::FunctionTerm* term = p.add_functions();
  term->set_organisation("organisations/consultant");
  term->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  term->set_start_date("2020-01-01");
  access::v1::Mandate* m = p.add_mandates();
  m->set_name("professionals/consultant/mandates/m");
  m->set_organisation("organisations/consultant");
  m->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  m->set_limit_cents(150'000);
  m->set_start_date("2026-11-23");
  m->set_end_date("2027-01-01");
  m->set_version(2);
  return p;
}

TEST(StepRulesTest, R5OwnerAndDate) {
  const FamilyFacts f = Active();
  const auto check = [&](const v1::NewStep& step) {
    return Reason(CheckNewStep("step", step, f, f.cases(0), kToday, kNow));
  };
  EXPECT_EQ(check(NewStepOf("s-0")), "");
  EXPECT_EQ(check(NewStepOf("s-3")), "");  // the mother
  EXPECT_EQ(check(NewStepOf("")), "R5_OWNER_NOT_AT_TABLE");
  v1::NewStep step = NewStepOf("s-0");
  step.set_due_date("2026-11-22");
  EXPECT_EQ(check(step), "R5_DUE_TOO_EARLY");
  step.clear_due_date();
  EXPECT_EQ(check(step), "INVALID_FIELD");
  step = NewStepOf("s-0");
  step.clear_text();
  EXPECT_EQ(check(step), "INVALID_FIELD");
  step = NewStepOf("s-0");
  step.clear_label();
  EXPECT_EQ(check(step), "R38_NO_LABEL");
}

// Who still has to accept a case owns nothing in it, who answers questions after a handover nothing
// any more; where only the help changes hands, who receives takes steps over first (R16).
TEST(StepRulesTest, R5R16R27R29WhoReceivesOrHasLeftOwnsNoSteps) {
  FamilyFacts f = Active();
  CaseFact& c = *f.mutable_cases(0);
  Seat& seat = *c.mutable_seats(0);
  const auto check = [&] {
    return Reason(CheckNewStep("step", NewStepOf(seat.id()), f, c, kToday, kNow));
  };
  EXPECT_EQ(check(), "");
  seat.set_end_reason("handover");
  EXPECT_EQ(check(), "R5_OWNER_NOT_AT_TABLE") << "grace is for questions";
  seat.clear_end_reason();
  seat.set_role(access::v1::SEAT_ROLE_RECEIVER);
  EXPECT_EQ(check(), "R5_OWNER_NOT_AT_TABLE") << "of a handover that is over";
  access::v1::HandoverFact& handover = *f.add_handovers();
  handover.set_case_id(c.id());
  handover.set_receiver(seat.organisation());
  handover.set_to_werkplaats("werkplaatsen/vmbo");
  EXPECT_EQ(check(), "R5_OWNER_NOT_AT_TABLE") << "the case moves";
  handover.clear_to_werkplaats();
  EXPECT_EQ(check(), "") << "the help changes hands";
  handover.set_receiver("organisations/somebody-else");
  EXPECT_EQ(check(), "R5_OWNER_NOT_AT_TABLE");
}

TEST(StepRulesTest, R36WhatCommitsMeansNamesItsFunding) {
  const FamilyFacts f = Active();
  const auto check = [&](const v1::Commitment& c) {
    v1::NewStep step = NewStepOf("consultant");
    *step.mutable_commitment() = c;
    return Reason(CheckNewStep("step", step, f, f.cases(0), kToday, kNow));
  };
  EXPECT_EQ(check(Commits(100)), "");
  EXPECT_EQ(check(v1::Commitment()), "");
  v1::Commitment c = Commits(100);
  c.clear_funding();
  EXPECT_EQ(check(c), "R36_NO_FUNDING");
  c = Commits(-1);
  EXPECT_EQ(check(c), "R6_COMMITMENT_INCOMPLETE");
  c = Commits(100);
  c.clear_means();
  EXPECT_EQ(check(c), "R6_COMMITMENT_INCOMPLETE");
  c = Commits(100);
  c.set_committed_by("organisations/consultant");
  EXPECT_EQ(check(c), "R6_COMMITMENT_INCOMPLETE");
}

TEST(StepRulesTest, R6BindsOnlyWithinTheMandateOnThatDay) {
  FamilyFacts f = Active();
  const auto binding = [&](const v1::Commitment& c, const access::v1::ProfessionalFacts& p,
                           base::Date on) { return DecideBinding(c, f.cases(0), p, on, kNow); };
  EXPECT_TRUE(binding(Commits(150'000), Consultant(), kToday).binding);
  EXPECT_EQ(binding(Commits(150'000), Consultant(), kToday).mandate,
            "professionals/consultant/mandates/m@2");
  EXPECT_THAT(binding(Commits(150'000), Consultant(), kToday).proposal_reason, IsEmpty());
  const Binding beyond = binding(Commits(150'001), Consultant(), kToday);
  EXPECT_FALSE(beyond.binding);
  EXPECT_THAT(beyond.mandate, IsEmpty());
  EXPECT_THAT(beyond.proposal_reason, ::testing::HasSubstr("gaat boven het mandaat"));
  // Not yet, and no longer.
  EXPECT_FALSE(binding(Commits(1), Consultant(), kToday - 1).binding);
  EXPECT_TRUE(binding(Commits(1), Consultant(), base::Date(2026, 12, 31)).binding);
  EXPECT_FALSE(binding(Commits(1), Consultant(), base::Date(2027, 1, 1)).binding);
  // Another kind of means.
  v1::Commitment transport = Commits(1);
  transport.set_means(common::v1::MEANS_TRANSPORT);
  EXPECT_THAT(binding(transport, Consultant(), kToday).proposal_reason,
              ::testing::HasSubstr("geen mandaat"));
  // A mandate of another organisation, an ended function, nobody known, not at the table.
  access::v1::ProfessionalFacts p = Consultant();
  p.mutable_mandates(0)->set_organisation("organisations/nurse");
  EXPECT_FALSE(binding(Commits(1), p, kToday).binding);
  p = Consultant();
  p.mutable_functions(0)->set_end_date("2026-11-23");
  EXPECT_THAT(binding(Commits(1), p, kToday).proposal_reason,
              ::testing::HasSubstr("zit niet aan tafel"));
  EXPECT_FALSE(binding(Commits(1), access::v1::ProfessionalFacts(), kToday).binding);
  dossier::MutableSeat(f.mutable_cases(0), "consultant")->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_FALSE(binding(Commits(1), Consultant(), kToday).binding);
}

TEST(StepRulesTest, R6ABindingAndAProposalAsTheyAreRecorded) {
  const FamilyFacts f = Active();
  v1::NewStep asked = NewStepOf("consultant");
  *asked.mutable_commitment() = Commits(999'999);
  const v1::Step proposal = AgreedStep(asked, f.cases(0), Consultant(), kToday, kNow);
  EXPECT_EQ(proposal.state(), v1::STEP_STATE_PROPOSED);
  EXPECT_THAT(proposal.mandate(), IsEmpty());
  const v1::Step free = AgreedStep(NewStepOf("s-0"), f.cases(0), {}, kToday, kNow);
  EXPECT_EQ(free.state(), v1::STEP_STATE_BINDING);
  EXPECT_FALSE(free.has_commitment());
}

TEST(StepRulesTest, AStepIsDoneOnlyFromBindingByOwnerRegisseurOrStandIn) {
  const FamilyFacts f = Active();
  const CaseFact& c = f.cases(0);
  const auto complete = [&](v1::StepState state, absl::string_view by) {
    v1::Step step;
    step.set_owner_seat("s-3");
    step.set_state(state);
    const std::string reason = Reason(CompleteStep(&step, c, *dossier::FindSeat(c, by), "Klaar."));
    EXPECT_EQ(step.state() == v1::STEP_STATE_DONE && state != v1::STEP_STATE_DONE, reason.empty());
    return reason;
  };
  EXPECT_EQ(complete(v1::STEP_STATE_BINDING, "s-3"), "");
  EXPECT_EQ(complete(v1::STEP_STATE_BINDING, "s-0"), "");
  EXPECT_EQ(complete(v1::STEP_STATE_BINDING, "consultant"), "");
  EXPECT_EQ(complete(v1::STEP_STATE_BINDING, "nurse"), "NOT_OWNER_OR_REGISSEUR");
  for (const auto state : {v1::STEP_STATE_PROPOSED, v1::STEP_STATE_DONE, v1::STEP_STATE_DROPPED}) {
    EXPECT_EQ(complete(state, "s-0"), "STEP_NOT_BINDING");
  }
}

TEST(StepRulesTest, R9ReactionsAddUpToACap) {
  const FamilyFacts f = Active();
  const Seat& mother = *dossier::FindSeat(f.cases(0), "s-3");
  v1::Step step;
  v1::ReactToStepRequest req;
  EXPECT_EQ(Reason(ReactToStep(&step, mother, req, kNow)), "R9_DISPUTE_NEEDS_TEXT");
  req.set_confirmed(true);
  for (int i = 0; i < limits::kMaxSeatsPerCase * 4; ++i)
    ASSERT_OK(ReactToStep(&step, mother, req, kNow));
  EXPECT_THAT(ReactToStep(&step, mother, req, kNow),
              StatusIs(absl::StatusCode::kResourceExhausted, _));
  EXPECT_THAT(step.reactions(), SizeIs(limits::kMaxSeatsPerCase * 4));
}

}  // namespace
}  // namespace knooppunt::casework
