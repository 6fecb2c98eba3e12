#include "security/audit/verifier.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "security/audit/limits.h"
#include "security/audit/merkle.h"
#include "security/audit/tiles.h"
#include "security/audit/witness_state.h"

namespace knooppunt::audit {
namespace {

// Heartbeats may be late; three missed ones are silence.
constexpr absl::Duration kSilence = absl::Seconds(3 * limits::kAuditHeartbeatSeconds);

struct SignedCheckpoint {
  Note note;
  Checkpoint checkpoint;
};

absl::Status CheckOptions(const VerifyLogOptions& options) {
  std::set<std::string> keys{options.log_key.raw_key()};
  for (const NoteVerifier& witness : options.witness_keys) {
    if (!keys.insert(witness.raw_key()).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "The key of witness ", witness.name(),
          " is also the log's or another witness's: it would not be a second pair of eyes."));
    }
  }
  if (options.required_witnesses < 0 ||
      static_cast<size_t>(options.required_witnesses) > options.witness_keys.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.required_witnesses, " cosignatures are required, but the keys of ",
                     options.witness_keys.size(), " witnesses were given."));
  }
  return absl::OkStatus();
}

absl::StatusOr<SignedCheckpoint> ReadNote(absl::string_view text, absl::string_view what) {
  const auto malformed = [&](const absl::Status& why) {
    return absl::DataLossError(absl::StrCat(what, " is malformed: ", why.message(), "."));
  };
  SignedCheckpoint read;
  absl::StatusOr<Note> note = ParseNote(text);
  if (!note.ok()) return malformed(note.status());
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return malformed(checkpoint.status());
  return SignedCheckpoint{.note = *std::move(note), .checkpoint = *std::move(checkpoint)};
}

// The cosignatures on `note` by different ones of the witnesses.
absl::StatusOr<std::vector<VerifiedSignature>> Cosignatures(const VerifyLogOptions& options,
                                                            const Note& note) {
  std::vector<VerifiedSignature> valid;
  for (const NoteVerifier& witness : options.witness_keys) {
    for (const NoteSignature& signature : note.signatures) {
      if (!witness.Claims(signature)) continue;
      const absl::StatusOr<absl::Time> time = witness.Verify(note.text, signature);
      if (!time.ok()) {
        return absl::UnauthenticatedError(absl::StrCat(
            "The cosignature of witness ", witness.name(),
            " does not belong to this checkpoint: the witness has not seen this log as it is."));
      }
      valid.push_back({.name = witness.name(), .key_id = witness.key_id(), .time = *time});
      break;
    }
  }
  if (valid.size() < static_cast<size_t>(options.required_witnesses)) {
    return absl::UnauthenticatedError(absl::StrCat(
        "The checkpoint has ", valid.size(), " of the ", options.required_witnesses,
        " witness cosignatures required: a log without them may have been rebuilt and signed "
        "again by whoever holds its key."));
  }
  return valid;
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(const VerifyLogOptions& options,
                                                const LogDirectory& log) {
  const absl::StatusOr<std::string> text = log.ReadCheckpoint();
  if (!text.ok()) {
    return absl::Status(
        text.status().code(),
        absl::StrCat("The log's checkpoint cannot be read: ", text.status().message(), "."));
  }
  KP_ASSIGN_OR_RETURN(SignedCheckpoint read, ReadNote(*text, "The checkpoint"));
  if (read.checkpoint.origin != options.log_key.name()) {
    return absl::UnauthenticatedError(absl::StrCat("The checkpoint is of the log ",
                                                   read.checkpoint.origin, ", not of ",
                                                   options.log_key.name(), "."));
  }
  if (!VerifyNote(read.note, {options.log_key}).ok()) {
    return absl::UnauthenticatedError(
        absl::StrCat("The checkpoint is not signed with the key of ", options.log_key.name(), "."));
  }
  if (read.checkpoint.size > kMaxLogEntries) {
    return absl::DataLossError("The checkpoint names more entries than this program reads.");
  }
  return read;
}

absl::StatusOr<std::optional<Checkpoint>> OpenOlder(const VerifyLogOptions& options) {
  if (options.older.empty()) return std::optional<Checkpoint>();
  std::string text = options.older;
  if (IsWitnessState(text)) {
    KP_ASSIGN_OR_RETURN(WitnessState state, ParseWitnessState(text));
    const auto found = state.find(options.log_key.name());
    if (found == state.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "The witness's state has no checkpoint of the log ", options.log_key.name(), "."));
    }
    text = std::move(found->second);
  }
  absl::StatusOr<SignedCheckpoint> read = ReadNote(text, "The older checkpoint");
  if (!read.ok()) return absl::InvalidArgumentError(read.status().message());
  if (read->checkpoint.origin != options.log_key.name()) {
    return absl::InvalidArgumentError(absl::StrCat("The older checkpoint is of the log ",
                                                   read->checkpoint.origin, ", not of ",
                                                   options.log_key.name(), "."));
  }
  std::vector<NoteVerifier> keys = options.witness_keys;
  keys.push_back(options.log_key);
  if (!VerifyNote(read->note, keys).ok()) {
    return absl::UnauthenticatedError(
        "The older checkpoint is not signed with any of the keys that were given.");
  }
  return std::optional<Checkpoint>(std::move(read->checkpoint));
}

