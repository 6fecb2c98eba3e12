// What stands on a worklist: pure functions over the facts of a family, what stands open in its
// items, and what the decision brought along. No I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_RULES_H_
#define KNOOPPUNT_SERVICES_WORKLIST_RULES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/worklist/v1/store.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"

namespace knooppunt::worklist {

// Days within which an outcome is confirmed (R7), a step reacted to (R9), a proposal decided on
// (R6) and an invitation answered, before it counts as overdue. The domain names no term: two
// weeks, so that a knooppunt that meets each month has its answers before it sits again.
inline constexpr int kAnswerDays = 14;

// One family as one caller sees it. What is pointed to outlives the sight.
struct Sight {
  const access::v1::FamilyFacts* facts = nullptr;
  const access::v1::TokenClaims* claims = nullptr;  // the caller's
  const access::v1::Decision* decision = nullptr;   // seat, person, tasks and lapses
  std::string regisseur;                            // seat id of who acts as regisseur, or ""
  std::function<bool(absl::string_view scope)> opens;
  std::function<bool(absl::string_view consent)> in_force;
  absl::Time now;

  bool staff() const { return decision->person().empty(); }
  const std::string& organisation() const { return claims->organisation(); }
  base::Date today() const { return base::DateOf(now); }
};

// The case that work is about: the newest, while it is not closed; else nullptr.
const access::v1::CaseFact* OpenCaseOf(const access::v1::FamilyFacts& facts);
// The caller's own seat at it, open at `now`; nullptr when there is none.
const access::v1::Seat* OwnSeat(const Sight& sight);
// Whether that seat is only there to receive a handover (R26): nothing of the case is for it.
bool OnlyReceives(const Sight& sight);
// The handover that is offered to the caller and that they may read now, by id; "" when there is
// none. As GetHandover answers them under PURPOSE_HANDOVER (P4, R13).
std::string OfferedToMe(const Sight& sight, const v1::OpenItems& open);
// Whether an invitation to a meeting is for the caller, or for whom they deputise (R39), and its
// day is not over.
bool IsMyInvitation(const Sight& sight, const v1::OpenItem& invitation);
// "families/{f}/cases/{c}/meetings/{m}/invitations/{i}".
std::string InvitationSubject(const Sight& sight, const v1::OpenItem& invitation);
// Whether the caller's organisation still has to answer a request under the AVG, and the caller can
// do it (R40).
bool IsOursToAnswer(const Sight& sight, const v1::OpenItem& request);
// Whether the caller is the regisseur, or deputises for them (R1, R39).
bool LeadsCase(const Sight& sight);
// Whether the caller follows up the handovers of the case: the werkplaats that sends, and who
// leads, as they may read one (P4).
bool FollowsHandovers(const Sight& sight);
// "2026-11-23" and a number of days later.
std::string DaysAfter(absl::string_view iso, int days);
// "23-11-2026": how people write a day.
std::string DayText(absl::string_view iso);

// An entry, and the item whose words it may carry.
struct Line {
  v1::Entry entry;
  std::string item;  // id of a step; empty when there are no words
};
// Everything of one family that stands on the worklist asked for.
std::vector<Line> Lines(const Sight& sight, const v1::OpenItems& open, v1::Whose whose);

// INVALID_ARGUMENT naming the field.
absl::Status CheckFilter(const v1::WorklistFilter& filter);
bool Fits(const v1::WorklistFilter& filter, const v1::Entry& entry);

// By date, what has none last; then by what it is about, so that the order is one and the same.
std::string OrderKey(const v1::Entry& entry);

// A token says after which key the next page begins, for one question. It grants nothing: each
// page is decided anew. INVALID_ARGUMENT for a token of another question.
std::string TokenAfter(absl::string_view key, const google::protobuf::Message& question);
absl::StatusOr<std::string> KeyOfToken(absl::string_view token,
                                       const google::protobuf::Message& question);
// INVALID_ARGUMENT for a negative size; 0 and more than the cap are the cap.
absl::StatusOr<int> PageSize(int32_t asked);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_RULES_H_
