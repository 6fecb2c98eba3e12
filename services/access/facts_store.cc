#include "services/access/facts_store.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/access/errors.h"
#include "services/access/rules.h"

namespace knooppunt::access {
namespace {

using storage::Blob;
using storage::Row;

constexpr size_t kArenaBytes = 8192;  // as much as the facts of most families take
constexpr char kSelectFamily[] = "SELECT facts FROM family WHERE id = ?";

// Writes a snapshot of the directory unless a newer one is there.
absl::Status PutSnapshot(storage::WriteTx& tx, absl::string_view table, const std::string& name,
                         int64_t revision, const std::string& bytes) {
  int64_t known = -1;
  KP_RETURN_IF_ERROR(tx.Query(absl::StrCat("SELECT revision FROM ", table, " WHERE name = ?"),
                              {name}, [&](const Row& row) {
                                known = row.Int(0);
                                return absl::OkStatus();
                              }));
  if (known >= revision) return absl::OkStatus();
  KP_RETURN_IF_ERROR(
      tx.Exec(absl::StrCat("DELETE FROM ", table, " WHERE name = ?"), {name}).status());
  return tx
      .Exec(absl::StrCat("INSERT INTO ", table, " (name, revision, facts) VALUES (?, ?, ?)"),
            {name, revision, Blob{bytes}})
      .status();
}

absl::Status PutProfessional(storage::WriteTx& tx, const v1::ProfessionalFacts& p) {
  int64_t known = -1;
  KP_RETURN_IF_ERROR(
      tx.Query("SELECT revision FROM professional WHERE name = ?", {p.name()}, [&](const Row& row) {
        known = row.Int(0);
        return absl::OkStatus();
      }));
  if (known >= p.revision()) return absl::OkStatus();
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM professional WHERE name = ?", {p.name()}).status());
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM ended_term WHERE professional = ?", {p.name()}).status());
  std::set<std::pair<std::string, std::string>> ends;
  for (const v1::FunctionTerm& t : p.functions()) {
    if (!t.end_date().empty()) ends.insert({t.organisation(), t.end_date()});
  }
  for (const auto& [organisation, end_date] : ends) {
    KP_RETURN_IF_ERROR(
        tx.Exec("INSERT INTO ended_term (professional, organisation, end_date) VALUES (?, ?, ?)",
                {p.name(), organisation, end_date})
            .status());
  }
  const std::string bytes = p.SerializeAsString();
  return tx
      .Exec("INSERT INTO professional (name, login, revision, facts) VALUES (?, ?, ?, ?)",
            {p.name(), p.login(), p.revision(), Blob{bytes}})
      .status();
}

// The subject under which a family is found that somebody of the organisation that answers for its
// active case would leave behind.
std::string LeftBehind(absl::string_view professional, absl::string_view organisation) {
  return absl::StrCat(professional, "@", organisation);
}

// Whom a family is found by.
std::set<std::string> SubjectsOf(const v1::FamilyFacts& facts) {
  std::set<std::string> subjects;
  for (const v1::PersonFact& p : facts.persons()) {
    if (!p.account().empty()) subjects.insert(p.account());
  }
  for (const v1::CaseFact& c : facts.cases()) {
    for (const v1::Seat& s : c.seats()) {
      if (!s.professional().empty() && s.state() != v1::SEAT_STATE_ENDED)
        subjects.insert(s.professional());
    }
  }
  for (const v1::CaseFact& c : facts.cases()) {
    if (c.terms().empty() || c.terms().rbegin()->end_time() != 0) continue;
    for (const v1::Seat& s : c.seats()) {
      if (!s.professional().empty() && s.organisation() == c.organisation() &&
          s.state() == v1::SEAT_STATE_JOINED) {
        subjects.insert(LeftBehind(s.professional(), s.organisation()));
      }
    }
  }
  for (const v1::EscalationFact& e : facts.escalations()) {
    if (e.end_time() != 0) continue;
    for (const v1::EscalationDecider& d : e.deciders()) subjects.insert(d.professional());
  }
  for (const v1::GroundFact& g : facts.grounds()) {
    if (policy::AwaitsReview(g)) subjects.insert(g.reviewer());
  }
  return subjects;
}

absl::Status IndexSubjects(storage::WriteTx& tx, const std::string& family,
                           const std::set<std::string>& subjects) {
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM subject_family WHERE family = ?", {family}).status());
  for (const std::string& s : subjects) {
    KP_RETURN_IF_ERROR(
        tx.Exec("INSERT INTO subject_family (subject, family) VALUES (?, ?)", {s, family})
            .status());
  }
  return absl::OkStatus();
}

bool OwnedBy(const v1::FactEntry& entry, const std::string& unit) {
  return entry.has_family() ? unit == "dossier" : unit == "directory";
}

}  // namespace

template <typename T>
absl::StatusOr<std::shared_ptr<const T>> FactsStore::Get(const std::string& key, const char* sql,
                                                         Cache<T>* cache) {
  int64_t epoch = 0;
  {
    base::MutexLock lock(mu_);
    if (const auto* known = cache->Find(key); known != nullptr) return *known;
    epoch = epoch_;
  }
  std::shared_ptr<T> found;
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query(sql, {key}, [&](const Row& row) -> absl::Status {
      found = std::make_shared<T>();
      const absl::string_view bytes = row.Bytes(0);
      return found->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))
                 ? absl::OkStatus()
                 : absl::DataLossError("a stored fact does not parse");
    });
  }));
  if (found == nullptr) return std::shared_ptr<const T>();
  base::MutexLock lock(mu_);
  if (epoch == epoch_) cache->Put(key, found);
  return std::shared_ptr<const T>(found);
}

