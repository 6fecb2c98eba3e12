#include "services/witness/witness.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "security/audit/file.h"
#include "security/audit/limits.h"
#include "security/audit/merkle.h"
#include "security/audit/witness_state.h"
#include "security/crypto/hash.h"

namespace knooppunt::witness {
namespace {

using audit::NoteSignature;
using audit::NoteVerifier;

constexpr char kText[] = "text/plain; charset=utf-8";

Response Refuse(int status, absl::string_view why) {
  return {.status = status, .content_type = kText, .body = absl::StrCat(why, "\n")};
}

absl::StatusOr<int> LockBeside(const std::string& state_path) {
  const std::string path = absl::StrCat(state_path, ".lock");
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    return absl::FailedPreconditionError(
        absl::StrCat("another witness uses the state ", state_path));
  }
  return fd;
}

// The note with only the signatures that were verified, as the log sent them.
std::string Trimmed(const audit::Note& note, const std::vector<NoteVerifier>& keys) {
  std::string out = absl::StrCat(note.text, "\n");
  for (const NoteSignature& signature : note.signatures) {
    if (std::any_of(keys.begin(), keys.end(),
                    [&](const NoteVerifier& key) { return key.Claims(signature); })) {
      absl::StrAppend(&out, audit::FormatSignatureLine(signature));
    }
  }
  return out;
}

absl::Status CheckLogKeys(const Witness::Options& options) {
  if (options.log_keys.empty()) return absl::InvalidArgumentError("a witness needs a log to watch");
  if (options.log_keys.size() > audit::kMaxWitnessLogs) {
    return absl::InvalidArgumentError("more logs than a witness watches");
  }
  for (const NoteVerifier& key : options.log_keys) {
    if (key.raw_key() == options.cosigner.verifier().raw_key()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the log ", key.name(), " has the witness's own key: it would witness itself"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Witness>> Witness::Create(Options options) {
  KP_RETURN_IF_ERROR(CheckLogKeys(options));
  KP_ASSIGN_OR_RETURN(const int lock_fd, LockBeside(options.state_path));
  auto witness = std::unique_ptr<Witness>(new Witness(std::move(options), lock_fd));
  base::MutexLock lock(witness->mu_);
  KP_RETURN_IF_ERROR(witness->Load());
  return witness;
}

Witness::Witness(Options options, int lock_fd) : options_(std::move(options)), lock_fd_(lock_fd) {}

Witness::~Witness() { close(lock_fd_); }

absl::Status Witness::Load() {
  for (const NoteVerifier& key : options_.log_keys) logs_[key.name()].keys.push_back(key);
  const absl::StatusOr<std::string> text =
      audit::ReadFile(options_.state_path, audit::kMaxWitnessStateBytes);
  if (absl::IsNotFound(text.status())) {
    base::Log(base::Severity::kWarning, "witness starts without state");
    return absl::OkStatus();
  }
  if (!text.ok()) return text.status();
  KP_ASSIGN_OR_RETURN(const audit::WitnessState state, audit::ParseWitnessState(*text));
  for (const auto& [origin, text] : state) {
    const auto found = logs_.find(origin);
    if (found == logs_.end()) {
      unwatched_[origin] = text;
      continue;
    }
    KP_ASSIGN_OR_RETURN(const audit::Note note, audit::ParseNote(text));
    KP_ASSIGN_OR_RETURN(const audit::Checkpoint checkpoint, audit::ParseCheckpoint(note.text));
    const auto own = audit::VerifyNote(note, {options_.cosigner.verifier()});
    if (!own.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the checkpoint of ", origin, " in ", options_.state_path,
                       " was not cosigned with this witness's key"));
    }
    found->second.seen = {
        .size = checkpoint.size, .root = checkpoint.root, .time = own->front().time, .note = text};
  }
  return absl::OkStatus();
}

absl::Status Witness::Save() {
  audit::WitnessState state = unwatched_;
  for (const auto& [origin, log] : logs_) {
    if (!log.seen.note.empty()) state[origin] = log.seen.note;
  }
  return audit::WriteFile(options_.state_path, audit::FormatWitnessState(state),
                          audit::Durability::kSync);
}

Response Witness::AddCheckpoint(absl::string_view body) {
  absl::StatusOr<audit::AddCheckpointRequest> request = audit::ParseAddCheckpoint(body);
  if (!request.ok()) return Refuse(400, request.status().message());
  absl::StatusOr<audit::Note> note = audit::ParseNote(request->checkpoint);
  if (!note.ok()) return Refuse(400, note.status().message());
  absl::StatusOr<audit::Checkpoint> checkpoint = audit::ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return Refuse(400, checkpoint.status().message());
  // One at a time from here to the disk: two may not both extend one checkpoint.
  base::MutexLock lock(mu_);
  if (failed_) return Refuse(500, "the witness could not write its state");
  return Consider({.request = *std::move(request),
                   .note = *std::move(note),
                   .checkpoint = *std::move(checkpoint)});
}

Response Witness::Consider(const Submission& submission) {
  const audit::Checkpoint& checkpoint = submission.checkpoint;
  const int64_t old_size = submission.request.old_size;
  const auto found = logs_.find(checkpoint.origin);
  if (found == logs_.end()) return Refuse(404, "this witness does not watch that log");
  Log& log = found->second;
  const auto verified = audit::VerifyNote(submission.note, log.keys);
  if (!verified.ok()) return Refuse(403, verified.status().message());
  if (old_size > checkpoint.size) return Refuse(400, "the old size is above the checkpoint's");
  if (old_size != log.seen.size) {
    return {.status = 409,
            .content_type = "text/x.tlog.size",
            .body = absl::StrCat(log.seen.size, "\n")};
  }
  const std::string old_root = log.seen.size == 0 ? audit::EmptyRoot() : log.seen.root;
  const absl::Status consistent = audit::VerifyConsistency(
      {.old_size = old_size, .new_size = checkpoint.size},
      {.old_root = old_root, .new_root = checkpoint.root}, submission.request.proof);
  if (!consistent.ok()) {
    base::Log(base::Severity::kError, "checkpoint does not extend the last one",
              {{"origin", checkpoint.origin}, {"seen", old_size}, {"size", checkpoint.size}});
    return Refuse(422, consistent.message());
  }
  return Cosign(submission, log);
}

Response Witness::Cosign(const Submission& submission, Log& log) {
  // Never earlier than before: a clock that was put back would make the newest
  // checkpoint look older than the last.
  const absl::Time time =
      std::max(absl::FromUnixSeconds(absl::ToUnixSeconds(options_.clock->Now())), log.seen.time);
  const std::string line = options_.cosigner.Cosign(submission.note.text, time);
  log.seen = {.size = submission.checkpoint.size,
              .root = submission.checkpoint.root,
              .time = time,
              .note = absl::StrCat(Trimmed(submission.note, log.keys), line)};
  const absl::Status saved = Save();
  if (!saved.ok()) {
    failed_ = true;
    base::Log(base::Severity::kError, "witness cannot write its state",
              {{"error", absl::StatusCodeToString(saved.code())}});
    return Refuse(500, "the witness could not write its state");
  }
  return {.status = 200, .content_type = kText, .body = line};
}

Response Witness::LatestCheckpoint(absl::string_view origin_hash) {
  base::MutexLock lock(mu_);
  if (failed_) return Refuse(500, "the witness could not write its state");
  for (const auto& [origin, log] : logs_) {
    if (crypto::HexEncode(crypto::Sha256(origin)) != origin_hash) continue;
    if (log.seen.note.empty()) break;
    return {.status = 200, .content_type = kText, .body = log.seen.note};
  }
  return Refuse(404, "this witness has cosigned no checkpoint of that log");
}

bool Witness::failed() const {
  base::MutexLock lock(mu_);
  return failed_;
}

}  // namespace knooppunt::witness
