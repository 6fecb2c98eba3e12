#include "services/consent/service.h"

#include <functional>

namespace knooppunt::consent {

void ConsentService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = ConsentService;
#define KP_METHOD(name) "/knooppunt.consent.v1.ConsentService/" name
  r.Write<v1::ProposeConsentRequest, v1::Consent>(KP_METHOD("ProposeConsent"),
                                                  bind_front(&S::ProposeConsent, this));
  r.Write<v1::SignConsentRequest, v1::Consent>(KP_METHOD("SignConsent"),
                                               bind_front(&S::SignConsent, this));
  r.Write<v1::WithdrawConsentRequest, v1::Consent>(KP_METHOD("WithdrawConsent"),
                                                   bind_front(&S::WithdrawConsent, this));
  r.Read<v1::ListConsentsRequest, v1::ListConsentsResponse>(KP_METHOD("ListConsents"),
                                                            bind_front(&S::ListConsents, this));

  r.Demand<v1::ProposeConsentRequest>(KP_METHOD("ProposeConsent"), DemandPropose);
  r.Write<v1::ReviseConsentRequest, v1::Consent>(KP_METHOD("ReviseConsent"),
                                                 bind_front(&S::ReviseConsent, this));
  r.Write<v1::RecordSignatureRequest, v1::Consent>(KP_METHOD("RecordSignature"),
                                                   bind_front(&S::RecordSignature, this));
  r.Write<v1::RecordWithdrawalRequest, v1::Consent>(KP_METHOD("RecordWithdrawal"),
                                                    bind_front(&S::RecordWithdrawal, this));
  r.Demand<v1::RecordSignatureRequest>(KP_METHOD("RecordSignature"), DemandRecord);

  r.Read<v1::GetScanRequest, v1::Scan>(KP_METHOD("GetScan"), bind_front(&S::GetScan, this));

  r.Write<v1::InvokeGroundRequest, v1::Ground>(KP_METHOD("InvokeGround"),
                                               bind_front(&S::InvokeGround, this));
  r.Write<v1::EndGroundRequest, v1::Ground>(KP_METHOD("EndGround"),
                                            bind_front(&S::EndGround, this));
  r.Write<v1::ReviewGroundRequest, v1::Ground>(KP_METHOD("ReviewGround"),
                                               bind_front(&S::ReviewGround, this));
  r.Write<v1::TellFamilyRequest, v1::Ground>(KP_METHOD("TellFamily"),
                                             bind_front(&S::TellFamily, this));
  r.Read<v1::ListGroundsRequest, v1::ListGroundsResponse>(KP_METHOD("ListGrounds"),
                                                          bind_front(&S::ListGrounds, this));
  r.Demand<v1::InvokeGroundRequest>(KP_METHOD("InvokeGround"), DemandInvoke);

  r.Write<v1::OpenEmergencyRequest, v1::Emergency>(KP_METHOD("OpenEmergency"),
                                                   bind_front(&S::OpenEmergency, this));
  r.Read<v1::GetEmergencyRequest, v1::Emergency>(KP_METHOD("GetEmergency"),
                                                 bind_front(&S::GetEmergency, this));
  r.Write<v1::ReviewEmergencyRequest, v1::Emergency>(KP_METHOD("ReviewEmergency"),
                                                     bind_front(&S::ReviewEmergency, this));
  r.Read<v1::ListEmergenciesRequest, v1::ListEmergenciesResponse>(
      KP_METHOD("ListEmergencies"), bind_front(&S::ListEmergencies, this));
#undef KP_METHOD
}

}  // namespace knooppunt::consent
