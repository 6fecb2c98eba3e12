// Cases over a real database, decided by the real engine: searching, opening, reading, listing,
// the plan, closing.

#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<std::string> GivenNames(const v1::Case& c) {
  std::vector<std::string> out;
  for (const v1::Person& p : c.persons()) out.push_back(p.given_name());
  return out;
}

// ---- Searching and opening ----

TEST_F(CaseworkServiceTest, R3SearchFindsThatNotWhat) {
  ASSERT_OK_AND_ASSIGN(v1::SearchFamiliesResponse before, Search(j.ib, "van der Zanden"));
  EXPECT_FALSE(before.found());
  Start();
  ASSERT_OK_AND_ASSIGN(v1::SearchFamiliesResponse found, Search(j.ib, "  VAN  der Zánden "));
  EXPECT_TRUE(found.found());
  EXPECT_EQ(found.ask(), "professionals/ib");
  EXPECT_EQ(found.ask_organisation(), "organisations/mosalira");
  ASSERT_OK_AND_ASSIGN(v1::SearchFamiliesResponse other, Search(j.ib, "Vlaanderen"));
  EXPECT_FALSE(other.found());
}

TEST_F(CaseworkServiceTest, R3SearchFindsANameAsItIsHeardOnTheDayThatItIs) {
  Start();
  for (const char* heard : {"Zanden", "v.d. Zanden", "Zanden, van der", "vanderzanden", "Sanden",
                            "van der Zande", "Zándèn", "Bakker-van der Zanden"}) {
    ASSERT_OK_AND_ASSIGN(const v1::SearchFamiliesResponse found, Search(j.ib, heard));
    EXPECT_TRUE(found.found()) << heard;
    EXPECT_EQ(found.ask(), "professionals/ib") << heard;
  }
  for (const char* other : {"Zander", "Zonden", "Landen", "van der", "12"}) {
    ASSERT_OK_AND_ASSIGN(const v1::SearchFamiliesResponse found, Search(j.ib, other));
    EXPECT_FALSE(found.found()) << other;
  }
  v1::SearchFamiliesRequest another_day;
  another_day.set_family_name("van der Zanden");
  another_day.set_birth_date("2015-03-15");
  ASSERT_OK_AND_ASSIGN(const auto none, j.office.Casework<v1::SearchFamiliesResponse>(
                                            "SearchFamilies", j.ib, another_day));
  EXPECT_FALSE(none.found()) << "never without the birth date";
}

TEST_F(CaseworkServiceTest, R3SearchFindsADayAndMonthThatWereExchanged) {
  v1::OpenCaseRequest req = j.OpenRequest();
  req.mutable_persons(0)->set_birth_date("2015-03-04");
  ASSERT_OK(j.office.Casework<v1::Case>("OpenCase", j.ib, req).status());
  v1::SearchFamiliesRequest search;
  search.set_family_name("van der Zanden");
  search.set_birth_date("2015-04-03");
  ASSERT_OK_AND_ASSIGN(const auto found, j.office.Casework<v1::SearchFamiliesResponse>(
                                             "SearchFamilies", j.ib, search));
  EXPECT_TRUE(found.found());
}

TEST_F(CaseworkServiceTest, R20AnEmergencyFindsTheSameNameOnlyForItCanBeOpened) {
  Start();
  const Caller nurse = j.nurse.For(common::v1::PURPOSE_EMERGENCY);
  EXPECT_TRUE(Search(nurse, "v.d. Zanden")->found());
  EXPECT_FALSE(Search(nurse, "Sanden")->found());
}

TEST_F(CaseworkServiceTest, R1ANameThatOnlySoundsAlikeDoesNotStopAnotherCase) {
  Start();
  v1::OpenCaseRequest req = j.OpenRequest();
  for (v1::NewPerson& p : *req.mutable_persons()) {
    p.set_family_name("Sanden");
    p.clear_account();
  }
  EXPECT_OK(j.office.Casework<v1::Case>("OpenCase", j.colleague, req).status())
      << "two children can have names alike and one birthday";
}

