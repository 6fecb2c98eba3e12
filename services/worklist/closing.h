// What a werkplaats that closes means for whoever has work there (R27), in words. Pure: no I/O and
// no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_CLOSING_H_
#define KNOOPPUNT_SERVICES_WORKLIST_CLOSING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/worklist/rules.h"

namespace knooppunt::worklist {

struct Closing {
  std::string date;  // first day on which it is closed, ISO; "" when it stays open
  std::string nl, en;

  bool closes() const { return !date.empty(); }
  // The last day before it closes, or `due` when that is earlier; `due` when it stays open.
  std::string DueBefore(const std::string& due) const;
};

// Of the werkplaats of the case that work is about: the case is to be handed over.
Closing WerkplaatsCloses(const Sight& sight);
// Of the werkplaats that receives the running handover with this id.
Closing ReceiverCloses(const Sight& sight, absl::string_view handover);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_CLOSING_H_
