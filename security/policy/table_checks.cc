#include "security/policy/table_checks.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "security/policy/words.h"

namespace knooppunt::policy {
namespace {

using common::v1::Function;

constexpr int kAdultAge = 18;
constexpr std::array<common::v1::Regime, 4> kRegimes = {
    common::v1::REGIME_EDUCATION, common::v1::REGIME_YOUTH_CARE, common::v1::REGIME_HEALTH,
    common::v1::REGIME_MUNICIPAL};
constexpr int kOldestAge = 120;  // nobody is older: a row that waits for it is a mistake

absl::Status Fault(absl::string_view row, absl::string_view what, absl::string_view to_do) {
  return absl::InvalidArgumentError(absl::StrCat("policy row '", row, "': ", what, ": ", to_do));
}

template <size_t N>
bool OneOf(absl::string_view word, const std::array<absl::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool Administers(int function) {
  return function == common::v1::FUNCTION_ADMINISTRATOR ||
         function == common::v1::FUNCTION_MANDATE_HOLDER ||
         function == common::v1::FUNCTION_PRIVACY_OFFICER;
}

// To administer or to audit (R21).
bool IsAdministration(absl::string_view permission) {
  static constexpr std::array<absl::string_view, 11> kList = {
      "directory.write", "employment.end",  "profile.write",   "werkplaats.close",
      "mandate.write",   "audit.read",      "audit.verify",    "question.list",
      "question.answer", "policy.simulate", "emergency.review"};
  return OneOf(permission, kList);
}

// Neither: what shows nothing of a family, and changes nothing for anybody else.
bool IsNeutral(absl::string_view permission) {
  static constexpr std::array<absl::string_view, 5> kList = {
      "directory.read", "framework.read", "policy.read", "emergency.list", "session.end"};
  return OneOf(permission, kList);
}

std::string NameOf(int function) {
  return common::v1::Function_Name(static_cast<Function>(function));
}

class Checker {
 public:
  explicit Checker(const v1::PolicyDocument& document) : document_(document) {}

  absl::Status Run() {
    KP_RETURN_IF_ERROR(Permissions());
    for (const v1::StaffRow& row : document_.staff()) KP_RETURN_IF_ERROR(Staff(row));
    KP_RETURN_IF_ERROR(SeparationAcrossRows());
    for (const v1::FamilyRow& row : document_.family()) KP_RETURN_IF_ERROR(Family(row));
    for (const v1::ReadsAloneRow& row : document_.reads_alone()) KP_RETURN_IF_ERROR(Alone(row));
    KP_RETURN_IF_ERROR(AlonePerCompartment());
    for (const v1::OwnGroundRow& row : document_.own_grounds()) KP_RETURN_IF_ERROR(OwnGround(row));
    for (const v1::SignatoryRow& row : document_.signatories()) KP_RETURN_IF_ERROR(Signatory(row));
    KP_RETURN_IF_ERROR(SignatoryAges());
    return GroundTypes();
  }

 private:
  absl::Status Permissions() {
    for (const v1::PermissionRow& p : document_.permissions()) {
      if (p.permission().empty()) {
        return Fault("", "a permission has no name", "name it, as \"case.read\"");
      }
      if (!permissions_.emplace(p.permission(), &p).second) {
        return Fault(p.permission(), "this permission stands twice", "keep one of the two");
      }
    }
    return absl::OkStatus();
  }

  absl::Status Id(const std::string& id, const std::string& source) {
    if (id.empty()) return absl::InvalidArgumentError("a policy row has no id: give it one");
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
      return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
    });
    if (!plain) {
      return Fault(id, "an id is of small letters, digits and hyphens",
                   "rename it; it stands in every record");
    }
    if (!ids_.insert(id).second) return Fault(id, "this id stands twice", "rename one of the two");
    if (absl::StripAsciiWhitespace(source).empty()) {
      return Fault(id, "has no source", "name the rule, the article, or \"te bevestigen\"");
    }
    return absl::OkStatus();
  }

  template <typename Row>
  absl::Status KnownPermissions(const Row& row) const {
    if (row.permissions().empty()) {
      return Fault(row.id(), "names no permission", "name what it allows, or drop the row");
    }
    for (const std::string& p : row.permissions()) {
      if (!permissions_.contains(p)) {
        return Fault(row.id(), absl::StrCat("unknown permission '", p, "'"),
                     "correct it, or list it under permissions");
      }
    }
    return absl::OkStatus();
  }

