// Minutes by item, and what the parties say about them (R9).

#include <utility>

#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/meetings/errors.h"
#include "services/meetings/item.h"
#include "services/meetings/service.h"

namespace knooppunt::meetings {

absl::Status MeetingsService::RecordMinutes(const Call& call, WriteTx& tx,
                                            const v1::RecordMinutesRequest& req,
                                            v1::AgendaItem* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadItem(call, tx, req.name(), &loaded));
  KP_RETURN_IF_ERROR(CheckItemEtag(call, tx, loaded, req.etag()));
  const Me& me = loaded.of.me;
  const bool brought = me.staff && MayChange(loaded.item, *loaded.of.c, me, call.now());
  if (!brought && !LeadsMeetings(*loaded.of.c, me, call.now())) return errors::NotYourMinutes();
  if (loaded.of.meeting.cancelled()) return errors::MeetingCancelled();
  const bool held = loaded.of.meeting.date() <= base::FormatDate(base::DateOf(call.now()));
  KP_RETURN_IF_ERROR(
      CheckMinutes(req, loaded.item, {.concluded = !loaded.of.planned, .held = held}));
  v1::AgendaItem next = loaded.item;
  next.set_state(v1::AGENDA_ITEM_STATE_DISCUSSED);
  v1::Minutes* minutes = next.mutable_minutes();
  minutes->set_said(req.said());
  minutes->set_conclusion(req.conclusion());
  minutes->set_author(call.actor());
  *minutes->mutable_time() = dossier::ToTimestamp(call.now());
  minutes->set_revision(minutes->revision() + 1);
  return SaveItem(call, tx, loaded, std::move(next), random_, resp);
}

absl::Status MeetingsService::ReactToMinutes(const Call& call, WriteTx& tx,
                                             const v1::ReactToMinutesRequest& req,
                                             v1::AgendaItem* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadItem(call, tx, req.name(), &loaded));
  if (dossier::CallerSeat(call, *loaded.of.c) == nullptr) return dossier::errors::NoSeat();
  KP_RETURN_IF_ERROR(CheckStatement(req, loaded.item));
  v1::AgendaItem next = loaded.item;
  v1::Statement* statement = next.add_statements();
  statement->set_author(call.actor());
  statement->set_confirmed(req.confirmed());
  statement->set_text(req.text());
  *statement->mutable_time() = dossier::ToTimestamp(call.now());
  statement->set_revision(next.minutes().revision());
  return SaveItem(call, tx, loaded, std::move(next), random_, resp);
}

}  // namespace knooppunt::meetings
