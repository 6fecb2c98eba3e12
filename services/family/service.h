// FamilyService: who belongs to a family, gezag, households, addresses, contacts and numbers (R11,
// R16, R18). One method an RPC, one file a resource; rules are in rules.h. Thread-safe: holds no
// state of its own.
#ifndef KNOOPPUNT_SERVICES_FAMILY_SERVICE_H_
#define KNOOPPUNT_SERVICES_FAMILY_SERVICE_H_

#include <vector>

#include "absl/status/status.h"
#include "knooppunt/family/v1/family.pb.h"
#include "knooppunt/family/v1/merge.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::family {

class FamilyService {
 public:
  // `random` is not owned and outlives the service.
  explicit FamilyService(crypto::Random& random) : random_(random) {}
  FamilyService(const FamilyService&) = delete;
  FamilyService& operator=(const FamilyService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // persons.cc
  absl::Status ListPersons(const Call&, ReadTx&, const v1::ListPersonsRequest&,
                           v1::ListPersonsResponse*);
  absl::Status GetPerson(const Call&, ReadTx&, const v1::GetPersonRequest&, v1::Person*);
  absl::Status UpdatePerson(const Call&, WriteTx&, const v1::UpdatePersonRequest&, v1::Person*);
  absl::Status AddPerson(const Call&, WriteTx&, const v1::AddPersonRequest&, v1::Person*);
  absl::Status ListPersonRevisions(const Call&, ReadTx&, const v1::ListPersonRevisionsRequest&,
                                   v1::ListPersonRevisionsResponse*);
  // gezag.cc
  absl::Status ListGezag(const Call&, ReadTx&, const v1::ListGezagRequest&, v1::ListGezagResponse*);
  absl::Status RecordGezag(const Call&, WriteTx&, const v1::RecordGezagRequest&, v1::Gezag*);
  absl::Status EndGezag(const Call&, WriteTx&, const v1::EndGezagRequest&, v1::Gezag*);
  // households.cc
  absl::Status ListHouseholds(const Call&, ReadTx&, const v1::ListHouseholdsRequest&,
                              v1::ListHouseholdsResponse*);
  absl::Status RecordHousehold(const Call&, WriteTx&, const v1::RecordHouseholdRequest&,
                               v1::Household*);
  absl::Status EndHousehold(const Call&, WriteTx&, const v1::EndHouseholdRequest&, v1::Household*);
  absl::Status GetAddress(const Call&, ReadTx&, const v1::GetAddressRequest&, v1::Address*);
  absl::Status SetAddress(const Call&, WriteTx&, const v1::SetAddressRequest&, v1::Address*);
  // contacts.cc
  absl::Status ListContacts(const Call&, ReadTx&, const v1::ListContactsRequest&,
                            v1::ListContactsResponse*);
  absl::Status SetContact(const Call&, WriteTx&, const v1::SetContactRequest&, v1::Contact*);
  // numbers.cc
  absl::Status RecordBsn(const Call&, WriteTx&, const v1::RecordBsnRequest&,
                         v1::RecordBsnResponse*);
  absl::Status FindDoubles(const Call&, ReadTx&, const v1::FindDoublesRequest&,
                           v1::FindDoublesResponse*);

  // merges.cc
  absl::Status ProposeMerge(const Call&, WriteTx&, const v1::ProposeMergeRequest&, v1::Merge*);
  absl::Status DecideMerge(const Call&, WriteTx&, const v1::DecideMergeRequest&, v1::Merge*);
  absl::Status UndoMerge(const Call&, WriteTx&, const v1::UndoMergeRequest&, v1::Merge*);
  absl::Status ListMerges(const Call&, const std::vector<Call>&, ReadTx&,
                          const v1::ListMergesRequest&, v1::ListMergesResponse*);

  crypto::Random& random_;
};

}  // namespace knooppunt::family

#endif  // KNOOPPUNT_SERVICES_FAMILY_SERVICE_H_
