#include "tests/bench/decision_world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "schema/access_migrations.h"
#include "security/crypto/hash.h"
#include "security/policy/table.h"

namespace knooppunt::bench {
namespace {

using access::v1::FamilyFacts;
using common::v1::Compartment;
using common::v1::Regime;

constexpr char kSchool[] = "organisations/school";
constexpr char kHealth[] = "organisations/jgz";
constexpr int64_t kNowSeconds = 1'795'168'800;
constexpr int kFactsPerBatch = 1000;
constexpr int kKeysPerBatch = 5000;
// Of a family: its facts, four scopes and a year of its log.
constexpr int kKeysPerFamily = 6;

void Require(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what, status.ToString().c_str());
  std::abort();
}

// As the runtime asks.
google::protobuf::ArenaOptions ArenaOf(size_t bytes) {
  google::protobuf::ArenaOptions options;
  options.start_block_size = bytes;
  options.max_block_size = 64 * 1024;
  return options;
}

std::string Professional(int family) {
  return absl::StrCat("professionals/p", family / kFamiliesPerProfessional);
}

void AddPerson(FamilyFacts* f, const char* id, const char* born, access::v1::FamilyRole role) {
  auto* p = f->add_persons();
  p->set_id(id);
  p->set_birth_date(born);
  p->set_role(role);
  if (role == access::v1::FAMILY_ROLE_PARENT)
    p->set_account(absl::StrCat("accounts/", f->id(), "-", id));
}

void AddGezag(FamilyFacts* f, const char* holder, const char* over) {
  auto* g = f->add_gezag();
  g->set_id(absl::StrCat("g-", holder, "-", over));
  g->set_holder_person(holder);
  g->set_over(over);
  g->set_start_date("2015-03-10");
}

access::v1::Seat* AddSeat(access::v1::CaseFact* c, const char* id, access::v1::SeatRole role) {
  auto* s = c->add_seats();
  s->set_id(id);
  s->set_role(role);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(kNowSeconds - 1000);
  return s;
}

void AddCase(FamilyFacts* f, const std::string& id, const std::string& ib) {
  access::v1::CaseFact* c = f->add_cases();
  c->set_id(id);
  c->set_state(access::v1::CASE_STATE_ACTIVE);
  c->set_werkplaats("werkplaatsen/w");
  c->set_organisation(kSchool);
  c->add_children("child");
  c->set_open_time(kNowSeconds - 1000);
  access::v1::Seat* seat = AddSeat(c, "seat-ib", access::v1::SEAT_ROLE_WERKPLAATS);
  seat->set_professional(ib);
  seat->set_organisation(kSchool);
  seat->set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  seat->set_display_name("Els Janssen");
  seat = AddSeat(c, "seat-nurse", access::v1::SEAT_ROLE_CORE_PARTNER);
  seat->set_professional("professionals/nurse");
  seat->set_organisation(kHealth);
  seat->set_function(common::v1::FUNCTION_JGZ_NURSE);
  seat->set_display_name("Nora Willems");
  AddSeat(c, "seat-mother", access::v1::SEAT_ROLE_FAMILY)->set_person("mother");
  AddSeat(c, "seat-father", access::v1::SEAT_ROLE_FAMILY)->set_person("father");
  access::v1::RegisseurTerm* term = c->add_terms();
  term->set_seat("seat-ib");
  term->set_stand_in_seat("seat-nurse");
  term->set_start_time(kNowSeconds - 900);
}

void AddConsent(FamilyFacts* f, const char* id, const char* recipient) {
  auto* c = f->add_consents();
  c->set_id(id);
  c->mutable_about()->add_persons("child");
  for (Compartment x : {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_HEALTH})
    c->add_compartments(x);
  c->set_recipient(recipient);
  c->add_purposes(common::v1::PURPOSE_COORDINATION);
  c->set_start_date("2026-09-01");
  c->set_end_date("2027-09-01");
  c->set_wording_sha256(crypto::HexEncode(crypto::Sha256(recipient)));
  c->set_wording_revision(1);
  for (const char* person : {"mother", "father"}) {
    auto* s = c->add_signatures();
    s->set_person(person);
    s->set_state(access::v1::SIGNATURE_STATE_GIVEN);
    s->set_time(kNowSeconds - 800);
    s->set_how(access::v1::RECORDED_HOW_ONLINE);
    s->set_recorded_by(absl::StrCat("accounts/", f->id(), "-", person));
    s->set_wording_sha256(c->wording_sha256());
  }
}

void AddScope(FamilyFacts* f, Compartment compartment, Regime regime, const char* controller,
              const char* about) {
  access::v1::Scope* s = f->add_scopes();
  s->mutable_label()->mutable_about()->add_persons(about);
  s->mutable_label()->set_compartment(compartment);
  s->mutable_label()->set_regime(regime);
  s->mutable_label()->set_controller(controller);
  s->set_id(policy::ScopeId(f->id(), s->label()));
}

}  // namespace