TEST_F(CaseworkServiceTest, R18WhatASearchDoesNotFindAndWhatIsClosedAreOneAnswer) {
  ASSERT_OK_AND_ASSIGN(const v1::SearchFamiliesResponse before, Search(j.ib, "van der Zanden"));
  Start();
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("De vraag is beantwoord.");
  close.set_kind(v1::CLOSE_KIND_QUESTION_ANSWERED);
  *close.mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<v1::Case>("CloseCase", j.ib, close).status());
  ASSERT_OK_AND_ASSIGN(const v1::SearchFamiliesResponse after, Search(j.ib, "van der Zanden"));
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
}

TEST_F(CaseworkServiceTest, R3SearchAsksTheRegisseurOnceThereIsOne) {
  Start();
  j.Activate();
  ASSERT_OK_AND_ASSIGN(v1::SearchFamiliesResponse found, Search(j.ib, "van der Zanden"));
  EXPECT_EQ(found.ask(), "professionals/consultant");
}

TEST_F(CaseworkServiceTest, R3SearchIsForFunctionsThatMayOpen) {
  // A nurse may search in an emergency (R20), and not to coordinate.
  EXPECT_THAT(Search(j.nurse, "van der Zanden"),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-purpose"));
}

TEST_F(CaseworkServiceTest, R3SearchRefusesEmptyNameAndBadDate) {
  v1::SearchFamiliesRequest req;
  req.set_birth_date("2015-03-14");
  EXPECT_EQ(Reason(j.office.Casework<v1::SearchFamiliesResponse>("SearchFamilies", j.ib, req)),
            "INVALID_FIELD");
  req.set_family_name("Janssen");
  req.set_birth_date("14-03-2015");
  EXPECT_EQ(Reason(j.office.Casework<v1::SearchFamiliesResponse>("SearchFamilies", j.ib, req)),
            "INVALID_FIELD");
}

TEST_F(CaseworkServiceTest, R1OpenCaseGivesAnOpenCaseWithTheFamilyAtTheTable) {
  ASSERT_OK_AND_ASSIGN(const v1::Case opened,
                       j.office.Casework<v1::Case>("OpenCase", j.ib, j.OpenRequest()));
  EXPECT_EQ(opened.state(), access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(opened.level(), v1::SIGNAL_LEVEL_QUESTION);
  EXPECT_THAT(GivenNames(opened), ElementsAre("Sem", "Lotte", "Marieke", "Joost"));
  EXPECT_THAT(opened.children(), SizeIs(1));
  EXPECT_FALSE(opened.has_regisseur());
  EXPECT_THAT(opened.audit_subject(), Not(IsEmpty()));
  // The IB and both parents; the child is 11, and the sibling is not of the case.
  ASSERT_THAT(opened.participants(), SizeIs(3));
  EXPECT_EQ(opened.participants(0).role(), access::v1::SEAT_ROLE_WERKPLAATS);
  EXPECT_EQ(opened.participants(0).display_name(), "Els Janssen");
  EXPECT_EQ(opened.participants(1).role(), access::v1::SEAT_ROLE_FAMILY);
  EXPECT_EQ(opened.persons(0).label().controller(), "organisations/mosalira");
  EXPECT_THAT(opened.persons(2).gezag_over(), SizeIs(2));
}

TEST_F(CaseworkServiceTest, R38EveryPersonIsStoredUnderALabelOfTheirOwn) {
  Start();
  std::vector<std::string> alone;
  for (const access::v1::Scope& s : j.office.facts(j.family).scopes()) {
    ASSERT_THAT(s.label().about().persons(), SizeIs(1));
    alone.push_back(s.label().about().persons(0));
  }
  EXPECT_THAT(alone, UnorderedElementsAre(j.child, j.sibling, j.mother_id, j.father_id));
}

TEST_F(CaseworkServiceTest, R1OpeningTwiceIsRefused) {
  Start();
  v1::OpenCaseRequest again = j.OpenRequest();
  again.mutable_persons(0)->set_family_name("Van der  Zanden");
  const auto second = j.office.Casework<v1::Case>("OpenCase", j.ib, again);
  EXPECT_THAT(second, StatusIs(StatusCode::kAlreadyExists, _));
  EXPECT_EQ(Reason(second), "CASE_EXISTS");
}

TEST_F(CaseworkServiceTest, R1ASecondCaseForASiblingIsRefused) {
  Start();
  v1::OpenCaseRequest sibling = j.OpenRequest();
  sibling.mutable_persons()->DeleteSubrange(0, 1);
  sibling.clear_gezag();
  v1::NewGezag* g = sibling.add_gezag();
  g->set_holder_key("mother");
  g->set_over_key("sibling");
  sibling.set_children(0, "sibling");
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("OpenCase", j.ib, sibling)), "CASE_EXISTS");
}

