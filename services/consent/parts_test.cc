// Withdrawal in part and new wordings (R12, R13), over a real database and the real engine.

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/consent/rules.h"
#include "services/dossier/testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using common::v1::COMPARTMENT_EDUCATION;
using common::v1::COMPARTMENT_HEALTH;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kWording[] = "Wij mogen delen wat nodig is om Sem te helpen.";
constexpr char kBetter[] = "De jeugdverpleegkundige mag meelezen over school.";

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class ConsentPartsTest : public ::testing::Test {
 protected:
  ConsentPartsTest() { j.Open(); }

  // About child and mother, education and health, signed by both parents.
  std::string Share() {
    return j.Share({.recipient = "organisations/jgz",
                    .compartments = {COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH},
                    .about = {j.child, j.mother_id}});
  }
  absl::StatusOr<v1::Consent> Withdraw(const std::string& name, const Caller& who,
                                       const std::function<void(v1::WithdrawConsentRequest*)>& of) {
    v1::WithdrawConsentRequest req;
    req.set_name(name);
    of(&req);
    return j.office.Consent<v1::Consent>("WithdrawConsent", who, req);
  }
  absl::StatusOr<v1::Consent> Revise(const std::string& name, const Caller& who,
                                     const std::string& wording) {
    v1::ReviseConsentRequest req;
    req.set_name(name);
    req.set_wording(wording);
    return j.office.Consent<v1::Consent>("ReviseConsent", who, req);
  }
  absl::StatusOr<v1::Consent> Sign(const std::string& name, const Caller& who,
                                   const std::string& wording) {
    v1::SignConsentRequest req;
    req.set_name(name);
    req.set_wording_sha256(WordingHash(wording));
    return j.office.Consent<v1::Consent>("SignConsent", who, req);
  }
  v1::Consent Listed(const Caller& who) {
    v1::ListConsentsRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    const auto list = j.office.Consent<v1::ListConsentsResponse>("ListConsents", who, req);
    EXPECT_OK(list);
    return list.ok() && list->consents_size() == 1 ? list->consents(0) : v1::Consent();
  }

  Journey j;
};

TEST_F(ConsentPartsTest, R13APartIsWithdrawnByAnyOneAndTheRestGoesOn) {
  const std::string name = Share();
  ASSERT_OK_AND_ASSIGN(const v1::Consent narrowed, Withdraw(name, j.father, [](auto* req) {
                         req->add_compartments(COMPARTMENT_HEALTH);
                       }));
  ASSERT_THAT(narrowed.narrowings(), SizeIs(1));
  EXPECT_EQ(narrowed.narrowings(0).person(), j.father_id);
  EXPECT_THAT(narrowed.narrowings(0).compartments(), ElementsAre(COMPARTMENT_HEALTH));
  EXPECT_TRUE(Listed(j.mother).in_force());
  EXPECT_THAT(Listed(j.mother).signatures(), SizeIs(2)) << "both signatures stand";
  const access::v1::Narrowing& fact = j.office.facts(j.family).consents(0).narrowings(0);
  EXPECT_EQ(fact.how(), access::v1::RECORDED_HOW_ONLINE);
  EXPECT_EQ(fact.recorded_by(), "accounts/father");
}

TEST_F(ConsentPartsTest, R13WhatIsNoPartAndWhatIsGoneAreRefused) {
  const std::string name = Share();
  const auto of_care = [](auto* req) { req->add_compartments(common::v1::COMPARTMENT_CARE); };
  EXPECT_EQ(Reason(Withdraw(name, j.mother, of_care)), "R13_NOT_A_PART");
  EXPECT_EQ(Reason(Withdraw(name, j.mother, [](auto* req) { req->set_family(true); })),
            "R13_NOT_A_PART");
  EXPECT_EQ(Reason(Withdraw(name, j.mother, [&](auto* req) { req->add_persons(j.sibling); })),
            "R13_NOT_A_PART");
  const auto of_health = [](auto* req) { req->add_compartments(COMPARTMENT_HEALTH); };
  ASSERT_OK(Withdraw(name, j.mother, of_health));
  const auto again = Withdraw(name, j.father, of_health);
  EXPECT_THAT(again, StatusIs(StatusCode::kFailedPrecondition, _));
  EXPECT_EQ(Reason(again), "R13_PART_ALREADY_WITHDRAWN");
  EXPECT_THAT(j.office.facts(j.family).consents(0).narrowings(), SizeIs(1));
}

