#include "services/runtime/host.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/audit/leaf.h"
#include "services/runtime/errors.h"
#include "services/runtime/host_call.h"
#include "services/runtime/recording_tx.h"
#include "services/runtime/replays.h"

namespace knooppunt::runtime {
namespace {

using access::v1::CheckRequest;
using access::v1::Decision;

constexpr char kCheck[] = "/knooppunt.access.v1.AccessService/Check";
constexpr char kListAccessible[] = "/knooppunt.access.v1.AccessService/ListAccessible";
constexpr absl::Duration kFactsWait = absl::Seconds(5);
constexpr size_t kMaxRememberedCallers = 20'000;
// What most decisions take, what a list of a dozen takes, and no block beyond this.
constexpr size_t kDecisionBytes = 4 * 1024, kListBytes = 16 * 1024, kMaxArenaBlock = 64 * 1024;

std::string StringField(const google::protobuf::Message& m, const std::string& field) {
  const auto* f = m.GetDescriptor()->FindFieldByName(field);
  return f == nullptr ? "" : m.GetReflection()->GetString(m, f);
}

// R20: loud. No names: who and what is in the audit record of this call.
void SayEmergency(const Decision& decision, absl::string_view method, absl::string_view call_id,
                  const absl::Status& outcome) {
  if (!decision.emergency()) return;
  base::Log(base::Severity::kWarning, "emergency access",
            {{"method", method},
             {"call", call_id},
             {"outcome", absl::StatusCodeToString(outcome.code())},
             {"reason", base::ReasonOf(outcome)}});
}

absl::Status AppendRecords(const std::vector<OutboxRecord>& records, storage::WriteTx& tx) {
  for (const OutboxRecord& r : records) {
    KP_RETURN_IF_ERROR(
        tx.AppendOutbox(storage::OutboxKind::kAudit, r.body, r.payload, r.tag).status());
  }
  return absl::OkStatus();
}

// An answer of access on an arena that it owns: a decision is some fifty small parts.
template <typename T>
std::shared_ptr<T> NewAnswer(size_t bytes) {
  google::protobuf::ArenaOptions options;
  options.start_block_size = bytes;
  options.max_block_size = kMaxArenaBlock;
  const auto arena = std::make_shared<google::protobuf::Arena>(options);
  return {arena, google::protobuf::Arena::CreateMessage<T>(arena.get())};
}

absl::Duration Left(absl::Time deadline) {
  return std::min(std::max(deadline - absl::Now(), absl::Milliseconds(1)),
                  absl::Seconds(limits::kMaxDeadlineSeconds));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Host>> Host::Create(Options options) {
  std::unique_ptr<Host> host(new Host(std::move(options)));
  host->options_.unit->Register(host->registry_);
  KP_RETURN_IF_ERROR(host->registry_.Freeze(host->options_.permissions));
  KP_RETURN_IF_ERROR(host->PrepareTables());
  host->relay_ = std::make_unique<FactsRelay>(&host->unit().database(), host->options_.access);
  host->shipper_ = std::make_unique<AuditShipper>(
      &host->unit().database(), host->options_.audit, host->options_.clock,
      [unit = host->options_.unit](absl::Time now) { unit->Heartbeat(now); });
  return host;
}

Host::~Host() { Stop(); }

absl::Status Host::PrepareTables() { return CreateReplayTable(unit().database()); }

bool Host::HasFacts() const {
  return options_.unit->name() == "dossier" || options_.unit->name() == "directory";
}

absl::Status Host::Start() {
  KP_RETURN_IF_ERROR(shipper_->Start());
  KP_RETURN_IF_ERROR(unit().Begin());
  if (HasFacts()) KP_RETURN_IF_ERROR(relay_->Start(absl::Seconds(30)));
  unit().Heartbeat(options_.clock->Now());
  return absl::OkStatus();
}

void Host::Stop() {
  // Neither is there when the unit's methods were refused (P1).
  if (relay_ != nullptr) relay_->Stop();
  if (shipper_ != nullptr) shipper_->Stop(absl::Seconds(3));
}

absl::Status Host::Authenticate(const Registry::Entry& entry, const CallMeta& meta) {
  switch (entry.rule.caller()) {
    case policy::v1::CALLER_SERVICE:
      for (const std::string& s : entry.rule.services()) {
        if (s == meta.service) return absl::OkStatus();
      }
      return errors::NotAService();
    case policy::v1::CALLER_ANONYMOUS:
      return CountAnonymous(/*refused=*/false);
    default: {
      const auto claims = options_.tokens->Verify(meta.token, options_.clock->Now());
      if (claims.ok()) return absl::OkStatus();
      KP_RETURN_IF_ERROR(CountAnonymous(/*refused=*/true));
      return claims.status();
    }
  }
}

// R22: calls without identity are limited, and recorded as one entry a minute.
absl::Status Host::CountAnonymous(bool refused) {
  const int64_t minute = absl::ToUnixSeconds(options_.clock->Now()) / 60;
  base::MutexLock lock(mu_);
  if (anonymous_.minute != minute) {
    if (anonymous_.used > 0) {
      base::Log(
          base::Severity::kInfo, "calls without identity in a minute",
          {{"unit", unit().name()}, {"calls", anonymous_.used}, {"refused", anonymous_refused_}});
      const std::string body =
          audit::FormatStreamBody({.kind = audit::StreamEventKind::kCount,
                                   .time = absl::FromUnixSeconds(anonymous_.minute * 60),
                                   .calls = anonymous_.used,
                                   .refused = anonymous_refused_});
      unit().database().Submit(
          {},
          [body](storage::WriteTx& tx) {
            return tx.AppendOutbox(storage::OutboxKind::kStream, body, "", "").status();
          },
          [](absl::Status, int64_t) {});
    }
    anonymous_ = {minute, 0};
    anonymous_refused_ = 0;
  }
  ++anonymous_.used;
  if (refused) ++anonymous_refused_;
  return anonymous_.used > limits::kAnonymousCallsPerMinute ? errors::TooManyAnonymousCalls()
                                                            : absl::OkStatus();
}

void Host::Serve(const Registry::Entry& entry, const CallMeta& meta,
                 std::shared_ptr<const Message> request, std::shared_ptr<Message> response,
                 Done done) {
  if (entry.internal) {
    ServeInternal(entry, meta, *request, response.get(), done);
    return;
  }
  auto call = std::make_shared<Call>();
  call->entry = &entry;
  call->meta = meta;
  call->request = std::move(request);
  call->response = std::move(response);
  call->done = std::move(done);
  ServePerson(std::move(call));
}

void Host::ServeInternal(const Registry::Entry& entry, const CallMeta& meta, const Message& request,
                         Message* response, const Done& done) {
  done(entry.internal({.service = meta.service, .now = options_.clock->Now()}, request, response));
}

void Host::Reject(const Registry::Entry& entry, const CallMeta& meta, absl::Status why, Done done) {
  if (entry.internal) return done(std::move(why));
  auto claims = options_.tokens->Verify(meta.token, options_.clock->Now());
  if (!claims.ok()) return done(claims.status());
  auto call = std::make_shared<Call>();
  call->entry = &entry;
  call->meta = meta;
  call->response.reset(entry.response_prototype->New());
  call->done = std::move(done);
  call->claims = *std::move(claims);
  call->call_id = options_.random->Id("call");
  call->id_seed = options_.random->Bytes(16);
  call->malformed = true;  // without an id for a family, either: nothing is made
  if (absl::Status s = Ask(*call); !s.ok()) return NotDecided(std::move(call), s);
  RecordAndAnswer(std::move(call), std::move(why));
}

void Host::ServePerson(CallPtr call) {
  auto claims = options_.tokens->Verify(call->meta.token, options_.clock->Now());
  if (!claims.ok()) return call->done(claims.status());
  call->claims = *std::move(claims);
  call->call_id = options_.random->Id("call");
  call->id_seed = options_.random->Bytes(16);
  const policy::v1::MethodRule& rule = call->entry->rule;

  if (!rule.resource().empty()) {
    call->resource = StringField(*call->request, rule.resource());
    const auto parsed = base::ResourceName::Parse(call->resource);
    if (!parsed.ok() || (parsed->Id("families").empty() && parsed->Id("subjects").empty())) {
      // Says nothing about what exists, so it may be said to anybody.
      call->malformed = true;
      call->input = errors::MalformedName(rule.resource());
      call->resource.clear();
    }
  }
  if (!rule.other().empty()) {
    call->other = StringField(*call->request, rule.other());
    const auto parsed = base::ResourceName::Parse(call->other);
    if (!parsed.ok() || parsed->Id("families").empty()) {
      call->malformed = true;
      if (call->input.ok()) call->input = errors::MalformedName(rule.other());
      call->other.clear();
    }
  }
  if (rule.creates_family()) call->new_family = policy::IdFromSeed(call->id_seed, "f", 0);

  if (call->MayReplay()) {
    const std::string request_id = StringField(*call->request, "request_id");
    if (!IsRequestId(request_id)) {
      if (call->input.ok()) call->input = errors::RequestIdNeeded();
    } else {
      call->replay_key =
          MakeReplayKey(call->claims.subject(), call->entry->method, request_id, *call->request);
      const auto replay = FindReplay(call);
      if (!replay.ok()) return call->done(errors::Internal(replay.status()));
      if (*replay) return AnswerReplay(std::move(call));
    }
  }
  if (call->entry->hook && call->input.ok()) {
    const Preparation prep{call->claims, call->id_seed, call->new_family};
    call->input = call->entry->hook(prep, *call->request, &call->demands);
    if (!call->input.ok()) call->demands = {};
  }
  if (rule.lists()) return ServeList(std::move(call));
  if (absl::Status s = Ask(*call); !s.ok()) return NotDecided(std::move(call), s);
  if (call->admitted == nullptr && !call->malformed) return Refuse(std::move(call));
  Act(std::move(call));
}

namespace {

// The audit key leaves the decision before anything else sees it.
crypto::SecretBytes TakeAuditKey(Decision* d) {
  return crypto::SecretBytes::Take(std::move(*d->mutable_audit()->mutable_key()),
                                   crypto::SecretAccess::For("audit record"));
}

// What a record says of an answer that turned out to be for another call: that it was asked, under
// the family that it named, and nothing that it allows (P6, R22).
Decision OfNoUse(const Decision& answer) {
  Decision out;
  out.set_rule("permit-for-another-call");
  out.set_policy_sha256(answer.policy_sha256());
  out.set_decide_time_ms(answer.decide_time_ms());
  out.mutable_audit()->set_subject(answer.audit().subject());
  return out;
}

}  // namespace

// What access is asked this time. Each question has an id of its own, so that an answer serves
// one question only, also when a call asks twice.
policy::Inquiry Host::NewQuestion(const Call& call) {
  return {.use = {.call_id = options_.random->Id("ask"),
                  .method = call.entry->method,
                  .resource = call.resource,
                  .new_family = call.new_family,
                  .purpose = call.meta.purpose},
          .sent = options_.clock->Now(),
          .clock = options_.clock,
          .id_seed = call.id_seed};
}

// Access cannot decide; or it knows what a token cannot show: that its session was ended. Such a
// call is one without identity, and counted with those (R22).
absl::Status Host::NoDecision(const absl::Status& cause) {
  if (!absl::IsUnauthenticated(cause) || base::ReasonOf(cause).empty()) {
    return errors::AccessUnavailable(cause);
  }
  KP_RETURN_IF_ERROR(CountAnonymous(/*refused=*/true));
  return cause;
}

// No decision, no service. An answer that is for another call is recorded first: somebody stands
// between, or access is wrong, and that must not go unseen (P6, R22).
void Host::NotDecided(CallPtr call, const absl::Status& cause) {
  if (base::ReasonOf(cause) != "PERMIT_FOR_ANOTHER_CALL") return call->done(NoDecision(cause));
  RecordAndAnswer(std::move(call), errors::PermitForAnotherCall());
}

absl::Status Host::Ask(Call& call) {
  CheckRequest check;
  check.set_token(call.meta.token);
  check.set_method(call.entry->method);
  check.set_resource(call.resource);
  check.set_other(call.other);
  check.set_purpose(call.meta.purpose);
  for (auto& label : call.demands.labels) *check.add_labels() = std::move(label);
  for (auto& ref : call.demands.references) check.add_references(std::move(ref));
  check.set_new_family(call.new_family);
  const policy::Inquiry asked = NewQuestion(call);
  check.set_call_id(asked.use.call_id);
  const std::shared_ptr<Decision> held = NewAnswer<Decision>(kDecisionBytes);
  Decision& decision = *held;
  KP_RETURN_IF_ERROR(
      options_.access->Call(kCheck, check, &decision, {.timeout = Left(call.meta.deadline)}));
  call.audit_key = TakeAuditKey(&decision);
  if (decision.has_other()) call.other_audit_key = TakeAuditKey(decision.mutable_other());
  if (decision.allowed()) {
    call.decision = OfNoUse(decision);
    if (decision.has_other()) *call.decision.mutable_other() = OfNoUse(decision.other());
    KP_ASSIGN_OR_RETURN(AuthorizedCall admitted, policy::Gate::Admit(held, asked));
    call.admitted = std::make_unique<AuthorizedCall>(std::move(admitted));
  } else {
    call.decision = decision;
  }
  return absl::OkStatus();
}

void Host::Refuse(CallPtr call) {
  absl::Status refusal = errors::Refused(call->decision);
  RecordAndAnswer(std::move(call), std::move(refusal));
}

void Host::Act(CallPtr call) {
  if (!call->input.ok()) {
    absl::Status s = call->input;
    return RecordAndAnswer(std::move(call), std::move(s));
  }
  // Opening searches too: without this it would be a search without limit.
  if (call->entry->rule.searches()) {
    if (absl::Status s = TakeSearchTurn(*call); !s.ok())
      return RecordAndAnswer(std::move(call), std::move(s));
  }
  if (call->entry->rule.mutation()) return Write(std::move(call));
  Read(std::move(call));
}

absl::Status Host::TakeSearchTurn(const Call& call) {
  const int64_t minute = absl::ToUnixSeconds(options_.clock->Now()) / 60;
  base::MutexLock lock(mu_);
  if (searches_.size() > kMaxRememberedCallers) searches_.clear();
  Turns& turns = searches_[call.claims.subject()];
  if (turns.minute != minute) turns = {minute, 0};
  return ++turns.used > limits::kSearchesPerMinutePerCaller ? errors::TooManySearches()
                                                            : absl::OkStatus();
}

void Host::Read(CallPtr call) {
  const absl::Status status = unit().database().Read([&](storage::ReadTx& tx) -> absl::Status {
    KP_RETURN_IF_ERROR(call->Look(tx));
    return call->admitted->expired() ? errors::PermitExpired() : absl::OkStatus();
  });
  if (status.ok() && call->SaysNothing()) return call->done(status);
  RecordAndAnswer(std::move(call), status);
}

void Host::Write(CallPtr call) {
  struct State {
    bool facts = false;
    bool replayed = false;
  };
  if (absl::Status s = Take(*call); !s.ok()) {
    call->admitted->touched() = {};
    return RecordAndAnswer(std::move(call), std::move(s));
  }
  auto state = std::make_shared<State>();
  const auto body = [this, call, state](storage::WriteTx& tx) -> absl::Status {
    call->response->Clear();
    RecordingTx recording(tx);
    if (call->IsAct()) {
      KP_ASSIGN_OR_RETURN(const bool fresh,
                          ClaimReplay(call->replay_key, tx, options_.clock->Now()));
      state->replayed = !fresh;
      if (state->replayed) return absl::AlreadyExistsError("replay");
    }
    KP_RETURN_IF_ERROR(call->Work(recording));
    if (call->admitted->expired()) return errors::PermitExpired();
    if (call->IsAct()) {
      KP_RETURN_IF_ERROR(FinishReplay(call->replay_key, NameOf(*call->response), tx));
    }
    state->facts = recording.facts();
    KP_ASSIGN_OR_RETURN(const std::vector<OutboxRecord> records,
                        MakeRecords(*call, absl::OkStatus()));
    return AppendRecords(records, tx);
  };
  const auto done = [this, call, state](absl::Status status, int64_t position) {
    if (status.ok()) SayEmergency(call->Decided(), call->entry->method, call->call_id, status);
    if (status.ok() && call->part != nullptr) call->part->committed = true;
    if (status.ok() && !state->facts) return call->done(absl::OkStatus());
    if (status.ok()) return relay_->AfterApplied(position, kFactsWait, call->done);
    call->response->Clear();
    if (state->replayed) {
      // The same request_id won a race with this one: answer as its replay.
      const absl::StatusOr<bool> replay = FindReplay(call);
      if (replay.ok() && *replay) return AnswerReplay(call);
    }
    call->admitted->touched() = {};
    RecordAndAnswer(call, status);
  };
  unit().database().Submit({.urgent = call->entry->rule.urgent()}, body, done);
}

void Host::RecordAndAnswer(CallPtr call, absl::Status status) {
  status = errors::ForTheWire(std::move(status));
  if (!status.ok()) call->response->Clear();
  // Sealed here, not on the one writer thread that everybody waits for.
  absl::StatusOr<std::vector<OutboxRecord>> records = MakeRecords(*call, status);
  if (!records.ok()) return call->done(errors::NotRecorded(records.status()));
  unit().database().Submit(
      {.urgent = call->entry->rule.urgent()},
      [records = *std::move(records)](storage::WriteTx& tx) { return AppendRecords(records, tx); },
      [call, status](absl::Status recorded, int64_t) {
        if (!recorded.ok()) {
          call->response->Clear();
          return call->done(errors::NotRecorded(recorded));
        }
        SayEmergency(call->Decided(), call->entry->method, call->call_id, status);
        call->done(status);
      });
}

absl::StatusOr<std::vector<OutboxRecord>> Host::MakeRecords(const Call& call,
                                                            const absl::Status& outcome) {
  std::vector<OutboxRecord> records;
  const auto add = [&](const Decision& decision, const crypto::SecretBytes& key,
                       const policy::Touched* touched) -> absl::Status {
    KP_ASSIGN_OR_RETURN(OutboxRecord record,
                        MakeRecord({.claims = &call.claims,
                                    .decision = &decision,
                                    .audit_key = &key,
                                    .method = call.entry->method,
                                    .permission = call.entry->rule.permission(),
                                    .resource = call.resource,
                                    .call_id = call.call_id,
                                    .purpose = call.meta.purpose,
                                    .outcome = outcome,
                                    .replay = call.replay.found,
                                    .touched = touched},
                                   *options_.random));
    records.push_back(std::move(record));
    return absl::OkStatus();
  };
  if (call.families.empty()) {
    KP_RETURN_IF_ERROR(add(call.Decided(), call.audit_key,
                           call.admitted != nullptr ? &call.admitted->touched() : nullptr));
    // R22: of the second family too, unless it is the same once more.
    const Decision& decided = call.Decided();
    if (decided.has_other() && (decided.other().audit().subject().empty() ||
                                decided.other().audit().subject() != decided.audit().subject())) {
      KP_RETURN_IF_ERROR(add(decided.other(), call.other_audit_key, nullptr));
    }
  }
  // R22: one record per call and per family touched, in one commit.
  for (size_t i = 0; i < call.families.size(); ++i) {
    KP_RETURN_IF_ERROR(
        add(call.families[i].decision(), call.family_audit_keys[i], &call.families[i].touched()));
  }
  return records;
}

void Host::ServeList(CallPtr call) {
  access::v1::ListAccessibleRequest request;
  request.mutable_check()->set_token(call->meta.token);
  request.mutable_check()->set_method(call->entry->method);
  request.mutable_check()->set_purpose(call->meta.purpose);
  const policy::Inquiry asked = NewQuestion(*call);
  request.mutable_check()->set_call_id(asked.use.call_id);
  const std::shared_ptr<access::v1::ListAccessibleResponse> held =
      NewAnswer<access::v1::ListAccessibleResponse>(kListBytes);
  access::v1::ListAccessibleResponse& answer = *held;
  if (absl::Status s = options_.access->Call(kListAccessible, request, &answer,
                                             {.timeout = Left(call->meta.deadline)});
      !s.ok()) {
    return call->done(NoDecision(s));
  }
  call->audit_key = TakeAuditKey(answer.mutable_call());
  if (!answer.call().allowed()) {
    call->decision = std::move(*answer.mutable_call());
    return Refuse(std::move(call));
  }
  call->decision = OfNoUse(answer.call());
  call->family_audit_keys.reserve(answer.decisions_size());
  for (Decision& d : *answer.mutable_decisions()) {
    call->family_audit_keys.push_back(TakeAuditKey(&d));
  }
  auto admitted = policy::Gate::AdmitList(held, asked);
  if (!admitted.ok()) return NotDecided(std::move(call), admitted.status());
  call->admitted = std::make_unique<AuthorizedCall>(std::move(admitted->call));
  call->families = std::move(admitted->families);
  const absl::Status status = unit().database().Read([&](storage::ReadTx& tx) -> absl::Status {
    KP_RETURN_IF_ERROR(call->LookAtAll(tx));
    return call->admitted->expired() ? errors::PermitExpired() : absl::OkStatus();
  });
  if (status.ok() && call->SaysNothing()) return call->done(status);
  RecordAndAnswer(std::move(call), status);
}

absl::StatusOr<bool> Host::FindReplay(CallPtr call) {
  KP_RETURN_IF_ERROR(unit().database().Read([&](storage::ReadTx& tx) -> absl::Status {
    KP_ASSIGN_OR_RETURN(call->replay, LookUpReplay(call->replay_key, tx));
    return absl::OkStatus();
  }));
  return call->replay.found;
}

// R18: repeating one's own finished act gives outcome and name, no content, even if access
// has ended since. It is decided again all the same, for the record.
void Host::AnswerReplay(CallPtr call) {
  if (call->part != nullptr) call->part->replayed = true;
  call->demands = {};
  call->admitted.reset();
  call->new_family.clear();
  if (absl::Status s = Ask(*call); !s.ok()) return NotDecided(std::move(call), s);
  if (!call->replay.same_body) {
    return RecordAndAnswer(std::move(call), errors::RequestIdReused());
  }
  call->response->Clear();
  SetName(call->replay.name, call->response.get());
  if (!HasFacts()) return RecordAndAnswer(std::move(call), absl::OkStatus());
  const int64_t position = unit().database().position();
  Done done = std::move(call->done);
  call->done = [this, position, done](absl::Status s) {
    if (!s.ok()) return done(s);
    relay_->AfterApplied(position, kFactsWait, done);
  };
  RecordAndAnswer(std::move(call), absl::OkStatus());
}

}  // namespace knooppunt::runtime
