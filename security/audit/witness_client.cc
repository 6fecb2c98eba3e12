#include "security/audit/witness_client.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "security/audit/limits.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

constexpr char kSizePayload[] = "knooppunt.audit/witness-size";

absl::StatusOr<absl::string_view> TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  if (end == absl::string_view::npos) {
    return absl::InvalidArgumentError("a line of the request does not end");
  }
  const absl::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string FormatAddCheckpoint(const AddCheckpointRequest& request) {
  std::string body = absl::StrCat("old ", request.old_size, "\n");
  for (const std::string& hash : request.proof) {
    absl::StrAppend(&body, crypto::Base64Encode(hash), "\n");
  }
  absl::StrAppend(&body, "\n", request.checkpoint);
  return body;
}

absl::StatusOr<AddCheckpointRequest> ParseAddCheckpoint(absl::string_view body) {
  AddCheckpointRequest request;
  KP_ASSIGN_OR_RETURN(absl::string_view line, TakeLine(&body));
  if (!absl::ConsumePrefix(&line, "old ")) {
    return absl::InvalidArgumentError("the request does not begin with an old size line");
  }
  const absl::StatusOr<int64_t> old_size = ParseDecimal(line);
  if (!old_size.ok()) return absl::InvalidArgumentError("the old size is not a number");
  request.old_size = *old_size;
  while (true) {
    KP_ASSIGN_OR_RETURN(line, TakeLine(&body));
    if (line.empty()) break;
    absl::StatusOr<std::string> hash = crypto::Base64Decode(line);
    if (!hash.ok() || hash->size() != kHashBytes) {
      return absl::InvalidArgumentError("a line of the proof is not a hash in base64");
    }
    if (request.proof.size() == kMaxConsistencyProofHashes) {
      return absl::InvalidArgumentError("the proof has too many lines");
    }
    request.proof.push_back(*std::move(hash));
  }
  request.checkpoint = std::string(body);
  return request;
}

std::optional<int64_t> WitnessKnownSize(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kSizePayload);
  if (!payload.has_value()) return std::nullopt;
  const absl::StatusOr<int64_t> size = ParseDecimal(std::string(*payload));
  if (!size.ok()) return std::nullopt;
  return *size;
}

absl::Status WitnessHasAnotherSize(int64_t size) {
  absl::Status status = absl::FailedPreconditionError(
      absl::StrCat("the witness has a checkpoint of ", size, " entries"));
  status.SetPayload(kSizePayload, absl::Cord(absl::StrCat(size)));
  return status;
}

absl::StatusOr<std::string> CosignCheckpoint(const CosignOptions& options) {
  KP_ASSIGN_OR_RETURN(const Note note, ParseNote(options.checkpoint));
  KP_ASSIGN_OR_RETURN(const Checkpoint checkpoint, ParseCheckpoint(note.text));
  const auto ask = [&](int64_t old_size) -> absl::StatusOr<std::string> {
    if (old_size > checkpoint.size) {
      return absl::DataLossError(absl::StrCat(
          "the witness has cosigned ", old_size, " entries of this log, which now has ",
          checkpoint.size, ": it was put back to an older state, or there are two of it"));
    }
    KP_ASSIGN_OR_RETURN(
        std::vector<std::string> proof,
        ConsistencyProof(*options.hashes, {.old_size = old_size, .new_size = checkpoint.size}));
    return options.client->AddCheckpoint(
        {.old_size = old_size, .proof = std::move(proof), .checkpoint = options.checkpoint});
  };
  absl::StatusOr<std::string> lines = ask(options.known_size);
  if (const std::optional<int64_t> size = WitnessKnownSize(lines.status())) lines = ask(*size);
  if (!lines.ok()) return lines.status();
  return AddSignatures(options.checkpoint, *lines, options.witness_keys);
}

}  // namespace knooppunt::audit
