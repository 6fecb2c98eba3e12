// RequestsService: requests under the AVG (R40). One method an RPC; rules are in rules.h.
// Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_REQUESTS_SERVICE_H_
#define KNOOPPUNT_SERVICES_REQUESTS_SERVICE_H_

#include <vector>

#include "absl/status/status.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::requests {

class RequestsService {
 public:
  // `random` is not owned and outlives the service.
  explicit RequestsService(crypto::Random& random) : random_(random) {}
  RequestsService(const RequestsService&) = delete;
  RequestsService& operator=(const RequestsService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // requests.cc
  absl::Status RecordRequest(const Call&, WriteTx&, const v1::RecordRequestRequest&, v1::Request*);
  absl::Status GetRequest(const Call&, ReadTx&, const v1::GetRequestRequest&, v1::Request*);
  absl::Status ListRequests(const Call&, ReadTx&, const v1::ListRequestsRequest&,
                            v1::ListRequestsResponse*);
  absl::Status ListOpenRequests(const Call&, const std::vector<Call>&, ReadTx&,
                                const v1::ListOpenRequestsRequest&, v1::ListOpenRequestsResponse*);
  absl::Status ListControllers(const Call&, ReadTx&, const v1::ListControllersRequest&,
                               v1::ListControllersResponse*);
  // acts.cc
  absl::Status ExtendRequest(const Call&, WriteTx&, const v1::ExtendRequestRequest&, v1::Request*);
  absl::Status AnswerRequest(const Call&, WriteTx&, const v1::AnswerRequestRequest&, v1::Request*);
  absl::Status AddFollowUp(const Call&, WriteTx&, const v1::AddFollowUpRequest&, v1::Request*);
  absl::Status WithdrawRequest(const Call&, WriteTx&, const v1::WithdrawRequestRequest&,
                               v1::Request*);

  crypto::Random& random_;
};

}  // namespace knooppunt::requests

#endif  // KNOOPPUNT_SERVICES_REQUESTS_SERVICE_H_
