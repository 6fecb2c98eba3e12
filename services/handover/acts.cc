// The acts on a handover, in the order of R26. Each: load, the table says whether it may be done
// and checks its guards (loading.h), what it changes, store.

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/text.h"
#include "services/handover/errors.h"
#include "services/handover/loading.h"
#include "services/handover/moving.h"
#include "services/handover/service.h"

namespace knooppunt::handover {

absl::Status HandoverService::Store(const Call& call, WriteTx& tx, const Transition& t,
                                    LoadedHandover* at, v1::Handover* resp) {
  if (t.effect == Effect::kOpen) {
    Offer(&at->facts, at->c, at->h, at->id, call.Id("s", 0), call.now());
  }
  if (t.effect == Effect::kEnd) EndOffer(&at->facts, at->c, at->h, at->id, call.now());
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, *at, random_));
  const bool facts_moved =
      t.effect == Effect::kOpen || t.effect == Effect::kEnd || t.effect == Effect::kMove;
  if (facts_moved) KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at->facts, random_));
  return Show(call, tx, std::move(at->h), resp);
}

absl::Status HandoverService::Sign(const Call& call, absl::string_view stage, LoadedHandover* at) {
  const bool sender = at->sides.sender;
  Declaration declaration = {
      .stage = stage,
      .side = sender ? v1::HANDOVER_SIDE_SENDER : v1::HANDOVER_SIDE_RECEIVER,
      .organisation = sender ? at->h.from_organisation() : at->h.to_organisation(),
      .signer = call.claims().subject(),
      .travelled = {},
      .withheld = at->withheld};
  // Form 1 has no hash of each part: what was shown before there was a receipt gets none.
  if (at->h.package_version() < 2) return absl::OkStatus();
  for (const OpenedPart& p : at->parts) declaration.travelled.push_back(PartHash(p.part));
  at->h.set_withheld_count(static_cast<int32_t>(at->withheld.size()));
  return Declare(keys_, declaration, call.now(), &at->h);
}

