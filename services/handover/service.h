// HandoverService: the warm handover of a case (R26-R30). One method an RPC; the states are a
// table in rules.h. Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_HANDOVER_SERVICE_H_
#define KNOOPPUNT_SERVICES_HANDOVER_SERVICE_H_

#include "absl/status/status.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::handover {

class HandoverService {
 public:
  // `random` is not owned and outlives the service. `grace_days`: how long the sending side may
  // answer questions after acceptance (R29); 0 is not at all.
  HandoverService(crypto::Random& random, int grace_days)
      : random_(random), grace_days_(grace_days) {}
  HandoverService(const HandoverService&) = delete;
  HandoverService& operator=(const HandoverService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // handovers.cc
  absl::Status DraftHandover(const Call&, WriteTx&, const v1::DraftHandoverRequest&, v1::Handover*);
  absl::Status GetHandover(const Call&, ReadTx&, const v1::GetHandoverRequest&, v1::Handover*);
  absl::Status ListHandovers(const Call&, ReadTx&, const v1::ListHandoversRequest&,
                             v1::ListHandoversResponse*);
  // acts.cc
  absl::Status ShowHandover(const Call&, WriteTx&, const v1::HandoverActRequest&, v1::Handover*);
  absl::Status AddFamilyView(const Call&, WriteTx&, const v1::AddFamilyViewRequest&, v1::Handover*);
  absl::Status AuthoriseHandover(const Call&, WriteTx&, const v1::HandoverActRequest&,
                                 v1::Handover*);
  absl::Status OfferHandover(const Call&, WriteTx&, const v1::HandoverActRequest&, v1::Handover*);
  absl::Status ReceiveHandover(const Call&, WriteTx&, const v1::ReceiveHandoverRequest&,
                               v1::Handover*);
  absl::Status RecordConversation(const Call&, WriteTx&, const v1::RecordConversationRequest&,
                                  v1::Handover*);
  absl::Status AcceptHandover(const Call&, WriteTx&, const v1::AcceptHandoverRequest&,
                              v1::Handover*);
  absl::Status CloseHandover(const Call&, WriteTx&, const v1::HandoverActRequest&, v1::Handover*);
  absl::Status ReturnHandover(const Call&, WriteTx&, const v1::HandoverActRequest&, v1::Handover*);
  absl::Status WithdrawHandover(const Call&, WriteTx&, const v1::HandoverActRequest&,
                                v1::Handover*);

  crypto::Random& random_;
  const int grace_days_;
};

// The hook of DraftHandover. Labels: the handover itself, in the pupil's file, about each of
// AboutCandidates. References: the receiving werkplaats, the receiver.
absl::Status DemandDraft(const runtime::Preparation& prep, const v1::DraftHandoverRequest& req,
                         runtime::Demands* out);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_SERVICE_H_
