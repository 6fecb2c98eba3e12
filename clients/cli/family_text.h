// Persons, gezag, households and contacts as tables, and what their commands share. Thread-safe (no
// state).
#ifndef KNOOPPUNT_CLIENTS_CLI_FAMILY_TEXT_H_
#define KNOOPPUNT_CLIENTS_CLI_FAMILY_TEXT_H_

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "knooppunt/common/v1/types.pb.h"
#include "knooppunt/family/v1/family.pb.h"

namespace knooppunt::cli {

// --compartment and --regime of what is about persons that the command names anyway; by itself the
// pupil's file.
struct PartOptions {
  common::v1::Compartment compartment = common::v1::COMPARTMENT_EDUCATION;
  common::v1::Regime regime = common::v1::REGIME_UNSPECIFIED;  // unset: the compartment's usual one
};
void AddPart(CLI::App* app, PartOptions* options);
// About the persons with these names ("families/f-1/persons/p-1"), sorted.
common::v1::Label PartLabel(const PartOptions& options, const std::vector<std::string>& persons);

// "organisations/..." or "families/../persons/..", into the field that it belongs in.
template <typename M>
void SetHolder(const std::string& holder, M* message) {
  if (absl::StartsWith(holder, "organisations/")) {
    message->set_holder_organisation(holder);
  } else {
    message->set_holder_person(holder);
  }
}

void PrintPerson(const family::v1::Person& person, std::ostream& out);
void PrintPersons(const family::v1::ListPersonsResponse& list, std::ostream& out);
void PrintRevisions(const family::v1::ListPersonRevisionsResponse& list, std::ostream& out);
void PrintContact(const family::v1::Contact& contact, std::ostream& out);
void PrintContacts(const family::v1::ListContactsResponse& list, std::ostream& out);
void PrintGezag(const family::v1::Gezag& gezag, std::ostream& out);
void PrintGezagList(const family::v1::ListGezagResponse& list, std::ostream& out);
void PrintHousehold(const family::v1::Household& household, std::ostream& out);
void PrintHouseholds(const family::v1::ListHouseholdsResponse& list, std::ostream& out);
void PrintAddress(const family::v1::Address& address, std::ostream& out);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_FAMILY_TEXT_H_
