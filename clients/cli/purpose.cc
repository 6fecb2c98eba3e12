#include "clients/cli/purpose.h"

#include "absl/strings/match.h"

namespace knooppunt::cli {

common::v1::Purpose DefaultPurpose(absl::string_view method, const Profile& profile) {
  if (profile.is_family()) return common::v1::PURPOSE_OWN_FILE;
  if (absl::StartsWith(method, "/knooppunt.audit.")) return common::v1::PURPOSE_AUDIT;
  if (absl::StartsWith(method, "/knooppunt.handover.") ||
      absl::StartsWith(method, "/knooppunt.archive.")) {
    return common::v1::PURPOSE_HANDOVER;
  }
  if (absl::EndsWith(method, "Emergency") || absl::EndsWith(method, "/ListEmergencies")) {
    return profile.function == common::v1::FUNCTION_PRIVACY_OFFICER ? common::v1::PURPOSE_AUDIT
                                                                    : common::v1::PURPOSE_EMERGENCY;
  }
  if (absl::EndsWith(method, "/ListOwnRecord")) return common::v1::PURPOSE_OWN_RECORD;
  if (absl::StartsWith(method, "/knooppunt.directory.") || absl::EndsWith(method, "/GetPolicy") ||
      absl::EndsWith(method, "/Simulate")) {
    switch (profile.function) {
      case common::v1::FUNCTION_ADMINISTRATOR:
      case common::v1::FUNCTION_MANDATE_HOLDER:
        return common::v1::PURPOSE_ADMINISTRATION;
      case common::v1::FUNCTION_PRIVACY_OFFICER:
        return common::v1::PURPOSE_AUDIT;
      default:
        return common::v1::PURPOSE_COORDINATION;
    }
  }
  return common::v1::PURPOSE_COORDINATION;
}

}  // namespace knooppunt::cli
