// The hooks of family: what each call will write or mention, found in the request before anybody
// has validated it. Pure; thread-safe (no state). Labels that are not complete are not demanded:
// the handler refuses them (R38).
#ifndef KNOOPPUNT_SERVICES_FAMILY_DEMANDS_H_
#define KNOOPPUNT_SERVICES_FAMILY_DEMANDS_H_

#include "absl/status/status.h"
#include "knooppunt/family/v1/family.pb.h"
#include "services/runtime/registry.h"

namespace knooppunt::family {

using runtime::Demands;
using runtime::Preparation;

// Label 0, about the person who is to be added. References: each institution with gezag in the
// order of the request, then the account, for R21.
absl::Status DemandPerson(const Preparation& prep, const v1::AddPersonRequest& req, Demands* out);
// Label 0. Reference 0: the institution, if there is one.
absl::Status DemandGezag(const Preparation& prep, const v1::RecordGezagRequest& req, Demands* out);
// Label 0.
absl::Status DemandEnd(const Preparation& prep, const v1::EndGezagRequest& req, Demands* out);
absl::Status DemandHousehold(const Preparation& prep, const v1::RecordHouseholdRequest& req,
                             Demands* out);
absl::Status DemandAddress(const Preparation& prep, const v1::SetAddressRequest& req, Demands* out);
absl::Status DemandContact(const Preparation& prep, const v1::SetContactRequest& req, Demands* out);

}  // namespace knooppunt::family

#endif  // KNOOPPUNT_SERVICES_FAMILY_DEMANDS_H_