FactsStore::KnownFamily::KnownFamily()
    : arena([] {
        google::protobuf::ArenaOptions options;
        options.start_block_size = kArenaBytes;
        return options;
      }()),
      facts(google::protobuf::Arena::CreateMessage<v1::FamilyFacts>(&arena)) {}

FactsStore::FoundFamily FactsStore::Found(std::shared_ptr<KnownFamily> known, bool at_hand) const {
  FoundFamily found{.facts = nullptr, .at_hand = at_hand, .memo = nullptr, .directory = directory_};
  if (known == nullptr) return found;
  found.memo = &known->memo;
  const v1::FamilyFacts* const facts = known->facts;
  found.facts = std::shared_ptr<const v1::FamilyFacts>(std::move(known), facts);
  return found;
}

absl::StatusOr<FactsStore::FoundFamily> FactsStore::Family(const std::string& id) {
  {
    base::MutexLock lock(mu_);
    if (const auto* known = families_.Find(id); known != nullptr) return Found(*known, true);
  }
  KP_ASSIGN_OR_RETURN(std::vector<FoundFamily> found, Families(absl::MakeConstSpan(&id, 1)));
  return std::move(found[0]);
}

absl::StatusOr<std::vector<FactsStore::FoundFamily>> FactsStore::Families(
    absl::Span<const std::string> ids) {
  std::vector<FoundFamily> found(ids.size());
  std::vector<size_t> missing;
  int64_t epoch = 0;
  {
    base::MutexLock lock(mu_);
    epoch = epoch_;
    for (size_t i = 0; i < ids.size(); ++i) {
      const auto* known = families_.Find(ids[i]);
      if (known == nullptr) missing.push_back(i);
      found[i] = Found(known == nullptr ? nullptr : *known, known != nullptr);
    }
  }
  if (missing.empty()) return found;
  std::vector<std::shared_ptr<KnownFamily>> read(missing.size());
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) -> absl::Status {
    for (size_t i = 0; i < missing.size(); ++i) {
      KP_RETURN_IF_ERROR(
          tx.Query(kSelectFamily, {ids[missing[i]]}, [&](const Row& row) -> absl::Status {
            read[i] = std::make_shared<KnownFamily>();
            const absl::string_view b = row.Bytes(0);
            return read[i]->facts->ParseFromArray(b.data(), static_cast<int>(b.size()))
                       ? absl::OkStatus()
                       : absl::DataLossError("a stored fact does not parse");
          }));
    }
    return absl::OkStatus();
  }));
  base::MutexLock lock(mu_);
  for (size_t i = 0; i < missing.size(); ++i) {
    FoundFamily& out = found[missing[i]];
    const int64_t directory = out.directory;
    out = Found(read[i], false);
    out.directory = directory;
    if (read[i] == nullptr || epoch != epoch_) continue;
    families_.Put(ids[missing[i]], std::move(read[i]));
  }
  return found;
}

