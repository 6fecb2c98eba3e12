#include "services/plan/view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/dossier/family_store.h"
#include "services/plan/items.h"
#include "services/plan/rules.h"

namespace knooppunt::plan {
namespace {

using dossier::ItemKind;

std::string IdIn(absl::string_view name) {
  const auto parsed = base::ResourceName::Parse(name);
  return parsed.ok() ? std::string(parsed->last_id()) : "";
}

v1::PlanSection* SectionOf(const common::v1::Label& label, v1::Plan* plan) {
  return PartOf(label) == v1::PLAN_PART_EDUCATION ? plan->mutable_education()
                                                  : plan->mutable_family();
}

// A step in brief: casework has the whole of it.
absl::Status AddSteps(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                      absl::string_view case_id, v1::Plan* plan) {
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, case_id, ItemKind::kStep));
  for (const dossier::Item& item : items) {
    casework::v1::Step whole;
    if (!whole.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    casework::v1::Step* step = SectionOf(item.label, plan)->add_steps();
    step->set_name(whole.name());
    step->set_text(whole.text());
    step->set_owner_seat(whole.owner_seat());
    step->set_due_date(whole.due_date());
    step->set_state(whole.state());
    *step->mutable_label() = item.label;
  }
  return absl::OkStatus();
}

void AddItem(v1::PlanItem item, v1::Plan* plan) {
  v1::PlanSection* section = SectionOf(LabelOf(item), plan);
  if (item.has_goal()) *section->add_goals() = std::move(*item.mutable_goal());
  if (item.has_asset()) *section->add_assets() = std::move(*item.mutable_asset());
  if (item.has_arrangement()) {
    *section->add_arrangements() = std::move(*item.mutable_arrangement());
  }
}

void OrderGoals(v1::PlanSection* section) {
  std::stable_sort(section->mutable_goals()->begin(), section->mutable_goals()->end(),
                   [](const v1::Goal& a, const v1::Goal& b) { return a.domain() < b.domain(); });
}

}  // namespace

std::string EtagOf(const google::protobuf::Message& view) {
  return crypto::HexEncode(crypto::Sha256(view.SerializeAsString()).substr(0, 16));
}

absl::StatusOr<bool> Reader::Sees(absl::string_view id) {
  const auto known = seen_.find(std::string(id));
  if (known != seen_.end()) return known->second;
  KP_ASSIGN_OR_RETURN(const bool opens, dossier::Opens(call_, tx_, id));
  seen_[std::string(id)] = opens;
  return opens;
}

absl::Status Reader::ShowLink(std::string* name) {
  if (name->empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const bool sees, Sees(IdIn(*name)));
  if (!sees) name->clear();
  return absl::OkStatus();
}

absl::Status Reader::ShowLinks(google::protobuf::RepeatedPtrField<std::string>* names) {
  google::protobuf::RepeatedPtrField<std::string> shown;
  for (std::string& name : *names) {
    KP_RETURN_IF_ERROR(ShowLink(&name));
    if (!name.empty()) *shown.Add() = std::move(name);
  }
  names->Swap(&shown);
  return absl::OkStatus();
}

absl::StatusOr<std::string> Reader::ShowPerson(const std::string& name,
                                               access::v1::FamilyRole* role) {
  *role = access::v1::FAMILY_ROLE_UNSPECIFIED;
  const auto parsed = base::ResourceName::Parse(name);
  if (!parsed.ok() || parsed->Id("persons").empty()) return name;  // a professional
  const std::string id(parsed->Id("persons"));
  for (const access::v1::PersonFact& p : facts_.persons()) {
    if (p.id() == id) *role = p.role();
  }
  KP_ASSIGN_OR_RETURN(const bool sees, Sees(id));
  return sees ? name : absl::StrCat("families/", facts_.id());
}

template <typename Named>
absl::Status Reader::ShowAuthor(Named* named) {
  access::v1::FamilyRole role;
  KP_ASSIGN_OR_RETURN(const std::string shown, ShowPerson(named->author(), &role));
  named->set_author(shown);
  named->set_author_role(role);
  return absl::OkStatus();
}

absl::Status Reader::ShowReactions(google::protobuf::RepeatedPtrField<v1::Reaction>* reactions) {
  for (v1::Reaction& r : *reactions) KP_RETURN_IF_ERROR(ShowAuthor(&r));
  return absl::OkStatus();
}

absl::Status Reader::ShowParts(v1::Wish* wish) {
  access::v1::FamilyRole role;
  KP_ASSIGN_OR_RETURN(const std::string shown, ShowPerson(wish->person(), &role));
  wish->set_person(shown);
  wish->set_person_role(role);
  return absl::OkStatus();
}

absl::Status Reader::ShowParts(v1::Goal* goal) {
  KP_RETURN_IF_ERROR(ShowLink(goal->mutable_wish()));
  KP_RETURN_IF_ERROR(ShowLink(goal->mutable_carried_from()));
  KP_RETURN_IF_ERROR(ShowLink(goal->mutable_carried_to()));
  KP_RETURN_IF_ERROR(ShowLinks(goal->mutable_steps()));
  for (v1::Evaluation& e : *goal->mutable_evaluations()) KP_RETURN_IF_ERROR(ShowAuthor(&e));
  return ShowReactions(goal->mutable_reactions());
}

absl::Status Reader::ShowParts(v1::Asset* asset) {
  return ShowReactions(asset->mutable_reactions());
}

absl::Status Reader::ShowParts(v1::Arrangement* arrangement) {
  KP_RETURN_IF_ERROR(ShowLinks(arrangement->mutable_goals()));
  KP_RETURN_IF_ERROR(ShowLinks(arrangement->mutable_steps()));
  return ShowReactions(arrangement->mutable_reactions());
}

absl::Status Reader::Show(v1::PlanItem* item) {
  return With(item, [this](auto* m) {
    KP_RETURN_IF_ERROR(ShowParts(m));
    if (m->has_revision()) KP_RETURN_IF_ERROR(ShowAuthor(m->mutable_revision()));
    m->clear_etag();
    m->set_etag(EtagOf(*m));
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Plan> PlanView(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                  const access::v1::FamilyFacts& facts,
                                  const access::v1::CaseFact& c) {
  Reader reader(call, tx, facts);
  v1::Plan plan;
  plan.set_name(absl::StrCat("families/", facts.id(), "/cases/", c.id()));
  plan.mutable_education()->set_part(v1::PLAN_PART_EDUCATION);
  plan.mutable_family()->set_part(v1::PLAN_PART_FAMILY);
  std::vector<v1::Wish> wishes;
  for (const ItemType& type : ItemTypes()) {
    KP_ASSIGN_OR_RETURN(std::vector<v1::PlanItem> items, ListOf(call, tx, c.id(), type.kind));
    for (v1::PlanItem& item : items) {
      KP_RETURN_IF_ERROR(reader.Show(&item));
      if (item.has_wish()) {
        wishes.push_back(std::move(*item.mutable_wish()));
      } else {
        AddItem(std::move(item), &plan);
      }
    }
  }
  OrderWishes(&wishes);
  for (v1::Wish& wish : wishes) *plan.add_wishes() = std::move(wish);
  KP_RETURN_IF_ERROR(AddSteps(call, tx, c.id(), &plan));
  OrderGoals(plan.mutable_education());
  OrderGoals(plan.mutable_family());
  plan.set_etag(EtagOf(plan));
  return plan;
}

}  // namespace knooppunt::plan
