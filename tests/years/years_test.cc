// Families walked through twenty years of days: whatever the engine answers, on every day, at
// midnight and in the last second, an oracle written apart from it answers too (R11-R18).
//
// KNOOPPUNT_LONG=1 walks many more families; KNOOPPUNT_SEED=n starts at another seed.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/consent_rules.h"
#include "security/policy/engine.h"
#include "security/policy/forecast.h"
#include "security/policy/leading.h"
#include "tests/years/family_maker.h"
#include "tests/years/oracle.h"

namespace knooppunt::years {
namespace {

using common::v1::Purpose;

constexpr int kYears = 20;
constexpr int kForecastEveryDays = 61;
constexpr Purpose kPurposes[] = {common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_HANDOVER};

struct Counts {
  int64_t families = 0, days = 0, decisions = 0, narrowed = 0, widened = 0, eased = 0,
          forecasts = 0, led_by_stand_in = 0;
};

std::shared_ptr<const policy::Table> LoadPolicy() {
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  auto table = policy::Table::Load(
      absl::StrCat(root != nullptr ? root : ".", "/security/policy/policy.textproto"));
  if (!table.ok()) std::abort();
  return *table;
}

std::string Words(const Sight& s) {
  return s.allowed ? absl::StrCat("{", absl::StrJoin(s.scopes, " "), "}") : "refused";
}

// One family on its way.
class Walk {
 public:
  Walk(const policy::Table& table, Story story, Counts* counts)
      : table_(table),
        story_(std::move(story)),
        counts_(*counts),
        oracle_(&story_.facts,
                {{kSchool, "school"}, {kJgz, "jgz"}, {kMunicipality, "municipality"}}) {
    world_.facts = &story_.facts;
    world_.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = story_.professionals.find(std::string(name));
      return it == story_.professionals.end() ? nullptr : &it->second;
    };
    world_.kind_of = [](absl::string_view name) {
      if (name == kSchool) return common::v1::ORGANISATION_KIND_SCHOOL_BOARD;
      return name == kJgz ? common::v1::ORGANISATION_KIND_YOUTH_HEALTH
                          : common::v1::ORGANISATION_KIND_MUNICIPALITY;
    };
  }

  // Stops at the first day on which the two differ.
  void Run() {
    size_t next = 0;
    ++counts_.families;
    for (day_ = story_.first; day_ < story_.last && !::testing::Test::HasFailure(); ++day_) {
      ++counts_.days;
      oracle_.Midnight(day_);
      Look(MidnightOf(day_), /*by_itself=*/day_ > story_.first);
      const int64_t tomorrow = MidnightOf(day_ + 1);
      bool happened = false;
      for (; next < story_.events.size() && story_.events[next].time < tomorrow; ++next) {
        story_.events[next].apply(&story_.facts);
        if (story_.events[next].rewrites) oracle_.Recorded(day_);
        happened = true;
      }
      if (happened) Look(tomorrow - 1, /*by_itself=*/false);
      if ((day_ - story_.first) % kForecastEveryDays == 0) LookAhead();
    }
    counts_.eased += oracle_.eased();
  }

 private:
  bool Employed(const access::v1::Seat& seat) const {
    const auto& term = story_.professionals.at(seat.professional()).functions(0);
    return DayOfIso(term.start_date()) <= day_ &&
           (term.end_date().empty() || day_ < DayOfIso(term.end_date()));
  }

  Sight Ask(const access::v1::TokenClaims& claims, Purpose purpose, int64_t now) {
    policy::Question q;
    q.permission = "case.read";
    q.claims = &claims;
    q.purpose = purpose;
    q.about_family = true;
    q.case_id = "c1";
    q.now = absl::FromUnixSeconds(now);
    const policy::Outcome outcome = policy::Decide(table_, world_, q);
    ++counts_.decisions;
    in_force_ = {outcome.effective_consents.begin(), outcome.effective_consents.end()};
    Sight out;
    out.allowed = outcome.allowed;
    for (const policy::OpenScope& s : outcome.scopes) out.scopes.insert(s.scope);
    return out;
  }

  std::string Where(int64_t now, absl::string_view who) const {
    return absl::StrCat(story_.form, " on ", IsoOf(day_), " at ", now - MidnightOf(day_),
                        " s after midnight, ", who);
  }

  void Look(int64_t now, bool by_itself) {
    oracle_.Look();
    for (const access::v1::Seat& seat : story_.facts.cases(0).seats()) {
      if (seat.professional().empty()) continue;
      access::v1::TokenClaims claims;
      claims.set_subject(seat.professional());
      claims.set_organisation(seat.organisation());
      claims.set_function(seat.function());
      claims.set_two_factor(true);
      for (const Purpose purpose : kPurposes) {
        const Sight seen = Ask(claims, purpose, now);
        const Sight expected = oracle_.StaffSees(seat, Employed(seat), purpose, now);
        const std::string who = absl::StrCat(seat.id(), " for ", purpose);
        EXPECT_TRUE(seen == expected)
            << Where(now, who) << ": " << Words(seen) << ", not " << Words(expected);
        Compare(who, seat.organisation(), seen, by_itself, now);
      }
    }
    EXPECT_EQ(in_force_, oracle_.ConsentsInForce()) << Where(now, "consents");
    for (const access::v1::PersonFact& person : story_.facts.persons()) {
      access::v1::TokenClaims claims;
      claims.set_subject(person.account());
      claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
      const Sight seen = Ask(claims, common::v1::PURPOSE_OWN_FILE, now);
      const Sight expected = oracle_.MemberSees(person.id());
      EXPECT_TRUE(seen == expected)
          << Where(now, person.id()) << ": " << Words(seen) << ", not " << Words(expected);
    }
    const std::string leads =
        policy::RegisseurSeat(table_, world_, story_.facts.cases(0), absl::FromUnixSeconds(now));
    EXPECT_EQ(leads, oracle_.Regisseur([&](const auto& s) { return Employed(s); }, now))
        << Where(now, "regisseur");
    if (leads == "seat-ib") ++counts_.led_by_stand_in;
  }

