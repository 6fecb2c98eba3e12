#include "security/audit/witness_state.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "security/audit/limits.h"
#include "security/audit/note.h"

namespace knooppunt::audit {
namespace {

constexpr absl::string_view kHeader = "knooppunt-witness-state-v1\n";
constexpr absl::string_view kRecord = "checkpoint ";

// Takes "checkpoint <n>\n<n bytes>" off the front of `text`; returns the bytes.
absl::StatusOr<absl::string_view> TakeNote(absl::string_view* text) {
  const absl::Status malformed = absl::InvalidArgumentError("the witness's state is malformed");
  const size_t end = text->find('\n');
  if (end == absl::string_view::npos || !absl::StartsWith(*text, kRecord)) return malformed;
  const absl::StatusOr<int64_t> size =
      ParseDecimal(text->substr(kRecord.size(), end - kRecord.size()));
  text->remove_prefix(end + 1);
  if (!size.ok() || static_cast<uint64_t>(*size) > text->size()) return malformed;
  const absl::string_view note = text->substr(0, static_cast<size_t>(*size));
  text->remove_prefix(note.size());
  return note;
}

}  // namespace

bool IsWitnessState(absl::string_view text) { return absl::StartsWith(text, kHeader); }

std::string FormatWitnessState(const WitnessState& state) {
  std::string text(kHeader);
  for (const auto& [origin, note] : state) absl::StrAppend(&text, kRecord, note.size(), "\n", note);
  return text;
}

absl::StatusOr<WitnessState> ParseWitnessState(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kHeader)) {
    return absl::InvalidArgumentError("this is not a witness's state");
  }
  WitnessState state;
  while (!text.empty()) {
    KP_ASSIGN_OR_RETURN(const absl::string_view bytes, TakeNote(&text));
    KP_ASSIGN_OR_RETURN(const Note note, ParseNote(bytes));
    KP_ASSIGN_OR_RETURN(const Checkpoint checkpoint, ParseCheckpoint(note.text));
    if (!state.empty() && checkpoint.origin <= state.rbegin()->first) {
      return absl::InvalidArgumentError("the witness's state names a log twice or out of order");
    }
    if (state.size() == kMaxWitnessLogs) {
      return absl::InvalidArgumentError("the witness's state names too many logs");
    }
    state.emplace(checkpoint.origin, bytes);
  }
  return state;
}

}  // namespace knooppunt::audit
