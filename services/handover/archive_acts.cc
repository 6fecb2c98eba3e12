// What the receiving side does with what it took in from another installation: accept or return it,
// and say so in a receipt (R26-R28).

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/handover/archive_errors.h"
#include "services/handover/archive_format.h"
#include "services/handover/archive_service.h"
#include "services/handover/archive_store.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchiveReceipt;
using archive::v1::ArchiveStage;
using policy::AuthorizedCall;

ArchiveStage StageOf(HandoverState state) {
  switch (state) {
    case v1::HANDOVER_STATE_RECEIVED:
    case v1::HANDOVER_STATE_EXPIRED:
      return archive::v1::ARCHIVE_STAGE_RECEIVED;
    case v1::HANDOVER_STATE_RETURNED:
      return archive::v1::ARCHIVE_STAGE_RETURNED;
    default:
      return archive::v1::ARCHIVE_STAGE_ACCEPTED;
  }
}

// Who leads, by name: a professional as the table knows them, of the family only that it is one.
std::string RegisseurName(const CaseFact& c, absl::string_view seat) {
  const Seat* s = dossier::FindSeat(c, seat);
  return s == nullptr || s->display_name().empty() ? "een lid van het gezin" : s->display_name();
}

// The last act that led to the state that the receipt is about.
const v1::HandoverAct* ActOf(const v1::Handover& h, ArchiveStage stage) {
  const HandoverState state =
      stage == archive::v1::ARCHIVE_STAGE_RECEIVED
          ? v1::HANDOVER_STATE_RECEIVED
          : (stage == archive::v1::ARCHIVE_STAGE_RETURNED ? v1::HANDOVER_STATE_RETURNED
                                                          : v1::HANDOVER_STATE_ACCEPTED);
  const v1::HandoverAct* found = nullptr;
  for (const v1::HandoverAct& act : h.acts()) {
    if (act.state() == state) found = &act;
  }
  return found;
}

}  // namespace

absl::Status ArchiveService::LoadImport(const Call& call, ReadTx& tx, absl::string_view name,
                                        absl::string_view etag, LoadedHandover* out) {
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, name, out));
  if (!out->h.elsewhere().from_there()) return errors::NotFromAnotherInstallation();
  if (call.organisation() != out->h.to_organisation()) return errors::NotYourSide();
  if (etag.empty()) return absl::OkStatus();
  v1::Handover seen;
  KP_RETURN_IF_ERROR(Show(call, tx, out->h, &seen));
  return seen.etag() == etag ? absl::OkStatus() : errors::StaleEtag();
}

absl::Status ArchiveService::StoreImport(const Call& call, WriteTx& tx, LoadedHandover* at,
                                         v1::Handover* resp) {
  RemoveHandoverFact(&at->facts, at->id);
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, *at, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at->facts, random_));
  return Show(call, tx, std::move(at->h), resp);
}

absl::Status ArchiveService::AcceptImport(const Call& call, WriteTx& tx,
                                          const archive::v1::AcceptImportRequest& req,
                                          v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadImport(call, tx, req.name(), req.etag(), &at));
  at.sides = {.receiver = true};
  const base::Date today = base::DateOf(call.now());
  // The same rows of the same table: received, conversation held, accepted, closed.
  KP_ASSIGN_OR_RETURN(const Transition* talk,
                      FindTransition(at.h, Act::kConverse, at.sides, today));
  const v1::HandoverKindRow* row = kinds_->Find(at.h.kind());
  if (row == nullptr) return absl::InternalError("a handover has no kind");
  KP_RETURN_IF_ERROR(CheckConversation(req.conversation(), *row, today));
  Record(&at.h, {.state = talk->to, .actor = call.actor(), .note = ""}, call.now());
  *at.h.mutable_elsewhere()->mutable_conversation() = req.conversation();
  KP_ASSIGN_OR_RETURN(const Transition* accept,
                      FindTransition(at.h, Act::kAccept, at.sides, today));
  KP_RETURN_IF_ERROR(dossier::CheckAppointment(
      *at.c, {.seat = req.regisseur_seat(), .stand_in_seat = req.stand_in_seat()}, call.now()));
  KP_ASSIGN_OR_RETURN(const access::v1::CaseState active,
                      casework::NextState(at.c->state(), casework::CaseAct::kAppoint));
  at.c->set_state(active);
  casework::EnsureReview(at.c, today);
  dossier::ReplaceTerm(
      at.c,
      {.seat = req.regisseur_seat(), .stand_in_seat = req.stand_in_seat(), .reason = "HANDOVER"},
      call.now());
  Record(&at.h, {.state = accept->to, .actor = call.actor(), .note = ""}, call.now());
  at.h.mutable_elsewhere()->set_regisseur_name(RegisseurName(*at.c, req.regisseur_seat()));
  KP_ASSIGN_OR_RETURN(const Transition* close, FindTransition(at.h, Act::kClose, at.sides, today));
  Record(&at.h, {.state = close->to, .actor = call.actor(), .note = ""}, call.now());
  return StoreImport(call, tx, &at, resp);
}

