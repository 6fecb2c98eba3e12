#include "services/dossier/person_tokens.h"

#include <algorithm>

#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"
#include "services/dossier/search_keys.h"

namespace knooppunt::dossier {
namespace {

using storage::ReadTx;
using storage::Row;
using storage::WriteTx;

std::string Token(const AuthorizedCall& call, std::initializer_list<absl::string_view> parts) {
  return crypto::HexEncode(
      crypto::HmacSha256(call.search_key(), crypto::JoinLengthPrefixed(parts)));
}

// The same name apart from particles, accents and case, and what sounds the same; and the parts of
// a double name.
std::string CoreToken(const AuthorizedCall& call, absl::string_view core, absl::string_view date) {
  return Token(call, {"search-name-v2", core, date});
}
std::string SoundToken(const AuthorizedCall& call, absl::string_view core, absl::string_view date) {
  return Token(call, {"search-sound-v2", SoundKey(core), date});
}

// What is looked for on one date, nearest first.
void AddTokens(const AuthorizedCall& call, const FindByName& asked, absl::string_view date,
               std::vector<std::string>* out) {
  const std::vector<std::string> cores = NameCores(asked.family_name);
  for (const std::string& core : cores) out->push_back(CoreToken(call, core, date));
  if (asked.nearness == Nearness::kSame) return;
  for (const std::string& core : cores) out->push_back(SoundToken(call, core, date));
}

absl::Status AddHits(ReadTx& tx, absl::string_view table_sql, absl::string_view token,
                     std::vector<SearchHit>* out) {
  return tx.Query(
      table_sql, {token, static_cast<int64_t>(limits::kMaxPageSize)}, [&](const Row& row) {
        SearchHit hit{std::string(row.Text(0)), row.Int(1) != 0, std::string(row.Text(2)),
                      std::string(row.Text(3))};
        const bool known = std::any_of(out->begin(), out->end(),
                                       [&](const auto& h) { return h.family == hit.family; });
        if (!known) out->push_back(std::move(hit));
        return absl::OkStatus();
      });
}

absl::StatusOr<std::set<std::string>> PersonsIn(const AuthorizedCall& call, ReadTx& tx,
                                                absl::string_view sql) {
  std::set<std::string> out;
  KP_RETURN_IF_ERROR(tx.Query(sql, {absl::string_view(call.family())}, [&](const Row& row) {
    out.insert(std::string(row.Text(0)));
    return absl::OkStatus();
  }));
  return out;
}

}  // namespace

absl::Status PutPersonTokens(const AuthorizedCall& call, WriteTx& tx, const Findable& findable) {
  if (call.search_key().empty()) return errors::NoKey();
  std::set<std::string> tokens;
  for (const std::string& name : findable.family_names) {
    tokens.insert(SearchToken(call, name, findable.birth_date));
    for (const std::string& core : NameCores(name)) {
      tokens.insert(CoreToken(call, core, findable.birth_date));
      tokens.insert(SoundToken(call, core, findable.birth_date));
    }
  }
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM person_token WHERE family = ? AND person = ?",
                             {absl::string_view(call.family()), absl::string_view(findable.person)})
                         .status());
  for (const std::string& token : tokens) {
    KP_RETURN_IF_ERROR(tx.Exec("INSERT INTO person_token (token, family, person) VALUES (?, ?, ?)",
                               {absl::string_view(token), absl::string_view(call.family()),
                                absl::string_view(findable.person)})
                           .status());
  }
  return absl::OkStatus();
}

absl::Status DropSearchToken(const AuthorizedCall& call, WriteTx& tx, absl::string_view token) {
  return tx
      .Exec(
          "DELETE FROM search_token WHERE token = ? AND family = ? AND NOT EXISTS "
          "(SELECT 1 FROM person_token p WHERE p.token = search_token.token "
          "AND p.family = search_token.family)",
          {token, absl::string_view(call.family())})
      .status();
}

