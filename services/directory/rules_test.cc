#include "services/directory/rules.h"

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"

namespace knooppunt::directory {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kSchool[] = "organisations/mosalira";
constexpr char kCity[] = "organisations/gem-maastricht";

FunctionTerm Term(absl::string_view organisation, common::v1::Function function,
                  absl::string_view start, absl::string_view end = "") {
  FunctionTerm term;
  term.set_organisation(std::string(organisation));
  term.set_function(function);
  term.set_start_date(std::string(start));
  term.set_end_date(std::string(end));
  return term;
}

Mandate MakeMandate(absl::string_view name, absl::string_view start, absl::string_view end = "") {
  Mandate mandate;
  mandate.set_name(std::string(name));
  mandate.set_organisation(kCity);
  mandate.add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  mandate.set_limit_cents(250'000);
  mandate.set_start_date(std::string(start));
  mandate.set_end_date(std::string(end));
  return mandate;
}

v1::Professional Consultant() {
  v1::Professional p;
  p.set_name("professionals/consultant");
  p.set_display_name("Cas Olthof");
  p.set_login("https://login.example|sub|1");
  *p.add_functions() = Term(kCity, common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "2025-01-01");
  return p;
}

TEST(DirectoryRulesTest, AWellFormedProfessionalPasses) {
  v1::Professional p = Consultant();
  p.add_own_accounts("accounts/a-1");
  EXPECT_OK(CheckNewProfessional(p));
}

TEST(DirectoryRulesTest, JunkInAnyFieldOfAProfessionalNamesTheField) {
  const struct {
    std::string field;
    std::function<void(v1::Professional&)> spoil;
  } cases[] = {
      {"professional.name", [](auto& p) { p.clear_name(); }},
      {"professional.name", [](auto& p) { p.set_name("organisations/x"); }},
      {"professional.name", [](auto& p) { p.set_name("professionals/UPPER"); }},
      {"professional.display_name", [](auto& p) { p.set_display_name(" "); }},
      {"professional.display_name", [](auto& p) { p.set_display_name("a\x1b[31mred"); }},
      {"professional.display_name", [](auto& p) { p.set_display_name(std::string(201, 'a')); }},
      // What reads in another order than it is stored: a name stands in every log.
      {"professional.display_name", [](auto& p) { p.set_display_name("Cas \xe2\x80\xae Olthof"); }},
      {"professional.display_name", [](auto& p) { p.set_display_name("Cas \xff"); }},
      {"professional.login", [](auto& p) { p.clear_login(); }},
      {"professional.login", [](auto& p) { p.set_login("no-bar"); }},
      {"professional.login", [](auto& p) { p.set_login("|sub"); }},
      {"professional.login", [](auto& p) { p.set_login("issuer|"); }},
      {"professional.login", [](auto& p) { p.set_login("issuer|a b"); }},
      {"professional.login", [](auto& p) { p.set_login("i|" + std::string(255, 'a')); }},
      {"professional.functions", [](auto& p) { p.clear_functions(); }},
      {"function.organisation",
       [](auto& p) { p.mutable_functions(0)->set_organisation("families/f"); }},
      {"function.function", [](auto& p) { p.mutable_functions(0)->clear_function(); }},
      {"function.function",
       [](auto& p) {
         p.mutable_functions(0)->set_function(static_cast<common::v1::Function>(99));
       }},
      {"function.start_date", [](auto& p) { p.mutable_functions(0)->set_start_date("1-1-2026"); }},
      {"function.end_date", [](auto& p) { p.mutable_functions(0)->set_end_date("2025-01-01"); }},
      {"function.end_date", [](auto& p) { p.mutable_functions(0)->set_end_date("2026-02-30"); }},
      {"professional.mandates",
       [](auto& p) { *p.add_mandates() = MakeMandate("m", "2026-01-01"); }},
      {"professional.own_accounts", [](auto& p) { p.add_own_accounts("accounts/"); }},
      {"professional.own_accounts",
       [](auto& p) {
         for (int i = 0; i < 17; ++i) p.add_own_accounts(absl::StrCat("accounts/a-", i));
       }},
  };
  for (const auto& c : cases) {
    v1::Professional p = Consultant();
    c.spoil(p);
    EXPECT_THAT(CheckNewProfessional(p),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.field)))
        << p.ShortDebugString();
  }
}

