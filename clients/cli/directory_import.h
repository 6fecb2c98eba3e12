// The directory's exchange format: one JSON object with two lists,
//   "organisations": {"id", "name", "kind": "MUNICIPALITY", "subregion" (optional)}
//   "werkplaatsen":  {"id", "name", "place", "organisation", "stage": "PO", "municipality"}
// in which organisation and municipality are ids. Other members of the object ("source",
// "regions") are passed over. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_DIRECTORY_IMPORT_H_
#define KNOOPPUNT_CLIENTS_CLI_DIRECTORY_IMPORT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/directory/v1/directory.pb.h"

namespace knooppunt::cli {

// INVALID_ARGUMENT lists every fault with its line: "line 24: unknown kind 'X'; ..." (at most 20).
absl::StatusOr<directory::v1::ImportDirectoryRequest> ParseDirectory(absl::string_view json);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_DIRECTORY_IMPORT_H_
