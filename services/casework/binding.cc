// What a step commits, and whether a mandate lets it bind (R6, R36). Declared in rules.h.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/casework/errors.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using access::v1::Mandate;
using access::v1::ProfessionalFacts;

constexpr absl::string_view kOrganisationDecides = "De organisatie beslist.";

// "1.500,00 euro".
std::string EuroText(int64_t cents) {
  std::string whole = absl::StrCat(cents / 100);
  for (int at = static_cast<int>(whole.size()) - 3; at > 0; at -= 3) whole.insert(at, ".");
  const int64_t rest = cents % 100;
  return absl::StrCat(whole, ",", rest < 10 ? "0" : "", rest, " euro");
}

// "10 uur", "45 minuten", "1 uur en 30 minuten".
std::string HoursText(int64_t minutes) {
  const int64_t hours = minutes / 60, rest = minutes % 60;
  const std::string left = absl::StrCat(rest, rest == 1 ? " minuut" : " minuten");
  if (hours == 0) return left;
  return absl::StrCat(hours, " uur", rest == 0 ? "" : absl::StrCat(" en ", left));
}

// A limit of the mandate that the step goes beyond.
struct Exceeded {
  std::string nl;           // a sentence
  absl::string_view field;  // of the commitment
};

std::vector<Exceeded> Beyond(const Mandate& m, const v1::Commitment& c, base::Date on) {
  std::vector<Exceeded> out;
  if (c.amount_cents() > m.limit_cents()) {
    out.push_back({absl::StrCat("Het bedrag gaat boven het mandaat (hoogstens ",
                                EuroText(m.limit_cents()), " per afspraak)."),
                   "amount_cents"});
  }
  if (c.minutes() > m.limit_minutes()) {
    out.push_back({m.limit_minutes() == 0
                       ? std::string("Het mandaat gaat niet over uren.")
                       : absl::StrCat("De uren gaan boven het mandaat (hoogstens ",
                                      HoursText(m.limit_minutes()), " per afspraak)."),
                   "minutes"});
  }
  const auto until = base::ParseDate(c.until_date());
  if (until.ok() && *until - on > m.limit_days()) {
    out.push_back({m.limit_days() == 0
                       ? std::string("Het mandaat gaat niet over een periode.")
                       : absl::StrCat("De periode gaat boven het mandaat (hoogstens ",
                                      m.limit_days(), " dagen)."),
                   "until_date"});
  }
  return out;
}

bool OfKind(const Mandate& m, const Seat& seat, const v1::Commitment& c) {
  return m.organisation() == seat.organisation() &&
         std::find(m.means().begin(), m.means().end(), c.means()) != m.means().end();
}

bool SitsForOrganisation(const Seat& seat, const v1::Commitment& c,
                         const ProfessionalFacts& professional, base::Date on, absl::Time now) {
  return seat.professional() == c.committed_by() && professional.name() == c.committed_by() &&
         dossier::SeatJoined(seat, now) &&
         dossier::FunctionAt(professional, seat.organisation(), seat.function(), on) !=
             common::v1::FUNCTION_UNSPECIFIED;
}

// What stood in the way, of the mandate that came nearest.
struct Search {
  bool at_table = false;
  std::optional<std::vector<Exceeded>> nearest;
  std::string begins;  // of a mandate of the kind that has not begun
  std::string ended;   // of one that has ended

  // The mandate that binds, or nullptr.
  const Mandate* Look(const Seat& seat, const v1::Commitment& c, const ProfessionalFacts& p,
                      base::Date on) {
    for (const Mandate& m : p.mandates()) {
      if (!OfKind(m, seat, c) || m.start_date() == m.end_date()) continue;
      const std::string day = base::FormatDate(on);
      if (m.start_date() > day) {
        begins = begins.empty() ? m.start_date() : std::min(begins, m.start_date());
      } else if (!policy::InPeriod(m.start_date(), m.end_date(), on)) {
        ended = std::max(ended, m.end_date());
      } else {
        std::vector<Exceeded> beyond = Beyond(m, c, on);
        if (beyond.empty()) return &m;
        if (!nearest || beyond.size() < nearest->size()) nearest = std::move(beyond);
      }
    }
    return nullptr;
  }

  std::string WhyNot() const {
    if (!at_table) {
      return absl::StrCat(
          "Wie dit toezegt, zit niet aan tafel namens de organisatie die het draagt. Die ",
          "organisatie beslist.");
    }
    if (nearest) {
      return absl::StrCat(
          absl::StrJoin(*nearest, " ",
                        [](std::string* out, const Exceeded& e) { absl::StrAppend(out, e.nl); }),
          " ", kOrganisationDecides);
    }
    if (!begins.empty()) {
      return absl::StrCat("Het mandaat voor deze inzet gaat pas in op ", begins, ". ",
                          kOrganisationDecides);
    }
    if (!ended.empty()) {
      return absl::StrCat("Het mandaat voor deze inzet gold tot ", ended, ". ",
                          kOrganisationDecides);
    }
    return absl::StrCat("Er is op deze datum geen mandaat voor deze inzet. ", kOrganisationDecides);
  }
};

