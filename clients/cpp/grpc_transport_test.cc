#include "clients/cpp/grpc_transport.h"

#include <arpa/inet.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "google/rpc/status.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::client {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";
constexpr char kCompleteStep[] = "/knooppunt.casework.v1.CaseworkService/CompleteStep";

std::string ToPem(const std::function<int(BIO*)>& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  EXPECT_EQ(write(bio), 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

// A certificate that is its own authority, for the name "knooppunt.test".
struct Identity {
  std::string cert_pem;
  std::string key_pem;
};
Identity MakeIdentity() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* cert = X509_new();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), -60);
  X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
  X509_set_pubkey(cert, key);
  X509_NAME* name = X509_get_subject_name(cert);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("knooppunt.test"), -1, -1, 0);
  X509_set_issuer_name(cert, name);
  for (const auto& [nid, value] : {std::pair{NID_subject_alt_name, "DNS:knooppunt.test"},
                                   std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(cert, key, EVP_sha256());
  Identity identity = {
      ToPem([&](BIO* b) { return PEM_write_bio_X509(b, cert); }), ToPem([&](BIO* b) {
        return PEM_write_bio_PKCS8PrivateKey(b, key, nullptr, nullptr, 0, nullptr, nullptr);
      })};
  X509_free(cert);
  EVP_PKEY_free(key);
  return identity;
}

std::string WriteTemp(const std::string& name, const std::string& content) {
  std::string path = absl::StrCat(::testing::TempDir(), "/", getpid(), "-", name);
  std::ofstream(path) << content;
  return path;
}

// What a call looked like, and how to answer it.
struct Received {
  std::string method;
  std::map<std::string, std::string> metadata;
  absl::Duration remaining;
  std::string body;
};
struct Answer {
  grpc::Status status;
  std::string body;
  bool never = false;  // stays silent until the client gives up
};
using AnswerFn = std::function<Answer(const Received&)>;

class FakeService final : public grpc::CallbackGenericService {
 public:
  explicit FakeService(AnswerFn handler) : handler_(std::move(handler)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    class Reactor final : public grpc::ServerGenericBidiReactor {
     public:
      Reactor(grpc::GenericCallbackServerContext* context, const AnswerFn& handler)
          : context_(context), handler_(handler) {
        StartRead(&request_);
      }
      void OnReadDone(bool) override {
        Received received;
        received.method = context_->method();
        for (const auto& [key, value] : context_->client_metadata()) {
          received.metadata[std::string(key.data(), key.size())] =
              std::string(value.data(), value.size());
        }
        received.remaining = absl::FromChrono(context_->deadline()) - absl::Now();
        grpc::Slice slice;
        if (request_.DumpToSingleSlice(&slice).ok()) {
          received.body.assign(reinterpret_cast<const char*>(slice.begin()), slice.size());
        }
        const Answer answer = handler_(received);
        if (answer.never) return;
        if (!answer.status.ok()) return Finish(answer.status);
        grpc::Slice out(answer.body);
        response_ = grpc::ByteBuffer(&out, 1);
        StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
      }
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }

     private:
      grpc::GenericCallbackServerContext* context_;
      const AnswerFn& handler_;
      grpc::ByteBuffer request_;
      grpc::ByteBuffer response_;
    };
    return new Reactor(context, handler_);
  }

 private:
  const AnswerFn handler_;
};

class FakeServer {
 public:
  FakeServer(const Identity& identity, AnswerFn handler, const std::string& client_ca = "")
      : service_(std::move(handler)) {
    grpc::SslServerCredentialsOptions options(
        client_ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                          : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = client_ca;
    options.pem_key_cert_pairs.push_back({identity.key_pem, identity.cert_pem});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port_);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  FakeService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

std::unique_ptr<Transport> MustConnect(const ConnectOptions& options) {
  auto transport = Connect(options);
  EXPECT_THAT(transport, IsOk());
  return std::move(transport).value();
}

class GrpcTransportTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    RestrictTlsTo13();
    identity_ = new Identity(MakeIdentity());
  }
  static void TearDownTestSuite() { delete identity_; }

  static ConnectOptions Options(const std::string& address) {
    return {.address = address,
            .ca_file = WriteTemp("ca.pem", identity_->cert_pem),
            .target_name = "knooppunt.test",
            .retry = {.max_attempts = 4, .initial_backoff = absl::Milliseconds(5)}};
  }
  static Identity* identity_;
};
Identity* GrpcTransportTest::identity_ = nullptr;

grpc::Status WithInfo(grpc::StatusCode code, const google::rpc::ErrorInfo& info) {
  google::rpc::Status details;
  details.set_code(code);
  details.add_details()->PackFrom(info);
  return grpc::Status(code, "a plain sentence", details.SerializeAsString());
}

