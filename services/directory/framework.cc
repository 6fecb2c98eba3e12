// Who carries what (R36): the region's framework, to read and to ask.
#include <utility>

#include "base/date.h"
#include "base/status.h"
#include "services/directory/errors.h"
#include "services/directory/service.h"

namespace knooppunt::directory {
namespace {

absl::StatusOr<base::Date> DayOrToday(const AuthorizedCall& call, absl::string_view iso) {
  if (iso.empty()) return base::DateOf(call.now());
  auto day = base::ParseDate(iso);
  if (!day.ok()) return errors::InvalidField("on_date", "is empty or a date, YYYY-MM-DD");
  return *day;
}

}  // namespace

absl::Status DirectoryService::GetFramework(const AuthorizedCall& call, ReadTx&,
                                            const v1::GetFrameworkRequest& request,
                                            v1::Framework* response) const {
  KP_ASSIGN_OR_RETURN(const base::Date day, DayOrToday(call, request.on_date()));
  const policy::v1::FrameworkVersion* version = framework_->On(day);
  if (version == nullptr) return errors::NoFrameworkYet();
  *response->mutable_framework() = *version;
  response->set_end_date(framework_->EndOf(day));
  response->set_sha256(framework_->sha256());
  return absl::OkStatus();
}

absl::Status DirectoryService::AssessFunding(const AuthorizedCall& call, ReadTx&,
                                             const v1::AssessFundingRequest& request,
                                             v1::AssessFundingResponse* response) const {
  if (request.means() == common::v1::MEANS_UNSPECIFIED && request.row().empty()) {
    return errors::InvalidField("means", "or row says what is to be carried");
  }
  policy::FundingQuestion question;
  question.means = request.means();
  question.row = request.row();
  question.funding = request.funding();
  question.split = request.split();
  KP_ASSIGN_OR_RETURN(question.on, DayOrToday(call, request.on_date()));
  policy::FundingAnswer answer = policy::AssessFunding(*framework_, question);
  response->set_fits(answer.fits);
  response->set_text_nl(std::move(answer.text_nl));
  response->set_text_en(std::move(answer.text_en));
  response->set_framework_row(std::move(answer.framework_row));
  *response->mutable_split() = std::move(answer.split);
  for (policy::v1::FrameworkRow& row : answer.rows) *response->add_rows() = std::move(row);
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
