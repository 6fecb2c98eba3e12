// A werkplaats closes between two installations (R27): nothing is drafted to one that closes, and
// nothing is taken in at one that has closed.
#include "base/error.h"
#include "services/handover/archive_testing.h"

namespace knooppunt::handover {
namespace {

using ::knooppunt::testing::IsOk;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class ArchiveClosingTest : public testing::ArchiveTest {};

TEST_F(ArchiveClosingTest, R27NothingIsDraftedToAWerkplaatsElsewhereThatCloses) {
  OpenAtMaastricht();
  a.office.CloseWerkplaats("werkplaatsen/venlo", "2027-08-01");
  EXPECT_EQ(Reason(a.office.Handover("DraftHandover", a.ib, DraftRequest())),
            "R27_WERKPLAATS_CLOSES");
  a.office.CloseWerkplaats("werkplaatsen/venlo", "");
  EXPECT_OK(a.office.Handover("DraftHandover", a.ib, DraftRequest()));
}

TEST_F(ArchiveClosingTest, R27NothingIsOfferedToAWerkplaatsElsewhereThatCloses) {
  OpenAtMaastricht();
  const auto drafted = a.office.Handover("DraftHandover", a.ib, DraftRequest());
  ASSERT_OK(drafted);
  handover = drafted->name();
  ASSERT_OK(Act("ShowHandover"));
  ShareAll();
  ASSERT_OK(Act("AuthoriseHandover"));
  a.office.CloseWerkplaats("werkplaatsen/venlo", "2027-08-01");
  EXPECT_EQ(Reason(Act("OfferHandover")), "R27_WERKPLAATS_CLOSES");
  a.office.CloseWerkplaats("werkplaatsen/venlo", "");
  ASSERT_OK(Act("OfferHandover"));
  // What is on its way is for the other installation to say: a receipt of it may still come.
  a.office.CloseWerkplaats("werkplaatsen/venlo", "2026-11-23");
  for (const auto& fact : a.office.facts(a.family).handovers()) {
    EXPECT_EQ(fact.to_werkplaats(), "");
  }
  v1::GetHandoverRequest get;
  get.set_name(handover);
  const auto seen = a.office.Handover("GetHandover", a.ib, get);
  ASSERT_OK(seen);
  EXPECT_EQ(seen->state(), v1::HANDOVER_STATE_OFFERED);
}

TEST_F(ArchiveClosingTest, R27NothingIsTakenInWhereItHasClosedAndWhatWasIsNotAccepted) {
  const std::string archive = OnItsWay();
  b.office.CloseWerkplaats("werkplaatsen/vmbo", "2026-11-23");
  EXPECT_EQ(Reason(Import(archive)), "R27_WERKPLAATS_CLOSES");
  EXPECT_EQ(StoredAtVenlo(), 0);
  b.office.CloseWerkplaats("werkplaatsen/vmbo", "2026-11-25");
  ASSERT_OK(Import(archive));
  const auto accept = AcceptRequest();
  b.office.clock().Advance(absl::Hours(48));
  EXPECT_EQ(Reason(Accept(accept)), "R27_RECEIVER_CLOSED");
  // The sending side answers for the case, as it did all the time.
  EXPECT_EQ(a.office.case_fact(a.case_name).state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_OK(Act("WithdrawHandover"));
}

}  // namespace
}  // namespace knooppunt::handover
