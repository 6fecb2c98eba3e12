// Professionals and their functions: create, assign, end of employment, list.
#include <utility>

#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/directory/errors.h"
#include "services/directory/page.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {
namespace {

absl::Status MayAssign(const AuthorizedCall& call, WriteTx& tx, const Actor& actor,
                       const FunctionTerm& term) {
  KP_RETURN_IF_ERROR(MayAdminister(actor, term.organisation()));
  KP_ASSIGN_OR_RETURN(const auto organisation, FindOrganisation(call, tx, term.organisation()));
  return organisation.has_value() ? absl::OkStatus() : errors::UnknownReference();
}

absl::Status CheckProfessionalName(absl::string_view name) {
  if (base::ResourceName::Parse(name, "professionals/*").ok()) return absl::OkStatus();
  return errors::InvalidField("name", "is professionals/{id}");
}

}  // namespace

absl::Status DirectoryService::CreateProfessional(const AuthorizedCall& call, WriteTx& tx,
                                                  const v1::CreateProfessionalRequest& request,
                                                  v1::Professional* response) const {
  const Actor actor = ActorOf(call);
  KP_RETURN_IF_ERROR(CheckNewProfessional(request.professional()));
  v1::Professional professional = request.professional();
  professional.clear_functions();
  professional.clear_cases_without_successor();
  for (const FunctionTerm& term : request.professional().functions()) {
    KP_RETURN_IF_ERROR(MayAssign(call, tx, actor, term));
    KP_RETURN_IF_ERROR(AddFunction(term, &professional));
  }
  KP_RETURN_IF_ERROR(InsertProfessional(call, tx, professional));
  *response = Presented(actor, std::move(professional));
  return absl::OkStatus();
}

absl::Status DirectoryService::AssignFunction(const AuthorizedCall& call, WriteTx& tx,
                                              const v1::AssignFunctionRequest& request,
                                              v1::Professional* response) const {
  const Actor actor = ActorOf(call);
  KP_RETURN_IF_ERROR(CheckProfessionalName(request.name()));
  KP_RETURN_IF_ERROR(CheckFunctionTerm(request.function()));
  KP_RETURN_IF_ERROR(MayEmpower(actor, request.name()));
  KP_RETURN_IF_ERROR(MayAssign(call, tx, actor, request.function()));
  KP_ASSIGN_OR_RETURN(auto professional, FindProfessional(call, tx, request.name()));
  if (!professional.has_value()) return errors::ProfessionalNotFound();
  KP_RETURN_IF_ERROR(AddFunction(request.function(), &*professional));
  KP_RETURN_IF_ERROR(UpdateProfessional(call, tx, *professional));
  *response = Presented(actor, *std::move(professional));
  return absl::OkStatus();
}

absl::Status DirectoryService::EndEmployment(const AuthorizedCall& call, WriteTx& tx,
                                             const v1::EndEmploymentRequest& request,
                                             v1::Professional* response) const {
  const Actor actor = ActorOf(call);
  KP_RETURN_IF_ERROR(CheckProfessionalName(request.name()));
  if (!base::ResourceName::Parse(request.organisation(), "organisations/*").ok()) {
    return errors::InvalidField("organisation", "is organisations/{id}");
  }
  if (!base::ParseDate(request.end_date()).ok()) {
    return errors::InvalidField("end_date", "is a date, YYYY-MM-DD");
  }
  KP_RETURN_IF_ERROR(MayAdminister(actor, request.organisation()));
  KP_ASSIGN_OR_RETURN(auto professional, FindProfessional(call, tx, request.name()));
  if (!professional.has_value()) return errors::ProfessionalNotFound();
  KP_RETURN_IF_ERROR(EndFunctions(request.organisation(), request.end_date(), &*professional));
  KP_RETURN_IF_ERROR(UpdateProfessional(call, tx, *professional));
  *response = Presented(actor, *std::move(professional));
  // A warning, and never a reason to refuse: access that must end ends (P3).
  response->set_cases_without_successor(call.decision().cases_without_successor());
  return absl::OkStatus();
}

absl::Status DemandSuccession(const runtime::Preparation&, const v1::EndEmploymentRequest& request,
                              runtime::Demands* out) {
  out->references = {request.name(), request.organisation()};
  return absl::OkStatus();
}

absl::Status DirectoryService::ListProfessionals(const AuthorizedCall& call, ReadTx& tx,
                                                 const v1::ListProfessionalsRequest& request,
                                                 v1::ListProfessionalsResponse* response) const {
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.page_size(), request.page_token()));
  if (!request.organisation().empty() &&
      !base::ResourceName::Parse(request.organisation(), "organisations/*").ok()) {
    return errors::InvalidField("organisation", "is empty or organisations/{id}");
  }
  const std::string today = base::FormatDate(base::DateOf(call.now()));
  KP_ASSIGN_OR_RETURN(auto rows,
                      request.organisation().empty()
                          ? directory::ListProfessionals(call, tx, slice)
                          : ListEmployed(call, tx, request.organisation(), today, slice));
  const Actor actor = ActorOf(call);
  FillPage(slice, std::move(rows), response->mutable_professionals(),
           response->mutable_next_page_token(), [&actor](v1::Professional professional) {
             return Presented(actor, std::move(professional));
           });
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
