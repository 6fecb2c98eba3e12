#include "services/consent/ground_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_join.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/consent/ground_errors.h"
#include "services/consent/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::consent {
namespace {

using dossier::errors::InvalidField;

bool HasAbout(const v1::Ground& asked) {
  return !asked.about().persons().empty() || asked.about().family();
}

absl::Status CheckNamed(const v1::Ground& asked, const FamilyFacts& facts) {
  if (!HasAbout(asked) || asked.compartments().empty() || asked.purposes().empty()) {
    return errors::GroundNamesNothing();
  }
  for (const std::string& p : asked.about().persons()) {
    if (policy::FindPerson(facts, p) == nullptr) {
      return InvalidField("ground.about", "name persons of this family");
    }
  }
  absl::flat_hash_set<int> seen;
  for (const int c : asked.compartments()) {
    if (c == common::v1::COMPARTMENT_UNSPECIFIED || !common::v1::Compartment_IsValid(c) ||
        !seen.insert(c).second) {
      return InvalidField("ground.compartments", "name known compartments, each once");
    }
  }
  seen.clear();
  for (const int p : asked.purposes()) {
    const bool shares = p == common::v1::PURPOSE_COORDINATION || p == common::v1::PURPOSE_HANDOVER;
    if (!shares || !seen.insert(p).second) {
      return InvalidField("ground.purposes", "name coordination or handover, each once");
    }
  }
  return dossier::CheckDirectoryName("ground.recipient", asked.recipient(), "organisations");
}

absl::Status CheckPeriod(const v1::Ground& asked, int max_days, base::Date on) {
  KP_ASSIGN_OR_RETURN(const base::Date start,
                      dossier::ParseDay("ground.start_date", asked.start_date()));
  KP_ASSIGN_OR_RETURN(const base::Date end, dossier::ParseDay("ground.end_date", asked.end_date()));
  if (end <= start || end <= on) {
    return InvalidField("ground.end_date", "be a day after the first day, and after today");
  }
  return end - start > max_days ? errors::GroundTooLong(max_days) : absl::OkStatus();
}

absl::Status CheckReview(const v1::Ground& asked, const Invoker& by) {
  if (asked.family_told()) {
    if (!asked.not_told_reason().empty()) {
      return InvalidField("ground.not_told_reason", "be left out when the family was told");
    }
    if (asked.reviewer().empty() && asked.review_date().empty()) return absl::OkStatus();
  } else if (asked.not_told_reason().empty()) {
    return errors::ReviewNeeded();
  } else {
    KP_RETURN_IF_ERROR(
        dossier::ValidateText("ground.not_told_reason", asked.not_told_reason(), {}));
  }
  if (asked.reviewer().empty() || asked.review_date().empty()) return errors::ReviewNeeded();
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("ground.reviewer", asked.reviewer(), "professionals"));
  if (asked.reviewer() == by.professional) return errors::ReviewerIsInvoker();
  KP_ASSIGN_OR_RETURN(const base::Date review,
                      dossier::ParseDay("ground.review_date", asked.review_date()));
  KP_ASSIGN_OR_RETURN(const base::Date end, dossier::ParseDay("ground.end_date", asked.end_date()));
  return review < by.on || review > end
             ? InvalidField("ground.review_date", "be today or later, and no later than the end")
             : absl::OkStatus();
}

std::string TypeNames(const policy::GroundTypes& types) {
  return absl::StrJoin(types, ", ", [](std::string* out, const policy::v1::GroundType& t) {
    absl::StrAppend(out, t.type());
  });
}

bool Over(const GroundFact& ground, base::Date on) {
  const auto end = base::ParseDate(ground.end_date());
  return !end.ok() || *end <= on;
}

bool Administers(common::v1::Function f) {
  return f == common::v1::FUNCTION_UNSPECIFIED || f == common::v1::FUNCTION_ADMINISTRATOR ||
         f == common::v1::FUNCTION_MANDATE_HOLDER || f == common::v1::FUNCTION_PRIVACY_OFFICER;
}

}  // namespace

