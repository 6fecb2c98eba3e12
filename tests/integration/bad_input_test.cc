// Whatever a stranger sends over the network: a clear error, nothing changed, and the server goes
// on.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "google/protobuf/dynamic_message.h"
#include "google/rpc/status.pb.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/policy/v1/rule.pb.h"
#include "security/crypto/hash.h"
#include "security/identity/token.h"
#include "tests/integration/installations_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";

std::string FileText(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A call below our own client: any bytes, any metadata, with or without a deadline.
struct RawCall {
  std::string method = kGetCase;
  std::string bytes;
  std::string token;
  bool deadline = true;
};
struct RawAnswer {
  StatusCode code;
  std::string reason;
  std::string bytes;  // of the answer, when OK
};

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& s : slices) {
    bytes.append(reinterpret_cast<const char*>(s.begin()), s.size());
  }
  return bytes;
}

class BadInputTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    client::RestrictTlsTo13();
    region_ = new Region({.system_clock = true, .listen = true});
    crypto::testing::MakeCertificate(region_->folder(), "own");
    crypto::testing::MakeCertificate(region_->folder(), "other");
    Acquaint(region_, region_->folder(), "own", "other");
    ASSERT_OK(region_->Start());
    region_->Furnish();
    way_ = Connect("").release();
    region_->UseTransport(way_);
  }
  static void TearDownTestSuite() {
    delete way_;
    delete region_;
  }
  // Whatever a test sent: the server answers, and the case is what it was.
  void SetUp() override { before_ = CaseNow(); }
  void TearDown() override {
    if (HasFatalFailure()) return;
    EXPECT_EQ(CaseNow(), before_);
  }
  static std::string CaseNow() {
    const auto read = region_->GetCase(region_->ib);
    Require(read.status(), "the server is alive");
    // What nobody here has any business to change.
    casework::v1::Case kept = *read;
    kept.clear_contributions();
    kept.clear_participants();
    kept.clear_etag();
    return kept.SerializeAsString();
  }

  static std::string Address() { return absl::StrCat("127.0.0.1:", region_->process().port()); }
  // As a unit, or as a person when `unit` is empty.
  static std::unique_ptr<client::Transport> Connect(const std::string& unit) {
    client::ConnectOptions options;
    options.address = Address();
    options.ca_file = region_->folder() + "/tls/ca.crt";
    if (!unit.empty()) {
      options.cert_file = absl::StrCat(region_->folder(), "/tls/", unit, ".crt");
      options.key_file = absl::StrCat(region_->folder(), "/tls/", unit, ".key");
    }
    options.retry.max_attempts = 1;
    auto transport = client::Connect(options);
    Require(transport.status(), "connect");
    return *std::move(transport);
  }

  static RawAnswer Send(const RawCall& call) {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = FileText(region_->folder() + "/tls/ca.crt");
    grpc::GenericStub stub(grpc::CreateChannel(Address(), grpc::SslCredentials(ssl)));
    grpc::ClientContext context;
    if (call.deadline)
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
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
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    if (details.ParseFromString(status.error_details()) && details.details_size() > 0) {
      details.details(0).UnpackTo(&info);
    }
    return {static_cast<StatusCode>(status.error_code()), info.reason(),
            status.ok() ? BytesOf(answer) : ""};
  }
  static void ExpectAnswer(const RawCall& call, StatusCode code, const std::string& reason) {
    const RawAnswer answer = Send(call);
    EXPECT_EQ(answer.code, code) << answer.reason;
    EXPECT_EQ(answer.reason, reason);
  }
  static std::string GetCaseBytes() {
    casework::v1::GetCaseRequest request;
    request.set_name(region_->case_name);
    return request.SerializeAsString();
  }
  static access::v1::TokenClaims GoodClaims() {
    access::v1::TokenClaims claims = region_->ib.claims;
    claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    claims.set_two_factor(true);
    claims.set_audience(identity::kAudience);
    claims.set_issue_time(absl::ToUnixSeconds(absl::Now()));
    claims.set_expire_time(absl::ToUnixSeconds(absl::Now()) + 600);
    return claims;
  }

  static Region* region_;
  static client::Transport* way_;
  std::string before_;
};

