// Gezag over children: with periods, on what it rests, and its end (R11, P3).

#include <algorithm>

#include "absl/strings/str_cat.h"
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
constexpr char kGezagPattern[] = "families/*/gezag/*";

// From the facts alone.
v1::Gezag FactView(const FamilyFacts& facts, const access::v1::Gezag& g) {
  v1::Gezag out;
  out.set_name(absl::StrCat("families/", facts.id(), "/gezag/", g.id()));
  if (!g.holder_person().empty()) out.set_holder_person(PersonName(facts.id(), g.holder_person()));
  out.set_holder_organisation(g.holder_organisation());
  out.set_over(PersonName(facts.id(), g.over()));
  out.set_start_date(g.start_date());
  out.set_end_date(g.end_date());
  return out;
}

// With the references, where their label is open.
absl::StatusOr<v1::Gezag> View(const AuthorizedCall& call, storage::ReadTx& tx,
                               const FamilyFacts& facts, const access::v1::Gezag& g) {
  v1::Gezag out = FactView(facts, g);
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, g.id(), ItemKind::kGezagBasis));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(const auto said, ParseLabelled<v1::Gezag>(item));
    if (said.basis() != v1::GEZAG_BASIS_UNSPECIFIED) {
      out.set_basis(said.basis());
      out.set_reference(said.reference());
    }
    // Of an end that was brought forward the last one stands.
    if (said.end_basis() != v1::GEZAG_BASIS_UNSPECIFIED) {
      out.set_end_basis(said.end_basis());
      out.set_end_reference(said.end_reference());
    }
    *out.mutable_label() = said.label();
  }
  return out;
}

// R18: gezag tells of two people; both are theirs to know.
bool Sees(const VisiblePersons& visible, const access::v1::Gezag& g) {
  return visible.Sees(g.over()) && (g.holder_person().empty() || visible.Sees(g.holder_person()));
}

absl::Status StoreBasis(const AuthorizedCall& call, storage::WriteTx& tx, const v1::Gezag& said,
                        absl::string_view gezag, FamilyFacts* facts, crypto::Random& random) {
  return dossier::InsertItem(call, tx, facts,
                             {.id = call.Id("gb", 0),
                              .kind = ItemKind::kGezagBasis,
                              .case_id = std::string(gezag),
                              .payload = said.SerializeAsString()},
                             0, random);
}

IdSource Ids(const AuthorizedCall& call) {
  return [&call](absl::string_view prefix, int n) { return call.Id(prefix, n); };
}

}  // namespace

absl::Status FamilyService::ListGezag(const Call& call, ReadTx& tx, const v1::ListGezagRequest& req,
                                      v1::ListGezagResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const VisiblePersons visible, LoadVisiblePersons(call, tx));
  for (const access::v1::Gezag& g : facts.gezag()) {
    if (!Sees(visible, g)) continue;
    KP_ASSIGN_OR_RETURN(*resp->add_gezag(), View(call, tx, facts, g));
  }
  return absl::OkStatus();
}

absl::Status FamilyService::RecordGezag(const Call& call, WriteTx& tx,
                                        const v1::RecordGezagRequest& req, v1::Gezag* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_RETURN_IF_ERROR(CheckNewGezag(req.gezag(), facts, base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(
      CheckAboutExactly("gezag", req.gezag().label(), {PersonOf(facts, req.gezag().over())}));
  const std::string& institution = req.gezag().holder_organisation();
  if (!institution.empty() && call.reference(0).organisation().name() != institution) {
    return errors::UnknownOrganisation();
  }
  const access::v1::Gezag fact = GezagFact(req.gezag(), facts, call.Id("g", 0));
  *facts.add_gezag() = fact;
  SeatTheFamily(Ids(call), call.now(), &facts);
  v1::Gezag said;
  said.set_basis(req.gezag().basis());
  said.set_reference(req.gezag().reference());
  KP_RETURN_IF_ERROR(StoreBasis(call, tx, said, fact.id(), &facts, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = FactView(facts, fact);
  resp->set_basis(said.basis());
  resp->set_reference(said.reference());
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

absl::Status FamilyService::EndGezag(const Call& call, WriteTx& tx, const v1::EndGezagRequest& req,
                                     v1::Gezag* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kGezagPattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const VisiblePersons visible, LoadVisiblePersons(call, tx));
  access::v1::Gezag* fact = nullptr;
  for (access::v1::Gezag& g : *facts.mutable_gezag()) {
    if (g.id() == name.Id("gezag") && Sees(visible, g)) fact = &g;
  }
  if (fact == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckAboutExactly("request", req.label(), {fact->over()}));
  KP_RETURN_IF_ERROR(family::EndGezag(req, base::DateOf(call.now()), fact));
  const access::v1::Gezag ended = *fact;
  SeatTheFamily(Ids(call), call.now(), &facts);
  v1::Gezag said;
  said.set_end_basis(req.basis());
  said.set_end_reference(req.reference());
  KP_RETURN_IF_ERROR(StoreBasis(call, tx, said, ended.id(), &facts, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = FactView(facts, ended);
  resp->set_end_basis(said.end_basis());
  resp->set_end_reference(said.end_reference());
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

}  // namespace knooppunt::family
