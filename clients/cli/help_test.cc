// Every command: its help, its example, its options.
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/cli/cli.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::cli {
namespace {

using ::testing::HasSubstr;

// What the journey and its people use.
constexpr const char* kCommands[] = {
    "login",
    "whoami",
    "logout",
    "profile set",
    "directory import",
    "directory import-csv",
    "werkplaats show",
    "werkplaats update",
    "werkplaats contact",
    "werkplaats close",
    "werkplaats keep-open",
    "werkplaats gaps",
    "framework show",
    "framework ask",
    "framework check",
    "worklist",
    "inbox",
    "digest",
    "directory organisations",
    "directory werkplaatsen",
    "directory professionals",
    "professional create",
    "professional assign",
    "mandate issue",
    "mandate delegate",
    "mandate revoke",
    "family search",
    "family merge",
    "family decide-merge",
    "family undo-merge",
    "family merges",
    "case open",
    "case show",
    "case list",
    "case invite",
    "case join",
    "case end-seat",
    "case appoint",
    "case take-over",
    "case deputise",
    "case close",
    "case reopen",
    "case phase",
    "case review",
    "absence report",
    "absence advance",
    "escalation raise",
    "escalation withdraw",
    "escalation list",
    "escalation show",
    "escalation take-up",
    "escalation decide",
    "case explain",
    "case responsible",
    "plan show",
    "plan wish",
    "plan goal",
    "plan asset",
    "plan arrangement",
    "plan change",
    "plan evaluate",
    "plan react",
    "plan changes",
    "plan versions",
    "plan document",
    "contribution add",
    "record list",
    "meeting plan",
    "meeting conclude",
    "meeting confirm",
    "meeting arrange",
    "meeting invite",
    "meeting invitations",
    "meeting check",
    "meeting answer",
    "meeting uninvite",
    "agenda show",
    "agenda add",
    "agenda change",
    "agenda move",
    "agenda minutes",
    "agenda react",
    "sitting plan",
    "sitting slot",
    "sitting show",
    "sitting list",
    "sitting move",
    "sitting cancel",
    "meeting move",
    "meeting cancel",
    "question list",
    "question answer",
    "step done",
    "step follow-up",
    "step react",
    "step decide",
    "step evaluate",
    "step carry-over",
    "step reassign",
    "step drop",
    "consent propose",
    "consent sign",
    "consent refuse",
    "consent withdraw",
    "consent revise",
    "consent record-signature",
    "consent record-withdrawal",
    "consent scan",
    "ground invoke",
    "ground end",
    "ground review",
    "ground tell",
    "ground list",
    "consent list",
    "emergency open",
    "emergency list",
    "emergency show",
    "emergency review",
    "handover draft",
    "handover export",
    "handover take-receipt",
    "handover show-archive",
    "handover import",
    "handover accept-import",
    "handover return-import",
    "handover import-receipt",
    "handover show-family",
    "handover view",
    "handover authorise",
    "handover offer",
    "handover receive",
    "handover converse",
    "handover accept",
    "handover close",
    "handover return",
    "handover withdraw",
    "handover show",
    "handover list",
    "handover kinds",
    "handover check-kinds",
    "handover invite",
    "handover stay",
    "handover receipt",
    "handover verify-receipt",
    "handover due",
    "policy show",
    "policy check",
    "policy test",
    "policy simulate",
    "audit list",
    "audit mine",
    "audit ask",
    "audit explain",
    "audit export",
    "audit verify",
};

struct Verb {
  std::vector<std::string> path;
  const CLI::App* app;
};

void CollectVerbs(const CLI::App& app, const std::vector<std::string>& path,
                  std::vector<Verb>* verbs) {
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  if (below.empty()) verbs->push_back({path, &app});
  for (const CLI::App* sub : below) {
    std::vector<std::string> longer = path;
    longer.push_back(sub->get_name());
    CollectVerbs(*sub, longer, verbs);
  }
}

class HelpTest : public ::testing::Test {
 protected:
  HelpTest() : parser_(MakeParser(&options_, &chosen_)) { CollectVerbs(*parser_, {}, &verbs_); }

  GlobalOptions options_;
  Action chosen_;
  std::unique_ptr<CLI::App> parser_;
  std::vector<Verb> verbs_;
  CliFixture cli_;
};

TEST_F(HelpTest, JourneysCommandsAreThere) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs_) names.push_back(absl::StrJoin(verb.path, " "));
  EXPECT_THAT(names, ::testing::IsSupersetOf(std::begin(kCommands), std::end(kCommands)));
}

TEST_F(HelpTest, EveryVerbHelpsWithAnExample) {
  for (const Verb& verb : verbs_) {
    std::vector<std::string> args = verb.path;
    args.push_back("--help");
    const Ran ran = cli_.Run(args);
    EXPECT_EQ(ran.exit_code, 0) << absl::StrJoin(args, " ");
    EXPECT_EQ(ran.err, "");
    EXPECT_THAT(ran.out,
                HasSubstr(absl::StrCat("Example:\n  knooppunt ", absl::StrJoin(verb.path, " "))));
  }
}

TEST_F(HelpTest, EveryExampleIsACommandThatParses) {
  for (const Verb& verb : verbs_) {
    const std::string text = absl::StrReplaceAll(verb.app->get_footer(), {{"\\\n", " "}});
    const std::vector<std::string> lines = absl::StrSplit(text, '\n');
    ASSERT_GE(lines.size(), 2u);
    for (size_t i = 1; i < lines.size(); ++i) {
      ASSERT_TRUE(absl::StartsWith(lines[i], "  knooppunt ")) << lines[i];
      GlobalOptions options;
      Action chosen;
      const auto parser = MakeParser(&options, &chosen);
      EXPECT_NO_THROW(parser->parse(lines[i].substr(2), /*program_name_included=*/true))
          << lines[i];
      EXPECT_TRUE(chosen != nullptr) << lines[i];
    }
  }
}

TEST_F(HelpTest, EveryOptionIsDescribed) {
  for (const Verb& verb : verbs_) {
    for (const CLI::Option* option : verb.app->get_options()) {
      EXPECT_NE(option->get_description(), "")
          << absl::StrJoin(verb.path, " ") << " " << option->get_name();
    }
  }
}

TEST_F(HelpTest, MainHelpDocumentsExitCodesAndNouns) {
  const Ran ran = cli_.Run({"--help"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("Exit codes:\n  0  done"));
  EXPECT_THAT(ran.out, HasSubstr("\n  9  "));
  for (const char* noun : {"case", "consent", "handover", "audit"}) {
    EXPECT_THAT(ran.out, HasSubstr(absl::StrCat("\n  ", noun, " ")));
  }
}

}  // namespace
}  // namespace knooppunt::cli
