// Escalations in a made-up world (R10): raised by whoever may, decided by those they are put to.
// Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_ESCALATION_ACTS_H_
#define KNOOPPUNT_TESTS_PROPERTY_ESCALATION_ACTS_H_

#include <optional>
#include <set>
#include <string>

#include "tests/property/world.h"

namespace knooppunt::property {

class EscalationActs {
 public:
  // Neither is owned.
  EscalationActs(World* world, Family* family) : w_(*world), f_(*family) {}

  struct Did {
    bool changed = false;
    std::optional<Thing> raised;   // for the world to keep
    std::set<std::string> scopes;  // of the escalations that a decision may have changed
  };
  // Drawn: who decide take up and decide, or `who` raises one.
  Did One(const Caller& who, const common::v1::Label& label);

 private:
  // `who` puts a question, or a step of theirs, to who decide. What was written; nothing when it
  // was refused.
  std::optional<Thing> Raise(const Caller& who, const common::v1::Label& label);
  // One who decides takes the newest up or decides on it. Whether anything changed.
  bool Decide();

  World& w_;
  Family& f_;
};

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_ESCALATION_ACTS_H_
