// What Open accepts and refuses, and what the files give away.
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>

#include "security/storage/database_file.h"
#include "security/storage/database_testing.h"

namespace knooppunt::storage {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class OpenTest : public DatabaseTest {};

crypto::SecretBytes Key(char fill, size_t size = 32) {
  return crypto::SecretBytes::From(std::string(size, fill), crypto::SecretAccess::For("test"));
}

TEST_F(OpenTest, NewDatabaseKeepsWhatIsWrittenAcrossReopening) {
  ASSERT_OK(OpenDefault());
  ASSERT_OK(WriteRow(1, "one"));
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(Rows(), 1);
  db_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal")) << "the close has emptied the log";
}

TEST_F(OpenTest, WrongKeyIsUnauthenticatedAndChangesNothing) {
  ASSERT_OK(OpenDefault());
  ASSERT_OK(WriteRow(1, "one"));
  db_.reset();
  const std::string before = FileContent(path_);
  const crypto::SecretBytes other = Key('x');
  Database::Options options = DefaultOptions();
  options.key = &other;
  EXPECT_THAT(OpenWith(std::move(options)),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr(path_ + ": wrong key or not a database")));
  EXPECT_TRUE(FileContent(path_) == before);
  EXPECT_OK(OpenDefault());
}

TEST_F(OpenTest, AnotherFileIsUnauthenticated) {
  WriteFile(path_, std::string(10 * kPageBytes, 'x'));
  EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(OpenTest, PlainSqliteDatabaseIsUnauthenticated) {
  const std::string command = "sqlite3 " + path_ + " 'CREATE TABLE t (id INTEGER)'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(OpenTest, KeyOfAnotherSizeIsInvalid) {
  for (size_t size : {0, 16, 31, 33}) {
    const crypto::SecretBytes key = Key('k', size);
    Database::Options options = DefaultOptions();
    options.key = &key;
    EXPECT_THAT(OpenWith(std::move(options)), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(OpenTest, EveryTruncationIsDataLoss) {
  ASSERT_OK(OpenDefault());
  for (int64_t id = 0; id < 200; ++id)
    ASSERT_OK(WriteRow(id, std::string(200, 'a') + absl::StrCat(id)));
  db_.reset();
  const std::string whole = FileContent(path_);
  ASSERT_GT(whole.size(), 10u * kPageBytes);
  for (size_t size :
       {size_t{1}, size_t{100}, size_t{kPageBytes - 1}, size_t{kPageBytes}, size_t{5 * kPageBytes},
        size_t{5 * kPageBytes + 1}, whole.size() - 1, whole.size() - kPageBytes}) {
    WriteFile(path_, whole.substr(0, size));
    EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kDataLoss)) << size;
    db_.reset();
  }
  WriteFile(path_, whole);
  EXPECT_OK(OpenDefault());
}

TEST_F(OpenTest, ChangedPageIsDataLossWhenItIsRead) {
  ASSERT_OK(OpenDefault());
  for (int64_t id = 0; id < 200; ++id)
    ASSERT_OK(WriteRow(id, std::string(200, 'a') + absl::StrCat(id)));
  db_.reset();
  const std::string whole = FileContent(path_);
  int lost = 0;
  for (size_t page = 1; page < whole.size() / kPageBytes; ++page) {
    std::string changed = whole;
    changed[page * kPageBytes + 1000] ^= 1;
    WriteFile(path_, changed);
    absl::Status status = OpenDefault();
    if (status.ok()) {
      status = db_->Read([&](ReadTx& tx) {
        return tx.Query("SELECT id, name FROM t NOT INDEXED", {},
                        [](const Row&) { return absl::OkStatus(); });
      });
    }
    db_.reset();
    // A page of another table is not read here.
    if (status.ok()) continue;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss)) << "page " << page;
    ++lost;
  }
  EXPECT_GT(lost, 10);
}

TEST_F(OpenTest, LogWithoutItsDatabaseIsDataLoss) {
  WriteFile(path_ + "-wal", "something");
  EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kDataLoss));
  WriteFile(path_, "");
  EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(OpenTest, MissingDirectoryIsAFailedPrecondition) {
  path_ = directory_ + "/missing/unit.db";
  EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("missing")));
}