  // R14: between two days, with nothing recorded, a seat gains only by a first day that was
  // agreed on. A birthday and a change in gezag never open anything for staff.
  void Compare(const std::string& who, const std::string& organisation, const Sight& seen,
               bool by_itself, int64_t now) {
    Sight& last = last_[who];
    const bool gains = std::any_of(seen.scopes.begin(), seen.scopes.end(),
                                   [&](const auto& s) { return !last.scopes.contains(s); });
    const bool loses = std::any_of(last.scopes.begin(), last.scopes.end(),
                                   [&](const auto& s) { return !seen.scopes.contains(s); });
    if (by_itself && loses) ++counts_.narrowed;
    if (by_itself && gains) {
      ++counts_.widened;
      const std::string today = IsoOf(day_);
      const auto begins = [&](const auto& basis) {
        return basis.recipient() == organisation && basis.start_date() == today;
      };
      const auto& f = story_.facts;
      EXPECT_TRUE(std::any_of(f.consents().begin(), f.consents().end(), begins) ||
                  std::any_of(f.grounds().begin(), f.grounds().end(), begins))
          << Where(now, who) << ": opened by itself";
    }
    last = seen;
  }

  // The forecast against going on day by day.
  void LookAhead() {
    for (const access::v1::ConsentFact& c : story_.facts.consents()) {
      if (!in_force_.contains(c.id())) continue;
      const base::Date today = *base::ParseDate(IsoOf(day_));
      const auto lapse = policy::NextLapse(table_, story_.facts, c, today);
      ASSERT_TRUE(lapse.has_value()) << Where(MidnightOf(day_), c.id());
      EXPECT_EQ(base::FormatDate(lapse->date), IsoOf(oracle_.FirstDayWithout(c.id())))
          << Where(MidnightOf(day_), c.id());
      EXPECT_NE(lapse->cause, access::v1::LAPSE_CAUSE_UNSPECIFIED);
      ++counts_.forecasts;
    }
  }

  const policy::Table& table_;
  Story story_;
  Counts& counts_;
  Oracle oracle_;
  policy::World world_;
  Day day_ = 0;
  std::set<std::string> in_force_;     // as the last decision said
  std::map<std::string, Sight> last_;  // by seat and purpose
};

TEST(Years, R14EveryDayOfTwentyYearsIsAsTheOracleReadsTheRules) {
  const auto table = LoadPolicy();
  const int families = std::getenv("KNOOPPUNT_LONG") == nullptr ? 12 : 2000;
  const char* given = std::getenv("KNOOPPUNT_SEED");
  const uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  Counts counts;
  for (uint64_t seed = first; seed < first + families; ++seed) {
    SCOPED_TRACE(absl::StrCat("KNOOPPUNT_SEED=", seed));
    Walk(*table, MakeStory(seed, kYears), &counts).Run();
    if (HasFailure()) break;
  }
  std::printf(
      "seeds from %llu: %lld families, %lld days, %lld decisions, %lld forecasts; by itself %lld "
      "times narrower and %lld times wider on an agreed first day; %lld times signatures lapsed "
      "because fewer were asked; the stand-in led %lld times\n",
      static_cast<unsigned long long>(first), static_cast<long long>(counts.families),
      static_cast<long long>(counts.days), static_cast<long long>(counts.decisions),
      static_cast<long long>(counts.forecasts), static_cast<long long>(counts.narrowed),
      static_cast<long long>(counts.widened), static_cast<long long>(counts.eased),
      static_cast<long long>(counts.led_by_stand_in));
  // A walk on which nothing happens shows nothing.
  EXPECT_GT(counts.narrowed, counts.families / 2);
  EXPECT_GT(counts.widened, counts.families / 10);
  EXPECT_GT(counts.eased, counts.families / 10);
  EXPECT_GT(counts.forecasts, counts.families);
  EXPECT_GT(counts.led_by_stand_in, counts.families);
}

// The oracle's own feet on the ground, by the calendar on the wall.
TEST(YearsOracle, R14DaysAreThoseOfAmsterdam) {
  EXPECT_EQ(IsoOf(DayOf(2024, 2, 29)), "2024-02-29");
  EXPECT_EQ(IsoOf(DayOf(2025, 2, 28) + 1), "2025-03-01");
  EXPECT_EQ(IsoOf(0), "1970-01-01");
  EXPECT_EQ(IsoOf(BirthdayOf("2016-02-29", 12)), "2028-02-29");
  EXPECT_EQ(IsoOf(BirthdayOf("2016-02-29", 18)), "2034-03-01");
  EXPECT_EQ(AgeOn("2016-02-29", DayOf(2034, 2, 28)), 17);
  // Clocks went on 29 March and 25 October 2026.
  for (const auto& [day, hours] : std::map<Day, int>{{DayOf(2026, 3, 28), 24},
                                                     {DayOf(2026, 3, 29), 23},
                                                     {DayOf(2026, 3, 30), 24},
                                                     {DayOf(2026, 10, 25), 25}}) {
    EXPECT_EQ(MidnightOf(day + 1) - MidnightOf(day), hours * 3600) << IsoOf(day);
  }
  for (Day d = DayOf(2020, 1, 1); d < DayOf(2041, 1, 1); ++d) {
    ASSERT_EQ(MidnightOf(d), absl::ToUnixSeconds(base::StartOf(*base::ParseDate(IsoOf(d)))));
  }
}

}  // namespace
}  // namespace knooppunt::years
