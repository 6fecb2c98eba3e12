// What somebody holds who has the files of the dossier unit and the key of its database, and no
// data key: ids, kinds and versions; nothing about anybody (promise P6).

#include <sqlcipher/sqlite3.h>

#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"
#include "services/dossier/testing.h"

namespace knooppunt::dossier {
namespace {

using ::knooppunt::testing::IsOk;
using testing::Journey;

// Every name, birth date, text and account that the journey stores; of five bytes and more,
// for a shorter one stands in random bytes by chance.
const std::set<std::string>& Secrets() {
  static const auto* const kSecrets = new std::set<std::string>{
      "Lotte",       "Marieke",    "Joost",           "Zanden",     "zanden",
      "2015-03-14",  "2013-05-02", "1984-07-30",      "1982-01-19", "accounts/",
      "slaapt",      "scheiding",  "Wij mogen delen", "groep 7",    "rustige avonden",
      "We proberen", "Bo starten", "Rust in huis"};
  return *kSecrets;
}

void Fill(Journey* j) {
  j->Open();
  j->Activate();
  casework::v1::AddContributionRequest contribution;
  contribution.set_parent(j->case_name);
  contribution.mutable_contribution()->set_text("Sem rekent op het niveau van groep 7.");
  *contribution.mutable_contribution()->mutable_label() = j->Education();
  const auto note =
      j->office.Casework<casework::v1::Contribution>("AddContribution", j->ib, contribution);
  ASSERT_OK(note);
  plan::v1::AddWishRequest wish;
  wish.set_parent(j->case_name);
  wish.mutable_wish()->set_person(absl::StrCat("families/", j->family, "/persons/", j->child));
  wish.mutable_wish()->set_text("Rust in huis.");
  wish.mutable_wish()->set_how(plan::v1::WISH_HOW_CONVERSATION);
  *wish.mutable_wish()->mutable_label() = j->Education();
  const auto wished = j->office.Plan<plan::v1::Wish>("AddWish", j->ib, wish);
  ASSERT_OK(wished);
  plan::v1::AddGoalRequest goal;
  goal.set_parent(j->case_name);
  goal.mutable_goal()->set_text("Sem slaapt weer door.");
  goal.mutable_goal()->set_domain(plan::v1::LIFE_DOMAIN_HOME);
  goal.mutable_goal()->set_wish(wished->name());
  goal.mutable_goal()->set_measure("Een week lang niet wakker.");
  goal.mutable_goal()->set_review_date("2027-02-01");
  *goal.mutable_goal()->mutable_label() = j->Education();
  const auto added = j->office.Plan<plan::v1::Goal>("AddGoal", j->ib, goal);
  ASSERT_OK(added);
  plan::v1::UpdateGoalRequest changed;
  changed.set_name(added->name());
  changed.set_etag(added->etag());
  changed.mutable_goal()->set_text("Sem slaapt elke nacht door.");
  changed.mutable_update_mask()->add_paths("text");
  ASSERT_OK(j->office.Plan<plan::v1::Goal>("UpdateGoal", j->ib, changed));
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(j->case_name);
  plan.set_date("2026-11-23");
  *plan.mutable_label() = j->Education();
  const auto meeting = j->office.Casework<casework::v1::Meeting>("PlanMeeting", j->ib, plan);
  ASSERT_OK(meeting);
  casework::v1::ConcludeMeetingRequest conclude;
  conclude.set_name(meeting->name());
  conclude.set_conclusion("We proberen het zo.");
  casework::v1::Attendance* a = conclude.add_attendances();
  a->set_seat(j->SeatOf(j->mother));
  a->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
  casework::v1::NewStep* step = conclude.add_steps();
  step->set_text("Samen rustige avonden oefenen.");
  step->set_owner_seat(j->SeatOf(j->ib));
  step->set_due_date("2026-12-14");
  *step->mutable_label() = j->Education();
  ASSERT_OK(j->office.Casework<casework::v1::Meeting>("ConcludeMeeting", j->ib, conclude));
  handover::v1::DraftHandoverRequest draft;
  draft.set_parent(j->case_name);
  draft.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
  draft.set_to_werkplaats("werkplaatsen/vmbo");
  draft.set_receiver("professionals/receiver");
  draft.add_items(note->name());
  draft.add_children(j->child);
  draft.set_expire_date("2027-01-31");
  const auto drafted = j->office.Handover("DraftHandover", j->ib, draft);
  ASSERT_OK(drafted);
  handover::v1::HandoverActRequest show;
  show.set_name(drafted->name());
  ASSERT_OK(j->office.Handover("ShowHandover", j->ib, show));
  handover::v1::AddFamilyViewRequest view;
  view.set_name(drafted->name());
  view.set_view("Sem wil graag met Bo starten.");
  ASSERT_OK(j->office.Handover("AddFamilyView", j->mother, view));
}

// The file, opened as a thief would: with SQLCipher itself and the database's key.
class StolenDatabase {
 public:
  StolenDatabase(const std::string& path, const crypto::SecretBytes& key) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &db_), SQLITE_OK);
    const std::string raw =
        absl::StrCat("x'", crypto::HexEncode(key.Expose(crypto::SecretAccess::For("test"))), "'");
    EXPECT_EQ(sqlite3_key(db_, raw.data(), static_cast<int>(raw.size())), SQLITE_OK);
    for (const char* pragma :
         {"PRAGMA cipher_page_size = 4096", "PRAGMA kdf_iter = 64000",
          "PRAGMA cipher_use_hmac = ON", "PRAGMA cipher_hmac_algorithm = HMAC_SHA1",
          "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1"}) {
      Rows(pragma);
    }
  }
  ~StolenDatabase() { sqlite3_close(db_); }
  StolenDatabase(const StolenDatabase&) = delete;
  StolenDatabase& operator=(const StolenDatabase&) = delete;

  struct Value {
    std::string column;
    std::string bytes;
  };
  std::vector<std::vector<Value>> Rows(const std::string& sql) {
    std::vector<std::vector<Value>> out;
    sqlite3_stmt* s = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &s, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db_);
    while (s != nullptr && sqlite3_step(s) == SQLITE_ROW) {
      std::vector<Value>& row = out.emplace_back();
      for (int i = 0; i < sqlite3_column_count(s); ++i) {
        const void* data = sqlite3_column_blob(s, i);
        row.push_back({sqlite3_column_name(s, i), data == nullptr
                                                      ? ""
                                                      : std::string(static_cast<const char*>(data),
                                                                    sqlite3_column_bytes(s, i))});
      }
    }
    sqlite3_finalize(s);
    return out;
  }

 private:
  sqlite3* db_ = nullptr;
};

