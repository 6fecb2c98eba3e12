#include "security/policy/handover_kinds.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/policy/handover_kinds_text.h"

namespace knooppunt::policy {
namespace {

namespace h = ::knooppunt::handover::v1;
using ::knooppunt::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::shared_ptr<const HandoverKinds> BuiltIn() {
  auto kinds = HandoverKinds::BuiltIn();
  EXPECT_OK(kinds);
  return *kinds;
}

// What is said of the built-in table after one change to its text.
std::string FaultWith(const std::string& from, const std::string& to) {
  std::string text = kBuiltInHandoverKinds;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto kinds = HandoverKinds::Parse(text);
  EXPECT_EQ(kinds.status().code(), absl::StatusCode::kInvalidArgument) << from << " -> " << to;
  return std::string(kinds.status().message());
}

TEST(HandoverKindsTest, R30EveryKindHasARowWithSourceTermsAndConsent) {
  const auto kinds = BuiltIn();
  EXPECT_THAT(kinds->table().rows(), SizeIs(h::HandoverKind_ARRAYSIZE - 1));
  EXPECT_EQ(kinds->table().sha256().size(), 64u);
  for (int kind = 1; kind < h::HandoverKind_ARRAYSIZE; ++kind) {
    const auto* row = kinds->Find(static_cast<h::HandoverKind>(kind));
    ASSERT_NE(row, nullptr) << kind;
    EXPECT_FALSE(row->source().empty());
    EXPECT_GT(row->usual_parts_size(), 3);
  }
  EXPECT_EQ(kinds->Find(h::HANDOVER_KIND_UNSPECIFIED), nullptr);
}

TEST(HandoverKindsTest, R30ATableWithAFaultIsRefusedWithTheRowAndWhatToDo) {
  EXPECT_THAT(FaultWith("kind: HANDOVER_KIND_MOVE", "kind: HANDOVER_KIND_PO_VO"),
              HasSubstr("HANDOVER_KIND_PO_VO: is no kind, or stands twice"));
  EXPECT_THAT(FaultWith("title_nl: \"Verhuizing\"", "title_nl: \" \""),
              HasSubstr("HANDOVER_KIND_MOVE: lacks a title or a source"));
  EXPECT_THAT(FaultWith("from_stages: [STAGE_VOORSCHOOL]", ""), HasSubstr("leads from or to no"));
  EXPECT_THAT(FaultWith("[STAGE_VOORSCHOOL]", "[STAGE_PO, STAGE_PO]"), HasSubstr("to one twice"));
  EXPECT_THAT(FaultWith("anchor: HANDOVER_ANCHOR_BIRTHDAY", ""), HasSubstr("which day it counts"));
  EXPECT_THAT(FaultWith("anchor_age: 4", ""), HasSubstr("an age goes with a birthday"));
  EXPECT_THAT(FaultWith("anchor_age: 18", "anchor_age: 99"), HasSubstr("HANDOVER_KIND_ADULTHOOD"));
  EXPECT_THAT(FaultWith("earliest_months_before: 12", "earliest_months_before: 25"),
              HasSubstr("starts at no day that can be"));
  EXPECT_THAT(FaultWith("deadline_days_before: 31", "deadline_days_before: -1"),
              HasSubstr("is due on no day that can be"));
  EXPECT_THAT(FaultWith("answer_days: 14", "answer_days: 0"), HasSubstr("lacks a term"));
  EXPECT_THAT(FaultWith("escalate_days: 14", ""), HasSubstr("lacks a term"));
  for (const char* days : {"-1", "61"}) {
    EXPECT_THAT(FaultWith("answer_days: 14", absl::StrCat("answer_days: 14 receipt_days: ", days)),
                HasSubstr("waits for a receipt longer than can be"));
  }
  EXPECT_THAT(FaultWith("HANDOVER_ANCHOR_NONE", "HANDOVER_ANCHOR_NONE earliest_months_before: 1"),
              HasSubstr("starts at no day"));
  EXPECT_THAT(FaultWith("must_take_part: [HANDOVER_PARTY_FAMILY]",
                        "must_take_part: [HANDOVER_PARTY_FAMILY, HANDOVER_PARTY_FAMILY]"),
              HasSubstr("must take part twice"));
  EXPECT_THAT(FaultWith("[PURPOSE_COORDINATION, PURPOSE_HANDOVER]", "[PURPOSE_COORDINATION]"),
              HasSubstr("add PURPOSE_HANDOVER"));
  EXPECT_THAT(FaultWith("months: 12\n", "months: 61\n"), HasSubstr("for how long"));
  EXPECT_THAT(FaultWith("version: \"2024-01\"", ""), HasSubstr("has no version"));
  EXPECT_THAT(FaultWith("rows {", "rowz {"), HasSubstr("line "));
  EXPECT_THAT(FaultWith("kind: HANDOVER_KIND_MOVE", ""), HasSubstr("is no kind"));
  EXPECT_EQ(HandoverKinds::Load("/no/such/file").status().code(), absl::StatusCode::kNotFound);
}

TEST(HandoverKindsTest, R26AReceiptIsWaitedForTwoWeeksOrAsTheRegionSays) {
  h::HandoverKindRow row;
  EXPECT_EQ(ReceiptDays(row), 14);
  row.set_receipt_days(30);
  EXPECT_EQ(ReceiptDays(row), 30);
}

TEST(HandoverKindsTest, R30AMissingKindIsNamed) {
  std::string text = kBuiltInHandoverKinds;
  text.resize(text.rfind("\nrows {"));
  EXPECT_THAT(std::string(HandoverKinds::Parse(text).status().message()),
              HasSubstr("HANDOVER_KIND_PLACEMENT_BACK: has no row"));
}

TEST(HandoverKindsTest, R30WhenAKindMayStartAndByWhenItIsDone) {
  const auto kinds = BuiltIn();
  const base::Date birth(2015, 3, 14);
  const auto& po_vo = *kinds->Find(h::HANDOVER_KIND_PO_VO);
  KindDates dates = DatesOf(po_vo, base::Date(2026, 11, 23), birth);
  EXPECT_EQ(dates.anchor, base::Date(2027, 8, 1));
  EXPECT_EQ(dates.earliest, base::Date(2026, 8, 1));
  EXPECT_EQ(dates.due, base::Date(2027, 7, 1));
  // On the first day of the school year it is about the next one.
  EXPECT_EQ(DatesOf(po_vo, base::Date(2026, 8, 1), birth).anchor, base::Date(2027, 8, 1));
  EXPECT_EQ(DatesOf(po_vo, base::Date(2026, 7, 31), birth).anchor, base::Date(2026, 8, 1));
  // In July the due day is over: the usual term.
  EXPECT_EQ(DatesOf(po_vo, base::Date(2027, 7, 10), birth).due, base::Date(2027, 8, 21));

  const auto& move = *kinds->Find(h::HANDOVER_KIND_MOVE);
  dates = DatesOf(move, base::Date(2026, 11, 23), birth);
  EXPECT_FALSE(dates.anchored);
  EXPECT_EQ(dates.earliest, base::Date(2026, 11, 23));
  EXPECT_EQ(dates.due, base::Date(2026, 12, 21));
}

TEST(HandoverKindsTest, R16AdulthoodIsPlannedFromSeventeenAndAHalf) {
  const auto kinds = BuiltIn();
  const auto& adulthood = *kinds->Find(h::HANDOVER_KIND_ADULTHOOD);
  const KindDates dates = DatesOf(adulthood, base::Date(2026, 11, 23), base::Date(2009, 3, 14));
  EXPECT_EQ(dates.anchor, base::Date(2027, 3, 14));
  EXPECT_EQ(dates.earliest, base::Date(2026, 9, 14));
  EXPECT_EQ(dates.due, base::Date(2027, 3, 14));
  EXPECT_TRUE(adulthood.may_stay());
  // 31 August less six months is no day in February: the first one after it.
  EXPECT_EQ(DatesOf(adulthood, base::Date(2026, 11, 23), base::Date(2009, 8, 31)).earliest,
            base::Date(2027, 3, 1));
}

TEST(HandoverKindsTest, R30EachKindLeadsFromAndToItsStages) {
  using namespace common::v1;  // NOLINT(google-build-using-namespace): a table of stages
  const auto kinds = BuiltIn();
  const auto from = [&](h::HandoverKind kind, Stage stage) {
    return LeadsFrom(*kinds->Find(kind), stage);
  };
  const auto to = [&](h::HandoverKind kind, Stage stage) {
    return LeadsTo(*kinds->Find(kind), stage);
  };
  EXPECT_TRUE(from(h::HANDOVER_KIND_PO_VO, STAGE_PO));
  EXPECT_FALSE(from(h::HANDOVER_KIND_PO_VO, STAGE_VO));
  EXPECT_TRUE(to(h::HANDOVER_KIND_PO_VO, STAGE_VO));
  EXPECT_TRUE(to(h::HANDOVER_KIND_PO_VO, STAGE_PRO));
  EXPECT_FALSE(to(h::HANDOVER_KIND_PO_VO, STAGE_PO));
  EXPECT_TRUE(to(h::HANDOVER_KIND_VOORSCHOOL_PO, STAGE_PO));
  EXPECT_FALSE(to(h::HANDOVER_KIND_VOORSCHOOL_PO, STAGE_VO));
  EXPECT_TRUE(to(h::HANDOVER_KIND_TO_SPECIAL, STAGE_VSO));
  EXPECT_FALSE(to(h::HANDOVER_KIND_TO_SPECIAL, STAGE_VO));
  EXPECT_FALSE(to(h::HANDOVER_KIND_FROM_SPECIAL, STAGE_SO));
  EXPECT_FALSE(from(h::HANDOVER_KIND_PLACEMENT_BACK, STAGE_PO));
  for (int stage = 1; stage < Stage_ARRAYSIZE; ++stage) {
    EXPECT_TRUE(from(h::HANDOVER_KIND_MOVE, static_cast<Stage>(stage)));
    EXPECT_TRUE(to(h::HANDOVER_KIND_MOVE, static_cast<Stage>(stage)));
  }
  for (int kind = 1; kind < h::HandoverKind_ARRAYSIZE; ++kind) {
    EXPECT_FALSE(to(static_cast<h::HandoverKind>(kind), STAGE_UNSPECIFIED));
  }
}

}  // namespace
}  // namespace knooppunt::policy
