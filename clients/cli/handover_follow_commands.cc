// handover: the kinds, the conversation's invitation, who stays after 18, the receipt, and what is
// due (R16, R27, R28, R30).
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/handover_receipt.h"
#include "clients/cli/handover_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "google/protobuf/util/json_util.h"
#include "security/policy/handover_kinds.h"

namespace knooppunt::cli {
namespace {

using handover::v1::Handover;
using handover::v1::HandoverReceipt;

constexpr char kService[] = "/knooppunt.handover.v1.HandoverService/";
constexpr char kHandover[] = "families/*/handovers/*";

// --- kinds ---

struct KindsArgs {
  handover::v1::HandoverKind kind = handover::v1::HANDOVER_KIND_UNSPECIFIED;
};

absl::Status RunKinds(Session& session, const KindsArgs& args) {
  handover::v1::ListHandoverKindsRequest request;
  return session.CallAndShow<handover::v1::HandoverKinds>(
      absl::StrCat(kService, "ListHandoverKinds"), request,
      [&](const handover::v1::HandoverKinds& kinds, std::ostream& out) {
        PrintKinds(kinds, args.kind, out);
      });
}

struct FileArgs {
  std::string file;
};

absl::Status RunCheckKinds(Session& session, const FileArgs& args) {
  KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(args.file, session.in()));
  const auto kinds = policy::HandoverKinds::Parse(text);
  if (!kinds.ok()) return InputError(kinds.status().message());
  session.Say(absl::StrCat("De soorten overdracht zijn in orde: ", (*kinds)->table().rows_size(),
                           " soorten, versie ", (*kinds)->table().version(), ", SHA-256 ",
                           (*kinds)->table().sha256(), "."));
  return absl::OkStatus();
}

// --- invite, stay ---

struct InviteArgs {
  std::string name;
  std::string date;
  std::string how = "in person";
  std::vector<std::string> seats;
};

absl::Status RunInvite(Session& session, const InviteArgs& args) {
  handover::v1::InviteConversationRequest request;
  request.set_name(args.name);
  request.mutable_invitation()->set_date(args.date);
  request.mutable_invitation()->set_how(args.how);
  for (const std::string& seat : args.seats) request.mutable_invitation()->add_seats(seat);
  return session.CallAndShow<Handover>(absl::StrCat(kService, "InviteConversation"), request,
                                       PrintHandover);
}

struct StayArgs {
  std::string name;
  std::vector<std::string> seats;
};

absl::Status RunStay(Session& session, const StayArgs& args) {
  handover::v1::DecideStayingRequest request;
  request.set_name(args.name);
  for (const std::string& seat : args.seats) request.add_seats(seat);
  return session.CallAndShow<Handover>(absl::StrCat(kService, "DecideStaying"), request,
                                       PrintHandover);
}

// --- receipt ---

struct ReceiptArgs {
  std::string name;
  bool own = false;
};

absl::Status RunReceipt(Session& session, const ReceiptArgs& args) {
  if (args.own) session.State(common::v1::PURPOSE_OWN_RECORD);
  handover::v1::GetReceiptRequest request;
  request.set_name(args.name);
  return session.CallAndShow<HandoverReceipt>(absl::StrCat(kService, "GetReceipt"), request,
                                              PrintReceipt);
}

struct VerifyArgs {
  std::string file;
  std::vector<std::string> keys;
};

absl::Status RunVerify(Session& session, const VerifyArgs& args) {
  std::map<std::string, std::string> keys;
  for (const std::string& given : args.keys) {
    const std::vector<std::string> pair = absl::StrSplit(given, '=');
    if (pair.size() != 2 || pair[0].empty() || pair[1].size() != 64) {
      return UsageError("--key is ORGANISATION=HEX: organisations/a and 64 hex digits");
    }
    keys[pair[0]] = pair[1];
  }
  KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(args.file, session.in()));
  HandoverReceipt receipt;
  if (!google::protobuf::util::JsonStringToMessage(text, &receipt).ok()) {
    return InputError("this is no receipt: save one with --output json");
  }
  const auto found = VerifyReceipt(receipt, keys);
  if (absl::IsDataLoss(found.status())) return VerificationFailed(found.status().message());
  if (!found.ok()) return found.status();
  std::ostream& out = session.out();
  out << "Het ontvangstbewijs klopt: " << Printable(found->handover) << "\n  pakket "
      << Printable(found->package_sha256) << "\n";
  for (const auto& s : found->statements) {
    out << "  " << Printable(s.time) << " " << Printable(s.stage) << " namens "
        << Printable(s.organisation) << " door " << Printable(s.signer) << ": " << s.travelled
        << " delen" << (s.withheld == 0 ? "" : absl::StrCat(", ", s.withheld, " niet meegegaan"))
        << (s.known_key ? ", met de sleutel die u gaf\n"
                        : ", met een sleutel die alleen in het bewijs zelf staat\n");
  }
  out << "  de tekst van " << found->parts_shown << " delen staat erbij en klopt\n";
  for (const std::string& item : found->not_handed) {
    out << "  niet meegegaan: " << Printable(item) << "\n";
  }
  return absl::OkStatus();
}

// --- due ---

struct DueArgs {
  std::string werkplaats;
  std::string before;
  bool late = false;
  bool mine = false;
  bool ended = false;
  bool watch = false;
};

