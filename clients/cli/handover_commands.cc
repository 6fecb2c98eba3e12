// handover: the warm handover of a case from one werkplaats to another (R26-R30).
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/handover_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"

namespace knooppunt::cli {
namespace {

using handover::v1::Handover;

constexpr char kService[] = "/knooppunt.handover.v1.HandoverService/";
constexpr char kCase[] = "families/*/cases/*";
constexpr char kHandover[] = "families/*/handovers/*";

absl::StatusOr<Handover> ReadHandover(Session& session, const std::string& name) {
  handover::v1::GetHandoverRequest request;
  request.set_name(name);
  Handover handover;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "GetHandover"), request, &handover));
  return handover;
}

// --- acts that need no more than a note ---

struct ActArgs {
  std::string name;
  std::string note;
  std::string etag;
};

void AddEtag(CLI::App* app, std::string* etag) {
  AddText(app, "--etag", etag, "As last read: refused when somebody acted since");
}

void ActOptions(CLI::App* app, ActArgs* args) {
  AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
  AddText(app, "--note", &args->note, "A note with it");
  AddEtag(app, &args->etag);
}

void ReasonOptions(CLI::App* app, ActArgs* args) {
  AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
  AddText(app, "--reason", &args->note, "Why")->required();
  AddEtag(app, &args->etag);
}

absl::Status Act(Session& session, const ActArgs& args, absl::string_view method) {
  handover::v1::HandoverActRequest request;
  request.set_name(args.name);
  request.set_note(args.note);
  request.set_etag(args.etag);
  return session.CallAndShow<Handover>(absl::StrCat(kService, method), request, PrintHandover);
}

// --- draft, view ---

struct DraftArgs {
  std::string name;
  handover::v1::HandoverKind kind = handover::v1::HANDOVER_KIND_UNSPECIFIED;
  std::string to;
  std::string receiver;
  std::vector<std::string> items;
  std::vector<common::v1::Compartment> compartments;
  std::vector<std::string> children;
  std::string organisation;
  bool join = false;
  std::string until;
};

void DraftOptions(CLI::App* app, DraftArgs* args) {
  AddName(app, "case", &args->name, kCase, "Which case")->required();
  AddWord(app, "--kind", &args->kind, "Kind (R30)")->required();
  AddName(app, "--to", &args->to, "werkplaatsen/*", "Werkplaats that receives")->required();
  AddName(app, "--receiver", &args->receiver, "professionals/*",
          "Who receives there; none for a werkplaats that another installation runs");
  app->add_option("--item", args->items,
                  "Names of what travels: persons, goals, steps, contributions, the case for its "
                  "opening")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME");
  AddWords(app, "--compartment", &args->compartments,
           "Everything of these compartments that you may read");
  AddTexts(app, "--child", &args->children, "Person id of a child that it is about");
  AddName(app, "--to-organisation", &args->organisation, "organisations/*",
          "For adulthood: the organisation for social work that receives");
  app->add_flag("--join", args->join,
                "The case stays where it is; for some of its children, who go elsewhere");
  AddDate(app, "--until", &args->until,
          "Date after which it expires; without one, the date of its kind");
}

absl::Status RunDraft(Session& session, const DraftArgs& args) {
  handover::v1::DraftHandoverRequest request;
  request.set_parent(args.name);
  request.set_kind(args.kind);
  request.set_to_werkplaats(args.to);
  request.set_receiver(args.receiver);
  for (const std::string& item : args.items) request.add_items(item);
  for (const auto compartment : args.compartments) request.add_compartments(compartment);
  for (const std::string& child : args.children) request.add_children(child);
  request.set_to_organisation(args.organisation);
  if (args.join) request.set_mode(handover::v1::HANDOVER_MODE_JOIN);
  request.set_expire_date(args.until);
  return session.CallAndShow<Handover>(absl::StrCat(kService, "DraftHandover"), request,
                                       PrintHandover);
}

struct ViewArgs {
  std::string name;
  std::string text;
};

absl::Status RunView(Session& session, const ViewArgs& args) {
  handover::v1::AddFamilyViewRequest request;
  request.set_name(args.name);
  request.set_view(args.text);
  return session.CallAndShow<Handover>(absl::StrCat(kService, "AddFamilyView"), request,
                                       PrintHandover);
}