TEST_F(CaseworkServiceTest, R1TwinsOfOneFamilyOpenOneCase) {
  v1::OpenCaseRequest req = j.OpenRequest();
  req.mutable_persons(1)->set_birth_date("2015-03-14");
  req.add_children("sibling");
  EXPECT_THAT(j.office.Casework<v1::Case>("OpenCase", j.ib, req), IsOk());
}

TEST_F(CaseworkServiceTest, R3OpeningWithoutTellingTheFamilyIsRefused) {
  v1::OpenCaseRequest req = j.OpenRequest();
  req.set_family_told(false);
  const auto refused = j.office.Casework<v1::Case>("OpenCase", j.ib, req);
  EXPECT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition, _));
  EXPECT_EQ(Reason(refused), "FAMILY_NOT_TOLD");
}

TEST_F(CaseworkServiceTest, OpeningAtTheWerkplaatsOfAnotherIsRefused) {
  v1::OpenCaseRequest req = j.OpenRequest();
  req.set_werkplaats("werkplaatsen/vmbo");
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("OpenCase", j.ib, req)), "NOT_YOUR_WERKPLAATS");
  req.set_werkplaats("werkplaatsen/nowhere");
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("OpenCase", j.ib, req)), "NOT_YOUR_WERKPLAATS");
}

TEST_F(CaseworkServiceTest, R11GezagOfAnUnknownInstitutionIsRefused) {
  v1::OpenCaseRequest req = j.OpenRequest();
  v1::NewGezag* g = req.add_gezag();
  g->set_over_key("child");
  g->set_holder_organisation("organisations/nobody");
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("OpenCase", j.ib, req)), "UNKNOWN_ORGANISATION");
  g->set_holder_organisation("organisations/jgz");
  ASSERT_OK_AND_ASSIGN(const v1::Case opened, j.office.Casework<v1::Case>("OpenCase", j.ib, req));
  EXPECT_EQ(opened.state(), access::v1::CASE_STATE_OPEN);
}

TEST_F(CaseworkServiceTest, AFailedOpeningLeavesNothingBehind) {
  v1::OpenCaseRequest req = j.OpenRequest();
  // The third person's scope is gone: the handler fails half-way through its items.
  j.office.tamper = [](access::v1::Decision* d) {
    d->mutable_permit()->mutable_write_scopes(2)->mutable_label()->clear_about();
  };
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("OpenCase", j.ib, req)), "R38_NO_LABEL");
  j.office.tamper = nullptr;
  ASSERT_OK_AND_ASSIGN(const v1::SearchFamiliesResponse found, Search(j.ib, "van der Zanden"));
  EXPECT_FALSE(found.found());
  EXPECT_THAT(j.office.Casework<v1::Case>("OpenCase", j.ib, req), IsOk());
}

// ---- Reading ----

