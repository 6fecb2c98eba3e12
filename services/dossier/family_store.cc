#include "services/dossier/family_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/storage/sealed.h"
#include "services/dossier/errors.h"
#include "services/dossier/open_items.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::dossier {
namespace {

using policy::KeyedScope;
using storage::Blob;
using storage::ColumnId;
using storage::ReadTx;
using storage::Row;
using storage::WriteTx;

ColumnId FactsColumn(absl::string_view family, int64_t revision) {
  return {.table = "family", .row = family, .column = "facts", .version = revision};
}
ColumnId PayloadColumn(absl::string_view item, int64_t version) {
  return {.table = "item", .row = item, .column = "payload", .version = version};
}

// The snapshot for access: sealed under the family's facts key on the way too.
absl::Status EmitFacts(const AuthorizedCall& call, WriteTx& tx, const FamilyFacts& facts,
                       crypto::Random& random) {
  access::v1::FactEntry entry;
  *entry.mutable_family() = facts;
  KP_ASSIGN_OR_RETURN(
      const std::string payload,
      crypto::Seal(call.facts_key(), crypto::JoinLengthPrefixed({"fact-entry-v1", facts.id()}),
                   entry.SerializeAsString(), random));
  const std::string body = absl::StrCat("facts ", crypto::HexEncode(crypto::Sha256(payload)), "\n");
  return tx.AppendOutbox(storage::OutboxKind::kFacts, body, payload, facts.id()).status();
}

absl::Status WriteFamilyRow(WriteTx& tx, const FamilyFacts& facts, absl::string_view sealed) {
  const Ask ask = WhomToAsk(facts);
  const int64_t open_case = ask.open_case ? 1 : 0;
  if (facts.revision() == 1) {
    const absl::Status inserted =
        tx.Exec(
              "INSERT INTO family (id, revision, open_case, ask, ask_organisation, facts) "
              "VALUES (?, 1, ?, ?, ?, ?)",
              {absl::string_view(facts.id()), open_case, absl::string_view(ask.professional),
               absl::string_view(ask.organisation), Blob{sealed}})
            .status();
    return absl::IsAlreadyExists(inserted) ? errors::ChangedMeanwhile() : inserted;
  }
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE family SET revision = ?, open_case = ?, ask = ?, ask_organisation = ?, "
              "facts = ? WHERE id = ? AND revision = ?",
              {facts.revision(), open_case, absl::string_view(ask.professional),
               absl::string_view(ask.organisation), Blob{sealed}, absl::string_view(facts.id()),
               facts.revision() - 1}));
  return changed == 1 ? absl::OkStatus() : errors::ChangedMeanwhile();
}

struct SealedItem {
  Item item;  // without payload
  std::string sealed;
};

// All but its payload and label.
Item ItemOf(const Row& row) {
  Item out;
  out.id = std::string(row.Text(0));
  out.case_id = std::string(row.Text(1));
  out.kind = static_cast<ItemKind>(row.Int(2));
  out.scope = std::string(row.Text(3));
  out.version = row.Int(4);
  return out;
}

SealedItem FromRow(const Row& row) { return {ItemOf(row), std::string(row.Bytes(5))}; }

constexpr char kColumns[] = "SELECT id, case_id, kind, scope, version, payload FROM item ";

// Opens the items of one list. A case has many items and few scopes: each key is set up once.
class ItemOpener {
 public:
  explicit ItemOpener(const AuthorizedCall* call) : call_(call) {}

  // The item of a row with kColumns; nothing when the permit does not open its scope.
  absl::StatusOr<std::optional<Item>> Open(const Row& row) {
    const absl::string_view id = row.Text(3);
    if (at_ == scopes_.size() || scopes_[at_].scope->id != id) {
      const KeyedScope* const scope = call_->FindScope(id);
      if (scope == nullptr) return std::nullopt;
      for (at_ = 0; at_ < scopes_.size() && scopes_[at_].scope != scope;) ++at_;
      if (at_ == scopes_.size()) {
        scopes_.push_back({scope, crypto::Opener(scope->key)});
        call_->touched().Add(scope->label);
      }
    }
    Item item = ItemOf(row);
    KP_ASSIGN_OR_RETURN(
        item.payload, storage::OpenColumn(scopes_[at_].opener, PayloadColumn(item.id, item.version),
                                          row.Bytes(5)));
    item.label = scopes_[at_].scope->label;
    return item;
  }

