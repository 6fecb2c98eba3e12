// A case and its parts as text for people. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_CASE_TEXT_H_
#define KNOOPPUNT_CLIENTS_CLI_CASE_TEXT_H_

#include <ostream>
#include <string>

#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::cli {

// "p-a, p-b, family".
std::string AboutText(const common::v1::About& about);
// "education, about p-a".
std::string LabelText(const common::v1::Label& label);

// Where a case is: state, phase and next review.
void PrintCaseLife(const casework::v1::Case& casus, std::ostream& out);
void PrintOutOfSchool(const casework::v1::OutOfSchool& absence, std::ostream& out);
void PrintEscalation(const casework::v1::Escalation& escalation, std::ostream& out);
void PrintCase(const casework::v1::Case& casus, std::ostream& out);
void PrintCases(const casework::v1::ListCasesResponse& list, std::ostream& out);
void PrintParticipant(const casework::v1::Participant& participant, std::ostream& out);
void PrintRegisseur(const casework::v1::Regisseur& regisseur, std::ostream& out);
void PrintContribution(const casework::v1::Contribution& contribution, std::ostream& out);
void PrintMeeting(const casework::v1::Meeting& meeting, std::ostream& out);
void PrintStep(const casework::v1::Step& step, std::ostream& out);
void PrintExplanation(const access::v1::ExplainResponse& explanation, std::ostream& out);

// Parts of a case, without a heading.
void PrintSeats(const casework::v1::Case& casus, std::ostream& out);
void PrintPersons(const casework::v1::Case& casus, std::ostream& out);
template <typename List>
void PrintContributions(const List& contributions, std::ostream& out) {
  if (contributions.empty()) out << "  nothing that you may see\n";
  for (const auto& contribution : contributions) PrintContribution(contribution, out);
}

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_CASE_TEXT_H_
