#include "services/documents/content.h"

#include <algorithm>

#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/chunked_aead.h"
#include "services/documents/errors.h"
#include "services/dossier/errors.h"

namespace knooppunt::documents {
namespace {

using policy::AuthorizedCall;
using policy::KeyedScope;
using storage::Row;

constexpr int64_t kRowBytes = limits::kDocumentRowBytes;

// Under its scope's key, which the permit carries: of what it may read, or of what it is writing.
absl::StatusOr<crypto::ChunkedAead> AeadOf(const AuthorizedCall& call, const Content& content) {
  const KeyedScope* scope = call.FindScope(content.scope);
  for (const KeyedScope& written : call.write_scopes()) {
    if (scope == nullptr && written.id == content.scope) scope = &written;
  }
  if (scope == nullptr) return dossier::errors::NotFound();
  call.touched().Add(scope->label);
  return crypto::ChunkedAead::Create(
      scope->key, crypto::JoinLengthPrefixed({"document-content-v1", call.family(), content.id}));
}

crypto::ChunkPlace PlaceOf(const Content& content, int64_t row) {
  return {.index = static_cast<uint32_t>(row), .last = row + 1 == content.rows()};
}

}  // namespace

int64_t Content::rows() const { return (size_bytes + kRowBytes - 1) / kRowBytes; }

absl::StatusOr<std::vector<SealedRow>> SealPart(const AuthorizedCall& call, const Content& content,
                                                int64_t offset_bytes, absl::string_view part,
                                                crypto::Random& random) {
  KP_ASSIGN_OR_RETURN(const crypto::ChunkedAead aead, AeadOf(call, content));
  std::vector<SealedRow> rows;
  rows.reserve(part.size() / kRowBytes + 1);
  for (int64_t row = offset_bytes / kRowBytes; !part.empty(); ++row) {
    const absl::string_view text = part.substr(0, kRowBytes);
    part.remove_prefix(text.size());
    KP_ASSIGN_OR_RETURN(std::string sealed, aead.Seal(PlaceOf(content, row), text, random));
    rows.push_back({.row = row, .sealed = std::move(sealed)});
  }
  return rows;
}

absl::Status BeginContent(const AuthorizedCall& call, storage::WriteTx& tx,
                          const Content& content) {
  return tx
      .Exec(
          "INSERT INTO document_content (id, family, scope, begin_time, complete) "
          "VALUES (?, ?, ?, ?, 0)",
          {absl::string_view(content.id), absl::string_view(call.family()),
           absl::string_view(content.scope), absl::ToUnixSeconds(call.now())})
      .status();
}

absl::Status PutRows(storage::WriteTx& tx, const Content& content,
                     const std::vector<SealedRow>& rows) {
  for (const SealedRow& row : rows) {
    KP_RETURN_IF_ERROR(tx.Exec("INSERT INTO document_row (content, place, sealed) VALUES (?, ?, ?)",
                               {absl::string_view(content.id), row.row, storage::Blob{row.sealed}})
                           .status());
  }
  return absl::OkStatus();
}

absl::Status CompleteContent(storage::WriteTx& tx, const Content& content) {
  int64_t rows = 0;
  KP_RETURN_IF_ERROR(tx.Query("SELECT count(*) FROM document_row WHERE content = ?",
                              {absl::string_view(content.id)}, [&](const Row& row) {
                                rows = row.Int(0);
                                return absl::OkStatus();
                              }));
  if (rows != content.rows()) return absl::InternalError("a content has too few rows");
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE document_content SET complete = 1 WHERE id = ? AND complete = 0",
              {absl::string_view(content.id)}));
  return changed == 1 ? absl::OkStatus() : absl::InternalError("no content to complete");
}

absl::StatusOr<std::string> ReadPart(const AuthorizedCall& call, storage::ReadTx& tx,
                                     const Content& content, int64_t offset_bytes,
                                     int64_t size_bytes) {
  KP_ASSIGN_OR_RETURN(const crypto::ChunkedAead aead, AeadOf(call, content));
  const int64_t first = offset_bytes / kRowBytes;
  const int64_t end = (offset_bytes + size_bytes + kRowBytes - 1) / kRowBytes;
  std::string out;
  out.reserve(static_cast<size_t>(size_bytes));
  int64_t next = first;
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT r.place, r.sealed FROM document_row r JOIN document_content c ON c.id = r.content "
      "WHERE r.content = ? AND r.place >= ? AND r.place < ? AND c.complete = 1 ORDER BY r.place",
      {absl::string_view(content.id), first, end}, [&](const Row& row) {
        if (row.Int(0) != next) return errors::ContentDamaged();
        const auto text = aead.Open(PlaceOf(content, next), row.Bytes(1));
        if (!text.ok()) return errors::ContentDamaged();
        out += *text;
        ++next;
        return absl::OkStatus();
      }));
  if (next != end || static_cast<int64_t>(out.size()) != size_bytes) {
    return errors::ContentDamaged();
  }
  return out;
}

absl::Status DropUnfinished(storage::WriteTx& tx, absl::string_view content) {
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM document_row WHERE content IN "
                             "(SELECT id FROM document_content WHERE id = ? AND complete = 0)",
                             {content})
                         .status());
  return tx.Exec("DELETE FROM document_content WHERE id = ? AND complete = 0", {content}).status();
}

absl::Status SweepUnfinished(storage::WriteTx& tx, absl::Time before) {
  std::vector<std::string> left;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT id FROM document_content WHERE complete = 0 AND begin_time < ?",
               {absl::ToUnixSeconds(before)}, [&](const Row& row) {
                 left.emplace_back(row.Text(0));
                 return absl::OkStatus();
               }));
  for (const std::string& content : left) KP_RETURN_IF_ERROR(DropUnfinished(tx, content));
  return absl::OkStatus();
}

}  // namespace knooppunt::documents