TEST_F(GrpcTransportTest, CarriesMessageTokenPurposeAndDeadline) {
  Received seen;
  FakeServer server(*identity_, [&](const Received& r) {
    seen = r;
    casework::v1::Case answer;
    answer.set_name("families/f/cases/c");
    return Answer{.body = answer.SerializeAsString()};
  });
  casework::v1::GetCaseRequest request;
  request.set_name("families/f/cases/c");
  casework::v1::Case response;
  ASSERT_OK(MustConnect(Options(server.address()))
                ->Call(kGetCase, request, &response,
                       {.timeout = absl::Seconds(7),
                        .token = "abc.def",
                        .purpose = common::v1::PURPOSE_COORDINATION}));
  EXPECT_EQ(response.name(), "families/f/cases/c");
  EXPECT_EQ(seen.method, kGetCase);
  EXPECT_EQ(seen.body, request.SerializeAsString());
  EXPECT_EQ(seen.metadata["authorization"], "Bearer abc.def");
  EXPECT_EQ(seen.metadata["knooppunt-purpose"], "PURPOSE_COORDINATION");
  EXPECT_GT(seen.remaining, absl::Seconds(4));
  EXPECT_LE(seen.remaining, absl::Seconds(7));
}

TEST_F(GrpcTransportTest, WithoutTokenAndPurposeSendsNeither) {
  Received seen;
  FakeServer server(*identity_, [&](const Received& r) {
    seen = r;
    return Answer{};
  });
  casework::v1::Case response;
  ASSERT_OK(MustConnect(Options(server.address()))
                ->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}));
  EXPECT_EQ(seen.metadata.count("authorization"), 0u);
  EXPECT_EQ(seen.metadata.count("knooppunt-purpose"), 0u);
}

TEST_F(GrpcTransportTest, ErrorInfoBecomesReasonAndRule) {
  google::rpc::ErrorInfo info;
  info.set_reason("PARENTS_ABSENT");
  info.set_domain("knooppunt");
  (*info.mutable_metadata())["rule"] = "R4";
  FakeServer server(*identity_, [&](const Received&) {
    return Answer{.status = WithInfo(grpc::StatusCode::FAILED_PRECONDITION, info)};
  });
  casework::v1::Case response;
  const absl::Status status = MustConnect(Options(server.address()))
                                  ->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, "a plain sentence"));
  EXPECT_EQ(base::ReasonOf(status), "PARENTS_ABSENT");
  EXPECT_EQ(base::RuleOf(status), "R4");
}

TEST_F(GrpcTransportTest, ErrorInfoOfAnotherDomainIsNoReason) {
  google::rpc::ErrorInfo info;
  info.set_reason("QUOTA");
  info.set_domain("elsewhere");
  FakeServer server(*identity_, [&](const Received&) {
    return Answer{.status = WithInfo(grpc::StatusCode::PERMISSION_DENIED, info)};
  });
  casework::v1::Case response;
  const absl::Status status = MustConnect(Options(server.address()))
                                  ->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(base::ReasonOf(status), "");
}

