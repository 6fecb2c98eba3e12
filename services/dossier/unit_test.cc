#include <set>
#include <string>

#include "base/status_testing.h"
#include "services/dossier/dossier_unit.h"
#include "services/dossier/testing.h"

namespace knooppunt::dossier {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using testing::Office;

TEST(DossierUnitTest, P1EveryMethodOfEveryServiceOfTheUnitHasAHandlerAndARule) {
  Office office;  // freezes the registry: a method without a rule stops it
  std::set<std::string> services;
  for (const auto& [name, entry] : office.registry().entries()) {
    const std::string method = name.substr(1);
    services.insert(method.substr(0, method.find('/')));
  }
  for (const char* service :
       {"knooppunt.casework.v1.CaseworkService", "knooppunt.casework.v1.EscalationService",
        "knooppunt.casework.v1.OutOfSchoolService", "knooppunt.casework.v1.StepService",
        "knooppunt.consent.v1.ConsentService", "knooppunt.documents.v1.DocumentService",
        "knooppunt.handover.v1.HandoverService", "knooppunt.archive.v1.ArchiveService"}) {
    EXPECT_TRUE(services.contains(service)) << service;
  }
  int methods = 0;
  for (const std::string& service : services) {
    const auto* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
    ASSERT_NE(descriptor, nullptr) << service;
    for (int i = 0; i < descriptor->method_count(); ++i) {
      ++methods;
      EXPECT_NE(office.registry().Find("/" + service + "/" + descriptor->method(i)->name()),
                nullptr)
          << descriptor->method(i)->full_name();
    }
  }
  EXPECT_EQ(static_cast<int>(office.registry().entries().size()), methods);
  EXPECT_GT(methods, 60);
}

TEST(DossierUnitTest, AnotherKeyDoesNotOpenTheDatabase) {
  Office office;
  base::FakeClock clock(absl::UnixEpoch());
  const crypto::SecretBytes key = office.random().Key();
  const crypto::SecretBytes wrong = office.random().Key();
  const auto open = [&](const crypto::SecretBytes& with) {
    return DossierUnit::Open({.path = office.folder() + "/other.db",
                              .key = &with,
                              .clock = &clock,
                              .random = &office.random()})
        .status();
  };
  ASSERT_OK(open(key));
  EXPECT_THAT(open(wrong), StatusIs(absl::StatusCode::kUnauthenticated, _));
  EXPECT_OK(open(key));
}

TEST(DossierUnitTest, R29AnUnreasonableGraceIsRefused) {
  Office office;
  base::FakeClock clock(absl::UnixEpoch());
  const crypto::SecretBytes key = office.random().Key();
  for (const int days : {-1, 367}) {
    EXPECT_THAT(DossierUnit::Open({.path = office.folder() + "/other.db",
                                   .key = &key,
                                   .clock = &clock,
                                   .random = &office.random(),
                                   .handover_grace_days = days}),
                StatusIs(absl::StatusCode::kInvalidArgument, _));
  }
}

}  // namespace
}  // namespace knooppunt::dossier