TEST_F(CaseworkServiceTest, R17AStrangerReadsNothing) {
  Start();
  EXPECT_THAT(TryGet(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
}

TEST_F(CaseworkServiceTest, R18ACaseThatIsNotThereAndOneOfAnotherFamilyLookAlike) {
  Start();
  v1::GetCaseRequest req;
  req.set_name(absl::StrCat("families/", j.family, "/cases/c-nope"));
  // The engine knows no such case either; let it through to see the handler's own answer.
  EXPECT_THAT(j.office.Casework<v1::Case>("GetCase", j.ib, req),
              StatusIs(StatusCode::kPermissionDenied, _));
  j.office.tamper = [](access::v1::Decision* d) { d->set_family("f-another"); };
  req.set_name(j.case_name);
  EXPECT_THAT(j.office.Casework<v1::Case>("GetCase", j.ib, req),
              StatusIs(StatusCode::kNotFound, "There is no such thing, or it is not for you."));
}

TEST_F(CaseworkServiceTest, R18SharingOpensExactlyWhatWasNamed) {
  Start();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Seat(j.nurse);
  common::v1::Label sibling = j.Education();
  sibling.mutable_about()->set_persons(0, j.sibling);
  ASSERT_OK(Contribute(j.ib, j.Education(), "Over Sem."));
  ASSERT_OK(Contribute(j.ib, sibling, "Over Lotte."));
  const v1::Case seen = j.Get(j.nurse);
  EXPECT_THAT(GivenNames(seen), ElementsAre("Sem"));
  ASSERT_THAT(seen.contributions(), SizeIs(1));
  EXPECT_EQ(seen.contributions(0).text(), "Over Sem.");
  EXPECT_THAT(seen.children(), ElementsAre(j.child));
  // Not the parents' seats either: whom one may not see does not sit there.
  for (const v1::Participant& p : seen.participants()) EXPECT_THAT(p.person(), IsEmpty());
  EXPECT_THAT(seen.participants(), SizeIs(2));
  const std::string bytes = seen.SerializeAsString();
  EXPECT_EQ(bytes.find(j.sibling), std::string::npos);
  EXPECT_EQ(bytes.find(j.mother_id), std::string::npos);
}

TEST_F(CaseworkServiceTest, R18ParentsSeeTheChildrenAndNotWhatIsTheOthers) {
  Start();
  common::v1::Label father = j.About(common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL);
  father.mutable_about()->set_persons(0, j.father_id);
  ASSERT_OK(Contribute(j.father, father, "Alleen van vader."));
  ASSERT_OK(Contribute(j.ib, j.Education(), "Over Sem."));
  const v1::Case seen = j.Get(j.mother);
  EXPECT_THAT(GivenNames(seen), ElementsAre("Sem", "Lotte", "Marieke"));
  ASSERT_THAT(seen.contributions(), SizeIs(1));
  EXPECT_EQ(seen.contributions(0).author(), "professionals/ib");
  const v1::Case own = j.Get(j.father);
  ASSERT_THAT(own.contributions(), SizeIs(2));
  EXPECT_EQ(own.contributions(0).author(),
            absl::StrCat("families/", j.family, "/persons/", j.father_id));
}

// What one may read keeps its author as what they are of the family; who they are is for those
// who may see them.
TEST_F(CaseworkServiceTest, R18AnAuthorWhomOneMayNotSeeIsNamedByTheirRole) {
  Start();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Seat(j.nurse);
  const auto added = Contribute(j.father, j.Education(), "Sem leest liever thuis.");
  ASSERT_OK(added);
  const std::string father = absl::StrCat("families/", j.family, "/persons/", j.father_id);
  EXPECT_EQ(added->author(), father);
  EXPECT_EQ(added->author_role(), access::v1::FAMILY_ROLE_PARENT);
  ASSERT_OK(Contribute(j.ib, j.Education(), "Over Sem."));

  for (const Caller& who : {j.nurse, j.mother}) {
    const v1::Case seen = j.Get(who);
    ASSERT_THAT(seen.contributions(), SizeIs(2));
    EXPECT_EQ(seen.contributions(0).author(), absl::StrCat("families/", j.family));
    EXPECT_EQ(seen.contributions(0).author_role(), access::v1::FAMILY_ROLE_PARENT);
    EXPECT_EQ(seen.contributions(1).author(), "professionals/ib");
    EXPECT_EQ(seen.contributions(1).author_role(), access::v1::FAMILY_ROLE_UNSPECIFIED);
    EXPECT_EQ(seen.SerializeAsString().find(j.father_id), std::string::npos);
  }
  // The school that opened the case knows him, and so does he himself.
  for (const Caller& who : {j.ib, j.father}) {
    EXPECT_EQ(j.Get(who).contributions(0).author(), father);
  }
}

TEST_F(CaseworkServiceTest, R18AnOwnRecordNamesAnAuthorWhomItShowsAndNoOther) {
  Start();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Seat(j.nurse);
  ASSERT_OK(Contribute(j.father, j.Education(), "Sem leest liever thuis."));
  v1::ListOwnRecordRequest req;
  req.set_parent(j.case_name);
  const auto own = j.office.Casework<v1::ListOwnRecordResponse>(
      "ListOwnRecord", j.ib.For(common::v1::PURPOSE_OWN_RECORD), req);
  ASSERT_OK(own);
  ASSERT_THAT(own->contributions(), SizeIs(1));
  EXPECT_EQ(own->contributions(0).author(),
            absl::StrCat("families/", j.family, "/persons/", j.father_id));
  EXPECT_EQ(own->contributions(0).author_role(), access::v1::FAMILY_ROLE_PARENT);
}

TEST_F(CaseworkServiceTest, R18TheEtagIsOverTheCallersView) {
  Start();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Seat(j.nurse);
  const std::string before = j.Get(j.nurse).etag();
  EXPECT_EQ(before, j.Get(j.nurse).etag());
  EXPECT_THAT(before, SizeIs(32 + 1 + 32)) << "of the life of the case, and of the view";
  common::v1::Label sibling = j.Education();
  sibling.mutable_about()->set_persons(0, j.sibling);
  ASSERT_OK(Contribute(j.ib, sibling, "Over Lotte."));
  EXPECT_EQ(before, j.Get(j.nurse).etag());
  ASSERT_OK(Contribute(j.ib, j.Education(), "Over Sem."));
  EXPECT_NE(before, j.Get(j.nurse).etag());
}

TEST_F(CaseworkServiceTest, R22WhatWasOpenedIsNotedForTheRecord) {
  Start();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Seat(j.nurse);
  j.Get(j.nurse);
  EXPECT_THAT(j.office.touched().persons, ElementsAre(j.child));
  EXPECT_THAT(j.office.touched().compartments, ElementsAre(common::v1::COMPARTMENT_EDUCATION));
}

TEST_F(CaseworkServiceTest, TheDossierReadsBackAfterARestart) {
  Start();
  ASSERT_OK(Contribute(j.ib, j.Education(), "Over Sem."));
  const std::string before = j.Get(j.ib).SerializeAsString();
  j.office.Reopen();
  EXPECT_EQ(before, j.Get(j.ib).SerializeAsString());
}

TEST_F(CaseworkServiceTest, R11TheOwnRecordStaysWithTheOrganisation) {
  Start();
  const std::string consent = j.Share(
      {.recipient = "organisations/jgz",
       .compartments = {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_HEALTH}});
  j.Seat(j.nurse);
  const common::v1::Label health =
      j.About(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH);
  ASSERT_OK(Contribute(j.nurse, health, "Van de JGZ."));
  ASSERT_OK(Contribute(j.ib, j.Education(), "Van de school."));
  v1::ListOwnRecordRequest req;
  req.set_parent(j.case_name);
  ASSERT_OK_AND_ASSIGN(const v1::ListOwnRecordResponse own,
                       j.office.Casework<v1::ListOwnRecordResponse>(
                           "ListOwnRecord", j.nurse.For(common::v1::PURPOSE_OWN_RECORD), req));
  ASSERT_THAT(own.contributions(), SizeIs(1));
  EXPECT_EQ(own.contributions(0).text(), "Van de JGZ.");
  EXPECT_EQ(own.contributions(0).label().controller(), "organisations/jgz");
}

// ---- Listing ----

TEST_F(CaseworkServiceTest, R18TheListHoldsOnesOwnTableAndInvitations) {
  Start();
  const auto list = [&](const Caller& who) {
    return j.office.Casework<v1::ListCasesResponse>("ListCases", who, v1::ListCasesRequest())
        ->cases_size();
  };
  EXPECT_EQ(list(j.ib), 1);
  EXPECT_EQ(list(j.mother), 1);
  EXPECT_EQ(list(j.nurse), 0);
  j.Invite(j.nurse);
  EXPECT_EQ(list(j.nurse), 1);
  EXPECT_EQ(list(j.stranger), 0);
}

TEST_F(CaseworkServiceTest, R18APageTokenEndsThePageAndGrantsNothing) {
  for (int i = 0; i < 5; ++i) {
    v1::OpenCaseRequest req = j.OpenRequest();
    for (v1::NewPerson& p : *req.mutable_persons())
      p.set_family_name(absl::StrCat("Familie", std::string(i + 1, 'x')));
    ASSERT_OK(j.office.Casework<v1::Case>("OpenCase", j.ib, req));
  }
  std::vector<std::string> names;
  v1::ListCasesRequest req;
  req.set_page_size(2);
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::ListCasesResponse page,
                         j.office.Casework<v1::ListCasesResponse>("ListCases", j.ib, req));
    EXPECT_LE(page.cases_size(), 2);
    for (const v1::Case& c : page.cases()) names.push_back(c.name());
    req.set_page_token(page.next_page_token());
    ++pages;
  } while (!req.page_token().empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(std::set<std::string>(names.begin(), names.end()), SizeIs(5));
  ASSERT_OK_AND_ASSIGN(const v1::ListCasesResponse first,
                       j.office.Casework<v1::ListCasesResponse>("ListCases", j.ib, [] {
                         v1::ListCasesRequest r;
                         r.set_page_size(1);
                         return r;
                       }()));
  req.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListCasesResponse strange,
                       j.office.Casework<v1::ListCasesResponse>("ListCases", j.nurse, req));
  EXPECT_THAT(strange.cases(), IsEmpty());
  req.set_page_token("not a token");
  EXPECT_EQ(Reason(j.office.Casework<v1::ListCasesResponse>("ListCases", j.ib, req)),
            "INVALID_FIELD");
  req.clear_page_token();
  req.set_page_size(-1);
  EXPECT_EQ(Reason(j.office.Casework<v1::ListCasesResponse>("ListCases", j.ib, req)),
            "INVALID_FIELD");
}