absl::Status ArchiveService::ReturnImport(const Call& call, WriteTx& tx,
                                          const archive::v1::ReturnImportRequest& req,
                                          v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadImport(call, tx, req.name(), req.etag(), &at));
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  // Also after its date: the sending side hears why, and this side is rid of it.
  if (at.h.state() != v1::HANDOVER_STATE_RECEIVED) return errors::ForbiddenTransition();
  Record(&at.h, {.state = v1::HANDOVER_STATE_RETURNED, .actor = call.actor(), .note = req.reason()},
         call.now());
  KP_RETURN_IF_ERROR(RememberReturned(call, tx, at.h.elsewhere().archive()));
  KP_ASSIGN_OR_RETURN(const access::v1::CaseState closed,
                      casework::NextState(at.c->state(), casework::CaseAct::kClose));
  casework::CloseCaseFact(at.c, closed, call.now());
  casework::v1::Case closing;
  closing.set_outcome(absl::StrCat("Teruggegeven aan ", at.h.elsewhere().werkplaats_name(),
                                   ", dat voor de casus blijft instaan: ", req.reason()));
  closing.set_close_kind(casework::v1::CLOSE_KIND_OTHER);
  KP_RETURN_IF_ERROR(dossier::InsertBeside(call, tx,
                                           {.id = call.Id("closing", 0),
                                            .kind = dossier::ItemKind::kClosing,
                                            .case_id = at.c->id(),
                                            .payload = closing.SerializeAsString()},
                                           at.item, random_));
  return StoreImport(call, tx, &at, resp);
}

absl::Status ArchiveService::GetArchiveReceipt(const Call& call, ReadTx& tx,
                                               const archive::v1::GetArchiveReceiptRequest& req,
                                               archive::v1::ArchiveFile* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadImport(call, tx, req.name(), "", &at));
  if (installations_ == nullptr) return errors::NoOtherInstallations();
  const v1::OtherInstallation& there = at.h.elsewhere();
  const Installation* to = installations_->Find(there.installation());
  if (to == nullptr) return errors::InstallationGone();
  ArchiveReceipt r;
  r.set_version(kArchiveVersion);
  r.set_archive(there.archive());
  r.set_sender(installations_->own_fingerprint());
  r.set_recipient(to->certificate.fingerprint());
  r.set_handover(there.handover());
  r.set_package_sha256(at.h.package_sha256());
  r.set_stage(StageOf(at.h.state()));
  r.set_signer_name(call.claims().display_name());
  const v1::HandoverAct* act = ActOf(at.h, r.stage());
  if (act == nullptr) return absl::InternalError("a handover has no act for its state");
  r.set_time(base::FormatInstant(absl::FromUnixSeconds(act->time().seconds())));
  if (r.stage() == archive::v1::ARCHIVE_STAGE_RETURNED) r.set_reason(act->note());
  if (r.stage() == archive::v1::ARCHIVE_STAGE_ACCEPTED) {
    *r.mutable_conversation() = there.conversation();
    r.set_regisseur_name(there.regisseur_name());
  }
  *r.mutable_travelled() = there.travelled();
  const std::string encoded = EncodeReceipt(r);
  KP_RETURN_IF_ERROR(DecodeReceipt(encoded).status());  // as over there
  KP_ASSIGN_OR_RETURN(*resp->mutable_content(), installations_->Pack(*to, encoded));
  resp->set_name(at.h.name());
  resp->set_archive(there.archive());
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
