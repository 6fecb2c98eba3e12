// Two records of one family become one, and become two again (R1, R18, R21, R25).

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/family/errors.h"
#include "services/family/merge_rules.h"
#include "services/family/service.h"

namespace knooppunt::family {
namespace {

constexpr char kFamilyPattern[] = "families/*";
constexpr char kMergePattern[] = "families/*/merges/*";

// The record that gives way, and what access told of the one that stays: the call was decided about
// both, and only the first is this call's to write.
struct BothFacts {
  access::v1::FamilyFacts gives_way, stays;
  TwoRecords records() { return {&gives_way, &stays}; }
};

absl::StatusOr<BothFacts> LoadBoth(const policy::AuthorizedCall& call, storage::ReadTx& tx) {
  BothFacts out;
  for (const access::v1::FactEntry& entry : call.decision().references()) {
    if (entry.has_family()) out.stays = entry.family();
  }
  if (out.stays.id().empty()) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(out.gives_way, dossier::LoadFacts(call, tx));
  return out;
}

// No chains: what gave way to this record would have to be looked for in two steps.
absl::Status CheckTookNothingIn(const policy::AuthorizedCall& call, storage::ReadTx& tx) {
  KP_ASSIGN_OR_RETURN(const bool took_in, dossier::TookIn(call, tx));
  return took_in ? errors::MergedAlready() : absl::OkStatus();
}

}  // namespace

absl::Status FamilyService::ProposeMerge(const Call& call, WriteTx& tx,
                                         const v1::ProposeMergeRequest& req, v1::Merge* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  if (req.matches_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField("matches", "name each person once");
  }
  KP_ASSIGN_OR_RETURN(BothFacts both, LoadBoth(call, tx));
  KP_RETURN_IF_ERROR(CheckTookNothingIn(call, tx));
  const std::string id = call.Id("m", 0);
  KP_RETURN_IF_ERROR(
      family::ProposeMerge(both.records(), req, id, call.claims().subject(), call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &both.gives_way, random_));
  *resp = MergeView(both.gives_way, *FindMerge(both.gives_way, id));
  return absl::OkStatus();
}

absl::Status FamilyService::DecideMerge(const Call& call, WriteTx& tx,
                                        const v1::DecideMergeRequest& req, v1::Merge* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kMergePattern));
  KP_ASSIGN_OR_RETURN(BothFacts both, LoadBoth(call, tx));
  const std::string id(name.Id("merges"));
  KP_RETURN_IF_ERROR(
      family::DecideMerge(both.records(), id, req.approve(), call.claims().subject(), call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &both.gives_way, random_));
  if (req.approve()) KP_RETURN_IF_ERROR(dossier::FindInstead(call, tx, both.stays.id()));
  *resp = MergeView(both.gives_way, *FindMerge(both.gives_way, id));
  return absl::OkStatus();
}

absl::Status FamilyService::UndoMerge(const Call& call, WriteTx& tx,
                                      const v1::UndoMergeRequest& req, v1::Merge* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kMergePattern));
  KP_ASSIGN_OR_RETURN(BothFacts both, LoadBoth(call, tx));
  const std::string id(name.Id("merges"));
  KP_RETURN_IF_ERROR(family::UndoMerge(both.records(), id, call.claims().subject(), call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &both.gives_way, random_));
  KP_RETURN_IF_ERROR(dossier::FindAgain(call, tx));
  *resp = MergeView(both.gives_way, *FindMerge(both.gives_way, id));
  return absl::OkStatus();
}

absl::Status FamilyService::ListMerges(const Call&, const std::vector<Call>& families, ReadTx& tx,
                                       const v1::ListMergesRequest& req,
                                       v1::ListMergesResponse* resp) {
  if (req.page_size() < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  const int page = req.page_size() == 0 ? limits::kMaxPageSize
                                        : std::min<int>(req.page_size(), limits::kMaxPageSize);
  // R18: of a merge shows only what the caller may correct on both sides; by name, so that a page
  // token is the last one shown and says nothing of what is left out.
  std::map<std::string, access::v1::FamilyFacts> known;
  for (const Call& call : families) {
    KP_ASSIGN_OR_RETURN(known[call.family()], dossier::LoadFacts(call, tx));
  }
  std::map<std::string, v1::Merge> merges;
  for (const auto& [id, facts] : known) {
    for (const access::v1::MergeFact& m : facts.merges()) {
      if (!m.gives_way() || !known.contains(m.other())) continue;
      v1::Merge shown = MergeView(facts, m);
      std::string name = shown.name();
      if (name > req.page_token()) merges.emplace(std::move(name), std::move(shown));
    }
  }
  for (auto& [name, merge] : merges) {
    if (resp->merges_size() == page) {
      resp->set_next_page_token(resp->merges(page - 1).name());
      break;
    }
    *resp->add_merges() = std::move(merge);
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::family
