// One meeting that a call is about, and what every change of it starts from. Thread-safe (no
// state).
#ifndef KNOOPPUNT_SERVICES_MEETINGS_MEETING_H_
#define KNOOPPUNT_SERVICES_MEETINGS_MEETING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/resource_name.h"
#include "services/meetings/view.h"

namespace knooppunt::meetings {

// Not movable: it points into itself.
struct LoadedMeeting {
  LoadedMeeting() = default;
  LoadedMeeting(const LoadedMeeting&) = delete;
  LoadedMeeting& operator=(const LoadedMeeting&) = delete;

  std::string name;  // "families/{f}/cases/{c}/meetings/{m}"
  Meetings family;
  const access::v1::CaseFact* c = nullptr;  // in family.facts
  // What is kept of it; made from its item when nothing was kept yet, and then not in
  // family.stored.
  v1::KeptMeeting meeting;
  bool opened = false;   // the permit opens the meeting itself
  bool planned = false;  // not concluded and not cancelled
  Me me;

  bool IsOver(absl::Time now) const { return meeting.date() < base::FormatDate(base::DateOf(now)); }
};
// The meeting of the case that `name` begins with, as far as "families/*/cases/*/meetings/*". For
// whom its label opens, for who is invited, and for who reads the own record of the organisation
// and has an item in it (R11); for anybody else the constant NOT_FOUND (R18), with the same work.
absl::Status LoadMeeting(const AuthorizedCall& call, storage::ReadTx& tx,
                         const base::ResourceName& name, LoadedMeeting* out);
// Puts out->meeting back among what is kept, and saves that. RESOURCE_EXHAUSTED over
// limits::kMaxMeetingsKept.
absl::Status SaveMeeting(const AuthorizedCall& call, storage::WriteTx& tx, LoadedMeeting* loaded,
                         crypto::Random& random);

// Why a meeting that is not planned (any more) takes no answer and no change.
absl::Status NotPlanned(const LoadedMeeting& loaded);

// For who prepares: the meeting opens to them, is planned, its day is not over, and the case
// is not closed.
absl::Status CheckToPrepare(const AuthorizedCall& call, const LoadedMeeting& loaded);

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_MEETING_H_
