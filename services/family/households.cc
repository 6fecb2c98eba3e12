// Households and where they live (R18). An address is an item of its own, read by an act of its
// own.

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/family/errors.h"
#include "services/family/rules.h"
#include "services/family/service.h"
#include "services/family/view.h"

namespace knooppunt::family {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kFamilyPattern[] = "families/*";
constexpr char kHouseholdPattern[] = "families/*/households/*";

std::string HouseholdName(absl::string_view family, absl::string_view household) {
  return absl::StrCat("families/", family, "/households/", household);
}

absl::StatusOr<v1::Household> HouseholdView(const Item& item) {
  KP_ASSIGN_OR_RETURN(v1::Household out, ParseLabelled<v1::Household>(item));
  out.set_etag(EtagOf(out));
  return out;
}

// Wiped ones have no street: the address before a move is not kept.
bool Stands(const v1::Address& address) { return !address.street().empty(); }

// The address that the permit opens, and its item; nullopt when there is none.
struct Found {
  Item item;
  v1::Address address;
};
absl::StatusOr<std::optional<Found>> FindAddress(const AuthorizedCall& call, storage::ReadTx& tx,
                                                 absl::string_view household) {
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, household, ItemKind::kAddress));
  std::optional<Found> out;
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(v1::Address address, ParseLabelled<v1::Address>(item));
    if (!Stands(address)) continue;
    address.set_etag(EtagOf(address));
    out = Found{item, std::move(address)};
  }
  return out;
}

// One address of a household stands: in its own scope, or else the earlier one is wiped first.
absl::Status Store(const AuthorizedCall& call, storage::WriteTx& tx, const v1::Address& address,
                   absl::string_view household, std::optional<Found> before, FamilyFacts* facts,
                   crypto::Random& random) {
  const bool same_scope = before.has_value() && !call.write_scopes().empty() &&
                          before->item.scope == call.write_scopes()[0].id;
  if (before.has_value()) {
    before->item.payload =
        same_scope ? address.SerializeAsString() : v1::Address().SerializeAsString();
    KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, before->item, random));
  }
  if (same_scope) return absl::OkStatus();
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, facts,
                                         {.id = call.Id("ad", 0),
                                          .kind = ItemKind::kAddress,
                                          .case_id = std::string(household),
                                          .payload = address.SerializeAsString()},
                                         0, random));
  return dossier::SaveFacts(call, tx, facts, random);
}

}  // namespace

absl::Status FamilyService::ListHouseholds(const Call& call, ReadTx& tx,
                                           const v1::ListHouseholdsRequest& req,
                                           v1::ListHouseholdsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, "", ItemKind::kHousehold));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(*resp->add_households(), HouseholdView(item));
  }
  return absl::OkStatus();
}

absl::Status FamilyService::RecordHousehold(const Call& call, WriteTx& tx,
                                            const v1::RecordHouseholdRequest& req,
                                            v1::Household* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_RETURN_IF_ERROR(CheckHousehold(req.household(), facts, base::DateOf(call.now())));
  KP_ASSIGN_OR_RETURN(const auto known, dossier::ListItems(call, tx, "", ItemKind::kHousehold));
  if (known.size() >= limits::kMaxHouseholdsPerFamily)
    return dossier::errors::TooMany("households");
  const std::string id = call.Id("h", 0);
  resp->set_name(HouseholdName(call.family(), id));
  resp->set_title(req.household().title());
  *resp->mutable_members() = req.household().members();
  resp->set_start_date(req.household().start_date());
  KP_RETURN_IF_ERROR(dossier::InsertItem(
      call, tx, &facts,
      {.id = id, .kind = ItemKind::kHousehold, .payload = resp->SerializeAsString()}, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp->mutable_label() = call.write_scopes()[0].label;
  resp->set_etag(EtagOf(*resp));
  return absl::OkStatus();
}

absl::Status FamilyService::EndHousehold(const Call& call, WriteTx& tx,
                                         const v1::EndHouseholdRequest& req, v1::Household* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kHouseholdPattern));
  KP_ASSIGN_OR_RETURN(const base::Date end, dossier::ParseDay("end_date", req.end_date()));
  KP_ASSIGN_OR_RETURN(Item item,
                      dossier::GetItem(call, tx, ItemKind::kHousehold, name.Id("households")));
  if (item.label.controller() != call.organisation()) return errors::NotYoursToCorrect();
  KP_ASSIGN_OR_RETURN(v1::Household household, HouseholdView(item));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), household.etag()));
  if (!household.end_date().empty()) return errors::HouseholdEnded();
  const auto start = base::ParseDate(household.start_date());
  if (!start.ok() || end < *start || end - base::DateOf(call.now()) > kMaxDaysAhead) {
    return dossier::errors::InvalidField(
        "end_date", "be the first day or later, and at most a year from today");
  }
  household.clear_etag();
  household.set_end_date(req.end_date());
  v1::Household bare = household;
  bare.clear_label();
  item.payload = bare.SerializeAsString();
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, item, random_));
  household.set_etag(EtagOf(household));
  *resp = std::move(household);
  return absl::OkStatus();
}

absl::Status FamilyService::GetAddress(const Call& call, ReadTx& tx,
                                       const v1::GetAddressRequest& req, v1::Address* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kHouseholdPattern));
  KP_ASSIGN_OR_RETURN(auto found, FindAddress(call, tx, name.Id("households")));
  if (!found.has_value()) return dossier::errors::NotFound();
  *resp = std::move(found->address);
  return absl::OkStatus();
}

absl::Status FamilyService::SetAddress(const Call& call, WriteTx& tx,
                                       const v1::SetAddressRequest& req, v1::Address* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kHouseholdPattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const Item item,
                      dossier::GetItem(call, tx, ItemKind::kHousehold, name.Id("households")));
  KP_ASSIGN_OR_RETURN(const v1::Household household, HouseholdView(item));
  if (!household.end_date().empty()) return errors::HouseholdEnded();
  KP_RETURN_IF_ERROR(CheckAddress(req, household, facts));
  KP_ASSIGN_OR_RETURN(std::optional<Found> before, FindAddress(call, tx, name.Id("households")));
  KP_RETURN_IF_ERROR(
      CheckEtag(req.address().etag(), before.has_value() ? before->address.etag() : ""));
  v1::Address address = req.address();
  address.set_name(household.name());
  address.clear_label();
  address.clear_etag();
  KP_RETURN_IF_ERROR(
      Store(call, tx, address, name.Id("households"), std::move(before), &facts, random_));
  *resp = std::move(address);
  *resp->mutable_label() = call.write_scopes()[0].label;
  resp->set_etag(EtagOf(*resp));
  return absl::OkStatus();
}

}  // namespace knooppunt::family