Region* BadInputTest::region_ = nullptr;
client::Transport* BadInputTest::way_ = nullptr;

// ---- What stands in requests ---------------------------------------------------------------

TEST_F(BadInputTest, HealthSaysServingToWhoeverAsks) {
  // grpc.health.v1: an empty HealthCheckRequest; the answer is field 1, SERVING (1).
  const RawAnswer answer = Send({.method = "/grpc.health.v1.Health/Check"});
  EXPECT_EQ(answer.code, StatusCode::kOk);
  EXPECT_EQ(answer.bytes, std::string("\x08\x01", 2));
}

TEST_F(BadInputTest, MalformedNamesAreRefusedAsSuch) {
  for (const std::string& name :
       {std::string(), std::string("families"), std::string("families/"),
        std::string("families/a/cases"), std::string("families//cases/b"),
        std::string("FAMILIES/a/cases/b"), std::string("families/../cases/b"),
        std::string("families/a b/cases/c"), std::string("/families/a"),
        std::string("families/a\n"), std::string("cases/a"), "families/" + std::string(300, 'a'),
        std::string("families/\xE2\x80\xAE")}) {
    EXPECT_THAT(region_->GetCase(region_->ib, name),
                Fails(StatusCode::kInvalidArgument, "MALFORMED_NAME"))
        << name;
    EXPECT_THAT(region_->GetCase(region_->stranger, name),
                Fails(StatusCode::kInvalidArgument, "MALFORMED_NAME"))
        << name;
  }
}

TEST_F(BadInputTest, ANameOfAnotherKindOrFamilyOpensNothing) {
  for (const std::string& name :
       {absl::StrCat("families/", region_->family),
        absl::StrCat("families/", region_->family, "/persons/", region_->child),
        absl::StrCat(region_->case_name, "/cases/x"),
        absl::StrCat("cases/x/", region_->case_name)}) {
    EXPECT_FALSE(region_->GetCase(region_->ib, name).ok()) << name;
  }
}

struct Method {
  const MethodDescriptor* descriptor;
  policy::v1::MethodRule rule;
  std::string path() const {
    return absl::StrCat(std::string(descriptor->service()->full_name()), "/",
                        std::string(descriptor->name()))
        .substr(std::string("knooppunt.").size());
  }
};

std::vector<Method> AllMethods() {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  // Descriptors of messages that nobody uses may not be linked in.
  handover::v1::Handover::descriptor();
  archive::v1::ArchiveFile::descriptor();
  std::vector<Method> methods;
  for (const char* service :
       {"knooppunt.casework.v1.CaseworkService", "knooppunt.consent.v1.ConsentService",
        "knooppunt.handover.v1.HandoverService", "knooppunt.archive.v1.ArchiveService",
        "knooppunt.directory.v1.DirectoryService", "knooppunt.access.v1.AccessService",
        "knooppunt.audit.v1.AuditService"}) {
    const auto* s = pool->FindServiceByName(service);
    Require(s == nullptr ? absl::NotFoundError(service) : absl::OkStatus(), "a service");
    for (int i = 0; i < s->method_count(); ++i) {
      methods.push_back({s->method(i), s->method(i)->options().GetExtension(policy::v1::rule)});
    }
  }
  return methods;
}

using Junk = std::function<bool(Message*, const FieldDescriptor*)>;  // false: not for this field

// The message to set or add to in a field.
Message* Inner(Message* m, const FieldDescriptor* f) {
  const auto* r = m->GetReflection();
  if (!f->is_repeated()) return r->MutableMessage(m, f);
  return r->FieldSize(*m, f) > 0 ? r->MutableRepeatedMessage(m, f, 0) : r->AddMessage(m, f);
}

void SetText(Message* m, const FieldDescriptor* f, const std::string& text) {
  if (f->is_repeated()) {
    m->GetReflection()->ClearField(m, f);
    m->GetReflection()->AddString(m, f, text);
  } else {
    m->GetReflection()->SetString(m, f, text);
  }
}

