// A second reading of R11-R18, written apart from the engine, to check it against: who must sign,
// which consents and grounds hold, who sees which scope, who is regisseur. Its own arithmetic of
// days, its own words for the rules, one day after the other. It includes nothing of
// security/policy: where the two disagree, one of them has misread the rules. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_YEARS_ORACLE_H_
#define KNOOPPUNT_TESTS_YEARS_ORACLE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "knooppunt/access/v1/facts.pb.h"

namespace knooppunt::years {

// Days since 1970-01-01 in the calendar.
using Day = int64_t;

Day DayOf(int year, int month, int day);
Day DayOfIso(const std::string& iso);
std::string IsoOf(Day day);
// Unix seconds of midnight in Amsterdam, by the European rule for summer time.
int64_t MidnightOf(Day day);
// The day on which somebody born then turns `years`; of 29 February in other years 1 March.
Day BirthdayOf(const std::string& birth_iso, int years);
int AgeOn(const std::string& birth_iso, Day day);

// What a staff member or a family member may read: nothing (refused), or these scopes.
struct Sight {
  bool allowed = false;
  std::set<std::string> scopes;
  bool operator==(const Sight&) const = default;
};

class Oracle {
 public:
  // Not owned; read anew at each step. Kinds of organisations by name: "school", "jgz",
  // "municipality".
  Oracle(const access::v1::FamilyFacts* facts, std::map<std::string, std::string> kinds)
      : facts_(*facts), kinds_(std::move(kinds)) {}

  // Goes on to the next midnight. Days must follow each other without gaps.
  void Midnight(Day day);
  // Gezag or a wording was recorded: what was worked out before may be otherwise now.
  void Recorded(Day day);

  // Works out what holds at this moment; the questions below that are about staff look at that.
  void Look();
  std::set<std::string> ConsentsInForce() const;
  // From today on, when nothing more is recorded. `consent` is in force today.
  Day FirstDayWithout(const std::string& consent) const;
  // How often signatures lapsed because fewer were asked from a day on.
  int64_t eased() const { return eased_; }
  Sight StaffSees(const access::v1::Seat& seat, bool employed, common::v1::Purpose purpose,
                  int64_t now) const;
  Sight MemberSees(const std::string& person) const;
  // The seat that leads, with whether its professional is employed; "" when nobody who sits there
  // does, and the organisation that answers for the case holds it by function. After Look().
  std::string Regisseur(const std::function<bool(const access::v1::Seat&)>& employed,
                        int64_t now) const;

 private:
  struct Asked {
    std::set<std::string> signers;  // "person:..." or "organisation:..."
    bool nobody = false;            // somebody must sign and nobody can
  };
  Asked WhoIsAsked(const access::v1::ConsentFact& consent, Day day) const;
  bool Agreed(const access::v1::ConsentFact& consent, const std::string& signer, Day on,
              int64_t from, int64_t before) const;
  void StepTo(const access::v1::ConsentFact& consent, Day day);
  bool Holds(const access::v1::ConsentFact& consent) const;
  bool GroundHolds(const access::v1::GroundFact& ground) const;
  const access::v1::PersonFact& Person(const std::string& id) const;
  bool Gezag(const std::string& holder, const std::string& child) const;
  std::set<std::string> HoldersOver(const std::string& child, Day day) const;
  std::string EmployerOf(const std::string& professional) const;
  bool HasSay(const std::string& person) const;
  bool Reads(const std::string& organisation) const;

  const access::v1::FamilyFacts& facts_;
  const std::map<std::string, std::string> kinds_;
  Day first_ = 0;
  Day today_ = 0;
  std::map<std::string, int64_t> anew_;  // signatures of before this instant lapsed
  int64_t eased_ = 0;
  std::vector<access::v1::ConsentFact> consents_;  // in force, less what was withdrawn
  std::vector<access::v1::GroundFact> grounds_;
};

}  // namespace knooppunt::years

#endif  // KNOOPPUNT_TESTS_YEARS_ORACLE_H_
