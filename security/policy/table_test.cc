#include "security/policy/table.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"
#include "security/policy/words.h"

namespace knooppunt::policy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The shipped policy with one thing changed: each test changes what it is about.
class PolicyTable : public ::testing::Test {
 protected:
  PolicyTable() : text_(testing::LoadPolicy()->text()) {}

  std::string With(absl::string_view rows) const { return absl::StrCat(text_, "\n", rows); }
  std::string Replaced(const std::string& from, const std::string& to) const {
    EXPECT_NE(text_.find(from), std::string::npos) << from;
    return absl::StrReplaceAll(text_, {{from, to}});
  }
  // Refused, in a sentence that names the row and the fault.
  static void ExpectRefused(const std::string& text, const std::string& row,
                            const std::string& fault) {
    const auto table = Table::Parse(text);
    ASSERT_FALSE(table.ok()) << "accepted, and should be refused: " << fault;
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(table.status().message()),
                AllOf(HasSubstr(absl::StrCat("policy row '", row, "'")), HasSubstr(fault)));
  }
  static std::string Staff(absl::string_view fields) {
    return absl::StrCat("staff { ", fields, " }");
  }

  const std::string text_;
};

constexpr char kPlain[] =
    "id: \"x\" permissions: \"case.read\" functions: FUNCTION_JGZ_NURSE places: PLACE_SEAT "
    "purposes: PURPOSE_COORDINATION source: \"s\"";

TEST_F(PolicyTable, ShippedPolicyIsAcceptedAndKeepsItsText) {
  const auto table = Table::Parse(text_);
  ASSERT_OK(table);
  EXPECT_EQ((*table)->text(), text_);
  EXPECT_EQ((*table)->sha256().size(), 64u);
  EXPECT_OK(Table::Parse(With(Staff(kPlain))));
}

TEST_F(PolicyTable, EveryPermissionHasWordsForALawyer) {
  for (const std::string& p : testing::LoadPolicy()->Permissions()) {
    EXPECT_NE(PermissionWords(p, Language::kDutch), "") << p;
    EXPECT_NE(PermissionWords(p, Language::kEnglish), "") << p;
  }
}

TEST_F(PolicyTable, TextThatDoesNotParseNamesItsLine) {
  for (const char* bad :
       {"staff { nonsense }", "staff { functions: FUNCTION_WIZARD }", "staff {"}) {
    const auto table = Table::Parse(absl::StrCat("version: \"x\"\n", bad));
    ASSERT_FALSE(table.ok()) << bad;
    EXPECT_THAT(std::string(table.status().message()), HasSubstr("line 2")) << bad;
  }
  EXPECT_FALSE(Table::Parse(std::string((1 << 20) + 1, ' ')).ok());
  EXPECT_FALSE(Table::Load("/nowhere/policy.textproto").ok());
}

TEST_F(PolicyTable, R17UnknownWordsAreRefused) {
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"case.read", "case.raed"}}))), "x",
                "unknown permission 'case.raed'");
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"FUNCTION_JGZ_NURSE", "99"}}))), "x",
                "unknown function 99");
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"PLACE_SEAT", "PLACE_UNSPECIFIED"}}))),
                "x", "unknown place 0");
  ExpectRefused(
      With(Staff(absl::StrReplaceAll(kPlain, {{"PURPOSE_COORDINATION", "PURPOSE_UNSPECIFIED"}}))),
      "x", "unknown purpose 0");
  ExpectRefused(With(Staff(absl::StrCat(kPlain, " compartments: COMPARTMENT_UNSPECIFIED"))), "x",
                "unknown compartment 0");
}

TEST_F(PolicyTable, R12EmptyListsAreRefusedAndNeverMeanEverything) {
  for (const auto& [field, fault] : std::vector<std::pair<std::string, std::string>>{
           {"permissions: \"case.read\" ", "names no permission"},
           {"functions: FUNCTION_JGZ_NURSE ", "names no function"},
           {"places: PLACE_SEAT ", "names no place"},
           {"purposes: PURPOSE_COORDINATION ", "names no purpose"}}) {
    ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{field, ""}}))), "x", fault);
  }
  ExpectRefused(With("family { id: \"x\" permissions: \"case.read\" purposes: PURPOSE_OWN_FILE "
                     "source: \"s\" }"),
                "x", "names no role");
}

