// A call of somebody who is known, and that cannot even be read: its bytes are no message, it is
// too large, or it has no deadline. It is answered with what is wrong, leaves one record, and reads
// nothing (R22). Over gRPC and TLS, from outside.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "google/rpc/status.pb.h"
#include "security/identity/token.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;

constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";
constexpr char kAddContribution[] = "/knooppunt.casework.v1.CaseworkService/AddContribution";
constexpr char kOpenCase[] = "/knooppunt.casework.v1.CaseworkService/OpenCase";
constexpr char kListCases[] = "/knooppunt.casework.v1.CaseworkService/ListCases";

// Below our own client: any bytes, with or without a deadline.
struct Broken {
  std::string method = kGetCase;
  std::string bytes = "\xff\xff\xff\xff";
  std::string token;
  bool deadline = true;
};

class BrokenCallsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    client::RestrictTlsTo13();
    region_ = new Region({.system_clock = true, .listen = true});
    ASSERT_OK(region_->Start());
    region_->Furnish();
  }
  static void TearDownTestSuite() { delete region_; }

  // The reason of the answer.
  static std::string Send(const Broken& call) {
    std::stringstream ca;
    ca << std::ifstream(region_->folder() + "/tls/ca.crt").rdbuf();
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = ca.str();
    grpc::GenericStub stub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", region_->process().port()), grpc::SslCredentials(ssl)));
    grpc::ClientContext context;
    if (call.deadline) {
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    }
    if (!call.token.empty()) context.AddMetadata("authorization", "Bearer " + call.token);
    context.AddMetadata("knooppunt-purpose", "PURPOSE_COORDINATION");
    const grpc::Slice slice(call.bytes);
    grpc::ByteBuffer answer;
    grpc::CompletionQueue queue;
    auto rpc = stub.PrepareUnaryCall(&context, call.method, grpc::ByteBuffer(&slice, 1), &queue);
    rpc->StartCall();
    grpc::Status status;
    rpc->Finish(&answer, &status, nullptr);
    void* tag = nullptr;
    bool finished = false;
    EXPECT_TRUE(queue.Next(&tag, &finished));
    EXPECT_FALSE(status.ok());
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    if (details.ParseFromString(status.error_details()) && details.details_size() > 0) {
      details.details(0).UnpackTo(&info);
    }
    return info.reason();
  }
  static std::string Token(const Caller& who) { return region_->Token(who); }
  // Exactly one record, about nobody, comes of it.
  static void ExpectOne(const Broken& call, const std::string& reason) {
    const auto records =
        RecordsOf(*region_, "dossier", [&] { EXPECT_EQ(Send(call), reason) << call.method; });
    ASSERT_EQ(records.size(), 1u) << call.method << " " << reason;
    EXPECT_EQ(records[0].tag, "") << "what it was about was not read";
    EXPECT_FALSE(records[0].payload.empty());
  }

  static Region* region_;
};

Region* BrokenCallsTest::region_ = nullptr;

TEST_F(BrokenCallsTest, R22BytesThatAreNoMessageLeaveOneRecordWhoeverSendsThem) {
  for (const char* method : {kGetCase, kAddContribution, kOpenCase, kListCases}) {
    ExpectOne({.method = method, .token = Token(region_->ib)}, "UNPARSEABLE");
    ExpectOne({.method = method, .token = Token(region_->stranger)}, "UNPARSEABLE");
    ExpectOne({.method = method, .token = Token(region_->mother)}, "UNPARSEABLE");
  }
}

TEST_F(BrokenCallsTest, R22WhatIsTooLargeLeavesOneRecord) {
  for (const char* method : {kGetCase, kAddContribution}) {
    ExpectOne(
        {.method = method, .bytes = std::string((1 << 20) + 1, 'x'), .token = Token(region_->ib)},
        "TOO_LARGE");
  }
}

TEST_F(BrokenCallsTest, R22ACallWithoutDeadlineLeavesOneRecordAndDoesNothing) {
  casework::v1::AddContributionRequest note = region_->Note("Niet opgeslagen.");
  note.set_request_id(region_->RequestId());
  const size_t before = region_->Notes().size();
  ExpectOne({.method = kAddContribution,
             .bytes = note.SerializeAsString(),
             .token = Token(region_->ib),
             .deadline = false},
            "DEADLINE_NEEDED");
  EXPECT_EQ(region_->Notes().size(), before);
  casework::v1::GetCaseRequest read;
  read.set_name(region_->case_name);
  ExpectOne({.bytes = read.SerializeAsString(), .token = Token(region_->ib), .deadline = false},
            "DEADLINE_NEEDED");
}

TEST_F(BrokenCallsTest, R22WhoIsNotKnownFillsNoLog) {
  for (const bool deadline : {true, false}) {
    const auto records = RecordsOf(
        *region_, "dossier", [&] { EXPECT_EQ(Send({.deadline = deadline}), "TOKEN_MALFORMED"); });
    EXPECT_TRUE(records.empty());
  }
}

// What gRPC itself does not take in never reaches us whole; that it was tried does.
TEST_F(BrokenCallsTest, R22MoreThanTheWireTakesLeavesARecordToo) {
  const int64_t before = region_->database("dossier").position();
  Send({.bytes = std::string(10 << 20, 'x'), .token = Token(region_->ib)});
  region_->database("dossier").WaitForOutbox(before, absl::Seconds(30));
  EXPECT_EQ(RecordsAfter(*region_, "dossier", before).size(), 1u);
}

}  // namespace
}  // namespace knooppunt::integration
