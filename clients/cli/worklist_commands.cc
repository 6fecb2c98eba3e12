// worklist, inbox, digest: what there is to do and to know, over all one's cases.
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/worklist/v1/worklist.pb.h"

namespace knooppunt::cli {
namespace {

using worklist::v1::Digest;
using worklist::v1::Entry;
using worklist::v1::ListInboxRequest;
using worklist::v1::ListInboxResponse;
using worklist::v1::ListWorklistRequest;
using worklist::v1::ListWorklistResponse;
using worklist::v1::Notice;

constexpr char kService[] = "/knooppunt.worklist.v1.WorklistService/";

struct WorklistArgs {
  worklist::v1::Whose whose = worklist::v1::WHOSE_UNSPECIFIED;
  bool overdue = false;
  bool awaiting = false;
  bool lapsing = false;
  std::vector<worklist::v1::EntryKind> kinds;
  std::string werkplaats;
  std::string before;
  bool watch = false;
};

void PrintWorklist(const ListWorklistResponse& list, std::ostream& out) {
  Table table({"VOOR", "WAT", "OMSCHRIJVING", "WAAROVER"});
  for (const Entry& e : list.entries()) {
    const std::string due = e.due_date().empty() ? "-" : e.due_date();
    table.Add({e.overdue() ? absl::StrCat(due, " TE LAAT") : due,
               e.kind() == worklist::v1::ENTRY_KIND_UNSPECIFIED ? "task" : Word(e.kind()),
               absl::StrCat(e.text_nl(), " (", e.rule(), ")"), e.subject()});
  }
  table.Print(out, "Er staat niets op deze werklijst.");
}

// A line for each change, until the server or the reader ends it.
absl::Status Watch(Session& session, const worklist::v1::WorklistFilter& filter) {
  worklist::v1::WatchWorklistRequest request;
  *request.mutable_filter() = filter;
  worklist::v1::WatchWorklistResponse news;
  return session.Receive(absl::StrCat(kService, "WatchWorklist"), request, &news, [&] {
    return session.Show<worklist::v1::WatchWorklistResponse>(
        news, [](const worklist::v1::WatchWorklistResponse& n, std::ostream& out) {
          for (const auto& gone : n.gone()) {
            out << "- " << Word(gone.kind()) << " " << Printable(gone.subject()) << "\n";
          }
          for (const Entry& e : n.entries()) {
            out << "+ " << e.due_date() << (e.overdue() ? " TE LAAT " : " ")
                << Printable(e.text_nl()) << " " << Printable(e.subject()) << "\n";
          }
          out << n.total_size() << " op de werklijst.\n" << std::flush;
        });
  });
}

absl::Status RunWorklist(Session& session, const WorklistArgs& args) {
  ListWorklistRequest request;
  worklist::v1::WorklistFilter& filter = *request.mutable_filter();
  filter.set_whose(args.whose);
  filter.set_overdue(args.overdue);
  filter.set_awaiting_confirmation(args.awaiting);
  filter.set_consent_lapsing(args.lapsing);
  for (const auto kind : args.kinds) filter.add_kinds(kind);
  filter.set_werkplaats(args.werkplaats);
  filter.set_due_before(args.before);
  if (args.watch) return Watch(session, filter);
  ListWorklistResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListWorklist"), request, &all));
  return session.Show<ListWorklistResponse>(all, PrintWorklist);
}

struct InboxArgs {
  bool all = false;
  std::string read;
  std::string acknowledge;
};

std::string StateText(worklist::v1::NoticeState state) {
  switch (state) {
    case worklist::v1::NOTICE_STATE_READ:
      return "gelezen";
    case worklist::v1::NOTICE_STATE_ACKNOWLEDGED:
      return "gezien";
    default:
      return "nieuw";
  }
}

void PrintInbox(const ListInboxResponse& inbox, std::ostream& out) {
  Table table({"DATUM", "STAND", "BERICHT", "WAAROVER", "NAAM"});
  for (const Notice& n : inbox.notices()) {
    table.Add({n.date().empty() ? "-" : n.date(), StateText(n.state()),
               absl::StrCat(n.text_nl(), " (", n.rule(), ")"), n.subject(), n.name()});
  }
  table.Print(out, "Er zijn geen berichten.");
}

void PrintNotice(const Notice& n, std::ostream& out) {
  out << "Het bericht staat nu op " << StateText(n.state()) << ".\n";
}

absl::Status RunInbox(Session& session, const InboxArgs& args) {
  if (!args.read.empty() && !args.acknowledge.empty()) {
    return UsageError("choose one of --read and --acknowledge");
  }
  if (!args.read.empty() || !args.acknowledge.empty()) {
    worklist::v1::MarkNoticeRequest request;
    request.set_name(args.read.empty() ? args.acknowledge : args.read);
    request.set_state(args.read.empty() ? worklist::v1::NOTICE_STATE_ACKNOWLEDGED
                                        : worklist::v1::NOTICE_STATE_READ);
    return session.CallAndShow<Notice>(absl::StrCat(kService, "MarkNotice"), request, PrintNotice);
  }
  ListInboxRequest request;
  request.set_acknowledged(args.all);
  ListInboxResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListInbox"), request, &all));
  return session.Show<ListInboxResponse>(all, PrintInbox);
}

struct DigestArgs {};

absl::Status RunDigest(Session& session, const DigestArgs&) {
  worklist::v1::GetDigestRequest request;
  return session.CallAndShow<Digest>(
      absl::StrCat(kService, "GetDigest"), request, [](const Digest& digest, std::ostream& out) {
        out << (digest.empty() ? "Er is niets te melden.\n" : Printable(digest.text_nl()));
      });
}

}  // namespace

void AddWorklistCommands(CLI::App* root, Action* chosen) {
  AddVerb<WorklistArgs>(
      root, chosen,
      {"worklist", "What there is to do, over all your cases, by date",
       "knooppunt worklist --overdue\n  knooppunt worklist --whose werkplaats --kind step"},
      [](CLI::App* app, WorklistArgs* args) {
        AddWord(app, "--whose", &args->whose, "Whose work; default: mine");
        app->add_flag("--overdue", args->overdue, "Only what is past its date");
        app->add_flag("--awaiting", args->awaiting,
                      "Only what waits for your confirmation: outcomes (R7), reactions (R9), "
                      "proposals (R6)");
        app->add_flag("--lapsing", args->lapsing, "Only consents that will stop (R14)");
        AddWords(app, "--kind", &args->kinds, "Only these kinds");
        AddName(app, "--werkplaats", &args->werkplaats, "werkplaatsen/*", "Only at this one");
        AddDate(app, "--before", &args->before, "Only what is due before this day");
        app->add_flag("--watch", args->watch, "Stay, and say what changes");
      },
      RunWorklist);
  AddVerb<InboxArgs>(
      root, chosen,
      {"inbox", "What there is to know, newest first",
       "knooppunt inbox\n  knooppunt inbox --read families/f-1/notices/n-2"},
      [](CLI::App* app, InboxArgs* args) {
        app->add_flag("--all", args->all, "Acknowledged ones too");
        AddName(app, "--read", &args->read, "families/*/notices/*", "Mark this one as read");
        AddName(app, "--acknowledge", &args->acknowledge, "families/*/notices/*",
                "Mark this one as dealt with");
      },
      RunInbox);
  AddVerb<DigestArgs>(
      root, chosen,
      {"digest", "How much there is, as it may stand in an e-mail: numbers, nothing about anybody",
       "knooppunt digest"},
      [](CLI::App*, DigestArgs*) {}, RunDigest);
}

}  // namespace knooppunt::cli
