// Handovers in a made-up world (R26-R28): drafted by who opened the case, and brought on from
// there. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_HANDOVER_ACTS_H_
#define KNOOPPUNT_TESTS_PROPERTY_HANDOVER_ACTS_H_

#include <optional>

#include "tests/property/world.h"

namespace knooppunt::property {

class HandoverActs {
 public:
  // Neither is owned.
  HandoverActs(World* world, Family* family) : w_(*world), f_(*family) {}

  // What was drafted, for the world to keep; nothing when it was refused.
  std::optional<Thing> Draft();
  // The newest goes on, as far as is drawn. Whether anything changed.
  bool GoOn();

 private:
  World& w_;
  Family& f_;
};

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_HANDOVER_ACTS_H_
