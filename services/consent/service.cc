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
#undef KP_METHOD
}

}  // namespace knooppunt::consent
