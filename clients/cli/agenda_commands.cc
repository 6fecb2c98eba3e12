// agenda, sitting: what a meeting talks about, what was said, and meetings on several cases in a
// row (R9, R18, R38).
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/meetings_text.h"
#include "clients/cli/options.h"
#include "clients/cli/paging.h"

namespace knooppunt::cli {
namespace {

using meetings::v1::Agenda;
using meetings::v1::AgendaItem;
using meetings::v1::Sitting;

constexpr char kService[] = "/knooppunt.meetings.v1.MeetingsService/";
constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kItem[] = "families/*/cases/*/meetings/*/items/*";
constexpr char kSitting[] = "werkplaatsen/*/sittings/*";

std::string Method(absl::string_view name) { return absl::StrCat(kService, name); }

struct MeetingArgs {
  std::string name;
};

absl::Status RunShow(Session& session, const MeetingArgs& args) {
  meetings::v1::GetAgendaRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Agenda>(Method("GetAgenda"), request, PrintAgenda);
}

struct AddArgs {
  std::string name;
  std::string title;
  std::string text;
  std::string brought_by;
  int minutes = 0;
  LabelOptions label;
};

absl::Status RunAdd(Session& session, const AddArgs& args) {
  meetings::v1::AddAgendaItemRequest request;
  request.set_parent(args.name);
  AgendaItem& item = *request.mutable_item();
  item.set_title(args.title);
  item.set_text(args.text);
  item.set_brought_by(args.brought_by);
  item.set_planned_minutes(args.minutes);
  KP_ASSIGN_OR_RETURN(*item.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<AgendaItem>(Method("AddAgendaItem"), request, PrintAgendaItem);
}

struct ChangeArgs {
  std::string name;
  std::string title;
  std::string text;
  int minutes = -1;
  bool drop = false;
  bool restore = false;
  std::string etag;
};

absl::Status RunChange(Session& session, const ChangeArgs& args) {
  if (args.drop && args.restore) return UsageError("give --drop or --restore, one of the two");
  meetings::v1::UpdateAgendaItemRequest request;
  request.set_name(args.name);
  request.set_etag(args.etag);
  AgendaItem& item = *request.mutable_item();
  item.set_title(args.title);
  item.set_text(args.text);
  if (!args.title.empty()) request.mutable_update_mask()->add_paths("title");
  if (!args.text.empty()) request.mutable_update_mask()->add_paths("text");
  if (args.minutes >= 0) {
    item.set_planned_minutes(args.minutes);
    request.mutable_update_mask()->add_paths("planned_minutes");
  }
  if (args.drop || args.restore) {
    item.set_state(args.drop ? meetings::v1::AGENDA_ITEM_STATE_DROPPED
                             : meetings::v1::AGENDA_ITEM_STATE_PLANNED);
    request.mutable_update_mask()->add_paths("state");
  }
  return session.CallAndShow<AgendaItem>(Method("UpdateAgendaItem"), request, PrintAgendaItem);
}

struct MoveArgs {
  std::string name;
  std::string after;
  bool first = false;
  std::string etag;
};

absl::Status RunMove(Session& session, const MoveArgs& args) {
  if (args.first != args.after.empty())
    return UsageError("give --after or --first, one of the two");
  meetings::v1::MoveAgendaItemRequest request;
  request.set_name(args.name);
  request.set_after(args.after);
  const std::string meeting = args.name.substr(0, args.name.rfind("/items/"));
  KP_ASSIGN_OR_RETURN(const std::string etag, AgendaEtag(session, meeting, args.etag));
  request.set_etag(etag);
  return session.CallAndShow<Agenda>(Method("MoveAgendaItem"), request, PrintAgenda);
}

struct MinutesArgs {
  std::string name;
  std::string said;
  std::string conclusion;
  std::string etag;
};

absl::Status RunMinutes(Session& session, const MinutesArgs& args) {
  meetings::v1::RecordMinutesRequest request;
  request.set_name(args.name);
  request.set_said(args.said);
  request.set_conclusion(args.conclusion);
  request.set_etag(args.etag);
  return session.CallAndShow<AgendaItem>(Method("RecordMinutes"), request, PrintAgendaItem);
}

absl::Status RunReact(Session& session, const ReactionOptions& args) {
  KP_ASSIGN_OR_RETURN(auto request, MakeReaction<meetings::v1::ReactToMinutesRequest>(args));
  return session.CallAndShow<AgendaItem>(Method("ReactToMinutes"), request, PrintAgendaItem);
}

// --- sitting ---

struct PlanArgs {
  std::string werkplaats;
  std::string date;
  std::string start;
  std::string end;
  std::string place;
};

absl::Status RunPlan(Session& session, const PlanArgs& args) {
  meetings::v1::PlanSittingRequest request;
  request.set_parent(args.werkplaats);
  request.mutable_sitting()->set_date(args.date);
  request.mutable_sitting()->set_start(args.start);
  request.mutable_sitting()->set_end(args.end);
  request.mutable_sitting()->set_place(args.place);
  return session.CallAndShow<Sitting>(Method("PlanSitting"), request, PrintSitting);
}

struct SlotArgs {
  std::string name;
  std::string sitting;
  std::string start;
  std::string end;
  bool none = false;
  std::string etag;
};

absl::Status RunSlot(Session& session, const SlotArgs& args) {
  if (args.none != args.sitting.empty()) {
    return UsageError("give --sitting with --start and --end, or --none to take it out");
  }
  meetings::v1::AssignSlotRequest request;
  request.set_name(args.name);
  request.set_sitting(args.sitting);
  request.set_start(args.start);
  request.set_end(args.end);
  KP_ASSIGN_OR_RETURN(const std::string etag, AgendaEtag(session, args.name, args.etag));
  request.set_etag(etag);
  return session.CallAndShow<Agenda>(Method("AssignSlot"), request, PrintAgenda);
}

struct SittingArgs {
  std::string name;
};

absl::Status RunShowSitting(Session& session, const SittingArgs& args) {
  meetings::v1::GetSittingRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Sitting>(Method("GetSitting"), request, PrintSitting);
}

struct ListArgs {
  std::string werkplaats;
  std::string from;
};

absl::Status RunListSittings(Session& session, const ListArgs& args) {
  meetings::v1::ListSittingsRequest request;
  request.set_parent(args.werkplaats);
  request.set_from_date(args.from);
  meetings::v1::ListSittingsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, Method("ListSittings"), request, &all));
  return session.Show<meetings::v1::ListSittingsResponse>(all, PrintSittings);
}

void AddAgenda(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "agenda", "What a meeting talks about, and what was said");
  AddVerb<MeetingArgs>(
      noun, chosen,
      {"show", "Show when, where, and the items and minutes that you may read",
       "knooppunt agenda show families/f-1/cases/c-1/meetings/m-1"},
      [](CLI::App* app, MeetingArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
      },
      RunShow);
  AddVerb<AddArgs>(
      noun, chosen,
      {"add", "Put an item on the agenda, under a label of its own (R38)",
       "knooppunt agenda add families/f-1/cases/c-1/meetings/m-1 --title 'Rekenen' --minutes 10 "
       "--about p-1 --compartment education"},
      [](CLI::App* app, AddArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
        AddText(app, "--title", &args->title, "In a few words")->required();
        AddText(app, "--text", &args->text, "What it is about, and what is asked");
        AddSeat(app, "--brought-by", &args->brought_by, "Who brings it in; default: you");
        app->add_option("--minutes", args->minutes, "Minutes planned for it")->type_name("NUMBER");
        AddLabel(app, &args->label);
      },
      RunAdd);
  AddVerb<ChangeArgs>(
      noun, chosen,
      {"change", "Change an item that you brought in, or of a meeting that you lead",
       "knooppunt agenda change families/f-1/cases/c-1/meetings/m-1/items/item-1 --etag 0a1b "
       "--title 'Rekenen en taal'"},
      [](CLI::App* app, ChangeArgs* args) {
        AddName(app, "item", &args->name, kItem, "Which item")->required();
        AddText(app, "--title", &args->title, "In a few words");
        AddText(app, "--text", &args->text, "What it is about, and what is asked");
        app->add_option("--minutes", args->minutes, "Minutes planned for it")->type_name("NUMBER");
        app->add_flag("--drop", args->drop, "Take it off the agenda; it stays on record");
        app->add_flag("--restore", args->restore, "Put it on again");
        AddText(app, "--etag", &args->etag, "Of the item as you read it: see `agenda show`")
            ->required();
      },
      RunChange);
  AddVerb<MoveArgs>(
      noun, chosen,
      {"move", "Put an item in another place",
       "knooppunt agenda move families/f-1/cases/c-1/meetings/m-1/items/item-2 --first\n"
       "  knooppunt agenda move families/f-1/cases/c-1/meetings/m-1/items/item-2 --after "
       "families/f-1/cases/c-1/meetings/m-1/items/item-1"},
      [](CLI::App* app, MoveArgs* args) {
        AddName(app, "item", &args->name, kItem, "Which item")->required();
        AddName(app, "--after", &args->after, kItem, "The item that it comes after");
        app->add_flag("--first", args->first, "It comes first");
        AddText(app, "--etag", &args->etag, "Of the agenda as you read it; default: as it is now");
      },
      RunMove);
  AddVerb<MinutesArgs>(
      noun, chosen,
      {"minutes", "Record what was said about an item, and what was concluded",
       "knooppunt agenda minutes families/f-1/cases/c-1/meetings/m-1/items/item-1 --etag 0a1b "
       "--said 'Het gaat beter met rekenen.' --conclusion 'Over zes weken opnieuw.'"},
      [](CLI::App* app, MinutesArgs* args) {
        AddName(app, "item", &args->name, kItem, "Which item")->required();
        AddText(app, "--said", &args->said, "What was said")->required();
        AddText(app, "--conclusion", &args->conclusion, "What was concluded");
        AddText(app, "--etag", &args->etag, "Of the item as you read it: see `agenda show`")
            ->required();
      },
      RunMinutes);
  AddVerb<ReactionOptions>(
      noun, chosen,
      {"react", "Confirm or dispute the minutes of an item, in your own words (R9)",
       "knooppunt agenda react families/f-1/cases/c-1/meetings/m-1/items/item-1 --dispute --text "
       "'Thuis gaat het slechter.'"},
      [](CLI::App* app, ReactionOptions* args) {
        AddName(app, "item", &args->name, kItem, "Which item")->required();
        AddReaction(app, args);
      },
      RunReact);
}