 private:
  struct Scope {
    const KeyedScope* scope;
    crypto::Opener opener;
  };
  const AuthorizedCall* const call_;
  std::vector<Scope> scopes_;
  size_t at_ = 0;  // of the item before
};

absl::StatusOr<Item> Open(const AuthorizedCall& call, const KeyedScope& scope, SealedItem sealed) {
  Item item = std::move(sealed.item);
  KP_ASSIGN_OR_RETURN(
      item.payload,
      storage::OpenColumn(scope.key, PayloadColumn(item.id, item.version), sealed.sealed));
  item.label = scope.label;
  call.touched().Add(scope.label);
  return item;
}

void AddScope(const KeyedScope& scope, FamilyFacts* facts) {
  for (const access::v1::Scope& s : facts->scopes()) {
    if (s.id() == scope.id) return;
  }
  access::v1::Scope* added = facts->add_scopes();
  added->set_id(scope.id);
  *added->mutable_label() = scope.label;
}

absl::StatusOr<int64_t> LastCreated(WriteTx& tx, absl::string_view family) {
  int64_t last = 0;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT created FROM item WHERE family = ? ORDER BY created DESC LIMIT 1", {family},
               [&](const Row& row) {
                 last = row.Int(0);
                 return absl::OkStatus();
               }));
  return last;
}

// Seals and inserts a new item under a scope that the permit opens.
absl::Status InsertUnder(const AuthorizedCall& call, WriteTx& tx, const KeyedScope& scope,
                         const Item& item, crypto::Random& random) {
  KP_ASSIGN_OR_RETURN(const int64_t last, LastCreated(tx, call.family()));
  if (last >= limits::kMaxItemsPerFamily) return errors::TooMany("items");
  KP_ASSIGN_OR_RETURN(
      const std::string sealed,
      storage::SealColumn(scope.key, PayloadColumn(item.id, 1), item.payload, random));
  KP_RETURN_IF_ERROR(
      tx.Exec("INSERT INTO item (id, family, case_id, kind, scope, version, created, "
              "payload) VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
              {absl::string_view(item.id), absl::string_view(call.family()),
               absl::string_view(item.case_id), static_cast<int64_t>(item.kind),
               absl::string_view(scope.id), last + 1, Blob{sealed}})
          .status());
  call.touched().Add(scope.label);
  if (!CanStandOpen(item.kind)) return absl::OkStatus();
  Item written = item;
  written.scope = scope.id;
  return NoteOpen(call, tx, written, random);
}

}  // namespace

absl::StatusOr<FamilyFacts> LoadFacts(const AuthorizedCall& call, ReadTx& tx) {
  int64_t revision = 0;
  std::string sealed;
  KP_RETURN_IF_ERROR(tx.Query("SELECT revision, facts FROM family WHERE id = ?",
                              {absl::string_view(call.family())}, [&](const Row& row) {
                                revision = row.Int(0);
                                sealed = std::string(row.Bytes(1));
                                return absl::OkStatus();
                              }));
  if (revision == 0) return errors::NotFound();
  KP_ASSIGN_OR_RETURN(
      const std::string opened,
      storage::OpenColumn(call.facts_key(), FactsColumn(call.family(), revision), sealed));
  FamilyFacts facts;
  if (!facts.ParseFromString(opened) || facts.id() != call.family()) {
    return absl::DataLossError("the facts of a family cannot be read");
  }
  facts.set_revision(revision);
  return facts;
}

absl::Status SaveFacts(const AuthorizedCall& call, WriteTx& tx, FamilyFacts* facts,
                       crypto::Random& random) {
  if (call.facts_key().empty()) return errors::NoKey();
  if (facts->id() != call.family()) {
    return errors::BrokenInvariant("R17", "the facts are of another family than was decided about");
  }
  KP_RETURN_IF_ERROR(CheckInvariants(*facts));
  facts->set_revision(facts->revision() + 1);
  KP_ASSIGN_OR_RETURN(
      const std::string sealed,
      storage::SealColumn(call.facts_key(), FactsColumn(facts->id(), facts->revision()),
                          facts->SerializeAsString(), random));
  KP_RETURN_IF_ERROR(WriteFamilyRow(tx, *facts, sealed));
  return EmitFacts(call, tx, *facts, random);
}