Work operator-(const Work& a, const Work& b) {
  return {.reads = a.reads - b.reads,
          .pages = a.pages - b.pages,
          .decrypted = a.decrypted - b.decrypted,
          .key_reads = a.key_reads - b.key_reads,
          .key_pages = a.key_pages - b.key_pages,
          .unwraps = a.unwraps - b.unwraps,
          .scanned = a.scanned - b.scanned};
}

DecisionWorld::DecisionWorld(Options options)
    : options_(std::move(options)),
      clock_(absl::FromUnixSeconds(kNowSeconds)),
      database_key_(random_.Key()),
      keyring_root_(random_.Key()) {
  // The rules of the methods asked for stand in their protos, which the linker would leave out.
  casework::v1::GetCaseRequest::descriptor();
  auto signing = crypto::SigningKey::Generate(random_);
  Require(signing.status(), "a signing key");
  token_key_ = std::make_unique<crypto::SigningKey>(*std::move(signing));
  tokens_ = std::make_unique<identity::TokenVerifier>(token_key_->verify_key());
  auto table = policy::Table::Load(options_.policy);
  Require(table.status(), "the policy");
  policy_ = std::make_unique<access::PolicySource>(
      access::PolicySource::Options{.first = *std::move(table), .clock = &clock_});
  crypto::SeededRandom ids(options_.seed);
  ids_.reserve(options_.families);
  for (int i = 0; i < options_.families; ++i) {
    ids_.push_back(absl::StrCat("f", crypto::HexEncode(ids.Bytes(8))));
  }
  std::sort(ids_.begin(), ids_.end());  // in the order of the index: filling is faster
  const int with_keys = std::min(options_.with_keys, options_.families);
  asked_.reserve(with_keys);
  for (int i = 0; i < with_keys; ++i) {
    asked_.push_back(static_cast<int>(int64_t{i} * options_.families / with_keys));
  }
  std::shuffle(asked_.begin(), asked_.end(), std::mt19937_64(options_.seed));
  OpenKeyring();
  OpenFacts();
  Assemble();
  FillDirectory();
  FillFamilies();
  FillKeyring();
  ForgetFactsAndKeys();
}

DecisionWorld::~DecisionWorld() {
  decisions_.reset();
  sessions_.reset();
  facts_.reset();
  decision_clock_.reset();
  database_.reset();
  keyring_.reset();
  std::filesystem::remove_all(options_.folder);
}

std::string DecisionWorld::FamilyId(int family) const { return ids_[family]; }

