// audit export and verify: a log that a server hands out, copied and checked without it (R24).
#include <filesystem>
#include <fstream>

#include "base/status_testing.h"
#include "clients/cli/cli_testing.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/audit/testing_log.h"

namespace knooppunt::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kCheckpoint[] = "/knooppunt.audit.v1.AuditService/GetCheckpoint";
constexpr char kReadLog[] = "/knooppunt.audit.v1.AuditService/ReadLog";

class AuditLogTest : public ::testing::Test {
 protected:
  AuditLogTest() {
    cli_.LogInAs({.subject = "professionals/fg", .function = common::v1::FUNCTION_PRIVACY_OFFICER});
    log_.Fill(300);
    Serve();
    dir_ = cli_.folder() + "/log";
  }
  // The server hands out the log as it is now, at most 70 records a call.
  void Serve() {
    audit::v1::Checkpoint checkpoint;
    checkpoint.set_note(log_.CosignedCheckpoint());
    checkpoint.set_size(static_cast<int64_t>(log_.leaves().size()));
    cli_.server().SetResponse(kCheckpoint, checkpoint);
    cli_.server().Set(kReadLog, [this](const google::protobuf::Message& request,
                                       google::protobuf::Message* response) {
      const auto& read = dynamic_cast<const audit::v1::ReadLogRequest&>(request);
      auto& page = dynamic_cast<audit::v1::ReadLogResponse&>(*response);
      const int64_t end = std::min<int64_t>(read.start() + std::min(read.limit(), 70),
                                            static_cast<int64_t>(log_.leaves().size()));
      for (int64_t i = read.start(); i < end; ++i) page.add_leaves(log_.leaves()[i]);
      return absl::OkStatus();
    });
  }
  Ran Export() { return cli_.Run({"audit", "export", "--out", dir_}); }
  Ran Verify(std::vector<std::string> more = {}) {
    std::vector<std::string> args = {"audit",         "verify",
                                     "--dir",         dir_,
                                     "--log-key",     log_.signer().verifier().ToString(),
                                     "--witness-key", log_.witness().verifier().ToString()};
    args.insert(args.end(), more.begin(), more.end());
    return cli_.Run(args);
  }

  CliFixture cli_;
  audit::TestLog log_;
  std::string dir_;
};

TEST_F(AuditLogTest, R24ExportedLogIsWholeWithoutTheServer) {
  const Ran exported = Export();
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  EXPECT_THAT(exported.out, HasSubstr("Wrote 304 records"));
  const size_t calls = cli_.server().calls().size();
  EXPECT_EQ(cli_.server().calls().at(0).options.purpose, common::v1::PURPOSE_AUDIT);
  const Ran verified = Verify();
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("The log is whole: 304 records of knooppunt.example/audit"));
  EXPECT_EQ(cli_.server().calls().size(), calls);
}

TEST_F(AuditLogTest, VerifyNeedsNoLogin) {
  ASSERT_EQ(Export().exit_code, 0);
  cli_.server().SetResponse("/knooppunt.access.v1.AccessService/EndSession",
                            access::v1::EndSessionResponse());
  ASSERT_EQ(cli_.Run({"logout"}).exit_code, 0);
  EXPECT_EQ(Verify().exit_code, 0);
}

TEST_F(AuditLogTest, VerifyAnswersProgramsInJson) {
  ASSERT_EQ(Export().exit_code, 0);
  const Ran ran = Verify({"--output", "json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("{\"whole\":true,\"origin\":\"knooppunt.example/audit\","
                                 "\"size\":304,"));
}

TEST_F(AuditLogTest, R24ChangedByteFailsTheVerification) {
  ASSERT_EQ(Export().exit_code, 0);
  const std::string path = dir_ + "/tile/entries/000";
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(1000);
  const char byte = static_cast<char>(file.get());
  file.seekp(1000);
  file.put(static_cast<char>(byte ^ 1));
  file.close();
  const Ran ran = Verify();
  EXPECT_EQ(ran.exit_code, 9);
  EXPECT_THAT(ran.err, HasSubstr("LOG_NOT_PROVEN (rule R24)"));
}

TEST_F(AuditLogTest, R24CutTailFailsAgainstAnOlderCheckpoint) {
  const std::string kept = cli_.folder() + "/kept";
  ASSERT_EQ(cli_.Run({"audit", "checkpoint", "--out", kept}).exit_code, 0);
  log_.leaves().resize(200);
  Serve();
  ASSERT_EQ(Export().exit_code, 0);
  EXPECT_EQ(Verify({"--since", kept}).exit_code, 9);
}

TEST_F(AuditLogTest, OlderCheckpointIsContinued) {
  const std::string kept = cli_.folder() + "/kept";
  std::ofstream(kept) << log_.SignedCheckpoint(100);
  ASSERT_EQ(Export().exit_code, 0);
  const Ran ran = Verify({"--since", kept});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("the older checkpoint of 100 records"));
}

TEST_F(AuditLogTest, R24LogThatNoWitnessSawFails) {
  audit::v1::Checkpoint checkpoint;
  checkpoint.set_note(log_.SignedCheckpoint());
  cli_.server().SetResponse(kCheckpoint, checkpoint);
  ASSERT_EQ(Export().exit_code, 0);
  EXPECT_EQ(Verify().exit_code, 9);
  EXPECT_EQ(Verify({"--witnesses", "0"}).exit_code, 0);
}

TEST_F(AuditLogTest, ServerThatHandsOutOtherLeavesIsCaughtByTheExport) {
  log_.leaves()[17][40] ^= 1;  // after the checkpoint was made
  const Ran ran = Export();
  EXPECT_EQ(ran.exit_code, 9);
  EXPECT_FALSE(std::filesystem::exists(dir_ + "/checkpoint"));
}

TEST_F(AuditLogTest, ServerThatRunsOutOfLeavesIsCaughtByTheExport) {
  log_.leaves().resize(303);  // after the checkpoint was made
  EXPECT_EQ(Export().exit_code, 9);
}

TEST_F(AuditLogTest, StreamThatWasCutOffAsksForAnExplanation) {
  log_.Open("directory");
  log_.set_now(log_.now() + absl::Hours(1));
  Serve();
  ASSERT_EQ(Export().exit_code, 0);
  const Ran ran = Verify();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("To explain: "));
  EXPECT_EQ(Verify({"--strict"}).exit_code, 9);
}

TEST_F(AuditLogTest, WrongQuestionIsInvalidInputOrNotFound) {
  ASSERT_EQ(Export().exit_code, 0);
  EXPECT_EQ(Verify({"--since", cli_.folder() + "/nothing"}).exit_code, 6);
  EXPECT_EQ(cli_.Run({"audit", "verify", "--dir", dir_, "--log-key", "junk"}).exit_code, 6);
  dir_ += "/nowhere";
  EXPECT_EQ(Verify().exit_code, 4);
}

}  // namespace
}  // namespace knooppunt::cli
