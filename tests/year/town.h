// A made-up subregion: a nursery, two primary schools of one board and one of another, which closes
// in the year, a school for special education, a secondary school and a college, JGZ, the
// municipality, social work and an institution for guardianship, with the people who work there.
// Through the public API only. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_YEAR_TOWN_H_
#define KNOOPPUNT_TESTS_YEAR_TOWN_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/region.h"

namespace knooppunt::year {

using integration::Caller;
using integration::Region;

inline constexpr char kPrimaryBoard[] = "organisations/mosalira";
inline constexpr char kSecondaryBoard[] = "organisations/lvo";
inline constexpr char kYouthHealth[] = "organisations/jgz";
inline constexpr char kMunicipality[] = "organisations/maastricht";
inline constexpr char kPrimaryPartnership[] = "organisations/swv-po";
inline constexpr char kSecondaryPartnership[] = "organisations/swv-vo";
inline constexpr char kGuardian[] = "organisations/xonar";
inline constexpr char kNurseryOwner[] = "organisations/peuterhof";
inline constexpr char kSpecialBoard[] = "organisations/horizon";
inline constexpr char kCollegeBoard[] = "organisations/college";
inline constexpr char kSmallBoard[] = "organisations/kom";
inline constexpr char kAdultHelp[] = "organisations/trajekt";

struct Worker {
  Caller caller;
  std::string name;  // "professionals/{id}"
  bool employed = true;
  std::string werkplaats;  // of school staff
};

// A school, and who does its casework now.
struct School {
  std::string werkplaats, organisation;
  common::v1::Stage stage = common::v1::STAGE_PO;
  Worker* lead = nullptr;
  std::string close_date;  // first day on which it is closed, once announced (R27)

  bool secondary() const { return stage == common::v1::STAGE_VO; }
};
// By their place in Town::schools().
enum SchoolId { kEik, kBeuk, kLinde, kNursery, kSpecial, kCollege, kBerk };

class Town {
 public:
  // Fills the directory of a region that was started.
  explicit Town(Region* region);

  // A new colleague, employed from today.
  Worker* Hire(const std::string& organisation, common::v1::Function function,
               const std::string& werkplaats);
  // Their employment ends at once. The successor does their work from now on.
  absl::Status Leave(Worker* worker, Worker* successor);
  // Makes the consultant's mandate anew: school social work, up to that amount, until that day.
  absl::Status IssueMandate(int64_t limit_cents, const std::string& end_date);

  std::vector<School>& schools() { return schools_; }
  School& school(SchoolId id) { return schools_[id]; }
  School* At(const std::string& werkplaats);
  // It closes on that day, or not after all (R27).
  absl::Status CloseSchool(School* school, const std::string& close_date);
  absl::Status KeepOpen(School* school);
  // Of the organisation for social work, who helps adults (R16).
  Worker* adult_help() const { return adult_help_; }
  Worker* nurse() const { return nurse_; }
  Worker* consultant() const { return consultant_; }
  // Works for the municipality and sits at no table.
  Worker* stranger() const { return stranger_; }
  // Who decide when a case is stuck (R10).
  Worker* alderman() const { return alderman_; }
  Worker* director(bool secondary) const { return directors_[secondary ? 1 : 0]; }
  // The privacy officer of an organisation, who answers for its looks (R25); nullptr for others.
  Worker* officer(const std::string& organisation) const;
  // Whether the consultant may commit that much on that day (R6).
  bool MandateCovers(int64_t cents, const std::string& date) const;
  // What an organisation is, in the words of the oracle.
  static std::map<std::string, std::string> Kinds();
  Worker* ByName(const std::string& name) const;
  const std::vector<std::unique_ptr<Worker>>& workers() const { return workers_; }

 private:
  void FillDirectory();
  // Of the first school, in its profile (R37). The second has none: there whoever holds the
  // function takes over.
  void NameContact();

  Region* const region_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<School> schools_;
  Worker* nurse_ = nullptr;
  Worker* consultant_ = nullptr;
  Worker* stranger_ = nullptr;
  Worker* holder_ = nullptr;  // of mandates
  Worker* alderman_ = nullptr;
  Worker* adult_help_ = nullptr;
  Worker* directors_[2] = {nullptr, nullptr};  // primary, secondary
  std::map<std::string, Worker*> officers_;    // by organisation
  struct {
    const Worker* of = nullptr;
    int64_t limit_cents = 0;
    std::string start_date, end_date;
  } mandate_;
};

}  // namespace knooppunt::year

#endif  // KNOOPPUNT_TESTS_YEAR_TOWN_H_
