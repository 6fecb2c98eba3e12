// The witness as a process: its flags, its stop, and its memory after kill -9.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_testing.h"
#include "security/audit/file.h"
#include "security/audit/http_witness_client.h"
#include "security/audit/testing_log.h"

namespace knooppunt::witness {
namespace {

using ::testing::HasSubstr;

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() : folder_(audit::TestFolder("process")) {
    log_.Fill(20);
    const std::string command =
        absl::StrCat("umask 077; openssl genpkey -algorithm ed25519 -out ", KeyPath());
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  ~ProcessTest() override {
    if (pid_ > 0) End(SIGKILL);
  }

  std::string KeyPath() const { return folder_ + "/key.pem"; }

  // Starts the binary; what it writes comes through output_.
  void Spawn(const std::vector<std::string>& flags) {
    std::vector<std::string> args = {
        absl::StrCat(std::getenv("KNOOPPUNT_BIN"), "/knooppunt-witness")};
    args.insert(args.end(), flags.begin(), flags.end());
    std::vector<char*> argv;
    argv.reserve(args.size() + 1);
    for (std::string& arg : args) argv.push_back(arg.data());
    argv.push_back(nullptr);
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    pid_ = fork();
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      dup2(ends[1], 1);
      dup2(ends[1], 2);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(ends[1]);
    output_ = ends[0];
  }
  // What the process writes, up to and with `phrase`, or until it ends.
  std::string ReadUntil(absl::string_view phrase) {
    std::string text;
    char c;
    while (read(output_, &c, 1) == 1) {
      text.push_back(c);
      if (!phrase.empty() && absl::EndsWith(text, phrase)) break;
    }
    return text;
  }
  int Wait() {
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    close(output_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int End(int signal) {
    kill(pid_, signal);
    return Wait();
  }
  void Serve() {
    const std::string port_file = folder_ + "/port";
    Spawn({"--key", KeyPath(), "--name", "witness.example/w1", "--state", folder_ + "/state",
           "--listen", "127.0.0.1:0", "--log-key", log_.signer().verifier().ToString(),
           "--port-file", port_file});
    ASSERT_THAT(ReadUntil("witness serves"), HasSubstr("witness serves"));
    const absl::StatusOr<std::string> port = audit::ReadFile(port_file, 16);
    ASSERT_OK(port);
    url_ = absl::StrCat("http://127.0.0.1:", absl::StripSuffix(*port, "\n"));
  }
  std::string PrintedKey() {
    Spawn({"--key", KeyPath(), "--name", "witness.example/w1", "--print-key"});
    const std::string printed = ReadUntil("");
    EXPECT_EQ(Wait(), 0);
    return std::string(absl::StripSuffix(printed, "\n"));
  }
  absl::StatusOr<std::string> Cosign(const audit::NoteVerifier& key, int64_t size, int64_t known) {
    const auto client = *audit::HttpWitnessClient::Create({.url = url_});
    const audit::MemoryTree tree = log_.Tree();
    return audit::CosignCheckpoint({.client = client.get(),
                                    .hashes = &tree,
                                    .witness_keys = {key},
                                    .checkpoint = log_.SignedCheckpoint(size),
                                    .known_size = known});
  }

  audit::TestLog log_;
  std::string folder_;
  std::string url_;
  pid_t pid_ = -1;
  int output_ = -1;
};

TEST_F(ProcessTest, R24RemembersAfterKillAndStopsOnSigterm) {
  ASSERT_OK_AND_ASSIGN(const audit::NoteVerifier key, audit::NoteVerifier::Parse(PrintedKey()));
  EXPECT_EQ(key.name(), "witness.example/w1");
  ASSERT_NO_FATAL_FAILURE(Serve());
  ASSERT_OK(Cosign(key, 10, 0));
  EXPECT_EQ(End(SIGKILL), -SIGKILL);

  ASSERT_NO_FATAL_FAILURE(Serve());
  const auto client = *audit::HttpWitnessClient::Create({.url = url_});
  const absl::Status conflict =
      client->AddCheckpoint({.checkpoint = log_.SignedCheckpoint(20)}).status();
  EXPECT_EQ(audit::WitnessKnownSize(conflict), 10);
  EXPECT_OK(Cosign(key, 20, 10));
  EXPECT_EQ(End(SIGTERM), 0);
}

TEST_F(ProcessTest, KeyOthersCanReadIsRefused) {
  ASSERT_EQ(chmod(KeyPath().c_str(), 0644), 0);
  Spawn({"--key", KeyPath(), "--name", "w", "--print-key"});
  EXPECT_THAT(ReadUntil(""), HasSubstr("chmod 600"));
  EXPECT_EQ(Wait(), 1);
}

TEST_F(ProcessTest, MissingFlagsAreNamed) {
  Spawn({"--name", "w"});
  EXPECT_THAT(ReadUntil(""), HasSubstr("--key is required"));
  EXPECT_NE(Wait(), 0);
  Spawn({"--key", KeyPath(), "--name", "w"});
  EXPECT_THAT(ReadUntil(""), HasSubstr("--state and --listen are required"));
  EXPECT_EQ(Wait(), 1);
  Spawn({"--key", KeyPath(), "--name", "w", "--state", folder_ + "/state", "--listen",
         "127.0.0.1:0"});
  EXPECT_THAT(ReadUntil(""), HasSubstr("a witness needs a log to watch"));
  EXPECT_EQ(Wait(), 1);
}

}  // namespace
}  // namespace knooppunt::witness
