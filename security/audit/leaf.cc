#include "security/audit/leaf.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "security/audit/limits.h"
#include "security/audit/merkle.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using storage::OutboxKind;

constexpr absl::string_view kHeader = "knooppunt-leaf-v1";
constexpr size_t kInstantChars = 20;  // 2026-11-22T09:00:00Z

absl::string_view KindName(OutboxKind kind) {
  switch (kind) {
    case OutboxKind::kFacts:
      return "facts";
    case OutboxKind::kAudit:
      return "audit";
    case OutboxKind::kStream:
      return "stream";
  }
  return "";
}

absl::StatusOr<OutboxKind> ParseKind(absl::string_view name) {
  for (const OutboxKind kind : {OutboxKind::kFacts, OutboxKind::kAudit, OutboxKind::kStream}) {
    if (name == KindName(kind)) return kind;
  }
  return absl::InvalidArgumentError("its kind line is wrong");
}

absl::string_view EventName(StreamEventKind kind) {
  switch (kind) {
    case StreamEventKind::kOpen:
      return "open";
    case StreamEventKind::kHeartbeat:
      return "heartbeat";
    case StreamEventKind::kClose:
      return "close";
    case StreamEventKind::kCount:
      return "count";
  }
  return "";
}

absl::Status WrongLine(absl::string_view word) {
  return absl::InvalidArgumentError(absl::StrCat("its ", word, " line is wrong"));
}

// Takes "<word> <value>\n" off the front of `text`; returns the value.
absl::StatusOr<absl::string_view> TakeLine(absl::string_view word, absl::string_view* text) {
  const size_t end = text->find('\n');
  if (end == absl::string_view::npos) return WrongLine(word);
  absl::string_view line = text->substr(0, end);
  if (!absl::ConsumePrefix(&line, word) || !absl::ConsumePrefix(&line, " ")) return WrongLine(word);
  text->remove_prefix(end + 1);
  return line;
}

absl::StatusOr<std::string> TakeHash(absl::string_view word, absl::string_view* text) {
  KP_ASSIGN_OR_RETURN(const absl::string_view hex, TakeLine(word, text));
  absl::StatusOr<std::string> hash = crypto::HexDecode(hex);
  if (!hash.ok() || hash->size() != kHashBytes || crypto::HexEncode(*hash) != hex) {
    return WrongLine(word);
  }
  return hash;
}

absl::StatusOr<int64_t> TakeNumber(absl::string_view word, absl::string_view* text) {
  KP_ASSIGN_OR_RETURN(const absl::string_view digits, TakeLine(word, text));
  absl::StatusOr<int64_t> number = ParseDecimal(digits);
  if (!number.ok()) return WrongLine(word);
  return number;
}

std::string HashLine(absl::string_view word, absl::string_view hash) {
  return absl::StrCat(word, " ", crypto::HexEncode(hash), "\n");
}

absl::Status CheckBody(OutboxKind kind, absl::string_view body) {
  switch (kind) {
    case OutboxKind::kFacts:
      return ParseFactsBody(body).status();
    case OutboxKind::kAudit:
      return ParseAuditBody(body).status();
    case OutboxKind::kStream:
      return ParseStreamBody(body).status();
  }
  return absl::InvalidArgumentError("its kind is unknown");
}

absl::Status CheckLeaf(const Leaf& leaf) {
  if (!base::IsResourceId(leaf.stream.unit) || !base::IsResourceId(leaf.stream.incarnation)) {
    return WrongLine("stream");
  }
  if (leaf.seq < 1) return WrongLine("seq");
  if (leaf.chain.size() != kHashBytes) return WrongLine("chain");
  return CheckBody(leaf.kind, leaf.body);
}

absl::Status Broken(const Leaf& leaf, absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat("record ", leaf.seq, " of stream ", leaf.stream.ToString(), ": ", why));
}

}  // namespace

std::string StreamName::ToString() const { return absl::StrCat(unit, "/", incarnation); }

std::string FormatAuditBody(const AuditHashes& hashes) {
  return absl::StrCat(HashLine("who", hashes.who), HashLine("about", hashes.about),
                      HashLine("commit", hashes.commit));
}

absl::StatusOr<AuditHashes> ParseAuditBody(absl::string_view body) {
  AuditHashes hashes;
  KP_ASSIGN_OR_RETURN(hashes.who, TakeHash("who", &body));
  KP_ASSIGN_OR_RETURN(hashes.about, TakeHash("about", &body));
  KP_ASSIGN_OR_RETURN(hashes.commit, TakeHash("commit", &body));
  if (!body.empty()) return absl::InvalidArgumentError("its body has a line too many");
  return hashes;
}

std::string FormatFactsBody(absl::string_view facts_hash) { return HashLine("facts", facts_hash); }

absl::StatusOr<std::string> ParseFactsBody(absl::string_view body) {
  KP_ASSIGN_OR_RETURN(std::string hash, TakeHash("facts", &body));
  if (!body.empty()) return absl::InvalidArgumentError("its body has a line too many");
  return hash;
}

std::string FormatStreamBody(const StreamEvent& event) {
  std::string body = absl::StrCat("event ", EventName(event.kind), "\ntime ",
                                  base::FormatInstant(event.time), "\n");
  if (event.kind == StreamEventKind::kCount) {
    absl::StrAppend(&body, "calls ", event.calls, "\nrefused ", event.refused, "\n");
  }
  return body;
}