FamilyFacts DecisionWorld::Facts(int family) const {
  FamilyFacts f;
  f.set_id(FamilyId(family));
  f.set_revision(12);
  AddPerson(&f, "child", "2015-03-10", access::v1::FAMILY_ROLE_CHILD);
  AddPerson(&f, "sibling", "2018-05-01", access::v1::FAMILY_ROLE_CHILD);
  AddPerson(&f, "mother", "1985-01-01", access::v1::FAMILY_ROLE_PARENT);
  AddPerson(&f, "father", "1983-01-01", access::v1::FAMILY_ROLE_PARENT);
  for (const char* child : {"child", "sibling"}) {
    AddGezag(&f, "mother", child);
    AddGezag(&f, "father", child);
  }
  AddCase(&f, absl::StrCat("c", f.id().substr(1)), Professional(family));
  AddConsent(&f, "consent-school", kSchool);
  AddConsent(&f, "consent-health", kHealth);
  using namespace common::v1;  // NOLINT(google-build-using-namespace): words of one table
  AddScope(&f, COMPARTMENT_EDUCATION, REGIME_EDUCATION, kSchool, "child");
  AddScope(&f, COMPARTMENT_HEALTH, REGIME_HEALTH, kHealth, "child");
  AddScope(&f, COMPARTMENT_SAFETY, REGIME_YOUTH_CARE, kSchool, "child");
  AddScope(&f, COMPARTMENT_HEALTH, REGIME_HEALTH, kHealth, "sibling");
  return f;
}

void DecisionWorld::OpenFacts() {
  storage::Database::Options options;
  options.path = options_.folder + "/access.db";
  options.key = &database_key_;
  options.unit = "access";
  options.migrations = access::Migrations();
  options.clock = &clock_;
  options.random = &random_;
  auto database = storage::Database::Open(std::move(options));
  Require(database.status(), "access.db");
  database_ = *std::move(database);
}

void DecisionWorld::OpenKeyring() {
  auto keyring = access::Keyring::Open({.path = options_.folder + "/keyring.db",
                                        .root = &keyring_root_,
                                        .clock = &clock_,
                                        .random = &random_});
  Require(keyring.status(), "keyring.db");
  keyring_ = *std::move(keyring);
}

void DecisionWorld::Assemble() {
  auto clock = access::DecisionClock::Open({.database = database_.get(), .clock = &clock_});
  Require(clock.status(), "the time of decisions");
  decision_clock_ = *std::move(clock);
  facts_ = std::make_unique<access::FactsStore>(database_.get(), decision_clock_.get());
  auto sessions = access::SessionStore::Open(database_.get());
  Require(sessions.status(), "the sessions");
  sessions_ = *std::move(sessions);
  decisions_ = std::make_unique<access::DecisionMaker>(
      access::DecisionMaker::Options{.facts = facts_.get(),
                                     .sessions = sessions_.get(),
                                     .keyring = keyring_.get(),
                                     .tokens = tokens_.get(),
                                     .clock = decision_clock_.get(),
                                     .policy = policy_.get()});
}

