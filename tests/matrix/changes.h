// A region in which every call must succeed, and leave one record in the unit that serves it and
// none in another (R22).
#ifndef KNOOPPUNT_TESTS_MATRIX_CHANGES_H_
#define KNOOPPUNT_TESTS_MATRIX_CHANGES_H_

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::matrix {

using integration::Caller;

class Changes : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
  }

  static constexpr const char* kUnits[] = {"access", "audit", "directory", "dossier"};

  // `method` is "casework.v1.CaseworkService/GetCase". It must succeed.
  template <typename Answer>
  Answer Do(const char* unit, const Caller& who, const std::string& method,
            const google::protobuf::Message& request) {
    std::map<std::string, int64_t> before;
    for (const char* of : kUnits) before[of] = region_.database(of).position();
    Answer answer;
    const absl::Status status = region_.Call(who, method, request, &answer);
    EXPECT_OK(status) << method;
    for (const char* of : kUnits) {
      const size_t expected = of == std::string(unit) ? 1 : 0;
      EXPECT_EQ(integration::RecordsAfter(region_, of, before[of]).size(), expected)
          << method << " in " << of;
    }
    if (status.ok()) done_.insert(method);
    return answer;
  }
  template <typename Answer>
  Answer Casework(const Caller& who, const char* method, const google::protobuf::Message& request) {
    return Do<Answer>("dossier", who, absl::StrCat("casework.v1.CaseworkService/", method),
                      request);
  }
  template <typename Answer>
  Answer Consent(const Caller& who, const char* method, const google::protobuf::Message& request) {
    return Do<Answer>("dossier", who, absl::StrCat("consent.v1.ConsentService/", method), request);
  }
  template <typename Answer>
  Answer Plan(const Caller& who, const char* method, const google::protobuf::Message& request) {
    return Do<Answer>("dossier", who, absl::StrCat("plan.v1.PlanService/", method), request);
  }
  template <typename Answer>
  Answer Directory(const Caller& who, const char* method,
                   const google::protobuf::Message& request) {
    return Do<Answer>("directory", who, absl::StrCat("directory.v1.DirectoryService/", method),
                      request);
  }
  template <typename Request>
  Request Named(const std::string& name) const {
    Request request;
    request.set_name(name);
    return request;
  }
  template <typename Request>
  Request Under(const std::string& parent) const {
    Request request;
    request.set_parent(parent);
    return request;
  }
  std::string family() const { return absl::StrCat("families/", region_.family); }
  common::v1::Label SchoolLabel() const { return region_.Note("").contribution().label(); }
  std::string SeatOf(const Caller& who) {
    const auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    for (const auto& p : seen->participants()) {
      if (p.professional() == who.claims.subject()) return p.seat();
    }
    return "";
  }
  // A consent as the IB sees it.
  consent::v1::Consent Listed(const std::string& name) {
    consent::v1::ListConsentsRequest list;
    list.set_parent(family());
    consent::v1::ListConsentsResponse shown;
    EXPECT_OK(region_.Call(region_.ib, "consent.v1.ConsentService/ListConsents", list, &shown));
    for (const consent::v1::Consent& c : shown.consents()) {
      if (c.name() == name) return c;
    }
    ADD_FAILURE() << "no such consent";
    return {};
  }

  integration::Region region_;
  std::set<std::string> done_;  // the methods that succeeded
};

}  // namespace knooppunt::matrix

#endif  // KNOOPPUNT_TESTS_MATRIX_CHANGES_H_