// --- receive, converse, accept ---

struct NameArgs {
  std::string name;
};

void HandoverName(CLI::App* app, NameArgs* args) {
  AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
}

// What is signed for is what was shown: the hash comes with the parts that are printed here.
absl::Status RunReceive(Session& session, const NameArgs& args) {
  KP_ASSIGN_OR_RETURN(const Handover shown, ReadHandover(session, args.name));
  session.notes() << "You sign for these parts:\n\n";
  PrintParts(shown, session.notes());
  session.notes() << "\n" << std::flush;
  if (!session.Confirm("Tekent u voor precies dit?")) {
    session.notes() << "Nothing was signed.\n";
    return absl::OkStatus();
  }
  handover::v1::ReceiveHandoverRequest request;
  request.set_name(args.name);
  request.set_package_sha256(shown.package_sha256());
  return session.CallAndShow<Handover>(absl::StrCat(kService, "ReceiveHandover"), request,
                                       PrintHandover);
}

struct ConverseArgs {
  std::string name;
  std::string date;
  std::vector<std::string> seats;
  std::string how = "in person";
  std::string family_absent;
  std::vector<std::string> absent;
};

void ConverseOptions(CLI::App* app, ConverseArgs* args) {
  AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
  AddDate(app, "--date", &args->date, "When")->required();
  app->add_option("--seats", args->seats, "Seats that took part")
      ->required()
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("SEAT");
  AddText(app, "--how", &args->how, "How: in person (default), by video");
  AddText(app, "--family-absent", &args->family_absent, "Why the family took no part, if so");
  AddTexts(app, "--absent", &args->absent,
           "PARTY=WHY of somebody else whom the kind asks for: youth-health=Ziek");
}

absl::Status RunConverse(Session& session, const ConverseArgs& args) {
  handover::v1::RecordConversationRequest request;
  request.set_name(args.name);
  handover::v1::Conversation& conversation = *request.mutable_conversation();
  conversation.set_date(args.date);
  for (const std::string& seat : args.seats) conversation.add_seats(seat);
  conversation.set_how(args.how);
  conversation.set_family_absent_reason(args.family_absent);
  for (const std::string& absent : args.absent) {
    const std::vector<std::string> pair = absl::StrSplit(absent, absl::MaxSplits('=', 1));
    const auto party = ParseWord<handover::v1::HandoverParty>(pair[0]);
    if (!party.ok()) return UsageError(party.status().message());
    if (pair.size() != 2) return UsageError("--absent is PARTY=WHY: youth-health=Ziek");
    conversation.add_absences()->set_party(*party);
    conversation.mutable_absences()->rbegin()->set_reason(pair[1]);
  }
  return session.CallAndShow<Handover>(absl::StrCat(kService, "RecordConversation"), request,
                                       PrintHandover);
}

struct AcceptArgs {
  std::string name;
  std::string regisseur;
  std::string stand_in;
};

absl::Status RunAccept(Session& session, const AcceptArgs& args) {
  handover::v1::AcceptHandoverRequest request;
  request.set_name(args.name);
  request.set_regisseur_seat(args.regisseur);
  request.set_stand_in_seat(args.stand_in);
  return session.CallAndShow<Handover>(absl::StrCat(kService, "AcceptHandover"), request,
                                       PrintHandover);
}

// --- show, list ---

absl::Status RunShow(Session& session, const NameArgs& args) {
  KP_ASSIGN_OR_RETURN(const Handover handover, ReadHandover(session, args.name));
  return session.Show<Handover>(handover, PrintHandover);
}

absl::Status RunList(Session& session, const NameArgs& args) {
  handover::v1::ListHandoversRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<handover::v1::ListHandoversResponse>(
      absl::StrCat(kService, "ListHandovers"), request, PrintHandovers);
}

