// Facts as access holds them: durable snapshots and a cache in front. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_FACTS_STORE_H_
#define KNOOPPUNT_SERVICES_ACCESS_FACTS_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/storage/database.h"
#include "services/access/decision_clock.h"

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
  };
  absl::StatusOr<FoundFamily> Family(const std::string& id);
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
  // Families in which "professionals/{id}" or "accounts/{id}" stands, by id.
  absl::StatusOr<std::vector<std::string>> FamiliesOf(const std::string& subject);

 private:
  template <typename T>
  using Cache = absl::flat_hash_map<std::string, std::shared_ptr<const T>>;

  template <typename T>
  absl::StatusOr<std::shared_ptr<const T>> Get(const std::string& key, const char* sql,
                                               Cache<T>* cache);
  absl::Status ApplyFamily(storage::WriteTx& tx, v1::FamilyFacts facts);
  absl::Status IndexSubjects(storage::WriteTx& tx, const v1::FamilyFacts& facts);

  storage::Database* const database_;
  DecisionClock* const clock_;
  base::Mutex mu_;
  // Grows after each commit: what was read before must not enter the cache after.
  int64_t epoch_ ABSL_GUARDED_BY(mu_) = 0;
  Cache<v1::FamilyFacts> families_ ABSL_GUARDED_BY(mu_);
  Cache<v1::ProfessionalFacts> professionals_ ABSL_GUARDED_BY(mu_);
  Cache<v1::OrganisationFacts> organisations_ ABSL_GUARDED_BY(mu_);
  Cache<v1::WerkplaatsFacts> werkplaatsen_ ABSL_GUARDED_BY(mu_);
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_FACTS_STORE_H_
