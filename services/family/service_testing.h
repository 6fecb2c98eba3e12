// The fixture of the family's handler tests: the people of the journey, and what they ask.
#ifndef KNOOPPUNT_SERVICES_FAMILY_SERVICE_TESTING_H_
#define KNOOPPUNT_SERVICES_FAMILY_SERVICE_TESTING_H_

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/family/v1/family.pb.h"
#include "services/dossier/testing.h"

namespace knooppunt::family {

using dossier::testing::Caller;
using dossier::testing::Journey;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class FamilyServiceTest : public ::testing::Test {
 protected:
  FamilyServiceTest() { j.Open(); }

  template <typename Resp>
  absl::StatusOr<Resp> Call(const std::string& method, const Caller& who,
                            const google::protobuf::Message& req) {
    return j.office.Call<Resp>("family.v1.FamilyService", method, who, req);
  }
  std::string FamilyName() const { return absl::StrCat("families/", j.family); }
  std::string Name(const std::string& person) const {
    return absl::StrCat(FamilyName(), "/persons/", person);
  }
  // What the school keeps, about these persons.
  common::v1::Label About(const std::vector<std::string>& persons) const {
    common::v1::Label label = j.Education();
    label.mutable_about()->clear_persons();
    for (const std::string& p : persons) label.mutable_about()->add_persons(p);
    return label;
  }

  absl::StatusOr<v1::ListPersonsResponse> List(const Caller& who) {
    v1::ListPersonsRequest req;
    req.set_parent(FamilyName());
    return Call<v1::ListPersonsResponse>("ListPersons", who, req);
  }
  std::vector<std::string> GivenNames(const Caller& who) {
    std::vector<std::string> out;
    const auto list = List(who);
    EXPECT_OK(list.status());
    if (!list.ok()) return out;
    for (const v1::Person& p : list->persons()) out.push_back(p.given_name());
    return out;
  }
  absl::StatusOr<v1::Person> Get(const Caller& who, const std::string& person) {
    v1::GetPersonRequest req;
    req.set_name(Name(person));
    return Call<v1::Person>("GetPerson", who, req);
  }
  v1::UpdatePersonRequest Correction(const std::string& person, const std::string& path) {
    v1::UpdatePersonRequest req;
    req.set_name(Name(person));
    req.set_change(v1::PERSON_CHANGE_CORRECTION);
    req.set_reason("Verkeerd overgetypt van het formulier.");
    req.mutable_update_mask()->add_paths(path);
    return req;
  }
  absl::StatusOr<v1::Person> Update(const Caller& who, const v1::UpdatePersonRequest& req) {
    return Call<v1::Person>("UpdatePerson", who, req);
  }
  absl::StatusOr<v1::Person> CorrectBirthDate(const std::string& person, const std::string& date) {
    v1::UpdatePersonRequest req = Correction(person, "birth_date");
    req.mutable_person()->set_birth_date(date);
    return Update(j.ib, req);
  }
  v1::AddPersonRequest Sibling(const std::string& birth_date) {
    v1::AddPersonRequest req;
    req.set_parent(FamilyName());
    req.mutable_person()->set_given_name("Noor");
    req.mutable_person()->set_family_name("van der Zanden");
    req.mutable_person()->set_birth_date(birth_date);
    req.mutable_person()->set_role(access::v1::FAMILY_ROLE_CHILD);
    *req.mutable_person()->mutable_label() = About({});
    req.set_in_case(true);
    req.add_gezag()->set_holder_person(Name(j.mother_id));
    return req;
  }
  absl::StatusOr<v1::Person> Add(const Caller& who, const v1::AddPersonRequest& req) {
    return Call<v1::Person>("AddPerson", who, req);
  }
  // An id from "families/{f}/persons/{p}".
  static std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

  v1::ListGezagResponse Gezag(const Caller& who) {
    v1::ListGezagRequest req;
    req.set_parent(FamilyName());
    auto list = Call<v1::ListGezagResponse>("ListGezag", who, req);
    EXPECT_OK(list.status());
    return list.value_or(v1::ListGezagResponse());
  }
  // The name of a parent's gezag over the child of the case.
  std::string GezagOf(const std::string& holder) {
    for (const access::v1::Gezag& g : j.office.facts(j.family).gezag()) {
      if (g.holder_person() == holder && g.over() == j.child) {
        return absl::StrCat(FamilyName(), "/gezag/", g.id());
      }
    }
    return "";
  }
  v1::EndGezagRequest End(const std::string& holder, const std::string& date) {
    v1::EndGezagRequest req;
    req.set_name(GezagOf(holder));
    req.set_end_date(date);
    req.set_basis(v1::GEZAG_BASIS_COURT_ORDER);
    req.set_reference("ECLI:NL:RBLIM:2026:0001");
    *req.mutable_label() = About({j.child});
    return req;
  }
  absl::StatusOr<v1::Gezag> EndGezag(const Caller& who, const v1::EndGezagRequest& req) {
    return Call<v1::Gezag>("EndGezag", who, req);
  }

  std::string HouseholdOf(const std::string& parent, const std::string& title) {
    v1::RecordHouseholdRequest req;
    req.set_parent(FamilyName());
    v1::Household& h = *req.mutable_household();
    h.set_title(title);
    h.add_members(Name(parent));
    h.add_members(Name(j.child));
    h.set_start_date("2025-06-01");
    *h.mutable_label() = About({parent, j.child});
    const auto made = Call<v1::Household>("RecordHousehold", j.ib, req);
    EXPECT_OK(made.status());
    return made.ok() ? made->name() : "";
  }
  v1::SetAddressRequest Address(const std::string& household, const std::string& about) {
    v1::SetAddressRequest req;
    req.set_name(household);
    req.mutable_address()->set_street("Markt 1");
    req.mutable_address()->set_postcode("6211 CJ");
    req.mutable_address()->set_city("Maastricht");
    *req.mutable_address()->mutable_label() = About({about});
    return req;
  }
  absl::StatusOr<v1::Address> SetAddress(const Caller& who, const v1::SetAddressRequest& req) {
    return Call<v1::Address>("SetAddress", who, req);
  }
  absl::StatusOr<v1::Address> GetAddress(const Caller& who, const std::string& household) {
    v1::GetAddressRequest req;
    req.set_name(household);
    return Call<v1::Address>("GetAddress", who, req);
  }
  std::vector<std::string> Households(const Caller& who) {
    v1::ListHouseholdsRequest req;
    req.set_parent(FamilyName());
    const auto list = Call<v1::ListHouseholdsResponse>("ListHouseholds", who, req);
    EXPECT_OK(list.status());
    std::vector<std::string> out;
    if (!list.ok()) return out;
    for (const v1::Household& h : list->households()) out.push_back(h.title());
    return out;
  }

  Journey j;
};

}  // namespace knooppunt::family

#endif  // KNOOPPUNT_SERVICES_FAMILY_SERVICE_TESTING_H_