  // Not empty, and each a value that is known and stated: 0 is never meant (R12).
  template <typename List>
  absl::Status Values(const std::string& row, const List& list, bool (*valid)(int),
                      absl::string_view what, bool may_be_empty = false) const {
    if (list.empty() && !may_be_empty) {
      return Fault(row, absl::StrCat("names no ", what), "an empty list means nothing; name one");
    }
    for (const int value : list) {
      if (value == 0 || !valid(value)) {
        return Fault(row, absl::StrCat("unknown ", what, " ", value), "name one of the contract");
      }
    }
    return absl::OkStatus();
  }

  const v1::PermissionRow& Login(const std::string& permission) const {
    return *permissions_.at(permission);
  }

  // ---- Staff --------------------------------------------------------------

  absl::Status Staff(const v1::StaffRow& row) {
    KP_RETURN_IF_ERROR(Id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(KnownPermissions(row));
    KP_RETURN_IF_ERROR(Values(row.id(), row.functions(), common::v1::Function_IsValid, "function"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.places(), v1::Place_IsValid, "place"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.purposes(), common::v1::Purpose_IsValid, "purpose"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.compartments(), common::v1::Compartment_IsValid,
                              "compartment", /*may_be_empty=*/true));
    KP_RETURN_IF_ERROR(SeparationInRow(row));
    KP_RETURN_IF_ERROR(StaffLogin(row));
    return StaffPlaces(row);
  }

  // R21: administrators see no content; content readers administer nothing.
  absl::Status SeparationInRow(const v1::StaffRow& row) {
    const auto& functions = row.functions();
    const bool administers = std::any_of(functions.begin(), functions.end(), Administers);
    const bool works = !std::all_of(functions.begin(), functions.end(), Administers);
    if (administers && row.compartments_size() > 0) {
      return Fault(row.id(), "gives content to a function that administers or audits (R21)",
                   "take out its compartments or that function");
    }
    for (const std::string& p : row.permissions()) {
      if (administers && !IsAdministration(p) && !IsNeutral(p)) {
        return Fault(row.id(),
                     absl::StrCat("lets a function that administers or audits do '", p, "' (R21)"),
                     "take out that permission or that function");
      }
      if (works && IsAdministration(p)) {
        return Fault(row.id(),
                     absl::StrCat("lets a function that reads content do '", p, "' (R21)"),
                     "take out that permission or that function");
      }
    }
    return absl::OkStatus();
  }

  // The same over rows, whatever a function is called: what one row keeps apart, two may not join.
  absl::Status SeparationAcrossRows() const {
    std::map<int, std::string> content, administration;
    for (const v1::StaffRow& row : document_.staff()) {
      for (const int f : row.functions()) {
        if (row.compartments_size() > 0) content.emplace(f, row.id());
        if (std::any_of(row.permissions().begin(), row.permissions().end(),
                        [](const std::string& p) { return IsAdministration(p); })) {
          administration.emplace(f, row.id());
        }
      }
    }
    for (const auto& [f, row] : administration) {
      const auto reads = content.find(f);
      if (reads == content.end()) continue;
      return Fault(row,
                   absl::StrCat("lets ", NameOf(f), " administer, and row '", reads->second,
                                "' gives it content (R21)"),
                   "take the function out of one of the two");
    }
    return absl::OkStatus();
  }

  // R17: two factors for whatever shows or changes something of a family, and to administer.
  absl::Status StaffLogin(const v1::StaffRow& row) const {
    const bool at_a_family = std::any_of(row.places().begin(), row.places().end(),
                                         [](int place) { return place != v1::PLACE_NONE; });
    for (const std::string& p : row.permissions()) {
      const bool needs = row.compartments_size() > 0 || at_a_family || IsAdministration(p);
      if (needs && !Login(p).two_factor()) {
        return Fault(row.id(), absl::StrCat("gives staff '", p, "' without two factors (R17)"),
                     "set two_factor: true on that permission");
      }
    }
    return absl::OkStatus();
  }

  absl::Status StaffPlaces(const v1::StaffRow& row) const {
    const bool emergency = std::find(row.places().begin(), row.places().end(),
                                     v1::PLACE_EMERGENCY) != row.places().end();
    for (const int place : row.places()) {
      if ((place == v1::PLACE_ANY || place == v1::PLACE_REVIEWER) && row.compartments_size() > 0) {
        return Fault(row.id(), "gives content to who does not sit at the table (R17)",
                     "take out its compartments, or name a place at the table");
      }
      // Every row that fits adds its compartments: beside this place they would add up.
      if ((place == v1::PLACE_RESPONSIBLE || place == v1::PLACE_BY_FUNCTION) &&
          row.compartments_size() > 0) {
        return Fault(row.id(), "gives content to who is only responsible (R16)",
                     "take out its compartments, or name another place");
      }
      if (emergency && place != v1::PLACE_EMERGENCY) {
        return Fault(row.id(), "mixes emergency access with a place at the table (R20)",
                     "make two rows of it");
      }
    }
    const bool for_emergency = std::all_of(row.purposes().begin(), row.purposes().end(), [](int p) {
      return p == common::v1::PURPOSE_EMERGENCY;
    });
    if (emergency && !for_emergency) {
      return Fault(row.id(), "opens emergency access for another purpose (R20)",
                   "leave PURPOSE_EMERGENCY alone in its purposes");
    }
    return absl::OkStatus();
  }

  // ---- Family -------------------------------------------------------------

  absl::Status Family(const v1::FamilyRow& row) {
    KP_RETURN_IF_ERROR(Id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(KnownPermissions(row));
    KP_RETURN_IF_ERROR(Values(row.id(), row.roles(), access::v1::FamilyRole_IsValid, "role"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.purposes(), common::v1::Purpose_IsValid, "purpose"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.compartments(), common::v1::Compartment_IsValid,
                              "compartment", /*may_be_empty=*/true));
    if (row.min_age() < 0 || row.min_age() > kOldestAge) {
      return Fault(row.id(), "has an age that nobody has", "set min_age between 0 and 120");
    }
    for (const std::string& p : row.permissions()) {
      if (IsAdministration(p) && p != "audit.read") {
        return Fault(row.id(), absl::StrCat("lets the family do '", p, "' (R21)"),
                     "take out that permission");
      }
      if ((row.compartments_size() > 0 || p == "audit.read") && !Login(p).substantial()) {
        return Fault(row.id(),
                     absl::StrCat("gives the family '", p, "' at a low level of login (R17)"),
                     "set substantial: true on that permission");
      }
    }
    return absl::OkStatus();
  }

  // R18: until which age who holds gezag reads along.
  absl::Status Alone(const v1::ReadsAloneRow& row) {
    KP_RETURN_IF_ERROR(Id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(
        Values(row.id(), row.compartments(), common::v1::Compartment_IsValid, "compartment"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.regimes(), common::v1::Regime_IsValid, "regime"));
    if (row.from_age() < 1 || row.from_age() > kAdultAge) {
      return Fault(row.id(), "gives no age from which a youth reads alone (R18)",
                   "set from_age between 1 and 18");
    }
    return absl::OkStatus();
  }

  absl::Status AlonePerCompartment() const {
    for (const v1::FamilyRow& row : document_.family()) {
      for (const int compartment : row.compartments()) {
        for (const auto regime : kRegimes) {
          if (SaysAlone(compartment, regime)) continue;
          return Fault(row.id(),
                       absl::StrCat("does not say from which age nobody else reads ",
                                    common::v1::Compartment_Name(
                                        static_cast<common::v1::Compartment>(compartment)),
                                    " under ", common::v1::Regime_Name(regime), " (R18)"),
                       "add a reads_alone row for it");
        }
      }
    }
    return absl::OkStatus();
  }

  bool SaysAlone(int compartment, int regime) const {
    const auto& rows = document_.reads_alone();
    return std::any_of(rows.begin(), rows.end(), [&](const v1::ReadsAloneRow& row) {
      return std::count(row.compartments().begin(), row.compartments().end(), compartment) > 0 &&
             std::count(row.regimes().begin(), row.regimes().end(), regime) > 0;
    });
  }

  // ---- Law ----------------------------------------------------------------

  absl::Status OwnGround(const v1::OwnGroundRow& row) {
    KP_RETURN_IF_ERROR(Id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(Values(row.id(), row.kinds(), common::v1::OrganisationKind_IsValid,
                              "kind of organisation"));
    KP_RETURN_IF_ERROR(
        Values(row.id(), row.compartments(), common::v1::Compartment_IsValid, "compartment"));
    KP_RETURN_IF_ERROR(Values(row.id(), row.regimes(), common::v1::Regime_IsValid, "regime"));
    if (row.ground().empty()) {
      return Fault(row.id(), "names no ground", "name it, as \"zorgplicht-onderwijs\"");
    }
    return absl::OkStatus();
  }

  absl::Status Signatory(const v1::SignatoryRow& row) {
    KP_RETURN_IF_ERROR(Id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(Values(row.id(), row.regimes(), common::v1::Regime_IsValid, "regime",
                              /*may_be_empty=*/true));
    if (!row.youth() && !row.gezag_holders()) {
      return Fault(row.id(), "asks nobody to sign", "set youth, gezag_holders or both");
    }
    if (row.min_age() < 0 || (row.below_age() != 0 && row.below_age() <= row.min_age())) {
      return Fault(row.id(), "holds for no age", "below_age must be above min_age, or 0 for open");
    }
    return absl::OkStatus();
  }

  // R11: for every regime, each age has one row, for who can weigh the matter and who cannot.
  absl::Status SignatoryAges() const {
    if (document_.signatories().empty()) {
      if (!permissions_.contains("consent.sign")) return absl::OkStatus();
      return absl::InvalidArgumentError(
          "the policy lets people sign and says of no age who must: add signatories (R11)");
    }
    for (const auto regime : kRegimes) {
      for (const bool incapacitated : {false, true}) {
        KP_RETURN_IF_ERROR(AgesOf(regime, incapacitated));
      }
    }
    return absl::OkStatus();
  }

  absl::Status AgesOf(common::v1::Regime regime, bool incapacitated) const {
    std::vector<const v1::SignatoryRow*> rows;
    for (const v1::SignatoryRow& row : document_.signatories()) {
      const bool fits =
          row.regimes().empty() ||
          std::find(row.regimes().begin(), row.regimes().end(), regime) != row.regimes().end();
      if (fits && row.incapacitated() == incapacitated) rows.push_back(&row);
    }
    std::sort(rows.begin(), rows.end(),
              [](const auto* a, const auto* b) { return a->min_age() < b->min_age(); });
    const std::string who = absl::StrCat(common::v1::Regime_Name(regime),
                                         incapacitated ? ", for who cannot weigh the matter" : "");
    int reached = 0;  // every age below has its row; -1: every age has
    absl::string_view last = rows.empty() ? absl::string_view("signatories") : rows[0]->id();
    for (const v1::SignatoryRow* row : rows) {
      if (reached == -1 || row->min_age() < reached) {
        return Fault(
            row->id(),
            absl::StrCat("overlaps row '", last, "' at age ", row->min_age(), " (", who, ", R11)"),
            "let one begin where the other ends");
      }
      if (row->min_age() > reached) {
        return Fault(row->id(),
                     absl::StrCat("leaves ages ", reached, " to ", row->min_age() - 1,
                                  " to nobody (", who, ", R11)"),
                     "let it begin where the row before ends, or add a row");
      }
      reached = row->below_age() == 0 ? -1 : row->below_age();
      last = row->id();
    }
    if (reached == -1) return absl::OkStatus();
    return Fault(last, absl::StrCat("leaves ages from ", reached, " to nobody (", who, ", R11)"),
                 "leave below_age out of the last row, or add a row");
  }

  absl::Status GroundTypes() const {
    absl::flat_hash_set<std::string> types;
    for (const v1::GroundType& type : document_.ground_types()) {
      if (type.type().empty()) {
        return Fault("ground_types", "a type has no name", "name it, as \"meldcode\"");
      }
      if (!types.insert(type.type()).second) {
        return Fault(type.type(), "this type of ground stands twice", "keep one of the two");
      }
      if (absl::StripAsciiWhitespace(type.article()).empty()) {
        return Fault(type.type(), "names no article (R15)", "name the article of law");
      }
      if (type.max_days() <= 0 || type.max_days() > kMaxGroundDays) {
        return Fault(type.type(), "has no longest term (R15)",
                     absl::StrCat("set max_days, from 1 to ", kMaxGroundDays));
      }
    }
    return absl::OkStatus();
  }

  const v1::PolicyDocument& document_;
  absl::flat_hash_map<std::string, const v1::PermissionRow*> permissions_;
  absl::flat_hash_set<std::string> ids_;
};

}  // namespace

absl::Status CheckDocument(const v1::PolicyDocument& document) { return Checker(document).Run(); }

}  // namespace knooppunt::policy
