#include "services/access/lapses.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::access {
namespace {

using base::Date;
using policy::testing::kToday;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The made-up family, with an active case: the father is regisseur and the IB stands in; the nurse
// sits at the table.
class LapsesTest : public ::testing::Test {
 protected:
  LapsesTest() : table_(policy::testing::LoadPolicy()), facts_(policy::testing::DivorcedParents()) {
    world_.facts = &facts_;
    world_.professional = [this](absl::string_view name) -> const v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world_.kind_of = [](absl::string_view) { return common::v1::ORGANISATION_KIND_SCHOOL_BOARD; };
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    policy::testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl",
                             common::v1::FUNCTION_JGZ_NURSE, v1::SEAT_ROLE_CORE_PARTNER);
    v1::Seat* seat = facts_.mutable_cases(0)->add_seats();
    seat->set_id("seat-father");
    seat->set_person("father");
    seat->set_role(v1::SEAT_ROLE_FAMILY);
    seat->set_state(v1::SEAT_STATE_JOINED);
    seat->set_start_time(1);
    facts_.mutable_cases(0)->set_state(v1::CASE_STATE_ACTIVE);
    v1::RegisseurTerm* term = facts_.mutable_cases(0)->add_terms();
    term->set_seat("seat-father");
    term->set_stand_in_seat("seat-ib");
  }
  void Employ(const char* id, const char* organisation, common::v1::Function function) {
    auto* term = professionals_[absl::StrCat("professionals/", id)].add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2020-01-01");
  }
  // Shared with the nurse's organisation and signed by both parents.
  void Share(const char* end) {
    policy::testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION})
        .set_end_date(end);
    for (const char* who : {"mother", "father"}) {
      policy::testing::Sign(&facts_, who, v1::SIGNATURE_STATE_GIVEN, 1);
    }
  }
  v1::ListLapsesResponse Staff(const char* id, Date on = kToday, int days = 60) {
    const std::string name = absl::StrCat("professionals/", id);
    return Answer({.subject = name,
                   .organisation = professionals_[name].functions(0).organisation(),
                   .seat = absl::StrCat("seat-", id),
                   .now = base::StartOf(on),
                   .reads_grounds = true},
                  days);
  }
  v1::ListLapsesResponse Member(const char* person, Date on = kToday, int days = 60) {
    return Answer({.person = person,
                   .subject = absl::StrCat("accounts/", person),
                   .seat = std::string(person) == "father" ? "seat-father" : "",
                   .now = base::StartOf(on)},
                  days);
  }
  v1::ListLapsesResponse Answer(const Viewer& viewer, int days) {
    return AnswerLapses(AgreementView(*table_, world_, viewer), days);
  }
  // "kind subject due", in order.
  static std::vector<std::string> Tasks(const v1::ListLapsesResponse& answer) {
    std::vector<std::string> out;
    for (const v1::Task& t : answer.tasks()) {
      out.push_back(absl::StrCat(v1::TaskKind_Name(t.kind()).substr(10), " ", t.subject(), " ",
                                 t.due_date()));
      EXPECT_NE(t.text_nl(), "");
      EXPECT_NE(t.text_en(), "");
    }
    return out;
  }

  const Date k12{2027, 3, 10};
  std::shared_ptr<const policy::Table> table_;
  v1::FamilyFacts facts_;
  std::map<std::string, v1::ProfessionalFacts> professionals_;
  policy::World world_;
};

TEST_F(LapsesTest, R14AnnouncedSixtyDaysAheadToRegisseurStandInFamilyAndRecipient) {
  Share("2035-01-01");
  EXPECT_THAT(Staff("ib", k12 - 61).lapses(), IsEmpty());
  EXPECT_EQ(Staff("ib", k12 - 61, 61).lapses_size(), 1) << "who looks further sees further";
  EXPECT_THAT(Tasks(Staff("ib", k12 - 61, 61)), IsEmpty()) << "but it is no task yet";
  const auto seen = Staff("ib", k12 - 60);
  ASSERT_EQ(seen.lapses_size(), 1);
  EXPECT_EQ(seen.lapses(0).date(), "2027-03-10");
  EXPECT_EQ(seen.lapses(0).announce_date(), "2027-01-09");
  EXPECT_EQ(seen.lapses(0).cause(), v1::LAPSE_CAUSE_BIRTHDAY_12);
  EXPECT_EQ(seen.lapses(0).person(), "child");
  ASSERT_EQ(seen.lapses(0).missing_size(), 1);
  EXPECT_EQ(seen.lapses(0).missing(0).person(), "child");
  EXPECT_THAT(seen.lapses(0).text_nl(), HasSubstr("Vanaf 10-03-2027"));
  EXPECT_THAT(Tasks(seen), ElementsAre("RENEW_CONSENT families/f1/consents/consent-1 2027-03-10"));
  EXPECT_THAT(Tasks(Member("father", k12 - 60)),
              ElementsAre("RENEW_CONSENT families/f1/consents/consent-1 2027-03-10"))
      << "the regisseur";
  EXPECT_EQ(Member("mother", k12 - 60).lapses_size(), 1);
  EXPECT_THAT(Tasks(Member("mother", k12 - 60)), IsEmpty()) << "she signed already";
  EXPECT_EQ(Staff("nurse", k12 - 60).lapses_size(), 1);
  EXPECT_THAT(Tasks(Staff("nurse", k12 - 60)), IsEmpty());
  EXPECT_THAT(Staff("ib", k12).lapses(), IsEmpty()) << "it has come";
}

