// Grounds other than consent (R15), over a real database and the real engine.

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/dossier/testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class GroundsTest : public ::testing::Test {
 protected:
  GroundsTest() {
    j.Open();
    // At the table on a consent for health, which covers nothing of the school's.
    j.Share({.recipient = "organisations/maastricht",
             .compartments = {common::v1::COMPARTMENT_FAMILY}});
    j.Seat(j.consultant);
  }
  v1::InvokeGroundRequest Told() const {
    v1::InvokeGroundRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    v1::Ground& g = *req.mutable_ground();
    g.set_type("meldcode");
    g.mutable_about()->add_persons(j.child);
    g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_recipient("organisations/maastricht");
    g.set_start_date("2026-11-23");
    g.set_end_date("2026-12-31");
    g.set_reason("Zorgen over de thuissituatie.");
    g.set_family_told(true);
    return req;
  }
  v1::InvokeGroundRequest Untold(const std::string& reviewer = "professionals/stranger") const {
    v1::InvokeGroundRequest req = Told();
    v1::Ground& g = *req.mutable_ground();
    g.set_family_told(false);
    g.set_not_told_reason("Het kind loopt dan gevaar.");
    g.set_reviewer(reviewer);
    g.set_review_date("2026-12-07");
    return req;
  }
  absl::StatusOr<v1::Ground> Invoke(const Caller& who, const v1::InvokeGroundRequest& req) {
    return j.office.Consent<v1::Ground>("InvokeGround", who, req);
  }
  std::string Refused(const std::function<void(v1::Ground*)>& change, bool told = true) {
    v1::InvokeGroundRequest req = told ? Told() : Untold();
    change(req.mutable_ground());
    return Reason(Invoke(j.ib, req));
  }
  absl::StatusOr<v1::Ground> End(const Caller& who, const std::string& name) {
    v1::EndGroundRequest req;
    req.set_name(name);
    return j.office.Consent<v1::Ground>("EndGround", who, req);
  }
  absl::StatusOr<v1::Ground> Review(const Caller& who, const std::string& name, bool upheld) {
    v1::ReviewGroundRequest req;
    req.set_name(name);
    req.set_upheld(upheld);
    req.set_outcome("Nodig en niet meer dan dat.");
    return j.office.Consent<v1::Ground>("ReviewGround", who, req);
  }
  absl::StatusOr<v1::Ground> Tell(const Caller& who, const std::string& name) {
    v1::TellFamilyRequest req;
    req.set_name(name);
    return j.office.Consent<v1::Ground>("TellFamily", who, req);
  }
  std::vector<v1::Ground> List(const Caller& who) {
    v1::ListGroundsRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    const auto list = j.office.Consent<v1::ListGroundsResponse>("ListGrounds", who, req);
    EXPECT_OK(list);
    if (!list.ok()) return {};
    return {list->grounds().begin(), list->grounds().end()};
  }
  int Read(const Caller& who) { return j.Get(who).contributions_size(); }
  void Note() {
    casework::v1::AddContributionRequest req;
    req.set_parent(j.case_name);
    req.mutable_contribution()->set_text("Komt vaak zonder ontbijt.");
    *req.mutable_contribution()->mutable_label() = j.Education();
    ASSERT_OK(j.office.Casework<casework::v1::Contribution>("AddContribution", j.ib, req));
  }

  Journey j;
};

TEST_F(GroundsTest, R15AGroundOpensWhatItNamesUntilItEnds) {
  Note();
  EXPECT_EQ(Read(j.consultant), 0);
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Told()));
  EXPECT_THAT(g.article(), ::testing::HasSubstr("Jeugdwet")) << "the table's";
  EXPECT_EQ(g.invoked_by(), "professionals/ib");
  EXPECT_TRUE(g.in_force());
  EXPECT_EQ(Read(j.consultant), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Ground ended, End(j.ib, g.name()));
  EXPECT_FALSE(ended.in_force());
  EXPECT_TRUE(ended.has_end_time());
  EXPECT_EQ(Read(j.consultant), 0);
  EXPECT_EQ(Reason(End(j.ib, g.name())), "R15_HAS_ENDED");
}

