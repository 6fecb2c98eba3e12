// meeting arrange, invite, invitations, check, answer, uninvite: who comes to a meeting, and what
// each would read of it (R11-R13, R18).
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/meetings_text.h"
#include "clients/cli/options.h"
#include "clients/cli/paging.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::cli {
namespace {

using meetings::v1::Invitation;

constexpr char kService[] = "/knooppunt.meetings.v1.MeetingsService/";
constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kInvitation[] = "families/*/cases/*/meetings/*/invitations/*";

std::string Method(absl::string_view name) { return absl::StrCat(kService, name); }

// The meeting that an invitation is for.
std::string MeetingOf(const std::string& invitation) {
  return invitation.substr(0, invitation.rfind("/invitations/"));
}

// The etag of an invitation as it stands now, for who did not state one.
absl::StatusOr<std::string> EtagNow(Session& session, const std::string& name) {
  meetings::v1::ListInvitationsRequest request;
  request.set_parent(MeetingOf(name));
  meetings::v1::ListInvitationsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, Method("ListInvitations"), request, &all));
  for (const Invitation& i : all.invitations()) {
    if (i.name() == name) return i.etag();
  }
  return UsageError(
      "there is no such invitation for you: `knooppunt meeting invitations` lists them");
}

// --- meeting arrange ---

struct ArrangeArgs {
  std::string name;
  std::string start;
  std::string end;
  std::string place;
  bool video = false;
  std::string etag;
};

absl::Status RunArrange(Session& session, const ArrangeArgs& args) {
  meetings::v1::ArrangeMeetingRequest request;
  request.set_name(args.name);
  meetings::v1::Agenda& agenda = *request.mutable_agenda();
  agenda.set_start(args.start);
  agenda.set_end(args.end);
  agenda.set_place(args.place);
  agenda.set_video(args.video);
  if (!args.start.empty()) request.mutable_update_mask()->add_paths("start");
  if (!args.end.empty()) request.mutable_update_mask()->add_paths("end");
  if (!args.place.empty()) request.mutable_update_mask()->add_paths("place");
  if (args.video) request.mutable_update_mask()->add_paths("video");
  KP_ASSIGN_OR_RETURN(const std::string etag, AgendaEtag(session, args.name, args.etag));
  request.set_etag(etag);
  return session.CallAndShow<meetings::v1::Agenda>(Method("ArrangeMeeting"), request, PrintAgenda);
}

// --- meeting invite ---

struct InviteArgs {
  std::string name;
  std::string seat;
  std::string person;
  std::string professional;
  std::string organisation;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  std::string until;
};

// What is missing, asked about once for each whom it is about: who must sign for it (R11).
absl::Status ShowWhoMustSign(Session& session, const Invitation& invitation) {
  std::map<std::string, access::v1::WhoMustAgreeRequest> asked;
  for (const meetings::v1::MissingSharing& m : invitation.check().missing()) {
    if (m.recipient().empty()) continue;
    access::v1::WhoMustAgreeRequest& request = asked[m.about().SerializeAsString()];
    request.set_parent(invitation.name().substr(0, invitation.name().find("/cases/")));
    *request.mutable_about() = m.about();
    request.set_recipient(m.recipient());
    request.set_purpose(common::v1::PURPOSE_COORDINATION);
    bool known = false;
    for (const int c : request.compartments()) known = known || c == m.compartment();
    if (!known) request.add_compartments(m.compartment());
  }
  for (auto& [about, request] : asked) {
    access::v1::WhoMustAgreeResponse answer;
    // Who plans need not be who may ask that: then the sentence of the check stands by itself.
    if (!session.Call("/knooppunt.access.v1.AccessService/WhoMustAgree", request, &answer).ok()) {
      return absl::OkStatus();
    }
    PrintWhoMustSign(answer, session.out());
  }
  return absl::OkStatus();
}

