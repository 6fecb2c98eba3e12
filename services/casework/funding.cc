#include "services/casework/funding.h"

#include <utility>

#include "services/casework/errors.h"
#include "services/casework/rules.h"

namespace knooppunt::casework {

absl::Status FundStep(const policy::Framework& framework, base::Date on, v1::Step* step) {
  if (!step->has_commitment()) return absl::OkStatus();
  v1::Commitment& c = *step->mutable_commitment();
  if (CommitsNothing(c)) {
    // A law for nothing: what was meant to be committed was left out.
    return c.split().empty() && c.framework_row().empty() ? absl::OkStatus()
                                                          : errors::CommitmentIncomplete();
  }
  policy::FundingQuestion question;
  question.means = c.means();
  question.row = c.framework_row();
  question.funding = c.funding();
  question.split = c.split();
  question.on = on;
  policy::FundingAnswer answer = policy::AssessFunding(framework, question);
  if (!answer.fits) return errors::FundingDoesNotFit(answer.text_en);
  c.set_framework_row(std::move(answer.framework_row));
  *c.mutable_split() = std::move(answer.split);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
