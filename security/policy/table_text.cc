#include "security/policy/table_text.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "security/policy/words.h"

namespace knooppunt::policy {
namespace {

constexpr char kToConfirm[] = "te bevestigen";

template <typename E, typename List>
std::string Words(const List& list) {
  return absl::StrJoin(list, ", ", [](std::string* out, int value) {
    absl::StrAppend(out, WordFor(static_cast<E>(value), Language::kDutch));
  });
}

class Writer {
 public:
  explicit Writer(const v1::PolicyDocument& document) : document_(document) {
    for (const v1::PermissionRow& p : document.permissions()) logins_[p.permission()] = &p;
  }

  std::string Write() {
    Title("Personeel: wie mag wat", document_.staff_size());
    for (const v1::StaffRow& row : document_.staff()) Staff(row);
    Title("Gezin: wie mag wat", document_.family_size());
    for (const v1::FamilyRow& row : document_.family()) Family(row);
    Title("Jongere: vanaf wanneer alleen die zelf leest, en niet wie gezag heeft (R18)",
          document_.reads_alone_size());
    for (const v1::ReadsAloneRow& row : document_.reads_alone()) Alone(row);
    Title("Eigen dossier: op welke grond een organisatie zelf vastlegt (R11)",
          document_.own_grounds_size());
    for (const v1::OwnGroundRow& row : document_.own_grounds()) OwnGround(row);
    Title("Toestemming: wie moet tekenen (R11)", document_.signatories_size());
    for (const v1::SignatoryRow& row : document_.signatories()) Signatory(row);
    Title("Delen op een andere grond dan toestemming (R15)", document_.ground_types_size());
    for (const v1::GroundType& type : document_.ground_types()) Ground(type);
    absl::StrAppend(&text_, "\nTe bevestigen door een jurist: ",
                    to_confirm_.empty() ? "niets" : absl::StrJoin(to_confirm_, ", "), ".\n");
    return std::move(text_);
  }

 private:
  void Title(absl::string_view title, int rows) {
    if (rows == 0) return;
    absl::StrAppend(&text_, text_.empty() ? "" : "\n", "== ", title, " ==\n");
  }
  void Row(const std::string& id, const std::string& source) {
    const bool open = absl::StrContains(source, kToConfirm);
    if (open) to_confirm_.push_back(id);
    absl::StrAppend(&text_, "\n", id, open ? "   [TE BEVESTIGEN]" : "", "\n");
  }
  void Field(absl::string_view label, absl::string_view value) {
    if (!value.empty()) absl::StrAppendFormat(&text_, "  %-11s %s\n", label, value);
  }

  template <typename List>
  static std::string Acts(const List& permissions) {
    return absl::StrJoin(permissions, "; ", [](std::string* out, const std::string& p) {
      const std::string words = PermissionWords(p, Language::kDutch);
      absl::StrAppend(out, words.empty() ? p : absl::StrCat(words, " (", p, ")"));
    });
  }

  // The weakest login of the row's acts: that is what the row asks.
  template <typename List>
  std::string Login(const List& permissions, bool staff) const {
    const bool strong =
        std::all_of(permissions.begin(), permissions.end(), [&](const std::string& p) {
          const auto found = logins_.find(p);
          return found != logins_.end() &&
                 (staff ? found->second->two_factor() : found->second->substantial());
        });
    if (!strong) return "elk niveau";
    return staff ? "twee factoren" : "substantieel (DigiD of gelijkwaardig)";
  }

  void Staff(const v1::StaffRow& row) {
    Row(row.id(), row.source());
    Field("wie", Words<common::v1::Function>(row.functions()));
    Field("mag", Acts(row.permissions()));
    Field("plaats", Words<v1::Place>(row.places()));
    Field("onderdelen", row.compartments().empty()
                            ? "geen inhoud"
                            : Words<common::v1::Compartment>(row.compartments()));
    Field("doel", Words<common::v1::Purpose>(row.purposes()));
    if (row.needs_sharing()) {
      Field("delen", row.sharing_exempts_werkplaats()
                         ? "alleen met toestemming of een andere grond; de werkplaats zonder, voor "
                           "het eigen dossier"
                         : "alleen met toestemming of een andere grond");
    }
    Field("inloggen", Login(row.permissions(), /*staff=*/true));
    Field("bron", row.source());
  }

