// The privacy officer's inbox (R20): what emergency access there was, over all families, without
// opening any. The facts of the family remain what decides. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_STORE_H_
#define KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/consent/emergency_rules.h"

namespace knooppunt::consent {

struct InboxRow {
  std::string family;
  std::string subject;  // the pseudonym of the family's log
  std::string case_id;  // the newest when it was opened
  EmergencyFact fact;   // without reason, outcome and compartments
};

// Puts what was opened in, in the transaction that opens it: an emergency that the officer does
// not see is not open.
absl::Status InsertEmergency(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                             const InboxRow& row);
// Notes review and end. DATA_LOSS when it is not in the inbox.
absl::Status UpdateEmergency(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                             const EmergencyFact& fact);

struct InboxFilter {
  bool reviewed = false;  // these too
  bool own = false;       // only the caller's, of this organisation and function
};
// Oldest first. At most kMaxEmergenciesListed that wait, the oldest; and of those reviewed the
// newest as many.
absl::StatusOr<std::vector<InboxRow>> ListEmergencyRows(const policy::AuthorizedCall& call,
                                                        storage::ReadTx& tx,
                                                        const InboxFilter& filter);
// How often the caller opened one from `since` on.
absl::StatusOr<int64_t> CountOpenedSince(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                         absl::Time since);

// For the alarm: a number, about nobody, so it needs no decision.
absl::StatusOr<int64_t> CountOverdueReviews(storage::ReadTx& tx, absl::Time now);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_STORE_H_
