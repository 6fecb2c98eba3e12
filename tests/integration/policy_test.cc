// The policy while it serves: read again at an operator's request, shown, simulated, explained.
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kService[] = "access.v1.AccessService/";

std::string Read(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class PolicyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    text_ = Read(region_.config().policy_file());
    file_ = absl::StrCat(region_.folder(), "/policy.textproto");
    std::ofstream(file_) << text_;
    region_.config().set_policy_file(file_);
    ASSERT_OK(region_.Start());
    region_.Furnish();
  }
  absl::Status Reload(const std::string& text) {
    std::ofstream(file_) << text;
    return region_.process().access_unit()->ReloadPolicy();
  }
  access::v1::Policy GetPolicy() {
    access::v1::Policy policy;
    EXPECT_OK(region_.Call(region_.auditor, absl::StrCat(kService, "GetPolicy"),
                           access::v1::GetPolicyRequest(), &policy));
    return policy;
  }
  absl::Status Simulate(const Caller& who, const access::v1::SimulateRequest& request,
                        access::v1::SimulateResponse* response) {
    return region_.Call(who, absl::StrCat(kService, "Simulate"), request, response);
  }
  absl::StatusOr<access::v1::ExplainResponse> Explain(const Caller& who, const std::string& seat,
                                                      const std::string& resource = "") {
    access::v1::ExplainRequest request;
    request.set_resource(resource.empty() ? region_.case_name : resource);
    request.set_permission("case.read");
    request.set_seat(seat);
    access::v1::ExplainResponse response;
    const absl::Status status =
        region_.Call(who, absl::StrCat(kService, "Explain"), request, &response);
    if (!status.ok()) return status;
    return response;
  }
  std::string SeatOf(const Caller& who) {
    const auto c = region_.GetCase(region_.ib);
    Require(c.status(), "read the case");
    for (const auto& seat : c->participants()) {
      if (seat.professional() == who.claims.subject()) return seat.seat();
    }
    return "";
  }

  Region region_;
  std::string text_;
  std::string file_;
};

// Nobody reads a case any more.
std::string WithoutReading(const std::string& text) {
  return absl::StrReplaceAll(text, {{"  id: \"staff-read\"\n  permissions: \"case.read\"",
                                     "  id: \"staff-read\"\n  permissions: \"case.list\""}});
}

TEST_F(PolicyTest, R17AcceptedPolicyDecidesEveryCallThatStartsAfterwards) {
  ASSERT_OK(region_.GetCase(region_.ib));
  const access::v1::Policy before = GetPolicy();
  EXPECT_EQ(before.text(), text_);
  region_.clock().Advance(absl::Minutes(5));
  ASSERT_OK(Reload(WithoutReading(text_)));
  EXPECT_THAT(region_.GetCase(region_.ib), Refused());
  const access::v1::Policy after = GetPolicy();
  EXPECT_NE(after.sha256(), before.sha256());
  EXPECT_EQ(after.text(), WithoutReading(text_));
  EXPECT_EQ(after.in_force_since(), absl::ToUnixSeconds(region_.Now()));
  EXPECT_LT(before.in_force_since(), after.in_force_since());
  ASSERT_OK(Reload(text_));
  EXPECT_OK(region_.GetCase(region_.ib));
}

TEST_F(PolicyTest, R17ChangedFileIsInForceOnlyWhenAskedFor) {
  std::ofstream(file_) << WithoutReading(text_);
  EXPECT_OK(region_.GetCase(region_.ib));
  EXPECT_EQ(GetPolicy().text(), text_);
}

TEST_F(PolicyTest, R21RefusedPolicyLeavesTheOldOneInForce) {
  const access::v1::Policy before = GetPolicy();
  region_.clock().Advance(absl::Minutes(5));
  for (const std::string& bad :
       {std::string("staff { nonsense"), std::string(""),
        absl::StrReplaceAll(
            text_, {{"permission: \"case.read\" two_factor: true", "permission: \"case.read\""}}),
        absl::StrReplaceAll(text_, {{"  functions: FUNCTION_ADMINISTRATOR\n",
                                     "  functions: FUNCTION_JGZ_NURSE\n"}})}) {
    EXPECT_FALSE(Reload(bad).ok());
    EXPECT_OK(region_.GetCase(region_.ib));
    EXPECT_EQ(GetPolicy().SerializeAsString(), before.SerializeAsString());
  }
}

TEST_F(PolicyTest, R17PermissionThatMethodsAskForStays) {
  EXPECT_THAT(Reload(absl::StrReplaceAll(text_, {{"audit.ask", "audit.wonder"}})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("'audit.ask'")));
}

TEST_F(PolicyTest, R21SimulationIsForPrivacyOfficersAndCounts) {
  region_.SeatTheNurse();
  access::v1::SimulateRequest request;
  request.set_policy(WithoutReading(text_));
  access::v1::SimulateResponse response;
  ASSERT_OK(Simulate(region_.auditor, request, &response));
  EXPECT_EQ(response.families(), 1);
  int64_t lost = 0;
  for (const auto& c : response.changes()) {
    if (c.permission() != "case.read") continue;
    EXPECT_EQ(c.gained(), 0);
    if (c.compartment() == common::v1::COMPARTMENT_UNSPECIFIED) lost += c.lost();
  }
  EXPECT_EQ(lost, 2) << "the IB and the nurse";
  EXPECT_NE(response.policy_sha256(), GetPolicy().sha256());
  const std::string said = response.DebugString();
  for (const std::string& id : {region_.family, region_.child, std::string("professionals/")}) {
    EXPECT_THAT(said, Not(HasSubstr(id)));
  }
  EXPECT_OK(region_.GetCase(region_.ib)) << "nothing changed";

  for (const Caller& who : {region_.ib, region_.nurse}) {
    EXPECT_THAT(Simulate(who, request, &response), Refused());
    EXPECT_THAT(Simulate(who.For(common::v1::PURPOSE_AUDIT), request, &response), Refused());
  }
  EXPECT_THAT(Simulate(region_.admin, request, &response), Refused());
}

