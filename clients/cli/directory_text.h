// The directory as tables for people. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_DIRECTORY_TEXT_H_
#define KNOOPPUNT_CLIENTS_CLI_DIRECTORY_TEXT_H_

#include <ostream>

#include "knooppunt/directory/v1/directory.pb.h"

namespace knooppunt::cli {

void PrintOrganisations(const directory::v1::ListOrganisationsResponse& list, std::ostream& out);
void PrintWerkplaatsen(const directory::v1::ListWerkplaatsenResponse& list, std::ostream& out);
void PrintProfessionals(const directory::v1::ListProfessionalsResponse& list, std::ostream& out);
// "school-social-work up to 1.500,00 euro, 600 minutes, 30 days a step".
std::string MandateText(const access::v1::Mandate& mandate);
// One professional, with functions and mandates.
void PrintProfessional(const directory::v1::Professional& professional, std::ostream& out);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_DIRECTORY_TEXT_H_
