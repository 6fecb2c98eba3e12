#include "clients/cli/purpose.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace knooppunt::cli {
namespace {

Profile Staff(common::v1::Function function) {
  return {.subject = "professionals/p", .function = function};
}
constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";
constexpr char kImport[] = "/knooppunt.directory.v1.DirectoryService/ImportDirectory";

TEST(PurposeTest, FamilyAlwaysLooksIntoItsOwnFile) {
  const Profile mother = {.subject = "accounts/moeder"};
  EXPECT_EQ(DefaultPurpose(kGetCase, mother), common::v1::PURPOSE_OWN_FILE);
  EXPECT_EQ(DefaultPurpose("/knooppunt.audit.v1.AuditService/ListRecords", mother),
            common::v1::PURPOSE_OWN_FILE);
}

TEST(PurposeTest, StaffCoordinateUnlessTheCommandIsForSomethingElse) {
  const Profile ib = Staff(common::v1::FUNCTION_INTERN_BEGELEIDER);
  EXPECT_EQ(DefaultPurpose(kGetCase, ib), common::v1::PURPOSE_COORDINATION);
  EXPECT_EQ(DefaultPurpose("/knooppunt.audit.v1.AuditService/ListRecords", ib),
            common::v1::PURPOSE_AUDIT);
  EXPECT_EQ(DefaultPurpose("/knooppunt.handover.v1.HandoverService/DraftHandover", ib),
            common::v1::PURPOSE_HANDOVER);
  EXPECT_EQ(DefaultPurpose("/knooppunt.casework.v1.CaseworkService/ListOwnRecord", ib),
            common::v1::PURPOSE_OWN_RECORD);
}

TEST(PurposeTest, R20EmergencyIsAPurposeAndItsReviewIsAudit) {
  for (const char* method : {"OpenEmergency", "GetEmergency", "ListEmergencies"}) {
    const std::string full = absl::StrCat("/knooppunt.consent.v1.ConsentService/", method);
    EXPECT_EQ(DefaultPurpose(full, Staff(common::v1::FUNCTION_JGZ_NURSE)),
              common::v1::PURPOSE_EMERGENCY);
    EXPECT_EQ(DefaultPurpose(full, Staff(common::v1::FUNCTION_PRIVACY_OFFICER)),
              common::v1::PURPOSE_AUDIT);
  }
}

TEST(PurposeTest, DirectoryFollowsTheFunction) {
  EXPECT_EQ(DefaultPurpose(kImport, Staff(common::v1::FUNCTION_ADMINISTRATOR)),
            common::v1::PURPOSE_ADMINISTRATION);
  EXPECT_EQ(DefaultPurpose(kImport, Staff(common::v1::FUNCTION_MANDATE_HOLDER)),
            common::v1::PURPOSE_ADMINISTRATION);
  EXPECT_EQ(DefaultPurpose(kImport, Staff(common::v1::FUNCTION_PRIVACY_OFFICER)),
            common::v1::PURPOSE_AUDIT);
  EXPECT_EQ(DefaultPurpose(kImport, Staff(common::v1::FUNCTION_JGZ_NURSE)),
            common::v1::PURPOSE_COORDINATION);
}

TEST(PurposeTest, PolicyIsReadForWhatTheFunctionIsThereFor) {
  constexpr char kGetPolicy[] = "/knooppunt.access.v1.AccessService/GetPolicy";
  constexpr char kSimulate[] = "/knooppunt.access.v1.AccessService/Simulate";
  EXPECT_EQ(DefaultPurpose(kGetPolicy, Staff(common::v1::FUNCTION_ADMINISTRATOR)),
            common::v1::PURPOSE_ADMINISTRATION);
  EXPECT_EQ(DefaultPurpose(kGetPolicy, Staff(common::v1::FUNCTION_JGZ_NURSE)),
            common::v1::PURPOSE_COORDINATION);
  EXPECT_EQ(DefaultPurpose(kSimulate, Staff(common::v1::FUNCTION_PRIVACY_OFFICER)),
            common::v1::PURPOSE_AUDIT);
}

}  // namespace
}  // namespace knooppunt::cli