void DecisionWorld::FillDirectory() {
  std::vector<access::NumberedFact> facts;
  const auto add = [&]() -> access::v1::FactEntry& {
    facts.push_back({.seq = static_cast<int64_t>(facts.size()) + 1, .fact = {}});
    return facts.back().fact;
  };
  const auto organisation = [&](const char* name, common::v1::OrganisationKind kind) {
    access::v1::OrganisationFacts* o = add().mutable_organisation();
    o->set_name(name);
    o->set_kind(kind);
    o->set_revision(1);
  };
  const auto professional = [&](const std::string& name, const char* organisation_name,
                                common::v1::Function function) {
    access::v1::ProfessionalFacts* p = add().mutable_professional();
    p->set_name(name);
    p->set_login(absl::StrCat("dev|", name));
    p->set_revision(1);
    access::v1::FunctionTerm* t = p->add_functions();
    t->set_organisation(organisation_name);
    t->set_function(function);
    t->set_start_date("2020-01-01");
  };
  organisation(kSchool, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation(kHealth, common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
  professional("professionals/nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE);
  for (int i = 0; i < options_.families; i += kFamiliesPerProfessional) {
    professional(Professional(i), kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER);
  }
  const auto last = static_cast<int64_t>(facts.size());
  Require(facts_->Apply("directory", "i", facts, last).status(), "the directory's facts");
}

void DecisionWorld::FillFamilies() {
  for (int from = 0; from < options_.families; from += kFactsPerBatch) {
    const int to = std::min(from + kFactsPerBatch, options_.families);
    std::vector<access::NumberedFact> facts;
    facts.reserve(to - from);
    for (int i = from; i < to; ++i) {
      facts.push_back({.seq = i + 1, .fact = {}});
      *facts.back().fact.mutable_family() = Facts(i);
    }
    Require(facts_->Apply("dossier", "i", facts, to).status(), "the families' facts");
    applied_ = to;
  }
}

// Real keys for those that are asked about. The keys of the others are never looked at: rows of
// the same form stand for them, for a stored name is a hash and a wrapped key is a ciphertext.
void DecisionWorld::FillKeyring() {
  std::vector<int> real = asked_;
  for (int i = 0; i < kFamiliesPerProfessional; ++i) real.push_back(i);
  for (int i : real) {
    const FamilyFacts f = Facts(i);
    Require(keyring_->FindOrCreate(absl::StrCat("facts/", f.id())).status(), "a key");
    for (const access::v1::Scope& s : f.scopes()) {
      Require(keyring_->FindOrCreate(absl::StrCat("scope/", f.id(), "/", s.id())).status(),
              "a key");
    }
    Check(GetCase(i));  // makes the one of its log
  }
  int64_t wrapped_bytes = 0;
  Require(keyring_->database().Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT length(wrapped) FROM data_key LIMIT 1", {},
                    [&](const storage::Row& row) {
                      wrapped_bytes = row.Int(0);
                      return absl::OkStatus();
                    });
  }),
          "a key");
  const size_t count = static_cast<size_t>(options_.families) * size_t{kKeysPerFamily};
  std::vector<std::string> names;
  names.reserve(count);
  std::mt19937_64 any(options_.seed);
  const auto bytes = [&](int64_t n) {
    std::string s(n, '\0');
    std::generate(s.begin(), s.end(), [&] { return static_cast<char>(any()); });
    return s;
  };
  for (size_t i = 0; i < count; ++i) names.push_back(bytes(32));
  std::sort(names.begin(), names.end());
  for (size_t from = 0; from < count; from += kKeysPerBatch) {
    const size_t to = std::min(from + kKeysPerBatch, count);
    Require(keyring_->database()
                .Write([&](storage::WriteTx& tx) -> absl::Status {
                  for (size_t i = from; i < to; ++i) {
                    const std::string wrapped = bytes(wrapped_bytes);
                    const auto done = tx.Exec("INSERT INTO data_key (name, wrapped) VALUES (?, ?)",
                                              {storage::Blob{names[i]}, storage::Blob{wrapped}});
                    if (!done.ok()) return done.status();
                  }
                  return absl::OkStatus();
                })
                .status(),
            "keys");
  }
}

void DecisionWorld::ForgetFacts() {
  decisions_.reset();
  sessions_.reset();
  facts_.reset();
  decision_clock_.reset();
  database_.reset();
  OpenFacts();
  Assemble();
  // Who asks, and of what kind their organisation is.
  for (const char* name : {kSchool, kHealth}) Require(facts_->Organisation(name).status(), name);
  for (int i : asked_) Require(facts_->Professional(Professional(i)).status(), "a professional");
  Require(facts_->Professional("professionals/nurse").status(), "a professional");
  for (int i : asked_) {
    Require(tokens_->Verify(GetCase(i).token(), clock_.Now()).status(), "a token");
  }
}

void DecisionWorld::ForgetFactsAndKeys() {
  keyring_.reset();
  OpenKeyring();
  ForgetFacts();
}

