#include "security/policy/ground_sight.h"

#include <algorithm>
#include <string>

#include "security/policy/consent_rules.h"

namespace knooppunt::policy {
namespace {

constexpr int kYouthAloneAge = 16;  // from here a youth decides, and is read about, alone (R11)

}  // namespace

bool GroundShowsTo(const access::v1::FamilyFacts& facts, const access::v1::GroundFact& ground,
                   absl::string_view person, base::Date on) {
  if (HiddenFromFamily(ground)) return false;
  const auto& about = ground.about().persons();
  return std::all_of(about.begin(), about.end(), [&](const std::string& id) {
    if (id == person) return true;
    const access::v1::PersonFact* p = FindPerson(facts, id);
    return p != nullptr && HoldsGezag(facts, person, id, on) &&
           (AgeOf(*p, on) < kYouthAloneAge || p->incapacitated());
  });
}

}  // namespace knooppunt::policy