absl::StatusOr<std::vector<Item>> ListItems(const AuthorizedCall& call, ReadTx& tx,
                                            absl::string_view case_id,
                                            std::optional<ItemKind> kind) {
  std::vector<Item> out;
  ItemOpener opener(&call);
  const auto keep = [&](const Row& row) -> absl::Status {
    KP_ASSIGN_OR_RETURN(std::optional<Item> item, opener.Open(row));
    if (item.has_value()) out.push_back(*std::move(item));
    return absl::OkStatus();
  };
  if (kind.has_value()) {
    KP_RETURN_IF_ERROR(tx.Query(
        absl::StrCat(kColumns, "WHERE family = ? AND case_id = ? AND kind = ? ORDER BY created"),
        {absl::string_view(call.family()), case_id, static_cast<int64_t>(*kind)}, keep));
  } else {
    KP_RETURN_IF_ERROR(
        tx.Query(absl::StrCat(kColumns, "WHERE family = ? AND case_id = ? ORDER BY created"),
                 {absl::string_view(call.family()), case_id}, keep));
  }
  return out;
}

absl::StatusOr<int64_t> CountItems(const AuthorizedCall& call, ReadTx& tx,
                                   absl::string_view case_id, ItemKind kind) {
  int64_t count = 0;
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT COUNT(*) FROM item WHERE family = ? AND case_id = ? AND kind = ?",
      {absl::string_view(call.family()), case_id, static_cast<int64_t>(kind)}, [&](const Row& row) {
        count = row.Int(0);
        return absl::OkStatus();
      }));
  return count;
}

absl::StatusOr<Item> GetItem(const AuthorizedCall& call, ReadTx& tx, ItemKind kind,
                             absl::string_view id) {
  std::optional<SealedItem> found;
  KP_RETURN_IF_ERROR(tx.Query(absl::StrCat(kColumns, "WHERE id = ? AND family = ? AND kind = ?"),
                              {id, absl::string_view(call.family()), static_cast<int64_t>(kind)},
                              [&](const Row& row) {
                                found = FromRow(row);
                                return absl::OkStatus();
                              }));
  const KeyedScope* scope = found.has_value() ? call.FindScope(found->item.scope) : nullptr;
  if (scope == nullptr) return errors::NotFound();
  return Open(call, *scope, *std::move(found));
}

absl::StatusOr<bool> Opens(const AuthorizedCall& call, ReadTx& tx, absl::string_view id) {
  bool opens = false;
  KP_RETURN_IF_ERROR(tx.Query("SELECT scope FROM item WHERE id = ? AND family = ?",
                              {id, absl::string_view(call.family())}, [&](const Row& row) {
                                opens = call.FindScope(row.Text(0)) != nullptr;
                                return absl::OkStatus();
                              }));
  return opens;
}

absl::Status InsertItem(const AuthorizedCall& call, WriteTx& tx, FamilyFacts* facts,
                        const Item& item, int label_index, crypto::Random& random) {
  if (label_index < 0 || label_index >= static_cast<int>(call.write_scopes().size())) {
    return errors::NoLabel();
  }
  const KeyedScope& scope = call.write_scopes()[label_index];
  if (scope.id.empty() || !IsComplete(scope.label) || scope.label.controller().empty()) {
    return errors::NoLabel();
  }
  KP_RETURN_IF_ERROR(InsertUnder(call, tx, scope, item, random));
  AddScope(scope, facts);
  return absl::OkStatus();
}

absl::Status InsertBeside(const AuthorizedCall& call, WriteTx& tx, const Item& item,
                          const Item& beside, crypto::Random& random) {
  const KeyedScope* scope = call.FindScope(beside.scope);
  return scope == nullptr ? errors::NotFound() : InsertUnder(call, tx, *scope, item, random);
}