TEST_F(GroundsTest, R15WhatIsLackingIsSaidAndNothingIsInvoked) {
  EXPECT_EQ(Refused([](auto* g) { g->set_type("gewoon"); }), "R15_UNKNOWN_TYPE");
  EXPECT_EQ(Refused([](auto* g) { g->clear_about(); }), "R15_EMPTY_MEANS_NOTHING");
  EXPECT_EQ(Refused([](auto* g) { g->clear_compartments(); }), "R15_EMPTY_MEANS_NOTHING");
  EXPECT_EQ(Refused([](auto* g) { g->clear_purposes(); }), "R15_EMPTY_MEANS_NOTHING");
  EXPECT_EQ(Refused([](auto* g) { g->add_purposes(common::v1::PURPOSE_AUDIT); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* g) { g->clear_reason(); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* g) { g->clear_recipient(); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* g) { g->set_recipient("organisations/nergens"); }),
            "R15_UNKNOWN_RECIPIENT");
  EXPECT_EQ(Refused([](auto* g) { g->set_recipient("organisations/mosalira"); }),
            "R15_NOT_FOR_YOURSELF");
  EXPECT_EQ(Refused([](auto* g) { g->set_end_date("2027-03-01"); }), "R15_TOO_LONG");
  EXPECT_EQ(Refused([](auto* g) { g->set_end_date("2026-11-23"); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* g) { g->clear_start_date(); }), "INVALID_FIELD");
  EXPECT_THAT(j.office.facts(j.family).grounds(), IsEmpty());
}

