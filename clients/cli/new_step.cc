#include "clients/cli/new_step.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

absl::Status Misshapen() { return UsageError(absl::StrCat("a step is written ", kStepHelp)); }

absl::StatusOr<casework::v1::Commitment> ParseCommitment(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  if (parts.size() < 4 || parts.size() > 6) return Misshapen();
  const auto means = ParseWord<common::v1::Means>(parts[0]);
  if (!means.ok()) return UsageError(means.status().message());
  const auto funding = ParseWord<common::v1::Funding>(parts[3]);
  if (!funding.ok()) return UsageError(funding.status().message());
  if (!base::ResourceName::Parse(parts[2], "professionals/*").ok()) {
    return UsageError("who commits the means of a step is a name like professionals/*");
  }
  casework::v1::Commitment commitment;
  commitment.set_means(*means);
  KP_ASSIGN_OR_RETURN(const int64_t cents, ParseEuro(parts[1]));
  commitment.set_amount_cents(cents);
  commitment.set_committed_by(parts[2]);
  commitment.set_funding(*funding);
  int64_t minutes = 0;
  if (parts.size() > 4 && !parts[4].empty() && !absl::SimpleAtoi(parts[4], &minutes)) {
    return UsageError("the minutes of a step are a number");
  }
  commitment.set_minutes(minutes);
  if (parts.size() > 5) {
    const std::optional<std::string> until = DayAsIso(parts[5]);
    if (!until.has_value()) {
      return UsageError("the last day of what a step commits is not a day: write 01-03-2027");
    }
    commitment.set_until_date(*until);
  }
  return commitment;
}

}  // namespace

absl::StatusOr<casework::v1::NewStep> ParseNewStep(absl::string_view text) {
  std::vector<std::string> parts = absl::StrSplit(text, '|');
  for (std::string& part : parts) part = std::string(absl::StripAsciiWhitespace(part));
  if (parts.size() < 3 || parts.size() > 4 || parts[0].empty()) return Misshapen();
  if (!base::IsResourceId(parts[1])) return UsageError("the owner of a step is the id of a seat");
  const std::optional<std::string> due = DayAsIso(parts[2]);
  if (!due.has_value()) return UsageError("the date of a step is not a day: write 15-12-2026");
  casework::v1::NewStep step;
  step.set_text(parts[0]);
  step.set_owner_seat(parts[1]);
  step.set_due_date(*due);
  if (parts.size() == 4) {
    KP_ASSIGN_OR_RETURN(*step.mutable_commitment(), ParseCommitment(parts[3]));
  }
  return step;
}

}  // namespace knooppunt::cli
