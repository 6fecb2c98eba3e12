#include "services/handover/service.h"

#include <functional>

namespace knooppunt::handover {

void HandoverService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = HandoverService;
#define KP_METHOD(name) "/knooppunt.handover.v1.HandoverService/" name
  r.Write<v1::DraftHandoverRequest, v1::Handover>(KP_METHOD("DraftHandover"),
                                                  bind_front(&S::DraftHandover, this));
  r.Write<v1::HandoverActRequest, v1::Handover>(KP_METHOD("ShowHandover"),
                                                bind_front(&S::ShowHandover, this));
  r.Write<v1::AddFamilyViewRequest, v1::Handover>(KP_METHOD("AddFamilyView"),
                                                  bind_front(&S::AddFamilyView, this));
  r.Write<v1::HandoverActRequest, v1::Handover>(KP_METHOD("AuthoriseHandover"),
                                                bind_front(&S::AuthoriseHandover, this));
  r.Write<v1::HandoverActRequest, v1::Handover>(KP_METHOD("OfferHandover"),
                                                bind_front(&S::OfferHandover, this));
  r.Write<v1::ReceiveHandoverRequest, v1::Handover>(KP_METHOD("ReceiveHandover"),
                                                    bind_front(&S::ReceiveHandover, this));
  r.Write<v1::RecordConversationRequest, v1::Handover>(KP_METHOD("RecordConversation"),
                                                       bind_front(&S::RecordConversation, this));
  r.Write<v1::AcceptHandoverRequest, v1::Handover>(KP_METHOD("AcceptHandover"),
                                                   bind_front(&S::AcceptHandover, this));
  r.Write<v1::HandoverActRequest, v1::Handover>(KP_METHOD("CloseHandover"),
                                                bind_front(&S::CloseHandover, this));
  r.Write<v1::HandoverActRequest, v1::Handover>(KP_METHOD("ReturnHandover"),
                                                bind_front(&S::ReturnHandover, this));
  r.Write<v1::HandoverActRequest, v1::Handover>(KP_METHOD("WithdrawHandover"),
                                                bind_front(&S::WithdrawHandover, this));
  r.Read<v1::GetHandoverRequest, v1::Handover>(KP_METHOD("GetHandover"),
                                               bind_front(&S::GetHandover, this));
  r.Read<v1::ListHandoversRequest, v1::ListHandoversResponse>(KP_METHOD("ListHandovers"),
                                                              bind_front(&S::ListHandovers, this));
  r.Write<v1::InviteConversationRequest, v1::Handover>(KP_METHOD("InviteConversation"),
                                                       bind_front(&S::InviteConversation, this));
  r.Write<v1::DecideStayingRequest, v1::Handover>(KP_METHOD("DecideStaying"),
                                                  bind_front(&S::DecideStaying, this));
  r.Read<v1::GetReceiptRequest, v1::HandoverReceipt>(KP_METHOD("GetReceipt"),
                                                     bind_front(&S::GetReceipt, this));
  r.Read<v1::ListHandoverKindsRequest, v1::HandoverKinds>(KP_METHOD("ListHandoverKinds"),
                                                          bind_front(&S::ListHandoverKinds, this));
  r.List<v1::ListDueHandoversRequest, v1::ListDueHandoversResponse>(
      KP_METHOD("ListDueHandovers"), bind_front(&S::ListDueHandovers, this));
  r.SendList<Watched, v1::WatchDueHandoversRequest, v1::WatchDueHandoversResponse>(
      KP_METHOD("WatchDueHandovers"), bind_front(&S::WatchDueHandovers, this));

  archive_.Register(r);
  r.Demand<v1::DraftHandoverRequest>(KP_METHOD("DraftHandover"), DemandDraft);
#undef KP_METHOD
}

}  // namespace knooppunt::handover
