// The keys that an OpenID provider publishes (a JWK set, RFC 7517), fetched when they are needed
// and kept for a while. Thread-safe; no lock is held while the network is asked.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_JWKS_H_
#define KNOOPPUNT_SECURITY_IDENTITY_JWKS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "security/identity/http.h"
#include "security/identity/jwk.h"

namespace knooppunt::identity {

class KeySet {
 public:
  // Keys that are not to verify signatures here are left out, as RFC 7517, section 5, wants.
  // INVALID_ARGUMENT when the text is not a set, or has too many keys.
  static absl::StatusOr<KeySet> Parse(absl::string_view json);

  // The key with this id that fits the algorithm; without an id, the one key that fits. nullptr
  // when there is none, or more than one: a guess would be somebody else's choice.
  const Jwk* Find(absl::string_view kid, JwsAlgorithm algorithm) const;
  size_t size() const { return keys_.size(); }

 private:
  std::vector<Jwk> keys_;
};

// Where the keys of one issuer come from.
class KeySource {
 public:
  virtual ~KeySource() = default;
  // UNAUTHENTICATED ID_TOKEN_KEY: the issuer has no such key. UNAVAILABLE
  // ISSUER_KEYS_UNAVAILABLE: that cannot be known now.
  virtual absl::StatusOr<Jwk> Find(absl::string_view kid, JwsAlgorithm algorithm,
                                   absl::Time now) = 0;
};

// One key that the configuration names.
class FixedKey final : public KeySource {
 public:
  explicit FixedKey(Jwk key) : key_(std::move(key)) {}
  absl::StatusOr<Jwk> Find(absl::string_view kid, JwsAlgorithm algorithm, absl::Time now) override;

 private:
  const Jwk key_;
};

// The set behind a URI. A key id that it does not know makes it ask again, so that a provider may
// change its keys while we run; how often is bounded (limits.h), since anybody can send a key id.
// After a refresh a key that has gone from the set is gone here. While the provider does not
// answer, the keys it last gave serve until their greatest age.
class FetchedKeys final : public KeySource {
 public:
  struct Options {
    std::string uri;
    std::string ca_file;
    HttpFetcher* fetcher = nullptr;  // not owned
  };
  explicit FetchedKeys(Options options) : options_(std::move(options)) {}

  // May block for one request to the provider; then a few others wait with it (limits.h).
  absl::StatusOr<Jwk> Find(absl::string_view kid, JwsAlgorithm algorithm, absl::Time now) override;

 private:
  // What the lock's holder found that it has to do.
  enum class Next { kAnswer, kFetch, kWait };
  Next Look(absl::string_view kid, JwsAlgorithm algorithm, absl::Time now, bool last,
            absl::StatusOr<Jwk>* answer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool TakeTurn(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<KeySet> Fetch() const;
  void Fetched(absl::StatusOr<KeySet> set, absl::Time asked_at);

  const Options options_;
  base::Mutex mu_;
  base::CondVar fetched_;
  std::unique_ptr<const KeySet> set_ ABSL_GUARDED_BY(mu_);
  absl::Time asked_at_ ABSL_GUARDED_BY(mu_);   // when `set_` was asked for
  bool failing_ ABSL_GUARDED_BY(mu_) = false;  // the last request failed
  bool fetching_ ABSL_GUARDED_BY(mu_) = false;
  int waiters_ ABSL_GUARDED_BY(mu_) = 0;
  int turns_used_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time turn_back_at_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_JWKS_H_
