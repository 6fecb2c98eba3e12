// For tests: two running installations with keys, a directory and a log of their own each, and a
// case on its way from the one to the other over files.
#ifndef KNOOPPUNT_TESTS_INTEGRATION_INSTALLATIONS_TESTING_H_
#define KNOOPPUNT_TESTS_INTEGRATION_INSTALLATIONS_TESTING_H_

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/new_folder_testing.h"
#include "base/status.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/envelope_testing.h"
#include "security/crypto/hash.h"
#include "tests/integration/documents_testing.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {

inline constexpr char kHandover[] = "handover.v1.HandoverService/";
inline constexpr char kArchive[] = "archive.v1.ArchiveService/";
inline constexpr char kDirectory[] = "directory.v1.DirectoryService/";

// Has `region` be the installation with the certificate `own`, that knows the one with `other`:
// both in `folder`. Before it starts.
inline void Acquaint(Region* region, const std::string& folder, const std::string& own,
                     const std::string& other) {
  region->config().set_archive_certificate_file(absl::StrCat(folder, "/", own, ".crt"));
  region->config().set_archive_key_file(absl::StrCat(folder, "/", own, ".key"));
  auto* peer = region->config().add_peer_installations();
  peer->set_name(other);
  peer->set_certificate_file(absl::StrCat(folder, "/", other, ".crt"));
}

class TwoInstallationsTest : public ::testing::Test {
 protected:
  explicit TwoInstallationsTest(const Region::Options& options = {}) : a_(options), b_(options) {
    files_ = ::knooppunt::testing::NewFolder("files");
    for (const char* who : {"zuid", "noord", "vreemd"})
      crypto::testing::MakeCertificate(files_, who);
    Acquaint(&a_, files_, "zuid", "noord");
    auto* place = a_.config().mutable_peer_installations(0)->add_places();
    place->set_werkplaats("werkplaatsen/blariacum");
    place->set_their_werkplaats("werkplaatsen/blariacum-college");
    place->set_their_organisation("organisations/ogvo");
    Acquaint(&b_, files_, "noord", "zuid");
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
  void FurnishB() {
    directory::v1::ImportDirectoryRequest request;
    auto* o = request.add_organisations();
    o->set_name("organisations/maastricht");
    o->set_display_name("Gemeente");
    o->set_kind(common::v1::ORGANISATION_KIND_MUNICIPALITY);
    AddWerkplaats(&request, "organisations/ogvo", "werkplaatsen/blariacum-college");
    directory::v1::ImportDirectoryResponse response;
    ASSERT_OK(b_.Call(b_.admin, absl::StrCat(kDirectory, "ImportDirectory"), request, &response));
    for (const Caller& who : {iris_, henk_, b_.auditor}) b_.Employ(who);
  }

  void Consent() {
    const std::string words = "Wij willen dat de nieuwe school dit weet.";
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
    c->set_wording(words);
    consent::v1::Consent made;
    ASSERT_OK(a_.Call(a_.ib, "consent.v1.ConsentService/ProposeConsent", request, &made));
    consent_ = made.name();
    for (const Caller& who : {a_.mother, a_.father}) {
      consent::v1::SignConsentRequest sign;
      sign.set_name(made.name());
      sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(words)));
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
    for (const Paper& paper : papers_) {
      const auto added = Upload(a_, a_.ib, paper);
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
    ASSERT_OK(a_.Call(a_.ib, absl::StrCat(kArchive, "ExportHandover"), request, &file_));
    crypto::testing::WriteAll(Path("casus.cms"), file_.content());
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
    crypto::testing::WriteAll(Path("ontvangst.cms"), file.content());
  }
  absl::StatusOr<handover::v1::Handover> TakeReceipt() {
    archive::v1::TakeReceiptRequest request;
    request.set_name(handover_);
    request.set_receipt(crypto::testing::ReadAll(Path("ontvangst.cms")));
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
  // After the conversation, with Henk as the stand-in.
  absl::Status Accept(const std::string& case_name) {
    SeatHenk(case_name);
    archive::v1::AcceptImportRequest accept;
    accept.set_name(imported_);
    accept.set_regisseur_seat(SeatAt(iris_, case_name));
    accept.set_stand_in_seat(SeatAt(henk_, case_name));
    accept.mutable_conversation()->set_date(b_.Day(0));
    accept.mutable_conversation()->set_how("in persoon");
    for (const auto& [party, name] :
         std::vector<std::pair<handover::v1::HandoverParty, std::string>>{
             {handover::v1::HANDOVER_PARTY_SENDER, "Els Janssen"},
             {handover::v1::HANDOVER_PARTY_RECEIVER, "Iris Hermans"},
             {handover::v1::HANDOVER_PARTY_FAMILY, "Joost van der Zanden"}}) {
      auto* attendee = accept.mutable_conversation()->add_attendees();
      attendee->set_party(party);
      attendee->set_name(name);
    }
    handover::v1::Handover accepted;
    return b_.Call(iris_, absl::StrCat(kArchive, "AcceptImport"), accept, &accepted);
  }
  // Rows of everything that taking in writes.
  int64_t Stored() {
    int64_t rows = 0;
    // Behind all that was submitted before.
    EXPECT_OK(b_.database("dossier")
                  .Write([](storage::WriteTx& tx) {
                    return tx.Exec("DELETE FROM document_row WHERE 0", {}).status();
                  })
                  .status());
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
  std::string handover_, imported_, consent_;
  archive::v1::ArchiveFile file_;
  // What goes along; the first has room in the archive.
  std::vector<Paper> papers_ = {
      Paper(), Paper{.title = "Onderzoeksverslag", .size_bytes = kMiB + kMiB / 2, .seed = 'b'}};
};

}  // namespace knooppunt::integration

#endif  // KNOOPPUNT_TESTS_INTEGRATION_INSTALLATIONS_TESTING_H_
