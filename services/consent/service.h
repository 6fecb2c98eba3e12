// ConsentService: consents (R11-R14), grounds other than consent (R15) and emergency access (R20).
// One method an RPC; rules are in rules.h. Thread-safe: holds no state but that of its alarm.
#ifndef KNOOPPUNT_SERVICES_CONSENT_SERVICE_H_
#define KNOOPPUNT_SERVICES_CONSENT_SERVICE_H_

#include <utility>

#include "absl/status/status.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/policy/consent_rules.h"
#include "security/storage/database.h"
#include "services/consent/emergency_alarm.h"
#include "services/runtime/registry.h"

namespace knooppunt::consent {

class ConsentService {
 public:
  // `random` is not owned and outlives the service. `ground_types`: those of the policy (R15).
  ConsentService(crypto::Random& random, policy::GroundTypes ground_types)
      : random_(random), ground_types_(std::move(ground_types)) {}
  ConsentService(const ConsentService&) = delete;
  ConsentService& operator=(const ConsentService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

  // Says aloud when a review of emergency access is overdue (R20); with each heartbeat.
  void Heartbeat(storage::Database& database, absl::Time now);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // consents.cc
  absl::Status ProposeConsent(const Call&, WriteTx&, const v1::ProposeConsentRequest&,
                              v1::Consent*);
  absl::Status SignConsent(const Call&, WriteTx&, const v1::SignConsentRequest&, v1::Consent*);
  absl::Status WithdrawConsent(const Call&, WriteTx&, const v1::WithdrawConsentRequest&,
                               v1::Consent*);
  absl::Status ListConsents(const Call&, ReadTx&, const v1::ListConsentsRequest&,
                            v1::ListConsentsResponse*);

  absl::Status ReviseConsent(const Call&, WriteTx&, const v1::ReviseConsentRequest&, v1::Consent*);

  // records.cc: what others decided, recorded by staff
  absl::Status RecordSignature(const Call&, WriteTx&, const v1::RecordSignatureRequest&,
                               v1::Consent*);
  absl::Status RecordWithdrawal(const Call&, WriteTx&, const v1::RecordWithdrawalRequest&,
                                v1::Consent*);

  // scans.cc
  absl::Status GetScan(const Call&, ReadTx&, const v1::GetScanRequest&, v1::Scan*);

  // grounds.cc
  absl::Status InvokeGround(const Call&, WriteTx&, const v1::InvokeGroundRequest&, v1::Ground*);
  absl::Status EndGround(const Call&, WriteTx&, const v1::EndGroundRequest&, v1::Ground*);
  absl::Status ReviewGround(const Call&, WriteTx&, const v1::ReviewGroundRequest&, v1::Ground*);
  absl::Status TellFamily(const Call&, WriteTx&, const v1::TellFamilyRequest&, v1::Ground*);
  absl::Status ListGrounds(const Call&, ReadTx&, const v1::ListGroundsRequest&,
                           v1::ListGroundsResponse*);

  // emergencies.cc
  absl::Status OpenEmergency(const Call&, WriteTx&, const v1::OpenEmergencyRequest&,
                             v1::Emergency*);
  absl::Status GetEmergency(const Call&, ReadTx&, const v1::GetEmergencyRequest&, v1::Emergency*);
  absl::Status ReviewEmergency(const Call&, WriteTx&, const v1::ReviewEmergencyRequest&,
                               v1::Emergency*);
  absl::Status ListEmergencies(const Call&, ReadTx&, const v1::ListEmergenciesRequest&,
                               v1::ListEmergenciesResponse*);

  crypto::Random& random_;
  EmergencyAlarm alarm_;
  const policy::GroundTypes ground_types_;
};

// The hook of ProposeConsent. Labels: the wording, in the pupil's file, once about each person
// and once about the family if it is named (WordingAbouts). Reference 0: the recipient.
absl::Status DemandPropose(const runtime::Preparation& prep, const v1::ProposeConsentRequest& req,
                           runtime::Demands* out);
// The hook of RecordSignature. Label: the record, about who decided (the family, for an
// institution), in the compartment that the recorder's organisation keeps.
absl::Status DemandRecord(const runtime::Preparation& prep, const v1::RecordSignatureRequest& req,
                          runtime::Demands* out);
// The hook of InvokeGround. Label: the reason, about whom the ground is about; in SAFETY when the
// family was not told (ReasonLabel). References: the recipient, and the reviewer if one is named.
absl::Status DemandInvoke(const runtime::Preparation& prep, const v1::InvokeGroundRequest& req,
                          runtime::Demands* out);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_SERVICE_H_
