#include "clients/cli/handover_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"

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
      .Add("Answer before", handover.expire_date())
      .Add("Travels", absl::StrJoin(handover.items(), ", "))
      .Add("Package", handover.package_sha256())
      .Add("Receipt", handover.receipt_sha256());
  if (handover.has_conversation()) {
    const auto& conversation = handover.conversation();
    fields.Add("Conversation", absl::StrCat(conversation.date(), ", ", conversation.how(),
                                            ", with ", absl::StrJoin(conversation.seats(), ", ")));
    fields.Add("Family absent", conversation.family_absent_reason());
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

}  // namespace knooppunt::cli
