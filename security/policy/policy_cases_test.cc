#include "security/policy/policy_cases.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Source() {
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  return root != nullptr ? root : ".";
}

std::string Shipped(const std::string& file) {
  std::stringstream text;
  text << std::ifstream(absl::StrCat(Source(), "/security/policy/cases/", file)).rdbuf();
  return text.str();
}

TEST(PolicyCases, R17ShippedPolicyAnswersEveryCaseAsExpected) {
  const auto table = testing::LoadPolicy();
  size_t run = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(absl::StrCat(Source(), "/security/policy/cases"))) {
    const auto results = RunCases(*table, Shipped(file.path().filename()));
    ASSERT_OK(results) << file.path();
    for (const CaseResult& r : *results) EXPECT_TRUE(r.passed) << r.name << "\n" << r.explanation;
    run += results->size();
  }
  EXPECT_GE(run, 50u);
}

TEST(PolicyCases, R19FailureSaysWhatWasExpectedWhatCameOutAndWhy) {
  // The policy of a region in which JGZ may no longer read: the cases find it.
  const auto table = testing::LoadPolicy();
  const auto then = Table::Parse(absl::StrReplaceAll(
      table->text(), {{"  permissions: \"case.read\"\n  functions: [\n"
                       "    FUNCTION_INTERN_BEGELEIDER, FUNCTION_CARE_COORDINATOR, "
                       "FUNCTION_JGZ_NURSE, FUNCTION_JGZ_DOCTOR,",
                       "  permissions: \"case.read\"\n  functions: [\n"
                       "    FUNCTION_INTERN_BEGELEIDER, FUNCTION_CARE_COORDINATOR,"}}));
  ASSERT_OK(then);
  const auto results = RunCases(**then, Shipped("gezin.textproto"));
  ASSERT_OK(results);
  std::string explanation;
  for (const CaseResult& r : *results) {
    if (!r.passed) explanation = r.explanation;
    if (!r.passed) break;
  }
  EXPECT_THAT(explanation, AllOf(HasSubstr("verwacht: "), HasSubstr("uitkomst: geweigerd"),
                                 HasSubstr("Beslissing: geweigerd"), HasSubstr("jeugdverple")));
}

TEST(PolicyCases, CaseThatAsksNothingIsRefusedAndDoesNotPass) {
  const auto table = testing::LoadPolicy();
  const std::string good =
      "professionals { name: \"professionals/x\" functions { organisation: \"organisations/o\" "
      "function: FUNCTION_JGZ_NURSE start_date: \"2020-01-01\" } } "
      "cases { name: \"n\" who: \"professionals/x\" permission: \"case.read\" purpose: "
      "PURPOSE_COORDINATION on: \"2026-11-22\" expect { rule: \"no-seat\" } }";
  const auto results = RunCases(*table, good);
  ASSERT_OK(results);
  EXPECT_TRUE(results->at(0).passed) << results->at(0).explanation;
  for (const auto& [from, to, fault] : std::vector<std::array<std::string, 3>>{
           {"\"case.read\"", "\"case.raed\"", "unknown permission"},
           {"\"2026-11-22\"", "\"22-11-2026\"", "set on:"},
           {"expect { rule: \"no-seat\" }", "", "expects nothing"},
           {"who: \"professionals/x\"", "who: \"professionals/y\"", "nobody is"},
           {"name: \"n\"", "", "no name"},
           {"purpose: PURPOSE_COORDINATION", "", "name its purpose"},
           {"name: \"n\"", "name: \"n\" with: \"z\"", "unknown addition"},
           {"cases {", "cases { nonsense", "line 1"}}) {
    const auto bad = RunCases(*table, absl::StrReplaceAll(good, {{from, to}}));
    ASSERT_FALSE(bad.ok()) << fault;
    EXPECT_THAT(std::string(bad.status().message()), HasSubstr(fault));
  }
  EXPECT_FALSE(RunCases(*table, "").ok());
}

}  // namespace
}  // namespace knooppunt::policy
