// A whole case from one running installation to another over files: other keys, another directory,
// another log, and the receipt back (R26-R29). And files that are refused: each with a clear error,
// nothing stored and one record in the log (R22, R28).
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/new_folder_testing.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/envelope_testing.h"
#include "security/crypto/hash.h"
#include "tests/faults/whole_log.h"
#include "tests/integration/documents_testing.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using crypto::testing::MakeCertificate;
using crypto::testing::ReadAll;
using crypto::testing::RunOrDie;
using crypto::testing::WriteAll;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kHandover[] = "handover.v1.HandoverService/";
constexpr char kArchive[] = "archive.v1.ArchiveService/";
constexpr char kDirectory[] = "directory.v1.DirectoryService/";
constexpr char kWords[] = "Wij willen dat de nieuwe school dit weet.";

class TwoInstallationsTest : public ::testing::Test {
 protected:
  TwoInstallationsTest() {
    files_ = ::knooppunt::testing::NewFolder("files");
    for (const char* who : {"zuid", "noord", "vreemd"}) MakeCertificate(files_, who);
    Configure(&a_, "zuid", "noord");
    auto* place = a_.config().mutable_peer_installations(0)->add_places();
    place->set_werkplaats("werkplaatsen/blariacum");
    place->set_their_werkplaats("werkplaatsen/blariacum-college");
    place->set_their_organisation("organisations/ogvo");
    Configure(&b_, "noord", "zuid");
    EXPECT_OK(a_.Start());
    EXPECT_OK(b_.Start());
    iris_.claims.set_subject("professionals/iris");
    iris_.claims.set_organisation("organisations/ogvo");
    iris_.claims.set_function(common::v1::FUNCTION_CARE_COORDINATOR);
    iris_.claims.set_display_name("Iris Hermans");
    iris_.purpose = common::v1::PURPOSE_HANDOVER;
    henk_ = iris_;
    henk_.claims.set_subject("professionals/henk");
    henk_.claims.set_display_name("Henk Vossen");
    FurnishA();
    FurnishB();
  }
  ~TwoInstallationsTest() override { std::filesystem::remove_all(files_); }

