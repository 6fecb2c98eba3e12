// policy: to show, check, test and simulate.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PolicyCommandTest : public ::testing::Test {
 protected:
  PolicyCommandTest() {
    const char* root = std::getenv("KNOOPPUNT_SOURCE");
    const std::string folder = absl::StrCat(root != nullptr ? root : ".", "/security/policy/");
    policy_ = folder + "policy.textproto";
    cases_ = folder + "cases/gezin.textproto";
    std::stringstream text;
    text << std::ifstream(policy_).rdbuf();
    text_ = text.str();
  }
  // A file with this text.
  std::string File(const std::string& text) {
    const std::string path = absl::StrCat(::testing::TempDir(), "/policy_test.textproto");
    std::ofstream(path) << text;
    return path;
  }

  CliFixture cli_;
  std::string policy_, cases_, text_;
};

TEST_F(PolicyCommandTest, R17ShowsAFileInWordsWithoutAServer) {
  const Ran ran = cli_.Run({"policy", "show", "--file", policy_});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Beleid 2026-11, sha256 "), HasSubstr("\nstaff-read"),
                             HasSubstr("jeugdverpleegkundige"), HasSubstr("TE BEVESTIGEN")));
  EXPECT_TRUE(cli_.server().calls().empty());
  const Ran nurse = cli_.Run({"policy", "show", "--file", policy_, "--permission", "case.join"});
  EXPECT_THAT(nurse.out, AllOf(HasSubstr("\nstaff-join"), Not(HasSubstr("\nstaff-read"))));
  EXPECT_EQ(cli_.Run({"policy", "show", "--file", policy_, "--permission", "x.y"}).exit_code, 2);
  EXPECT_THAT(cli_.Run({"policy", "show", "--file", policy_, "--output", "json"}).out,
              HasSubstr("\"id\":\"staff-read\""));
}

TEST_F(PolicyCommandTest, R17ShowsThePolicyInForceAndSinceWhen) {
  cli_.LogInAsStaff();
  access::v1::Policy policy;
  policy.set_text(text_);
  policy.set_in_force_since(1795348800);
  cli_.server().SetResponse("/knooppunt.access.v1.AccessService/GetPolicy", policy);
  const Ran ran = cli_.Run({"policy", "show"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("van kracht sinds 2026-11-22"), HasSubstr("staff-read")));
}

TEST_F(PolicyCommandTest, R21CheckRefusesAndNamesTheRow) {
  EXPECT_EQ(cli_.Run({"policy", "check", policy_}).exit_code, 0);
  const Ran ran =
      cli_.Run({"policy", "check",
                File(absl::StrReplaceAll(text_, {{"  permissions: \"directory.write\"\n"
                                                  "  functions: FUNCTION_ADMINISTRATOR\n",
                                                  "  permissions: \"directory.write\"\n"
                                                  "  functions: FUNCTION_JGZ_NURSE\n"}}))});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("staff-directory-write"), HasSubstr("R21")));
  EXPECT_EQ(cli_.Run({"policy", "check", "/nowhere"}).exit_code, 6);
}

TEST_F(PolicyCommandTest, R19TestCountsAndExplainsFailures) {
  const Ran good = cli_.Run({"policy", "test", policy_, "--cases", cases_});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr(" geslaagd, 0 niet geslaagd."));
  const std::string changed =
      File(absl::StrReplaceAll(text_, {{"  id: \"staff-read\"\n  permissions: \"case.read\"",
                                        "  id: \"staff-read\"\n  permissions: \"case.list\""}}));
  const Ran bad = cli_.Run({"policy", "test", changed, "--cases", cases_});
  EXPECT_EQ(bad.exit_code, 6);
  EXPECT_THAT(bad.out,
              AllOf(HasSubstr("NIET ALS VERWACHT: R11: de school leest haar eigen dossier"),
                    HasSubstr("verwacht: toegestaan (staff-read)"),
                    HasSubstr("uitkomst: geweigerd"), HasSubstr("Beslissing: geweigerd")));
  EXPECT_THAT(cli_.Run({"policy", "test", changed, "--cases", cases_, "--output", "json"}).out,
              HasSubstr("\"failures\":[{\"name\":\"R"));
}

TEST_F(PolicyCommandTest, R21SimulationIsPrintedInCounts) {
  cli_.LogInAsStaff();
  access::v1::SimulateResponse response;
  response.set_families(7);
  auto* change = response.add_changes();
  change->set_function(common::v1::FUNCTION_JGZ_NURSE);
  change->set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  change->set_permission("case.read");
  change->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  change->set_lost(3);
  cli_.server().SetResponse("/knooppunt.access.v1.AccessService/Simulate", response);
  const Ran ran = cli_.Run({"policy", "simulate", "--file", policy_, "--on-date", "2027-01-01",
                            "--without-organisation", "organisations/ggd"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("jeugdverpleegkundige (kernpartner)"), HasSubstr("de casus lezen"),
                    HasSubstr("onderwijs"), HasSubstr("over 7 gezinnen")));
  const auto& sent =
      cli_.server().Request<access::v1::SimulateRequest>(cli_.server().calls().size() - 1);
  EXPECT_EQ(sent.policy(), text_);
  EXPECT_EQ(sent.on_date(), "2027-01-01");
  EXPECT_EQ(sent.without_organisation(), "organisations/ggd");
}

TEST_F(PolicyCommandTest, R21WhatIsThoughtAwayIsNamedByKindAndNeverByFamily) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse("/knooppunt.access.v1.AccessService/Simulate",
                            access::v1::SimulateResponse());
  const Ran ran = cli_.Run({"policy", "simulate", "--without-consents-for", "organisations/ggd",
                            "--without-seats-of", "jgz-nurse", "--without-gezag-of", "parent"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& sent =
      cli_.server().Request<access::v1::SimulateRequest>(cli_.server().calls().size() - 1);
  EXPECT_EQ(sent.without_consents_for(), "organisations/ggd");
  EXPECT_EQ(sent.without_seats_of(), common::v1::FUNCTION_JGZ_NURSE);
  EXPECT_EQ(sent.without_gezag_of(), access::v1::FAMILY_ROLE_PARENT);
  EXPECT_EQ(cli_.Run({"policy", "simulate", "--without-consents-for", "families/f-1"}).exit_code,
            2);
}

}  // namespace
}  // namespace knooppunt::cli
