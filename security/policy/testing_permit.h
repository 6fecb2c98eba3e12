// For tests of handlers: admits a made-up decision as the pipeline would, bound to a made-up call.
#ifndef KNOOPPUNT_SECURITY_POLICY_TESTING_PERMIT_H_
#define KNOOPPUNT_SECURITY_POLICY_TESTING_PERMIT_H_

#include <string>
#include <utility>

#include "base/clock.h"
#include "security/policy/authorized_call.h"

namespace knooppunt::policy {

// The permit's time does not run out: its clock stands still.
inline AuthorizedCall AdmitForTest(access::v1::Decision decision, common::v1::Purpose purpose,
                                   std::string id_seed) {
  static const base::FakeClock still(absl::UnixEpoch());
  decision.mutable_permit()->set_expire_time_ms(decision.decide_time_ms() + 1000);
  const PermitUse use = {.call_id = "call-test", .purpose = purpose};
  BindPermit(use, &decision);
  return *Gate::Admit(
      std::move(decision),
      {.use = use, .sent = still.Now(), .clock = &still, .id_seed = std::move(id_seed)});
}

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_TESTING_PERMIT_H_
