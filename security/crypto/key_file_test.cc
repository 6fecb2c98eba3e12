#include "security/crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_format.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::crypto {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

const SecretAccess kAccess = SecretAccess::For("test");

constexpr char kPrivatePem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kPublicPem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

class KeyFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::knooppunt::testing::NewFolder("key_file");
    path_ = directory_ + "/key";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void WriteFile(absl::string_view content, mode_t mode = 0600) {
    std::ofstream(path_, std::ios::binary) << content;
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }
  std::string FileContent() {
    std::stringstream out;
    out << std::ifstream(path_, std::ios::binary).rdbuf();
    return out.str();
  }

  std::string directory_;
  std::string path_;
};

TEST_F(KeyFileTest, CreatedRootReadsBackAndIsOnlyForItsOwner) {
  SeededRandom random(1), same(1);
  ASSERT_OK(CreateRootKey(path_, random));
  struct stat st;
  ASSERT_EQ(stat(path_.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600u);
  ASSERT_OK_AND_ASSIGN(const SecretBytes key, ReadRootKey(path_));
  EXPECT_EQ(key.Expose(kAccess), same.Bytes(32));
}

TEST_F(KeyFileTest, CreateNeverOverwrites) {
  SystemRandom random;
  WriteFile("precious");
  EXPECT_THAT(CreateRootKey(path_, random), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(FileContent(), "precious");
}

TEST_F(KeyFileTest, CreateInAMissingDirectoryIsNotFound) {
  SystemRandom random;
  EXPECT_THAT(CreateRootKey(directory_ + "/missing/key", random),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyFileTest, MissingFileIsNotFound) {
  EXPECT_THAT(ReadRootKey(path_), StatusIs(absl::StatusCode::kNotFound, HasSubstr(path_)));
  EXPECT_THAT(ReadSigningKey(path_), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadVerifyKey(path_), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyFileTest, EveryBitForOthersIsRefusedWithWhatToDo) {
  for (mode_t bit : {0040, 0020, 0010, 0004, 0002, 0001}) {
    const mode_t mode = 0600 | bit;
    WriteFile(std::string(64, 'a'), mode);
    const std::string octal = absl::StrFormat("%04o", mode);
    EXPECT_THAT(ReadRootKey(path_),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         AllOf(HasSubstr(path_), HasSubstr(octal), HasSubstr("chmod 600"))));
    EXPECT_THAT(ReadSigningKey(path_), StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  WriteFile(std::string(64, 'a'), 0400);
  EXPECT_OK(ReadRootKey(path_));
}

TEST_F(KeyFileTest, FileOfAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  WriteFile(std::string(64, 'a'));
  ASSERT_EQ(chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_THAT(ReadRootKey(path_),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("65534")));
}

TEST_F(KeyFileTest, DirectoryAndFifoAreRefusedWithoutWaiting) {
  EXPECT_THAT(ReadRootKey(directory_), StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(ReadRootKey(path_), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(KeyFileTest, LinkLeadsToTheCheckOfItsTarget) {
  WriteFile(std::string(64, 'a'));
  const std::string link = directory_ + "/link";
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  EXPECT_OK(ReadRootKey(link));
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(ReadRootKey(link), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(KeyFileTest, RootTakes64HexDigitsAndAtMostANewline) {
  const std::string digits(64, 'A');
  for (const std::string& good : {digits, digits + "\n"}) {
    WriteFile(good);
    ASSERT_OK_AND_ASSIGN(const SecretBytes key, ReadRootKey(path_));
    EXPECT_EQ(key.Expose(kAccess), std::string(32, '\xaa'));
  }
  for (const std::string& bad :
       {std::string(), digits.substr(1), digits + "A", digits + "\n\n", digits + "\r\n",
        " " + digits, std::string(64, 'g'), std::string(20'000, 'a')}) {
    WriteFile(bad);
    EXPECT_THAT(ReadRootKey(path_), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(path_)))
        << bad.size();
  }
}

TEST_F(KeyFileTest, SigningKeyReadsPkcs8AndErrorsNeverShowContent) {
  WriteFile(kPrivatePem);
  ASSERT_OK_AND_ASSIGN(const SigningKey key, ReadSigningKey(path_));
  EXPECT_EQ(HexEncode(key.verify_key().raw()),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  WriteFile("secret nonsense");
  EXPECT_THAT(ReadSigningKey(path_),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(path_), ::testing::Not(HasSubstr("nonsense")))));
}

TEST_F(KeyFileTest, EncryptedSigningKeyIsRefusedAndNobodyIsAskedForAPassphrase) {
  const std::string command =
      "openssl genpkey -algorithm ed25519 -aes256 -pass pass:x -out " + path_ + " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  ASSERT_THAT(FileContent(), HasSubstr("ENCRYPTED"));
  EXPECT_THAT(ReadSigningKey(path_), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyFileTest, VerifyKeyReadsAtAnyMode) {
  WriteFile(kPublicPem, 0644);
  ASSERT_OK_AND_ASSIGN(const VerifyKey key, ReadVerifyKey(path_));
  EXPECT_EQ(key.raw().size(), 32u);
}

}  // namespace
}  // namespace knooppunt::crypto
