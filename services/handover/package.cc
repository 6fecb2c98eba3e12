#include "services/handover/package.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "services/handover/rules.h"
#include "services/plan/rules.h"

namespace knooppunt::handover {
namespace {

namespace casework = ::knooppunt::casework::v1;
using dossier::Item;
using dossier::ItemKind;

template <typename M>
absl::StatusOr<M> Parse(const Item& item) {
  M m;
  if (!m.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  return m;
}

absl::string_view LevelInDutch(casework::SignalLevel level) {
  switch (level) {
    case casework::SIGNAL_LEVEL_QUESTION:
      return "Vraag";
    case casework::SIGNAL_LEVEL_LIGHT_CARE:
      return "Lichte hulp";
    case casework::SIGNAL_LEVEL_REFERRAL:
      return "Verzoek om verwijzing";
    default:
      return "";
  }
}

struct KindAndText {
  absl::string_view kind;
  std::string text;
};

absl::StatusOr<KindAndText> Describe(const Item& item) {
  switch (item.kind) {
    case ItemKind::kPerson: {
      KP_ASSIGN_OR_RETURN(const auto p, Parse<casework::Person>(item));
      return KindAndText{"person", absl::StrCat(p.given_name(), " ", p.family_name(),
                                                ", geboren op ", p.birth_date())};
    }
    case ItemKind::kOpening: {
      KP_ASSIGN_OR_RETURN(const auto c, Parse<casework::Case>(item));
      return KindAndText{"opening", absl::StrCat(LevelInDutch(c.level()), "\n", c.reason())};
    }
    case ItemKind::kWish: {
      KP_ASSIGN_OR_RETURN(const auto w, Parse<plan::v1::Wish>(item));
      return KindAndText{"wish", absl::StrCat(w.text(), "\n", plan::HowInDutch(w.how()))};
    }
    case ItemKind::kGoal: {
      KP_ASSIGN_OR_RETURN(const auto g, Parse<plan::v1::Goal>(item));
      return KindAndText{"goal", absl::StrCat(plan::DomainInDutch(g.domain()), "\n", g.text(), "\n",
                                              g.measure(), "\n", plan::StateInDutch(g.state()))};
    }
    case ItemKind::kAsset: {
      KP_ASSIGN_OR_RETURN(const auto a, Parse<plan::v1::Asset>(item));
      return KindAndText{"asset", absl::StrCat(plan::AssetKindInDutch(a.kind()), "\n", a.text())};
    }
    case ItemKind::kArrangement: {
      KP_ASSIGN_OR_RETURN(const auto a, Parse<plan::v1::Arrangement>(item));
      return KindAndText{"arrangement",
                         absl::StrCat(plan::ArrangementKindInDutch(a.kind()), "\n", a.text(), "\n",
                                      a.start_date(), " tot en met ", a.end_date())};
    }
    case ItemKind::kStep: {
      KP_ASSIGN_OR_RETURN(const auto s, Parse<casework::Step>(item));
      return KindAndText{"step", absl::StrCat(s.text(), "\nUiterlijk ", s.due_date())};
    }
    case ItemKind::kContribution: {
      KP_ASSIGN_OR_RETURN(const auto c, Parse<casework::Contribution>(item));
      return KindAndText{"contribution", c.text()};
    }
    default:
      return absl::DataLossError("an item of this kind is no part of a handover");
  }
}

ItemKind KindOf(PickedName::Kind kind) {
  switch (kind) {
    case PickedName::Kind::kPerson:
      return ItemKind::kPerson;
    case PickedName::Kind::kOpening:
      return ItemKind::kOpening;
    case PickedName::Kind::kWish:
      return ItemKind::kWish;
    case PickedName::Kind::kGoal:
      return ItemKind::kGoal;
    case PickedName::Kind::kAsset:
      return ItemKind::kAsset;
    case PickedName::Kind::kArrangement:
      return ItemKind::kArrangement;
    case PickedName::Kind::kStep:
      return ItemKind::kStep;
    case PickedName::Kind::kContribution:
      return ItemKind::kContribution;
  }
  return ItemKind::kPerson;
}

absl::StatusOr<std::optional<Item>> LoadItem(const policy::AuthorizedCall& call,
                                             storage::ReadTx& tx, const PickedName& pick,
                                             absl::string_view case_id) {
  if (pick.kind == PickedName::Kind::kOpening) {
    KP_ASSIGN_OR_RETURN(auto items, dossier::ListItems(call, tx, case_id, ItemKind::kOpening));
    if (items.empty()) return std::optional<Item>();
    return std::optional<Item>(std::move(items.front()));
  }
  auto item = dossier::GetItem(call, tx, KindOf(pick.kind), pick.id);
  if (absl::IsNotFound(item.status())) return std::optional<Item>();
  if (!item.ok()) return item.status();
  const bool of_case = pick.kind == PickedName::Kind::kPerson || item->case_id == case_id;
  return of_case ? std::optional<Item>(*std::move(item)) : std::optional<Item>();
}

}  // namespace

absl::StatusOr<v1::HandoverPart> PartOf(absl::string_view name, const Item& item) {
  KP_ASSIGN_OR_RETURN(const KindAndText described, Describe(item));
  v1::HandoverPart part;
  part.set_item(std::string(name));
  part.set_kind(std::string(described.kind));
  part.set_text(described.text);
  return part;
}

std::string PackageHash(const std::vector<OpenedPart>& parts) {
  std::vector<const v1::HandoverPart*> sorted;
  sorted.reserve(parts.size());
  for (const OpenedPart& p : parts) sorted.push_back(&p.part);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->item() < b->item(); });
  std::string bytes = crypto::JoinLengthPrefixed({"knooppunt-handover-package-v1"});
  for (const v1::HandoverPart* p : sorted) {
    bytes += crypto::JoinLengthPrefixed({p->item(), p->kind(), p->text()});
  }
  return crypto::HexEncode(crypto::Sha256(bytes));
}

absl::StatusOr<std::optional<OpenedPart>> LoadPart(const policy::AuthorizedCall& call,
                                                   storage::ReadTx& tx, absl::string_view name,
                                                   absl::string_view case_id) {
  KP_ASSIGN_OR_RETURN(const PickedName pick, ParsePick(name, call.family(), case_id));
  KP_ASSIGN_OR_RETURN(const std::optional<Item> item, LoadItem(call, tx, pick, case_id));
  if (!item.has_value()) return std::optional<OpenedPart>();
  KP_ASSIGN_OR_RETURN(v1::HandoverPart part, PartOf(name, *item));
  return std::optional<OpenedPart>({std::move(part), item->scope, item->label});
}

absl::StatusOr<std::vector<OpenedPart>> LoadParts(const policy::AuthorizedCall& call,
                                                  storage::ReadTx& tx, const v1::Handover& h,
                                                  absl::string_view case_id) {
  std::vector<OpenedPart> out;
  for (const std::string& name : h.items()) {
    KP_ASSIGN_OR_RETURN(std::optional<OpenedPart> part, LoadPart(call, tx, name, case_id));
    if (part.has_value()) out.push_back(*std::move(part));
  }
  return out;
}

}  // namespace knooppunt::handover