// ---- The plan ----

TEST_F(CaseworkServiceTest, R18ACaseShowsGoalsInBriefAndTheWordsOfAWishOnlyWithTheWish) {
  Start();
  plan::v1::AddWishRequest wish;
  wish.set_parent(j.case_name);
  wish.mutable_wish()->set_person(absl::StrCat("families/", j.family, "/persons/", j.mother_id));
  wish.mutable_wish()->set_text("Rust in huis.");
  wish.mutable_wish()->set_how(plan::v1::WISH_HOW_SELF);
  wish.mutable_wish()->mutable_label()->mutable_about()->add_persons(j.mother_id);
  wish.mutable_wish()->mutable_label()->set_compartment(common::v1::COMPARTMENT_FAMILY);
  wish.mutable_wish()->mutable_label()->set_regime(common::v1::REGIME_MUNICIPAL);
  ASSERT_OK_AND_ASSIGN(const auto hers, j.office.Plan<plan::v1::Wish>("AddWish", j.mother, wish));
  plan::v1::AddGoalRequest req;
  req.set_parent(j.case_name);
  req.mutable_goal()->set_domain(plan::v1::LIFE_DOMAIN_HOME);
  req.mutable_goal()->set_text("Sem slaapt weer door.");
  req.mutable_goal()->set_wish(hers.name());
  req.mutable_goal()->set_measure("Een week lang niet wakker.");
  req.mutable_goal()->set_review_date("2027-02-01");
  *req.mutable_goal()->mutable_label() = j.Education();
  ASSERT_OK_AND_ASSIGN(const auto goal, j.office.Plan<plan::v1::Goal>("AddGoal", j.mother, req));
  const v1::Case seen = j.Get(j.mother);
  ASSERT_THAT(seen.goals(), SizeIs(1));
  EXPECT_EQ(seen.goals(0).name(), goal.name());
  EXPECT_EQ(seen.goals(0).domain(), "thuis");
  EXPECT_EQ(seen.goals(0).wish(), "Rust in huis.");
  const v1::Case by_father = j.Get(j.father);
  ASSERT_THAT(by_father.goals(), SizeIs(1));
  EXPECT_EQ(by_father.goals(0).text(), "Sem slaapt weer door.");
  EXPECT_EQ(by_father.goals(0).wish(), "");
}

