// The package of a handover: the parts that travel, as the family is shown them and the
// receiving side signs for them (R28). The canonical bytes are specified in README.md.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_PACKAGE_H_
#define KNOOPPUNT_SERVICES_HANDOVER_PACKAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::handover {

// A part that the permit opened.
struct OpenedPart {
  v1::HandoverPart part;
  std::string scope;
  common::v1::Label label;
};

// The part of `item` as shown. Pure. Only what never changes is in the text, so that a step done
// meanwhile does not make the package another one. Of a document it is the version that `name`
// says. DATA_LOSS when the item does not parse; NOT_FOUND when there is no such version, or it was
// withdrawn.
absl::StatusOr<v1::HandoverPart> PartOf(absl::string_view name, const dossier::Item& item);
// A document as it is picked: "…/documents/{d}" becomes its newest version; other names stay.
absl::StatusOr<std::string> PickedAs(absl::string_view name, const dossier::Item& item);

// Hex SHA-256 over the canonical bytes of the parts, in any order given: form 1. Pure.
std::string PackageHash(const std::vector<OpenedPart>& parts);
// Form 2: of one part, and of a package from the hashes of its parts. So a part that does not
// travel can be named by its hash, and the package stays the one that the family was shown.
std::string PartHash(const v1::HandoverPart& part);
std::string PackageHashOf(std::vector<std::string> part_hashes);

// The names of everything of the case in these compartments that the permit opens and that can be
// a part, about nobody else than `children` where these are given.
absl::StatusOr<std::vector<std::string>> PickCompartments(const policy::AuthorizedCall& call,
                                                          storage::ReadTx& tx,
                                                          absl::string_view case_id,
                                                          const std::vector<int>& compartments,
                                                          const std::vector<std::string>& children);

// The part with this name; nullopt when it is not there or not opened (R18: alike).
absl::StatusOr<std::optional<OpenedPart>> LoadPart(const policy::AuthorizedCall& call,
                                                   storage::ReadTx& tx, absl::string_view name,
                                                   absl::string_view case_id);
// Those parts of h.items() that the permit opens.
absl::StatusOr<std::vector<OpenedPart>> LoadParts(const policy::AuthorizedCall& call,
                                                  storage::ReadTx& tx, const v1::Handover& h,
                                                  absl::string_view case_id);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_PACKAGE_H_
