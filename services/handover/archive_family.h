// The family that an archive makes here, by the rules by which a school opens a case (R1, R11,
// R38). Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_FAMILY_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_FAMILY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/archive/v1/payload.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "services/dossier/family_store.h"

namespace knooppunt::handover {

// An id of this call: persons ("p", i), the case ("c", 0).
using IdSource = std::function<std::string(absl::string_view prefix, int n)>;

// The labels that taking it in writes under: of each person; of the case and the handover; of the
// family's view; of each part that is no person. In the pupil's file of the receiving organisation.
std::vector<common::v1::Label> LabelsOf(const archive::v1::ArchivePayload& payload,
                                        const IdSource& id);

// As the request of a school that opens the case. INVALID_ARGUMENT unless `institutions` names
// every institution of the archive and no other.
absl::StatusOr<casework::v1::OpenCaseRequest> AsOpening(
    const archive::v1::ArchivePayload& payload,
    const google::protobuf::RepeatedPtrField<archive::v1::InstitutionHere>& institutions,
    absl::string_view from);

// The facts that a checked opening makes, with the periods of gezag that the archive says.
struct Importer {
  const access::v1::TokenClaims& claims;
  absl::string_view organisation;
};
dossier::FamilyFacts FactsOf(const archive::v1::ArchivePayload& payload,
                             const casework::v1::OpenCaseRequest& opening, absl::string_view family,
                             const Importer& by, const IdSource& id, absl::Time now);

// What is written down, in the order of LabelsOf; each knows which of those labels it is under. The
// handover itself is left to the caller.
struct NewItem {
  dossier::Item item;
  int label = 0;
};
struct Taken {
  std::vector<NewItem> items;
  std::vector<std::string> names;  // as the handover lists them
  // Parts that are documents, and the label that each is under: left to the caller too.
  struct Document {
    int part = 0;
    int label = 0;
  };
  std::vector<Document> documents;
};
// The documents that had no room in it, as the archive names them.
google::protobuf::RepeatedPtrField<v1::ApartDocument> ApartOf(
    const archive::v1::ArchivePayload& payload);

Taken ItemsOf(const archive::v1::ArchivePayload& payload,
              const casework::v1::OpenCaseRequest& opening, absl::string_view family,
              absl::string_view actor, const IdSource& id, absl::Time now);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_FAMILY_H_