  void Family(const v1::FamilyRow& row) {
    Row(row.id(), row.source());
    Field("wie", Words<access::v1::FamilyRole>(row.roles()));
    if (row.min_age() > 0) Field("vanaf", absl::StrCat(row.min_age(), " jaar"));
    if (row.about_alone()) Field("casus", "die alleen over deze persoon gaat");
    if (row.regisseur()) Field("plaats", "alleen wie nu regisseur is");
    Field("mag", Acts(row.permissions()));
    Field("onderdelen", row.compartments().empty()
                            ? "geen inhoud"
                            : Words<common::v1::Compartment>(row.compartments()));
    Field("doel", Words<common::v1::Purpose>(row.purposes()));
    Field("inloggen", Login(row.permissions(), /*staff=*/false));
    Field("bron", row.source());
  }

  void Alone(const v1::ReadsAloneRow& row) {
    Row(row.id(), row.source());
    Field("vanaf", absl::StrCat(row.from_age(), " jaar"));
    Field("onderdelen", Words<common::v1::Compartment>(row.compartments()));
    Field("wetten", Words<common::v1::Regime>(row.regimes()));
    Field("bron", row.source());
  }

  void OwnGround(const v1::OwnGroundRow& row) {
    Row(row.id(), row.source());
    Field("wie", Words<common::v1::OrganisationKind>(row.kinds()));
    Field("onderdelen", Words<common::v1::Compartment>(row.compartments()));
    Field("wetten", Words<common::v1::Regime>(row.regimes()));
    Field("grond", row.ground());
    Field("bron", row.source());
  }

  void Signatory(const v1::SignatoryRow& row) {
    Row(row.id(), row.source());
    Field("leeftijd", row.below_age() == 0
                          ? absl::StrCat("vanaf ", row.min_age())
                          : absl::StrCat("van ", row.min_age(), " tot ", row.below_age()));
    if (row.incapacitated()) Field("voor", "wie de zaak niet zelf kan overzien");
    Field("tekent",
          row.youth() ? (row.gezag_holders() ? "de jongere en ieder met gezag" : "de jongere zelf")
                      : "ieder met gezag");
    Field("wetten", row.regimes().empty() ? "alle" : Words<common::v1::Regime>(row.regimes()));
    Field("bron", row.source());
  }

  void Ground(const v1::GroundType& type) {
    Row(type.type(), type.article());
    Field("hoogstens", absl::StrCat(type.max_days(), " dagen"));
    Field("artikel", type.article());
  }

  const v1::PolicyDocument& document_;
  absl::flat_hash_map<std::string, const v1::PermissionRow*> logins_;
  std::vector<std::string> to_confirm_;
  std::string text_;
};

template <typename List>
bool Names(const List& permissions, const std::string& permission) {
  return permission.empty() ||
         std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

}  // namespace

v1::PolicyDocument Filtered(const v1::PolicyDocument& document, const TableFilter& filter) {
  const bool by_function = filter.function != common::v1::FUNCTION_UNSPECIFIED;
  if (filter.permission.empty() && !by_function) return document;
  v1::PolicyDocument out;
  out.set_version(document.version());
  absl::flat_hash_set<std::string> named;
  for (const v1::StaffRow& row : document.staff()) {
    const auto& f = row.functions();
    if (!Names(row.permissions(), filter.permission) ||
        (by_function && std::find(f.begin(), f.end(), filter.function) == f.end())) {
      continue;
    }
    *out.add_staff() = row;
    named.insert(row.permissions().begin(), row.permissions().end());
  }
  for (const v1::FamilyRow& row : document.family()) {
    if (by_function || !Names(row.permissions(), filter.permission)) continue;
    *out.add_family() = row;
    named.insert(row.permissions().begin(), row.permissions().end());
  }
  for (const v1::PermissionRow& p : document.permissions()) {
    if (named.contains(p.permission())) *out.add_permissions() = p;
  }
  return out;
}

std::string TableInWords(const v1::PolicyDocument& document) { return Writer(document).Write(); }

}  // namespace knooppunt::policy
