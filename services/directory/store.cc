#include "services/directory/store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/functional/function_ref.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/util/message_differencer.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/audit/leaf.h"
#include "security/crypto/hash.h"
#include "services/directory/errors.h"
#include "services/directory/profile_rules.h"
#include "services/directory/rules.h"

namespace knooppunt::directory {
namespace {

using storage::Blob;
using storage::ReadTx;
using storage::Row;
using storage::WriteTx;

constexpr absl::string_view kOpenEnd = "9999-12-31";

// The statements of a table (id, revision, record).
struct Table {
  absl::string_view find;
  absl::string_view slice;
  absl::string_view insert;
  absl::string_view update;
};
constexpr Table kOrganisation = {"SELECT revision, record FROM organisation WHERE id = ?",
                                 "SELECT record FROM organisation WHERE id > ? ORDER BY id LIMIT ?",
                                 "INSERT INTO organisation (id, revision, record) VALUES (?, ?, ?)",
                                 "UPDATE organisation SET revision = ?, record = ? WHERE id = ?"};
constexpr Table kWerkplaats = {"SELECT revision, record FROM werkplaats WHERE id = ?",
                               "SELECT record FROM werkplaats WHERE id > ? ORDER BY id LIMIT ?",
                               "INSERT INTO werkplaats (id, revision, record) VALUES (?, ?, ?)",
                               "UPDATE werkplaats SET revision = ?, record = ? WHERE id = ?"};
constexpr Table kProfessional = {
    "SELECT revision, record FROM professional WHERE id = ?",
    "SELECT record FROM professional WHERE id > ? ORDER BY id LIMIT ?",
    "INSERT INTO professional (id, revision, record, login) VALUES (?, ?, ?, ?)",
    "UPDATE professional SET revision = ?, record = ? WHERE id = ?"};

// "organisations/abc" -> "abc".
std::string IdOf(absl::string_view name) { return std::string(name.substr(name.rfind('/') + 1)); }

template <typename Record>
absl::Status Parse(absl::string_view bytes, Record* out) {
  if (!out->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return errors::CorruptRow();
  }
  return absl::OkStatus();
}

template <typename Record>
struct Stored {
  int64_t revision = 0;
  Record record;
};

template <typename Record>
absl::StatusOr<std::optional<Stored<Record>>> Find(ReadTx& tx, const Table& table,
                                                   absl::string_view name) {
  std::optional<Stored<Record>> found;
  const std::string id = IdOf(name);
  KP_RETURN_IF_ERROR(tx.Query(table.find, {id}, [&](const Row& row) {
    found.emplace();
    found->revision = row.Int(0);
    return Parse(row.Bytes(1), &found->record);
  }));
  return found;
}

template <typename Record>
absl::StatusOr<std::optional<Record>> FindRecord(ReadTx& tx, const Table& table,
                                                 absl::string_view name) {
  KP_ASSIGN_OR_RETURN(auto found, Find<Record>(tx, table, name));
  if (!found.has_value()) return std::optional<Record>();
  return std::optional<Record>(std::move(found->record));
}

template <typename Record>
absl::StatusOr<std::vector<Record>> Collect(ReadTx& tx, absl::string_view sql,
                                            storage::Params params) {
  std::vector<Record> records;
  KP_RETURN_IF_ERROR(tx.Query(
      sql, params, [&](const Row& row) { return Parse(row.Bytes(0), &records.emplace_back()); }));
  return records;
}

template <typename Record>
absl::StatusOr<std::vector<Record>> List(ReadTx& tx, const Table& table, const Slice& slice) {
  return Collect<Record>(tx, table.slice, {slice.after_id, int64_t{slice.limit}});
}

absl::Status EmitFacts(WriteTx& tx, const access::v1::FactEntry& entry) {
  const std::string payload = entry.SerializeAsString();
  return tx
      .AppendOutbox(storage::OutboxKind::kFacts, audit::FormatFactsBody(crypto::Sha256(payload)),
                    payload, "")
      .status();
}

access::v1::FactEntry Facts(const v1::Organisation& o, int64_t revision) {
  access::v1::FactEntry entry;
  access::v1::OrganisationFacts* facts = entry.mutable_organisation();
  facts->set_name(o.name());
  facts->set_revision(revision);
  facts->set_display_name(o.display_name());
  facts->set_kind(o.kind());
  return entry;
}

access::v1::FactEntry Facts(const v1::Werkplaats& w, int64_t revision) {
  access::v1::FactEntry entry;
  access::v1::WerkplaatsFacts* facts = entry.mutable_werkplaats();
  facts->set_name(w.name());
  facts->set_revision(revision);
  facts->set_display_name(w.display_name());
  facts->set_organisation(w.organisation());
  facts->set_stage(w.stage());
  facts->set_municipality(w.municipality());
  return entry;
}

access::v1::FactEntry Facts(const v1::Professional& p, int64_t revision) {
  access::v1::FactEntry entry;
  access::v1::ProfessionalFacts* facts = entry.mutable_professional();
  facts->set_name(p.name());
  facts->set_revision(revision);
  facts->set_login(p.login());
  facts->set_display_name(p.display_name());
  *facts->mutable_functions() = p.functions();
  *facts->mutable_mandates() = p.mandates();
  *facts->mutable_own_accounts() = p.own_accounts();
  return entry;
}

// Creates or changes a record; `tell` is what access hears of it, at this revision. False when
// nothing changes.
template <typename Record>
absl::StatusOr<bool> Put(WriteTx& tx, const Table& table, const Record& record,
                         absl::FunctionRef<absl::Status(int64_t revision)> tell) {
  KP_ASSIGN_OR_RETURN(const auto found, Find<Record>(tx, table, record.name()));
  const std::string bytes = record.SerializeAsString();
  const std::string id = IdOf(record.name());
  if (!found.has_value()) {
    KP_RETURN_IF_ERROR(tx.Exec(table.insert, {id, int64_t{1}, Blob{bytes}}).status());
    KP_RETURN_IF_ERROR(tell(1));
    return true;
  }
  if (google::protobuf::util::MessageDifferencer::Equals(found->record, record)) return false;
  const int64_t revision = found->revision + 1;
  KP_RETURN_IF_ERROR(tx.Exec(table.update, {revision, Blob{bytes}, id}).status());
  KP_RETURN_IF_ERROR(tell(revision));
  return true;
}

absl::StatusOr<bool> PutAndEmit(WriteTx& tx, const v1::Organisation& organisation) {
  return Put(tx, kOrganisation, organisation,
             [&](int64_t revision) { return EmitFacts(tx, Facts(organisation, revision)); });
}

absl::StatusOr<StoredProfile> ReadProfile(ReadTx& tx, absl::string_view werkplaats) {
  StoredProfile out;
  const std::string id = IdOf(werkplaats);
  KP_RETURN_IF_ERROR(tx.Query("SELECT version, record FROM profile WHERE werkplaats = ?", {id},
                              [&](const Row& row) {
                                out.version = row.Int(0);
                                return Parse(row.Bytes(1), &out.profile);
                              }));
  return out;
}

// The facts of a werkplaats hold whom its profile names as contacts: by them access knows who acts
// for the organisation when nobody else is left (R1, R37). And when it closes (R27).
absl::Status EmitWerkplaats(WriteTx& tx, const v1::Werkplaats& werkplaats, int64_t revision,
                            const v1::WerkplaatsProfile& profile) {
  access::v1::FactEntry entry = Facts(werkplaats, revision);
  for (const v1::Contact& contact : profile.contacts()) {
    access::v1::WerkplaatsContact* out = entry.mutable_werkplaats()->add_contacts();
    out->set_organisation(contact.organisation());
    out->set_function(contact.function());
    out->set_professional(contact.professional());
    out->set_stand_in(contact.stand_in());
  }
  entry.mutable_werkplaats()->set_close_date(profile.closure().close_date());
  return EmitFacts(tx, entry);
}

absl::Status WriteEmployment(WriteTx& tx, const v1::Professional& professional) {
  std::map<std::string, std::string> until;
  for (const access::v1::FunctionTerm& term : professional.functions()) {
    std::string& end = until[IdOf(term.organisation())];
    end = std::max(end, term.end_date().empty() ? std::string(kOpenEnd) : term.end_date());
  }
  const std::string id = IdOf(professional.name());
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM employment WHERE professional = ?", {id}).status());
  for (const auto& [organisation, end] : until) {
    KP_RETURN_IF_ERROR(
        tx.Exec("INSERT INTO employment (organisation, professional, until) VALUES (?, ?, ?)",
                {organisation, id, end})
            .status());
  }
  return absl::OkStatus();
}

absl::Status WriteDelegations(WriteTx& tx, const v1::Professional& professional) {
  const std::string id = IdOf(professional.name());
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM delegation WHERE professional = ?", {id}).status());
  std::set<std::string> sources;
  for (const access::v1::Mandate& mandate : professional.mandates()) {
    if (!mandate.delegated_from().empty()) sources.insert(mandate.delegated_from());
  }
  for (const std::string& source : sources) {
    KP_RETURN_IF_ERROR(
        tx.Exec("INSERT INTO delegation (source, professional) VALUES (?, ?)", {source, id})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> HoldersOf(ReadTx& tx, absl::string_view source) {
  std::vector<std::string> ids;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT professional FROM delegation WHERE source = ? ORDER BY professional",
               {source}, [&](const Row& row) {
                 ids.emplace_back(row.Text(0));
                 return absl::OkStatus();
               }));
  return ids;
}

absl::Status Update(WriteTx& tx, const v1::Professional& professional, int64_t revision) {
  KP_RETURN_IF_ERROR(
      tx.Exec(kProfessional.update,
              {revision, Blob{professional.SerializeAsString()}, IdOf(professional.name())})
          .status());
  KP_RETURN_IF_ERROR(WriteEmployment(tx, professional));
  KP_RETURN_IF_ERROR(WriteDelegations(tx, professional));
  return EmitFacts(tx, Facts(professional, revision));
}

// R6: what was delegated from a mandate of `professional` ends with it. At most one deep, so this
// has no next round.
absl::Status EndWhatWasDelegated(WriteTx& tx, const v1::Professional& professional) {
  for (const access::v1::Mandate& source : professional.mandates()) {
    if (!source.delegable() || source.end_date().empty()) continue;
    KP_ASSIGN_OR_RETURN(const std::vector<std::string> holders, HoldersOf(tx, source.name()));
    for (const std::string& id : holders) {
      KP_ASSIGN_OR_RETURN(auto holder, Find<v1::Professional>(tx, kProfessional, id));
      if (!holder.has_value() || !EndDelegated(source, &holder->record)) continue;
      KP_RETURN_IF_ERROR(Update(tx, holder->record, holder->revision + 1));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> LoginIsTaken(ReadTx& tx, absl::string_view login) {
  bool taken = false;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT id FROM professional WHERE login = ?", {login}, [&](const Row&) {
        taken = true;
        return absl::OkStatus();
      }));
  return taken;
}

absl::Status Insert(WriteTx& tx, const v1::Professional& professional) {
  KP_RETURN_IF_ERROR(
      tx.Exec(kProfessional.insert, {IdOf(professional.name()), int64_t{1},
                                     Blob{professional.SerializeAsString()}, professional.login()})
          .status());
  KP_RETURN_IF_ERROR(WriteEmployment(tx, professional));
  return EmitFacts(tx, Facts(professional, 1));
}

}  // namespace

absl::StatusOr<std::optional<v1::Organisation>> FindOrganisation(const AuthorizedCall&, ReadTx& tx,
                                                                 absl::string_view name) {
  return FindRecord<v1::Organisation>(tx, kOrganisation, name);
}

absl::StatusOr<std::optional<v1::Professional>> FindProfessional(const AuthorizedCall&, ReadTx& tx,
                                                                 absl::string_view name) {
  return FindRecord<v1::Professional>(tx, kProfessional, name);
}

absl::StatusOr<std::optional<v1::Werkplaats>> FindWerkplaats(const AuthorizedCall&, ReadTx& tx,
                                                             absl::string_view name) {
  return FindRecord<v1::Werkplaats>(tx, kWerkplaats, name);
}

absl::StatusOr<StoredProfile> FindProfile(const AuthorizedCall&, ReadTx& tx,
                                          absl::string_view werkplaats) {
  return ReadProfile(tx, werkplaats);
}

absl::Status TellProfile(const AuthorizedCall&, WriteTx& tx, absl::string_view werkplaats) {
  KP_ASSIGN_OR_RETURN(const auto found, Find<v1::Werkplaats>(tx, kWerkplaats, werkplaats));
  if (!found.has_value()) return errors::WerkplaatsNotFound();
  KP_ASSIGN_OR_RETURN(const StoredProfile stored, ReadProfile(tx, werkplaats));
  const int64_t revision = found->revision + 1;
  const std::string id = IdOf(werkplaats);
  KP_RETURN_IF_ERROR(
      tx.Exec("UPDATE werkplaats SET revision = ? WHERE id = ?", {revision, id}).status());
  return EmitWerkplaats(tx, found->record, revision, stored.profile);
}

absl::Status PutProfile(const AuthorizedCall&, WriteTx& tx, absl::string_view werkplaats,
                        const StoredProfile& stored) {
  const std::string id = IdOf(werkplaats);
  const std::string record = Bare(stored.profile).SerializeAsString();
  if (stored.version == 0) {
    return tx
        .Exec("INSERT INTO profile (werkplaats, version, record) VALUES (?, 1, ?)",
              {id, Blob{record}})
        .status();
  }
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE profile SET version = ?, record = ? WHERE werkplaats = ? AND version = ?",
              {stored.version + 1, Blob{record}, id, stored.version}));
  return changed == 1 ? absl::OkStatus() : errors::ProfileChangedMeanwhile();
}

