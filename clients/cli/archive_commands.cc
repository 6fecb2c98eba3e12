// handover: to and from another installation, over files (R26-R29): export, take-receipt,
// show-archive, import, accept-import, return-import, import-receipt.
#include <algorithm>

#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/status.h"
#include "clients/cli/archive_file.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/handover_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cpp/request_id.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/audit/file.h"

namespace knooppunt::cli {
namespace {

using handover::v1::Handover;

constexpr char kService[] = "/knooppunt.archive.v1.ArchiveService/";
constexpr char kHandover[] = "families/*/handovers/*";
constexpr size_t kMaxFileBytes = 1 << 20;

struct FileArgs {
  std::string name;
  std::string file;
};

// A receipt: never more than the server takes.
absl::StatusOr<std::string> ReadReceipt(const std::string& path) {
  absl::StatusOr<std::string> bytes = audit::ReadFile(path, kMaxFileBytes);
  if (!bytes.ok()) return InputError(absl::StrCat("cannot read ", path, ", or it is too large"));
  return bytes;
}

// Which document of how many, for people.
std::string Counted(int i, int of, const handover::v1::ApartDocument& document) {
  return absl::StrCat("Bijlage ", i + 1, " van ", of, ", ", Printable(document.title()), " (",
                      MegaBytes(document.size_bytes()), ")");
}

void SayWritten(Session& session, const std::string& path, int64_t size_bytes) {
  session.notes() << "Geschreven naar " << Printable(path) << " (" << size_bytes
                  << " bytes, getekend en versleuteld). Breng het over; alleen de andere "
                     "installatie kan het openen.\n";
}

absl::Status AddPieces(Session& session, const std::string& handover,
                       const handover::v1::ApartDocument& document, absl::string_view said,
                       ArchiveTarget* target) {
  archive::v1::ExportDocumentRequest request;
  request.set_name(handover);
  request.set_item(document.item());
  archive::v1::ExportDocumentResponse response;
  const int64_t all = PiecesOf(document.size_bytes());
  int64_t came = 0;
  KP_RETURN_IF_ERROR(
      session.Receive(absl::StrCat(kService, "ExportDocument"), request, &response, [&] {
        ++came;
        session.ShowProgress(said, document.size_bytes() * came / all, document.size_bytes());
        return target->Add(response.piece());
      }));
  return came == all ? absl::OkStatus()
                     : absl::UnavailableError("a document did not come whole; export it again");
}

// The archive, and what had no room in it, in one file that is there whole or not at all.
absl::Status RunExport(Session& session, const FileArgs& args) {
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<ArchiveTarget> target, ArchiveTarget::Open(args.file));
  archive::v1::ExportHandoverRequest request;
  request.set_name(args.name);
  archive::v1::ArchiveFile file;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "ExportHandover"), request, &file));
  KP_RETURN_IF_ERROR(target->Add(file.content()));
  for (int i = 0; i < file.apart_size(); ++i) {
    const std::string said = Counted(i, file.apart_size(), file.apart(i));
    KP_RETURN_IF_ERROR(AddPieces(session, args.name, file.apart(i), said, target.get()));
    session.notes() << said << ": gaat mee.\n";
  }
  KP_RETURN_IF_ERROR(target->Finish());
  SayWritten(session, args.file, target->size_bytes());
  return absl::OkStatus();
}

absl::Status RunImportReceipt(Session& session, const FileArgs& args) {
  archive::v1::GetArchiveReceiptRequest request;
  request.set_name(args.name);
  archive::v1::ArchiveFile file;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "GetArchiveReceipt"), request, &file));
  KP_RETURN_IF_ERROR(WriteNew(args.file, file.content()));
  SayWritten(session, args.file, static_cast<int64_t>(file.content().size()));
  return absl::OkStatus();
}

absl::Status RunTakeReceipt(Session& session, const FileArgs& args) {
  archive::v1::TakeReceiptRequest request;
  request.set_name(args.name);
  KP_ASSIGN_OR_RETURN(*request.mutable_receipt(), ReadReceipt(args.file));
  return session.CallAndShow<Handover>(absl::StrCat(kService, "TakeReceipt"), request,
                                       PrintHandover);
}

