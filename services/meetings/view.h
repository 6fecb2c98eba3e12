// A meeting as one caller may see it (R18): when and where for who is invited, its words for whom
// its label opens, and of the agenda the items that open, in order and with nothing between them.
// Not thread-safe: belongs to one call.
#ifndef KNOOPPUNT_SERVICES_MEETINGS_VIEW_H_
#define KNOOPPUNT_SERVICES_MEETINGS_VIEW_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "knooppunt/worklist/v1/store.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"
#include "services/meetings/rules.h"
#include "services/meetings/store.h"

namespace knooppunt::meetings {

using policy::AuthorizedCall;

// The meetings of one family, read from the store: three rows. Not movable: it is pointed into.
struct Meetings {
  Meetings() = default;
  Meetings(const Meetings&) = delete;
  Meetings& operator=(const Meetings&) = delete;

  access::v1::FamilyFacts facts;
  StoredMeetings stored;
  worklist::v1::OpenItems open;
};
absl::Status LoadFamily(const AuthorizedCall& call, storage::ReadTx& tx, Meetings* out);

// The caller at the table of `c`.
Me MeAt(const AuthorizedCall& call, const access::v1::CaseFact& c);
// Whether it is planned and not concluded: what the store itself keeps up as a meeting is written,
// so that it can be told without opening it.
bool IsPlanned(const Meetings& family, absl::string_view meeting);

// "families/{f}/cases/{c}/meetings/{m}".
std::string MeetingName(absl::string_view family, absl::string_view case_id, absl::string_view id);
std::string ItemName(absl::string_view meeting, absl::string_view id);
std::string InvitationName(absl::string_view meeting, absl::string_view id);
// Hex of the first 16 bytes of SHA-256 over a view whose own etag is not set.
std::string EtagOf(const google::protobuf::Message& view);
// ABORTED, or INVALID_ARGUMENT when none is stated.
absl::Status CheckEtag(absl::string_view stated, absl::string_view now);

// One agenda item, opened, its label put in; as it is stored.
absl::StatusOr<v1::AgendaItem> ParseAgendaItem(const dossier::Item& item);

// Turns what is kept and stored into what the caller may see of it.
class Reader {
 public:
  // Nothing is owned; all outlive the reader.
  Reader(const AuthorizedCall& call, storage::ReadTx& tx, const Meetings& family)
      : call_(call), tx_(tx), family_(family) {}

  // The meeting with the items that open; `name` is its own.
  absl::StatusOr<v1::Agenda> ShowAgenda(const std::string& name, const v1::KeptMeeting& meeting);
  // A stored item, its label put in, becomes what the caller sees, with its etag.
  absl::Status ShowItem(v1::AgendaItem* item);
  // Subjects only of one's own.
  absl::StatusOr<v1::Invitation> ShowInvitation(const std::string& meeting_name,
                                                const v1::KeptMeeting& meeting,
                                                const v1::KeptInvitation& invitation, bool own);
  // What the caller reads of the meeting: itself, and the items that were not dropped.
  absl::StatusOr<std::vector<Readable>> ReadableOf(const std::string& name,
                                                   const v1::KeptMeeting& meeting);
  // The items that open, as stored, in order.
  absl::StatusOr<std::vector<v1::AgendaItem>> OpenItems(const v1::KeptMeeting& meeting);
  // Whether the permit opens the item of this person of the family, or the caller is that person.
  absl::StatusOr<bool> SeesPerson(const std::string& person);

 private:
  // Whether the sitting in which the meeting has its slot is not as it was then.
  absl::StatusOr<bool> SittingChanged(const v1::KeptMeeting& meeting);
  template <typename Authored>
  absl::Status ShowAuthor(Authored* message);

  const AuthorizedCall& call_;
  storage::ReadTx& tx_;
  const Meetings& family_;
  absl::flat_hash_map<std::string, bool> persons_;
};

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_VIEW_H_