  std::string Path(const std::string& name) const { return absl::StrCat(files_, "/", name); }
  void Configure(Region* region, const std::string& own, const std::string& other) {
    region->config().set_archive_certificate_file(Path(own + ".crt"));
    region->config().set_archive_key_file(Path(own + ".key"));
    auto* peer = region->config().add_peer_installations();
    peer->set_name(other);
    peer->set_certificate_file(Path(other + ".crt"));
  }
  static void AddWerkplaats(directory::v1::ImportDirectoryRequest* request,
                            const char* organisation, const char* werkplaats) {
    auto* o = request->add_organisations();
    o->set_name(organisation);
    o->set_display_name(organisation);
    o->set_kind(common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    auto* w = request->add_werkplaatsen();
    w->set_name(werkplaats);
    w->set_display_name("Blariacum College");
    w->set_organisation(organisation);
    w->set_stage(common::v1::STAGE_VO);
    w->set_municipality("organisations/maastricht");
  }
  void FurnishA() {
    a_.Furnish();
    a_.SeatTheNurse();
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(a_.case_name);
    const auto seen = a_.GetCase(a_.ib);
    ASSERT_OK(seen);
    for (const auto& p : seen->participants()) {
      if (p.professional() == a_.ib.claims.subject()) appoint.set_seat(p.seat());
      if (p.professional() == a_.nurse.claims.subject()) appoint.set_stand_in_seat(p.seat());
    }
    casework::v1::Regisseur regisseur;
    ASSERT_OK(a_.Call(a_.ib, "casework.v1.CaseworkService/AppointRegisseur", appoint, &regisseur));
    // The school of the other region stands in the directory here, run elsewhere.
    directory::v1::ImportDirectoryRequest request;
    AddWerkplaats(&request, "organisations/schoolbestuur-venlo", "werkplaatsen/blariacum");
    directory::v1::ImportDirectoryResponse response;
    ASSERT_OK(a_.Call(a_.admin, absl::StrCat(kDirectory, "ImportDirectory"), request, &response));
  }
  void Employ(const Caller& who) {
    directory::v1::CreateProfessionalRequest request;
    directory::v1::Professional* p = request.mutable_professional();
    p->set_name(who.claims.subject());
    p->set_display_name(who.claims.display_name());
    p->set_login(absl::StrCat("dev|", who.claims.subject()));
    access::v1::FunctionTerm* term = p->add_functions();
    term->set_organisation(who.claims.organisation());
    term->set_function(who.claims.function());
    term->set_start_date(b_.Day(-30));
    directory::v1::Professional response;
    ASSERT_OK(
        b_.Call(b_.admin, absl::StrCat(kDirectory, "CreateProfessional"), request, &response));
  }
  void FurnishB() {
    directory::v1::ImportDirectoryRequest request;
    auto* o = request.add_organisations();
    o->set_name("organisations/maastricht");
    o->set_display_name("Gemeente");
    o->set_kind(common::v1::ORGANISATION_KIND_MUNICIPALITY);
    AddWerkplaats(&request, "organisations/ogvo", "werkplaatsen/blariacum-college");
    directory::v1::ImportDirectoryResponse response;
    ASSERT_OK(b_.Call(b_.admin, absl::StrCat(kDirectory, "ImportDirectory"), request, &response));
    for (const Caller& who : {iris_, henk_, b_.auditor}) Employ(who);
  }

  void Consent() {
    consent::v1::ProposeConsentRequest request;
    request.set_parent(absl::StrCat("families/", a_.family));
    consent::v1::Consent* c = request.mutable_consent();
    for (const std::string& person : {a_.child, a_.mother_id, a_.father_id}) {
      c->mutable_about()->add_persons(person);
    }
    c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c->add_purposes(common::v1::PURPOSE_HANDOVER);
    c->set_recipient("organisations/schoolbestuur-venlo");
    c->set_start_date(a_.Day(0));
    c->set_end_date(a_.Day(200));
    c->set_wording(kWords);
    consent::v1::Consent made;
    ASSERT_OK(a_.Call(a_.ib, "consent.v1.ConsentService/ProposeConsent", request, &made));
    for (const Caller& who : {a_.mother, a_.father}) {
      consent::v1::SignConsentRequest sign;
      sign.set_name(made.name());
      sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(kWords)));
      consent::v1::Consent signed_one;
      ASSERT_OK(a_.Call(who, "consent.v1.ConsentService/SignConsent", sign, &signed_one));
    }
  }
  void Act(const char* method) {
    handover::v1::HandoverActRequest act;
    act.set_name(handover_);
    handover::v1::Handover answer;
    ASSERT_OK(a_.Call(a_.ib, absl::StrCat(kHandover, method), act, &answer));
  }
  // The case with a few notes, offered, and exported to casus.cms.
  void Send() {
    handover::v1::DraftHandoverRequest draft;
    draft.set_parent(a_.case_name);
    draft.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    draft.set_to_werkplaats("werkplaatsen/blariacum");
    for (const std::string& person : {a_.child, a_.mother_id, a_.father_id}) {
      draft.add_items(absl::StrCat("families/", a_.family, "/persons/", person));
    }
    draft.add_items(a_.case_name);
    for (const char* text : {"Rekenen gaat beter met een maatje.", "Sem leest graag."}) {
      draft.add_items(a_.AddNote(text)->name());
    }
    large_.size_bytes = kMiB + kMiB / 2;
    large_.title = "Onderzoeksverslag";
    for (const Paper* paper : {&small_, &large_}) {
      const auto added = Upload(a_, a_.ib, *paper);
      ASSERT_OK(added);
      draft.add_items(added->name());
    }
    draft.set_expire_date(a_.Day(60));
    handover::v1::Handover drafted;
    ASSERT_OK(a_.Call(a_.ib, absl::StrCat(kHandover, "DraftHandover"), draft, &drafted));
    handover_ = drafted.name();
    Act("ShowHandover");
    Consent();
    Act("AuthoriseHandover");
    Act("OfferHandover");
    archive::v1::ExportHandoverRequest request;
    request.set_name(handover_);
    archive::v1::ArchiveFile file;
    ASSERT_OK(a_.Call(a_.ib, absl::StrCat(kArchive, "ExportHandover"), request, &file));
    WriteAll(Path("casus.cms"), file.content());
  }
  absl::StatusOr<handover::v1::Handover> Import(const std::string& bytes) {
    archive::v1::ImportHandoverRequest request;
    request.set_archive(bytes);
    handover::v1::Handover answer;
    KP_RETURN_IF_ERROR(b_.Call(iris_, absl::StrCat(kArchive, "ImportHandover"), request, &answer));
    return answer;
  }
  void WriteReceipt() {
    archive::v1::GetArchiveReceiptRequest request;
    request.set_name(imported_);
    archive::v1::ArchiveFile file;
    ASSERT_OK(b_.Call(iris_, absl::StrCat(kArchive, "GetArchiveReceipt"), request, &file));
    WriteAll(Path("ontvangst.cms"), file.content());
  }
  absl::StatusOr<handover::v1::Handover> TakeReceipt() {
    archive::v1::TakeReceiptRequest request;
    request.set_name(handover_);
    request.set_receipt(ReadAll(Path("ontvangst.cms")));
    handover::v1::Handover answer;
    KP_RETURN_IF_ERROR(a_.Call(a_.ib, absl::StrCat(kArchive, "TakeReceipt"), request, &answer));
    return answer;
  }
  std::string SeatAt(const Caller& who, const std::string& case_name) {
    const auto seen = b_.GetCase(iris_, case_name);
    Require(seen.status(), "read the case");
    for (const auto& p : seen->participants()) {
      if (p.professional() == who.claims.subject()) return p.seat();
    }
    return "";
  }
  void SeatHenk(const std::string& case_name) {
    casework::v1::InviteParticipantRequest invite;
    invite.set_parent(case_name);
    invite.set_professional(henk_.claims.subject());
    invite.set_organisation(henk_.claims.organisation());
    invite.set_function(henk_.claims.function());
    invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    casework::v1::Participant seat;
    ASSERT_OK(b_.Call(iris_.For(common::v1::PURPOSE_COORDINATION),
                      "casework.v1.CaseworkService/InviteParticipant", invite, &seat));
    casework::v1::JoinCaseRequest join;
    join.set_name(case_name);
    ASSERT_OK(b_.Call(henk_.For(common::v1::PURPOSE_COORDINATION),
                      "casework.v1.CaseworkService/JoinCase", join, &seat));
  }
  // Rows of everything that taking in writes.
  int64_t Stored() {
    int64_t rows = 0;
    for (const char* table : {"family", "item", "taken_archive", "search_token", "person_token",
                              "document_content", "document_row"}) {
      EXPECT_OK(b_.database("dossier").Read([&](storage::ReadTx& tx) {
        return tx.Query(absl::StrCat("SELECT COUNT(*) FROM ", table), {}, [&](const auto& row) {
          rows += row.Int(0);
          return absl::OkStatus();
        });
      }));
    }
    return rows;
  }

  std::string files_;
  Region a_, b_;
  Caller iris_, henk_;  // at the other installation
  std::string handover_, imported_;
  Paper small_, large_;  // of which one has room in the archive
};

