#include "services/worklist/errors.h"

#include "base/error.h"
#include "services/dossier/errors.h"

namespace knooppunt::worklist::errors {

absl::Status BadPageToken() {
  return dossier::errors::InvalidField(
      "page_token",
      "be one that was given out for the same question: ask for the first page again");
}

absl::Status BadState() {
  return dossier::errors::InvalidField("state", "be READ or ACKNOWLEDGED");
}

absl::Status ActInTheDossier() {
  return base::MakeError(absl::StatusCode::kFailedPrecondition, "ACT_IN_THE_DOSSIER", "R7",
                         "This notice asks for an act in the dossier: do that, and the notice is "
                         "done. Here it can be marked as read.");
}

}  // namespace knooppunt::worklist::errors
