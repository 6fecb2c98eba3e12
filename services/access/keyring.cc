#include "services/access/keyring.h"

#include <utility>
#include <vector>

#include "base/status.h"
#include "schema/access_keyring_migrations.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"

namespace knooppunt::access {
namespace {

crypto::SecretAccess ForKeyring() { return crypto::SecretAccess::For("keyring"); }

}  // namespace

Keyring::Keyring(std::unique_ptr<storage::Database> database, crypto::SecretBytes wrap,
                 crypto::SecretBytes name_key, crypto::Random* random)
    : database_(std::move(database)),
      wrap_key_(std::move(wrap)),
      name_key_(std::move(name_key)),
      random_(random) {}

absl::StatusOr<std::unique_ptr<Keyring>> Keyring::Open(Options options) {
  const crypto::SecretBytes database_key =
      crypto::Hkdf(*options.root, "knooppunt-keyring database", 32);
  storage::Database::Options db;
  db.path = options.path;
  db.key = &database_key;
  db.unit = "keyring";
  db.migrations = access_keyring::Migrations();
  db.clock = options.clock;
  db.random = options.random;
  KP_ASSIGN_OR_RETURN(auto database, storage::Database::Open(std::move(db)));
  return std::unique_ptr<Keyring>(
      new Keyring(std::move(database), crypto::Hkdf(*options.root, "knooppunt-keyring wrap", 32),
                  crypto::Hkdf(*options.root, "knooppunt-keyring names", 32), options.random));
}

std::string Keyring::StoredName(absl::string_view name) const {
  return crypto::HmacSha256(name_key_, name);
}

absl::StatusOr<crypto::SecretBytes> Keyring::Unwrap(const std::string& stored_name,
                                                    absl::string_view wrapped) const {
  ++unwraps_;
  KP_ASSIGN_OR_RETURN(std::string key, crypto::Open(wrap_key_, stored_name, wrapped));
  return crypto::SecretBytes::Take(std::move(key), ForKeyring());
}

absl::StatusOr<std::string> Keyring::ReadWrapped(const std::string& stored_name,
                                                 storage::ReadTx& tx) const {
  std::string wrapped;
  KP_RETURN_IF_ERROR(tx.Query("SELECT wrapped FROM data_key WHERE name = ?",
                              {storage::Blob{stored_name}}, [&](const storage::Row& row) {
                                wrapped = std::string(row.Bytes(0));
                                return absl::OkStatus();
                              }));
  return wrapped;
}

absl::StatusOr<crypto::SecretBytes> Keyring::Find(absl::string_view name) {
  {
    base::MutexLock lock(mu_);
    const auto* const key = cache_.Find(name);
    if (key != nullptr) return (*key)->Clone(ForKeyring());
  }
  return FindAnew(name);
}

std::vector<Keyring::Named> Keyring::Locate(absl::Span<const std::string> names) {
  std::vector<Named> out(names.size());
  base::MutexLock lock(mu_);
  for (size_t i = 0; i < names.size(); ++i) {
    out[i].name = names[i];
    if (const auto* const known = cache_.Find(names[i]); known != nullptr) out[i].at_hand = *known;
  }
  return out;
}

absl::Status Keyring::FindEach(absl::Span<const Named> names,
                               absl::FunctionRef<void(size_t, const crypto::SecretBytes&)> key) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (const auto known = names[i].at_hand.lock(); known != nullptr) {
      key(i, *known);
      continue;
    }
    KP_ASSIGN_OR_RETURN(const crypto::SecretBytes found, Find(names[i].name));
    key(i, found);
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::SecretBytes> Keyring::FindAnew(absl::string_view name) {
  const std::string stored = StoredName(name);
  std::string wrapped;
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) -> absl::Status {
    KP_ASSIGN_OR_RETURN(wrapped, ReadWrapped(stored, tx));
    return absl::OkStatus();
  }));
  if (wrapped.empty()) return crypto::SecretBytes();
  KP_ASSIGN_OR_RETURN(crypto::SecretBytes key, Unwrap(stored, wrapped));
  base::MutexLock lock(mu_);
  cache_.Put(name, std::make_shared<const crypto::SecretBytes>(key.Clone(ForKeyring())));
  return key;
}

absl::StatusOr<crypto::SecretBytes> Keyring::FindOrCreate(absl::string_view name) {
  KP_ASSIGN_OR_RETURN(crypto::SecretBytes found, Find(name));
  if (!found.empty()) return found;
  const std::string stored = StoredName(name);
  const crypto::SecretBytes fresh = random_->Key();
  KP_ASSIGN_OR_RETURN(const std::string wrapped,
                      crypto::Seal(wrap_key_, stored, fresh.Expose(ForKeyring()), *random_));
  KP_RETURN_IF_ERROR(database_
                         ->Write([&](storage::WriteTx& tx) -> absl::Status {
                           // Somebody may have made it meanwhile: theirs stays.
                           KP_ASSIGN_OR_RETURN(const std::string there, ReadWrapped(stored, tx));
                           if (!there.empty()) return absl::OkStatus();
                           return tx
                               .Exec("INSERT INTO data_key (name, wrapped) VALUES (?, ?)",
                                     {storage::Blob{stored}, storage::Blob{wrapped}})
                               .status();
                         })
                         .status());
  return Find(name);
}

}  // namespace knooppunt::access
