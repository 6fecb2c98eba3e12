#include "services/audit/store.h"

#include <utility>

#include "base/status.h"
#include "security/audit/limits.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {
namespace {

using storage::Blob;
using storage::Null;
using storage::Param;
using storage::Params;
using storage::ReadTx;
using storage::Row;
using storage::WriteTx;

absl::StatusOr<int64_t> QueryInt(ReadTx& tx, absl::string_view sql, Params params) {
  int64_t value = 0;
  KP_RETURN_IF_ERROR(tx.Query(sql, params, [&](const Row& row) {
    value = row.Int(0);
    return absl::OkStatus();
  }));
  return value;
}

absl::StatusOr<std::optional<std::string>> QueryBytes(ReadTx& tx, absl::string_view sql,
                                                      Params params) {
  std::optional<std::string> value;
  KP_RETURN_IF_ERROR(tx.Query(sql, params, [&](const Row& row) {
    value = std::string(row.Bytes(0));
    return absl::OkStatus();
  }));
  return value;
}

absl::StatusOr<int64_t> CreateStream(WriteTx& tx, const audit::StreamName& name,
                                     const std::string& chain) {
  KP_ASSIGN_OR_RETURN(const int64_t last,
                      QueryInt(tx, "SELECT coalesce(max(id), 0) FROM stream", {}));
  if (last >= audit::kMaxStreams) return errors::TooManyStreams();
  KP_RETURN_IF_ERROR(
      tx.Exec("INSERT INTO stream (id, unit, incarnation, position, chain) VALUES (?, ?, ?, 0, ?)",
              {last + 1, name.unit, name.incarnation, Blob{chain}})
          .status());
  return last + 1;
}

absl::Status InsertLeaf(WriteTx& tx, int64_t stream, int64_t index, const NewLeaf& leaf) {
  KP_RETURN_IF_ERROR(
      tx.Exec("INSERT INTO leaf (idx, stream, seq, leaf, payload) VALUES (?, ?, ?, ?, ?)",
              {index, stream, leaf.seq, Blob{leaf.leaf},
               leaf.payload.empty() ? Param(Null{}) : Param(Blob{leaf.payload})})
          .status());
  if (leaf.tag.empty()) return absl::OkStatus();
  return tx.Exec("INSERT INTO record_index (tag, idx) VALUES (?, ?)", {leaf.tag, index}).status();
}

}  // namespace

absl::StatusOr<Stream> FindStream(ReadTx& tx, const audit::StreamName& name) {
  Stream stream{.chain = storage::ChainStart(name.unit, name.incarnation)};
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT id, position, chain FROM stream WHERE unit = ? AND incarnation = ?",
      {name.unit, name.incarnation}, [&](const Row& row) {
        stream = {.id = row.Int(0), .position = row.Int(1), .chain = std::string(row.Bytes(2))};
        return absl::OkStatus();
      }));
  return stream;
}

absl::Status AppendLeaves(WriteTx& tx, const audit::StreamName& name, const Stream& stream,
                          const std::vector<NewLeaf>& leaves) {
  if (leaves.empty()) return absl::OkStatus();
  int64_t id = stream.id;
  if (id == 0) {
    KP_ASSIGN_OR_RETURN(id, CreateStream(tx, name, stream.chain));
  }
  // From the store each time, not from memory: a body may run twice, and others of its
  // group come before it.
  KP_ASSIGN_OR_RETURN(const int64_t size, LogSize(tx));
  KP_ASSIGN_OR_RETURN(audit::MerkleTree tree, audit::MerkleTree::Load(TxHashReader(tx), size));
  for (const NewLeaf& leaf : leaves) {
    KP_RETURN_IF_ERROR(InsertLeaf(tx, id, tree.size(), leaf));
    for (const audit::Node& node : tree.Append(audit::LeafHash(leaf.leaf))) {
      KP_RETURN_IF_ERROR(tx.Exec("INSERT INTO node (level, idx, hash) VALUES (?, ?, ?)",
                                 {int64_t{node.level}, node.index, Blob{node.hash}})
                             .status());
    }
  }
  return tx
      .Exec("UPDATE stream SET position = ?, chain = ? WHERE id = ?",
            {leaves.back().seq, Blob{leaves.back().chain}, id})
      .status();
}

