// What a youth of 12 to 15 tells in confidence (R18, R38): by every door that a parent has.
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";
constexpr char kRecords[] = "audit.v1.AuditService/ListRecords";
constexpr char kTold[] = "Rookt soms, en wil dat thuis niet zeggen.";

using access::v1::FAMILY_ROLE_CHILD;

class ConfidenceAttackTest : public AttackTest {
 protected:
  // A youth with a mother who has gezag; the school nurse at the table by their consent, who
  // writes down what the youth tells her.
  void OpenWith(int youth_days) {
    opened_ = OpenFamily(
        colleague_,
        {{.key = "youth", .age_days = youth_days, .role = FAMILY_ROLE_CHILD, .case_child = true},
         {.key = "mum", .age_days = 14'000, .gezag_over = {"youth"}}});
    consent::v1::ProposeConsentRequest proposal = Proposal("organisations/jgz");
    proposal.set_parent(Opened());
    proposal.mutable_consent()->mutable_about()->clear_persons();
    proposal.mutable_consent()->mutable_about()->add_persons(PersonId(opened_, "youth"));
    const std::string consent =
        Do<consent::v1::Consent>(colleague_, absl::StrCat(kConsent, "ProposeConsent"), proposal)
            .name();
    Do<consent::v1::Consent>(Account("mum"), absl::StrCat(kConsent, "SignConsent"),
                             Signature(consent));
    if (youth_days > 12 * 366) {
      Do<consent::v1::Consent>(Account("youth"), absl::StrCat(kConsent, "SignConsent"),
                               Signature(consent));
    }
    casework::v1::InviteParticipantRequest invite;
    invite.set_parent(opened_.name());
    invite.set_professional(region_.nurse.claims.subject());
    invite.set_organisation("organisations/jgz");
    invite.set_function(common::v1::FUNCTION_JGZ_NURSE);
    invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    Do<casework::v1::Participant>(colleague_, absl::StrCat(kCasework, "InviteParticipant"), invite);
    casework::v1::JoinCaseRequest join;
    join.set_name(opened_.name());
    Do<casework::v1::Participant>(region_.nurse, absl::StrCat(kCasework, "JoinCase"), join);
    Do<casework::v1::Contribution>(region_.nurse, absl::StrCat(kCasework, "AddContribution"),
                                   Health(kTold));
  }
  std::string Opened() const { return opened_.name().substr(0, opened_.name().find("/cases/")); }
  casework::v1::AddContributionRequest Health(const std::string& text) const {
    casework::v1::AddContributionRequest note;
    note.set_parent(opened_.name());
    note.mutable_contribution()->set_text(text);
    common::v1::Label& label = *note.mutable_contribution()->mutable_label();
    label.mutable_about()->add_persons(PersonId(opened_, "youth"));
    label.set_compartment(common::v1::COMPARTMENT_HEALTH);
    label.set_regime(common::v1::REGIME_HEALTH);
    return note;
  }
  bool Reads(const Caller& who) {
    const auto seen = region_.GetCase(who, opened_.name());
    EXPECT_OK(seen);
    return seen.ok() && absl::StrContains(seen->SerializeAsString(), kTold);
  }
  // What the nurse did, in the log of `who`: method and compartments.
  std::vector<std::string> NursesRecords(const Caller& who) {
    integration::Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)),
                         "ship");
    audit::v1::ListRecordsRequest request;
    request.set_parent(Opened());
    request.set_page_size(200);
    const auto list = Do<audit::v1::ListRecordsResponse>(who, kRecords, request);
    std::vector<std::string> out;
    for (const audit::v1::Record& r : list.records()) {
      if (r.who().actor() != region_.nurse.claims.subject()) continue;
      const std::string method = r.who().method().substr(r.who().method().rfind('/') + 1);
      out.push_back(absl::StrCat(method, " ", absl::StrJoin(r.about().compartments(), ",")));
    }
    return out;
  }

  casework::v1::Case opened_;
};

// Not refused: a case without it, for the parent; the youth and the nurse read it.
TEST_F(ConfidenceAttackTest, A171R18ParentLooksForWhatAYouthOfThirteenToldTheNurse) {
  OpenWith(13 * 366);
  EXPECT_FALSE(Reads(Account("mum")));
  EXPECT_TRUE(Reads(Account("youth")));
  EXPECT_TRUE(Reads(region_.nurse));
  EXPECT_FALSE(Reads(colleague_)) << "no consent shares HEALTH with the school";
}

// Not refused: a log without it. That the nurse wrote something down there is told to the youth.
TEST_F(ConfidenceAttackTest, A172R18ParentLooksInTheLogForWhatAYouthToldTheNurse) {
  OpenWith(13 * 366);
  ASSERT_TRUE(Reads(region_.nurse));
  const std::string wrote =
      absl::StrCat("AddContribution ", static_cast<int>(common::v1::COMPARTMENT_HEALTH));
  EXPECT_THAT(NursesRecords(Account("youth")), ::testing::Contains(wrote));
  const std::vector<std::string> hers = NursesRecords(Account("mum"));
  EXPECT_THAT(hers, ::testing::Not(::testing::Contains(::testing::HasSubstr("AddContribution"))));
  for (const std::string& record : hers) {
    EXPECT_FALSE(
        absl::StrContains(record, absl::StrCat(static_cast<int>(common::v1::COMPARTMENT_HEALTH))))
        << record;
  }
}

TEST_F(ConfidenceAttackTest, A173R18ParentWritesWhereAYouthReadsAlone) {
  OpenWith(13 * 366);
  Attack(Account("mum"), absl::StrCat(kCasework, "AddContribution"), Health("Wat zei je daar?"),
         RefusedBy("label-not-covered"));
}

// A parent who read along until the twelfth birthday: that night it ends, by itself.
TEST_F(ConfidenceAttackTest, A174R18ParentReadsOnAfterTheTwelfthBirthday) {
  OpenWith(12 * 365 - 10);
  EXPECT_TRUE(Reads(Account("mum")));
  EXPECT_FALSE(NursesRecords(Account("mum")).empty());
  region_.clock().Advance(absl::Hours(24 * 20));
  EXPECT_FALSE(Reads(Account("mum")));
  EXPECT_TRUE(Reads(Account("youth")));
}

}  // namespace
}  // namespace knooppunt::attacks
