// The acts on a handover, in the order of R26. Each: load, the table says whether it may be
// done, what it changes, store.

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/text.h"
#include "services/handover/errors.h"
#include "services/handover/loading.h"
#include "services/handover/service.h"

namespace knooppunt::handover {

absl::Status HandoverService::ShowHandover(const Call& call, WriteTx& tx,
                                           const v1::HandoverActRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kShow, .note = req.note()}, &at));
  KP_ASSIGN_OR_RETURN(const auto parts, LoadParts(call, tx, at.h, at.c->id()));
  if (static_cast<int>(parts.size()) != at.h.items_size()) return errors::PackageChanged();
  at.h.set_package_sha256(PackageHash(parts));
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::AddFamilyView(const Call& call, WriteTx& tx,
                                            const v1::AddFamilyViewRequest& req,
                                            v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(dossier::ValidateText("view", req.view(), {}));
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kAddView, .note = ""}, &at));
  // Each family member adds; nobody takes away what another said.
  std::string* view = at.h.mutable_family_view();
  absl::StrAppend(view, view->empty() ? "" : "\n\n", req.view());
  if (view->size() > limits::kMaxTextBytes) {
    return dossier::errors::InvalidField("view", absl::StrCat("keep the whole family view within ",
                                                              limits::kMaxTextBytes, " bytes"));
  }
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::AuthoriseHandover(const Call& call, WriteTx& tx,
                                                const v1::HandoverActRequest& req,
                                                v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kAuthorise, .note = req.note()}, &at));
  KP_RETURN_IF_ERROR(CheckPackage(call, tx, at));
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::OfferHandover(const Call& call, WriteTx& tx,
                                            const v1::HandoverActRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kOffer, .note = req.note()}, &at));
  KP_RETURN_IF_ERROR(CheckPackage(call, tx, at));  // consent may have been withdrawn since
  Offer(&at.facts, at.c, at.h, at.id, call.Id("s", 0), call.now());
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at.facts, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::ReceiveHandover(const Call& call, WriteTx& tx,
                                              const v1::ReceiveHandoverRequest& req,
                                              v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kReceive, .note = ""}, &at));
  if (req.package_sha256() != at.h.package_sha256()) return errors::ReceiptDiffers();
  KP_RETURN_IF_ERROR(CheckPackage(call, tx, at));  // what the receiver opens is what was shown
  at.h.set_receipt_sha256(req.package_sha256());
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::RecordConversation(const Call& call, WriteTx& tx,
                                                 const v1::RecordConversationRequest& req,
                                                 v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kConverse, .note = ""}, &at));
  KP_RETURN_IF_ERROR(CheckConversation(req.conversation(), *at.c, at.h, call.now()));
  *at.h.mutable_conversation() = req.conversation();
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::AcceptHandover(const Call& call, WriteTx& tx,
                                             const v1::AcceptHandoverRequest& req,
                                             v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kAccept, .note = ""}, &at));
  KP_RETURN_IF_ERROR(CheckPackage(call, tx, at));
  KP_RETURN_IF_ERROR(Accept(&at.facts, at.c, at.h,
                            {.handover_id = at.id,
                             .regisseur_seat = req.regisseur_seat(),
                             .stand_in_seat = req.stand_in_seat(),
                             .grace_days = grace_days_},
                            call.now()));
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at.facts, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::CloseHandover(const Call& call, WriteTx& tx,
                                            const v1::HandoverActRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kClose, .note = req.note()}, &at));
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::ReturnHandover(const Call& call, WriteTx& tx,
                                             const v1::HandoverActRequest& req,
                                             v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kReturn, .note = req.note()}, &at));
  EndOffer(&at.facts, at.c, at.h, at.id, call.now());
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at.facts, random_));
  return Show(call, tx, std::move(at.h), resp);
}

absl::Status HandoverService::WithdrawHandover(const Call& call, WriteTx& tx,
                                               const v1::HandoverActRequest& req,
                                               v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(Do(call, {.act = Act::kWithdraw, .note = req.note()}, &at));
  EndOffer(&at.facts, at.c, at.h, at.id, call.now());
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at.facts, random_));
  return Show(call, tx, std::move(at.h), resp);
}

}  // namespace knooppunt::handover
