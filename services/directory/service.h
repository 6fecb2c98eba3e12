// The directory's methods. Each handler is a line of service.cc; its body stands in the
// file of its resource: import.cc, organisation.cc, werkplaats.cc, profile.cc, framework.cc,
// professional.cc, mandate.cc.
// Thread-safe: immutable after construction.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_SERVICE_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/framework.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "security/policy/authorized_call.h"
#include "security/policy/framework.h"
#include "security/storage/database.h"
#include "services/directory/rules.h"
#include "services/runtime/registry.h"

namespace knooppunt::directory {

using policy::AuthorizedCall;
using storage::ReadTx;
using storage::WriteTx;

class DirectoryService {
 public:
  struct Options {
    // "professionals/{id}" of the region's administrator, who administers every
    // organisation; empty for none.
    std::string bootstrap_professional;
    // Who carries what (R36); empty is the one that is built in.
    std::shared_ptr<const policy::Framework> framework;
  };
  explicit DirectoryService(Options options);

  // Adds every method of DirectoryService, WerkplaatsService and FrameworkService. `this` must
  // outlive the registry.
  void Register(runtime::Registry& registry) const;

  absl::Status ImportDirectory(const AuthorizedCall& call, WriteTx& tx,
                               const v1::ImportDirectoryRequest& request,
                               v1::ImportDirectoryResponse* response) const;
  absl::Status CreateProfessional(const AuthorizedCall& call, WriteTx& tx,
                                  const v1::CreateProfessionalRequest& request,
                                  v1::Professional* response) const;
  absl::Status AssignFunction(const AuthorizedCall& call, WriteTx& tx,
                              const v1::AssignFunctionRequest& request,
                              v1::Professional* response) const;
  absl::Status EndEmployment(const AuthorizedCall& call, WriteTx& tx,
                             const v1::EndEmploymentRequest& request,
                             v1::Professional* response) const;
  absl::Status IssueMandate(const AuthorizedCall& call, WriteTx& tx,
                            const v1::IssueMandateRequest& request,
                            v1::Professional* response) const;
  absl::Status DelegateMandate(const AuthorizedCall& call, WriteTx& tx,
                               const v1::DelegateMandateRequest& request,
                               v1::Professional* response) const;
  absl::Status RevokeMandate(const AuthorizedCall& call, WriteTx& tx,
                             const v1::RevokeMandateRequest& request,
                             v1::Professional* response) const;
  absl::Status GetOrganisation(const AuthorizedCall& call, ReadTx& tx,
                               const v1::GetOrganisationRequest& request,
                               v1::Organisation* response) const;
  absl::Status ListOrganisations(const AuthorizedCall& call, ReadTx& tx,
                                 const v1::ListOrganisationsRequest& request,
                                 v1::ListOrganisationsResponse* response) const;
  absl::Status ListWerkplaatsen(const AuthorizedCall& call, ReadTx& tx,
                                const v1::ListWerkplaatsenRequest& request,
                                v1::ListWerkplaatsenResponse* response) const;
  absl::Status ListProfessionals(const AuthorizedCall& call, ReadTx& tx,
                                 const v1::ListProfessionalsRequest& request,
                                 v1::ListProfessionalsResponse* response) const;
  absl::Status GetWerkplaatsProfile(const AuthorizedCall& call, ReadTx& tx,
                                    const v1::GetWerkplaatsProfileRequest& request,
                                    v1::WerkplaatsProfile* response) const;
  absl::Status UpdateWerkplaatsProfile(const AuthorizedCall& call, WriteTx& tx,
                                       const v1::UpdateWerkplaatsProfileRequest& request,
                                       v1::WerkplaatsProfile* response) const;
  absl::Status ReplaceContact(const AuthorizedCall& call, WriteTx& tx,
                              const v1::ReplaceContactRequest& request,
                              v1::WerkplaatsProfile* response) const;
  absl::Status CloseWerkplaats(const AuthorizedCall& call, WriteTx& tx,
                               const v1::CloseWerkplaatsRequest& request,
                               v1::WerkplaatsProfile* response) const;
  absl::Status KeepWerkplaatsOpen(const AuthorizedCall& call, WriteTx& tx,
                                  const v1::KeepWerkplaatsOpenRequest& request,
                                  v1::WerkplaatsProfile* response) const;
  absl::Status ListProfileGaps(const AuthorizedCall& call, ReadTx& tx,
                               const v1::ListProfileGapsRequest& request,
                               v1::ListProfileGapsResponse* response) const;
  absl::Status GetFramework(const AuthorizedCall& call, ReadTx& tx,
                            const v1::GetFrameworkRequest& request, v1::Framework* response) const;
  absl::Status AssessFunding(const AuthorizedCall& call, ReadTx& tx,
                             const v1::AssessFundingRequest& request,
                             v1::AssessFundingResponse* response) const;

 private:
  Actor ActorOf(const AuthorizedCall& call) const;

  const Options options_;
  const std::shared_ptr<const policy::Framework> framework_;
};

// Whose end it is and where: access tells how many cases are left with nobody who was named (R1).
absl::Status DemandSuccession(const runtime::Preparation& prep,
                              const v1::EndEmploymentRequest& request, runtime::Demands* out);

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_SERVICE_H_
