#include "services/server/process.h"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "clients/cpp/grpc_transport.h"
#include "security/audit/http_witness_client.h"
#include "security/crypto/envelope.h"
#include "security/crypto/key_file.h"
#include "services/access/issuers.h"
#include "services/runtime/config.h"

namespace knooppunt::server {

absl::StatusOr<std::unique_ptr<Process>> Process::Start(Options options) {
  KP_RETURN_IF_ERROR(runtime::CheckConfig(options.config, options.units));
  std::unique_ptr<Process> process(new Process(std::move(options)));
  KP_RETURN_IF_ERROR(process->Open());
  for (auto& host : process->hosts_) KP_RETURN_IF_ERROR(host->Start());
  if (process->options_.listen) KP_RETURN_IF_ERROR(process->Listen());
  return process;
}

Process::~Process() { Stop(); }

void Process::Stop() {
  if (std::exchange(stopped_, true)) return;
  if (server_ != nullptr) {
    const int seconds = options_.config.drain_seconds() > 0 ? options_.config.drain_seconds() : 10;
    server_->Shutdown(absl::Seconds(seconds));
  }
  // Audit was opened second; stopping from the back ends it after those that ship to it, but
  // for access, which must decide to the last.
  for (const char* unit : {"dossier", "directory", "access", "audit"}) {
    if (runtime::Host* h = host(unit)) h->Stop();
  }
  if (audit_unit_ == nullptr) return;
  if (const absl::Status s = audit_unit_->FlushCheckpoint(); !s.ok()) {
    base::Log(base::Severity::kWarning, "no last checkpoint",
              {{"code", absl::StatusCodeToString(s.code())}});
  }
}

absl::Status Process::Open() {
  const std::string& dir = options_.config.data_dir();
  if (mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::FailedPreconditionError(absl::StrCat("cannot make the data folder ", dir));
  }
  KP_ASSIGN_OR_RETURN(crypto::VerifyKey token_key,
                      crypto::ReadVerifyKey(options_.config.token_verify_key_file()));
  tokens_ = std::make_unique<identity::TokenVerifier>(std::move(token_key));
  // Every process knows the permissions, so that each can refuse to start (P1); access alone
  // decides.
  KP_ASSIGN_OR_RETURN(policy_, policy::Table::Load(options_.config.policy_file()));
  // R36: a framework that does not parse is told at start, not at the first step.
  const std::string& framework = options_.config.framework_file();
  KP_ASSIGN_OR_RETURN(framework_, framework.empty() ? policy::Framework::BuiltIn()
                                                    : policy::Framework::Load(framework));
  // R30: the kinds of handover likewise.
  const std::string& kinds = options_.config.handover_kinds_file();
  KP_ASSIGN_OR_RETURN(handover_kinds_, kinds.empty() ? policy::HandoverKinds::BuiltIn()
                                                     : policy::HandoverKinds::Load(kinds));
  if (options_.units.contains("access")) KP_RETURN_IF_ERROR(OpenAccess());
  if (options_.units.contains("audit")) KP_RETURN_IF_ERROR(OpenAudit());
  if (options_.units.contains("directory")) KP_RETURN_IF_ERROR(OpenDirectory());
  if (options_.units.contains("dossier")) KP_RETURN_IF_ERROR(OpenDossier());
  for (auto& unit : units_) KP_RETURN_IF_ERROR(AddHost(unit.get()));
  return absl::OkStatus();
}

std::string Process::DataPath(const std::string& file) const {
  return absl::StrCat(options_.config.data_dir(), "/", file);
}

absl::StatusOr<crypto::SecretBytes> Process::UnitKey(const std::string& unit) const {
  return crypto::ReadRootKey(absl::StrCat(options_.config.key_dir(), "/", unit, ".root"));
}

absl::Status Process::OpenAccess() {
  const config::v1::AccessConfig& config = options_.config.access();
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key, UnitKey("access"));
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes root,
                      crypto::ReadRootKey(config.keyring_root_file()));
  KP_ASSIGN_OR_RETURN(crypto::SigningKey token_key,
                      crypto::ReadSigningKey(config.token_key_file()));
  KP_ASSIGN_OR_RETURN(std::vector<identity::TrustedIssuer> issuers,
                      access::MakeIssuers(config, &providers_));
  KP_ASSIGN_OR_RETURN(auto unit,
                      access::AccessUnit::Open(
                          {.database_path = DataPath("access.db"),
                           .keyring_path = DataPath("keyring.db"),
                           .database_key = &key,
                           .keyring_root = &root,
                           .clock = options_.clock,
                           .random = options_.random,
                           .tokens = tokens_.get(),
                           .policy = policy_,
                           .policy_path = options_.config.policy_file(),
                           .token_key = std::make_shared<crypto::SigningKey>(std::move(token_key)),
                           .issuers = std::move(issuers),
                           .new_incarnation = Renew("access")}));
  access_unit_ = unit.get();
  units_.push_back(std::move(unit));
  return absl::OkStatus();
}

