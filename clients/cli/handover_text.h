// A handover as text for people. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_HANDOVER_TEXT_H_
#define KNOOPPUNT_CLIENTS_CLI_HANDOVER_TEXT_H_

#include <ostream>

#include "knooppunt/handover/v1/handover.pb.h"

namespace knooppunt::cli {

void PrintHandover(const handover::v1::Handover& handover, std::ostream& out);
void PrintHandovers(const handover::v1::ListHandoversResponse& list, std::ostream& out);
// The parts with their text, the family's view, and the hash that stands for both.
void PrintParts(const handover::v1::Handover& handover, std::ostream& out);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_HANDOVER_TEXT_H_
