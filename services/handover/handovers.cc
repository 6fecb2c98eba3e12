// Handovers: drafting, reading and listing (R26-R28, R30).

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/closing.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/handover/archive_errors.h"
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

std::vector<std::string> ClosedWerkplaatsen(const AuthorizedCall& call) {
  std::vector<std::string> out;
  for (const access::v1::ClosingWerkplaats& w : call.decision().closing()) {
    if (policy::ClosedBy(w.close_date(), base::DateOf(call.now()))) out.push_back(w.werkplaats());
  }
  return out;
}

// One handover of a case runs at a time (R26), but for those that leave the case where it is. What
// has expired meanwhile is put away here.
absl::Status ClearTheWay(const AuthorizedCall& call, storage::WriteTx& tx,
                         const v1::Handover& drafted, FamilyFacts* facts, CaseFact* c,
                         crypto::Random& random) {
  std::vector<std::string> running;
  for (const access::v1::HandoverFact& fact : facts->handovers()) {
    if (fact.case_id() == c->id()) running.push_back(fact.id());
  }
  for (const std::string& id : running) {
    auto item = dossier::GetItem(call, tx, ItemKind::kHandover, id);
    if (absl::IsNotFound(item.status())) return errors::RunningAlready();
    if (!item.ok()) return item.status();
    v1::Handover h;
    KP_RETURN_IF_ERROR(ParseHandover(call, *item, &h));
    if (StateOn(h, base::DateOf(call.now())) != v1::HANDOVER_STATE_EXPIRED) {
      if (InTheWay(h, drafted)) return errors::RunningAlready();
      continue;
    }
    Record(&h, {.state = v1::HANDOVER_STATE_EXPIRED, .actor = call.actor(), .note = ""},
           call.now());
    EndOffer(facts, c, h, id, call.now());
    item->payload = Kept(std::move(h));
    KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, *item, random));
  }
  return absl::OkStatus();
}

// The request with every part by its name: documents by their version, and what the compartments
// hold. NOT_FOUND for what the caller cannot open.
absl::StatusOr<v1::DraftHandoverRequest> Picked(const AuthorizedCall& call, storage::ReadTx& tx,
                                                const v1::DraftHandoverRequest& req,
                                                const CaseFact& c) {
  v1::DraftHandoverRequest out = req;
  std::set<std::string> names;
  for (const std::string& name : req.items()) {
    KP_ASSIGN_OR_RETURN(const auto part, LoadPart(call, tx, name, c.id()));
    if (!part.has_value()) return dossier::errors::NotFound();
    names.insert(part->part.item());
  }
  if (!req.compartments().empty()) {
    std::vector<int> compartments(req.compartments().begin(), req.compartments().end());
    std::vector<std::string> children;
    if (!Moves(req.mode())) children.assign(req.children().begin(), req.children().end());
    KP_ASSIGN_OR_RETURN(const auto all, PickCompartments(call, tx, c.id(), compartments, children));
    names.insert(all.begin(), all.end());
  }
  if (names.empty()) return errors::NothingPicked();
  if (names.size() > kMaxParts) {
    return dossier::errors::InvalidField("items", absl::StrCat("have at most ", kMaxParts));
  }
  out.mutable_items()->Assign(names.begin(), names.end());
  return out;
}

// The scopes that the receiver will need: the handover's own, and those of the picked parts. What
// the caller cannot open cannot be picked.
absl::StatusOr<access::v1::HandoverFact> FactOf(const AuthorizedCall& call, storage::WriteTx& tx,
                                                const v1::Handover& h, absl::string_view own_scope,
                                                absl::string_view id, absl::string_view case_id) {
  KP_ASSIGN_OR_RETURN(const auto parts, LoadParts(call, tx, h, case_id));
  if (static_cast<int>(parts.size()) != h.items_size()) return dossier::errors::NotFound();
  const bool all_may = std::all_of(parts.begin(), parts.end(),
                                   [](const OpenedPart& p) { return TravelsElsewhere(p.label); });
  if (GoesElsewhere(h) && !all_may) return errors::ElsewhereIsEducation();
  access::v1::HandoverFact fact;
  fact.set_id(std::string(id));
  fact.set_case_id(std::string(case_id));
  fact.set_receiver(h.to_organisation());
  // Where only the help changes hands, the werkplaats receives nothing.
  if (h.to_werkplaats() != h.from_werkplaats()) fact.set_to_werkplaats(h.to_werkplaats());
  std::set<std::string> scopes = {std::string(own_scope)};
  for (const OpenedPart& p : parts) scopes.insert(p.scope);
  fact.mutable_scopes()->Assign(scopes.begin(), scopes.end());
  return fact;
}

}  // namespace

