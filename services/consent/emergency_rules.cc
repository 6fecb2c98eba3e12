#include "services/consent/emergency_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/emergency.h"
#include "services/consent/emergency_errors.h"
#include "services/dossier/errors.h"
#include "services/dossier/text.h"

namespace knooppunt::consent {
namespace {

constexpr int kMeldcodeSteps = 5;

// Of valid UTF-8: bytes that do not go on with another.
int64_t Characters(absl::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

absl::Status CheckOpening(const v1::OpenEmergencyRequest& asked) {
  if (asked.meldcode_step() < 1 || asked.meldcode_step() > kMeldcodeSteps) {
    return errors::NoMeldcodeStep();
  }
  if (asked.hours() < 1 || asked.hours() > limits::kEmergencyMaxHours) {
    return errors::HoursNotDays();
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", asked.reason(), {.required = false}));
  if (Characters(absl::StripAsciiWhitespace(asked.reason())) <
      limits::kEmergencyReasonMinCharacters) {
    return errors::ReasonTooShort();
  }
  return absl::OkStatus();
}

absl::Status MayOpen(const access::v1::FamilyFacts& facts, absl::string_view professional,
                     int64_t opened_lately, absl::Time now) {
  for (const EmergencyFact& e : facts.emergencies()) {
    if (e.professional() == professional && policy::EmergencyOpen(e, now)) {
      return errors::EmergencyOpenAlready();
    }
  }
  if (opened_lately >= limits::kEmergenciesPerProfessionalPerDay) {
    return errors::TooManyEmergencies();
  }
  if (facts.emergencies_size() >= limits::kMaxEmergenciesPerFamily) {
    return dossier::errors::TooMany("emergencies");
  }
  return absl::OkStatus();
}

EmergencyFact Opened(const v1::OpenEmergencyRequest& asked, const access::v1::TokenClaims& who,
                     absl::string_view id, absl::Time now) {
  EmergencyFact fact;
  fact.set_id(std::string(id));
  fact.set_professional(who.subject());
  fact.set_organisation(who.organisation());
  fact.set_function(who.function());
  fact.set_meldcode_step(asked.meldcode_step());
  for (const common::v1::Compartment c :
       {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY,
        common::v1::COMPARTMENT_CARE, common::v1::COMPARTMENT_HEALTH,
        common::v1::COMPARTMENT_SAFETY}) {
    fact.add_compartments(c);
  }
  fact.set_start_time(absl::ToUnixSeconds(now));
  fact.set_end_time(absl::ToUnixSeconds(now + absl::Hours(asked.hours())));
  fact.set_review_due_time(absl::ToUnixSeconds(now + absl::Hours(limits::kEmergencyReviewHours)));
  fact.set_reason(asked.reason());
  return fact;
}

EmergencyFact* MutableEmergency(access::v1::FamilyFacts* facts, absl::string_view id) {
  auto& all = *facts->mutable_emergencies();
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const EmergencyFact& e) { return e.id() == id; });
  return it == all.end() ? nullptr : &*it;
}

absl::Status Review(const Finding& finding, absl::Time now, EmergencyFact* emergency) {
  if (emergency->professional() == finding.reviewer) return errors::OwnEmergency();
  if (emergency->review_time() != 0) return errors::ReviewedAlready();
  KP_RETURN_IF_ERROR(dossier::ValidateText("outcome", finding.outcome, {}));
  const bool open = policy::EmergencyOpen(*emergency, now);
  if (open && finding.justified) return errors::EmergencyStillOpen();
  const int64_t t = absl::ToUnixSeconds(now);
  if (open) emergency->set_end_time(t);
  emergency->set_reviewer(std::string(finding.reviewer));
  emergency->set_review_time(t);
  emergency->set_justified(finding.justified);
  emergency->set_outcome(std::string(finding.outcome));
  return absl::OkStatus();
}

bool ReviewOverdue(const EmergencyFact& emergency, absl::Time now) {
  return emergency.review_time() == 0 && emergency.review_due_time() <= absl::ToUnixSeconds(now);
}

}  // namespace knooppunt::consent
