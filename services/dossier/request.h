// What every handler of the dossier unit does first: read the names and days of a request
// and find the caller at the table. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOSSIER_REQUEST_H_
#define KNOOPPUNT_SERVICES_DOSSIER_REQUEST_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "base/resource_name.h"
#include "google/protobuf/timestamp.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/authorized_call.h"

namespace knooppunt::dossier {

// INVALID_ARGUMENT naming `field` unless `name` looks like `pattern`; the constant NOT_FOUND
// (R18) when it starts with a family other than the one decided about.
absl::StatusOr<base::ResourceName> ParseName(const policy::AuthorizedCall& call,
                                             absl::string_view field, absl::string_view name,
                                             absl::string_view pattern);
// INVALID_ARGUMENT naming `field` unless `name` is `collection`/{id}: a name of the directory.
absl::Status CheckDirectoryName(absl::string_view field, absl::string_view name,
                                absl::string_view collection);
// INVALID_ARGUMENT naming `field` unless `iso` is a day.
absl::StatusOr<base::Date> ParseDay(absl::string_view field, absl::string_view iso);

// The caller's joined seat at `c`, or nullptr.
const access::v1::Seat* CallerSeat(const policy::AuthorizedCall& call,
                                   const access::v1::CaseFact& c);

google::protobuf::Timestamp ToTimestamp(absl::Time t);  // whole seconds
google::protobuf::Timestamp ToTimestamp(int64_t unix_seconds);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_REQUEST_H_