TEST_F(LapsesTest, R1AReviewIsATaskAheadAndAnAlarmOnceItIsOverdue) {
  v1::CaseFact& c = *facts_.mutable_cases(0);
  c.set_review_date("2027-03-01");
  const Date due(2027, 3, 1);
  const std::string task = absl::StrCat("REVIEW_CASE families/f1/cases/", c.id(), " 2027-03-01");
  EXPECT_THAT(Tasks(Member("father", due - 15)), IsEmpty());
  EXPECT_THAT(Tasks(Member("father", due - 14)), ElementsAre(task)) << "the regisseur";
  EXPECT_THAT(Tasks(Staff("ib", due - 1)), IsEmpty()) << "not yet overdue";
  EXPECT_THAT(Tasks(Staff("ib", due)), ElementsAre(task)) << "an alarm for the werkplaats";
  EXPECT_THAT(Member("father", due).tasks(0).text_nl(), HasSubstr("TE LAAT"));
  EXPECT_THAT(Member("father", due - 1).tasks(0).text_nl(), Not(HasSubstr("TE LAAT")));
  EXPECT_THAT(Tasks(Member("mother", due)), IsEmpty());
  c.set_review_date("2027-09-01");
  EXPECT_THAT(Tasks(Staff("ib", due)), IsEmpty()) << "gone when its cause is";
}

TEST_F(LapsesTest, R14YouthIsAskedToSignAndTheTaskIsGoneOnceSignedOrRefused) {
  Share("2035-01-01");
  EXPECT_THAT(Tasks(Member("child", k12)),
              ElementsAre("SIGN families/f1/consents/consent-1 2026-11-01"));
  policy::testing::Sign(&facts_, "child", v1::SIGNATURE_STATE_REFUSED, 5);
  EXPECT_THAT(Tasks(Member("child", k12)), IsEmpty());
  policy::testing::Sign(&facts_, "child", v1::SIGNATURE_STATE_GIVEN, 6);
  EXPECT_THAT(Tasks(Member("child", k12)), IsEmpty());
  EXPECT_THAT(Tasks(Staff("ib", k12)), IsEmpty());
}

TEST_F(LapsesTest, R14ProposedConsentAsksEachWhoseSignatureLacks) {
  policy::testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION});
  policy::testing::Sign(&facts_, "father", v1::SIGNATURE_STATE_GIVEN, 1);
  EXPECT_THAT(Tasks(Member("mother")),
              ElementsAre("SIGN families/f1/consents/consent-1 2026-11-01"));
  EXPECT_THAT(Tasks(Member("father")), IsEmpty());
  EXPECT_THAT(Tasks(Member("sibling")), IsEmpty());
  EXPECT_THAT(Tasks(Member("mother", Date(2027, 11, 1))), IsEmpty()) << "its end has come";
}

TEST_F(LapsesTest, R14InstitutionWithGezagIsAskedThroughItsStaff) {
  facts_.clear_gezag();
  auto* g = facts_.add_gezag();
  g->set_holder_organisation("organisations/ggd-zl");
  g->set_over("child");
  g->set_start_date("2020-01-01");
  policy::testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION},
                              "organisations/other");
  EXPECT_THAT(Tasks(Staff("nurse")), ElementsAre("SIGN families/f1/consents/consent-1 2026-11-01"));
}

