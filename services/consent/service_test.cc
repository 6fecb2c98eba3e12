// ConsentService over a real database, decided by the real engine and policy.

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/consent/rules.h"
#include "services/dossier/testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kWording[] = "Wij mogen delen wat nodig is om Sem te helpen.";

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class ConsentServiceTest : public ::testing::Test {
 protected:
  ConsentServiceTest() { j.Open(); }

  Journey::Sharing WithJgz() const {
    return {.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}};
  }
  v1::ProposeConsentRequest Proposal() const {
    v1::ProposeConsentRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    v1::Consent& c = *req.mutable_consent();
    c.mutable_about()->add_persons(j.child);
    c.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c.add_purposes(common::v1::PURPOSE_COORDINATION);
    c.set_recipient("organisations/jgz");
    c.set_start_date("2026-11-23");
    c.set_end_date("2027-07-31");
    c.set_wording(kWording);
    return req;
  }
  absl::StatusOr<v1::Consent> Propose(const v1::ProposeConsentRequest& req) {
    return j.office.Consent<v1::Consent>("ProposeConsent", j.ib, req);
  }
  absl::StatusOr<v1::Consent> Withdraw(const std::string& name, const Caller& who) {
    v1::WithdrawConsentRequest req;
    req.set_name(name);
    return j.office.Consent<v1::Consent>("WithdrawConsent", who, req);
  }
  std::vector<v1::Consent> List(const Caller& who) {
    v1::ListConsentsRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    const auto list = j.office.Consent<v1::ListConsentsResponse>("ListConsents", who, req);
    EXPECT_OK(list);
    if (!list.ok()) return {};
    return {list->consents().begin(), list->consents().end()};
  }
  absl::Status Read(const Caller& who) {
    casework::v1::GetCaseRequest req;
    req.set_name(j.case_name);
    return j.office.Casework<casework::v1::Case>("GetCase", who, req).status();
  }

  Journey j;
};

