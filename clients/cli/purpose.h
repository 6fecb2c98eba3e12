// What somebody wants information for, when they do not say: every call states a purpose (R12).
// Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_PURPOSE_H_
#define KNOOPPUNT_CLIENTS_CLI_PURPOSE_H_

#include "absl/strings/string_view.h"
#include "clients/cli/profile.h"
#include "knooppunt/common/v1/types.pb.h"

namespace knooppunt::cli {

// Family: their own file. Staff: coordination, but audit for the log, handover for handovers, own
// record for the own record, and in the directory what their function is there for.
common::v1::Purpose DefaultPurpose(absl::string_view method, const Profile& profile);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_PURPOSE_H_
