// Looks at the whole state after a simulated day and says what is against the rules. It knows what
// the acts answered and the rules (tests/years/oracle.h), and nothing of the services' own code; it
// asks through the public API, as the people concerned. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_YEAR_CHECKER_H_
#define KNOOPPUNT_TESTS_YEAR_CHECKER_H_

#include <map>
#include <string>

#include "tests/year/year.h"

namespace knooppunt::year {

class Checker {
 public:
  // Not owned.
  explicit Checker(Year* year) : year_(*year) {}

  // Families that changed, those for whom a day counts, and the others in turn.
  void AfterDay();
  // Every family, the log of each (R22) and the log as a whole (R24).
  void AfterYear();

 private:
  void Look(Household& h);
  // R11-R17: each of the staff who ever had a seat, and who never had one.
  void StaffSee(Household& h);
  void FamilySees(Household& h);
  // R1, R4-R7: what the school reads of its own case.
  void Agreements(Household& h);
  void OnTheWay(Household& h, const Worker& school);
  void Closing(Household& h);
  // R1, R37: of a case at whose table nobody of its school sits any more.
  void HeldByFunction(Household& h);
  void OneSees(Household& h, const Caller& who, const years::Sight& sight);
  // The documents of a case are read by their label, as all else of it.
  void Papers(Household& h, const Caller& who, const years::Sight& sight);
  // R22: one record a call.
  void Records(Household& h);
  // R24: the log only grows.
  void Log();
  void Tables();

  Year& year_;
  std::map<std::string, int64_t> listed_;  // by case: records of lists that showed it
  std::string root_;
  int64_t size_ = 0;
};

}  // namespace knooppunt::year

#endif  // KNOOPPUNT_TESTS_YEAR_CHECKER_H_
