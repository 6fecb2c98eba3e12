#include "services/access/world.h"

#include <string>
#include <utility>

namespace knooppunt::access {

policy::World WorldOf(FactsStore* store, KeptProfessionals* kept) {
  policy::World world;
  world.professional = [store, kept](absl::string_view name) -> const v1::ProfessionalFacts* {
    auto p = store->Professional(std::string(name));
    if (!p.ok() || *p == nullptr) return nullptr;
    kept->push_back(*std::move(p));
    return kept->back().get();
  };
  world.kind_of = [store](absl::string_view name) {
    const auto o = store->Organisation(std::string(name));
    return o.ok() && *o != nullptr ? (*o)->kind() : common::v1::ORGANISATION_KIND_UNSPECIFIED;
  };
  return world;
}

}  // namespace knooppunt::access
