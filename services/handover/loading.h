// What every act on a handover starts from and ends with. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_LOADING_H_
#define KNOOPPUNT_SERVICES_HANDOVER_LOADING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/policy/authorized_call.h"
#include "security/policy/handover_kinds.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"
#include "services/handover/package.h"
#include "services/handover/rules.h"

namespace knooppunt::handover {

struct LoadedHandover {
  FamilyFacts facts;
  CaseFact* c = nullptr;  // in facts
  dossier::Item item;
  v1::Handover h;
  std::string id;
  Sides sides;
  // Set by Do where the table asks for it: what travels now, and the hashes of what does not.
  std::vector<OpenedPart> parts;
  std::vector<std::string> withheld;
};

// The handover named `name` and its case. The constant NOT_FOUND (R18) when it is not there, not
// opened, or the caller sits at the table to receive another one.
absl::Status LoadHandover(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                          absl::string_view name, LoadedHandover* out);
// The handover in an item, with the day on which its receiving werkplaats closes, as far as that is
// known (R27). DATA_LOSS when it cannot be read.
absl::Status ParseHandover(const policy::AuthorizedCall& call, const dossier::Item& item,
                           v1::Handover* out);
// As it is kept: without what the server tells of the day of today.
std::string Kept(v1::Handover h);
// The caller, as SidesOf looks at them. Points into `call`.
Caller CallerOf(const policy::AuthorizedCall& call);
// Whether the caller sits at the table only to receive, and not this handover.
bool ReceivesAnother(const policy::AuthorizedCall& call, const CaseFact& c, const v1::Handover& h);
// An act, and what the guards of its row look at.
struct Doing {
  Act act;
  absl::string_view note = "";
  absl::string_view etag = "";                     // empty: not stated
  const std::string* signed_for = nullptr;         // the hash, for the receipt
  const v1::Conversation* conversation = nullptr;  // what was held
  const policy::HandoverKinds* kinds = nullptr;    // who must take part, and from when
};
// Finds the row of the table, checks every guard of it and puts the act on the record. What it
// refuses leaves everything as it was. INTERNAL when a guard asks for what `doing` does not have.
// Of the guards `whole`, `people` and `single` are left to the effects: show, accept and draft; so
// is all that is asked of a draft.
absl::StatusOr<const Transition*> Do(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                     const Doing& doing, LoadedHandover* loaded);
// Loads the parts that may go over at this moment, as the guard `cover` does; nothing is put on
// record.
absl::Status LoadCovered(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                         LoadedHandover* loaded);
// Writes the handover back; `facts` only when they moved.
absl::Status StoreHandover(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                           const LoadedHandover& loaded, crypto::Random& random);

// The answer: `h` as the caller sees it, with its state today and its etag: without the names of
// parts that the caller may not see (R18), and without what the server keeps for itself.
absl::Status Show(const policy::AuthorizedCall& call, storage::ReadTx& tx, v1::Handover h,
                  v1::Handover* resp);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_LOADING_H_
