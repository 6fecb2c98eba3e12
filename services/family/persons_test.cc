// Persons: who sees whom, corrections and names with their history, and who joins.
#include "knooppunt/casework/v1/casework.pb.h"
#include "services/family/service_testing.h"

namespace knooppunt::family {
namespace {

using ::absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class PersonsTest : public FamilyServiceTest {
 protected:
  bool Finds(const std::string& name, const std::string& birth_date) {
    casework::v1::SearchFamiliesRequest req;
    req.set_family_name(name);
    req.set_birth_date(birth_date);
    const auto found =
        j.office.Casework<casework::v1::SearchFamiliesResponse>("SearchFamilies", j.ib, req);
    EXPECT_OK(found.status());
    return found.ok() && found->found();
  }
  v1::ListPersonRevisionsResponse History(const Caller& who, const std::string& person) {
    v1::ListPersonRevisionsRequest req;
    req.set_parent(Name(person));
    auto list = Call<v1::ListPersonRevisionsResponse>("ListPersonRevisions", who, req);
    EXPECT_OK(list.status());
    return list.value_or(v1::ListPersonRevisionsResponse());
  }
};

TEST_F(PersonsTest, R18EachSeesTheirOwnPartOfTheFamily) {
  EXPECT_THAT(GivenNames(j.ib), ElementsAre("Sem", "Lotte", "Marieke", "Joost"));
  EXPECT_THAT(GivenNames(j.mother), ElementsAre("Sem", "Lotte", "Marieke")) << "not the father";
  EXPECT_THAT(GivenNames(j.father), ElementsAre("Sem", "Lotte", "Joost"));
  ASSERT_OK_AND_ASSIGN(const v1::Person mother, Get(j.mother, j.mother_id));
  EXPECT_THAT(mother.gezag_over(), UnorderedElementsAre(Name(j.child), Name(j.sibling)));
  EXPECT_EQ(mother.label().controller(), "organisations/mosalira") << "who answers for it";
}

TEST_F(PersonsTest, R18NoSuchPersonAndNotYoursAreOneAnswer) {
  const auto hidden = Get(j.mother, j.father_id);
  const auto none = Get(j.mother, "p-bestaat-niet");
  EXPECT_THAT(hidden, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(hidden.status(), none.status());
  EXPECT_EQ(Get(j.stranger, j.child).status().code(), StatusCode::kPermissionDenied);
}

TEST_F(PersonsTest, R12APartnerSeesWhomConsentNames) {
  j.Activate();
  EXPECT_THAT(GivenNames(j.nurse), ElementsAre("Sem"));
  ASSERT_OK_AND_ASSIGN(const v1::Person child, Get(j.nurse, j.child));
  EXPECT_FALSE(child.bsn_recorded());
}

TEST_F(PersonsTest, R18APageEndsWhereItSays) {
  v1::ListPersonsRequest req;
  req.set_parent(FamilyName());
  req.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(auto page, Call<v1::ListPersonsResponse>("ListPersons", j.ib, req));
  EXPECT_THAT(page.persons(), SizeIs(3));
  req.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page, Call<v1::ListPersonsResponse>("ListPersons", j.ib, req));
  ASSERT_THAT(page.persons(), SizeIs(1));
  EXPECT_EQ(page.persons(0).given_name(), "Joost");
  EXPECT_THAT(page.next_page_token(), IsEmpty());
  req.set_page_token("onzin");
  EXPECT_EQ(Reason(Call<v1::ListPersonsResponse>("ListPersons", j.ib, req)), "INVALID_FIELD");
}

TEST_F(PersonsTest, R40ACorrectionKeepsWhatStoodThere) {
  v1::UpdatePersonRequest req = Correction(j.child, "given_name");
  req.mutable_person()->set_given_name("Semme");
  ASSERT_OK_AND_ASSIGN(const v1::Person read, Get(j.ib, j.child));
  req.mutable_person()->set_etag(read.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Person after, Update(j.ib, req));
  EXPECT_EQ(after.given_name(), "Semme");
  EXPECT_NE(after.etag(), read.etag());
  EXPECT_EQ(Get(j.ib, j.child)->SerializeAsString(), after.SerializeAsString());
  EXPECT_EQ(j.Get(j.ib).persons(0).given_name(), "Semme") << "casework shows the same record";

  const auto history = History(j.ib, j.child);
  ASSERT_THAT(history.revisions(), SizeIs(1));
  EXPECT_EQ(history.revisions(0).given_name(), "Sem");
  EXPECT_EQ(history.revisions(0).change(), v1::PERSON_CHANGE_CORRECTION);
  EXPECT_EQ(history.revisions(0).author(), "professionals/ib");
  EXPECT_EQ(history.revisions(0).reason(), req.reason());
  EXPECT_THAT(History(j.mother, j.child).revisions(), SizeIs(1)) << "the family sees it (R18)";

  EXPECT_EQ(Reason(Update(j.ib, req)), "CHANGED_MEANWHILE") << "with an etag from before";
  EXPECT_THAT(History(j.ib, j.child).revisions(), SizeIs(1)) << "nothing was half written";
}

TEST_F(PersonsTest, R40OnlyWhoAnswersForARecordCorrectsIt) {
  j.Activate();
  v1::UpdatePersonRequest req = Correction(j.child, "given_name");
  req.mutable_person()->set_given_name("Sam");
  EXPECT_EQ(Reason(Update(j.consultant, req)), "R40_NOT_YOURS_TO_CORRECT");
  EXPECT_EQ(Update(j.mother, req).status().code(), StatusCode::kPermissionDenied);
}

TEST_F(PersonsTest, R18TheHistoryOfWhomOneMayNotSeeIsNone) {
  v1::UpdatePersonRequest req = Correction(j.father_id, "given_name");
  req.mutable_person()->set_given_name("Jos");
  EXPECT_OK(Update(j.ib, req).status());
  v1::ListPersonRevisionsRequest list;
  list.set_parent(Name(j.father_id));
  EXPECT_THAT(Call<v1::ListPersonRevisionsResponse>("ListPersonRevisions", j.mother, list),
              StatusIs(StatusCode::kNotFound, _));
}

TEST_F(PersonsTest, R11ABirthDateThatIsCorrectedCountsFromTheNextCall) {
  // Sem is 11: his parents see what is about him. Had he been 16, they would not (R18).
  EXPECT_THAT(GivenNames(j.mother), ::testing::Contains("Sem"));
  ASSERT_OK(CorrectBirthDate(j.child, "2010-03-14").status());
  EXPECT_EQ(j.office.facts(j.family).persons(0).birth_date(), "2010-03-14");
  EXPECT_THAT(GivenNames(j.mother), ElementsAre("Lotte", "Marieke"));
  ASSERT_OK(CorrectBirthDate(j.child, "2014-03-14").status());
  EXPECT_THAT(GivenNames(j.mother), ::testing::Contains("Sem"));
}

TEST_F(PersonsTest, R11WhoTurnsOutToBeTwelveGetsASeat) {
  EXPECT_EQ(j.office.SeatOf(j.case_name, j.child), "");
  ASSERT_OK(CorrectBirthDate(j.child, "2013-03-14").status());
  EXPECT_NE(j.office.SeatOf(j.case_name, j.child), "");
}

TEST_F(PersonsTest, R3WhatWasWrongIsNoLongerFoundAndAFormerNameIs) {
  EXPECT_TRUE(Finds("van der Zanden", "2015-03-14"));
  v1::UpdatePersonRequest typo = Correction(j.child, "family_name");
  typo.mutable_person()->set_family_name("van der Linden");
  ASSERT_OK(Update(j.ib, typo).status());
  EXPECT_FALSE(Finds("van der Zanden", "2015-03-14")) << "it never was his name";
  EXPECT_TRUE(Finds("van der Linden", "2015-03-14"));

  v1::UpdatePersonRequest changed = Correction(j.child, "family_name");
  changed.set_change(v1::PERSON_CHANGE_NAME_CHANGE);
  changed.set_reason("Erkend door de vader.");
  changed.set_from_date("2026-11-01");
  changed.mutable_person()->set_family_name("Hermans");
  ASSERT_OK(Update(j.ib, changed).status());
  EXPECT_TRUE(Finds("Hermans", "2015-03-14"));
  EXPECT_TRUE(Finds("van der Linden", "2015-03-14")) << "the next school may know the old one";
  EXPECT_EQ(History(j.ib, j.child).revisions(1).from_date(), "2026-11-01");

  ASSERT_OK(CorrectBirthDate(j.child, "2015-03-15").status());
  EXPECT_FALSE(Finds("Hermans", "2015-03-14"));
  EXPECT_TRUE(Finds("van der Linden", "2015-03-15"));
}

TEST_F(PersonsTest, R1ASiblingWhoJoinsIsInTheCaseWithGezagAndASeat) {
  v1::AddPersonRequest req = Sibling("2012-02-01");
  req.set_account("accounts/noor");
  ASSERT_OK_AND_ASSIGN(const v1::Person noor, Add(j.ib, req));
  const std::string id = IdOf(noor.name());
  EXPECT_EQ(noor.label().about().persons(0), id);
  EXPECT_EQ(noor.label().controller(), "organisations/mosalira");
  EXPECT_THAT(j.office.case_fact(j.case_name).children(), UnorderedElementsAre(j.child, id));
  EXPECT_NE(j.office.SeatOf(j.case_name, id), "") << "she is 14";
  EXPECT_TRUE(Finds("van der Zanden", "2012-02-01"));
  EXPECT_THAT(GivenNames(j.mother), ::testing::Contains("Noor"));
  EXPECT_THAT(GivenNames(j.father), ::testing::Not(::testing::Contains("Noor")))
      << "a half-sister: he has no gezag over her";
  EXPECT_THAT(GivenNames(dossier::testing::Office::Account("accounts/noor")), ElementsAre("Noor"));
}

TEST_F(PersonsTest, R11AStepParentJoinsWithoutGezagAndSeesNothing) {
  v1::AddPersonRequest req = Sibling("1980-01-01");
  req.mutable_person()->set_role(access::v1::FAMILY_ROLE_OTHER);
  req.clear_gezag();
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD") << "an adult is not what a case is about";
  req.set_in_case(false);
  req.set_account("accounts/stiefvader");
  ASSERT_OK(Add(j.ib, req).status());
  EXPECT_EQ(List(dossier::testing::Office::Account("accounts/stiefvader")).status().code(),
            StatusCode::kPermissionDenied);
}

TEST_F(PersonsTest, R11AChildInTheCaseNeedsGezag) {
  v1::AddPersonRequest req = Sibling("2020-02-01");
  req.clear_gezag();
  EXPECT_EQ(Reason(Add(j.ib, req)), "R11_GEZAG_MISSING");
  req.add_gezag();  // vacant
  EXPECT_OK(Add(j.ib, req).status());
  req = Sibling("2020-02-01");
  req.mutable_gezag(0)->set_holder_person(Name(j.sibling));
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  req.mutable_gezag(0)->clear_holder_person();
  req.mutable_gezag(0)->set_holder_organisation("organisations/onbekend");
  EXPECT_EQ(Reason(Add(j.ib, req)), "UNKNOWN_ORGANISATION");
}

TEST_F(PersonsTest, R38WhoIsAddedGetsALabelOfTheirOwnAndNoOther) {
  v1::AddPersonRequest req = Sibling("2020-02-01");
  *req.mutable_person()->mutable_label() = About({j.child});
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD") << "it cannot be about somebody else";
  req.mutable_person()->clear_label();
  EXPECT_EQ(Reason(Add(j.ib, req)), "R38_NO_LABEL");
  req = Sibling("2020-02-01");
  req.set_account("accounts/mother");
  EXPECT_EQ(Reason(Add(j.ib, req)), "ACCOUNT_TAKEN");
}

TEST_F(PersonsTest, R17WhoLeadsRecordsTheFamilyAndNobodyElse) {
  j.Activate();
  EXPECT_EQ(Add(j.nurse, Sibling("2020-02-01")).status().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(Add(j.mother, Sibling("2020-02-01")).status().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(Add(j.stranger, Sibling("2020-02-01")).status().code(), StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace knooppunt::family
