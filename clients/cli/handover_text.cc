#include "clients/cli/handover_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"
#include "security/policy/handover_kinds.h"

namespace knooppunt::cli {
namespace {

void PrintIndented(absl::string_view text, std::ostream& out) {
  for (const absl::string_view line : absl::StrSplit(Printable(text), '\n')) {
    out << "    " << line << "\n";
  }
}

}  // namespace

void PrintParts(const handover::v1::Handover& handover, std::ostream& out) {
  if (handover.parts().empty()) out << "  no parts that you may see\n";
  for (const auto& part : handover.parts()) {
    out << "  " << Printable(part.kind()) << " " << Printable(part.item()) << "\n";
    PrintIndented(part.text(), out);
  }
  if (!handover.family_view().empty()) {
    out << "  the family's own view\n";
    PrintIndented(handover.family_view(), out);
  }
  if (!handover.package_sha256().empty()) {
    out << "  SHA-256 " << Printable(handover.package_sha256()) << "\n";
  }
}

void PrintHandover(const handover::v1::Handover& handover, std::ostream& out) {
  Fields fields;
  fields.Add("Handover", handover.name())
      .Add("State", Word(handover.state()))
      .Add("Case", handover.case_())
      .Add("Kind", Word(handover.kind()))
      .Add("From", handover.from_werkplaats())
      .Add("To", handover.to_werkplaats())
      .Add("Receiver", handover.receiver())
      .Add("Mode", handover.mode() == handover::v1::HANDOVER_MODE_JOIN ? "join" : "")
      .Add("To organisation", handover.to_organisation())
      .Add("Children", absl::StrJoin(handover.children(), ", "))
      .Add("Due before", handover.due_date())
      .Add("Answer before", handover.answer_date())
      .Add("Expires after", handover.expire_date())
      .Add("Receiver closes", handover.receiver_close_date())
      .Add("Travels", absl::StrJoin(handover.items(), ", "))
      .Add("Package", handover.package_sha256())
      .Add("Receipt", handover.receipt_sha256());
  if (handover.has_elsewhere()) {
    const auto& there = handover.elsewhere();
    fields
        .Add(there.from_there() ? "From installation" : "To installation",
             absl::StrCat(there.installation(), ", ", there.werkplaats_name()))
        .Add("Contact there", there.contact_name())
        .Add("Regisseur there", there.from_there() ? "" : there.regisseur_name());
    for (const auto& document : there.apart()) {
      fields.Add(document.taken_in() ? "Document taken in" : "Document still to be taken in",
                 absl::StrCat(document.title(), ", ", MegaBytes(document.size_bytes())));
    }
  }
  if (handover.withheld_count() > 0) {
    fields.Add("Did not travel", absl::StrCat(handover.withheld_count(), " parts"));
  }
  if (handover.staying_decided()) {
    fields.Add("Stay after 18", handover.staying_seats().empty()
                                    ? "nobody"
                                    : absl::StrJoin(handover.staying_seats(), ", "));
  }
  for (const auto& invitation : handover.invitations()) {
    fields.Add("Invited", absl::StrCat(invitation.date(), ", ", invitation.how(), ", ",
                                       absl::StrJoin(invitation.seats(), ", ")));
  }
  if (handover.has_conversation()) {
    const auto& conversation = handover.conversation();
    fields.Add("Conversation", absl::StrCat(conversation.date(), ", ", conversation.how(),
                                            ", with ", absl::StrJoin(conversation.seats(), ", ")));
    fields.Add("Family absent", conversation.family_absent_reason());
    for (const auto& absence : conversation.absences()) {
      fields.Add("Absent", absl::StrCat(Word(absence.party()), ": ", absence.reason()));
    }
  }
  fields.Print(out);
  if (!handover.parts().empty() || !handover.family_view().empty()) {
    out << "\nParts\n";
    PrintParts(handover, out);
  }
  out << "\nActs\n";
  Table table({"STATE", "BY", "WHEN", "NOTE"});
  for (const auto& act : handover.acts()) {
    table.Add({Word(act.state()), act.actor(), LocalTime(act.time()), act.note()});
  }
  table.Print(out, "nothing that you may see", "  ");
}

void PrintHandovers(const handover::v1::ListHandoversResponse& list, std::ostream& out) {
  Table table({"HANDOVER", "STATE", "KIND", "FROM", "TO"});
  for (const auto& h : list.handovers()) {
    table.Add({h.name(), Word(h.state()), Word(h.kind()), h.from_werkplaats(), h.to_werkplaats()});
  }
  table.Print(out, "No handovers that you may see.");
}

void PrintReceipt(const handover::v1::HandoverReceipt& receipt, std::ostream& out) {
  for (const auto& s : receipt.statements()) {
    PrintIndented(s.text(), out);
    out << "  key " << Printable(s.verify_key()) << "\n  signature " << Printable(s.signature())
        << "\n\n";
  }
  out << "Save it with --output json, and check it with 'knooppunt handover verify-receipt'.\n";
}

void PrintDue(const handover::v1::ListDueHandoversResponse& due, std::ostream& out) {
  Table table({"VOOR", "STAND", "WAT NU", "OVERDRACHT", "VAN", "NAAR"});
  for (const auto& d : due.handovers()) {
    const std::string day = d.due_date().empty() ? "-" : d.due_date();
    table.Add({d.escalate() ? absl::StrCat(day, " ESCALEREN")
                            : (d.late() ? absl::StrCat(day, " TE LAAT") : day),
               Word(d.state()), absl::StrCat(d.mine() ? "u: " : "", d.text_nl()), d.name(),
               d.from_werkplaats(), d.to_werkplaats()});
  }
  table.Print(out, "Er lopen geen overdrachten.");
  if (due.werkplaatsen().empty()) return;
  out << "\n";
  Table counts({"WERKPLAATS", "VERZENDT", "ONTVANGT", "TE LAAT", "ESCALEREN", "SLUIT"});
  for (const auto& w : due.werkplaatsen()) {
    counts.Add({w.werkplaats(), absl::StrCat(w.sending()), absl::StrCat(w.receiving()),
                absl::StrCat(w.late()), absl::StrCat(w.escalate()),
                w.close_date().empty() ? "-" : w.close_date()});
  }
  counts.Print(out, "");
}

namespace {

std::string StartText(const handover::v1::HandoverKindRow& row) {
  const std::string from =
      row.anchor() == handover::v1::HANDOVER_ANCHOR_BIRTHDAY
          ? absl::StrCat("de ", row.anchor_age(), "e verjaardag")
          : (row.anchor() == handover::v1::HANDOVER_ANCHOR_SCHOOL_YEAR ? "1 augustus" : "");
  if (from.empty()) return absl::StrCat("elke dag; rond in ", row.deadline_days(), " dagen");
  return absl::StrCat("vanaf ", row.earliest_months_before(), " maanden voor ", from, "; rond ",
                      row.deadline_days_before(), " dagen ervoor");
}

void PrintKind(const handover::v1::HandoverKindRow& row, std::ostream& out) {
  Fields fields;
  fields.Add("Soort", absl::StrCat(Word(row.kind()), ": ", row.title_nl()))
      .Add("Van", JoinWords<common::v1::Stage>(row.from_stages()))
      .Add("Naar", JoinWords<common::v1::Stage>(row.to_stages()))
      .Add("Wanneer", StartText(row))
      .Add("Antwoord", absl::StrCat("binnen ", row.answer_days(), " dagen; ", row.escalate_days(),
                                    " dagen later escaleren"))
      .Add("Ontvangstbewijs", absl::StrCat("van een andere installatie tot ",
                                           policy::ReceiptDays(row), " dagen na de einddatum"))
      .Add("Erbij", JoinWords<handover::v1::HandoverParty>(row.must_take_part()))
      .Add("Toestemming voor", JoinWords<common::v1::Compartment>(row.consent().compartments()))
      .Add("Toestemming tekst", row.consent().wording_nl())
      .Add("Bron", row.source());
  fields.Print(out);
  out << "\nGewoonlijk mee\n";
  Table table({"WAT", "COMPARTIMENT", "WAAROM"});
  for (const auto& part : row.usual_parts()) {
    table.Add({Word(part.part()), Word(part.compartment()), part.why_nl()});
  }
  table.Print(out, "niets", "  ");
}

}  // namespace

void PrintKinds(const handover::v1::HandoverKinds& kinds, handover::v1::HandoverKind only,
                std::ostream& out) {
  if (only != handover::v1::HANDOVER_KIND_UNSPECIFIED) {
    for (const auto& row : kinds.rows()) {
      if (row.kind() == only) PrintKind(row, out);
    }
    return;
  }
  Table table({"SOORT", "WAT", "WANNEER", "ANTWOORD BINNEN"});
  for (const auto& row : kinds.rows()) {
    table.Add({Word(row.kind()), row.title_nl(), StartText(row),
               absl::StrCat(row.answer_days(), " dagen")});
  }
  table.Print(out, "Er zijn geen soorten.");
  out << "\nVersie " << Printable(kinds.version()) << ", SHA-256 " << Printable(kinds.sha256())
      << "\n";
}

}  // namespace knooppunt::cli
