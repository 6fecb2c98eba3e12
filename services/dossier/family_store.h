// The dossier unit's store in domain terms: the facts of a family (who may) and its items
// (what was said). Both are sealed under keys that only a decision gives (promise P6); the
// tables show random ids, kinds and versions, nothing about people.
//
// The facts of a family are one aggregate, access::v1::FamilyFacts: rules are pure
// functions on it. SaveFacts writes it back and puts the same snapshot into the outbox, so
// that access has it in force when the call answers. No handler can forget: what is not
// saved did not happen.
//
// Thread-safe (no state). Every function takes the call: what its permit does not open
// does not exist (R18), and what was opened is noted for the audit record (R22).
#ifndef KNOOPPUNT_SERVICES_DOSSIER_FAMILY_STORE_H_
#define KNOOPPUNT_SERVICES_DOSSIER_FAMILY_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::dossier {

using access::v1::FamilyFacts;
using policy::AuthorizedCall;

// Kinds of items. Stored as numbers: append only. The payload is the named message.
enum class ItemKind : int {
  kPerson = 1,            // casework.v1.Person
  kOpening = 2,           // casework.v1.Case, with level and reason only
  kGoal = 3,              // plan.v1.Goal
  kStep = 4,              // casework.v1.Step
  kMeeting = 5,           // casework.v1.Meeting
  kContribution = 6,      // casework.v1.Contribution
  kClosing = 7,           // casework.v1.Case, with outcome only
  kConsentWording = 8,    // consent.v1.Consent, with wording only
  kHandover = 9,          // handover.v1.Handover
  kSignatureRecord = 10,  // consent.v1.RecordSignatureRequest: the scan, and who it was and how
  kGround = 11,           // consent.v1.Ground, with its texts only
  kWish = 12,             // plan.v1.Wish
  kAsset = 13,            // plan.v1.Asset
  kArrangement = 14,      // plan.v1.Arrangement
  kPlanVersion = 15,      // one of these: what it said before
  // The block of family and requests.
  kPersonRevision = 40,  // family.v1.PersonRevision, kept under its person's id
  kContact = 41,         // family.v1.Contact: how to reach the person that its label is about
  kHousehold = 42,       // family.v1.Household
  kAddress = 43,         // family.v1.Address, kept under its household's id
  kGezagBasis = 44,      // family.v1.Gezag, with its references only; kept under its gezag's id
  kRequest = 45,         // requests.v1.Request
  // The block of the life of a case.
  kFamilyReason = 60,  // casework.v1.Case, with the family's reason only
  kOutOfSchool = 61,   // casework.v1.OutOfSchool
  kEscalation = 62,    // casework.v1.Escalation
  // The block of documents.
  kDocument = 80,  // documents.v1.Document, as services/documents/stored.h says
  // The block of meetings.
  kAgendaItem = 90,  // meetings.v1.AgendaItem
};

struct Item {
  std::string id;
  ItemKind kind = ItemKind::kPerson;
  // Empty for what belongs to the family as such; of an earlier version, the item that it was of.
  std::string case_id;
  std::string scope;
  int64_t version = 0;  // grows with every write; part of what the seal binds
  common::v1::Label label;
  std::string payload;  // serialized message, opened
};

// Facts of call.family(). NOT_FOUND never shows outside: the gate has refused before.
absl::StatusOr<FamilyFacts> LoadFacts(const AuthorizedCall& call, storage::ReadTx& tx);

// Inserts (revision 0) or updates facts, revision + 1, and emits the snapshot. ABORTED when
// the stored revision is not `facts.revision()`. RESOURCE_EXHAUSTED over the caps of limits.h.
absl::Status SaveFacts(const AuthorizedCall& call, storage::WriteTx& tx, FamilyFacts* facts,
                       crypto::Random& random);

// All items of `kind` that the permit opens, of the case (or of the family when empty), in
// order of creation.
absl::StatusOr<std::vector<Item>> ListItems(const AuthorizedCall& call, storage::ReadTx& tx,
                                            absl::string_view case_id,
                                            std::optional<ItemKind> kind);
// How many items of `kind` the case has, opened by the permit or not: for a cap.
absl::StatusOr<int64_t> CountItems(const AuthorizedCall& call, storage::ReadTx& tx,
                                   absl::string_view case_id, ItemKind kind);
// One item. Not there, of another family and not opened by the permit are one and the same:
// NOT_FOUND with one constant message.
absl::StatusOr<Item> GetItem(const AuthorizedCall& call, storage::ReadTx& tx, ItemKind kind,
                             absl::string_view id);
// Whether the permit opens the item, which it leaves closed: for a name that stands in another item
// (R18). False when it is not there or of another family.
absl::StatusOr<bool> Opens(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view id);

// Seals and inserts a new item under call.write_scopes()[label_index], and adds that scope to
// `facts` when it is new; the caller saves `facts` afterwards.
absl::Status InsertItem(const AuthorizedCall& call, storage::WriteTx& tx, FamilyFacts* facts,
                        const Item& item, int label_index, crypto::Random& random);
// Seals and inserts a new item under the scope of `beside`, an item just read: what replaces it or
// follows from it, about the same and with the same controller.
absl::Status InsertBeside(const AuthorizedCall& call, storage::WriteTx& tx, const Item& item,
                          const Item& beside, crypto::Random& random);
// Seals and replaces the payload of an item just read (same scope, version + 1). ABORTED when
// somebody else changed it meanwhile.
absl::Status UpdateItem(const AuthorizedCall& call, storage::WriteTx& tx, const Item& item,
                        crypto::Random& random);

// Search tokens (R3): HMAC under the region's key, so the table shows no name. `token` comes
// from SearchToken().
std::string SearchToken(const AuthorizedCall& call, absl::string_view family_name,
                        absl::string_view birth_date);
absl::Status PutSearchToken(const AuthorizedCall& call, storage::WriteTx& tx,
                            absl::string_view token);

// What SearchFamilies may show: that, not what. SaveFacts keeps it up to date from the facts:
// names of the directory only, nothing about the family.
struct SearchHit {
  std::string family;
  bool open_case = false;
  std::string ask;               // "professionals/{id}": regisseur, else stand-in, else who opened
  std::string ask_organisation;  // "organisations/{id}"
};
absl::StatusOr<std::vector<SearchHit>> FindByToken(const AuthorizedCall& call, storage::ReadTx& tx,
                                                   absl::string_view token);
// Two records of one family (R1): from now on a search or a look for doubles that meets
// call.family() finds `into`, the one that stays; and FindAgain takes that back. No chains: `into`
// itself is found as it is.
absl::Status FindInstead(const AuthorizedCall& call, storage::WriteTx& tx, absl::string_view into);
absl::Status FindAgain(const AuthorizedCall& call, storage::WriteTx& tx);
// Whether another family is found as call.family() now.
absl::StatusOr<bool> TookIn(const AuthorizedCall& call, storage::ReadTx& tx);
// Whether another family that shares a child's token with call.family() has a case that is
// not closed: what stands in the way of reopening (R1).
absl::StatusOr<bool> OpenElsewhere(const AuthorizedCall& call, storage::ReadTx& tx);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_FAMILY_STORE_H_
