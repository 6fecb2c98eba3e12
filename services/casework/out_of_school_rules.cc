#include "services/casework/out_of_school_rules.h"

#include <algorithm>
#include <iterator>

#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/casework/errors.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using dossier::errors::InvalidField;
using v1::OUT_OF_SCHOOL_STATE_BACK;
using v1::OUT_OF_SCHOOL_STATE_ENDED;
using v1::OUT_OF_SCHOOL_STATE_PLAN_BACK;
using v1::OUT_OF_SCHOOL_STATE_REPORTED;
using v1::OUT_OF_SCHOOL_STATE_RETURNING;

constexpr OutOfSchoolTransition kTransitions[] = {
    {OUT_OF_SCHOOL_STATE_REPORTED, OUT_OF_SCHOOL_STATE_PLAN_BACK},
    {OUT_OF_SCHOOL_STATE_PLAN_BACK, OUT_OF_SCHOOL_STATE_RETURNING},
    {OUT_OF_SCHOOL_STATE_RETURNING, OUT_OF_SCHOOL_STATE_BACK},
    // Sooner than planned.
    {OUT_OF_SCHOOL_STATE_REPORTED, OUT_OF_SCHOOL_STATE_BACK},
    {OUT_OF_SCHOOL_STATE_PLAN_BACK, OUT_OF_SCHOOL_STATE_BACK},
    // A setback: another plan.
    {OUT_OF_SCHOOL_STATE_RETURNING, OUT_OF_SCHOOL_STATE_PLAN_BACK},
    {OUT_OF_SCHOOL_STATE_REPORTED, OUT_OF_SCHOOL_STATE_ENDED},
    {OUT_OF_SCHOOL_STATE_PLAN_BACK, OUT_OF_SCHOOL_STATE_ENDED},
    {OUT_OF_SCHOOL_STATE_RETURNING, OUT_OF_SCHOOL_STATE_ENDED},
};

// The school's own file of the child, kept as absence (R31): about nobody else.
absl::Status CheckAbsenceLabel(const v1::OutOfSchool& asked, const access::v1::FamilyFacts& facts) {
  KP_RETURN_IF_ERROR(dossier::CheckLabel("absence.label", asked.label(), facts));
  const common::v1::About& about = asked.label().about();
  if (about.family() || about.persons_size() != 1 || about.persons(0) != asked.child()) {
    return InvalidField("absence.label", "be about the child and nobody else");
  }
  if (asked.label().compartment() != common::v1::COMPARTMENT_EDUCATION) {
    return InvalidField("absence.label", "be of the compartment EDUCATION");
  }
  return absl::OkStatus();
}

absl::Status CheckExpected(absl::string_view field, const std::string& date, base::Date today) {
  if (date.empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const base::Date day, dossier::ParseDay(field, date));
  return day < today ? InvalidField(field, "be today or later, or empty") : absl::OkStatus();
}

absl::Status CheckReport(const v1::OutOfSchool& asked, const access::v1::FamilyFacts& facts,
                         const access::v1::CaseFact& c, base::Date today) {
  if (std::find(c.children().begin(), c.children().end(), asked.child()) == c.children().end()) {
    return InvalidField("absence.child", "be a child that the case is about");
  }
  if (asked.kind() == v1::OUT_OF_SCHOOL_KIND_UNSPECIFIED ||
      !v1::OutOfSchoolKind_IsValid(asked.kind())) {
    return InvalidField("absence.kind", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("absence.school", asked.school(), "werkplaatsen"));
  KP_RETURN_IF_ERROR(dossier::ValidateText("absence.goal", asked.goal(), {}));
  KP_RETURN_IF_ERROR(CheckExpected("absence.expected_date", asked.expected_date(), today));
  return CheckAbsenceLabel(asked, facts);
}

}  // namespace

absl::Span<const OutOfSchoolTransition> OutOfSchoolTransitions() { return kTransitions; }

bool IsOver(v1::OutOfSchoolState state) {
  return state == OUT_OF_SCHOOL_STATE_BACK || state == OUT_OF_SCHOOL_STATE_ENDED;
}

absl::StatusOr<v1::OutOfSchool> ReportedAbsence(const SchoolDuty& duty,
                                                const v1::ReportOutOfSchoolRequest& req,
                                                const access::v1::FamilyFacts& facts,
                                                const access::v1::CaseFact& c, base::Date today) {
  const v1::OutOfSchool& asked = req.absence();
  KP_RETURN_IF_ERROR(CheckReport(asked, facts, c, today));
  KP_ASSIGN_OR_RETURN(const base::Date since,
                      dossier::ParseDay("absence.since_date", asked.since_date()));
  const access::v1::PersonFact* child = policy::FindPerson(facts, asked.child());
  if (child == nullptr) return dossier::errors::NotFound();
  const auto birth = base::ParseDate(child->birth_date());
  if (!birth.ok()) return absl::DataLossError("a birth date cannot be read");
  KP_ASSIGN_OR_RETURN(const v1::DutyRow* row,
                      duty.OutOfSchool({.pupil = {.birth = *birth, .qualified = req.qualified()},
                                        .since = since,
                                        .enrolled = asked.enrolled(),
                                        .ill_beyond_doubt = req.ill_beyond_doubt()},
                                       today));
  v1::OutOfSchool out;
  out.set_child(asked.child());
  out.set_since_date(asked.since_date());
  out.set_kind(asked.kind());
  out.set_enrolled(asked.enrolled());
  out.set_school(asked.school());
  out.set_goal(asked.goal());
  out.set_expected_date(asked.expected_date());
  out.set_duty(row->id());
  out.set_state(OUT_OF_SCHOOL_STATE_REPORTED);
  v1::OutOfSchoolChange* first = out.add_changes();
  first->set_state(OUT_OF_SCHOOL_STATE_REPORTED);
  first->set_date(base::FormatDate(today));
  return out;
}

absl::Status Advance(v1::OutOfSchool* absence, const v1::AdvanceOutOfSchoolRequest& req,
                     base::Date today) {
  if (req.state() == v1::OUT_OF_SCHOOL_STATE_UNSPECIFIED ||
      !v1::OutOfSchoolState_IsValid(req.state())) {
    return InvalidField("state", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("text", req.text(), {}));
  KP_RETURN_IF_ERROR(CheckExpected("expected_date", req.expected_date(), today));
  base::Date day = today;
  if (!req.date().empty()) {
    KP_ASSIGN_OR_RETURN(day, dossier::ParseDay("date", req.date()));
  }
  const auto last = base::ParseDate(
      absence->changes().empty() ? absence->since_date() : absence->changes().rbegin()->date());
  // A return may have begun before anybody wrote it down, but not before the child was away.
  const auto since = base::ParseDate(absence->since_date());
  const bool first = absence->changes_size() <= 1;
  const auto& earliest = first ? since : last;
  if (day > today || (earliest.ok() && day < *earliest)) {
    return InvalidField("date", "be no earlier than the state before began, and not after today");
  }
  const bool allowed =
      std::any_of(std::begin(kTransitions), std::end(kTransitions),
                  [&](const auto& t) { return t.from == absence->state() && t.to == req.state(); });
  if (!allowed) return errors::ForbiddenWayBack();
  absence->set_state(req.state());
  if (IsOver(req.state())) {
    absence->clear_expected_date();
  } else if (!req.expected_date().empty()) {
    absence->set_expected_date(req.expected_date());
  }
  v1::OutOfSchoolChange* change = absence->add_changes();
  change->set_state(req.state());
  change->set_date(base::FormatDate(day));
  change->set_text(req.text());
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
