// The opening of a case from short flags, for a family that fits on a line or two:
//   --child  "key|given name|family name|birth date"
//   --parent "key|given name|family name|birth date|accounts/..."   (the account may be left out)
//   --gezag  "holder key>child key,child key"      a holder may also be organisations/...
// Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_OPEN_CASE_H_
#define KNOOPPUNT_CLIENTS_CLI_OPEN_CASE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::cli {

// Usage error that shows the form when `text` does not have it.
absl::StatusOr<casework::v1::NewPerson> ParseNewPerson(absl::string_view text,
                                                       access::v1::FamilyRole role);
// Adds one entry for each child.
absl::Status ParseGezag(absl::string_view text, casework::v1::OpenCaseRequest* request);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_OPEN_CASE_H_
