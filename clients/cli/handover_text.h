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
void PrintReceipt(const handover::v1::HandoverReceipt& receipt, std::ostream& out);
void PrintDue(const handover::v1::ListDueHandoversResponse& due, std::ostream& out);
// All kinds in a table, or one of them whole.
void PrintKinds(const handover::v1::HandoverKinds& kinds, handover::v1::HandoverKind only,
                std::ostream& out);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_HANDOVER_TEXT_H_
