#include "services/worklist/family_view.h"

#include <string>

#include "base/status.h"
#include "services/dossier/family_store.h"
#include "services/dossier/open_items.h"
#include "services/worklist/marks.h"

namespace knooppunt::worklist {
absl::StatusOr<std::unique_ptr<FamilyView>> ViewFamily(const policy::AuthorizedCall& call,
                                                       storage::ReadTx& tx) {
  auto view = std::make_unique<FamilyView>();
  KP_ASSIGN_OR_RETURN(view->facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(view->open, dossier::LoadOpenItems(call, tx));
  const access::v1::CaseFact* c = OpenCaseOf(view->facts);
  view->sight = {
      .facts = &view->facts,
      .claims = &call.claims(),
      .decision = &call.decision(),
      .regisseur = c == nullptr ? "" : call.decision().leader().seat(),
      .opens = [&call](absl::string_view scope) { return call.FindScope(scope) != nullptr; },
      .in_force = [&call](absl::string_view id) { return call.ConsentInForce(id); },
      .now = call.now()};
  return view;
}

absl::StatusOr<std::vector<v1::Notice>> MarkedNoticesOf(const policy::AuthorizedCall& call,
                                                        storage::ReadTx& tx,
                                                        const FamilyView& view) {
  std::vector<v1::Notice> notices = Notices(view.sight, view.open);
  if (notices.empty()) return notices;
  KP_ASSIGN_OR_RETURN(const StoredMarks stored, LoadMarks(call, tx, ReaderOf(view.sight)));
  ApplyMarks(stored.marks, &notices);
  return notices;
}

}  // namespace knooppunt::worklist