// Calls `visit` with each field of `type`, those of messages in it included, as the path to it.
void Walk(const Descriptor* type, int depth, std::vector<const FieldDescriptor*>* path,
          const std::function<void(const std::vector<const FieldDescriptor*>&)>& visit) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* f = type->field(i);
    path->push_back(f);
    if (f->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      visit(*path);
    } else if (depth > 0) {
      Walk(f->message_type(), depth - 1, path, visit);
    }
    path->pop_back();
  }
}

class JunkTest : public BadInputTest {
 protected:
  // What gets a request past the name and the request_id, so that the junk is looked at.
  static void FillIn(const Method& method, Message* request) {
    if (absl::StrContains(method.path(), "/AddContribution"))
      request->CopyFrom(region_->Note("Iets."));
    if (absl::StrContains(method.path(), "/OpenCase")) {
      casework::v1::OpenCaseRequest opening = region_->OpenRequest();
      for (auto& person : *opening.mutable_persons()) person.clear_account();
      request->CopyFrom(opening);
    }
    if (absl::StrContains(method.path(), "/ProposeConsent")) request->CopyFrom(Proposal());
    if (absl::StrContains(method.path(), "/InviteParticipant")) request->CopyFrom(Invitation());
    if (absl::StrContains(method.path(), "/CreateProfessional")) request->CopyFrom(Professional());
    const std::string parent_of_consent = "families/" + region_->family;
    for (const char* name : {"name", "parent", "resource"}) {
      const auto* f = request->GetDescriptor()->FindFieldByName(name);
      if (f == nullptr || f->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
      const bool of_case = absl::StrContains(method.path(), "casework");
      SetText(request, f, of_case ? region_->case_name : parent_of_consent);
    }
    const auto* id = request->GetDescriptor()->FindFieldByName("request_id");
    if (id != nullptr) SetText(request, id, region_->RequestId());
  }
  // Whole requests, so that the one field with junk in it is what is wrong.
  static consent::v1::ProposeConsentRequest Proposal() {
    consent::v1::ProposeConsentRequest request;
    consent::v1::Consent* c = request.mutable_consent();
    c->mutable_about()->add_persons(region_->child);
    c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c->add_purposes(common::v1::PURPOSE_COORDINATION);
    c->set_recipient("organisations/jgz");
    c->set_start_date(region_->Day(0));
    c->set_end_date(region_->Day(300));
    c->set_wording("Wij mogen delen wat nodig is.");
    return request;
  }
  static casework::v1::InviteParticipantRequest Invitation() {
    casework::v1::InviteParticipantRequest request;
    request.set_professional(region_->nurse.claims.subject());
    request.set_organisation(region_->nurse.claims.organisation());
    request.set_function(region_->nurse.claims.function());
    request.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    return request;
  }
  static directory::v1::CreateProfessionalRequest Professional() {
    directory::v1::CreateProfessionalRequest request;
    request.mutable_professional()->set_name("professionals/nobody");
    request.mutable_professional()->set_display_name("Niemand");
    request.mutable_professional()->set_login("dev|nobody");
    access::v1::FunctionTerm* term = request.mutable_professional()->add_functions();
    term->set_organisation("organisations/jgz");
    term->set_function(common::v1::FUNCTION_JGZ_NURSE);
    term->set_start_date(region_->Day(0));
    return request;
  }
  static const Caller& CallerOf(const Method& method) {
    static const Caller kImporter = region_->ib.For(common::v1::PURPOSE_HANDOVER);
    if (absl::StrContains(method.path(), "ArchiveService")) return kImporter;
    if (absl::StrContains(method.path(), "directory")) return region_->admin;
    if (absl::StrContains(method.path(), "AuditService")) return region_->auditor;
    for (const char* act : {"SignConsent", "WithdrawConsent", "ListConsents", "AddFamilyView"}) {
      if (absl::StrContains(method.path(), act)) return region_->mother;
    }
    return region_->ib;
  }
  // A clear answer: OK, or an error that has a reason and is the caller's, not ours.
  static void ExpectClear(const absl::Status& s, const std::string& what) {
    if (s.ok()) return;
    for (const StatusCode ours :
         {StatusCode::kInternal, StatusCode::kUnknown, StatusCode::kDataLoss,
          StatusCode::kDeadlineExceeded, StatusCode::kUnavailable}) {
      EXPECT_NE(s.code(), ours) << what << ": " << s.ToString();
    }
    EXPECT_NE(base::ReasonOf(s), "") << what << ": " << s.ToString();
    EXPECT_LT(s.message().size(), 1000u) << what << " answers with its input";
  }
  static absl::Status Call(const Method& method, const Message& request) {
    const auto* factory = google::protobuf::MessageFactory::generated_factory();
    const std::unique_ptr<Message> response(const_cast<google::protobuf::MessageFactory*>(factory)
                                                ->GetPrototype(method.descriptor->output_type())
                                                ->New());
    return region_->CallAsIs(CallerOf(method), method.path(), request, response.get());
  }
  static std::unique_ptr<Message> NewRequest(const Method& method) {
    return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()
                                        ->GetPrototype(method.descriptor->input_type())
                                        ->New());
  }

