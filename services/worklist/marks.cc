#include "services/worklist/marks.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/storage/sealed.h"
#include "services/dossier/errors.h"

namespace knooppunt::worklist {
namespace {

storage::ColumnId MarksColumn(absl::string_view row, int64_t version) {
  return {.table = "marked_notices", .row = row, .column = "payload", .version = version};
}

std::string RowOf(const policy::AuthorizedCall& call, absl::string_view reader) {
  return absl::StrCat(call.family(), "/", reader);
}

}  // namespace

absl::StatusOr<StoredMarks> LoadMarks(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                      absl::string_view reader) {
  StoredMarks out;
  std::string sealed;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT version, payload FROM marked_notices WHERE family = ? AND reader = ?",
               {absl::string_view(call.family()), reader}, [&](const storage::Row& row) {
                 out.version = row.Int(0);
                 sealed = std::string(row.Bytes(1));
                 return absl::OkStatus();
               }));
  if (out.version == 0) return out;
  const std::string row = RowOf(call, reader);
  KP_ASSIGN_OR_RETURN(const std::string opened,
                      storage::OpenColumn(call.facts_key(), MarksColumn(row, out.version), sealed));
  if (!out.marks.ParseFromString(opened)) {
    return absl::DataLossError("what was read in an inbox cannot be read");
  }
  return out;
}

absl::Status SaveMarks(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                       absl::string_view reader, const StoredMarks& stored,
                       crypto::Random& random) {
  if (call.facts_key().empty()) return dossier::errors::NoKey();
  const std::string row = RowOf(call, reader);
  KP_ASSIGN_OR_RETURN(const std::string sealed,
                      storage::SealColumn(call.facts_key(), MarksColumn(row, stored.version + 1),
                                          stored.marks.SerializeAsString(), random));
  if (stored.version == 0) {
    return tx
        .Exec("INSERT INTO marked_notices (family, reader, version, payload) VALUES (?, ?, 1, ?)",
              {absl::string_view(call.family()), reader, storage::Blob{sealed}})
        .status();
  }
  KP_ASSIGN_OR_RETURN(const int64_t changed,
                      tx.Exec("UPDATE marked_notices SET version = ?, payload = ? "
                              "WHERE family = ? AND reader = ? AND version = ?",
                              {stored.version + 1, storage::Blob{sealed},
                               absl::string_view(call.family()), reader, stored.version}));
  return changed == 1 ? absl::OkStatus() : dossier::errors::ChangedMeanwhile();
}

void Mark(const std::vector<v1::Notice>& present, absl::string_view id, v1::NoticeState state,
          int64_t unix_seconds, v1::MarkedNotices* marks) {
  auto* kept = marks->mutable_marks();
  kept->erase(std::remove_if(kept->begin(), kept->end(),
                             [&](const v1::MarkedNotice& mark) {
                               return std::none_of(
                                   present.begin(), present.end(), [&](const v1::Notice& n) {
                                     return absl::EndsWith(n.name(), absl::StrCat("/", mark.id()));
                                   });
                             }),
              kept->end());
  for (v1::MarkedNotice& mark : *kept) {
    if (mark.id() != id) continue;
    if (mark.state() < state) {
      mark.set_state(state);
      mark.set_time(unix_seconds);
    }
    return;
  }
  v1::MarkedNotice* mark = kept->Add();
  mark->set_id(std::string(id));
  mark->set_state(state);
  mark->set_time(unix_seconds);
  std::sort(kept->begin(), kept->end(),
            [](const v1::MarkedNotice& a, const v1::MarkedNotice& b) { return a.id() < b.id(); });
}

}  // namespace knooppunt::worklist
