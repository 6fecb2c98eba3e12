#include "services/access/agreement.h"

#include <string>

#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::access {
namespace {

using policy::testing::kToday;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AgreementTest : public ::testing::Test {
 protected:
  AgreementTest()
      : table_(policy::testing::LoadPolicy()), facts_(policy::testing::DivorcedParents()) {
    world_.facts = &facts_;
    world_.professional = [](absl::string_view) { return nullptr; };
    world_.kind_of = [](absl::string_view) { return common::v1::ORGANISATION_KIND_SCHOOL_BOARD; };
    request_.mutable_about()->add_persons("child");
    request_.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    request_.set_purpose(common::v1::PURPOSE_COORDINATION);
  }
  Viewer Ib() {
    return {.subject = "professionals/ib",
            .organisation = "organisations/mosalira",
            .seat = "seat-ib",
            .now = base::StartOf(kToday)};
  }
  Viewer Member(const char* person) {
    return {.person = person,
            .subject = absl::StrCat("accounts/", person),
            .now = base::StartOf(kToday)};
  }
  absl::StatusOr<v1::WhoMustAgreeResponse> Ask(const Viewer& viewer) {
    return AnswerWhoMustAgree(AgreementView(*table_, world_, viewer), request_);
  }
  std::vector<std::string> Signers(const v1::WhoMustAgreeResponse& answer) {
    std::vector<std::string> out;
    for (const auto& s : answer.signatures()) out.push_back(s.person() + s.organisation());
    return out;
  }
  std::string Reason(const Viewer& viewer) { return base::ReasonOf(Ask(viewer).status()); }

  std::shared_ptr<const policy::Table> table_;
  v1::FamilyFacts facts_;
  policy::World world_;
  v1::WhoMustAgreeRequest request_;
};

TEST_F(AgreementTest, R11StaffReadEveryoneWithRowSourceAndAPlainSentence) {
  const auto answer = Ask(Ib());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(Signers(*answer), ElementsAre("mother", "father"));
  const v1::RequiredSignature& first = answer->signatures(0);
  EXPECT_EQ(first.row(), "under-12");
  EXPECT_THAT(first.source(), HasSubstr("art. 1:247"));
  EXPECT_EQ(first.text_nl(), "Wie gezag heeft tekent, want het kind is 11 jaar.");
  EXPECT_EQ(first.text_en(), "Who holds gezag signs, for the child is 11.");
  EXPECT_FALSE(first.to_confirm());
  EXPECT_EQ(answer->on_date(), "2026-11-22");
  EXPECT_EQ(answer->policy_sha256(), table_->sha256());
}

TEST_F(AgreementTest, R11AnotherDayHasAnotherAnswerAndSaysWhatALawyerMustConfirm) {
  request_.set_on_date("2027-03-10");
  const auto answer = Ask(Ib());
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Signers(*answer), ElementsAre("child", "mother", "father"));
  EXPECT_TRUE(answer->signatures(0).to_confirm());
  EXPECT_EQ(answer->signatures(0).text_nl(),
            "De jongere is 12 jaar en tekent zelf mee. Een jurist moet deze regel nog bevestigen.");
  request_.set_on_date("2031-03-10");
  EXPECT_EQ(Ask(Ib())->signatures(0).text_nl(), "De jongere is 16 jaar en beslist zelf.");
}

TEST_F(AgreementTest, R11VacancySaysWhatMustBeArranged) {
  facts_.clear_gezag();
  const auto answer = Ask(Ib());
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Signers(*answer), IsEmpty());
  EXPECT_THAT(answer->vacancies_nl(), ElementsAre(HasSubstr("Laat de rechter bepalen")));
  EXPECT_EQ(answer->vacancies_en_size(), 1);
  facts_.mutable_persons(0)->set_incapacitated(true);
  request_.set_on_date("2033-03-10");
  EXPECT_THAT(Ask(Ib())->vacancies_nl(), ElementsAre(HasSubstr("curator of mentor")));
  facts_.mutable_persons(0)->set_birth_date("");
  EXPECT_THAT(Ask(Ib())->vacancies_nl(), ElementsAre(HasSubstr("geboortedatum")));
}

