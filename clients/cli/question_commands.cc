// question list, answer: what a family asks about its log, and who answers (R25).
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/audit/v1/audit.pb.h"

namespace knooppunt::cli {
namespace {

using audit::v1::Question;

constexpr char kService[] = "/knooppunt.audit.v1.AuditService/";

std::string StateText(const Question& question) {
  if (question.answered()) return "beantwoord";
  return absl::StrCat(question.overdue() ? "TE LAAT, was uiterlijk " : "uiterlijk ",
                      question.due_date());
}

void PrintQuestion(const Question& question, std::ostream& out) {
  Fields fields;
  fields.Add("Vraag", question.name())
      .Add("Over regel", absl::StrCat(question.index()))
      .Add("Daar staat", question.record_nl())
      .Add("Gevraagd", absl::StrCat(LocalTime(question.create_time()), ": ", question.question()))
      .Add("Antwoord van", question.organisation())
      .Add("Stand", StateText(question));
  if (question.answered()) {
    fields.Add("Antwoord",
               absl::StrCat(LocalTime(question.answer_time()), ": ", question.answer()));
  }
  fields.Print(out);
}

void PrintQuestions(const audit::v1::ListQuestionsResponse& list, std::ostream& out) {
  if (list.questions().empty()) out << "Er zijn geen vragen.\n";
  bool first = true;
  for (const Question& question : list.questions()) {
    out << (first ? "" : "\n");
    PrintQuestion(question, out);
    first = false;
  }
}

void PrintOpen(const audit::v1::ListOpenQuestionsResponse& list, std::ostream& out) {
  Table table({"UITERLIJK", "", "GEVRAAGD", "VRAAG"});
  for (const Question& question : list.questions()) {
    table.Add({question.due_date(), question.overdue() ? "TE LAAT" : "",
               LocalTime(question.create_time()), question.name()});
  }
  table.Print(out, "Er wacht geen vraag op een antwoord van uw organisatie.");
}

// "subjects/PSEUDONYM", also of who left the first word out or gave a whole name.
std::string SubjectOf(const std::string& given) {
  const std::string name =
      absl::StartsWith(given, "subjects/") ? given : absl::StrCat("subjects/", given);
  return name.substr(0, name.find('/', 9));
}

struct ListArgs {
  std::string family;
  std::string subject;
};

absl::Status RunList(Session& session, const ListArgs& args) {
  if (args.family.empty() && args.subject.empty()) {
    audit::v1::ListOpenQuestionsResponse all;
    KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListOpenQuestions"),
                                    audit::v1::ListOpenQuestionsRequest(), &all));
    return session.Show<audit::v1::ListOpenQuestionsResponse>(all, PrintOpen);
  }
  audit::v1::ListQuestionsRequest request;
  request.set_parent(args.family.empty() ? SubjectOf(args.subject) : args.family);
  audit::v1::ListQuestionsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListQuestions"), request, &all));
  return session.Show<audit::v1::ListQuestionsResponse>(all, PrintQuestions);
}

struct AnswerArgs {
  std::string name;
  std::string answer;
};

absl::Status RunAnswer(Session& session, const AnswerArgs& args) {
  audit::v1::AnswerQuestionRequest request;
  request.set_name(args.name);
  request.set_answer(args.answer);
  return session.CallAndShow<Question>(absl::StrCat(kService, "AnswerQuestion"), request,
                                       PrintQuestion);
}

}  // namespace

void AddQuestionCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "question", "What a family asks about its log, and the answers");
  AddVerb<ListArgs>(
      noun, chosen,
      {"list",
       "Your own questions with their answers; as privacy officer, what waits for you (R25)",
       "knooppunt question list --family families/f-1\n"
       "  knooppunt question list\n"
       "  knooppunt question list --subject s-abcdefghij"},
      [](CLI::App* app, ListArgs* args) {
        CLI::Option* family =
            AddName(app, "--family", &args->family, "families/*", "As one of the family");
        app->add_option("--subject", args->subject,
                        "As privacy officer: the questions of one family, in words")
            ->type_name("PSEUDONYM")
            ->excludes(family);
      },
      RunList);
  AddVerb<AnswerArgs>(
      noun, chosen,
      {"answer", "Answer a question, once and in plain words",
       "knooppunt question answer subjects/s-abcdefghij/questions/q-1 --text 'Zij bereidde het "
       "overleg voor.'"},
      [](CLI::App* app, AnswerArgs* args) {
        AddName(app, "question", &args->name, "subjects/*/questions/*", "Which question")
            ->required();
        AddText(app, "--text", &args->answer, "In plain words, for who asked")->required();
      },
      RunAnswer);
}

}  // namespace knooppunt::cli