struct Scan {
  int64_t values = 0;
  std::set<std::string> columns;
  std::vector<std::string> found;  // "table.column holds secret"
};

Scan ScanEverything(const testing::Office& office) {
  Scan scan;
  StolenDatabase db(absl::StrCat(office.folder(), "/dossier.db"), office.database_key());
  for (const auto& table : db.Rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    for (const auto& row : db.Rows(absl::StrCat("SELECT * FROM ", table[0].bytes))) {
      for (const StolenDatabase::Value& value : row) {
        const std::string place = absl::StrCat(table[0].bytes, ".", value.column);
        ++scan.values;
        scan.columns.insert(place);
        for (const std::string& secret : Secrets()) {
          if (value.bytes.find(secret) != std::string::npos) {
            scan.found.push_back(absl::StrCat(place, " holds ", secret));
          }
        }
      }
    }
  }
  return scan;
}

TEST(SealedAtRestTest, P6TheDatabaseKeyAloneShowsNothingAboutAnybody) {
  Journey j;
  ASSERT_NO_FATAL_FAILURE(Fill(&j));
  const Scan scan = ScanEverything(j.office);
  EXPECT_THAT(scan.found, ::testing::IsEmpty());
  // It looked where the dossier is.
  for (const char* place :
       {"family.facts", "family.ask", "item.payload", "item.id", "search_token.token"}) {
    EXPECT_TRUE(scan.columns.contains(place)) << place;
  }
  EXPECT_GT(scan.values, 200);
}

// The scan finds what does stand there: a secret put into a column shows.
TEST(SealedAtRestTest, TheScanSeesAPlainTextWhenThereIsOne) {
  Journey j;
  j.Open();
  ASSERT_OK(j.office.database().Write([](storage::WriteTx& tx) {
    return tx.Exec("UPDATE family SET ask = ?", {absl::string_view("Marieke")}).status();
  }));
  EXPECT_THAT(ScanEverything(j.office).found, ::testing::ElementsAre("family.ask holds Marieke"));
}

// And the files themselves show nothing at all, not even to one who reads the write-ahead log.
TEST(SealedAtRestTest, TheFilesShowNoNameNorStructure) {
  Journey j;
  ASSERT_NO_FATAL_FAILURE(Fill(&j));
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(j.office.folder())) {
    if (!file.is_regular_file()) continue;
    ++files;
    std::stringstream bytes;
    bytes << std::ifstream(file.path(), std::ios::binary).rdbuf();
    for (const std::string& secret : Secrets()) {
      EXPECT_EQ(bytes.str().find(secret), std::string::npos) << file.path() << " holds " << secret;
    }
    EXPECT_EQ(bytes.str().find("search_token"), std::string::npos) << file.path();
    EXPECT_EQ(bytes.str().find("professionals/"), std::string::npos) << file.path();
  }
  EXPECT_GE(files, 2);  // the database and its write-ahead log
}

// A row moved to another place does not open: the seal names row, column and version.
TEST(SealedAtRestTest, SwappedPayloadsDoNotOpen) {
  Journey j;
  j.Open();
  for (const char* text : {"Eerste.", "Tweede."}) {
    casework::v1::AddContributionRequest req;
    req.set_parent(j.case_name);
    req.mutable_contribution()->set_text(text);
    *req.mutable_contribution()->mutable_label() = j.Education();
    ASSERT_OK(j.office.Casework<casework::v1::Contribution>("AddContribution", j.ib, req));
  }
  std::vector<std::pair<std::string, std::string>> rows;
  ASSERT_OK(j.office.database().Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT id, payload FROM item WHERE kind = 6 ORDER BY created", {},
                    [&](const storage::Row& row) {
                      rows.emplace_back(std::string(row.Text(0)), std::string(row.Bytes(1)));
                      return absl::OkStatus();
                    });
  }));
  ASSERT_EQ(rows.size(), 2u);
  ASSERT_OK(j.office.database().Write([&](storage::WriteTx& tx) {
    return tx
        .Exec("UPDATE item SET payload = ? WHERE id = ?",
              {storage::Blob{rows[0].second}, absl::string_view(rows[1].first)})
        .status();
  }));
  casework::v1::GetCaseRequest req;
  req.set_name(j.case_name);
  EXPECT_THAT(j.office.Casework<casework::v1::Case>("GetCase", j.ib, req),
              ::knooppunt::testing::StatusIs(absl::StatusCode::kDataLoss, ::testing::_));
}

}  // namespace
}  // namespace knooppunt::dossier
