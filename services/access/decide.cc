#include "services/access/decide.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/descriptor.h"
#include "security/crypto/hash.h"
#include "security/policy/consent_rules.h"
#include "security/policy/emergency.h"
#include "security/policy/explanation.h"
#include "security/policy/mandate_rules.h"
#include "security/policy/permit.h"
#include "security/policy/reads_alone.h"
#include "services/access/agreement_view.h"
#include "services/access/errors.h"
#include "services/access/lapses.h"

namespace knooppunt::access {
namespace {

constexpr int kOldestAuditYears = 21;  // the longest term of R31 and one to spare
constexpr int kVisibleChildBelowAge = 16;

crypto::SecretAccess ForPermit() { return crypto::SecretAccess::For("permit"); }

// No copy on the way: a temporary would leave the key in freed memory.
void SetKey(const crypto::SecretBytes& key, std::string* field) {
  const absl::string_view bytes = key.Expose(ForPermit());
  field->assign(bytes.data(), bytes.size());
}

std::string ScopeKeyName(absl::string_view family, absl::string_view scope) {
  return absl::StrCat("scope/", family, "/", scope);
}
std::string AuditKeyName(absl::string_view subject, int64_t year) {
  return absl::StrCat("audit/", subject, "/", year);
}
int64_t YearOf(absl::Time t) { return base::DateOf(t).year(); }

void FillOutcome(const policy::Outcome& o, v1::Decision* out) {
  out->set_allowed(o.allowed);
  out->set_rule(o.rule);
  out->set_explainable(o.explainable);
  out->set_person(o.person);
  out->set_seat(o.seat);
  out->set_emergency(o.emergency);
  out->set_responsible_since(o.responsible_since);
  for (const std::string& c : o.effective_consents) out->add_effective_consents(c);
  for (const std::string& b : o.bases) out->add_bases(b);
  if (!o.allowed && o.explainable) {
    // A refusal says what it fell on; Explain gives the whole chain.
    const v1::Voice voice = o.person.empty() ? v1::VOICE_USER : v1::VOICE_FAMILY;
    for (const policy::FoundLink& link : o.chain) {
      if (link.decisive) *out->add_chain() = policy::LinkInWords(link, voice);
    }
  }
}

}  // namespace

const policy::v1::MethodRule* RuleOf(absl::string_view method) {
  // Options of a generated descriptor live as long as the process.
  if (method.empty() || method[0] != '/') return nullptr;
  const auto* m = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(method.substr(1), {{"/", "."}}));
  if (m == nullptr || !m->options().HasExtension(policy::v1::rule)) return nullptr;
  return &m->options().GetExtension(policy::v1::rule);
}

DecisionMaker::Target DecisionMaker::ParseTarget(const std::string& resource) {
  Target target;
  const auto name = base::ResourceName::Parse(resource);
  if (!name.ok()) return target;
  target.family = std::string(name->Id("families"));
  target.case_id = std::string(name->Id("cases"));
  target.subject = std::string(name->Id("subjects"));
  return target;
}

absl::StatusOr<std::unique_ptr<DecisionMaker::Facts>> DecisionMaker::LoadFacts(
    const std::string& family) {
  auto facts = std::make_unique<Facts>();
  if (!family.empty()) {
    KP_ASSIGN_OR_RETURN(FactsStore::FoundFamily found, options_.facts->Family(family));
    facts->family = std::move(found.facts);
    facts->family_at_hand = found.at_hand;
  }
  facts->world = WorldOf(options_.facts, &facts->kept);
  facts->world.facts = facts->family.get();
  return facts;
}

namespace {

// The permit serves the call that this was asked for, and no other (P6).
void Bind(const v1::CheckRequest& request, std::string resource, v1::Decision* decision) {
  if (!decision->allowed()) return;
  policy::BindPermit({.call_id = request.call_id(),
                      .method = request.method(),
                      .resource = std::move(resource),
                      .new_family = request.new_family(),
                      .purpose = request.purpose()},
                     decision);
}

}  // namespace

absl::StatusOr<v1::TokenClaims> DecisionMaker::Authenticate(const std::string& token,
                                                            absl::Time now) {
  KP_ASSIGN_OR_RETURN(v1::TokenClaims claims, options_.tokens->Verify(token, now));
  KP_ASSIGN_OR_RETURN(const bool ended, options_.sessions->Ended(claims.session()));
  if (ended) return errors::SessionEnded();
  return claims;
}

