#include "services/worklist/service.h"

#include <functional>

namespace knooppunt::worklist {

void WorklistService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = WorklistService;
#define KP_METHOD(name) "/knooppunt.worklist.v1.WorklistService/" name
  r.List<v1::ListWorklistRequest, v1::ListWorklistResponse>(KP_METHOD("ListWorklist"),
                                                            bind_front(&S::ListWorklist, this));
  r.SendList<Watched, v1::WatchWorklistRequest, v1::WatchWorklistResponse>(
      KP_METHOD("WatchWorklist"), bind_front(&S::WatchWorklist, this));
  r.List<v1::ListInboxRequest, v1::ListInboxResponse>(KP_METHOD("ListInbox"),
                                                      bind_front(&S::ListInbox, this));
  r.List<v1::GetDigestRequest, v1::Digest>(KP_METHOD("GetDigest"), bind_front(&S::GetDigest, this));
  r.Write<v1::MarkNoticeRequest, v1::Notice>(KP_METHOD("MarkNotice"),
                                             bind_front(&S::MarkNotice, this));
#undef KP_METHOD
}

}  // namespace knooppunt::worklist
