#include "services/audit/checkpointer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {
namespace {

// Whether `note` carries a valid signature by `key`.
bool Carries(const std::string& note, const audit::NoteVerifier& key) {
  const absl::StatusOr<audit::Note> parsed = audit::ParseNote(note);
  return parsed.ok() && audit::VerifyNote(*parsed, {key}).ok();
}

absl::Duration Backoff(int failures) {
  absl::Duration wait = absl::Milliseconds(kWitnessRetryMinMs);
  for (int i = 1; i < failures && wait < absl::Milliseconds(kWitnessRetryMaxMs); ++i) wait *= 2;
  return std::min(wait, absl::Milliseconds(kWitnessRetryMaxMs));
}

}  // namespace

Checkpointer::Checkpointer(Options options)
    : database_(options.database),
      clock_(options.clock),
      signer_(std::move(options.signer)),
      interval_(options.interval) {
  for (WitnessPeer& peer : options.witnesses) witnesses_.push_back({.peer = std::move(peer)});
}

Checkpointer::~Checkpointer() { Stop(); }

void Checkpointer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Checkpointer::Stop() {
  {
    base::MutexLock lock(mu_);
    stop_ = true;
    wake_.NotifyAll();
    halt_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::Notify() {
  base::MutexLock lock(mu_);
  pending_ = true;
  wake_.NotifyOne();
}

absl::Status Checkpointer::FlushCheckpoint() {
  base::MutexLock lock(round_mu_);
  return DoRound(/*force=*/true);
}

void Checkpointer::Run() {
  while (AwaitWork()) {
    absl::Status status;
    absl::Duration retry_in;
    {
      base::MutexLock lock(round_mu_);
      status = DoRound(/*force=*/false);
      retry_in = UntilRetry();
    }
    if (log_replaced_) return;
    if (!status.ok()) {
      base::Log(base::Severity::kWarning, "no checkpoint of the audit log; retrying",
                {{"code", absl::StatusCodeToString(status.code())}});
      retry_in = std::min(retry_in, Backoff(1));
    }
    {
      base::MutexLock lock(mu_);
      retry_in_ = retry_in;
    }
    if (!Pause()) return;
  }
}

bool Checkpointer::AwaitWork() {
  base::MutexLock lock(mu_);
  while (!stop_ && !pending_) {
    if (retry_in_ == absl::InfiniteDuration()) {
      wake_.Wait(mu_);
    } else if (!wake_.WaitFor(mu_, retry_in_)) {
      break;
    }
  }
  pending_ = false;
  return !stop_;
}

bool Checkpointer::Pause() {
  base::MutexLock lock(mu_);
  if (!stop_) halt_.WaitFor(mu_, interval_);
  return !stop_;
}

absl::Duration Checkpointer::UntilRetry() {
  absl::Duration soonest = absl::InfiniteDuration();
  for (const Witness& witness : witnesses_) {
    if (witness.failures == 0) continue;
    soonest = std::min(soonest, std::max(interval_, witness.retry_at - clock_->Now()));
  }
  return soonest;
}

absl::Status Checkpointer::DoRound(bool force) {
  if (log_replaced_) return errors::WitnessKnowsNewerLog();
  KP_ASSIGN_OR_RETURN(Round round, Load());
  std::string note = round.stored_note;
  // A stored note of another key (the log's key was replaced) is signed anew.
  if (round.stored_size != round.size || !Carries(note, signer_.verifier())) {
    KP_ASSIGN_OR_RETURN(
        note, signer_.Sign(audit::FormatCheckpoint(
                  {.origin = signer_.verifier().name(), .size = round.size, .root = round.root})));
  }
  KP_RETURN_IF_ERROR(Cosign(force, &round, &note));
  return note == round.stored_note ? absl::OkStatus() : Store(round, note);
}

absl::StatusOr<Checkpointer::Round> Checkpointer::Load() {
  std::vector<std::string> names;
  for (const Witness& witness : witnesses_) names.push_back(witness.peer.key.name());
  Round round;
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) -> absl::Status {
    KP_ASSIGN_OR_RETURN(round.size, LogSize(tx));
    KP_ASSIGN_OR_RETURN(round.root, audit::RootAt(TxHashReader(tx), round.size));
    KP_ASSIGN_OR_RETURN(const auto stored, FindCheckpoint(tx));
    if (stored.has_value()) {
      round.stored_note = stored->note;
      round.stored_size = stored->size;
    }
    for (const std::string& name : names) {
      KP_ASSIGN_OR_RETURN(const int64_t size, WitnessSize(tx, name));
      round.witness_sizes.push_back(size);
    }
    return absl::OkStatus();
  }));
  if (round.stored_size > round.size) return errors::LogDamaged();
  return round;
}

absl::Status Checkpointer::Cosign(bool force, Round* round, std::string* note) {
  const DatabaseHashReader hashes(database_);
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    Witness& witness = witnesses_[i];
    // Forced, a witness is asked even when the note has its cosignature: an older copy that
    // was put back has one too.
    const bool carried = Carries(*note, witness.peer.key);
    if (!force && (carried || clock_->Now() < witness.retry_at)) continue;
    absl::StatusOr<std::string> cosigned =
        audit::CosignCheckpoint({.client = witness.peer.client.get(),
                                 .hashes = &hashes,
                                 .witness_keys = {witness.peer.key},
                                 .checkpoint = *note,
                                 .known_size = round->witness_sizes[i]});
    if (!cosigned.ok()) {
      KP_RETURN_IF_ERROR(NoteFailure(cosigned.status(), &witness));
      continue;
    }
    if (witness.failures > 0) {
      base::Log(base::Severity::kInfo, "witness cosigns again",
                {{"witness", witness.peer.key.name()}});
    }
    witness.failures = 0;
    witness.retry_at = absl::InfinitePast();
    round->witness_sizes[i] = round->size;
    if (!carried) *note = *std::move(cosigned);
  }
  return absl::OkStatus();
}

absl::Status Checkpointer::NoteFailure(const absl::Status& why, Witness* witness) {
  const std::string& name = witness->peer.key.name();
  if (absl::IsDataLoss(why)) {
    log_replaced_ = true;
    base::Log(base::Severity::kError,
              "the witness knows a newer log: no record is taken in any more",
              {{"witness", name}, {"message", why.message()}});
    return errors::WitnessKnowsNewerLog();
  }
  ++witness->failures;
  witness->retry_at = clock_->Now() + Backoff(witness->failures);
  if (witness->failures == 1) {
    base::Log(base::Severity::kWarning, "witness did not cosign; the log goes on without",
              {{"witness", name},
               {"code", absl::StatusCodeToString(why.code())},
               {"message", why.message()}});
  }
  return absl::OkStatus();
}

absl::Status Checkpointer::Store(const Round& round, const std::string& note) {
  std::vector<std::pair<std::string, int64_t>> sizes;
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    sizes.emplace_back(witnesses_[i].peer.key.name(), round.witness_sizes[i]);
  }
  return database_
      ->Write([&](storage::WriteTx& tx) -> absl::Status {
        KP_RETURN_IF_ERROR(PutCheckpoint(tx, {.size = round.size, .note = note}));
        for (const auto& [name, size] : sizes) KP_RETURN_IF_ERROR(PutWitnessSize(tx, name, size));
        return absl::OkStatus();
      })
      .status();
}

}  // namespace knooppunt::audit_service
