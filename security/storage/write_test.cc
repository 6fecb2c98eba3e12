#include <thread>

#include "base/limits.h"
#include "security/storage/database_testing.h"

namespace knooppunt::storage {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

class WriteTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    ASSERT_OK(OpenDefault());
  }
  absl::StatusOr<int64_t> Exec(absl::string_view sql, Params params = {}) {
    int64_t changed = -1;
    KP_RETURN_IF_ERROR(db_->Write([&](WriteTx& tx) -> absl::Status {
                            KP_ASSIGN_OR_RETURN(changed, tx.Exec(sql, params));
                            return absl::OkStatus();
                          })
                           .status());
    return changed;
  }
  void SubmitInsert(int64_t id, Database::Done done) {
    db_->Submit(
        {}, [id](WriteTx& tx) { return Insert(tx, id, absl::StrCat(id)); }, std::move(done));
  }
};

TEST_F(WriteTest, ExecTellsHowManyRowsChanged) {
  EXPECT_EQ(*Exec("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"), 3);
  EXPECT_EQ(*Exec("UPDATE t SET name = name || '!' WHERE id > ?", {int64_t{1}}), 2);
  EXPECT_EQ(*Exec("DELETE FROM t WHERE id = 99"), 0);
  EXPECT_EQ(*Exec("CREATE TABLE u (id INTEGER)"), 0);
}

TEST_F(WriteTest, ConstraintsMapToTheirStatus) {
  ASSERT_OK(Exec(
      "CREATE TABLE c (id INTEGER PRIMARY KEY, t REFERENCES t (id), n INTEGER CHECK (n > 0))"));
  ASSERT_OK(WriteRow(1, "one"));
  EXPECT_THAT(WriteRow(1, "other"), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(WriteRow(2, "one"), StatusIs(absl::StatusCode::kAlreadyExists));
  for (const char* sql : {"INSERT INTO t VALUES (3, NULL)", "INSERT INTO c VALUES (1, 99, 1)",
                          "INSERT INTO c VALUES (1, 1, 0)"}) {
    EXPECT_THAT(Exec(sql), StatusIs(absl::StatusCode::kFailedPrecondition)) << sql;
  }
  EXPECT_THAT(Exec("SELECT 1"), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(WriteTest, ErrorsNeverShowAValue) {
  ASSERT_OK(WriteRow(1, "Zwaantje"));
  const absl::Status status = WriteRow(2, "Zwaantje");
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kAlreadyExists, ::testing::Not(HasSubstr("Zwaantje"))));
}

TEST_F(WriteTest, FailedUnitRollsBackAloneAndTheOthersOfItsGroupGoOn) {
  Outcomes outcomes;
  const Database::Counters before = db_->counters();
  {
    WriterHeld held(*db_);
    for (int i = 1; i <= 10; ++i) {
      db_->Submit(
          {},
          [i](WriteTx& tx) -> absl::Status {
            KP_RETURN_IF_ERROR(Insert(tx, i, absl::StrCat(i)));
            KP_RETURN_IF_ERROR(
                tx.AppendOutbox(OutboxKind::kAudit, absl::StrCat(i), "", "").status());
            return i % 3 == 0 ? absl::AbortedError("no") : absl::OkStatus();
          },
          outcomes.Note(i));
    }
  }
  const auto all = outcomes.Await(10);
  int64_t position = 0;
  for (int i = 1; i <= 10; ++i) {
    EXPECT_EQ(all[i - 1].tag, i) << "done in commit order";
    EXPECT_EQ(all[i - 1].status.code(),
              i % 3 == 0 ? absl::StatusCode::kAborted : absl::StatusCode::kOk);
    if (i % 3 != 0) ++position;
    EXPECT_EQ(all[i - 1].position, position);
  }
  EXPECT_EQ(Rows(), 7);
  EXPECT_EQ(One("SELECT count(*) FROM t WHERE id % 3 = 0"), 0);
  EXPECT_EQ(db_->counters().commits - before.commits, 2) << "the held one and the group";
  EXPECT_EQ(FollowOutbox().size(), 7u);
}

TEST_F(WriteTest, UnitSeesTheEarlierOnesOfItsGroupAndReadersDoNot) {
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    SubmitInsert(1, outcomes.Note(1));
    db_->Submit(
        {},
        [this](WriteTx& tx) {
          EXPECT_EQ(One(tx, "SELECT count(*) FROM t"), 1);
          EXPECT_EQ(Rows(), 0);
          return absl::OkStatus();
        },
        outcomes.Note(2));
  }
  outcomes.Await(2);
  EXPECT_EQ(Rows(), 1);
}