absl::StatusOr<std::string> FindLeaf(ReadTx& tx, const Stream& stream, int64_t seq) {
  KP_ASSIGN_OR_RETURN(
      std::optional<std::string> leaf,
      QueryBytes(tx, "SELECT leaf FROM leaf WHERE stream = ? AND seq = ?", {stream.id, seq}));
  if (!leaf.has_value()) return errors::LogDamaged();
  return *std::move(leaf);
}

absl::StatusOr<int64_t> LogSize(ReadTx& tx) {
  return QueryInt(tx, "SELECT coalesce(max(idx) + 1, 0) FROM leaf", {});
}

absl::StatusOr<std::vector<std::string>> ReadLeaves(ReadTx& tx, int64_t start, int limit) {
  std::vector<std::string> leaves;
  KP_RETURN_IF_ERROR(tx.Query("SELECT leaf FROM leaf WHERE idx >= ? ORDER BY idx LIMIT ?",
                              {start, int64_t{limit}}, [&](const Row& row) {
                                leaves.emplace_back(row.Bytes(0));
                                return absl::OkStatus();
                              }));
  return leaves;
}

absl::StatusOr<std::string> TxHashReader::ReadHash(int level, int64_t index) const {
  KP_ASSIGN_OR_RETURN(std::optional<std::string> hash,
                      QueryBytes(tx_, "SELECT hash FROM node WHERE level = ? AND idx = ?",
                                 {int64_t{level}, index}));
  if (!hash.has_value()) return absl::NotFoundError("that node of the tree is not complete");
  return *std::move(hash);
}

absl::StatusOr<std::string> DatabaseHashReader::ReadHash(int level, int64_t index) const {
  absl::StatusOr<std::string> hash;
  KP_RETURN_IF_ERROR(database_->Read([&](ReadTx& tx) {
    hash = TxHashReader(tx).ReadHash(level, index);
    return absl::OkStatus();
  }));
  return hash;
}

absl::StatusOr<std::optional<StoredCheckpoint>> FindCheckpoint(ReadTx& tx) {
  std::optional<StoredCheckpoint> found;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT size, note FROM checkpoint WHERE id = 1", {}, [&](const Row& row) {
        found = {.size = row.Int(0), .note = std::string(row.Text(1))};
        return absl::OkStatus();
      }));
  return found;
}

absl::Status PutCheckpoint(WriteTx& tx, const StoredCheckpoint& checkpoint) {
  KP_ASSIGN_OR_RETURN(const int64_t changed,
                      tx.Exec("UPDATE checkpoint SET size = ?, note = ? WHERE id = 1",
                              {checkpoint.size, checkpoint.note}));
  if (changed > 0) return absl::OkStatus();
  return tx
      .Exec("INSERT INTO checkpoint (id, size, note) VALUES (1, ?, ?)",
            {checkpoint.size, checkpoint.note})
      .status();
}

absl::StatusOr<int64_t> WitnessSize(ReadTx& tx, absl::string_view name) {
  return QueryInt(tx, "SELECT size FROM witness WHERE name = ?", {name});
}

absl::Status PutWitnessSize(WriteTx& tx, absl::string_view name, int64_t size) {
  KP_ASSIGN_OR_RETURN(const int64_t changed,
                      tx.Exec("UPDATE witness SET size = ? WHERE name = ?", {size, name}));
  if (changed > 0) return absl::OkStatus();
  return tx.Exec("INSERT INTO witness (name, size) VALUES (?, ?)", {name, size}).status();
}

