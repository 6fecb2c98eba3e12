// Mandates: what an organisation lets one of its people decide at the table (R6).
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/directory/errors.h"
#include "services/directory/limits.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {

absl::Status DirectoryService::IssueMandate(const AuthorizedCall& call, WriteTx& tx,
                                            const v1::IssueMandateRequest& request,
                                            v1::Professional* response) const {
  const Actor actor = ActorOf(call);
  if (!base::ResourceName::Parse(request.parent(), "professionals/*").ok()) {
    return errors::InvalidField("parent", "is professionals/{id}");
  }
  KP_RETURN_IF_ERROR(CheckMandate(request.mandate()));
  KP_RETURN_IF_ERROR(MayEmpower(actor, request.parent()));
  if (request.mandate().organisation() != actor.organisation) {
    return errors::OtherOrganisationsMeans();
  }
  KP_ASSIGN_OR_RETURN(auto professional, FindProfessional(call, tx, request.parent()));
  if (!professional.has_value()) return errors::ProfessionalNotFound();
  Mandate mandate = request.mandate();
  mandate.set_name(absl::StrCat(request.parent(), "/mandates/", call.Id("m", 0)));
  mandate.set_issued_by(actor.professional);
  mandate.clear_delegated_from();
  KP_RETURN_IF_ERROR(
      AddMandate(mandate, base::FormatDate(base::DateOf(call.now())), &*professional));
  KP_RETURN_IF_ERROR(UpdateProfessional(call, tx, *professional));
  *response = Presented(actor, *std::move(professional));
  return absl::OkStatus();
}

absl::Status DirectoryService::DelegateMandate(const AuthorizedCall& call, WriteTx& tx,
                                               const v1::DelegateMandateRequest& request,
                                               v1::Professional* response) const {
  const Actor actor = ActorOf(call);
  const auto name = base::ResourceName::Parse(request.name(), "professionals/*/mandates/*");
  if (!name.ok()) return errors::InvalidField("name", "is professionals/{p}/mandates/{m}");
  if (!base::ResourceName::Parse(request.to(), "professionals/*").ok()) {
    return errors::InvalidField("to", "is professionals/{id}");
  }
  KP_RETURN_IF_ERROR(CheckMandate(request.mandate()));
  KP_RETURN_IF_ERROR(MayEmpower(actor, request.to()));
  KP_ASSIGN_OR_RETURN(
      const auto holder,
      FindProfessional(call, tx, absl::StrCat("professionals/", name->Id("professionals"))));
  if (!holder.has_value()) return errors::MandateNotFound();
  KP_ASSIGN_OR_RETURN(auto to, FindProfessional(call, tx, request.to()));
  if (!to.has_value()) return errors::ProfessionalNotFound();
  const std::string today = base::FormatDate(base::DateOf(call.now()));
  KP_RETURN_IF_ERROR(
      CheckDelegation(actor, *holder, request.name(), request.mandate(), today, *to));
  KP_ASSIGN_OR_RETURN(const int delegations, CountDelegations(call, tx, request.name()));
  if (delegations >= kMaxDelegationsPerMandate) return errors::TooManyDelegations();
  Mandate mandate = request.mandate();
  mandate.set_name(absl::StrCat(request.to(), "/mandates/", call.Id("m", 0)));
  mandate.set_delegated_from(request.name());
  mandate.set_issued_by(actor.professional);
  mandate.set_delegable(false);  // at most one deep
  KP_RETURN_IF_ERROR(AddMandate(mandate, today, &*to));
  KP_RETURN_IF_ERROR(UpdateProfessional(call, tx, *to));
  *response = Presented(actor, *std::move(to));
  return absl::OkStatus();
}

absl::Status DirectoryService::RevokeMandate(const AuthorizedCall& call, WriteTx& tx,
                                             const v1::RevokeMandateRequest& request,
                                             v1::Professional* response) const {
  const Actor actor = ActorOf(call);
  const auto name = base::ResourceName::Parse(request.name(), "professionals/*/mandates/*");
  if (!name.ok()) return errors::InvalidField("name", "is professionals/{p}/mandates/{m}");
  KP_ASSIGN_OR_RETURN(
      auto professional,
      FindProfessional(call, tx, absl::StrCat("professionals/", name->Id("professionals"))));
  if (!professional.has_value()) return errors::MandateNotFound();
  KP_RETURN_IF_ERROR(EndMandate(actor, request.name(), base::FormatDate(base::DateOf(call.now())),
                                &*professional));
  KP_RETURN_IF_ERROR(UpdateProfessional(call, tx, *professional));
  *response = Presented(actor, *std::move(professional));
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
