// The handlers of documents behind the runtime's own pipeline, with made-up decisions: what each
// part opens, and what is left when something goes wrong. Over real decisions, and with consent
// withdrawn underway: tests/integration/documents_test.cc.
#include "services/documents/service.h"

#include <set>

#include "base/limits.h"
#include "base/new_folder_testing.h"
#include "schema/dossier_migrations.h"
#include "security/crypto/hash.h"
#include "security/policy/engine.h"
#include "security/policy/testing_permit.h"
#include "services/documents/content.h"
#include "services/documents/stored.h"
#include "services/dossier/family_store.h"
#include "services/runtime/stream_testing.h"

namespace knooppunt::documents {
namespace {

using absl::StatusCode;
using runtime::testing::Fails;

constexpr char kService[] = "/knooppunt.documents.v1.DocumentService/";
constexpr char kCase[] = "families/fam/cases/cas";
constexpr int64_t kMiB = 1 << 20;

// The dossier's database with nothing in it but documents.
class DocumentsUnit final : public runtime::Unit {
 public:
  DocumentsUnit(std::unique_ptr<storage::Database> database, crypto::Random& random)
      : database_(std::move(database)), documents_(random) {}
  absl::string_view name() const override { return "dossier"; }
  storage::Database& database() override { return *database_; }
  void Register(runtime::Registry& registry) override { documents_.Register(registry); }

 private:
  std::unique_ptr<storage::Database> database_;
  DocumentService documents_;
};

// Somebody who calls, and about whom they may read and write.
struct Caller {
  std::string subject = "professionals/ib";
  std::string organisation = "organisations/school";
  std::set<std::string> about = {"p-child", "p-mother"};
};

class DocumentsServiceTest : public ::testing::Test {
 protected:
  DocumentsServiceTest() {
    folder_ = ::knooppunt::testing::NewFolder("documents");
    signing_key_ = std::make_unique<crypto::SigningKey>(*crypto::SigningKey::FromSeed(
        crypto::SecretBytes::From(std::string(32, 's'), crypto::SecretAccess::For("test"))));
    tokens_ = std::make_unique<identity::TokenVerifier>(signing_key_->verify_key());
    access_ = std::make_unique<runtime::testing::FakeAccess>(tokens_.get(), &clock_);
    access_->extend = [this](const access::v1::CheckRequest& check, access::v1::Decision* d) {
      Open(check, d);
    };
    Start();
    SaveTheFamily();
  }
  ~DocumentsServiceTest() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  void Stop() {
    direct_.reset();
    if (host_ != nullptr) host_->Stop();
    host_.reset();
    unit_.reset();
  }
  void Start() {
    Stop();
    auto database = storage::Database::Open({.path = folder_ + "/dossier.db",
                                             .key = &database_key_,
                                             .unit = "dossier",
                                             .migrations = dossier::Migrations(),
                                             .clock = &clock_,
                                             .random = &random_,
                                             .outbox_max_entries = 0,
                                             .new_incarnation = false,
                                             .run_every_body_twice = true});
    ASSERT_OK(database.status());
    unit_ = std::make_unique<DocumentsUnit>(*std::move(database), random_);
    ASSERT_OK(DocumentService::Sweep(unit_->database()));
    auto host = runtime::Host::Create(
        {.unit = unit_.get(),
         .access = access_.get(),
         .audit = access_.get(),
         .tokens = tokens_.get(),
         .clock = &clock_,
         .random = &random_,
         .permissions = {"document.read", "document.write", "document.withdraw"}});
    ASSERT_OK(host.status());
    host_ = *std::move(host);
    ASSERT_OK(host_->Start());
    switchboard_ = std::make_unique<runtime::Switchboard>();
    switchboard_->Add(host_.get());
    direct_ = std::make_unique<runtime::DirectTransport>(switchboard_.get(), "");
  }

