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

struct Nothing {};

template <typename Req = Request>
void AddSend(Registry& r, const std::string& service) {
  r.Send<Nothing, Req, Response>("/knooppunt.runtime.testing." + service + "/Read",
                                 [](const AuthorizedCall&, storage::ReadTx&, const Req&, Nothing*,
                                    Response*) -> absl::StatusOr<Flow> { return Flow::kEnd; });
}
template <typename Req>
void AddReceive(Registry& r, const std::string& service) {
  r.Receive<Nothing, Req, Response>(
      "/knooppunt.runtime.testing." + service + "/Write",
      {.take = [](const AuthorizedCall&, const Req&, const Req&,
                  Nothing*) { return absl::OkStatus(); },
       .keep = [](const AuthorizedCall&, storage::WriteTx&, const Req&,
                  Nothing*) { return absl::OkStatus(); },
       .finish = [](const AuthorizedCall&, storage::WriteTx&, const Req&, Nothing*,
                    Response*) { return absl::OkStatus(); },
       .drop = [](storage::WriteTx&, const Nothing&) { return absl::OkStatus(); }});
}

class RegistryP1StreamFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(RegistryP1StreamFaults, StopTheServerFromStarting) {
  Registry r;
  AddSend<>(r, GetParam().service);
  EXPECT_THAT(r.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(All, RegistryP1StreamFaults,
                         ::testing::Values(Fault{"StreamNoRule", "has no rule"},
                                           Fault{"StreamNoPermission", "no permission"},
                                           Fault{"StreamNoRecord", "leaves no record"},
                                           Fault{"StreamForUnits", "not for persons"},
                                           Fault{"StreamBothWays", "both ways"},
                                           Fault{"Good", "streams otherwise than the method"}),
                         [](const auto& info) { return info.param.service; });

TEST(RegistryP1, StreamOfRequestsWithoutRequestIdActOrHookStopsTheServer) {
  const auto freeze = [](auto add, const std::string& service) {
    Registry r;
    add(r, service);
    return r.Freeze(kPermissions);
  };
  EXPECT_THAT(freeze(AddReceive<Request>, "StreamNoRequestId"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("request_id")));
  EXPECT_THAT(freeze(AddSend<Change>, "StreamChanges"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in a way that its rule")));
  EXPECT_THAT(freeze(AddReceive<Change>, "StreamNoAct"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in a way that its rule")));
  EXPECT_THAT(freeze(AddReceive<Change>, "StreamNoHook"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("demands none")));
}

TEST(RegistryP1, AHandlerThatAnswersOnceForAMethodThatStreamsStopsTheServer) {
  Registry r;
  AddRead(r, "StreamNoRecord");
  EXPECT_THAT(r.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("leaves no record")));
  Registry other;
  AddWrite<Change>(other, "StreamNoAct");
  EXPECT_THAT(other.Freeze(kPermissions),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("streams otherwise")));
}

}  // namespace
}  // namespace knooppunt::runtime
