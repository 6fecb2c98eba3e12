#include "tests/years/oracle.h"

#include <algorithm>
#include <cstdio>
#include <limits>

namespace knooppunt::years {
namespace {

using access::v1::ConsentFact;
using access::v1::PersonFact;

constexpr int64_t kEver = std::numeric_limits<int64_t>::min();
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int kDaysAhead = 60;  // R14
constexpr int kDaysOfMeldcode = 90;

struct Ymd {
  int year, month, day;
};

bool Leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }
int DaysInMonth(int y, int m) {
  static const int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return m == 2 && Leap(y) ? 29 : kDays[m - 1];
}

Ymd Parse(const std::string& iso) {
  if (iso.size() != 10) std::abort();
  const auto number = [&](int from, int n) {
    int out = 0;
    for (int k = from; k < from + n; ++k) out = out * 10 + (iso[k] - '0');
    return out;
  };
  return {number(0, 4), number(5, 2), number(8, 2)};
}

// 1970-01-01 was a Thursday.
int WeekdayFromSunday(Day day) { return static_cast<int>(((day + 4) % 7 + 7) % 7); }
Day LastSunday(int year, int month) {
  const Day last = DayOf(year, month, DaysInMonth(year, month));
  return last - WeekdayFromSunday(last);
}

template <typename List, typename T>
bool Has(const List& list, const T& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

bool IsChild(const PersonFact& p) { return p.role() == access::v1::FAMILY_ROLE_CHILD; }

// The four parts that are read at the table; never SAFETY.
bool Readable(common::v1::Compartment c) {
  return c == common::v1::COMPARTMENT_EDUCATION || c == common::v1::COMPARTMENT_FAMILY ||
         c == common::v1::COMPARTMENT_CARE || c == common::v1::COMPARTMENT_HEALTH;
}

// What an organisation keeps for itself (R11).
bool OwnRecord(const std::string& kind, const common::v1::Label& label) {
  if (kind == "school") {
    return label.compartment() == common::v1::COMPARTMENT_EDUCATION &&
           label.regime() == common::v1::REGIME_EDUCATION;
  }
  if (kind == "jgz") {
    return label.compartment() == common::v1::COMPARTMENT_HEALTH &&
           label.regime() == common::v1::REGIME_HEALTH;
  }
  if (kind == "municipality") {
    return (label.compartment() == common::v1::COMPARTMENT_FAMILY ||
            label.compartment() == common::v1::COMPARTMENT_CARE) &&
           (label.regime() == common::v1::REGIME_MUNICIPAL ||
            label.regime() == common::v1::REGIME_YOUTH_CARE);
  }
  return false;
}

// A consent less what was withdrawn of it (R13).
ConsentFact Left(const ConsentFact& consent) {
  ConsentFact out = consent;
  out.mutable_about()->clear_persons();
  out.clear_compartments();
  out.clear_purposes();
  const auto gone = [&](const auto& of) {
    return std::any_of(consent.narrowings().begin(), consent.narrowings().end(), of);
  };
  for (const auto& p : consent.about().persons()) {
    if (!gone([&](const auto& n) { return Has(n.persons(), p); })) {
      out.mutable_about()->add_persons(p);
    }
  }
  if (gone([](const auto& n) { return n.family(); })) out.mutable_about()->set_family(false);
  for (const int c : consent.compartments()) {
    if (!gone([&](const auto& n) { return Has(n.compartments(), c); })) {
      out.add_compartments(static_cast<common::v1::Compartment>(c));
    }
  }
  for (const int p : consent.purposes()) {
    if (!gone([&](const auto& n) { return Has(n.purposes(), p); })) {
      out.add_purposes(static_cast<common::v1::Purpose>(p));
    }
  }
  return out;
}

template <typename Basis>
bool Lets(const Basis& basis, const std::string& organisation, common::v1::Purpose purpose) {
  return basis.recipient() == organisation && Has(basis.purposes(), purpose) &&
         std::any_of(basis.compartments().begin(), basis.compartments().end(),
                     [](int c) { return Readable(static_cast<common::v1::Compartment>(c)); });
}

template <typename Basis>
bool Covers(const Basis& basis, const common::v1::Label& label) {
  if (!Has(basis.compartments(), label.compartment())) return false;
  if (label.about().family() && !basis.about().family()) return false;
  return std::all_of(label.about().persons().begin(), label.about().persons().end(),
                     [&](const auto& p) { return Has(basis.about().persons(), p); });
}

}  // namespace

Day DayOf(int year, int month, int day) {
  Day out = day - 1;
  for (int m = 1; m < month; ++m) out += DaysInMonth(year, m);
  const Day y = year - 1;
  out += y * 365 + y / 4 - y / 100 + y / 400;
  return out - 719162;  // days from 0001-01-01 to 1970-01-01
}

Day DayOfIso(const std::string& iso) {
  const Ymd d = Parse(iso);
  return DayOf(d.year, d.month, d.day);
}

std::string IsoOf(Day day) {
  int year = 1970 + static_cast<int>(day / 366);
  while (DayOf(year + 1, 1, 1) <= day) ++year;
  int month = 1;
  while (month < 12 && DayOf(year, month + 1, 1) <= day) ++month;
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02d-%02d", year, month,
                static_cast<int>(day - DayOf(year, month, 1)) + 1);
  return out;
}

