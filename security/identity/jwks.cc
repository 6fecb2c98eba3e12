#include "security/identity/jwks.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/log.h"
#include "base/status.h"
#include "security/identity/limits.h"

namespace knooppunt::identity {
namespace {

constexpr absl::Duration kRefresh = absl::Seconds(kKeySetRefreshSeconds);
constexpr absl::Duration kMaxAge = absl::Seconds(kKeySetMaxAgeSeconds);
constexpr absl::Duration kTurn = absl::Seconds(kKeySetFetchIntervalSeconds);
constexpr absl::Duration kTimeout = absl::Seconds(kKeySetFetchTimeoutSeconds);

absl::Status NoSuchKey() {
  return base::MakeError(absl::StatusCode::kUnauthenticated, "ID_TOKEN_KEY", "R17",
                         "the id token's key is not among its issuer's: log in again");
}
absl::Status Unavailable() {
  return base::MakeError(
      absl::StatusCode::kUnavailable, "ISSUER_KEYS_UNAVAILABLE", "R17",
      "the keys of the identity provider cannot be fetched now, so nobody can log in through it: "
      "try again shortly");
}

}  // namespace

absl::StatusOr<KeySet> KeySet::Parse(absl::string_view json) {
  KP_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Parse(json, kMaxKeySetBytes));
  std::vector<JsonObject> members;
  if (!object.Has("keys") || !object.ReadObjects("keys", kMaxKeysPerSet, &members)) {
    return absl::InvalidArgumentError("not a JWK set");
  }
  KeySet set;
  set.keys_.reserve(members.size());
  for (const JsonObject& member : members) {
    auto key = Jwk::Parse(member);
    if (key.ok()) set.keys_.push_back(*std::move(key));
  }
  return set;
}

const Jwk* KeySet::Find(absl::string_view kid, JwsAlgorithm algorithm) const {
  const Jwk* found = nullptr;
  for (const Jwk& key : keys_) {
    if (!key.Fits(algorithm) || (!kid.empty() && key.kid() != kid)) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

absl::StatusOr<Jwk> FixedKey::Find(absl::string_view, JwsAlgorithm algorithm, absl::Time) {
  if (!key_.Fits(algorithm)) return NoSuchKey();
  return key_;
}

absl::StatusOr<Jwk> FetchedKeys::Find(absl::string_view kid, JwsAlgorithm algorithm,
                                      absl::Time now) {
  absl::StatusOr<Jwk> answer = Unavailable();
  {
    base::MutexLock lock(mu_);
    Next next = Look(kid, algorithm, now, /*last=*/false, &answer);
    if (next == Next::kWait) {
      ++waiters_;
      // The request under way ends by its own timeout; the bound here is for what is unforeseen.
      while (fetching_ && fetched_.WaitFor(mu_, 2 * kTimeout)) {
      }
      --waiters_;
      next = Look(kid, algorithm, now, /*last=*/true, &answer);
    }
    if (next == Next::kAnswer) return answer;
    fetching_ = true;
  }
  Fetched(Fetch(), now);
  base::MutexLock lock(mu_);
  Look(kid, algorithm, now, /*last=*/true, &answer);
  return answer;
}

// `last`: the provider has just been asked, or must not be.
FetchedKeys::Next FetchedKeys::Look(absl::string_view kid, JwsAlgorithm algorithm, absl::Time now,
                                    bool last, absl::StatusOr<Jwk>* answer) {
  asked_at_ = std::min(asked_at_, now);  // a clock that was put back makes nothing live longer
  const bool usable = set_ != nullptr && now < asked_at_ + kMaxAge;
  const Jwk* key = usable ? set_->Find(kid, algorithm) : nullptr;
  // Without the key: whether the issuer has it is known only if it last answered.
  *answer = usable && !failing_ ? NoSuchKey() : Unavailable();
  if (key != nullptr) *answer = *key;
  const bool fresh = usable && now < asked_at_ + kRefresh;
  if (last || (key != nullptr && fresh)) return Next::kAnswer;
  if (fetching_) {
    // Who has a key need not wait for the refresh that another began.
    if (key != nullptr || waiters_ >= kMaxKeySetWaiters) {
      if (key == nullptr) *answer = Unavailable();
      return Next::kAnswer;
    }
    return Next::kWait;
  }
  return TakeTurn(now) ? Next::kFetch : Next::kAnswer;
}

// A burst, and then one for each interval.
bool FetchedKeys::TakeTurn(absl::Time now) {
  turn_back_at_ = std::min(turn_back_at_, now + kTurn);
  while (turns_used_ > 0 && now >= turn_back_at_) {
    --turns_used_;
    turn_back_at_ += kTurn;
  }
  if (turns_used_ >= kKeySetFetchBurst) return false;
  if (turns_used_ == 0) turn_back_at_ = now + kTurn;
  ++turns_used_;
  return true;
}

absl::StatusOr<KeySet> FetchedKeys::Fetch() const {
  KP_ASSIGN_OR_RETURN(const HttpAnswer answer,
                      options_.fetcher->Fetch({.url = options_.uri,
                                               .ca_file = options_.ca_file,
                                               .timeout = kTimeout,
                                               .max_bytes = kMaxKeySetBytes}));
  if (answer.status != 200) {
    return absl::UnavailableError(absl::StrCat("answered with HTTP ", answer.status));
  }
  return KeySet::Parse(answer.body);
}

void FetchedKeys::Fetched(absl::StatusOr<KeySet> set, absl::Time asked_at) {
  if (set.ok()) {
    base::Log(base::Severity::kInfo, "fetched the keys of an identity provider",
              {{"uri", options_.uri}, {"keys", set->size()}});
  } else {
    base::Log(base::Severity::kWarning, "the keys of an identity provider could not be fetched",
              {{"uri", options_.uri}, {"detail", set.status().message()}});
  }
  base::MutexLock lock(mu_);
  fetching_ = false;
  failing_ = !set.ok();
  if (set.ok()) {
    set_ = std::make_unique<const KeySet>(*std::move(set));
    asked_at_ = asked_at;
  }
  fetched_.NotifyAll();
}

}  // namespace knooppunt::identity
