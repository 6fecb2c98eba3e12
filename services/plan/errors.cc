#include "services/plan/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error.h"
#include "services/dossier/refusal.h"

namespace knooppunt::plan::errors {

using absl::StatusCode;
using base::MakeError;
using dossier::Invalid;
using dossier::Refused;

absl::Status Stale() {
  return MakeError(StatusCode::kAborted, "STALE_ETAG", "",
                   "Somebody changed this after you read it. Read it again, see what they wrote, "
                   "and make your change to that with the new etag.");
}
absl::Status EtagMissing() {
  return Invalid("ETAG_MISSING", "",
                 "State the etag of what you read, so that nobody's words are overwritten unseen.");
}
absl::Status MaskMissing(absl::Span<const absl::string_view> allowed) {
  return Invalid(
      "UPDATE_MASK_MISSING", "",
      absl::StrCat("Name in update_mask what changes: ", absl::StrJoin(allowed, ", "), "."));
}
absl::Status FieldNotForChange(absl::Span<const absl::string_view> allowed) {
  return Invalid("FIELD_NOT_FOR_CHANGE", "",
                 absl::StrCat("update_mask may name: ", absl::StrJoin(allowed, ", "),
                              ". For another label or another person, add a new item."));
}

absl::Status LabelNotAboutWisher() {
  return Invalid("R38_LABEL_NOT_ABOUT_WISHER", "R38",
                 "The label of a wish is about whose wish it is, or about the family.");
}
absl::Status NotYourWish() {
  return Refused("NOT_YOUR_WISH", "R9",
                 "Record your own wish, or that of a child over whom you hold gezag. Somebody else "
                 "gives theirs, to you both or to who sits at the table.");
}
absl::Status SelfIsLoggedIn() {
  return Refused("SELF_IS_LOGGED_IN", "R9",
                 "Written by themselves is only for one's own wish, logged in. Say how they gave "
                 "it: in a conversation, a letter, a drawing, or through somebody they trust.");
}
absl::Status WishIsTheirs() {
  return Refused(
      "WISH_IS_THEIRS", "R9",
      "This wish was given by somebody of the family in their own words: they change it, "
      "or you add what they told since as another wish.");
}

absl::Status GoalNeedsWish() {
  return Invalid("GOAL_NEEDS_WISH", "R9",
                 "A goal serves a wish of the child or a parent. Record that wish first, in their "
                 "own words, and name it in the goal.");
}
absl::Status UnknownWish() {
  return Refused("UNKNOWN_WISH", "R18",
                 "There is no such wish in this plan, or it is not for you. Name one that the plan "
                 "shows you, or record it first.");
}
absl::Status MeasureMissing() {
  return Invalid("MEASURE_MISSING", "", "State how we see that the goal is reached (measure).");
}
absl::Status ReviewInThePast() {
  return Refused("REVIEW_IN_THE_PAST", "", "The review date is today or later.");
}
absl::Status GoalNotOpen() {
  return Refused(
      "GOAL_NOT_OPEN", "",
      "This goal is no longer open. Take it up again first (evaluate it as open), or add "
      "a new one.");
}
absl::Status ForbiddenResult() {
  return Refused("FORBIDDEN_RESULT", "",
                 "A goal in this state cannot become that. An open goal stays open, is reached, "
                 "dropped or carried over; one that was reached or dropped can be taken up again; "
                 "one that was carried over goes on in its successor.");
}
absl::Status FamilyNotThere() {
  return Refused("FAMILY_NOT_THERE", "R4",
                 "A goal is looked at with the family. Name the seat of the family member who took "
                 "part, or state why nobody of the family did.");
}
absl::Status FamilyWasThere() {
  return Refused("FAMILY_WAS_THERE", "R4",
                 "Somebody of the family took part: leave out the reason why nobody did.");
}
absl::Status NotAtTable() {
  return Refused("NOT_AT_TABLE", "R5",
                 "Whoever took part has a joined seat at this table, and is named once.");
}
absl::Status ReviewNotNeeded() {
  return Invalid("REVIEW_NOT_NEEDED", "",
                 "A goal that is reached or dropped has no next review date: leave it out.");
}

absl::Status UnknownLink(absl::string_view field) {
  return Refused("UNKNOWN_LINK", "R18",
                 absl::StrCat("Field ", field,
                              " names something that is not in this case, or is not "
                              "for you. Name what the plan shows you."));
}
absl::Status OrganisationNotAtTable() {
  return Refused("ORGANISATION_NOT_AT_TABLE", "R8",
                 "This organisation has nobody at the table of this case. Invite one of its people "
                 "first, or name an organisation that sits there.");
}
absl::Status PeriodEndsBeforeItBegins() {
  return Invalid("PERIOD_ENDS_BEFORE_IT_BEGINS", "",
                 "The last day comes before the first. Correct start_date or end_date.");
}
absl::Status FundingMissing() {
  return Refused("R36_FUNDING_MISSING", "R36",
                 "State which law and budget carry the arrangement: education, Jeugdwet, Wmo, Wlz, "
                 "Zvw, or shared.");
}
absl::Status SplitMissing() {
  return Refused("R36_SPLIT_MISSING", "R36",
                 "What is shared states in split who carries which part: two laws or more, each "
                 "once, 100 percent together. What one budget carries has no split.");
}
absl::Status CollectiveKind() {
  return Invalid("COLLECTIVE_KIND", "R37",
                 "A schoolarrangement, a doelgroeparrangement and an OSK are collective. Choose "
                 "another kind, or collective.");
}

absl::Status WishIsNotDisputed() {
  return Invalid("WISH_IS_NOT_DISPUTED", "R9",
                 "A wish is somebody's own and is not disputed. Add your own wish, or react to the "
                 "goal that serves it.");
}
absl::Status DisputeNeedsText() {
  return Invalid("DISPUTE_NEEDS_TEXT", "R9", "Say in your own words what you dispute.");
}

absl::Status NoFonts() {
  return MakeError(StatusCode::kUnavailable, "NO_FONTS", "",
                   "This server has no fonts for PDF. Ask for HTML, and have a font installed "
                   "(package fonts-dejavu-core).");
}

}  // namespace knooppunt::plan::errors