  static common::v1::Label LabelAbout(const std::string& person) {
    common::v1::Label label;
    label.mutable_about()->add_persons(person);
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    return label;
  }
  static void AddScope(common::v1::Label label, access::v1::PermitScope* scope) {
    if (label.controller().empty()) label.set_controller("organisations/school");
    scope->set_id(policy::ScopeId("fam", label));
    scope->set_key(crypto::Sha256(scope->id()));
    *scope->mutable_label() = std::move(label);
  }
  // The keys of what the caller of the moment may read, and of what they ask to write.
  void Open(const access::v1::CheckRequest& check, access::v1::Decision* d) {
    d->set_family("fam");
    for (const std::string& person : caller_.about) {
      AddScope(LabelAbout(person), d->mutable_permit()->add_scopes());
    }
    for (const common::v1::Label& label : check.labels()) {
      AddScope(label, d->mutable_permit()->add_write_scopes());
    }
  }
  void SaveTheFamily() {
    access::v1::Decision d;
    d.set_allowed(true);
    d.set_family("fam");
    d.mutable_permit()->set_facts_key(std::string(32, 'f'));
    const policy::AuthorizedCall call =
        policy::AdmitForTest(std::move(d), common::v1::PURPOSE_COORDINATION, "seed");
    dossier::FamilyFacts facts;
    facts.set_id("fam");
    facts.add_persons()->set_id("p-child");
    facts.add_persons()->set_id("p-mother");
    access::v1::CaseFact* c = facts.add_cases();
    c->set_id("cas");
    c->set_state(access::v1::CASE_STATE_OPEN);
    c->set_werkplaats("werkplaatsen/w");
    c->set_organisation("organisations/school");
    c->add_children("p-child");
    ASSERT_OK(unit_->database()
                  .Write([&](storage::WriteTx& tx) {
                    dossier::FamilyFacts again = facts;
                    return dossier::SaveFacts(call, tx, &again, random_);
                  })
                  .status());
  }

  client::CallOptions Options() {
    access::v1::TokenClaims claims;
    claims.set_id("t");
    claims.set_subject(caller_.subject);
    claims.set_organisation(caller_.organisation);
    claims.set_audience(identity::kAudience);
    claims.set_issue_time(absl::ToUnixSeconds(clock_.Now()));
    claims.set_expire_time(absl::ToUnixSeconds(clock_.Now()) + 600);
    client::CallOptions options;
    options.timeout = absl::Seconds(60);
    options.token = identity::MintToken(*signing_key_, claims);
    return options;
  }
  std::string RequestId() {
    return absl::StrCat("00000000-0000-4000-8000-", absl::Dec(++request_, absl::kZeroPad12));
  }

