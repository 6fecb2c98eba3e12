// Documents: the list, each alone, and what is in them, against the point check (P4, R18).
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {

using access::v1::Decision;

namespace {

constexpr char kList[] = "documents.v1.DocumentService/ListDocuments";
constexpr char kGet[] = "documents.v1.DocumentService/GetDocument";
constexpr char kDownload[] = "documents.v1.DocumentService/DownloadDocument";

}  // namespace

void Comparer::Documents(const Caller& who, const Family& f) {
  const Decision d = Point(who, kList, f.case_name);
  documents::v1::ListDocumentsRequest request;
  request.set_parent(f.case_name);
  request.set_page_size(200);
  documents::v1::ListDocumentsResponse shown;
  if (!Agrees(d, Call(who, kList, request, &shown), kList, who, f)) return;
  std::multiset<std::string> names;
  for (const auto& document : shown.documents()) names.insert(document.name());
  SameThings(Kind::kDocument, names, d, kList, who, f);
  Search(shown.SerializeAsString(), d, kList, who, &f, {});
  for (const Thing& t : f.things) {
    if (t.kind == Kind::kDocument) OneDocument(who, f, d, t);
  }
}

// Alone, and its content, as the list has it: there with both, or with neither.
void Comparer::OneDocument(const Caller& who, const Family& f, const Decision& d, const Thing& t) {
  const bool open = Opens(d, t.scope);
  documents::v1::GetDocumentRequest get;
  get.set_name(t.name);
  documents::v1::Document shown;
  const absl::Status got = Call(who, kGet, get, &shown);
  Expect(got.ok() == open && (open || absl::IsNotFound(got)), kGet, who, &f,
         absl::StrCat(t.name, " alone: ", InWords(got)));
  documents::v1::DownloadDocumentRequest download;
  download.set_name(t.name);
  documents::v1::DownloadDocumentResponse part;
  const absl::Status read = Call(who, kDownload, download, &part);
  Expect(read.ok() == open && (open || absl::IsNotFound(read)), kDownload, who, &f,
         absl::StrCat(t.name, " read: ", InWords(read)));
  if (!open || !got.ok() || !read.ok()) return;
  Expect(absl::StrContains(part.chunk(), t.mark), kDownload, who, &f, "the content of another");
  const auto author = std::find_if(f.things.begin(), f.things.end(), [&](const Thing& x) {
    return x.kind == Kind::kPerson && x.name == t.author;
  });
  const bool hidden = author != f.things.end() && !Opens(d, author->scope);
  Expect(shown.versions(0).author() == (hidden ? f.name() : t.author), kGet, who, &f,
         absl::StrCat(t.name, " has ", shown.versions(0).author(), " as its author"));
  Search(shown.SerializeAsString(), d, kGet, who, &f, {});
  Search(part.SerializeAsString(), d, kDownload, who, &f, {});
}

}  // namespace knooppunt::property
