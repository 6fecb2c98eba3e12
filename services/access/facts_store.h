// Facts as access holds them: durable snapshots and a cache in front. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_FACTS_STORE_H_
#define KNOOPPUNT_SERVICES_ACCESS_FACTS_STORE_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "base/mutex.h"
#include "base/recent_map.h"
#include "google/protobuf/arena.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/storage/database.h"
#include "services/access/decision_clock.h"
#include "services/access/decision_memo.h"

namespace knooppunt::access {

struct NumberedFact {
  int64_t seq = 0;
  v1::FactEntry fact;
};

class FactsStore {
 public:
  // Not owned; must outlive the store.
  FactsStore(storage::Database* database, DecisionClock* clock)
      : database_(database), clock_(clock) {}

  // Applies entries of a unit's outbox, in order, and remembers `position`; durable and in
  // force when it returns OK. A snapshot older than the one known is merged (rules.h).
  // A repeated batch changes nothing. FAILED_PRECONDITION for a unit that owns no such fact.
  absl::StatusOr<int64_t> Apply(const std::string& unit, const std::string& incarnation,
                                const std::vector<NumberedFact>& entries, int64_t position);
  absl::StatusOr<int64_t> Position(const std::string& unit, const std::string& incarnation);

  struct FoundFamily {
    std::shared_ptr<const v1::FamilyFacts> facts;  // nullptr when there is none
    bool at_hand = false;  // took no read of the store, as one that there is not always does
    // What was decided on this snapshot; lives as long as `facts`. nullptr when there are none.
    DecisionMemo* memo = nullptr;
    // How often facts of the directory have changed since this store was made, known before any of
    // them is looked at: while it is the same, so are they.
    int64_t directory = 0;
  };
  absl::StatusOr<FoundFamily> Family(const std::string& id);
  // The same for each of `ids`, in order, by at most one read of the store.
  absl::StatusOr<std::vector<FoundFamily>> Families(absl::Span<const std::string> ids);
  // Every family, by id, read a page at a time and past the cache: what changes meanwhile may be
  // seen or not. A status other than OK from `family` stops and is returned.
  absl::Status ForEachFamily(absl::FunctionRef<absl::Status(const v1::FamilyFacts&)> family);
  // Reads the family's row for nothing, so that a refusal about a family at hand costs what one
  // about no family does (R18).
  absl::Status ReadForNothing(const std::string& id);
  // nullptr when there is none.
  absl::StatusOr<std::shared_ptr<const v1::ProfessionalFacts>> Professional(
      const std::string& name);
  absl::StatusOr<std::shared_ptr<const v1::OrganisationFacts>> Organisation(
      const std::string& name);
  absl::StatusOr<std::shared_ptr<const v1::WerkplaatsFacts>> Werkplaats(const std::string& name);
  absl::StatusOr<std::shared_ptr<const v1::ProfessionalFacts>> ProfessionalByLogin(
      const std::string& login);
  using Ids = std::shared_ptr<const std::vector<std::string>>;  // never nullptr
  // Families in which "professionals/{id}" or "accounts/{id}" stands, by id.
  absl::StatusOr<Ids> FamiliesOf(const std::string& subject);
  // Families with an active case for which "organisations/{id}" answers and at whose table somebody
  // of it sits who has left it by `on`: among these is every case that it holds by function (R1).
  // Of professionals whose facts were applied before there was such an index, none.
  absl::StatusOr<Ids> FamiliesLeftBehind(const std::string& organisation, base::Date on);

 private:
  // Some 7 kB each, and what was decided on them: more than are worked on in a day.
  static constexpr size_t kCachedFamilies = 6'000;
  static constexpr size_t kCachedOfDirectory = 20'000;  // of each kind

  template <typename T>
  using Cache = base::RecentMap<std::shared_ptr<const T>>;
  // A snapshot at hand. On an arena: its hundred small parts are one piece of memory, which makes
  // parsing it a third cheaper.
  struct KnownFamily {
    KnownFamily();
    google::protobuf::Arena arena;
    v1::FamilyFacts* const facts;
    DecisionMemo memo;
  };

  FoundFamily Found(std::shared_ptr<KnownFamily> known, bool at_hand) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  template <typename T>
  absl::StatusOr<std::shared_ptr<const T>> Get(const std::string& key, const char* sql,
                                               Cache<T>* cache);
  // Adds to `moved` those under whom the family was found or is found now.
  using Subjects = std::set<std::string>;
  absl::Status ApplyFamily(storage::WriteTx& tx, v1::FamilyFacts facts, Subjects* moved);
  // What one entry changes, written; `moved` as above.
  absl::Status ApplyEntry(storage::WriteTx& tx, const v1::FactEntry& entry, Subjects* moved);
  // What is at hand and was changed by `entries` goes.
  void Forget(const std::vector<NumberedFact>& entries, const Subjects& moved)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  storage::Database* const database_;
  DecisionClock* const clock_;
  base::Mutex mu_;
  // Grows after each commit: what was read before must not enter the cache after.
  int64_t epoch_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t directory_ ABSL_GUARDED_BY(mu_) = 0;
  base::RecentMap<std::shared_ptr<KnownFamily>> families_ ABSL_GUARDED_BY(mu_){kCachedFamilies};
  Cache<v1::ProfessionalFacts> professionals_ ABSL_GUARDED_BY(mu_){kCachedOfDirectory};
  Cache<v1::OrganisationFacts> organisations_ ABSL_GUARDED_BY(mu_){kCachedOfDirectory};
  Cache<v1::WerkplaatsFacts> werkplaatsen_ ABSL_GUARDED_BY(mu_){kCachedOfDirectory};
  // Where somebody stands, and what an organisation may hold by function on a day: by whom, and by
  // organisation.
  Cache<std::vector<std::string>> families_of_ ABSL_GUARDED_BY(mu_){kCachedOfDirectory};
  struct LeftOn {
    base::Date on;
    Ids families;
  };
  base::RecentMap<LeftOn> left_behind_ ABSL_GUARDED_BY(mu_){kCachedOfDirectory};
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_FACTS_STORE_H_