TEST_F(GroundsTest, R15WhatTheFamilyIsNotToldNeedsAReasonAndAReviewByAnother) {
  const auto refused = [&](auto change) { return Refused(change, /*told=*/false); };
  EXPECT_EQ(refused([](auto* g) { g->clear_not_told_reason(); }), "R15_REVIEW_NEEDED");
  EXPECT_EQ(refused([](auto* g) { g->clear_reviewer(); }), "R15_REVIEW_NEEDED");
  EXPECT_EQ(refused([](auto* g) { g->clear_review_date(); }), "R15_REVIEW_NEEDED");
  EXPECT_EQ(refused([](auto* g) { g->set_reviewer("professionals/ib"); }),
            "R15_REVIEWER_IS_INVOKER");
  EXPECT_EQ(refused([](auto* g) { g->set_reviewer("professionals/niemand"); }),
            "R15_UNKNOWN_REVIEWER");
  EXPECT_EQ(refused([](auto* g) { g->set_review_date("2027-01-01"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* g) { g->set_review_date("2026-11-22"); }), "INVALID_FIELD");
  EXPECT_EQ(Refused([](auto* g) { g->set_not_told_reason("Toch niet."); }), "INVALID_FIELD");
  const auto with_stranger = [](auto* g) {
    g->set_reviewer("professionals/stranger");
    g->set_review_date("2026-12-07");
  };
  EXPECT_EQ(Refused(with_stranger), "R15_REVIEWER_IS_NO_COLLEAGUE");
  EXPECT_THAT(j.office.facts(j.family).grounds(), IsEmpty());
}

TEST_F(GroundsTest, R15WhoInvokesSitsAtTheTable) {
  EXPECT_THAT(Invoke(j.stranger, Told()), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(Invoke(j.mother, Told()), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(GroundsTest, R18AnUntoldGroundIsInvisibleToTheFamilyUntilItsReview) {
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  EXPECT_THAT(j.office.touched().compartments,
              ::testing::ElementsAre(common::v1::COMPARTMENT_SAFETY));
  EXPECT_THAT(List(j.mother), IsEmpty());
  EXPECT_THAT(List(j.father), IsEmpty());
  ASSERT_THAT(List(j.ib), SizeIs(1));
  EXPECT_EQ(List(j.ib)[0].reason(), "Zorgen over de thuissituatie.");
  ASSERT_OK(Review(j.stranger, g.name(), true));
  const auto seen = List(j.mother);
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_TRUE(seen[0].review().upheld());
  EXPECT_EQ(seen[0].reason(), "") << "that it was, not why: the reason lies in SAFETY";
}

TEST_F(GroundsTest, R18AToldGroundShowsToWhomItIsAboutOnly) {
  v1::InvokeGroundRequest req = Told();
  ASSERT_OK(Invoke(j.ib, req));
  req.mutable_ground()->mutable_about()->clear_persons();
  req.mutable_ground()->mutable_about()->add_persons(j.father_id);
  ASSERT_OK(Invoke(j.ib, req));
  ASSERT_THAT(List(j.mother), SizeIs(1));
  EXPECT_EQ(List(j.mother)[0].reason(), "Zorgen over de thuissituatie.");
  EXPECT_THAT(List(j.father), SizeIs(2));
}

TEST_F(GroundsTest, R15TheReviewerNeedsNoSeatAndSeesOnlyWhatWaits) {
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  ASSERT_OK(Invoke(j.ib, Told()));
  ASSERT_THAT(List(j.stranger), SizeIs(1));
  EXPECT_EQ(List(j.stranger)[0].name(), g.name());
  EXPECT_EQ(List(j.stranger)[0].reason(), "Zorgen over de thuissituatie.");
  EXPECT_EQ(List(j.stranger)[0].not_told_reason(), "Het kind loopt dan gevaar.");
  EXPECT_THAT(Review(j.ib, g.name(), true), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(Review(j.consultant, g.name(), true), StatusIs(StatusCode::kPermissionDenied, _));
  ASSERT_OK_AND_ASSIGN(const v1::Ground reviewed, Review(j.stranger, g.name(), true));
  EXPECT_TRUE(reviewed.in_force());
  EXPECT_EQ(reviewed.review().reviewer(), "professionals/stranger");
  EXPECT_EQ(List(j.ib)[0].review_outcome(), "Nodig en niet meer dan dat.");
  EXPECT_THAT(Review(j.stranger, g.name(), false), StatusIs(StatusCode::kPermissionDenied, _))
      << "done, and no longer the reviewer of anything here";
}

TEST_F(GroundsTest, R15NotUpheldEndsItNow) {
  Note();
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  EXPECT_EQ(Read(j.consultant), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Ground reviewed, Review(j.stranger, g.name(), false));
  EXPECT_FALSE(reviewed.in_force());
  EXPECT_EQ(Read(j.consultant), 0);
}

TEST_F(GroundsTest, R15WithoutItsReviewItStopsTheDayAfter) {
  Note();
  ASSERT_OK(Invoke(j.ib, Untold()));
  j.office.clock().Set(base::StartOf(base::Date(2026, 12, 8)) - absl::Seconds(1));
  EXPECT_EQ(Read(j.consultant), 1);
  j.office.clock().Set(base::StartOf(base::Date(2026, 12, 8)));
  EXPECT_EQ(Read(j.consultant), 0);
  EXPECT_FALSE(List(j.ib)[0].in_force());
}

TEST_F(GroundsTest, R15ToldLaterTheFamilySeesItFromThatInstant) {
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  EXPECT_THAT(List(j.mother), IsEmpty());
  j.office.clock().Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Ground told, Tell(j.ib, g.name()));
  EXPECT_TRUE(told.family_told());
  EXPECT_EQ(told.told_time().seconds(), absl::ToUnixSeconds(j.office.clock().Now()));
  EXPECT_THAT(j.office.touched().persons, ::testing::ElementsAre(j.child));
  EXPECT_THAT(j.office.touched().compartments, IsEmpty()) << "its reason was not read";
  for (const Caller& parent : {j.mother, j.father}) {
    const auto seen = List(parent);
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_TRUE(seen[0].has_told_time());
    EXPECT_EQ(seen[0].reason(), "") << "that it is, not why: the reason lies in SAFETY";
    EXPECT_EQ(seen[0].not_told_reason(), "");
  }
  const access::v1::GroundFact& fact = j.office.facts(j.family).grounds(0);
  EXPECT_EQ(fact.told_by(), "professionals/ib") << "every act names who did it";
  EXPECT_EQ(Reason(Tell(j.ib, g.name())), "R15_FAMILY_KNOWS");
}

TEST_F(GroundsTest, R15TellingDoesNotReplaceTheReview) {
  Note();
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  ASSERT_OK_AND_ASSIGN(const v1::Ground told, Tell(j.ib, g.name()));
  EXPECT_EQ(told.review_date(), "2026-12-07");
  EXPECT_EQ(told.reviewer(), "professionals/stranger");
  EXPECT_THAT(List(j.stranger), SizeIs(1)) << "it waits for its reviewer still";
  j.office.clock().Set(base::StartOf(base::Date(2026, 12, 8)));
  EXPECT_EQ(Read(j.consultant), 0) << "without its review it stops, told or not";
  EXPECT_OK(Review(j.stranger, g.name(), true));
}

TEST_F(GroundsTest, R15WhoInvokedItTheRegisseurAndTheWerkplaatsTellIt) {
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  EXPECT_EQ(Reason(Tell(j.consultant, g.name())), "R15_NOT_YOURS_TO_TELL") << "the recipient";
  EXPECT_THAT(Tell(j.stranger, g.name()), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "the reviewer, who sits at no table";
  EXPECT_THAT(Tell(j.mother, g.name()), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(List(j.mother), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::Ground at_once, Invoke(j.ib, Told()));
  EXPECT_EQ(Reason(Tell(j.ib, at_once.name())), "R15_FAMILY_KNOWS");
}

TEST_F(GroundsTest, R18TellingOfNoSuchGroundAndOfAnothersIsOneAndTheSame) {
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_HEALTH}});
  j.Seat(j.nurse);
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  EXPECT_EQ(Tell(j.nurse, g.name()).status(),
            Tell(j.nurse, absl::StrCat("families/", j.family, "/grounds/nope")).status());
}

TEST_F(GroundsTest, R15TheInvokerTheRegisseurAndTheWerkplaatsEndIt) {
  v1::InvokeGroundRequest req = Told();
  ASSERT_OK_AND_ASSIGN(const v1::Ground first, Invoke(j.ib, req));
  EXPECT_EQ(Reason(End(j.consultant, first.name())), "R15_NOT_YOURS_TO_END") << "the recipient";
  req.mutable_ground()->set_recipient("organisations/mosalira");
  req.mutable_ground()->set_compartments(0, common::v1::COMPARTMENT_FAMILY);
  ASSERT_OK_AND_ASSIGN(const v1::Ground second, Invoke(j.consultant, req));
  EXPECT_OK(End(j.ib, second.name())) << "the werkplaats";
  const auto nope = absl::StrCat("families/", j.family, "/grounds/nope");
  EXPECT_THAT(End(j.ib, nope), StatusIs(StatusCode::kNotFound, _));
}

TEST_F(GroundsTest, R18StaffSeeWhatIsTheirsAndTheWerkplaatsSeesAll) {
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_HEALTH}});
  j.Seat(j.nurse);
  ASSERT_OK_AND_ASSIGN(const v1::Ground g, Invoke(j.ib, Untold()));
  EXPECT_THAT(List(j.ib), SizeIs(1));
  EXPECT_THAT(List(j.consultant), SizeIs(1)) << "the recipient";
  EXPECT_EQ(List(j.consultant)[0].reason(), "") << "the reason is the school's own record";
  EXPECT_THAT(List(j.nurse), IsEmpty());
  EXPECT_EQ(End(j.nurse, g.name()).status(),
            End(j.nurse, absl::StrCat("families/", j.family, "/grounds/nope")).status());
}

}  // namespace
}  // namespace knooppunt::consent
