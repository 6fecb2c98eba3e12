#include "services/worklist/closing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace knooppunt::worklist {
namespace {

std::string DateOf(const Sight& sight, absl::string_view werkplaats) {
  for (const access::v1::ClosingWerkplaats& closing : sight.decision->closing()) {
    if (closing.werkplaats() == werkplaats) return closing.close_date();
  }
  return "";
}

}  // namespace

std::string Closing::DueBefore(const std::string& due) const {
  const std::string last = DaysAfter(date, -1);
  if (last.empty()) return due;
  return due.empty() ? last : std::min(due, last);
}

Closing WerkplaatsCloses(const Sight& sight) {
  Closing out;
  const access::v1::CaseFact* c = OpenCaseOf(*sight.facts);
  if (c != nullptr) out.date = DateOf(sight, c->werkplaats());
  if (!out.closes()) return out;
  if (out.date > base::FormatDate(sight.today())) {
    out.nl = absl::StrCat("Uw werkplaats sluit op ", DayText(out.date),
                          ": draag de casus over aan de werkplaats waar het kind naartoe gaat.");
    out.en = absl::StrCat("Your werkplaats closes on ", out.date,
                          ": hand the case over to the werkplaats where the child goes.");
    return out;
  }
  out.nl = absl::StrCat("Uw werkplaats is sinds ", DayText(out.date),
                        " gesloten: draag de casus nu over. Tot dan blijft die bij u.");
  out.en = absl::StrCat("Your werkplaats has been closed since ", out.date,
                        ": hand the case over now. Until then it stays with you.");
  return out;
}

Closing ReceiverCloses(const Sight& sight, absl::string_view handover) {
  Closing out;
  for (const access::v1::HandoverFact& h : sight.facts->handovers()) {
    if (h.id() == handover) out.date = DateOf(sight, h.to_werkplaats());
  }
  if (!out.closes()) return out;
  if (out.date > base::FormatDate(sight.today())) {
    out.nl = absl::StrCat("De ontvangende werkplaats sluit op ", DayText(out.date),
                          ": wat dan niet is aangenomen, blijft bij de verzendende kant.");
    out.en = absl::StrCat("The receiving werkplaats closes on ", out.date,
                          ": what is not accepted by then stays with the sending side.");
    return out;
  }
  out.nl =
      "De ontvangende werkplaats is gesloten en de casus is gebleven waar die was: trek de "
      "overdracht in en stel er een op naar de werkplaats waar het kind naartoe gaat.";
  out.en =
      "The receiving werkplaats has closed and the case stayed where it was: withdraw the handover "
      "and draft one to the werkplaats where the child goes.";
  return out;
}

}  // namespace knooppunt::worklist
