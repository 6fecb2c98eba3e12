#include <thread>

#include "base/limits.h"
#include "security/storage/database_testing.h"

namespace knooppunt::storage {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

class ReadTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    ASSERT_OK(OpenDefault());
  }
  absl::Status Query(absl::string_view sql, Params params = {}) {
    return db_->Read([&](ReadTx& tx) {
      return tx.Query(sql, params, [](const Row&) { return absl::OkStatus(); });
    });
  }
};

TEST_F(ReadTest, SeesOneSnapshotHoweverMuchIsWrittenMeanwhile) {
  ASSERT_OK(WriteRow(1, "one"));
  ASSERT_OK(db_->Read([&](ReadTx& tx) {
    EXPECT_EQ(One(tx, "SELECT count(*) FROM t"), 1);
    EXPECT_OK(WriteRow(2, "two"));
    EXPECT_EQ(One(tx, "SELECT count(*) FROM t"), 1);
    return absl::OkStatus();
  }));
  EXPECT_EQ(Rows(), 2);
}

TEST_F(ReadTest, SeesWhatWasAcknowledgedBeforeItBegan) {
  for (int64_t id = 1; id <= 50; ++id) {
    ASSERT_OK(WriteRow(id, absl::StrCat(id)));
    ASSERT_EQ(Rows(), id);
  }
}

TEST_F(ReadTest, CountsTheRowsThatAreLookedThroughWithoutAnIndex) {
  for (int64_t id = 1; id <= 20; ++id) ASSERT_OK(WriteRow(id, absl::StrCat(id)));
  const auto scanned = [&](absl::string_view sql, Params params) {
    const int64_t before = db_->counters().scanned_rows;
    EXPECT_OK(Query(sql, params));
    return db_->counters().scanned_rows - before;
  };
  EXPECT_EQ(scanned("SELECT name FROM t WHERE id = ?", {7}), 0);
  EXPECT_EQ(scanned("SELECT name FROM t WHERE id > ? ORDER BY id LIMIT 3", {7}), 0);
  EXPECT_GE(scanned("SELECT id FROM t WHERE name || '' = ?", {absl::string_view("other")}), 19);
  EXPECT_EQ(scanned("SELECT name FROM t WHERE id = ?", {7}), 0) << "each is counted once";
  const int64_t before = db_->counters().scanned_rows;
  ASSERT_OK(db_->Write([](WriteTx& tx) {
    return tx.Exec("DELETE FROM t WHERE name || '' = ?", {absl::string_view("other")}).status();
  }));
  EXPECT_GE(db_->counters().scanned_rows - before, 19);
}

TEST_F(ReadTest, ValuesComeBackAsTheyWere) {
  ASSERT_OK(db_->Write([](WriteTx& tx) -> absl::Status {
    KP_RETURN_IF_ERROR(
        tx.Exec("CREATE TABLE v (i INTEGER, t TEXT, b BLOB, n TEXT, e TEXT, eb BLOB)", {})
            .status());
    return tx
        .Exec("INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)",
              {int64_t{-1} << 63, "t\u00e9xt", Blob{absl::string_view("\0b\xff", 3)}, Null{},
               absl::string_view(), Blob{}})
        .status();
  }));
  int rows = 0;
  ASSERT_OK(db_->Read([&](ReadTx& tx) {
    return tx.Query("SELECT i, t, b, n, e, eb FROM v", {}, [&](const Row& row) {
      ++rows;
      EXPECT_EQ(row.Int(0), std::numeric_limits<int64_t>::min());
      EXPECT_EQ(row.Text(1), "t\u00e9xt");
      EXPECT_EQ(row.Bytes(2), absl::string_view("\0b\xff", 3));
      EXPECT_TRUE(row.IsNull(3));
      EXPECT_FALSE(row.IsNull(4)) << "an empty text is not NULL";
      EXPECT_FALSE(row.IsNull(5)) << "an empty blob is not NULL";
      EXPECT_EQ(row.Text(4), "");
      EXPECT_EQ(row.Bytes(5), "");
      return absl::OkStatus();
    });
  }));
  EXPECT_EQ(rows, 1);
}

TEST_F(ReadTest, TextAndBlobOfTheSameBytesAreNotEqual) {
  ASSERT_OK(WriteRow(1, "one"));
  const auto count = [&](Param name) {
    int64_t found = -1;
    EXPECT_OK(db_->Read([&](ReadTx& tx) {
      return tx.Query("SELECT count(*) FROM t WHERE name = ?", {name}, [&](const Row& row) {
        found = row.Int(0);
        return absl::OkStatus();
      });
    }));
    return found;
  };
  EXPECT_EQ(count("one"), 1);
  EXPECT_EQ(count(Blob{"one"}), 0);
}

