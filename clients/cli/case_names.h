// A case with names where it has ids, for people to read. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_CASE_NAMES_H_
#define KNOOPPUNT_CLIENTS_CLI_CASE_NAMES_H_

#include "knooppunt/casework/v1/case.pb.h"

namespace knooppunt::cli {

// `casus` with, in place of the ids of persons, seats and professionals, the names that the case
// itself shows for them; an id of which it shows no name stays. What a command needs to name a
// thing stays as it is: names of resources, the ids of persons and seats in their own lists.
casework::v1::Case WithNames(casework::v1::Case casus);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_CASE_NAMES_H_
