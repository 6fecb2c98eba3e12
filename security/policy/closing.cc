#include "security/policy/closing.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace knooppunt::policy {
namespace {

const access::v1::WerkplaatsFacts* Find(const World& world, absl::string_view werkplaats) {
  return world.werkplaats == nullptr || werkplaats.empty() ? nullptr : world.werkplaats(werkplaats);
}

}  // namespace

bool ClosedBy(absl::string_view close_date, base::Date today) {
  const auto day = base::ParseDate(close_date);
  return day.ok() && *day <= today;
}

bool WerkplaatsClosed(const World& world, absl::string_view werkplaats, base::Date today) {
  const access::v1::WerkplaatsFacts* w = Find(world, werkplaats);
  return w != nullptr && ClosedBy(w->close_date(), today);
}

bool OffersClosed(const World& world, const access::v1::CaseFact& c, absl::string_view organisation,
                  base::Date today) {
  bool any = false;
  for (const access::v1::HandoverFact& h : world.facts->handovers()) {
    if (!h.offered() || h.case_id() != c.id() || h.receiver() != organisation) continue;
    if (!WerkplaatsClosed(world, h.to_werkplaats(), today)) return false;
    any = true;
  }
  return any;
}

std::vector<access::v1::ClosingWerkplaats> ClosingOf(const World& world) {
  std::vector<access::v1::ClosingWerkplaats> out;
  if (world.facts == nullptr) return out;
  absl::flat_hash_set<absl::string_view> seen;
  const auto look = [&](const std::string& name) {
    if (!seen.insert(name).second) return;
    const access::v1::WerkplaatsFacts* w = Find(world, name);
    if (w == nullptr || w->close_date().empty()) return;
    access::v1::ClosingWerkplaats closing;
    closing.set_werkplaats(name);
    closing.set_close_date(w->close_date());
    out.push_back(std::move(closing));
  };
  for (const access::v1::CaseFact& c : world.facts->cases()) {
    if (c.state() != access::v1::CASE_STATE_CLOSED) look(c.werkplaats());
  }
  for (const access::v1::HandoverFact& h : world.facts->handovers()) look(h.to_werkplaats());
  return out;
}

}  // namespace knooppunt::policy