TEST_F(AgreementTest, R11InstitutionWithGezagIsNamed) {
  facts_.clear_gezag();
  auto* g = facts_.add_gezag();
  g->set_holder_organisation("organisations/xonar");
  g->set_over("child");
  g->set_start_date("2020-01-01");
  const auto answer = Ask(Ib());
  EXPECT_THAT(Signers(*answer), ElementsAre("organisations/xonar"));
  EXPECT_EQ(answer->signatures(0).text_nl(), "Deze instelling heeft het gezag en tekent.");
}

TEST_F(AgreementTest, R18ParentReadsThatOthersMustDecideWithoutWhoOrHowMany) {
  const auto answer = Ask(Member("mother"));
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Signers(*answer), ElementsAre("mother", ""));
  EXPECT_EQ(answer->signatures(1).text_nl(), "Ook anderen moeten hierover beslissen.");
  EXPECT_EQ(answer->signatures(1).row(), "");
  EXPECT_EQ(answer->signatures(1).about_person(), "");
  // Two others give the very same answer as one.
  policy::testing::AddPerson(&facts_, "guardian", "1960-01-01", v1::FAMILY_ROLE_GUARDIAN);
  policy::testing::AddGezag(&facts_, "guardian", "child");
  EXPECT_EQ(Ask(Member("mother"))->SerializeAsString(), answer->SerializeAsString());
}

TEST_F(AgreementTest, R18PersonWhoMayNotBeSeenIsAsOneWhoIsNotThere) {
  request_.mutable_about()->add_persons("father");
  const std::string hidden = Reason(Member("mother"));
  request_.mutable_about()->set_persons(1, "nobody");
  EXPECT_EQ(hidden, "NAME_WHOM_IT_IS_ABOUT");
  EXPECT_EQ(Reason(Member("mother")), hidden);
  EXPECT_EQ(Reason(Ib()), hidden);
}

TEST_F(AgreementTest, R18YouthOfSixteenIsNotSeenByParents) {
  facts_.mutable_persons(0)->set_birth_date("2010-01-01");
  EXPECT_EQ(Reason(Member("mother")), "NAME_WHOM_IT_IS_ABOUT");
  EXPECT_THAT(Signers(*Ask(Member("child"))), ElementsAre("child"));
}

TEST_F(AgreementTest, R18FamilyAsSuchShowsAParentTheirOwnChildrenOnly) {
  request_.clear_about();
  request_.mutable_about()->set_family(true);
  facts_.mutable_gezag(2)->set_end_date("2020-01-01");  // the mother's over the sibling
  const auto answer = Ask(Member("mother"));
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Signers(*answer), ElementsAre("mother", ""));
  for (const auto& s : answer->signatures()) EXPECT_NE(s.about_person(), "sibling");
}

TEST_F(AgreementTest, R12EmptyOrUnknownInputIsRefusedWithWhatToDo) {
  const v1::WhoMustAgreeRequest good = request_;
  request_.clear_about();
  EXPECT_EQ(Reason(Ib()), "NAME_WHOM_IT_IS_ABOUT");
  request_ = good;
  request_.clear_compartments();
  EXPECT_EQ(Reason(Ib()), "NAME_COMPARTMENTS");
  request_.add_compartments(static_cast<common::v1::Compartment>(99));
  EXPECT_EQ(Reason(Ib()), "NAME_COMPARTMENTS");
  request_ = good;
  request_.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  EXPECT_EQ(Reason(Ib()), "NAME_COMPARTMENTS") << "named twice";
  request_ = good;
  request_.set_purpose(common::v1::PURPOSE_AUDIT);
  EXPECT_EQ(Reason(Ib()), "NAME_PURPOSE_OF_SHARING");
  request_ = good;
  for (const char* day : {"2027-02-29", "morgen", "2027-2-1", "1899-01-01"}) {
    request_.set_on_date(day);
    EXPECT_EQ(Reason(Ib()), "NO_SUCH_DAY") << day;
  }
}

}  // namespace
}  // namespace knooppunt::access