TEST_F(GrpcTransportTest, SilentServerEndsInDeadlineExceeded) {
  FakeServer server(*identity_, [](const Received&) { return Answer{.never = true}; });
  casework::v1::Case response;
  const absl::Time start = absl::Now();
  EXPECT_THAT(MustConnect(Options(server.address()))
                  ->Call(kGetCase, casework::v1::GetCaseRequest(), &response,
                         {.timeout = absl::Milliseconds(300)}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(290));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(GrpcTransportTest, UnavailableMutationWithRequestIdIsSentAgainUnchanged) {
  std::atomic<int> calls = 0;
  std::string first_body, last_body;
  FakeServer server(*identity_, [&](const Received& r) {
    (calls == 0 ? first_body : last_body) = r.body;
    if (++calls < 3) return Answer{.status = {grpc::StatusCode::UNAVAILABLE, "not yet in force"}};
    return Answer{};
  });
  casework::v1::CompleteStepRequest request;
  request.set_request_id("5f0c1c1e-5d0e-4f7e-9a36-2f6f2f1d1c11");
  casework::v1::Step response;
  ASSERT_OK(MustConnect(Options(server.address()))->Call(kCompleteStep, request, &response, {}));
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(first_body, last_body);
}

TEST_F(GrpcTransportTest, UnavailableMutationWithoutRequestIdIsSentOnce) {
  std::atomic<int> calls = 0;
  FakeServer server(*identity_, [&](const Received&) {
    ++calls;
    return Answer{.status = {grpc::StatusCode::UNAVAILABLE, "not yet in force"}};
  });
  casework::v1::Step response;
  EXPECT_THAT(MustConnect(Options(server.address()))
                  ->Call(kCompleteStep, casework::v1::CompleteStepRequest(), &response, {}),
              StatusIs(absl::StatusCode::kUnavailable, "not yet in force"));
  EXPECT_EQ(calls, 1);
}

TEST_F(GrpcTransportTest, RetriesEndAfterMaxAttempts) {
  std::atomic<int> calls = 0;
  FakeServer server(*identity_, [&](const Received&) {
    ++calls;
    return Answer{.status = {grpc::StatusCode::UNAVAILABLE, "down"}};
  });
  casework::v1::Case response;
  EXPECT_THAT(MustConnect(Options(server.address()))
                  ->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(calls, 4);
}

TEST_F(GrpcTransportTest, UnreadableAnswerIsInternal) {
  FakeServer server(*identity_, [](const Received&) { return Answer{.body = "\xff\xff\xff"}; });
  casework::v1::Case response;
  EXPECT_THAT(MustConnect(Options(server.address()))
                  ->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(GrpcTransportTest, TokenThatIsNoHeaderValueIsRefusedUnsent) {
  std::atomic<int> calls = 0;
  FakeServer server(*identity_, [&](const Received&) {
    ++calls;
    return Answer{};
  });
  auto transport = MustConnect(Options(server.address()));
  casework::v1::Case response;
  for (const std::string& token :
       {std::string("a\nb"), std::string("a b"), std::string(5000, 'a')}) {
    EXPECT_THAT(
        transport->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {.token = token}),
        StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(calls, 0);
}

TEST_F(GrpcTransportTest, ServerOfAnotherAuthorityIsUnavailable) {
  FakeServer server(MakeIdentity(), [](const Received&) { return Answer{}; });
  casework::v1::Case response;
  EXPECT_THAT(MustConnect(Options(server.address()))
                  ->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(GrpcTransportTest, ServerUnderAnotherNameIsUnavailable) {
  FakeServer server(*identity_, [](const Received&) { return Answer{}; });
  ConnectOptions options = Options(server.address());
  options.target_name = "other.test";
  casework::v1::Case response;
  EXPECT_THAT(MustConnect(options)->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(GrpcTransportTest, ServerThatWantsACertificateGetsOurs) {
  const Identity ours = MakeIdentity();
  FakeServer server(
      *identity_, [](const Received&) { return Answer{}; }, ours.cert_pem);
  ConnectOptions options = Options(server.address());
  casework::v1::Case response;
  EXPECT_THAT(MustConnect(options)->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}),
              StatusIs(absl::StatusCode::kUnavailable));
  options.cert_file = WriteTemp("cert.pem", ours.cert_pem);
  options.key_file = WriteTemp("key.pem", ours.key_pem);
  ASSERT_EQ(chmod(options.key_file.c_str(), 0600), 0);
  EXPECT_OK(MustConnect(options)->Call(kGetCase, casework::v1::GetCaseRequest(), &response, {}));
}

// Whether a bare TLS server that speaks at most `version` completes a handshake with us.
bool HandshakeSucceeds(const Identity& identity, int version, const ConnectOptions& base) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_max_proto_version(context, version);
  const std::string cert = WriteTemp("server-cert.pem", identity.cert_pem);
  const std::string key = WriteTemp("server-key.pem", identity.key_pem);
  EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context, cert.c_str()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM), 1);
  SSL_CTX_set_alpn_select_cb(
      context,
      [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char*, unsigned,
         void*) {
        *out = reinterpret_cast<const unsigned char*>("h2");
        *size = 2;
        return SSL_TLSEXT_ERR_OK;
      },
      nullptr);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(listener, 1), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);

  std::thread caller([&] {
    ConnectOptions options = base;
    options.address = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
    casework::v1::Case response;
    (void)MustConnect(options)->Call(kGetCase, casework::v1::GetCaseRequest(), &response,
                                     {.timeout = absl::Seconds(2)});
  });
  const int peer = accept(listener, nullptr, nullptr);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, peer);
  const bool succeeded = SSL_accept(ssl) == 1;
  SSL_free(ssl);
  close(peer);
  close(listener);
  caller.join();
  SSL_CTX_free(context);
  return succeeded;
}

TEST_F(GrpcTransportTest, Tls12IsRefused) {
  const ConnectOptions options = Options("");
  EXPECT_TRUE(HandshakeSucceeds(*identity_, TLS1_3_VERSION, options));
  EXPECT_FALSE(HandshakeSucceeds(*identity_, TLS1_2_VERSION, options));
}

TEST_F(GrpcTransportTest, ConnectSaysWhichOptionIsWrong) {
  ConnectOptions options = Options("localhost:1");
  options.ca_file = "/nonexistent/ca.pem";
  EXPECT_THAT(Connect(options),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nonexistent/ca.pem")));
  options.ca_file = WriteTemp("not.pem", "junk");
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not.pem")));
  options = Options("localhost:1");
  options.cert_file = options.ca_file;
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("key")));
  options.key_file = WriteTemp("wide.pem", identity_->key_pem);
  ASSERT_EQ(chmod(options.key_file.c_str(), 0640), 0);
  EXPECT_THAT(Connect(options),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("chmod 600")));
  options = Options("");
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("address")));
}

TEST_F(GrpcTransportTest, ConnectBeforeRestrictTlsTo13IsRefused) {
  const std::string suites = getenv("GRPC_SSL_CIPHER_SUITES");
  unsetenv("GRPC_SSL_CIPHER_SUITES");
  EXPECT_THAT(Connect(Options("localhost:1")), StatusIs(absl::StatusCode::kFailedPrecondition));
  setenv("GRPC_SSL_CIPHER_SUITES", suites.c_str(), 1);
}

}  // namespace
}  // namespace knooppunt::client
