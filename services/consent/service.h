// ConsentService: proposing, signing, withdrawing and listing consents (R11-R14). One method an
// RPC; rules are in rules.h. Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_CONSENT_SERVICE_H_
#define KNOOPPUNT_SERVICES_CONSENT_SERVICE_H_

#include "absl/status/status.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::consent {

class ConsentService {
 public:
  // `random` is not owned and outlives the service.
  explicit ConsentService(crypto::Random& random) : random_(random) {}
  ConsentService(const ConsentService&) = delete;
  ConsentService& operator=(const ConsentService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

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

  // emergencies.cc
  absl::Status OpenEmergency(const Call&, WriteTx&, const v1::OpenEmergencyRequest&,
                             v1::Emergency*);
  absl::Status GetEmergency(const Call&, ReadTx&, const v1::GetEmergencyRequest&, v1::Emergency*);
  absl::Status ReviewEmergency(const Call&, WriteTx&, const v1::ReviewEmergencyRequest&,
                               v1::Emergency*);
  absl::Status ListEmergencies(const Call&, ReadTx&, const v1::ListEmergenciesRequest&,
                               v1::ListEmergenciesResponse*);

  crypto::Random& random_;
};

// The hook of ProposeConsent. Labels: the wording, in the pupil's file, once about each person
// and once about the family if it is named (WordingAbouts). Reference 0: the recipient.
absl::Status DemandPropose(const runtime::Preparation& prep, const v1::ProposeConsentRequest& req,
                           runtime::Demands* out);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_SERVICE_H_