absl::StatusOr<std::set<std::string>> PersonsWithTokens(const AuthorizedCall& call, ReadTx& tx) {
  return PersonsIn(call, tx, "SELECT DISTINCT person FROM person_token WHERE family = ?");
}

absl::StatusOr<std::vector<SearchHit>> FindFamilies(const AuthorizedCall& call, ReadTx& tx,
                                                    const FindByName& asked) {
  if (call.search_key().empty()) return errors::NoKey();
  KP_ASSIGN_OR_RETURN(
      std::vector<SearchHit> out,
      FindByToken(call, tx, SearchToken(call, asked.family_name, asked.birth_date)));
  std::vector<std::string> tokens;
  AddTokens(call, asked, asked.birth_date, &tokens);
  if (asked.nearness == Nearness::kAlike) {
    // Looked for on any date, also one that cannot be exchanged: the cost tells nothing of it.
    const std::string swapped = SwappedBirthDate(asked.birth_date);
    AddTokens(call, asked, swapped.empty() ? "-" : absl::string_view(swapped), &tokens);
  }
  for (const std::string& token : tokens) {
    KP_RETURN_IF_ERROR(
        AddHits(tx,
                "SELECT DISTINCT f.id, f.open_case, f.ask, f.ask_organisation FROM person_token t "
                "LEFT JOIN found_instead i ON i.family = t.family "
                "JOIN family f ON f.id = COALESCE(i.into_family, t.family) WHERE t.token = ? "
                "ORDER BY f.open_case DESC, f.id LIMIT ?",
                token, &out));
  }
  return out;
}

absl::Status PutBsnToken(const AuthorizedCall& call, WriteTx& tx, absl::string_view person,
                         absl::string_view bsn) {
  if (call.search_key().empty()) return errors::NoKey();
  const std::string token = Token(call, {"bsn-v1", bsn});
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM bsn_token WHERE family = ? AND person = ?",
                             {absl::string_view(call.family()), person})
                         .status());
  return tx
      .Exec("INSERT INTO bsn_token (family, person, token) VALUES (?, ?, ?)",
            {absl::string_view(call.family()), person, absl::string_view(token)})
      .status();
}

absl::StatusOr<std::set<std::string>> PersonsWithBsn(const AuthorizedCall& call, ReadTx& tx) {
  return PersonsIn(call, tx, "SELECT person FROM bsn_token WHERE family = ?");
}

absl::StatusOr<std::optional<std::vector<SearchHit>>> FindDoubles(const AuthorizedCall& call,
                                                                  ReadTx& tx,
                                                                  absl::string_view person) {
  bool recorded = false;
  KP_RETURN_IF_ERROR(tx.Query("SELECT 1 FROM bsn_token WHERE family = ? AND person = ?",
                              {absl::string_view(call.family()), person}, [&](const Row&) {
                                recorded = true;
                                return absl::OkStatus();
                              }));
  if (!recorded) return std::optional<std::vector<SearchHit>>();
  std::vector<SearchHit> out;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT DISTINCT f.id, f.open_case, f.ask, f.ask_organisation FROM bsn_token mine "
               "JOIN bsn_token other ON other.token = mine.token "
               "LEFT JOIN found_instead i ON i.family = other.family "
               "JOIN family f ON f.id = COALESCE(i.into_family, other.family) "
               "WHERE mine.family = ? AND mine.person = ? AND f.id <> ? "
               "ORDER BY f.open_case DESC, f.id LIMIT ?",
               {absl::string_view(call.family()), person, absl::string_view(call.family()),
                static_cast<int64_t>(limits::kMaxPageSize)},
               [&](const Row& row) {
                 out.push_back({std::string(row.Text(0)), row.Int(1) != 0, std::string(row.Text(2)),
                                std::string(row.Text(3))});
                 return absl::OkStatus();
               }));
  return std::optional(std::move(out));
}

}  // namespace knooppunt::dossier
