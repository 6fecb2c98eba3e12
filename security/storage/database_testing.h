// A fixture for tests over a real database in a directory of its own.
#ifndef KNOOPPUNT_SECURITY_STORAGE_DATABASE_TESTING_H_
#define KNOOPPUNT_SECURITY_STORAGE_DATABASE_TESTING_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/new_folder_testing.h"
#include "base/status.h"
#include "base/status_testing.h"
#include "security/crypto/random.h"
#include "security/storage/database.h"

namespace knooppunt::storage {

// Awaited once, announced once.
class Latch {
 public:
  void Open() {
    base::MutexLock lock(mu_);
    open_ = true;
    opened_.NotifyAll();
  }
  void Wait() {
    base::MutexLock lock(mu_);
    while (!open_) opened_.Wait(mu_);
  }

 private:
  base::Mutex mu_;
  base::CondVar opened_;
  bool open_ ABSL_GUARDED_BY(mu_) = false;
};

// Holds the writer thread inside a unit of work, so that what is submitted meanwhile
// forms the next groups. Released at destruction at the latest.
class WriterHeld {
 public:
  explicit WriterHeld(Database& db) {
    db.Submit(
        {},
        [state = state_](WriteTx&) {
          state->held.Open();
          state->released.Wait();
          return absl::OkStatus();
        },
        [](absl::Status, int64_t) {});
    state_->held.Wait();
  }
  ~WriterHeld() { Release(); }
  void Release() { state_->released.Open(); }

 private:
  struct State {
    Latch held, released;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// What a Done was told, in the order of the calls.
class Outcomes {
 public:
  struct Outcome {
    int tag;
    absl::Status status;
    int64_t position;
  };
  // A Done that notes its outcome under `tag`.
  Database::Done Note(int tag) {
    return [this, tag](absl::Status status, int64_t position) {
      base::MutexLock lock(mu_);
      outcomes_.push_back({tag, std::move(status), position});
      noted_.NotifyAll();
    };
  }
  std::vector<Outcome> Await(size_t count) {
    base::MutexLock lock(mu_);
    while (outcomes_.size() < count) noted_.Wait(mu_);
    return outcomes_;
  }
  size_t count() {
    base::MutexLock lock(mu_);
    return outcomes_.size();
  }

 private:
  base::Mutex mu_;
  base::CondVar noted_;
  std::vector<Outcome> outcomes_ ABSL_GUARDED_BY(mu_);
};

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::knooppunt::testing::NewFolder("storage");
    path_ = directory_ + "/unit.db";
  }
  void TearDown() override {
    db_.reset();
    std::filesystem::remove_all(directory_);
  }

  // One table t(id, name UNIQUE).
  Database::Options DefaultOptions() {
    Database::Options options;
    options.path = path_;
    options.key = &key_;
    options.unit = "dossier";
    options.migrations = {
        {1, "first",
         "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE)"}};
    options.clock = &clock_;
    options.random = &random_;
    return options;
  }
  // Opens, or opens again what is open.
  absl::Status OpenWith(Database::Options options) {
    db_.reset();
    KP_ASSIGN_OR_RETURN(db_, Database::Open(std::move(options)));
    return absl::OkStatus();
  }
  absl::Status OpenDefault() { return OpenWith(DefaultOptions()); }

  static absl::Status Insert(WriteTx& tx, int64_t id, absl::string_view name) {
    return tx.Exec("INSERT INTO t (id, name) VALUES (?, ?)", {id, name}).status();
  }
  absl::Status WriteRow(int64_t id, absl::string_view name) {
    return db_->Write([&](WriteTx& tx) { return Insert(tx, id, name); }).status();
  }
  // The single value of a query of one row.
  static int64_t One(ReadTx& tx, absl::string_view sql) {
    int64_t value = -1;
    EXPECT_OK(tx.Query(sql, {}, [&](const Row& row) {
      value = row.Int(0);
      return absl::OkStatus();
    }));
    return value;
  }
  int64_t One(absl::string_view sql) {
    int64_t value = -1;
    EXPECT_OK(db_->Read([&](ReadTx& tx) {
      value = One(tx, sql);
      return absl::OkStatus();
    }));
    return value;
  }
  int64_t Rows() { return One("SELECT count(*) FROM t"); }

  // Every entry, following the chain; a test failure when it breaks.
  std::vector<OutboxEntry> FollowOutbox() {
    std::vector<OutboxEntry> all;
    std::string chain = ChainStart(db_->unit(), db_->incarnation());
    for (;;) {
      const auto batch = db_->ReadOutbox(all.empty() ? 0 : all.back().seq, 1000);
      EXPECT_OK(batch);
      if (!batch.ok() || batch->empty()) break;
      for (const OutboxEntry& entry : *batch) {
        EXPECT_EQ(entry.seq, static_cast<int64_t>(all.size()) + 1);
        chain = ChainNext(chain, entry.seq, entry.kind, entry.body);
        EXPECT_EQ(entry.chain, chain) << "at seq " << entry.seq;
        all.push_back(entry);
      }
    }
    EXPECT_EQ(db_->position(), static_cast<int64_t>(all.size()));
    return all;
  }

  static std::string FileContent(const std::string& path) {
    std::stringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
  }
  static void WriteFile(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
  }

  std::string directory_;
  std::string path_;
  base::FakeClock clock_{absl::UnixEpoch() + absl::Hours(24 * 365 * 50)};
  crypto::SystemRandom random_;
  crypto::SecretBytes key_ =
      crypto::SecretBytes::From(std::string(32, 'k'), crypto::SecretAccess::For("test"));
  std::unique_ptr<Database> db_;
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_DATABASE_TESTING_H_
