// The clock: what has ended does not hold again because somebody puts the clock back (R14).
#include "absl/strings/match.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

using integration::Fails;

constexpr char kConsent[] = "consent.v1.ConsentService/";

class TimeAttackTest : public AttackTest {
 protected:
  static constexpr absl::Duration kDay = absl::Hours(24);

  void PutBack(absl::Duration by) { region_.clock().Advance(-by); }
  // No decision, so nothing at all: not for the attacker, and not for anybody else.
  void ExpectNobodyServed() {
    for (const Caller* who : {&region_.nurse, &region_.ib, &region_.mother, &region_.stranger}) {
      const auto read = region_.GetCase(*who);
      EXPECT_THAT(read, Fails(StatusCode::kUnavailable, "NO_DECISION"));
      EXPECT_FALSE(absl::StrContains(read.status().ToString(), region_.family));
    }
  }
  std::string Said(const std::function<void()>& act) {
    ::testing::internal::CaptureStderr();
    act();
    return ::testing::internal::GetCapturedStderr();
  }
  void AttackPeriod(const std::string& start, const std::string& end, const std::string& reason,
                    StatusCode code = StatusCode::kInvalidArgument) {
    SCOPED_TRACE(absl::StrCat(start, " to ", end));
    consent::v1::ProposeConsentRequest request = Proposal("organisations/jgz");
    request.mutable_consent()->set_start_date(start);
    request.mutable_consent()->set_end_date(end);
    Attack(region_.ib, absl::StrCat(kConsent, "ProposeConsent"), request, With(code, reason));
  }
};

TEST_F(TimeAttackTest, A120R14ClockPutBackBeforeTheEndOfAConsent) {
  region_.SeatTheNurse();
  region_.clock().Advance(302 * kDay);
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
  const std::string log = Said([&] {
    PutBack(10 * kDay);
    ExpectNobodyServed();
  });
  EXPECT_TRUE(absl::StrContains(log, "the clock went back: nothing is decided")) << log;
  // The clock is right again.
  region_.clock().Advance(10 * kDay);
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
  EXPECT_OK(region_.GetCase(region_.ib));
}

TEST_F(TimeAttackTest, A121R14ClockPutBackAndAccessRestarted) {
  region_.SeatTheNurse();
  region_.clock().Advance(302 * kDay);
  AttackCase(region_.nurse, RefusedBy("no-sharing"));  // no fact after it: the day alone is kept
  PutBack(10 * kDay);
  ASSERT_OK(region_.Start());
  ExpectNobodyServed();
}

// A step of a time server is no attack: decided as of the latest time, the end included.
TEST_F(TimeAttackTest, A122R14ClockPutBackAMoment) {
  region_.SeatTheNurse();
  ASSERT_OK(region_.GetCase(region_.nurse));
  // The first instant of the end date, in Amsterdam.
  absl::TimeZone amsterdam;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &amsterdam));
  const absl::CivilDay last = absl::ToCivilDay(region_.Now(), amsterdam) + 300;
  region_.clock().Set(absl::FromCivil(last, amsterdam));
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
  PutBack(absl::Seconds(30));
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
  EXPECT_OK(region_.GetCase(region_.ib));
}

TEST_F(TimeAttackTest, A123R13ClockPutBackBeforeAWithdrawal) {
  const std::string consent = region_.SeatTheNurse();
  region_.clock().Advance(kDay);
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  PutBack(kDay);
  ExpectNobodyServed();
  region_.clock().Advance(kDay);
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(TimeAttackTest, A124R20ClockPutBackToStretchAnEmergency) {
  const Caller helper = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()));
  region_.clock().Advance(absl::Hours(2));
  AttackCase(helper, RefusedBy("no-seat"));
  PutBack(absl::Hours(1));
  EXPECT_THAT(region_.GetCase(helper), Fails(StatusCode::kUnavailable, "NO_DECISION"));
}

TEST_F(TimeAttackTest, A125R17ClockPutBackToRevivePeopleWhoLeft) {
  region_.SeatTheNurse();
  region_.clock().Advance(kDay);
  EndEmployment(region_.nurse);
  AttackCase(region_.nurse, RefusedBy("no-function"));
  PutBack(2 * kDay);
  ExpectNobodyServed();
}

TEST_F(TimeAttackTest, A126R17ClockPutBackToLogIn) {
  region_.clock().Advance(kDay);
  ASSERT_OK(region_.GetCase(region_.ib));
  PutBack(kDay);
  runtime::DirectTransport transport(&region_.process().switchboard(), "");
  access::v1::ExchangeTokenRequest request;
  request.set_id_token("an.id.token");
  access::v1::ExchangeTokenResponse response;
  EXPECT_THAT(transport.Call("/knooppunt.access.v1.AccessService/ExchangeToken", request, &response,
                             {.timeout = absl::Seconds(30)}),
              Fails(StatusCode::kUnavailable, "CLOCK_WENT_BACK"));
}

// The clock was wrong and is right now: only the operator can say so, and the log says that.
TEST_F(TimeAttackTest, A127R14OperatorAloneMakesTimeGoBack) {
  region_.clock().Advance(3650 * kDay);
  region_.GetCase(region_.ib).IgnoreError();
  PutBack(3650 * kDay);
  ASSERT_OK(region_.Start());
  ExpectNobodyServed();
  ASSERT_OK(region_.Start({"access"}));
  EXPECT_OK(region_.GetCase(region_.ib));
  ASSERT_OK(region_.Start());
  EXPECT_OK(region_.GetCase(region_.ib));
}

TEST_F(TimeAttackTest, A128R12ConsentThatEndsBeforeItStarts) {
  AttackPeriod(region_.Day(10), region_.Day(9), "R12_END_DATE_REQUIRED");
  AttackPeriod(region_.Day(10), region_.Day(10), "R12_END_DATE_REQUIRED");
  AttackPeriod(region_.Day(0), "", "R12_END_DATE_REQUIRED");
}

TEST_F(TimeAttackTest, A129R12ConsentOnADayThatIsNone) {
  for (const char* day : {"2027-02-29", "2027-13-01", "2027-00-10", "29-02-2028", "2028-2-29",
                          "tomorrow", "2028-02-30", "0000-00-00"}) {
    AttackPeriod(region_.Day(0), day, "INVALID_FIELD");
  }
}

TEST_F(TimeAttackTest, A130R14ConsentOfTheRetroactiveKind) {
  AttackPeriod(region_.Day(-400), region_.Day(0), "R14_ALREADY_OVER",
               StatusCode::kFailedPrecondition);
  AttackPeriod(region_.Day(-400), region_.Day(-10), "R14_ALREADY_OVER",
               StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace knooppunt::attacks