// Rebuilds the tree from the entries and compares the tiles on the way.
class Recomputation {
 public:
  // `older_size`: of the older checkpoint, or -1.
  Recomputation(const LogDirectory* log, int64_t older_size) : log_(log), older_size_(older_size) {
    NoteOlderRoot();
  }

  absl::Status AddBundle(const BundleId& bundle) {
    const absl::StatusOr<std::vector<std::string>> entries = log_->ReadEntries(bundle);
    if (absl::IsNotFound(entries.status())) {
      return absl::DataLossError(
          absl::StrCat("Entries ", tree_.size(), " to ", tree_.size() + bundle.width - 1,
                       " that the checkpoint covers are not there (", entries.status().message(),
                       "): the log's tail was cut off, or the copy is not whole."));
    }
    if (!entries.ok()) {
      return absl::Status(entries.status().code(),
                          absl::StrCat("The entries from ", tree_.size(),
                                       " on cannot be read: ", entries.status().message(), "."));
    }
    for (const std::string& entry : *entries) KP_RETURN_IF_ERROR(AddEntry(entry));
    return absl::OkStatus();
  }

  // Compares the tiles that the tree's size leaves partial.
  absl::Status Finish() {
    for (size_t level = 0; level < tiles_.size(); ++level) {
      if (!tiles_[level].empty()) KP_RETURN_IF_ERROR(CompareTile(static_cast<int>(level)));
    }
    return absl::OkStatus();
  }

  const MerkleTree& tree() const { return tree_; }
  // The root of the first `older_size` entries.
  const std::string& older_root() const { return older_root_; }
  std::vector<StreamState> streams() const { return streams_.streams(); }

 private:
  absl::Status AddEntry(const std::string& entry) {
    const int64_t index = tree_.size();
    const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
    if (!leaf.ok()) {
      return absl::DataLossError(
          absl::StrCat("Entry ", index, " is not a record: ", leaf.status().message(), "."));
    }
    const absl::Status follows = streams_.Add(*leaf);
    if (!follows.ok()) {
      return absl::Status(follows.code(),
                          absl::StrCat("Entry ", index, ", ", follows.message(), "."));
    }
    for (const Node& node : tree_.Append(LeafHash(entry))) {
      if (node.level % kTileHeight != 0) continue;
      const auto level = static_cast<size_t>(node.level / kTileHeight);
      if (tiles_.size() <= level) {
        tiles_.emplace_back();
        tile_index_.push_back(0);
      }
      tiles_[level] += node.hash;
      if (tiles_[level].size() == kTileWidth * kHashBytes) {
        KP_RETURN_IF_ERROR(CompareTile(static_cast<int>(level)));
      }
    }
    NoteOlderRoot();
    return absl::OkStatus();
  }

  void NoteOlderRoot() {
    if (tree_.size() == older_size_) older_root_ = tree_.Root();
  }

