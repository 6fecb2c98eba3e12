// person, gezag, household, request: what is asked of the server, and what people read.
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/family/v1/family.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Family(const std::string& method) {
  return "/knooppunt.family.v1.FamilyService/" + method;
}
std::string Requests(const std::string& method) {
  return "/knooppunt.requests.v1.RequestsService/" + method;
}
constexpr char kPerson[] = "families/f-1/persons/p-1";

class FamilyCommandsTest : public ::testing::Test {
 protected:
  FamilyCommandsTest() { cli_.LogInAsStaff(); }
  CliFixture cli_;
};

TEST_F(FamilyCommandsTest, R40ACorrectionNamesWhatItChangesAndWhy) {
  family::v1::Person person;
  person.set_name(kPerson);
  person.set_given_name("Sem");
  person.set_birth_date("2015-03-14");
  person.mutable_label()->set_controller("organisations/mosalira");
  cli_.server().SetResponse(Family("UpdatePerson"), person);
  const Ran ran = cli_.Run({"person", "correct", kPerson, "--born", "2015-03-14", "--reason",
                            "Verkeerd overgetypt.", "--etag", "abc"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<family::v1::UpdatePersonRequest>(0);
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("birth_date"));
  EXPECT_EQ(request.change(), family::v1::PERSON_CHANGE_CORRECTION);
  EXPECT_EQ(request.person().etag(), "abc");
  EXPECT_THAT(ran.out, HasSubstr("organisations/mosalira"));
  EXPECT_EQ(cli_.Run({"person", "correct", kPerson, "--reason", "Niets."}).exit_code, 2);
}

TEST_F(FamilyCommandsTest, R40ANewNameHasADay) {
  cli_.server().SetResponse(Family("UpdatePerson"), family::v1::Person());
  ASSERT_EQ(cli_.Run({"person", "rename", kPerson, "--family-name", "Hermans", "--from",
                      "2026-06-01", "--reason", "Erkend."})
                .exit_code,
            0);
  const auto& request = cli_.server().Request<family::v1::UpdatePersonRequest>(0);
  EXPECT_EQ(request.from_date(), "2026-06-01");
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("family_name"));
}

TEST_F(FamilyCommandsTest, R3ANumberIsReadFromAFileAndNotRepeated) {
  family::v1::RecordBsnResponse recorded;
  recorded.set_name(kPerson);
  recorded.set_recorded(true);
  cli_.server().SetResponse(Family("RecordBsn"), recorded);
  const Ran ran = cli_.Run({"person", "number", kPerson, "--file", "-"}, "123456782\n");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<family::v1::RecordBsnRequest>(0).bsn(), "123456782");
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("123456782")));
}

TEST_F(FamilyCommandsTest, R3DoublesSayThatNotWhat) {
  family::v1::FindDoublesResponse found;
  cli_.server().SetResponse(Family("FindDoubles"), found);
  EXPECT_THAT(cli_.Run({"person", "doubles", kPerson}).out, HasSubstr("No other family"));
  found.set_found(true);
  found.set_ask("professionals/ib");
  found.set_ask_organisation("organisations/mosalira");
  cli_.server().SetResponse(Family("FindDoubles"), found);
  EXPECT_THAT(cli_.Run({"person", "doubles", kPerson}).out, HasSubstr("Ask professionals/ib"));
}

