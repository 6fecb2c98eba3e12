#include "tests/years/family_maker.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"

namespace knooppunt::years {
namespace {

using access::v1::ConsentFact;
using access::v1::FamilyFacts;
using common::v1::Compartment;
using common::v1::Purpose;

constexpr int kForms = 9;
const char* const kFormNames[kForms] = {"divorced",    "one-holder", "vacant",
                                        "institution", "replaced",   "recorded-late",
                                        "gezag-ends",  "incapable",  "lost-and-back"};
constexpr char kWording[] = "w1";

class Maker {
 public:
  Maker(uint64_t seed, int years) : random_(seed), form_(static_cast<int>(seed % kForms)) {
    story_.form = kFormNames[form_];
    story_.first = DayOf(2020, 1, 1);
    story_.last = DayOf(2020 + years, 1, 1);
  }

  Story Make() {
    Persons();
    Case();
    Scopes();
    GezagOverChild();
    HolderOf("mother", "sibling", "2000-01-01", "");
    if (Chance(50)) HolderOf("father", "sibling", "2000-01-01", "");
    const int consents = 10 + Below(6);
    for (int i = 0; i < consents; ++i) Consent(i);
    for (int i = 0; i < 4; ++i) Ground(i);
    std::stable_sort(story_.events.begin(), story_.events.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
    return std::move(story_);
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }
  Day AnyDay() { return story_.first + Below(static_cast<int>(story_.last - story_.first)); }
  // An instant of that day: midnight itself, its last second, or some hour.
  int64_t InstantOn(Day day) {
    switch (Below(4)) {
      case 0:
        return MidnightOf(day);
      case 1:
        return MidnightOf(day + 1) - 1;
      default:
        return MidnightOf(day) + 3600 * (1 + Below(21)) + Below(3600);
    }
  }

  void Person(const char* id, const std::string& born, access::v1::FamilyRole role) {
    auto* p = story_.facts.add_persons();
    p->set_id(id);
    p->set_birth_date(born);
    p->set_role(role);
    p->set_account(absl::StrCat("accounts/", id));
  }

  // Children of whom some birthday of 12, 16 and 18 falls within the years; one in four of them
  // of a leap day, one in four of a day around which the clock goes. Born before the years begin:
  // nobody is recorded, or agrees about somebody, before they are born (casework and family refuse
  // such a day).
  std::string BirthDate() {
    const int year = 2004 + Below(16);
    switch (Below(4)) {
      case 0:
        return absl::StrCat(year - year % 4, "-02-29");
      case 1:
        return IsoOf(DayOf(year, Chance(50) ? 3 : 10, 24 + Below(8)));
      default:
        return IsoOf(DayOf(year, 1, 1) + Below(365));
    }
  }

  void Persons() {
    story_.facts.set_id("f1");
    child_born_ = BirthDate();
    Person("child", child_born_, access::v1::FAMILY_ROLE_CHILD);
    Person("sibling", BirthDate(), access::v1::FAMILY_ROLE_CHILD);
    Person("mother", "1980-06-01", access::v1::FAMILY_ROLE_PARENT);
    Person("father", "1979-02-28", access::v1::FAMILY_ROLE_PARENT);
    Person("guardian", "1961-09-30", access::v1::FAMILY_ROLE_GUARDIAN);
    if (form_ == 7) story_.facts.mutable_persons(0)->set_incapacitated(true);
  }

  void HolderOf(const std::string& holder, const char* over, const std::string& from,
                const std::string& until) {
    auto* g = story_.facts.add_gezag();
    g->set_id(absl::StrCat("g", story_.facts.gezag_size()));
    (holder[0] == 'o' ? g->mutable_holder_organisation() : g->mutable_holder_person())
        ->assign(holder);
    g->set_over(over);
    g->set_start_date(from);
    g->set_end_date(until);
  }

  // A record that comes on `recorded` about a day that may lie before it.
  void RecordLater(const std::string& holder, Day recorded, Day from, const std::string& ends) {
    const std::string id = absl::StrCat("late", story_.events.size());
    story_.events.push_back(
        {InstantOn(recorded), true, [holder, from, ends, id](FamilyFacts* facts) {
           for (auto& g : *facts->mutable_gezag()) {
             const bool meant = g.over() == "child" && g.holder_person() == ends;
             if (!ends.empty() && meant && g.end_date().empty()) g.set_end_date(IsoOf(from));
           }
           if (holder.empty()) return;
           auto* g = facts->add_gezag();
           g->set_id(id);
           (holder[0] == 'o' ? g->mutable_holder_organisation() : g->mutable_holder_person())
               ->assign(holder);
           g->set_over("child");
           g->set_start_date(IsoOf(from));
         }});
  }

  void GezagOverChild() {
    const std::string born = child_born_;
    const Day day = AnyDay();
    const Day adult = BirthdayOf(born, 18);
    if (form_ == 2) return;
    if (form_ == 3) return HolderOf(kGuardian, "child", born, "");
    HolderOf("mother", "child", born, "");
    switch (form_) {
      case 4:  // a court gives it to the guardian, or to the institution
        return RecordLater(Chance(50) ? "guardian" : kGuardian, day, day, "mother");
      case 5:  // the father had it all along, or since some time: found out late
        return RecordLater("father", day, day - Below(900), "");
      case 6:
        HolderOf("father", "child", born, "");
        return RecordLater("", day, Chance(50) ? day : day - Below(60), "father");
      case 7:
        HolderOf("father", "child", born, "");
        if (adult < story_.last) {
          RecordLater("guardian", adult - Below(30), adult + Below(120), "");
        }
        return;
      case 8:
        RecordLater("", day, day, "mother");
        return RecordLater("mother", day + 200, day + 200, "");
      default:
        if (form_ == 0) HolderOf("father", "child", born, "");
    }
  }

  void Seat(const char* id, const char* organisation, common::v1::Function function,
            access::v1::SeatRole role) {
    auto* s = story_.facts.mutable_cases(0)->add_seats();
    s->set_id(absl::StrCat("seat-", id));
    s->set_role(role);
    s->set_state(access::v1::SEAT_STATE_JOINED);
    s->set_start_time(1);
    if (organisation[0] == '\0') return s->set_person(id);
    s->set_professional(absl::StrCat("professionals/", id));
    s->set_organisation(organisation);
    s->set_function(function);
    auto& p = story_.professionals[s->professional()];
    p.set_name(s->professional());
    auto* term = p.add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2019-01-01");
  }

  void Case() {
    auto* c = story_.facts.add_cases();
    c->set_id("c1");
    c->set_state(access::v1::CASE_STATE_ACTIVE);
    c->set_werkplaats("werkplaatsen/school");
    c->set_organisation(kSchool);
    c->add_children("child");
    Seat("ib", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER, access::v1::SEAT_ROLE_WERKPLAATS);
    Seat("nurse", kJgz, common::v1::FUNCTION_JGZ_NURSE, access::v1::SEAT_ROLE_CORE_PARTNER);
    Seat("consultant", kMunicipality, common::v1::FUNCTION_MUNICIPAL_CONSULTANT,
         access::v1::SEAT_ROLE_CORE_PARTNER);
    Seat("mother", "", common::v1::FUNCTION_UNSPECIFIED, access::v1::SEAT_ROLE_FAMILY);
    Seat("child", "", common::v1::FUNCTION_UNSPECIFIED, access::v1::SEAT_ROLE_FAMILY);
    if (Chance(30)) {  // she leaves her work one day
      story_.professionals["professionals/nurse"].mutable_functions(0)->set_end_date(
          IsoOf(AnyDay()));
    }
    if (Chance(30)) c->mutable_seats(2)->set_end_time(InstantOn(AnyDay()));
    auto* term = c->add_terms();
    const char* const kLeaders[] = {"seat-mother", "seat-child", "seat-nurse", "seat-consultant"};
    term->set_seat(kLeaders[Below(4)]);
    term->set_stand_in_seat("seat-ib");
    term->set_start_time(1);
  }

  void Scope(const char* id, std::vector<const char*> persons, bool family, Compartment compartment,
             common::v1::Regime regime, const char* controller) {
    auto* s = story_.facts.add_scopes();
    s->set_id(id);
    for (const char* p : persons) s->mutable_label()->mutable_about()->add_persons(p);
    s->mutable_label()->mutable_about()->set_family(family);
    s->mutable_label()->set_compartment(compartment);
    s->mutable_label()->set_regime(regime);
    s->mutable_label()->set_controller(controller);
  }

  void Scopes() {
    using namespace common::v1;
    Scope("child-school", {"child"}, false, COMPARTMENT_EDUCATION, REGIME_EDUCATION, kSchool);
    Scope("child-health", {"child"}, false, COMPARTMENT_HEALTH, REGIME_HEALTH, kJgz);
    Scope("child-safety", {"child"}, false, COMPARTMENT_SAFETY, REGIME_YOUTH_CARE, kMunicipality);
    Scope("sibling-school", {"sibling"}, false, COMPARTMENT_EDUCATION, REGIME_EDUCATION, kSchool);
    Scope("mother", {"mother"}, false, COMPARTMENT_FAMILY, REGIME_MUNICIPAL, kMunicipality);
    Scope("child-mother", {"child", "mother"}, false, COMPARTMENT_CARE, REGIME_YOUTH_CARE,
          kMunicipality);
    Scope("family", {}, true, COMPARTMENT_FAMILY, REGIME_MUNICIPAL, kMunicipality);
    Scope("father", {"father"}, false, COMPARTMENT_EDUCATION, REGIME_EDUCATION, kSchool);
  }

  void FillConsent(int number, ConsentFact* c) {
    c->set_id(absl::StrCat("consent", number));
    for (const char* who : {"child", "sibling", "mother", "father"}) {
      if (Chance(who[0] == 'c' ? 85 : 30)) c->mutable_about()->add_persons(who);
    }
    c->mutable_about()->set_family(c->about().persons().empty() || Chance(20));
    for (const Compartment part :
         {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY,
          common::v1::COMPARTMENT_CARE, common::v1::COMPARTMENT_HEALTH}) {
      if (Chance(60)) c->add_compartments(part);
    }
    if (c->compartments().empty()) c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
    const char* const kRecipients[] = {kJgz, kMunicipality, kSchool};
    c->set_recipient(kRecipients[Below(3)]);
    c->add_purposes(common::v1::PURPOSE_COORDINATION);
    if (Chance(30)) c->add_purposes(common::v1::PURPOSE_HANDOVER);
    c->set_wording_sha256(kWording);
    c->set_wording_revision(1);
  }

  // Half of the consents live around a birthday of the child, where ageing happens.
  void Consent(int number) {
    Day start = AnyDay();
    if (Chance(50)) {
      const int kAges[] = {12, 16, 18};
      start = BirthdayOf(child_born_, kAges[Below(3)]) - 1 - Below(200);
    }
    start = std::clamp(start, story_.first, story_.last - 2);
    const Day end = start + 2 + (Chance(50) ? Below(300) : Below(2500));
    ConsentFact c;
    FillConsent(number, &c);
    c.set_start_date(IsoOf(start));
    c.set_end_date(IsoOf(end));
    const Day proposed = std::max(story_.first, start - Below(40));
    const int64_t time = MidnightOf(proposed);
    story_.events.push_back({time, false, [c](FamilyFacts* f) { *f->add_consents() = c; }});
    const std::string id = c.id();
    for (const char* who : {"child", "sibling", "mother", "father", "guardian", kGuardian}) {
      const int willing = 70 + Below(31);
      if (Chance(willing)) Say(id, who, access::v1::SIGNATURE_STATE_GIVEN, proposed + Below(12));
      if (Chance(10)) Say(id, who, access::v1::SIGNATURE_STATE_REFUSED, proposed + Below(30));
      if (Chance(8)) Say(id, who, access::v1::SIGNATURE_STATE_WITHDRAWN, start + Below(400));
      if (Chance(30)) Say(id, who, access::v1::SIGNATURE_STATE_GIVEN, start + Below(500));
    }
    AroundBirthdays(id, proposed, end);
    if (Chance(10)) Revise(id, start + Below(200));
    if (Chance(15)) Narrow(id, start + Below(300));
  }

  // Youths sign on the eve of a birthday, on the day, or in the weeks before (R14, R16).
  void AroundBirthdays(const std::string& id, Day proposed, Day end) {
    for (const int age : {12, 16, 18}) {
      const Day birthday = BirthdayOf(child_born_, age);
      if (birthday <= proposed || birthday >= end) continue;
      if (Chance(50)) {
        const int kBefore[] = {-1, 0, 1, 59, 60, 61};
        Say(id, "child", access::v1::SIGNATURE_STATE_GIVEN, birthday - kBefore[Below(6)]);
      }
    }
  }

  void Say(const std::string& consent, const std::string& who, access::v1::SignatureState state,
           Day day) {
    const int64_t time = InstantOn(day);
    story_.events.push_back(
        {time, false, [consent, who, state, time](FamilyFacts* facts) {
           for (ConsentFact& c : *facts->mutable_consents()) {
             if (c.id() != consent) continue;
             auto* s = c.add_signatures();
             (who[0] == 'o' ? s->mutable_organisation() : s->mutable_person())->assign(who);
             s->set_state(state);
             s->set_time(time);
             s->set_wording_sha256(c.wording_sha256());
           }
         }});
  }

  void Revise(const std::string& consent, Day day) {
    story_.events.push_back({InstantOn(day), true, [consent](FamilyFacts* facts) {
                               for (ConsentFact& c : *facts->mutable_consents()) {
                                 if (c.id() != consent) continue;
                                 c.set_wording_sha256("w2");
                                 c.set_wording_revision(2);
                               }
                             }});
    for (const char* who : {"child", "sibling", "mother", "father", "guardian", kGuardian}) {
      if (Chance(80)) Say(consent, who, access::v1::SIGNATURE_STATE_GIVEN, day + 1 + Below(20));
    }
  }

  void Narrow(const std::string& consent, Day day) {
    const int what = Below(4);
    story_.events.push_back({InstantOn(day), false, [consent, what](FamilyFacts* facts) {
                               for (ConsentFact& c : *facts->mutable_consents()) {
                                 if (c.id() != consent) continue;
                                 auto* n = c.add_narrowings();
                                 if (what == 0) n->add_persons("sibling");
                                 if (what == 1)
                                   n->add_compartments(common::v1::COMPARTMENT_EDUCATION);
                                 if (what == 2) n->add_purposes(common::v1::PURPOSE_HANDOVER);
                                 if (what == 3) n->set_family(true);
                               }
                             }});
  }

  void Ground(int number) {
    const Day start = AnyDay();
    access::v1::GroundFact g;
    g.set_id(absl::StrCat("ground", number));
    g.set_type("meldcode");
    g.set_article("art. 5.2.6 Wmo 2015");
    g.mutable_about()->add_persons("child");
    g.add_compartments(common::v1::COMPARTMENT_HEALTH);
    g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    g.set_recipient(Chance(50) ? kMunicipality : kJgz);
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_start_date(IsoOf(start));
    g.set_end_date(IsoOf(start + 30 + Below(70)));  // some are longer than the type allows
    g.set_family_told(Chance(50));
    g.set_invoked_by(Chance(50) ? "professionals/nurse" : "professionals/consultant");
    g.set_reviewer("professionals/ib");
    if (Chance(70)) g.set_review_date(IsoOf(start + Below(30)));
    story_.events.push_back(
        {MidnightOf(start), false, [g](FamilyFacts* f) { *f->add_grounds() = g; }});
    const int end = Below(4);
    const int64_t time = InstantOn(start + 1 + Below(30));
    story_.events.push_back({time, false, [number, end, time](FamilyFacts* facts) {
                               for (auto& ground : *facts->mutable_grounds()) {
                                 if (ground.id() != absl::StrCat("ground", number)) continue;
                                 if (end == 0) ground.set_end_time(time);
                                 if (end < 2) continue;
                                 ground.mutable_review()->set_reviewer("professionals/ib");
                                 ground.mutable_review()->set_time(time);
                                 ground.mutable_review()->set_upheld(end == 2);
                               }
                             }});
  }

  std::mt19937_64 random_;
  const int form_;
  Story story_;
  std::string child_born_;
};

}  // namespace

Story MakeStory(uint64_t seed, int years) { return Maker(seed, years).Make(); }

}  // namespace knooppunt::years
