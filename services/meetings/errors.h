// Every domain error of meetings. Messages hold no input and no personal data; each says what to
// do. FAILED_PRECONDITION but where said. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_MEETINGS_ERRORS_H_
#define KNOOPPUNT_SERVICES_MEETINGS_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::meetings::errors {

// Changing something.
absl::Status Stale();        // ABORTED: the etag is of an earlier stand
absl::Status EtagMissing();  // INVALID_ARGUMENT
// INVALID_ARGUMENT. `allowed`: the fields that update_mask may name, words of ours.
absl::Status MaskMissing(absl::string_view allowed);
absl::Status FieldNotForChange(absl::string_view allowed);

// Meetings.
absl::Status MeetingInThePast();
absl::Status MeetingConcluded();
absl::Status NotYetHeld();
absl::Status BadTime(absl::string_view field);  // INVALID_ARGUMENT
absl::Status EndsBeforeItBegins();              // INVALID_ARGUMENT
absl::Status TimeIsOfTheSitting();
absl::Status MeetingCancelled();
absl::Status ReasonMissing();         // INVALID_ARGUMENT
absl::Status NotNeededIsCancelled();  // INVALID_ARGUMENT
absl::Status NothingMoves();          // INVALID_ARGUMENT

// Invitations.
absl::Status OneParty();  // INVALID_ARGUMENT
absl::Status NotAtTable();
absl::Status UnknownPerson();
absl::Status UnknownOrganisation();
absl::Status AlreadyInvited();  // ALREADY_EXISTS
absl::Status SeatEndsBeforeMeeting();
absl::Status NotYourInvitation();
absl::Status InvitationTakenBack();
absl::Status BadAnswer();  // INVALID_ARGUMENT
absl::Status NoVideo();
absl::Status RepresentativeMissing();  // INVALID_ARGUMENT
absl::Status NotYourColleague();
absl::Status UnknownRepresentative();

// The agenda and the minutes.
absl::Status NotYourItem();
absl::Status UnknownPlaceInAgenda();
absl::Status ForbiddenState();
absl::Status ItemDropped();
absl::Status NotYourMinutes();
absl::Status MinutesStand();
absl::Status NoMinutes();
absl::Status DisputeNeedsText();  // INVALID_ARGUMENT

// Sittings.
absl::Status NotYourWerkplaats();
absl::Status UnknownSitting();
absl::Status SittingOnAnotherDay();
absl::Status SlotOutsideSitting();
absl::Status SittingCancelled();

}  // namespace knooppunt::meetings::errors

#endif  // KNOOPPUNT_SERVICES_MEETINGS_ERRORS_H_
