// Werkplaatsen: list, close, keep open (R27). They come in with an import (import.cc).
#include <string>
#include <utility>

#include "base/date.h"
#include "base/status.h"
#include "services/directory/administered.h"
#include "services/directory/errors.h"
#include "services/directory/page.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {

absl::Status DirectoryService::ListWerkplaatsen(const AuthorizedCall& call, ReadTx& tx,
                                                const v1::ListWerkplaatsenRequest& request,
                                                v1::ListWerkplaatsenResponse* response) const {
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.page_size(), request.page_token()));
  KP_ASSIGN_OR_RETURN(auto rows, directory::ListWerkplaatsen(call, tx, slice));
  for (v1::Werkplaats& row : rows) {
    KP_ASSIGN_OR_RETURN(const StoredProfile stored, FindProfile(call, tx, row.name()));
    row.set_close_date(stored.profile.closure().close_date());
  }
  FillPage(slice, std::move(rows), response->mutable_werkplaatsen(),
           response->mutable_next_page_token(),
           [](v1::Werkplaats werkplaats) { return werkplaats; });
  return absl::OkStatus();
}

absl::Status DirectoryService::CloseWerkplaats(const AuthorizedCall& call, WriteTx& tx,
                                               const v1::CloseWerkplaatsRequest& request,
                                               v1::WerkplaatsProfile* response) const {
  const base::Date today = base::DateOf(call.now());
  KP_RETURN_IF_ERROR(CheckClosing(request, today));
  KP_ASSIGN_OR_RETURN(Administered at,
                      ForUpdate(call, tx, ActorOf(call), request.name(), request.etag()));
  KP_RETURN_IF_ERROR(CheckNotClosed(at.stored.profile, call.now()));
  v1::WerkplaatsClosure& closure = *at.stored.profile.mutable_closure();
  closure.set_close_date(request.close_date());
  closure.set_reason(request.reason());
  closure.set_recorded_by(call.claims().subject());
  closure.mutable_time()->set_seconds(absl::ToUnixSeconds(call.now()));
  return PutAndTell(call, tx, std::move(at), response);
}

absl::Status DirectoryService::KeepWerkplaatsOpen(const AuthorizedCall& call, WriteTx& tx,
                                                  const v1::KeepWerkplaatsOpenRequest& request,
                                                  v1::WerkplaatsProfile* response) const {
  KP_ASSIGN_OR_RETURN(Administered at,
                      ForUpdate(call, tx, ActorOf(call), request.name(), request.etag()));
  KP_RETURN_IF_ERROR(CheckNotClosed(at.stored.profile, call.now()));
  if (!at.stored.profile.has_closure()) return errors::WerkplaatsStaysOpen();
  at.stored.profile.clear_closure();
  return PutAndTell(call, tx, std::move(at), response);
}

}  // namespace knooppunt::directory
