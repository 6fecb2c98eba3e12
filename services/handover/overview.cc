// What is to be followed up, over all the caller's cases: as a list and as a stream (R26, R30).
// From the same decisions as reading a handover (P4).

#include <algorithm>
#include <set>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"
#include "services/handover/due.h"
#include "services/handover/loading.h"
#include "services/handover/service.h"

namespace knooppunt::handover {
namespace {

using policy::AuthorizedCall;

// Of one family, in no order.
absl::Status AddDueOf(const AuthorizedCall& call, storage::ReadTx& tx,
                      const policy::HandoverKinds& kinds, std::vector<v1::DueHandover>* out) {
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  for (const CaseFact& c : facts.cases()) {
    KP_ASSIGN_OR_RETURN(const auto items,
                        dossier::ListItems(call, tx, c.id(), dossier::ItemKind::kHandover));
    for (const dossier::Item& item : items) {
      v1::Handover h;
      KP_RETURN_IF_ERROR(ParseHandover(call, item, &h));
      if (ReceivesAnother(call, c, h)) continue;
      const v1::HandoverKindRow* row = kinds.Find(h.kind());
      if (row == nullptr) return absl::DataLossError("a handover has no kind");
      out->push_back(DueOf(h, *row, SidesOf(h, c, CallerOf(call)), base::DateOf(call.now())));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::DueHandover>> Gather(const std::vector<AuthorizedCall>& all,
                                                    storage::ReadTx& tx,
                                                    const policy::HandoverKinds& kinds,
                                                    const v1::DueFilter& filter) {
  std::vector<v1::DueHandover> out;
  for (const AuthorizedCall& call : all) KP_RETURN_IF_ERROR(AddDueOf(call, tx, kinds, &out));
  out.erase(std::remove_if(out.begin(), out.end(),
                           [&](const v1::DueHandover& due) { return !Fits(filter, due); }),
            out.end());
  std::sort(out.begin(), out.end(), [](const v1::DueHandover& a, const v1::DueHandover& b) {
    return OrderKey(a) < OrderKey(b);
  });
  return out;
}

}  // namespace

absl::Status HandoverService::ListDueHandovers(const Call&, const std::vector<Call>& all,
                                               ReadTx& tx, const v1::ListDueHandoversRequest& req,
                                               v1::ListDueHandoversResponse* resp) {
  KP_RETURN_IF_ERROR(CheckFilter(req.filter()));
  if (req.page_size() < 0) {
    return dossier::errors::InvalidField("page_size", "be 0 or more");
  }
  const int page_size = req.page_size() == 0
                            ? limits::kMaxWorklistPage
                            : std::min<int>(req.page_size(), limits::kMaxWorklistPage);
  KP_ASSIGN_OR_RETURN(const std::string after, KeyOfToken(req.page_token(), req.filter()));
  KP_ASSIGN_OR_RETURN(const auto due, Gather(all, tx, *kinds_, req.filter()));
  resp->set_total_size(static_cast<int32_t>(due.size()));
  for (v1::WerkplaatsDue& w : CountByWerkplaats(due)) *resp->add_werkplaatsen() = std::move(w);
  for (const v1::DueHandover& d : due) {
    if (OrderKey(d) <= after) continue;
    if (resp->handovers_size() == page_size) {
      resp->set_next_page_token(TokenAfter(OrderKey(resp->handovers(page_size - 1)), req.filter()));
      break;
    }
    *resp->add_handovers() = d;
  }
  return absl::OkStatus();
}

absl::StatusOr<runtime::Flow> HandoverService::WatchDueHandovers(
    const Call&, const std::vector<Call>& all, ReadTx& tx, const v1::WatchDueHandoversRequest& req,
    Watched* watched, v1::WatchDueHandoversResponse* resp) {
  KP_RETURN_IF_ERROR(CheckFilter(req.filter()));
  KP_ASSIGN_OR_RETURN(const auto due, Gather(all, tx, *kinds_, req.filter()));
  Watched next = *watched;
  next.begun = true;
  std::set<std::string> there;
  for (const v1::DueHandover& d : due) {
    there.insert(d.name());
    std::string hash = crypto::Sha256(d.SerializeAsString()).substr(0, 16);
    const auto said = next.said.find(d.name());
    if (said != next.said.end() && said->second == hash) continue;
    if (resp->handovers_size() == limits::kMaxWorklistPage) continue;  // with the next message
    *resp->add_handovers() = d;
    next.said[d.name()] = std::move(hash);
  }
  for (auto said = next.said.begin(); said != next.said.end();) {
    if (there.contains(said->first) || resp->gone_size() == limits::kMaxWorklistPage) {
      ++said;
      continue;
    }
    resp->add_gone(said->first);
    said = next.said.erase(said);
  }
  resp->set_total_size(static_cast<int32_t>(due.size()));
  const bool news = !watched->begun || resp->handovers_size() > 0 || resp->gone_size() > 0;
  if (!news) return runtime::Flow::kNothing;
  *watched = std::move(next);
  return runtime::Flow::kMore;
}

}  // namespace knooppunt::handover
