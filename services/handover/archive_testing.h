// For tests: two installations with keys and directories of their own, a stranger, and a case on
// its way from the one to the other. Both are whole dossier units, decided by the real engine and
// policy.
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_TESTING_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_TESTING_H_

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "security/crypto/envelope_testing.h"
#include "services/dossier/testing.h"
#include "services/handover/archive_format.h"
#include "services/handover/installations.h"

namespace knooppunt::handover::testing {

using dossier::testing::Caller;
using dossier::testing::Journey;
using dossier::testing::Office;

// Certificates, made once a program.
inline const std::string& Certificates() {
  static const std::string* const folder = [] {
    const auto* made = new std::string(::knooppunt::testing::NewFolder("archive"));
    for (const char* who : {"maastricht", "venlo", "vreemd"}) {
      crypto::testing::MakeCertificate(*made, who);
    }
    std::atexit([] { std::filesystem::remove_all(Certificates()); });
    return made;
  }();
  return *folder;
}
inline crypto::Correspondent Keys(const std::string& name) {
  return crypto::testing::ReadCorrespondent(Certificates(), name);
}
inline std::shared_ptr<const Installations> Installed(const std::string& own,
                                                      std::vector<Installation> others) {
  auto made = Installations::Create(Keys(own), std::move(others));
  if (!made.ok()) std::abort();
  return *std::move(made);
}
// As the sender has it: Venlo runs a werkplaats of the directory there.
inline std::shared_ptr<const Installations> AtMaastricht() {
  return Installed(
      "maastricht",
      {{.name = "venlo",
        .certificate = Keys("venlo").certificate(),
        .places = {{"werkplaatsen/venlo", "werkplaatsen/vmbo", "organisations/lvo"}}},
       {.name = "vreemd",
        .certificate = Keys("vreemd").certificate(),
        .places = {{"werkplaatsen/vreemd", "werkplaatsen/vmbo", "organisations/lvo"}}}});
}
// As the receiver has it.
inline std::shared_ptr<const Installations> AtVenlo() {
  return Installed(
      "venlo",
      {{.name = "maastricht", .certificate = Keys("maastricht").certificate(), .places = {}}});
}

class ArchiveTest : public ::testing::Test {
 protected:
  explicit ArchiveTest(std::shared_ptr<const Installations> at_venlo = AtVenlo(),
                       int grace_days = 0)
      : at_maastricht(AtMaastricht()),
        at_venlo(std::move(at_venlo)),
        a(Office::Options{.handover_grace_days = grace_days, .installations = at_maastricht}),
        b(Office::Options{.installations = this->at_venlo}) {
    for (const char* name : {"venlo", "vreemd"}) {
      a.office.AddOrganisation(absl::StrCat("organisations/", name),
                               common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
      a.office.AddWerkplaats(absl::StrCat("werkplaatsen/", name),
                             absl::StrCat("organisations/", name), common::v1::STAGE_VO);
    }
    b.office.random().Bytes(1);  // or both would make the same ids
    colleague = b.office.AddProfessional("professionals/receiver2", "organisations/lvo",
                                         common::v1::FUNCTION_CARE_COORDINATOR, "Henk Vossen");
    other_school = b.office
                       .AddProfessional("professionals/ander", "organisations/mosalira",
                                        common::v1::FUNCTION_INTERN_BEGELEIDER, "Ans Kuipers")
                       .For(common::v1::PURPOSE_HANDOVER);
  }

  // ---- The sending side
  std::string Person(const std::string& id) const {
    return absl::StrCat("families/", a.family, "/persons/", id);
  }
  void OpenAtMaastricht() {
    a.Open();
    a.Activate();
    casework::v1::AddContributionRequest req;
    req.set_parent(a.case_name);
    req.mutable_contribution()->set_text("Rekenen gaat beter met een maatje.");
    *req.mutable_contribution()->mutable_label() = a.Education();
    const auto added = a.office.Casework<casework::v1::Contribution>("AddContribution", a.ib, req);
    ASSERT_OK(added);
    note = added->name();
  }
  v1::DraftHandoverRequest DraftRequest() const {
    v1::DraftHandoverRequest req;
    req.set_parent(a.case_name);
    req.set_kind(v1::HANDOVER_KIND_PO_VO);
    req.set_to_werkplaats("werkplaatsen/venlo");
    for (const std::string& item :
         {Person(a.child), Person(a.mother_id), Person(a.father_id), note, a.case_name}) {
      req.add_items(item);
    }
    req.set_expire_date("2027-01-31");
    return req;
  }
  absl::StatusOr<v1::Handover> Act(const std::string& method) {
    v1::HandoverActRequest req;
    req.set_name(handover);
    req.set_note("Omdat het zo is afgesproken.");
    return a.office.Handover(method, a.ib, req);
  }
  void Share(const std::string& about, const std::string& recipient,
             const std::vector<Caller>& signers) {
    const std::string name = a.Propose({.recipient = recipient,
                                        .compartments = {common::v1::COMPARTMENT_EDUCATION},
                                        .purposes = {common::v1::PURPOSE_HANDOVER},
                                        .about = {about}});
    for (const Caller& who : signers) ASSERT_OK(a.Sign(name, who));
    consents.push_back(name);
  }
  void ShareAll(const std::string& recipient = "organisations/venlo") {
    Share(a.child, recipient, {a.mother, a.father});
    Share(a.mother_id, recipient, {a.mother});
    Share(a.father_id, recipient, {a.father});
  }
  void Offer(const v1::DraftHandoverRequest& draft) {
    const auto drafted = a.office.Handover("DraftHandover", a.ib, draft);
    ASSERT_OK(drafted);
    handover = drafted->name();
    ASSERT_OK(Act("ShowHandover"));
    v1::AddFamilyViewRequest view;
    view.set_name(handover);
    view.set_view("Sem wil graag bij zijn vriend in de klas.");
    ASSERT_OK(a.office.Handover("AddFamilyView", a.mother, view));
    if (consents.empty()) ShareAll();
    ASSERT_OK(Act("AuthoriseHandover"));
    ASSERT_OK(Act("OfferHandover"));
  }
  absl::StatusOr<archive::v1::ArchiveFile> Export() {
    archive::v1::ExportHandoverRequest req;
    req.set_name(handover);
    return a.office.Call<archive::v1::ArchiveFile>("archive.v1.ArchiveService", "ExportHandover",
                                                   a.ib, req);
  }
  // Opens a case at Maastricht and offers it to Venlo; the bytes of the archive.
  std::string OnItsWay() {
    OpenAtMaastricht();
    Offer(DraftRequest());
    const auto file = Export();
    EXPECT_OK(file.status());
    return file.ok() ? file->content() : "";
  }
  absl::StatusOr<v1::Handover> TakeReceipt(const std::string& receipt,
                                           const std::string& etag = "") {
    archive::v1::TakeReceiptRequest req;
    req.set_name(handover);
    req.set_receipt(receipt);
    req.set_etag(etag);
    return a.office.Call<v1::Handover>("archive.v1.ArchiveService", "TakeReceipt", a.ib, req);
  }

  // ---- The receiving side
  absl::StatusOr<archive::v1::ArchivePreview> Preview(const std::string& archive,
                                                      const Caller& who) {
    archive::v1::PreviewArchiveRequest req;
    req.set_archive(archive);
    return b.office.Call<archive::v1::ArchivePreview>("archive.v1.ArchiveService", "PreviewArchive",
                                                      who, req);
  }
  absl::StatusOr<v1::Handover> Import(const std::string& archive, const Caller& who) {
    archive::v1::ImportHandoverRequest req;
    req.set_archive(archive);
    auto taken =
        b.office.Call<v1::Handover>("archive.v1.ArchiveService", "ImportHandover", who, req);
    if (taken.ok()) {
      imported = taken->name();
      b.case_name = taken->case_();
      b.family = b.case_name.substr(9, b.case_name.find("/cases/") - 9);
      b.ib = who.For(common::v1::PURPOSE_COORDINATION);
    }
    return taken;
  }
  absl::StatusOr<v1::Handover> Import(const std::string& archive) {
    return Import(archive, b.receiver);
  }
  v1::ArchiveConversation Talk() const {
    v1::ArchiveConversation talk;
    talk.set_date("2026-11-23");
    talk.set_how("in persoon");
    const auto add = [&](v1::HandoverParty party, const char* name) {
      talk.add_attendees()->set_party(party);
      talk.mutable_attendees(talk.attendees_size() - 1)->set_name(name);
    };
    add(v1::HANDOVER_PARTY_SENDER, "Els Janssen");
    add(v1::HANDOVER_PARTY_RECEIVER, "Iris Hermans");
    add(v1::HANDOVER_PARTY_FAMILY, "Marieke van der Zanden");
    return talk;
  }
  // With a colleague at the table, who is named as the stand-in.
  archive::v1::AcceptImportRequest AcceptRequest() {
    archive::v1::AcceptImportRequest req;
    req.set_name(imported);
    *req.mutable_conversation() = Talk();
    if (colleague_seat.empty()) colleague_seat = b.Seat(colleague);
    req.set_regisseur_seat(b.SeatOf(b.receiver));
    req.set_stand_in_seat(colleague_seat);
    return req;
  }
  absl::StatusOr<v1::Handover> Accept(const archive::v1::AcceptImportRequest& req) {
    return b.office.Call<v1::Handover>("archive.v1.ArchiveService", "AcceptImport", b.receiver,
                                       req);
  }
  absl::StatusOr<v1::Handover> Return(const std::string& reason) {
    archive::v1::ReturnImportRequest req;
    req.set_name(imported);
    req.set_reason(reason);
    return b.office.Call<v1::Handover>("archive.v1.ArchiveService", "ReturnImport", b.receiver,
                                       req);
  }
  std::string Receipt() {
    archive::v1::GetArchiveReceiptRequest req;
    req.set_name(imported);
    const auto file = b.office.Call<archive::v1::ArchiveFile>("archive.v1.ArchiveService",
                                                              "GetArchiveReceipt", b.receiver, req);
    EXPECT_OK(file.status());
    return file.ok() ? file->content() : "";
  }
  // Everything that is stored there: rows of each table that taking in writes.
  int64_t StoredAtVenlo() {
    int64_t rows = 0;
    for (const char* table : {"family", "item", "taken_archive", "search_token", "person_token",
                              "document_content", "document_row"}) {
      EXPECT_OK(b.office.database().Read([&](storage::ReadTx& tx) {
        return tx.Query(absl::StrCat("SELECT COUNT(*) FROM ", table), {}, [&](const auto& row) {
          rows += row.Int(0);
          return absl::OkStatus();
        });
      }));
    }
    return rows;
  }

  std::shared_ptr<const Installations> at_maastricht, at_venlo;
  Journey a, b;
  Caller colleague, other_school;  // at Venlo
  std::string note, handover, imported, colleague_seat;
  std::vector<std::string> consents;
};

}  // namespace knooppunt::handover::testing

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_TESTING_H_
