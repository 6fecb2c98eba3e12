// When a call that failed may be sent again. Pure: the caller sleeps and supplies the
// randomness. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CPP_RETRY_H_
#define KNOOPPUNT_CLIENTS_CPP_RETRY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "google/protobuf/message.h"

namespace knooppunt::client {

struct RetryPolicy {
  int max_attempts = 6;  // the first included
  absl::Duration initial_backoff = absl::Milliseconds(50);
  absl::Duration max_backoff = absl::Seconds(2);
  double multiplier = 2;
};

struct FailedAttempt {
  int attempts_made = 1;
  absl::StatusCode code = absl::StatusCode::kUnknown;
  bool repeat_safe = false;
  absl::Duration remaining;  // until the deadline of the whole call
  double jitter = 0;         // uniform in [0, 1)
};

// How long to wait before the next attempt, or nothing when there must be none: only
// UNAVAILABLE is retried, only what is safe to repeat, and only when the wait ends before
// the deadline. The wait doubles up to max_backoff; jitter takes up to half of it away.
absl::optional<absl::Duration> NextBackoff(const RetryPolicy& policy, const FailedAttempt& failed);

// Whether sending `request` twice does what sending it once does: it carries a request_id
// (AIP-155), or the rule of `method` says that it changes nothing. A method without a rule,
// or one that this program does not know, is not.
bool IsRepeatSafe(absl::string_view method, const google::protobuf::Message& request);

}  // namespace knooppunt::client

#endif  // KNOOPPUNT_CLIENTS_CPP_RETRY_H_