absl::StatusOr<std::vector<v1::Organisation>> ListOrganisations(const AuthorizedCall&, ReadTx& tx,
                                                                const Slice& slice) {
  return List<v1::Organisation>(tx, kOrganisation, slice);
}

absl::StatusOr<std::vector<v1::Werkplaats>> ListWerkplaatsen(const AuthorizedCall&, ReadTx& tx,
                                                             const Slice& slice) {
  return List<v1::Werkplaats>(tx, kWerkplaats, slice);
}

absl::StatusOr<std::vector<v1::Professional>> ListProfessionals(const AuthorizedCall&, ReadTx& tx,
                                                                const Slice& slice) {
  return List<v1::Professional>(tx, kProfessional, slice);
}

absl::StatusOr<std::vector<v1::Professional>> ListEmployed(const AuthorizedCall&, ReadTx& tx,
                                                           absl::string_view organisation,
                                                           absl::string_view today,
                                                           const Slice& slice) {
  return Collect<v1::Professional>(
      tx,
      "SELECT p.record FROM employment e JOIN professional p ON p.id = e.professional "
      "WHERE e.organisation = ? AND e.professional > ? AND e.until > ? "
      "ORDER BY e.professional LIMIT ?",
      {IdOf(organisation), slice.after_id, today, int64_t{slice.limit}});
}

