// Made-up families and twenty years of what happens to them, from a seed: the same seed gives the
// same years. Only protos; nothing of the engine.
#ifndef KNOOPPUNT_TESTS_YEARS_FAMILY_MAKER_H_
#define KNOOPPUNT_TESTS_YEARS_FAMILY_MAKER_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "knooppunt/access/v1/facts.pb.h"
#include "tests/years/oracle.h"

namespace knooppunt::years {

inline constexpr char kSchool[] = "organisations/school";
inline constexpr char kJgz[] = "organisations/jgz";
inline constexpr char kMunicipality[] = "organisations/municipality";
inline constexpr char kGuardian[] = "organisations/guardian";

// Something is recorded at an instant.
struct Event {
  int64_t time = 0;
  // Changes gezag or a wording, and so what was before.
  bool rewrites = false;
  std::function<void(access::v1::FamilyFacts*)> apply;
};

struct Story {
  std::string form;  // for the report
  Day first = 0;
  Day last = 0;  // exclusive
  access::v1::FamilyFacts facts;
  std::map<std::string, access::v1::ProfessionalFacts> professionals;
  std::vector<Event> events;  // by time
};

// The forms in turn: divorced parents with shared gezag, one holder, none, guardianship of an
// institution, gezag replaced by a court, gezag recorded too late, gezag that ends, a youth who
// cannot weigh the matter with a mentor at 18, gezag lost and given back.
Story MakeStory(uint64_t seed, int years);

}  // namespace knooppunt::years

#endif  // KNOOPPUNT_TESTS_YEARS_FAMILY_MAKER_H_
