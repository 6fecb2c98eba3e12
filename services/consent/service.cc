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
                                                 [](const auto&, auto&, const auto&, auto*) {
                                                   return absl::UnimplementedError("being built");
                                                 });
  r.Write<v1::RecordSignatureRequest, v1::Consent>(KP_METHOD("RecordSignature"),
                                                   [](const auto&, auto&, const auto&, auto*) {
                                                     return absl::UnimplementedError("being built");
                                                   });
  r.Write<v1::RecordWithdrawalRequest, v1::Consent>(
      KP_METHOD("RecordWithdrawal"), [](const auto&, auto&, const auto&, auto*) {
        return absl::UnimplementedError("being built");
      });
  r.Write<v1::InvokeGroundRequest, v1::Ground>(KP_METHOD("InvokeGround"),
                                               [](const auto&, auto&, const auto&, auto*) {
                                                 return absl::UnimplementedError("being built");
                                               });
  r.Write<v1::EndGroundRequest, v1::Ground>(KP_METHOD("EndGround"),
                                            [](const auto&, auto&, const auto&, auto*) {
                                              return absl::UnimplementedError("being built");
                                            });
  r.Write<v1::ReviewGroundRequest, v1::Ground>(KP_METHOD("ReviewGround"),
                                               [](const auto&, auto&, const auto&, auto*) {
                                                 return absl::UnimplementedError("being built");
                                               });
  r.Read<v1::ListGroundsRequest, v1::ListGroundsResponse>(
      KP_METHOD("ListGrounds"), [](const auto&, auto&, const auto&, auto*) {
        return absl::UnimplementedError("being built");
      });
  r.Write<v1::OpenEmergencyRequest, v1::Emergency>(KP_METHOD("OpenEmergency"),
                                                   bind_front(&S::OpenEmergency, this));
  r.Read<v1::GetEmergencyRequest, v1::Emergency>(KP_METHOD("GetEmergency"),
                                                 bind_front(&S::GetEmergency, this));
  r.Write<v1::ReviewEmergencyRequest, v1::Emergency>(KP_METHOD("ReviewEmergency"),
                                                     bind_front(&S::ReviewEmergency, this));
  r.Read<v1::ListEmergenciesRequest, v1::ListEmergenciesResponse>(
      KP_METHOD("ListEmergencies"), bind_front(&S::ListEmergencies, this));
  r.Demand<v1::RecordSignatureRequest>(
      KP_METHOD("RecordSignature"),
      [](const auto&, const auto&, auto*) { return absl::OkStatus(); });
  r.Demand<v1::InvokeGroundRequest>(
      KP_METHOD("InvokeGround"), [](const auto&, const auto&, auto*) { return absl::OkStatus(); });
#undef KP_METHOD
}

}  // namespace knooppunt::consent
