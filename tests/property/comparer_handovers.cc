// The comparisons of the overview of handovers, the receipt and the kinds: with the handovers as
// the same caller reads them one by one (P4, R18, R28).
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/handover/v1/kinds.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

using access::v1::Decision;

constexpr char kDue[] = "handover.v1.HandoverService/ListDueHandovers";
constexpr char kWatch[] = "handover.v1.HandoverService/WatchDueHandovers";
constexpr char kGet[] = "handover.v1.HandoverService/GetHandover";
constexpr char kReceipt[] = "handover.v1.HandoverService/GetReceipt";
constexpr char kPreview[] = "archive.v1.ArchiveService/PreviewArchive";
constexpr char kImport[] = "archive.v1.ArchiveService/ImportHandover";
constexpr char kExport[] = "archive.v1.ArchiveService/ExportHandover";
constexpr char kExportDocument[] = "archive.v1.ArchiveService/ExportDocument";
constexpr char kImportDocument[] = "archive.v1.ArchiveService/ImportDocument";
constexpr char kArchiveReceipt[] = "archive.v1.ArchiveService/GetArchiveReceipt";
constexpr char kKinds[] = "handover.v1.HandoverService/ListHandoverKinds";

bool IsRefused(const absl::Status& s) { return base::ReasonOf(s) == "REFUSED"; }

}  // namespace

std::set<std::string> Comparer::ComparedHandovers() {
  return {kDue,    kWatch,  kReceipt,        kKinds,          kPreview,
          kImport, kExport, kArchiveReceipt, kExportDocument, kImportDocument};
}

// The overview holds exactly what is open to the caller for it, and says of each what reading it
// alone says.
void Comparer::DueHandovers(const Caller& who) {
  handover::v1::ListDueHandoversRequest request;
  request.mutable_filter()->set_ended(true);
  std::map<std::string, handover::v1::DueHandover> listed;
  handover::v1::ListDueHandoversResponse page;
  const Decision own = Point(who, kDue, "");
  do {
    page.Clear();
    const absl::Status status = Call(who, kDue, request, &page);
    Expect(status.ok() == own.allowed(), kDue, who, nullptr, InWords(status));
    if (!status.ok()) return;
    for (const auto& due : page.handovers()) {
      Expect(listed.emplace(due.name(), due).second, kDue, who, nullptr, "twice");
    }
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  size_t found = 0;
  for (const Family& f : w_.families()) {
    const bool within = Point(who, kDue, f.case_name).allowed();
    for (const std::string& name : f.handovers) {
      handover::v1::GetHandoverRequest get;
      get.set_name(name);
      handover::v1::Handover h;
      const bool read = within && Call(who, kGet, get, &h).ok();
      Expect(read == listed.contains(name), kDue, who, &f,
             absl::StrCat(name, " is on the overview and read alone: not the same"));
      if (!read || !listed.contains(name)) continue;
      ++found;
      Expect(h.state() == listed[name].state() && h.kind() == listed[name].kind(), kDue, who, &f,
             "on the overview and read alone it says something else");
      Expect(listed[name].receiver_close_date().empty() ||
                 listed[name].receiver_close_date() == h.receiver_close_date(),
             kDue, who, &f, "on the overview its receiving school closes on another day");
    }
  }
  Expect(found == listed.size(), kDue, who, nullptr, "handovers that nobody drafted");
  Expect(page.total_size() == static_cast<int>(listed.size()), kDue, who, nullptr,
         "its total counts what it does not show");
  // A watcher is told the same, to begin with.
  handover::v1::WatchDueHandoversRequest watch;
  *watch.mutable_filter() = request.filter();
  handover::v1::WatchDueHandoversResponse news;
  const absl::Status watched = Call(who, kWatch, watch, &news);
  Expect(watched.ok() == Point(who, kWatch, "").allowed(), kWatch, who, nullptr, InWords(watched));
  Expect(news.total_size() == static_cast<int>(listed.size()), kWatch, who, nullptr,
         "another number than the list");
  for (const auto& due : news.handovers()) {
    Expect(listed.contains(due.name()) &&
               listed[due.name()].SerializeAsString() == due.SerializeAsString(),
           kWatch, who, nullptr, "something else than the list");
  }
  handover::v1::HandoverKinds kinds;
  const absl::Status status = Call(who, kKinds, handover::v1::ListHandoverKindsRequest(), &kinds);
  Expect(status.ok() == Point(who, kKinds, "").allowed(), kKinds, who, nullptr, InWords(status));
  const std::string bytes = kinds.SerializeAsString();
  Expect(MarksIn(bytes).empty(), kKinds, who, nullptr, "names something");
}

// A file says nothing to who may take none in, and what is no archive says nothing to anybody.
void Comparer::Archives(const Caller& who) {
  const bool may = Point(who, kPreview, "").allowed();
  archive::v1::PreviewArchiveRequest look;
  look.set_archive("Geen archief.");
  archive::v1::ArchivePreview shown;
  const absl::Status seen = Call(who, kPreview, look, &shown);
  Expect(!seen.ok() && IsRefused(seen) != may && shown.ByteSizeLong() == 0, kPreview, who, nullptr,
         InWords(seen));
  archive::v1::ImportHandoverRequest take;
  take.set_archive("Geen archief.");
  handover::v1::Handover made;
  const absl::Status taken = Call(who, kImport, take, &made);
  Expect(!taken.ok() && IsRefused(taken) != may && made.ByteSizeLong() == 0, kImport, who, nullptr,
         InWords(taken));
}

// A receipt holds nothing that the decision does not open.
void Comparer::Receipts(const Caller& who, const Family& f) {
  for (const std::string& name : f.handovers) {
    const Decision d = Point(who, kReceipt, name);
    handover::v1::GetReceiptRequest get;
    get.set_name(name);
    handover::v1::HandoverReceipt receipt;
    const absl::Status status = Call(who, kReceipt, get, &receipt);
    // There is none before the offer: that is told to who may read it, and to nobody else.
    Expect(d.allowed() || !status.ok(), kReceipt, who, &f, InWords(status));
    if (status.ok()) Search(receipt.SerializeAsString(), d, kReceipt, who, &f, {});
    // None of these goes to another installation or came from one: nobody gets a file of it, and
    // who may not know of it is told what they are told of no such.
    const auto nothing = [&](const char* method, auto request, auto answer) {
      request.set_name(name);
      const absl::Status told = Call(who, method, request, &answer);
      Expect(!told.ok() && (Point(who, method, name).allowed() || IsRefused(told)) &&
                 answer.ByteSizeLong() == 0,
             method, who, &f, InWords(told));
    };
    nothing(kExport, archive::v1::ExportHandoverRequest(), archive::v1::ArchiveFile());
    nothing(kArchiveReceipt, archive::v1::GetArchiveReceiptRequest(), archive::v1::ArchiveFile());
    archive::v1::ExportDocumentRequest out;
    archive::v1::ImportDocumentRequest in;
    for (const Thing& t : f.things) {
      if (t.kind != Kind::kDocument) continue;
      out.set_item(absl::StrCat(t.name, "/versions/1"));
      in.set_document(t.name);
    }
    nothing(kExportDocument, out, archive::v1::ExportDocumentResponse());
    nothing(kImportDocument, in, documents::v1::Document());
  }
}

}  // namespace knooppunt::property
