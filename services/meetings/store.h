// What the dossier keeps beside the meetings of a family, sealed under its facts key, and the
// sittings of the werkplaatsen, which are about nobody. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_MEETINGS_STORE_H_
#define KNOOPPUNT_SERVICES_MEETINGS_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/meetings/v1/sitting.pb.h"
#include "knooppunt/meetings/v1/store.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::meetings {

struct StoredMeetings {
  int64_t version = 0;  // 0: there is no row
  v1::KeptMeetings kept;
};
// Everything kept of call.family(), of whatever scope: the reader leaves out what the call does not
// open (R18). Empty when nothing was ever kept.
absl::StatusOr<StoredMeetings> LoadMeetings(const policy::AuthorizedCall& call,
                                            storage::ReadTx& tx);
// Replaces what was loaded. ABORTED when somebody else did meanwhile.
absl::Status SaveMeetings(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                          const StoredMeetings& stored, crypto::Random& random);

struct SittingRow {
  std::string id;
  std::string werkplaats;    // "werkplaatsen/{w}"
  std::string organisation;  // "organisations/{o}" that ran the werkplaats when it was planned
  std::string date;          // ISO
  std::string start, end;    // "09:00"
  std::string place;
  v1::SittingState state = v1::SITTING_STATE_PLANNED;
  v1::ChangeReason change_reason = v1::CHANGE_REASON_UNSPECIFIED;

  std::string Name() const { return werkplaats + "/sittings/" + id; }
};
// RESOURCE_EXHAUSTED when the werkplaats has limits::kMaxSittingsPerWerkplaats from that day on.
absl::Status InsertSitting(storage::WriteTx& tx, const SittingRow& sitting);
// Puts day, times, place, state and reason in the place of what is stored.
absl::Status UpdateSitting(storage::WriteTx& tx, const SittingRow& sitting);
// nullopt when no sitting of that werkplaats has the id.
absl::StatusOr<std::optional<SittingRow>> FindSitting(storage::ReadTx& tx,
                                                      absl::string_view werkplaats,
                                                      absl::string_view id);
// By day and time, from `from_date` on.
absl::StatusOr<std::vector<SittingRow>> SittingsOf(storage::ReadTx& tx,
                                                   absl::string_view werkplaats,
                                                   absl::string_view from_date);

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_STORE_H_