void PrintDueLine(const handover::v1::DueHandover& due, std::ostream& out) {
  out << "+ " << due.due_date() << (due.late() ? " TE LAAT " : " ") << Printable(due.text_nl())
      << " " << Printable(due.name()) << "\n";
}

absl::Status RunDue(Session& session, const DueArgs& args) {
  handover::v1::DueFilter filter;
  filter.set_werkplaats(args.werkplaats);
  filter.set_due_before(args.before);
  filter.set_late(args.late);
  filter.set_mine(args.mine);
  filter.set_ended(args.ended);
  if (args.watch) {
    handover::v1::WatchDueHandoversRequest request;
    *request.mutable_filter() = filter;
    handover::v1::WatchDueHandoversResponse news;
    return session.Receive(absl::StrCat(kService, "WatchDueHandovers"), request, &news, [&] {
      return session.Show<handover::v1::WatchDueHandoversResponse>(
          news, [](const handover::v1::WatchDueHandoversResponse& n, std::ostream& out) {
            for (const std::string& gone : n.gone()) out << "- " << Printable(gone) << "\n";
            for (const auto& due : n.handovers()) PrintDueLine(due, out);
            out << n.total_size() << " overdrachten.\n" << std::flush;
          });
    });
  }
  handover::v1::ListDueHandoversRequest request;
  *request.mutable_filter() = filter;
  handover::v1::ListDueHandoversResponse all;
  for (int page = 0; page < 1000; ++page) {
    handover::v1::ListDueHandoversResponse response;
    KP_RETURN_IF_ERROR(
        session.Call(absl::StrCat(kService, "ListDueHandovers"), request, &response));
    // The counts are over all pages, on each.
    if (page > 0) response.clear_werkplaatsen();
    all.MergeFrom(response);
    all.clear_next_page_token();
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  return session.Show<handover::v1::ListDueHandoversResponse>(all, PrintDue);
}

void Seats(CLI::App* app, std::vector<std::string>* seats, const char* help, bool required) {
  app->add_option("--seats", *seats, help)
      ->required(required)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("SEAT");
}

void AddKinds(CLI::App* noun, Action* chosen) {
  AddVerb<KindsArgs>(
      noun, chosen,
      {"kinds", "The kinds of handover (R30): when, what and with whom",
       "knooppunt handover kinds\n  knooppunt handover kinds --kind po-vo"},
      [](CLI::App* app, KindsArgs* args) { AddWord(app, "--kind", &args->kind, "Only this one"); },
      RunKinds);
  AddVerb<FileArgs>(
      noun, chosen,
      {"check-kinds", "Check a table of kinds, without a server",
       "knooppunt handover check-kinds security/policy/handover_kinds.textproto"},
      [](CLI::App* app, FileArgs* args) {
        AddText(app, "file", &args->file, "The file; - is standard input")->required();
      },
      RunCheckKinds);
}

}  // namespace

void AddHandoverFollowCommands(CLI::App* noun, Action* chosen) {
  AddKinds(noun, chosen);
  AddVerb<InviteArgs>(
      noun, chosen,
      {"invite", "Invite to the conversation (R27)",
       "knooppunt handover invite families/f-1/handovers/h-1 --date 2026-12-10 --seats "
       "s-1,s-5,s-6"},
      [](CLI::App* app, InviteArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        AddDate(app, "--date", &args->date, "When")->required();
        AddText(app, "--how", &args->how, "How: in person (default), by video");
        Seats(app, &args->seats, "Seats that are invited", true);
      },
      RunInvite);
  AddVerb<StayArgs>(
      noun, chosen,
      {"stay", "As the youth: who stays at the table after 18 (R16)",
       "knooppunt handover stay families/f-1/handovers/h-1 --seats s-2,s-3"},
      [](CLI::App* app, StayArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        Seats(app, &args->seats, "Seats that stay; none is nobody", false);
      },
      RunStay);
  AddVerb<ReceiptArgs>(
      noun, chosen,
      {"receipt", "The receipt: what each side signed for (R28)",
       "knooppunt handover receipt families/f-1/handovers/h-1"},
      [](CLI::App* app, ReceiptArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        app->add_flag("--own-record", args->own, "From your organisation's own record, afterwards");
      },
      RunReceipt);
  AddVerb<VerifyArgs>(
      noun, chosen,
      {"verify-receipt", "Check a receipt that was saved, without a server",
       "knooppunt handover verify-receipt receipt.json --key organisations/mosalira=3b6a..."},
      [](CLI::App* app, VerifyArgs* args) {
        AddText(app, "file", &args->file, "The file; - is standard input")->required();
        AddTexts(app, "--key", &args->keys, "ORGANISATION=HEX: a key that you know");
      },
      RunVerify);
  AddVerb<DueArgs>(
      noun, chosen,
      {"due", "What is to be followed up, by date, and how each werkplaats stands",
       "knooppunt handover due --before 2027-07-01\n  knooppunt handover due --late --mine"},
      [](CLI::App* app, DueArgs* args) {
        AddName(app, "--werkplaats", &args->werkplaats, "werkplaatsen/*",
                "Only from or to this one");
        AddDate(app, "--before", &args->before, "Only what is due before this day");
        app->add_flag("--late", args->late, "Only what is late");
        app->add_flag("--mine", args->mine, "Only what waits for your side");
        app->add_flag("--ended", args->ended, "Also what ended");
        app->add_flag("--watch", args->watch, "Stay, and say what changes");
      },
      RunDue);
}

}  // namespace knooppunt::cli