// Whether the caller's organisation is the one whose means the step needs: that for which who
// proposed it sits, or sat, at this table.
bool IsOfMeans(const CaseFact& c, const v1::Step& step, const Seat& by) {
  return std::any_of(c.seats().begin(), c.seats().end(), [&](const Seat& s) {
    return !s.professional().empty() && s.professional() == step.commitment().committed_by() &&
           s.organisation() == by.organisation();
  });
}

}  // namespace

bool CommitsNothing(const v1::Commitment& c) {
  return c.means() == common::v1::MEANS_UNSPECIFIED && c.amount_cents() == 0 &&
         c.committed_by().empty() && c.funding() == common::v1::FUNDING_UNSPECIFIED &&
         c.minutes() == 0 && c.until_date().empty();
}

absl::Status CheckCommitment(absl::string_view field, const v1::Commitment& c, base::Date on) {
  if (CommitsNothing(c)) return absl::OkStatus();
  if (c.means() == common::v1::MEANS_UNSPECIFIED || !common::v1::Means_IsValid(c.means()) ||
      c.amount_cents() < 0 ||
      !dossier::CheckDirectoryName("", c.committed_by(), "professionals").ok()) {
    return errors::CommitmentIncomplete();
  }
  if (c.minutes() < 0 || c.minutes() > kMaxCommittedMinutes) {
    return dossier::errors::InvalidField(absl::StrCat(field, ".minutes"),
                                         "be between 0 and 600000, ten thousand hours");
  }
  if (!c.until_date().empty()) {
    const auto until = base::ParseDate(c.until_date());
    if (!until.ok() || *until < on) {
      return dossier::errors::InvalidField(
          absl::StrCat(field, ".until_date"),
          "be empty, or a day on or after the one on which it is agreed, YYYY-MM-DD");
    }
  }
  if (c.funding() == common::v1::FUNDING_UNSPECIFIED || !common::v1::Funding_IsValid(c.funding())) {
    return errors::FundingMissing();
  }
  return absl::OkStatus();
}

Binding DecideBinding(const v1::Commitment& commitment, const CaseFact& c,
                      const ProfessionalFacts& professional, base::Date on, absl::Time now) {
  if (CommitsNothing(commitment)) return {.binding = true};
  Search search;
  for (const Seat& seat : c.seats()) {
    if (!SitsForOrganisation(seat, commitment, professional, on, now)) continue;
    search.at_table = true;
    if (const Mandate* m = search.Look(seat, commitment, professional, on); m != nullptr) {
      return {.binding = true, .mandate = absl::StrCat(m->name(), "@", m->version())};
    }
  }
  Binding out = {.proposal_reason = search.WhyNot()};
  if (search.nearest) {
    for (const Exceeded& e : *search.nearest) out.exceeded.emplace_back(e.field);
  }
  return out;
}

absl::Status DecideStep(v1::Step* step, const CaseFact& c, const Seat& by,
                        const v1::DecideStepRequest& req, const ProfessionalFacts& decider,
                        absl::Time now) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {.required = !req.bind()}));
  if (step->state() != v1::STEP_STATE_PROPOSED) return errors::StepNotProposed();
  if (by.professional().empty() || !IsOfMeans(c, *step, by)) return errors::NotYourMeans();
  const base::Date today = base::DateOf(now);
  std::string line;
  if (req.bind()) {
    // For this organisation only, and by who decides: not by who proposed.
    CaseFact table;
    *table.add_seats() = by;
    v1::Commitment commitment = step->commitment();
    commitment.set_committed_by(by.professional());
    Binding binding = DecideBinding(commitment, table, decider, today, now);
    if (!binding.binding) return errors::MandateDoesNotCover(binding.exceeded);
    step->set_state(v1::STEP_STATE_BINDING);
    step->set_mandate(std::move(binding.mandate));
    step->clear_proposal_reason();
    line = "Toegezegd";
  } else {
    step->set_state(v1::STEP_STATE_DROPPED);
    line = "Niet toegezegd";
  }
  absl::StrAppend(&line, " op ", base::FormatDate(today), " door ", by.display_name(), " namens ",
                  by.organisation(), req.reason().empty() ? "." : ": ", req.reason());
  AddOutcome(line, step);
  return absl::OkStatus();
}

void AddOutcome(absl::string_view line, v1::Step* step) {
  absl::StrAppend(step->mutable_outcome(), step->outcome().empty() ? "" : "\n", line);
}

}  // namespace knooppunt::casework