TEST_F(LapsesTest, R14RenewalIsDoneOnceTheNextConsentCarriesOn) {
  Share("2026-12-20");
  EXPECT_THAT(Tasks(Staff("ib")),
              ElementsAre("RENEW_CONSENT families/f1/consents/consent-1 2026-12-20"));
  Share("2027-02-01");
  EXPECT_THAT(Tasks(Staff("ib")), IsEmpty()) << "the next one lies more than 60 days ahead";
  EXPECT_EQ(Staff("ib").lapses_size(), 1) << "the first still stops";
  facts_.mutable_consents(1)->set_recipient("organisations/other");
  EXPECT_THAT(Tasks(Staff("ib")),
              ElementsAre("RENEW_CONSENT families/f1/consents/consent-1 2026-12-20"));
}

TEST_F(LapsesTest, R18ConsentOfOthersDoesNotShow) {
  policy::testing::AddConsent(&facts_, {"father"}, {common::v1::COMPARTMENT_EDUCATION},
                              "organisations/other")
      .set_end_date("2026-12-20");
  policy::testing::Sign(&facts_, "father", v1::SIGNATURE_STATE_GIVEN, 1);
  EXPECT_EQ(Staff("ib").lapses_size(), 1) << "the werkplaats";
  EXPECT_EQ(Member("father").lapses_size(), 1);
  for (const auto& answer : {Member("mother"), Member("child"), Staff("nurse")}) {
    EXPECT_THAT(answer.lapses(), IsEmpty());
    EXPECT_THAT(answer.tasks(), IsEmpty());
  }
}

TEST_F(LapsesTest, R18BirthdayOfSomebodyUnseenIsNotTold) {
  facts_.mutable_gezag(2)->set_end_date("2020-01-01");  // the mother's over the sibling
  facts_.mutable_persons(1)->set_birth_date("2014-12-20");
  policy::testing::AddConsent(&facts_, {"child", "sibling"}, {common::v1::COMPARTMENT_EDUCATION});
  for (const char* who : {"mother", "father"}) {
    policy::testing::Sign(&facts_, who, v1::SIGNATURE_STATE_GIVEN, 1);
  }
  const auto seen = Member("mother");
  ASSERT_EQ(seen.lapses_size(), 1) << "she signed it, so she reads that it stops";
  EXPECT_EQ(seen.lapses(0).person(), "");
  EXPECT_EQ(seen.lapses(0).cause(), v1::LAPSE_CAUSE_UNSPECIFIED);
  ASSERT_EQ(seen.lapses(0).missing_size(), 1);
  EXPECT_EQ(seen.lapses(0).missing(0).person(), "");
  EXPECT_EQ(Member("father").lapses(0).cause(), v1::LAPSE_CAUSE_BIRTHDAY_12);
  EXPECT_EQ(Member("father").lapses(0).person(), "sibling");
}

TEST_F(LapsesTest, R1StandInWhoLeadsIsAskedToAppoint) {
  EXPECT_THAT(Tasks(Staff("ib")), IsEmpty());
  facts_.mutable_cases(0)->mutable_seats(2)->set_end_time(
      absl::ToUnixSeconds(base::StartOf(kToday)));
  EXPECT_THAT(Tasks(Staff("ib")), ElementsAre("APPOINT_REGISSEUR families/f1/cases/c1 2026-11-22"));
  EXPECT_THAT(Tasks(Staff("nurse")), IsEmpty());
  facts_.mutable_cases(0)->mutable_terms(0)->set_seat("seat-ib");
  EXPECT_THAT(Tasks(Staff("ib")), IsEmpty()) << "appointed";
}

TEST_F(LapsesTest, R1AStandInIsNamedBeforeTheOneThereIsLeaves) {
  const auto leaves = [&](const char* id, const char* on) {
    professionals_[absl::StrCat("professionals/", id)].mutable_functions(0)->set_end_date(on);
  };
  leaves("ib", "2027-02-01");
  EXPECT_THAT(Tasks(Member("father")), IsEmpty()) << "not near enough";
  leaves("ib", "2026-12-24");
  const std::string ahead = "NAME_STAND_IN families/f1/cases/c1 2026-12-24";
  EXPECT_THAT(Tasks(Member("father")), ElementsAre(ahead)) << "who leads";
  EXPECT_THAT(Tasks(Staff("ib")), ElementsAre(ahead)) << "the werkplaats";
  EXPECT_THAT(Tasks(Staff("nurse")), IsEmpty());
  EXPECT_THAT(Tasks(Member("mother")), IsEmpty());
  leaves("ib", "2026-11-22");
  EXPECT_THAT(Tasks(Member("father")),
              ElementsAre("NAME_STAND_IN families/f1/cases/c1 2026-11-22"));
}