  absl::Status CompareTile(int level) {
    const std::string computed = std::exchange(tiles_[level], "");
    const TileId id{.level = level,
                    .index = tile_index_[level]++,
                    .width = static_cast<int>(computed.size() / kHashBytes)};
    const absl::StatusOr<std::string> stored = log_->ReadTile(id);
    if (absl::IsNotFound(stored.status())) return absl::OkStatus();  // tiles are a convenience
    if (!stored.ok()) {
      return absl::Status(stored.status().code(),
                          absl::StrCat("A tile cannot be read: ", stored.status().message(), "."));
    }
    const auto differs = std::mismatch(computed.begin(), computed.end(), stored->begin());
    if (differs.first == computed.end()) return absl::OkStatus();
    const int64_t hash = (differs.first - computed.begin()) / static_cast<int64_t>(kHashBytes);
    if (level == 0) {
      return absl::DataLossError(absl::StrCat("Entry ", id.index * kTileWidth + hash,
                                              " is not the one whose hash is in ", TilePath(id),
                                              ": one of the two was changed."));
    }
    return absl::DataLossError(
        absl::StrCat("Hash ", hash, " of ", TilePath(id), " is not that of the entries below it."));
  }

  const LogDirectory* log_;
  int64_t older_size_;
  std::string older_root_;
  MerkleTree tree_;
  StreamChecker streams_;
  std::vector<std::string> tiles_;  // by level, the hashes since the last full tile
  std::vector<int64_t> tile_index_;
};

absl::StatusOr<Recomputation> Recompute(const LogDirectory& log, const Checkpoint& checkpoint,
                                        const std::optional<Checkpoint>& older) {
  Recomputation work(&log, older ? older->size : -1);
  while (work.tree().size() < checkpoint.size) {
    const int64_t index = work.tree().size() / kTileWidth;
    KP_RETURN_IF_ERROR(
        work.AddBundle({.index = index, .width = TileWidthAt(0, index, checkpoint.size)}));
  }
  KP_RETURN_IF_ERROR(work.Finish());
  if (work.tree().Root() != checkpoint.root) {
    return absl::DataLossError(
        absl::StrCat("The ", checkpoint.size,
                     " entries do not give the root that the checkpoint states: an "
                     "entry was changed, dropped, added or moved."));
  }
  if (older && older->root != work.older_root()) {
    return absl::DataLossError(
        absl::StrCat("The first ", older->size,
                     " entries are not those of the older checkpoint of that size: "
                     "the log was changed or rebuilt after that checkpoint was made."));
  }
  return work;
}

void FindProblems(VerifyLogReport* report) {
  absl::Time cosigned = absl::InfinitePast();
  for (const VerifiedSignature& c : report->cosignatures) cosigned = std::max(cosigned, c.time);
  for (const StreamState& stream : report->streams) {
    if (!stream.opened) {
      report->problems.push_back(absl::StrCat("Stream ", stream.stream.ToString(),
                                              " does not begin with an open record."));
    }
    if (stream.closed || cosigned - stream.last_sign <= kSilence) continue;
    const std::string last =
        stream.last_sign == absl::InfinitePast()
            ? "it never gave a heartbeat"
            : absl::StrCat("its last heartbeat is of ", base::FormatInstant(stream.last_sign));
    report->problems.push_back(absl::StrCat(
        "Stream ", stream.stream.ToString(), " has no close record after record ", stream.last_seq,
        ", and ", last, ", while the last witness cosigned at ", base::FormatInstant(cosigned),
        ": its writer stopped without closing, or its tail was withheld."));
  }
}

}  // namespace

absl::StatusOr<VerifyLogReport> VerifyLogDirectory(const VerifyLogOptions& options) {
  KP_RETURN_IF_ERROR(CheckOptions(options));
  const LogDirectory log(options.dir);
  KP_ASSIGN_OR_RETURN(const SignedCheckpoint read, OpenCheckpoint(options, log));
  KP_ASSIGN_OR_RETURN(const std::optional<Checkpoint> older, OpenOlder(options));
  if (older && older->size > read.checkpoint.size) {
    return absl::DataLossError(absl::StrCat("The log's checkpoint covers ", read.checkpoint.size,
                                            " entries, but the older one that "
                                            "was kept covers ",
                                            older->size, ": the log's tail was cut off."));
  }
  VerifyLogReport report{.origin = read.checkpoint.origin,
                         .size = read.checkpoint.size,
                         .root = read.checkpoint.root,
                         .older_size = older ? older->size : -1};
  KP_ASSIGN_OR_RETURN(report.cosignatures, Cosignatures(options, read.note));
  KP_ASSIGN_OR_RETURN(const Recomputation work, Recompute(log, read.checkpoint, older));
  report.streams = work.streams();
  FindProblems(&report);
  return report;
}

}  // namespace knooppunt::audit
