// Acts about persons of a made-up family: how to reach them, who lives together, and what they ask
// under the AVG. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_FAMILY_ACTS_H_
#define KNOOPPUNT_TESTS_PROPERTY_FAMILY_ACTS_H_

#include <optional>
#include <string>

#include "tests/property/world.h"

namespace knooppunt::property {

class FamilyActs {
 public:
  // Both are not owned.
  FamilyActs(World* world, Family* family) : w_(*world), f_(*family) {}

  // One of them, drawn, under the compartment and regime of `part`; nullopt when it was refused, or
  // when it would replace what is there.
  std::optional<Thing> One(const Caller& who, const common::v1::Label& part);

 private:
  std::optional<Thing> Contact(const Caller& who, common::v1::Label label);
  std::optional<Thing> Household(const Caller& who, common::v1::Label label);
  std::optional<Thing> Request(const Caller& who, common::v1::Label label);
  std::string NameOf(const Member& m) const { return f_.name() + "/persons/" + m.id; }
  // The member who calls, or one drawn when staff do.
  const Member* Somebody(const Caller& who);

  World& w_;
  Family& f_;
};

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_FAMILY_ACTS_H_