access::v1::TokenClaims DecisionWorld::Claims(int family) const {
  access::v1::TokenClaims claims;
  claims.set_id(absl::StrCat("t", family / kFamiliesPerProfessional));
  claims.set_subject(Professional(family));
  claims.set_organisation(kSchool);
  claims.set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
  claims.set_two_factor(true);
  claims.set_issue_time(kNowSeconds - 10);
  claims.set_expire_time(kNowSeconds + 500);
  claims.set_audience(identity::kAudience);
  claims.set_display_name("Els Janssen");
  claims.set_session(absl::StrCat("s", family / kFamiliesPerProfessional));
  return claims;
}

access::v1::CheckRequest DecisionWorld::GetCase(int family) const {
  access::v1::CheckRequest request;
  request.set_token(identity::MintToken(*token_key_, Claims(family)));
  request.set_method("/knooppunt.casework.v1.CaseworkService/GetCase");
  const std::string id = FamilyId(family);
  request.set_resource(absl::StrCat("families/", id, "/cases/c", id.substr(1)));
  request.set_purpose(common::v1::PURPOSE_COORDINATION);
  request.set_call_id(crypto::HexEncode(crypto::Sha256(id).substr(0, 16)));
  return request;
}

access::v1::ListAccessibleRequest DecisionWorld::ListCases() const {
  access::v1::ListAccessibleRequest request;
  *request.mutable_check() = GetCase(0);
  request.mutable_check()->clear_resource();
  request.mutable_check()->set_method("/knooppunt.casework.v1.CaseworkService/ListCases");
  return request;
}

void DecisionWorld::Check(const access::v1::CheckRequest& request) {
  google::protobuf::Arena arena(ArenaOf(4 * 1024));
  auto* const decision = google::protobuf::Arena::CreateMessage<access::v1::Decision>(&arena);
  Require(decisions_->Check(request, decision), "Check");
  if (!decision->allowed()) Require(absl::InternalError(decision->rule()), "Check refused");
}

std::string DecisionWorld::Answer(const access::v1::CheckRequest& request) {
  access::v1::Decision decision;
  Require(decisions_->Check(request, &decision), "Check");
  return decision.SerializeAsString();
}

void DecisionWorld::List(const access::v1::ListAccessibleRequest& request) {
  google::protobuf::Arena arena(ArenaOf(16 * 1024));
  auto* const answer =
      google::protobuf::Arena::CreateMessage<access::v1::ListAccessibleResponse>(&arena);
  Require(decisions_->ListAccessible(request, answer), "ListAccessible");
  if (answer->decisions_size() != kFamiliesPerProfessional)
    Require(absl::InternalError(absl::StrCat(answer->decisions_size())), "families listed");
}

void DecisionWorld::Apply(int family) {
  access::NumberedFact fact{.seq = ++applied_, .fact = {}};
  *fact.fact.mutable_family() = Facts(family);
  fact.fact.mutable_family()->set_revision(applied_);
  Require(facts_->Apply("dossier", "i", {fact}, fact.seq).status(), "a family's facts");
}

size_t DecisionWorld::PointRead(int family) {
  std::string bytes;
  Require(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT facts FROM family WHERE id = ?", {ids_[family]},
                    [&](const storage::Row& row) {
                      bytes = std::string(row.Bytes(0));
                      return absl::OkStatus();
                    });
  }),
          "a point read");
  if (bytes.empty()) Require(absl::NotFoundError("no such row"), "a point read");
  return bytes.size();
}

Work DecisionWorld::work() {
  const storage::PageUse pages = storage::PagesReadBy(*database_);
  return {
      .reads = database_->counters().reads,
      .pages = pages.asked,
      .decrypted = pages.decrypted,
      .key_reads = keyring_->database().counters().reads,
      .key_pages = storage::PagesReadBy(keyring_->database()).asked,
      .unwraps = keyring_->unwraps(),
      .scanned = database_->counters().scanned_rows + keyring_->database().counters().scanned_rows};
}

}  // namespace knooppunt::bench
