#include "services/access/explain.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "security/policy/explanation.h"
#include "security/policy/ground_sight.h"
#include "services/access/agreement.h"
#include "services/access/decide.h"
#include "services/access/errors.h"
#include "services/access/world.h"

namespace knooppunt::access {
namespace {

// Whose access is explained, and to whom.
struct Subject {
  v1::TokenClaims claims;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  std::string case_id;
  v1::Voice voice = v1::VOICE_USER;
};

absl::StatusOr<std::string> PermissionOf(const policy::Table& table, const std::string& asked) {
  std::string permission = asked;
  if (absl::StartsWith(asked, "/")) {
    const policy::v1::MethodRule* rule = RuleOf(asked);
    if (rule == nullptr) return errors::UnknownPermission();
    permission = rule->permission();
  }
  if (table.FindPermission(permission) == nullptr) return errors::UnknownPermission();
  return permission;
}

// What the family does not know is not explained to it.
v1::FamilyFacts AsTheFamilyKnows(v1::FamilyFacts facts) {
  auto* grounds = facts.mutable_grounds();
  grounds->erase(std::remove_if(grounds->begin(), grounds->end(), policy::HiddenFromFamily),
                 grounds->end());
  facts.clear_emergencies();
  return facts;
}

// R18: of what opens the family's file to somebody at the table, a member of the family is told
// what their own lists of consents and grounds show, and nothing of what is another's.
v1::FamilyFacts AsTheMemberKnows(const policy::Table& table, const policy::World& world,
                                 const policy::AuthorizedCall& call) {
  v1::FamilyFacts facts = AsTheFamilyKnows(*world.facts);
  const AgreementView view(table, world, ViewerOf(call));
  auto* consents = facts.mutable_consents();
  consents->erase(std::remove_if(consents->begin(), consents->end(),
                                 [&](const v1::ConsentFact& c) { return !view.SeesConsent(c); }),
                  consents->end());
  auto* grounds = facts.mutable_grounds();
  grounds->erase(std::remove_if(grounds->begin(), grounds->end(),
                                [&](const v1::GroundFact& g) {
                                  return !policy::GroundShowsTo(*world.facts, g, call.person(),
                                                                view.today());
                                }),
                 grounds->end());
  return facts;
}

// What the professional would be asked for it: the first purpose that a rule gives the function,
// never emergency access.
common::v1::Purpose PurposeOf(const policy::Table& table, const std::string& permission,
                              common::v1::Function function) {
  for (const policy::v1::StaffRow* row : table.StaffRows(permission)) {
    const auto& functions = row->functions();
    if (std::find(functions.begin(), functions.end(), function) == functions.end()) continue;
    for (const int purpose : row->purposes()) {
      if (purpose != common::v1::PURPOSE_EMERGENCY) {
        return static_cast<common::v1::Purpose>(purpose);
      }
    }
  }
  return common::v1::PURPOSE_COORDINATION;
}

const v1::Seat* FindSeat(const v1::FamilyFacts& facts, const std::string& case_id,
                         const std::string& seat) {
  const v1::CaseFact* c = policy::FindCase(facts, case_id);
  if (c == nullptr) return nullptr;
  const auto found = std::find_if(c->seats().begin(), c->seats().end(),
                                  [&](const v1::Seat& s) { return s.id() == seat; });
  return found == c->seats().end() || found->professional().empty() ? nullptr : &*found;
}

absl::StatusOr<Subject> OfSeat(const policy::Table& table, const v1::FamilyFacts& facts,
                               const std::string& permission, const std::string& case_id,
                               const v1::ExplainRequest& request,
                               const policy::AuthorizedCall& call) {
  const v1::Seat* seat = FindSeat(facts, case_id, request.seat());
  if (seat == nullptr) return errors::NoSuchSeat();
  if (call.is_staff() && seat->professional() != call.claims().subject()) {
    return errors::NoSuchSeat();
  }
  Subject subject{.purpose = PurposeOf(table, permission, seat->function()),
                  .case_id = case_id,
                  .voice = call.is_staff() ? v1::VOICE_USER : v1::VOICE_FAMILY};
  subject.claims.set_subject(seat->professional());
  subject.claims.set_organisation(seat->organisation());
  subject.claims.set_function(seat->function());
  // As they must be when they look: nobody's login of this moment is told to anybody else.
  subject.claims.set_two_factor(true);
  subject.claims.set_assurance(v1::ASSURANCE_SUBSTANTIAL);
  return subject;
}

}  // namespace

absl::Status ExplainAccess(const policy::Table& table, FactsStore& facts,
                           const policy::AuthorizedCall& call, const v1::ExplainRequest& request,
                           v1::ExplainResponse* response) {
  KP_ASSIGN_OR_RETURN(const std::string permission, PermissionOf(table, request.permission()));
  KP_ASSIGN_OR_RETURN(const base::ResourceName name, base::ResourceName::Parse(request.resource()));
  KP_ASSIGN_OR_RETURN(const FactsStore::FoundFamily found,
                      facts.Family(std::string(name.Id("families"))));
  if (found.facts == nullptr) return errors::NoSuchFamily();
  Subject subject{.claims = call.claims(),
                  .purpose = call.purpose(),
                  .case_id = std::string(name.Id("cases")),
                  .voice = call.is_staff() ? v1::VOICE_USER : v1::VOICE_FAMILY};
  if (!request.seat().empty()) {
    KP_ASSIGN_OR_RETURN(subject,
                        OfSeat(table, *found.facts, permission, subject.case_id, request, call));
  }
  KeptProfessionals kept;
  policy::World world = WorldOf(&facts, &kept);
  world.facts = found.facts.get();
  v1::FamilyFacts known;
  if (!call.is_staff()) {
    known = request.seat().empty() ? AsTheFamilyKnows(*found.facts)
                                   : AsTheMemberKnows(table, world, call);
    world.facts = &known;
  }
  policy::Question q;
  q.permission = permission;
  q.claims = &subject.claims;
  q.purpose = subject.purpose;
  q.about_family = true;
  q.case_id = subject.case_id;
  q.want_chain = true;
  q.now = call.now();
  const policy::Outcome outcome = policy::Decide(table, world, q);

  policy::Explanation said = policy::Explain(
      outcome, subject.voice,
      {.permission = permission, .purpose = subject.purpose, .policy_sha256 = table.sha256()});
  response->set_allowed(outcome.allowed);
  response->set_rule(outcome.rule);
  for (v1::ChainLink& link : said.chain) *response->add_chain() = std::move(link);
  response->set_text_nl(std::move(said.text_nl));
  response->set_text_en(std::move(said.text_en));
  return absl::OkStatus();
}

}  // namespace knooppunt::access
