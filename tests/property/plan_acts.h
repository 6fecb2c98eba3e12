// What happens to the plan of a made-up family: wishes, goals under another label than the wish
// that they serve, what is there, arrangements, changes and dissent. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_PLAN_ACTS_H_
#define KNOOPPUNT_TESTS_PROPERTY_PLAN_ACTS_H_

#include <set>
#include <string>
#include <vector>

#include "knooppunt/plan/v1/plan.pb.h"
#include "tests/property/world.h"

namespace knooppunt::property {

class PlanActs {
 public:
  // Neither is owned.
  PlanActs(World* world, Family* family) : w_(*world), f_(*family) {}

  // An item that came to be.
  struct Made {
    Kind kind;
    std::string name, mark;
    common::v1::Label label;
  };
  struct Outcome {
    bool changed = false;
    std::vector<Made> made;
    std::set<std::string> scopes;  // of an item that was written again
  };
  // One act, with two labels to write under.
  Outcome One(const Caller& who, const common::v1::Label& label, const common::v1::Label& other);

 private:
  Outcome Wish(const Caller& who, const common::v1::Label& label);
  Outcome Goal(const Caller& who, const common::v1::Label& label, const std::string& wish);
  Outcome Asset(const Caller& who, const common::v1::Label& label);
  Outcome Arrangement(const Caller& who, const common::v1::Label& label);
  Outcome Change(const Caller& who);
  Outcome React(const Caller& who);
  // An item of the plan; nullptr when there is none.
  const Thing* Any(Kind kind);
  std::string Whose(const Caller& who, const common::v1::Label& label) const;

  World& w_;
  Family& f_;
};

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_PLAN_ACTS_H_
