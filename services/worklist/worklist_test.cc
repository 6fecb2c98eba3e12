// The worklist over a real database, decided by the real engine and policy.
#include <algorithm>

#include "absl/strings/match.h"
#include "services/worklist/rules.h"
#include "services/worklist/worklist_testing.h"

namespace knooppunt::worklist {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(WorklistTest, R5AStepIsOnItsOwnersListWithItsWordsAndGoneWhenDone) {
  j.Open();
  j.Activate();
  const auto meeting =
      Conclude({Step(j.SeatOf(j.ib), "Rekenen oefenen in de klas.", "2026-12-14")});
  auto list = Worklist(j.ib);
  EXPECT_THAT(Said(list), ElementsAre("STEP 2026-12-14"));
  EXPECT_EQ(list.total_size(), 1);
  EXPECT_EQ(list.entries(0).subject(), meeting.steps(0));
  EXPECT_EQ(list.entries(0).case_name(), j.case_name);
  EXPECT_TRUE(list.entries(0).mine());
  EXPECT_THAT(list.entries(0).text_nl(), HasSubstr("Rekenen oefenen in de klas."));
  EXPECT_EQ(list.entries(0).text_en().find("Rekenen"), std::string::npos);
  casework::v1::CompleteStepRequest done;
  done.set_name(meeting.steps(0));
  done.set_outcome("Gelukt.");
  ASSERT_OK(j.office.Casework<casework::v1::Step>("CompleteStep", j.ib, done));
  EXPECT_THAT(Worklist(j.ib).entries(), IsEmpty());
}

TEST_F(WorklistTest, WhatIsPastItsDateIsOverdueAndTheListIsByDate) {
  j.Open();
  j.Activate();
  Conclude(
      {Step(j.SeatOf(j.ib), "Later.", "2027-01-10"), Step(j.SeatOf(j.ib), "Eerst.", "2026-11-30")});
  EXPECT_THAT(Said(Worklist(j.ib)), ElementsAre("STEP 2026-11-30", "STEP 2027-01-10"));
  j.office.clock().Advance(absl::Hours(24 * 8));
  EXPECT_THAT(Said(Worklist(j.ib)), ElementsAre("STEP 2026-11-30!", "STEP 2027-01-10"));
  v1::WorklistFilter overdue;
  overdue.set_overdue(true);
  EXPECT_THAT(Said(Worklist(j.ib, overdue)), ElementsAre("STEP 2026-11-30!"));
  v1::WorklistFilter before;
  before.set_due_before("2027-01-10");
  EXPECT_THAT(Worklist(j.ib, before).entries(), SizeIs(1));
}

TEST_F(WorklistTest, R5AFamilyMemberOwnsStepsToo) {
  j.Open();
  j.Activate();
  Conclude({Step(j.SeatOf(j.mother), "Samen naar bed om acht uur.", "2026-12-14")});
  EXPECT_THAT(Said(Worklist(j.mother)), ElementsAre("STEP 2026-12-14"));
  EXPECT_THAT(Said(Worklist(j.father)), ElementsAre("REACTION 2026-12-07"));
}

TEST_F(WorklistTest, R7WhoWasAbsentConfirmsAndTheRegisseurSeesWhoHasNot) {
  j.Open();
  j.Activate();  // the consultant leads, the nurse stands in
  const auto meeting = Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  v1::WorklistFilter awaiting;
  awaiting.set_awaiting_confirmation(true);
  EXPECT_THAT(Said(Worklist(j.nurse, awaiting)),
              UnorderedElementsAre("OUTCOME 2026-12-07", "REACTION 2026-12-07"));
  v1::WorklistFilter led = Whose(v1::WHOSE_LED);
  led.add_kinds(v1::ENTRY_KIND_OUTCOME);
  const auto seen = Worklist(j.consultant, led);
  ASSERT_THAT(seen.entries(), SizeIs(2));  // their own, and the nurse's
  ASSERT_OK(Confirm(j.nurse, meeting.name()));
  EXPECT_THAT(Worklist(j.consultant, led).entries(), SizeIs(1));
  EXPECT_THAT(Said(Worklist(j.nurse, awaiting)), ElementsAre("REACTION 2026-12-07"));
  // Who does not lead gets nothing of it.
  EXPECT_THAT(Worklist(j.nurse, led).entries(), IsEmpty());
}

TEST_F(WorklistTest, R9WhoReactedIsNotAskedAgain) {
  j.Open();
  j.Activate();
  const auto meeting = Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  v1::WorklistFilter reactions;
  reactions.add_kinds(v1::ENTRY_KIND_REACTION);
  EXPECT_THAT(Worklist(j.father, reactions).entries(), SizeIs(1));
  casework::v1::ReactToStepRequest react;
  react.set_name(meeting.steps(0));
  react.set_text("Zo spraken we het niet af.");
  ASSERT_OK(j.office.Casework<casework::v1::Step>("ReactToStep", j.father, react));
  EXPECT_THAT(Worklist(j.father, reactions).entries(), IsEmpty());
  EXPECT_THAT(Worklist(j.ib, reactions).entries(), IsEmpty()) << "the owner does it";
}

TEST_F(WorklistTest, R6AProposalWaitsForTheOrganisationWhoseMeansItNeeds) {
  j.Open();
  j.Activate();
  casework::v1::NewStep step = Step(j.SeatOf(j.consultant), "Acht gesprekken.", "2026-12-14");
  step.mutable_commitment()->set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  step.mutable_commitment()->set_amount_cents(90'000);
  step.mutable_commitment()->set_committed_by("professionals/consultant");
  step.mutable_commitment()->set_funding(common::v1::FUNDING_JEUGDWET);
  Conclude({step});
  v1::WorklistFilter proposals;
  proposals.add_kinds(v1::ENTRY_KIND_PROPOSAL);
  EXPECT_THAT(Said(Worklist(j.consultant, proposals)), ElementsAre("PROPOSAL 2026-12-07"));
  EXPECT_THAT(Worklist(j.nurse, proposals).entries(), IsEmpty());
  proposals.set_whose(v1::WHOSE_WERKPLAATS);
  const auto at_school = Worklist(j.ib, proposals);
  ASSERT_THAT(at_school.entries(), SizeIs(1));
  EXPECT_FALSE(at_school.entries(0).mine());
}

TEST_F(WorklistTest, R18AnInvitationIsThatNotWhat) {
  j.Open();
  j.Share({"organisations/jgz", {common::v1::COMPARTMENT_EDUCATION}});
  j.Invite(j.nurse);
  const auto list = Worklist(j.nurse);
  EXPECT_THAT(Said(list), ElementsAre("INVITATION 2026-12-07"));
  EXPECT_EQ(list.entries(0).subject(), j.case_name);
  EXPECT_THAT(Worklist(j.stranger).entries(), IsEmpty());
  EXPECT_THAT(Said(Worklist(j.ib, Whose(v1::WHOSE_WERKPLAATS))),
              ElementsAre("INVITATION 2026-12-07"));
}

TEST_F(WorklistTest, MeetingsAreForTheTableAndAPastOneForWhoLeads) {
  j.Open();
  j.Activate();
  PlanMeeting("2026-12-01");
  EXPECT_THAT(Said(Worklist(j.nurse)), ElementsAre("MEETING 2026-12-01"));
  j.office.clock().Advance(absl::Hours(24 * 10));
  EXPECT_THAT(Worklist(j.nurse).entries(), IsEmpty());
  EXPECT_THAT(Said(Worklist(j.consultant)), ElementsAre("MEETING 2026-12-01!"));
  EXPECT_THAT(Said(Worklist(j.ib)), ElementsAre("MEETING 2026-12-01!"));
}

// R13, R18: what sharing no longer covers is off the list at once, and so is how much there was.
TEST_F(WorklistTest, R13WithdrawalTakesTheWorkOffTheList) {
  j.Open();
  j.Activate();
  Conclude({Step(j.SeatOf(j.nurse), "Wegen en meten.", "2026-12-14")});
  ASSERT_THAT(Said(Worklist(j.nurse)), Not(IsEmpty()));
  for (const auto& consent : j.office.facts(j.family).consents()) {
    if (consent.recipient() != "organisations/jgz") continue;
    consent::v1::WithdrawConsentRequest req;
    req.set_name(absl::StrCat("families/", j.family, "/consents/", consent.id()));
    ASSERT_OK(j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.mother, req));
  }
  const auto list = Worklist(j.nurse);
  EXPECT_THAT(list.entries(), IsEmpty());
  EXPECT_EQ(list.total_size(), 0);
  EXPECT_THAT(list.next_page_token(), IsEmpty());
}

// P4: what stands on the list is what GetCase shows, and what GetCase shows open is on the list.
TEST_F(WorklistTest, P4TheListOfTheWerkplaatsIsWhatTheCaseShowsOpen) {
  j.Open();
  j.Activate();
  casework::v1::NewStep care = Step(j.SeatOf(j.consultant), "Gezinsgesprek.", "2026-12-14");
  care.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-10"), care});
  for (const auto& [who, whose] :
       {std::pair(j.ib, v1::WHOSE_WERKPLAATS), std::pair(j.consultant, v1::WHOSE_LED)}) {
    v1::WorklistFilter filter = Whose(whose);
    filter.add_kinds(v1::ENTRY_KIND_STEP);
    std::vector<std::string> listed, shown;
    const auto list = Worklist(who, filter);
    const casework::v1::Case seen = j.Get(who);
    for (const auto& e : list.entries()) listed.push_back(e.subject());
    for (const auto& s : seen.steps()) {
      if (s.state() == casework::v1::STEP_STATE_BINDING) shown.push_back(s.name());
    }
    EXPECT_THAT(listed, ::testing::UnorderedElementsAreArray(shown));
    EXPECT_THAT(listed, SizeIs(2));
  }
}

TEST_F(WorklistTest, R39ADeputyHasTheWorkOfTheSeatForAsLongAsTheyDeputise) {
  j.Open();
  j.Activate();
  Conclude({Step(j.SeatOf(j.nurse), "Wegen en meten.", "2026-12-14")});
  const Caller deputy = j.office.AddProfessional("professionals/nurse2", "organisations/jgz",
                                                 common::v1::FUNCTION_JGZ_NURSE, "Noor Keizer");
  EXPECT_THAT(Worklist(deputy).entries(), IsEmpty());
  casework::v1::ArrangeDeputyRequest req;
  req.set_name(j.case_name);
  req.set_seat(j.SeatOf(j.nurse));
  req.set_professional("professionals/nurse2");
  req.set_end_date("2026-12-07");
  ASSERT_OK(j.office.Casework<casework::v1::Participant>("ArrangeDeputy", j.ib, req));
  v1::WorklistFilter steps;
  steps.add_kinds(v1::ENTRY_KIND_STEP);
  EXPECT_THAT(Said(Worklist(deputy, steps)), ElementsAre("STEP 2026-12-14"));
  j.office.clock().Advance(absl::Hours(24 * 15));
  EXPECT_THAT(Worklist(deputy, steps).entries(), IsEmpty());
  EXPECT_THAT(Worklist(j.nurse, steps).entries(), SizeIs(1));
}

TEST_F(WorklistTest, TasksOfTheDecisionStandOnTheList) {
  j.Open();
  j.office.tamper = [&](access::v1::Decision* d) {
    if (d->family().empty()) return;
    access::v1::Task* task = d->add_tasks();
    task->set_kind(access::v1::TASK_KIND_SIGN);
    task->set_subject(absl::StrCat("families/", j.family, "/consents/x"));
    task->set_due_date("2026-11-01");
    task->set_text_nl("Lees deze toestemming en teken of weiger haar.");
    access::v1::Lapse* lapse = d->add_lapses();
    lapse->set_consent(absl::StrCat("families/", j.family, "/consents/y"));
    lapse->set_date("2026-12-24");
    lapse->set_announce_date("2026-11-20");
    access::v1::Task* other = d->add_tasks();
    other->set_kind(access::v1::TASK_KIND_REVIEW_CASE);
    other->set_subject(j.case_name);
    other->set_due_date("2026-12-30");
    other->set_text_nl("Bekijk de casus opnieuw.");
    *d->add_lapses() = *lapse;
    d->mutable_lapses(1)->set_announce_date("2026-11-24");  // not announced yet
  };
  EXPECT_THAT(Said(Worklist(j.mother)),
              ElementsAre("SIGN 2026-11-01!", "LAPSE 2026-12-24", "REVIEW_CASE 2026-12-30"));
  v1::WorklistFilter lapsing;
  lapsing.set_consent_lapsing(true);
  EXPECT_THAT(Worklist(j.mother, lapsing).entries(), SizeIs(2));
  lapsing.set_awaiting_confirmation(true);
  EXPECT_THAT(Worklist(j.mother, lapsing).entries(), IsEmpty());
}

// R18: a page, its size, the total and the token are over the caller's own view.
TEST_F(WorklistTest, R18PagesFollowEachOtherOverTheCallersOwnViewOnly) {
  j.Open();
  j.Activate();
  std::vector<casework::v1::NewStep> steps;
  steps.reserve(14);
  for (int i = 0; i < 7; ++i) {
    steps.push_back(Step(j.SeatOf(j.ib), absl::StrCat("Stap ", i), absl::StrCat("2026-12-1", i)));
    steps.push_back(
        Step(j.SeatOf(j.mother), absl::StrCat("Thuis ", i), absl::StrCat("2026-12-1", i)));
  }
  Conclude(steps);
  v1::ListWorklistRequest req;
  req.mutable_filter()->add_kinds(v1::ENTRY_KIND_STEP);
  req.set_page_size(3);
  std::vector<std::string> seen;
  int pages = 0;
  do {
    const auto page = Ask<v1::ListWorklistResponse>("ListWorklist", j.ib, req);
    ASSERT_OK(page);
    EXPECT_EQ(page->total_size(), 7);
    for (const auto& e : page->entries()) seen.push_back(e.due_date());
    req.set_page_token(page->next_page_token());
    ++pages;
  } while (!req.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(seen, SizeIs(7));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(WorklistTest, ATokenIsForTheQuestionThatItWasGivenOutFor) {
  j.Open();
  j.Activate();
  Conclude(
      {Step(j.SeatOf(j.ib), "Een.", "2026-12-10"), Step(j.SeatOf(j.ib), "Twee.", "2026-12-11")});
  v1::ListWorklistRequest req;
  req.set_page_size(1);
  const auto page = Ask<v1::ListWorklistResponse>("ListWorklist", j.ib, req);
  ASSERT_OK(page);
  ASSERT_THAT(page->next_page_token(), Not(IsEmpty()));
  req.set_page_token(page->next_page_token());
  ASSERT_OK(Ask<v1::ListWorklistResponse>("ListWorklist", j.ib, req));
  // It grants nothing to another, whose own list is what it pages through.
  EXPECT_OK(Ask<v1::ListWorklistResponse>("ListWorklist", j.stranger, req));
  req.mutable_filter()->set_overdue(true);
  EXPECT_EQ(base::ReasonOf(Ask<v1::ListWorklistResponse>("ListWorklist", j.ib, req).status()),
            "INVALID_FIELD");
  req.mutable_filter()->clear_overdue();
  for (const char* bad : {"x", "AAAA", "%%%"}) {
    req.set_page_token(bad);
    EXPECT_FALSE(Ask<v1::ListWorklistResponse>("ListWorklist", j.ib, req).ok()) << bad;
  }
}

TEST_F(WorklistTest, AFilterThatDoesNotExistIsRefusedWithItsField) {
  j.Open();
  const auto reason = [&](const v1::ListWorklistRequest& req) {
    return base::ReasonOf(Ask<v1::ListWorklistResponse>("ListWorklist", j.ib, req).status());
  };
  v1::ListWorklistRequest req;
  req.mutable_filter()->set_whose(static_cast<v1::Whose>(77));
  EXPECT_EQ(reason(req), "INVALID_FIELD");
  req.mutable_filter()->clear_whose();
  req.mutable_filter()->add_kinds(v1::ENTRY_KIND_UNSPECIFIED);
  EXPECT_EQ(reason(req), "INVALID_FIELD");
  req.mutable_filter()->clear_kinds();
  req.mutable_filter()->set_werkplaats("families/x");
  EXPECT_EQ(reason(req), "INVALID_FIELD");
  req.mutable_filter()->clear_werkplaats();
  req.mutable_filter()->set_due_before("2026-02-30");
  EXPECT_EQ(reason(req), "INVALID_FIELD");
  req.mutable_filter()->clear_due_before();
  req.set_page_size(-1);
  EXPECT_EQ(reason(req), "INVALID_FIELD");
}

TEST_F(WorklistTest, AClosedCaseAsksForNothing) {
  j.Open();
  j.Activate();
  Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  casework::v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("Het gaat goed.");
  *close.mutable_label() = j.Education();
  close.set_kind(casework::v1::CLOSE_KIND_QUESTION_ANSWERED);
  ASSERT_OK(j.office.Casework<casework::v1::Case>("CloseCase", j.ib, close));
  EXPECT_THAT(Worklist(j.ib).entries(), IsEmpty());
  EXPECT_THAT(Worklist(j.ib, Whose(v1::WHOSE_WERKPLAATS)).entries(), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::worklist
