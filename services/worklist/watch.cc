// The worklist as it changes: a stream, each message of which is a call of its own (R13).

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/worklist/gather.h"
#include "services/worklist/service.h"

namespace knooppunt::worklist {
namespace {

// Of what the caller would see change; the words of a step do not.
std::string HashOf(const v1::Entry& entry) {
  return crypto::Sha256(entry.SerializeAsString()).substr(0, 16);
}

}  // namespace

absl::StatusOr<runtime::Flow> WorklistService::WatchWorklist(
    const Call&, const std::vector<Call>& all, ReadTx& tx, const v1::WatchWorklistRequest& req,
    Watched* watched, v1::WatchWorklistResponse* resp) {
  KP_RETURN_IF_ERROR(CheckFilter(req.filter()));
  KP_ASSIGN_OR_RETURN(const std::vector<Placed> placed, Gather(all, tx, req.filter()));
  Watched next = *watched;
  next.begun = true;
  std::set<std::string> there;
  for (const Placed& p : placed) {
    there.insert(p.key);
    std::string hash = HashOf(p.line.entry);
    const auto said = next.said.find(p.key);
    if (said != next.said.end() && said->second.hash == hash) continue;
    if (resp->entries_size() == limits::kMaxWorklistPage) continue;  // with the next message
    v1::Entry* entry = resp->add_entries();
    *entry = p.line.entry;
    KP_RETURN_IF_ERROR(AddWords(tx, p, entry));
    next.said[p.key] = {.hash = std::move(hash),
                        .kind = entry->kind(),
                        .subject = entry->subject(),
                        .seat = entry->seat()};
  }
  for (auto said = next.said.begin(); said != next.said.end();) {
    if (there.contains(said->first) || resp->gone_size() == limits::kMaxWorklistPage) {
      ++said;
      continue;
    }
    v1::GoneEntry* gone = resp->add_gone();
    gone->set_kind(said->second.kind);
    gone->set_subject(said->second.subject);
    gone->set_seat(said->second.seat);
    said = next.said.erase(said);
  }
  resp->set_total_size(static_cast<int32_t>(placed.size()));
  const bool news = !watched->begun || resp->entries_size() > 0 || resp->gone_size() > 0;
  if (!news) return runtime::Flow::kNothing;
  *watched = std::move(next);
  return runtime::Flow::kMore;
}

}  // namespace knooppunt::worklist
