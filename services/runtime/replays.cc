#include "services/runtime/replays.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "google/protobuf/descriptor.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"

namespace knooppunt::runtime {

bool IsRequestId(absl::string_view id) {
  if (id.size() != 36) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? id[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(id[i])))
      return false;
  }
  return true;
}

ReplayKey MakeReplayKey(absl::string_view caller, absl::string_view method,
                        absl::string_view request_id, const google::protobuf::Message& request) {
  return {
      .key = crypto::Sha256(crypto::JoinLengthPrefixed({"replay-v1", caller, method, request_id})),
      .body_hash = crypto::Sha256(request.SerializeAsString())};
}

absl::Status CreateReplayTable(storage::Database& database) {
  return database
      .Write([](storage::WriteTx& tx) -> absl::Status {
        return tx
            .Exec(
                "CREATE TABLE IF NOT EXISTS call_replay (key BLOB PRIMARY KEY, "
                "body_hash BLOB NOT NULL, name TEXT NOT NULL, create_time INTEGER NOT NULL)",
                {})
            .status();
      })
      .status();
}

absl::StatusOr<Replay> LookUpReplay(const ReplayKey& key, storage::ReadTx& tx) {
  Replay out;
  KP_RETURN_IF_ERROR(tx.Query("SELECT body_hash, name FROM call_replay WHERE key = ?",
                              {storage::Blob{key.key}}, [&](const storage::Row& row) {
                                out.found = true;
                                out.same_body = row.Bytes(0) == key.body_hash;
                                out.name = std::string(row.Text(1));
                                return absl::OkStatus();
                              }));
  return out;
}

absl::StatusOr<bool> ClaimReplay(const ReplayKey& key, storage::WriteTx& tx, absl::Time now) {
  KP_ASSIGN_OR_RETURN(const Replay known, LookUpReplay(key, tx));
  if (known.found) return false;
  KP_RETURN_IF_ERROR(
      tx.Exec("INSERT INTO call_replay (key, body_hash, name, create_time) VALUES (?, ?, '', ?)",
              {storage::Blob{key.key}, storage::Blob{key.body_hash}, absl::ToUnixSeconds(now)})
          .status());
  return true;
}

absl::Status FinishReplay(const ReplayKey& key, absl::string_view name, storage::WriteTx& tx) {
  return tx.Exec("UPDATE call_replay SET name = ? WHERE key = ?", {name, storage::Blob{key.key}})
      .status();
}

std::string NameOf(const google::protobuf::Message& message) {
  const auto* f = message.GetDescriptor()->FindFieldByName("name");
  const bool text = f != nullptr && !f->is_repeated() &&
                    f->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
  return text ? message.GetReflection()->GetString(message, f) : "";
}

void SetName(const std::string& name, google::protobuf::Message* message) {
  const auto* f = message->GetDescriptor()->FindFieldByName("name");
  if (f != nullptr && !name.empty()) message->GetReflection()->SetString(message, f, name);
}

}  // namespace knooppunt::runtime
