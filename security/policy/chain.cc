#include "security/policy/chain.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "security/policy/consent_rules.h"
#include "security/policy/leading.h"

namespace knooppunt::policy {
namespace {

using access::v1::Mandate;
using access::v1::ProfessionalFacts;

constexpr std::array<absl::string_view, 8> kOrder = {"person",  "organisation", "function", "seat",
                                                     "mandate", "consent",      "ground",   "rule"};

template <typename List, typename T>
bool Has(const List& list, const T& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

class Completer {
 public:
  Completer(const Table& table, const World& world, const Question& q, const ChainContext& context,
            Outcome* out)
      : table_(table),
        world_(world),
        q_(q),
        context_(context),
        out_(*out),
        today_(base::DateOf(q.now)) {}

  void Run() {
    if (q_.about_family && !q_.new_family && !out_.explainable) {
      out_.chain = {{.kind = "person", .code = "stranger", .decisive = true}};
      return;
    }
    const bool staff = !q_.claims->organisation().empty();
    if (staff) {
      Staff();
    } else {
      Family();
    }
    if (!There("rule")) {
      // Something before the rule refused; whether a rule was there at all still counts.
      const bool rule = staff ? !table_.StaffRows(q_.permission).empty()
                              : !table_.FamilyRows(q_.permission).empty();
      Add("rule", rule ? "rule-not-reached" : "no-rule", q_.permission, rule);
    }
    std::stable_sort(
        out_.chain.begin(), out_.chain.end(),
        [](const FoundLink& a, const FoundLink& b) { return Place(a.kind) < Place(b.kind); });
  }

 private:
  static int Place(const std::string& kind) {
    return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin());
  }

  bool There(absl::string_view kind) const {
    return std::any_of(out_.chain.begin(), out_.chain.end(),
                       [&](const FoundLink& l) { return l.kind == kind; });
  }

  void Add(absl::string_view kind, absl::string_view code, absl::string_view value, bool holds) {
    out_.chain.push_back({.kind = std::string(kind),
                          .code = std::string(code),
                          .value = std::string(value),
                          .holds = holds});
  }

  // ---- Staff --------------------------------------------------------------

  void Staff() {
    const access::v1::TokenClaims& claims = *q_.claims;
    const ProfessionalFacts* me = world_.professional(claims.subject());
    if (!There("person")) Add("person", "logged-in", claims.subject(), true);
    if (!There("organisation")) {
      const bool known =
          world_.kind_of(claims.organisation()) != common::v1::ORGANISATION_KIND_UNSPECIFIED;
      Add("organisation", known ? "organisation" : "no-organisation", claims.organisation(), known);
    }
    if (!There("function")) {
      const bool holds =
          me != nullptr && HoldsFunction(*me, claims.organisation(), claims.function(), today_);
      Add("function", holds ? "function" : "no-function",
          common::v1::Function_Name(claims.function()), holds);
    }
    if (!There("seat")) AddSeat();
    if (!There("mandate")) AddMandate(me);
    AddConsents();
    AddGrounds();
  }

  void AddSeat() {
    if (!q_.about_family) {
      Add("seat", "seat-not-needed", "", true);
    } else if (context_.seat == nullptr) {
      Add("seat", context_.once ? "seat-ended" : "no-seat", "", false);
    } else if (context_.seat->state() == access::v1::SEAT_STATE_INVITED) {
      Add("seat", "invited", context_.seat->id(), true);
    } else {
      Add("seat", RegisseurHere() ? "regisseur" : "seated", context_.seat->id(), true);
    }
  }

  bool RegisseurHere() const {
    return context_.case_fact != nullptr &&
           RegisseurSeat(table_, world_, *context_.case_fact, q_.now) == context_.seat->id();
  }

  // A mandate decides about means, not about reading (R6): the chain names it, and never fails on
  // it by itself.
  void AddMandate(const ProfessionalFacts* me) {
    if (me != nullptr) {
      for (const Mandate& m : me->mandates()) {
        if (m.organisation() == q_.claims->organisation() &&
            InPeriod(m.start_date(), m.end_date(), today_)) {
          Add("mandate", "mandate", m.name(), true);
          return;
        }
      }
    }
    Add("mandate", "no-mandate", "", true);
  }

  bool AsksForSharing() const {
    const auto& rows = table_.StaffRows(q_.permission);
    return std::any_of(rows.begin(), rows.end(), [&](const v1::StaffRow* row) {
      return Has(row->functions(), q_.claims->function()) && row->needs_sharing();
    });
  }

  // Those that the decision rests on; of a refusal, those for this organisation, in force or not.
  void AddConsents() {
    bool any = false;
    if (world_.facts != nullptr && q_.about_family) {
      for (const auto& c : world_.facts->consents()) {
        if (c.recipient() != q_.claims->organisation()) continue;
        const std::string name = absl::StrCat("consents/", c.id());
        const bool in_force = Has(out_.effective_consents, c.id());
        if (Has(out_.bases, name)) {
          Add("consent", "consent-covers", name, true);
        } else if (context_.seat == nullptr) {
          continue;  // who has left is not told what was agreed since (R18)
        } else if (!in_force) {
          Add("consent", "consent-not-in-force", name, false);
        } else {
          Add("consent", Has(c.purposes(), q_.purpose) ? "consent-elsewhere" : "consent-purpose",
              name, false);
        }
        any = true;
      }
    }
    if (any || There("consent")) return;
    const bool needed = AsksForSharing() && !out_.allowed;
    Add("consent", needed ? "no-consent" : "consent-not-needed", "", !needed);
  }

  void AddGrounds() {
    if (There("ground")) return;
    std::vector<std::string> own;
    for (const OpenScope& scope : out_.scopes) {
      if (absl::StartsWith(scope.basis, "own-ground:") && !Has(own, scope.basis)) {
        own.push_back(scope.basis);
      }
    }
    for (const std::string& basis : own) {
      Add("ground", "own-ground", absl::StripPrefix(basis, "own-ground:"), true);
    }
    for (const std::string& basis : out_.bases) {
      if (absl::StartsWith(basis, "grounds/")) Add("ground", "ground-covers", basis, true);
      if (absl::StartsWith(basis, "escalations/")) Add("ground", "escalation", basis, true);
    }
    if (!There("ground")) Add("ground", "no-ground", "", out_.allowed);
  }

  // ---- Family -------------------------------------------------------------

  void Family() {
    const std::string person = context_.person != nullptr ? context_.person->id() : "";
    if (!There("person")) Add("person", "family-logged-in", person, true);
    if (!There("organisation")) Add("organisation", "family-no-organisation", "", true);
    if (!There("function")) {
      Add("function", "family-role",
          context_.person == nullptr ? "" : access::v1::FamilyRole_Name(context_.person->role()),
          context_.person != nullptr);
    }
    if (!There("seat")) {
      Add("seat", out_.seat.empty() ? "family-seat-not-needed" : "family-seat", out_.seat, true);
    }
    if (!There("mandate")) Add("mandate", "family-no-mandate", "", true);
    if (!There("consent")) Add("consent", "family-no-consent", "", true);
    if (!There("ground")) Add("ground", "family-right", "", true);
  }

  const Table& table_;
  const World& world_;
  const Question& q_;
  const ChainContext& context_;
  Outcome& out_;
  const base::Date today_;
};

}  // namespace

void CompleteChain(const Table& table, const World& world, const Question& question,
                   const ChainContext& context, Outcome* outcome) {
  Completer(table, world, question, context, outcome).Run();
}

}  // namespace knooppunt::policy