int64_t MidnightOf(Day day) {
  const int year = Parse(IsoOf(day)).year;
  // The clock goes at 01:00 UTC: at midnight of that Sunday it has not yet.
  const bool summer = day > LastSunday(year, 3) && day <= LastSunday(year, 10);
  return day * 86400 - (summer ? 7200 : 3600);
}

Day BirthdayOf(const std::string& birth_iso, int years) {
  const Ymd b = Parse(birth_iso);
  if (b.month == 2 && b.day == 29 && !Leap(b.year + years)) return DayOf(b.year + years, 3, 1);
  return DayOf(b.year + years, b.month, b.day);
}

int AgeOn(const std::string& birth_iso, Day day) {
  // Never more than there are years of 366 days, so that the count starts below and goes up.
  int age = static_cast<int>(std::max<Day>(0, (day - DayOfIso(birth_iso)) / 366));
  while (BirthdayOf(birth_iso, age + 1) <= day) ++age;
  return age;
}

const PersonFact& Oracle::Person(const std::string& id) const {
  for (const PersonFact& p : facts_.persons()) {
    if (p.id() == id) return p;
  }
  std::abort();
}

std::set<std::string> Oracle::HoldersOver(const std::string& child, Day day) const {
  std::set<std::string> out;
  const PersonFact& who = Person(child);
  const Day adult = BirthdayOf(who.birth_date(), 18);
  for (const auto& g : facts_.gezag()) {
    if (g.over() != child) continue;
    const Day from = DayOfIso(g.start_date());
    if (day < from || (!g.end_date().empty() && day >= DayOfIso(g.end_date()))) continue;
    if (day >= adult && (!who.incapacitated() || from < adult)) continue;
    out.insert(g.holder_person().empty() ? "organisation:" + g.holder_organisation()
                                         : "person:" + g.holder_person());
  }
  return out;
}

bool Oracle::Gezag(const std::string& holder, const std::string& child) const {
  return HoldersOver(child, today_).contains("person:" + holder);
}

Oracle::Asked Oracle::WhoIsAsked(const ConsentFact& consent, Day day) const {
  Asked out;
  for (const PersonFact& p : facts_.persons()) {
    const bool about =
        Has(consent.about().persons(), p.id()) || (consent.about().family() && IsChild(p));
    if (!about) continue;
    const int age = AgeOn(p.birth_date(), day);
    const bool unable = IsChild(p) && p.incapacitated();
    if (!IsChild(p) || (!unable && age >= 12)) out.signers.insert("person:" + p.id());
    if (IsChild(p) && (unable || age < 16)) {
      const std::set<std::string> holders = HoldersOver(p.id(), day);
      if (holders.empty()) out.nobody = true;
      out.signers.insert(holders.begin(), holders.end());
    }
  }
  return out;
}

// Whether `signer`'s last word in [..., before) is a yes of `from` or later, to today's wording.
bool Oracle::Agreed(const ConsentFact& consent, const std::string& signer, Day on, int64_t from,
                    int64_t before) const {
  const access::v1::Signature* last = nullptr;
  for (const auto& s : consent.signatures()) {
    const std::string name =
        s.person().empty() ? "organisation:" + s.organisation() : "person:" + s.person();
    if (name == signer && s.time() < before) last = &s;
  }
  if (last == nullptr || last->state() != access::v1::SIGNATURE_STATE_GIVEN) return false;
  if (last->time() < from || last->wording_sha256() != consent.wording_sha256()) return false;
  if (!last->person().empty()) {
    const PersonFact& who = Person(last->person());
    const Day adult = BirthdayOf(who.birth_date(), 18);
    // R16: a yes of before the 18th birthday was in sight does not outlive it.
    if (IsChild(who) && on >= adult && last->time() < MidnightOf(adult - kDaysAhead)) return false;
  }
  return true;
}

