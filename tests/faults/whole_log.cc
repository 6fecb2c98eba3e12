#include "tests/faults/whole_log.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/status.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/audit/note.h"
#include "security/audit/tiles.h"

namespace knooppunt::faults {
namespace {

class AuditorsLeaves final : public audit::LeafSource {
 public:
  explicit AuditorsLeaves(integration::Region& region) : region_(region) {}
  absl::StatusOr<std::vector<std::string>> ReadLeaves(int64_t begin, int count) const override {
    std::vector<std::string> leaves;
    while (static_cast<int>(leaves.size()) < count) {
      audit::v1::ReadLogRequest request;
      request.set_start(begin + static_cast<int64_t>(leaves.size()));
      request.set_limit(count - static_cast<int>(leaves.size()));
      audit::v1::ReadLogResponse response;
      KP_RETURN_IF_ERROR(
          region_.Call(region_.auditor, "audit.v1.AuditService/ReadLog", request, &response));
      if (response.leaves().empty())
        return absl::DataLossError("the log is shorter than its checkpoint");
      leaves.insert(leaves.end(), response.leaves().begin(), response.leaves().end());
    }
    return leaves;
  }

 private:
  integration::Region& region_;
};

}  // namespace

absl::StatusOr<audit::VerifyLogReport> VerifyWholeLog(integration::Region& region) {
  for (const char* unit : {"dossier", "directory", "access", "audit"}) {
    KP_RETURN_IF_ERROR(region.process().host(unit)->shipper().Flush(absl::Seconds(20)));
  }
  KP_RETURN_IF_ERROR(region.process().audit_unit()->FlushCheckpoint());
  audit::v1::Checkpoint checkpoint;
  KP_RETURN_IF_ERROR(region.Call(region.auditor, "audit.v1.AuditService/GetCheckpoint",
                                 audit::v1::GetCheckpointRequest(), &checkpoint));
  const AuditorsLeaves leaves(region);
  const std::string dir = region.folder() + "/log";
  KP_RETURN_IF_ERROR(
      audit::WriteLogDirectory({.dir = dir, .checkpoint = checkpoint.note(), .leaves = &leaves}));
  KP_ASSIGN_OR_RETURN(
      audit::NoteVerifier key,
      audit::NoteVerifier::Create(region.config().audit().origin(), audit::NoteAlgorithm::kEd25519,
                                  region.log_key().verify_key()));
  return audit::VerifyLogDirectory({.dir = dir,
                                    .log_key = std::move(key),
                                    .witness_keys = {},
                                    .required_witnesses = 0,
                                    .older = ""});
}

}  // namespace knooppunt::faults
