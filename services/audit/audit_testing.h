// An audit unit in a folder of its own, units that write streams, a witness with
// behaviour, and calls of made-up people, for tests.
#ifndef KNOOPPUNT_SERVICES_AUDIT_AUDIT_TESTING_H_
#define KNOOPPUNT_SERVICES_AUDIT_AUDIT_TESTING_H_

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/new_folder_testing.h"
#include "base/status.h"
#include "base/status_testing.h"
#include "security/audit/checkpoint.h"
#include "security/audit/leaf.h"
#include "security/audit/seal.h"
#include "security/crypto/hash.h"
#include "security/policy/testing_permit.h"
#include "services/audit/audit_unit.h"

namespace knooppunt::audit_service {

// A unit's outbox: numbered, chained entries, and appends of any part of them.
class StreamWriter {
 public:
  explicit StreamWriter(std::string unit, std::string incarnation = "inc-1")
      : unit_(std::move(unit)),
        incarnation_(std::move(incarnation)),
        chain_(storage::ChainStart(unit_, incarnation_)) {}

  void AddEvent(audit::StreamEventKind kind) {
    Add(storage::OutboxKind::kStream,
        audit::FormatStreamBody({.kind = kind, .time = absl::FromUnixSeconds(1'772'535'600)}), "",
        "");
  }
  void AddFacts(absl::string_view facts) {
    Add(storage::OutboxKind::kFacts, audit::FormatFactsBody(crypto::Sha256(facts)), "", "");
  }
  void AddRecord(const audit::SealedRecord& record, absl::string_view tag) {
    Add(storage::OutboxKind::kAudit, record.body, record.payload, tag);
  }
  // An open event and `count` facts.
  void Fill(int count) {
    AddEvent(audit::StreamEventKind::kOpen);
    for (int i = 0; i < count; ++i) AddFacts(absl::StrCat(unit_, incarnation_, entries_.size()));
  }

  // Entries with numbers first .. last.
  AppendRequest Batch(int first, int last) const {
    AppendRequest request;
    request.set_unit(unit_);
    request.set_incarnation(incarnation_);
    for (int seq = first; seq <= last; ++seq) *request.add_entries() = entries_[seq - 1];
    return request;
  }
  AppendRequest All() const { return Batch(1, size()); }
  int size() const { return static_cast<int>(entries_.size()); }

 private:
  void Add(storage::OutboxKind kind, const std::string& body, absl::string_view payload,
           absl::string_view tag) {
    AppendEntry entry;
    entry.set_seq(static_cast<int64_t>(entries_.size()) + 1);
    entry.set_kind(static_cast<int>(kind));
    entry.set_body(body);
    entry.set_payload(std::string(payload));
    entry.set_tag(std::string(tag));
    chain_ = storage::ChainNext(chain_, entry.seq(), kind, body);
    entry.set_chain(chain_);
    entries_.push_back(std::move(entry));
  }

  const std::string unit_;
  const std::string incarnation_;
  std::string chain_;
  std::vector<AppendEntry> entries_;
};

// A witness at another organisation: keeps the last size and root, checks every proof,
// outlives the unit. Thread-safe.
class FakeWitness {
 public:
  explicit FakeWitness(crypto::SigningKey key)
      : cosigner_(*audit::Cosigner::Create("witness.example", std::move(key))) {}

  const audit::NoteVerifier& key() const { return cosigner_.verifier(); }
  WitnessPeer Peer() { return {.client = std::make_unique<Client>(this), .key = key()}; }

  void SetDead(bool dead) {
    base::MutexLock lock(mu_);
    dead_ = dead;
  }
  // Answers with signatures that are not over the checkpoint.
  void SetLying(bool lying) {
    base::MutexLock lock(mu_);
    lying_ = lying;
  }
  // Blocks until it has cosigned at least `size` entries.
  void AwaitSize(int64_t size) {
    base::MutexLock lock(mu_);
    while (size_ < size) changed_.Wait(mu_);
  }
  // Blocks until it has been asked at least `count` times, answered or not.
  void AwaitAsked(int count) {
    base::MutexLock lock(mu_);
    while (asked_ < count) changed_.Wait(mu_);
  }
  int64_t size() {
    base::MutexLock lock(mu_);
    return size_;
  }
  int asked() {
    base::MutexLock lock(mu_);
    return asked_;
  }

 private:
  class Client final : public audit::WitnessClient {
   public:
    explicit Client(FakeWitness* witness) : witness_(witness) {}
    absl::StatusOr<std::string> AddCheckpoint(const audit::AddCheckpointRequest& request) override {
      return witness_->Consider(request);
    }

   private:
    FakeWitness* const witness_;
  };

  absl::StatusOr<std::string> Consider(const audit::AddCheckpointRequest& request) {
    base::MutexLock lock(mu_);
    ++asked_;
    changed_.NotifyAll();
    if (dead_) return absl::UnavailableError("nobody answers");
    KP_ASSIGN_OR_RETURN(const audit::Note note, audit::ParseNote(request.checkpoint));
    KP_ASSIGN_OR_RETURN(const audit::Checkpoint checkpoint, audit::ParseCheckpoint(note.text));
    if (request.old_size != size_) return audit::WitnessHasAnotherSize(size_);
    KP_RETURN_IF_ERROR(audit::VerifyConsistency({.old_size = size_, .new_size = checkpoint.size},
                                                {.old_root = root_, .new_root = checkpoint.root},
                                                request.proof));
    if (lying_) return cosigner_.Cosign("another text\n", time_);
    size_ = checkpoint.size;
    root_ = checkpoint.root;
    time_ += absl::Seconds(1);
    return cosigner_.Cosign(note.text, time_);
  }

  const audit::Cosigner cosigner_;
  base::Mutex mu_;
  base::CondVar changed_;
  bool dead_ ABSL_GUARDED_BY(mu_) = false;
  bool lying_ ABSL_GUARDED_BY(mu_) = false;
  int asked_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time time_ ABSL_GUARDED_BY(mu_) = absl::FromUnixSeconds(1'800'000'000);
  int64_t size_ ABSL_GUARDED_BY(mu_) = 0;
  std::string root_ ABSL_GUARDED_BY(mu_) = audit::EmptyRoot();
};

class AuditTest : public ::testing::Test {
 protected:
  static constexpr char kOrigin[] = "knooppunt.example/audit";
  static constexpr char kFamily[] = "f-1";
  static constexpr char kSubject[] = "0123456789abcdef0123456789abcdef";

  void SetUp() override { folder_ = ::knooppunt::testing::NewFolder("audit"); }
  void TearDown() override {
    unit_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Opens the unit, or opens it again, with the witness.
  absl::Status Open() {
    AuditUnit::Options options = UnitOptions();
    options.witnesses.push_back(witness_.Peer());
    return OpenWith(std::move(options));
  }
  absl::Status OpenWithoutWitness() { return OpenWith(UnitOptions()); }
  AuditUnit::Options UnitOptions() {
    return {.path = path(),
            .key = &key_,
            .clock = &clock_,
            .random = &random_,
            .origin = kOrigin,
            .log_key = &log_key_,
            .organisation_name =
                [](absl::string_view name) {
                  return name == "organisations/ggd-zl" ? std::string("GGD Zuid Limburg") : "";
                },
            .checkpoint_interval = absl::Milliseconds(1)};
  }
  absl::Status OpenWith(AuditUnit::Options options) {
    unit_.reset();
    KP_ASSIGN_OR_RETURN(unit_, AuditUnit::Open(std::move(options)));
    return absl::OkStatus();
  }
  std::string path() const { return folder_ + "/audit.db"; }

  absl::StatusOr<int64_t> Append(const AppendRequest& request) {
    return AppendAs(request.unit(), request);
  }
  absl::StatusOr<int64_t> AppendAs(absl::string_view service, const AppendRequest& request) {
    AppendResponse response;
    KP_RETURN_IF_ERROR(
        unit_->service().Append({.service = std::string(service)}, request, &response));
    return response.position();
  }
  absl::StatusOr<int64_t> Position(const std::string& unit, const std::string& incarnation) {
    audit::v1::GetStreamPositionRequest request;
    request.set_unit(unit);
    request.set_incarnation(incarnation);
    AppendResponse response;
    KP_RETURN_IF_ERROR(unit_->service().GetStreamPosition({.service = unit}, request, &response));
    return response.position();
  }

  // Runs a handler on a snapshot, or in a unit of work.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Run(absl::Status (AuditService::*handler)(const AuthorizedCall&, ReadTx&,
                                                                     const Request&, Response*)
                                   const,
                               const AuthorizedCall& call, const Request& request) {
    Response response;
    KP_RETURN_IF_ERROR(unit_->database().Read(
        [&](ReadTx& tx) { return (unit_->service().*handler)(call, tx, request, &response); }));
    return response;
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Run(absl::Status (AuditService::*handler)(const AuthorizedCall&,
                                                                     WriteTx&, const Request&,
                                                                     Response*) const,
                               const AuthorizedCall& call, const Request& request) {
    Response response;
    KP_RETURN_IF_ERROR(unit_->database()
                           .Write([&](WriteTx& tx) {
                             response.Clear();
                             return (unit_->service().*handler)(call, tx, request, &response);
                           })
                           .status());
    return response;
  }

  AuthorizedCall Admit(access::v1::Decision decision) {
    decision.set_allowed(true);
    decision.set_decide_time_ms(absl::ToUnixMillis(clock_.Now()));
    return policy::AdmitForTest(std::move(decision), common::v1::PURPOSE_AUDIT, random_.Bytes(16));
  }
  // Verifies the log; reads no family's records.
  AuthorizedCall Verifier() { return Admit({}); }
  AuthorizedCall Auditor(const std::string& organisation = "organisations/gem-maastricht") {
    access::v1::Decision decision;
    decision.mutable_claims()->set_subject("professionals/fg");
    decision.mutable_claims()->set_organisation(organisation);
    decision.mutable_claims()->set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
    FillView(true, &decision);
    return Admit(std::move(decision));
  }
  // The parent p-mother, who may see herself and the child p-child but for what is HEALTH, and
  // emergency access from before `emergencies_shown_before_ms`.
  AuthorizedCall Mother(int64_t emergencies_shown_before_ms = 0) {
    access::v1::Decision decision;
    decision.mutable_claims()->set_subject("accounts/a-mother");
    decision.set_person("p-mother");
    decision.set_family(kFamily);
    decision.mutable_permit()->set_facts_key(std::string(32, 'f'));
    decision.mutable_audit()->set_subject(kSubject);
    FillView(false, &decision);
    decision.mutable_audit_view()->set_responsible_organisation("organisations/mosalira");
    decision.mutable_audit_view()->add_visible_persons("p-mother");
    decision.mutable_audit_view()->add_visible_persons("p-child");
    decision.mutable_audit_view()->add_visible_bases("k-1");
    access::v1::ReadAlone* youth = decision.mutable_audit_view()->add_read_alone();
    youth->set_person("p-child");
    youth->add_compartments(common::v1::COMPARTMENT_HEALTH);
    decision.mutable_audit_view()->set_emergencies_shown_before_ms(emergencies_shown_before_ms);
    return Admit(std::move(decision));
  }
  void FillView(bool auditor, access::v1::Decision* decision) {
    access::v1::OpenAuditResponse* view = decision->mutable_audit_view();
    view->set_subject(kSubject);
    view->set_auditor(auditor);
    view->add_keys(AuditKey(2025));
    view->add_keys(AuditKey(2026));
  }
  // The family's audit key of a year.
  static std::string AuditKey(int year) { return crypto::Sha256(absl::StrCat("key ", year)); }

  audit::SealedRecord Seal(const audit::v1::RecordWho& who, const audit::v1::RecordAbout& about,
                           int year = 2026) {
    const auto keys = audit::AuditKeys::Derive(
        crypto::SecretBytes::From(AuditKey(year), crypto::SecretAccess::For("test")));
    return *audit::SealRecord(*keys, {.a = who.SerializeAsString(), .b = about.SerializeAsString()},
                              random_);
  }
  static audit::v1::RecordWho NurseReads() {
    audit::v1::RecordWho who;
    who.set_time_ms(absl::ToUnixMillis(base::StartOf(base::Date(2026, 3, 3)) + absl::Hours(10) +
                                       absl::Minutes(12)));
    who.set_method("/knooppunt.casework.v1.CaseworkService/GetCase");
    who.set_actor("professionals/nurse");
    who.set_display_name("Iris Bakker");
    who.set_organisation("organisations/ggd-zl");
    who.set_function(common::v1::FUNCTION_JGZ_NURSE);
    who.set_purpose(common::v1::PURPOSE_COORDINATION);
    who.set_allowed(true);
    who.set_outcome("OK");
    return who;
  }
  static audit::v1::RecordAbout AboutChild() {
    audit::v1::RecordAbout about;
    about.set_subject(kSubject);
    about.set_resource("families/f-1/cases/c-1");
    about.mutable_about()->add_persons("p-child");
    about.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    about.add_bases("consents/k-1");
    return about;
  }

  std::string folder_;
  base::FakeClock clock_{base::StartOf(base::Date(2026, 3, 3)) + absl::Hours(12)};
  crypto::SeededRandom random_{1};
  crypto::SecretBytes key_ =
      crypto::SecretBytes::From(std::string(32, 'k'), crypto::SecretAccess::For("test"));
  crypto::SigningKey log_key_ = *crypto::SigningKey::Generate(random_);
  FakeWitness witness_{*crypto::SigningKey::Generate(random_)};
  std::unique_ptr<AuditUnit> unit_;
};

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_AUDIT_TESTING_H_