TEST_F(PolicyTable, IdsAndSourcesAreDemanded) {
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"\"x\"", "\"staff-read\""}}))),
                "staff-read", "stands twice");
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"\"x\"", "\"X y\""}}))), "X y",
                "small letters");
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"source: \"s\"", "source: \"  \""}}))),
                "x", "has no source");
  ExpectRefused(With("permissions { permission: \"case.read\" }"), "case.read", "stands twice");
  EXPECT_FALSE(Table::Parse(With(Staff(absl::StrReplaceAll(kPlain, {{"id: \"x\"", ""}})))).ok());
}

TEST_F(PolicyTable, R21WhoAdministersOrAuditsGetsNoContent) {
  for (const char* function :
       {"FUNCTION_ADMINISTRATOR", "FUNCTION_MANDATE_HOLDER", "FUNCTION_PRIVACY_OFFICER"}) {
    // Compartments.
    ExpectRefused(
        With(Staff(absl::StrCat("id: \"x\" permissions: \"directory.read\" functions: ", function,
                                " places: PLACE_NONE purposes: PURPOSE_AUDIT compartments: "
                                "COMPARTMENT_HEALTH source: \"s\""))),
        "x", "gives content to a function that administers or audits (R21)");
    // A permission that shows or changes a family, without a compartment.
    for (const char* permission : {"case.read", "case.list", "consent.read", "family.search",
                                   "record.read", "handover.read", "contribution.write"}) {
      ExpectRefused(With(Staff(absl::StrCat("id: \"x\" permissions: \"", permission,
                                            "\" functions: ", function,
                                            " places: PLACE_NONE purposes: PURPOSE_AUDIT "
                                            "source: \"s\""))),
                    "x", absl::StrCat("administers or audits do '", permission, "' (R21)"));
    }
  }
}

TEST_F(PolicyTable, R21WhoReadsContentAdministersNothing) {
  for (const char* permission :
       {"directory.write", "mandate.write", "audit.read", "audit.verify", "question.list",
        "question.answer", "policy.simulate", "emergency.review"}) {
    ExpectRefused(With(Staff(absl::StrCat("id: \"x\" permissions: \"", permission,
                                          "\" functions: FUNCTION_JGZ_NURSE places: PLACE_NONE "
                                          "purposes: PURPOSE_ADMINISTRATION source: \"s\""))),
                  "x", absl::StrCat("reads content do '", permission, "' (R21)"));
  }
  // One row with both kinds of function.
  ExpectRefused(
      With(Staff("id: \"x\" permissions: \"directory.write\" functions: [FUNCTION_ADMINISTRATOR, "
                 "FUNCTION_JGZ_NURSE] places: PLACE_NONE purposes: PURPOSE_ADMINISTRATION "
                 "source: \"s\"")),
      "x", "(R21)");
  ExpectRefused(
      With("family { id: \"x\" permissions: \"directory.write\" roles: FAMILY_ROLE_PARENT "
           "purposes: PURPOSE_OWN_FILE source: \"s\" }"),
      "x", "lets the family do 'directory.write' (R21)");
}

TEST_F(PolicyTable, R17TwoFactorsStayOnWhatGivesStaffContent) {
  ExpectRefused(Replaced("permission: \"contribution.write\" two_factor: true",
                         "permission: \"contribution.write\""),
                "staff-contribute", "without two factors (R17)");
  ExpectRefused(
      Replaced("permission: \"audit.verify\" two_factor: true", "permission: \"audit.verify\""),
      "staff-audit", "without two factors (R17)");
  ExpectRefused(
      Replaced("permission: \"consent.sign\" substantial: true", "permission: \"consent.sign\""),
      "family-consent", "at a low level of login (R17)");
}

TEST_F(PolicyTable, R17ContentNeedsAPlaceAtTheTable) {
  ExpectRefused(With(Staff(absl::StrCat(absl::StrReplaceAll(kPlain, {{"PLACE_SEAT", "PLACE_ANY"}}),
                                        " compartments: COMPARTMENT_HEALTH"))),
                "x", "does not sit at the table (R17)");
}

TEST_F(PolicyTable, R16WhoIsOnlyResponsibleGetsNoContent) {
  ExpectRefused(
      With(Staff(absl::StrCat(absl::StrReplaceAll(kPlain, {{"PLACE_SEAT", "PLACE_RESPONSIBLE"}}),
                              " compartments: COMPARTMENT_EDUCATION"))),
      "x", "gives content to who is only responsible (R16)");
}

