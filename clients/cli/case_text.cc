#include "clients/cli/case_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/case_names.h"
#include "clients/cli/directory_text.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

// The last part of a name: what a person types less often than reads.
std::string ShortName(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  return parts.back();
}

// Text of several lines, each after an indent.
void PrintText(absl::string_view text, std::ostream& out) {
  if (text.empty()) return;
  for (const absl::string_view line : absl::StrSplit(Printable(text), '\n')) {
    out << "    " << line << "\n";
  }
}

std::string CommitmentText(const casework::v1::Commitment& commitment) {
  return absl::StrCat(
      Word(commitment.means()), " of ", Euro(commitment.amount_cents()), ", by ",
      commitment.committed_by(), ", carried by ", Word(commitment.funding()),
      commitment.minutes() > 0 ? absl::StrCat(", ", commitment.minutes(), " minutes of work") : "",
      commitment.until_date().empty() ? "" : absl::StrCat(", until ", commitment.until_date()));
}

void PrintSteps(const casework::v1::Case& casus, std::ostream& out) {
  Table table({"STEP", "WHAT", "OWNER", "BY", "STATE"});
  for (const auto& step : casus.steps()) {
    table.Add({ShortName(step.name()), step.text(), step.owner_seat(), step.due_date(),
               Word(step.state())});
  }
  table.Print(out, "nothing that you may see", "  ");
}

void PrintGoals(const casework::v1::Case& casus, std::ostream& out) {
  Table table({"GOAL", "DOMAIN", "WHAT", "WISH"});
  for (const auto& goal : casus.goals()) {
    table.Add({ShortName(goal.name()), goal.domain(), goal.text(), goal.wish()});
  }
  table.Print(out, "nothing that you may see", "  ");
}

void PrintMeetings(const casework::v1::Case& casus, std::ostream& out) {
  Table table({"MEETING", "DATE", "STATE", "CONCLUSION"});
  for (const auto& meeting : casus.meetings()) {
    table.Add(
        {ShortName(meeting.name()), meeting.date(), Word(meeting.state()), meeting.conclusion()});
  }
  table.Print(out, "nothing that you may see", "  ");
}

// Of who may not be seen by name: what they are of the family.
std::string AuthorText(const casework::v1::Contribution& contribution) {
  const std::string role = Word(contribution.author_role());
  return role.empty() ? contribution.author()
                      : absl::StrCat(contribution.author(), ", ", role, " of the family");
}

// R1, R37: who holds a case of which nobody who was named is left.
std::string HeldByText(const casework::v1::Regisseur& regisseur) {
  if (regisseur.organisation().empty()) return "";
  return regisseur.acting().empty()
             ? absl::StrCat(regisseur.organisation(), ": whoever holds the function takes it over")
             : absl::StrCat(regisseur.organisation(), ": ", regisseur.acting(), " takes it over");
}

}  // namespace

std::string AboutText(const common::v1::About& about) {
  std::vector<std::string> parts(about.persons().begin(), about.persons().end());
  if (about.family()) parts.push_back("the family");
  return absl::StrJoin(parts, ", ");
}

std::string LabelText(const common::v1::Label& label) {
  if (label.compartment() == common::v1::COMPARTMENT_UNSPECIFIED) return "";
  return absl::StrCat(
      Word(label.compartment()), ", about ", AboutText(label.about()),
      label.controller().empty() ? "" : absl::StrCat(", kept by ", label.controller()));
}

void PrintSeats(const casework::v1::Case& casus, std::ostream& out) {
  Table table({"SEAT", "WHO", "NAME", "FUNCTION", "ORGANISATION", "ROLE", "STATE", ""});
  for (const auto& p : casus.participants()) {
    std::vector<std::string> notes;
    if (p.seat() == casus.regisseur().seat()) notes.emplace_back("regisseur");
    if (p.seat() == casus.regisseur().stand_in_seat()) notes.emplace_back("stand-in");
    if (!p.deputises().empty()) notes.push_back(absl::StrCat("deputises ", p.deputises()));
    if (p.has_end_time()) notes.push_back(absl::StrCat("until ", LocalTime(p.end_time())));
    table.Add({p.seat(), p.professional().empty() ? p.person() : p.professional(), p.display_name(),
               Word(p.function()), p.organisation(), Word(p.role()), Word(p.state()),
               absl::StrJoin(notes, ", ")});
  }
  table.Print(out, "nobody that you may see", "  ");
  Table mandates({"SEAT", "MANDATE", "LETS THEM COMMIT"});
  for (const auto& p : casus.participants()) {
    for (const auto& m : p.mandates()) {
      mandates.Add({p.seat(), ShortName(m.name()), MandateText(m)});
    }
  }
  if (!mandates.empty()) mandates.Print(out, "", "  ");
}