absl::StatusOr<v1::Decision> DecisionMaker::Check(const v1::CheckRequest& request) {
  const policy::v1::MethodRule* rule = RuleOf(request.method());
  if (rule == nullptr || rule->caller() != policy::v1::CALLER_PERSON)
    return errors::UnknownMethod();
  KP_ASSIGN_OR_RETURN(const absl::Time now, options_.clock->Now());
  KP_ASSIGN_OR_RETURN(const v1::TokenClaims claims, Authenticate(request.token(), now));
  Target target = ParseTarget(request.resource());
  if (rule->creates_family()) target.family = request.new_family();
  KP_ASSIGN_OR_RETURN(v1::Decision decision, Decide(claims, *rule, target, request, now));
  Bind(request, request.resource(), &decision);
  return decision;
}

absl::StatusOr<v1::Decision> DecisionMaker::Decide(const v1::TokenClaims& claims,
                                                   const policy::v1::MethodRule& rule,
                                                   const Target& target,
                                                   const v1::CheckRequest& request,
                                                   absl::Time now) {
  // One policy for the whole decision: another may come into force beside it.
  const std::shared_ptr<const policy::Table> table = policy();
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<Facts> facts, LoadFacts(target.family));
  policy::Question q;
  q.permission = rule.permission();
  q.claims = &claims;
  q.purpose = request.purpose();
  // A family member has no business with pseudonyms: asked as about a family they are not of.
  q.about_family = !target.family.empty() ||
                   (!target.subject.empty() && claims.organisation().empty()) ||
                   (!rule.resource().empty() && target.subject.empty());
  q.new_family = rule.creates_family() && facts->family == nullptr;
  q.new_person = rule.adds_person();
  q.case_id = target.case_id;
  q.labels.assign(request.labels().begin(), request.labels().end());
  q.now = now;
  // An id that is taken was not minted for this call.
  if (rule.creates_family() && (facts->family != nullptr || target.family.empty()))
    q.permission = "taken";
  KP_ASSIGN_OR_RETURN(q.own_family, IsOwnFamily(claims, rule, target, request));
  policy::Outcome outcome = policy::Decide(*table, facts->world, q);
  if (!outcome.allowed && outcome.explainable) {
    q.want_chain = true;  // words cost: only where they will be read (R19)
    outcome = policy::Decide(*table, facts->world, q);
  }

  v1::Decision out;
  FillOutcome(outcome, &out);
  *out.mutable_claims() = claims;
  out.set_policy_sha256(table->sha256());
  out.set_decide_time_ms(absl::ToUnixMillis(now));
  out.set_facts_revision(facts->family != nullptr ? facts->family->revision() : 0);
  if (outcome.allowed) {
    out.set_family(target.family);
    KP_RETURN_IF_ERROR(FillPermit(outcome, rule, target, *facts, now, &out));
    KP_RETURN_IF_ERROR(FillReferences(rule, target, *facts, request, now, &out));
    if (rule.permission() == "worklist.read" || rule.permission() == "worklist.mark")
      FillWork(*table, facts->world, q, &out);
    if (rule.permission() == "audit.read")
      KP_RETURN_IF_ERROR(FillAuditView(*table, target, *facts, now, &out));
  }
  if (!outcome.allowed && facts->family_at_hand) {
    KP_RETURN_IF_ERROR(options_.facts->ReadForNothing(target.family));
  }
  const bool exists = facts->family != nullptr || (outcome.allowed && q.new_family);
  KP_RETURN_IF_ERROR(FillAudit(target, exists, now, &out));
  return out;
}

absl::StatusOr<std::string> DecisionMaker::Pseudonym(const std::string& family) {
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                      options_.keyring->FindOrCreate("region/pseudonym"));
  return crypto::HexEncode(crypto::HmacSha256(key, family).substr(0, 16));
}

