// document: attachments of a case, which go a part at a time (R13, R22).
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/document_file.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/documents/v1/documents.pb.h"

namespace knooppunt::cli {
namespace {

using documents::v1::Document;
using documents::v1::DocumentVersion;

constexpr char kService[] = "/knooppunt.documents.v1.DocumentService/";
constexpr char kCase[] = "families/*/cases/*";
constexpr char kDocument[] = "families/*/cases/*/documents/*";

std::string StateText(const Document& document) {
  switch (document.state()) {
    case documents::v1::DOCUMENT_STATE_WITHDRAWN:
      return "withdrawn";
    case documents::v1::DOCUMENT_STATE_AWAITED:
      return "content not yet taken in";
    default:
      return "current";
  }
}

// "families/f/cases/c/documents/d/versions/2" -> "2".
std::string NumberOf(const DocumentVersion& version) {
  return version.name().substr(version.name().rfind('/') + 1);
}

void PrintDocument(const Document& document, std::ostream& out) {
  Fields()
      .Add("Document", document.name())
      .Add("Title", document.title())
      .Add("State", StateText(document))
      .Add("Label", LabelText(document.label()))
      .Add("Kept by", document.label().controller())
      .Add("Withdrawn by", document.withdrawn_by())
      .Add("Because", document.withdraw_reason())
      .Print(out);
  Table table({"VERSION", "TYPE", "SIZE", "ADDED", "BY"});
  for (const DocumentVersion& v : document.versions()) {
    table.Add({NumberOf(v), v.media_type(), MegaBytes(v.size_bytes()), LocalTime(v.create_time()),
               v.author()});
  }
  table.Print(out, "", "  ");
}

void PrintDocuments(const documents::v1::ListDocumentsResponse& list, std::ostream& out) {
  Table table({"DOCUMENT", "TITLE", "STATE", "VERSION", "SIZE", "ADDED"});
  for (const Document& d : list.documents()) {
    const DocumentVersion& newest = d.versions(d.versions_size() - 1);
    table.Add({d.name(), d.title(), StateText(d), NumberOf(newest), MegaBytes(newest.size_bytes()),
               LocalTime(newest.create_time())});
  }
  table.Print(out, "no documents that you may see\n");
}

struct AddArgs {
  std::string name;
  std::string file;
  std::string title;
  std::string media_type;
  LabelOptions label;
};

// The opening of an upload; what it is about is filled in by who calls.
documents::v1::UploadDocumentRequest OpeningFor(const AddArgs& args, const DocumentSource& source) {
  documents::v1::UploadDocumentRequest opening;
  opening.set_title(args.title);
  opening.set_media_type(args.media_type.empty() ? MediaTypeOf(args.file) : args.media_type);
  opening.set_size_bytes(source.size_bytes());
  opening.set_sha256(source.sha256());
  return opening;
}

absl::Status Upload(Session& session, documents::v1::UploadDocumentRequest opening,
                    DocumentSource source) {
  int64_t sent = 0;
  const auto next = [&](google::protobuf::Message* message) -> absl::StatusOr<bool> {
    auto* chunk = static_cast<documents::v1::UploadDocumentRequest*>(message)->mutable_chunk();
    KP_ASSIGN_OR_RETURN(*chunk, source.Next());
    sent += static_cast<int64_t>(chunk->size());
    if (!chunk->empty()) session.ShowProgress("Sending", sent, source.size_bytes());
    return !chunk->empty();
  };
  Document document;
  KP_RETURN_IF_ERROR(
      session.SendAll(absl::StrCat(kService, "UploadDocument"), opening, next, &document));
  return session.Show<Document>(document, PrintDocument);
}

absl::Status CheckType(const AddArgs& args) {
  if (!args.media_type.empty() || !MediaTypeOf(args.file).empty()) return absl::OkStatus();
  return UsageError(
      "a document is a .pdf, .png, .jpg, .odt, .docx or .txt file; for one with another name, say "
      "what it is with --type");
}

absl::Status RunAdd(Session& session, const AddArgs& args) {
  KP_RETURN_IF_ERROR(CheckType(args));
  KP_ASSIGN_OR_RETURN(DocumentSource source, DocumentSource::Open(args.file));
  documents::v1::UploadDocumentRequest opening = OpeningFor(args, source);
  opening.set_parent(args.name);
  KP_ASSIGN_OR_RETURN(*opening.mutable_label(), MakeLabel(args.label));
  return Upload(session, std::move(opening), std::move(source));
}

absl::Status RunRenew(Session& session, const AddArgs& args) {
  KP_RETURN_IF_ERROR(CheckType(args));
  KP_ASSIGN_OR_RETURN(DocumentSource source, DocumentSource::Open(args.file));
  documents::v1::UploadDocumentRequest opening = OpeningFor(args, source);
  opening.set_name(args.name);
  opening.set_parent(args.name.substr(0, args.name.find("/documents/")));
  return Upload(session, std::move(opening), std::move(source));
}

struct GetArgs {
  std::string name;
  int version = 0;
  std::string out;
  bool go_on = false;
};

absl::Status RunGet(Session& session, const GetArgs& args) {
  KP_ASSIGN_OR_RETURN(DocumentTarget target, DocumentTarget::Open(args.out, args.go_on));
  documents::v1::DownloadDocumentRequest request;
  request.set_name(args.version == 0 ? args.name
                                     : absl::StrCat(args.name, "/versions/", args.version));
  request.set_offset_bytes(target.size_bytes());
  documents::v1::DownloadDocumentResponse part;
  DocumentVersion version;
  const absl::Status status =
      session.Receive(absl::StrCat(kService, "DownloadDocument"), request, &part, [&] {
        if (part.has_version()) version = part.version();
        if (part.offset_bytes() != target.size_bytes()) {
          return absl::InternalError("the server sent another part than the next one");
        }
        KP_RETURN_IF_ERROR(target.Add(part.chunk()));
        session.ShowProgress("Receiving", target.size_bytes(), version.size_bytes());
        return absl::OkStatus();
      });
  KP_RETURN_IF_ERROR(status);
  if (target.size_bytes() != version.size_bytes()) {
    return absl::UnavailableError(
        "the document did not come whole; go on with --continue when the server is back");
  }
  KP_RETURN_IF_ERROR(target.Finish(version.sha256()));
  return session.Show<DocumentVersion>(version, [&](const DocumentVersion& v, std::ostream& out) {
    out << "Version " << Printable(NumberOf(v)) << ", " << MegaBytes(v.size_bytes()) << ", in "
        << Printable(args.out) << "\n";
  });
}

struct NameArgs {
  std::string name;
  std::string reason;
};

absl::Status RunList(Session& session, const NameArgs& args) {
  documents::v1::ListDocumentsRequest request;
  request.set_parent(args.name);
  documents::v1::ListDocumentsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListDocuments"), request, &all));
  return session.Show<documents::v1::ListDocumentsResponse>(all, PrintDocuments);
}

absl::Status RunShow(Session& session, const NameArgs& args) {
  documents::v1::GetDocumentRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Document>(absl::StrCat(kService, "GetDocument"), request,
                                       PrintDocument);
}

absl::Status RunWithdraw(Session& session, const NameArgs& args) {
  documents::v1::WithdrawDocumentRequest request;
  request.set_name(args.name);
  request.set_reason(args.reason);
  return session.CallAndShow<Document>(absl::StrCat(kService, "WithdrawDocument"), request,
                                       PrintDocument);
}

void AddSourceOptions(CLI::App* app, AddArgs* args) {
  app->add_option("file", args->file,
                  "The file: .pdf, .png, .jpg, .odt, .docx or .txt, 50 MB at most")
      ->required()
      ->type_name("FILE");
  AddText(app, "--type", &args->media_type,
          "Its media type, for a file whose name does not say: application/pdf");
}

}  // namespace

void AddDocumentCommands(CLI::App* root, Action* chosen) {
  CLI::App* document = AddNoun(root, "document", "Attachments of a case");
  AddVerb<AddArgs>(
      document, chosen,
      {"add", "Add a document; your organisation answers for it",
       "knooppunt document add families/f-1/cases/c-1 verslag.pdf "
       "--title 'Verslag van het onderzoek' --about p-1 --compartment education"},
      [](CLI::App* app, AddArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddSourceOptions(app, args);
        AddText(app, "--title", &args->title, "What it is")->required();
        AddLabel(app, &args->label);
      },
      RunAdd);
  AddVerb<AddArgs>(
      document, chosen,
      {"renew", "Add a new version of a document; the old ones stay",
       "knooppunt document renew families/f-1/cases/c-1/documents/d-1 verslag.pdf"},
      [](CLI::App* app, AddArgs* args) {
        AddName(app, "document", &args->name, kDocument, "Which document")->required();
        AddSourceOptions(app, args);
        AddText(app, "--title", &args->title, "Its title from now on");
      },
      RunRenew);
  AddVerb<GetArgs>(
      document, chosen,
      {"get", "Read a document into a file; each part of it is recorded",
       "knooppunt document get families/f-1/cases/c-1/documents/d-1 --out verslag.pdf"},
      [](CLI::App* app, GetArgs* args) {
        AddName(app, "document", &args->name, kDocument, "Which document")->required();
        app->add_option("--version", args->version, "Which version; default: the newest")
            ->check(CLI::PositiveNumber.description(""))
            ->type_name("NUMBER");
        app->add_option("--out", args->out, "The file to write; it must not be there yet")
            ->required()
            ->type_name("FILE");
        app->add_flag("--continue", args->go_on, "Go on with what was cut off before");
      },
      RunGet);
  AddVerb<NameArgs>(
      document, chosen,
      {"list", "List the documents of a case that you may see",
       "knooppunt document list families/f-1/cases/c-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
      },
      RunList);
  AddVerb<NameArgs>(
      document, chosen,
      {"show", "Show what a document is, and its versions",
       "knooppunt document show families/f-1/cases/c-1/documents/d-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "document", &args->name, kDocument, "Which document")->required();
      },
      RunShow);
  AddVerb<NameArgs>(
      document, chosen,
      {"withdraw", "Withdraw a document for good: nobody can read it any more",
       "knooppunt document withdraw families/f-1/cases/c-1/documents/d-1 "
       "--reason 'Hoort bij een ander kind.'"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "document", &args->name, kDocument, "Which document")->required();
        AddText(app, "--reason", &args->reason, "Why")->required();
      },
      RunWithdraw);
}

}  // namespace knooppunt::cli