void PrintPersons(const casework::v1::Case& casus, std::ostream& out) {
  Table table({"PERSON", "NAME", "BORN", "ROLE", "GEZAG OVER"});
  for (const auto& p : casus.persons()) {
    table.Add({ShortName(p.name()), absl::StrCat(p.given_name(), " ", p.family_name()),
               p.birth_date(), Word(p.role()), absl::StrJoin(p.gezag_over(), ", ")});
  }
  table.Print(out, "nobody that you may see", "  ");
}

void PrintCaseLife(const casework::v1::Case& casus, std::ostream& out) {
  Fields()
      .Add("Case", casus.name())
      .Add("State", Word(casus.state()))
      .Add("Phase", Word(casus.phase()))
      .Add("Review", casus.review_date())
      .Add("Etag", casus.etag())
      .Print(out);
}

void PrintCase(const casework::v1::Case& answer, std::ostream& out) {
  const casework::v1::Case casus = WithNames(answer);
  Fields()
      .Add("Case", casus.name())
      .Add("State", Word(casus.state()))
      .Add("Phase", Word(casus.phase()))
      .Add("Review", casus.review_date())
      .Add("Werkplaats", casus.werkplaats())
      .Add("Held by function", HeldByText(casus.regisseur()))
      .Add("Opened", LocalTime(casus.open_time()))
      .Add("Signal", Word(casus.level()))
      .Add("Reason", casus.reason())
      .Add("In their own words", casus.family_reason())
      .Add("Ended", Word(casus.close_kind()))
      .Add("Outcome", casus.outcome())
      .Add("Log", casus.audit_subject())
      .Add("Etag", casus.etag())
      .Print(out);
  out << "\nPersons\n";
  PrintPersons(casus, out);
  out << "\nAt the table\n";
  PrintSeats(casus, out);
  out << "\nPlan\n";
  PrintGoals(casus, out);
  out << "\nSteps\n";
  PrintSteps(casus, out);
  out << "\nMeetings\n";
  PrintMeetings(casus, out);
  for (const auto& absence : casus.absences()) {
    out << "\nOut of school\n";
    PrintOutOfSchool(absence, out);
  }
  for (const auto& escalation : casus.escalations()) {
    out << "\nEscalation\n";
    PrintEscalation(escalation, out);
  }
  out << "\nContributions\n";
  PrintContributions(casus.contributions(), out);
}

void PrintOutOfSchool(const casework::v1::OutOfSchool& absence, std::ostream& out) {
  Fields fields;
  fields.Add("Absence", absence.name())
      .Add("Child", absence.child())
      .Add("Since", absence.since_date())
      .Add("Kind", Word(absence.kind()))
      .Add("Enrolled", absence.enrolled() ? "yes" : "no")
      .Add("School", absence.school())
      .Add("The way back", absence.goal())
      .Add("State", Word(absence.state()))
      .Add("Duty", absence.duty())
      .Add("Expected", absence.expected_date());
  for (const auto& change : absence.changes()) {
    fields.Add(Word(change.state()),
               absl::StrCat(change.date(), ", by ", change.author(),
                            change.text().empty() ? "" : absl::StrCat(": ", change.text())));
  }
  fields.Add("Label", LabelText(absence.label())).Print(out);
}

void PrintEscalation(const casework::v1::Escalation& escalation, std::ostream& out) {
  Fields fields;
  fields.Add("Escalation", escalation.name())
      .Add("State", Word(escalation.state()))
      .Add("Question", escalation.question())
      .Add("Tried", escalation.tried())
      .Add("Step", escalation.step())
      .Add("Raised by",
           absl::StrCat(escalation.raised_by(), ", ", LocalTime(escalation.raise_time())));
  for (const auto& d : escalation.deciders()) {
    fields.Add("Decides",
               absl::StrCat(d.display_name(), ", ", Word(d.function()), " of ", d.organisation()));
  }
  fields.Add("Taken up by", escalation.taken_up_by());
  for (const auto& d : escalation.decisions()) {
    fields.Add("Decision",
               absl::StrCat(d.professional(), ", ", Word(d.outcome()),
                            d.settlement().empty() ? "" : absl::StrCat(": ", d.settlement()),
                            ". Because: ", d.reason()));
  }
  fields.Add("Outcome", Word(escalation.outcome()))
      .Add("Settled", escalation.settlement())
      .Add("Withdrawn", escalation.withdraw_reason())
      .Add("Label", LabelText(escalation.label()))
      .Print(out);
}

