#include "clients/cpp/retry.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "knooppunt/policy/v1/rule.pb.h"

namespace knooppunt::client {

absl::optional<absl::Duration> NextBackoff(const RetryPolicy& policy, const FailedAttempt& failed) {
  if (failed.code != absl::StatusCode::kUnavailable || !failed.repeat_safe) return absl::nullopt;
  if (failed.attempts_made >= policy.max_attempts) return absl::nullopt;
  const absl::Duration full =
      std::min(policy.max_backoff,
               policy.initial_backoff * std::pow(policy.multiplier, failed.attempts_made - 1));
  const absl::Duration wait = full * (1 - failed.jitter / 2);
  if (wait >= failed.remaining) return absl::nullopt;
  return wait;
}

bool IsRepeatSafe(absl::string_view method, const google::protobuf::Message& request) {
  using google::protobuf::FieldDescriptor;
  const FieldDescriptor* id = request.GetDescriptor()->FindFieldByName("request_id");
  if (id != nullptr && id->type() == FieldDescriptor::TYPE_STRING && !id->is_repeated() &&
      !request.GetReflection()->GetString(request, id).empty()) {
    return true;
  }
  const std::string full_name = absl::StrReplaceAll(absl::StripPrefix(method, "/"), {{"/", "."}});
  const google::protobuf::MethodDescriptor* found =
      request.GetDescriptor()->file()->pool()->FindMethodByName(full_name);
  return found != nullptr && found->options().HasExtension(policy::v1::rule) &&
         !found->options().GetExtension(policy::v1::rule).mutation();
}

}  // namespace knooppunt::client
