// Who would gain and who would lose: each seat's access now beside its access under another
// policy, on another date, or without somebody. Counts only: what comes out names no family, no
// person and no professional. Pure: no I/O and no clock.
#ifndef KNOOPPUNT_SECURITY_POLICY_SIMULATE_H_
#define KNOOPPUNT_SECURITY_POLICY_SIMULATE_H_

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

// Not thread-safe: belongs to one question.
class Simulation {
 public:
  struct Options {
    const Table* now_table = nullptr;   // not owned
    const Table* then_table = nullptr;  // not owned
    absl::Time now;
    absl::Time then;
    std::string without_professional;  // "professionals/{id}" whose functions are thought away
    std::string without_organisation;  // "organisations/{id}" that is thought to leave every table
    // "organisations/{id}" for which every consent is thought withdrawn today.
    std::string without_consents_for;
    // Function whose seats are all thought ended, and role whose gezag is.
    common::v1::Function without_seats_of = common::v1::FUNCTION_UNSPECIFIED;
    access::v1::FamilyRole without_gezag_of = access::v1::FAMILY_ROLE_UNSPECIFIED;
  };
  explicit Simulation(Options options) : options_(std::move(options)) {}

  // Counts one family. `world` gives professionals and organisations as they are; its facts are
  // not used.
  //
  // Of staff, each seat that is active now or then; staff are taken to log in with two factors.
  // Of the family, each person with an account, at the level of substantial. For each, every act
  // that some purpose allows, emergency access apart, and for each act the compartments of what is
  // stored about this family that it opens.
  void Add(const access::v1::FamilyFacts& facts, const World& world);

  // Only what changes, in a fixed order.
  std::vector<access::v1::SimulatedChange> Changes() const;
  int64_t families() const { return families_; }

 private:
  // (permission, compartment); compartment 0 is the act itself.
  using Reach = std::set<std::pair<std::string, int>>;
  // Function, role of the seat, role in the family, permission, compartment.
  using Key = std::tuple<int, int, int, std::string, int>;
  struct Count {
    int64_t gained = 0;
    int64_t lost = 0;
  };
  // Somebody whose access is compared.
  struct Subject {
    access::v1::TokenClaims claims;
    access::v1::SeatRole role = access::v1::SEAT_ROLE_UNSPECIFIED;
    access::v1::FamilyRole family_role = access::v1::FAMILY_ROLE_UNSPECIFIED;
    std::string case_id;
  };

  std::vector<Subject> Subjects(const access::v1::FamilyFacts& facts) const;
  static Reach ReachOf(const Table& table, const World& world, absl::Time at,
                       const Subject& subject);
  void Compare(const Subject& subject, const Reach& now, const Reach& then);

  const Options options_;
  std::map<Key, Count> counts_;
  int64_t families_ = 0;
};

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_SIMULATE_H_
