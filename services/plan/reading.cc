// Reading the plan, and what an item of it said before.

#include <algorithm>
#include <vector>

#include "base/status.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/plan/items.h"
#include "services/plan/paging.h"
#include "services/plan/service.h"
#include "services/plan/view.h"

namespace knooppunt::plan {

absl::Status PlanService::GetPlan(const Call& call, ReadTx& tx, const v1::GetPlanRequest& req,
                                  v1::Plan* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(const access::v1::FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const access::v1::CaseFact* c, CaseOf(facts, name.Id("cases")));
  KP_ASSIGN_OR_RETURN(*resp, PlanView(call, tx, facts, *c));
  return absl::OkStatus();
}

absl::Status PlanService::ListPlanVersions(const Call& call, ReadTx& tx,
                                           const v1::ListPlanVersionsRequest& req,
                                           v1::ListPlanVersionsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(req.page_size(), req.page_token()));
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadItem(call, tx, req.name(), "", &loaded));
  KP_ASSIGN_OR_RETURN(std::vector<v1::PlanItem> versions, EarlierVersions(call, tx, loaded.stored));
  versions.push_back(loaded.item);
  std::reverse(versions.begin(), versions.end());
  Reader reader(call, tx, loaded.facts);
  const int total = static_cast<int>(versions.size());
  for (int i = slice.begin; i < std::min(total, slice.begin + slice.size); ++i) {
    KP_RETURN_IF_ERROR(reader.Show(&versions[i]));
    *resp->add_versions() = versions[i];
  }
  resp->set_next_page_token(TokenAfter(slice, total));
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
