// request: requests under the AVG, until they are answered (R40).
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/family_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/requests/v1/requests.pb.h"

namespace knooppunt::cli {
namespace {

using requests::v1::Request;

constexpr char kService[] = "/knooppunt.requests.v1.RequestsService/";
constexpr char kRequest[] = "families/*/requests/*";

std::string StateText(const Request& request) {
  return absl::StrCat(Word(request.state()), request.overdue() ? ", OVERDUE" : "");
}

void PrintRequest(const Request& request, std::ostream& out) {
  Fields fields;
  fields.Add("Request", request.name())
      .Add("Asks for", Word(request.kind()))
      .Add("In words", request.text())
      .Add("By", request.requester())
      .Add("Came in", absl::StrCat(request.received_date(), ", ", Word(request.received_how())))
      .Add("State", StateText(request))
      .Add("Last day", request.due_date())
      .Add("Extended",
           request.extended_months() == 0
               ? ""
               : absl::StrCat(request.extended_months(), " months: ", request.extension_reason()))
      .Add("Owner", request.owner())
      .Add("Must answer", absl::StrJoin(request.controllers(), ", "));
  for (const requests::v1::Answer& a : request.answers()) {
    fields.Add("Answer", absl::StrCat(a.controller(), ", ", LocalTime(a.time()), ": ",
                                      Word(a.outcome()), ". ", a.text()));
  }
  for (const requests::v1::FollowUp& f : request.follow_ups()) {
    fields.Add("Done", absl::StrCat(LocalTime(f.time()), ", ", f.author(), ": ", f.text()));
  }
  fields.Add("Etag", request.etag()).Print(out);
}

template <typename List>
void PrintRequests(const List& list, std::ostream& out) {
  Table table({"REQUEST", "ASKS FOR", "CAME IN", "LAST DAY", "STATE", "OWNER"});
  for (const Request& r : list.requests()) {
    table.Add({r.name(), Word(r.kind()), r.received_date(), r.due_date(), StateText(r), r.owner()});
  }
  table.Print(out, "No requests that you may see.");
}

struct NameArgs {
  std::string name;
};

// --- record ---

struct RecordArgs {
  std::string family;
  requests::v1::RequestKind kind = requests::v1::REQUEST_KIND_UNSPECIFIED;
  std::string text;
  std::vector<std::string> about;
  std::string requester;
  requests::v1::ReceivedHow how = requests::v1::RECEIVED_HOW_UNSPECIFIED;
  std::string received;
  std::vector<std::string> controllers;
  PartOptions part;
};

void RecordOptions(CLI::App* app, RecordArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Which family")->required();
  AddWord(app, "--kind", &args->kind, "What is asked")->required();
  AddText(app, "--text", &args->text, "In the words of who asks")->required();
  AddNames(app, "--about", &args->about, "families/*/persons/*",
           "Who asks, or a child of theirs: who may see all of them may read the request")
      ->required();
  AddName(app, "--requester", &args->requester, "families/*/persons/*", "Staff: on whose behalf");
  AddWord(app, "--how", &args->how, "Staff: how it came in");
  AddDate(app, "--received", &args->received, "Staff: when it came in");
  AddNames(app, "--controller", &args->controllers, "organisations/*",
           "Who else answers for it jointly (art. 26 AVG)");
  AddPart(app, &args->part);
}

absl::Status RunRecord(Session& session, const RecordArgs& args) {
  requests::v1::RecordRequestRequest request;
  request.set_parent(args.family);
  Request& asked = *request.mutable_request();
  asked.set_kind(args.kind);
  asked.set_text(args.text);
  asked.set_requester(args.requester);
  asked.set_received_how(args.how);
  asked.set_received_date(args.received);
  for (const std::string& c : args.controllers) asked.add_controllers(c);
  *asked.mutable_label() = PartLabel(args.part, args.about);
  return session.CallAndShow<Request>(absl::StrCat(kService, "RecordRequest"), request,
                                      PrintRequest);
}

// --- show, list, open, controllers ---

absl::Status RunShow(Session& session, const NameArgs& args) {
  requests::v1::GetRequestRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Request>(absl::StrCat(kService, "GetRequest"), request, PrintRequest);
}

struct ListArgs {
  std::string family;
  bool open_only = false;
};

absl::Status RunList(Session& session, const ListArgs& args) {
  if (args.family.empty()) {
    requests::v1::ListOpenRequestsResponse all;
    KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListOpenRequests"),
                                    requests::v1::ListOpenRequestsRequest(), &all));
    return session.Show<requests::v1::ListOpenRequestsResponse>(
        all, PrintRequests<requests::v1::ListOpenRequestsResponse>);
  }
  requests::v1::ListRequestsRequest request;
  request.set_parent(args.family);
  request.set_open_only(args.open_only);
  return session.CallAndShow<requests::v1::ListRequestsResponse>(
      absl::StrCat(kService, "ListRequests"), request,
      PrintRequests<requests::v1::ListRequestsResponse>);
}

