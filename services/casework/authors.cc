#include "services/casework/authors.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/dossier/family_store.h"

namespace knooppunt::casework {

absl::StatusOr<Authors> Authors::Load(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                      const access::v1::FamilyFacts& facts) {
  absl::flat_hash_set<std::string> visible;
  for (const access::v1::PersonFact& p : facts.persons()) {
    KP_ASSIGN_OR_RETURN(const bool open, dossier::Opens(call, tx, p.id()));
    if (open || p.id() == call.person()) visible.insert(p.id());
  }
  return Authors(facts.id(), std::move(visible));
}

std::string Authors::Shown(const std::string& author) const {
  const auto name = base::ResourceName::Parse(author);
  if (!name.ok() || name->Id("persons").empty()) return author;  // a professional
  return visible_.contains(std::string(name->last_id())) ? author
                                                         : absl::StrCat("families/", family_);
}

void Authors::Show(v1::OutOfSchool* absence) const {
  for (v1::OutOfSchoolChange& change : *absence->mutable_changes()) {
    change.set_author(Shown(change.author()));
  }
}

void Authors::Show(v1::Escalation* escalation) const {
  escalation->set_raised_by(Shown(escalation->raised_by()));
}

}  // namespace knooppunt::casework
