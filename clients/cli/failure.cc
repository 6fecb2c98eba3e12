#include "clients/cli/failure.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/error_text.h"
#include "clients/cli/output.h"

namespace knooppunt::cli {
namespace {

constexpr char kUsage[] = "USAGE";
constexpr char kNotLoggedIn[] = "NOT_LOGGED_IN";
constexpr char kLoginExpired[] = "LOGIN_EXPIRED";
constexpr char kVerification[] = "LOG_NOT_PROVEN";
constexpr char kInput[] = "INPUT_NOT_ACCEPTED";

// What each exit code is called, and what somebody can do about it.
struct Kind {
  ExitCode code;
  const char* heading;
  const char* help;
  const char* advice;
  const char* heading_nl;
  const char* advice_nl;
};
constexpr Kind kKinds[] = {
    {ExitCode::kOk, "Done", "done", "", "Gedaan", ""},
    {ExitCode::kInternal, "Something went wrong", "something went wrong inside",
     "Try again; if it stays, tell the administrator when it happened.", "Er ging iets mis",
     "Probeer het nog eens; blijft het, zeg de beheerder wanneer het was."},
    {ExitCode::kUsage, "Not understood", "the command was not understood",
     "Add --help to see how it is written.", "Niet begrepen",
     "Met --help ziet u hoe het wordt geschreven."},
    {ExitCode::kRefused, "Refused", "refused: you may not do this",
     "'knooppunt case explain CASE' shows what is missing; the regisseur of the case can help.",
     "Geweigerd",
     "'knooppunt case explain CASUS' laat zien wat er ontbreekt; de regisseur kan helpen."},
    {ExitCode::kNotFound, "Not found", "there is no such thing, for you",
     "Check the name; 'knooppunt case list' shows what is yours.", "Niet gevonden",
     "Kijk de naam na; 'knooppunt case list' laat zien wat van u is."},
    {ExitCode::kRuleViolated, "Not possible now", "against a rule, or not in this state",
     "Mend what is said above, then try again.", "Kan nu niet",
     "Herstel wat hierboven staat en probeer het dan nog eens."},
    {ExitCode::kInvalidInput, "Not accepted", "what was given is not valid",
     "Correct what is said above, then try again.", "Niet aangenomen",
     "Verbeter wat hierboven staat en probeer het dan nog eens."},
    {ExitCode::kUnavailable, "No answer", "no answer in time; try again later",
     "Try again in a moment. Check --server and --ca if this is new.", "Geen antwoord",
     "Probeer het zo nog eens. Kijk --server en --ca na als dit nieuw is."},
    {ExitCode::kNotLoggedIn, "Not logged in", "not logged in, or no longer",
     "Log in: knooppunt login --help", "Niet ingelogd", "Log in: knooppunt login --help"},
    {ExitCode::kVerificationFailed, "Verification failed", "the log is not what it should be",
     "Keep this copy untouched, tell the privacy officer and compare with the witness.",
     "Niet bewezen",
     "Laat deze kopie zoals zij is, vertel het de functionaris gegevensbescherming en vergelijk "
     "met "
     "de getuige."},
};

const Kind& KindOf(ExitCode code) { return kKinds[static_cast<int>(code)]; }

std::string Sentence(absl::string_view message) {
  std::string text = Printable(message.empty() ? "nothing more is known" : message);
  if (!absl::EndsWith(text, ".") && !absl::EndsWith(text, "?") && !absl::EndsWith(text, "!")) {
    absl::StrAppend(&text, ".");
  }
  return text;
}

// What happened, as a sentence.
std::string WhatHappened(const absl::Status& status, Language language) {
  const base::ErrorText* const dutch =
      language == Language::kDutch ? base::DutchErrorText(base::ReasonOf(status)) : nullptr;
  if (dutch == nullptr) return Sentence(status.message());
  if (!dutch->has_detail) return dutch->sentence;
  return absl::StrCat(dutch->sentence, " ", Sentence(status.message()));
}

}  // namespace

Language LanguageOf(absl::string_view setting) {
  const bool dutch = absl::StartsWithIgnoreCase(setting, "nl") &&
                     (setting.size() == 2 || !absl::ascii_isalpha(setting[2]));
  return dutch ? Language::kDutch : Language::kEnglish;
}

std::string ExitCodeHelp() {
  std::string help = "Exit codes:\n";
  for (const Kind& kind : kKinds) {
    absl::StrAppend(&help, "  ", static_cast<int>(kind.code), "  ", kind.help, "\n");
  }
  return help;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  const std::string reason = base::ReasonOf(status);
  if (reason == kUsage) return ExitCode::kUsage;
  if (reason == kVerification) return ExitCode::kVerificationFailed;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kPermissionDenied:
      return ExitCode::kRefused;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return ExitCode::kRuleViolated;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kInvalidInput;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kNotLoggedIn;
    default:
      return ExitCode::kInternal;
  }
}

std::string Describe(const absl::Status& status, Language language) {
  const bool dutch = language == Language::kDutch;
  const Kind& kind = KindOf(ExitCodeOf(status));
  std::string text = absl::StrCat(dutch ? kind.heading_nl : kind.heading, ": ",
                                  WhatHappened(status, language), "\n");
  const std::string reason = base::ReasonOf(status), rule = base::RuleOf(status);
  std::string second;
  if (!reason.empty()) absl::StrAppend(&second, dutch ? "Reden " : "Reason ", Printable(reason));
  if (!rule.empty()) {
    absl::StrAppend(&second, dutch ? " (regel " : " (rule ", Printable(rule), ")");
  }
  if (!second.empty()) absl::StrAppend(&second, ". ");
  absl::StrAppend(&text, "  ", second, dutch ? kind.advice_nl : kind.advice, "\n");
  return text;
}

std::string DescribeAsJson(const absl::Status& status, Language language) {
  const bool dutch = language == Language::kDutch;
  const Kind& kind = KindOf(ExitCodeOf(status));
  const std::string message =
      dutch ? WhatHappened(status, language) : std::string(status.message());
  return absl::StrCat("{\"error\":{\"code\":", JsonQuote(absl::StatusCodeToString(status.code())),
                      ",\"reason\":", JsonQuote(base::ReasonOf(status)),
                      ",\"rule\":", JsonQuote(base::RuleOf(status)),
                      ",\"message\":", JsonQuote(message),
                      ",\"advice\":", JsonQuote(dutch ? kind.advice_nl : kind.advice),
                      ",\"exitCode\":", static_cast<int>(kind.code), "}}\n");
}

absl::Status UsageError(absl::string_view message) {
  return base::MakeError(absl::StatusCode::kInvalidArgument, kUsage, "", message);
}

absl::Status InputError(absl::string_view message) {
  return base::MakeError(absl::StatusCode::kInvalidArgument, kInput, "", message);
}

absl::Status InputError(const absl::Status& cause) { return InputError(cause.message()); }

absl::Status NotLoggedIn() {
  return base::MakeError(absl::StatusCode::kUnauthenticated, kNotLoggedIn, "R17",
                         "nobody is logged in under this profile");
}

absl::Status LoginExpired() {
  return base::MakeError(absl::StatusCode::kUnauthenticated, kLoginExpired, "R17",
                         "the login under this profile has ended");
}

absl::Status VerificationFailed(absl::string_view what) {
  return base::MakeError(absl::StatusCode::kDataLoss, kVerification, "R24", what);
}

}  // namespace knooppunt::cli
