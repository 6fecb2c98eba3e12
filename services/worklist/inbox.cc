// The inbox: what there is to know, and what its reader did with it (R7, R15, R16, R20).

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/worklist/errors.h"
#include "services/worklist/family_view.h"
#include "services/worklist/marks.h"
#include "services/worklist/service.h"

namespace knooppunt::worklist {
namespace {

// Of what is asked, for the token: not of the page.
v1::ListInboxRequest QuestionOf(const v1::ListInboxRequest& req) {
  v1::ListInboxRequest out;
  out.set_acknowledged(req.acknowledged());
  return out;
}

std::string KeyOf(const v1::Notice& n) { return absl::StrCat(n.date(), " ", n.name()); }

}  // namespace

absl::Status WorklistService::ListInbox(const Call&, const std::vector<Call>& all, ReadTx& tx,
                                        const v1::ListInboxRequest& req,
                                        v1::ListInboxResponse* resp) {
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const std::string after, KeyOfToken(req.page_token(), QuestionOf(req)));
  std::vector<v1::Notice> found;
  for (const Call& call : all) {
    KP_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyView> view, ViewFamily(call, tx));
    KP_ASSIGN_OR_RETURN(std::vector<v1::Notice> notices, MarkedNoticesOf(call, tx, *view));
    std::move(notices.begin(), notices.end(), std::back_inserter(found));
  }
  resp->set_new_count(
      static_cast<int32_t>(std::count_if(found.begin(), found.end(), [](const v1::Notice& n) {
        return n.state() == v1::NOTICE_STATE_NEW;
      })));
  std::sort(found.begin(), found.end(), NewerFirst);
  std::string last;
  for (v1::Notice& n : found) {
    if (n.state() == v1::NOTICE_STATE_ACKNOWLEDGED && !req.acknowledged()) continue;
    std::string key = KeyOf(n);
    if (!after.empty() && key >= after) continue;
    if (resp->notices_size() == page_size) {
      resp->set_next_page_token(TokenAfter(last, QuestionOf(req)));
      break;
    }
    *resp->add_notices() = std::move(n);
    last = std::move(key);
  }
  return absl::OkStatus();
}

absl::Status WorklistService::MarkNotice(const Call& call, WriteTx& tx,
                                         const v1::MarkNoticeRequest& req, v1::Notice* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), "families/*/notices/*"));
  if (req.state() != v1::NOTICE_STATE_READ && req.state() != v1::NOTICE_STATE_ACKNOWLEDGED) {
    return errors::BadState();
  }
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyView> view, ViewFamily(call, tx));
  std::vector<v1::Notice> notices = Notices(view->sight, view->open);
  const auto found = std::find_if(notices.begin(), notices.end(),
                                  [&](const v1::Notice& n) { return n.name() == req.name(); });
  if (found == notices.end()) return dossier::errors::NotFound();
  if (req.state() == v1::NOTICE_STATE_ACKNOWLEDGED && !found->act().empty()) {
    return errors::ActInTheDossier();
  }
  const std::string reader = ReaderOf(view->sight);
  KP_ASSIGN_OR_RETURN(StoredMarks stored, LoadMarks(call, tx, reader));
  Mark(notices, name.Id("notices"), req.state(), absl::ToUnixSeconds(call.now()), &stored.marks);
  KP_RETURN_IF_ERROR(SaveMarks(call, tx, reader, stored, random_));
  ApplyMarks(stored.marks, &notices);
  *resp = *found;
  return absl::OkStatus();
}

}  // namespace knooppunt::worklist
