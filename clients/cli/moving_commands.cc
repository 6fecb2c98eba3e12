// meeting move, cancel; sitting move, cancel: another day, time or place, or not at all.
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/meetings_text.h"
#include "clients/cli/options.h"
#include "knooppunt/meetings/v1/meetings.pb.h"

namespace knooppunt::cli {
namespace {

using meetings::v1::Agenda;
using meetings::v1::ChangeReason;
using meetings::v1::Sitting;

constexpr char kService[] = "/knooppunt.meetings.v1.MeetingsService/";
constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kSitting[] = "werkplaatsen/*/sittings/*";

std::string Method(absl::string_view name) { return absl::StrCat(kService, name); }

// Where to, or why not at all.
struct ChangeArgs {
  std::string name;
  std::string date;
  std::string start;
  std::string end;
  std::string place;
  ChangeReason why = meetings::v1::CHANGE_REASON_UNSPECIFIED;
  std::string etag;
};

absl::Status RunMove(Session& session, const ChangeArgs& args) {
  meetings::v1::MoveMeetingRequest request;
  request.set_name(args.name);
  request.set_date(args.date);
  request.set_start(args.start);
  request.set_end(args.end);
  request.set_place(args.place);
  request.set_reason(args.why);
  KP_ASSIGN_OR_RETURN(const std::string etag, AgendaEtag(session, args.name, args.etag));
  request.set_etag(etag);
  return session.CallAndShow<Agenda>(Method("MoveMeeting"), request, PrintAgenda);
}

absl::Status RunCancel(Session& session, const ChangeArgs& args) {
  meetings::v1::CancelMeetingRequest request;
  request.set_name(args.name);
  request.set_reason(args.why);
  KP_ASSIGN_OR_RETURN(const std::string etag, AgendaEtag(session, args.name, args.etag));
  request.set_etag(etag);
  return session.CallAndShow<Agenda>(Method("CancelMeeting"), request, PrintAgenda);
}

// As it stands now, for who did not state one.
absl::StatusOr<std::string> SittingEtag(Session& session, const ChangeArgs& args) {
  if (!args.etag.empty()) return args.etag;
  meetings::v1::GetSittingRequest request;
  request.set_name(args.name);
  Sitting sitting;
  KP_RETURN_IF_ERROR(session.Call(Method("GetSitting"), request, &sitting));
  return sitting.etag();
}

absl::Status RunMoveSitting(Session& session, const ChangeArgs& args) {
  meetings::v1::MoveSittingRequest request;
  request.set_name(args.name);
  request.set_reason(args.why);
  const auto take = [&](const std::string& value, const std::string& path,
                        void (Sitting::*set)(const std::string&)) {
    if (value.empty()) return;
    (request.mutable_sitting()->*set)(value);
    request.mutable_update_mask()->add_paths(path);
  };
  take(args.date, "date", &Sitting::set_date<const std::string&>);
  take(args.start, "start", &Sitting::set_start<const std::string&>);
  take(args.end, "end", &Sitting::set_end<const std::string&>);
  take(args.place, "place", &Sitting::set_place<const std::string&>);
  KP_ASSIGN_OR_RETURN(const std::string etag, SittingEtag(session, args));
  request.set_etag(etag);
  return session.CallAndShow<Sitting>(Method("MoveSitting"), request, PrintSitting);
}

absl::Status RunCancelSitting(Session& session, const ChangeArgs& args) {
  meetings::v1::CancelSittingRequest request;
  request.set_name(args.name);
  request.set_reason(args.why);
  KP_ASSIGN_OR_RETURN(const std::string etag, SittingEtag(session, args));
  request.set_etag(etag);
  return session.CallAndShow<Sitting>(Method("CancelSitting"), request, PrintSitting);
}

void WhereTo(CLI::App* app, ChangeArgs* args) {
  AddDate(app, "--date", &args->date, "To which day");
  AddText(app, "--start", &args->start, "When it begins: 09:40");
  AddText(app, "--end", &args->end, "When it ends: 10:20");
  AddText(app, "--place", &args->place, "Where; names nobody");
}

void Why(CLI::App* app, ChangeArgs* args) {
  AddWord(app, "--why", &args->why, "Why; who is invited is told")->required();
  AddText(app, "--etag", &args->etag, "As you read it; default: as it is now");
}

}  // namespace

void AddMovingCommands(CLI::App* root, Action* chosen) {
  CLI::App* meeting = root->get_subcommand("meeting");
  AddVerb<ChangeArgs>(
      meeting, chosen,
      {"move", "Move a meeting to another day, time or place; who is invited is asked anew",
       "knooppunt meeting move families/f-1/cases/c-1/meetings/m-1 --date 2026-12-08 --why family"},
      [](CLI::App* app, ChangeArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
        WhereTo(app, args);
        Why(app, args);
      },
      RunMove);
  AddVerb<ChangeArgs>(
      meeting, chosen,
      {"cancel", "Cancel a meeting; it stays on record, and who is invited is told",
       "knooppunt meeting cancel families/f-1/cases/c-1/meetings/m-1 --why not-needed"},
      [](CLI::App* app, ChangeArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
        Why(app, args);
      },
      RunCancel);
  CLI::App* sitting = root->get_subcommand("sitting");
  AddVerb<ChangeArgs>(
      sitting, chosen,
      {"move", "Move a sitting; each of its meetings says so until it is moved too",
       "knooppunt sitting move werkplaatsen/manjefiek/sittings/sitting-1 --date 2026-12-08 --why "
       "place"},
      [](CLI::App* app, ChangeArgs* args) {
        AddName(app, "sitting", &args->name, kSitting, "Which sitting")->required();
        WhereTo(app, args);
        Why(app, args);
      },
      RunMoveSitting);
  AddVerb<ChangeArgs>(
      sitting, chosen,
      {"cancel", "Cancel a sitting; each of its meetings says so until it is moved",
       "knooppunt sitting cancel werkplaatsen/manjefiek/sittings/sitting-1 --why lead-absent"},
      [](CLI::App* app, ChangeArgs* args) {
        AddName(app, "sitting", &args->name, kSitting, "Which sitting")->required();
        Why(app, args);
      },
      RunCancelSitting);
}

}  // namespace knooppunt::cli
