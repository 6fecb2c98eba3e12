#include "security/storage/outbox.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"

namespace knooppunt::storage {
namespace {

OutboxEntry EntryOf(const Row& row) {
  OutboxEntry entry;
  entry.seq = row.Int(0);
  entry.kind = static_cast<OutboxKind>(row.Int(1));
  entry.body = std::string(row.Bytes(2));
  entry.payload = std::string(row.Bytes(3));
  entry.tag = std::string(row.Bytes(4));
  entry.chain = std::string(row.Bytes(5));
  return entry;
}

}  // namespace

std::string ChainStart(absl::string_view unit, absl::string_view incarnation) {
  return crypto::Sha256({"knooppunt-stream-v1\n", unit, "/", incarnation, "\n"});
}

std::string ChainNext(absl::string_view previous, int64_t seq, OutboxKind kind,
                      absl::string_view body) {
  char number[9];
  for (int i = 0; i < 8; ++i) {
    number[i] = static_cast<char>(static_cast<uint64_t>(seq) >> (56 - 8 * i));
  }
  number[8] = static_cast<char>(kind);
  return crypto::Sha256(
      {"knooppunt-chain-v1\n", previous, absl::string_view(number, sizeof(number)), body});
}

absl::StatusOr<StreamHead> LoadHead(Connection& connection, absl::string_view unit,
                                    absl::string_view incarnation) {
  std::vector<OutboxEntry> last;
  KP_RETURN_IF_ERROR(connection.Query(
      Issuer::kStore,
      "SELECT seq, kind, body, payload, tag, chain FROM outbox WHERE incarnation = ? "
      "ORDER BY seq DESC LIMIT 2",
      {incarnation}, [&](const Row& row) {
        last.push_back(EntryOf(row));
        return absl::OkStatus();
      }));
  std::string chain = ChainStart(unit, incarnation);
  if (last.empty()) return StreamHead{0, std::move(chain)};
  if (last.size() == 2) chain = last[1].chain;
  const OutboxEntry& head = last[0];
  const int64_t before = last.size() == 2 ? last[1].seq : 0;
  if (head.seq != before + 1 || head.chain != ChainNext(chain, head.seq, head.kind, head.body)) {
    return absl::DataLossError(absl::StrCat("the outbox's chain breaks at seq ", head.seq));
  }
  return StreamHead{head.seq, head.chain};
}

absl::Status InsertEntry(Connection& connection, absl::string_view incarnation, OutboxKind kind,
                         absl::string_view body, absl::string_view payload, absl::string_view tag,
                         StreamHead* head) {
  StreamHead next{head->seq + 1, ChainNext(head->chain, head->seq + 1, kind, body)};
  KP_RETURN_IF_ERROR(
      connection.Run("INSERT INTO outbox (incarnation, seq, kind, body, payload, chain, tag) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?)",
                     {incarnation, next.seq, static_cast<int64_t>(kind), Blob{body}, Blob{payload},
                      Blob{next.chain}, Blob{tag}}));
  *head = std::move(next);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<OutboxEntry>> LoadEntries(ReadTx& tx, absl::string_view incarnation,
                                                     int64_t after, int limit) {
  std::vector<OutboxEntry> entries;
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT seq, kind, body, payload, tag, chain FROM outbox "
      "WHERE incarnation = ? AND seq > ? ORDER BY seq LIMIT ?",
      {incarnation, after, static_cast<int64_t>(std::clamp(limit, 0, limits::kOutboxBatchEntries))},
      [&](const Row& row) {
        entries.push_back(EntryOf(row));
        return absl::OkStatus();
      }));
  return entries;
}

absl::Status Consumers::Load(Connection& connection, absl::string_view incarnation) {
  base::MutexLock lock(mu_);
  return connection.Query(Issuer::kStore, "SELECT name, seq FROM consumer WHERE incarnation = ?",
                          {incarnation}, [&](const Row& row) ABSL_NO_THREAD_SAFETY_ANALYSIS {
                            State& state = states_[std::string(row.Text(0))];
                            state.seq = state.saved = row.Int(1);
                            return absl::OkStatus();
                          });
}

int64_t Consumers::Position(absl::string_view name) const {
  base::MutexLock lock(mu_);
  const auto found = states_.find(name);
  return found == states_.end() ? 0 : found->second.seq;
}

void Consumers::SetPosition(absl::string_view name, int64_t seq) {
  base::MutexLock lock(mu_);
  states_[std::string(name)].seq = seq;
}

absl::Status Consumers::Save(Connection& connection, absl::string_view incarnation) {
  base::MutexLock lock(mu_);
  for (auto& [name, state] : states_) {
    state.in_transaction = state.seq != state.saved;
    state.saving = state.seq;
    if (!state.in_transaction) continue;
    KP_ASSIGN_OR_RETURN(
        const int64_t updated,
        connection.Exec(Issuer::kStore,
                        "UPDATE consumer SET seq = ? WHERE incarnation = ? AND name = ?",
                        {state.seq, incarnation, absl::string_view(name)}));
    if (updated > 0) continue;
    KP_RETURN_IF_ERROR(
        connection.Run("INSERT INTO consumer (incarnation, name, seq) VALUES (?, ?, ?)",
                       {incarnation, absl::string_view(name), state.seq}));
  }
  return absl::OkStatus();
}

void Consumers::SaveCommitted() {
  base::MutexLock lock(mu_);
  for (auto& [name, state] : states_) {
    if (std::exchange(state.in_transaction, false)) state.saved = state.saving;
  }
}

bool Consumers::HasUnsaved() const {
  base::MutexLock lock(mu_);
  return std::any_of(states_.begin(), states_.end(),
                     [](const auto& entry) { return entry.second.seq != entry.second.saved; });
}

}  // namespace knooppunt::storage