void PrintPreview(const archive::v1::ArchivePreview& preview, std::ostream& out) {
  const archive::v1::ArchivePayload& p = preview.payload();
  Fields fields;
  fields.Add("From", absl::StrCat(p.from_werkplaats_name(), " (", preview.installation(), ")"))
      .Add("Contact there", p.contact_name())
      .Add("To", p.to_werkplaats())
      .Add("Kind", Word(p.kind()))
      .Add("Offered", p.offer_time())
      .Add("Expires after", p.expire_date())
      .Add("Package", p.package_sha256())
      .Add("Taken in", preview.taken_in() ? "yes, already" : "no");
  for (const auto& document : preview.apart()) {
    fields.Add("In pieces after it",
               absl::StrCat(document.title(), ", ", MegaBytes(document.size_bytes())));
  }
  if (p.withheld_size() > 0) {
    fields.Add("Did not travel", absl::StrCat(p.withheld_size(), " parts"));
  }
  fields.Print(out);
  out << "\nFamily\n";
  Table persons({"KEY", "NAME", "BORN", "ROLE"});
  for (const auto& person : p.persons()) {
    persons.Add({person.key(), absl::StrCat(person.given_name(), " ", person.family_name()),
                 person.birth_date(), Word(person.role())});
  }
  persons.Print(out, "nobody", "  ");
  out << "\nGezag, as they state it\n";
  Table gezag({"OVER", "HELD BY", "FROM", "UNTIL"});
  for (const auto& g : p.gezag()) {
    gezag.Add({g.over(), g.holder().empty() ? g.institution() : g.holder(), g.start_date(),
               g.end_date()});
  }
  gezag.Print(out, "nobody", "  ");
  Handover parts;
  parts.set_family_view(p.family_view());
  parts.set_package_sha256(p.package_sha256());
  for (const auto& part : p.parts()) {
    auto* shown = parts.add_parts();
    shown->set_kind(part.kind());
    shown->set_text(part.text());
  }
  out << "\nParts\n";
  PrintParts(parts, out);
}

absl::Status RunPreview(Session& session, const FileArgs& args) {
  archive::v1::PreviewArchiveRequest request;
  KP_ASSIGN_OR_RETURN(ArchiveSource source, ArchiveSource::Open(args.file));
  KP_ASSIGN_OR_RETURN(*request.mutable_archive(), source.Next());
  return session.CallAndShow<archive::v1::ArchivePreview>(absl::StrCat(kService, "PreviewArchive"),
                                                          request, PrintPreview);
}

struct ImportArgs {
  std::string file;
  std::string handover;
  std::vector<std::string> institutions;
};

// The case itself. One that was taken in before is left as it is.
absl::StatusOr<Handover> ImportCase(Session& session, const ImportArgs& args,
                                    ArchiveSource* source) {
  archive::v1::ImportHandoverRequest request;
  KP_ASSIGN_OR_RETURN(*request.mutable_archive(), source->Next());
  for (const std::string& pair : args.institutions) {
    const std::vector<std::string> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    if (parts.size() != 2) {
      return UsageError("--institution is NAME=ORGANISATION: organisations/jbz=organisations/bj");
    }
    auto* institution = request.add_institutions();
    institution->set_institution(parts[0]);
    institution->set_organisation(parts[1]);
  }
  Handover taken;
  const absl::Status status =
      session.Call(absl::StrCat(kService, "ImportHandover"), request, &taken);
  if (base::ReasonOf(status) == "ARCHIVE_TAKEN_IN") {
    session.notes() << "Ontbreken er nog bijlagen, ga dan verder met: knooppunt handover import "
                       "--file "
                    << Printable(args.file)
                    << " --handover NAAM. De naam van de overdracht staat in 'handover list' van "
                       "de casus.\n";
  }
  KP_RETURN_IF_ERROR(status);
  return taken;
}

absl::StatusOr<Handover> TakenBefore(Session& session, const ImportArgs& args,
                                     ArchiveSource* source) {
  if (!args.institutions.empty()) {
    return UsageError("the case is taken in already: --institution says nothing here");
  }
  archive::v1::PreviewArchiveRequest first;
  KP_ASSIGN_OR_RETURN(*first.mutable_archive(), source->Next());
  archive::v1::ArchivePreview preview;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "PreviewArchive"), first, &preview));
  handover::v1::GetHandoverRequest request;
  request.set_name(args.handover);
  Handover taken;
  KP_RETURN_IF_ERROR(
      session.Call("/knooppunt.handover.v1.HandoverService/GetHandover", request, &taken));
  // The file may have been made anew since, with other documents in pieces: which they are, and in
  // which order, the file says itself.
  google::protobuf::RepeatedPtrField<handover::v1::ApartDocument> there;
  there.Swap(taken.mutable_elsewhere()->mutable_apart());
  for (handover::v1::ApartDocument& document : *preview.mutable_apart()) {
    const auto known = std::find_if(there.begin(), there.end(),
                                    [&](const auto& d) { return d.item() == document.item(); });
    document.set_taken_in(known == there.end() || known->taken_in());
    if (known == there.end()) continue;  // it came along inside the archive that was taken in
    document.set_document(known->document());
    there.erase(known);
  }
  for (const handover::v1::ApartDocument& document : there) {
    if (document.taken_in()) continue;
    session.notes()
        << Printable(document.title())
        << ": ontbreekt nog, en zit niet los in dit bestand. Ga daarvoor verder met het "
           "bestand waarmee de casus kwam.\n";
  }
  *taken.mutable_elsewhere()->mutable_apart() = preview.apart();
  return taken;
}