TEST_F(PolicyTest, R21SimulationThinksAwayConsentsSeatsAndGezagByKind) {
  region_.SeatTheNurse();
  const auto lost = [&](const access::v1::SimulateRequest& request) {
    access::v1::SimulateResponse response;
    EXPECT_OK(Simulate(region_.auditor, request, &response));
    int64_t staff = 0, family = 0;
    for (const auto& c : response.changes()) {
      if (c.permission() != "case.read" || c.compartment() != common::v1::COMPARTMENT_EDUCATION) {
        continue;
      }
      (c.function() == common::v1::FUNCTION_UNSPECIFIED ? family : staff) += c.lost();
    }
    return std::make_pair(staff, family);
  };
  access::v1::SimulateRequest consents, seats, gezag;
  consents.set_without_consents_for("organisations/jgz");
  seats.set_without_seats_of(common::v1::FUNCTION_INTERN_BEGELEIDER);
  gezag.set_without_gezag_of(access::v1::FAMILY_ROLE_PARENT);
  EXPECT_EQ(lost(consents), std::make_pair(int64_t{1}, int64_t{0})) << "the nurse";
  EXPECT_EQ(lost(seats), std::make_pair(int64_t{1}, int64_t{0})) << "the IB";
  EXPECT_EQ(lost(gezag), std::make_pair(int64_t{1}, int64_t{2})) << "the nurse, both parents";
  EXPECT_OK(region_.GetCase(region_.nurse)) << "nothing changed";
}

TEST_F(PolicyTest, R17SimulationRefusesWhatCannotBeAsked) {
  access::v1::SimulateResponse response;
  access::v1::SimulateRequest request;
  EXPECT_THAT(Simulate(region_.auditor, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("say what changes")));
  request.set_on_date("31-12-2026");
  EXPECT_THAT(Simulate(region_.auditor, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("on_date")));
  request.clear_on_date();
  request.set_policy("staff { }");
  EXPECT_THAT(Simulate(region_.auditor, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row")));
  request.clear_policy();
  request.set_without_seats_of(static_cast<common::v1::Function>(4711));
  EXPECT_THAT(Simulate(region_.auditor, request, &response),
              Fails(absl::StatusCode::kInvalidArgument, "NO_SUCH_WORD"));
}

TEST_F(PolicyTest, R19FamilyAsksWhyAProfessionalMayLook) {
  const std::string consent = region_.SeatTheNurse();
  const std::string seat = SeatOf(region_.nurse);
  const auto allowed = Explain(region_.mother, seat);
  ASSERT_OK(allowed);
  EXPECT_TRUE(allowed->allowed());
  EXPECT_EQ(allowed->rule(), "staff-read");
  EXPECT_THAT(allowed->text_nl(), AllOf(HasSubstr("Deze professional zit bij uw casus aan tafel."),
                                        HasSubstr("toegestemd")));
  EXPECT_THAT(allowed->text_en(), HasSubstr("This professional sits at the table"));

  ASSERT_OK(region_.Withdraw(consent, region_.father));
  const auto refused = Explain(region_.mother, seat);
  ASSERT_OK(refused);
  EXPECT_FALSE(refused->allowed());
  // The nurse herself, who had a seat, gets her own voice.
  const auto nurse = Explain(region_.nurse, "");
  ASSERT_OK(nurse);
  EXPECT_FALSE(nurse->allowed());
  EXPECT_THAT(nurse->text_nl(), HasSubstr("met uw organisatie te delen"));
  EXPECT_GE(nurse->chain_size(), 8);
}

TEST_F(PolicyTest, R19SeatThatIsNotForTheCallerIsNoSeat) {
  region_.SeatTheNurse();
  const std::string nurse = SeatOf(region_.nurse);
  const auto no_such = Explain(region_.mother, "s-nowhere");
  EXPECT_THAT(no_such, StatusIs(absl::StatusCode::kNotFound));
  const auto not_yours = Explain(region_.ib, nurse);
  EXPECT_EQ(not_yours.status(), no_such.status());
  EXPECT_OK(Explain(region_.nurse, nurse)) << "one's own";
}

TEST_F(PolicyTest, R19StrangerGetsOneConstantSentenceWhateverTheyAsk) {
  region_.SeatTheNurse();
  const std::string nowhere = "families/f-nowhere/cases/c-nowhere";
  const absl::Status constant = Explain(region_.stranger, "").status();
  EXPECT_THAT(constant, Refused());
  EXPECT_EQ(Explain(region_.stranger, SeatOf(region_.nurse)).status(), constant);
  EXPECT_EQ(Explain(region_.stranger, "s-nowhere").status(), constant);
  EXPECT_EQ(Explain(region_.stranger, "", nowhere).status(), constant);
}

}  // namespace
}  // namespace knooppunt::integration
