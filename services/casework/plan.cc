// The record: contributions, and what one's own organisation recorded (R11, R13, R38).

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;

constexpr char kCasePattern[] = "families/*/cases/*";

// The case that a call adds something to: not a closed one.
absl::StatusOr<const CaseFact*> CaseToAddTo(const FamilyFacts& facts, absl::string_view id) {
  const CaseFact* c = dossier::FindCase(facts, id);
  if (c == nullptr) return dossier::errors::NotFound();
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  return c;
}

// Of the family, whom the permit shows: their own item, which stays closed.
absl::StatusOr<absl::flat_hash_set<std::string>> PersonsOpen(const policy::AuthorizedCall& call,
                                                             storage::ReadTx& tx,
                                                             const FamilyFacts& facts) {
  absl::flat_hash_set<std::string> out;
  for (const access::v1::PersonFact& p : facts.persons()) {
    KP_ASSIGN_OR_RETURN(const bool open, dossier::Opens(call, tx, p.id()));
    if (open) out.insert(p.id());
  }
  return out;
}

}  // namespace

absl::Status CaseworkService::AddContribution(const Call& call, WriteTx& tx,
                                              const v1::AddContributionRequest& req,
                                              v1::Contribution* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kCasePattern));
  KP_RETURN_IF_ERROR(dossier::ValidateText("contribution.text", req.contribution().text(), {}));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const CaseFact* c, CaseToAddTo(facts, name.Id("cases")));
  KP_RETURN_IF_ERROR(dossier::CheckLabel("contribution.label", req.contribution().label(), facts));
  const std::string id = call.Id("contribution", 0);
  resp->set_name(absl::StrCat(CaseName(facts.id(), c->id()), "/contributions/", id));
  resp->set_text(req.contribution().text());
  resp->set_author(call.actor());
  *resp->mutable_create_time() = dossier::ToTimestamp(call.now());
  const Item item = {.id = id,
                     .kind = ItemKind::kContribution,
                     .case_id = c->id(),
                     .payload = resp->SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  NameAuthor(
      facts, [](absl::string_view) { return true; }, resp);  // who asks
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

absl::Status CaseworkService::ListOwnRecord(const Call& call, ReadTx& tx,
                                            const v1::ListOwnRecordRequest& req,
                                            v1::ListOwnRecordResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kCasePattern));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, c->id(), ItemKind::kContribution));
  KP_ASSIGN_OR_RETURN(const absl::flat_hash_set<std::string> visible, PersonsOpen(call, tx, facts));
  for (const Item& item : items) {
    if (call.organisation().empty() || item.label.controller() != call.organisation()) continue;
    KP_ASSIGN_OR_RETURN(*resp->add_contributions(), ParseContribution(item));
    NameAuthor(
        facts, [&](absl::string_view person) { return visible.contains(person); },
        &*resp->mutable_contributions()->rbegin());
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
