// A step, its case and the caller's place at the table: what each act on a step starts from and
// ends with. Not thread-safe: belongs to one call.
#ifndef KNOOPPUNT_SERVICES_CASEWORK_STEP_AT_TABLE_H_
#define KNOOPPUNT_SERVICES_CASEWORK_STEP_AT_TABLE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/step.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::casework {

struct StepAtTable {
  access::v1::FamilyFacts facts;
  const access::v1::CaseFact* c = nullptr;  // in facts
  const access::v1::Seat* by = nullptr;     // in facts
  dossier::Item item;
  v1::Step step;
};

// NOT_FOUND, or FAILED_PRECONDITION for who has no joined seat and for a case that is closed.
absl::Status LoadStep(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                      absl::string_view step_name, StepAtTable* out);
absl::Status StoreStep(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                       const StepAtTable& at, crypto::Random& random);
// The answer to an act on a step: what it comes from, where it went and what decided on it are
// named to who may see that (R18).
absl::Status ShowStep(const policy::AuthorizedCall& call, storage::ReadTx& tx, v1::Step step,
                      v1::Step* resp);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_STEP_AT_TABLE_H_