TEST(DirectoryRulesTest, R6JunkInAnyFieldOfAMandateNamesTheField) {
  EXPECT_OK(CheckMandate(MakeMandate("", "2026-01-01", "2026-12-31")));
  const struct {
    std::string field;
    std::function<void(Mandate&)> spoil;
  } cases[] = {
      {"mandate.organisation", [](auto& m) { m.set_organisation("x"); }},
      {"mandate.means", [](auto& m) { m.clear_means(); }},
      {"mandate.means", [](auto& m) { m.add_means(common::v1::MEANS_UNSPECIFIED); }},
      {"mandate.means", [](auto& m) { m.add_means(m.means(0)); }},
      {"mandate.means", [](auto& m) { m.add_means(static_cast<common::v1::Means>(77)); }},
      {"mandate.limit_cents", [](auto& m) { m.set_limit_cents(0); }},
      {"mandate.limit_cents", [](auto& m) { m.set_limit_cents(-1); }},
      {"mandate.limit_cents", [](auto& m) { m.set_limit_cents(INT64_MAX); }},
      {"mandate.limit_minutes", [](auto& m) { m.set_limit_minutes(-1); }},
      {"mandate.limit_minutes", [](auto& m) { m.set_limit_minutes(600'001); }},
      {"mandate.limit_days", [](auto& m) { m.set_limit_days(-1); }},
      {"mandate.limit_days", [](auto& m) { m.set_limit_days(3661); }},
      {"mandate.start_date", [](auto& m) { m.clear_start_date(); }},
      {"mandate.end_date", [](auto& m) { m.set_end_date("2025-12-31"); }},
  };
  for (const auto& c : cases) {
    Mandate m = MakeMandate("", "2026-01-01");
    c.spoil(m);
    EXPECT_THAT(CheckMandate(m), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.field)))
        << m.ShortDebugString();
  }
}

TEST(DirectoryRulesTest, TheSameFunctionTwiceInOnePeriodIsRefusedAndAfterwardsIsNot) {
  v1::Professional p = Consultant();
  const auto again = Term(kCity, common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "2026-01-01");
  EXPECT_EQ(base::ReasonOf(AddFunction(again, &p)), "FUNCTION_ALREADY_ASSIGNED");
  EXPECT_EQ(p.functions_size(), 1);
  p.mutable_functions(0)->set_end_date("2026-01-01");
  EXPECT_OK(AddFunction(again, &p));
  EXPECT_OK(
      AddFunction(Term(kSchool, common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "2026-01-01"), &p));
}

TEST(DirectoryRulesTest, R21WhoAdministersReadsNoContentAtTheSameTime) {
  v1::Professional reader = Consultant();
  EXPECT_EQ(base::ReasonOf(AddFunction(
                Term(kSchool, common::v1::FUNCTION_ADMINISTRATOR, "2026-01-01"), &reader)),
            "ADMINISTRATOR_READS_NOTHING");
  v1::Professional administrator = Consultant();
  administrator.mutable_functions(0)->set_function(common::v1::FUNCTION_ADMINISTRATOR);
  EXPECT_EQ(base::ReasonOf(AddFunction(Term(kSchool, common::v1::FUNCTION_JGZ_NURSE, "2026-01-01"),
                                       &administrator)),
            "ADMINISTRATOR_READS_NOTHING");
  EXPECT_OK(
      AddFunction(Term(kCity, common::v1::FUNCTION_MANDATE_HOLDER, "2026-01-01"), &administrator));
  administrator.mutable_functions(0)->set_end_date("2026-01-01");
  EXPECT_OK(
      AddFunction(Term(kSchool, common::v1::FUNCTION_JGZ_NURSE, "2026-01-01"), &administrator));
}

TEST(DirectoryRulesTest, R21NobodyGivesThemselvesPower) {
  EXPECT_EQ(base::ReasonOf(MayEmpower({.professional = "professionals/a"}, "professionals/a")),
            "OWN_POWER");
  EXPECT_OK(MayEmpower({.professional = "professionals/a"}, "professionals/b"));
}

TEST(DirectoryRulesTest, EndOfEmploymentEndsFunctionsAndMandatesThereAndNoOthers) {
  v1::Professional p = Consultant();
  *p.add_functions() = Term(kSchool, common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER, "2025-01-01");
  *p.add_functions() =
      Term(kCity, common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER, "2020-01-01", "2021-01-01");
  *p.add_functions() = Term(kCity, common::v1::FUNCTION_MANDATE_HOLDER, "2027-01-01");
  *p.add_mandates() = MakeMandate("m1", "2026-01-01");
  p.mutable_mandates(0)->set_version(1);
  ASSERT_OK(EndFunctions(kCity, "2026-04-01", &p));
  EXPECT_EQ(p.functions(0).end_date(), "2026-04-01");
  EXPECT_EQ(p.functions(1).end_date(), "");
  EXPECT_EQ(p.functions(2).end_date(), "2021-01-01");
  EXPECT_EQ(p.functions(3).end_date(), "2027-01-01") << "begins and ends on one day: never held";
  EXPECT_EQ(p.mandates(0).end_date(), "2026-04-01");
  EXPECT_EQ(p.mandates(0).version(), 2);
  EXPECT_EQ(base::ReasonOf(EndFunctions(kCity, "2026-04-01", &p)), "NOT_EMPLOYED");
  EXPECT_OK(AddFunction(Term(kCity, common::v1::FUNCTION_MANDATE_HOLDER, "2026-05-01"), &p))
      << "what was never held does not stand in the way";
}

TEST(DirectoryRulesTest, R6AMandateNeedsAFunctionAtThatOrganisationWhenItBegins) {
  v1::Professional p = Consultant();
  p.mutable_functions(0)->set_end_date("2026-06-01");
  EXPECT_OK(AddMandate(MakeMandate("m1", "2026-05-31"), "2026-03-03", &p));
  EXPECT_EQ(p.mandates(0).version(), 1);
  EXPECT_EQ(base::ReasonOf(AddMandate(MakeMandate("m2", "2026-06-01"), "2026-03-03", &p)),
            "NOT_EMPLOYED");
  EXPECT_EQ(base::ReasonOf(AddMandate(MakeMandate("m2", "2026-01-01"), "2026-06-01", &p)),
            "NOT_EMPLOYED")
      << "begun before, but no longer employed today";
  Mandate of_school = MakeMandate("m2", "2026-04-01");
  of_school.set_organisation(kSchool);
  EXPECT_EQ(base::ReasonOf(AddMandate(of_school, "2026-03-03", &p)), "NOT_EMPLOYED");
}

TEST(DirectoryRulesTest, R6RevokingEndsAMandateTodayOnceAndOnlyByItsOrganisation) {
  v1::Professional p = Consultant();
  ASSERT_OK(AddMandate(MakeMandate("m1", "2026-01-01"), "2026-03-03", &p));
  const Actor other = {.organisation = kSchool};
  const Actor own = {.organisation = kCity};
  EXPECT_THAT(EndMandate(other, "m1", "2026-03-03", &p),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(p.mandates(0).end_date(), "");
  EXPECT_OK(EndMandate(own, "m1", "2026-03-03", &p));
  EXPECT_EQ(p.mandates(0).end_date(), "2026-03-03");
  EXPECT_EQ(p.mandates(0).version(), 2);
  EXPECT_EQ(base::ReasonOf(EndMandate(own, "m1", "2026-03-03", &p)), "MANDATE_ENDED");
  EXPECT_EQ(base::ReasonOf(EndMandate(own, "m9", "2026-03-03", &p)), "MANDATE_NOT_FOUND");
}

TEST(DirectoryRulesTest, R6AMandateMayBeInHoursOnly) {
  Mandate m = MakeMandate("", "2026-01-01");
  m.set_limit_cents(0);
  m.set_limit_minutes(600);
  EXPECT_OK(CheckMandate(m));
}

TEST(DirectoryRulesTest, R6TheVerySameMandateTwiceIsRefusedUntilTheFirstHasEnded) {
  v1::Professional p = Consultant();
  ASSERT_OK(AddMandate(MakeMandate("m1", "2026-01-01"), "2026-03-03", &p));
  EXPECT_EQ(base::ReasonOf(AddMandate(MakeMandate("m2", "2026-01-01"), "2026-03-03", &p)),
            "MANDATE_EXISTS");
  Mandate other = MakeMandate("m2", "2026-01-01");
  other.set_limit_cents(1);
  EXPECT_OK(AddMandate(other, "2026-03-03", &p)) << "another limit is another mandate";
  ASSERT_OK(EndMandate({.organisation = kCity}, "m1", "2026-03-03", &p));
  EXPECT_OK(AddMandate(MakeMandate("m3", "2026-01-01"), "2026-03-03", &p));
}

// Two consultants of one city; the first holds a delegable mandate for all of 2026.
struct Delegation {
  v1::Professional holder = Consultant();
  v1::Professional to = Consultant();
  Mandate mandate = MakeMandate("", "2026-03-03", "2026-09-01");
  Actor actor = {.professional = "professionals/consultant", .organisation = kCity};
  Delegation() {
    to.set_name("professionals/colleague");
    Mandate m = MakeMandate("m1", "2026-01-01", "2027-01-01");
    m.set_delegable(true);
    m.set_limit_minutes(600);
    m.set_limit_days(30);
    *holder.add_mandates() = m;
  }
  std::string Reason() const {
    return base::ReasonOf(CheckDelegation(actor, holder, "m1", mandate, "2026-03-03", to));
  }
};

TEST(DirectoryRulesTest, R6ADelegationGivesNoMoreThanItsSource) {
  EXPECT_EQ(Delegation().Reason(), "");
  const struct {
    std::string reason;
    std::function<void(Delegation&)> change;
  } cases[] = {
      {"", [](auto& d) { d.mandate = MakeMandate("", "2026-01-01", "2027-01-01"); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.add_means(common::v1::MEANS_TRANSPORT); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_limit_cents(250'001); }},
      {"", [](auto& d) { d.mandate.set_limit_minutes(600); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_limit_minutes(601); }},
      {"", [](auto& d) { d.mandate.set_limit_days(30); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_limit_days(31); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_start_date("2025-12-31"); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_end_date("2027-01-02"); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.clear_end_date(); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_organisation(kSchool); }},
      {"BEYOND_ITS_SOURCE", [](auto& d) { d.mandate.set_delegable(true); }},
      {"NOT_DELEGABLE", [](auto& d) { d.holder.mutable_mandates(0)->set_delegable(false); }},
      {"DELEGATED_BEFORE",
       [](auto& d) { d.holder.mutable_mandates(0)->set_delegated_from("professionals/x/m"); }},
      {"MANDATE_NOT_IN_FORCE",
       [](auto& d) { d.holder.mutable_mandates(0)->set_end_date("2026-03-03"); }},
      {"MANDATE_NOT_IN_FORCE",
       [](auto& d) { d.holder.mutable_mandates(0)->set_start_date("2026-03-04"); }},
      {"MANDATE_NOT_FOUND", [](auto& d) { d.holder.clear_mandates(); }},
      {"NOT_YOUR_MANDATE", [](auto& d) { d.actor.professional = "professionals/other"; }},
      {"NOT_YOUR_MANDATE", [](auto& d) { d.actor.organisation = kSchool; }},
      {"COLLEAGUE_NOT_EMPLOYED",
       [](auto& d) { d.to.mutable_functions(0)->set_end_date("2026-03-03"); }},
      {"COLLEAGUE_NOT_EMPLOYED",
       [](auto& d) { d.to.mutable_functions(0)->set_organisation(kSchool); }},
  };
  for (const auto& c : cases) {
    Delegation d;
    c.change(d);
    EXPECT_EQ(d.Reason(), c.reason) << d.mandate.ShortDebugString();
  }
}

TEST(DirectoryRulesTest, R6OneSourceIsDelegatedToAColleagueOnceAtATime) {
  Delegation d;
  *d.to.add_mandates() = d.mandate;
  d.to.mutable_mandates(0)->set_delegated_from("m1");
  EXPECT_EQ(d.Reason(), "ALREADY_DELEGATED");
  d.to.mutable_mandates(0)->set_end_date("2026-03-03");
  EXPECT_EQ(d.Reason(), "");
}

TEST(DirectoryRulesTest, R6WhatWasDelegatedHoldsNoLongerThanItsSource) {
  v1::Professional p = Consultant();
  for (const char* from : {"m1", "m2"}) {
    Mandate* m = p.add_mandates();
    *m = MakeMandate(absl::StrCat("of-", from), "2026-03-03");
    m->set_delegated_from(from);
    m->set_version(1);
  }
  Mandate source = MakeMandate("m1", "2026-01-01");
  EXPECT_FALSE(EndDelegated(source, &p)) << "open as its source";
  source.set_end_date("2026-05-01");
  EXPECT_TRUE(EndDelegated(source, &p));
  EXPECT_EQ(p.mandates(0).end_date(), "2026-05-01");
  EXPECT_EQ(p.mandates(0).version(), 2);
  EXPECT_EQ(p.mandates(1).end_date(), "") << "of another source";
  EXPECT_FALSE(EndDelegated(source, &p)) << "once";
  source.set_end_date("2026-02-01");
  EXPECT_TRUE(EndDelegated(source, &p));
  EXPECT_EQ(p.mandates(0).end_date(), "2026-03-03") << "never held";
}

TEST(DirectoryRulesTest, LoginsAndOwnAccountsShowOnlyToTheirAdministrator) {
  v1::Professional p = Consultant();
  p.add_own_accounts("accounts/a-1");
  const struct {
    Actor actor;
    bool sees;
  } cases[] = {
      {{.organisation = kCity, .function = common::v1::FUNCTION_ADMINISTRATOR}, true},
      {{.organisation = kSchool, .function = common::v1::FUNCTION_ADMINISTRATOR}, false},
      {{.organisation = kSchool, .function = common::v1::FUNCTION_ADMINISTRATOR, .region = true},
       true},
      {{.organisation = kCity, .function = common::v1::FUNCTION_MANDATE_HOLDER}, false},
      {{.organisation = kCity, .function = common::v1::FUNCTION_MUNICIPAL_CONSULTANT}, false},
  };
  for (const auto& c : cases) {
    const v1::Professional shown = Presented(c.actor, p);
    EXPECT_EQ(!shown.login().empty(), c.sees);
    EXPECT_EQ(shown.own_accounts_size(), c.sees ? 1 : 0);
    EXPECT_EQ(shown.functions_size(), 1);
  }
}

}  // namespace
}  // namespace knooppunt::directory
