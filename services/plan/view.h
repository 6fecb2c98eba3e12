// The plan as one caller may see it (R18): what the permit opened, with no name of what it did not,
// and nobody of the family by id whom the caller may not see. Not thread-safe: a reader belongs to
// one call.
#ifndef KNOOPPUNT_SERVICES_PLAN_VIEW_H_
#define KNOOPPUNT_SERVICES_PLAN_VIEW_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::plan {

class Reader {
 public:
  // Nothing is owned; all outlive the reader.
  Reader(const policy::AuthorizedCall& call, storage::ReadTx& tx,
         const access::v1::FamilyFacts& facts)
      : call_(call), tx_(tx), facts_(facts) {}

  // Whether the permit opens the item with this id, which stays closed.
  absl::StatusOr<bool> Sees(absl::string_view id);
  // Turns a stored item, its label put in, into what the caller may see of it, with its etag.
  absl::Status Show(v1::PlanItem* item);

 private:
  absl::Status ShowLinks(google::protobuf::RepeatedPtrField<std::string>* names);
  absl::Status ShowLink(std::string* name);
  template <typename Named>
  absl::Status ShowAuthor(Named* named);
  absl::StatusOr<std::string> ShowPerson(const std::string& name, access::v1::FamilyRole* role);
  absl::Status ShowParts(v1::Wish* wish);
  absl::Status ShowParts(v1::Goal* goal);
  absl::Status ShowParts(v1::Asset* asset);
  absl::Status ShowParts(v1::Arrangement* arrangement);
  absl::Status ShowReactions(google::protobuf::RepeatedPtrField<v1::Reaction>* reactions);

  const policy::AuthorizedCall& call_;
  storage::ReadTx& tx_;
  const access::v1::FamilyFacts& facts_;
  absl::flat_hash_map<std::string, bool> seen_;
};

// The whole plan of a case.
absl::StatusOr<v1::Plan> PlanView(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                  const access::v1::FamilyFacts& facts,
                                  const access::v1::CaseFact& c);

// Hex of the first 16 bytes of SHA-256 over a view whose own etag is not set.
std::string EtagOf(const google::protobuf::Message& view);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_VIEW_H_