  // Fields of an answer, that a request may hold too and nobody reads there.
  static bool TheServersOwn(const std::vector<const FieldDescriptor*>& path) {
    for (const FieldDescriptor* f : path) {
      for (const char* name :
           {"Contribution.name", "Contribution.author", "Contribution.author_role",
            "Contribution.create_time", "Consent.name", "Consent.signatures", "Consent.narrowings",
            "Consent.wording_revision", "Consent.earlier_wordings", "Label.controller"}) {
        if (absl::EndsWith(std::string(f->full_name()), name)) return true;
      }
    }
    return false;
  }
  // One value in every field of every request, one at a time. `harmless`: text like any other.
  void Everywhere(const std::string& what, const Junk& junk, bool harmless = false,
                  int at_least = 10) {
    int sent = 0;
    for (const Method& method : AllMethods()) {
      if (method.rule.caller() == policy::v1::CALLER_SERVICE) continue;
      std::vector<const FieldDescriptor*> start;
      Walk(method.descriptor->input_type(), 2, &start,
           [&](const std::vector<const FieldDescriptor*>& path) {
             const std::unique_ptr<Message> request = NewRequest(method);
             FillIn(method, request.get());
             Message* at = request.get();
             for (size_t i = 0; i + 1 < path.size(); ++i) at = Inner(at, path[i]);
             if (!junk(at, path.back())) return;
             ++sent;
             const absl::Status status = Call(method, *request);
             const std::string field = std::string(path.back()->full_name());
             if (status.ok() && method.rule.mutation() && !harmless) {
               EXPECT_TRUE(TheServersOwn(path))
                   << method.path() << " did its work with " << what << " in " << field;
             }
             ExpectClear(status, absl::StrCat(method.path(), " with ", what, " in ", field));
           });
    }
    EXPECT_GT(sent, at_least);
  }
  void TextEverywhere(const std::string& what, const std::string& text) {
    Everywhere(what, TextIn(text));
  }
  void HarmlessEverywhere(const std::string& what, const std::string& text) {
    Everywhere(what, TextIn(text), /*harmless=*/true);
  }
  static Junk TextIn(const std::string& text,
                     FieldDescriptor::Type type = FieldDescriptor::TYPE_STRING) {
    return [text, type](Message* m, const FieldDescriptor* f) {
      if (f->type() != type) return false;
      SetText(m, f, text);
      return true;
    };
  }
  // Notes may have come, by who wrote them and under whose responsibility, whatever was said.
  void TearDown() override {
    BadInputTest::TearDown();
    ASSERT_OK_AND_ASSIGN(const casework::v1::Case now, region_->GetCase(region_->ib));
    for (const casework::v1::Contribution& c : now.contributions()) {
      EXPECT_EQ(c.author(), "professionals/ib");
      EXPECT_EQ(c.label().controller(), "organisations/mosalira");
      EXPECT_LT(c.name().size(), 200u);
      EXPECT_GT(c.create_time().seconds(), 1'700'000'000);
      EXPECT_EQ(c.create_time().nanos(), 0);
    }
    consent::v1::ListConsentsRequest list;
    list.set_parent("families/" + region_->family);
    consent::v1::ListConsentsResponse consents;
    ASSERT_OK(
        region_->Call(region_->mother, "consent.v1.ConsentService/ListConsents", list, &consents));
    for (const consent::v1::Consent& c : consents.consents()) {
      EXPECT_FALSE(c.in_force()) << "nobody signed it";
    }
  }
};

TEST_F(JunkTest, AnEmptyRequestChangesNothing) {
  for (const Method& method : AllMethods()) {
    if (!method.rule.mutation()) continue;
    EXPECT_THAT(Call(method, *NewRequest(method)), ::testing::Not(::knooppunt::testing::IsOk()))
        << method.path();
    const std::unique_ptr<Message> named = NewRequest(method);
    const auto* id = named->GetDescriptor()->FindFieldByName("request_id");
    SetText(named.get(), id, "not-a-uuid");
    EXPECT_THAT(Call(method, *named), ::testing::Not(::knooppunt::testing::IsOk()))
        << method.path();
  }
}

TEST_F(JunkTest, EmptyTextIsAnsweredClearly) { HarmlessEverywhere("nothing", ""); }
TEST_F(JunkTest, ControlCharactersAreAnsweredClearly) {
  TextEverywhere("control characters", std::string("a\0b\x01\x1b[2J\x7f\r\n", 12));
}
TEST_F(JunkTest, BidirectionalOverridesAreAnsweredClearly) {
  TextEverywhere("overrides", "\xE2\x80\xAEresu\xE2\x80\xAC \xE2\x81\xA6x\xE2\x81\xA9");
}
TEST_F(JunkTest, PathsAndQuotesAreAnsweredClearly) {
  HarmlessEverywhere("a path", "../../etc/passwd");
  HarmlessEverywhere("a quote", "'; DROP TABLE item; --");
}
TEST_F(JunkTest, OtherPeoplesNamesAreAnsweredClearly) {
  HarmlessEverywhere("a name", "families/f0000000000000000/cases/c0000000000000000");
}
// Files: archives, receipts, pieces, scans.
TEST_F(JunkTest, BytesThatAreNothingAreAnsweredClearly) {
  for (const std::string& bytes :
       {std::string(), std::string("x"), std::string("\x30\x84\xff\xff\xff\xff", 6),
        std::string("\x30\x80\x06\x09", 4), std::string(900'000, '\x30')}) {
    Everywhere(absl::StrCat(bytes.size(), " bytes"), TextIn(bytes, FieldDescriptor::TYPE_BYTES),
               /*harmless=*/true, /*at_least=*/3);
  }
}
TEST_F(JunkTest, AMegabyteOfTextIsAnsweredClearly) {
  TextEverywhere("a megabyte", std::string(1'000'000, 'x'));
}

TEST_F(JunkTest, NumbersAndEnumsOutOfRangeAreAnsweredClearly) {
  for (const int64_t value : {int64_t{-1}, std::numeric_limits<int64_t>::min(),
                              std::numeric_limits<int64_t>::max(), int64_t{9999}}) {
    Everywhere(absl::StrCat("the number ", value), [&](Message* m, const FieldDescriptor* f) {
      const auto* r = m->GetReflection();
      const int small = static_cast<int>(value);
      switch (f->cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          f->is_repeated() ? r->AddInt32(m, f, small) : r->SetInt32(m, f, small);
          return true;
        case FieldDescriptor::CPPTYPE_INT64:
          f->is_repeated() ? r->AddInt64(m, f, value) : r->SetInt64(m, f, value);
          return true;
        case FieldDescriptor::CPPTYPE_ENUM:
          f->is_repeated() ? r->AddEnumValue(m, f, small) : r->SetEnumValue(m, f, small);
          return true;
        default:
          return false;
      }
    });
  }
}

TEST_F(BadInputTest, BytesThatAreNoMessageAreUnparseable) {
  const std::string token = region_->Token(GoodClaims());
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff"), std::string("\x0a\xff\xff\xff\xff\x0f"),
        std::string("\x0a\x02\xc3\x28"), std::string(1000, '\x0a')}) {
    ExpectAnswer({.bytes = bytes, .token = token}, StatusCode::kInvalidArgument, "UNPARSEABLE");
  }
}

TEST_F(BadInputTest, MessagesThatAreTooLargeAreRefused) {
  const std::string token = region_->Token(GoodClaims());
  EXPECT_EQ(Send({.bytes = std::string(10 << 20, 'x'), .token = token}).code,
            StatusCode::kResourceExhausted);
  ExpectAnswer({.bytes = std::string((1 << 20) + 1, 'x'), .token = token},
               StatusCode::kResourceExhausted, "TOO_LARGE");
  // Without a valid token its size is nobody's business.
  ExpectAnswer({.bytes = std::string((1 << 20) + 1, 'x')}, StatusCode::kUnauthenticated,
               "TOKEN_MALFORMED");
}

TEST_F(BadInputTest, ACallWithoutDeadlineIsRefused) {
  ExpectAnswer({.bytes = GetCaseBytes(), .token = region_->Token(GoodClaims()), .deadline = false},
               StatusCode::kInvalidArgument, "DEADLINE_NEEDED");
}

TEST_F(BadInputTest, AnUnknownMethodIsSaidToBeUnknown) {
  for (const char* method :
       {"/knooppunt.casework.v1.CaseworkService/DropCase", "/x/y", "/knooppunt.nope.v1.Nope/Get"}) {
    ExpectAnswer({.method = method, .token = region_->Token(GoodClaims())},
                 StatusCode::kUnimplemented, "UNKNOWN_METHOD");
  }
}

// ---- Who calls (R17) ------------------------------------------------------------------------

TEST_F(BadInputTest, R17TokensThatAreNotGoodAreRefusedWithTheirReason) {
  const auto expect = [](const std::string& token, const std::string& reason) {
    ExpectAnswer({.bytes = GetCaseBytes(), .token = token}, StatusCode::kUnauthenticated, reason);
  };
  ExpectAnswer({.bytes = GetCaseBytes(), .token = region_->Token(GoodClaims())}, StatusCode::kOk,
               "");
  access::v1::TokenClaims claims = GoodClaims();
  claims.set_expire_time(absl::ToUnixSeconds(absl::Now()) - 1);
  expect(region_->Token(claims), "TOKEN_EXPIRED");
  claims = GoodClaims();
  claims.set_issue_time(absl::ToUnixSeconds(absl::Now()) + 3600);
  claims.set_expire_time(absl::ToUnixSeconds(absl::Now()) + 7200);
  expect(region_->Token(claims), "TOKEN_NOT_YET_VALID");
  claims = GoodClaims();
  claims.set_audience("another-region");
  expect(region_->Token(claims), "TOKEN_AUDIENCE");
  expect(identity::MintToken(region_->issuer_key(), GoodClaims()), "TOKEN_SIGNATURE");
  std::string changed = region_->Token(GoodClaims());
  changed[10] = changed[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Send({.bytes = GetCaseBytes(), .token = changed}).code, StatusCode::kUnauthenticated);
  for (const std::string& junk :
       {std::string(), std::string("x"), std::string("a.b"), std::string(5000, 'A')}) {
    expect(junk, "TOKEN_MALFORMED");
  }
}

std::string IdToken(const crypto::SigningKey& key, const std::string& header,
                    const std::string& claims) {
  const std::string signed_part =
      absl::StrCat(crypto::Base64UrlEncode(header), ".", crypto::Base64UrlEncode(claims));
  return absl::StrCat(signed_part, ".", crypto::Base64UrlEncode(key.Sign(signed_part)));
}

TEST_F(BadInputTest, R17IdTokensThatAreNotGoodAreRefusedWithTheirReason) {
  const std::string header = R"({"alg":"EdDSA","typ":"JWT"})";
  const auto claims = [](const std::string& iss, const std::string& aud, int from, int until) {
    const int64_t now = absl::ToUnixSeconds(absl::Now());
    return absl::StrCat(R"({"iss":")", iss, R"(","sub":"professionals/ib","aud":")", aud,
                        R"(","iat":)", now + from, R"(,"exp":)", now + until,
                        R"(,"acr":"substantial","amr":["pwd","otp"]})");
  };
  const auto exchange = [](const std::string& id_token) {
    access::v1::ExchangeTokenRequest request;
    request.set_id_token(id_token);
    access::v1::ExchangeTokenResponse response;
    return way_->Call("/knooppunt.access.v1.AccessService/ExchangeToken", request, &response, {});
  };
  const crypto::SigningKey& issuer = region_->issuer_key();
  const auto refused = [](const char* reason) {
    return Fails(StatusCode::kUnauthenticated, reason);
  };
  EXPECT_OK(exchange(IdToken(issuer, header, claims("dev", "knooppunt", 0, 60))));
  EXPECT_THAT(exchange(IdToken(issuer, header, claims("dev", "knooppunt", -600, -300))),
              refused("ID_TOKEN_EXPIRED"));
  EXPECT_THAT(exchange(IdToken(issuer, header, claims("dev", "knooppunt", 3600, 7200))),
              refused("ID_TOKEN_NOT_YET_VALID"));
  EXPECT_THAT(exchange(IdToken(issuer, header, claims("dev", "another", 0, 60))),
              refused("ID_TOKEN_AUDIENCE"));
  EXPECT_THAT(exchange(IdToken(issuer, header, claims("https://elsewhere", "knooppunt", 0, 60))),
              refused("ID_TOKEN_ISSUER"));
  EXPECT_THAT(exchange(IdToken(region_->log_key(), header, claims("dev", "knooppunt", 0, 60))),
              refused("ID_TOKEN_SIGNATURE"));
  EXPECT_THAT(exchange(IdToken(issuer, R"({"alg":"none"})", claims("dev", "knooppunt", 0, 60))),
              refused("ID_TOKEN_ALGORITHM"));
  for (const char* junk : {"", "x", "a.b", "a.b.c.d", "!.!.!"}) {
    EXPECT_THAT(exchange(junk), refused("ID_TOKEN_MALFORMED")) << junk;
  }
}

