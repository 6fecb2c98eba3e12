// How to reach a person (R16): phone, e-mail, how and when, and an interpreter. One for each label.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/family/rules.h"
#include "services/family/service.h"
#include "services/family/view.h"

namespace knooppunt::family {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kPersonPattern[] = "families/*/persons/*";

// Those that the permit opens, of one person: whom the label is about says of whom.
absl::StatusOr<std::vector<Item>> ContactsOf(const AuthorizedCall& call, storage::ReadTx& tx,
                                             absl::string_view person) {
  KP_ASSIGN_OR_RETURN(std::vector<Item> items,
                      dossier::ListItems(call, tx, "", ItemKind::kContact));
  items.erase(std::remove_if(items.begin(), items.end(),
                             [&](const Item& item) {
                               const auto& about = item.label.about();
                               return about.family() || about.persons_size() != 1 ||
                                      about.persons(0) != person;
                             }),
              items.end());
  return items;
}

absl::StatusOr<v1::Contact> ContactView(const Item& item) {
  KP_ASSIGN_OR_RETURN(v1::Contact out, ParseLabelled<v1::Contact>(item));
  out.set_etag(EtagOf(out));
  return out;
}

}  // namespace

absl::Status FamilyService::ListContacts(const Call& call, ReadTx& tx,
                                         const v1::ListContactsRequest& req,
                                         v1::ListContactsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kPersonPattern));
  KP_RETURN_IF_ERROR(dossier::GetItem(call, tx, ItemKind::kPerson, name.Id("persons")).status());
  KP_ASSIGN_OR_RETURN(const auto items, ContactsOf(call, tx, name.Id("persons")));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(*resp->add_contacts(), ContactView(item));
  }
  std::stable_sort(resp->mutable_contacts()->begin(), resp->mutable_contacts()->end(),
                   [](const v1::Contact& a, const v1::Contact& b) {
                     return a.update_time().seconds() > b.update_time().seconds();
                   });
  return absl::OkStatus();
}

absl::Status FamilyService::SetContact(const Call& call, WriteTx& tx,
                                       const v1::SetContactRequest& req, v1::Contact* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kPersonPattern));
  KP_RETURN_IF_ERROR(CheckContact(req.contact()));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const std::string person(name.Id("persons"));
  KP_RETURN_IF_ERROR(dossier::GetItem(call, tx, ItemKind::kPerson, person).status());
  KP_RETURN_IF_ERROR(CheckAboutExactly("contact", req.contact().label(), {person}));
  KP_ASSIGN_OR_RETURN(const auto items, ContactsOf(call, tx, person));
  const auto known = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    return item.scope == call.write_scopes()[0].id;
  });
  v1::Contact contact = req.contact();
  contact.clear_label();
  contact.clear_etag();
  *contact.mutable_update_time() = dossier::ToTimestamp(call.now());
  const std::string id = known == items.end() ? call.Id("ct", 0) : known->id;
  contact.set_name(absl::StrCat(PersonName(call.family(), person), "/contacts/", id));
  if (known == items.end()) {
    KP_RETURN_IF_ERROR(CheckEtag(req.contact().etag(), ""));
    KP_RETURN_IF_ERROR(dossier::InsertItem(
        call, tx, &facts,
        {.id = id, .kind = ItemKind::kContact, .payload = contact.SerializeAsString()}, 0,
        random_));
    KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  } else {
    KP_ASSIGN_OR_RETURN(const v1::Contact shown, ContactView(*known));
    KP_RETURN_IF_ERROR(CheckEtag(req.contact().etag(), shown.etag()));
    Item item = *known;
    item.payload = contact.SerializeAsString();
    KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, item, random_));
  }
  *resp = std::move(contact);
  *resp->mutable_label() = call.write_scopes()[0].label;
  resp->set_etag(EtagOf(*resp));
  return absl::OkStatus();
}

}  // namespace knooppunt::family
