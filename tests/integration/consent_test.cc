// Withdrawal in part, new wordings, what staff record, and grounds other than consent, through the
// whole region: the very next call is decided on what was said (R12, R13, R15, P3).
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/crypto/hash.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kConsents[] = "consent.v1.ConsentService/";
constexpr char kWording[] = "De jeugdverpleegkundige mag meelezen over school en gezondheid.";

class ConsentRegionTest : public ::testing::Test {
 protected:
  ConsentRegionTest() {
    Require(region_.Start(), "start");
    region_.Furnish();
    Require(region_.AddNote("Rekent op het niveau van groep 7.").status(), "a note");
  }

  template <typename Resp>
  absl::StatusOr<Resp> Call(const Caller& who, const std::string& method,
                            const google::protobuf::Message& request) {
    Resp response;
    const absl::Status s = region_.Call(who, absl::StrCat(kConsents, method), request, &response);
    if (!s.ok()) return s;
    return response;
  }
  // For the nurse, education and health of the child, in kWording.
  std::string Propose() {
    consent::v1::ProposeConsentRequest request;
    request.set_parent(absl::StrCat("families/", region_.family));
    consent::v1::Consent* c = request.mutable_consent();
    c->mutable_about()->add_persons(region_.child);
    c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c->add_compartments(common::v1::COMPARTMENT_HEALTH);
    c->add_purposes(common::v1::PURPOSE_COORDINATION);
    c->set_recipient("organisations/jgz");
    c->set_start_date(region_.Day(0));
    c->set_end_date(region_.Day(300));
    c->set_wording(kWording);
    const auto proposed = Call<consent::v1::Consent>(region_.ib, "ProposeConsent", request);
    Require(proposed.status(), "propose");
    return proposed->name();
  }
  absl::Status Sign(const std::string& name, const Caller& who, const std::string& wording) {
    consent::v1::SignConsentRequest request;
    request.set_name(name);
    request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(wording)));
    return Call<consent::v1::Consent>(who, "SignConsent", request).status();
  }
  absl::Status Paper(const std::string& name, const std::string& person) {
    consent::v1::RecordSignatureRequest request;
    request.set_name(name);
    request.set_person(person);
    request.set_state(access::v1::SIGNATURE_STATE_GIVEN);
    request.set_how(access::v1::RECORDED_HOW_ON_PAPER);
    request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(kWording)));
    request.set_scan("%PDF-1.7");
    request.set_identified_by("paspoort gezien");
    return Call<consent::v1::Consent>(region_.ib, "RecordSignature", request).status();
  }
  int Reads(const Caller& who) {
    const auto read = region_.GetCase(who);
    return read.ok() ? read->contributions_size() : -1;
  }

  consent::v1::InvokeGroundRequest Ground(bool told) const {
    consent::v1::InvokeGroundRequest request;
    request.set_parent(absl::StrCat("families/", region_.family));
    consent::v1::Ground& g = *request.mutable_ground();
    g.set_type("meldcode");
    g.mutable_about()->add_persons(region_.child);
    g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_recipient("organisations/jgz");
    g.set_start_date(region_.Day(0));
    g.set_end_date(region_.Day(30));
    g.set_reason("Zorgen over de thuissituatie.");
    g.set_family_told(told);
    if (told) return request;
    g.set_not_told_reason("Het kind loopt dan gevaar.");
    g.set_reviewer("professionals/stranger");
    g.set_review_date(region_.Day(14));
    return request;
  }
  absl::StatusOr<consent::v1::Ground> Invoke(const Caller& who, bool told) {
    return Call<consent::v1::Ground>(who, "InvokeGround", Ground(told));
  }
  int Grounds(const Caller& who) {
    consent::v1::ListGroundsRequest request;
    request.set_parent(absl::StrCat("families/", region_.family));
    const auto list = Call<consent::v1::ListGroundsResponse>(who, "ListGrounds", request);
    return list.ok() ? list->grounds_size() : -1;
  }
  // What a reader of the log is told, once everything was delivered.
  std::vector<std::string> Log(const Caller& who, const std::string& parent) {
    audit::v1::ListRecordsRequest request;
    request.set_parent(parent);
    request.set_page_size(200);
    audit::v1::ListRecordsResponse list;
    Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
    Require(region_.Call(who, "audit.v1.AuditService/ListRecords", request, &list), "the log");
    std::vector<std::string> sentences;
    for (const auto& r : list.records()) sentences.push_back(r.text_nl());
    return sentences;
  }

  Region region_;
};

TEST_F(ConsentRegionTest, R13APartStopsAtTheNextReadAndTheOtherGoesOn) {
  const std::string name = Propose();
  ASSERT_OK(Sign(name, region_.mother, kWording));
  ASSERT_OK(Sign(name, region_.father, kWording));
  region_.Seat(region_.nurse);
  ASSERT_EQ(Reads(region_.nurse), 1);
  consent::v1::WithdrawConsentRequest request;
  request.set_name(name);
  request.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  ASSERT_OK(Call<consent::v1::Consent>(region_.mother, "WithdrawConsent", request));
  EXPECT_EQ(Reads(region_.nurse), 0) << "at the table still, for health, and nothing of school";
  EXPECT_THAT(Call<consent::v1::Consent>(region_.father, "WithdrawConsent", request),
              Fails(StatusCode::kFailedPrecondition, "R13_PART_ALREADY_WITHDRAWN"));
  request.clear_compartments();
  request.add_compartments(common::v1::COMPARTMENT_HEALTH);
  ASSERT_OK(Call<consent::v1::Consent>(region_.father, "WithdrawConsent", request));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused()) << "nothing is left of it";
}

