#include "services/runtime/registry.h"

#include "base/status_testing.h"
#include "faulty.pb.h"
#include "gtest/gtest.h"

namespace knooppunt::runtime {
namespace {

using ::knooppunt::testing::StatusIs;
using testing::Change;
using ::testing::HasSubstr;
using testing::Request;
using testing::Response;

const std::vector<std::string> kPermissions = {"p.read", "p.write"};

void AddRead(Registry& r, const std::string& service) {
  r.Read<Request, Response>("/knooppunt.runtime.testing." + service + "/Read",
                            [](const AuthorizedCall&, storage::ReadTx&, const Request&, Response*) {
                              return absl::OkStatus();
                            });
}
template <typename Req>
void AddWrite(Registry& r, const std::string& service) {
  r.Write<Req, Response>("/knooppunt.runtime.testing." + service + "/Write",
                         [](const AuthorizedCall&, storage::WriteTx&, const Req&, Response*) {
                           return absl::OkStatus();
                         });
}

TEST(RegistryP1, StartsWhenEveryMethodHasARuleAndAHandler) {
  Registry r;
  AddRead(r, "Good");
  AddWrite<Change>(r, "Good");
  EXPECT_OK(r.Freeze(kPermissions));
  EXPECT_EQ(r.Find("/knooppunt.runtime.testing.Good/Read")->rule.permission(), "p.read");
  EXPECT_EQ(r.Find("/knooppunt.runtime.testing.Good/Other"), nullptr);
}

struct Fault {
  const char* service;
  const char* says;
};

class RegistryP1Faults : public ::testing::TestWithParam<Fault> {};

TEST_P(RegistryP1Faults, StopTheServerFromStarting) {
  Registry r;
  AddRead(r, GetParam().service);
  EXPECT_THAT(r.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    All, RegistryP1Faults,
    ::testing::Values(Fault{"NoRule", "has no rule"}, Fault{"NoPermission", "no permission"},
                      Fault{"UnknownPermission", "p.unknown"}, Fault{"NoSuchField", "'nom'"},
                      Fault{"FieldOfAnotherType", "'number'"},
                      Fault{"NoRecord", "leaves no record"}, Fault{"NoCaller", "who may call"},
                      Fault{"NoServices", "no calling service"}, Fault{"Good", "has no handler"}),
    [](const auto& info) { return info.param.service; });

TEST(RegistryP1, ChangeWithoutRequestIdStopsTheServer) {
  Registry r;
  AddWrite<Request>(r, "NoRequestId");
  EXPECT_THAT(r.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("request_id")));
}

TEST(RegistryP1, LabelsWithoutAHookStopTheServer) {
  Registry r;
  AddWrite<Change>(r, "NoHook");
  EXPECT_THAT(r.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("demands none")));
}

TEST(RegistryP1, HandlerOfAnotherKindOrForOtherMessagesStopsTheServer) {
  Registry r;
  AddRead(r, "Good");
  r.Read<Change, Response>("/knooppunt.runtime.testing.Good/Write",
                           [](const AuthorizedCall&, storage::ReadTx&, const Change&, Response*) {
                             return absl::OkStatus();
                           });
  EXPECT_THAT(r.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("kind")));
  Registry other;
  AddRead(other, "Good");
  AddWrite<Request>(other, "Good");
  EXPECT_THAT(other.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("other messages")));
}

}  // namespace
}  // namespace knooppunt::runtime
