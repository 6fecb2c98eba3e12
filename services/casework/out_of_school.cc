// Children out of school: reported, and followed on the way back (R34). Read with the case.

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/casework/authors.h"
#include "services/casework/errors.h"
#include "services/casework/out_of_school_rules.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;

// One at a time for a child, of those that the caller may see (R18).
absl::Status CheckNoneRuns(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                           absl::string_view case_id, const std::string& child) {
  KP_ASSIGN_OR_RETURN(const std::vector<Item> items,
                      dossier::ListItems(call, tx, case_id, ItemKind::kOutOfSchool));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(const v1::OutOfSchool absence, ParseOutOfSchool(item));
    if (absence.child() == child && !IsOver(absence.state())) return errors::AlreadyOutOfSchool();
  }
  return absl::OkStatus();
}

void Sign(const policy::AuthorizedCall& call, v1::OutOfSchool* absence) {
  v1::OutOfSchoolChange& change = *absence->mutable_changes()->rbegin();
  change.set_author(call.actor());
  *change.mutable_time() = dossier::ToTimestamp(call.now());
}

}  // namespace

absl::Status CaseworkService::ReportOutOfSchool(const Call& call, WriteTx& tx,
                                                const v1::ReportOutOfSchoolRequest& req,
                                                v1::OutOfSchool* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_RETURN_IF_ERROR(school_duty_.status());
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  KP_ASSIGN_OR_RETURN(*resp,
                      ReportedAbsence(*school_duty_, req, facts, *c, base::DateOf(call.now())));
  if (call.reference(0).werkplaats().name() != req.absence().school()) {
    return errors::UnknownSchool();
  }
  KP_RETURN_IF_ERROR(CheckNoneRuns(call, tx, c->id(), resp->child()));
  const std::string id = call.Id("absence", 0);
  resp->set_name(absl::StrCat(CaseName(facts.id(), c->id()), "/absences/", id));
  Sign(call, resp);
  const Item item = {.id = id,
                     .kind = ItemKind::kOutOfSchool,
                     .case_id = c->id(),
                     .payload = resp->SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

absl::Status CaseworkService::AdvanceOutOfSchool(const Call& call, WriteTx& tx,
                                                 const v1::AdvanceOutOfSchoolRequest& req,
                                                 v1::OutOfSchool* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(),
                                                          "families/*/cases/*/absences/*"));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(Item item,
                      dossier::GetItem(call, tx, ItemKind::kOutOfSchool, name.Id("absences")));
  if (item.case_id != c->id()) return dossier::errors::NotFound();
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  KP_ASSIGN_OR_RETURN(*resp, ParseOutOfSchool(item));
  if (resp->changes_size() >= limits::kMaxAbsenceChanges) {
    return dossier::errors::TooMany("changes of one absence");
  }
  KP_RETURN_IF_ERROR(Advance(resp, req, base::DateOf(call.now())));
  Sign(call, resp);
  v1::OutOfSchool bare = *resp;
  bare.clear_label();
  item.payload = bare.SerializeAsString();
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, item, random_));
  KP_ASSIGN_OR_RETURN(const Authors authors, Authors::Load(call, tx, facts));
  authors.Show(resp);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
