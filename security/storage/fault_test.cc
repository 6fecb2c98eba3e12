// What the store does when the machine fails it: a full disk, a failed sync, a kill.
#include <sqlcipher/sqlite3.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <set>
#include <thread>

#include "security/storage/database_testing.h"

namespace {

std::atomic<bool> g_disk_full = false;
std::atomic<bool> g_sync_fails = false;
std::atomic<int64_t> g_syncs = 0;

using PwriteFn = ssize_t (*)(int, const void*, size_t, off64_t);
PwriteFn g_real_pwrite = nullptr;

ssize_t PwriteOrFull(int fd, const void* data, size_t size, off64_t offset) {
  if (g_disk_full) {
    errno = ENOSPC;
    return -1;
  }
  return g_real_pwrite(fd, data, size, offset);
}

}  // namespace

// Takes the place of libc's in this program, the SQLCipher library included.
extern "C" int fdatasync(int fd) {
  ++g_syncs;
  if (g_sync_fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace knooppunt::storage {
namespace {

using ::knooppunt::testing::StatusIs;

class FaultTest : public DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(sqlite3_initialize(), SQLITE_OK);
    sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
    ASSERT_NE(vfs, nullptr);
    g_real_pwrite = reinterpret_cast<PwriteFn>(vfs->xGetSystemCall(vfs, "pwrite64"));
    ASSERT_NE(g_real_pwrite, nullptr);
    ASSERT_EQ(
        vfs->xSetSystemCall(vfs, "pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(&PwriteOrFull)),
        SQLITE_OK);
  }
  void SetUp() override {
    DatabaseTest::SetUp();
    ASSERT_OK(OpenDefault());
  }
  void TearDown() override {
    g_disk_full = false;
    g_sync_fails = false;
    DatabaseTest::TearDown();
  }
  static absl::Status InsertWithRecord(WriteTx& tx, int64_t id) {
    KP_RETURN_IF_ERROR(Insert(tx, id, absl::StrCat(id)));
    return tx.AppendOutbox(OutboxKind::kAudit, absl::StrCat(id), "", "").status();
  }
};

TEST_F(FaultTest, OneCommitIsOneSync) {
  ASSERT_OK(WriteRow(1, "one"));
  const int64_t before = g_syncs;
  for (int64_t id = 2; id < 12; ++id) ASSERT_OK(WriteRow(id, absl::StrCat(id)));
  EXPECT_EQ(g_syncs - before, 10);
}

TEST_F(FaultTest, WholeGroupSharesOneSync) {
  Outcomes outcomes;
  int64_t before = 0;
  ASSERT_OK(WriteRow(1000, "first"));
  {
    WriterHeld held(*db_);  // writes nothing, so syncs nothing
    before = g_syncs;
    for (int i = 0; i < 32; ++i) {
      db_->Submit(
          {}, [i](WriteTx& tx) { return InsertWithRecord(tx, i); }, outcomes.Note(i));
    }
  }
  outcomes.Await(32);
  EXPECT_EQ(g_syncs - before, 1);
}

TEST_F(FaultTest, DiskFullAtCommitRollsTheWholeGroupBackAndTheProcessLives) {
  ASSERT_OK(db_->Write([](WriteTx& tx) { return InsertWithRecord(tx, 1000); }));
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    g_disk_full = true;
    for (int i = 0; i < 10; ++i) {
      db_->Submit(
          {}, [i](WriteTx& tx) { return InsertWithRecord(tx, i); }, outcomes.Note(i));
    }
  }
  const auto all = outcomes.Await(10);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(all[i].tag, i);
    EXPECT_THAT(all[i].status, StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_EQ(all[i].position, 1);
  }
  EXPECT_EQ(Rows(), 1) << "reads go on";
  EXPECT_EQ(db_->position(), 1);

  g_disk_full = false;
  for (int64_t id = 0; id < 10; ++id) {
    ASSERT_OK(db_->Write([id](WriteTx& tx) { return InsertWithRecord(tx, id); }));
  }
  EXPECT_EQ(Rows(), 11);
  EXPECT_EQ(FollowOutbox().size(), 11u) << "no gap and one chain";
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(FollowOutbox().size(), 11u);
}

TEST_F(FaultTest, DiskFullInsideABodyFailsTheGroupEvenIfTheBodyHidesIt) {
  Database::Options options = DefaultOptions();
  options.page_cache_kib = 40;  // a body that writes more spills to the log before its commit
  ASSERT_OK(OpenWith(std::move(options)));
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    g_disk_full = true;
    db_->Submit(
        {}, [](WriteTx& tx) { return InsertWithRecord(tx, 1); }, outcomes.Note(1));
    db_->Submit(
        {},
        [](WriteTx& tx) {
          const std::string big(20'000, 'x');
          absl::Status status;
          for (int64_t id = 100; id < 200 && status.ok(); ++id) {
            status = Insert(tx, id, absl::StrCat(id, big));
          }
          EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
          EXPECT_THAT(InsertWithRecord(tx, 2), StatusIs(absl::StatusCode::kResourceExhausted));
          return absl::OkStatus();
        },
        outcomes.Note(2));
    db_->Submit(
        {}, [](WriteTx& tx) { return InsertWithRecord(tx, 3); }, outcomes.Note(3));
  }
  for (const auto& outcome : outcomes.Await(3)) {
    EXPECT_THAT(outcome.status, StatusIs(absl::StatusCode::kResourceExhausted));
  }
  g_disk_full = false;
  EXPECT_EQ(Rows(), 0);
  ASSERT_OK(db_->Write([](WriteTx& tx) { return InsertWithRecord(tx, 4); }));
  EXPECT_EQ(FollowOutbox().size(), 1u);
}

TEST_F(FaultTest, DiskFullAtOpenIsResourceExhausted) {
  db_.reset();
  path_ = directory_ + "/other.db";
  g_disk_full = true;
  EXPECT_THAT(OpenDefault(), StatusIs(absl::StatusCode::kResourceExhausted));
  g_disk_full = false;
  EXPECT_OK(OpenDefault()) << "what was left behind is no obstacle";
}

TEST_F(FaultTest, FailedSyncEndsTheProcess) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  db_.reset();
  EXPECT_EXIT(
      {
        if (!OpenDefault().ok()) _exit(1);
        g_sync_fails = true;
        (void)WriteRow(1, "one");
        _exit(2);
      },
      ::testing::KilledBySignal(SIGABRT), "a sync to disk failed");
}

// The child writes from four threads and tells each acknowledged id over the pipe.
[[noreturn]] void WriteUntilKilled(Database::Options options, int pipe_fd, int64_t first_id) {
  auto db = Database::Open(std::move(options));
  if (!db.ok()) _exit(1);
  std::atomic<int64_t> next = first_id;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const int64_t id = next++;
        const auto position = (*db)->Write([id](WriteTx& tx) -> absl::Status {
          KP_RETURN_IF_ERROR(
              tx.Exec("INSERT INTO t (id, name) VALUES (?, ?)", {id, absl::StrCat(id)}).status());
          return tx.AppendOutbox(OutboxKind::kAudit, absl::StrCat(id), "", "").status();
        });
        if (!position.ok() || write(pipe_fd, &id, sizeof(id)) != sizeof(id)) _exit(2);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  _exit(3);
}

TEST_F(FaultTest, R22EveryAcknowledgedWriteSurvivesAKill) {
  db_.reset();
  std::set<int64_t> acknowledged;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      WriteUntilKilled(DefaultOptions(), ends[1], (round + 1) * 1'000'000);
    }
    close(ends[1]);
    int64_t id;
    for (int heard = 0; read(ends[0], &id, sizeof(id)) == sizeof(id); ++heard) {
      acknowledged.insert(id);
      // In the middle of whatever it is doing; what it still told is read on.
      if (heard == 100 + 37 * round) {
        ASSERT_EQ(kill(child, SIGKILL), 0);
      }
    }
    close(ends[0]);
    int result = 0;
    ASSERT_EQ(waitpid(child, &result, 0), child);
    ASSERT_TRUE(WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL) << result;

    ASSERT_OK(OpenDefault());
    std::set<int64_t> rows;
    ASSERT_OK(db_->Read([&](ReadTx& tx) {
      return tx.Query("SELECT id FROM t", {}, [&](const Row& row) {
        rows.insert(row.Int(0));
        return absl::OkStatus();
      });
    }));
    EXPECT_TRUE(std::includes(rows.begin(), rows.end(), acknowledged.begin(), acknowledged.end()));
    const auto entries = FollowOutbox();
    EXPECT_EQ(entries.size(), rows.size()) << "each change has its record";
    for (const OutboxEntry& entry : entries) EXPECT_EQ(rows.count(std::stoll(entry.body)), 1u);
    db_.reset();
  }
  EXPECT_GT(acknowledged.size(), 500u);
}

}  // namespace
}  // namespace knooppunt::storage