void AddSending(CLI::App* noun, Action* chosen) {
  AddVerb<DraftArgs>(noun, chosen,
                     {"draft", "Draft a handover: where to, and what travels",
                      "knooppunt handover draft families/f-1/cases/c-1 --kind po-vo "
                      "--to werkplaatsen/vmbo-maastricht \\\n"
                      "    --receiver professionals/zoco --until 2027-03-01 \\\n"
                      "    --item families/f-1/persons/p-1,families/f-1/cases/c-1/goals/g-1"},
                     DraftOptions, RunDraft);
  AddVerb<ActArgs>(noun, chosen,
                   {"show-family", "Record that the family has seen it; fixes what travels",
                    "knooppunt handover show-family families/f-1/handovers/h-1"},
                   ActOptions, [](Session& session, const ActArgs& args) {
                     return Act(session, args, "ShowHandover");
                   });
  AddVerb<ViewArgs>(
      noun, chosen,
      {"view", "Add the family's own view; it travels along (R28)",
       "knooppunt handover view families/f-1/handovers/h-1 --text 'Sem wil graag met Bo starten.'"},
      [](CLI::App* app, ViewArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        AddText(app, "--text", &args->text, "In your own words")->required();
      },
      RunView);
  AddVerb<ActArgs>(noun, chosen,
                   {"authorise", "Authorise: consent covers every part",
                    "knooppunt handover authorise families/f-1/handovers/h-1"},
                   ActOptions, [](Session& session, const ActArgs& args) {
                     return Act(session, args, "AuthoriseHandover");
                   });
  AddVerb<ActArgs>(noun, chosen,
                   {"offer", "Offer it to the receiving werkplaats",
                    "knooppunt handover offer families/f-1/handovers/h-1"},
                   ActOptions, [](Session& session, const ActArgs& args) {
                     return Act(session, args, "OfferHandover");
                   });
  AddVerb<ActArgs>(
      noun, chosen,
      {"withdraw", "Take it back, as the sending side",
       "knooppunt handover withdraw families/f-1/handovers/h-1 --reason 'Andere school'"},
      ReasonOptions,
      [](Session& session, const ActArgs& args) { return Act(session, args, "WithdrawHandover"); });
}

void AddReceiving(CLI::App* noun, Action* chosen) {
  AddVerb<NameArgs>(noun, chosen,
                    {"receive", "Read the parts, and sign for exactly those",
                     "knooppunt handover receive families/f-1/handovers/h-1"},
                    HandoverName, RunReceive);
  AddVerb<ConverseArgs>(noun, chosen,
                        {"converse", "Record the conversation of both sides and the family (R27)",
                         "knooppunt handover converse families/f-1/handovers/h-1 --date 2026-12-10 "
                         "--seats s-1,s-5,s-6"},
                        ConverseOptions, RunConverse);
  AddVerb<AcceptArgs>(
      noun, chosen,
      {"accept", "Accept: werkplaats, regisseur and seats move at once",
       "knooppunt handover accept families/f-1/handovers/h-1 --regisseur s-5 --stand-in s-3"},
      [](CLI::App* app, AcceptArgs* args) {
        AddName(app, "handover", &args->name, kHandover, "Which handover")->required();
        AddSeat(app, "--regisseur", &args->regisseur,
                "Seat of the regisseur from now on; none when the case stays where it is");
        AddSeat(app, "--stand-in", &args->stand_in, "Seat of the stand-in");
      },
      RunAccept);
  AddVerb<ActArgs>(noun, chosen,
                   {"return", "Send it back with a reason, as the receiving side",
                    "knooppunt handover return families/f-1/handovers/h-1 --reason 'Geen plaats'"},
                   ReasonOptions, [](Session& session, const ActArgs& args) {
                     return Act(session, args, "ReturnHandover");
                   });
}

}  // namespace

void AddHandoverCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "handover", "Warm handover of a case to another werkplaats");
  AddSending(noun, chosen);
  AddReceiving(noun, chosen);
  AddHandoverFollowCommands(noun, chosen);
  AddArchiveCommands(noun, chosen);
  AddVerb<ActArgs>(noun, chosen,
                   {"close", "Close an accepted handover",
                    "knooppunt handover close families/f-1/handovers/h-1"},
                   ActOptions, [](Session& session, const ActArgs& args) {
                     return Act(session, args, "CloseHandover");
                   });
  AddVerb<NameArgs>(noun, chosen,
                    {"show", "Show a handover as far as you may see it",
                     "knooppunt handover show families/f-1/handovers/h-1"},
                    HandoverName, RunShow);
  AddVerb<NameArgs>(
      noun, chosen,
      {"list", "List the handovers of a case", "knooppunt handover list families/f-1/cases/c-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
      },
      RunList);
}

}  // namespace knooppunt::cli
