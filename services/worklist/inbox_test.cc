// The inbox and the digest over a real database, decided by the real engine and policy.
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "security/policy/ground_sight.h"
#include "services/worklist/digest.h"
#include "services/worklist/notices.h"
#include "services/worklist/worklist_testing.h"

namespace knooppunt::worklist {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class InboxTest : public WorklistTest {
 protected:
  void SetUp() override {
    j.Open();
    j.Activate();
  }
  static v1::Notice Of(const v1::ListInboxResponse& inbox, v1::NoticeKind kind) {
    for (const v1::Notice& n : inbox.notices()) {
      if (n.kind() == kind) return n;
    }
    return {};
  }
};

TEST_F(InboxTest, R7TheOutcomeIsInTheInboxOfWhoWasAbsentUntilConfirmedInTheDossier) {
  const auto meeting = Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  const v1::Notice notice = Of(Inbox(j.nurse), v1::NOTICE_KIND_OUTCOME);
  EXPECT_EQ(notice.subject(), meeting.name());
  EXPECT_EQ(notice.rule(), "R7");
  EXPECT_EQ(notice.state(), v1::NOTICE_STATE_NEW);
  EXPECT_EQ(notice.act(), "casework.v1.CaseworkService/ConfirmOutcome");
  // It cannot be waved away, only read.
  EXPECT_EQ(base::ReasonOf(Mark(j.nurse, notice.name(), v1::NOTICE_STATE_ACKNOWLEDGED).status()),
            "ACT_IN_THE_DOSSIER");
  ASSERT_OK(Mark(j.nurse, notice.name(), v1::NOTICE_STATE_READ));
  EXPECT_EQ(Of(Inbox(j.nurse), v1::NOTICE_KIND_OUTCOME).state(), v1::NOTICE_STATE_READ);
  // What is unconfirmed stays visible to the regisseur.
  EXPECT_THAT(Kinds(Inbox(j.consultant)), Contains("UNCONFIRMED"));
  ASSERT_OK(Confirm(j.nurse, meeting.name()));
  EXPECT_THAT(Kinds(Inbox(j.nurse)), Not(Contains("OUTCOME")));
  EXPECT_THAT(Kinds(Inbox(j.consultant)), Not(Contains("UNCONFIRMED")));
}

TEST_F(InboxTest, R9ADisputeReachesTheOwnerAndTheRegisseurAndNobodyElse) {
  const auto meeting = Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  casework::v1::ReactToStepRequest react;
  react.set_name(meeting.steps(0));
  react.set_text("Zo spraken we het niet af.");
  ASSERT_OK(j.office.Casework<casework::v1::Step>("ReactToStep", j.father, react));
  EXPECT_THAT(Kinds(Inbox(j.ib)), Contains("DISPUTE"));
  EXPECT_THAT(Kinds(Inbox(j.consultant)), Contains("DISPUTE"));
  EXPECT_THAT(Kinds(Inbox(j.nurse)), Not(Contains("DISPUTE")));
  EXPECT_THAT(Kinds(Inbox(j.father)), Not(Contains("DISPUTE")));
}

TEST_F(InboxTest, R5AStepThatComesBackIsToldAnew) {
  const auto meeting = Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  const auto give = [&](const Caller& from, const Caller& to) {
    j.office.clock().Advance(absl::Hours(24));
    casework::v1::ReassignStepRequest req;
    req.set_name(meeting.steps(0));
    req.set_owner_seat(j.SeatOf(to));
    req.set_reason("Zij doet het.");
    return j.office.Call<casework::v1::Step>("casework.v1.StepService", "ReassignStep", from, req);
  };
  const v1::Notice first = Of(Inbox(j.ib), v1::NOTICE_KIND_STEP);
  EXPECT_EQ(first.date(), "2026-11-23");
  ASSERT_OK(Mark(j.ib, first.name(), v1::NOTICE_STATE_ACKNOWLEDGED));
  ASSERT_OK(give(j.ib, j.consultant));
  EXPECT_EQ(Of(Inbox(j.consultant), v1::NOTICE_KIND_STEP).date(), "2026-11-24")
      << "since then hers";
  EXPECT_EQ(Of(Inbox(j.ib, true), v1::NOTICE_KIND_STEP).name(), "");
  ASSERT_OK(give(j.consultant, j.ib));
  const v1::Notice again = Of(Inbox(j.ib), v1::NOTICE_KIND_STEP);
  EXPECT_EQ(again.state(), v1::NOTICE_STATE_NEW) << "what was seen of the first does not hide it";
  EXPECT_NE(again.name(), first.name());
  EXPECT_EQ(again.date(), "2026-11-25");
  ASSERT_OK(Mark(j.ib, again.name(), v1::NOTICE_STATE_ACKNOWLEDGED));
  EXPECT_EQ(Of(Inbox(j.ib), v1::NOTICE_KIND_STEP).name(), "") << "seen once more";
  // A later date is no change of owner.
  casework::v1::CarryOverStepRequest over;
  over.set_name(meeting.steps(0));
  over.set_due_date("2027-01-11");
  over.set_reason("De school was dicht.");
  ASSERT_OK(
      j.office.Call<casework::v1::Step>("casework.v1.StepService", "CarryOverStep", j.ib, over));
  EXPECT_EQ(Of(Inbox(j.ib), v1::NOTICE_KIND_STEP).name(), "");
}

TEST_F(InboxTest, AMarkIsTheReadersOwnAndNeverGoesBack) {
  const std::string regisseur = NoticeOf(j.nurse, v1::NOTICE_KIND_REGISSEUR);
  ASSERT_THAT(regisseur, Not(IsEmpty()));
  ASSERT_OK_AND_ASSIGN(const v1::Notice marked,
                       Mark(j.nurse, regisseur, v1::NOTICE_STATE_ACKNOWLEDGED));
  EXPECT_EQ(marked.state(), v1::NOTICE_STATE_ACKNOWLEDGED);
  EXPECT_GT(marked.state_time().seconds(), 0);
  ASSERT_OK(Mark(j.nurse, regisseur, v1::NOTICE_STATE_READ));
  EXPECT_THAT(Kinds(Inbox(j.nurse)), Not(Contains("REGISSEUR")));
  EXPECT_EQ(Of(Inbox(j.nurse, true), v1::NOTICE_KIND_REGISSEUR).state(),
            v1::NOTICE_STATE_ACKNOWLEDGED);
  // The same news to another is another notice, still new.
  EXPECT_EQ(Of(Inbox(j.ib), v1::NOTICE_KIND_REGISSEUR).state(), v1::NOTICE_STATE_NEW);
  EXPECT_NE(NoticeOf(j.ib, v1::NOTICE_KIND_REGISSEUR), regisseur);
  // It survives a restart.
  j.office.Reopen();
  EXPECT_THAT(Kinds(Inbox(j.nurse)), Not(Contains("REGISSEUR")));
}

TEST_F(InboxTest, R18AnothersNoticeIsNoNotice) {
  const std::string theirs = NoticeOf(j.ib, v1::NOTICE_KIND_REGISSEUR);
  const std::string none = absl::StrCat("families/", j.family, "/notices/n-0123");
  const auto a = Mark(j.nurse, theirs, v1::NOTICE_STATE_READ);
  const auto b = Mark(j.nurse, none, v1::NOTICE_STATE_READ);
  EXPECT_EQ(a.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(a.status(), b.status());
  EXPECT_FALSE(Mark(j.stranger, theirs, v1::NOTICE_STATE_READ).ok());
  EXPECT_EQ(base::ReasonOf(Mark(j.ib, theirs, v1::NOTICE_STATE_NEW).status()), "INVALID_FIELD");
}

TEST_F(InboxTest, R39EverybodyAtTheTableIsToldOfADeputy) {
  j.office.AddProfessional("professionals/nurse2", "organisations/jgz",
                           common::v1::FUNCTION_JGZ_NURSE, "Noor Keizer");
  casework::v1::ArrangeDeputyRequest req;
  req.set_name(j.case_name);
  req.set_seat(j.SeatOf(j.nurse));
  req.set_professional("professionals/nurse2");
  req.set_end_date("2026-12-07");
  ASSERT_OK(j.office.Casework<casework::v1::Participant>("ArrangeDeputy", j.ib, req));
  for (const Caller& who : {j.ib, j.nurse, j.consultant, j.mother, j.father}) {
    EXPECT_THAT(Kinds(Inbox(who)), Contains("DEPUTY"));
  }
}

TEST_F(InboxTest, PagesFollowEachOtherNewestFirst) {
  for (int day = 1; day <= 5; ++day) {
    PlanMeeting(absl::StrCat("2026-12-0", day));
    j.office.clock().Advance(absl::Hours(1));
  }
  v1::ListInboxRequest req;
  req.set_page_size(2);
  std::set<std::string> seen;
  std::string last = "9999";
  do {
    const auto page = Ask<v1::ListInboxResponse>("ListInbox", j.nurse, req);
    ASSERT_OK(page);
    EXPECT_EQ(page->new_count(), 6);  // five meetings and the regisseur
    for (const auto& n : page->notices()) {
      EXPECT_TRUE(seen.insert(n.name()).second);
      EXPECT_LE(n.date(), last);
      last = n.date();
    }
    req.set_page_token(page->next_page_token());
  } while (!req.page_token().empty());
  EXPECT_THAT(seen, SizeIs(6));
}

// Nothing about anybody: whatever is generated for this family is looked for, in any spelling.
TEST_F(InboxTest, TheDigestHoldsNumbersAndNothingAboutAnybody) {
  Conclude({Step(j.SeatOf(j.ib), "Sem oefent rekenen bij juf Anke.", "2026-12-14"),
            Step(j.SeatOf(j.mother), "Marieke belt de huisarts.", "2026-12-01")});
  PlanMeeting("2026-12-01");
  std::set<std::string> personal = {"Sem",     "Lotte",      "Marieke", "Joost",     "Zanden",
                                    "van der", "huisarts",   "rekenen", "Manjefiek", "mosalira",
                                    "jgz",     "maastricht", "Janssen", "Willems",   "Smeets"};
  for (const auto& p : j.office.facts(j.family).persons()) {
    personal.insert(p.id());
    personal.insert(p.birth_date());
    if (!p.account().empty()) personal.insert(p.account());
  }
  for (const auto& s : j.office.case_fact(j.case_name).seats()) personal.insert(s.id());
  personal.insert(j.family);
  personal.insert(j.case_name.substr(j.case_name.rfind('/') + 1));
  int told = 0;
  for (const Caller& who : {j.ib, j.nurse, j.consultant, j.mother, j.father}) {
    const v1::Digest digest = Digest(who);
    EXPECT_FALSE(digest.empty());
    told += digest.counts_size();
    const std::string text =
        absl::AsciiStrToLower(absl::StrCat(digest.DebugString(), digest.text_nl()));
    for (const std::string& word : personal) {
      EXPECT_FALSE(absl::StrContains(text, absl::AsciiStrToLower(word))) << word;
    }
    EXPECT_THAT(digest.text_nl(), Not(HasSubstr("families/")));
    EXPECT_THAT(digest.text_nl(), Not(HasSubstr("2026")));
  }
  EXPECT_GT(told, 5);
  const v1::Digest nothing = Digest(j.stranger);
  EXPECT_TRUE(nothing.empty());
  EXPECT_THAT(nothing.text_nl(), IsEmpty());
}

TEST(Digest, TheNumbersAreThoseOfTheList) {
  DigestInput input;
  input.meetings_before = "2026-12-07";
  const auto add = [&](v1::EntryKind kind, const std::string& due, bool overdue) {
    v1::Entry& e = input.entries.emplace_back();
    e.set_kind(kind);
    e.set_due_date(due);
    e.set_overdue(overdue);
    e.set_text_nl("Sem");
    e.set_subject("families/f/cases/c/steps/s");
  };
  add(v1::ENTRY_KIND_STEP, "2026-11-01", true);
  add(v1::ENTRY_KIND_STEP, "2026-12-01", false);
  add(v1::ENTRY_KIND_STEP, "2026-12-02", false);
  add(v1::ENTRY_KIND_OUTCOME, "2026-11-01", true);
  add(v1::ENTRY_KIND_MEETING, "2026-12-06", false);
  add(v1::ENTRY_KIND_MEETING, "2026-12-07", false);
  input.fresh = 4;
  const v1::Digest digest = MakeDigest(input);
  EXPECT_EQ(digest.text_nl(),
            "Er staat iets voor u klaar in het knooppunt:\n\n"
            "- Afspraken die te laat zijn: 1\n"
            "- Bevestigingen en beslissingen die te laat zijn: 1\n"
            "- Afspraken om te doen: 2\n"
            "- Overleggen in de komende twee weken: 1\n"
            "- Nieuwe berichten: 4\n"
            "\nLog in bij het knooppunt om te zien waar het om gaat.\n\n"
            "In dit bericht staan alleen aantallen: het is een gewone e-mail, en die is niet "
            "geheim.\n");
  EXPECT_EQ(digest.counts_size(), 5);
}

TEST(Notices, R15AGroundIsToldToWhomItIsWhollyAbout) {
  access::v1::FamilyFacts facts;
  const auto person = [&](const char* id, const char* birth, access::v1::FamilyRole role) {
    access::v1::PersonFact* p = facts.add_persons();
    p->set_id(id);
    p->set_birth_date(birth);
    p->set_role(role);
  };
  person("mother", "1984-07-30", access::v1::FAMILY_ROLE_PARENT);
  person("child", "2015-03-14", access::v1::FAMILY_ROLE_CHILD);
  person("teen", "2009-03-14", access::v1::FAMILY_ROLE_CHILD);
  for (const char* over : {"child", "teen"}) {
    access::v1::Gezag* g = facts.add_gezag();
    g->set_holder_person("mother");
    g->set_over(over);
    g->set_start_date("2009-03-14");
  }
  const auto shown = [&](std::vector<std::string> about, bool told) {
    access::v1::GroundFact ground;
    for (const auto& p : about) ground.mutable_about()->add_persons(p);
    ground.set_family_told(told);
    ground.set_reviewer("professionals/x");
    ground.set_review_date("2026-12-31");
    return policy::GroundShowsTo(facts, ground, "mother", base::Date(2026, 11, 23));
  };
  EXPECT_TRUE(shown({"child"}, true));
  EXPECT_FALSE(shown({"child"}, false)) << "unsafe to tell";
  EXPECT_FALSE(shown({"child", "teen"}, true)) << "who is 17 decides alone";
  EXPECT_FALSE(shown({"stranger"}, true));
}

}  // namespace
}  // namespace knooppunt::worklist
