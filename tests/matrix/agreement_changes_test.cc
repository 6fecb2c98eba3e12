// What is agreed: consents that staff record, grounds, mandates, deputies and what is asked about
// them. Each call that succeeds leaves one record in the unit that serves it (R22).
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "security/crypto/hash.h"
#include "tests/matrix/changes.h"

namespace knooppunt::matrix {
namespace {

class AgreementChangesTest : public Changes {
 protected:
  Caller Employ(const std::string& id, const std::string& organisation,
                common::v1::Function function) {
    Caller who = region_.ib;
    who.claims.set_subject("professionals/" + id);
    who.claims.set_organisation("organisations/" + organisation);
    who.claims.set_function(function);
    directory::v1::CreateProfessionalRequest create;
    create.mutable_professional()->set_name(who.claims.subject());
    create.mutable_professional()->set_display_name(id);
    create.mutable_professional()->set_login("dev|" + id);
    access::v1::FunctionTerm* term = create.mutable_professional()->add_functions();
    term->set_organisation(who.claims.organisation());
    term->set_function(function);
    term->set_start_date(region_.Day(-30));
    Directory<directory::v1::Professional>(region_.admin, "CreateProfessional", create);
    return who;
  }
  access::v1::Mandate Mandate(int64_t cents) const {
    access::v1::Mandate m;
    m.set_organisation("organisations/maastricht");
    m.add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    m.set_limit_cents(cents);
    m.set_start_date(region_.Day(0));
    return m;
  }
  consent::v1::InvokeGroundRequest Ground(const std::string& reviewer) const {
    consent::v1::InvokeGroundRequest invoke;
    invoke.set_parent(family());
    consent::v1::Ground& g = *invoke.mutable_ground();
    g.set_type("meldcode");
    g.mutable_about()->add_persons(region_.child);
    g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_recipient("organisations/maastricht");
    g.set_start_date(region_.Day(0));
    g.set_end_date(region_.Day(30));
    g.set_reason("Zorgen over thuis.");
    g.set_family_told(reviewer.empty());
    if (reviewer.empty()) return invoke;
    g.set_not_told_reason("Dat is nu niet veilig.");
    g.set_reviewer(reviewer);
    g.set_review_date(region_.Day(7));
    return invoke;
  }
  template <typename Request>
  void Access(const Caller& who, const char* method, const Request& request,
              google::protobuf::Message* answer) {
    const std::string name = absl::StrCat("access.v1.AccessService/", method);
    const int64_t before = region_.database("access").position();
    EXPECT_OK(region_.Call(who, name, request, answer)) << name;
    EXPECT_EQ(integration::RecordsAfter(region_, "access", before).size(), 1u) << name;
    done_.insert(name);
  }
};

TEST_F(AgreementChangesTest, R22WhatStaffRecordForSomebodyLeavesOneRecord) {
  const std::string name = region_.Propose("organisations/jgz");
  consent::v1::RecordSignatureRequest sign;
  sign.set_name(name);
  sign.set_person(region_.mother_id);
  sign.set_state(access::v1::SIGNATURE_STATE_GIVEN);
  sign.set_how(access::v1::RECORDED_HOW_ON_PAPER);
  sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(Listed(name).wording())));
  sign.set_scan("%PDF-1.7 een handtekening");
  sign.set_identified_by("paspoort gezien");
  Consent<consent::v1::Consent>(region_.ib, "RecordSignature", sign);
  sign.set_person(region_.father_id);
  sign.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  sign.clear_scan();
  Consent<consent::v1::Consent>(region_.ib, "RecordSignature", sign);
  EXPECT_TRUE(Listed(name).in_force());
  consent::v1::RecordWithdrawalRequest withdraw;
  withdraw.set_name(name);
  withdraw.set_person(region_.father_id);
  withdraw.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  Consent<consent::v1::Consent>(region_.ib, "RecordWithdrawal", withdraw);
  EXPECT_FALSE(Listed(name).in_force());
}

