// The policy in force, and how another takes its place while serving: an operator changes the
// file, asks for it (SIGHUP), and every decision that begins after that is made by the new one.
// A decision that is under way keeps the one it began with. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_POLICY_SOURCE_H_
#define KNOOPPUNT_SERVICES_ACCESS_POLICY_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "security/policy/table.h"

namespace knooppunt::access {

class PolicySource {
 public:
  struct Options {
    std::shared_ptr<const policy::Table> first;  // never null
    std::string path;                            // of the file; empty: Reload refuses
    const base::Clock* clock = nullptr;          // not owned
  };
  explicit PolicySource(Options options);

  struct InForce {
    std::shared_ptr<const policy::Table> table;
    absl::Time since;
  };
  InForce Current() const;
  std::shared_ptr<const policy::Table> table() const { return Current().table; }

  // Reads the file again. A policy that is refused (table_checks.h), or that no longer lists a
  // permission of the one in force, which methods ask for by name (P1), leaves everything as it
  // was; the status says why. The log says which policy is in force after it, by its hash, and
  // nothing of what stands in it.
  absl::Status Reload();

 private:
  absl::StatusOr<std::shared_ptr<const policy::Table>> Read() const;

  const std::string path_;
  const base::Clock* const clock_;
  mutable base::Mutex mu_;
  InForce in_force_ ABSL_GUARDED_BY(mu_);
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_POLICY_SOURCE_H_