void AddSitting(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "sitting", "Sittings of a werkplaats on several cases in a row");
  AddVerb<PlanArgs>(
      noun, chosen,
      {"plan", "Plan a sitting: a day, a time and a place, about nobody",
       "knooppunt sitting plan werkplaatsen/manjefiek --date 2026-12-01 --start 09:00 --end 12:00 "
       "--place Teamkamer"},
      [](CLI::App* app, PlanArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Of which werkplaats")
            ->required();
        AddDate(app, "--date", &args->date, "Which day")->required();
        AddText(app, "--start", &args->start, "When it begins: 09:00")->required();
        AddText(app, "--end", &args->end, "When it ends: 12:00")->required();
        AddText(app, "--place", &args->place, "Where; names nobody")->required();
      },
      RunPlan);
  AddVerb<SlotArgs>(
      noun, chosen,
      {"slot", "Give the meeting of a case a slot in a sitting, or take it out",
       "knooppunt sitting slot families/f-1/cases/c-1/meetings/m-1 --sitting "
       "werkplaatsen/manjefiek/sittings/sitting-1 --start 09:40 --end 10:20"},
      [](CLI::App* app, SlotArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
        AddName(app, "--sitting", &args->sitting, kSitting, "In which sitting");
        AddText(app, "--start", &args->start, "When it begins: 09:40");
        AddText(app, "--end", &args->end, "When it ends: 10:20");
        app->add_flag("--none", args->none, "Take it out of its sitting");
        AddText(app, "--etag", &args->etag, "Of the agenda as you read it; default: as it is now");
      },
      RunSlot);
  AddVerb<SittingArgs>(
      noun, chosen,
      {"show", "Show a sitting: your own cases in it",
       "knooppunt sitting show werkplaatsen/manjefiek/sittings/sitting-1"},
      [](CLI::App* app, SittingArgs* args) {
        AddName(app, "sitting", &args->name, kSitting, "Which sitting")->required();
      },
      RunShowSitting);
  AddVerb<ListArgs>(
      noun, chosen,
      {"list", "List sittings of a werkplaats from a day on",
       "knooppunt sitting list werkplaatsen/manjefiek --from 2026-12-01"},
      [](CLI::App* app, ListArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Of which werkplaats")
            ->required();
        AddDate(app, "--from", &args->from, "From this day on; default: today");
      },
      RunListSittings);
}

}  // namespace

void AddAgendaCommands(CLI::App* root, Action* chosen) {
  AddAgenda(root, chosen);
  AddSitting(root, chosen);
}

}  // namespace knooppunt::cli
