#include "services/meetings/store.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/storage/sealed.h"
#include "services/dossier/errors.h"
#include "services/meetings/limits.h"

namespace knooppunt::meetings {
namespace {

using storage::Row;

storage::ColumnId KeptColumn(absl::string_view family, int64_t version) {
  return {.table = "kept_meetings", .row = family, .column = "payload", .version = version};
}

constexpr char kSittingColumns[] =
    "SELECT id, werkplaats, organisation, day, begins, ends, place, state, change_reason "
    "FROM sitting ";

SittingRow FromRow(const Row& row) {
  return {.id = std::string(row.Text(0)),
          .werkplaats = std::string(row.Text(1)),
          .organisation = std::string(row.Text(2)),
          .date = std::string(row.Text(3)),
          .start = std::string(row.Text(4)),
          .end = std::string(row.Text(5)),
          .place = std::string(row.Text(6)),
          .state = static_cast<v1::SittingState>(row.Int(7)),
          .change_reason = static_cast<v1::ChangeReason>(row.Int(8))};
}

}  // namespace

absl::StatusOr<StoredMeetings> LoadMeetings(const policy::AuthorizedCall& call,
                                            storage::ReadTx& tx) {
  StoredMeetings out;
  std::string sealed;
  KP_RETURN_IF_ERROR(tx.Query("SELECT version, payload FROM kept_meetings WHERE family = ?",
                              {absl::string_view(call.family())}, [&](const Row& row) {
                                out.version = row.Int(0);
                                sealed = std::string(row.Bytes(1));
                                return absl::OkStatus();
                              }));
  if (out.version == 0) return out;
  KP_ASSIGN_OR_RETURN(
      const std::string opened,
      storage::OpenColumn(call.facts_key(), KeptColumn(call.family(), out.version), sealed));
  if (!out.kept.ParseFromString(opened)) {
    return absl::DataLossError("what is kept beside the meetings of a family cannot be read");
  }
  return out;
}

absl::Status SaveMeetings(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                          const StoredMeetings& stored, crypto::Random& random) {
  if (call.facts_key().empty()) return dossier::errors::NoKey();
  KP_ASSIGN_OR_RETURN(
      const std::string sealed,
      storage::SealColumn(call.facts_key(), KeptColumn(call.family(), stored.version + 1),
                          stored.kept.SerializeAsString(), random));
  if (stored.version == 0) {
    return tx
        .Exec("INSERT INTO kept_meetings (family, version, payload) VALUES (?, 1, ?)",
              {absl::string_view(call.family()), storage::Blob{sealed}})
        .status();
  }
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE kept_meetings SET version = ?, payload = ? WHERE family = ? AND version = ?",
              {stored.version + 1, storage::Blob{sealed}, absl::string_view(call.family()),
               stored.version}));
  return changed == 1 ? absl::OkStatus() : dossier::errors::ChangedMeanwhile();
}

absl::Status InsertSitting(storage::WriteTx& tx, const SittingRow& sitting) {
  int64_t there = 0;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT COUNT(*) FROM sitting WHERE werkplaats = ? AND day >= ?",
               {absl::string_view(sitting.werkplaats), absl::string_view(sitting.date)},
               [&](const Row& row) {
                 there = row.Int(0);
                 return absl::OkStatus();
               }));
  if (there >= limits::kMaxSittingsPerWerkplaats) return dossier::errors::TooMany("sittings");
  return tx
      .Exec(
          "INSERT INTO sitting (id, werkplaats, organisation, day, begins, ends, place) "
          "VALUES (?, ?, ?, ?, ?, ?, ?)",
          {absl::string_view(sitting.id), absl::string_view(sitting.werkplaats),
           absl::string_view(sitting.organisation), absl::string_view(sitting.date),
           absl::string_view(sitting.start), absl::string_view(sitting.end),
           absl::string_view(sitting.place)})
      .status();
}

absl::Status UpdateSitting(storage::WriteTx& tx, const SittingRow& sitting) {
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE sitting SET day = ?, begins = ?, ends = ?, place = ?, state = ?, "
              "change_reason = ? WHERE id = ? AND werkplaats = ?",
              {absl::string_view(sitting.date), absl::string_view(sitting.start),
               absl::string_view(sitting.end), absl::string_view(sitting.place),
               static_cast<int64_t>(sitting.state), static_cast<int64_t>(sitting.change_reason),
               absl::string_view(sitting.id), absl::string_view(sitting.werkplaats)}));
  return changed == 1 ? absl::OkStatus() : dossier::errors::ChangedMeanwhile();
}

absl::StatusOr<std::optional<SittingRow>> FindSitting(storage::ReadTx& tx,
                                                      absl::string_view werkplaats,
                                                      absl::string_view id) {
  std::optional<SittingRow> out;
  KP_RETURN_IF_ERROR(tx.Query(absl::StrCat(kSittingColumns, "WHERE id = ? AND werkplaats = ?"),
                              {id, werkplaats}, [&](const Row& row) {
                                out = FromRow(row);
                                return absl::OkStatus();
                              }));
  return out;
}

absl::StatusOr<std::vector<SittingRow>> SittingsOf(storage::ReadTx& tx,
                                                   absl::string_view werkplaats,
                                                   absl::string_view from_date) {
  std::vector<SittingRow> out;
  KP_RETURN_IF_ERROR(
      tx.Query(absl::StrCat(kSittingColumns,
                            "WHERE werkplaats = ? AND day >= ? ORDER BY day, begins, id LIMIT ?"),
               {werkplaats, from_date, static_cast<int64_t>(limits::kMaxSittingsPerWerkplaats)},
               [&](const Row& row) {
                 out.push_back(FromRow(row));
                 return absl::OkStatus();
               }));
  return out;
}

}  // namespace knooppunt::meetings
