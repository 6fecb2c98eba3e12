// Deputies: who, for which seat, how long (R39); and what the table shows of seats (R1).
#include <functional>
#include <string>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/casework/rules.h"
#include "services/casework/view.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);

access::v1::ProfessionalFacts Employed(const std::string& id, const std::string& organisation) {
  access::v1::ProfessionalFacts p;
  p.set_name("professionals/" + id);
  p.set_display_name(id);
  auto* term = p.add_functions();
  term->set_organisation(organisation);
  term->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  term->set_start_date("2020-01-01");
  return p;
}

// The IB of the school, a consultant of the city who leads with the IB behind them, a nurse and
// the mother. Each request deputises the consultant for the next four weeks.
struct Setting {
  CaseFact c;
  v1::ArrangeDeputyRequest req;
  access::v1::ProfessionalFacts deputy = Employed("deputy", "organisations/city");
  std::string by = "consultant";
  absl::Time now = kNow;

  Setting() {
    c.set_state(access::v1::CASE_STATE_ACTIVE);
    c.set_organisation("organisations/school");
    AddSeat("ib", "organisations/school", access::v1::SEAT_ROLE_WERKPLAATS);
    AddSeat("consultant", "organisations/city", access::v1::SEAT_ROLE_CORE_PARTNER);
    AddSeat("nurse", "organisations/jgz", access::v1::SEAT_ROLE_CORE_PARTNER);
    Seat* mother = c.add_seats();
    mother->set_id("mother");
    mother->set_person("p-2");
    mother->set_role(access::v1::SEAT_ROLE_FAMILY);
    mother->set_state(access::v1::SEAT_STATE_JOINED);
    auto* term = c.add_terms();
    term->set_seat("consultant");
    term->set_stand_in_seat("ib");
    req.set_seat("consultant");
    req.set_professional("professionals/deputy");
    req.set_end_date("2026-12-21");
  }
  void AddSeat(const std::string& id, const char* organisation, access::v1::SeatRole role) {
    Seat* s = c.add_seats();
    s->set_id(id);
    s->set_professional("professionals/" + id);
    s->set_organisation(organisation);
    s->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    s->set_role(role);
    s->set_state(access::v1::SEAT_STATE_JOINED);
  }
  Seat& Of(const char* id) { return *dossier::MutableSeat(&c, id); }
  absl::StatusOr<Seat> Arrange() {
    const std::string regisseur = dossier::LeaderAt(c, now).seat;
    return DeputySeat(c, req, {.by = Of(by.c_str()), .regisseur = regisseur}, deputy, "s-new", now);
  }
  std::string Reason() { return base::ReasonOf(Arrange().status()); }
};