absl::StatusOr<std::vector<SealedRecord>> ListRecords(const AuthorizedCall&, ReadTx& tx,
                                                      absl::string_view subject, int64_t after,
                                                      int limit) {
  std::vector<SealedRecord> records;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT l.idx, l.leaf, l.payload FROM record_index r JOIN leaf l ON l.idx = r.idx "
               "WHERE r.tag = ? AND r.idx > ? ORDER BY r.idx LIMIT ?",
               {subject, after, int64_t{limit}}, [&](const Row& row) {
                 records.push_back({.index = row.Int(0),
                                    .leaf = std::string(row.Bytes(1)),
                                    .payload = row.IsNull(2) ? "" : std::string(row.Bytes(2))});
                 return absl::OkStatus();
               }));
  return records;
}

absl::Status InsertQuestion(const AuthorizedCall&, WriteTx& tx, const StoredQuestion& question) {
  KP_ASSIGN_OR_RETURN(
      const int64_t asked,
      QueryInt(tx, "SELECT count(*) FROM question WHERE subject = ?", {question.subject}));
  if (asked >= kMaxQuestionsPerFamily) return errors::TooManyQuestions();
  return tx
      .Exec(
          "INSERT INTO question (id, subject, idx, create_time_ms, organisation, due, "
          "answer_time_ms, version, payload) VALUES (?, ?, ?, ?, ?, ?, 0, 1, ?)",
          {question.id, question.subject, question.index, absl::ToUnixMillis(question.create_time),
           question.organisation, question.due, Blob{question.payload}})
      .status();
}

absl::StatusOr<std::vector<StoredQuestion>> ListQuestions(const AuthorizedCall&, ReadTx& tx,
                                                          absl::string_view subject) {
  std::vector<StoredQuestion> out;
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT id, idx, create_time_ms, organisation, due, answer_time_ms, version, payload "
      "FROM question WHERE subject = ? ORDER BY create_time_ms, id LIMIT ?",
      {subject, int64_t{kMaxQuestionsPerFamily}}, [&](const Row& row) {
        StoredQuestion q{.id = std::string(row.Text(0)),
                         .subject = std::string(subject),
                         .index = row.Int(1),
                         .create_time = absl::FromUnixMillis(row.Int(2)),
                         .organisation = std::string(row.Text(3)),
                         .due = std::string(row.Text(4)),
                         .version = row.Int(6),
                         .payload = std::string(row.Bytes(7))};
        if (row.Int(5) != 0) q.answer_time = absl::FromUnixMillis(row.Int(5));
        out.push_back(std::move(q));
        return absl::OkStatus();
      }));
  return out;
}

absl::StatusOr<std::vector<StoredQuestion>> ListOpenQuestions(const AuthorizedCall&, ReadTx& tx,
                                                              absl::string_view organisation,
                                                              const QuestionsAfter& after,
                                                              int limit) {
  std::vector<StoredQuestion> out;
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT id, subject, idx, create_time_ms, due FROM question "
      "WHERE organisation = ? AND answer_time_ms = 0 AND (due > ? OR (due = ? AND id > ?)) "
      "ORDER BY due, id LIMIT ?",
      {organisation, after.due, after.due, after.id, int64_t{limit}}, [&](const Row& row) {
        out.push_back({.id = std::string(row.Text(0)),
                       .subject = std::string(row.Text(1)),
                       .index = row.Int(2),
                       .create_time = absl::FromUnixMillis(row.Int(3)),
                       .organisation = std::string(organisation),
                       .due = std::string(row.Text(4))});
        return absl::OkStatus();
      }));
  return out;
}

absl::Status PutAnswer(const AuthorizedCall&, WriteTx& tx, const StoredQuestion& question) {
  KP_ASSIGN_OR_RETURN(const int64_t changed,
                      tx.Exec("UPDATE question SET answer_time_ms = ?, version = 2, payload = ? "
                              "WHERE id = ? AND subject = ? AND version = 1",
                              {absl::ToUnixMillis(*question.answer_time), Blob{question.payload},
                               question.id, question.subject}));
  return changed == 1 ? absl::OkStatus() : errors::AlreadyAnswered();
}

}  // namespace knooppunt::audit_service
