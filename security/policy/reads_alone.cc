#include "security/policy/reads_alone.h"

#include <algorithm>

namespace knooppunt::policy {
namespace {

template <typename List>
bool Has(const List& list, int x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

}  // namespace

int ReadsAloneFrom(const Table& table, const common::v1::Label& label) {
  int from = 0;
  for (const v1::ReadsAloneRow& row : table.document().reads_alone()) {
    if (!Has(row.compartments(), label.compartment()) || !Has(row.regimes(), label.regime()))
      continue;
    from = from == 0 ? row.from_age() : std::min(from, row.from_age());
  }
  return from;
}

bool ReadsAlone(const Table& table, const common::v1::Label& label,
                const access::v1::PersonFact& youth, int age) {
  return !youth.incapacitated() && age >= ReadsAloneFrom(table, label);
}

std::vector<common::v1::Compartment> CompartmentsReadAlone(const Table& table,
                                                           const access::v1::PersonFact& youth,
                                                           int age) {
  std::vector<common::v1::Compartment> out;
  if (youth.incapacitated()) return out;
  for (const v1::ReadsAloneRow& row : table.document().reads_alone()) {
    if (age < row.from_age()) continue;
    for (const int c : row.compartments()) out.push_back(static_cast<common::v1::Compartment>(c));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace knooppunt::policy