TEST_F(WriteTest, ManyConcurrentSubmitsShareFewCommits) {
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  Outcomes outcomes;
  const Database::Counters before = db_->counters();
  {
    WriterHeld held(*db_);
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) SubmitInsert(t * kEach + i, outcomes.Note(t));
      });
    }
    for (std::thread& t : threads) t.join();
  }
  for (const auto& outcome : outcomes.Await(kThreads * kEach)) EXPECT_OK(outcome.status);
  const Database::Counters after = db_->counters();
  EXPECT_EQ(after.units_of_work - before.units_of_work, 1 + kThreads * kEach);
  constexpr int kGroups =
      (kThreads * kEach + limits::kMaxWritesPerGroup - 1) / limits::kMaxWritesPerGroup;
  EXPECT_EQ(after.commits - before.commits, 1 + kGroups);
  EXPECT_EQ(Rows(), kThreads * kEach);
}

TEST_F(WriteTest, ConcurrentWritersAllGetTheirOwnAnswer) {
  std::vector<std::thread> threads;
  threads.reserve(8);
  std::atomic<int> refused = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        // Each id is tried by two threads; one of them wins.
        const int64_t id = (t / 2) * 50 + i;
        const absl::Status status = WriteRow(id, absl::StrCat(id));
        if (status.code() == absl::StatusCode::kAlreadyExists) {
          ++refused;
        } else {
          EXPECT_OK(status);
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(Rows(), 200);
  EXPECT_EQ(refused, 200);
}

TEST_F(WriteTest, MoreThanTheQueueHoldsIsRefusedAndTheRestIsDone) {
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    for (int i = 0; i < limits::kMaxQueuedWrites + 3; ++i) SubmitInsert(i, outcomes.Note(i));
    // The refusals are told while the writer still stands.
    for (const auto& outcome : outcomes.Await(3)) {
      EXPECT_GE(outcome.tag, limits::kMaxQueuedWrites);
      EXPECT_THAT(outcome.status, StatusIs(absl::StatusCode::kResourceExhausted));
    }
  }
  outcomes.Await(limits::kMaxQueuedWrites + 3);
  EXPECT_EQ(Rows(), limits::kMaxQueuedWrites);
}

TEST_F(WriteTest, DestructionDrainsWhatWasSubmitted) {
  Outcomes outcomes;
  {
    auto held = std::make_unique<WriterHeld>(*db_);
    for (int i = 0; i < 500; ++i) SubmitInsert(i, outcomes.Note(i));
    std::thread release([&] { held.reset(); });
    db_.reset();
    release.join();
  }
  EXPECT_EQ(outcomes.count(), 500u) << "nobody is told after destruction";
  for (const auto& outcome : outcomes.Await(500)) EXPECT_OK(outcome.status);
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(Rows(), 500);
}

