#include "services/family/service.h"

#include <functional>

#include "services/family/demands.h"

namespace knooppunt::family {

void FamilyService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = FamilyService;
#define KP_METHOD(name) "/knooppunt.family.v1.FamilyService/" name
  r.Read<v1::ListPersonsRequest, v1::ListPersonsResponse>(KP_METHOD("ListPersons"),
                                                          bind_front(&S::ListPersons, this));
  r.Read<v1::GetPersonRequest, v1::Person>(KP_METHOD("GetPerson"), bind_front(&S::GetPerson, this));
  r.Write<v1::UpdatePersonRequest, v1::Person>(KP_METHOD("UpdatePerson"),
                                               bind_front(&S::UpdatePerson, this));
  r.Write<v1::AddPersonRequest, v1::Person>(KP_METHOD("AddPerson"),
                                            bind_front(&S::AddPerson, this));
  r.Read<v1::ListPersonRevisionsRequest, v1::ListPersonRevisionsResponse>(
      KP_METHOD("ListPersonRevisions"), bind_front(&S::ListPersonRevisions, this));
  r.Read<v1::ListGezagRequest, v1::ListGezagResponse>(KP_METHOD("ListGezag"),
                                                      bind_front(&S::ListGezag, this));
  r.Write<v1::RecordGezagRequest, v1::Gezag>(KP_METHOD("RecordGezag"),
                                             bind_front(&S::RecordGezag, this));
  r.Write<v1::EndGezagRequest, v1::Gezag>(KP_METHOD("EndGezag"), bind_front(&S::EndGezag, this));
  r.Read<v1::ListHouseholdsRequest, v1::ListHouseholdsResponse>(
      KP_METHOD("ListHouseholds"), bind_front(&S::ListHouseholds, this));
  r.Write<v1::RecordHouseholdRequest, v1::Household>(KP_METHOD("RecordHousehold"),
                                                     bind_front(&S::RecordHousehold, this));
  r.Write<v1::EndHouseholdRequest, v1::Household>(KP_METHOD("EndHousehold"),
                                                  bind_front(&S::EndHousehold, this));
  r.Read<v1::GetAddressRequest, v1::Address>(KP_METHOD("GetAddress"),
                                             bind_front(&S::GetAddress, this));
  r.Write<v1::SetAddressRequest, v1::Address>(KP_METHOD("SetAddress"),
                                              bind_front(&S::SetAddress, this));
  r.Read<v1::ListContactsRequest, v1::ListContactsResponse>(KP_METHOD("ListContacts"),
                                                            bind_front(&S::ListContacts, this));
  r.Write<v1::SetContactRequest, v1::Contact>(KP_METHOD("SetContact"),
                                              bind_front(&S::SetContact, this));
  r.Write<v1::RecordBsnRequest, v1::RecordBsnResponse>(KP_METHOD("RecordBsn"),
                                                       bind_front(&S::RecordBsn, this));
  r.Read<v1::FindDoublesRequest, v1::FindDoublesResponse>(KP_METHOD("FindDoubles"),
                                                          bind_front(&S::FindDoubles, this));

  r.Demand<v1::AddPersonRequest>(KP_METHOD("AddPerson"), DemandPerson);
  r.Demand<v1::RecordGezagRequest>(KP_METHOD("RecordGezag"), DemandGezag);
  r.Demand<v1::EndGezagRequest>(KP_METHOD("EndGezag"), DemandEnd);
  r.Demand<v1::RecordHouseholdRequest>(KP_METHOD("RecordHousehold"), DemandHousehold);
  r.Demand<v1::SetAddressRequest>(KP_METHOD("SetAddress"), DemandAddress);
  r.Demand<v1::SetContactRequest>(KP_METHOD("SetContact"), DemandContact);
#undef KP_METHOD
#define KP_METHOD(name) "/knooppunt.family.v1.MergeService/" name
  r.Write<v1::ProposeMergeRequest, v1::Merge>(KP_METHOD("ProposeMerge"),
                                              bind_front(&S::ProposeMerge, this));
  r.Write<v1::DecideMergeRequest, v1::Merge>(KP_METHOD("DecideMerge"),
                                             bind_front(&S::DecideMerge, this));
  r.Write<v1::UndoMergeRequest, v1::Merge>(KP_METHOD("UndoMerge"), bind_front(&S::UndoMerge, this));
  r.List<v1::ListMergesRequest, v1::ListMergesResponse>(KP_METHOD("ListMerges"),
                                                        bind_front(&S::ListMerges, this));
#undef KP_METHOD
}

}  // namespace knooppunt::family
