// One family as a call sees it, read from the store: what worklist, inbox and digest start from.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_FAMILY_VIEW_H_
#define KNOOPPUNT_SERVICES_WORKLIST_FAMILY_VIEW_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/worklist/notices.h"
#include "services/worklist/rules.h"

namespace knooppunt::worklist {

// Two rows of the store, however many items the family has. Not copied: the sight points into it.
struct FamilyView {
  access::v1::FamilyFacts facts;
  v1::OpenItems open;
  Sight sight;
};
// `call` outlives the view.
absl::StatusOr<std::unique_ptr<FamilyView>> ViewFamily(const policy::AuthorizedCall& call,
                                                       storage::ReadTx& tx);

// The notices with the reader's marks on them.
absl::StatusOr<std::vector<v1::Notice>> MarkedNoticesOf(const policy::AuthorizedCall& call,
                                                        storage::ReadTx& tx,
                                                        const FamilyView& view);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_FAMILY_VIEW_H_
