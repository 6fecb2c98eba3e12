// The facts around a decision, as the engine asks for them. Not thread-safe: belongs to one
// decision, or to one family of many.
#ifndef KNOOPPUNT_SERVICES_ACCESS_WORLD_H_
#define KNOOPPUNT_SERVICES_ACCESS_WORLD_H_

#include <memory>
#include <vector>

#include "security/policy/engine.h"
#include "services/access/facts_store.h"

namespace knooppunt::access {

// What a world has lent out, kept alive.
struct KeptProfessionals {
  std::vector<std::shared_ptr<const v1::ProfessionalFacts>> lent;
  std::vector<std::shared_ptr<const v1::WerkplaatsFacts>> lent_werkplaatsen;
  // Somebody could not be read: what was decided holds for this once, and must not be kept.
  bool unreadable = false;
};

// Professionals and organisations of `store`; who cannot be read is not known, and refused. The
// family's facts are the caller's to set. Both must outlive the world.
policy::World WorldOf(FactsStore* store, KeptProfessionals* kept);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_WORLD_H_
