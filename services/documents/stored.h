// A document as its item holds it, and as a caller sees it. The item's payload is
// documents.v1.Document without name, label and etag, in which the name of each version is the id
// of its content: so the sealed item says which content is which version, and nothing outside it
// does. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOCUMENTS_STORED_H_
#define KNOOPPUNT_SERVICES_DOCUMENTS_STORED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/documents/content.h"
#include "services/dossier/family_store.h"

namespace knooppunt::documents {

inline constexpr char kCasePattern[] = "families/*/cases/*";
inline constexpr char kDocumentPattern[] = "families/*/cases/*/documents/*";
inline constexpr char kVersionPattern[] = "families/*/cases/*/documents/*/versions/*";

struct Stored {
  dossier::Item item;
  v1::Document document;  // as stored; the label is the item's
  // The content of version `n`, which counts from 1 and is there.
  Content ContentOf(int n) const;
};

// DATA_LOSS when the item is no document.
absl::StatusOr<Stored> FromItem(dossier::Item item);
// What goes into the item's payload.
std::string Payload(const v1::Document& stored);

// A document by name, or one of its versions. NOT_FOUND as dossier::GetItem, also when the name
// says another case or a version that is not there; INVALID_ARGUMENT when it is no such name.
struct Named {
  Stored stored;
  int version = 0;  // from 1; the newest when the name says none
};
absl::StatusOr<Named> FindDocument(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                   absl::string_view name);
absl::StatusOr<Named> FindVersion(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                  absl::string_view name);

// Whether the caller may see version `n` of it: the receiving side of a handover sees the versions
// that are offered to it and no others of the same label (R28); everybody else sees all.
absl::StatusOr<bool> SeesVersion(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                 const Stored& stored, int n);

// As the caller sees it, with its etag. The versions that they may not see are left out. A family
// member whom they may not see is "families/{f}" (R18).
absl::StatusOr<v1::Document> View(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                  const Stored& stored);

}  // namespace knooppunt::documents

#endif  // KNOOPPUNT_SERVICES_DOCUMENTS_STORED_H_
