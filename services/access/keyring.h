// The keyring: data keys, random, one per scope, wrapped under a root that meets no other
// (architecture: Keys). Behind access: a key leaves only in a permit. No key can be made
// again, so that destroying one (R32, not built yet) will be destroying what it sealed.
//
// Kinds of keys, by name:
//   scope/{family}/{scope id}    data of one label
//   facts/{family}               a family's facts
//   audit/{subject}/{year}       audit records of a family and year
//   audit/-/{year}               audit records about no family, or about none there is
//   region/search                search tokens (R3)
//   region/pseudonym             pseudonyms of the log (R23)
// Names are stored as HMACs under a key derived from the root; keys are sealed with AES-256-GCM,
// the stored name as associated data.
//
// Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_KEYRING_H_
#define KNOOPPUNT_SERVICES_ACCESS_KEYRING_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/recent_map.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"
#include "security/storage/database.h"

namespace knooppunt::access {

class Keyring {
 public:
  struct Options {
    std::string path;
    const crypto::SecretBytes* root = nullptr;  // not owned; used during Open only
    const base::Clock* clock = nullptr;         // not owned
    crypto::Random* random = nullptr;           // not owned
  };
  static absl::StatusOr<std::unique_ptr<Keyring>> Open(Options options);

  // The key, or an empty one when there is none of this name. A key of late is at hand; that
  // there is none is remembered nowhere.
  absl::StatusOr<crypto::SecretBytes> Find(absl::string_view name);
  // A key by name, and where it lay when it was last looked up: holds no key, and leads to none
  // that the keyring has let go of since.
  struct Named {
    std::string name;
    std::weak_ptr<const crypto::SecretBytes> at_hand;
  };
  // The same names, with where those keys lie that are at hand.
  std::vector<Named> Locate(absl::Span<const std::string> names);
  // The keys of `names`, in order, with `key` called for each: no copy of a key is made on the way
  // to where it goes. `key` gets an empty one when there is none of this name.
  absl::Status FindEach(absl::Span<const Named> names,
                        absl::FunctionRef<void(size_t, const crypto::SecretBytes&)> key);
  // The same as Find, by one read of the store whether or not the key is at hand or exists: for
  // refusals, which must cost the same either way (R18).
  absl::StatusOr<crypto::SecretBytes> FindAnew(absl::string_view name);
  // The key, made and synced if there is none.
  absl::StatusOr<crypto::SecretBytes> FindOrCreate(absl::string_view name);

  // How many keys were unwrapped since open, for tests and benchmarks that count a call's work.
  int64_t unwraps() const { return unwraps_; }

  void Shutdown() { database_->Shutdown(); }
  storage::Database& database() { return *database_; }

 private:
  Keyring(std::unique_ptr<storage::Database> database, crypto::SecretBytes wrap,
          crypto::SecretBytes name_key, crypto::Random* random);
  std::string StoredName(absl::string_view name) const;
  absl::StatusOr<crypto::SecretBytes> Unwrap(const std::string& stored_name,
                                             absl::string_view wrapped) const;
  absl::StatusOr<std::string> ReadWrapped(const std::string& stored_name,
                                          storage::ReadTx& tx) const;

  static constexpr size_t kCachedKeys = 50'000;

  std::unique_ptr<storage::Database> database_;
  const crypto::SecretBytes wrap_key_;
  const crypto::SecretBytes name_key_;
  crypto::Random* const random_;
  mutable std::atomic<int64_t> unwraps_{0};
  base::Mutex mu_;
  // Unwrapped keys of late, by name and not by stored name: a hash for each key would be half the
  // time of a decision. Bounded; wiped on exit.
  base::RecentMap<std::shared_ptr<const crypto::SecretBytes>> cache_ ABSL_GUARDED_BY(mu_){
      kCachedKeys};
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_KEYRING_H_
