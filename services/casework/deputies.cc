// Deputising: a colleague takes over a seat for a period (R39). Declared in rules.h.

#include <algorithm>

#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

// Unix seconds; an end of 0 is open.
struct Period {
  int64_t start = 0;
  int64_t end = 0;
};

bool Overlap(const Period& a, const Period& b) {
  return (a.end == 0 || b.start < a.end) && (b.end == 0 || a.start < b.end);
}

// From now on when it begins today. No longer than the seat that is deputised.
absl::StatusOr<Period> PeriodOf(const v1::ArrangeDeputyRequest& req, const Seat& deputised,
                                absl::Time now) {
  const base::Date today = base::DateOf(now);
  base::Date start = today;
  if (!req.start_date().empty()) {
    KP_ASSIGN_OR_RETURN(start, dossier::ParseDay("start_date", req.start_date()));
  }
  if (start < today || start > today + kMaxDeputyDays) {
    return dossier::errors::InvalidField("start_date", "be empty, or from today to 92 days ahead");
  }
  KP_ASSIGN_OR_RETURN(const base::Date end, dossier::ParseDay("end_date", req.end_date()));
  if (end <= start || end > start + kMaxDeputyDays) {
    return dossier::errors::InvalidField("end_date", "be 1 to 92 days after the first day (R39)");
  }
  Period out;
  out.start = absl::ToUnixSeconds(start == today ? now : base::StartOf(start));
  out.end = absl::ToUnixSeconds(base::StartOf(end));
  if (deputised.end_time() != 0) out.end = std::min(out.end, deputised.end_time());
  if (out.end <= out.start) return errors::SeatEndsBefore();
  return out;
}

absl::Status CheckDeputised(const Seat& seat, absl::Time now) {
  if (!seat.person().empty()) return errors::FamilyIsNotDeputised();
  if (!seat.deputises().empty()) return errors::DeputyIsNotDeputised();
  if (seat.role() == access::v1::SEAT_ROLE_RECEIVER) return errors::ReceiverIsNotDeputised();
  if (!dossier::SeatJoined(seat, now)) return errors::SeatNotAtTable();
  return absl::OkStatus();
}

absl::Status CheckColleague(const Seat& seat, const v1::ArrangeDeputyRequest& req,
                            const access::v1::ProfessionalFacts& deputy, base::Date first) {
  if (deputy.name() != req.professional()) return errors::UnknownProfessional();
  if (deputy.name() == seat.professional()) return errors::DeputyIsSomebodyElse();
  if (dossier::FunctionAt(deputy, seat.organisation(), seat.function(), first) ==
      common::v1::FUNCTION_UNSPECIFIED) {
    return errors::NotAColleague();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Seat> DeputySeat(const CaseFact& c, const v1::ArrangeDeputyRequest& req,
                                const Arranger& arranger,
                                const access::v1::ProfessionalFacts& deputy, absl::string_view id,
                                absl::Time now) {
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("professional", req.professional(), "professionals"));
  const Seat& by = arranger.by;
  const Seat* seat = dossier::FindSeat(c, req.seat());
  if (seat == nullptr) return dossier::errors::NotFound();
  if (c.state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (by.id() != seat->id() && by.organisation() != c.organisation() &&
      !dossier::ActsFor(by, arranger.regisseur)) {
    return errors::NotYoursToDeputise();
  }
  if (by.professional() == req.professional()) return errors::OwnDeputy();
  KP_RETURN_IF_ERROR(CheckDeputised(*seat, now));
  KP_ASSIGN_OR_RETURN(const Period period, PeriodOf(req, *seat, now));
  KP_RETURN_IF_ERROR(
      CheckColleague(*seat, req, deputy, base::DateOf(absl::FromUnixSeconds(period.start))));
  for (const Seat& s : c.seats()) {
    if (!dossier::SeatOpen(s, now) || !Overlap(period, {s.start_time(), s.end_time()})) continue;
    if (s.professional() == req.professional() && s.organisation() == seat->organisation()) {
      return errors::DeputyAtTable();
    }
    if (s.deputises() == seat->id()) return errors::AlreadyDeputised();
  }
  Seat out;
  out.set_id(std::string(id));
  out.set_professional(req.professional());
  out.set_organisation(seat->organisation());
  out.set_function(seat->function());
  out.set_display_name(deputy.display_name());
  out.set_role(seat->role());
  out.set_state(access::v1::SEAT_STATE_JOINED);
  out.set_start_time(period.start);
  out.set_end_time(period.end);
  out.set_deputises(seat->id());
  return out;
}

void EndDeputiesOf(CaseFact* c, absl::string_view seat, absl::Time now) {
  for (Seat& s : *c->mutable_seats()) {
    if (s.deputises() == seat && dossier::SeatOpen(s, now)) {
      dossier::EndSeatAt(&s, now, "deputised");
    }
  }
}

}  // namespace knooppunt::casework