absl::Status CheckInvocation(const v1::Ground& asked, const FamilyFacts& facts,
                             const policy::GroundTypes& types, const Invoker& by) {
  const policy::v1::GroundType* type = policy::FindGroundType(types, asked.type());
  if (type == nullptr) return errors::UnknownGroundType(TypeNames(types));
  KP_RETURN_IF_ERROR(CheckNamed(asked, facts));
  if (asked.recipient() == by.organisation) return errors::GroundForYourself();
  KP_RETURN_IF_ERROR(dossier::ValidateText("ground.reason", asked.reason(), {}));
  KP_RETURN_IF_ERROR(CheckPeriod(asked, type->max_days(), by.on));
  KP_RETURN_IF_ERROR(CheckReview(asked, by));
  return facts.grounds_size() < kMaxGroundsPerFamily ? absl::OkStatus()
                                                     : dossier::errors::TooMany("grounds");
}

bool CanReview(const access::v1::ProfessionalFacts& professional, absl::string_view organisation,
               base::Date on) {
  return std::any_of(professional.functions().begin(), professional.functions().end(),
                     [&](const access::v1::FunctionTerm& t) {
                       return !Administers(t.function()) &&
                              (organisation.empty() || t.organisation() == organisation) &&
                              policy::InPeriod(t.start_date(), t.end_date(), on);
                     });
}

GroundFact Invoked(const v1::Ground& asked, absl::string_view id, const policy::GroundTypes& types,
                   absl::string_view invoked_by) {
  GroundFact out;
  out.set_id(std::string(id));
  out.set_type(asked.type());
  const policy::v1::GroundType* type = policy::FindGroundType(types, asked.type());
  if (type != nullptr) out.set_article(type->article());
  *out.mutable_about() = dossier::Normalised(asked.about());
  *out.mutable_compartments() = asked.compartments();
  out.set_recipient(asked.recipient());
  *out.mutable_purposes() = asked.purposes();
  out.set_start_date(asked.start_date());
  out.set_end_date(asked.end_date());
  out.set_invoked_by(std::string(invoked_by));
  out.set_reviewer(asked.reviewer());
  out.set_review_date(asked.review_date());
  out.set_family_told(asked.family_told());
  return out;
}

common::v1::Label ReasonLabel(const v1::Ground& asked, common::v1::Function invoker) {
  common::v1::Label out = OwnLabel(invoker, asked.about());
  if (asked.family_told()) return out;
  out.set_compartment(common::v1::COMPARTMENT_SAFETY);
  out.set_regime(common::v1::REGIME_YOUTH_CARE);
  return out;
}

const GroundFact* FindGround(const FamilyFacts& facts, absl::string_view id) {
  for (const GroundFact& g : facts.grounds()) {
    if (g.id() == id) return &g;
  }
  return nullptr;
}

GroundFact* MutableGround(FamilyFacts* facts, absl::string_view id) {
  return const_cast<GroundFact*>(FindGround(*facts, id));
}

absl::Status EndEarly(GroundFact* ground, absl::Time now) {
  if (ground->end_time() != 0 || Over(*ground, base::DateOf(now))) return errors::GroundHasEnded();
  ground->set_end_time(absl::ToUnixSeconds(now));
  return absl::OkStatus();
}

absl::Status Review(GroundFact* ground, bool upheld, absl::Time now) {
  if (ground->has_review()) return errors::AlreadyReviewed();
  access::v1::GroundReview* review = ground->mutable_review();
  review->set_reviewer(ground->reviewer());
  review->set_time(absl::ToUnixSeconds(now));
  review->set_upheld(upheld);
  const bool runs = ground->end_time() == 0 && !Over(*ground, base::DateOf(now));
  if (!upheld && runs) ground->set_end_time(absl::ToUnixSeconds(now));
  return absl::OkStatus();
}

absl::Status Tell(GroundFact* ground, absl::string_view by, absl::Time now) {
  if (ground->family_told()) return errors::FamilyKnows();
  ground->set_family_told(true);
  ground->set_told_time(absl::ToUnixSeconds(now));
  ground->set_told_by(std::string(by));
  return absl::OkStatus();
}

}  // namespace knooppunt::consent