absl::Status UpdateItem(const AuthorizedCall& call, WriteTx& tx, const Item& item,
                        crypto::Random& random) {
  const KeyedScope* scope = call.FindScope(item.scope);
  if (scope == nullptr) return errors::NotFound();
  KP_ASSIGN_OR_RETURN(const std::string sealed,
                      storage::SealColumn(scope->key, PayloadColumn(item.id, item.version + 1),
                                          item.payload, random));
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec(
          "UPDATE item SET version = ?, payload = ? WHERE id = ? AND family = ? AND version = ?",
          {item.version + 1, Blob{sealed}, absl::string_view(item.id),
           absl::string_view(call.family()), item.version}));
  if (changed != 1) return errors::ChangedMeanwhile();
  call.touched().Add(scope->label);
  return NoteOpen(call, tx, item, random);
}

std::string SearchToken(const AuthorizedCall& call, absl::string_view family_name,
                        absl::string_view birth_date) {
  if (call.search_key().empty()) return "";
  return crypto::HexEncode(crypto::HmacSha256(
      call.search_key(),
      crypto::JoinLengthPrefixed({"search-token-v1", NormaliseName(family_name), birth_date})));
}

absl::Status PutSearchToken(const AuthorizedCall& call, WriteTx& tx, absl::string_view token) {
  if (token.empty()) return errors::NoKey();
  bool there = false;  // twins have one token
  KP_RETURN_IF_ERROR(tx.Query("SELECT 1 FROM search_token WHERE token = ? AND family = ?",
                              {token, absl::string_view(call.family())}, [&](const Row&) {
                                there = true;
                                return absl::OkStatus();
                              }));
  if (there) return absl::OkStatus();
  return tx
      .Exec("INSERT INTO search_token (token, family) VALUES (?, ?)",
            {token, absl::string_view(call.family())})
      .status();
}

absl::StatusOr<std::vector<SearchHit>> FindByToken(const AuthorizedCall&, ReadTx& tx,
                                                   absl::string_view token) {
  if (token.empty()) return errors::NoKey();
  std::vector<SearchHit> out;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT DISTINCT f.id, f.open_case, f.ask, f.ask_organisation FROM search_token t "
               "LEFT JOIN found_instead i ON i.family = t.family "
               "JOIN family f ON f.id = COALESCE(i.into_family, t.family) "
               "WHERE t.token = ? ORDER BY f.open_case DESC, f.id LIMIT ?",
               {token, static_cast<int64_t>(limits::kMaxPageSize)}, [&](const Row& row) {
                 out.push_back({std::string(row.Text(0)), row.Int(1) != 0, std::string(row.Text(2)),
                                std::string(row.Text(3))});
                 return absl::OkStatus();
               }));
  return out;
}

absl::Status FindInstead(const AuthorizedCall& call, WriteTx& tx, absl::string_view into) {
  KP_RETURN_IF_ERROR(FindAgain(call, tx));
  return tx
      .Exec("INSERT INTO found_instead (family, into_family) VALUES (?, ?)",
            {absl::string_view(call.family()), into})
      .status();
}

absl::Status FindAgain(const AuthorizedCall& call, WriteTx& tx) {
  return tx.Exec("DELETE FROM found_instead WHERE family = ?", {absl::string_view(call.family())})
      .status();
}

absl::StatusOr<bool> TookIn(const AuthorizedCall& call, ReadTx& tx) {
  bool found = false;
  KP_RETURN_IF_ERROR(tx.Query("SELECT 1 FROM found_instead WHERE into_family = ? LIMIT 1",
                              {absl::string_view(call.family())}, [&](const Row&) {
                                found = true;
                                return absl::OkStatus();
                              }));
  return found;
}

absl::StatusOr<bool> OpenElsewhere(const AuthorizedCall& call, ReadTx& tx) {
  bool found = false;
  KP_RETURN_IF_ERROR(tx.Query(
      "SELECT 1 FROM search_token mine JOIN search_token other ON other.token = mine.token "
      "LEFT JOIN found_instead i ON i.family = other.family "
      "JOIN family f ON f.id = COALESCE(i.into_family, other.family) "
      "WHERE mine.family = ? AND f.id <> ? AND f.open_case = 1 LIMIT 1",
      {absl::string_view(call.family()), absl::string_view(call.family())}, [&](const Row&) {
        found = true;
        return absl::OkStatus();
      }));
  return found;
}

}  // namespace knooppunt::dossier
