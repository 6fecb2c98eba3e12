// Persons, gezag, households and contacts as one caller may see them: from the items that the
// permit opened, and of the facts only what is about those persons (R18). Pure but for reading
// items; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_FAMILY_VIEW_H_
#define KNOOPPUNT_SERVICES_FAMILY_VIEW_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/error.h"
#include "google/protobuf/message.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/family/v1/family.pb.h"
#include "security/crypto/hash.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"

namespace knooppunt::family {

// The items of persons that the permit opens, in order of creation.
struct VisiblePersons {
  std::vector<dossier::Item> items;
  std::set<std::string> ids;
  bool Sees(absl::string_view person) const { return ids.count(std::string(person)) > 0; }
};
absl::StatusOr<VisiblePersons> LoadVisiblePersons(const policy::AuthorizedCall& call,
                                                  storage::ReadTx& tx);

// One person's view. `visible` are those whose names may stand in it. The etag is left out.
struct PersonContext {
  const policy::AuthorizedCall& call;
  const access::v1::FamilyFacts& facts;
  const VisiblePersons& visible;
  const std::set<std::string>& with_bsn;
};
absl::StatusOr<v1::Person> PersonView(const dossier::Item& item, const PersonContext& context);

// An item's message, its label put in from the scope that opened it. DATA_LOSS when it cannot be
// read.
template <typename M>
absl::StatusOr<M> ParseLabelled(const dossier::Item& item) {
  M m;
  if (!m.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  *m.mutable_label() = item.label;
  return m;
}

// Hex of the first 16 bytes of SHA-256 over a view whose etag is not set.
inline std::string EtagOf(const google::protobuf::Message& view) {
  return crypto::HexEncode(crypto::Sha256(view.SerializeAsString()).substr(0, 16));
}
// ABORTED when `read` was given and is not `now`.
inline absl::Status CheckEtag(absl::string_view read, absl::string_view now) {
  return read.empty() || read == now ? absl::OkStatus() : dossier::errors::ChangedMeanwhile();
}

}  // namespace knooppunt::family

#endif  // KNOOPPUNT_SERVICES_FAMILY_VIEW_H_
