// handover: to and from another installation, over files (R26-R29): export, take-receipt,
// show-archive, import, accept-import, return-import, import-receipt.
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/handover_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/archive/v1/archive.pb.h"
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

// Who carries a file to a command that reads it: never more than the server takes.
absl::StatusOr<std::string> ReadArchive(const std::string& path) {
  absl::StatusOr<std::string> bytes = audit::ReadFile(path, kMaxFileBytes);
  if (!bytes.ok()) return InputError(absl::StrCat("cannot read ", path, ", or it is too large"));
  return bytes;
}

template <typename Request>
absl::Status Fetch(Session& session, const std::string& method, const FileArgs& args) {
  Request request;
  request.set_name(args.name);
  archive::v1::ArchiveFile file;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, method), request, &file));
  KP_RETURN_IF_ERROR(WriteNew(args.file, file.content()));
  session.notes() << "Geschreven naar " << args.file << " (" << file.content().size()
                  << " bytes, getekend en versleuteld). Breng het over; alleen de andere "
                     "installatie kan het openen.\n";
  return absl::OkStatus();
}

absl::Status RunExport(Session& session, const FileArgs& args) {
  return Fetch<archive::v1::ExportHandoverRequest>(session, "ExportHandover", args);
}

absl::Status RunImportReceipt(Session& session, const FileArgs& args) {
  return Fetch<archive::v1::GetArchiveReceiptRequest>(session, "GetArchiveReceipt", args);
}

absl::Status RunTakeReceipt(Session& session, const FileArgs& args) {
  archive::v1::TakeReceiptRequest request;
  request.set_name(args.name);
  KP_ASSIGN_OR_RETURN(*request.mutable_receipt(), ReadArchive(args.file));
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
  KP_ASSIGN_OR_RETURN(*request.mutable_archive(), ReadArchive(args.file));
  return session.CallAndShow<archive::v1::ArchivePreview>(absl::StrCat(kService, "PreviewArchive"),
                                                          request, PrintPreview);
}

struct ImportArgs {
  std::string file;
  std::vector<std::string> institutions;
};

absl::Status RunImport(Session& session, const ImportArgs& args) {
  archive::v1::ImportHandoverRequest request;
  KP_ASSIGN_OR_RETURN(*request.mutable_archive(), ReadArchive(args.file));
  for (const std::string& pair : args.institutions) {
    const std::vector<std::string> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    if (parts.size() != 2) {
      return UsageError("--institution is NAME=ORGANISATION: organisations/jbz=organisations/bj");
    }
    auto* institution = request.add_institutions();
    institution->set_institution(parts[0]);
    institution->set_organisation(parts[1]);
  }
  return session.CallAndShow<Handover>(absl::StrCat(kService, "ImportHandover"), request,
                                       PrintHandover);
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
      {"import", "Take in an archive: the case opens at the receiving werkplaats",
       "knooppunt handover import --file casus.cms"},
      [](CLI::App* app, ImportArgs* args) {
        AddText(app, "--file", &args->file, "The file with the archive")->required();
        AddTexts(app, "--institution", &args->institutions,
                 "NAME=ORGANISATION: which organisation here an institution with gezag is");
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
