// Every domain error of the plan. Messages hold no input and no personal data; each says what to
// do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_ERRORS_H_
#define KNOOPPUNT_SERVICES_PLAN_ERRORS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace knooppunt::plan::errors {

// Changing something: all but the first INVALID_ARGUMENT.
absl::Status Stale();  // ABORTED: the etag is of an earlier stand
absl::Status EtagMissing();
// `allowed`: the fields that an update may name, words of ours.
absl::Status MaskMissing(absl::Span<const absl::string_view> allowed);
absl::Status FieldNotForChange(absl::Span<const absl::string_view> allowed);

// Wishes. All FAILED_PRECONDITION but where said.
absl::Status LabelNotAboutWisher();  // INVALID_ARGUMENT
absl::Status NotYourWish();
absl::Status SelfIsLoggedIn();
absl::Status WishIsTheirs();

// Goals. All FAILED_PRECONDITION but where said.
absl::Status GoalNeedsWish();  // INVALID_ARGUMENT
absl::Status UnknownWish();
absl::Status MeasureMissing();  // INVALID_ARGUMENT
absl::Status ReviewInThePast();
absl::Status GoalNotOpen();
absl::Status ForbiddenResult();
absl::Status FamilyNotThere();
absl::Status FamilyWasThere();
absl::Status NotAtTable();
absl::Status ReviewNotNeeded();  // INVALID_ARGUMENT

// Links and arrangements. All FAILED_PRECONDITION but where said.
absl::Status UnknownLink(absl::string_view field);
absl::Status OrganisationNotAtTable();
absl::Status PeriodEndsBeforeItBegins();  // INVALID_ARGUMENT
absl::Status FundingMissing();
absl::Status SplitMissing();
absl::Status CollectiveKind();  // INVALID_ARGUMENT

// Reactions (R9): INVALID_ARGUMENT.
absl::Status WishIsNotDisputed();
absl::Status DisputeNeedsText();

// A document without letters: UNAVAILABLE.
absl::Status NoFonts();

}  // namespace knooppunt::plan::errors

#endif  // KNOOPPUNT_SERVICES_PLAN_ERRORS_H_
