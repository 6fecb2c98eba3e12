// Who, that the organisation is responsible, and how to reach the youth: what is left to know when
// whoever led lost access and the stand-in has none (R16).

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "knooppunt/family/v1/family.pb.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

constexpr char kCasePattern[] = "families/*/cases/*";

using Contacts = std::map<std::string, family::v1::Contact>;

// The newest of each person, of those that the permit opens: whom its label is about it reaches.
absl::StatusOr<Contacts> NewestContacts(const policy::AuthorizedCall& call, storage::ReadTx& tx) {
  KP_ASSIGN_OR_RETURN(const std::vector<dossier::Item> items,
                      dossier::ListItems(call, tx, "", dossier::ItemKind::kContact));
  Contacts out;
  for (const dossier::Item& item : items) {
    family::v1::Contact contact;
    if (!contact.ParseFromString(item.payload)) {
      return absl::DataLossError("an item cannot be read");
    }
    if (item.label.about().family() || item.label.about().persons_size() != 1) continue;
    family::v1::Contact& newest = out[item.label.about().persons(0)];
    if (contact.update_time().seconds() >= newest.update_time().seconds()) {
      newest = std::move(contact);
    }
  }
  return out;
}

absl::StatusOr<v1::ReachablePerson> Reachable(const dossier::Item& item, std::string name,
                                              const family::v1::Contact& contact) {
  v1::Person person;
  if (!person.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  v1::ReachablePerson out;
  out.set_name(std::move(name));
  out.set_given_name(person.given_name());
  out.set_family_name(person.family_name());
  out.set_phone(contact.phone());
  out.set_email(contact.email());
  out.set_how(contact.how());
  out.set_when(contact.when());
  return out;
}

}  // namespace

absl::Status CaseworkService::GetResponsibility(const Call& call, ReadTx& tx,
                                                const v1::GetResponsibilityRequest& req,
                                                v1::Responsibility* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  resp->set_name(CaseName(facts.id(), c->id()));
  resp->set_organisation(call.organisation());
  *resp->mutable_start_time() = dossier::ToTimestamp(call.decision().responsible_since());
  KP_ASSIGN_OR_RETURN(Contacts contacts, NewestContacts(call, tx));
  // Each by its id, so that what else lies in the same scope stays closed.
  for (const std::string& child : c->children()) {
    const auto item = dossier::GetItem(call, tx, dossier::ItemKind::kPerson, child);
    if (absl::IsNotFound(item.status())) continue;  // destroyed (R32), or of another's keeping
    KP_RETURN_IF_ERROR(item.status());
    KP_ASSIGN_OR_RETURN(*resp->add_persons(),
                        Reachable(*item, absl::StrCat("families/", facts.id(), "/persons/", child),
                                  contacts[child]));
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
