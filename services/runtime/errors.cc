#include "services/runtime/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"

namespace knooppunt::runtime::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status Refused(const access::v1::Decision& decision) {
  if (!decision.explainable()) {
    return MakeError(StatusCode::kPermissionDenied, "REFUSED", "R17", kStranger);
  }
  std::string text;
  for (const access::v1::ChainLink& link : decision.chain()) {
    if (!link.holds()) absl::StrAppend(&text, text.empty() ? "" : " ", link.text_nl());
  }
  if (text.empty()) text = "dit mag niet";
  return MakeError(StatusCode::kPermissionDenied, "REFUSED", "R17",
                   absl::StrCat(text, " (", decision.rule(), ")"));
}

absl::Status NotAService() {
  return MakeError(StatusCode::kPermissionDenied, "NOT_A_SERVICE", "",
                   "this method is for units only");
}
absl::Status TooManyAnonymousCalls() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_CALLS", "R22",
                   "too many calls without a valid login this minute: wait a minute");
}
absl::Status TooManySearches() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_SEARCHES", "R3",
                   "too many searches this minute: wait a minute");
}
absl::Status MalformedName(absl::string_view field) {
  return MakeError(
      StatusCode::kInvalidArgument, "MALFORMED_NAME", "",
      absl::StrCat("field '", field, "' must hold a resource name such as families/abc/cases/def"));
}
absl::Status RequestIdNeeded() {
  return MakeError(StatusCode::kInvalidArgument, "REQUEST_ID_NEEDED", "",
                   "a change needs a request_id: a fresh UUID, kept for retries");
}
absl::Status RequestIdReused() {
  return MakeError(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", "",
                   "this request_id was used for another request: make a fresh UUID");
}
absl::Status DeadlineNeeded() {
  return MakeError(StatusCode::kInvalidArgument, "DEADLINE_NEEDED", "",
                   "set a deadline of at most 60 seconds");
}
absl::Status TooBusy() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_BUSY", "",
                   "the server is at its limit: try again shortly");
}
absl::Status UnknownMethod() {
  return MakeError(StatusCode::kUnimplemented, "UNKNOWN_METHOD", "",
                   "this server does not serve that method");
}
absl::Status Unparseable() {
  return MakeError(StatusCode::kInvalidArgument, "UNPARSEABLE", "",
                   "the request is not a message of this method");
}
absl::Status TooLarge() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_LARGE", "",
                   "the request is larger than 1 MiB");
}

absl::Status TooManyStreams() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_STREAMS", "",
                   absl::StrCat("too many streams at once (at most ", limits::kMaxStreamsPerCaller,
                                " of one person): end one, or try again shortly"));
}
absl::Status StreamTooLong() {
  return MakeError(StatusCode::kDeadlineExceeded, "STREAM_TOO_LONG", "",
                   absl::StrCat("a stream lasts at most ", limits::kMaxStreamSeconds,
                                " seconds, or the deadline that was asked for: begin another"));
}
absl::Status StreamIdle() {
  return MakeError(StatusCode::kDeadlineExceeded, "STREAM_IDLE", "",
                   absl::StrCat("nothing was sent or read for ", limits::kStreamIdleSeconds,
                                " seconds: begin again"));
}
absl::Status EmptyStream() {
  return MakeError(StatusCode::kInvalidArgument, "EMPTY_STREAM", "",
                   "a stream begins with a message that says what it is about");
}

absl::Status AccessUnavailable(const absl::Status& cause) {
  base::Log(base::Severity::kWarning, "no decision",
            {{"code", absl::StatusCodeToString(cause.code())}});
  return MakeError(StatusCode::kUnavailable, "NO_DECISION", "",
                   "access cannot decide now, so nothing is served: try again shortly");
}

absl::Status PermitForAnotherCall() {
  base::Log(base::Severity::kError, "a decision for another call was refused", {});
  return MakeError(StatusCode::kUnavailable, "PERMIT_FOR_ANOTHER_CALL", "R17",
                   "the decision that came back is not for this call, so nothing was opened: try "
                   "again, and tell your administrator if it happens again");
}

absl::Status Stopping() {
  return MakeError(StatusCode::kUnavailable, "STOPPING", "",
                   "this server is stopping and took nothing on: try again shortly");
}

absl::Status PermitExpired() {
  return MakeError(StatusCode::kUnavailable, "PERMIT_EXPIRED", "",
                   "this took longer than the decision lasts; nothing was done: try again");
}

absl::Status NotRecorded(const absl::Status& cause) {
  base::Log(base::Severity::kError, "no audit record, no answer",
            {{"code", absl::StatusCodeToString(cause.code())}});
  if (cause.code() == StatusCode::kResourceExhausted) {
    return MakeError(
        StatusCode::kResourceExhausted, "NOT_RECORDED", "R22",
        "the audit record cannot be written now (log or disk full), so there is no answer");
  }
  return MakeError(StatusCode::kUnavailable, "NOT_RECORDED", "R22",
                   "the audit record cannot be written now, so there is no answer");
}

absl::Status Internal(const absl::Status& cause) { return ForTheWire(cause); }

absl::Status ForTheWire(absl::Status status) {
  if (status.ok() || !base::ReasonOf(status).empty()) return status;
  if (status.code() == StatusCode::kResourceExhausted) {
    return MakeError(StatusCode::kResourceExhausted, "STORE_FULL", "",
                     "the store is full: nothing was changed");
  }
  base::Log(base::Severity::kError, "internal error",
            {{"code", absl::StatusCodeToString(status.code())}, {"detail", status.message()}});
  return MakeError(StatusCode::kInternal, "INTERNAL", "",
                   "something went wrong on our side; nothing was changed");
}

}  // namespace knooppunt::runtime::errors
