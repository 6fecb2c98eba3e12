#include "clients/cli/meetings_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

using meetings::v1::AgendaItem;
using meetings::v1::Invitation;

std::string Time(const std::string& start, const std::string& end) {
  return start.empty() ? "" : absl::StrCat(start, "-", end);
}

std::string Where(const std::string& place, bool video) {
  if (!video) return place;
  return place.empty() ? "via video" : absl::StrCat(place, " (of via video)");
}

std::string HowText(casework::v1::AttendanceHow how) {
  switch (how) {
    case casework::v1::ATTENDANCE_HOW_IN_PERSON:
      return "komt";
    case casework::v1::ATTENDANCE_HOW_VIDEO:
      return "komt via video";
    case casework::v1::ATTENDANCE_HOW_REPRESENTATIVE:
      return "laat zich vertegenwoordigen";
    default:
      return "komt";
  }
}

std::string WhyText(meetings::v1::DeclineReason reason) {
  switch (reason) {
    case meetings::v1::DECLINE_REASON_TIME:
      return "komt niet: de tijd past niet";
    case meetings::v1::DECLINE_REASON_ABSENT:
      return "komt niet: afwezig";
    case meetings::v1::DECLINE_REASON_NOT_MINE:
      return "komt niet: iemand anders zou moeten komen";
    case meetings::v1::DECLINE_REASON_NOT_WANTED:
      return "komt niet: wil niet meedoen";
    default:
      return "komt niet";
  }
}

std::string ByWhomText(const meetings::v1::Representative& r) {
  switch (r.kind()) {
    case meetings::v1::REPRESENTATIVE_KIND_COLLEAGUE:
      return absl::StrCat(" door een collega (", r.professional(), ")");
    case meetings::v1::REPRESENTATIVE_KIND_FAMILY_MEMBER:
      return absl::StrCat(" door iemand van het gezin (", r.person(), ")");
    case meetings::v1::REPRESENTATIVE_KIND_CLIENT_SUPPORTER:
      return " door een cliëntondersteuner";
    case meetings::v1::REPRESENTATIVE_KIND_CONFIDANT:
      return " door een vertrouwd persoon";
    default:
      return "";
  }
}

std::string BecauseText(meetings::v1::ChangeReason reason) {
  switch (reason) {
    case meetings::v1::CHANGE_REASON_FAMILY:
      return ": het gezin vroeg erom";
    case meetings::v1::CHANGE_REASON_PARTY_ABSENT:
      return ": iemand die nodig is kan niet";
    case meetings::v1::CHANGE_REASON_PLACE:
      return ": de plaats is niet beschikbaar";
    case meetings::v1::CHANGE_REASON_LEAD_ABSENT:
      return ": wie het overleg leidt kan niet";
    case meetings::v1::CHANGE_REASON_NOT_NEEDED:
      return ": het is niet meer nodig";
    case meetings::v1::CHANGE_REASON_MISTAKE:
      return ": dag, tijd of plaats klopte niet";
    default:
      return "";
  }
}

std::string MeetingStateText(const meetings::v1::Agenda& agenda) {
  switch (agenda.state()) {
    case casework::v1::MEETING_STATE_CONCLUDED:
      return "afgerond";
    case casework::v1::MEETING_STATE_CANCELLED:
      return absl::StrCat("afgezegd", BecauseText(agenda.change_reason()));
    default:
      return agenda.moved_from().empty() ? "gepland"
                                         : absl::StrCat("gepland, verzet van ", agenda.moved_from(),
                                                        BecauseText(agenda.change_reason()));
  }
}

std::string AnswerText(const Invitation& i) {
  switch (i.state()) {
    case meetings::v1::INVITATION_STATE_ACCEPTED:
      return absl::StrCat(HowText(i.how()), ByWhomText(i.representative()));
    case meetings::v1::INVITATION_STATE_DECLINED:
      return WhyText(i.decline_reason());
    case meetings::v1::INVITATION_STATE_WITHDRAWN:
      return "ingetrokken";
    case meetings::v1::INVITATION_STATE_MOVED:
      return absl::StrCat("verzet", BecauseText(i.change_reason()), ", opnieuw te beantwoorden");
    case meetings::v1::INVITATION_STATE_CANCELLED:
      return absl::StrCat("gaat niet door", BecauseText(i.change_reason()));
    default:
      return "nog niet beantwoord";
  }
}

