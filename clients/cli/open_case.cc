#include "clients/cli/open_case.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "base/resource_name.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"

namespace knooppunt::cli {

absl::StatusOr<casework::v1::NewPerson> ParseNewPerson(absl::string_view text,
                                                       access::v1::FamilyRole role) {
  const std::vector<std::string> parts = absl::StrSplit(text, '|');
  if (parts.size() < 4 || parts.size() > 5 || parts[0].empty()) {
    return UsageError(
        "a person is written 'key|given name|family name|2015-03-01', with '|accounts/...' at the "
        "end for who logs in");
  }
  const std::optional<std::string> born = DayAsIso(parts[3]);
  if (!born.has_value()) {
    return UsageError("a person's birth date is not a day: write 01-03-2015");
  }
  casework::v1::NewPerson person;
  person.set_key(parts[0]);
  person.set_given_name(parts[1]);
  person.set_family_name(parts[2]);
  person.set_birth_date(*born);
  person.set_role(role);
  if (parts.size() == 5) {
    if (!base::ResourceName::Parse(parts[4], "accounts/*").ok()) {
      return UsageError("a person's account is not a name like accounts/*");
    }
    person.set_account(parts[4]);
  }
  return person;
}

absl::Status ParseGezag(absl::string_view text, casework::v1::OpenCaseRequest* request) {
  const std::vector<std::string> sides = absl::StrSplit(text, absl::MaxSplits('>', 1));
  if (sides.size() != 2 || sides[0].empty() || sides[1].empty()) {
    return UsageError("gezag is written 'holder>child,child', with the keys of the persons");
  }
  for (const absl::string_view child : absl::StrSplit(sides[1], ',', absl::SkipEmpty())) {
    casework::v1::NewGezag& gezag = *request->add_gezag();
    if (absl::StartsWith(sides[0], "organisations/")) {
      gezag.set_holder_organisation(sides[0]);
    } else {
      gezag.set_holder_key(sides[0]);
    }
    gezag.set_over_key(std::string(child));
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::cli