TEST_F(LapsesTest, R1WithBothGoneTheWerkplaatsIsAskedToAppoint) {
  Employ("ib2", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
  policy::testing::AddSeat(&facts_, "ib2", "organisations/mosalira",
                           common::v1::FUNCTION_INTERN_BEGELEIDER, v1::SEAT_ROLE_WERKPLAATS);
  facts_.mutable_gezag(1)->set_end_date("2026-11-20");
  professionals_["professionals/ib"].mutable_functions(0)->set_end_date("2026-11-21");
  const auto tasks = Staff("ib2");
  EXPECT_THAT(Tasks(tasks), ElementsAre("APPOINT_REGISSEUR families/f1/cases/c1 2026-11-22"));
  EXPECT_NE(tasks.tasks(0).text_nl().find("beiden weg"), std::string::npos);
}

TEST_F(LapsesTest, R16PlanningForAdulthoodIsAskedOfWhoLeadsAndTheYouth) {
  facts_.mutable_persons(0)->set_birth_date("2009-05-22");
  EXPECT_THAT(Tasks(Staff("ib", Date(2026, 11, 21))), IsEmpty());
  const char* task = "PLAN_ADULTHOOD families/f1/cases/c1 2027-05-22";
  EXPECT_THAT(Tasks(Staff("ib")), ElementsAre(task));
  EXPECT_THAT(Tasks(Member("child")), ElementsAre(task));
  EXPECT_THAT(Tasks(Member("father")), IsEmpty()) << "he sees no part of a youth of 17";
  EXPECT_THAT(Tasks(Staff("nurse")), IsEmpty());
  EXPECT_THAT(Tasks(Member("child", Date(2027, 5, 22))), IsEmpty());
  facts_.mutable_cases(0)->set_state(v1::CASE_STATE_CLOSED);
  EXPECT_THAT(Tasks(Member("child")), IsEmpty());
}

TEST_F(LapsesTest, R15ReviewerIsAskedUntilTheReview) {
  v1::GroundFact* g = facts_.add_grounds();
  g->set_id("g1");
  g->set_start_date("2026-11-01");
  g->set_end_date("2027-01-01");
  g->set_review_date("2026-12-01");
  g->set_reviewer("professionals/nurse");
  EXPECT_THAT(Tasks(Staff("nurse")),
              ElementsAre("REVIEW_GROUND families/f1/grounds/g1 2026-12-01"));
  EXPECT_THAT(Tasks(Staff("ib")), IsEmpty());
  EXPECT_THAT(Tasks(Member("mother")), IsEmpty()) << "the family may not have been told";
  const Viewer crossed{.subject = "professionals/nurse",
                       .organisation = "organisations/ggd-zl",
                       .seat = "seat-nurse",
                       .now = base::StartOf(kToday)};
  EXPECT_THAT(Tasks(Answer(crossed, 60)), IsEmpty())
      << "P4: ListGrounds shows her none for this purpose";
  g->mutable_review()->set_upheld(true);
  EXPECT_THAT(Tasks(Staff("nurse")), IsEmpty());
}

TEST_F(LapsesTest, R16AYouthWhoClosedTheCaseLeavesTheTableToRoundOffForSixtyDays) {
  v1::CaseFact& c = *facts_.mutable_cases(0);
  const Date closed(2033, 3, 12);
  c.set_state(v1::CASE_STATE_CLOSED);
  c.set_close_time(absl::ToUnixSeconds(base::StartOf(closed) + absl::Hours(20)));
  c.mutable_terms(0)->set_end_time(c.close_time());
  EXPECT_THAT(Tasks(Staff("ib", closed)), IsEmpty()) << "the table closed it";
  c.set_closed_by("child");
  const char* task = "ROUND_OFF families/f1/cases/c1 2033-03-26";
  EXPECT_THAT(Tasks(Staff("ib", closed)), ElementsAre(task)) << "the werkplaats, and stand-in";
  EXPECT_THAT(Staff("ib", closed).tasks(0).text_nl(), HasSubstr("op 12-03-2033 zelf gesloten"));
  EXPECT_THAT(Tasks(Staff("nurse", closed)), IsEmpty());
  EXPECT_THAT(Tasks(Member("child", closed)), IsEmpty());
  c.mutable_terms(0)->set_seat("seat-nurse");
  EXPECT_THAT(Tasks(Staff("nurse", closed)), ElementsAre(task)) << "who led";
  EXPECT_THAT(Tasks(Staff("nurse", closed + 60)), ElementsAre(task));
  EXPECT_THAT(Tasks(Staff("nurse", closed + 61)), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::access