TEST(DeputyRulesTest, R39ADeputyTakesTheSeatAsItIsForThePeriod) {
  Setting s;
  const auto seat = s.Arrange();
  ASSERT_OK(seat);
  EXPECT_EQ(seat->id(), "s-new");
  EXPECT_EQ(seat->deputises(), "consultant");
  EXPECT_EQ(seat->professional(), "professionals/deputy");
  EXPECT_EQ(seat->display_name(), "deputy");
  EXPECT_EQ(seat->organisation(), "organisations/city");
  EXPECT_EQ(seat->function(), common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  EXPECT_EQ(seat->role(), access::v1::SEAT_ROLE_CORE_PARTNER);
  EXPECT_EQ(seat->state(), access::v1::SEAT_STATE_JOINED);
  EXPECT_EQ(seat->start_time(), absl::ToUnixSeconds(kNow));
  EXPECT_EQ(seat->end_time(), absl::ToUnixSeconds(base::StartOf(base::Date(2026, 12, 21))));
  s.req.set_start_date("2026-12-01");
  EXPECT_EQ(s.Arrange()->start_time(), absl::ToUnixSeconds(base::StartOf(base::Date(2026, 12, 1))));
}

TEST(DeputyRulesTest, R39WhoMayArrangeWhomForWhichSeatAndHowLong) {
  const struct {
    std::string reason;
    std::function<void(Setting&)> change;
  } cases[] = {
      {"", [](Setting& s) { s.by = "ib"; }},  // the werkplaats
      {"NOT_YOURS_TO_DEPUTISE", [](Setting& s) { s.by = "nurse"; }},
      {"NOT_YOURS_TO_DEPUTISE",  // the stand-in of a regisseur who is there
       [](Setting& s) {
         s.by = "nurse";
         s.c.mutable_terms(0)->set_stand_in_seat("nurse");
       }},
      {"NOT_YOURS_TO_DEPUTISE", [](Setting& s) { s.by = "mother"; }},
      {"",  // the regisseur, for another's seat
       [](Setting& s) {
         s.req.set_seat("nurse");
         s.deputy = Employed("deputy", "organisations/jgz");
       }},
      {"OWN_DEPUTY", [](Setting& s) { s.req.set_professional("professionals/consultant"); }},
      {"DEPUTY_IS_SOMEBODY_ELSE",
       [](Setting& s) {
         s.by = "ib";
         s.req.set_professional("professionals/consultant");
         s.deputy = Employed("consultant", "organisations/city");
       }},
      {"NOT_A_COLLEAGUE", [](Setting& s) { s.deputy = Employed("deputy", "organisations/jgz"); }},
      {"NOT_A_COLLEAGUE",
       [](Setting& s) {
         s.deputy.mutable_functions(0)->set_function(common::v1::FUNCTION_YOUTH_CARE_WORKER);
       }},
      {"NOT_A_COLLEAGUE",
       [](Setting& s) { s.deputy.mutable_functions(0)->set_end_date("2026-11-23"); }},
      {"NOT_A_COLLEAGUE",
       [](Setting& s) {
         s.req.set_start_date("2026-12-01");
         s.deputy.mutable_functions(0)->set_end_date("2026-12-01");
       }},
      {"UNKNOWN_PROFESSIONAL", [](Setting& s) { s.deputy.Clear(); }},
      {"INVALID_FIELD", [](Setting& s) { s.req.set_professional("junk"); }},
      {"FAMILY_NOT_DEPUTISED",
       [](Setting& s) {
         s.by = "ib";
         s.req.set_seat("mother");
       }},
      {"DEPUTY_NOT_DEPUTISED", [](Setting& s) { s.Of("consultant").set_deputises("ib"); }},
      {"R26_RECEIVER_SEAT",
       [](Setting& s) { s.Of("consultant").set_role(access::v1::SEAT_ROLE_RECEIVER); }},
      {"SEAT_NOT_AT_TABLE",
       [](Setting& s) { s.Of("consultant").set_state(access::v1::SEAT_STATE_INVITED); }},
      {"SEAT_NOT_AT_TABLE",
       [](Setting& s) { s.Of("consultant").set_state(access::v1::SEAT_STATE_ENDED); }},
      {"ALREADY_AT_TABLE",
       [](Setting& s) { s.AddSeat("deputy", "organisations/city", access::v1::SEAT_ROLE_AD_HOC); }},
      {"", [](Setting& s) { s.req.set_end_date("2027-02-23"); }},  // 92 days
      {"INVALID_FIELD", [](Setting& s) { s.req.set_end_date("2027-02-24"); }},
      {"INVALID_FIELD", [](Setting& s) { s.req.set_end_date("2026-11-23"); }},
      {"INVALID_FIELD", [](Setting& s) { s.req.clear_end_date(); }},
      {"INVALID_FIELD", [](Setting& s) { s.req.set_start_date("2026-11-22"); }},
      {"INVALID_FIELD", [](Setting& s) { s.req.set_start_date("2027-02-24"); }},
      {"", [](Setting& s) { s.req.set_start_date("2026-11-23"); }},
  };
  for (const auto& c : cases) {
    Setting s;
    c.change(s);
    EXPECT_EQ(s.Reason(), c.reason) << s.req.ShortDebugString() << s.by;
  }
  Setting s;
  s.req.set_seat("s-nobody");
  EXPECT_THAT(s.Arrange(), ::knooppunt::testing::StatusIs(absl::StatusCode::kNotFound));
  s.req.set_seat("consultant");
  s.c.set_state(access::v1::CASE_STATE_CLOSED);
  EXPECT_FALSE(s.Arrange().ok());
}

TEST(DeputyRulesTest, R39OneDeputyAtATimeAndNoneLongerThanTheSeat) {
  Setting s;
  *s.c.add_seats() = *s.Arrange();
  s.req.set_professional("professionals/second");
  s.deputy = Employed("second", "organisations/city");
  EXPECT_EQ(s.Reason(), "ALREADY_DEPUTISED");
  s.req.set_start_date("2026-12-21");
  s.req.set_end_date("2027-01-04");
  EXPECT_EQ(s.Reason(), "") << "the next takes over on the day on which the first leaves";
  s.Of("consultant").set_end_time(absl::ToUnixSeconds(base::StartOf(base::Date(2026, 12, 28))));
  EXPECT_EQ(s.Arrange()->end_time(), s.Of("consultant").end_time());
  s.req.set_start_date("2026-12-28");
  EXPECT_EQ(s.Reason(), "SEAT_ENDS_BEFORE");
}

TEST(DeputyRulesTest, R39DeputiesLeaveWithTheSeatAndWhoHoldsItSendsThemAway) {
  Setting s;
  *s.c.add_seats() = *s.Arrange();
  CaseFact sent = s.c;
  ASSERT_OK(EndSeat(&sent, "s-new", *dossier::FindSeat(sent, "consultant"), kNow));
  EXPECT_EQ(dossier::FindSeat(sent, "s-new")->state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(dossier::FindSeat(sent, "consultant")->state(), access::v1::SEAT_STATE_JOINED);

  s.Of("s-new").set_id("s-deputy");
  ASSERT_OK(EndSeat(&s.c, "consultant", Seat(s.Of("consultant")), kNow));
  EXPECT_EQ(s.Of("s-deputy").state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(s.Of("s-deputy").end_reason(), "deputised");
  EXPECT_EQ(dossier::LeaderAt(s.c, kNow).seat, "ib") << "the stand-in leads, not the deputy (R1)";
}

TEST(DeputyRulesTest, R27R39ADeputyDoesNotKeepTheWerkplaatsAtTheTable) {
  Setting s;
  s.req.set_seat("ib");
  s.deputy = Employed("deputy", "organisations/school");
  *s.c.add_seats() = *s.Arrange();
  s.c.mutable_terms(0)->set_stand_in_seat("nurse");
  EXPECT_EQ(base::ReasonOf(EndSeat(&s.c, "ib", Seat(s.Of("ib")), kNow)), "R27_WERKPLAATS_LEFT");
  EXPECT_OK(EndSeat(&s.c, "s-new", Seat(s.Of("ib")), kNow));
}

TEST(DeputyRulesTest, R7R39WhoWasDeputisedWasThereAndTheDeputyConfirmsForThem) {
  Setting s;
  *s.c.add_seats() = *s.Arrange();
  v1::ConcludeMeetingRequest req;
  EXPECT_THAT(AbsentCorePartners(s.c, req, kNow), ElementsAre("consultant", "nurse"))
      << "a deputy is not one more partner";
  for (const char* seat : {"s-new", "nurse"}) req.add_attendances()->set_seat(seat);
  EXPECT_THAT(AbsentCorePartners(s.c, req, kNow), IsEmpty());
  v1::Meeting meeting;
  meeting.set_state(v1::MEETING_STATE_CONCLUDED);
  meeting.add_feedback()->set_seat("consultant");
  EXPECT_EQ(base::ReasonOf(ConfirmFeedback(&meeting, s.Of("nurse"), kNow)), "R7_NO_FEEDBACK");
  EXPECT_OK(ConfirmFeedback(&meeting, s.Of("s-new"), kNow));
}

TEST(DeputyRulesTest, R39ADeputyDoesTheStepsOfTheSeatAndLeadsForTheRegisseur) {
  Setting s;
  *s.c.add_seats() = *s.Arrange();
  EXPECT_TRUE(dossier::LeadsOrStandsIn(s.c, "s-new"));
  s.c.mutable_terms(0)->set_seat("nurse");
  EXPECT_FALSE(dossier::LeadsOrStandsIn(s.c, "s-new"));
  v1::Step step;
  step.set_state(v1::STEP_STATE_BINDING);
  step.set_owner_seat("consultant");
  step.set_outcome("Toegezegd.");
  EXPECT_OK(CompleteStep(&step, s.c, s.Of("s-new"), "Gedaan."));
  EXPECT_EQ(step.outcome(), "Toegezegd.\nGedaan.") << "what was decided stays";
}

TEST(TakeOverTest, R1R37WhoTakesOverLeadsAndTheSeatsThatWereLeftEnd) {
  Setting s;
  Seat* deputy = s.c.add_seats();
  *deputy = s.Of("ib");
  deputy->set_id("deputy-of-ib");
  deputy->set_deputises("ib");
  access::v1::TokenClaims who;
  who.set_subject("professionals/contact");
  who.set_organisation("organisations/school");
  who.set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  who.set_display_name("Co Ntact");
  const Seat seat = TakeOver(&s.c, who, "s-new", kNow);
  EXPECT_EQ(seat.role(), access::v1::SEAT_ROLE_WERKPLAATS);
  EXPECT_EQ(seat.professional(), "professionals/contact");
  EXPECT_EQ(s.Of("ib").state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(s.Of("ib").end_reason(), "employment");
  EXPECT_EQ(s.Of("deputy-of-ib").state(), access::v1::SEAT_STATE_ENDED) << "R39";
  EXPECT_EQ(s.Of("nurse").state(), access::v1::SEAT_STATE_JOINED) << "another organisation's";
  ASSERT_EQ(s.c.terms_size(), 2);
  EXPECT_EQ(s.c.terms(0).end_time(), s.c.terms(1).start_time()) << "never none, never two";
  EXPECT_EQ(s.c.terms(1).seat(), "s-new");
  EXPECT_EQ(s.c.terms(1).stand_in_seat(), "");
  EXPECT_EQ(dossier::LeaderAt(s.c, kNow).seat, "s-new");
}

TEST(TableViewTest, R1ASeatShowsAsEndedWhenItsFunctionHas) {
  Setting s;
  *s.c.add_seats() = *s.Arrange();
  Table table;
  EXPECT_TRUE(SeatStands(s.c, s.Of("consultant"), table, kNow)) << "nothing known against it";
  table.people["professionals/consultant"] = Employed("consultant", "organisations/city");
  table.people["professionals/deputy"] = s.deputy;
  EXPECT_TRUE(SeatStands(s.c, s.Of("consultant"), table, kNow));
  EXPECT_TRUE(SeatStands(s.c, s.Of("s-new"), table, kNow));
  table.people["professionals/consultant"].mutable_functions(0)->set_end_date("2026-11-23");
  EXPECT_FALSE(SeatStands(s.c, s.Of("consultant"), table, kNow));
  EXPECT_FALSE(SeatStands(s.c, s.Of("s-new"), table, kNow)) << "the deputy with them (R39)";
  EXPECT_EQ(ParticipantView(s.c, s.Of("consultant"), table, kNow).state(),
            access::v1::SEAT_STATE_ENDED);
  const absl::Time later = base::StartOf(base::Date(2026, 12, 21));
  EXPECT_FALSE(SeatStands(s.c, s.Of("s-new"), {}, later)) << "the period is over";
}

TEST(TableViewTest, R1TheCaseShowsWhoActsAsRegisseur) {
  Setting s;
  access::v1::FamilyFacts facts;
  facts.set_id("f-1");
  *facts.add_cases() = s.c;
  Table table;
  table.leader.set_case_id(s.c.id());
  table.leader.set_kind(access::v1::LEAD_KIND_STAND_IN);
  table.leader.set_seat("ib");
  table.leader.set_start_time(absl::ToUnixSeconds(base::StartOf(base::Date(2026, 11, 20))));
  v1::Case shown = BasicView(facts, facts.cases(0), table, kNow);
  EXPECT_EQ(shown.regisseur().seat(), "ib");
  EXPECT_EQ(shown.regisseur().stand_in_seat(), "") << "a task to appoint";
  EXPECT_EQ(shown.regisseur().start_time().seconds(),
            absl::ToUnixSeconds(base::StartOf(base::Date(2026, 11, 20))));
  table.leader.Clear();
  shown = BasicView(facts, facts.cases(0), table, kNow);
  EXPECT_EQ(shown.regisseur().seat(), "consultant") << "nothing known against it";
  EXPECT_EQ(shown.regisseur().stand_in_seat(), "ib");
}

TEST(TableViewTest, R1R37TheCaseShowsThatTheOrganisationHoldsItByFunction) {
  Setting s;
  access::v1::FamilyFacts facts;
  facts.set_id("f-1");
  *facts.add_cases() = s.c;
  Table table;
  table.leader.set_case_id(s.c.id());
  table.leader.set_kind(access::v1::LEAD_KIND_FUNCTION);
  table.leader.set_organisation("organisations/school");
  table.leader.set_acting("professionals/contact");
  const v1::Case shown = BasicView(facts, facts.cases(0), table, kNow);
  EXPECT_EQ(shown.regisseur().seat(), "");
  EXPECT_EQ(shown.regisseur().organisation(), "organisations/school");
  EXPECT_EQ(shown.regisseur().acting(), "professionals/contact");
  EXPECT_FALSE(shown.regisseur().has_start_time()) << "the facts do not tell since when";
}

TEST(TableViewTest, R6TheTableShowsTheMandatesThatHoldForTheOrganisation) {
  Setting s;
  Table table;
  access::v1::ProfessionalFacts& p = table.people["professionals/consultant"] =
      Employed("consultant", "organisations/city");
  const auto add = [&](const char* name, const char* organisation, const char* end) {
    access::v1::Mandate* m = p.add_mandates();
    m->set_name(name);
    m->set_organisation(organisation);
    m->set_start_date("2026-01-01");
    m->set_end_date(end);
  };
  add("holds", "organisations/city", "");
  add("ended", "organisations/city", "2026-11-23");
  add("elsewhere", "organisations/jgz", "");
  v1::Participant shown = ParticipantView(s.c, s.Of("consultant"), table, kNow);
  ASSERT_EQ(shown.mandates_size(), 1);
  EXPECT_EQ(shown.mandates(0).name(), "holds");
  s.Of("consultant").set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(ParticipantView(s.c, s.Of("consultant"), table, kNow).mandates_size(), 0);
}

}  // namespace
}  // namespace knooppunt::casework
