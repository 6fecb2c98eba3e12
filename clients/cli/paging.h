// Reads a list to its end, page by page. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_PAGING_H_
#define KNOOPPUNT_CLIENTS_CLI_PAGING_H_

#include <string>

#include "absl/status/status.h"
#include "base/limits.h"
#include "clients/cli/session.h"

namespace knooppunt::cli {

inline constexpr int kMaxPages = 1000;

// Appends every page to *all, whose next_page_token is empty afterwards. RESOURCE_EXHAUSTED
// after kMaxPages: a list that never ends.
template <typename Request, typename Response>
absl::Status CallAllPages(Session& session, const std::string& method, Request request,
                          Response* all) {
  request.set_page_size(limits::kMaxPageSize);
  for (int page = 0; page < kMaxPages; ++page) {
    Response response;
    if (absl::Status s = session.Call(method, request, &response); !s.ok()) return s;
    const std::string next = response.next_page_token();
    all->MergeFrom(response);
    all->clear_next_page_token();
    if (next.empty()) return absl::OkStatus();
    request.set_page_token(next);
  }
  return absl::ResourceExhaustedError("the list has more pages than this program reads");
}

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_PAGING_H_
