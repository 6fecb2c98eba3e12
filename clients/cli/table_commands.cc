// case: who sits at the table, who leads, and whom the case is about.
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"

namespace knooppunt::cli {
namespace {

using casework::v1::Case;
using casework::v1::Participant;
using casework::v1::Regisseur;

constexpr char kService[] = "/knooppunt.casework.v1.CaseworkService/";
constexpr char kCase[] = "families/*/cases/*";

absl::StatusOr<Case> ReadCase(Session& session, const std::string& name) {
  casework::v1::GetCaseRequest request;
  request.set_name(name);
  Case casus;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "GetCase"), request, &casus));
  return casus;
}

// --- case seats, persons: parts of a case, for scripts ---

struct SeatsArgs {
  std::string name;
  std::string of;
};

absl::Status RunSeats(Session& session, const SeatsArgs& args) {
  KP_ASSIGN_OR_RETURN(const Case casus, ReadCase(session, args.name));
  Case seats;
  seats.set_name(casus.name());
  *seats.mutable_regisseur() = casus.regisseur();
  for (const Participant& p : casus.participants()) {
    const bool wanted = args.of.empty() || p.professional() == args.of || p.person() == args.of;
    if (wanted && p.state() != access::v1::SEAT_STATE_ENDED) *seats.add_participants() = p;
  }
  if (session.options().quiet) {
    for (const Participant& p : seats.participants()) session.out() << Printable(p.seat()) << "\n";
    return absl::OkStatus();
  }
  return session.Show<Case>(seats, PrintSeats);
}

struct PersonsArgs {
  std::string name;
  access::v1::FamilyRole role = access::v1::FAMILY_ROLE_UNSPECIFIED;
  std::string born;
};

absl::Status RunPersons(Session& session, const PersonsArgs& args) {
  KP_ASSIGN_OR_RETURN(const Case casus, ReadCase(session, args.name));
  Case persons;
  persons.set_name(casus.name());
  for (const casework::v1::Person& p : casus.persons()) {
    const bool role = args.role == access::v1::FAMILY_ROLE_UNSPECIFIED || p.role() == args.role;
    if (role && (args.born.empty() || p.birth_date() == args.born)) *persons.add_persons() = p;
  }
  if (session.options().quiet) {
    for (const auto& p : persons.persons()) session.out() << Printable(p.name()) << "\n";
    return absl::OkStatus();
  }
  return session.Show<Case>(persons, PrintPersons);
}

// --- case invite, join, end-seat, appoint ---

struct InviteArgs {
  std::string name;
  std::string professional;
  std::string organisation;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  access::v1::SeatRole role = access::v1::SEAT_ROLE_CORE_PARTNER;
  std::string until;
};

absl::Status RunInvite(Session& session, const InviteArgs& args) {
  casework::v1::InviteParticipantRequest request;
  request.set_parent(args.name);
  request.set_professional(args.professional);
  request.set_organisation(args.organisation);
  request.set_function(args.function);
  request.set_role(args.role);
  request.set_end_date(args.until);
  return session.CallAndShow<Participant>(absl::StrCat(kService, "InviteParticipant"), request,
                                          PrintParticipant);
}

struct JoinArgs {
  std::string name;
};

absl::Status RunJoin(Session& session, const JoinArgs& args) {
  casework::v1::JoinCaseRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Participant>(absl::StrCat(kService, "JoinCase"), request,
                                          PrintParticipant);
}

struct EndSeatArgs {
  std::string name;
  std::string seat;
  std::string reason;
};

absl::Status RunEndSeat(Session& session, const EndSeatArgs& args) {
  casework::v1::EndSeatRequest request;
  request.set_name(args.name);
  request.set_seat(args.seat);
  request.set_reason(args.reason);
  return session.CallAndShow<Participant>(absl::StrCat(kService, "EndSeat"), request,
                                          PrintParticipant);
}

struct AppointArgs {
  std::string name;
  std::string regisseur;
  std::string stand_in;
  std::string reason;
  std::string etag;
};

absl::Status RunAppoint(Session& session, const AppointArgs& args) {
  casework::v1::AppointRegisseurRequest request;
  request.set_name(args.name);
  request.set_seat(args.regisseur);
  request.set_stand_in_seat(args.stand_in);
  request.set_reason(args.reason);
  request.set_etag(args.etag);
  return session.CallAndShow<Regisseur>(absl::StrCat(kService, "AppointRegisseur"), request,
                                        PrintRegisseur);
}

// --- case take-over ---

struct TakeOverArgs {
  std::string name;
  std::string etag;
};

absl::Status RunTakeOver(Session& session, const TakeOverArgs& args) {
  casework::v1::TakeOverCaseRequest request;
  request.set_name(args.name);
  request.set_etag(args.etag);
  return session.CallAndShow<Participant>(absl::StrCat(kService, "TakeOverCase"), request,
                                          PrintParticipant);
}

// --- case deputise ---

struct DeputiseArgs {
  std::string name;
  std::string seat;
  std::string professional;
  std::string from;
  std::string until;
};

