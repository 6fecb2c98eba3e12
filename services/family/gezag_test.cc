// Gezag with periods: who gets a say, who loses it, and from which call on (R11, P3).
#include "services/dossier/rules.h"
#include "services/family/service_testing.h"

namespace knooppunt::family {
namespace {

using ::absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

class GezagTest : public FamilyServiceTest {
 protected:
  v1::RecordGezagRequest Guardianship() {
    v1::RecordGezagRequest req;
    req.set_parent(FamilyName());
    v1::Gezag& g = *req.mutable_gezag();
    g.set_holder_organisation("organisations/jgz");
    g.set_over(Name(j.child));
    g.set_start_date("2026-10-01");
    g.set_basis(v1::GEZAG_BASIS_COURT_ORDER);
    g.set_reference("ECLI:NL:RBLIM:2026:0002");
    *g.mutable_label() = About({j.child});
    return req;
  }
  absl::StatusOr<v1::Gezag> Record(const Caller& who, const v1::RecordGezagRequest& req) {
    return Call<v1::Gezag>("RecordGezag", who, req);
  }
};

TEST_F(GezagTest, P3AParentWhoseGezagEndsSeesNothingOfTheChildFromTheNextCall) {
  EXPECT_THAT(GivenNames(j.father), Contains("Sem"));
  ASSERT_OK_AND_ASSIGN(const v1::Gezag ended, EndGezag(j.ib, End(j.father_id, "2026-09-01")));
  EXPECT_EQ(ended.end_date(), "2026-09-01") << "a court can decide back in time";
  EXPECT_EQ(ended.end_reference(), "ECLI:NL:RBLIM:2026:0001");
  // He still has gezag over the sister, but the case is not about her.
  EXPECT_THAT(List(j.father), StatusIs(StatusCode::kPermissionDenied, "no-gezag"));
  EXPECT_THAT(j.SeatOf(j.father), "") << "and he leaves the table";
  EXPECT_OK(dossier::CheckInvariants(j.office.facts(j.family)));
  EXPECT_THAT(GivenNames(j.mother), Contains("Sem"));
}

TEST_F(GezagTest, R11AnEndToComeHoldsUntilItsDay) {
  ASSERT_OK(EndGezag(j.ib, End(j.father_id, "2026-11-25")).status());
  EXPECT_THAT(GivenNames(j.father), Contains("Sem"));
  j.office.clock().Advance(absl::Hours(48));
  EXPECT_THAT(List(j.father), StatusIs(StatusCode::kPermissionDenied, "no-gezag"))
      << "without any further act";
}

TEST_F(GezagTest, R11HistoryStaysAndReferencesAreForWhoMay) {
  ASSERT_OK(EndGezag(j.ib, End(j.father_id, "2026-09-01")).status());
  const auto all = Gezag(j.ib);
  EXPECT_THAT(all.gezag(), SizeIs(4));
  const auto seen = Gezag(j.mother);
  EXPECT_THAT(seen.gezag(), SizeIs(2)) << "her own; the father is not hers to see (R18)";
  for (const v1::Gezag& g : seen.gezag()) EXPECT_EQ(g.holder_person(), Name(j.mother_id));
  const auto ended = std::find_if(all.gezag().begin(), all.gezag().end(),
                                  [](const v1::Gezag& g) { return !g.end_date().empty(); });
  ASSERT_NE(ended, all.gezag().end());
  EXPECT_EQ(ended->end_basis(), v1::GEZAG_BASIS_COURT_ORDER);
  EXPECT_EQ(ended->end_reference(), "ECLI:NL:RBLIM:2026:0001");
  EXPECT_EQ(Reason(EndGezag(j.ib, End(j.father_id, "2026-08-01"))), "GEZAG_ENDED");
}

TEST_F(GezagTest, R11AnInstitutionGetsGezagAndMustSignFromThenOn) {
  ASSERT_OK_AND_ASSIGN(const v1::Gezag made, Record(j.ib, Guardianship()));
  EXPECT_EQ(made.holder_organisation(), "organisations/jgz");
  EXPECT_EQ(made.reference(), "ECLI:NL:RBLIM:2026:0002");
  // A consent both parents sign is not whole any more: the guardian must sign too.
  j.Share({.recipient = "organisations/maastricht",
           .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(j.case_name);
  invite.set_professional("professionals/consultant");
  invite.set_organisation("organisations/maastricht");
  invite.set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  ASSERT_OK(
      j.office.Casework<casework::v1::Participant>("InviteParticipant", j.ib, invite).status());
  casework::v1::JoinCaseRequest join;
  join.set_name(j.case_name);
  EXPECT_THAT(j.office.Casework<casework::v1::Participant>("JoinCase", j.consultant, join),
              StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  EXPECT_EQ(Reason(Record(j.ib, Guardianship())), "R11_HOLDS_ALREADY");
}

TEST_F(GezagTest, R38AReferenceIsAboutTheChildAndNobodyElse) {
  v1::RecordGezagRequest req = Guardianship();
  *req.mutable_gezag()->mutable_label() = About({j.mother_id});
  EXPECT_EQ(Reason(Record(j.ib, req)), "INVALID_FIELD");
  req.mutable_gezag()->clear_label();
  EXPECT_EQ(Reason(Record(j.ib, req)), "R38_NO_LABEL");
  req = Guardianship();
  req.mutable_gezag()->set_holder_organisation("organisations/onbekend");
  EXPECT_EQ(Reason(Record(j.ib, req)), "UNKNOWN_ORGANISATION");
}

TEST_F(GezagTest, R18GezagThatIsNotThereAndNotYoursIsOneAnswer) {
  v1::EndGezagRequest none = End(j.father_id, "2026-09-01");
  none.set_name(FamilyName() + "/gezag/g-bestaat-niet");
  EXPECT_THAT(EndGezag(j.ib, none), StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(EndGezag(j.mother, End(j.father_id, "2026-09-01")).status().code(),
            StatusCode::kPermissionDenied)
      << "parents do not end each other's gezag";
}

TEST_F(GezagTest, R1TheRegisseurWhoLosesGezagIsFollowedByTheStandIn) {
  j.Activate();
  casework::v1::AppointRegisseurRequest req;
  req.set_name(j.case_name);
  req.set_seat(j.SeatOf(j.father));
  req.set_stand_in_seat(j.SeatOf(j.nurse));
  ASSERT_OK(j.office.Casework<casework::v1::Regisseur>("AppointRegisseur", j.ib, req).status());
  ASSERT_OK(EndGezag(j.ib, End(j.father_id, "2026-11-23")).status());
  EXPECT_EQ(j.Get(j.ib).regisseur().seat(), j.SeatOf(j.nurse));
}

}  // namespace
}  // namespace knooppunt::family
