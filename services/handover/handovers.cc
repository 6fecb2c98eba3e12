// Handovers: drafting, reading and listing (R26-R28, R30).

#include <set>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/handover/errors.h"
#include "services/handover/loading.h"
#include "services/handover/service.h"

namespace knooppunt::handover {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

std::string HandoverName(absl::string_view family, absl::string_view id) {
  return absl::StrCat("families/", family, "/handovers/", id);
}

// One handover of a case runs at a time (R26). One that has expired meanwhile is put away here.
absl::Status ClearTheWay(const AuthorizedCall& call, storage::WriteTx& tx, FamilyFacts* facts,
                         CaseFact* c, crypto::Random& random) {
  const access::v1::HandoverFact* fact = RunningFor(*facts, c->id());
  if (fact == nullptr) return absl::OkStatus();
  const std::string id = fact->id();
  auto item = dossier::GetItem(call, tx, ItemKind::kHandover, id);
  if (absl::IsNotFound(item.status())) return errors::RunningAlready();
  if (!item.ok()) return item.status();
  v1::Handover h;
  if (!h.ParseFromString(item->payload)) return absl::DataLossError("an item cannot be read");
  if (StateOn(h, base::DateOf(call.now())) != v1::HANDOVER_STATE_EXPIRED)
    return errors::RunningAlready();
  Record(&h, {.state = v1::HANDOVER_STATE_EXPIRED, .actor = call.actor(), .note = ""}, call.now());
  EndOffer(facts, c, h, id, call.now());
  item->payload = h.SerializeAsString();
  return dossier::UpdateItem(call, tx, *item, random);
}

// The scopes that the receiver will need: the handover's own, and those of the picked parts. What
// the caller cannot open cannot be picked.
absl::StatusOr<access::v1::HandoverFact> FactOf(const AuthorizedCall& call, storage::WriteTx& tx,
                                                const v1::Handover& h, absl::string_view own_scope,
                                                absl::string_view id, absl::string_view case_id) {
  KP_ASSIGN_OR_RETURN(const auto parts, LoadParts(call, tx, h, case_id));
  if (static_cast<int>(parts.size()) != h.items_size()) return dossier::errors::NotFound();
  access::v1::HandoverFact fact;
  fact.set_id(std::string(id));
  fact.set_case_id(std::string(case_id));
  fact.set_receiver(h.to_organisation());
  std::set<std::string> scopes = {std::string(own_scope)};
  for (const OpenedPart& p : parts) scopes.insert(p.scope);
  fact.mutable_scopes()->Assign(scopes.begin(), scopes.end());
  return fact;
}

}  // namespace

absl::Status DemandDraft(const runtime::Preparation&, const v1::DraftHandoverRequest& req,
                         runtime::Demands* out) {
  if (req.items_size() > limits::kMaxPageSize ||
      req.children_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField("items",
                                         absl::StrCat("have at most ", limits::kMaxPageSize));
  }
  for (const common::v1::About& about : AboutCandidates(req)) {
    common::v1::Label label;
    *label.mutable_about() = about;
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    out->labels.push_back(std::move(label));
  }
  out->references = {req.to_werkplaats(), req.receiver()};
  return absl::OkStatus();
}

absl::Status HandoverService::DraftHandover(const Call& call, WriteTx& tx,
                                            const v1::DraftHandoverRequest& req,
                                            v1::Handover* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  const ReceivingSide to = {call.reference(0).werkplaats(), call.reference(1).professional()};
  KP_RETURN_IF_ERROR(CheckDraft(req, *c, to, call.now()));
  KP_RETURN_IF_ERROR(ClearTheWay(call, tx, &facts, c, random_));
  const std::string id = call.Id("handover", 0);
  *resp = Drafted(req, *c, to, base::DateOf(call.now()));
  resp->set_name(HandoverName(call.family(), id));
  Record(resp, {.state = v1::HANDOVER_STATE_DRAFTED, .actor = call.actor(), .note = ""},
         call.now());
  KP_ASSIGN_OR_RETURN(const int label, ChosenAbout(req, *c));
  if (label >= static_cast<int>(call.write_scopes().size())) return dossier::errors::NoLabel();
  KP_ASSIGN_OR_RETURN(*facts.add_handovers(),
                      FactOf(call, tx, *resp, call.write_scopes()[label].id, id, c->id()));
  const Item item = {.id = id,
                     .kind = ItemKind::kHandover,
                     .case_id = c->id(),
                     .payload = resp->SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, label, random_));
  return dossier::SaveFacts(call, tx, &facts, random_);
}

absl::Status HandoverService::GetHandover(const Call& call, ReadTx& tx,
                                          const v1::GetHandoverRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(auto parts, LoadParts(call, tx, at.h, at.c->id()));
  KP_RETURN_IF_ERROR(Show(call, tx, std::move(at.h), resp));
  resp->set_state(StateOn(*resp, base::DateOf(call.now())));
  for (OpenedPart& p : parts) *resp->add_parts() = std::move(p.part);
  return absl::OkStatus();
}

absl::Status HandoverService::ListHandovers(const Call& call, ReadTx& tx,
                                            const v1::ListHandoversRequest& req,
                                            v1::ListHandoversResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, c->id(), ItemKind::kHandover));
  for (const Item& item : items) {
    v1::Handover h;
    if (!h.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    if (ReceivesAnother(call, *c, h)) continue;
    h.set_state(StateOn(h, base::DateOf(call.now())));
    KP_RETURN_IF_ERROR(Show(call, tx, std::move(h), resp->add_handovers()));
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
