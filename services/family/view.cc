#include "services/family/view.h"

#include "base/date.h"
#include "base/status.h"
#include "services/dossier/rules.h"
#include "services/family/rules.h"

namespace knooppunt::family {

absl::StatusOr<VisiblePersons> LoadVisiblePersons(const policy::AuthorizedCall& call,
                                                  storage::ReadTx& tx) {
  VisiblePersons out;
  KP_ASSIGN_OR_RETURN(out.items, dossier::ListItems(call, tx, "", dossier::ItemKind::kPerson));
  for (const dossier::Item& item : out.items) out.ids.insert(item.id);
  return out;
}

absl::StatusOr<v1::Person> PersonView(const dossier::Item& item, const PersonContext& context) {
  casework::v1::Person stored;
  if (!stored.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  v1::Person out;
  out.set_name(PersonName(context.facts.id(), item.id));
  out.set_given_name(stored.given_name());
  out.set_family_name(stored.family_name());
  out.set_birth_date(stored.birth_date());
  out.set_role(stored.role());
  for (const std::string& child :
       dossier::ChildrenUnderGezagOf(context.facts, item.id, base::DateOf(context.call.now()))) {
    if (context.visible.Sees(child)) out.add_gezag_over(PersonName(context.facts.id(), child));
  }
  // Whose number is known is for who answers for the record.
  const bool answers =
      context.call.is_staff() && item.label.controller() == context.call.organisation();
  out.set_bsn_recorded(answers && context.with_bsn.count(item.id) > 0);
  *out.mutable_label() = item.label;
  return out;
}

}  // namespace knooppunt::family