TEST_F(ConsentPartsTest, R13WhenNothingIsLeftItIsNotInForceAndNotSignedAnew) {
  const std::string name = Share();
  ASSERT_OK(Withdraw(name, j.mother, [](auto* req) {
    req->add_compartments(COMPARTMENT_HEALTH);
    req->add_compartments(COMPARTMENT_EDUCATION);
  }));
  EXPECT_FALSE(Listed(j.mother).in_force());
  EXPECT_EQ(Reason(Sign(name, j.mother, kWording)), "R13_NOTHING_LEFT");
  EXPECT_EQ(Reason(Revise(name, j.ib, kBetter)), "R13_NOTHING_LEFT");
  EXPECT_OK(Withdraw(name, j.mother, [](auto*) {})) << "the whole can be withdrawn all the same";
}

TEST_F(ConsentPartsTest, R13SigningAnewDoesNotBringBackAPart) {
  const std::string name = Share();
  ASSERT_OK(Withdraw(name, j.mother, [&](auto* req) { req->add_persons(j.mother_id); }));
  ASSERT_OK(Sign(name, j.mother, kWording));
  EXPECT_THAT(Listed(j.mother).narrowings(), SizeIs(1));
}

TEST_F(ConsentPartsTest, R12ANewWordingAsksForNewSignaturesAndTheOldStayOnRecord) {
  const std::string name = Share();
  ASSERT_OK_AND_ASSIGN(const v1::Consent revised, Revise(name, j.ib, kBetter));
  EXPECT_EQ(revised.wording_revision(), 2);
  EXPECT_EQ(revised.wording(), kBetter);
  const v1::Consent seen = Listed(j.mother);
  EXPECT_FALSE(seen.in_force());
  EXPECT_EQ(seen.wording(), kBetter);
  EXPECT_THAT(seen.earlier_wordings(), ElementsAre(kWording));
  ASSERT_THAT(seen.signatures(), SizeIs(2));
  EXPECT_EQ(seen.signatures(0).wording_revision(), 1);
  EXPECT_EQ(Reason(Sign(name, j.mother, kWording)), "R12_WORDING_DIFFERS");
  ASSERT_OK(Sign(name, j.mother, kBetter));
  EXPECT_FALSE(Listed(j.mother).in_force());
  ASSERT_OK(Sign(name, j.father, kBetter));
  const v1::Consent after = Listed(j.father);
  EXPECT_TRUE(after.in_force());
  ASSERT_THAT(after.signatures(), SizeIs(4));
  EXPECT_EQ(after.signatures(1).wording_revision(), 1);
  EXPECT_EQ(after.signatures(3).wording_revision(), 2);
}

TEST_F(ConsentPartsTest, R12AnEarlierWordingDoesNotComeBack) {
  const std::string name = Share();
  EXPECT_EQ(Reason(Revise(name, j.ib, kWording)), "R12_WORDING_SHOWN_BEFORE");
  ASSERT_OK(Revise(name, j.ib, kBetter));
  EXPECT_EQ(Reason(Revise(name, j.ib, kWording)), "R12_WORDING_SHOWN_BEFORE");
  EXPECT_EQ(Reason(Revise(name, j.ib, "")), "INVALID_FIELD");
  EXPECT_THAT(Revise(name, j.mother, "Iets anders."), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_EQ(j.office.facts(j.family).consents(0).wording_revision(), 2);
}

TEST_F(ConsentPartsTest, R12WhoCannotReplaceEveryCopyReplacesNone) {
  j.Activate();  // the consultant, of the municipality, is regisseur
  const std::string name =
      absl::StrCat("families/", j.family, "/consents/", j.office.facts(j.family).consents(0).id());
  const auto refused = Revise(name, j.consultant, kBetter);
  EXPECT_EQ(Reason(refused), "");  // covered by consent for the municipality: about the child
  EXPECT_EQ(j.office.facts(j.family).consents(0).wording_revision(), 2);
  // Of education they read no more, of the family they do: so they lead still (R1).
  ASSERT_OK(Withdraw(
      absl::StrCat("families/", j.family, "/consents/", j.office.facts(j.family).consents(1).id()),
      j.mother, [](auto* req) { req->add_compartments(common::v1::COMPARTMENT_EDUCATION); }));
  EXPECT_EQ(Reason(Revise(name, j.consultant, "Weer anders.")), "R12_WORDING_NOT_WHOLE");
  EXPECT_EQ(j.office.facts(j.family).consents(0).wording_revision(), 2);
}

}  // namespace
}  // namespace knooppunt::consent
