#include "services/access/policy_source.h"

#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "services/access/errors.h"

namespace knooppunt::access {

PolicySource::PolicySource(Options options)
    : path_(std::move(options.path)),
      clock_(options.clock),
      in_force_{.table = std::move(options.first), .since = clock_->Now()} {}

PolicySource::InForce PolicySource::Current() const {
  base::MutexLock lock(mu_);
  return in_force_;
}

absl::StatusOr<std::shared_ptr<const policy::Table>> PolicySource::Read() const {
  if (path_.empty()) return errors::NoPolicyFile();
  KP_ASSIGN_OR_RETURN(std::shared_ptr<const policy::Table> next, policy::Table::Load(path_));
  for (const std::string& permission : table()->Permissions()) {
    if (next->FindPermission(permission) == nullptr) return errors::PermissionGone(permission);
  }
  return next;
}

absl::Status PolicySource::Reload() {
  const InForce before = Current();
  auto next = Read();
  if (!next.ok()) {
    base::Log(base::Severity::kError,
              "the policy file is refused and the old policy stays in force: "
              "'knooppunt policy check FILE' says why",
              {{"in_force_sha256", before.table->sha256()},
               {"code", absl::StatusCodeToString(next.status().code())}});
    return next.status();
  }
  if ((*next)->sha256() == before.table->sha256()) {
    base::Log(base::Severity::kInfo, "the policy file is the policy in force",
              {{"in_force_sha256", before.table->sha256()}});
    return absl::OkStatus();
  }
  const std::string sha256 = (*next)->sha256();
  {
    base::MutexLock lock(mu_);
    in_force_ = {.table = *std::move(next), .since = clock_->Now()};
  }
  base::Log(base::Severity::kInfo, "a new policy is in force",
            {{"in_force_sha256", sha256}, {"before_sha256", before.table->sha256()}});
  return absl::OkStatus();
}

}  // namespace knooppunt::access