absl::StatusOr<bool> DecisionMaker::IsOwnFamily(const v1::TokenClaims& claims,
                                                const policy::v1::MethodRule& rule,
                                                const Target& target,
                                                const v1::CheckRequest& request) {
  if (claims.organisation().empty()) return false;
  const bool names_account = rule.creates_family() || rule.adds_person();
  if (target.subject.empty() && !names_account) return false;
  KP_ASSIGN_OR_RETURN(const auto caller, options_.facts->Professional(claims.subject()));
  if (caller == nullptr) return false;
  for (const std::string& account : caller->own_accounts()) {
    if (names_account && std::find(request.references().begin(), request.references().end(),
                                   account) != request.references().end()) {
      return true;
    }
    if (target.subject.empty()) continue;
    KP_ASSIGN_OR_RETURN(const std::vector<std::string> families,
                        options_.facts->FamiliesOf(account));
    for (const std::string& family : families) {
      KP_ASSIGN_OR_RETURN(const std::string subject, Pseudonym(family));
      if (subject == target.subject) return true;
    }
  }
  return false;
}

// The handle for the record is there for refusals too, and for families that do not exist
// costs the same look-ups (R18): their records go under the key of nobody.
absl::Status DecisionMaker::FillAudit(const Target& target, bool family_exists, absl::Time now,
                                      v1::Decision* out) {
  const int64_t year = YearOf(now);
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes nobody,
                      options_.keyring->FindOrCreate(AuditKeyName("-", year)));
  std::string subject = target.subject;
  if (!target.family.empty()) {
    KP_ASSIGN_OR_RETURN(subject, Pseudonym(target.family));
  }
  if (subject.empty()) {
    SetKey(nobody, out->mutable_audit()->mutable_key());
    return absl::OkStatus();
  }
  const std::string name = AuditKeyName(subject, year);
  KP_ASSIGN_OR_RETURN(crypto::SecretBytes key, out->allowed() ? options_.keyring->Find(name)
                                                              : options_.keyring->FindAnew(name));
  if (key.empty() && family_exists) {
    KP_ASSIGN_OR_RETURN(key, options_.keyring->FindOrCreate(name));
  }
  if (!key.empty()) out->mutable_audit()->set_subject(subject);
  SetKey(key.empty() ? nobody : key, out->mutable_audit()->mutable_key());
  return absl::OkStatus();
}

absl::Status DecisionMaker::FillPermit(const policy::Outcome& outcome,
                                       const policy::v1::MethodRule& rule, const Target& target,
                                       const Facts& facts, absl::Time now, v1::Decision* out) {
  v1::Permit* permit = out->mutable_permit();
  permit->set_expire_time_ms(absl::ToUnixMillis(now + policy::kMaxPermitLifetime));
  for (const policy::OpenScope& open : outcome.scopes) {
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->Find(ScopeKeyName(target.family, open.scope)));
    if (key.empty()) continue;  // destroyed (R32): nothing there any more
    v1::PermitScope* s = permit->add_scopes();
    s->set_id(open.scope);
    s->set_basis(open.basis);
    for (const v1::Scope& known : facts.family->scopes()) {
      if (known.id() == open.scope) *s->mutable_label() = known.label();
    }
    SetKey(key, s->mutable_key());
  }
  for (const common::v1::Label& label : outcome.labels) {
    v1::PermitScope* s = permit->add_write_scopes();
    s->set_id(policy::ScopeId(target.family, label));
    *s->mutable_label() = label;
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->FindOrCreate(ScopeKeyName(target.family, s->id())));
    SetKey(key, s->mutable_key());
  }
  if (!target.family.empty()) {
    const std::string name = absl::StrCat("facts/", target.family);
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key, rule.creates_family()
                                                           ? options_.keyring->FindOrCreate(name)
                                                           : options_.keyring->Find(name));
    SetKey(key, permit->mutable_facts_key());
  }
  if (rule.searches() || rule.writes_tokens()) {
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->FindOrCreate("region/search"));
    SetKey(key, permit->mutable_search_key());
  }
  return absl::OkStatus();
}

