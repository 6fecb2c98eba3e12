// What was decided on one snapshot of one family's facts, kept beside the snapshot: the same
// question at hand again costs a look-up and a copy, and nothing is worked out anew (decision
// 0013, tests/bench/README.md).
//
// A kept decision answers only what it would be decided for again, word for word: the same policy,
// the same facts of the directory, the same person in the same function, the same permission,
// purpose and case, at an instant before the next one at which it can change (SteadyPeriod). It
// belongs to its snapshot and goes with it, so that no decision after a newer one can find it (P3).
// No key, token, time or call stands in it: those belong to one call (P6). It knows where the keys
// lie for as long as the keyring has them at hand, and no longer.
//
// Only what is allowed is kept: a refusal is worked out each time, as one about a family that does
// not exist is (R18).
#ifndef KNOOPPUNT_SERVICES_ACCESS_DECISION_MEMO_H_
#define KNOOPPUNT_SERVICES_ACCESS_DECISION_MEMO_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/table.h"
#include "services/access/keyring.h"

namespace knooppunt::access {

// From `from` until just before `before`.
struct Period {
  absl::Time from, before;
};
// The instants of `facts` (Unix seconds, in order): every number of them that can be one, and the
// second after it.
std::vector<int64_t> InstantsOf(const v1::FamilyFacts& facts);
// The stretch of time around `now` in which no decision can change by itself: within the day in
// Amsterdam, on which all dates count, and without one of `instants` in between.
Period SteadyPeriod(const std::vector<int64_t>& instants, absl::Time now);

// Everything that a decision depends on, beside the snapshot.
struct AskedOfFamily {
  std::shared_ptr<const policy::Table> policy;
  int64_t directory = 0;  // FactsStore::FoundFamily
  absl::string_view permission;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  absl::string_view case_id;
  const v1::TokenClaims* claims = nullptr;
  absl::Time now;
};

struct KeptDecision {
  v1::Decision form;  // but for what belongs to one call
  // The keys that go into it, by name: of its scopes in their order, the family's facts, its log.
  std::vector<Keyring::Named> keys;
};

// Thread-safe.
class DecisionMemo {
 public:
  // nullptr when it has not been asked of late.
  std::shared_ptr<const KeptDecision> Find(const AskedOfFamily& asked);
  // `facts` are those of the snapshot.
  void Keep(const AskedOfFamily& asked, const v1::FamilyFacts& facts, KeptDecision decision);

 private:
  struct Entry {
    std::shared_ptr<const policy::Table> policy;  // held: no other can come to lie at its address
    int64_t directory = 0;
    Period period;
    std::string permission;
    common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
    std::string case_id;
    // What the engine looks at of who asks.
    std::string subject, organisation;
    common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
    v1::Assurance assurance = v1::ASSURANCE_UNSPECIFIED;
    bool two_factor = false;
    std::shared_ptr<const KeptDecision> decision;
  };
  static bool Answers(const Entry& entry, const AskedOfFamily& asked);

  base::Mutex mu_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mu_);  // few: looked through in turn
  size_t oldest_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<int64_t> instants_ ABSL_GUARDED_BY(mu_);  // empty until something is kept
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_DECISION_MEMO_H_
