// Who must agree before something is shared (R11), answered before any consent exists.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_AGREEMENT_H_
#define KNOOPPUNT_SERVICES_ACCESS_AGREEMENT_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "security/policy/authorized_call.h"
#include "security/policy/table.h"
#include "services/access/agreement_view.h"
#include "services/access/facts_store.h"
#include "services/access/world.h"

namespace knooppunt::access {

// The facts of one family and of the professionals at its table, held while one call is answered.
struct FamilyWorld {
  std::shared_ptr<const v1::FamilyFacts> family;
  KeptProfessionals kept;
  policy::World world;  // points into this struct
};
// NOT_FOUND when there is no such family.
absl::StatusOr<std::unique_ptr<FamilyWorld>> LoadWorld(FactsStore& facts,
                                                       const std::string& family);
// The caller of an admitted call.
Viewer ViewerOf(const policy::AuthorizedCall& call);

// Pure: INVALID_ARGUMENT for an empty list of compartments or persons (R12: empty means nothing),
// a purpose that is not for sharing, a day that does not exist, and persons whom the caller may not
// see or who are not of this family: one and the same answer (R18).
absl::StatusOr<v1::WhoMustAgreeResponse> AnswerWhoMustAgree(const AgreementView& view,
                                                            const v1::WhoMustAgreeRequest& request);

// The handler. INVALID_ARGUMENT too when the recipient is not known.
absl::Status WhoMustAgree(const policy::Table& table, FactsStore& facts,
                          const policy::AuthorizedCall& call,
                          const v1::WhoMustAgreeRequest& request,
                          v1::WhoMustAgreeResponse* response);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_AGREEMENT_H_