// The pieces of one document, of which as many as there are stand next in the file.
absl::Status ImportDocument(Session& session, const std::string& handover,
                            const handover::v1::ApartDocument& document, absl::string_view said,
                            ArchiveSource* source) {
  const int64_t all = PiecesOf(document.size_bytes());
  archive::v1::ImportDocumentRequest opening;
  opening.set_name(handover);
  opening.set_document(document.document());
  opening.set_request_id(client::NewRequestId());  // --request-id is of the case
  int64_t sent = 0;
  const auto next = [&](google::protobuf::Message* message) -> absl::StatusOr<bool> {
    auto* request = static_cast<archive::v1::ImportDocumentRequest*>(message);
    request->Clear();
    if (sent == all) return false;
    KP_ASSIGN_OR_RETURN(*request->mutable_piece(), source->Next());
    ++sent;
    session.ShowProgress(said, document.size_bytes() * sent / all, document.size_bytes());
    return true;
  };
  documents::v1::Document taken;
  return session.SendAll(absl::StrCat(kService, "ImportDocument"), opening, next, &taken);
}

// Whether the next document may go better than the one that was refused.
bool MayGoOn(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) ||
         absl::IsAlreadyExists(status) || absl::IsNotFound(status);
}

// What follows the archive in the file. The first refusal, once all were tried.
absl::Status ImportDocuments(Session& session, const Handover& taken, ArchiveSource* source) {
  const auto& apart = taken.elsewhere().apart();
  absl::Status first;
  for (int i = 0; i < apart.size(); ++i) {
    const std::string said = Counted(i, apart.size(), apart[i]);
    const int64_t all = PiecesOf(apart[i].size_bytes());
    if (source->left() < all) {
      return InputError(
          "the file ends before the last document does: it was cut off. Have it copied again, and "
          "go on with --handover");
    }
    const int64_t after = source->left() - all;
    bool before = apart[i].taken_in(), unwanted = false;
    absl::Status status;
    if (!before) {
      status = ImportDocument(session, taken.name(), apart[i], said, source);
      before = base::ReasonOf(status) == "DOCUMENT_TAKEN_IN";
      unwanted = base::ReasonOf(status) == "DOCUMENT_WITHDRAWN";
    }
    if (before || unwanted) status = absl::OkStatus();
    session.notes() << said
                    << (before        ? ": was al overgenomen.\n"
                        : unwanted    ? ": overgeslagen, want het is hier teruggetrokken.\n"
                        : status.ok() ? ": overgenomen.\n"
                                      : ": niet overgenomen.\n");
    if (!status.ok() && !MayGoOn(status)) return status;
    first.Update(status);
    source->SkipTo(after);
  }
  KP_RETURN_IF_ERROR(first);
  return source->left() == 0 ? absl::OkStatus()
                             : InputError(
                                   "after the last document the file holds something else: nothing "
                                   "of that was sent");
}

absl::Status RunImport(Session& session, const ImportArgs& args) {
  KP_ASSIGN_OR_RETURN(ArchiveSource source, ArchiveSource::Open(args.file));
  KP_ASSIGN_OR_RETURN(const Handover taken, args.handover.empty()
                                                ? ImportCase(session, args, &source)
                                                : TakenBefore(session, args, &source));
  KP_RETURN_IF_ERROR(session.Show<Handover>(taken, PrintHandover));
  return ImportDocuments(session, taken, &source);
}

struct AcceptArgs {
  std::string name;
  std::string date;
  std::string how = "in person";
  std::vector<std::string> present;
  std::vector<std::string> absent;
  std::string regisseur;
  std::string stand_in;
};

void AcceptOptions(CLI::App* app, AcceptArgs* args) {
  AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
  AddDate(app, "--date", &args->date, "When the conversation was")->required();
  AddText(app, "--how", &args->how, "How: in person (default), by video");
  AddTexts(app, "--present", &args->present,
           "PARTY=NAME of who took part: sender=Els Janssen, receiver=..., family=...")
      ->required();
  AddTexts(app, "--absent", &args->absent, "PARTY=WHY of who did not: family=Ziek");
  AddSeat(app, "--regisseur", &args->regisseur, "Seat of the regisseur")->required();
  AddSeat(app, "--stand-in", &args->stand_in, "Seat of the stand-in")->required();
}

absl::StatusOr<std::pair<handover::v1::HandoverParty, std::string>> PartyAndText(
    const std::string& pair) {
  const std::vector<std::string> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
  const auto party = ParseWord<handover::v1::HandoverParty>(parts[0]);
  if (!party.ok()) return UsageError(party.status().message());
  if (parts.size() != 2) return UsageError("write PARTY=TEXT, like family=Marieke van der Zanden");
  return std::make_pair(*party, parts[1]);
}

