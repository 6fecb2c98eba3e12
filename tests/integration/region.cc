#include "tests/integration/region.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/date.h"
#include "base/new_folder_testing.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/descriptor.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "security/crypto/hash.h"
#include "security/crypto/key_file.h"
#include "security/identity/token.h"

namespace knooppunt::integration {
namespace {

constexpr char kWording[] = "Wij mogen delen wat nodig is om Sem te helpen.";

// DER of RFC 8410 up to the 32 bytes of the key.
constexpr char kPrivateDer[] = "302e020100300506032b657004220420";
constexpr char kPublicDer[] = "302a300506032b6570032100";

std::string Pem(const std::string& word, const std::string& der) {
  std::string base64;
  absl::Base64Escape(der, &base64);
  return absl::StrCat("-----BEGIN ", word, "-----\n", base64, "\n-----END ", word, "-----\n");
}

void WritePrivate(const std::string& path, const std::string& text) {
  const mode_t before = umask(077);
  std::ofstream(path) << text;
  umask(before);
}

std::string SourceDir() {
  const char* dir = std::getenv("KNOOPPUNT_SOURCE");
  return dir == nullptr ? "." : dir;
}

Caller Staff(const char* id, const char* organisation, common::v1::Function function,
             const char* name) {
  Caller who;
  who.claims.set_subject(absl::StrCat("professionals/", id));
  who.claims.set_organisation(absl::StrCat("organisations/", organisation));
  who.claims.set_function(function);
  who.claims.set_display_name(name);
  return who;
}

Caller Account(const char* id) {
  Caller who;
  who.claims.set_subject(absl::StrCat("accounts/", id));
  who.purpose = common::v1::PURPOSE_OWN_FILE;
  return who;
}

}  // namespace

void Require(const absl::Status& status, absl::string_view what) {
  if (status.ok()) return;
  std::fprintf(stderr, "the test cannot go on, %s: %s\n", std::string(what).c_str(),
               status.ToString().c_str());
  std::abort();
}

absl::Status CallOnce(client::Transport& way, const std::string& method,
                      const google::protobuf::Message& request, google::protobuf::Message* response,
                      const client::CallOptions& options) {
  const auto* known = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(method.substr(1), {{"/", "."}}));
  if (known != nullptr && known->server_streaming()) {
    // The first message is the answer: there are streams that never end by themselves.
    bool answered = false;
    const absl::Status status = way.Receive(method, request, response, options, [&] {
      answered = true;
      return absl::CancelledError("one is enough");
    });
    return answered ? absl::OkStatus() : status;
  }
  if (known == nullptr || !known->client_streaming()) {
    return way.Call(method, request, response, options);
  }
  const std::unique_ptr<google::protobuf::Message> message(request.New());
  bool sent = false;
  const auto next = [&]() -> absl::StatusOr<bool> {
    if (sent) return false;
    message->CopyFrom(request);
    sent = true;
    return true;
  };
  return way.Send(method, message.get(), next, response, options);
}

int Rounds(int usual, int more) { return std::getenv("KNOOPPUNT_LONG") == nullptr ? usual : more; }

