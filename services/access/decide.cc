#include "services/access/decide.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/descriptor.h"
#include "security/crypto/hash.h"
#include "security/policy/closing.h"
#include "security/policy/consent_rules.h"
#include "security/policy/emergency.h"
#include "security/policy/explanation.h"
#include "security/policy/ground_sight.h"
#include "security/policy/leading.h"
#include "security/policy/mandate_rules.h"
#include "security/policy/parties.h"
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
  // Those found before, as many as there are methods: the pool takes ten times as long.
  struct Known {
    base::Mutex mu;
    absl::flat_hash_map<std::string, const policy::v1::MethodRule*> rules ABSL_GUARDED_BY(mu);
  };
  static Known* const known = new Known;
  {
    base::MutexLock lock(known->mu);
    const auto it = known->rules.find(method);
    if (it != known->rules.end()) return it->second;
  }
  // Options of a generated descriptor live as long as the process.
  if (method.empty() || method[0] != '/') return nullptr;
  const auto* m = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(method.substr(1), {{"/", "."}}));
  if (m == nullptr || !m->options().HasExtension(policy::v1::rule)) return nullptr;
  const policy::v1::MethodRule* const rule = &m->options().GetExtension(policy::v1::rule);
  base::MutexLock lock(known->mu);
  // Under the one spelling that is a method's own, so that nobody fills this with others.
  known->rules.emplace(absl::StrCat("/", m->service()->full_name(), "/", m->name()), rule);
  return rule;
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

