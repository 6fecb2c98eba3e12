#include "services/handover/package.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"
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

// Of a document the version that the name says: its title, what it is and the hash of its content.
absl::StatusOr<KindAndText> DescribeDocument(absl::string_view name, const Item& item) {
  KP_ASSIGN_OR_RETURN(const auto d, Parse<documents::v1::Document>(item));
  const auto parsed = base::ResourceName::Parse(name);
  int version = 0;
  if (!parsed.ok() || !absl::SimpleAtoi(parsed->Id("versions"), &version) || version < 1 ||
      version > d.versions_size() || d.state() != documents::v1::DOCUMENT_STATE_CURRENT) {
    return absl::NotFoundError("no such version");
  }
  const auto& v = d.versions(version - 1);
  return KindAndText{"document", absl::StrCat(d.title(), "\n", v.media_type(), ", ", v.size_bytes(),
                                              " bytes\nSHA-256 ", v.sha256())};
}

absl::StatusOr<KindAndText> Describe(absl::string_view name, const Item& item) {
  switch (item.kind) {
    case ItemKind::kDocument:
      return DescribeDocument(name, item);
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
    case PickedName::Kind::kDocument:
      return ItemKind::kDocument;
  }
  return ItemKind::kPerson;
}

// The collection in which an item of this kind is named; "" when it can be no part, or is not
// picked by compartment.
absl::string_view CollectionOf(ItemKind kind) {
  switch (kind) {
    case ItemKind::kWish:
      return "wishes";
    case ItemKind::kGoal:
      return "goals";
    case ItemKind::kAsset:
      return "assets";
    case ItemKind::kArrangement:
      return "arrangements";
    case ItemKind::kStep:
      return "steps";
    case ItemKind::kContribution:
      return "contributions";
    case ItemKind::kDocument:
      return "documents";
    default:
      return "";
  }
}

template <typename List, typename T>
bool Has(const List& list, const T& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
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
  KP_ASSIGN_OR_RETURN(const KindAndText described, Describe(name, item));
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

std::string PartHash(const v1::HandoverPart& part) {
  return crypto::HexEncode(crypto::Sha256(crypto::JoinLengthPrefixed(
      {"knooppunt-handover-part-v2", part.item(), part.kind(), part.text()})));
}

std::string PackageHashOf(std::vector<std::string> part_hashes) {
  std::sort(part_hashes.begin(), part_hashes.end());
  std::string bytes = crypto::JoinLengthPrefixed({"knooppunt-handover-package-v2"});
  for (const std::string& hash : part_hashes) bytes += crypto::JoinLengthPrefixed({hash});
  return crypto::HexEncode(crypto::Sha256(bytes));
}

absl::StatusOr<std::string> PickedAs(absl::string_view name, const Item& item) {
  const auto parsed = base::ResourceName::Parse(name);
  if (item.kind != ItemKind::kDocument || !parsed.ok() || !parsed->Id("versions").empty()) {
    return std::string(name);
  }
  KP_ASSIGN_OR_RETURN(const auto d, Parse<documents::v1::Document>(item));
  return absl::StrCat(name, "/versions/", d.versions_size());
}

absl::StatusOr<std::vector<std::string>> PickCompartments(
    const policy::AuthorizedCall& call, storage::ReadTx& tx, absl::string_view case_id,
    const std::vector<int>& compartments, const std::vector<std::string>& children) {
  std::vector<std::string> out;
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, case_id, std::nullopt));
  const std::string of_case = absl::StrCat("families/", call.family(), "/cases/", case_id);
  for (const Item& item : items) {
    if (!Has(compartments, static_cast<int>(item.label.compartment()))) continue;
    const auto& about = item.label.about();
    const bool of_them =
        children.empty() ||
        (!about.family() && std::all_of(about.persons().begin(), about.persons().end(),
                                        [&](const std::string& p) { return Has(children, p); }));
    if (!of_them) continue;
    const absl::string_view collection = CollectionOf(item.kind);
    if (item.kind == ItemKind::kOpening) out.push_back(of_case);
    if (collection.empty()) continue;
    KP_ASSIGN_OR_RETURN(std::string name,
                        PickedAs(absl::StrCat(of_case, "/", collection, "/", item.id), item));
    // What was withdrawn does not travel.
    if (PartOf(name, item).ok()) out.push_back(std::move(name));
  }
  return out;
}

absl::StatusOr<std::optional<OpenedPart>> LoadPart(const policy::AuthorizedCall& call,
                                                   storage::ReadTx& tx, absl::string_view name,
                                                   absl::string_view case_id) {
  KP_ASSIGN_OR_RETURN(const PickedName pick, ParsePick(name, call.family(), case_id));
  KP_ASSIGN_OR_RETURN(const std::optional<Item> item, LoadItem(call, tx, pick, case_id));
  if (!item.has_value()) return std::optional<OpenedPart>();
  KP_ASSIGN_OR_RETURN(const std::string picked, PickedAs(name, *item));
  auto part = PartOf(picked, *item);
  if (absl::IsNotFound(part.status())) return std::optional<OpenedPart>();
  if (!part.ok()) return part.status();
  return std::optional<OpenedPart>({*std::move(part), item->scope, item->label});
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