absl::Status DecisionMaker::FillReferences(const policy::v1::MethodRule& rule, const Target& target,
                                           const Facts& facts, const v1::CheckRequest& request,
                                           absl::Time now, v1::Decision* out) {
  for (const std::string& name : request.references()) {
    v1::FactEntry* entry = out->add_references();
    const auto parsed = base::ResourceName::Parse(name);
    if (!parsed.ok()) continue;
    if (!parsed->Id("professionals").empty()) {
      KP_ASSIGN_OR_RETURN(const auto p, options_.facts->Professional(name));
      if (p == nullptr) continue;
      *entry->mutable_professional() = policy::AsReferred(facts.world, *p, base::DateOf(now));
    } else if (!parsed->Id("organisations").empty()) {
      KP_ASSIGN_OR_RETURN(const auto o, options_.facts->Organisation(name));
      if (o != nullptr) *entry->mutable_organisation() = *o;
    } else if (!parsed->Id("werkplaatsen").empty()) {
      KP_ASSIGN_OR_RETURN(const auto w, options_.facts->Werkplaats(name));
      if (w != nullptr) *entry->mutable_werkplaats() = *w;
    }
  }
  for (v1::ProfessionalFacts& p :
       policy::TableFor(rule.permission(), facts.world, target.case_id, now)) {
    *out->add_references()->mutable_professional() = std::move(p);
  }
  return absl::OkStatus();
}

absl::Status DecisionMaker::FillAuditView(const policy::Table& table, const Target& target,
                                          const Facts& facts, absl::Time now, v1::Decision* out) {
  v1::OpenAuditResponse* view = out->mutable_audit_view();
  std::string subject = target.subject;
  if (subject.empty()) {
    KP_ASSIGN_OR_RETURN(subject, Pseudonym(target.family));
  }
  view->set_subject(subject);
  view->set_auditor(out->person().empty());
  const int64_t this_year = YearOf(now);
  for (int64_t year = this_year - kOldestAuditYears; year <= this_year; ++year) {
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->Find(AuditKeyName(subject, year)));
    if (!key.empty()) SetKey(key, view->add_keys());
  }
  if (facts.family == nullptr || out->person().empty()) return absl::OkStatus();
  view->set_emergencies_shown_before_ms(
      absl::ToUnixMillis(policy::EmergenciesShownBefore(*facts.family, now)));
  for (const v1::GroundFact& g : facts.family->grounds()) {
    if (policy::HiddenFromFamily(g)) view->add_hidden_grounds(g.id());
  }
  const base::Date today = base::DateOf(now);
  for (const v1::PersonFact& p : facts.family->persons()) {
    const int age = policy::AgeOf(p, today);
    const bool child = policy::HoldsGezag(*facts.family, out->person(), p.id(), today) &&
                       age < kVisibleChildBelowAge;
    if (p.id() == out->person() || child) view->add_visible_persons(p.id());
    if (p.id() == out->person() || !child) continue;
    const auto alone = policy::CompartmentsReadAlone(table, p, age);
    if (alone.empty()) continue;
    v1::ReadAlone* youth = view->add_read_alone();
    youth->set_person(p.id());
    for (const common::v1::Compartment c : alone) youth->add_compartments(c);
  }
  const AgreementView agreements(table, facts.world, {.person = out->person(), .now = now});
  for (const v1::ConsentFact& c : facts.family->consents()) {
    if (agreements.SeesConsent(c)) view->add_visible_consents(c.id());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListAccessibleResponse> DecisionMaker::ListAccessible(
    const v1::ListAccessibleRequest& request) {
  const policy::v1::MethodRule* rule = RuleOf(request.check().method());
  if (rule == nullptr || !rule->lists()) return errors::UnknownMethod();
  KP_ASSIGN_OR_RETURN(const absl::Time now, options_.clock->Now());
  KP_ASSIGN_OR_RETURN(const v1::TokenClaims claims, Authenticate(request.check().token(), now));
  v1::ListAccessibleResponse out;
  KP_ASSIGN_OR_RETURN(*out.mutable_call(), Decide(claims, *rule, {}, request.check(), now));
  Bind(request.check(), "", out.mutable_call());
  if (!out.call().allowed()) return out;
  KP_ASSIGN_OR_RETURN(const std::vector<std::string> families,
                      options_.facts->FamiliesOf(claims.subject()));
  for (const std::string& family : families) {
    KP_ASSIGN_OR_RETURN(v1::Decision d,
                        Decide(claims, *rule, {.family = family}, request.check(), now));
    if (!d.allowed()) continue;
    Bind(request.check(), absl::StrCat("families/", family), &d);
    *out.add_decisions() = std::move(d);
  }
  return out;
}

}  // namespace knooppunt::access