TEST_F(ConsentServiceTest, R12AProposalNamesEverythingAndOpensNothing) {
  ASSERT_OK_AND_ASSIGN(const v1::Consent proposed, Propose(Proposal()));
  EXPECT_FALSE(proposed.in_force());
  EXPECT_THAT(proposed.signatures(), IsEmpty());
  EXPECT_EQ(proposed.wording(), kWording);
  const access::v1::ConsentFact& fact = j.office.facts(j.family).consents(0);
  EXPECT_EQ(proposed.name(), absl::StrCat("families/", j.family, "/consents/", fact.id()));
  EXPECT_EQ(fact.wording_sha256(), WordingHash(kWording));
  j.Invite(j.nurse);
  EXPECT_THAT(Read(j.nurse), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(ConsentServiceTest, R12NothingBroaderThanNamed) {
  const auto broken = [&](const std::function<void(v1::Consent*)>& change) {
    v1::ProposeConsentRequest req = Proposal();
    change(req.mutable_consent());
    return Reason(Propose(req));
  };
  EXPECT_EQ(broken([](auto* c) { c->clear_about(); }), "R12_EMPTY_MEANS_NOTHING");
  EXPECT_EQ(broken([](auto* c) { c->clear_compartments(); }), "R12_EMPTY_MEANS_NOTHING");
  EXPECT_EQ(broken([](auto* c) { c->clear_purposes(); }), "R12_EMPTY_MEANS_NOTHING");
  EXPECT_EQ(broken([](auto* c) { c->set_purposes(0, common::v1::PURPOSE_AUDIT); }),
            "R12_PURPOSE_NOT_FOR_SHARING");
  EXPECT_EQ(broken([](auto* c) { c->add_compartments(static_cast<common::v1::Compartment>(42)); }),
            "INVALID_FIELD");
  EXPECT_EQ(broken([](auto* c) { c->set_recipient("organisations/nobody"); }),
            "R12_UNKNOWN_RECIPIENT");
  EXPECT_EQ(broken([](auto* c) { c->set_recipient("professionals/nurse"); }), "INVALID_FIELD");
  EXPECT_EQ(broken([](auto* c) { c->clear_end_date(); }), "R12_END_DATE_REQUIRED");
  EXPECT_EQ(broken([](auto* c) { c->set_end_date("2026-11-23"); }), "R12_END_DATE_REQUIRED");
  EXPECT_EQ(broken([](auto* c) {
              c->set_start_date("2026-01-01");
              c->set_end_date("2026-11-23");
            }),
            "R14_ALREADY_OVER");
  EXPECT_EQ(broken([](auto* c) { c->clear_wording(); }), "INVALID_FIELD");
  EXPECT_THAT(j.office.facts(j.family).consents(), IsEmpty());
}

TEST_F(ConsentServiceTest, R11BothHoldersOfGezagMustSign) {
  const std::string consent = j.Propose(WithJgz());
  j.Invite(j.nurse);
  ASSERT_OK(j.Sign(consent, j.mother));
  EXPECT_FALSE(List(j.mother)[0].in_force());
  casework::v1::JoinCaseRequest join;
  join.set_name(j.case_name);
  EXPECT_THAT(j.office.Casework<casework::v1::Participant>("JoinCase", j.nurse, join),
              StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  ASSERT_OK(j.Sign(consent, j.father));
  EXPECT_TRUE(List(j.father)[0].in_force());
  EXPECT_OK(j.office.Casework<casework::v1::Participant>("JoinCase", j.nurse, join));
}

TEST_F(ConsentServiceTest, R11EachSignerReadsTheWordingOfAConsentAboutBothParents) {
  Journey::Sharing sharing = WithJgz();
  sharing.about = {j.father_id, j.child, j.mother_id};
  const std::string consent = j.Propose(sharing);
  for (const Caller& who : {j.mother, j.father, j.ib}) {
    const auto list = List(who);
    ASSERT_THAT(list, SizeIs(1));
    EXPECT_EQ(list[0].wording(), kWording);
    EXPECT_THAT(list[0].about().persons(), SizeIs(3));
  }
  ASSERT_OK(j.Sign(consent, j.mother));
  ASSERT_OK(j.Sign(consent, j.father));
  EXPECT_TRUE(List(j.mother)[0].in_force());
}

TEST_F(ConsentServiceTest, R18AConsentAboutOneParentIsNotTheOthers) {
  Journey::Sharing sharing = WithJgz();
  sharing.about = {j.father_id};
  const std::string consent = j.Propose(sharing);
  EXPECT_THAT(List(j.mother), IsEmpty());
  EXPECT_THAT(List(j.father), SizeIs(1));
  const absl::Status hidden = j.Sign(consent, j.mother);
  const absl::Status missing =
      j.Sign(absl::StrCat("families/", j.family, "/consents/nope"), j.mother);
  EXPECT_THAT(hidden, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(hidden, missing);
  EXPECT_OK(j.Sign(consent, j.father));
}

TEST_F(ConsentServiceTest, R12WhatIsSignedIsWhatWasShown) {
  v1::SignConsentRequest req;
  req.set_name(j.Propose(WithJgz()));
  req.set_wording_sha256(WordingHash("Iets anders."));
  const auto refused = j.office.Consent<v1::Consent>("SignConsent", j.mother, req);
  EXPECT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition, _));
  EXPECT_EQ(Reason(refused), "R12_WORDING_DIFFERS");
  EXPECT_THAT(List(j.mother)[0].signatures(), IsEmpty());
}

TEST_F(ConsentServiceTest, R11ARefusalIsARecordOfItsOwn) {
  const std::string consent = j.Propose(WithJgz());
  ASSERT_OK(j.Sign(consent, j.mother));
  v1::SignConsentRequest req;
  req.set_name(consent);
  req.set_wording_sha256(WordingHash(kWording));
  req.set_refuse(true);
  ASSERT_OK_AND_ASSIGN(const v1::Consent refused,
                       j.office.Consent<v1::Consent>("SignConsent", j.father, req));
  ASSERT_THAT(refused.signatures(), SizeIs(2));
  EXPECT_EQ(refused.signatures(1).state(), access::v1::SIGNATURE_STATE_REFUSED);
  EXPECT_EQ(refused.signatures(1).person(), j.father_id);
  EXPECT_FALSE(List(j.mother)[0].in_force());
  // The newest counts.
  ASSERT_OK(j.Sign(consent, j.father));
  EXPECT_TRUE(List(j.mother)[0].in_force());
}

TEST_F(ConsentServiceTest, R12EverySignatureSaysWhoRecordedItAndHow) {
  const std::string consent = j.Propose(WithJgz());
  ASSERT_OK(j.Sign(consent, j.mother));
  const access::v1::Signature& s = j.office.facts(j.family).consents(0).signatures(0);
  EXPECT_EQ(s.recorded_by(), "accounts/mother");
  EXPECT_EQ(s.how(), access::v1::RECORDED_HOW_ONLINE);
  EXPECT_EQ(s.time(), absl::ToUnixSeconds(j.office.clock().Now()));
}

TEST_F(ConsentServiceTest, R13WithdrawalByOneStopsTheNextRead) {
  const std::string consent = j.Share(WithJgz());
  j.Seat(j.nurse);
  ASSERT_OK(Read(j.nurse));
  ASSERT_OK_AND_ASSIGN(const v1::Consent withdrawn, Withdraw(consent, j.mother));
  EXPECT_FALSE(withdrawn.in_force());
  EXPECT_THAT(Read(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  EXPECT_FALSE(List(j.father)[0].in_force());
  EXPECT_EQ(Reason(Withdraw(consent, j.mother)), "R13_ALREADY_WITHDRAWN");
}

TEST_F(ConsentServiceTest, R13AHolderOfGezagWithdrawsWithoutHavingSigned) {
  const std::string consent = j.Propose(WithJgz());
  ASSERT_OK(j.Sign(consent, j.mother));
  EXPECT_OK(Withdraw(consent, j.father));
}

TEST_F(ConsentServiceTest, R13StaffDoNotSignOrWithdraw) {
  const std::string consent = j.Share(WithJgz());
  EXPECT_THAT(j.Sign(consent, j.ib), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(Withdraw(consent, j.ib), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(ConsentServiceTest, R14ConsentEndsOnItsEndDateAndCannotBeSignedThen) {
  Journey::Sharing sharing = WithJgz();
  sharing.until = "2027-02-01";
  j.Share(sharing);
  const std::string unsigned_consent = j.Propose(sharing);
  j.Seat(j.nurse);
  j.office.clock().Set(base::StartOf(base::Date(2027, 2, 1)) - absl::Seconds(1));
  EXPECT_OK(Read(j.nurse));
  j.office.clock().Set(base::StartOf(base::Date(2027, 2, 1)));
  EXPECT_THAT(Read(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  EXPECT_EQ(base::ReasonOf(j.Sign(unsigned_consent, j.mother)), "R14_ALREADY_OVER");
}

TEST_F(ConsentServiceTest, R14OnTheTwelfthBirthdayTheYouthMustSignToo) {
  j.Share(WithJgz());
  j.Seat(j.nurse);
  j.office.clock().Set(base::StartOf(base::Date(2027, 3, 14)) - absl::Seconds(1));
  EXPECT_OK(Read(j.nurse));
  j.office.clock().Set(base::StartOf(base::Date(2027, 3, 14)));
  EXPECT_THAT(Read(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
}

TEST_F(ConsentServiceTest, R18StaffSeeTheirOwnAndTheWerkplaatsAndRegisseurSeeAll) {
  j.Activate();  // consents for jgz and for the municipality
  EXPECT_THAT(List(j.ib), SizeIs(2));
  EXPECT_THAT(List(j.consultant), SizeIs(2));  // the regisseur
  const auto stand_in = List(j.nurse);
  EXPECT_THAT(stand_in, SizeIs(2));  // may have to lead at any moment
  casework::v1::AppointRegisseurRequest req;
  req.set_name(j.case_name);
  req.set_seat(j.SeatOf(j.ib));
  req.set_stand_in_seat(j.SeatOf(j.consultant));
  ASSERT_OK(j.office.Casework<casework::v1::Regisseur>("AppointRegisseur", j.ib, req));
  const auto own = List(j.nurse);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].recipient(), "organisations/jgz");
}

}  // namespace
}  // namespace knooppunt::consent