absl::StatusOr<bool> PutOrganisation(const AuthorizedCall&, WriteTx& tx,
                                     const v1::Organisation& organisation) {
  return PutAndEmit(tx, organisation);
}

absl::StatusOr<bool> PutWerkplaats(const AuthorizedCall&, WriteTx& tx,
                                   const v1::Werkplaats& werkplaats) {
  KP_ASSIGN_OR_RETURN(const StoredProfile stored, ReadProfile(tx, werkplaats.name()));
  // Facts are whole: what a changed name brings along must not take the contacts away, nor open
  // what closes, not for an instant.
  return Put(tx, kWerkplaats, werkplaats, [&](int64_t revision) {
    return EmitWerkplaats(tx, werkplaats, revision, stored.profile);
  });
}

absl::Status InsertProfessional(const AuthorizedCall& call, WriteTx& tx,
                                const v1::Professional& professional) {
  KP_ASSIGN_OR_RETURN(const auto found, FindProfessional(call, tx, professional.name()));
  if (found.has_value()) return errors::ProfessionalExists();
  KP_ASSIGN_OR_RETURN(const bool taken, LoginIsTaken(tx, professional.login()));
  if (taken) return errors::LoginTaken();
  return Insert(tx, professional);
}

absl::Status UpdateProfessional(const AuthorizedCall&, WriteTx& tx,
                                const v1::Professional& professional) {
  KP_ASSIGN_OR_RETURN(const auto found,
                      Find<v1::Professional>(tx, kProfessional, professional.name()));
  if (!found.has_value()) return errors::ProfessionalNotFound();
  KP_RETURN_IF_ERROR(Update(tx, professional, found->revision + 1));
  return EndWhatWasDelegated(tx, professional);
}

absl::StatusOr<int> CountDelegations(const AuthorizedCall&, ReadTx& tx, absl::string_view source) {
  KP_ASSIGN_OR_RETURN(const std::vector<std::string> holders, HoldersOf(tx, source));
  return static_cast<int>(holders.size());
}

absl::Status WriteBootstrap(WriteTx& tx, const v1::Organisation& organisation,
                            const v1::Professional& administrator) {
  KP_ASSIGN_OR_RETURN(const auto known,
                      FindRecord<v1::Organisation>(tx, kOrganisation, organisation.name()));
  if (!known.has_value()) {
    KP_RETURN_IF_ERROR(PutAndEmit(tx, organisation).status());
  }
  KP_ASSIGN_OR_RETURN(const auto present,
                      FindRecord<v1::Professional>(tx, kProfessional, administrator.name()));
  if (present.has_value()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const bool taken, LoginIsTaken(tx, administrator.login()));
  if (taken) return errors::BootstrapLoginTaken();
  return Insert(tx, administrator);
}

}  // namespace knooppunt::directory
