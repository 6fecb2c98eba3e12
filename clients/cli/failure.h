// How a failed command ends: its exit code, and what is said about it. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_FAILURE_H_
#define KNOOPPUNT_CLIENTS_CLI_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::cli {

// Documented in README.md and in --help.
enum class ExitCode {
  kOk = 0,
  kInternal = 1,
  kUsage = 2,
  kRefused = 3,
  kNotFound = 4,
  kRuleViolated = 5,
  kInvalidInput = 6,
  kUnavailable = 7,
  kNotLoggedIn = 8,
  kVerificationFailed = 9,
};

// In which a failure is told. What the server is asked and answers is the same.
enum class Language { kEnglish, kDutch };

// Dutch for a setting like "nl", "nl_NL.UTF-8" or "nl-BE"; else English.
Language LanguageOf(absl::string_view setting);

// One line a code, for --help.
std::string ExitCodeHelp();

ExitCode ExitCodeOf(const absl::Status& status);

// Two lines at most: what happened; the reason, the rule and what to do. Each ends in '\n'. In
// Dutch what happened is the sentence of base/errors_nl.txt; without one, the server's own.
std::string Describe(const absl::Status& status, Language language = Language::kEnglish);
// The same as one JSON object on a line: {"error":{"code","reason","rule","message","advice",
// "exitCode"}}.
std::string DescribeAsJson(const absl::Status& status, Language language = Language::kEnglish);

// Errors that the command line itself finds. The reasons are its own, in the same style as the
// server's.
absl::Status UsageError(absl::string_view message);  // exit 2
absl::Status InputError(absl::string_view message);  // exit 6
// As InputError, with the message of `cause`: a file, a key, a date that was given.
absl::Status InputError(const absl::Status& cause);
absl::Status NotLoggedIn();                               // exit 8
absl::Status LoginExpired();                              // exit 8
absl::Status VerificationFailed(absl::string_view what);  // exit 9, R24

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_FAILURE_H_