absl::Status RunInvite(Session& session, const InviteArgs& args) {
  meetings::v1::InviteToMeetingRequest request;
  request.set_parent(args.name);
  request.set_seat(args.seat);
  request.set_person(args.person);
  if (!args.professional.empty()) {
    meetings::v1::NewParty& party = *request.mutable_new_party();
    party.set_professional(args.professional);
    party.set_organisation(args.organisation);
    party.set_function(args.function);
    party.set_end_date(args.until);
  } else if (args.seat.empty() && args.person.empty()) {
    return UsageError(
        "say whom: --seat, --person, or --professional with --organisation, "
        "--function and --until");
  }
  Invitation invitation;
  KP_RETURN_IF_ERROR(session.Call(Method("InviteToMeeting"), request, &invitation));
  KP_RETURN_IF_ERROR(session.Show<Invitation>(invitation, PrintInvitation));
  const bool for_people =
      session.options().output == OutputFormat::kTable && !session.options().quiet;
  return for_people ? ShowWhoMustSign(session, invitation) : absl::OkStatus();
}

// --- meeting invitations, check ---

struct ListArgs {
  std::string name;
  bool all = false;
};

absl::Status RunInvitations(Session& session, const ListArgs& args) {
  if (!args.name.empty()) {
    meetings::v1::ListInvitationsRequest request;
    request.set_parent(args.name);
    meetings::v1::ListInvitationsResponse all;
    KP_RETURN_IF_ERROR(CallAllPages(session, Method("ListInvitations"), request, &all));
    return session.Show<meetings::v1::ListInvitationsResponse>(all, PrintInvitations);
  }
  meetings::v1::ListOwnInvitationsRequest request;
  request.set_answered(args.all);
  meetings::v1::ListOwnInvitationsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, Method("ListOwnInvitations"), request, &all));
  return session.Show<meetings::v1::ListOwnInvitationsResponse>(all, PrintOwnInvitations);
}

struct CheckArgs {
  std::string name;
};

absl::Status RunCheck(Session& session, const CheckArgs& args) {
  meetings::v1::CheckInvitationsRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<meetings::v1::CheckInvitationsResponse>(Method("CheckInvitations"),
                                                                     request, PrintChecks);
}

// --- meeting answer, uninvite ---

struct AnswerArgs {
  std::string name;
  casework::v1::AttendanceHow accept = casework::v1::ATTENDANCE_HOW_UNSPECIFIED;
  meetings::v1::DeclineReason decline = meetings::v1::DECLINE_REASON_UNSPECIFIED;
  meetings::v1::RepresentativeKind kind = meetings::v1::REPRESENTATIVE_KIND_UNSPECIFIED;
  std::string colleague;
  std::string person;
  std::string etag;
};

absl::Status RunAnswer(Session& session, const AnswerArgs& args) {
  const bool yes = args.accept != casework::v1::ATTENDANCE_HOW_UNSPECIFIED;
  const bool no = args.decline != meetings::v1::DECLINE_REASON_UNSPECIFIED;
  if (yes == no) return UsageError("give --accept or --decline, one of the two");
  meetings::v1::AnswerInvitationRequest request;
  request.set_name(args.name);
  request.set_answer(yes ? meetings::v1::INVITATION_STATE_ACCEPTED
                         : meetings::v1::INVITATION_STATE_DECLINED);
  request.set_how(args.accept);
  request.set_decline_reason(args.decline);
  if (args.kind != meetings::v1::REPRESENTATIVE_KIND_UNSPECIFIED) {
    request.mutable_representative()->set_kind(args.kind);
    request.mutable_representative()->set_professional(args.colleague);
    request.mutable_representative()->set_person(args.person);
  }
  request.set_etag(args.etag);
  if (args.etag.empty()) {
    KP_ASSIGN_OR_RETURN(const std::string etag, EtagNow(session, args.name));
    request.set_etag(etag);
  }
  return session.CallAndShow<Invitation>(Method("AnswerInvitation"), request, PrintInvitation);
}

struct TakeBackArgs {
  std::string name;
  std::string etag;
};

absl::Status RunTakeBack(Session& session, const TakeBackArgs& args) {
  meetings::v1::WithdrawInvitationRequest request;
  request.set_name(args.name);
  request.set_etag(args.etag);
  if (args.etag.empty()) {
    KP_ASSIGN_OR_RETURN(const std::string etag, EtagNow(session, args.name));
    request.set_etag(etag);
  }
  return session.CallAndShow<Invitation>(Method("WithdrawInvitation"), request, PrintInvitation);
}

