// HandoverService: the warm handover of a case (R26-R30). One method an RPC; the states are a
// table in rules.h. Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_HANDOVER_SERVICE_H_
#define KNOOPPUNT_SERVICES_HANDOVER_SERVICE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"
#include "security/policy/authorized_call.h"
#include "security/policy/handover_kinds.h"
#include "security/storage/database.h"
#include "services/handover/archive_service.h"
#include "services/handover/installations.h"
#include "services/handover/loading.h"
#include "services/handover/receipt.h"
#include "services/runtime/registry.h"

namespace knooppunt::handover {

class HandoverService {
 public:
  struct Options {
    // How long the sending side may answer questions after acceptance (R29); 0 is not at all.
    int grace_days = 0;
    // The kinds of handover (R30); none is those that are built in.
    std::shared_ptr<const policy::HandoverKinds> kinds;
    // From which the keys of receipts follow (R28).
    crypto::SecretBytes receipt_root;
    // Others with which cases are handed over; none is nobody.
    std::shared_ptr<const Installations> installations;
    // How documents go along to them; null: their contents do not. Not owned; outlives the service.
    dossier::DocumentCarrier* documents = nullptr;
  };
  // `random` is not owned and outlives the service.
  HandoverService(crypto::Random& random, Options options)
      : random_(random),
        grace_days_(options.grace_days),
        kinds_(options.kinds != nullptr ? std::move(options.kinds)
                                        : *policy::HandoverKinds::BuiltIn()),
        keys_(std::move(options.receipt_root)),
        installations_(std::move(options.installations)),
        archive_(random, {.grace_days = options.grace_days,
                          .kinds = kinds_,
                          .documents = options.documents,
                          .installations = installations_}) {}
  HandoverService(const HandoverService&) = delete;
  HandoverService& operator=(const HandoverService&) = delete;

  // Adds the handlers and hooks, those of ArchiveService too; `registry` may use them as long as
  // the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // handovers.cc
  // The name of the installation that runs it, when that is another.
  absl::string_view RunsElsewhere(absl::string_view werkplaats) const;
  absl::Status DraftHandover(const Call&, WriteTx&, const v1::DraftHandoverRequest&, v1::Handover*);
  absl::Status GetHandover(const Call&, ReadTx&, const v1::GetHandoverRequest&, v1::Handover*);
  absl::Status ListHandovers(const Call&, ReadTx&, const v1::ListHandoversRequest&,
                             v1::ListHandoversResponse*);
  absl::Status GetReceipt(const Call&, ReadTx&, const v1::GetReceiptRequest&, v1::HandoverReceipt*);
  absl::Status ListHandoverKinds(const Call&, ReadTx&, const v1::ListHandoverKindsRequest&,
                                 v1::HandoverKinds*);
  // overview.cc
  absl::Status ListDueHandovers(const Call&, const std::vector<Call>&, ReadTx&,
                                const v1::ListDueHandoversRequest&, v1::ListDueHandoversResponse*);
  // What a watcher was told: hashes of entries by the name of the handover.
  struct Watched {
    bool begun = false;
    std::map<std::string, std::string> said;
  };
  absl::StatusOr<runtime::Flow> WatchDueHandovers(const Call&, const std::vector<Call>&, ReadTx&,
                                                  const v1::WatchDueHandoversRequest&, Watched*,
                                                  v1::WatchDueHandoversResponse*);
  // acts.cc
  absl::Status Store(const Call&, WriteTx&, const Transition&, LoadedHandover*, v1::Handover*);
  absl::Status Sign(const Call&, absl::string_view stage, LoadedHandover*);
  absl::Status Plain(const Call&, WriteTx&, const v1::HandoverActRequest&, Act, v1::Handover*);
  absl::Status ShowHandover(const Call&, WriteTx&, const v1::HandoverActRequest&, v1::Handover*);
  absl::Status AddFamilyView(const Call&, WriteTx&, const v1::AddFamilyViewRequest&, v1::Handover*);
  absl::Status AuthoriseHandover(const Call&, WriteTx&, const v1::HandoverActRequest&,
                                 v1::Handover*);
  absl::Status OfferHandover(const Call&, WriteTx&, const v1::HandoverActRequest&, v1::Handover*);
  absl::Status ReceiveHandover(const Call&, WriteTx&, const v1::ReceiveHandoverRequest&,
                               v1::Handover*);
  absl::Status DecideStaying(const Call&, WriteTx&, const v1::DecideStayingRequest&, v1::Handover*);
  absl::Status InviteConversation(const Call&, WriteTx&, const v1::InviteConversationRequest&,
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
  const std::shared_ptr<const policy::HandoverKinds> kinds_;
  const ReceiptKeys keys_;
  const std::shared_ptr<const Installations> installations_;
  ArchiveService archive_;
};

// The hook of DraftHandover. Labels: the handover itself, in the pupil's file, about each of
// AboutCandidates. References: the case, which stands for the werkplaats where it is; the receiving
// werkplaats; the receiver; and for adulthood the receiving organisation.
absl::Status DemandDraft(const runtime::Preparation& prep, const v1::DraftHandoverRequest& req,
                         runtime::Demands* out);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_SERVICE_H_