absl::Status DemandDraft(const runtime::Preparation&, const v1::DraftHandoverRequest& req,
                         runtime::Demands* out) {
  if (req.items_size() > kMaxParts || req.children_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField("items", absl::StrCat("have at most ", kMaxParts));
  }
  for (const common::v1::About& about : AboutCandidates(req)) {
    common::v1::Label label;
    *label.mutable_about() = about;
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    out->labels.push_back(std::move(label));
  }
  out->references = {req.parent(), req.to_werkplaats(), req.receiver()};
  if (!req.to_organisation().empty()) out->references.push_back(req.to_organisation());
  return absl::OkStatus();
}

absl::string_view HandoverService::RunsElsewhere(absl::string_view werkplaats) const {
  const Installation* other =
      installations_ == nullptr ? nullptr : installations_->At(werkplaats).first;
  return other == nullptr ? absl::string_view() : other->name;
}

absl::Status HandoverService::DraftHandover(const Call& call, WriteTx& tx,
                                            const v1::DraftHandoverRequest& req,
                                            v1::Handover* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  const v1::HandoverKindRow* row = kinds_->Find(req.kind());
  if (row == nullptr) return dossier::errors::InvalidField("kind", "be one of the kinds of R30");
  const access::v1::FactEntry nothing;
  const DraftWorld world = {
      .from = call.reference(0).werkplaats(),
      .to = call.reference(1).werkplaats(),
      .receiver = call.reference(2).professional(),
      .to_organisation =
          (req.to_organisation().empty() ? nothing : call.reference(3)).organisation(),
      .row = *row,
      .facts = facts,
      .installation = RunsElsewhere(req.to_werkplaats()),
      .closed = ClosedWerkplaatsen(call)};
  KP_RETURN_IF_ERROR(CheckDraft(req, *c, world, call.now()));
  KP_ASSIGN_OR_RETURN(const v1::DraftHandoverRequest picked, Picked(call, tx, req, *c));
  const std::string id = call.Id("handover", 0);
  *resp = Drafted(picked, *c, world, base::DateOf(call.now()));
  KP_RETURN_IF_ERROR(ClearTheWay(call, tx, *resp, &facts, c, random_));
  resp->set_name(HandoverName(call.family(), id));
  Record(resp, {.state = v1::HANDOVER_STATE_DRAFTED, .actor = call.actor(), .note = ""},
         call.now());
  KP_ASSIGN_OR_RETURN(const int label, ChosenAbout(req, *c));
  if (label >= static_cast<int>(call.write_scopes().size())) return dossier::errors::NoLabel();
  KP_ASSIGN_OR_RETURN(*facts.add_handovers(),
                      FactOf(call, tx, *resp, call.write_scopes()[label].id, id, c->id()));
  const Item item = {
      .id = id, .kind = ItemKind::kHandover, .case_id = c->id(), .payload = Kept(*resp)};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, label, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  if (!row->may_stay()) resp->set_receiver_close_date(world.to.close_date());
  return Show(call, tx, *resp, resp);
}

absl::Status HandoverService::GetHandover(const Call& call, ReadTx& tx,
                                          const v1::GetHandoverRequest& req, v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_ASSIGN_OR_RETURN(auto parts, LoadParts(call, tx, at.h, at.c->id()));
  KP_RETURN_IF_ERROR(Show(call, tx, std::move(at.h), resp));
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
    KP_RETURN_IF_ERROR(ParseHandover(call, item, &h));
    if (ReceivesAnother(call, *c, h)) continue;
    KP_RETURN_IF_ERROR(Show(call, tx, std::move(h), resp->add_handovers()));
  }
  return absl::OkStatus();
}

absl::Status HandoverService::GetReceipt(const Call& call, ReadTx& tx,
                                         const v1::GetReceiptRequest& req,
                                         v1::HandoverReceipt* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  if (!call.is_staff()) return errors::ReceiptIsForBothSides();
  if (at.h.statements().empty()) return errors::NoReceiptYet();
  *resp->mutable_peer_receipts() = at.h.elsewhere().receipts();
  resp->set_name(at.h.name());
  *resp->mutable_statements() = at.h.statements();
  resp->set_family_view(at.h.family_view());
  KP_ASSIGN_OR_RETURN(auto parts, LoadParts(call, tx, at.h, at.c->id()));
  for (OpenedPart& p : parts) {
    // What says something else by now is not what the statements are about.
    const std::string hash = PartHash(p.part);
    const bool shown = std::any_of(at.h.seals().begin(), at.h.seals().end(),
                                   [&](const v1::PartSeal& s) { return s.sha256() == hash; });
    if (shown) *resp->add_parts() = std::move(p.part);
  }
  return absl::OkStatus();
}

absl::Status HandoverService::ListHandoverKinds(const Call&, ReadTx&,
                                                const v1::ListHandoverKindsRequest&,
                                                v1::HandoverKinds* resp) {
  *resp = kinds_->table();
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