TEST_F(OpenTest, DatabaseOfAnotherUnitIsAFailedPrecondition) {
  ASSERT_OK(OpenDefault());
  Database::Options options = DefaultOptions();
  options.unit = "directory";
  EXPECT_THAT(OpenWith(std::move(options)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("dossier"), HasSubstr("directory"))));
}

TEST_F(OpenTest, SecondOpenWhileTheFirstLivesIsAFailedPrecondition) {
  ASSERT_OK(OpenDefault());
  EXPECT_THAT(Database::Open(DefaultOptions()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
  db_.reset();
  EXPECT_OK(OpenDefault());
}

TEST_F(OpenTest, FilesAreOnlyForTheirOwner) {
  ASSERT_OK(OpenDefault());
  ASSERT_OK(WriteRow(1, "one"));
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat st;
    ASSERT_EQ(stat((path_ + suffix).c_str(), &st), 0) << suffix;
    EXPECT_EQ(st.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(OpenTest, GenerationCountsOpensAndAnOldFilePutBackShowsInIt) {
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(db_->generation(), 1);
  db_.reset();
  const std::string old = FileContent(path_);
  ASSERT_OK(OpenDefault());
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(db_->generation(), 3);
  db_.reset();
  WriteFile(path_, old);
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(db_->generation(), 2);
}

TEST_F(OpenTest, RefusedOpenDoesNotCount) {
  ASSERT_OK(OpenDefault());
  Database::Options options = DefaultOptions();
  options.unit = "other";
  ASSERT_FALSE(OpenWith(std::move(options)).ok());
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(db_->generation(), 2);
}

TEST_F(OpenTest, CipherSettingsAreRecorded) {
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(One("SELECT count(*) FROM meta WHERE name = 'cipher_settings' "
                "AND value LIKE '%cipher_page_size = 4096%HMAC_SHA1%'"),
            1);
}

// The promise of the store towards a thief with the files.
TEST_F(OpenTest, NoFileShowsANameThatWasWritten) {
  constexpr absl::string_view kName = "Zwaantje van Oeffelt";
  ASSERT_OK(OpenDefault());
  for (int64_t id = 0; id < 300; ++id) {
    ASSERT_OK(db_->Write([&](WriteTx& tx) -> absl::Status {
      KP_RETURN_IF_ERROR(Insert(tx, id, absl::StrCat(kName, " ", id)));
      return tx.AppendOutbox(OutboxKind::kAudit, kName, kName, kName).status();
    }));
  }
  size_t bytes = 0;
  const auto search = [&] {
    for (const auto& file : std::filesystem::directory_iterator(directory_)) {
      const std::string content = FileContent(file.path());
      bytes += content.size();
      for (absl::string_view plain :
           {kName, absl::string_view("CREATE TABLE"), absl::string_view("SQLite format 3")}) {
        EXPECT_EQ(content.find(std::string(plain)), std::string::npos) << file.path();
      }
    }
  };
  ASSERT_GT(std::filesystem::file_size(path_ + "-wal"), 300u * kPageBytes);
  search();
  db_.reset();
  search();
  EXPECT_GT(bytes, 400u * kPageBytes);
}

TEST_F(OpenTest, PlainSqliteCannotOpenIt) {
  ASSERT_OK(OpenDefault());
  ASSERT_OK(WriteRow(1, "one"));
  db_.reset();
  const std::string command = "sqlite3 " + path_ + " 'SELECT count(*) FROM t' 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  char buffer[256];
  while (const size_t n = fread(buffer, 1, sizeof(buffer), pipe)) said.append(buffer, n);
  const int result = pclose(pipe);
  ASSERT_TRUE(WIFEXITED(result));
  EXPECT_NE(WEXITSTATUS(result), 0);
  EXPECT_THAT(said, HasSubstr("file is not a database"));
}

class MigrationTest : public DatabaseTest {
 protected:
  Database::Options With(std::vector<Migration> migrations) {
    Database::Options options = DefaultOptions();
    options.migrations = std::move(migrations);
    return options;
  }
  const Migration kOne = {1, "one",
                          "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1);"};
  const Migration kTwo = {2, "two",
                          "CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a (id));"};
};

TEST_F(MigrationTest, EachRunsOnceInOrder) {
  ASSERT_OK(OpenWith(With({kOne})));
  ASSERT_OK(OpenWith(With({kOne, kTwo})));
  ASSERT_OK(OpenWith(With({kOne, kTwo})));
  EXPECT_EQ(One("SELECT count(*) FROM a"), 1);
  EXPECT_EQ(One("SELECT count(*) FROM b"), 0);
  EXPECT_EQ(One("SELECT count(*) FROM schema_migration"), 2);
  EXPECT_EQ(One("SELECT count(*) FROM schema_migration WHERE version = 2 AND name = 'two' "
                "AND applied_at LIKE '20__-__-__T__:__:__Z'"),
            1);
}

TEST_F(MigrationTest, NewerSchemaIsAFailedPreconditionAndNothingIsWritten) {
  ASSERT_OK(OpenWith(With({kOne, kTwo})));
  db_.reset();
  const std::string before = FileContent(path_);
  EXPECT_THAT(OpenWith(With({kOne})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer")));
  EXPECT_TRUE(FileContent(path_) == before);
  EXPECT_OK(OpenWith(With({kOne, kTwo})));
}

TEST_F(MigrationTest, OneThatFailsLeavesTheStateOfBeforeIt) {
  ASSERT_OK(OpenWith(With({kOne})));
  const Migration bad = {
      3, "bad", "INSERT INTO a VALUES (2); CREATE TABLE c (id); INSERT INTO nowhere VALUES (1);"};
  EXPECT_THAT(OpenWith(With({kOne, kTwo, bad})),
              StatusIs(absl::StatusCode::kInternal,
                       AllOf(HasSubstr("migration 3 (bad)"), HasSubstr("nowhere"))));
  ASSERT_OK(OpenWith(With({kOne, kTwo})));
  EXPECT_EQ(One("SELECT count(*) FROM a"), 1);
  EXPECT_EQ(One("SELECT count(*) FROM sqlite_master WHERE name = 'c'"), 0);
  EXPECT_EQ(One("SELECT max(version) FROM schema_migration"), 2);
}

TEST_F(MigrationTest, GapsAndDisorderAreInvalid) {
  EXPECT_THAT(OpenWith(With({kTwo})), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OpenWith(With({kTwo, kOne})), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OpenWith(With({kOne, {3, "three", ""}})),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OpenWith(With({kOne, kOne})), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MigrationTest, RebuildOfAParentTableKeepsItsChildren) {
  ASSERT_OK(OpenWith(With({kOne,
                           {2, "two",
                            "CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE CASCADE);"
                            "INSERT INTO b VALUES (1);"}})));
  ASSERT_OK(OpenWith(With(
      {kOne,
       {2, "two", ""},
       {3, "rebuild",
        "CREATE TABLE a2 (id INTEGER PRIMARY KEY, more TEXT); INSERT INTO a2 (id) SELECT id FROM a;"
        "DROP TABLE a; ALTER TABLE a2 RENAME TO a;"}})));
  EXPECT_EQ(One("SELECT count(*) FROM b"), 1);
}

TEST_F(MigrationTest, ThatBreaksAForeignKeyIsRefusedAndForeignKeysHoldAfterwards) {
  EXPECT_THAT(OpenWith(With({kOne, kTwo, {3, "orphan", "INSERT INTO b VALUES (1, 99)"}})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("foreign key")));
  ASSERT_OK(OpenWith(With({kOne, kTwo})));
  EXPECT_THAT(
      db_->Write([](WriteTx& tx) { return tx.Exec("INSERT INTO b VALUES (1, 99)", {}).status(); }),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MigrationTest, MayNotEndItsTransactionOrTouchTheStoresTables) {
  for (const char* sql :
       {"COMMIT", "BEGIN", "SAVEPOINT s", "PRAGMA foreign_keys = OFF", "ATTACH ':memory:' AS other",
        "DROP TABLE outbox", "DELETE FROM meta", "ALTER TABLE outbox RENAME TO inbox"}) {
    EXPECT_THAT(OpenWith(With({{1, "bad", sql}})),
                StatusIs(absl::StatusCode::kInternal, HasSubstr("not authorized")))
        << sql;
  }
  EXPECT_OK(OpenWith(With({kOne})));
}

}  // namespace
}  // namespace knooppunt::storage