// Who is invited: a seat, or somebody of the family.
std::string PartyText(const Invitation& i) {
  std::vector<std::string> parts;
  for (const std::string& part : {i.seat(), i.organisation(), i.person()}) {
    if (!part.empty()) parts.push_back(part);
  }
  return absl::StrJoin(parts, " ");
}

std::string ExtentText(meetings::v1::SightExtent extent) {
  switch (extent) {
    case meetings::v1::SIGHT_EXTENT_ALL:
      return "alles";
    case meetings::v1::SIGHT_EXTENT_PART:
      return "een deel";
    default:
      return "niets";
  }
}

std::string StateText(meetings::v1::AgendaItemState state) {
  switch (state) {
    case meetings::v1::AGENDA_ITEM_STATE_DISCUSSED:
      return "besproken";
    case meetings::v1::AGENDA_ITEM_STATE_DROPPED:
      return "van de agenda gehaald";
    default:
      return "te bespreken";
  }
}

void PrintStatements(const AgendaItem& item, std::ostream& out) {
  for (const meetings::v1::Statement& s : item.statements()) {
    out << "  " << Printable(s.author()) << (s.confirmed() ? " bevestigt" : " ziet het anders");
    if (!s.text().empty()) out << ": " << Printable(s.text());
    out << "\n";
  }
}

}  // namespace

absl::StatusOr<std::string> AgendaEtag(Session& session, const std::string& meeting,
                                       const std::string& stated) {
  if (!stated.empty()) return stated;
  meetings::v1::GetAgendaRequest request;
  request.set_name(meeting);
  meetings::v1::Agenda agenda;
  KP_RETURN_IF_ERROR(
      session.Call("/knooppunt.meetings.v1.MeetingsService/GetAgenda", request, &agenda));
  return agenda.etag();
}

void PrintInvitation(const Invitation& i, std::ostream& out) {
  Fields fields;
  fields.Add("Uitnodiging", i.name())
      .Add("Overleg", i.meeting())
      .Add("Dag", i.date())
      .Add("Tijd", Time(i.start(), i.end()))
      .Add("Waar", Where(i.place(), i.video()))
      .Add("Voor", PartyText(i))
      .Add("Antwoord", AnswerText(i))
      .Add("Onderwerpen", absl::StrJoin(i.subjects(), "; "))
      .Add("Etag", i.etag());
  if (i.has_check()) {
    fields.Add("Ziet", ExtentText(i.check().extent())).Add("Let op", i.check().text_nl());
  }
  fields.Print(out);
}

void PrintInvitations(const meetings::v1::ListInvitationsResponse& list, std::ostream& out) {
  Table table({"VOOR", "ANTWOORD", "UITNODIGING"});
  for (const Invitation& i : list.invitations()) {
    table.Add({PartyText(i), AnswerText(i), i.name()});
  }
  table.Print(out, "Er is niemand uitgenodigd.");
}

void PrintOwnInvitations(const meetings::v1::ListOwnInvitationsResponse& list, std::ostream& out) {
  Table table({"DAG", "TIJD", "WAAR", "ONDERWERPEN", "ANTWOORD", "UITNODIGING"});
  for (const Invitation& i : list.invitations()) {
    table.Add({i.date(), Time(i.start(), i.end()), Where(i.place(), i.video()),
               i.subjects().empty() ? "-" : absl::StrJoin(i.subjects(), "; "), AnswerText(i),
               i.name()});
  }
  table.Print(out, "U heeft geen uitnodigingen om te beantwoorden.");
}

void PrintChecks(const meetings::v1::CheckInvitationsResponse& list, std::ostream& out) {
  Table table({"VOOR", "ZIET NU", "LET OP"});
  for (const Invitation& i : list.invitations()) {
    table.Add({PartyText(i), ExtentText(i.check().extent()), i.check().text_nl()});
  }
  table.Print(out, "Er is niemand uitgenodigd.");
}

