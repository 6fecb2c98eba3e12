#include "clients/cli/case_names.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace knooppunt::cli {
namespace {

using casework::v1::Case;

class Names {
 public:
  explicit Names(const Case& casus) {
    for (const auto& p : casus.persons()) {
      const absl::string_view name = p.name();
      Add(name.substr(name.rfind('/') + 1), absl::StrCat(p.given_name(), " ", p.family_name()));
    }
    for (const auto& p : casus.participants()) {
      std::string name = p.display_name();
      if (name.empty()) name = p.person();
      Replace(&name);
      if (name.empty()) continue;
      Add(p.seat(), name);
      Add(p.professional(), name);
    }
  }
  void Replace(std::string* id) const {
    const auto found = names_.find(*id);
    if (found != names_.end()) *id = found->second;
  }
  void Replace(common::v1::Label* label) const {
    for (std::string& person : *label->mutable_about()->mutable_persons()) Replace(&person);
  }

 private:
  void Add(absl::string_view id, std::string name) {
    if (!id.empty()) names_.try_emplace(std::string(id), std::move(name));
  }
  absl::flat_hash_map<std::string, std::string> names_;
};

}  // namespace

Case WithNames(Case casus) {
  const Names names(casus);
  for (auto& p : *casus.mutable_persons()) {
    for (std::string& child : *p.mutable_gezag_over()) names.Replace(&child);
  }
  for (auto& p : *casus.mutable_participants()) {
    if (!p.display_name().empty()) continue;
    std::string name = p.person();
    names.Replace(&name);
    if (name != p.person()) p.set_display_name(name);
  }
  for (auto& step : *casus.mutable_steps()) names.Replace(step.mutable_owner_seat());
  for (auto& absence : *casus.mutable_absences()) {
    names.Replace(absence.mutable_child());
    names.Replace(absence.mutable_label());
    for (auto& change : *absence.mutable_changes()) names.Replace(change.mutable_author());
  }
  for (auto& escalation : *casus.mutable_escalations()) {
    names.Replace(escalation.mutable_raised_by());
    names.Replace(escalation.mutable_taken_up_by());
    names.Replace(escalation.mutable_label());
    for (auto& d : *escalation.mutable_decisions()) names.Replace(d.mutable_professional());
  }
  for (auto& contribution : *casus.mutable_contributions()) {
    names.Replace(contribution.mutable_author());
    names.Replace(contribution.mutable_label());
  }
  return casus;
}

}  // namespace knooppunt::cli