void InviteOptions(CLI::App* app, InviteArgs* args) {
  AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
  AddSeat(app, "--seat", &args->seat, "Who has this seat at the table");
  AddName(app, "--person", &args->person, "families/*/persons/*", "Somebody of the family");
  AddName(app, "--professional", &args->professional, "professionals/*",
          "A professional without a seat; they are asked to the table for a period (R8)");
  AddName(app, "--organisation", &args->organisation, "organisations/*", "For whom they come");
  AddWord(app, "--function", &args->function, "In which function they come");
  AddDate(app, "--until", &args->until, "First day on which their seat no longer holds");
}

void AnswerOptions(CLI::App* app, AnswerArgs* args) {
  AddName(app, "invitation", &args->name, kInvitation, "Which invitation")->required();
  AddWord(app, "--accept", &args->accept, "You take part, and how");
  AddWord(app, "--decline", &args->decline, "You do not, and why");
  AddWord(app, "--represented-by", &args->kind, "Who comes, with --accept representative");
  AddName(app, "--colleague", &args->colleague, "professionals/*", "Which colleague");
  AddName(app, "--person", &args->person, "families/*/persons/*", "Who of the family");
  AddText(app, "--etag", &args->etag, "Of the invitation as you read it; default: as it is now");
}

}  // namespace

void AddInvitationCommands(CLI::App* meeting, Action* chosen) {
  AddVerb<ArrangeArgs>(
      meeting, chosen,
      {"arrange", "Say when on its day and where a meeting is held",
       "knooppunt meeting arrange families/f-1/cases/c-1/meetings/m-1 --start 09:40 --end 10:20 "
       "--place 'Kamer 3' --video"},
      [](CLI::App* app, ArrangeArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
        AddText(app, "--start", &args->start, "When it begins: 09:40");
        AddText(app, "--end", &args->end, "When it ends: 10:20");
        AddText(app, "--place", &args->place, "Where; names nobody");
        app->add_flag("--video", args->video, "One can take part by video");
        AddText(app, "--etag", &args->etag, "Of the agenda as you read it; default: as it is now");
      },
      RunArrange);
  AddVerb<InviteArgs>(meeting, chosen,
                      {"invite", "Invite a party, and see what they would read (R11-R13)",
                       "knooppunt meeting invite families/f-1/cases/c-1/meetings/m-1 --seat s-2"},
                      InviteOptions, RunInvite);
  AddVerb<ListArgs>(
      meeting, chosen,
      {"invitations", "Your own invitations, or who is invited to one meeting",
       "knooppunt meeting invitations\n"
       "  knooppunt meeting invitations families/f-1/cases/c-1/meetings/m-1"},
      [](CLI::App* app, ListArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Who is invited to this meeting");
        app->add_flag("--all", args->all, "Of your own: those that you answered too");
      },
      RunInvitations);
  AddVerb<CheckArgs>(
      meeting, chosen,
      {"check", "Look again what each invited party would read now, and what is missing",
       "knooppunt meeting check families/f-1/cases/c-1/meetings/m-1"},
      [](CLI::App* app, CheckArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
      },
      RunCheck);
  AddVerb<AnswerArgs>(
      meeting, chosen,
      {"answer", "Answer your invitation",
       "knooppunt meeting answer families/f-1/cases/c-1/meetings/m-1/invitations/i-1 --accept "
       "video\n"
       "  knooppunt meeting answer families/f-1/cases/c-1/meetings/m-1/invitations/i-1 --accept "
       "representative --represented-by confidant"},
      AnswerOptions, RunAnswer);
  AddVerb<TakeBackArgs>(
      meeting, chosen,
      {"uninvite", "Take an invitation back",
       "knooppunt meeting uninvite families/f-1/cases/c-1/meetings/m-1/invitations/i-1"},
      [](CLI::App* app, TakeBackArgs* args) {
        AddName(app, "invitation", &args->name, kInvitation, "Which invitation")->required();
        AddText(app, "--etag", &args->etag,
                "Of the invitation as you read it; default: as it is now");
      },
      RunTakeBack);
}

}  // namespace knooppunt::cli