Region::Region(Options options)
    : options_(std::move(options)), fake_clock_(absl::FromUnixSeconds(1'795'168'800)) {
  folder_ = ::knooppunt::testing::NewFolder("region");
  clock_ = options_.system_clock ? static_cast<const base::Clock*>(&system_clock_) : &fake_clock_;
  MakeKeys();
  Configure();
  if (options_.listen) MakePki();
  People();
}

Region::~Region() {
  Stop();
  std::filesystem::remove_all(folder_);
}

void Region::WritePublicKey(const std::string& name, const crypto::SigningKey& key) {
  std::ofstream(absl::StrCat(folder_, "/sign/", name, ".pub"))
      << Pem("PUBLIC KEY", absl::HexStringToBytes(kPublicDer) + key.verify_key().raw());
}

void Region::MakeKeys() {
  for (const char* dir : {"sign", "roots", "keyring", "aside"}) {
    std::filesystem::create_directory(absl::StrCat(folder_, "/", dir));
  }
  for (const char* unit : {"access", "audit", "directory", "dossier"}) {
    Require(crypto::CreateRootKey(absl::StrCat(folder_, "/roots/", unit, ".root"), random_),
            "a root");
  }
  Require(crypto::CreateRootKey(absl::StrCat(folder_, "/keyring/keyring.root"), random_), "a root");
  const auto make = [&](const char* name) {
    const std::string seed = random_.Bytes(32);
    WritePrivate(absl::StrCat(folder_, "/sign/", name, ".key"),
                 Pem("PRIVATE KEY", absl::HexStringToBytes(kPrivateDer) + seed));
    auto key = crypto::SigningKey::FromSeed(
        crypto::SecretBytes::From(seed, crypto::SecretAccess::For("test")));
    Require(key.status(), "a signing key");
    WritePublicKey(name, *key);
    return std::make_unique<crypto::SigningKey>(*std::move(key));
  };
  token_key_ = make("token");
  issuer_key_ = make("issuer");
  log_key_ = make("log");
}

// A port needs certificates that OpenSSL made; what is slow is made once a program.
void Region::MakePki() {
  static const std::string* const kPki = [] {
    const auto* made = new std::string(::knooppunt::testing::NewFolder("pki"));
    const std::string command =
        absl::StrCat("bash ", SourceDir(), "/deploy/pki.sh ", *made, " >/dev/null");
    if (std::system(command.c_str()) != 0) Require(absl::InternalError(command), "a PKI");
    std::atexit([] { std::filesystem::remove_all(*kPki); });
    return made;
  }();
  std::filesystem::copy(absl::StrCat(*kPki, "/tls"), absl::StrCat(folder_, "/tls"));
}

void Region::Configure() {
  config::v1::ServerConfig& c = config_;
  c.set_listen("127.0.0.1:0");
  c.set_port_file(absl::StrCat(folder_, "/port"));
  c.mutable_tls()->set_cert_file(absl::StrCat(folder_, "/tls/all.crt"));
  c.mutable_tls()->set_key_file(absl::StrCat(folder_, "/tls/all.key"));
  c.mutable_tls()->set_ca_file(absl::StrCat(folder_, "/tls/ca.crt"));
  c.set_data_dir(absl::StrCat(folder_, "/data"));
  c.set_key_dir(absl::StrCat(folder_, "/roots"));
  c.set_token_verify_key_file(absl::StrCat(folder_, "/sign/token.pub"));
  c.set_policy_file(absl::StrCat(SourceDir(), "/security/policy/policy.textproto"));
  c.set_drain_seconds(5);
  c.set_min_log_severity("WARNING");
  c.mutable_access()->set_keyring_root_file(absl::StrCat(folder_, "/keyring/keyring.root"));
  c.mutable_access()->set_token_key_file(absl::StrCat(folder_, "/sign/token.key"));
  c.mutable_access()->set_audience("knooppunt");
  config::v1::Issuer* issuer = c.mutable_access()->add_issuers();
  issuer->set_issuer("dev");
  issuer->set_key_file(absl::StrCat(folder_, "/sign/issuer.pub"));
  issuer->set_development(true);
  c.mutable_audit()->set_log_key_file(absl::StrCat(folder_, "/sign/log.key"));
  c.mutable_audit()->set_origin("test.knooppunt.example/log");
  config::v1::BootstrapAdministrator* first = c.mutable_directory()->mutable_bootstrap();
  first->set_professional("professionals/beheerder");
  first->set_login("dev|beheerder");
  first->set_display_name("Bea Heerder");
  first->set_organisation("organisations/maastricht");
}

void Region::People() {
  admin = Staff("beheerder", "maastricht", common::v1::FUNCTION_ADMINISTRATOR, "Bea Heerder")
              .For(common::v1::PURPOSE_ADMINISTRATION);
  ib = Staff("ib", "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER, "Els Janssen");
  nurse = Staff("nurse", "jgz", common::v1::FUNCTION_JGZ_NURSE, "Nora Willems");
  consultant =
      Staff("consultant", "maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "Tom Smeets");
  stranger =
      Staff("stranger", "maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "Vera Franssen");
  auditor = Staff("auditor", "maastricht", common::v1::FUNCTION_PRIVACY_OFFICER, "Frits Gerards")
                .For(common::v1::PURPOSE_AUDIT);
  mother = Account("mother");
  father = Account("father");
}

absl::Status Region::Start(std::set<std::string> new_incarnations) {
  Stop();
  server::Process::Options o;
  o.config = config_;
  o.units = {"access", "audit", "directory", "dossier"};
  o.new_incarnations = std::move(new_incarnations);
  o.clock = clock_;
  o.random = &random_;
  o.listen = options_.listen;
  o.outbox_max_entries = options_.outbox_max_entries;
  o.between = options_.between;
  KP_ASSIGN_OR_RETURN(process_, server::Process::Start(std::move(o)));
  direct_ = std::make_unique<runtime::DirectTransport>(&process_->switchboard(), "");
  transport_ = direct_.get();
  return absl::OkStatus();
}

void Region::Stop() {
  transport_ = nullptr;
  direct_.reset();
  process_.reset();
}

std::string Region::Token(const Caller& who) const {
  access::v1::TokenClaims claims = who.claims;
  claims.set_id("t-test");
  claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
  claims.set_two_factor(true);
  claims.set_audience(identity::kAudience);
  claims.set_issue_time(absl::ToUnixSeconds(Now()));
  claims.set_expire_time(absl::ToUnixSeconds(Now()) + 600);
  return Token(claims);
}

std::string Region::Token(const access::v1::TokenClaims& claims) const {
  return identity::MintToken(*token_key_, claims);
}

std::string Region::RequestId() {
  const std::string hex = crypto::HexEncode(random_.Bytes(16));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

absl::Status Region::CallAsIs(const Caller& who, const std::string& method,
                              const google::protobuf::Message& request,
                              google::protobuf::Message* response) {
  return CallOnce(*transport_, absl::StrCat("/knooppunt.", method), request, response,
                  OptionsOf(who));
}

client::CallOptions Region::OptionsOf(const Caller& who) const {
  client::CallOptions options;
  options.timeout = absl::Seconds(30);
  options.token = Token(who);
  options.purpose = who.purpose;
  return options;
}

absl::Status Region::Receive(const Caller& who, const std::string& method,
                             const google::protobuf::Message& request,
                             google::protobuf::Message* response,
                             absl::FunctionRef<absl::Status()> each) {
  client::CallOptions options = OptionsOf(who);
  options.timeout = absl::Minutes(5);
  return transport_->Receive(absl::StrCat("/knooppunt.", method), request, response, options, each);
}

absl::Status Region::Send(const Caller& who, const std::string& method,
                          google::protobuf::Message* request,
                          absl::FunctionRef<absl::StatusOr<bool>()> next,
                          google::protobuf::Message* response) {
  client::CallOptions options = OptionsOf(who);
  options.timeout = absl::Minutes(5);
  return transport_->Send(absl::StrCat("/knooppunt.", method), request, next, response, options);
}

absl::Status Region::Call(const Caller& who, const std::string& method,
                          const google::protobuf::Message& request,
                          google::protobuf::Message* response) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || !request.GetReflection()->GetString(request, field).empty()) {
    return CallAsIs(who, method, request, response);
  }
  const std::unique_ptr<google::protobuf::Message> filled(request.New());
  filled->CopyFrom(request);
  filled->GetReflection()->SetString(filled.get(), field, RequestId());
  return CallAsIs(who, method, *filled, response);
}

std::string Region::Day(int days_from_now) const {
  return base::FormatDate(base::DateOf(Now()) + days_from_now);
}

void Region::ImportDirectory() {
  directory::v1::ImportDirectoryRequest request;
  const auto organisation = [&](const char* id, common::v1::OrganisationKind kind) {
    directory::v1::Organisation* o = request.add_organisations();
    o->set_name(absl::StrCat("organisations/", id));
    o->set_display_name(id);
    o->set_kind(kind);
  };
  organisation("mosalira", common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation("jgz", common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
  organisation("maastricht", common::v1::ORGANISATION_KIND_MUNICIPALITY);
  directory::v1::Werkplaats* w = request.add_werkplaatsen();
  w->set_name("werkplaatsen/manjefiek");
  w->set_display_name("Basisschool Manjefiek");
  w->set_organisation("organisations/mosalira");
  w->set_stage(common::v1::STAGE_PO);
  w->set_municipality("organisations/maastricht");
  directory::v1::ImportDirectoryResponse response;
  Require(Call(admin, "directory.v1.DirectoryService/ImportDirectory", request, &response),
          "import");
}

void Region::Employ(const Caller& who) {
  directory::v1::CreateProfessionalRequest request;
  directory::v1::Professional* p = request.mutable_professional();
  p->set_name(who.claims.subject());
  p->set_display_name(who.claims.display_name());
  p->set_login(absl::StrCat("dev|", who.claims.subject()));
  access::v1::FunctionTerm* term = p->add_functions();
  term->set_organisation(who.claims.organisation());
  term->set_function(who.claims.function());
  term->set_start_date(Day(-30));
  directory::v1::Professional response;
  Require(Call(admin, "directory.v1.DirectoryService/CreateProfessional", request, &response),
          "employ");
}

Caller Region::Hire(const std::string& id) {
  return Hire(id, ib.claims.organisation(), ib.claims.function());
}

Caller Region::Hire(const std::string& id, const std::string& organisation,
                    common::v1::Function in) {
  Caller who = ib;
  who.claims.set_subject(absl::StrCat("professionals/", id));
  who.claims.set_display_name(id);
  who.claims.set_organisation(organisation);
  who.claims.set_function(in);
  Employ(who);
  return who;
}

void Region::Furnish() {
  ImportDirectory();
  for (const Caller* who : {&ib, &nurse, &consultant, &stranger, &auditor}) Employ(*who);
  OpenCase();
}

casework::v1::OpenCaseRequest Region::OpenRequest() const {
  casework::v1::OpenCaseRequest req;
  req.set_werkplaats("werkplaatsen/manjefiek");
  req.set_level(casework::v1::SIGNAL_LEVEL_QUESTION);
  req.set_reason("Sem slaapt slecht sinds de scheiding en raakt achter met rekenen.");
  req.set_family_told(true);
  const auto add = [&](const char* key, const char* given, int age, access::v1::FamilyRole role,
                       const char* account) {
    casework::v1::NewPerson* p = req.add_persons();
    p->set_key(key);
    p->set_given_name(given);
    p->set_family_name("van der Zanden");
    p->set_birth_date(Day(-age * 365 - 90));
    p->set_role(role);
    p->set_account(account);
  };
  add("child", "Sem", 11, access::v1::FAMILY_ROLE_CHILD, "");
  add("sibling", "Lotte", 9, access::v1::FAMILY_ROLE_CHILD, "");
  add("mother", "Marieke", 41, access::v1::FAMILY_ROLE_PARENT, "accounts/mother");
  add("father", "Joost", 44, access::v1::FAMILY_ROLE_PARENT, "accounts/father");
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

void Region::OpenCase() {
  casework::v1::Case opened;
  Require(Call(ib, "casework.v1.CaseworkService/OpenCase", OpenRequest(), &opened),
          "open the case");
  case_name = opened.name();
  audit_subject = opened.audit_subject();
  family = std::string(base::ResourceName::Parse(case_name)->Id("families"));
  const auto id_of = [&](absl::string_view given) -> std::string {
    for (const casework::v1::Person& p : opened.persons()) {
      if (p.given_name() == given)
        return std::string(base::ResourceName::Parse(p.name())->last_id());
    }
    Require(absl::InternalError("a person is missing"), given);
    return "";
  };
  child = id_of("Sem");
  sibling = id_of("Lotte");
  mother_id = id_of("Marieke");
  father_id = id_of("Joost");
}

std::string Region::Propose(const std::string& recipient) {
  consent::v1::ProposeConsentRequest request;
  request.set_parent(absl::StrCat("families/", family));
  consent::v1::Consent* c = request.mutable_consent();
  for (const std::string& person : {child, mother_id, father_id})
    c->mutable_about()->add_persons(person);
  c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  c->add_purposes(common::v1::PURPOSE_COORDINATION);
  c->set_recipient(recipient);
  c->set_start_date(Day(0));
  c->set_end_date(Day(300));
  c->set_wording(kWording);
  consent::v1::Consent proposed;
  Require(Call(ib, "consent.v1.ConsentService/ProposeConsent", request, &proposed),
          "propose a consent");
  return proposed.name();
}

absl::Status Region::Sign(const std::string& consent, const Caller& who) {
  consent::v1::SignConsentRequest request;
  request.set_name(consent);
  request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(kWording)));
  consent::v1::Consent signed_one;
  return Call(who, "consent.v1.ConsentService/SignConsent", request, &signed_one);
}

std::string Region::Share(const std::string& recipient) {
  const std::string consent = Propose(recipient);
  Require(Sign(consent, mother), "mother signs");
  Require(Sign(consent, father), "father signs");
  return consent;
}

absl::Status Region::Withdraw(const std::string& consent, const Caller& who) {
  consent::v1::WithdrawConsentRequest request;
  request.set_name(consent);
  consent::v1::Consent withdrawn;
  return Call(who, "consent.v1.ConsentService/WithdrawConsent", request, &withdrawn);
}

void Region::Seat(const Caller& who) {
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(case_name);
  invite.set_professional(who.claims.subject());
  invite.set_organisation(who.claims.organisation());
  invite.set_function(who.claims.function());
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  casework::v1::Participant seat;
  Require(Call(ib, "casework.v1.CaseworkService/InviteParticipant", invite, &seat), "invite");
  casework::v1::JoinCaseRequest join;
  join.set_name(case_name);
  Require(Call(who, "casework.v1.CaseworkService/JoinCase", join, &seat), "join");
}

std::string Region::SeatTheNurse() {
  const std::string consent = Share("organisations/jgz");
  Seat(nurse);
  return consent;
}

absl::StatusOr<casework::v1::Case> Region::GetCase(const Caller& who) {
  return GetCase(who, case_name);
}

absl::StatusOr<casework::v1::Case> Region::GetCase(const Caller& who, const std::string& name) {
  casework::v1::GetCaseRequest request;
  request.set_name(name);
  casework::v1::Case answer;
  KP_RETURN_IF_ERROR(Call(who, "casework.v1.CaseworkService/GetCase", request, &answer));
  return answer;
}

casework::v1::AddContributionRequest Region::Note(const std::string& text) const {
  casework::v1::AddContributionRequest request;
  request.set_parent(case_name);
  request.mutable_contribution()->set_text(text);
  common::v1::Label* label = request.mutable_contribution()->mutable_label();
  label->mutable_about()->add_persons(child);
  label->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label->set_regime(common::v1::REGIME_EDUCATION);
  return request;
}

absl::StatusOr<casework::v1::Contribution> Region::AddNote(const std::string& text) {
  casework::v1::Contribution answer;
  KP_RETURN_IF_ERROR(Call(ib, "casework.v1.CaseworkService/AddContribution", Note(text), &answer));
  return answer;
}

std::vector<std::string> Region::Notes() {
  const auto read = GetCase(ib);
  Require(read.status(), "the IB reads");
  std::vector<std::string> texts;
  for (const casework::v1::Contribution& c : read->contributions()) texts.push_back(c.text());
  return texts;
}

void Region::SetAside(const std::string& unit) {
  const std::string aside = absl::StrCat(folder_, "/aside/", unit);
  std::filesystem::remove_all(aside);
  std::filesystem::create_directory(aside);
  for (const auto& file : std::filesystem::directory_iterator(config_.data_dir())) {
    const std::string name = file.path().filename();
    if (absl::StartsWith(name, absl::StrCat(unit, ".db"))) {
      std::filesystem::copy(file.path(), absl::StrCat(aside, "/", name));
    }
  }
}

void Region::PutBack(const std::string& unit) {
  for (const auto& file : std::filesystem::directory_iterator(config_.data_dir())) {
    if (absl::StartsWith(std::string(file.path().filename()), absl::StrCat(unit, ".db"))) {
      std::filesystem::remove(file.path());
    }
  }
  for (const auto& file :
       std::filesystem::directory_iterator(absl::StrCat(folder_, "/aside/", unit))) {
    std::filesystem::copy(
        file.path(), absl::StrCat(config_.data_dir(), "/", std::string(file.path().filename())));
  }
}

}  // namespace knooppunt::integration