absl::Status FactsStore::ForEachFamily(
    absl::FunctionRef<absl::Status(const v1::FamilyFacts&)> family) {
  std::string after;
  for (;;) {
    std::vector<v1::FamilyFacts> page;
    page.reserve(limits::kFamiliesPerPage);
    KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
      page.clear();
      return tx.Query("SELECT facts FROM family WHERE id > ? ORDER BY id LIMIT ?",
                      {after, limits::kFamiliesPerPage}, [&](const Row& row) -> absl::Status {
                        const absl::string_view b = row.Bytes(0);
                        return page.emplace_back().ParseFromArray(b.data(),
                                                                  static_cast<int>(b.size()))
                                   ? absl::OkStatus()
                                   : absl::DataLossError("a stored fact does not parse");
                      });
    }));
    for (const v1::FamilyFacts& f : page) KP_RETURN_IF_ERROR(family(f));
    if (page.size() < limits::kFamiliesPerPage) return absl::OkStatus();
    after = page.back().id();
  }
}
absl::Status FactsStore::ReadForNothing(const std::string& id) {
  return database_->Read([&](storage::ReadTx& tx) {
    return tx.Query(kSelectFamily, {id}, [](const Row&) { return absl::OkStatus(); });
  });
}
absl::StatusOr<std::shared_ptr<const v1::ProfessionalFacts>> FactsStore::Professional(
    const std::string& name) {
  return Get<v1::ProfessionalFacts>(name, "SELECT facts FROM professional WHERE name = ?",
                                    &professionals_);
}
absl::StatusOr<std::shared_ptr<const v1::OrganisationFacts>> FactsStore::Organisation(
    const std::string& name) {
  return Get<v1::OrganisationFacts>(name, "SELECT facts FROM organisation WHERE name = ?",
                                    &organisations_);
}
absl::StatusOr<std::shared_ptr<const v1::WerkplaatsFacts>> FactsStore::Werkplaats(
    const std::string& name) {
  return Get<v1::WerkplaatsFacts>(name, "SELECT facts FROM werkplaats WHERE name = ?",
                                  &werkplaatsen_);
}

absl::StatusOr<std::shared_ptr<const v1::ProfessionalFacts>> FactsStore::ProfessionalByLogin(
    const std::string& login) {
  std::string name;
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT name FROM professional WHERE login = ?", {login}, [&](const Row& row) {
      name = std::string(row.Text(0));
      return absl::OkStatus();
    });
  }));
  if (name.empty()) return std::shared_ptr<const v1::ProfessionalFacts>();
  return Professional(name);
}

absl::StatusOr<FactsStore::Ids> FactsStore::FamiliesOf(const std::string& subject) {
  int64_t epoch = 0;
  {
    base::MutexLock lock(mu_);
    if (const auto* known = families_of_.Find(subject); known != nullptr) return *known;
    epoch = epoch_;
  }
  const auto out = std::make_shared<std::vector<std::string>>();
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT family FROM subject_family WHERE subject = ? ORDER BY family",
                    {subject}, [&](const Row& row) {
                      out->emplace_back(row.Text(0));
                      return absl::OkStatus();
                    });
  }));
  base::MutexLock lock(mu_);
  if (epoch == epoch_) families_of_.Put(subject, out);
  return Ids(out);
}

absl::StatusOr<FactsStore::Ids> FactsStore::FamiliesLeftBehind(const std::string& organisation,
                                                               base::Date on) {
  int64_t epoch = 0;
  {
    base::MutexLock lock(mu_);
    const LeftOn* const known = left_behind_.Find(organisation);
    if (known != nullptr && known->on == on) return known->families;
    epoch = epoch_;
  }
  const auto out = std::make_shared<std::vector<std::string>>();
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query(
        "SELECT DISTINCT s.family FROM ended_term e JOIN subject_family s "
        "ON s.subject = e.professional || '@' || e.organisation "
        "WHERE e.organisation = ? AND e.end_date <= ? ORDER BY s.family",
        {organisation, base::FormatDate(on)}, [&](const Row& row) {
          out->emplace_back(row.Text(0));
          return absl::OkStatus();
        });
  }));
  base::MutexLock lock(mu_);
  if (epoch == epoch_) left_behind_.Put(organisation, {on, out});
  return Ids(out);
}

absl::StatusOr<int64_t> FactsStore::Position(const std::string& unit,
                                             const std::string& incarnation) {
  int64_t position = 0;
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT position FROM applied WHERE unit = ? AND incarnation = ?",
                    {unit, incarnation}, [&](const Row& row) {
                      position = row.Int(0);
                      return absl::OkStatus();
                    });
  }));
  return position;
}