void Oracle::StepTo(const ConsentFact& consent, Day day) {
  auto [it, fresh] = anew_.try_emplace(consent.id(), kEver);
  const Asked eve = WhoIsAsked(consent, day - 1);
  const Asked now = WhoIsAsked(consent, day);
  if (eve.signers == now.signers && eve.nobody == now.nobody) return;
  bool eased = eve.nobody && !now.nobody;
  for (const std::string& signer : eve.signers) {
    if (!now.signers.contains(signer) &&
        !Agreed(consent, signer, day - 1, it->second, MidnightOf(day))) {
      eased = true;
    }
  }
  if (!eased) return;
  it->second = MidnightOf(day);
  ++eased_;
}

void Oracle::Midnight(Day day) {
  if (first_ == 0) first_ = day;
  today_ = day;
  for (const ConsentFact& c : facts_.consents()) {
    if (day < DayOfIso(c.end_date())) StepTo(c, day);  // one that is over never holds again
  }
}

void Oracle::Recorded(Day day) {
  today_ = day;
  anew_.clear();
  for (const ConsentFact& c : facts_.consents()) {
    if (c.signatures().empty() || day >= DayOfIso(c.end_date())) continue;
    // From the day after the first signature; before it there was nothing to lapse.
    Day from = day;
    while (from > first_ && MidnightOf(from) > c.signatures(0).time()) --from;
    for (Day d = from + 1; d <= day; ++d) StepTo(c, d);
  }
}

bool Oracle::Holds(const ConsentFact& consent) const {
  if (today_ < DayOfIso(consent.start_date()) || today_ >= DayOfIso(consent.end_date())) {
    return false;
  }
  const ConsentFact left = Left(consent);
  if (left.compartments().empty() || left.purposes().empty() ||
      (left.about().persons().empty() && !left.about().family())) {
    return false;
  }
  const Asked asked = WhoIsAsked(consent, today_);
  if (asked.nobody || asked.signers.empty()) return false;
  const auto anew = anew_.find(consent.id());
  const int64_t from = anew == anew_.end() ? kEver : anew->second;
  return std::all_of(asked.signers.begin(), asked.signers.end(), [&](const std::string& signer) {
    return Agreed(consent, signer, today_, from, kNever);
  });
}

bool Oracle::GroundHolds(const access::v1::GroundFact& g) const {
  const Day from = DayOfIso(g.start_date()), until = DayOfIso(g.end_date());
  if (until - from > kDaysOfMeldcode || today_ < from || today_ >= until) return false;
  if (g.end_time() != 0) return false;
  if (g.has_review()) return g.review().upheld();
  if (g.review_date().empty()) return g.family_told();
  return today_ <= DayOfIso(g.review_date());
}

Day Oracle::FirstDayWithout(const std::string& consent) const {
  Oracle ahead(*this);
  for (;;) {
    for (const ConsentFact& c : facts_.consents()) {
      if (c.id() != consent) continue;
      if (!ahead.Holds(c)) return ahead.today_;
      ahead.StepTo(c, ++ahead.today_);
    }
  }
}

std::set<std::string> Oracle::ConsentsInForce() const {
  std::set<std::string> out;
  for (const ConsentFact& c : facts_.consents()) {
    if (Holds(c)) out.insert(c.id());
  }
  return out;
}

void Oracle::Look() {
  consents_.clear();
  grounds_.clear();
  for (const ConsentFact& c : facts_.consents()) {
    if (Holds(c)) consents_.push_back(Left(c));
  }
  for (const auto& g : facts_.grounds()) {
    if (GroundHolds(g)) grounds_.push_back(g);
  }
}

std::string Oracle::EmployerOf(const std::string& professional) const {
  for (const auto& s : facts_.cases(0).seats()) {
    if (s.professional() == professional) return s.organisation();
  }
  std::abort();
}

