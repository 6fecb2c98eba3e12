#include "clients/cli/failure.h"

#include "base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::cli {
namespace {

using ::testing::HasSubstr;

TEST(FailureTest, EveryStatusCodeHasItsDocumentedExitCode) {
  const std::pair<absl::StatusCode, int> kExpected[] = {
      {absl::StatusCode::kOk, 0},
      {absl::StatusCode::kCancelled, 7},
      {absl::StatusCode::kUnknown, 1},
      {absl::StatusCode::kInvalidArgument, 6},
      {absl::StatusCode::kDeadlineExceeded, 7},
      {absl::StatusCode::kNotFound, 4},
      {absl::StatusCode::kAlreadyExists, 5},
      {absl::StatusCode::kPermissionDenied, 3},
      {absl::StatusCode::kResourceExhausted, 7},
      {absl::StatusCode::kFailedPrecondition, 5},
      {absl::StatusCode::kAborted, 5},
      {absl::StatusCode::kOutOfRange, 6},
      {absl::StatusCode::kUnimplemented, 1},
      {absl::StatusCode::kInternal, 1},
      {absl::StatusCode::kUnavailable, 7},
      {absl::StatusCode::kDataLoss, 1},
      {absl::StatusCode::kUnauthenticated, 8},
  };
  for (const auto& [code, exit_code] : kExpected) {
    EXPECT_EQ(static_cast<int>(ExitCodeOf(absl::Status(code, "x"))), exit_code)
        << absl::StatusCodeToString(code);
  }
}

TEST(FailureTest, OwnErrorsHaveTheirExitCodes) {
  EXPECT_EQ(ExitCodeOf(UsageError("x")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(InputError("x")), ExitCode::kInvalidInput);
  EXPECT_EQ(ExitCodeOf(InputError(absl::NotFoundError("x"))), ExitCode::kInvalidInput);
  EXPECT_EQ(ExitCodeOf(NotLoggedIn()), ExitCode::kNotLoggedIn);
  EXPECT_EQ(ExitCodeOf(LoginExpired()), ExitCode::kNotLoggedIn);
  EXPECT_EQ(ExitCodeOf(VerificationFailed("x")), ExitCode::kVerificationFailed);
}

TEST(FailureTest, SaysWhatHappenedReasonRuleAndWhatToDo) {
  EXPECT_EQ(Describe(base::MakeError(absl::StatusCode::kPermissionDenied, "NO_CONSENT", "R12",
                                     "The family has not consented to this")),
            "Refused: The family has not consented to this.\n"
            "  Reason NO_CONSENT (rule R12). 'knooppunt case explain CASE' shows what is missing; "
            "the regisseur of the case can help.\n");
}

TEST(FailureTest, R25WhoReadsDutchIsToldInDutch) {
  EXPECT_EQ(Describe(base::MakeError(absl::StatusCode::kFailedPrecondition, "R5_NO_STEP", "R5",
                                     "A meeting ends with at least one agreed step."),
                     Language::kDutch),
            "Kan nu niet: Een overleg eindigt met ten minste één afspraak: wie, wat en wanneer.\n"
            "  Reden R5_NO_STEP (regel R5). Herstel wat hierboven staat en probeer het dan nog "
            "eens.\n");
  const absl::Status field = base::MakeError(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
                                             "", "Field title must not be empty.");
  EXPECT_THAT(Describe(field, Language::kDutch),
              HasSubstr("Niet aangenomen: Een van de gegevens klopt niet. Field title must not be "
                        "empty.\n"))
      << "which field it is stays there";
  EXPECT_THAT(DescribeAsJson(field, Language::kDutch), HasSubstr("Een van de gegevens"));
  // Of a newer server, and of a refusal that the server explains in Dutch: its own words.
  EXPECT_THAT(Describe(base::MakeError(absl::StatusCode::kPermissionDenied, "REFUSED", "R17",
                                       "Er is geen toestemming. (no-sharing)"),
                       Language::kDutch),
              HasSubstr("Geweigerd: Er is geen toestemming. (no-sharing).\n"));
}

TEST(FailureTest, TheLanguageIsThatOfTheMachine) {
  for (const char* dutch : {"nl", "NL", "nl_NL.UTF-8", "nl-BE"}) {
    EXPECT_EQ(LanguageOf(dutch), Language::kDutch) << dutch;
  }
  for (const char* other : {"", "C", "C.UTF-8", "en_GB", "nld", "n"}) {
    EXPECT_EQ(LanguageOf(other), Language::kEnglish) << other;
  }
}

TEST(FailureTest, WithoutReasonSaysOnlyWhatToDo) {
  EXPECT_EQ(Describe(absl::UnavailableError("connection refused")),
            "No answer: connection refused.\n"
            "  Try again in a moment. Check --server and --ca if this is new.\n");
}

TEST(FailureTest, ServersWordsCannotTakeOverTheTerminal) {
  EXPECT_THAT(Describe(absl::InternalError("\x1b[2J")), ::testing::Not(HasSubstr("\x1b")));
}

TEST(FailureTest, JsonHasTheSameInFields) {
  EXPECT_EQ(DescribeAsJson(base::MakeError(absl::StatusCode::kAlreadyExists, "CASE_EXISTS", "R1",
                                           "say \"no\"")),
            R"({"error":{"code":"ALREADY_EXISTS","reason":"CASE_EXISTS","rule":"R1",)"
            R"("message":"say \"no\"","advice":"Mend what is said above, then try again.",)"
            R"("exitCode":5}})"
            "\n");
}

TEST(FailureTest, HelpListsEveryExitCode) {
  for (int code = 0; code <= 9; ++code) {
    EXPECT_THAT(ExitCodeHelp(), HasSubstr("\n  " + std::to_string(code) + "  "));
  }
}

}  // namespace
}  // namespace knooppunt::cli