void PrintCases(const casework::v1::ListCasesResponse& list, std::ostream& out) {
  Table table({"CASE", "STATE", "WERKPLAATS", "OPENED"});
  for (const auto& c : list.cases()) {
    table.Add({c.name(), Word(c.state()), c.werkplaats(), LocalTime(c.open_time())});
  }
  table.Print(out, "No cases.");
}

void PrintParticipant(const casework::v1::Participant& participant, std::ostream& out) {
  Fields()
      .Add("Seat", participant.seat())
      .Add("Who",
           participant.professional().empty() ? participant.person() : participant.professional())
      .Add("Name", participant.display_name())
      .Add("Function", Word(participant.function()))
      .Add("Organisation", participant.organisation())
      .Add("Role", Word(participant.role()))
      .Add("State", Word(participant.state()))
      .Add("Deputises", participant.deputises())
      .Add("Until", LocalTime(participant.end_time()))
      .Print(out);
}

void PrintRegisseur(const casework::v1::Regisseur& regisseur, std::ostream& out) {
  Fields()
      .Add("Regisseur", regisseur.seat())
      .Add("Stand-in", regisseur.stand_in_seat())
      .Add("Held by function", HeldByText(regisseur))
      .Add("Since", LocalTime(regisseur.start_time()))
      .Print(out);
}

void PrintContribution(const casework::v1::Contribution& contribution, std::ostream& out) {
  out << "  " << Printable(contribution.name()) << ", " << LocalTime(contribution.create_time())
      << ", " << Printable(AuthorText(contribution)) << " ("
      << Printable(LabelText(contribution.label())) << ")\n";
  PrintText(contribution.text(), out);
}

void PrintMeeting(const casework::v1::Meeting& meeting, std::ostream& out) {
  Fields fields;
  fields.Add("Meeting", meeting.name())
      .Add("Date", meeting.date())
      .Add("State", Word(meeting.state()));
  for (const auto& a : meeting.attendances()) {
    fields.Add("Took part", absl::StrCat(a.seat(), ", ", Word(a.how())));
  }
  fields.Add("Parents absent", meeting.parents_absent_reason())
      .Add("Conclusion", meeting.conclusion());
  for (const std::string& step : meeting.steps()) fields.Add("Step", step);
  for (const auto& f : meeting.feedback()) {
    fields.Add(
        "Outcome sent to",
        absl::StrCat(f.seat(), f.has_confirm_time()
                                   ? absl::StrCat(", confirmed ", LocalTime(f.confirm_time()))
                                   : ", not yet confirmed"));
  }
  fields.Add("Label", LabelText(meeting.label())).Print(out);
}

void PrintStep(const casework::v1::Step& step, std::ostream& out) {
  Fields fields;
  fields.Add("Step", step.name())
      .Add("What", step.text())
      .Add("Owner", step.owner_seat())
      .Add("By", step.due_date())
      .Add("State", Word(step.state()))
      .Add("Why a proposal", step.proposal_reason())
      .Add("Commits", step.has_commitment() ? CommitmentText(step.commitment()) : "")
      .Add("Mandate", step.mandate())
      .Add("From", step.origin())
      .Add("Decided by", step.escalation())
      .Add("Outcome", step.outcome());
  for (const auto& over : step.carry_overs()) {
    fields.Add("Carried over",
               absl::StrCat(over.from_date(), " to ", over.to_date(), ": ", over.reason()));
  }
  for (const auto& change : step.owner_changes()) {
    fields.Add("Owner before", absl::StrCat(change.from_seat(), ": ", change.reason()));
  }
  if (step.has_evaluation()) {
    fields.Add("Helped", Word(step.evaluation().helped()))
        .Add("In their words", absl::StrCat(step.evaluation().family_words(), " (",
                                            step.evaluation().family_seat(), ")"));
  }
  for (const auto& r : step.reactions()) {
    fields.Add(r.confirmed() ? "Confirmed by" : "Disputed by",
               absl::StrCat(r.seat(), r.text().empty() ? "" : absl::StrCat(": ", r.text())));
  }
  fields.Add("Label", LabelText(step.label())).Print(out);
}

void PrintExplanation(const access::v1::ExplainResponse& explanation, std::ostream& out) {
  out << (explanation.allowed() ? "Allowed" : "Not allowed") << ": "
      << Printable(explanation.text_nl()) << "\n";
  Fields().Add("Row of the policy", explanation.rule()).Print(out);
  if (explanation.chain().empty()) return;
  Table table({"", "LINK", "VALUE", "IN WORDS"});
  for (const auto& link : explanation.chain()) {
    table.Add({link.holds() ? "yes" : "no", link.kind(), link.value(), link.text_nl()});
  }
  table.Print(out, "");
}

}  // namespace knooppunt::cli
