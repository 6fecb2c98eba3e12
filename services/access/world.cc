#include "services/access/world.h"

#include <string>
#include <utility>

namespace knooppunt::access {

policy::World WorldOf(FactsStore* store, KeptProfessionals* kept) {
  policy::World world;
  world.professional = [store, kept](absl::string_view name) -> const v1::ProfessionalFacts* {
    auto p = store->Professional(std::string(name));
    kept->unreadable = kept->unreadable || !p.ok();
    if (!p.ok() || *p == nullptr) return nullptr;
    kept->lent.push_back(*std::move(p));
    return kept->lent.back().get();
  };
  world.kind_of = [store, kept](absl::string_view name) {
    const auto o = store->Organisation(std::string(name));
    kept->unreadable = kept->unreadable || !o.ok();
    return o.ok() && *o != nullptr ? (*o)->kind() : common::v1::ORGANISATION_KIND_UNSPECIFIED;
  };
  world.werkplaats = [store, kept](absl::string_view name) -> const v1::WerkplaatsFacts* {
    auto w = store->Werkplaats(std::string(name));
    kept->unreadable = kept->unreadable || !w.ok();
    if (!w.ok() || *w == nullptr) return nullptr;
    kept->lent_werkplaatsen.push_back(*std::move(w));
    return kept->lent_werkplaatsen.back().get();
  };
  return world;
}

}  // namespace knooppunt::access