absl::Status FactsStore::ApplyFamily(storage::WriteTx& tx, v1::FamilyFacts facts, Subjects* moved) {
  v1::FamilyFacts known;
  bool there = false;
  KP_RETURN_IF_ERROR(tx.Query("SELECT facts FROM family WHERE id = ?", {facts.id()},
                              [&](const Row& row) -> absl::Status {
                                there = true;
                                const absl::string_view b = row.Bytes(0);
                                return known.ParseFromArray(b.data(), static_cast<int>(b.size()))
                                           ? absl::OkStatus()
                                           : absl::DataLossError("a stored fact does not parse");
                              }));
  if (there) {
    moved->merge(SubjectsOf(known));
    facts = MergeFacts(known, std::move(facts));
    KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM family WHERE id = ?", {facts.id()}).status());
  }
  const std::string bytes = facts.SerializeAsString();
  KP_RETURN_IF_ERROR(tx.Exec("INSERT INTO family (id, revision, facts) VALUES (?, ?, ?)",
                             {facts.id(), facts.revision(), Blob{bytes}})
                         .status());
  std::set<std::string> subjects = SubjectsOf(facts);
  KP_RETURN_IF_ERROR(IndexSubjects(tx, facts.id(), subjects));
  moved->merge(std::move(subjects));
  return absl::OkStatus();
}

absl::Status FactsStore::ApplyEntry(storage::WriteTx& tx, const v1::FactEntry& entry,
                                    Subjects* moved) {
  switch (entry.fact_case()) {
    case v1::FactEntry::kFamily:
      return ApplyFamily(tx, entry.family(), moved);
    case v1::FactEntry::kProfessional:
      return PutProfessional(tx, entry.professional());
    case v1::FactEntry::kOrganisation:
      return PutSnapshot(tx, "organisation", entry.organisation().name(),
                         entry.organisation().revision(), entry.organisation().SerializeAsString());
    case v1::FactEntry::kWerkplaats:
      return PutSnapshot(tx, "werkplaats", entry.werkplaats().name(), entry.werkplaats().revision(),
                         entry.werkplaats().SerializeAsString());
    case v1::FactEntry::FACT_NOT_SET:
      break;
  }
  return errors::UnreadableFact();
}

absl::StatusOr<int64_t> FactsStore::Apply(const std::string& unit, const std::string& incarnation,
                                          const std::vector<NumberedFact>& entries,
                                          int64_t position) {
  for (const auto& [seq, e] : entries) {
    if (!OwnedBy(e, unit)) return errors::NotYourFact();
  }
  int64_t reached = 0, kept_s = 0;
  Subjects moved;
  KP_RETURN_IF_ERROR(
      database_
          ->Write([&](storage::WriteTx& tx) -> absl::Status {
            reached = 0;
            moved.clear();
            KP_RETURN_IF_ERROR(
                tx.Query("SELECT position FROM applied WHERE unit = ? AND incarnation = ?",
                         {unit, incarnation}, [&](const Row& row) {
                           reached = row.Int(0);
                           return absl::OkStatus();
                         }));
            if (reached >= position) return absl::OkStatus();
            for (const auto& [seq, e] : entries) {
              if (seq <= reached) continue;  // sent again after a lost answer
              KP_RETURN_IF_ERROR(ApplyEntry(tx, e, &moved));
            }
            reached = position;
            KP_ASSIGN_OR_RETURN(kept_s, clock_->Keep(tx));
            KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM applied WHERE unit = ? AND incarnation = ?",
                                       {unit, incarnation})
                                   .status());
            return tx
                .Exec("INSERT INTO applied (unit, incarnation, position) VALUES (?, ?, ?)",
                      {unit, incarnation, position})
                .status();
          })
          .status());
  if (kept_s != 0) clock_->Kept(kept_s);
  base::MutexLock lock(mu_);
  ++epoch_;
  Forget(entries, moved);
  return reached;
}

void FactsStore::Forget(const std::vector<NumberedFact>& entries, const Subjects& moved) {
  bool left = false;
  for (const auto& [seq, e] : entries) {
    // With what was decided on them (DecisionMemo): no later decision finds it.
    if (!e.has_family()) ++directory_;
    if (e.has_family()) families_.Erase(e.family().id());
    if (e.has_professional()) professionals_.Erase(e.professional().name());
    if (e.has_organisation()) organisations_.Erase(e.organisation().name());
    if (e.has_werkplaats()) werkplaatsen_.Erase(e.werkplaats().name());
    left = left || e.has_professional();
  }
  for (const std::string& subject : moved) {
    families_of_.Erase(subject);
    if (const size_t at = subject.find('@'); at != std::string::npos) {
      left_behind_.Erase(absl::string_view(subject).substr(at + 1));
    }
  }
  // Somebody may have left any organisation.
  if (left) left_behind_.Clear();
}

}  // namespace knooppunt::access
