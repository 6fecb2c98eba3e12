// What stops soon and who has to do something about it (R1, R14-R16), as one caller may see it.
// Nothing is stored: a lapse and a task follow from the facts, and are gone when their cause is.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_LAPSES_H_
#define KNOOPPUNT_SERVICES_ACCESS_LAPSES_H_

#include "absl/status/status.h"
#include "security/policy/authorized_call.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"
#include "services/access/agreement_view.h"
#include "services/access/facts_store.h"

namespace knooppunt::access {

inline constexpr int kMostDaysAhead = 366;
inline constexpr int kRoundOffDays = 14;  // after a youth closed the case (R16)
inline constexpr int kReviewAnnounceDays = 14;

// Pure. Lapses within `days` from today, by date; the caller's tasks, by date:
// - RENEW_CONSENT: who leads and the stand-in, from the day on which a lapse is announced until it
//   has come or no longer will, or another consent in force on that day covers the same;
// - SIGN: whose signature a consent lacks now, or will lack by an announced lapse, and who did not
//   refuse or withdraw;
// - APPOINT_REGISSEUR: who leads and the werkplaats, while a stand-in or the werkplaats leads, and
//   from policy::kAnnounceDays before the day on which the regisseur's function or seat is to end;
// - NAME_STAND_IN: the same, while there is no stand-in, and likewise before the stand-in's end;
// - PLAN_ADULTHOOD: who leads, the stand-in and the youth, for a child of the case of 17 and a
// half;
// - REVIEW_CASE: who leads, from kReviewAnnounceDays before the day of the review; from that day
// on,
//   when it is overdue, the stand-in and the werkplaats too;
// - ROUND_OFF: who led and the werkplaats, for sixty days after the youth closed the case;
// - REVIEW_GROUND: its reviewer.
v1::ListLapsesResponse AnswerLapses(const AgreementView& view, int days);

// What a worklist needs beside the dossier's own items: the tasks and the lapses of the next
// policy::kAnnounceDays days, into `decision`, which is allowed, about world.facts and has its
// leader. Exactly what ListLapses answers to the same caller: nothing where "consent.read" is
// refused (P4). And TAKE_OVER to who may take the case over, of which they see nothing else.
void FillWork(const policy::Table& table, const policy::World& world,
              const policy::Question& question, v1::Decision* decision);

// The handler. INVALID_ARGUMENT for days under 0 or over kMostDaysAhead.
absl::Status ListLapses(const policy::Table& table, FactsStore& facts,
                        const policy::AuthorizedCall& call, const v1::ListLapsesRequest& request,
                        v1::ListLapsesResponse* response);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_LAPSES_H_
