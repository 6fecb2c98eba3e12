#include "services/dossier/testing.h"

#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "base/date.h"
#include "base/error.h"
#include "base/new_folder_testing.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/policy/closing.h"
#include "security/policy/engine.h"
#include "security/policy/leading.h"
#include "security/policy/mandate_rules.h"
#include "security/policy/parties.h"
#include "security/policy/testing_permit.h"

namespace knooppunt::dossier::testing {
namespace {

// A test that cannot be set up has nothing to say.
void Require(const absl::Status& status, absl::string_view what) {
  if (status.ok()) return;
  std::fprintf(stderr, "test set-up: %s: %s\n", std::string(what).c_str(),
               status.ToString().c_str());
  std::abort();
}
template <typename T>
T Require(absl::StatusOr<T> value, absl::string_view what) {
  Require(value.status(), what);
  return *std::move(value);
}

std::string TempFolder() { return ::knooppunt::testing::NewFolder("dossier"); }

std::string PolicyPath() {
  const char* source = std::getenv("KNOOPPUNT_SOURCE");
  return absl::StrCat(source == nullptr ? "." : source, "/security/policy/policy.textproto");
}

std::string StringField(const google::protobuf::Message& m, const std::string& field) {
  const auto* f = m.GetDescriptor()->FindFieldByName(field);
  return m.GetReflection()->GetString(m, f);
}

}  // namespace

Office::Office(Options options)
    : options_(options),
      folder_(TempFolder()),
      clock_(absl::FromCivil(absl::CivilMinute(2026, 11, 23, 10, 0), base::Amsterdam())),
      random_(20261123),
      database_key_(random_.Key()),
      policy_(Require(policy::Table::Load(PolicyPath()), "policy")) {
  Open();
}

Office::~Office() {
  unit_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Office::Open() {
  unit_ = Require(DossierUnit::Open({.path = absl::StrCat(folder_, "/dossier.db"),
                                     .key = &database_key_,
                                     .clock = &clock_,
                                     .random = &random_,
                                     .handover_grace_days = options_.handover_grace_days,
                                     .installations = options_.installations,
                                     .ground_types = policy_->document().ground_types()}),
                  "open the unit");
  registry_ = runtime::Registry();
  unit_->Register(registry_);
  Require(registry_.Freeze(policy_->Permissions()), "freeze the registry");
}

void Office::Reopen() {
  unit_.reset();
  Open();
}

void Office::AddOrganisation(const std::string& id, common::v1::OrganisationKind kind) {
  access::v1::OrganisationFacts& o = *directory_[id].mutable_organisation();
  o.set_name(id);
  o.set_kind(kind);
}

void Office::AddWerkplaats(const std::string& id, const std::string& organisation,
                           common::v1::Stage stage) {
  access::v1::WerkplaatsFacts& w = *directory_[id].mutable_werkplaats();
  w.set_name(id);
  w.set_display_name(id);
  w.set_organisation(organisation);
  w.set_stage(stage);
}

void Office::CloseWerkplaats(const std::string& id, const std::string& close_date) {
  directory_.at(id).mutable_werkplaats()->set_close_date(close_date);
}

Caller Office::AddProfessional(const std::string& id, const std::string& organisation,
                               common::v1::Function function, const std::string& display_name) {
  access::v1::ProfessionalFacts& p = *directory_[id].mutable_professional();
  p.set_name(id);
  p.set_display_name(display_name);
  access::v1::FunctionTerm* term = p.add_functions();
  term->set_organisation(organisation);
  term->set_function(function);
  term->set_start_date("2020-01-01");
  Caller caller;
  caller.claims.set_subject(id);
  caller.claims.set_organisation(organisation);
  caller.claims.set_function(function);
  caller.claims.set_display_name(display_name);
  caller.claims.set_two_factor(true);
  caller.claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
  return caller;
}

access::v1::ProfessionalFacts& Office::professional(const std::string& id) {
  return *directory_.at(id).mutable_professional();
}

Caller Office::Account(const std::string& id) {
  Caller caller;
  caller.claims.set_subject(id);
  caller.claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
  caller.purpose = common::v1::PURPOSE_OWN_FILE;
  return caller;
}

const access::v1::CaseFact& Office::case_fact(const std::string& case_name) const {
  const auto name = Require(base::ResourceName::Parse(case_name), "case name");
  return *policy::FindCase(families_.at(std::string(name.Id("families"))), name.Id("cases"));
}

std::string Office::SeatOf(const std::string& case_name, const std::string& who) const {
  std::string out;
  for (const access::v1::Seat& s : case_fact(case_name).seats()) {
    if ((s.professional() == who || s.person() == who) &&
        s.state() != access::v1::SEAT_STATE_ENDED) {
      out = s.id();
    }
  }
  return out;
}

std::string Office::KeyOf(const std::string& name) {
  std::string& key = keys_[name];
  if (key.empty()) key = random_.Bytes(crypto::kAeadKeyBytes);
  return key;
}

absl::StatusOr<policy::AuthorizedCall> Office::Admit(const Asked& asked) {
  const policy::v1::MethodRule& rule = asked.entry.rule;
  const auto family = families_.find(asked.family);
  policy::World world;
  if (family != families_.end()) world.facts = &family->second;
  world.professional = [&](absl::string_view name) -> const access::v1::ProfessionalFacts* {
    const auto it = directory_.find(std::string(name));
    return it == directory_.end() ? nullptr : &it->second.professional();
  };
  world.kind_of = [&](absl::string_view name) {
    const auto it = directory_.find(std::string(name));
    return it == directory_.end() ? common::v1::ORGANISATION_KIND_UNSPECIFIED
                                  : it->second.organisation().kind();
  };
  world.werkplaats = [&](absl::string_view name) -> const access::v1::WerkplaatsFacts* {
    const auto it = directory_.find(std::string(name));
    return it == directory_.end() ? nullptr : &it->second.werkplaats();
  };
  policy::Question q;
  q.permission = rule.permission();
  q.claims = &asked.who.claims;
  q.purpose = asked.who.purpose;
  q.about_family = asked.about_family;
  q.case_id = asked.case_id;
  q.new_family = rule.creates_family();
  q.new_person = rule.adds_person();
  q.labels = asked.demands.labels;
  q.now = clock_.Now();
  const policy::Outcome outcome = policy::Decide(*policy_, world, q);
  if (!outcome.allowed) return absl::PermissionDeniedError(outcome.rule);

  access::v1::Decision d;
  d.set_allowed(true);
  d.set_rule(outcome.rule);
  *d.mutable_claims() = asked.who.claims;
  d.set_person(outcome.person);
  d.set_seat(outcome.seat);
  d.set_family(asked.family);
  d.set_decide_time_ms(absl::ToUnixMillis(clock_.Now()));
  d.set_responsible_since(outcome.responsible_since);
  for (const std::string& c : outcome.effective_consents) d.add_effective_consents(c);
  if (!asked.family.empty()) {
    d.mutable_audit()->set_subject(absl::StrCat("pseudonym-of-", asked.family.substr(0, 6)));
    d.mutable_permit()->set_facts_key(KeyOf(absl::StrCat("facts/", asked.family)));
  }
  for (const policy::OpenScope& open : outcome.scopes) {
    access::v1::PermitScope* s = d.mutable_permit()->add_scopes();
    s->set_id(open.scope);
    s->set_key(KeyOf(absl::StrCat("scope/", asked.family, "/", open.scope)));
    for (const access::v1::Scope& known : world.facts->scopes()) {
      if (known.id() == open.scope) *s->mutable_label() = known.label();
    }
  }
  for (const common::v1::Label& label : outcome.labels) {
    access::v1::PermitScope* s = d.mutable_permit()->add_write_scopes();
    s->set_id(policy::ScopeId(asked.family, label));
    *s->mutable_label() = label;
    s->set_key(KeyOf(absl::StrCat("scope/", asked.family, "/", s->id())));
  }
  if (rule.searches() || rule.writes_tokens())
    d.mutable_permit()->set_search_key(KeyOf("region/search"));
  for (const std::string& name : asked.demands.references) {
    // The name of the case stands for the werkplaats where it is, as in access.
    const auto parsed = base::ResourceName::Parse(name);
    const bool of_case = parsed.ok() && !parsed->Id("cases").empty() && world.facts != nullptr;
    const access::v1::CaseFact* c =
        of_case ? policy::FindCase(*world.facts, asked.case_id) : nullptr;
    const auto it = directory_.find(c == nullptr ? name : c->werkplaats());
    access::v1::FactEntry& entry = *d.add_references();
    if (it == directory_.end()) continue;
    entry = it->second;
    if (!entry.has_professional()) continue;
    *entry.mutable_professional() =
        policy::AsReferred(world, it->second.professional(), base::DateOf(clock_.Now()));
  }
  for (access::v1::ProfessionalFacts& p :
       policy::TableFor(rule.permission(), world, asked.case_id, clock_.Now())) {
    *d.add_references()->mutable_professional() = std::move(p);
  }
  const auto& named = asked.demands.references;
  const policy::NamedParty party =
      named.size() < 2 ? policy::NamedParty{} : policy::NamedParty{named[0], named[1]};
  for (access::v1::PartySight& p :
       policy::PartiesFor(*policy_, world, q, {.named = party, .written = outcome.labels})) {
    *d.add_parties() = std::move(p);
  }
  if (!asked.family.empty()) {
    *d.mutable_leader() = policy::LeaderOfFamily(*policy_, world, clock_.Now());
    if (world.facts != nullptr) d.set_facts_revision(world.facts->revision());
  }
  for (access::v1::ClosingWerkplaats& closing : policy::ClosingOf(world)) {
    *d.add_closing() = std::move(closing);
  }
  if (tamper) tamper(&d);
  return policy::AdmitForTest(std::move(d), asked.who.purpose, asked.id_seed);
}

absl::Status Office::Run(const std::string& method, const Caller& who,
                         const google::protobuf::Message& req, google::protobuf::Message* resp) {
  const runtime::Registry::Entry* entry = registry_.Find(method);
  if (entry == nullptr) return absl::UnimplementedError(method);
  Asked asked = {.entry = *entry, .who = who, .id_seed = random_.Bytes(16)};
  const std::string new_family = entry->rule.creates_family() ? random_.Id("f") : "";
  if (entry->hook) {
    const runtime::Preparation prep{who.claims, asked.id_seed, new_family};
    KP_RETURN_IF_ERROR(entry->hook(prep, req, &asked.demands));
  }
  asked.family = new_family;
  if (!entry->rule.resource().empty()) {
    asked.about_family = true;
    const auto name = base::ResourceName::Parse(StringField(req, entry->rule.resource()));
    if (name.ok()) {
      asked.family = std::string(name->Id("families"));
      asked.case_id = std::string(name->Id("cases"));
    }
  }
  if (entry->list) return RunList(asked, req, resp);
  KP_ASSIGN_OR_RETURN(const policy::AuthorizedCall call, Admit(asked));
  absl::Status status;
  if (entry->read) {
    status = database().Read([&](storage::ReadTx& tx) { return entry->read(call, tx, req, resp); });
  } else {
    status = database()
                 .Write([&](storage::WriteTx& tx) {
                   resp->Clear();
                   return entry->write(call, tx, req, resp);
                 })
                 .status();
  }
  touched_ = call.touched();
  TakeFacts();
  return status;
}

absl::Status Office::RunList(const Asked& asked, const google::protobuf::Message& req,
                             google::protobuf::Message* resp) {
  KP_ASSIGN_OR_RETURN(const policy::AuthorizedCall call, Admit(asked));
  std::vector<policy::AuthorizedCall> all;
  for (const auto& [family, facts] : families_) {
    Asked one = {.entry = asked.entry,
                 .who = asked.who,
                 .family = family,
                 .about_family = true,
                 .id_seed = asked.id_seed};
    auto admitted = Admit(one);
    if (admitted.ok()) all.push_back(*std::move(admitted));
  }
  return database().Read(
      [&](storage::ReadTx& tx) { return asked.entry.list(call, all, tx, req, resp); });
}

// As access takes them: sealed under the family's facts key, the body naming their hash.
void Office::TakeFacts() {
  const auto entries = Require(database().ReadOutbox(taken_, 1000), "read the outbox");
  for (const storage::OutboxEntry& e : entries) {
    taken_ = e.seq;
    if (e.kind != storage::OutboxKind::kFacts) continue;
    if (e.body != absl::StrCat("facts ", crypto::HexEncode(crypto::Sha256(e.payload)), "\n"))
      std::abort();
    const auto key = crypto::SecretBytes::From(KeyOf(absl::StrCat("facts/", e.tag)),
                                               crypto::SecretAccess::For("test"));
    const std::string opened =
        Require(crypto::Open(key, crypto::JoinLengthPrefixed({"fact-entry-v1", e.tag}), e.payload),
                "facts");
    access::v1::FactEntry entry;
    if (!entry.ParseFromString(opened)) std::abort();
    families_[e.tag] = entry.family();
  }
}

// ---- The journey -----------------------------------------------------------------

Journey::Journey(Office::Options options) : office(options) {
  office.AddOrganisation("organisations/mosalira", common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  office.AddOrganisation("organisations/lvo", common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  office.AddOrganisation("organisations/jgz", common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
  office.AddOrganisation("organisations/maastricht", common::v1::ORGANISATION_KIND_MUNICIPALITY);
  office.AddWerkplaats("werkplaatsen/manjefiek", "organisations/mosalira", common::v1::STAGE_PO);
  office.AddWerkplaats("werkplaatsen/vmbo", "organisations/lvo", common::v1::STAGE_VO);
  ib = office.AddProfessional("professionals/ib", "organisations/mosalira",
                              common::v1::FUNCTION_INTERN_BEGELEIDER, "Els Janssen");
  colleague = office.AddProfessional("professionals/ib2", "organisations/mosalira",
                                     common::v1::FUNCTION_INTERN_BEGELEIDER, "Ruud Peters");
  nurse = office.AddProfessional("professionals/nurse", "organisations/jgz",
                                 common::v1::FUNCTION_JGZ_NURSE, "Nora Willems");
  consultant = office.AddProfessional("professionals/consultant", "organisations/maastricht",
                                      common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "Tom Smeets");
  receiver = office
                 .AddProfessional("professionals/receiver", "organisations/lvo",
                                  common::v1::FUNCTION_CARE_COORDINATOR, "Iris Hermans")
                 .For(common::v1::PURPOSE_HANDOVER);
  stranger = office.AddProfessional("professionals/stranger", "organisations/maastricht",
                                    common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "Vera Franssen");
  mother = Office::Account("accounts/mother");
  father = Office::Account("accounts/father");
  sibling_account = Office::Account("accounts/sibling");
}

casework::v1::OpenCaseRequest Journey::OpenRequest() const {
  casework::v1::OpenCaseRequest req;
  req.set_werkplaats("werkplaatsen/manjefiek");
  req.set_level(casework::v1::SIGNAL_LEVEL_QUESTION);
  req.set_reason("Sem slaapt slecht sinds de scheiding en raakt achter met rekenen.");
  req.set_family_told(true);
  const auto add = [&](const char* key, const char* given, const char* birth,
                       access::v1::FamilyRole role, const char* account) {
    casework::v1::NewPerson* p = req.add_persons();
    p->set_key(key);
    p->set_given_name(given);
    p->set_family_name("van der Zanden");
    p->set_birth_date(birth);
    p->set_role(role);
    p->set_account(account);
  };
  add("child", "Sem", "2015-03-14", access::v1::FAMILY_ROLE_CHILD, "");
  add("sibling", "Lotte", "2013-05-02", access::v1::FAMILY_ROLE_CHILD, "accounts/sibling");
  add("mother", "Marieke", "1984-07-30", access::v1::FAMILY_ROLE_PARENT, "accounts/mother");
  add("father", "Joost", "1982-01-19", access::v1::FAMILY_ROLE_PARENT, "accounts/father");
  for (const char* over : {"child", "sibling"}) {
    for (const char* holder : {"mother", "father"}) {
      casework::v1::NewGezag* g = req.add_gezag();
      g->set_holder_key(holder);
      g->set_over_key(over);
    }
  }
  req.add_children("child");
  return req;
}

void Journey::Open() {
  const auto opened =
      Require(office.Casework<casework::v1::Case>("OpenCase", ib, OpenRequest()), "OpenCase");
  case_name = opened.name();
  family = std::string(Require(base::ResourceName::Parse(case_name), "name").Id("families"));
  const auto& persons = office.facts(family).persons();
  child = persons[0].id();
  sibling = persons[1].id();
  mother_id = persons[2].id();
  father_id = persons[3].id();
}

common::v1::Label Journey::About(common::v1::Compartment compartment,
                                 common::v1::Regime regime) const {
  common::v1::Label label;
  label.mutable_about()->add_persons(child);
  label.set_compartment(compartment);
  label.set_regime(regime);
  return label;
}

common::v1::Label Journey::Education() const {
  return About(common::v1::COMPARTMENT_EDUCATION, common::v1::REGIME_EDUCATION);
}

std::string Journey::Propose(const Sharing& sharing) {
  consent::v1::ProposeConsentRequest req;
  req.set_parent(absl::StrCat("families/", family));
  consent::v1::Consent& c = *req.mutable_consent();
  for (const std::string& p : sharing.about) c.mutable_about()->add_persons(p);
  if (sharing.about.empty()) c.mutable_about()->add_persons(child);
  for (const auto x : sharing.compartments) c.add_compartments(x);
  for (const auto p : sharing.purposes) c.add_purposes(p);
  c.set_recipient(sharing.recipient);
  c.set_start_date("2026-11-01");
  c.set_end_date(sharing.until);
  c.set_wording("Wij mogen delen wat nodig is om Sem te helpen.");
  return Require(office.Consent<consent::v1::Consent>("ProposeConsent", ib, req), "ProposeConsent")
      .name();
}

absl::Status Journey::Sign(const std::string& consent, const Caller& who) {
  consent::v1::SignConsentRequest req;
  req.set_name(consent);
  req.set_wording_sha256(
      crypto::HexEncode(crypto::Sha256("Wij mogen delen wat nodig is om Sem te helpen.")));
  return office.Consent<consent::v1::Consent>("SignConsent", who, req).status();
}

std::string Journey::Share(const Sharing& sharing) {
  std::string name = Propose(sharing);
  Require(Sign(name, mother), "mother signs");
  Require(Sign(name, father), "father signs");
  return name;
}

std::string Journey::Invite(const Caller& who) {
  casework::v1::InviteParticipantRequest req;
  req.set_parent(case_name);
  req.set_professional(who.claims.subject());
  req.set_organisation(who.claims.organisation());
  req.set_function(who.claims.function());
  req.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  return Require(office.Casework<casework::v1::Participant>("InviteParticipant", ib, req), "invite")
      .seat();
}

std::string Journey::Seat(const Caller& who) {
  std::string seat = Invite(who);
  casework::v1::JoinCaseRequest req;
  req.set_name(case_name);
  Require(office.Casework<casework::v1::Participant>("JoinCase", who, req).status(), "join");
  return seat;
}

std::string Journey::SeatOf(const Caller& who) const {
  const std::string subject = who.claims.subject();
  if (!absl::StartsWith(subject, "accounts/")) return office.SeatOf(case_name, subject);
  for (const access::v1::PersonFact& p : office.facts(family).persons()) {
    if (p.account() == subject) return office.SeatOf(case_name, p.id());
  }
  return "";
}

void Journey::Activate() {
  Share({.recipient = "organisations/jgz",
         .compartments = {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_HEALTH}});
  Share({.recipient = "organisations/maastricht",
         .compartments = {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY}});
  casework::v1::AppointRegisseurRequest req;
  req.set_name(case_name);
  req.set_stand_in_seat(Seat(nurse));
  req.set_seat(Seat(consultant));
  Require(office.Casework<casework::v1::Regisseur>("AppointRegisseur", ib, req).status(),
          "appoint");
}

casework::v1::Case Journey::Get(const Caller& who) {
  casework::v1::GetCaseRequest req;
  req.set_name(case_name);
  return Require(office.Casework<casework::v1::Case>("GetCase", who, req), "GetCase");
}

}  // namespace knooppunt::dossier::testing
