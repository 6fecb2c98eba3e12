// The real server at its start: what it refuses, and how it says so; and the TLS it speaks.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "tests/faults/daemon.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::faults {
namespace {

using integration::Region;
using ::testing::AllOf;
using ::testing::HasSubstr;

class StartTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { client::RestrictTlsTo13(); }
  std::string Path(const std::string& file) const {
    return absl::StrCat(region_.folder(), "/", file);
  }
  // Makes the databases, and ends in good order.
  void RunOnce() {
    ASSERT_OK(daemon_.Start());
    ASSERT_EQ(daemon_.Terminate(), 0);
  }
  template <typename Matcher>
  void ExpectRefusal(Matcher says, const std::vector<std::string>& flags = {}) {
    const Daemon::Ended ended = daemon_.RunToItsEnd(flags);
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.said, AllOf(HasSubstr("knooppuntd: "), says));
  }
  // Whether `openssl s_client` agrees with the server on this version.
  bool Handshake(const std::string& version) {
    const std::string command = absl::StrCat(
        "openssl s_client -connect 127.0.0.1:", daemon_.port(), " -", version, " -alpn h2 -CAfile ",
        region_.config().tls().ca_file(), " -verify_return_error </dev/null >/dev/null 2>&1");
    return std::system(command.c_str()) == 0;
  }

  Region region_{{.system_clock = true, .listen = true}};
  Daemon daemon_{&region_};
};

TEST_F(StartTest, ItStartsStopsAndStartsAgain) {
  ASSERT_NO_FATAL_FAILURE(RunOnce());
  ASSERT_NO_FATAL_FAILURE(RunOnce());
}

TEST_F(StartTest, Tls13IsSpokenAndTls12IsRefused) {
  ASSERT_OK(daemon_.Start());
  EXPECT_TRUE(Handshake("tls1_3"));
  EXPECT_FALSE(Handshake("tls1_2"));
  EXPECT_FALSE(Handshake("tls1_1"));
}

TEST_F(StartTest, AWrongRootIsSaidToBeAWrongKeyAndNothingIsLost) {
  ASSERT_NO_FATAL_FAILURE(RunOnce());
  std::filesystem::rename(Path("roots/dossier.root"), Path("kept.root"));
  std::filesystem::copy(Path("roots/audit.root"), Path("roots/dossier.root"));
  ExpectRefusal(HasSubstr("dossier.db: wrong key"));
  std::filesystem::remove(Path("roots/dossier.root"));
  std::filesystem::rename(Path("kept.root"), Path("roots/dossier.root"));
  RunOnce();
}

TEST_F(StartTest, AWrongRootOfTheKeyringIsSaidToBeAWrongKey) {
  ASSERT_NO_FATAL_FAILURE(RunOnce());
  std::filesystem::copy(Path("roots/audit.root"), Path("keyring/keyring.root"),
                        std::filesystem::copy_options::overwrite_existing);
  ExpectRefusal(HasSubstr("keyring.db: wrong key"));
}

TEST_F(StartTest, AKeyFileThatOthersCanOpenIsRefusedWithWhatToDo) {
  for (const char* file : {"roots/dossier.root", "keyring/keyring.root", "sign/token.key",
                           "sign/log.key", "tls/all.key"}) {
    ASSERT_EQ(chmod(Path(file).c_str(), 0640), 0);
    ExpectRefusal(AllOf(HasSubstr(file), HasSubstr("0640"), HasSubstr("chmod 600")));
    ASSERT_EQ(chmod(Path(file).c_str(), 0600), 0);
  }
  RunOnce();
}

TEST_F(StartTest, ATruncatedDatabaseIsRefusedAndLeftAsItIs) {
  ASSERT_NO_FATAL_FAILURE(RunOnce());
  const std::string db = region_.config().data_dir() + "/dossier.db";
  const auto whole = std::filesystem::file_size(db);
  for (const auto size : {whole / 2, whole - 1, uintmax_t{100}}) {
    std::filesystem::copy(db, Path("kept.db"), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(db, size);
    ExpectRefusal(HasSubstr("dossier.db: the database file is truncated"));
    EXPECT_EQ(std::filesystem::file_size(db), size);
    std::filesystem::copy(Path("kept.db"), db, std::filesystem::copy_options::overwrite_existing);
  }
  RunOnce();
}

TEST_F(StartTest, AMissingOrMalformedKeyIsNamed) {
  std::filesystem::remove(Path("roots/audit.root"));
  ExpectRefusal(HasSubstr("audit.root"));
  std::ofstream(Path("roots/audit.root")) << "not a key\n";
  ASSERT_EQ(chmod(Path("roots/audit.root").c_str(), 0600), 0);
  ExpectRefusal(HasSubstr("audit.root"));
}

TEST_F(StartTest, AConfigurationThatLacksSomethingIsRefusedByTheSettingsName) {
  region_.config().clear_policy_file();
  ExpectRefusal(HasSubstr("policy_file"));
  region_.config().set_policy_file(Path("nowhere.textproto"));
  ExpectRefusal(HasSubstr("nowhere.textproto"));
}

TEST_F(StartTest, AnUnknownUnitIsRefusedByItsName) {
  ExpectRefusal(HasSubstr("no unit 'gateway'"), {"--units=gateway"});
  ExpectRefusal(HasSubstr("neither in this process"), {"--units=dossier"});
}

TEST_F(StartTest, ADataFolderInUseIsRefused) {
  ASSERT_OK(daemon_.Start());
  Daemon second(&region_);
  const Daemon::Ended ended = second.RunToItsEnd();
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.said, HasSubstr("in use"));
  EXPECT_EQ(daemon_.Terminate(), 0);
}

}  // namespace
}  // namespace knooppunt::faults