TEST_F(BadInputTest, R17MethodsForUnitsAreRefusedToPeopleAndToOtherUnits) {
  int checked = 0;
  for (const Method& method : AllMethods()) {
    if (method.rule.caller() != policy::v1::CALLER_SERVICE) continue;
    ++checked;
    ExpectAnswer({.method = absl::StrCat("/knooppunt.", method.path()),
                  .token = region_->Token(GoodClaims())},
                 StatusCode::kPermissionDenied, "NOT_A_SERVICE");
  }
  EXPECT_GE(checked, 6);
  access::v1::ApplyFactsRequest facts;
  facts.set_unit("dossier");
  access::v1::ApplyFactsResponse applied;
  EXPECT_THAT(
      Connect("audit")->Call("/knooppunt.access.v1.AccessService/ApplyFacts", facts, &applied, {}),
      Fails(StatusCode::kPermissionDenied, "NOT_A_SERVICE"));
  EXPECT_THAT(Connect("directory")
                  ->Call("/knooppunt.access.v1.AccessService/ApplyFacts", facts, &applied, {}),
              Fails(StatusCode::kFailedPrecondition, "NOT_YOUR_FACT"));
  audit::v1::AppendRequest append;
  append.set_unit("dossier");
  append.set_incarnation("i");
  audit::v1::AppendResponse appended;
  EXPECT_THAT(
      Connect("directory")->Call("/knooppunt.audit.v1.AuditService/Append", append, &appended, {}),
      ::knooppunt::testing::StatusIs(StatusCode::kPermissionDenied));
}