TEST_F(PolicyTable, R16AnAgeIsOneThatSomebodyHas) {
  for (const char* age : {"-1", "121"}) {
    ExpectRefused(With(absl::StrCat("family { id: \"x\" permissions: \"case.read\" roles: "
                                    "FAMILY_ROLE_CHILD purposes: PURPOSE_OWN_FILE source: \"s\" "
                                    "min_age: ",
                                    age, " }")),
                  "x", "has an age that nobody has");
  }
}

TEST_F(PolicyTable, R20EmergencyAccessIsARowOfItsOwn) {
  ExpectRefused(With(Staff(absl::StrReplaceAll(
                    kPlain, {{"places: PLACE_SEAT", "places: [PLACE_SEAT, PLACE_EMERGENCY]"}}))),
                "x", "mixes emergency access");
  ExpectRefused(With(Staff(absl::StrReplaceAll(kPlain, {{"PLACE_SEAT", "PLACE_EMERGENCY"}}))), "x",
                "emergency access for another purpose (R20)");
}

TEST_F(PolicyTable, R11EveryAgeOfEveryRegimeHasExactlyOneRow) {
  ExpectRefused(Replaced("  min_age: 12\n  below_age: 16", "  min_age: 13\n  below_age: 16"),
                "from-12", "leaves ages 12 to 12 to nobody");
  ExpectRefused(Replaced("  min_age: 12\n  below_age: 16", "  min_age: 11\n  below_age: 16"),
                "from-12", "overlaps row 'under-12' at age 11");
  ExpectRefused(Replaced("  min_age: 12\n  below_age: 16", "  min_age: 12"), "from-16",
                "overlaps row 'from-12' at age 16");
  ExpectRefused(Replaced("  below_age: 12\n", "  below_age: 12\n  regimes: REGIME_HEALTH\n"),
                "from-12", "leaves ages 0 to 11 to nobody (REGIME_EDUCATION");
  ExpectRefused(
      Replaced("  id: \"representative\"\n", "  id: \"representative\"\n  below_age: 18\n"),
      "representative", "leaves ages from 18 to nobody");
  ExpectRefused(With("signatories { id: \"x\" source: \"s\" }"), "x", "asks nobody to sign");
  ExpectRefused(
      With("signatories { id: \"x\" source: \"s\" youth: true min_age: 16 below_age: 16 }"), "x",
      "holds for no age");
  EXPECT_FALSE(Table::Parse("permissions { permission: \"consent.sign\" substantial: true }").ok());
}

TEST_F(PolicyTable, R11OwnGroundsNameKindCompartmentRegimeAndGround) {
  const std::string good =
      "own_grounds { id: \"x\" kinds: ORGANISATION_KIND_CJG compartments: COMPARTMENT_CARE "
      "regimes: REGIME_YOUTH_CARE ground: \"g\" source: \"s\" }";
  EXPECT_OK(Table::Parse(With(good)));
  for (const auto& [field, fault] : std::vector<std::pair<std::string, std::string>>{
           {"kinds: ORGANISATION_KIND_CJG ", "names no kind of organisation"},
           {"compartments: COMPARTMENT_CARE ", "names no compartment"},
           {"regimes: REGIME_YOUTH_CARE ", "names no regime"},
           {"ground: \"g\" ", "names no ground"}}) {
    ExpectRefused(With(absl::StrReplaceAll(good, {{field, ""}})), "x", fault);
  }
}

TEST_F(PolicyTable, R15GroundsOtherThanConsentNameArticleAndLongestTerm) {
  EXPECT_OK(Table::Parse(With("ground_types { type: \"x\" article: \"art. 1\" max_days: 1 }")));
  ExpectRefused(With("ground_types { type: \"x\" article: \"art. 1\" }"), "x", "no longest term");
  ExpectRefused(With("ground_types { type: \"x\" article: \"art. 1\" max_days: 9999 }"), "x",
                "from 1 to 366");
  ExpectRefused(With("ground_types { type: \"x\" max_days: 1 }"), "x", "names no article");
  ExpectRefused(With("ground_types { type: \"meldcode\" article: \"a\" max_days: 1 }"), "meldcode",
                "stands twice");
}

}  // namespace
}  // namespace knooppunt::policy
