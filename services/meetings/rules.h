// The rules of meetings: pure functions over the facts of a family, what is kept beside its
// meetings, and the messages of a request. No I/O, no clock. Thread-safe (no state). Returned
// pointers live as long as what they point into.
#ifndef KNOOPPUNT_SERVICES_MEETINGS_RULES_H_
#define KNOOPPUNT_SERVICES_MEETINGS_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "knooppunt/meetings/v1/store.pb.h"

namespace knooppunt::meetings {

// ---- Times -------------------------------------------------------------------

// Minutes since midnight of "09:40". INVALID_ARGUMENT naming `field`.
absl::StatusOr<int> MinuteOfDay(absl::string_view field, absl::string_view text);
// Both are times, and the end comes after the start.
struct Period {
  absl::string_view start;
  absl::string_view end;
};
absl::Status CheckPeriod(const Period& period);
bool Overlap(const Period& a, const Period& b);  // of two checked periods

// ---- Who asks ------------------------------------------------------------------

// The caller at a table: their seat there, invited or joined and not ended, and who they are of the
// family; of either, nothing when there is none.
struct Me {
  const access::v1::Seat* seat = nullptr;
  absl::string_view person;
  bool staff = false;
};
// Runs the meetings of the case: the werkplaats, the regisseur and the stand-in, and who deputises
// for them (R1, R39). Whether they may at all the policy says; this is whose items they may change.
bool LeadsMeetings(const access::v1::CaseFact& c, const Me& me, absl::Time now);

// ---- Invitations -----------------------------------------------------------------

const v1::KeptMeeting* FindMeeting(const v1::KeptMeetings& kept, absl::string_view id);
v1::KeptMeeting* MutableMeeting(v1::KeptMeetings* kept, absl::string_view id);
const v1::KeptInvitation* FindInvitation(const v1::KeptMeeting& meeting, absl::string_view id);
v1::KeptInvitation* MutableInvitation(v1::KeptMeeting* meeting, absl::string_view id);
bool IsTakenBack(const v1::KeptInvitation& invitation);
// Of the caller, or of the seat that they deputise for (R39).
bool IsOwn(const v1::KeptInvitation& invitation, const Me& me);
// The caller's own invitation that was not taken back; nullptr when there is none.
const v1::KeptInvitation* OwnInvitation(const v1::KeptMeeting& meeting, const Me& me);
// The invitation of a seat or a person that was not taken back.
const v1::KeptInvitation* InvitationOf(const v1::KeptMeeting& meeting, absl::string_view seat,
                                       absl::string_view person);

// Not answered: sent, or moved since it was.
bool AwaitsAnswer(const v1::KeptInvitation& invitation);
// After the meeting moved, who is invited is asked anew: what they answered was about another
// moment.
void AskAnew(v1::KeptMeeting* meeting);
// After it was cancelled, nobody is asked any more.
void CallOff(v1::KeptMeeting* meeting);

// Shape of an answer, and what the meeting offers. Who represents is the handler's to look up.
absl::Status CheckAnswer(const v1::AnswerInvitationRequest& req, const v1::KeptMeeting& meeting,
                         const Me& me);
// Takes a checked answer over.
void Answer(const v1::AnswerInvitationRequest& req, absl::Time now, v1::KeptInvitation* invitation);

// ---- What others would read (R11-R13) ----------------------------------------------

// Something of the meeting that the caller reads.
struct Readable {
  std::string name;
  std::string scope;
  common::v1::Label label;
};
// What is decided about the party of an invitation; nullptr when they have no place any more.
// `function` picks among those in which a professional without a seat would come.
const access::v1::PartySight* SightOf(const access::v1::Decision& decision,
                                      const v1::KeptInvitation& invitation);
const access::v1::PartySight* SightOfNamed(const access::v1::Decision& decision,
                                           const v1::NewParty& party);
// `party` may be nullptr: nothing opens.
v1::InvitationCheck CheckOf(absl::Span<const Readable> readable,
                            const access::v1::PartySight* party, absl::string_view organisation);

// ---- The agenda ------------------------------------------------------------------

absl::Status CheckItem(const v1::AgendaItem& item);
// Who brought an item in, or leads (R9).
bool MayChange(const v1::AgendaItem& item, const access::v1::CaseFact& c, const Me& me,
               absl::Time now);
// PLANNED and DROPPED, one into the other.
absl::Status CheckStateChange(v1::AgendaItemState from, v1::AgendaItemState to);
// Puts an item behind another, or first. False when either is not on the agenda, or they are one.
bool MoveBehind(absl::string_view item, absl::string_view after, v1::KeptMeeting* meeting);

// Whether these minutes may be written, over what stands now (R9).
struct Minuting {
  bool concluded = false;
  bool held = false;  // its day has come
};
absl::Status CheckMinutes(const v1::RecordMinutesRequest& req, const v1::AgendaItem& item,
                          const Minuting& when);
absl::Status CheckStatement(const v1::ReactToMinutesRequest& req, const v1::AgendaItem& item);

// ---- Moving and cancelling -----------------------------------------------------------

// Takes a checked move over: day, times and place of `meeting`, which leaves its sitting when it
// has another moment. INVALID_ARGUMENT for what is no day from `today` on, no times, no place, no
// reason or no change.
absl::Status Move(const v1::MoveMeetingRequest& req, base::Date today, v1::KeptMeeting* meeting);
// A reason that a cancelled meeting or sitting can have. INVALID_ARGUMENT.
absl::Status CheckCancelReason(v1::ChangeReason reason);
// A reason to move one.
absl::Status CheckMoveReason(v1::ChangeReason reason);

// ---- Changes ---------------------------------------------------------------------

// Takes the fields that `mask` names over from `from`. INVALID_ARGUMENT for an empty mask and for
// any other field than `allowed`, words of ours joined by ", ".
absl::Status ApplyMask(const google::protobuf::Message& from,
                       const google::protobuf::FieldMask& mask, absl::string_view allowed,
                       google::protobuf::Message* to);

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_RULES_H_
