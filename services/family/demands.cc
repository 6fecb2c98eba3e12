#include "services/family/demands.h"

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "services/dossier/errors.h"
#include "services/dossier/rules.h"

namespace knooppunt::family {
namespace {

absl::Status DemandLabel(const common::v1::Label& asked, Demands* out) {
  if (dossier::IsComplete(asked)) out->labels.push_back(dossier::Asked(asked));
  return absl::OkStatus();
}

}  // namespace

absl::Status DemandPerson(const Preparation& prep, const v1::AddPersonRequest& req, Demands* out) {
  if (req.gezag_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField(
        "gezag", absl::StrCat("have at most ", limits::kMaxPersonsPerFamily));
  }
  common::v1::Label label = req.person().label();
  label.clear_about();
  label.mutable_about()->add_persons(prep.Id("p", 0));
  for (const v1::NewGezag& g : req.gezag()) {
    if (!g.holder_organisation().empty()) out->references.push_back(g.holder_organisation());
  }
  // R21: access refuses who adds their own account. Last, for it is no reference to read.
  if (!req.account().empty()) out->references.push_back(req.account());
  return DemandLabel(label, out);
}

absl::Status DemandGezag(const Preparation&, const v1::RecordGezagRequest& req, Demands* out) {
  if (!req.gezag().holder_organisation().empty()) {
    out->references.push_back(req.gezag().holder_organisation());
  }
  return DemandLabel(req.gezag().label(), out);
}
absl::Status DemandEnd(const Preparation&, const v1::EndGezagRequest& req, Demands* out) {
  return DemandLabel(req.label(), out);
}
absl::Status DemandHousehold(const Preparation&, const v1::RecordHouseholdRequest& req,
                             Demands* out) {
  return DemandLabel(req.household().label(), out);
}
absl::Status DemandAddress(const Preparation&, const v1::SetAddressRequest& req, Demands* out) {
  return DemandLabel(req.address().label(), out);
}
absl::Status DemandContact(const Preparation&, const v1::SetContactRequest& req, Demands* out) {
  return DemandLabel(req.contact().label(), out);
}

}  // namespace knooppunt::family