TEST_F(WriteTest, ShutdownRefusesNewWorkDoesTheOldAndStillReads) {
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    SubmitInsert(1, outcomes.Note(1));
    db_->Shutdown();
    SubmitInsert(2, outcomes.Note(2));
  }
  const auto all = outcomes.Await(2);
  for (const auto& outcome : all) {
    EXPECT_EQ(outcome.status.code(),
              outcome.tag == 1 ? absl::StatusCode::kOk : absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(Rows(), 1);
}

TEST_F(WriteTest, DoneMaySubmitTheNext) {
  Outcomes outcomes;
  SubmitInsert(1, [&](absl::Status status, int64_t) {
    EXPECT_OK(status);
    SubmitInsert(2, outcomes.Note(2));
  });
  outcomes.Await(1);
  EXPECT_EQ(Rows(), 2);
}

TEST_F(WriteTest, GroupOfFailuresOnlyCommitsNothing) {
  const Database::Counters before = db_->counters();
  EXPECT_THAT(db_->Write([](WriteTx& tx) -> absl::Status {
    KP_RETURN_IF_ERROR(Insert(tx, 1, "one"));
    return absl::NotFoundError("after all");
  }),
              StatusIs(absl::StatusCode::kNotFound, "after all"));
  EXPECT_EQ(db_->counters().commits, before.commits);
  EXPECT_EQ(Rows(), 0);
}

TEST_F(WriteTest, GroupRunsAgainOnlyWhenAUnitFailsAfterWriting) {
  for (const bool writes_first : {false, true}) {
    Outcomes outcomes;
    int runs = 0;
    {
      WriterHeld held(*db_);
      db_->Submit(
          {},
          [&](WriteTx& tx) {
            ++runs;
            return Insert(tx, 10 + writes_first, absl::StrCat("ok ", writes_first));
          },
          outcomes.Note(1));
      db_->Submit(
          {},
          [&](WriteTx& tx) -> absl::Status {
            if (writes_first) KP_RETURN_IF_ERROR(Insert(tx, 20, "undone"));
            return absl::AbortedError("no");
          },
          outcomes.Note(2));
    }
    const auto all = outcomes.Await(2);
    EXPECT_OK(all[0].status);
    EXPECT_THAT(all[1].status, StatusIs(absl::StatusCode::kAborted));
    EXPECT_EQ(runs, writes_first ? 2 : 1);
  }
  EXPECT_EQ(Rows(), 2);
}

TEST_F(WriteTest, EveryBodyRunsTwiceForATestThatAsks) {
  Database::Options options = DefaultOptions();
  options.run_every_body_twice = true;
  ASSERT_OK(OpenWith(std::move(options)));
  const Database::Counters before = db_->counters();
  int runs = 0;
  ASSERT_OK(db_->Write([&](WriteTx& tx) -> absl::Status {
    ++runs;
    KP_RETURN_IF_ERROR(Insert(tx, 1, "one"));
    return tx.AppendOutbox(OutboxKind::kAudit, "body", "", "").status();
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(FollowOutbox().size(), 1u);
  const Database::Counters after = db_->counters();
  EXPECT_EQ(after.units_of_work - before.units_of_work, 1);
  EXPECT_EQ(after.commits - before.commits, 1);
}

TEST_F(WriteTest, BodyMayNotEndTheTransactionOrReachAround) {
  for (const char* sql : {"COMMIT", "ROLLBACK", "SAVEPOINT s", "RELEASE unit_of_work",
                          "PRAGMA synchronous = OFF", "ATTACH ':memory:' AS m"}) {
    EXPECT_THAT(Exec(sql), StatusIs(absl::StatusCode::kInternal)) << sql;
  }
  ASSERT_OK(WriteRow(1, "one"));
  EXPECT_EQ(Rows(), 1);
}

TEST_F(WriteTest, ConflictClauseThatEndsTheTransactionFailsTheWholeGroup) {
  ASSERT_OK(WriteRow(1, "one"));
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    SubmitInsert(2, outcomes.Note(2));
    db_->Submit(
        {},
        [](WriteTx& tx) {
          EXPECT_FALSE(tx.Exec("INSERT OR ROLLBACK INTO t VALUES (1, 'x')", {}).ok());
          EXPECT_FALSE(Insert(tx, 3, "would commit on its own").ok());
          return absl::OkStatus();
        },
        outcomes.Note(3));
  }
  for (const auto& outcome : outcomes.Await(2)) {
    EXPECT_THAT(outcome.status, StatusIs(absl::StatusCode::kInternal));
  }
  EXPECT_EQ(Rows(), 1);
  ASSERT_OK(WriteRow(4, "four"));
  EXPECT_EQ(Rows(), 2);
}

TEST_F(WriteTest, SchemaChangeReachesReadersWithPreparedStatements) {
  ASSERT_OK(WriteRow(1, "one"));
  EXPECT_EQ(Rows(), 1);
  ASSERT_OK(Exec("ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'm'"));
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(One("SELECT count(*) FROM t WHERE more = 'm'"), 1);
}

TEST_F(WriteTest, LogStaysBoundedUnderManyWrites) {
  const std::string big(100'000, 'x');
  for (int64_t round = 0; round < 60; ++round) {
    ASSERT_OK(db_->Write([&](WriteTx& tx) -> absl::Status {
      for (int64_t i = 0; i < 20; ++i) {
        KP_RETURN_IF_ERROR(Insert(tx, round * 20 + i, absl::StrCat(round * 20 + i, big)));
      }
      return absl::OkStatus();
    }));
  }
  // 120 MB were written; without checkpoints the log would hold them all.
  EXPECT_LT(std::filesystem::file_size(path_ + "-wal"), 3u * limits::kCheckpointPages * 4200);
  EXPECT_EQ(Rows(), 1200);
}

}  // namespace
}  // namespace knooppunt::storage
