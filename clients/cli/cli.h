// The command line as a function: arguments in, exit code out. Not thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CLI_CLI_H_
#define KNOOPPUNT_CLIENTS_CLI_CLI_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "clients/cli/commands.h"
#include "clients/cli/session.h"

namespace knooppunt::cli {

// The parser of every command. Parsing fills *options and *chosen, which must outlive it.
std::unique_ptr<CLI::App> MakeParser(GlobalOptions* options, Action* chosen);

// Runs one command. `args` are without the program's name. Returns the exit code (failure.h).
int Run(const std::vector<std::string>& args, const Environment& environment);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_CLI_H_
