// What every act on a handover starts from and ends with. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_LOADING_H_
#define KNOOPPUNT_SERVICES_HANDOVER_LOADING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/policy/authorized_call.h"
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
};

// The handover named `name` and its case. The constant NOT_FOUND (R18) when it is not there, not
// opened, or the caller sits at the table to receive another one.
absl::Status LoadHandover(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                          absl::string_view name, LoadedHandover* out);
// Whether the caller sits at the table only to receive, and not this handover.
bool ReceivesAnother(const policy::AuthorizedCall& call, const CaseFact& c, const v1::Handover& h);
// NextState, and the act on the record.
struct Doing {
  Act act;
  absl::string_view note;
};
absl::Status Do(const policy::AuthorizedCall& call, const Doing& doing, LoadedHandover* loaded);
// Writes the handover back; `facts` only when they moved.
absl::Status StoreHandover(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                           const LoadedHandover& loaded, crypto::Random& random);

// R28: every part there, unchanged since it was shown, and with the handover itself covered by
// consent. Otherwise R28_NO_CONSENT or R28_PACKAGE_CHANGED.
absl::Status CheckPackage(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                          const LoadedHandover& loaded);

// The answer: `h` without the names of parts that the caller may not see (R18).
absl::Status Show(const policy::AuthorizedCall& call, storage::ReadTx& tx, v1::Handover h,
                  v1::Handover* resp);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_LOADING_H_