TEST_F(ReadTest, StatusOfTheRowCallbackStopsAndIsReturned) {
  for (int64_t id = 1; id <= 5; ++id) ASSERT_OK(WriteRow(id, absl::StrCat(id)));
  int rows = 0;
  EXPECT_THAT(db_->Read([&](ReadTx& tx) {
    return tx.Query("SELECT id FROM t ORDER BY id", {}, [&](const Row& row) {
      ++rows;
      return row.Int(0) == 2 ? absl::AbortedError("enough") : absl::OkStatus();
    });
  }),
              StatusIs(absl::StatusCode::kAborted, "enough"));
  EXPECT_EQ(rows, 2);
  EXPECT_OK(Query("SELECT id FROM t ORDER BY id")) << "the statement can be used again";
}

TEST_F(ReadTest, SameStatementMayRunInsideItsOwnCallback) {
  for (int64_t id = 1; id <= 3; ++id) ASSERT_OK(WriteRow(id, absl::StrCat(id)));
  constexpr absl::string_view kSql = "SELECT id FROM t WHERE id > ? ORDER BY id";
  std::string seen;
  ASSERT_OK(db_->Read([&](ReadTx& tx) {
    return tx.Query(kSql, {int64_t{0}}, [&](const Row& outer) {
      absl::StrAppend(&seen, outer.Int(0), ":");
      KP_RETURN_IF_ERROR(tx.Query(kSql, {outer.Int(0)}, [&](const Row& inner) {
        absl::StrAppend(&seen, inner.Int(0));
        return absl::OkStatus();
      }));
      absl::StrAppend(&seen, " ");
      return absl::OkStatus();
    });
  }));
  EXPECT_EQ(seen, "1:23 2:3 3: ");
}

TEST_F(ReadTest, WritingIsRefused) {
  for (const char* sql : {"INSERT INTO t VALUES (1, 'x')", "DELETE FROM t", "CREATE TABLE u (id)",
                          "PRAGMA query_only = OFF", "COMMIT", "ATTACH ':memory:' AS m"}) {
    EXPECT_THAT(Query(sql), StatusIs(absl::StatusCode::kInternal)) << sql;
  }
  EXPECT_EQ(Rows(), 0);
}

TEST_F(ReadTest, SqlThatIsNotOneStatementWithItsParametersIsInternal) {
  for (const char* sql : {"", "  ", "-- nothing", "SELECT nothing FROM t", "SELEC 1",
                          "SELECT 1; SELECT 2", "SELECT ?"}) {
    EXPECT_THAT(Query(sql), StatusIs(absl::StatusCode::kInternal)) << sql;
  }
  EXPECT_THAT(Query("SELECT ?", {int64_t{1}, int64_t{2}}), StatusIs(absl::StatusCode::kInternal));
  EXPECT_OK(Query("SELECT 1 ; \n"));
}

TEST_F(ReadTest, MoreReadersThanConnectionsWaitForTheirTurn) {
  ASSERT_OK(WriteRow(1, "one"));
  constexpr int kThreads = limits::kMaxReadConnections + 8;
  std::atomic<int> inside = 0;
  Latch full;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      EXPECT_OK(db_->Read([&](ReadTx& tx) {
        if (++inside == limits::kMaxReadConnections) full.Open();
        full.Wait();  // every connection is lent before one comes back
        EXPECT_EQ(One(tx, "SELECT count(*) FROM t"), 1);
        return absl::OkStatus();
      }));
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(inside, kThreads);
}

TEST_F(ReadTest, R18CountersTellTheWorkOfACall) {
  ASSERT_OK(WriteRow(1, "one"));
  const Database::Counters before = db_->counters();
  ASSERT_OK(Query("SELECT id FROM t"));
  ASSERT_OK(WriteRow(2, "two"));
  const Database::Counters after = db_->counters();
  EXPECT_EQ(after.reads - before.reads, 1);
  EXPECT_EQ(after.statements - before.statements, 2);
  EXPECT_EQ(after.commits - before.commits, 1);
  EXPECT_EQ(after.units_of_work - before.units_of_work, 1);
}

}  // namespace
}  // namespace knooppunt::storage