TEST_F(BadInputTest, R17AUnitsCertificateIsNoPerson) {
  casework::v1::GetCaseRequest request;
  request.set_name(region_->case_name);
  casework::v1::Case answer;
  EXPECT_THAT(Connect("dossier")->Call(kGetCase, request, &answer, {}),
              Fails(StatusCode::kUnauthenticated, "TOKEN_MALFORMED"));
}

// Certificates named "dossier": one of another authority, one of ours that ended in 2020.
void MakeStaleAndForeign(const std::string& folder) {
  const std::string script = absl::StrCat(R"sh(
    set -eu
    umask 077
    cd ')sh",
                                          folder, R"sh('
    mkdir -p made && cd made
    printf 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=URI:spiffe://knooppunt/dossier,IP:127.0.0.1\n' >ext
    openssl ecparam -name prime256v1 -genkey -noout -out foreign-ca.key
    openssl req -x509 -new -key foreign-ca.key -days 10 -subj /CN=elsewhere -out foreign-ca.crt
    for name in foreign stale; do
      openssl ecparam -name prime256v1 -genkey -noout -out $name.key
      openssl req -new -key $name.key -subj /CN=dossier -out $name.csr
    done
    openssl x509 -req -in foreign.csr -CA foreign-ca.crt -CAkey foreign-ca.key -set_serial 1 -days 10 -extfile ext -out foreign.crt
    : >index.txt
    echo 01 >serial
    printf '[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=.\ndatabase=index.txt\nserial=serial\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >ca.cnf
    openssl ca -batch -notext -config ca.cnf -cert ../tls/ca.crt -keyfile ../tls/ca.key -in stale.csr -out stale.crt \
      -startdate 20200101000000Z -enddate 20200201000000Z -extfile ext
  )sh");
  std::ofstream(folder + "/make.sh") << script;
  const std::string command =
      absl::StrCat("bash '", folder, "/make.sh' >'", folder, "/make.log' 2>&1");
  Require(std::system(command.c_str()) == 0 ? absl::OkStatus()
                                            : absl::InternalError(FileText(folder + "/make.log")),
          "make certificates");
}

