// The runtime's own errors, and the one place where errors are made fit for the wire.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_ERRORS_H_
#define KNOOPPUNT_SERVICES_RUNTIME_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::runtime::errors {

// The constant sentence that "no such" and "not yours" share (R18, R19).
inline constexpr char kStranger[] =
    "Dit bestaat niet, of het is niet voor u. Hoort u aan deze tafel, vraag het dan de regisseur.";

absl::Status Refused(const access::v1::Decision& decision);
absl::Status NotAService();
absl::Status TooManyAnonymousCalls();
absl::Status TooManySearches();
absl::Status MalformedName(absl::string_view field);
absl::Status RequestIdNeeded();
absl::Status RequestIdReused();
absl::Status DeadlineNeeded();
absl::Status TooBusy();
absl::Status Stopping();
absl::Status UnknownMethod();
absl::Status Unparseable();
absl::Status TooLarge();
// Of streams (limits.h): too many at once, too long, silent too long, without a first message.
absl::Status TooManyStreams();
absl::Status StreamTooLong();
absl::Status StreamIdle();
absl::Status EmptyStream();
absl::Status AccessUnavailable(const absl::Status& cause);
// Access answered, and not to this question (P6). Loud in the log of the process.
absl::Status PermitForAnotherCall();
// The call took longer than its permit lasts; nothing was done with half of it.
absl::Status PermitExpired();
// R22: if the record cannot be written, there is no answer.
absl::Status NotRecorded(const absl::Status& cause);
absl::Status Internal(const absl::Status& cause);

// Keeps what has a reason of ours; anything else becomes INTERNAL without detail (logged by
// code), so that internals never leak.
absl::Status ForTheWire(absl::Status status);

}  // namespace knooppunt::runtime::errors

#endif  // KNOOPPUNT_SERVICES_RUNTIME_ERRORS_H_
