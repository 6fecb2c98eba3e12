// What every change of the plan starts from and ends with. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_EDITING_H_
#define KNOOPPUNT_SERVICES_PLAN_EDITING_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"
#include "services/plan/items.h"
#include "services/plan/rules.h"

namespace knooppunt::plan {

Writer WriterOf(const AuthorizedCall& call);

// Where a new item goes: the family's facts and its case, which is not closed.
struct Place {
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  access::v1::FamilyFacts facts;
  const access::v1::CaseFact* c = nullptr;  // in facts
};
// `parent` names the case; the label is whole and about persons of this family (R38).
absl::Status LoadPlace(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view parent,
                       const common::v1::Label& label, absl::string_view field, Place* out);
// Stores it, and shows it as the caller may see it.
absl::Status Add(const AuthorizedCall& call, storage::WriteTx& tx, Place* place, v1::PlanItem* item,
                 crypto::Random& random);

// The item to change, of a case that is not closed, whose etag over the caller's view is `etag`;
// ABORTED for another, INVALID_ARGUMENT for none.
struct Change {
  absl::string_view name;
  absl::string_view collection;
  absl::string_view etag;
};
absl::Status LoadForChange(const AuthorizedCall& call, storage::ReadTx& tx, const Change& change,
                           LoadedItem* out);
// Stores `next` as the next revision, and shows it as the caller may see it.
absl::Status Save(const AuthorizedCall& call, storage::WriteTx& tx, const LoadedItem& loaded,
                  v1::PlanItem* next, crypto::Random& random);

// Each name is of an item of this case that the permit opens. UnknownLink, alike for what is not
// there and what is not the caller's (R18).
absl::Status CheckLinked(const AuthorizedCall& call, storage::ReadTx& tx,
                         const access::v1::CaseFact& c, dossier::ItemKind kind,
                         absl::string_view field,
                         const google::protobuf::RepeatedPtrField<std::string>& names);
absl::Status CheckServes(const AuthorizedCall& call, storage::ReadTx& tx,
                         const access::v1::CaseFact& c, absl::string_view wish);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_EDITING_H_