TEST_F(CaseworkServiceTest, R38WithoutALabelNothingIsStored) {
  Start();
  for (const auto& break_label : std::vector<std::function<void(common::v1::Label*)>>{
           [](auto* l) { l->clear_about(); }, [](auto* l) { l->clear_compartment(); },
           [](auto* l) { l->clear_regime(); },
           [](auto* l) { l->set_compartment(static_cast<common::v1::Compartment>(99)); }}) {
    common::v1::Label label = j.Education();
    break_label(&label);
    EXPECT_EQ(Reason(Contribute(j.ib, label, "Zonder etiket.")), "R38_NO_LABEL");
  }
  EXPECT_THAT(j.Get(j.ib).contributions(), IsEmpty());
}

TEST_F(CaseworkServiceTest, R38TheControllerIsNotTheCallersToChoose) {
  Start();
  common::v1::Label label = j.Education();
  label.set_controller("organisations/jgz");
  ASSERT_OK_AND_ASSIGN(const v1::Contribution stored, Contribute(j.ib, label, "Van de school."));
  EXPECT_EQ(stored.label().controller(), "organisations/mosalira");
}

TEST_F(CaseworkServiceTest, BadTextIsRefusedAndNothingIsStored) {
  Start();
  for (const std::string& bad :
       {std::string("bel\x07"), std::string("\xff\xfe"), std::string("om\xE2\x80\xAEgekeerd"),
        std::string(" \n "), std::string(limits::kMaxTextBytes + 1, 'x')}) {
    EXPECT_EQ(Reason(Contribute(j.ib, j.Education(), bad)), "INVALID_FIELD");
  }
  EXPECT_THAT(j.Get(j.ib).contributions(), IsEmpty());
}