void PrintWhoMustSign(const access::v1::WhoMustAgreeResponse& answer, std::ostream& out) {
  out << "Wie daarvoor moet tekenen:\n";
  Table table({"WIE", "OVER", "WAAROM"});
  for (const access::v1::RequiredSignature& s : answer.signatures()) {
    const std::string who = s.person().empty() ? s.organisation() : s.person();
    table.Add({who.empty() ? "anderen" : who, s.about_person(), s.text_nl()});
  }
  table.Print(out, "Niemand kan nu toestemmen.", "  ");
  for (const std::string& vacancy : answer.vacancies_nl()) {
    out << "  Eerst te regelen: " << Printable(vacancy) << "\n";
  }
}

void PrintAgendaItem(const AgendaItem& item, std::ostream& out) {
  Fields fields;
  fields.Add("Punt", item.title())
      .Add("Naam", item.name())
      .Add("Toelichting", item.text())
      .Add("Ingebracht door", item.brought_by())
      .Add("Minuten", item.planned_minutes() > 0 ? absl::StrCat(item.planned_minutes()) : "")
      .Add("Stand", StateText(item.state()));
  if (item.has_minutes()) {
    fields.Add("Besproken", item.minutes().said())
        .Add("Conclusie", item.minutes().conclusion())
        .Add("Verslag van",
             absl::StrCat(item.minutes().author(), ", ", LocalTime(item.minutes().time())));
  }
  fields.Add("Etag", item.etag()).Print(out);
  PrintStatements(item, out);
}

void PrintAgenda(const meetings::v1::Agenda& agenda, std::ostream& out) {
  Fields()
      .Add("Overleg", agenda.name())
      .Add("Dag", agenda.date())
      .Add("Tijd", Time(agenda.start(), agenda.end()))
      .Add("Waar", Where(agenda.place(), agenda.video()))
      .Add("Zitting", agenda.sitting())
      .Add("Let op", agenda.sitting_changed()
                         ? "de zitting is verzet of afgezegd: verzet dit overleg, of haal het eruit"
                         : "")
      .Add("Stand", MeetingStateText(agenda))
      .Add("Etag", agenda.etag())
      .Print(out);
  if (agenda.items().empty()) out << "\nEr staat voor u niets op de agenda.\n";
  for (const AgendaItem& item : agenda.items()) {
    out << "\n";
    PrintAgendaItem(item, out);
  }
}

void PrintSitting(const meetings::v1::Sitting& sitting, std::ostream& out) {
  Fields()
      .Add("Zitting", sitting.name())
      .Add("Dag", sitting.date())
      .Add("Tijd", Time(sitting.start(), sitting.end()))
      .Add("Waar", sitting.place())
      .Add("Stand", sitting.state() == meetings::v1::SITTING_STATE_CANCELLED
                        ? absl::StrCat("afgezegd", BecauseText(sitting.change_reason()))
                    : sitting.change_reason() != meetings::v1::CHANGE_REASON_UNSPECIFIED
                        ? absl::StrCat("verzet", BecauseText(sitting.change_reason()))
                        : "")
      .Add("Etag", sitting.etag())
      .Print(out);
  Table table({"TIJD", "CASUS", "OVERLEG", "ONDERWERPEN"});
  for (const meetings::v1::SittingSlot& slot : sitting.slots()) {
    std::vector<std::string> titles;
    for (const AgendaItem& item : slot.agenda().items()) titles.push_back(item.title());
    const std::string time = Time(slot.agenda().start(), slot.agenda().end());
    table.Add({slot.overlaps() ? absl::StrCat(time, " OVERLAPT") : time, slot.case_name(),
               slot.agenda().name(), titles.empty() ? "-" : absl::StrJoin(titles, "; ")});
  }
  table.Print(out, "U heeft hierin geen casus.");
}

void PrintSittings(const meetings::v1::ListSittingsResponse& list, std::ostream& out) {
  Table table({"DAG", "TIJD", "WAAR", "UW CASUSSEN", "ZITTING"});
  for (const meetings::v1::Sitting& s : list.sittings()) {
    table.Add(
        {s.date(), Time(s.start(), s.end()), s.place(), absl::StrCat(s.slots_size()), s.name()});
  }
  table.Print(out, "Er zijn geen zittingen die u kunt zien.");
}

}  // namespace knooppunt::cli
