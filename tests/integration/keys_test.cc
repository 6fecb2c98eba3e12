// No decision, no key (P6): what the dossier unit has at rest opens nothing about a family, and a
// handler that got no permit finds nothing.
#include <sqlcipher/sqlite3.h>

#include <filesystem>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/crypto/key_file.h"
#include "security/policy/testing_permit.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

constexpr char kNote[] = "Rekent op het niveau van groep 7.";

// Every name, birth date, text and account; of five bytes and more, for a shorter one stands in
// random bytes by chance.
std::set<std::string> Secrets(const Region& region) {
  std::set<std::string> secrets = {"Lotte",  "Marieke",         "Joost",        "Zanden",
                                   "zanden", "accounts/",       "slaapt",       "rekenen",
                                   kNote,    "Wij mogen delen", "Sem te helpen"};
  const casework::v1::OpenCaseRequest opening = region.OpenRequest();
  for (const auto& person : opening.persons()) secrets.insert(person.birth_date());
  return secrets;
}

// A database opened as a thief would: with SQLCipher itself and the root that lay beside it.
class StolenDatabase {
 public:
  StolenDatabase(const std::string& path, const std::string& key) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &db_), SQLITE_OK);
    const std::string raw = absl::StrCat("x'", crypto::HexEncode(key), "'");
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

  std::vector<std::vector<std::pair<std::string, std::string>>> Rows(const std::string& sql) {
    std::vector<std::vector<std::pair<std::string, std::string>>> out;
    sqlite3_stmt* s = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &s, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db_);
    while (s != nullptr && sqlite3_step(s) == SQLITE_ROW) {
      auto& row = out.emplace_back();
      for (int i = 0; i < sqlite3_column_count(s); ++i) {
        const void* data = sqlite3_column_blob(s, i);
        row.emplace_back(sqlite3_column_name(s, i),
                         data == nullptr ? ""
                                         : std::string(static_cast<const char*>(data),
                                                       sqlite3_column_bytes(s, i)));
      }
    }
    sqlite3_finalize(s);
    return out;
  }

 private:
  sqlite3* db_ = nullptr;
};

TEST(KeysTest, P6EveryFileAndKeyOfTheDossierUnitShowsNothingAboutTheFamily) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  ASSERT_OK(region.AddNote(kNote));
  region.SeatTheNurse();
  // While it serves, so that the write-ahead log holds what is newest.
  region.SetAside("dossier");
  const std::string aside = absl::StrCat(region.folder(), "/aside/dossier");
  ASSERT_GT(std::filesystem::file_size(aside + "/dossier.db-wal"), 0u);
  ASSERT_OK_AND_ASSIGN(const crypto::SecretBytes root,
                       crypto::ReadRootKey(region.config().key_dir() + "/dossier.root"));
  const std::string key(root.Expose(crypto::SecretAccess::For("test")));

  StolenDatabase db(aside + "/dossier.db", key);
  int values = 0, sealed = 0;
  std::set<std::string> places;
  for (const auto& table : db.Rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    for (const auto& row : db.Rows(absl::StrCat("SELECT * FROM ", table[0].second))) {
      for (const auto& [column, bytes] : row) {
        ++values;
        const std::string place = absl::StrCat(table[0].second, ".", column);
        places.insert(place);
        for (const std::string& secret : Secrets(region)) {
          EXPECT_FALSE(absl::StrContains(bytes, secret)) << place << " holds " << secret;
        }
        // The one key the thief has is not a key of what is sealed.
        if (place == "item.payload" || place == "family.facts") {
          ++sealed;
          EXPECT_FALSE(crypto::Open(root, "", bytes).ok());
        }
      }
    }
  }
  EXPECT_GT(values, 200);
  EXPECT_GE(sealed, 8);  // four persons, the opening, the note, the consent's wording, the facts
  for (const char* place :
       {"outbox.payload", "outbox.body", "search_token.token", "call_replay.key"}) {
    EXPECT_TRUE(places.contains(place)) << place;
  }
}

// A decision for the IB reading the case, as access makes it for the dossier unit.
access::v1::Decision Decide(Region& region) {
  runtime::DirectTransport dossier(&region.process().switchboard(), "dossier");
  access::v1::CheckRequest request;
  request.set_token(region.Token(region.ib));
  request.set_method("/knooppunt.casework.v1.CaseworkService/GetCase");
  request.set_resource(region.case_name);
  request.set_purpose(region.ib.purpose);
  access::v1::Decision decision;
  Require(dossier.Call("/knooppunt.access.v1.AccessService/Check", request, &decision, {}),
          "decide");
  return decision;
}

absl::StatusOr<casework::v1::Case> ReadWith(Region& region, access::v1::Decision decision) {
  const auto target =
      region.process().switchboard().Find("/knooppunt.casework.v1.CaseworkService/GetCase");
  const policy::AuthorizedCall call =
      policy::AdmitForTest(std::move(decision), region.ib.purpose, std::string(16, 's'));
  casework::v1::GetCaseRequest request;
  request.set_name(region.case_name);
  casework::v1::Case answer;
  const absl::Status status = region.database("dossier").Read(
      [&](storage::ReadTx& tx) { return target.entry->read(call, tx, request, &answer); });
  if (!status.ok()) return status;
  return answer;
}

TEST(KeysTest, P6AHandlerWithoutScopesFindsNoItems) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  ASSERT_OK(region.AddNote(kNote));
  access::v1::Decision decision = Decide(region);
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case whole, ReadWith(region, decision));
  EXPECT_EQ(whole.persons_size(), 4);
  EXPECT_EQ(whole.contributions_size(), 1);

  decision.mutable_permit()->clear_scopes();
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case bare, ReadWith(region, decision));
  EXPECT_EQ(bare.persons_size(), 0);
  EXPECT_EQ(bare.contributions_size(), 0);
  EXPECT_EQ(bare.reason(), "");
}

TEST(KeysTest, P6AHandlerWithoutAPermitFindsNoFacts) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  access::v1::Decision decision = Decide(region);
  decision.clear_permit();
  EXPECT_THAT(ReadWith(region, decision),
              ::knooppunt::testing::StatusIs(absl::StatusCode::kDataLoss));
}

TEST(KeysTest, P6AKeyOfAnotherFamilyOpensNothing) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  ASSERT_OK(region.AddNote(kNote));
  access::v1::Decision decision = Decide(region);
  const std::string other(32, 'k');
  decision.mutable_permit()->set_facts_key(other);
  EXPECT_THAT(ReadWith(region, decision).status().code(), ::testing::Ne(absl::StatusCode::kOk));
  decision = Decide(region);
  for (auto& scope : *decision.mutable_permit()->mutable_scopes()) scope.set_key(other);
  EXPECT_THAT(ReadWith(region, decision).status().code(), ::testing::Ne(absl::StatusCode::kOk));
}

}  // namespace
}  // namespace knooppunt::integration