TEST_F(AgreementChangesTest, R22AGroundLeavesOneRecordAtEachTurn) {
  const Caller colleague = Employ("colleague", "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
  const auto told = Consent<consent::v1::Ground>(region_.ib, "InvokeGround", Ground(""));
  Consent<consent::v1::Ground>(region_.ib, "EndGround",
                               Named<consent::v1::EndGroundRequest>(told.name()));
  const auto untold =
      Consent<consent::v1::Ground>(region_.ib, "InvokeGround", Ground(colleague.claims.subject()));
  consent::v1::ReviewGroundRequest review;
  review.set_name(untold.name());
  review.set_upheld(true);
  review.set_outcome("Nodig en niet meer dan dat.");
  Consent<consent::v1::Ground>(colleague, "ReviewGround", review);
  Consent<consent::v1::Ground>(region_.ib, "TellFamily",
                               Named<consent::v1::TellFamilyRequest>(untold.name()));
  const auto listed = Consent<consent::v1::ListGroundsResponse>(
      region_.mother, "ListGrounds", Under<consent::v1::ListGroundsRequest>(family()));
  EXPECT_EQ(listed.grounds_size(), 2);
}

TEST_F(AgreementChangesTest, R22AMandateLeavesOneRecordAtEachTurn) {
  const Caller director = Employ("director", "maastricht", common::v1::FUNCTION_MANDATE_HOLDER)
                              .For(common::v1::PURPOSE_ADMINISTRATION);
  directory::v1::IssueMandateRequest issue;
  issue.set_parent(region_.stranger.claims.subject());
  *issue.mutable_mandate() = Mandate(150'000);
  issue.mutable_mandate()->set_delegable(true);
  const auto issued = Directory<directory::v1::Professional>(director, "IssueMandate", issue);
  ASSERT_EQ(issued.mandates_size(), 1);
  directory::v1::DelegateMandateRequest delegate;
  delegate.set_name(issued.mandates(0).name());
  delegate.set_to(region_.consultant.claims.subject());
  *delegate.mutable_mandate() = Mandate(100'000);
  Directory<directory::v1::Professional>(region_.stranger, "DelegateMandate", delegate);
  Directory<directory::v1::Professional>(
      director, "RevokeMandate",
      Named<directory::v1::RevokeMandateRequest>(issued.mandates(0).name()));
}

TEST_F(AgreementChangesTest, R22AtTheTableEachTurnLeavesOneRecord) {
  region_.SeatTheNurse();
  region_.Share("organisations/maastricht");
  region_.Seat(region_.consultant);
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(region_.case_name);
  appoint.set_seat(SeatOf(region_.consultant));
  appoint.set_stand_in_seat(SeatOf(region_.nurse));
  Casework<casework::v1::Regisseur>(region_.ib, "AppointRegisseur", appoint);
  casework::v1::ArrangeDeputyRequest deputy;
  deputy.set_name(region_.case_name);
  deputy.set_seat(SeatOf(region_.consultant));
  deputy.set_professional(region_.stranger.claims.subject());
  deputy.set_end_date(region_.Day(10));
  const auto seat = Casework<casework::v1::Participant>(region_.ib, "ArrangeDeputy", deputy).seat();
  casework::v1::EndSeatRequest end;
  end.set_name(region_.case_name);
  end.set_seat(seat);
  end.set_reason("Weer terug.");
  Casework<casework::v1::Participant>(region_.ib, "EndSeat", end);
}

TEST_F(AgreementChangesTest, R22WhatIsAskedAboutAccessLeavesOneRecord) {
  const std::string consent = region_.Share("organisations/jgz");
  access::v1::WhoMustAgreeRequest who;
  who.set_parent(family());
  who.mutable_about()->add_persons(region_.child);
  who.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  who.set_recipient("organisations/jgz");
  who.set_purpose(common::v1::PURPOSE_COORDINATION);
  access::v1::WhoMustAgreeResponse must;
  Access(region_.ib, "WhoMustAgree", who, &must);
  EXPECT_EQ(must.signatures_size(), 2);
  access::v1::ListLapsesRequest lapses;
  lapses.set_parent(family());
  lapses.set_days(366);
  access::v1::ListLapsesResponse listed;
  Access(region_.mother, "ListLapses", lapses, &listed);
  EXPECT_EQ(listed.lapses_size(), 1);
  access::v1::ExplainRequest explain;
  explain.set_resource(region_.case_name);
  explain.set_permission("case.read");
  access::v1::ExplainResponse explained;
  Access(region_.ib, "Explain", explain, &explained);
  EXPECT_TRUE(explained.allowed());
}

}  // namespace
}  // namespace knooppunt::matrix
