#include "services/casework/step_owner.h"

#include <algorithm>
#include <vector>

#include "services/casework/errors.h"
#include "services/dossier/errors.h"

namespace knooppunt::casework {

absl::Status CheckOwnerReads(const access::v1::Decision& decision, absl::string_view owner_seat,
                             absl::string_view scope) {
  const bool reads = !owner_seat.empty() &&
                     std::any_of(decision.parties().begin(), decision.parties().end(),
                                 [&](const access::v1::PartySight& p) {
                                   return p.seat() == owner_seat && p.allowed() &&
                                          std::find(p.scopes().begin(), p.scopes().end(), scope) !=
                                              p.scopes().end();
                                 });
  return reads ? absl::OkStatus() : errors::OwnerWouldNotRead();
}

absl::Status CheckOwnerWillRead(const policy::AuthorizedCall& call, absl::string_view owner_seat,
                                int label_index) {
  const std::vector<policy::KeyedScope>& scopes = call.write_scopes();
  if (label_index < 0 || label_index >= static_cast<int>(scopes.size())) {
    return dossier::errors::NoLabel();
  }
  return CheckOwnerReads(call.decision(), owner_seat, scopes[label_index].id);
}

}  // namespace knooppunt::casework
