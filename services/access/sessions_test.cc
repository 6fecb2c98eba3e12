#include "services/access/sessions.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "schema/access_migrations.h"
#include "security/identity/limits.h"

namespace knooppunt::access {
namespace {

constexpr char kSession[] = "s-1";

class R17SessionsTest : public ::testing::Test {
 protected:
  R17SessionsTest() {
    folder_ = ::knooppunt::testing::NewFolder("sessions");
    Open();
  }
  ~R17SessionsTest() override {
    store_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Open() {
    store_.reset();
    database_.reset();
    storage::Database::Options options;
    options.path = folder_ + "/access.db";
    options.key = &key_;
    options.unit = "access";
    options.migrations = Migrations();
    options.clock = &clock_;
    options.random = &random_;
    options.run_every_body_twice = true;
    database_ = *storage::Database::Open(std::move(options));
    store_ = *SessionStore::Open(database_.get());
  }
  absl::Status End(const std::string& session, absl::Status then = absl::OkStatus()) {
    return database_
        ->Write([&](storage::WriteTx& tx) -> absl::Status {
          const absl::Status ended = store_->End(tx, session, clock_.Now());
          return ended.ok() ? then : ended;
        })
        .status();
  }
  bool Ended(const std::string& session) { return *store_->Ended(session); }
  int64_t Rows() {
    int64_t rows = 0;
    EXPECT_OK(database_->Read([&](storage::ReadTx& tx) {
      return tx.Query("SELECT COUNT(*) FROM ended_session", {}, [&](const storage::Row& row) {
        rows = row.Int(0);
        return absl::OkStatus();
      });
    }));
    return rows;
  }

  crypto::SystemRandom random_;
  const crypto::SecretBytes key_ = random_.Key();
  base::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  std::string folder_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<SessionStore> store_;
};

TEST_F(R17SessionsTest, EndsOneAndNoOther) {
  EXPECT_FALSE(Ended(kSession));
  EXPECT_OK(End(kSession));
  EXPECT_TRUE(Ended(kSession));
  EXPECT_FALSE(Ended("s-2"));
  EXPECT_FALSE(Ended(""));
  EXPECT_OK(End(kSession));
  EXPECT_TRUE(Ended(kSession));
  EXPECT_EQ(Rows(), 1);
}

TEST_F(R17SessionsTest, EndingOutlivesARestart) {
  EXPECT_OK(End(kSession));
  Open();
  EXPECT_TRUE(Ended(kSession));
  EXPECT_FALSE(Ended("s-2"));
}

TEST_F(R17SessionsTest, EndingThatWasNotCommittedEndsNothing) {
  EXPECT_FALSE(End(kSession, absl::ResourceExhaustedError("full")).ok());
  EXPECT_FALSE(Ended(kSession));
  EXPECT_OK(End(kSession));
  EXPECT_TRUE(Ended(kSession));
}

// Remembered for as long as its id token could be shown, and a token from it be used; no longer.
TEST_F(R17SessionsTest, ForgottenOnlyWhenNothingOfItIsLeft) {
  EXPECT_OK(End(kSession));
  clock_.Advance(absl::Seconds(identity::kMaxIdTokenAgeSeconds + limits::kTokenLifetimeSeconds +
                               2 * limits::kIdTokenClockSkewSeconds));
  EXPECT_OK(End("s-2"));
  EXPECT_TRUE(Ended(kSession));
  clock_.Advance(absl::Hours(1));
  EXPECT_OK(End("s-3"));
  EXPECT_FALSE(Ended(kSession));
  EXPECT_TRUE(Ended("s-2"));
  EXPECT_EQ(Rows(), 2);
}

}  // namespace
}  // namespace knooppunt::access
