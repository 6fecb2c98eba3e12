// Rows of the failure table: a full disk, and a disk that fails to sync.
#include <sqlcipher/sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "tests/faults/whole_log.h"
#include "tests/integration/region_testing.h"

namespace {

std::atomic<bool> g_disk_full = false;
std::atomic<bool> g_sync_fails = false;

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
  if (g_sync_fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace knooppunt::faults {
namespace {

using absl::StatusCode;
using integration::Fails;
using integration::Refused;
using integration::Region;
using integration::Require;

class DiskTest : public ::testing::Test {
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
  void TearDown() override {
    g_disk_full = false;
    g_sync_fails = false;
  }
};

TEST_F(DiskTest, R22AFullDiskGivesNoAnswerLosesNothingAndTheProcessLives) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  ASSERT_OK(region.AddNote("Voor de volle schijf."));
  casework::v1::AddContributionRequest request = region.Note("Tijdens de volle schijf.");
  request.set_request_id(region.RequestId());
  casework::v1::Contribution answer;
  const auto add = [&] {
    return region.CallAsIs(region.ib, "casework.v1.CaseworkService/AddContribution", request,
                           &answer);
  };
  const auto not_recorded = Fails(StatusCode::kResourceExhausted, "NOT_RECORDED");
  g_disk_full = true;
  EXPECT_THAT(add(), not_recorded);
  EXPECT_THAT(region.GetCase(region.ib), not_recorded) << "no record, no answer";
  EXPECT_THAT(region.GetCase(region.stranger), not_recorded) << "nor a refusal";
  EXPECT_THAT(region.Withdraw(consent, region.mother), not_recorded);
  g_disk_full = false;

  EXPECT_THAT(region.Notes(), ::testing::ElementsAre("Voor de volle schijf."));
  EXPECT_OK(region.GetCase(region.nurse)) << "the withdrawal did not happen, and was not said to";
  EXPECT_OK(add()) << "a retry runs";
  EXPECT_OK(region.Withdraw(consent, region.mother));
  EXPECT_THAT(region.GetCase(region.nurse), Refused());
  EXPECT_THAT(region.Notes(),
              ::testing::ElementsAre("Voor de volle schijf.", "Tijdens de volle schijf."));
  EXPECT_OK(VerifyWholeLog(region));
}

TEST_F(DiskTest, AFailedSyncEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        Region region;
        Require(region.Start(), "start");
        region.Furnish();
        g_sync_fails = true;
        region.AddNote("Nooit zeker opgeslagen.").IgnoreError();
        _exit(2);
      },
      ::testing::KilledBySignal(SIGABRT), "a sync to disk failed");
}

}  // namespace
}  // namespace knooppunt::faults
