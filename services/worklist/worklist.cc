// The worklist over all the caller's cases, and the digest of it.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "services/dossier/family_store.h"
#include "services/worklist/digest.h"
#include "services/worklist/family_view.h"
#include "services/worklist/gather.h"
#include "services/worklist/service.h"

namespace knooppunt::worklist {

absl::StatusOr<std::vector<Placed>> Gather(const std::vector<policy::AuthorizedCall>& all,
                                           storage::ReadTx& tx, const v1::WorklistFilter& filter) {
  std::vector<Placed> out;
  for (const policy::AuthorizedCall& call : all) {
    KP_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyView> view, ViewFamily(call, tx));
    for (Line& line : Lines(view->sight, view->open, filter.whose())) {
      if (!Fits(filter, line.entry)) continue;
      std::string key = OrderKey(line.entry);
      out.push_back({std::move(key), std::move(line), &call});
    }
  }
  std::sort(out.begin(), out.end(), [](const Placed& a, const Placed& b) { return a.key < b.key; });
  return out;
}

absl::Status AddWords(storage::ReadTx& tx, const Placed& placed, v1::Entry* entry) {
  if (placed.line.item.empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(
      const dossier::Item item,
      dossier::GetItem(*placed.call, tx, dossier::ItemKind::kStep, placed.line.item));
  casework::v1::Step step;
  if (!step.ParseFromString(item.payload)) return absl::DataLossError("a step cannot be read");
  entry->set_text_nl(absl::StrCat(entry->text_nl(), " ", step.text()));
  return absl::OkStatus();
}

absl::Status WorklistService::ListWorklist(const Call&, const std::vector<Call>& all, ReadTx& tx,
                                           const v1::ListWorklistRequest& req,
                                           v1::ListWorklistResponse* resp) {
  KP_RETURN_IF_ERROR(CheckFilter(req.filter()));
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const std::string after, KeyOfToken(req.page_token(), req.filter()));
  KP_ASSIGN_OR_RETURN(const std::vector<Placed> placed, Gather(all, tx, req.filter()));
  resp->set_total_size(static_cast<int32_t>(placed.size()));
  const Placed* last = nullptr;
  for (const Placed& p : placed) {
    if (p.key <= after) continue;
    if (resp->entries_size() == page_size) {
      resp->set_next_page_token(TokenAfter(last->key, req.filter()));
      break;
    }
    v1::Entry* entry = resp->add_entries();
    *entry = p.line.entry;
    KP_RETURN_IF_ERROR(AddWords(tx, p, entry));
    last = &p;
  }
  return absl::OkStatus();
}

absl::Status WorklistService::GetDigest(const Call& own, const std::vector<Call>& all, ReadTx& tx,
                                        const v1::GetDigestRequest&, v1::Digest* resp) {
  DigestInput input;
  input.meetings_before = base::FormatDate(base::DateOf(own.now()) + kDigestMeetingDays);
  for (const Call& call : all) {
    KP_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyView> view, ViewFamily(call, tx));
    for (Line& line : Lines(view->sight, view->open, v1::WHOSE_MINE)) {
      input.entries.push_back(std::move(line.entry));
    }
    KP_ASSIGN_OR_RETURN(const std::vector<v1::Notice> notices, MarkedNoticesOf(call, tx, *view));
    input.fresh +=
        static_cast<int>(std::count_if(notices.begin(), notices.end(), [](const v1::Notice& n) {
          return n.state() == v1::NOTICE_STATE_NEW;
        }));
  }
  *resp = MakeDigest(input);
  return absl::OkStatus();
}

}  // namespace knooppunt::worklist