TEST_F(TwoInstallationsTest, R26R27R29AWholeCaseGoesOverAndTheReceiptComesBack) {
  Send();
  // The preview shows, and stores nothing.
  archive::v1::PreviewArchiveRequest look;
  look.set_archive(ReadAll(Path("casus.cms")));
  archive::v1::ArchivePreview preview;
  ASSERT_OK(b_.Call(iris_, absl::StrCat(kArchive, "PreviewArchive"), look, &preview));
  EXPECT_EQ(preview.payload().from_werkplaats_name(), "Basisschool Manjefiek");
  EXPECT_EQ(Stored(), 0);

  const auto taken = Import(ReadAll(Path("casus.cms")));
  ASSERT_OK(taken);
  imported_ = taken->name();
  const auto read = b_.GetCase(iris_, taken->case_());
  ASSERT_OK(read);
  EXPECT_THAT(read->persons(), SizeIs(3));
  EXPECT_THAT(read->contributions(), SizeIs(4));  // the document without room is one
  // The document that had room is there, whole, under the receiver's own keys.
  documents::v1::ListDocumentsRequest list;
  list.set_parent(taken->case_());
  documents::v1::ListDocumentsResponse documents;
  const Caller iris = iris_.For(common::v1::PURPOSE_COORDINATION);
  ASSERT_OK(b_.Call(iris, "documents.v1.DocumentService/ListDocuments", list, &documents));
  ASSERT_THAT(documents.documents(), SizeIs(1));
  EXPECT_EQ(documents.documents(0).title(), small_.title);
  EXPECT_EQ(documents.documents(0).label().controller(), "organisations/ogvo");
  const Downloaded came = Download(b_, iris, documents.documents(0).name(), small_);
  ASSERT_OK(came.status);
  EXPECT_TRUE(came.same);
  EXPECT_EQ(came.bytes, small_.size_bytes);
  EXPECT_EQ(read->state(), access::v1::CASE_STATE_OPEN);
  WriteReceipt();
  ASSERT_OK(TakeReceipt());

  SeatHenk(taken->case_());
  archive::v1::AcceptImportRequest accept;
  accept.set_name(imported_);
  accept.set_regisseur_seat(SeatAt(iris_, taken->case_()));
  accept.set_stand_in_seat(SeatAt(henk_, taken->case_()));
  accept.mutable_conversation()->set_date(b_.Day(0));
  accept.mutable_conversation()->set_how("in persoon");
  for (const auto& [party, name] : std::vector<std::pair<handover::v1::HandoverParty, std::string>>{
           {handover::v1::HANDOVER_PARTY_SENDER, "Els Janssen"},
           {handover::v1::HANDOVER_PARTY_RECEIVER, "Iris Hermans"},
           {handover::v1::HANDOVER_PARTY_FAMILY, "Joost van der Zanden"}}) {
    auto* attendee = accept.mutable_conversation()->add_attendees();
    attendee->set_party(party);
    attendee->set_name(name);
  }
  handover::v1::Handover accepted;
  ASSERT_OK(b_.Call(iris_, absl::StrCat(kArchive, "AcceptImport"), accept, &accepted));
  EXPECT_EQ(b_.GetCase(iris_, taken->case_())->state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_EQ(a_.GetCase(a_.ib)->state(), access::v1::CASE_STATE_ACTIVE);
  WriteReceipt();
  const auto closed = TakeReceipt();
  ASSERT_OK(closed);
  EXPECT_EQ(closed->state(), handover::v1::HANDOVER_STATE_CLOSED);
  // The table here is over; the family reads on, and so does the school in its own record.
  EXPECT_THAT(a_.GetCase(a_.ib), Refused());
  EXPECT_THAT(a_.GetCase(a_.nurse), Refused());
  const auto family = a_.GetCase(a_.mother);
  ASSERT_OK(family);
  EXPECT_EQ(family->state(), access::v1::CASE_STATE_CLOSED);
  EXPECT_THAT(family->outcome(), HasSubstr("Blariacum College"));

  for (Region* region : {&a_, &b_}) {
    const auto report = faults::VerifyWholeLog(*region);
    ASSERT_OK(report.status());
  }
}

TEST_F(TwoInstallationsTest, R22R28EachRefusedFileStoresNothingAndLeavesOneRecord) {
  Send();
  const std::string good = ReadAll(Path("casus.cms"));
  const auto other = [&](const char* signer, const char* recipient, const std::string& content) {
    const auto by = crypto::testing::ReadCorrespondent(files_, signer);
    const auto to = crypto::testing::ReadCorrespondent(files_, recipient);
    return *crypto::Envelope::Seal(to.certificate(), *crypto::Envelope::Sign(by, content));
  };
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  const std::vector<std::pair<std::string, std::string>> files = {
      {"", "ARCHIVE_TOO_LARGE"},
      {good.substr(0, good.size() / 2), "ARCHIVE_DAMAGED"},
      {flipped, "ARCHIVE_DAMAGED"},
      {std::string(10'000, '\x30'), "ARCHIVE_DAMAGED"},
      {std::string(970 << 10, 'x'), "ARCHIVE_TOO_LARGE"},
      {other("zuid", "vreemd", "x"), "ARCHIVE_FOR_ANOTHER_INSTALLATION"},
      {other("vreemd", "noord", "x"), "ARCHIVE_FROM_STRANGER"},
      {other("zuid", "noord", "../../etc/passwd"), "ARCHIVE_DAMAGED"},
      {other("zuid", "noord", "knooppunt-handover-archive-v7\n"), "ARCHIVE_VERSION"},
  };
  for (const auto& [bytes, reason] : files) {
    SCOPED_TRACE(reason);
    absl::Status refused;
    const auto records = RecordsOf(b_, "dossier", [&] { refused = Import(bytes).status(); });
    EXPECT_EQ(base::ReasonOf(refused), reason);
    EXPECT_THAT(records, SizeIs(1));
    EXPECT_EQ(Stored(), 0);
  }
  const auto taken = RecordsOf(b_, "dossier", [&] { EXPECT_OK(Import(good)); });
  EXPECT_THAT(taken, SizeIs(1));
  const int64_t stored = Stored();
  absl::Status again;
  const auto records = RecordsOf(b_, "dossier", [&] { again = Import(good).status(); });
  EXPECT_THAT(again, Fails(StatusCode::kAlreadyExists, "ARCHIVE_TAKEN_IN"));
  EXPECT_THAT(records, SizeIs(1));
  EXPECT_EQ(Stored(), stored);
  // Nor can anybody else have it.
  archive::v1::PreviewArchiveRequest look;
  look.set_archive(good);
  archive::v1::ArchivePreview preview;
  EXPECT_THAT(b_.Call(iris_.For(common::v1::PURPOSE_COORDINATION),
                      absl::StrCat(kArchive, "PreviewArchive"), look, &preview),
              Refused());
  ASSERT_OK(faults::VerifyWholeLog(b_).status());
}

// doc/handover-archive.md: with nothing but openssl.
TEST_F(TwoInstallationsTest, R28TheOpensslCommandOpensAndChecksAnArchive) {
  Send();
  RunOrDie(absl::StrCat(
      "cd ", files_,
      " && openssl cms -decrypt -binary -inform DER -in casus.cms -recip noord.crt -inkey "
      "noord.key -out getekend.cms && openssl cms -verify -binary -inform DER -in getekend.cms "
      "-certfile zuid.crt -nointern -noverify -out inhoud 2>/dev/null && test \"$(head -n 1 "
      "inhoud)\" = knooppunt-handover-archive-v1"));
  const std::string content = ReadAll(Path("inhoud"));
  archive::v1::ArchivePayload payload;
  ASSERT_TRUE(payload.ParseFromString(content.substr(content.find('\n') + 1)));
  EXPECT_EQ(payload.handover(), handover_);
  EXPECT_THAT(payload.persons(), SizeIs(3));
}

TEST_F(TwoInstallationsTest, R28AServerRefusesToStartOnKeysThatDoNotFit) {
  b_.Stop();
  b_.config().set_archive_key_file(Path("vreemd.key"));
  EXPECT_EQ(b_.Start().code(), StatusCode::kInvalidArgument);
  b_.config().set_archive_key_file(Path("noord.key"));
  std::filesystem::permissions(Path("noord.key"), std::filesystem::perms::all);
  EXPECT_EQ(b_.Start().code(), StatusCode::kFailedPrecondition);
  std::filesystem::permissions(Path("noord.key"), std::filesystem::perms::owner_read);
  b_.config().mutable_peer_installations(0)->set_certificate_file(Path("noord.crt"));
  EXPECT_EQ(b_.Start().code(), StatusCode::kInvalidArgument);
  b_.config().clear_archive_certificate_file();
  EXPECT_EQ(b_.Start().code(), StatusCode::kInvalidArgument);
  b_.config().clear_peer_installations();
  EXPECT_OK(b_.Start());
}

}  // namespace
}  // namespace knooppunt::integration