absl::Status Process::OpenAudit() {
  const config::v1::AuditConfig& config = options_.config.audit();
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key, UnitKey("audit"));
  KP_ASSIGN_OR_RETURN(const crypto::SigningKey log_key,
                      crypto::ReadSigningKey(config.log_key_file()));
  audit_service::AuditUnit::Options options;
  options.path = DataPath("audit.db");
  options.key = &key;
  options.clock = options_.clock;
  options.random = options_.random;
  options.new_incarnation = Renew("audit");
  options.origin = config.origin();
  // With access in another process the log's sentences name organisations by their id.
  if (access_unit_ != nullptr) {
    options.organisation_name = [access = access_unit_](absl::string_view name) {
      return access->OrganisationName(name);
    };
  }
  options.log_key = &log_key;
  for (const config::v1::Witness& w : config.witnesses()) {
    KP_ASSIGN_OR_RETURN(audit::NoteVerifier verifier, audit::NoteVerifier::Parse(w.verifier_key()));
    KP_ASSIGN_OR_RETURN(auto client, audit::HttpWitnessClient::Create({.url = w.url()}));
    options.witnesses.push_back({std::move(client), std::move(verifier)});
  }
  KP_ASSIGN_OR_RETURN(auto unit, audit_service::AuditUnit::Open(std::move(options)));
  audit_unit_ = unit.get();
  units_.push_back(std::move(unit));
  return absl::OkStatus();
}

absl::Status Process::OpenDirectory() {
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key, UnitKey("directory"));
  const config::v1::BootstrapAdministrator& first = options_.config.directory().bootstrap();
  directory::DirectoryUnit::Options options;
  options.path = DataPath("directory.db");
  options.key = &key;
  options.clock = options_.clock;
  options.random = options_.random;
  options.new_incarnation = Renew("directory");
  options.bootstrap.professional = first.professional();
  options.bootstrap.login = first.login();
  options.bootstrap.display_name = first.display_name();
  options.bootstrap.organisation = first.organisation();
  options.framework = framework_;
  KP_ASSIGN_OR_RETURN(auto unit, directory::DirectoryUnit::Open(options));
  units_.push_back(std::move(unit));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const handover::Installations>> Process::OtherInstallations() const {
  const config::v1::ServerConfig& config = options_.config;
  if (config.archive_certificate_file().empty()) {
    if (config.peer_installations().empty())
      return std::shared_ptr<const handover::Installations>();
    return absl::InvalidArgumentError("peer_installations need archive_certificate_file");
  }
  KP_ASSIGN_OR_RETURN(const std::string pem,
                      runtime::ReadTextFile(config.archive_certificate_file()));
  KP_ASSIGN_OR_RETURN(const std::string key, runtime::ReadPrivateFile(config.archive_key_file()));
  KP_ASSIGN_OR_RETURN(crypto::Correspondent own, crypto::Correspondent::FromPem(pem, key));
  std::vector<handover::Installation> others;
  for (const config::v1::PeerInstallation& peer : config.peer_installations()) {
    KP_ASSIGN_OR_RETURN(const std::string theirs, runtime::ReadTextFile(peer.certificate_file()));
    KP_ASSIGN_OR_RETURN(crypto::Certificate certificate, crypto::Certificate::FromPem(theirs));
    handover::Installation other{
        .name = peer.name(), .certificate = std::move(certificate), .places = {}};
    for (const config::v1::PeerPlace& place : peer.places()) {
      other.places.push_back(
          {place.werkplaats(), place.their_werkplaats(), place.their_organisation()});
    }
    others.push_back(std::move(other));
  }
  return handover::Installations::Create(std::move(own), std::move(others));
}

