// What may be appended, and what each reader sees of a record (R25). Pure: no I/O, no
// clock. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_AUDIT_RULES_H_
#define KNOOPPUNT_SERVICES_AUDIT_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/storage/database.h"

namespace knooppunt::audit_service {

using AppendEntry = audit::v1::AppendRequest::Entry;

// Shape of an append: at most kMaxEntriesPerAppend entries, numbered upwards without gap
// from 1 or later, payload and tag on audit records only. INVALID_ARGUMENT, or
// FAILED_PRECONDITION for a gap.
absl::Status CheckAppend(const audit::v1::AppendRequest& request);
// The entry as the unit's outbox held it. `entry` has passed CheckAppend.
storage::OutboxEntry ToOutboxEntry(const AppendEntry& entry);
// FAILED_PRECONDITION unless `entry` is number position + 1 and its chain follows.
absl::Status CheckFollows(const storage::OutboxEntry& entry, int64_t position,
                          absl::string_view chain);

// Who reads a family's log.
struct Reader {
  bool auditor = false;  // every record of the family, by pseudonym
  std::string subject;   // the family's pseudonym
  std::string person;    // the family member who reads; empty for an auditor
  absl::flat_hash_set<std::string> visible_persons;  // whose records a family member may see
  absl::flat_hash_set<std::string> hidden_grounds;   // ids of what the family was not told (R15)
  absl::flat_hash_set<std::string> visible_bases;    // ids of consents and grounds they see (R18)
  // Person id and Compartment: what is about them there is theirs alone (R18).
  absl::flat_hash_set<std::pair<std::string, int>> read_alone;
  // A family member sees emergency access from before this instant, Unix milliseconds (R20).
  int64_t emergencies_shown_before_ms = 0;
};

// Who acted, as far as a reader is told.
enum class ActorKind { kReader, kFamilyMember, kOutsider, kStaff, kSystem };

struct RecordView {
  audit::v1::RecordWho who;
  audit::v1::RecordAbout about;
  ActorKind actor = ActorKind::kSystem;
};

// What `reader` sees of a record; nothing when it is not theirs to see. A family member
// sees no record that touched SAFETY, none about persons of whom none is visible to
// them, none of another member's looking into the log, none that tells of a ground that
// the family was not told of (R15), none that touched only what a youth reads alone, of what
// another member did nothing that touched nothing of theirs, and emergency access and its review
// not before it is safe. Of what touched others too, the others are left out, and which consents it
// rested on; a consent or ground that they may not see is left out always. A member's account
// shows to those who may see that member.
std::optional<RecordView> ViewFor(const Reader& reader, audit::v1::RecordWho who,
                                  audit::v1::RecordAbout about);

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_RULES_H_