TEST_F(FamilyCommandsTest, R11AnEndOfGezagNamesTheChildAndTheDecision) {
  cli_.server().SetResponse(Family("EndGezag"), family::v1::Gezag());
  const Ran ran = cli_.Run({"gezag", "end", "families/f-1/gezag/g-1", "--over", kPerson, "--until",
                            "2026-09-01", "--basis", "court-order", "--reference", "ECLI:1"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<family::v1::EndGezagRequest>(0);
  EXPECT_EQ(request.basis(), family::v1::GEZAG_BASIS_COURT_ORDER);
  EXPECT_THAT(request.label().about().persons(), ElementsAre("p-1"));
  EXPECT_EQ(request.label().compartment(), common::v1::COMPARTMENT_EDUCATION);
}

TEST_F(FamilyCommandsTest, R11AnInstitutionOrAPersonHoldsGezag) {
  cli_.server().SetResponse(Family("RecordGezag"), family::v1::Gezag());
  for (const char* holder : {"organisations/gi", "families/f-1/persons/p-2"}) {
    ASSERT_EQ(cli_.Run({"gezag", "record", "families/f-1", "--over", kPerson, "--holder", holder,
                        "--from", "2026-09-01", "--basis", "register"})
                  .exit_code,
              0);
  }
  const auto& by_institution = cli_.server().Request<family::v1::RecordGezagRequest>(0).gezag();
  EXPECT_EQ(by_institution.holder_organisation(), "organisations/gi");
  const auto& by_person = cli_.server().Request<family::v1::RecordGezagRequest>(1).gezag();
  EXPECT_EQ(by_person.holder_person(), "families/f-1/persons/p-2");
}

TEST_F(FamilyCommandsTest, R18ASecretAddressGoesIntoThePartOfSafety) {
  cli_.server().SetResponse(Family("SetAddress"), family::v1::Address());
  const Ran ran = cli_.Run({"household", "move", "families/f-1/households/h-1", "--street",
                            "Markt 1", "--postcode", "6211 CJ", "--city", "Maastricht", "--about",
                            "families/f-1/persons/p-2", "--secret"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<family::v1::SetAddressRequest>(0);
  EXPECT_EQ(request.address().label().compartment(), common::v1::COMPARTMENT_SAFETY);
  EXPECT_THAT(request.address().label().about().persons(), ElementsAre("p-2"));
  EXPECT_FALSE(request.known_to_all());
}

TEST_F(FamilyCommandsTest, R18AHouseholdIsAboutItsMembers) {
  cli_.server().SetResponse(Family("RecordHousehold"), family::v1::Household());
  ASSERT_EQ(
      cli_.Run({"household", "record", "families/f-1", "--title", "bij mama", "--from",
                "2026-06-01", "--member", "families/f-1/persons/p-2,families/f-1/persons/p-1"})
          .exit_code,
      0);
  const auto& request = cli_.server().Request<family::v1::RecordHouseholdRequest>(0);
  EXPECT_THAT(request.household().label().about().persons(), ElementsAre("p-1", "p-2"));
}

TEST_F(FamilyCommandsTest, R16AContactIsAboutThePersonAlone) {
  cli_.server().SetResponse(Family("SetContact"), family::v1::Contact());
  ASSERT_EQ(cli_.Run({"person", "contact", kPerson, "--phone", "06 12345678", "--channel",
                      "text-message", "--interpreter", "--language", "ti"})
                .exit_code,
            0);
  const auto& request = cli_.server().Request<family::v1::SetContactRequest>(0);
  EXPECT_THAT(request.contact().label().about().persons(), ElementsAre("p-1"));
  EXPECT_TRUE(request.contact().interpreter_needed());
}

TEST_F(FamilyCommandsTest, R40WhatIsOverdueStandsInCapitals) {
  requests::v1::ListOpenRequestsResponse list;
  requests::v1::Request* r = list.add_requests();
  r->set_name("families/f-1/requests/r-1");
  r->set_kind(requests::v1::REQUEST_KIND_COPY);
  r->set_state(requests::v1::REQUEST_STATE_OPEN);
  r->set_due_date("2026-11-20");
  r->set_overdue(true);
  cli_.server().SetResponse(Requests("ListOpenRequests"), list);
  const Ran ran = cli_.Run({"request", "list"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("open, OVERDUE"));
  EXPECT_THAT(ran.out, HasSubstr("2026-11-20"));
}

TEST_F(FamilyCommandsTest, R40ARequestIsRecordedExtendedAndAnswered) {
  cli_.server().SetResponse(Requests("RecordRequest"), requests::v1::Request());
  cli_.server().SetResponse(Requests("ExtendRequest"), requests::v1::Request());
  cli_.server().SetResponse(Requests("AnswerRequest"), requests::v1::Request());
  ASSERT_EQ(cli_.Run({"request", "record", "families/f-1", "--kind", "copy", "--text",
                      "Ik wil een afschrift.", "--about", kPerson, "--requester",
                      "families/f-1/persons/p-2", "--how", "on-paper", "--received", "2026-11-20",
                      "--controller", "organisations/jgz"})
                .exit_code,
            0);
  const auto& asked = cli_.server().Request<requests::v1::RecordRequestRequest>(0).request();
  EXPECT_EQ(asked.received_how(), requests::v1::RECEIVED_HOW_ON_PAPER);
  EXPECT_THAT(asked.controllers(), ElementsAre("organisations/jgz"));
  ASSERT_EQ(cli_.Run({"request", "extend", "families/f-1/requests/r-1", "--months", "2", "--reason",
                      "Veel."})
                .exit_code,
            0);
  EXPECT_EQ(cli_.server().Request<requests::v1::ExtendRequestRequest>(1).months(), 2);
  ASSERT_EQ(cli_.Run({"request", "answer", "families/f-1/requests/r-1", "--outcome", "refused",
                      "--text", "Dat mag niet."})
                .exit_code,
            0);
  EXPECT_EQ(cli_.server().Request<requests::v1::AnswerRequestRequest>(2).outcome(),
            requests::v1::OUTCOME_REFUSED);
}

}  // namespace
}  // namespace knooppunt::cli