  v1::UploadDocumentRequest Opening(const std::string& content,
                                    const std::string& about = "p-child") {
    v1::UploadDocumentRequest opening;
    opening.set_parent(kCase);
    opening.set_title("Verslag");
    opening.set_media_type("application/pdf");
    opening.set_size_bytes(static_cast<int64_t>(content.size()));
    opening.set_request_id(RequestId());
    *opening.mutable_label() = LabelAbout(about);
    return opening;
  }
  static std::string Pdf(int64_t size, char fill = 'x') {
    std::string content(static_cast<size_t>(size), fill);
    return content.replace(0, 9, "%PDF-1.7\n");
  }
  // `stop_after` messages, if not all.
  absl::StatusOr<v1::Document> Upload(const v1::UploadDocumentRequest& opening,
                                      const std::string& content, int stop_after = 1000) {
    v1::UploadDocumentRequest message;
    v1::Document answer;
    int n = 0;
    KP_RETURN_IF_ERROR(direct_->Send(
        absl::StrCat(kService, "UploadDocument"), &message,
        [&]() -> absl::StatusOr<bool> {
          if (n == stop_after) return absl::CancelledError("cut off");
          const size_t at = n == 0 ? 0 : static_cast<size_t>((n - 1) * kMiB);
          if (n++ == 0) {
            message = opening;
          } else if (at < content.size()) {
            message.set_chunk(content.substr(at, kMiB));
          } else {
            return false;
          }
          return true;
        },
        &answer, Options()));
    return answer;
  }
  absl::StatusOr<v1::Document> Add(const std::string& content,
                                   const std::string& about = "p-child") {
    return Upload(Opening(content, about), content);
  }
  absl::StatusOr<std::string> Read(const std::string& name, int64_t offset = 0) {
    v1::DownloadDocumentRequest request;
    request.set_name(name);
    request.set_offset_bytes(offset);
    v1::DownloadDocumentResponse part;
    std::string content;
    KP_RETURN_IF_ERROR(direct_->Receive(absl::StrCat(kService, "DownloadDocument"), request, &part,
                                        Options(), [&] {
                                          content += part.chunk();
                                          return absl::OkStatus();
                                        }));
    return content;
  }
  absl::StatusOr<v1::Document> Get(const std::string& name) {
    v1::GetDocumentRequest request;
    request.set_name(name);
    v1::Document answer;
    KP_RETURN_IF_ERROR(
        direct_->Call(absl::StrCat(kService, "GetDocument"), request, &answer, Options()));
    return answer;
  }
  absl::StatusOr<v1::ListDocumentsResponse> List(int size = 0, const std::string& token = "") {
    v1::ListDocumentsRequest request;
    request.set_parent(kCase);
    request.set_page_size(size);
    request.set_page_token(token);
    v1::ListDocumentsResponse answer;
    KP_RETURN_IF_ERROR(
        direct_->Call(absl::StrCat(kService, "ListDocuments"), request, &answer, Options()));
    return answer;
  }
  absl::StatusOr<v1::Document> Withdraw(const std::string& name) {
    v1::WithdrawDocumentRequest request;
    request.set_name(name);
    request.set_reason("Hoort bij een ander kind.");
    request.set_request_id(RequestId());
    v1::Document answer;
    KP_RETURN_IF_ERROR(
        direct_->Call(absl::StrCat(kService, "WithdrawDocument"), request, &answer, Options()));
    return answer;
  }
  int64_t Count(const std::string& table) {
    int64_t n = -1;
    EXPECT_OK(unit_->database().Write([](storage::WriteTx&) { return absl::OkStatus(); }).status());
    EXPECT_OK(unit_->database().Read([&](storage::ReadTx& tx) {
      return tx.Query("SELECT count(*) FROM " + table, {}, [&](const storage::Row& row) {
        n = row.Int(0);
        return absl::OkStatus();
      });
    }));
    return n;
  }
  void Execute(const std::string& sql) {
    EXPECT_OK(unit_->database()
                  .Write([&](storage::WriteTx& tx) { return tx.Exec(sql, {}).status(); })
                  .status());
  }

