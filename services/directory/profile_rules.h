// The profile of a werkplaats (R37) and the funding of its arrangements (R36): what is well formed,
// how a contact is replaced, and what is lacking. Pure: no I/O, no clock. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_PROFILE_RULES_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_PROFILE_RULES_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "security/policy/framework.h"

namespace knooppunt::directory {

// "werkplaatsen/{id}" of "werkplaatsen/{id}/profile". INVALID_ARGUMENT for another form.
absl::StatusOr<std::string> WerkplaatsOfProfile(absl::string_view name);

// Shape of the fields that an update may set: each partner, hour, own means and arrangement once
// and well formed, at most so many. INVALID_ARGUMENT names the field. Contacts are not looked at:
// ReplaceContact alone changes them.
absl::Status CheckProfile(const v1::WerkplaatsProfile& profile);

// R36: every arrangement names the row, law and budget that carry it, on the day it begins. Puts
// the version and the split that hold into it. FAILED_PRECONDITION says who carries it. What stands
// in `before` just so keeps the row that held when it was agreed.
absl::Status FundArrangements(const policy::Framework& framework,
                              const v1::WerkplaatsProfile& before, v1::WerkplaatsProfile* profile);

// The fields of `update` that the mask names (all that may be set, when it is empty) into
// `profile`. INVALID_ARGUMENT for a path that may not be set.
absl::Status ApplyUpdate(const v1::UpdateWerkplaatsProfileRequest& request,
                         v1::WerkplaatsProfile* profile);

// Shape of a contact. INVALID_ARGUMENT names the field.
absl::Status CheckContact(const v1::Contact& contact);
// In one act: the contact of before goes among the former ones, the new one is there from the same
// day (R37). Returns whether anything changed: the same contact again changes nothing.
bool ReplaceContact(const v1::Contact& contact, absl::string_view today,
                    v1::WerkplaatsProfile* profile);

// Whether "professionals/{id}" holds a function at an organisation today; FUNCTION_UNSPECIFIED asks
// for any.
using Employed = std::function<bool(const std::string& professional,
                                    const std::string& organisation, common::v1::Function)>;
// Fills in what the server works out: who acts, who must be replaced, what is lacking, and the etag
// over all of it. A contact who left is replaced by their stand-in at once, so that there is
// somebody to call at every moment; when both have left that is said.
void Complete(const Employed& employed, const v1::Werkplaats& werkplaats,
              v1::WerkplaatsProfile* profile);
// Without what Complete fills in: as it is stored.
v1::WerkplaatsProfile Bare(v1::WerkplaatsProfile profile);

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_PROFILE_RULES_H_