absl::StatusOr<StreamEvent> ParseStreamBody(absl::string_view body) {
  KP_ASSIGN_OR_RETURN(const absl::string_view name, TakeLine("event", &body));
  KP_ASSIGN_OR_RETURN(const absl::string_view time, TakeLine("time", &body));
  StreamEvent event;
  if (name == EventName(StreamEventKind::kCount)) {
    KP_ASSIGN_OR_RETURN(event.calls, TakeNumber("calls", &body));
    KP_ASSIGN_OR_RETURN(event.refused, TakeNumber("refused", &body));
  }
  if (!body.empty()) return absl::InvalidArgumentError("its body has a line too many");
  std::string error;
  // ParseTime also reads "infinite-past" and fractions, which would be other spellings.
  if (!absl::ParseTime(absl::RFC3339_full, time, &event.time, &error) ||
      time.size() != kInstantChars || base::FormatInstant(event.time) != time) {
    return WrongLine("time");
  }
  for (const StreamEventKind kind : {StreamEventKind::kOpen, StreamEventKind::kHeartbeat,
                                     StreamEventKind::kClose, StreamEventKind::kCount}) {
    if (name != EventName(kind)) continue;
    event.kind = kind;
    return event;
  }
  return WrongLine("event");
}

absl::StatusOr<std::string> BuildLeaf(const StreamName& stream, const storage::OutboxEntry& entry) {
  const Leaf leaf{.stream = stream,
                  .seq = entry.seq,
                  .kind = entry.kind,
                  .body = entry.body,
                  .chain = entry.chain};
  KP_RETURN_IF_ERROR(CheckLeaf(leaf));
  return absl::StrCat(kHeader, "\nstream ", stream.ToString(), "\nseq ", entry.seq, "\nkind ",
                      KindName(entry.kind), "\n", entry.body, HashLine("chain", entry.chain));
}

absl::StatusOr<Leaf> ParseLeaf(absl::string_view bytes) {
  if (bytes.size() > kMaxLeafBytes) return absl::InvalidArgumentError("it is too long");
  if (!absl::ConsumePrefix(&bytes, kHeader) || !absl::ConsumePrefix(&bytes, "\n")) {
    return absl::InvalidArgumentError("it does not begin with knooppunt-leaf-v1");
  }
  Leaf leaf;
  KP_ASSIGN_OR_RETURN(const absl::string_view stream, TakeLine("stream", &bytes));
  const std::vector<std::string> parts = absl::StrSplit(stream, '/');
  if (parts.size() != 2) return WrongLine("stream");
  leaf.stream = {.unit = parts[0], .incarnation = parts[1]};
  KP_ASSIGN_OR_RETURN(leaf.seq, TakeNumber("seq", &bytes));
  KP_ASSIGN_OR_RETURN(const absl::string_view kind, TakeLine("kind", &bytes));
  KP_ASSIGN_OR_RETURN(leaf.kind, ParseKind(kind));
  const size_t chain = bytes.rfind("\nchain ");
  if (chain == absl::string_view::npos) return WrongLine("chain");
  leaf.body = std::string(bytes.substr(0, chain + 1));
  bytes.remove_prefix(chain + 1);
  KP_ASSIGN_OR_RETURN(leaf.chain, TakeHash("chain", &bytes));
  if (!bytes.empty()) return absl::InvalidArgumentError("it goes on after its chain line");
  KP_RETURN_IF_ERROR(CheckLeaf(leaf));
  return leaf;
}

StreamChecker StreamChecker::Resume(const std::vector<StreamState>& streams) {
  StreamChecker checker;
  for (const StreamState& state : streams) checker.streams_.emplace(state.stream, state);
  return checker;
}

absl::Status StreamChecker::Add(const Leaf& leaf) {
  const auto found = streams_.find(leaf.stream);
  if (found == streams_.end() && streams_.size() >= kMaxStreams) {
    return absl::ResourceExhaustedError("the log has more streams than this program follows");
  }
  StreamState state;
  if (found != streams_.end()) {
    state = found->second;
  } else {
    state.stream = leaf.stream;
    state.chain = storage::ChainStart(leaf.stream.unit, leaf.stream.incarnation);
  }
  if (leaf.seq != state.last_seq + 1) {
    return Broken(leaf, absl::StrCat("record ", state.last_seq + 1,
                                     " should stand here; a record was dropped, added or moved"));
  }
  if (storage::ChainNext(state.chain, leaf.seq, leaf.kind, leaf.body) != leaf.chain) {
    return Broken(leaf,
                  "its chain does not follow from the record before it; one of the two was "
                  "changed");
  }
  state.last_seq = leaf.seq;
  state.chain = leaf.chain;
  state.closed = false;
  if (leaf.kind == OutboxKind::kStream) {
    KP_ASSIGN_OR_RETURN(const StreamEvent event, ParseStreamBody(leaf.body));
    if (leaf.seq == 1) state.opened = event.kind == StreamEventKind::kOpen;
    state.closed = event.kind == StreamEventKind::kClose;
    // A count is of a minute gone by, and says nothing about the writer now.
    if (event.kind != StreamEventKind::kCount) state.last_sign = event.time;
  }
  streams_[leaf.stream] = std::move(state);
  return absl::OkStatus();
}

std::vector<StreamState> StreamChecker::streams() const {
  std::vector<StreamState> states;
  for (const auto& [name, state] : streams_) states.push_back(state);
  return states;
}

}  // namespace knooppunt::audit
