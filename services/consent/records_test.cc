// What staff record for somebody who is not logged in (R12, R13, R17), over a real database and
// the real engine.

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"
#include "services/consent/rules.h"
#include "services/dossier/testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kWording[] = "Wij mogen delen wat nodig is om Sem te helpen.";

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class ConsentRecordsTest : public ::testing::Test {
 protected:
  ConsentRecordsTest() {
    j.Open();
    name_ = j.Propose(
        {.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  }
  v1::RecordSignatureRequest Paper(const std::string& person) const {
    v1::RecordSignatureRequest req;
    req.set_name(name_);
    req.set_person(person);
    req.set_state(access::v1::SIGNATURE_STATE_GIVEN);
    req.set_how(access::v1::RECORDED_HOW_ON_PAPER);
    req.set_wording_sha256(WordingHash(kWording));
    req.set_scan("%PDF-1.7 een handtekening");
    req.set_identified_by("paspoort gezien");
    return req;
  }
  absl::StatusOr<v1::Consent> Record(const Caller& who, const v1::RecordSignatureRequest& req) {
    return j.office.Consent<v1::Consent>("RecordSignature", who, req);
  }
  std::string Refused(const std::function<void(v1::RecordSignatureRequest*)>& change) {
    v1::RecordSignatureRequest req = Paper(j.mother_id);
    change(&req);
    return Reason(Record(j.ib, req));
  }
  v1::Consent Listed(const Caller& who) {
    v1::ListConsentsRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    const auto list = j.office.Consent<v1::ListConsentsResponse>("ListConsents", who, req);
    EXPECT_OK(list);
    return list.ok() && list->consents_size() == 1 ? list->consents(0) : v1::Consent();
  }

  Journey j;
  std::string name_;
};

TEST_F(ConsentRecordsTest, R12SignaturesOnPaperCountAndTheFamilySeesWhoRecordedThem) {
  ASSERT_OK(Record(j.ib, Paper(j.mother_id)));
  ASSERT_OK(j.Sign(name_, j.father));
  const v1::Consent seen = Listed(j.father);
  EXPECT_TRUE(seen.in_force());
  ASSERT_THAT(seen.signatures(), SizeIs(2));
  EXPECT_EQ(seen.signatures(0).person(), j.mother_id);
  EXPECT_EQ(seen.signatures(0).recorded_by(), "professionals/ib");
  EXPECT_EQ(seen.signatures(0).how(), access::v1::RECORDED_HOW_ON_PAPER);
  EXPECT_EQ(seen.signatures(0).evidence_sha256(),
            crypto::HexEncode(crypto::Sha256("%PDF-1.7 een handtekening")));
  EXPECT_EQ(seen.signatures(1).recorded_by(), "") << "logged in";
}

TEST_F(ConsentRecordsTest, R12InPersonNeedsNoPaperAndARefusalIsARecordOfItsOwn) {
  v1::RecordSignatureRequest req = Paper(j.mother_id);
  req.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  req.clear_scan();
  req.set_state(access::v1::SIGNATURE_STATE_REFUSED);
  ASSERT_OK(Record(j.ib, req));
  EXPECT_EQ(Listed(j.mother).signatures(0).state(), access::v1::SIGNATURE_STATE_REFUSED);
}

TEST_F(ConsentRecordsTest, R12WhatIsLackingIsSaidAndNothingIsRecorded) {
  EXPECT_EQ(Refused([](auto* r) { r->clear_scan(); }), "R12_SCAN_NEEDED");
  EXPECT_EQ(Refused([](auto* r) { r->set_scan("GIF89a"); }), "R12_SCAN_UNFIT");
  EXPECT_EQ(Refused([](auto* r) { r->mutable_scan()->append(kMaxScanBytes, 'x'); }),
            "R12_SCAN_UNFIT");
  EXPECT_EQ(Refused([](auto* r) { r->set_how(access::v1::RECORDED_HOW_IN_PERSON); }),
            "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* r) { r->set_how(access::v1::RECORDED_HOW_ONLINE); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* r) { r->set_state(access::v1::SIGNATURE_STATE_WITHDRAWN); }),
            "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* r) { r->clear_identified_by(); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* r) { r->clear_person(); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* r) { r->set_wording_sha256(WordingHash("Iets anders.")); }),
            "R12_WORDING_DIFFERS");
  EXPECT_THAT(Listed(j.mother).signatures(), IsEmpty());
}

TEST_F(ConsentRecordsTest, R11OnlyForWhoMaySignIt) {
  EXPECT_EQ(Reason(Record(j.ib, Paper(j.sibling))), "R11_NOT_YOURS_TO_SIGN");
  v1::RecordSignatureRequest req = Paper("");
  req.set_organisation("organisations/jgz");
  EXPECT_EQ(Reason(Record(j.ib, req)), "R11_NOT_YOURS_TO_SIGN");
}

TEST_F(ConsentRecordsTest, R17NobodyRecordsForTheirOwnOrganisationOrFamily) {
  v1::RecordSignatureRequest req = Paper("");
  req.set_organisation("organisations/mosalira");
  EXPECT_EQ(Reason(Record(j.ib, req)), "R17_NOT_FOR_YOURSELF");
  j.office.professional("professionals/ib").add_own_accounts("accounts/mother");
  EXPECT_THAT(Record(j.ib, Paper(j.mother_id)),
              StatusIs(StatusCode::kPermissionDenied, "own-family"));
}

TEST_F(ConsentRecordsTest, R17OnlyTheWerkplaatsAndTheRegisseurRecord) {
  ASSERT_OK(j.Sign(name_, j.mother));
  ASSERT_OK(j.Sign(name_, j.father));
  j.Seat(j.nurse);
  EXPECT_THAT(Record(j.nurse, Paper(j.mother_id)),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Record(j.mother, Paper(j.mother_id)), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(ConsentRecordsTest, R13AWithdrawalIsRecordedAsEasilyAndAtOnce) {
  ASSERT_OK(j.Sign(name_, j.mother));
  ASSERT_OK(j.Sign(name_, j.father));
  v1::RecordWithdrawalRequest req;
  req.set_name(name_);
  req.set_person(j.father_id);
  EXPECT_EQ(Reason(j.office.Consent<v1::Consent>("RecordWithdrawal", j.ib, req)), "INVALID_FIELD");
  req.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  ASSERT_OK(j.office.Consent<v1::Consent>("RecordWithdrawal", j.ib, req));
  const v1::Consent seen = Listed(j.father);
  EXPECT_FALSE(seen.in_force());
  ASSERT_THAT(seen.signatures(), SizeIs(3));
  EXPECT_EQ(seen.signatures(2).state(), access::v1::SIGNATURE_STATE_WITHDRAWN);
  EXPECT_EQ(seen.signatures(2).recorded_by(), "professionals/ib");
  EXPECT_EQ(Reason(j.office.Consent<v1::Consent>("RecordWithdrawal", j.ib, req)),
            "R13_ALREADY_WITHDRAWN");
  req.set_person(j.sibling);
  EXPECT_EQ(Reason(j.office.Consent<v1::Consent>("RecordWithdrawal", j.ib, req)),
            "R13_NOT_YOURS_TO_WITHDRAW");
}

// What was agreed goes on to hold when a case is closed, so it can be withdrawn there too.
TEST_F(ConsentRecordsTest, R13AWithdrawalIsRecordedInAClosedCaseToo) {
  ASSERT_OK(j.Sign(name_, j.mother));
  ASSERT_OK(j.Sign(name_, j.father));
  casework::v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("De vraag is beantwoord.");
  close.set_kind(casework::v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<casework::v1::Case>("CloseCase", j.ib, close));
  EXPECT_TRUE(Listed(j.ib).in_force());
  v1::RecordWithdrawalRequest req;
  req.set_name(name_);
  req.set_person(j.father_id);
  req.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  ASSERT_OK(j.office.Consent<v1::Consent>("RecordWithdrawal", j.ib, req));
  EXPECT_FALSE(Listed(j.ib).in_force());
}

TEST_F(ConsentRecordsTest, R13APartCanBeRecordedToo) {
  ASSERT_OK(j.Sign(name_, j.mother));
  v1::RecordWithdrawalRequest req;
  req.set_name(name_);
  req.set_person(j.father_id);
  req.set_how(access::v1::RECORDED_HOW_ASSISTED);
  req.add_purposes(common::v1::PURPOSE_COORDINATION);
  ASSERT_OK(j.office.Consent<v1::Consent>("RecordWithdrawal", j.ib, req));
  const access::v1::Narrowing& n = j.office.facts(j.family).consents(0).narrowings(0);
  EXPECT_EQ(n.person(), j.father_id);
  EXPECT_EQ(n.recorded_by(), "professionals/ib");
  EXPECT_EQ(n.how(), access::v1::RECORDED_HOW_ASSISTED);
}

TEST_F(ConsentRecordsTest, R38TheRecordIsLabelledAboutWhoDecided) {
  ASSERT_OK(Record(j.ib, Paper(j.mother_id)));
  EXPECT_EQ(j.office.touched().persons, std::vector<std::string>{j.mother_id});
  EXPECT_FALSE(j.office.touched().family);
}

TEST(ConsentScan, R12TheTypeIsThatOfTheContent) {
  EXPECT_TRUE(LooksLikeScan("%PDF-1.4"));
  EXPECT_TRUE(LooksLikeScan("\x89PNG\r\n\x1a\n...."));
  EXPECT_TRUE(LooksLikeScan("\xff\xd8\xff\xe0"));
  EXPECT_FALSE(LooksLikeScan(""));
  EXPECT_FALSE(LooksLikeScan("\x89PNG"));
  EXPECT_FALSE(LooksLikeScan("<html>%PDF-"));
}

}  // namespace
}  // namespace knooppunt::consent