absl::Status RunAccept(Session& session, const AcceptArgs& args) {
  archive::v1::AcceptImportRequest request;
  request.set_name(args.name);
  request.set_regisseur_seat(args.regisseur);
  request.set_stand_in_seat(args.stand_in);
  handover::v1::ArchiveConversation* talk = request.mutable_conversation();
  talk->set_date(args.date);
  talk->set_how(args.how);
  for (const std::string& pair : args.present) {
    KP_ASSIGN_OR_RETURN(const auto said, PartyAndText(pair));
    auto* attendee = talk->add_attendees();
    attendee->set_party(said.first);
    attendee->set_name(said.second);
  }
  for (const std::string& pair : args.absent) {
    KP_ASSIGN_OR_RETURN(const auto said, PartyAndText(pair));
    auto* absence = talk->add_absences();
    absence->set_party(said.first);
    absence->set_reason(said.second);
  }
  return session.CallAndShow<Handover>(absl::StrCat(kService, "AcceptImport"), request,
                                       PrintHandover);
}

struct ReturnArgs {
  std::string name;
  std::string reason;
};

absl::Status RunReturn(Session& session, const ReturnArgs& args) {
  archive::v1::ReturnImportRequest request;
  request.set_name(args.name);
  request.set_reason(args.reason);
  return session.CallAndShow<Handover>(absl::StrCat(kService, "ReturnImport"), request,
                                       PrintHandover);
}

void OutOptions(CLI::App* app, FileArgs* args) {
  AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
  AddText(app, "--out", &args->file, "File to write; it must not be there yet")->required();
}

void AddSendingArchive(CLI::App* noun, Action* chosen) {
  AddVerb<FileArgs>(noun, chosen,
                    {"export", "Write the archive of a handover to another installation",
                     "knooppunt handover export families/f-1/handovers/h-1 --out casus.cms"},
                    OutOptions, RunExport);
  AddVerb<FileArgs>(
      noun, chosen,
      {"take-receipt", "Take in the receipt that the other installation gave",
       "knooppunt handover take-receipt families/f-1/handovers/h-1 --file ontvangst.cms"},
      [](CLI::App* app, FileArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        AddText(app, "--file", &args->file, "The file with the receipt")->required();
      },
      RunTakeReceipt);
}

void AddReceivingArchive(CLI::App* noun, Action* chosen) {
  AddVerb<FileArgs>(
      noun, chosen,
      {"show-archive", "Look into an archive without taking it in",
       "knooppunt handover show-archive --file casus.cms"},
      [](CLI::App* app, FileArgs* args) {
        AddText(app, "--file", &args->file, "The file with the archive")->required();
      },
      RunPreview);
  AddVerb<ImportArgs>(
      noun, chosen,
      {"import", "Take in an archive and its documents: the case opens at the receiving werkplaats",
       "knooppunt handover import --file casus.cms"},
      [](CLI::App* app, ImportArgs* args) {
        AddText(app, "--file", &args->file, "The file with the archive")->required();
        AddTexts(app, "--institution", &args->institutions,
                 "NAME=ORGANISATION: which organisation here an institution with gezag is");
        AddName(app, "--handover", &args->handover, kHandover,
                "The case is taken in: go on with the documents that lack");
      },
      RunImport);
  AddVerb<AcceptArgs>(
      noun, chosen,
      {"accept-import", "Accept it after the conversation: the case has its regisseur here (R27)",
       "knooppunt handover accept-import families/f-1/handovers/h-1 --date 2026-12-10 \\\n"
       "    --present 'sender=Els Janssen' --present 'receiver=Iris Hermans' \\\n"
       "    --present 'family=Marieke van der Zanden' --regisseur s-1 --stand-in s-2"},
      AcceptOptions, RunAccept);
  AddVerb<ReturnArgs>(
      noun, chosen,
      {"return-import", "Return it with a reason: it stays with who sent it",
       "knooppunt handover return-import families/f-1/handovers/h-1 --reason 'Geen plaats'"},
      [](CLI::App* app, ReturnArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        AddText(app, "--reason", &args->reason, "Why")->required();
      },
      RunReturn);
  AddVerb<FileArgs>(
      noun, chosen,
      {"import-receipt", "Write the receipt for the installation that sent it",
       "knooppunt handover import-receipt families/f-1/handovers/h-1 --out ontvangst.cms"},
      OutOptions, RunImportReceipt);
}

}  // namespace

void AddArchiveCommands(CLI::App* noun, Action* chosen) {
  AddSendingArchive(noun, chosen);
  AddReceivingArchive(noun, chosen);
}

}  // namespace knooppunt::cli
