// An agreed step on one line:
//   what | seat of the owner | date
//   what | seat of the owner | date | means:euro:professional:funding
// as in "Twee gesprekken op
// school|s-3|2026-12-15|school-social-work:900:professionals/noor:education". Thread-safe (no
// state).
#ifndef KNOOPPUNT_CLIENTS_CLI_NEW_STEP_H_
#define KNOOPPUNT_CLIENTS_CLI_NEW_STEP_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::cli {

inline constexpr char kStepHelp[] =
    "'what|owner seat|date', and for a step that commits means "
    "'what|owner seat|date|means:euro:professional:funding', with ':minutes' of work and, after "
    "that, ':last day' where it commits hours or a period";

// Without a label. Usage error that shows the form when `text` does not have it.
absl::StatusOr<casework::v1::NewStep> ParseNewStep(absl::string_view text);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_NEW_STEP_H_
