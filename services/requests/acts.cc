// What is done about a request: more time, an answer, a follow-up, taking it back (R40).

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/text.h"
#include "services/requests/errors.h"
#include "services/requests/rules.h"
#include "services/requests/service.h"
#include "services/requests/view.h"

namespace knooppunt::requests {
namespace {

absl::Status CheckEtag(absl::string_view read, const v1::Request& now) {
  return read.empty() || read == now.etag() ? absl::OkStatus()
                                            : dossier::errors::ChangedMeanwhile();
}

}  // namespace

absl::Status RequestsService::ExtendRequest(const Call& call, WriteTx& tx,
                                            const v1::ExtendRequestRequest& req,
                                            v1::Request* resp) {
  KP_ASSIGN_OR_RETURN(Loaded loaded, LoadRequest(call, tx, req.name()));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), loaded.view));
  if (loaded.stored.owner() != call.organisation()) return errors::NotYoursToAnswer();
  KP_RETURN_IF_ERROR(Extend(req, base::DateOf(call.now()), &loaded.stored));
  *loaded.stored.mutable_extend_time() = dossier::ToTimestamp(call.now());
  KP_ASSIGN_OR_RETURN(*resp, StoreRequest(call, tx, std::move(loaded), random_));
  return absl::OkStatus();
}

absl::Status RequestsService::AnswerRequest(const Call& call, WriteTx& tx,
                                            const v1::AnswerRequestRequest& req,
                                            v1::Request* resp) {
  KP_ASSIGN_OR_RETURN(Loaded loaded, LoadRequest(call, tx, req.name()));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), loaded.view));
  v1::Answer answer;
  answer.set_controller(call.organisation());
  answer.set_outcome(req.outcome());
  answer.set_text(req.text());
  answer.set_author(call.actor());
  *answer.mutable_time() = dossier::ToTimestamp(call.now());
  KP_RETURN_IF_ERROR(AddAnswer(answer, &loaded.stored));
  KP_ASSIGN_OR_RETURN(*resp, StoreRequest(call, tx, std::move(loaded), random_));
  return absl::OkStatus();
}

absl::Status RequestsService::AddFollowUp(const Call& call, WriteTx& tx,
                                          const v1::AddFollowUpRequest& req, v1::Request* resp) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("text", req.text(), {}));
  KP_ASSIGN_OR_RETURN(Loaded loaded, LoadRequest(call, tx, req.name()));
  if (loaded.stored.state() == v1::REQUEST_STATE_WITHDRAWN) return errors::NotOpen();
  const auto& controllers = loaded.stored.controllers();
  if (std::find(controllers.begin(), controllers.end(), call.organisation()) == controllers.end()) {
    return errors::NotYoursToAnswer();
  }
  if (loaded.stored.follow_ups_size() >= limits::kMaxFollowUpsPerRequest) {
    return dossier::errors::TooMany("follow-ups of a request");
  }
  v1::FollowUp* done = loaded.stored.add_follow_ups();
  done->set_text(req.text());
  done->set_author(call.actor());
  *done->mutable_time() = dossier::ToTimestamp(call.now());
  KP_ASSIGN_OR_RETURN(*resp, StoreRequest(call, tx, std::move(loaded), random_));
  return absl::OkStatus();
}

absl::Status RequestsService::WithdrawRequest(const Call& call, WriteTx& tx,
                                              const v1::WithdrawRequestRequest& req,
                                              v1::Request* resp) {
  KP_ASSIGN_OR_RETURN(Loaded loaded, LoadRequest(call, tx, req.name()));
  if (loaded.stored.requester() != call.actor()) return errors::NotYourRequest();
  if (loaded.stored.state() != v1::REQUEST_STATE_OPEN) return errors::NotOpen();
  loaded.stored.set_state(v1::REQUEST_STATE_WITHDRAWN);
  KP_ASSIGN_OR_RETURN(*resp, StoreRequest(call, tx, std::move(loaded), random_));
  return absl::OkStatus();
}

}  // namespace knooppunt::requests
