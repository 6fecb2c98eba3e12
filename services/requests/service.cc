#include "services/requests/service.h"

#include <functional>

#include "services/dossier/rules.h"

namespace knooppunt::requests {
namespace {

// Label 0. One that is not complete is not demanded: the handler refuses it (R38).
absl::Status DemandRequest(const runtime::Preparation&, const v1::RecordRequestRequest& req,
                           runtime::Demands* out) {
  const common::v1::Label& asked = req.request().label();
  if (dossier::IsComplete(asked)) out->labels.push_back(dossier::Asked(asked));
  return absl::OkStatus();
}

}  // namespace

void RequestsService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = RequestsService;
#define KP_METHOD(name) "/knooppunt.requests.v1.RequestsService/" name
  r.Write<v1::RecordRequestRequest, v1::Request>(KP_METHOD("RecordRequest"),
                                                 bind_front(&S::RecordRequest, this));
  r.Read<v1::GetRequestRequest, v1::Request>(KP_METHOD("GetRequest"),
                                             bind_front(&S::GetRequest, this));
  r.Read<v1::ListRequestsRequest, v1::ListRequestsResponse>(KP_METHOD("ListRequests"),
                                                            bind_front(&S::ListRequests, this));
  r.List<v1::ListOpenRequestsRequest, v1::ListOpenRequestsResponse>(
      KP_METHOD("ListOpenRequests"), bind_front(&S::ListOpenRequests, this));
  r.Read<v1::ListControllersRequest, v1::ListControllersResponse>(
      KP_METHOD("ListControllers"), bind_front(&S::ListControllers, this));
  r.Write<v1::ExtendRequestRequest, v1::Request>(KP_METHOD("ExtendRequest"),
                                                 bind_front(&S::ExtendRequest, this));
  r.Write<v1::AnswerRequestRequest, v1::Request>(KP_METHOD("AnswerRequest"),
                                                 bind_front(&S::AnswerRequest, this));
  r.Write<v1::AddFollowUpRequest, v1::Request>(KP_METHOD("AddFollowUp"),
                                               bind_front(&S::AddFollowUp, this));
  r.Write<v1::WithdrawRequestRequest, v1::Request>(KP_METHOD("WithdrawRequest"),
                                                   bind_front(&S::WithdrawRequest, this));

  r.Demand<v1::RecordRequestRequest>(KP_METHOD("RecordRequest"), DemandRequest);
#undef KP_METHOD
}

}  // namespace knooppunt::requests