absl::Status RunDeputise(Session& session, const DeputiseArgs& args) {
  casework::v1::ArrangeDeputyRequest request;
  request.set_name(args.name);
  request.set_seat(args.seat);
  request.set_professional(args.professional);
  request.set_start_date(args.from);
  request.set_end_date(args.until);
  return session.CallAndShow<Participant>(absl::StrCat(kService, "ArrangeDeputy"), request,
                                          PrintParticipant);
}

void AddDeputising(CLI::App* noun, Action* chosen) {
  AddVerb<DeputiseArgs>(
      noun, chosen,
      {"deputise", "Let a colleague take over a seat for a while (R39)",
       "knooppunt case deputise families/f-1/cases/c-1 --seat s-3 --professional "
       "professionals/tom --until 2026-12-21"},
      [](CLI::App* app, DeputiseArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddSeat(app, "--seat", &args->seat, "Seat that is deputised")->required();
        AddName(app, "--professional", &args->professional, "professionals/*",
                "The deputy: the same organisation and function")
            ->required();
        AddDate(app, "--from", &args->from, "First day; default: at once");
        AddDate(app, "--until", &args->until,
                "First day on which it no longer holds, at most 92 days later")
            ->required();
      },
      RunDeputise);
}

void AddLooking(CLI::App* noun, Action* chosen) {
  AddVerb<SeatsArgs>(
      noun, chosen,
      {"seats", "List the seats at the table; with --quiet their ids",
       "knooppunt case seats families/f-1/cases/c-1 --of professionals/ine-bos --quiet"},
      [](CLI::App* app, SeatsArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        app->add_option("--of", args->of, "Only of this professional or person")->type_name("NAME");
      },
      RunSeats);
  AddVerb<PersonsArgs>(
      noun, chosen,
      {"persons", "List the family members that you may see; with --quiet their names",
       "knooppunt case persons families/f-1/cases/c-1 --role child --quiet"},
      [](CLI::App* app, PersonsArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddWord(app, "--role", &args->role, "Only in this role");
        AddDate(app, "--born", &args->born, "Only who was born on this date");
      },
      RunPersons);
}

void AddSeating(CLI::App* noun, Action* chosen) {
  AddVerb<InviteArgs>(
      noun, chosen,
      {"invite", "Invite a professional to the table",
       "knooppunt case invite families/f-1/cases/c-1 --professional professionals/noor "
       "--organisation organisations/ggd-zl --function jgz-nurse"},
      [](CLI::App* app, InviteArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddName(app, "--professional", &args->professional, "professionals/*", "Whom")->required();
        AddName(app, "--organisation", &args->organisation, "organisations/*", "For whom they come")
            ->required();
        AddWord(app, "--function", &args->function, "In which function")->required();
        AddWord(app, "--role", &args->role, "Role at the table; default core-partner");
        AddDate(app, "--until", &args->until,
                "First day on which they no longer take part; needed for ad-hoc (R8)");
      },
      RunInvite);
  AddVerb<JoinArgs>(
      noun, chosen,
      {"join", "Take the seat that you were invited to",
       "knooppunt case join families/f-1/cases/c-1"},
      [](CLI::App* app, JoinArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
      },
      RunJoin);
  AddVerb<EndSeatArgs>(
      noun, chosen,
      {"end-seat", "End somebody's seat, or your own",
       "knooppunt case end-seat families/f-1/cases/c-1 --seat s-3 --reason 'Begeleiding klaar'"},
      [](CLI::App* app, EndSeatArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddSeat(app, "--seat", &args->seat, "Which seat")->required();
        AddText(app, "--reason", &args->reason, "Why")->required();
      },
      RunEndSeat);
  AddVerb<AppointArgs>(
      noun, chosen,
      {"appoint", "Appoint or replace the regisseur, with a stand-in, in one act (R1)",
       "knooppunt case appoint families/f-1/cases/c-1 --regisseur s-1 --stand-in s-2 "
       "--reason 'Vast contact van het gezin'"},
      [](CLI::App* app, AppointArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddSeat(app, "--regisseur", &args->regisseur, "Seat of the regisseur")->required();
        AddSeat(app, "--stand-in", &args->stand_in, "Seat of the stand-in, a professional")
            ->required();
        AddText(app, "--reason", &args->reason, "Why")->required();
        AddText(app, "--etag", &args->etag,
                "Of the case as you read it: refused if it changed since");
      },
      RunAppoint);
  AddVerb<TakeOverArgs>(
      noun, chosen,
      {"take-over", "Take over a case of which nobody who was named is left (R1)",
       "knooppunt case take-over families/f-1/cases/c-1"},
      [](CLI::App* app, TakeOverArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddText(app, "--etag", &args->etag,
                "Of the case as you read it: refused if it changed since");
      },
      RunTakeOver);
}

}  // namespace

void AddTableCommands(CLI::App* casus, Action* chosen) {
  AddLooking(casus, chosen);
  AddSeating(casus, chosen);
  AddDeputising(casus, chosen);
}

}  // namespace knooppunt::cli