TEST_F(BadInputTest, R17ClientsWithAStaleOrForeignCertificateAreNotServed) {
  ASSERT_NO_FATAL_FAILURE(MakeStaleAndForeign(region_->folder()));
  access::v1::GetPositionRequest request;
  request.set_unit("dossier");
  request.set_incarnation("i");
  access::v1::ApplyFactsResponse response;
  const std::string method = "/knooppunt.access.v1.AccessService/GetPosition";
  EXPECT_OK(Connect("dossier")->Call(method, request, &response, {.timeout = absl::Seconds(10)}));
  for (const char* name : {"stale", "foreign"}) {
    client::ConnectOptions options;
    options.address = Address();
    options.ca_file = region_->folder() + "/tls/ca.crt";
    options.cert_file = absl::StrCat(region_->folder(), "/made/", name, ".crt");
    options.key_file = absl::StrCat(region_->folder(), "/made/", name, ".key");
    options.retry.max_attempts = 1;
    ASSERT_OK_AND_ASSIGN(const auto transport, client::Connect(options));
    const absl::Status s =
        transport->Call(method, request, &response, {.timeout = absl::Seconds(10)});
    EXPECT_THAT(s, ::knooppunt::testing::StatusIs(StatusCode::kUnavailable)) << name;
  }
}

TEST_F(BadInputTest, AClientRefusesAServerOfAnotherAuthority) {
  ASSERT_NO_FATAL_FAILURE(MakeStaleAndForeign(region_->folder()));
  client::ConnectOptions options;
  options.address = Address();
  options.ca_file = region_->folder() + "/made/foreign-ca.crt";
  options.retry.max_attempts = 1;
  ASSERT_OK_AND_ASSIGN(const auto transport, client::Connect(options));
  casework::v1::GetCaseRequest request;
  casework::v1::Case answer;
  EXPECT_THAT(transport->Call(kGetCase, request, &answer, {.timeout = absl::Seconds(10)}),
              ::knooppunt::testing::StatusIs(StatusCode::kUnavailable));
}

}  // namespace
}  // namespace knooppunt::integration
