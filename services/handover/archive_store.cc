#include "services/handover/archive_store.h"

#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "services/handover/archive_errors.h"

namespace knooppunt::handover {
namespace {

// Two installations may have made the same id.
std::string SentCase(const archive::v1::ArchivePayload& payload) {
  return crypto::HexEncode(crypto::Sha256(
      crypto::JoinLengthPrefixed({"taken-case-v1", payload.sender(), payload.case_()})));
}

}  // namespace

absl::StatusOr<bool> WasTaken(const policy::AuthorizedCall&, storage::ReadTx& tx,
                              const archive::v1::ArchivePayload& payload) {
  bool taken = false;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT 1 FROM taken_archive WHERE archive = ? OR (sent_case = ? AND returned = 0)",
               {absl::string_view(payload.archive()), absl::string_view(SentCase(payload))},
               [&](const storage::Row&) {
                 taken = true;
                 return absl::OkStatus();
               }));
  return taken;
}

absl::Status RememberTaken(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                           const archive::v1::ArchivePayload& payload) {
  KP_ASSIGN_OR_RETURN(const bool taken, WasTaken(call, tx, payload));
  if (taken) return errors::ArchiveTakenIn();
  const std::string sent_case = SentCase(payload);
  return tx
      .Exec("INSERT INTO taken_archive (archive, sent_case, family, returned) VALUES (?, ?, ?, 0)",
            {absl::string_view(payload.archive()), absl::string_view(sent_case),
             absl::string_view(call.family())})
      .status();
}

absl::Status RememberReturned(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                              absl::string_view archive) {
  return tx
      .Exec("UPDATE taken_archive SET returned = 1 WHERE archive = ? AND family = ?",
            {archive, absl::string_view(call.family())})
      .status();
}

}  // namespace knooppunt::handover