  std::string folder_;
  base::FakeClock clock_{absl::FromUnixSeconds(1'795'168'800)};
  crypto::SystemRandom random_;
  const crypto::SecretBytes database_key_ = random_.Key();
  std::unique_ptr<crypto::SigningKey> signing_key_;
  std::unique_ptr<identity::TokenVerifier> tokens_;
  std::unique_ptr<runtime::testing::FakeAccess> access_;
  std::unique_ptr<DocumentsUnit> unit_;
  std::unique_ptr<runtime::Host> host_;
  std::unique_ptr<runtime::Switchboard> switchboard_;
  std::unique_ptr<runtime::DirectTransport> direct_;
  Caller caller_;
  int request_ = 0;
};

TEST_F(DocumentsServiceTest, ComesBackByteForByte) {
  for (const int64_t size : {int64_t{9}, kMiB, kMiB + 1, 2 * kMiB + 300'000}) {
    const std::string content = Pdf(size);
    ASSERT_OK_AND_ASSIGN(const v1::Document added, Add(content));
    ASSERT_EQ(added.versions_size(), 1);
    EXPECT_EQ(added.versions(0).size_bytes(), size);
    EXPECT_EQ(added.versions(0).sha256(), crypto::HexEncode(crypto::Sha256(content)));
    EXPECT_EQ(added.versions(0).name(), added.name() + "/versions/1");
    EXPECT_EQ(added.label().controller(), "organisations/school");
    ASSERT_OK_AND_ASSIGN(const std::string read, Read(added.name()));
    EXPECT_TRUE(read == content) << size;
    EXPECT_EQ(Get(added.name())->SerializeAsString(), added.SerializeAsString());
  }
}

TEST_F(DocumentsServiceTest, R13EachPartAsksAnewAndARefusalEndsIt) {
  const std::string content = Pdf(3 * kMiB);
  ASSERT_OK_AND_ASSIGN(const v1::Document added, Add(content));
  EXPECT_EQ(access_->asked(), 5);  // the opening, three parts, the end
  ASSERT_OK(Read(added.name()).status());
  EXPECT_EQ(access_->asked(), 8);
  access_->allows = [](int question) { return question <= 10; };
  EXPECT_THAT(Read(added.name()), Fails(StatusCode::kPermissionDenied, "REFUSED"));
  EXPECT_EQ(access_->asked(), 11);
}

TEST_F(DocumentsServiceTest, R13ARefusedPartOfAnUploadLeavesNothing) {
  const std::string content = Pdf(2 * kMiB);
  for (const int refused_at : {1, 2, 3, 4}) {
    const int before = access_->asked();
    access_->allows = [=](int question) { return question - before < refused_at; };
    EXPECT_THAT(Add(content), Fails(StatusCode::kPermissionDenied, "REFUSED"));
    EXPECT_EQ(Count("document_row"), 0) << refused_at;
    EXPECT_EQ(Count("document_content"), 0) << refused_at;
    EXPECT_EQ(Count("item"), 0) << refused_at;
  }
}

TEST_F(DocumentsServiceTest, P6PermitsThatDoNotOpenTheScopeReadNothing) {
  ASSERT_OK_AND_ASSIGN(const v1::Document added, Add(Pdf(kMiB), "p-mother"));
  caller_.about = {"p-child"};
  const absl::Status closed = Read(added.name()).status();
  EXPECT_THAT(closed, Fails(StatusCode::kNotFound, "NOT_FOUND"));
  // R18: word for word as what was never there.
  const std::string nowhere = absl::StrCat(kCase, "/documents/document-aaaaaaaaaaaaaaaaaaaa");
  EXPECT_EQ(closed, Read(nowhere).status());
  EXPECT_EQ(Get(added.name()).status(), Get(nowhere).status());
  EXPECT_EQ(Withdraw(added.name()).status(), Withdraw(nowhere).status());
  EXPECT_EQ(List()->documents_size(), 0);
  // Under the name of another case it is not there either.
  caller_.about = {"p-mother"};
  EXPECT_THAT(Get(absl::StrCat("families/fam/cases/other/documents/",
                               added.name().substr(added.name().rfind('/') + 1))),
              Fails(StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_F(DocumentsServiceTest, AnUploadThatIsCutOffOrEndsTooEarlyLeavesNothing) {
  const std::string content = Pdf(3 * kMiB);
  EXPECT_TRUE(absl::IsCancelled(Upload(Opening(content), content, 3).status()));
  EXPECT_EQ(Count("document_row"), 0);
  EXPECT_THAT(Upload(Opening(content), content.substr(0, 2 * kMiB)),
              Fails(StatusCode::kInvalidArgument, "UPLOAD_CUT_OFF"));
  EXPECT_EQ(Count("document_row"), 0);
  EXPECT_EQ(Count("document_content"), 0);
  EXPECT_EQ(List()->documents_size(), 0);
}

TEST_F(DocumentsServiceTest, WhatACrashLeftGoesAtTheNextStart) {
  ASSERT_OK(Add(Pdf(kMiB)).status());
  Execute("INSERT INTO document_content VALUES ('content-left', 'fam', 's', 1795168800, 0)");
  Execute("INSERT INTO document_row VALUES ('content-left', 0, x'00')");
  Start();
  EXPECT_EQ(Count("document_content"), 1);
  EXPECT_EQ(Count("document_row"), 4);
}

TEST_F(DocumentsServiceTest, WhatCouldNotBeRemovedGoesWithALaterUpload) {
  Execute("INSERT INTO document_content VALUES ('content-left', 'fam', 's', 1795168800, 0)");
  Execute("INSERT INTO document_row VALUES ('content-left', 0, x'00')");
  ASSERT_OK(Add(Pdf(1000)).status());
  EXPECT_EQ(Count("document_content"), 2);  // it may be under way
  clock_.Advance(absl::Seconds(2 * limits::kMaxStreamSeconds + 1));
  ASSERT_OK(Add(Pdf(1000)).status());
  EXPECT_EQ(Count("document_content"), 2);
}

TEST_F(DocumentsServiceTest, P6RowsThatWereTamperedWithAreNotHandedOn) {
  ASSERT_OK_AND_ASSIGN(const v1::Document one, Add(Pdf(2 * kMiB, 'a')));
  ASSERT_OK_AND_ASSIGN(const v1::Document two, Add(Pdf(2 * kMiB, 'b')));
  Execute("CREATE TABLE kept AS SELECT * FROM document_row");
  const auto restore = [&] {
    Execute("DELETE FROM document_row");
    Execute("INSERT INTO document_row SELECT * FROM kept");
  };
  for (const char* tamper :
       {// Two rows changed places.
        "UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k WHERE k.content = "
        "document_row.content AND k.place = 1 - document_row.place) WHERE place < 2",
        // A row of the other document at its place.
        "UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k WHERE k.place = 5 AND "
        "k.content <> document_row.content) WHERE place = 5",
        // All rows of the other.
        "UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k WHERE k.place = "
        "document_row.place AND k.content <> document_row.content)",
        // A few bytes, a row left out, the last row left out.
        "UPDATE document_row SET sealed = substr(sealed, 1, 996) || x'00000000' || "
        "substr(sealed, 1001) WHERE place = 3",
        "DELETE FROM document_row WHERE place = 4", "DELETE FROM document_row WHERE place = 7"}) {
    Execute(tamper);
    for (const v1::Document& document : {one, two}) {
      EXPECT_THAT(Read(document.name()), Fails(StatusCode::kDataLoss, "DOCUMENT_DAMAGED"))
          << tamper;
    }
    restore();
    EXPECT_OK(Read(one.name()).status());
  }
}

TEST_F(DocumentsServiceTest, VersionsStayAndTheNewestIsRead) {
  const std::string first = Pdf(kMiB + 5, 'a'), second = Pdf(700, 'b');
  ASSERT_OK_AND_ASSIGN(const v1::Document added, Add(first));
  v1::UploadDocumentRequest opening = Opening(second);
  opening.clear_label();
  opening.clear_title();
  opening.set_name(added.name());
  opening.set_etag(added.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Document both, Upload(opening, second));
  EXPECT_EQ(both.versions_size(), 2);
  EXPECT_EQ(both.title(), "Verslag");
  EXPECT_TRUE(*Read(added.name()) == second);
  EXPECT_TRUE(*Read(added.name() + "/versions/1") == first);
  EXPECT_THAT(Read(added.name() + "/versions/3"), Fails(StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Read(added.name() + "/versions/01"), Fails(StatusCode::kNotFound, "NOT_FOUND"));
  opening.set_request_id(RequestId());
  EXPECT_THAT(Upload(opening, second), Fails(StatusCode::kAborted, "CHANGED_MEANWHILE"));
  EXPECT_EQ(Count("document_content"), 2);
}

TEST_F(DocumentsServiceTest, WithdrawnContentIsGivenToNobody) {
  ASSERT_OK_AND_ASSIGN(const v1::Document added, Add(Pdf(1000)));
  caller_.subject = "professionals/nurse";
  caller_.organisation = "organisations/jgz";
  EXPECT_THAT(Withdraw(added.name()), Fails(StatusCode::kPermissionDenied, "NOT_YOUR_DOCUMENT"));
  caller_ = Caller();
  ASSERT_OK_AND_ASSIGN(const v1::Document gone, Withdraw(added.name()));
  EXPECT_EQ(gone.state(), v1::DOCUMENT_STATE_WITHDRAWN);
  EXPECT_EQ(gone.withdraw_reason(), "Hoort bij een ander kind.");
  EXPECT_THAT(Read(added.name()), Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  EXPECT_THAT(Withdraw(added.name()), Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  EXPECT_EQ(List()->documents(0).state(), v1::DOCUMENT_STATE_WITHDRAWN);
}

TEST_F(DocumentsServiceTest, PagesAreOfWhatTheCallerSees) {
  std::vector<std::string> childs;
  for (int i = 0; i < 3; ++i) {
    childs.push_back(Add(Pdf(100))->name());
    ASSERT_OK(Add(Pdf(100), "p-mother").status());
  }
  caller_.about = {"p-child"};
  ASSERT_OK_AND_ASSIGN(const auto first, List(2));
  ASSERT_EQ(first.documents_size(), 2);
  ASSERT_OK_AND_ASSIGN(const auto second, List(2, first.next_page_token()));
  ASSERT_EQ(second.documents_size(), 1);
  EXPECT_EQ(second.documents(0).name(), childs[2]);
  EXPECT_TRUE(second.next_page_token().empty());
  // A token leads nowhere else.
  caller_.about = {"p-mother"};
  EXPECT_THAT(List(2, first.next_page_token()),
              Fails(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(List(2, "!"), Fails(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(DocumentsServiceTest, BadInputIsRefusedAndNothingIsKept) {
  const std::string content = Pdf(kMiB + 10);
  const auto fails = [&](const std::string& reason,
                         const std::function<void(v1::UploadDocumentRequest*)>& spoil,
                         const std::string& what) {
    v1::UploadDocumentRequest opening = Opening(content);
    spoil(&opening);
    EXPECT_EQ(base::ReasonOf(Upload(opening, content).status()), reason) << what;
    EXPECT_EQ(Count("document_content"), 0) << what;
  };
  fails(
      "R38_NO_LABEL", [](auto* o) { o->clear_label(); }, "no label");
  fails(
      "INVALID_FIELD", [](auto* o) { o->clear_title(); }, "no title");
  fails(
      "INVALID_FIELD", [](auto* o) { o->set_title("a\nb"); }, "two lines");
  fails(
      "INVALID_FIELD",
      [](auto* o) {
        o->set_title(
            "a\xe2\x80\xae"
            "fdp.exe");
      },
      "bidi override");
  fails(
      "DOCUMENT_TYPE_LIES", [](auto* o) { o->set_media_type("image/png"); }, "another type");
  fails(
      "DOCUMENT_TYPE_NOT_ALLOWED", [](auto* o) { o->set_media_type("text/html"); }, "a page");
  fails(
      "DOCUMENT_SIZE", [](auto* o) { o->set_size_bytes(limits::kMaxDocumentBytes + 1); }, "large");
  fails(
      "NOT_THE_NEXT_CHUNK", [](auto* o) { o->set_size_bytes(kMiB + 9); }, "more than said");
  fails(
      "NOT_THE_NEXT_CHUNK", [](auto* o) { o->set_size_bytes(2 * kMiB + 10); }, "less than said");
  fails(
      "DOCUMENT_OTHER_CONTENT", [](auto* o) { o->set_sha256(std::string(64, '0')); }, "hash");
  fails(
      "NOT_FOUND", [](auto* o) { o->set_parent("families/fam/cases/other"); }, "no such case");
  fails(
      "INVALID_FIELD", [](auto* o) { o->mutable_label()->mutable_about()->set_persons(0, "p-x"); },
      "about a stranger");
}

TEST_F(DocumentsServiceTest, R18RepeatingAnUploadAnswersItsName) {
  const std::string content = Pdf(2 * kMiB);
  const v1::UploadDocumentRequest opening = Opening(content);
  ASSERT_OK_AND_ASSIGN(const v1::Document added, Upload(opening, content));
  ASSERT_OK_AND_ASSIGN(const v1::Document again, Upload(opening, content));
  EXPECT_EQ(again.name(), added.name());
  EXPECT_EQ(again.versions_size(), 0);
  EXPECT_EQ(Count("document_content"), 1);
}

}  // namespace
}  // namespace knooppunt::documents