Sight Oracle::StaffSees(const access::v1::Seat& seat, bool employed, common::v1::Purpose purpose,
                        int64_t now) const {
  Sight out;
  const bool sits = seat.state() == access::v1::SEAT_STATE_JOINED && seat.start_time() <= now &&
                    (seat.end_time() == 0 || now < seat.end_time());
  if (!sits || !employed) return out;
  const std::string& me = seat.organisation();
  bool shared = false;
  std::set<std::string> open;
  // A consent lifts everybody's secrecy; a ground only that of who invoked it (R15).
  const auto open_by = [&](const auto& basis, const std::string& only_of) {
    if (!Lets(basis, me, purpose)) return;
    shared = true;
    for (const auto& s : facts_.scopes()) {
      if (!only_of.empty() && s.label().controller() != only_of) continue;
      if (Readable(s.label().compartment()) && Covers(basis, s.label())) open.insert(s.id());
    }
  };
  for (const ConsentFact& c : consents_) open_by(c, "");
  for (const auto& g : grounds_) open_by(g, EmployerOf(g.invoked_by()));
  if (!shared && me != facts_.cases(0).organisation()) return out;
  for (const auto& s : facts_.scopes()) {
    if (s.label().controller() == me && OwnRecord(kinds_.at(me), s.label())) open.insert(s.id());
  }
  out.allowed = true;
  out.scopes = std::move(open);
  return out;
}

bool Oracle::HasSay(const std::string& person) const {
  const std::string& child = facts_.cases(0).children(0);
  if (person == child) return AgeOn(Person(child).birth_date(), today_) >= 12;
  return Gezag(person, child);
}

Sight Oracle::MemberSees(const std::string& person) const {
  Sight out;
  if (!HasSay(person)) return out;
  out.allowed = true;
  for (const auto& s : facts_.scopes()) {
    if (!Readable(s.label().compartment())) continue;
    bool sees = true;
    for (const std::string& about : s.label().about().persons()) {
      const PersonFact& p = Person(about);
      const int age = AgeOn(p.birth_date(), today_);
      const bool own = about == person && (!IsChild(p) || age >= 12);
      // What is told to the youth health care is the youth's own from 12, all else from 16.
      const bool told_in_confidence = s.label().compartment() == common::v1::COMPARTMENT_HEALTH &&
                                      s.label().regime() == common::v1::REGIME_HEALTH;
      const bool parent = about != person && Gezag(person, about) &&
                          (age < (told_in_confidence ? 12 : 16) || p.incapacitated());
      if (!own && !parent) sees = false;
    }
    if (sees) out.scopes.insert(s.id());
  }
  return out;
}

// Something of the case lies open to the organisation, for the purpose of the table.
bool Oracle::Reads(const std::string& organisation) const {
  if (organisation == facts_.cases(0).organisation()) return true;
  const auto for_it = [&](const auto& b) {
    bool coordination = false;
    for (const int p : b.purposes()) coordination |= p == common::v1::PURPOSE_COORDINATION;
    return b.recipient() == organisation && coordination && b.compartments_size() > 0;
  };
  return std::any_of(consents_.begin(), consents_.end(), for_it) ||
         std::any_of(grounds_.begin(), grounds_.end(), for_it);
}

std::string Oracle::Regisseur(const std::function<bool(const access::v1::Seat&)>& employed,
                              int64_t now) const {
  const auto& c = facts_.cases(0);
  const auto& term = c.terms(0);
  const auto sits = [&](const access::v1::Seat& s) {
    return s.state() == access::v1::SEAT_STATE_JOINED && s.start_time() <= now &&
           (s.end_time() == 0 || now < s.end_time());
  };
  const access::v1::Seat* of_the_school = nullptr;
  std::string stand_in;
  for (const auto& s : c.seats()) {
    if (!sits(s)) continue;
    const bool works = s.person().empty() && employed(s);
    const bool may = s.person().empty() ? works && Reads(s.organisation())
                                        : HasSay(s.person()) || Gezag(s.person(), c.children(0));
    if (s.id() == term.seat() && may) return s.id();
    if (s.id() == term.stand_in_seat() && works) stand_in = s.id();
    // Nobody who was named is left: who sits there for the organisation that answers for the case,
    // longest first.
    if (works && s.organisation() == c.organisation() && s.deputises().empty() &&
        s.role() != access::v1::SEAT_ROLE_RECEIVER &&
        (of_the_school == nullptr || s.start_time() < of_the_school->start_time() ||
         (s.start_time() == of_the_school->start_time() && s.id() < of_the_school->id()))) {
      of_the_school = &s;
    }
  }
  if (!stand_in.empty()) return stand_in;
  return of_the_school == nullptr ? "" : of_the_school->id();
}

}  // namespace knooppunt::years