absl::Status HandoverService::Plain(const Call& call, WriteTx& tx,
                                    const v1::HandoverActRequest& req, Act act,
                                    v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(const Transition* t,
                      Do(call, tx, {.act = act, .note = req.note(), .etag = req.etag()}, &at));
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::ShowHandover(const Call& call, WriteTx& tx,
                                           const v1::HandoverActRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(
      const Transition* t,
      Do(call, tx, {.act = Act::kShow, .note = req.note(), .etag = req.etag()}, &at));
  KP_ASSIGN_OR_RETURN(const auto parts, LoadParts(call, tx, at.h, at.c->id()));
  if (static_cast<int>(parts.size()) != at.h.items_size()) return errors::PackageChanged();
  std::vector<std::string> hashes;
  for (const OpenedPart& p : parts) {
    v1::PartSeal* seal = at.h.add_seals();
    seal->set_item(p.part.item());
    seal->set_sha256(PartHash(p.part));
    hashes.push_back(seal->sha256());
  }
  at.h.set_package_version(2);
  at.h.set_package_sha256(PackageHashOf(std::move(hashes)));
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::AddFamilyView(const Call& call, WriteTx& tx,
                                            const v1::AddFamilyViewRequest& req,
                                            v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(dossier::ValidateText("view", req.view(), {}));
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(const Transition* t,
                      Do(call, tx, {.act = Act::kAddView, .etag = req.etag()}, &at));
  // Each family member adds; nobody takes away what another said.
  std::string* view = at.h.mutable_family_view();
  absl::StrAppend(view, view->empty() ? "" : "\n\n", req.view());
  if (view->size() > limits::kMaxTextBytes) {
    return dossier::errors::InvalidField("view", absl::StrCat("keep the whole family view within ",
                                                              limits::kMaxTextBytes, " bytes"));
  }
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::DecideStaying(const Call& call, WriteTx& tx,
                                            const v1::DecideStayingRequest& req,
                                            v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(CheckStaying(req, *at.c, at.h, call.person(), call.now()));
  KP_ASSIGN_OR_RETURN(const Transition* t,
                      Do(call, tx, {.act = Act::kStay, .etag = req.etag()}, &at));
  *at.h.mutable_staying_seats() = req.seats();
  at.h.set_staying_decided(true);
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::AuthoriseHandover(const Call& call, WriteTx& tx,
                                                const v1::HandoverActRequest& req,
                                                v1::Handover* resp) {
  return Plain(call, tx, req, Act::kAuthorise, resp);
}

absl::Status HandoverService::OfferHandover(const Call& call, WriteTx& tx,
                                            const v1::HandoverActRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(
      const Transition* t,
      Do(call, tx,
         {.act = Act::kOffer, .note = req.note(), .etag = req.etag(), .kinds = kinds_.get()}, &at));
  const v1::HandoverKindRow* row = kinds_->Find(at.h.kind());
  if (row == nullptr) return absl::InternalError("a handover has no kind");
  const base::Date answer = base::DateOf(call.now()) + row->answer_days();
  at.h.set_answer_date(base::FormatDate(answer));
  at.h.set_escalate_date(base::FormatDate(answer + row->escalate_days()));
  KP_RETURN_IF_ERROR(Sign(call, "offered", &at));
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::ReceiveHandover(const Call& call, WriteTx& tx,
                                              const v1::ReceiveHandoverRequest& req,
                                              v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  const Doing doing = {
      .act = Act::kReceive, .etag = req.etag(), .signed_for = &req.package_sha256()};
  KP_ASSIGN_OR_RETURN(const Transition* t, Do(call, tx, doing, &at));
  at.h.set_receipt_sha256(req.package_sha256());
  KP_RETURN_IF_ERROR(Sign(call, "received", &at));
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::InviteConversation(const Call& call, WriteTx& tx,
                                                 const v1::InviteConversationRequest& req,
                                                 v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(const Transition* t,
                      Do(call, tx, {.act = Act::kInvite, .etag = req.etag()}, &at));
  KP_RETURN_IF_ERROR(CheckInvitation(req.invitation(), *at.c, at.h, call.now()));
  v1::ConversationInvitation* invitation = at.h.add_invitations();
  *invitation = req.invitation();
  invitation->set_actor(call.actor());
  *invitation->mutable_time() = dossier::ToTimestamp(call.now());
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::RecordConversation(const Call& call, WriteTx& tx,
                                                 const v1::RecordConversationRequest& req,
                                                 v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  const Doing doing = {.act = Act::kConverse,
                       .etag = req.etag(),
                       .conversation = &req.conversation(),
                       .kinds = kinds_.get()};
  KP_ASSIGN_OR_RETURN(const Transition* t, Do(call, tx, doing, &at));
  *at.h.mutable_conversation() = req.conversation();
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::AcceptHandover(const Call& call, WriteTx& tx,
                                             const v1::AcceptHandoverRequest& req,
                                             v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(const Transition* t,
                      Do(call, tx, {.act = Act::kAccept, .etag = req.etag()}, &at));
  KP_RETURN_IF_ERROR(Accept(&at.facts, at.c, at.h,
                            {.handover_id = at.id,
                             .regisseur_seat = req.regisseur_seat(),
                             .stand_in_seat = req.stand_in_seat(),
                             .grace_days = grace_days_},
                            call.now()));
  KP_RETURN_IF_ERROR(Sign(call, "accepted", &at));
  return Store(call, tx, *t, &at, resp);
}

absl::Status HandoverService::CloseHandover(const Call& call, WriteTx& tx,
                                            const v1::HandoverActRequest& req, v1::Handover* resp) {
  return Plain(call, tx, req, Act::kClose, resp);
}

absl::Status HandoverService::ReturnHandover(const Call& call, WriteTx& tx,
                                             const v1::HandoverActRequest& req,
                                             v1::Handover* resp) {
  return Plain(call, tx, req, Act::kReturn, resp);
}

absl::Status HandoverService::WithdrawHandover(const Call& call, WriteTx& tx,
                                               const v1::HandoverActRequest& req,
                                               v1::Handover* resp) {
  return Plain(call, tx, req, Act::kWithdraw, resp);
}

}  // namespace knooppunt::handover
