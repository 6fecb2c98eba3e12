// Werkplaatsen: list. They come in with an import (import.cc).
#include <utility>

#include "base/status.h"
#include "services/directory/page.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {

absl::Status DirectoryService::ListWerkplaatsen(const AuthorizedCall& call, ReadTx& tx,
                                                const v1::ListWerkplaatsenRequest& request,
                                                v1::ListWerkplaatsenResponse* response) const {
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.page_size(), request.page_token()));
  KP_ASSIGN_OR_RETURN(auto rows, directory::ListWerkplaatsen(call, tx, slice));
  FillPage(slice, std::move(rows), response->mutable_werkplaatsen(),
           response->mutable_next_page_token(),
           [](v1::Werkplaats werkplaats) { return werkplaats; });
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
