// How a command is declared: a noun, a verb under it, its options, and what it does. Parsing only
// chooses; what was chosen runs after it. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_COMMANDS_H_
#define KNOOPPUNT_CLIENTS_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/session.h"

namespace knooppunt::cli {

using Action = std::function<absl::Status(Session&)>;

struct VerbText {
  std::string name;
  std::string help;
  std::string example;  // a whole command line, or several, one a line
};

// Adds the verb under `noun` (the root, for one without a noun). When it is parsed, *chosen
// becomes `run` with the options that were given. `chosen` must outlive the parser.
template <typename Args>
void AddVerb(CLI::App* noun, Action* chosen, const VerbText& text,
             void (*options)(CLI::App*, Args*), absl::Status (*run)(Session&, const Args&)) {
  const auto args = std::make_shared<Args>();
  CLI::App* verb = noun->add_subcommand(text.name, text.help);
  verb->footer(absl::StrCat("Example:\n  ", text.example));
  options(verb, args.get());
  verb->callback([chosen, args, run] {
    *chosen = [args, run](Session& session) { return run(session, *args); };
  });
}

inline CLI::App* AddNoun(CLI::App* root, const std::string& name, const std::string& help) {
  CLI::App* noun = root->add_subcommand(name, help);
  noun->require_subcommand(1);
  return noun;
}

void AddLoginCommands(CLI::App* root, Action* chosen);           // login, whoami, logout, profile
void AddDirectoryCommands(CLI::App* root, Action* chosen);       // directory
void AddImportCommands(CLI::App* directory, Action* chosen);     // directory: import-csv
void AddWerkplaatsCommands(CLI::App* root, Action* chosen);      // werkplaats, framework
void AddWorklistCommands(CLI::App* root, Action* chosen);        // worklist, inbox, digest
void AddProfessionalCommands(CLI::App* root, Action* chosen);    // professional, mandate
void AddCaseCommands(CLI::App* root, Action* chosen);            // family, case
void AddTableCommands(CLI::App* casus, Action* chosen);          // case: who sits at the table
void AddLifeCommands(CLI::App* casus, Action* chosen);           // case: phase, review
void AddPlanCommands(CLI::App* root, Action* chosen);            // plan
void AddRecordCommands(CLI::App* root, Action* chosen);          // contribution, record
void AddDocumentCommands(CLI::App* root, Action* chosen);        // document
void AddAbsenceCommands(CLI::App* root, Action* chosen);         // absence
void AddEscalationCommands(CLI::App* root, Action* chosen);      // escalation
void AddMeetingCommands(CLI::App* root, Action* chosen);         // meeting, step
void AddInvitationCommands(CLI::App* meeting, Action* chosen);   // meeting: who comes
void AddAgendaCommands(CLI::App* root, Action* chosen);          // agenda, sitting
void AddMovingCommands(CLI::App* root, Action* chosen);          // meeting, sitting: move, cancel
void AddConsentCommands(CLI::App* root, Action* chosen);         // consent
void AddAgreementCommands(CLI::App* root, Action* chosen);       // consent: who must agree; task
void AddGroundCommands(CLI::App* root, Action* chosen);          // ground
void AddMergeCommands(CLI::App* family, Action* chosen);         // family: merging two records
void AddPersonCommands(CLI::App* root, Action* chosen);          // person, gezag
void AddHouseholdCommands(CLI::App* root, Action* chosen);       // household
void AddRequestCommands(CLI::App* root, Action* chosen);         // request
void AddHandoverCommands(CLI::App* root, Action* chosen);        // handover
void AddHandoverFollowCommands(CLI::App* noun, Action* chosen);  // more of it
void AddArchiveCommands(CLI::App* handover, Action* chosen);     // handover: other installations
void AddPolicyCommands(CLI::App* root, Action* chosen);          // policy
void AddAuditCommands(CLI::App* root, Action* chosen);           // audit
void AddQuestionCommands(CLI::App* root, Action* chosen);        // question
void AddAuditLogCommands(CLI::App* audit, Action* chosen);       // audit: the log as such

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_COMMANDS_H_
