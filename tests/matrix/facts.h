// The made-up facts of the matrix: a professional for each function at each place, and a family
// for each function and each state of consent at whose table they all sit. Pure; thread-safe.
#ifndef KNOOPPUNT_TESTS_MATRIX_FACTS_H_
#define KNOOPPUNT_TESTS_MATRIX_FACTS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "tests/matrix/expectations.h"

namespace knooppunt::matrix {

// "professionals/{id}" or "accounts/{id}"; who and place are positions in Whos and Places.
std::string SubjectOf(int who, int place);
// "organisations/{id}" for which somebody at `place` works.
std::string OrganisationAt(int place);
common::v1::Function FunctionOf(int who);

// Of the family that a cell is about. A stand-in can only have stepped in where the regisseur is
// gone, and an organisation only hold a case by function where nobody is left: families beside the
// other.
std::string FamilyOf(const Cell& cell);

std::vector<access::v1::OrganisationFacts> AllOrganisations();
std::vector<access::v1::ProfessionalFacts> AllProfessionals(absl::Time now);
std::vector<access::v1::FamilyFacts> AllFamilies(absl::Time now);

}  // namespace knooppunt::matrix

#endif  // KNOOPPUNT_TESTS_MATRIX_FACTS_H_
