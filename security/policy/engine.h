// The decision engine: policy, facts and a question in, an outcome out. Pure: no I/O and no
// clock, so that it can be tested by tables and simulated. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_ENGINE_H_
#define KNOOPPUNT_SECURITY_POLICY_ENGINE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

struct Question {
  std::string permission;
  const access::v1::TokenClaims* claims = nullptr;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  // The call is about a family; `facts` may still be null when there is none such.
  bool about_family = false;
  std::string case_id;  // of the resource name; empty: the family's newest case
  bool new_family = false;
  bool new_person = false;  // a label may be about somebody whom the call is about to add
  // Known to be about the caller's own family, though no facts of it are at hand: asked for by its
  // pseudonym, or about to be opened (R21).
  bool own_family = false;
  std::vector<common::v1::Label> labels;  // to be written
  bool want_chain = false;
  absl::Time now;
};

struct World {
  const access::v1::FamilyFacts* facts = nullptr;
  // Facts of "professionals/{id}", or nullptr. Valid while the decision runs.
  std::function<const access::v1::ProfessionalFacts*(absl::string_view)> professional;
  // Kind of an organisation; UNSPECIFIED when unknown.
  std::function<common::v1::OrganisationKind(absl::string_view)> kind_of;
  // Facts of "werkplaatsen/{id}", or nullptr; empty where no werkplaats is known. As long likewise.
  std::function<const access::v1::WerkplaatsFacts*(absl::string_view)> werkplaats;
};

// A link of the chain of R19 as it was found; explanation.h has its words.
struct FoundLink {
  std::string kind;   // person, organisation, function, seat, mandate, consent, ground or rule
  std::string code;   // a word of ours: "no-seat"
  std::string value;  // name or id, or empty
  bool holds = false;
  bool decisive = false;  // the decision fell here; else it is told to complete the chain
};

struct OpenScope {
  std::string scope;  // id
  std::string basis;
};

struct Outcome {
  bool allowed = false;
  std::string rule;  // row that decided, or the word of the refusal: "no-seat", "no-sharing"...
  bool explainable = false;
  std::string person;
  std::string seat;
  std::vector<OpenScope> scopes;
  std::vector<common::v1::Label> labels;  // completed
  std::vector<std::string> effective_consents;
  std::vector<std::string> bases;  // consents, grounds and emergencies, without doubles
  bool emergency = false;          // asked as emergency access (R20), allowed or not
  int64_t responsible_since = 0;   // Unix seconds; only for PLACE_RESPONSIBLE (R16)
  std::vector<FoundLink> chain;    // by kind, from person to rule; empty unless asked for
};

// R17 in one place. Denies unless everything holds.
Outcome Decide(const Table& table, const World& world, const Question& question);

bool SeatActive(const access::v1::Seat& seat, absl::Time now);
// SeatActive, and for a deputy's seat that the seat they deputise for still stands: of the same
// organisation and function, joined, not ended, and its professional employed (R39). Who is
// merely absent keeps their seat, and with it the deputy.
bool SeatStands(const World& world, const access::v1::CaseFact& c, const access::v1::Seat& seat,
                absl::Time now);
bool HoldsFunction(const access::v1::ProfessionalFacts& p, absl::string_view organisation,
                   common::v1::Function function, base::Date on);
const access::v1::CaseFact* FindCase(const access::v1::FamilyFacts& facts, absl::string_view id);

// The scope id of a label within a family: SHA-256 of its parts, first 16 bytes, hex.
std::string ScopeId(absl::string_view family, const common::v1::Label& label);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_ENGINE_H_
