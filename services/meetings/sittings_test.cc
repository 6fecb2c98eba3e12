// Sittings on several cases, over a real database: each participant has their own cases, and
// nothing that shows that there are others (R13, R18).
#include "services/meetings/meetings_testing.h"

namespace knooppunt::meetings {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Two families at one werkplaats. The nurse is invited for both, and only the first consented.
class SittingsTest : public MeetingsTest {
 protected:
  struct OfFamily {
    std::string family, case_name, child, meeting, consent;
  };

  void SetUp() override {
    j.Open();
    ASSERT_OK_AND_ASSIGN(const v1::Sitting planned, PlanSitting(j.ib, "09:00", "12:00"));
    sitting = planned.name();
    first = Prepare("Rekenen", true);
    OpenSecond();
    second = Prepare("Zwemmen", false);
    ASSERT_OK(Assign(j.ib, second.meeting, sitting, "09:00", "09:40"));
    ASSERT_OK(Assign(j.ib, first.meeting, sitting, "09:40", "10:20"));
  }

  void OpenSecond() {
    casework::v1::OpenCaseRequest req = j.OpenRequest();
    int number = 0;
    for (casework::v1::NewPerson& p : *req.mutable_persons()) {
      p.set_family_name("Wolters");
      p.set_birth_date(absl::StrCat("20", 12 - number, "-01-0", 1 + number));
      if (!p.account().empty()) p.set_account(absl::StrCat("accounts/second-", number));
      ++number;
    }
    req.mutable_persons(2)->set_birth_date("1980-01-01");
    req.mutable_persons(3)->set_birth_date("1981-01-01");
    auto opened = j.office.Casework<casework::v1::Case>("OpenCase", j.ib, req);
    ASSERT_OK(opened);
    j.case_name = opened->name();
    j.family = j.case_name.substr(9, j.case_name.find('/', 9) - 9);
    j.child = j.office.facts(j.family).persons(0).id();
  }
  OfFamily Prepare(const std::string& title, bool consented) {
    OfFamily out = {.family = j.family, .case_name = j.case_name, .child = j.child};
    if (consented) {
      out.consent = j.Share(
          {.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
    }
    out.meeting = Plan();
    Added(j.ib, out.meeting, title, j.Education());
    EXPECT_OK(Invite(out.meeting, j.Invite(j.nurse)));
    return out;
  }
  absl::StatusOr<v1::Sitting> PlanSitting(const Caller& who, const std::string& start,
                                          const std::string& end, const std::string& date = kDay) {
    v1::PlanSittingRequest req;
    req.set_parent("werkplaatsen/manjefiek");
    req.mutable_sitting()->set_date(date);
    req.mutable_sitting()->set_start(start);
    req.mutable_sitting()->set_end(end);
    req.mutable_sitting()->set_place("Teamkamer");
    return Ask<v1::Sitting>("PlanSitting", who, req);
  }
  absl::StatusOr<v1::Agenda> Assign(const Caller& who, const std::string& meeting,
                                    const std::string& to, const std::string& start,
                                    const std::string& end) {
    v1::AssignSlotRequest req;
    req.set_name(meeting);
    req.set_sitting(to);
    req.set_start(start);
    req.set_end(end);
    auto now = Agenda(j.ib, meeting);
    EXPECT_OK(now);
    req.set_etag(now.value_or(v1::Agenda()).etag());
    return Ask<v1::Agenda>("AssignSlot", who, req);
  }
  absl::StatusOr<v1::Sitting> Get(const Caller& who, const std::string& name) {
    v1::GetSittingRequest req;
    req.set_name(name);
    return Ask<v1::Sitting>("GetSitting", who, req);
  }
  absl::StatusOr<v1::ListSittingsResponse> ListOf(const Caller& who) {
    v1::ListSittingsRequest req;
    req.set_parent("werkplaatsen/manjefiek");
    return Ask<v1::ListSittingsResponse>("ListSittings", who, req);
  }

  std::string sitting;
  OfFamily first, second;
};

TEST_F(SittingsTest, R18WhoPlansItSeesTheirCasesInOrder) {
  ASSERT_OK_AND_ASSIGN(const v1::Sitting seen, Get(j.ib, sitting));
  EXPECT_EQ(seen.start(), "09:00");
  EXPECT_EQ(seen.end(), "12:00");
  ASSERT_THAT(seen.slots(), SizeIs(2));
  EXPECT_EQ(seen.slots(0).case_name(), second.case_name);
  EXPECT_EQ(seen.slots(1).case_name(), first.case_name);
  EXPECT_EQ(seen.slots(1).agenda().place(), "Teamkamer");
  EXPECT_FALSE(seen.slots(0).overlaps());
}

TEST_F(SittingsTest, R18AParticipantHasTheirOwnCasesAndNoSignOfOthers) {
  ASSERT_OK_AND_ASSIGN(const v1::Sitting seen, Get(j.nurse, sitting));
  EXPECT_EQ(seen.date(), kDay);
  EXPECT_EQ(seen.place(), "Teamkamer");
  EXPECT_THAT(seen.start(), IsEmpty());  // would tell that it lasts longer than their case
  EXPECT_THAT(seen.end(), IsEmpty());
  ASSERT_THAT(seen.slots(), SizeIs(1));
  EXPECT_EQ(seen.slots(0).agenda().start(), "09:40");
  EXPECT_EQ(seen.slots(0).agenda().items(0).title(), "Rekenen");
  const std::string bytes = seen.SerializeAsString();
  EXPECT_THAT(bytes, Not(HasSubstr(second.family)));
  EXPECT_THAT(bytes, Not(HasSubstr("Zwemmen")));
  EXPECT_THAT(bytes, Not(HasSubstr("09:00")));

  // With the other case out of it, it is the same to the byte.
  ASSERT_OK(Assign(j.ib, second.meeting, "", "", ""));
  ASSERT_OK_AND_ASSIGN(const v1::Sitting alone, Get(j.nurse, sitting));
  EXPECT_EQ(alone.SerializeAsString(), bytes);
}

TEST_F(SittingsTest, R18TheInvitationToTheOtherSaysWhenAndWhereOnly) {
  const std::vector<v1::Invitation> own = Own(j.nurse);
  ASSERT_THAT(own, SizeIs(2));
  EXPECT_EQ(own[0].meeting(), second.meeting);  // by time
  EXPECT_THAT(own[0].subjects(), IsEmpty());
  EXPECT_THAT(own[1].subjects(), ElementsAre("Rekenen"));
}

TEST_F(SittingsTest, R13AfterAWithdrawalTheNextReadingShowsNoneOfIt) {
  ASSERT_OK(Get(j.nurse, sitting));
  ASSERT_OK(Withdraw(first.consent, j.mother));
  const auto gone = Get(j.nurse, sitting);
  EXPECT_THAT(gone.status(), StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(gone.status(), Get(j.nurse, "werkplaatsen/manjefiek/sittings/z-never").status());
  ASSERT_OK_AND_ASSIGN(const auto listed, ListOf(j.nurse));
  EXPECT_THAT(listed.sittings(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::Sitting seen, Get(j.ib, sitting));
  EXPECT_THAT(seen.slots(), SizeIs(2));
}

TEST_F(SittingsTest, R18TheFamilySeesItsOwnSlot) {
  ASSERT_OK_AND_ASSIGN(const v1::Sitting seen, Get(j.mother, sitting));
  ASSERT_THAT(seen.slots(), SizeIs(1));
  EXPECT_EQ(seen.slots(0).case_name(), first.case_name);
  EXPECT_THAT(seen.start(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto listed, ListOf(j.mother));
  EXPECT_THAT(listed.sittings(), SizeIs(1));
}

TEST_F(SittingsTest, R18AColleagueWithoutASeatSeesTheTimetableAndNoCase) {
  ASSERT_OK_AND_ASSIGN(const v1::Sitting seen, Get(j.colleague, sitting));
  EXPECT_EQ(seen.start(), "09:00");
  EXPECT_THAT(seen.slots(), IsEmpty());
  EXPECT_THAT(Get(j.stranger, sitting), StatusIs(StatusCode::kNotFound, _));
  EXPECT_THAT(Get(j.consultant, sitting), StatusIs(StatusCode::kNotFound, _));
  ASSERT_OK_AND_ASSIGN(const auto listed, ListOf(j.stranger));
  EXPECT_THAT(listed.sittings(), IsEmpty());
}

TEST_F(SittingsTest, SlotsThatOverlapAreMarkedForWhoSeesBoth) {
  ASSERT_OK(Assign(j.ib, second.meeting, sitting, "10:00", "11:00"));
  ASSERT_OK_AND_ASSIGN(const v1::Sitting seen, Get(j.ib, sitting));
  EXPECT_TRUE(seen.slots(0).overlaps());
  EXPECT_TRUE(seen.slots(1).overlaps());
  ASSERT_OK_AND_ASSIGN(const v1::Sitting nurses, Get(j.nurse, sitting));
  EXPECT_FALSE(nurses.slots(0).overlaps());
}

TEST_F(SittingsTest, ASlotLiesWithinASittingOfTheWerkplaatsOnThatDay) {
  EXPECT_EQ(Reason(Assign(j.ib, first.meeting, sitting, "08:50", "09:20")), "SLOT_OUTSIDE_SITTING");
  EXPECT_EQ(Reason(Assign(j.ib, first.meeting, sitting, "11:50", "12:10")), "SLOT_OUTSIDE_SITTING");
  EXPECT_EQ(Reason(Assign(j.ib, first.meeting, sitting, "10:00", "09:00")),
            "ENDS_BEFORE_IT_BEGINS");
  EXPECT_EQ(Reason(Assign(j.ib, first.meeting, "werkplaatsen/manjefiek/sittings/z-never", "09:00",
                          "09:30")),
            "UNKNOWN_SITTING");
  ASSERT_OK_AND_ASSIGN(const v1::Sitting later, PlanSitting(j.ib, "09:00", "12:00", "2026-12-07"));
  EXPECT_EQ(Reason(Assign(j.ib, first.meeting, later.name(), "09:00", "09:30")),
            "SITTING_ON_ANOTHER_DAY");
  // When and where is the sitting's to say from now on.
  EXPECT_EQ(Reason(Arrange(j.ib, second.meeting, "10:30", "11:00")), "TIME_IS_OF_THE_SITTING");
}

TEST_F(SittingsTest, R37OnlyTheWerkplaatsPlansItsSittings) {
  EXPECT_THAT(PlanSitting(j.nurse, "09:00", "12:00"),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-function"));
  const Caller other = j.office.AddProfessional("professionals/ib3", "organisations/lvo",
                                                common::v1::FUNCTION_INTERN_BEGELEIDER, "Bo Dings");
  EXPECT_EQ(Reason(PlanSitting(other, "09:00", "12:00")), "NOT_YOUR_WERKPLAATS");
  EXPECT_EQ(Reason(PlanSitting(j.ib, "12:00", "09:00")), "ENDS_BEFORE_IT_BEGINS");
  EXPECT_EQ(Reason(PlanSitting(j.ib, "09:00", "12:00", "2026-11-22")), "MEETING_IN_THE_PAST");
  EXPECT_THAT(PlanSitting(j.ib, "09:00", "12:00", "2026-02-30"),
              StatusIs(StatusCode::kInvalidArgument, _));
}

TEST_F(SittingsTest, SittingsAreListedByDayAndTimeInPages) {
  ASSERT_OK(PlanSitting(j.ib, "13:00", "15:00"));
  ASSERT_OK(PlanSitting(j.ib, "09:00", "10:00", "2026-11-24"));
  v1::ListSittingsRequest req;
  req.set_parent("werkplaatsen/manjefiek");
  req.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto page, Ask<v1::ListSittingsResponse>("ListSittings", j.ib, req));
  ASSERT_THAT(page.sittings(), SizeIs(2));
  EXPECT_EQ(page.sittings(0).date(), "2026-11-24");
  EXPECT_EQ(page.sittings(1).name(), sitting);
  req.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto rest, Ask<v1::ListSittingsResponse>("ListSittings", j.ib, req));
  ASSERT_THAT(rest.sittings(), SizeIs(1));
  EXPECT_EQ(rest.sittings(0).start(), "13:00");
  req.clear_page_token();
  req.set_from_date("2026-12-01");
  ASSERT_OK_AND_ASSIGN(const auto none, Ask<v1::ListSittingsResponse>("ListSittings", j.ib, req));
  EXPECT_THAT(none.sittings(), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::meetings
