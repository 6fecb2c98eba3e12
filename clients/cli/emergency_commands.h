// emergency: access in an emergency, to a step of the Meldcode (R20). Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_EMERGENCY_COMMANDS_H_
#define KNOOPPUNT_CLIENTS_CLI_EMERGENCY_COMMANDS_H_

#include "clients/cli/commands.h"

namespace knooppunt::cli {

void AddEmergencyCommands(CLI::App* root, Action* chosen);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_EMERGENCY_COMMANDS_H_