absl::Status Process::OpenDossier() {
  KP_ASSIGN_OR_RETURN(const crypto::SecretBytes key, UnitKey("dossier"));
  dossier::DossierUnit::Options options;
  options.path = DataPath("dossier.db");
  options.key = &key;
  options.clock = options_.clock;
  options.random = options_.random;
  options.new_incarnation = Renew("dossier");
  options.handover_grace_days = options_.config.handover_grace_days();
  options.ground_types = policy_->document().ground_types();
  options.outbox_max_entries = options_.outbox_max_entries;
  options.framework = framework_;
  options.handover_kinds = handover_kinds_;
  KP_ASSIGN_OR_RETURN(options.installations, OtherInstallations());
  crypto::SecretBytes receipts;
  if (!options_.config.receipt_key_file().empty()) {
    KP_ASSIGN_OR_RETURN(receipts, crypto::ReadRootKey(options_.config.receipt_key_file()));
    options.receipt_root = &receipts;
  }
  KP_ASSIGN_OR_RETURN(auto unit, dossier::DossierUnit::Open(options));
  units_.push_back(std::move(unit));
  return absl::OkStatus();
}

absl::StatusOr<client::Transport*> Process::Reach(const std::string& unit,
                                                  const std::string& target) {
  KP_ASSIGN_OR_RETURN(auto way, Way(unit, target));
  transports_.push_back(std::move(way));
  if (options_.between) {
    transports_.push_back(options_.between(unit, target, transports_.back().get()));
  }
  return transports_.back().get();
}

absl::StatusOr<std::unique_ptr<client::Transport>> Process::Way(const std::string& unit,
                                                                const std::string& target) {
  if (options_.units.contains(target)) {
    return std::unique_ptr<client::Transport>(
        std::make_unique<runtime::DirectTransport>(&switchboard_, unit));
  }
  for (const config::v1::Peer& peer : options_.config.peers()) {
    if (peer.unit() != target) continue;
    client::ConnectOptions options;
    options.address = peer.address();
    options.ca_file = options_.config.tls().ca_file();
    options.cert_file = options_.config.tls().cert_file();
    options.key_file = options_.config.tls().key_file();
    return client::Connect(options);
  }
  return absl::InvalidArgumentError(absl::StrCat("no peer for unit ", target));
}

absl::Status Process::AddHost(runtime::Unit* unit) {
  const std::string name(unit->name());
  runtime::Host::Options options;
  options.unit = unit;
  KP_ASSIGN_OR_RETURN(options.access, Reach(name, "access"));
  KP_ASSIGN_OR_RETURN(options.audit, Reach(name, "audit"));
  options.tokens = tokens_.get();
  options.clock = options_.clock;
  options.random = options_.random;
  options.permissions = policy_->Permissions();
  KP_ASSIGN_OR_RETURN(auto host, runtime::Host::Create(std::move(options)));
  switchboard_.Add(host.get());
  hosts_.push_back(std::move(host));
  return absl::OkStatus();
}

void Process::ReloadPolicy() {
  if (access_unit_ == nullptr) {
    base::Log(base::Severity::kInfo, "asked to read the policy again: access alone decides by it");
    return;
  }
  access_unit_->ReloadPolicy().IgnoreError();  // logged; the old one stays in force
}

runtime::Host* Process::host(const std::string& unit) {
  for (auto& h : hosts_) {
    if (h->unit().name() == unit) return h.get();
  }
  return nullptr;
}

absl::Status Process::Listen() {
  const config::v1::Tls& tls = options_.config.tls();
  runtime::GrpcServer::Options options;
  options.listen = options_.config.listen();
  KP_ASSIGN_OR_RETURN(options.cert_pem, runtime::ReadTextFile(tls.cert_file()));
  KP_ASSIGN_OR_RETURN(options.key_pem, runtime::ReadPrivateFile(tls.key_file()));
  KP_ASSIGN_OR_RETURN(options.ca_pem, runtime::ReadTextFile(tls.ca_file()));
  options.switchboard = &switchboard_;
  KP_ASSIGN_OR_RETURN(server_, runtime::GrpcServer::Start(std::move(options)));
  base::Log(base::Severity::kInfo, "serving",
            {{"port", server_->port()}, {"units", units_.size()}});
  if (options_.config.port_file().empty()) return absl::OkStatus();
  const std::string temporary = absl::StrCat(options_.config.port_file(), ".new");
  std::ofstream(temporary) << server_->port() << "\n";
  if (std::rename(temporary.c_str(), options_.config.port_file().c_str()) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write ", options_.config.port_file()));
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::server
