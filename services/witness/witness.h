// A witness: it remembers the last checkpoint of each log it was told to watch, and
// cosigns a new one only when that extends what it has seen (R24; C2SP tlog-witness).
// To be run by another organisation than the log's. Knows no sockets: each call takes
// a request's body and returns an HTTP status and body.
//
// Thread-safe. What it remembers is on disk, synced, before a cosignature is given
// out. After a failed write it cannot know what the disk holds, so it answers 500 to
// everything until it is started again.
#ifndef KNOOPPUNT_SERVICES_WITNESS_WITNESS_H_
#define KNOOPPUNT_SERVICES_WITNESS_WITNESS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "security/audit/checkpoint.h"
#include "security/audit/note.h"
#include "security/audit/witness_client.h"

namespace knooppunt::witness {

struct Response {
  int status = 500;
  std::string content_type;
  std::string body;
};

class Witness {
 public:
  struct Options {
    audit::Cosigner cosigner;
    // The logs to watch: a key's name is the log's origin. A log may have several keys.
    std::vector<audit::NoteVerifier> log_keys;
    // The file of audit/witness_state.h. Absent: a witness that has seen nothing.
    std::string state_path;
    const base::Clock* clock = nullptr;  // not owned
  };
  // INVALID_ARGUMENT: no log, too many, or one that has the witness's own key.
  // FAILED_PRECONDITION: another witness uses the state, or a checkpoint in it does not
  // carry this witness's cosignature. Else what reading the state gave.
  static absl::StatusOr<std::unique_ptr<Witness>> Create(Options options);
  ~Witness();

  // POST /add-checkpoint.
  //   200 the cosignature line      400 malformed, or old size above the checkpoint's
  //   404 unknown log               403 no, or a false, signature of a known key
  //   409 the size the witness has  422 does not extend what the witness has
  //   500 the state could not be written
  Response AddCheckpoint(absl::string_view body);
  // GET /<hex SHA-256 of the origin>/checkpoint: 200 the last checkpoint cosigned, with
  // the log's signature and the cosignature, or 404.
  Response LatestCheckpoint(absl::string_view origin_hash);

  // Whether a write has failed: the process should end.
  bool failed() const;

 private:
  // The last checkpoint of a log.
  struct Seen {
    int64_t size = 0;
    std::string root;
    absl::Time time = absl::InfinitePast();  // of the cosignature
    std::string note;                        // empty: none yet
  };
  struct Log {
    std::vector<audit::NoteVerifier> keys;
    Seen seen;
  };
  struct Submission {
    audit::AddCheckpointRequest request;
    audit::Note note;
    audit::Checkpoint checkpoint;
  };

  Witness(Options options, int lock_fd);
  absl::Status Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Save() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Response Consider(const Submission& submission) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Response Cosign(const Submission& submission, Log& log) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Options options_;
  const int lock_fd_;  // holds the lock beside the state
  mutable base::Mutex mu_;
  std::map<std::string, Log> logs_ ABSL_GUARDED_BY(mu_);  // by origin
  // What is on disk of logs no longer watched; kept, for they may come back.
  std::map<std::string, std::string> unwatched_ ABSL_GUARDED_BY(mu_);
  bool failed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace knooppunt::witness

#endif  // KNOOPPUNT_SERVICES_WITNESS_WITNESS_H_