namespace {

// The permit serves the call that this was asked for, and no other (P6).
policy::PermitUse UseOf(const v1::CheckRequest& request) {
  return {.call_id = request.call_id(),
          .method = request.method(),
          .resource = request.resource(),
          .new_family = request.new_family(),
          .purpose = request.purpose()};
}

void FillHead(const policy::Outcome& outcome, const policy::Table& table,
              const v1::FamilyFacts* family, v1::Decision* out) {
  FillOutcome(outcome, out);
  out->set_policy_sha256(table.sha256());
  out->set_facts_revision(family != nullptr ? family->revision() : 0);
}

// Tasks and lapses come along, or what others would read. They look further than a decision, which
// is why none is kept that brings them.
bool BringsWork(const policy::v1::MethodRule& rule) {
  return rule.permission() == "worklist.read" || rule.permission() == "worklist.mark";
}

// What shows or steers a case knows who leads it.
bool ShowsLeader(const policy::v1::MethodRule& rule) {
  return BringsWork(rule) || absl::StartsWith(rule.permission(), "case.");
}
// What follows a handover up sees whether a werkplaats closes meanwhile (R27).
bool ShowsClosing(const policy::v1::MethodRule& rule) {
  return BringsWork(rule) || absl::StartsWith(rule.permission(), "handover.") ||
         absl::StartsWith(rule.permission(), "archive.");
}
// What reads the log, or asks and answers about a record of it (R25).
bool OpensLog(const policy::v1::MethodRule& rule) {
  return rule.permission() == "audit.read" || rule.permission() == "audit.ask" ||
         rule.permission() == "question.answer";
}
bool BringsParties(const policy::v1::MethodRule& rule) {
  return policy::BringsParties(rule.permission());
}

// Who the call names, of a method that invites: the hook demands a professional and an
// organisation.
policy::NamedParty NamedBy(const v1::CheckRequest& request) {
  if (request.references_size() < 2) return {};
  return {.professional = request.references(0), .organisation = request.references(1)};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const v1::TokenClaims>> DecisionMaker::Authenticate(
    const std::string& token, absl::Time now) {
  KP_ASSIGN_OR_RETURN(auto claims, options_.tokens->VerifyShared(token, now));
  KP_ASSIGN_OR_RETURN(const bool ended, options_.sessions->Ended(claims->session()));
  if (ended) return errors::SessionEnded();
  return claims;
}

absl::StatusOr<v1::Decision> DecisionMaker::Check(const v1::CheckRequest& request) {
  v1::Decision decision;
  KP_RETURN_IF_ERROR(Check(request, &decision));
  return decision;
}

absl::Status DecisionMaker::Check(const v1::CheckRequest& request, v1::Decision* decision) {
  const policy::v1::MethodRule* rule = RuleOf(request.method());
  if (rule == nullptr || rule->caller() != policy::v1::CALLER_PERSON)
    return errors::UnknownMethod();
  KP_ASSIGN_OR_RETURN(const absl::Time now, options_.clock->Now());
  KP_ASSIGN_OR_RETURN(auto claims, Authenticate(request.token(), now));
  const Asking asking{request, *rule, std::move(claims), policy(), now};
  Target target = ParseTarget(request.resource());
  if (rule->creates_family()) target.family = request.new_family();
  FactsStore::FoundFamily found;
  if (!target.family.empty()) {
    KP_ASSIGN_OR_RETURN(found, options_.facts->Family(target.family));
  }
  KP_RETURN_IF_ERROR(Decide(asking, target, found, decision));
  if (!rule->other().empty()) KP_RETURN_IF_ERROR(DecideOther(asking, decision));
  *decision->mutable_claims() = *asking.claims;
  if (decision->allowed()) policy::BindPermit(UseOf(request), decision);
  return absl::OkStatus();
}

// The second family, decided as the first and at the same cost whatever comes out (R18). One
// refusal refuses the call, and says nothing of the second family. The call gets no key of the
// second: what it has to know of it comes along as a fact.
absl::Status DecisionMaker::DecideOther(const Asking& asking, v1::Decision* decision) {
  Target target = ParseTarget(asking.request.other());
  FactsStore::FoundFamily found;
  if (!target.family.empty()) {
    KP_ASSIGN_OR_RETURN(found, options_.facts->Family(target.family));
  }
  v1::Decision* const other = decision->mutable_other();
  KP_RETURN_IF_ERROR(Decide(asking, target, found, other));
  const bool both = decision->allowed() && other->allowed();
  for (v1::Decision* d : {decision, other}) {
    if (both && d == decision) continue;
    for (v1::PermitScope& s : *d->mutable_permit()->mutable_scopes()) crypto::Wipe(s.mutable_key());
    crypto::Wipe(d->mutable_permit()->mutable_facts_key());
    d->clear_permit();
    if (both) continue;
    if (!d->allowed()) continue;  // refused by itself, and explained as that
    d->set_allowed(false);
    d->set_rule("other-family");
    d->set_explainable(false);
  }
  if (!both) return absl::OkStatus();
  v1::FamilyFacts* const told = decision->add_references()->mutable_family();
  told->set_id(found.facts->id());
  told->set_merged_into(found.facts->merged_into());
  *told->mutable_persons() = found.facts->persons();
  *told->mutable_handovers() = found.facts->handovers();
  return absl::OkStatus();
}

bool DecisionMaker::Keeps(const Asking& asking, const Target& target) const {
  const policy::v1::MethodRule& rule = asking.rule;
  return options_.keep_decisions && !target.family.empty() && asking.request.labels().empty() &&
         asking.request.references().empty() && !rule.creates_family() && !rule.adds_person() &&
         !rule.searches() && !rule.writes_tokens() && !OpensLog(rule) && !BringsWork(rule) &&
         !BringsParties(rule);
}

absl::Status DecisionMaker::Decide(const Asking& asking, const Target& target,
                                   const FactsStore::FoundFamily& found, v1::Decision* out) {
  // Facts that were read just now may not be asked about again: keeping costs half a decision.
  if (!found.at_hand || !Keeps(asking, target)) {
    return WorkOut(asking, target, found, nullptr, out);
  }
  const AskedOfFamily asked{.policy = asking.policy,
                            .directory = found.directory,
                            .permission = asking.rule.permission(),
                            .purpose = asking.request.purpose(),
                            .case_id = target.case_id,
                            .claims = asking.claims.get(),
                            .now = asking.now};
  const std::shared_ptr<const KeptDecision> kept = found.memo->Find(asked);
  if (kept == nullptr) return WorkOut(asking, target, found, &asked, out);
  ++answered_from_kept_;
  *out = kept->form;
  return FillCall(asking, kept->keys, out);
}

absl::Status DecisionMaker::WorkOut(const Asking& asking, const Target& target,
                                    const FactsStore::FoundFamily& found,
                                    const AskedOfFamily* keep_as, v1::Decision* out) {
  const auto& [request, rule, claims, table, now] = asking;
  Facts facts;
  facts.family = found.facts;
  facts.world = WorldOf(options_.facts, &facts.kept);
  facts.world.facts = facts.family.get();
  policy::Question q;
  q.permission = rule.permission();
  q.claims = claims.get();
  q.purpose = request.purpose();
  // A family member has no business with pseudonyms: asked as about a family they are not of.
  q.about_family = !target.family.empty() ||
                   (!target.subject.empty() && claims->organisation().empty()) ||
                   (!rule.resource().empty() && target.subject.empty());
  q.new_family = rule.creates_family() && facts.family == nullptr;
  q.new_person = rule.adds_person();
  q.case_id = target.case_id;
  q.labels.assign(request.labels().begin(), request.labels().end());
  q.now = now;
  // An id that is taken was not minted for this call.
  if (rule.creates_family() && (facts.family != nullptr || target.family.empty()))
    q.permission = "taken";
  KP_ASSIGN_OR_RETURN(q.own_family, IsOwnFamily(*claims, rule, target, request));
  policy::Outcome outcome = policy::Decide(*table, facts.world, q);
  if (!outcome.allowed && outcome.explainable) {
    q.want_chain = true;  // words cost: only where they will be read (R19)
    outcome = policy::Decide(*table, facts.world, q);
  }
  FillHead(outcome, *table, facts.family.get(), out);
  if (!outcome.allowed) {
    if (found.at_hand) KP_RETURN_IF_ERROR(options_.facts->ReadForNothing(target.family));
    KP_RETURN_IF_ERROR(FillCall(asking, {}, out));
    return FillAudit(target, facts.family != nullptr, now, out);
  }
  KP_ASSIGN_OR_RETURN(std::vector<std::string> key_names,
                      FillForm(outcome, target, facts.family.get(), now, out));
  KP_RETURN_IF_ERROR(FillReferences(rule, target, facts, request, now, out));
  if (ShowsLeader(rule)) *out->mutable_leader() = policy::LeaderOfFamily(*table, facts.world, now);
  if (ShowsClosing(rule)) {
    for (v1::ClosingWerkplaats& closing : policy::ClosingOf(facts.world)) {
      *out->add_closing() = std::move(closing);
    }
  }
  if (BringsWork(rule)) FillWork(*table, facts.world, q, out);
  if (rule.permission() == "employment.end") KP_RETURN_IF_ERROR(FillSuccession(asking, out));
  if (BringsParties(rule)) {
    for (v1::PartySight& party : policy::PartiesFor(
             *table, facts.world, q, {.named = NamedBy(request), .written = outcome.labels})) {
      *out->add_parties() = std::move(party);
    }
  }
  // What tells an instant, or of what could not be read, is of this one time.
  if (keep_as != nullptr && !facts.kept.unreadable && out->responsible_since() == 0) {
    KeptDecision kept{.form = *out, .keys = {}};
    KP_RETURN_IF_ERROR(FillCall(asking, options_.keyring->Locate(key_names), out));
    kept.keys = options_.keyring->Locate(key_names);  // now all are at hand
    found.memo->Keep(*keep_as, *facts.family, std::move(kept));
  } else {
    KP_RETURN_IF_ERROR(FillCall(asking, options_.keyring->Locate(key_names), out));
  }
  KP_RETURN_IF_ERROR(FillOtherKeys(outcome, rule, target, out->mutable_permit()));
  if (OpensLog(rule)) KP_RETURN_IF_ERROR(FillAuditView(*table, target, facts, now, out));
  if (target.family.empty()) KP_RETURN_IF_ERROR(FillAudit(target, false, now, out));
  return absl::OkStatus();
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
    KP_ASSIGN_OR_RETURN(const FactsStore::Ids families, options_.facts->FamiliesOf(account));
    for (const std::string& family : *families) {
      KP_ASSIGN_OR_RETURN(const std::string subject, Pseudonym(family));
      if (subject == target.subject) return true;
    }
  }
  return false;
}

// A pseudonym is somebody's when there is a log of an earlier year: the first record of a new year
// may well be of who looks at that log. A refusal looks once, whatever it finds (R18).
absl::StatusOr<bool> DecisionMaker::HadLogBefore(const std::string& subject, int64_t year,
                                                 bool allowed) {
  for (int64_t y = year - 1; y >= year - (allowed ? kOldestAuditYears : 1); --y) {
    const std::string name = AuditKeyName(subject, y);
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        allowed ? options_.keyring->Find(name) : options_.keyring->FindAnew(name));
    if (!key.empty()) return true;
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
  if (!target.subject.empty() && (key.empty() || !out->allowed())) {
    KP_ASSIGN_OR_RETURN(family_exists, HadLogBefore(subject, year, out->allowed()));
  }
  if (key.empty() && family_exists) {
    KP_ASSIGN_OR_RETURN(key, options_.keyring->FindOrCreate(name));
  }
  if (!key.empty()) out->mutable_audit()->set_subject(subject);
  SetKey(key.empty() ? nobody : key, out->mutable_audit()->mutable_key());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> DecisionMaker::FillForm(const policy::Outcome& outcome,
                                                                 const Target& target,
                                                                 const v1::FamilyFacts* family,
                                                                 absl::Time now,
                                                                 v1::Decision* out) {
  std::vector<std::string> key_names;
  if (target.family.empty()) return key_names;
  out->set_family(target.family);
  v1::Permit* const permit = out->mutable_permit();
  key_names.reserve(outcome.scopes.size() + 2);
  int at = -1;  // scopes are opened in the order of the facts, of which there may be hundreds
  for (const policy::OpenScope& open : outcome.scopes) {
    do {
      if (++at >= family->scopes_size()) return absl::InternalError("scopes opened out of order");
    } while (family->scopes(at).id() != open.scope);
    v1::PermitScope* s = permit->add_scopes();
    s->set_id(open.scope);
    s->set_basis(open.basis);
    *s->mutable_label() = family->scopes(at).label();
    key_names.push_back(ScopeKeyName(target.family, open.scope));
  }
  KP_ASSIGN_OR_RETURN(std::string subject, Pseudonym(target.family));
  key_names.push_back(absl::StrCat("facts/", target.family));
  key_names.push_back(AuditKeyName(subject, YearOf(now)));
  out->mutable_audit()->set_subject(std::move(subject));
  return key_names;
}

absl::Status DecisionMaker::FillCall(const Asking& asking, absl::Span<const Keyring::Named> keys,
                                     v1::Decision* out) {
  out->set_decide_time_ms(absl::ToUnixMillis(asking.now));
  if (!out->allowed()) return absl::OkStatus();
  v1::Permit* const permit = out->mutable_permit();
  permit->set_expire_time_ms(absl::ToUnixMillis(asking.now + policy::kMaxPermitLifetime));
  if (keys.empty()) return absl::OkStatus();
  const size_t scopes = permit->scopes_size();
  KP_RETURN_IF_ERROR(options_.keyring->FindEach(keys, [&](size_t i,
                                                          const crypto::SecretBytes& key) {
    if (i < scopes) return SetKey(key, permit->mutable_scopes(static_cast<int>(i))->mutable_key());
    SetKey(key, i == scopes ? permit->mutable_facts_key() : out->mutable_audit()->mutable_key());
  }));
  // Destroyed (R32): nothing there any more.
  auto* const open = permit->mutable_scopes();
  open->erase(std::remove_if(open->begin(), open->end(),
                             [](const v1::PermitScope& s) { return s.key().empty(); }),
              open->end());
  if (!out->audit().key().empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes made,
                      options_.keyring->FindOrCreate(keys.back().name));
  SetKey(made, out->mutable_audit()->mutable_key());
  return absl::OkStatus();
}

absl::Status DecisionMaker::FillOtherKeys(const policy::Outcome& outcome,
                                          const policy::v1::MethodRule& rule, const Target& target,
                                          v1::Permit* permit) {
  for (const common::v1::Label& label : outcome.labels) {
    v1::PermitScope* s = permit->add_write_scopes();
    s->set_id(policy::ScopeId(target.family, label));
    *s->mutable_label() = label;
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->FindOrCreate(ScopeKeyName(target.family, s->id())));
    SetKey(key, s->mutable_key());
  }
  if (rule.creates_family()) {
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                        options_.keyring->FindOrCreate(absl::StrCat("facts/", target.family)));
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
    } else if (!parsed->Id("cases").empty()) {
      // The werkplaats where the case is that the call is about.
      const v1::CaseFact* c = facts.world.facts == nullptr || name != request.resource()
                                  ? nullptr
                                  : policy::FindCase(*facts.world.facts, target.case_id);
      if (c == nullptr) continue;
      KP_ASSIGN_OR_RETURN(const auto w, options_.facts->Werkplaats(c->werkplaats()));
      if (w != nullptr) *entry->mutable_werkplaats() = *w;
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
  if (!facts.family->cases().empty()) {
    view->set_responsible_organisation(facts.family->cases().rbegin()->organisation());
  }
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
  for (const v1::GroundFact& g : facts.family->grounds()) {
    if (policy::GroundShowsTo(*facts.family, g, out->person(), today)) {
      view->add_visible_bases(g.id());
    }
  }
  const AgreementView agreements(table, facts.world, {.person = out->person(), .now = now});
  for (const v1::ConsentFact& c : facts.family->consents()) {
    if (agreements.SeesConsent(c)) view->add_visible_bases(c.id());
  }
  return absl::OkStatus();
}

// Where the caller stands in the facts, and what their organisation may hold by function (R1).
absl::StatusOr<FactsStore::Ids> DecisionMaker::WithinReach(const Asking& asking) {
  KP_ASSIGN_OR_RETURN(FactsStore::Ids families,
                      options_.facts->FamiliesOf(asking.claims->subject()));
  bool by_function = false;
  for (const policy::v1::StaffRow* row : asking.policy->StaffRows(asking.rule.permission())) {
    const auto has = [](const auto& list, int x) {
      return std::find(list.begin(), list.end(), x) != list.end();
    };
    by_function = by_function || (has(row->places(), policy::v1::PLACE_BY_FUNCTION) &&
                                  has(row->functions(), asking.claims->function()));
  }
  if (!by_function) return families;
  KP_ASSIGN_OR_RETURN(
      const FactsStore::Ids left,
      options_.facts->FamiliesLeftBehind(asking.claims->organisation(), base::DateOf(asking.now)));
  if (left->empty()) return families;
  auto both = std::make_shared<std::vector<std::string>>();  // each by id, and so together
  std::set_union(families->begin(), families->end(), left->begin(), left->end(),
                 std::back_inserter(*both));
  return FactsStore::Ids(std::move(both));
}

// A number for who administers, and no case (R21): cases of which this professional is one of the
// two who were named, and the other does not lead without them.
absl::Status DecisionMaker::FillSuccession(const Asking& asking, v1::Decision* out) {
  if (asking.request.references_size() != 2) return absl::OkStatus();
  const std::string& professional = asking.request.references(0);
  const std::string& organisation = asking.request.references(1);
  KP_ASSIGN_OR_RETURN(const FactsStore::Ids families, options_.facts->FamiliesOf(professional));
  int count = 0;
  for (size_t at = 0; at < families->size(); at += limits::kFamiliesPerPage) {
    const auto page = absl::MakeConstSpan(*families).subspan(at, limits::kFamiliesPerPage);
    KP_ASSIGN_OR_RETURN(const std::vector<FactsStore::FoundFamily> found,
                        options_.facts->Families(page));
    for (const FactsStore::FoundFamily& family : found) {
      if (family.facts == nullptr) continue;
      KeptProfessionals kept;
      policy::World world = WorldOf(options_.facts, &kept);
      world.facts = family.facts.get();
      if (policy::LeftAlone(*asking.policy, world, professional, organisation, asking.now)) {
        ++count;
      }
    }
  }
  out->set_cases_without_successor(count);
  return absl::OkStatus();
}

absl::Status DecisionMaker::ListAccessible(const v1::ListAccessibleRequest& request,
                                           v1::ListAccessibleResponse* answer) {
  const policy::v1::MethodRule* rule = RuleOf(request.check().method());
  if (rule == nullptr || !rule->lists()) return errors::UnknownMethod();
  KP_ASSIGN_OR_RETURN(const absl::Time now, options_.clock->Now());
  KP_ASSIGN_OR_RETURN(auto claims, Authenticate(request.check().token(), now));
  const Asking asking{request.check(), *rule, std::move(claims), policy(), now};
  KP_RETURN_IF_ERROR(Decide(asking, {}, {}, answer->mutable_call()));
  *answer->mutable_call()->mutable_claims() = *asking.claims;
  if (!answer->call().allowed()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const FactsStore::Ids families, WithinReach(asking));
  for (size_t at = 0; at < families->size(); at += limits::kFamiliesPerPage) {
    const auto page = absl::MakeConstSpan(*families).subspan(at, limits::kFamiliesPerPage);
    KP_ASSIGN_OR_RETURN(const std::vector<FactsStore::FoundFamily> found,
                        options_.facts->Families(page));
    for (size_t i = 0; i < page.size(); ++i) {
      v1::Decision* const d = answer->add_decisions();
      KP_RETURN_IF_ERROR(Decide(asking, {.family = page[i]}, found[i], d));
      if (!d->allowed()) answer->mutable_decisions()->RemoveLast();
    }
  }
  policy::BindPermits(UseOf(request.check()), answer);
  return absl::OkStatus();
}

}  // namespace knooppunt::access
