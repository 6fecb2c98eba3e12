#include "security/audit/testing_log.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "security/audit/checkpoint.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {

constexpr char TestLog::kOrigin[];

namespace {

// The folder of this process, gone when it ends.
struct ProcessFolder {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / absl::StrCat("knooppunt-audit-", getpid());
  ~ProcessFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

crypto::SigningKey TestKey(uint64_t seed) {
  crypto::SeededRandom random(seed);
  return *crypto::SigningKey::Generate(random);
}

std::string TestFolder(absl::string_view name) {
  static const ProcessFolder folder;
  const std::filesystem::path path = folder.path / std::string(name);
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string();
}

TestLog::TestLog()
    : keys_(*AuditKeys::Derive(random_.Key())),
      signer_(*NoteSigner::Create(kOrigin, TestKey(1))),
      witness_(*Cosigner::Create("witness.example/w1", TestKey(2))) {}

void TestLog::Facts(absl::string_view unit) {
  Add(unit, storage::OutboxKind::kFacts, FormatFactsBody(crypto::Sha256(random_.Bytes(16))));
}

void TestLog::Audit(absl::string_view unit) {
  const RecordParts parts{.a = "who, when, act", .b = "families/f-1"};
  Add(unit, storage::OutboxKind::kAudit, SealRecord(keys_, parts, random_)->body);
}

void TestLog::Fill(int count) {
  Open("dossier");
  Open("access");
  for (int i = 0; i < count; ++i) {
    const char* unit = i % 3 == 0 ? "access" : "dossier";
    if (i % 20 == 7) {
      Count(unit);
    } else if (i % 10 == 9) {
      Heartbeat(unit);
    } else if (i % 4 == 0) {
      Facts(unit);
    } else {
      Audit(unit);
    }
  }
  Close("access");
  Close("dossier");
}

absl::StatusOr<std::vector<std::string>> TestLog::ReadLeaves(int64_t begin, int count) const {
  if (begin + count > static_cast<int64_t>(leaves_.size())) {
    return absl::OutOfRangeError("the test's log ends before");
  }
  return std::vector<std::string>(leaves_.begin() + begin, leaves_.begin() + begin + count);
}

MemoryTree TestLog::TreeAt(int64_t size) const {
  MemoryTree tree;
  for (int64_t i = 0; i < size; ++i) tree.Append(leaves_[i]);
  return tree;
}

MemoryTree TestLog::Tree() const { return TreeAt(static_cast<int64_t>(leaves_.size())); }

std::string TestLog::SignedCheckpoint(int64_t size) const {
  if (size < 0) size = static_cast<int64_t>(leaves_.size());
  return *signer_.Sign(
      FormatCheckpoint({.origin = kOrigin, .size = size, .root = TreeAt(size).Root()}));
}

std::string TestLog::CosignedCheckpoint(int64_t size) const {
  const std::string note = SignedCheckpoint(size);
  return absl::StrCat(note, witness_.Cosign(ParseNote(note)->text, now_));
}

void TestLog::AddEvent(absl::string_view unit, StreamEventKind kind) {
  Add(unit, storage::OutboxKind::kStream,
      FormatStreamBody({.kind = kind, .time = now_, .calls = 12, .refused = 3}));
}

void TestLog::Add(absl::string_view unit, storage::OutboxKind kind, std::string body) {
  StreamState& state = streams_[std::string(unit)];
  if (state.last_seq == 0) {
    state.stream = {.unit = std::string(unit), .incarnation = "inc-1"};
    state.chain = storage::ChainStart(unit, "inc-1");
  }
  storage::OutboxEntry entry{.seq = ++state.last_seq, .kind = kind, .body = std::move(body)};
  entry.chain = storage::ChainNext(state.chain, entry.seq, entry.kind, entry.body);
  state.chain = entry.chain;
  leaves_.push_back(*BuildLeaf(state.stream, entry));
  now_ += absl::Seconds(1);
}

}  // namespace knooppunt::audit
