// A unit: what owns a store and a transaction. Each unit's main file implements this;
// the server wires units together and starts them in order.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_UNIT_H_
#define KNOOPPUNT_SERVICES_RUNTIME_UNIT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::runtime {

class Unit {
 public:
  virtual ~Unit() = default;
  // "dossier", "directory", "access" or "audit".
  virtual absl::string_view name() const = 0;
  virtual storage::Database& database() = 0;
  // Adds the unit's methods.
  virtual void Register(Registry& registry) = 0;
  // Called once at the start, when the unit's stream in the log is open and before anybody is
  // served: for what a first start writes, so that the log begins with the opening (R24).
  virtual absl::Status Begin() { return absl::OkStatus(); }
  // Called when the unit starts and with each heartbeat of its stream (kAuditHeartbeatSeconds), on
  // a thread of the runtime: to look whether something is overdue, and say so. Changes nothing.
  virtual void Heartbeat(absl::Time /*now*/) {}
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_UNIT_H_
