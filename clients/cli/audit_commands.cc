// audit: who looked, when and why (R22-R25). The log as such is in audit_log_commands.cc.
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/audit/v1/audit.pb.h"

namespace knooppunt::cli {
namespace {

using audit::v1::ListRecordsResponse;
using audit::v1::Question;
using audit::v1::Record;

constexpr char kService[] = "/knooppunt.audit.v1.AuditService/";

// "/knooppunt.casework.v1.CaseworkService/GetCase" -> "GetCase".
std::string Act(const Record& record) {
  const std::vector<std::string> parts = absl::StrSplit(record.who().method(), '/');
  return parts.back();
}

std::string Outcome(const Record& record) {
  const auto& who = record.who();
  return absl::StrCat(who.outcome(), who.reason().empty() ? "" : absl::StrCat(" ", who.reason()),
                      who.emergency() ? " EMERGENCY" : "", who.replay() ? " (repeated)" : "");
}

std::string Parts(const Record& record) {
  return absl::StrJoin(record.about().compartments(), ",", [](std::string* out, int c) {
    absl::StrAppend(out, Word(static_cast<common::v1::Compartment>(c)));
  });
}

void PrintRecords(const ListRecordsResponse& list, std::ostream& out) {
  Table table({"INDEX", "TIME", "WHO", "FUNCTION", "ORGANISATION", "ACT", "PURPOSE", "PARTS",
               "OUTCOME", "RULE"});
  for (const Record& r : list.records()) {
    const auto& who = r.who();
    table.Add({absl::StrCat(r.index()), LocalTime(r.time()),
               who.actor().empty() ? who.person() : who.actor(), Word(who.function()),
               who.organisation(), Act(r), Word(who.purpose()), Parts(r), Outcome(r), who.rule()});
  }
  table.Print(out, "No records.");
}

void PrintSentences(const ListRecordsResponse& list, std::ostream& out) {
  if (list.records().empty()) out << "Er is nog niets vastgelegd.\n";
  for (const Record& r : list.records()) {
    out << "[" << r.index() << "] " << Printable(r.text_nl()) << "\n";
  }
}

absl::StatusOr<ListRecordsResponse> ReadRecords(Session& session, const std::string& parent) {
  audit::v1::ListRecordsRequest request;
  request.set_parent(parent);
  ListRecordsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListRecords"), request, &all));
  return all;
}

struct ListArgs {
  std::string subject;
};

absl::Status RunList(Session& session, const ListArgs& args) {
  const bool whole = absl::StartsWith(args.subject, "subjects/");
  KP_ASSIGN_OR_RETURN(
      const ListRecordsResponse all,
      ReadRecords(session, whole ? args.subject : absl::StrCat("subjects/", args.subject)));
  return session.Show<ListRecordsResponse>(all, PrintRecords);
}

struct MineArgs {
  std::string family;
};

absl::Status RunMine(Session& session, const MineArgs& args) {
  KP_ASSIGN_OR_RETURN(const ListRecordsResponse all, ReadRecords(session, args.family));
  return session.Show<ListRecordsResponse>(all, PrintSentences);
}

struct AskArgs {
  std::string family;
  int64_t record = 0;
  std::string question;
};

absl::Status RunAsk(Session& session, const AskArgs& args) {
  audit::v1::AskWhyRequest request;
  request.set_parent(args.family);
  request.set_index(args.record);
  request.set_question(args.question);
  return session.CallAndShow<Question>(
      absl::StrCat(kService, "AskWhy"), request, [](const Question& question, std::ostream& out) {
        out << "Uw vraag over regel " << question.index() << " is vastgelegd als "
            << Printable(question.name()) << ". U krijgt uiterlijk " << question.due_date()
            << " antwoord van " << Printable(question.organisation())
            << "; u vindt het met `knooppunt question list`.\n";
      });
}

struct ExplainArgs {
  std::string subject;
  std::string family;
  int64_t record = 0;
};

void PrintExplained(const audit::v1::ExplainedRecord& record, std::ostream& out) {
  out << Printable(record.text_nl()) << "\n\n";
  Table table({"", "SCHAKEL", "WAT"});
  for (const audit::v1::ExplainedLink& link : record.chain()) {
    table.Add({link.holds() ? "ja" : "nee", link.kind(), link.text_nl()});
  }
  table.Print(out, "");
  out << "Zoals toen is beslist, onder beleid sha256 " << record.policy_sha256() << "\n";
}

absl::Status RunExplain(Session& session, const ExplainArgs& args) {
  if (args.subject.empty() == args.family.empty()) {
    return UsageError("say --subject, as an auditor, or --family, as one of the family");
  }
  audit::v1::ExplainRecordRequest request;
  request.set_parent(!args.family.empty() ? args.family
                     : absl::StartsWith(args.subject, "subjects/")
                         ? args.subject
                         : absl::StrCat("subjects/", args.subject));
  request.set_index(args.record);
  return session.CallAndShow<audit::v1::ExplainedRecord>(absl::StrCat(kService, "ExplainRecord"),
                                                         request, PrintExplained);
}

}  // namespace

void AddAuditCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun =
      AddNoun(root, "audit", "Who looked, when and why; and proof that it is all there");
  AddVerb<ListArgs>(
      noun, chosen,
      {"list", "List a family's records by pseudonym, as an auditor",
       "knooppunt audit list --subject s-abcdefghij"},
      [](CLI::App* app, ListArgs* args) {
        app->add_option("--subject", args->subject,
                        "The pseudonym that a case shows as its log, or subjects/PSEUDONYM")
            ->required()
            ->type_name("PSEUDONYM");
      },
      RunList);
  AddVerb<MineArgs>(
      noun, chosen,
      {"mine", "Read your own family's log, in Dutch (R25)",
       "knooppunt audit mine --family families/f-1"},
      [](CLI::App* app, MineArgs* args) {
        AddName(app, "--family", &args->family, "families/*", "Your family")->required();
      },
      RunMine);
  AddVerb<AskArgs>(
      noun, chosen,
      {"ask", "Ask why something was done; the question stays until it is answered",
       "knooppunt audit ask --family families/f-1 --record 41 --question 'Waarom keek de school?'"},
      [](CLI::App* app, AskArgs* args) {
        AddName(app, "--family", &args->family, "families/*", "Your family")->required();
        app->add_option("--record", args->record, "Number of the record, as 'audit mine' shows it")
            ->required()
            ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()).description(""))
            ->type_name("INDEX");
        AddText(app, "--question", &args->question, "In your own words")->required();
      },
      RunAsk);
  AddVerb<ExplainArgs>(
      noun, chosen,
      {"explain", "Say why the call of one record was allowed or refused, as decided then (R19)",
       "knooppunt audit explain --subject s-abcdefghij --record 41\n"
       "  knooppunt audit explain --family families/f-1 --record 41"},
      [](CLI::App* app, ExplainArgs* args) {
        CLI::Option* subject =
            app->add_option("--subject", args->subject,
                            "As an auditor: the pseudonym, or subjects/PSEUDONYM")
                ->type_name("PSEUDONYM");
        AddName(app, "--family", &args->family, "families/*", "As one of the family")
            ->excludes(subject);
        app->add_option("--record", args->record,
                        "Number of the record, as 'audit list' and 'audit mine' show it")
            ->required()
            ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()).description(""))
            ->type_name("INDEX");
      },
      RunExplain);
  AddAuditLogCommands(noun, chosen);
}

}  // namespace knooppunt::cli