// ---- Closing and reopening ----

TEST_F(CaseworkServiceTest, R1CloseAndReopenKeepOneRegisseurAndTheHistory) {
  Start();
  j.Activate();
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("Het gaat goed.");
  close.set_kind(v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  ASSERT_OK_AND_ASSIGN(const v1::Case closed,
                       j.office.Casework<v1::Case>("CloseCase", j.ib, close));
  EXPECT_EQ(closed.state(), access::v1::CASE_STATE_CLOSED);
  EXPECT_FALSE(closed.has_regisseur());
  EXPECT_EQ(closed.outcome(), "Het gaat goed.");
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("CloseCase", j.ib, close)), "FORBIDDEN_TRANSITION");
  EXPECT_EQ(Reason(Contribute(j.ib, j.Education(), "Nog iets.")), "CASE_CLOSED");
  EXPECT_EQ(Reason(Invite(Invitation(j.stranger))), "CASE_CLOSED");
  ASSERT_OK_AND_ASSIGN(v1::SearchFamiliesResponse found, Search(j.ib, "van der Zanden"));
  EXPECT_FALSE(found.found());

  v1::ReopenCaseRequest reopen;
  reopen.set_name(j.case_name);
  reopen.set_reason("Het gaat toch niet goed.");
  *reopen.mutable_label() = j.Education();
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("ReopenCase", j.ib, reopen)), "SEAT_NOT_JOINED");
  reopen.set_seat(j.SeatOf(j.ib));
  reopen.set_stand_in_seat(j.SeatOf(j.nurse));
  ASSERT_OK(j.office.Casework<v1::Case>("ReopenCase", j.ib, reopen));
  const v1::Case seen = j.Get(j.ib);
  EXPECT_EQ(seen.state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_EQ(seen.regisseur().seat(), j.SeatOf(j.ib));
  EXPECT_EQ(seen.outcome(), "Het gaat goed.\nHeropend: Het gaat toch niet goed.");
}

TEST_F(CaseworkServiceTest, R1AnOpenCaseCanCloseWhenTheQuestionWasAnswered) {
  Start();
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("De vraag is beantwoord.");
  close.set_kind(v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  EXPECT_OK(j.office.Casework<v1::Case>("CloseCase", j.ib, close));
}

TEST_F(CaseworkServiceTest, R1ReopeningIsRefusedWhileTheFamilyHasANewerCase) {
  Start();
  j.Activate();
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("Het gaat goed.");
  close.set_kind(v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<v1::Case>("CloseCase", j.ib, close));
  ASSERT_OK(j.office.Casework<v1::Case>("OpenCase", j.ib, j.OpenRequest()));
  v1::ReopenCaseRequest reopen;
  reopen.set_name(j.case_name);
  reopen.set_reason("Toch niet.");
  *reopen.mutable_label() = j.Education();
  reopen.set_seat(j.SeatOf(j.ib));
  reopen.set_stand_in_seat(j.SeatOf(j.nurse));
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("ReopenCase", j.ib, reopen)), "CASE_EXISTS");
}

}  // namespace
}  // namespace knooppunt::casework
