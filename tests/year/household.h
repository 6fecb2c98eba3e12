// A family of the year, and what was agreed with it: kept by the simulation from what the services
// answered, as facts of its own, for an oracle that shares no code with them to judge by. Made up.
#ifndef KNOOPPUNT_TESTS_YEAR_HOUSEHOLD_H_
#define KNOOPPUNT_TESTS_YEAR_HOUSEHOLD_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/casework/v1/out_of_school.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "tests/year/dice.h"
#include "tests/year/town.h"
#include "tests/years/oracle.h"

namespace knooppunt::year {

struct Member {
  std::string key, id, seat, account, given_name, birth_date;
  access::v1::FamilyRole role = access::v1::FAMILY_ROLE_UNSPECIFIED;
  bool has_gezag = false;  // over the child
  Caller caller;           // only with an account
};

// A text that was stored, with a word of its own by which it is found again.
struct Item {
  enum class Kind { kNote, kGoal, kStep, kOther };
  Kind kind;
  std::string name, mark;
  std::string scope;  // id of a scope of `told`
};

struct Meeting {
  std::string name;
  bool concluded = false;
  int steps = 0;
  std::string date;
  std::vector<std::string> absent;  // seats of core partners who were not there (R7)
  std::set<std::string> confirmed;
};

// A step that would commit means, and whether a mandate covered it that day (R6).
struct Committed {
  std::string name;
  bool binding = false;
};

struct Household {
  int number = 0;
  std::string id, case_name, subject, surname;
  School* school = nullptr;
  std::vector<Member> members;  // the child first
  access::v1::FamilyFacts told;
  std::map<std::string, std::string> wordings;  // by consent id
  std::unique_ptr<years::Oracle> oracle;
  std::vector<Item> items;
  std::vector<Meeting> meetings;
  std::vector<Committed> committed;
  std::string absence;  // of the child, when it was ever out of school
  casework::v1::OutOfSchoolState absence_state = casework::v1::OUT_OF_SCHOOL_STATE_UNSPECIFIED;
  std::string escalation;    // the one that runs, or empty
  std::vector<Item> papers;  // documents that were not withdrawn
  std::string handover;      // the one that runs, or empty
  handover::v1::HandoverKind handover_kind = handover::v1::HANDOVER_KIND_UNSPECIFIED;
  School* handover_to = nullptr;  // where it goes; where the case is, when only the help changes
  Worker* receiver = nullptr;     // of it
  std::string handover_expires;
  bool stay_decided = false;             // by the youth (R16)
  int moves = 0;                         // how often the case came to another school
  casework::v1::OpenCaseRequest opened;  // with which it was opened
  std::string merge;  // of a second record with this one, or of this one, that runs
  handover::v1::HandoverState handover_state = handover::v1::HANDOVER_STATE_UNSPECIFIED;
  // By method: calls about this family, that leave a record each (R22).
  std::map<std::string, int64_t> calls;
  bool changed = false;  // since the last look

  const Member& child() const { return members.front(); }
  std::string name() const { return "families/" + id; }
  access::v1::CaseFact& the_case() { return *told.mutable_cases(0); }
  const access::v1::CaseFact& the_case() const { return told.cases(0); }
  bool open() const { return the_case().state() != access::v1::CASE_STATE_CLOSED; }
  bool active() const { return the_case().state() == access::v1::CASE_STATE_ACTIVE; }
  access::v1::Seat* SeatOf(const std::string& professional);
  access::v1::Seat* SeatById(const std::string& seat);
  const Member* MemberById(const std::string& person) const;
  access::v1::ConsentFact* ConsentById(const std::string& consent);
  // The newest consent for `recipient` that is not over, or nullptr.
  access::v1::ConsentFact* ConsentFor(const std::string& recipient, const std::string& today);
  // The scope of that label, noted when it is new.
  std::string ScopeOf(const common::v1::Label& label);
};

// Draws a family that asks for help today: its members, who holds gezag, and the request with which
// its school opens the case. `today` as days since 1970.
struct Arrival {
  std::unique_ptr<Household> household;
  casework::v1::OpenCaseRequest request;
};
// `age` of the child; 0 is one that is usual at that school.
Arrival DrawHousehold(Dice& dice, int number, School* school, years::Day today, int age = 0);

std::string LastId(const std::string& name);
// Joined, and not yet over (R16: some seats end on a birthday).
bool Sits(const access::v1::Seat& seat, int64_t now);

}  // namespace knooppunt::year

#endif  // KNOOPPUNT_TESTS_YEAR_HOUSEHOLD_H_