absl::Status RunControllers(Session& session, const NameArgs& args) {
  requests::v1::ListControllersRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<requests::v1::ListControllersResponse>(
      absl::StrCat(kService, "ListControllers"), request,
      [](const requests::v1::ListControllersResponse& list, std::ostream& out) {
        Table table({"ANSWERS FOR IT", "PARTS", "ABOUT"});
        for (const requests::v1::Controller& c : list.controllers()) {
          std::string about = absl::StrJoin(c.persons(), ", ");
          if (c.family()) absl::StrAppend(&about, about.empty() ? "" : ", ", "the family");
          table.Add(
              {c.organisation(), JoinWords<common::v1::Compartment>(c.compartments()), about});
        }
        table.Print(out, "Nothing that you may see is kept by anybody.");
      });
}

// --- extend, answer, follow-up, withdraw ---

struct ActArgs {
  std::string name;
  int months = 0;
  requests::v1::Outcome outcome = requests::v1::OUTCOME_UNSPECIFIED;
  std::string text;
  std::string etag;
};

void WhichOption(CLI::App* app, ActArgs* args) {
  AddName(app, "request", &args->name, kRequest, "Which request")->required();
}
void EtagOption(CLI::App* app, ActArgs* args) {
  AddText(app, "--etag", &args->etag, "That was read: refuse when somebody changed it since");
}

absl::Status RunExtend(Session& session, const ActArgs& args) {
  requests::v1::ExtendRequestRequest request;
  request.set_name(args.name);
  request.set_months(args.months);
  request.set_reason(args.text);
  request.set_etag(args.etag);
  return session.CallAndShow<Request>(absl::StrCat(kService, "ExtendRequest"), request,
                                      PrintRequest);
}

absl::Status RunAnswer(Session& session, const ActArgs& args) {
  requests::v1::AnswerRequestRequest request;
  request.set_name(args.name);
  request.set_outcome(args.outcome);
  request.set_text(args.text);
  request.set_etag(args.etag);
  return session.CallAndShow<Request>(absl::StrCat(kService, "AnswerRequest"), request,
                                      PrintRequest);
}

absl::Status RunFollowUp(Session& session, const ActArgs& args) {
  requests::v1::AddFollowUpRequest request;
  request.set_name(args.name);
  request.set_text(args.text);
  return session.CallAndShow<Request>(absl::StrCat(kService, "AddFollowUp"), request, PrintRequest);
}

absl::Status RunWithdraw(Session& session, const ActArgs& args) {
  requests::v1::WithdrawRequestRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Request>(absl::StrCat(kService, "WithdrawRequest"), request,
                                      PrintRequest);
}

void AddReading(CLI::App* noun, Action* chosen) {
  AddVerb<NameArgs>(
      noun, chosen, {"show", "Show a request", "knooppunt request show families/f-1/requests/r-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "request", &args->name, kRequest, "Which request")->required();
      },
      RunShow);
  AddVerb<ListArgs>(
      noun, chosen,
      {"list", "List the requests of a family, or without one all that are open",
       "knooppunt request list families/f-1"},
      [](CLI::App* app, ListArgs* args) {
        AddName(app, "family", &args->family, "families/*", "Which family; default: all yours");
        app->add_flag("--open", args->open_only, "Only those that are open");
      },
      RunList);
  AddVerb<NameArgs>(
      noun, chosen,
      {"controllers", "Who answers for what you may see",
       "knooppunt request controllers families/f-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "family", &args->name, "families/*", "Which family")->required();
      },
      RunControllers);
}

}  // namespace

void AddRequestCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "request", "Requests under the AVG: copy, correction, erasure");
  AddVerb<RecordArgs>(
      noun, chosen,
      {"record", "Make a request, or record one that came in (R40)",
       "knooppunt request record families/f-1 --kind copy --about families/f-1/persons/p-1 \\\n"
       "    --text 'Ik wil een afschrift.'"},
      RecordOptions, RunRecord);
  AddReading(noun, chosen);
  AddVerb<ActArgs>(
      noun, chosen,
      {"extend", "Take a month or two more; the family reads why",
       "knooppunt request extend families/f-1/requests/r-1 --months 1 --reason 'Veel stukken.'"},
      [](CLI::App* app, ActArgs* args) {
        WhichOption(app, args);
        app->add_option("--months", args->months, "1 or 2")->required();
        AddText(app, "--reason", &args->text, "Why")->required();
        EtagOption(app, args);
      },
      RunExtend);
  AddVerb<ActArgs>(
      noun, chosen,
      {"answer", "Answer for your organisation",
       "knooppunt request answer families/f-1/requests/r-1 --outcome granted \\\n"
       "    --text 'U krijgt een afschrift.'"},
      [](CLI::App* app, ActArgs* args) {
        WhichOption(app, args);
        AddWord(app, "--outcome", &args->outcome, "What was decided")->required();
        AddText(app, "--text", &args->text, "In words for the family")->required();
        EtagOption(app, args);
      },
      RunAnswer);
  AddVerb<ActArgs>(
      noun, chosen,
      {"follow-up", "Record what was done",
       "knooppunt request follow-up families/f-1/requests/r-1 --text 'Stukken opgevraagd.'"},
      [](CLI::App* app, ActArgs* args) {
        WhichOption(app, args);
        AddText(app, "--text", &args->text, "What was done")->required();
      },
      RunFollowUp);
  AddVerb<ActArgs>(noun, chosen,
                   {"withdraw", "Take your own request back",
                    "knooppunt request withdraw families/f-1/requests/r-1"},
                   WhichOption, RunWithdraw);
}

}  // namespace knooppunt::cli
