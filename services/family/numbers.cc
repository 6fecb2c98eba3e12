// Citizen service numbers: a keyed hash for finding doubles, and nothing else (R3).

#include <algorithm>

#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/person_tokens.h"
#include "services/dossier/request.h"
#include "services/family/errors.h"
#include "services/family/rules.h"
#include "services/family/service.h"

namespace knooppunt::family {
namespace {

using dossier::ItemKind;

constexpr char kPersonPattern[] = "families/*/persons/*";

}  // namespace

absl::Status FamilyService::RecordBsn(const Call& call, WriteTx& tx,
                                      const v1::RecordBsnRequest& req,
                                      v1::RecordBsnResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kPersonPattern));
  KP_RETURN_IF_ERROR(CheckBsn(req.bsn()));
  KP_ASSIGN_OR_RETURN(const dossier::Item item,
                      dossier::GetItem(call, tx, ItemKind::kPerson, name.Id("persons")));
  if (item.label.controller() != call.organisation()) return errors::NotYoursToCorrect();
  KP_RETURN_IF_ERROR(dossier::PutBsnToken(call, tx, item.id, req.bsn()));
  resp->set_name(req.name());
  resp->set_recorded(true);
  return absl::OkStatus();
}

absl::Status FamilyService::FindDoubles(const Call& call, ReadTx& tx,
                                        const v1::FindDoublesRequest& req,
                                        v1::FindDoublesResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kPersonPattern));
  KP_ASSIGN_OR_RETURN(const dossier::Item item,
                      dossier::GetItem(call, tx, ItemKind::kPerson, name.Id("persons")));
  KP_ASSIGN_OR_RETURN(const auto hits, dossier::FindDoubles(call, tx, item.id));
  if (!hits.has_value()) return errors::NoNumber();
  // As a search: that there is an open case, and whom to ask. Nothing of one that is closed.
  const auto open = std::find_if(hits->begin(), hits->end(),
                                 [](const dossier::SearchHit& h) { return h.open_case; });
  if (open == hits->end()) return absl::OkStatus();
  resp->set_found(true);
  resp->set_ask(open->ask);
  resp->set_ask_organisation(open->ask_organisation);
  return absl::OkStatus();
}

}  // namespace knooppunt::family