TEST_F(ConsentRegionTest, R12WhatStaffRecordOpensAndANewWordingCloses) {
  const std::string name = Propose();
  ASSERT_OK(Paper(name, region_.mother_id));
  ASSERT_OK(Sign(name, region_.father, kWording));
  region_.Seat(region_.nurse);
  EXPECT_EQ(Reads(region_.nurse), 1);
  consent::v1::ReviseConsentRequest revise;
  revise.set_name(name);
  revise.set_wording("De jeugdverpleegkundige mag meelezen.");
  ASSERT_OK(Call<consent::v1::Consent>(region_.ib, "ReviseConsent", revise));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
  EXPECT_THAT(Paper(name, region_.mother_id),
              Fails(StatusCode::kFailedPrecondition, "R12_WORDING_DIFFERS"));
  ASSERT_OK(Sign(name, region_.mother, revise.wording()));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
  ASSERT_OK(Sign(name, region_.father, revise.wording()));
  EXPECT_EQ(Reads(region_.nurse), 1);
  consent::v1::RecordWithdrawalRequest withdraw;
  withdraw.set_name(name);
  withdraw.set_person(region_.mother_id);
  withdraw.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  ASSERT_OK(Call<consent::v1::Consent>(region_.ib, "RecordWithdrawal", withdraw));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
}

TEST_F(ConsentRegionTest, R17RefusedRecordsLeaveARecordEach) {
  const std::string name = Propose();
  const auto records = RecordsOf(region_, "dossier", [&] {
    consent::v1::RecordWithdrawalRequest request;
    request.set_name(name);
    request.set_person(region_.mother_id);
    request.set_how(access::v1::RECORDED_HOW_IN_PERSON);
    EXPECT_THAT(Call<consent::v1::Consent>(region_.mother, "RecordWithdrawal", request), Refused());
    EXPECT_THAT(Call<consent::v1::Consent>(region_.stranger, "RecordWithdrawal", request),
                Refused());
    EXPECT_THAT(Invoke(region_.mother, true), Refused());
    EXPECT_THAT(Invoke(region_.stranger, true), Refused());
  });
  EXPECT_THAT(records, SizeIs(4));
}

TEST_F(ConsentRegionTest, R15AGroundOpensAtOnceAndEndsAtOnce) {
  region_.Withdraw(region_.SeatTheNurse(), region_.mother).IgnoreError();
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
  ASSERT_OK_AND_ASSIGN(const consent::v1::Ground g, Invoke(region_.ib, true));
  EXPECT_EQ(Reads(region_.nurse), 1);
  EXPECT_EQ(Grounds(region_.mother), 1);
  EXPECT_THAT(Log(region_.mother, absl::StrCat("families/", region_.family)),
              Contains(HasSubstr("een andere wettelijke grond")));
  consent::v1::EndGroundRequest end;
  end.set_name(g.name());
  EXPECT_THAT(Call<consent::v1::Ground>(region_.nurse, "EndGround", end),
              Fails(StatusCode::kFailedPrecondition, "R15_NOT_YOURS_TO_END"));
  ASSERT_OK(Call<consent::v1::Ground>(region_.ib, "EndGround", end));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
}

TEST_F(ConsentRegionTest, R18NothingTellsTheFamilyOfAGroundItWasNotToldOf) {
  region_.Withdraw(region_.SeatTheNurse(), region_.mother).IgnoreError();
  ASSERT_OK_AND_ASSIGN(const consent::v1::Ground g, Invoke(region_.ib, false));
  EXPECT_EQ(Reads(region_.nurse), 1);
  consent::v1::InvokeGroundRequest again = Ground(false);
  again.mutable_ground()->set_type("gewoon");
  EXPECT_THAT(Call<consent::v1::Ground>(region_.ib, "InvokeGround", again),
              Fails(StatusCode::kInvalidArgument, "R15_UNKNOWN_TYPE"));
  const std::string family = absl::StrCat("families/", region_.family);
  const std::string subject = absl::StrCat("subjects/", region_.audit_subject);
  for (const Caller& who : {region_.mother, region_.father}) {
    EXPECT_EQ(Grounds(who), 0);
    EXPECT_THAT(
        Log(who, family),
        Each(Not(::testing::AnyOf(HasSubstr("andere wettelijke grond"), HasSubstr("beroep op")))));
  }
  EXPECT_THAT(Log(region_.auditor, subject), Contains(HasSubstr("een beroep op")))
      << "the privacy officer sees it";
  EXPECT_EQ(Grounds(region_.stranger), 1) << "the reviewer, who has no seat";
  consent::v1::ReviewGroundRequest review;
  review.set_name(g.name());
  review.set_upheld(true);
  review.set_outcome("Nodig en niet meer dan dat.");
  EXPECT_THAT(Call<consent::v1::Ground>(region_.consultant, "ReviewGround", review), Refused());
  ASSERT_OK(Call<consent::v1::Ground>(region_.stranger, "ReviewGround", review));
  EXPECT_EQ(Grounds(region_.mother), 1);
  EXPECT_THAT(Log(region_.mother, family), Contains(HasSubstr("een andere wettelijke grond")))
      << "who read on it, too";
  EXPECT_EQ(Reads(region_.nurse), 1);
}

TEST_F(ConsentRegionTest, R15AGroundThatNobodyReviewedStopsByItself) {
  region_.Withdraw(region_.SeatTheNurse(), region_.mother).IgnoreError();
  ASSERT_OK(Invoke(region_.ib, false));
  EXPECT_EQ(Reads(region_.nurse), 1);
  region_.clock().Advance(absl::Hours(24 * 16));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
