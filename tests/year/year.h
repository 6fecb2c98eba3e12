// A year in the life of a subregion, driven through the public API day by day from a seed: signals,
// consents, meetings, birthdays, people who leave, handovers in June, mistakes, restarts. What each
// act may answer is said beforehand; anything else is a finding. The same seed and the same code
// give the same year. After each day a Checker looks at everything. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_YEAR_YEAR_H_
#define KNOOPPUNT_TESTS_YEAR_YEAR_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/hash.h"
#include "tests/year/dice.h"
#include "tests/year/household.h"
#include "tests/year/town.h"

namespace knooppunt::year {

struct Figures {
  std::map<std::string, int64_t> calls;     // by method
  std::map<std::string, int64_t> refusals;  // by reason, those that had to be
  int64_t looks = 0;                        // what one reader saw of one family, compared
  int64_t records = 0;                      // of the log, counted against the calls
  int households = 0, handed_over = 0, left = 0, restarts = 0;
  int stayed_home = 0, escalated = 0, asked = 0, papers = 0;
  int taken_over = 0;                   // cases of which nobody who was named was left (R1)
  std::map<std::string, int> accepted;  // handovers, by kind (R30)
  int expired = 0;                      // handovers whose day came before they were accepted
  int closed_on_the_way = 0;            // and those whose receiving school closed (R27)
  int reassigned = 0;                   // steps whose owner would leave at 18 (R16)
  int given_around = 0;                 // steps that went to somebody who reads them, and back (R5)
  int merged = 0, unmerged = 0;         // families that were recorded twice
};

class Year {
 public:
  struct Options {
    uint32_t seed = 1;
    int households = 10;  // that come in the year
  };
  // Starts `region` on the first Monday of the school year and fills its directory. Not owned.
  Year(Region* region, Options options);

  static constexpr int kDays = 364;
  // One day of acts, from eight in the morning; ends at eight in the evening.
  void Live();
  // Goes to the next midnight, and tells the oracles.
  void Sleep();

  Region& region() { return region_; }
  Town& town() { return town_; }
  Dice& dice() { return dice_; }
  std::vector<std::unique_ptr<Household>>& households() { return households_; }
  years::Day today() const { return today_; }
  std::string Today() const { return years::IsoOf(today_); }
  std::string In(int days) const { return years::IsoOf(today_ + days); }
  int64_t Now() const { return absl::ToUnixSeconds(region_.Now()); }

  // Calls, counts, and keeps what was answered. The reasons that may be the answer instead of OK;
  // anything else is a finding. True when OK.
  bool Do(Household* h, const Caller& who, const std::string& method,
          const google::protobuf::Message& request, google::protobuf::Message* answer,
          const std::set<std::string>& or_else = {});
  // Must be refused for one of these reasons.
  void Refused(Household* h, const Caller& who, const std::string& method,
               const google::protobuf::Message& request, const std::set<std::string>& reasons);
  // Counts a call that was made, and looks whether it may have been answered so.
  bool Settle(Household* h, const Caller& who, const std::string& method,
              const absl::Status& status, const std::set<std::string>& or_else);
  void Finding(const Household* h, const std::string& what);
  // All that was recorded is in the log.
  void Ship();

  // Of what every act answered, in order: equal for equal seeds.
  std::string Digest() const { return crypto::HexEncode(crypto::Sha256(told_)); }
  const std::vector<std::string>& findings() const { return findings_; }
  Figures& figures() { return figures_; }

  // Who leads the case now by the oracle: a seat, or nullptr when its organisation holds it by
  // function, and before it is active.
  access::v1::Seat* Leader(Household& h);
  // A professional of the case's own organisation with a place at the table, or nullptr.
  Worker* SchoolAt(Household& h);

 private:
  struct Planned {
    years::Day day;
    int order;
    Household* household;  // nullptr: of the town
    std::function<void(Household&)> act;
  };
  void Plan(Household& h, int in_days, std::function<void(Household&)> act);
  void PlanTown();
  bool Holiday() const;
  void Minutes();  // a few pass
  std::string Mark();

  // Acts, in acts.cc and leaving.cc.
  void Arrive(School* school, int age);
  Household* Open(Arrival arrival, School* school);
  void PlanFor(Household& h, School& school);
  void Propose(Household& h, const std::string& recipient);
  void SignAll(Household& h, const std::string& consent);
  void SignOne(Household& h, access::v1::ConsentFact& c, const Member& m);
  void SignForGuardian(Household& h, access::v1::ConsentFact& c);
  void Renew(Household& h);
  void Withdraw(Household& h);
  void Invite(Household& h, Worker* guest);
  void Join(Household& h, Worker* guest);
  void Appoint(Household& h);
  void Meet(Household& h);
  void Conclude(Household& h, Meeting* meeting, Worker* who);
  // Gives a step of `from` to somebody at the table, who reads it or is refused it, and back (R5).
  void GiveAround(Household& h, const std::string& step, const Worker& from);
  void Confirm(Household& h);
  void Note(Household& h);
  void Mistake(Household& h);
  void CloseOrReopen(Household& h);
  // In handing.cc.
  void PlanHandovers(Household& h, School& school);
  void Handover(Household& h, handover::v1::HandoverKind kind, SchoolId to);
  void Draft(Household& h, Worker* who);
  std::set<std::string> MustWait(const Household& h) const;
  void HandOn(Household& h);
  bool Stopped(Household& h, Worker* sender);
  bool Step(Household& h, const Caller& who, const char* method,
            const google::protobuf::Message& request, const std::set<std::string>& or_else = {});
  void Receive(Household& h);
  void Converse(Household& h, Worker* sender);
  void Accept(Household& h, Worker* sender);
  bool DecideStaying(Household& h, Worker* sender);
  bool StepsFindOwners(Household& h, Worker* sender,
                       const handover::v1::AcceptHandoverRequest& accept);
  std::string SeatSeen(Household& h, const Worker* by, const Worker* receiver);
  void Moved(Household& h, const handover::v1::AcceptHandoverRequest& accepted);
  void GrownUp(Household& h, const handover::v1::AcceptHandoverRequest& accepted);
  // In twice.cc.
  void RecordTwice(Household& h);
  void Merge(Household& h, Household& second, Worker* colleague);
  void Unmerge(Household& h, Household& second, Worker* colleague);
  void LookBySecondName(const Household& h, const Household& second, bool found);
  void PlanClosing();
  // In paper.cc.
  void TwoAtOnePlan(Household& h);
  void AskForCopy(Household& h);
  void Answer(Household& h, const std::string& name, const std::string& owner);
  void AddPaper(Household& h);
  void WithdrawPaper(Household& h, const std::string& name);
  // In stuck.cc.
  void StayHome(Household& h);
  void WayBack(Household& h, int moves);
  void Escalate(Household& h);
  void PutTo(Household& h, const Worker& decider);
  Worker* Director(const Household& h) const;
  void Decide(Household& h);
  // In asking.cc.
  struct Asked {
    std::string id, asker, organisation, due_date;
  };
  void AskWhy(Household& h);
  void AnswerWhy(Household& h, const Asked& question);
  void SomebodyLeaves();
  void Replace(Household& h, Worker* successor);
  void TakeOver(Household& h);
  void Restart();
  std::set<std::string> SignersOf(const Household& h) const;
  // Who sits there for the family, so that a meeting may conclude (R4); empty when nobody does.
  std::string FamilySeatFor(Household& h) const;
  // Ready to conclude, with who takes part and what is agreed.
  casework::v1::ConcludeMeetingRequest Conclusion(Household& h, const std::string& meeting,
                                                  Worker* who);
  common::v1::Label LabelFor(const Household& h, const std::string& organisation) const;
  Caller At(const Household& h, const access::v1::Seat& seat) const;

  Region& region_;
  const Options options_;
  Dice dice_;
  years::Day today_;
  Town town_;
  std::vector<std::unique_ptr<Household>> households_;
  std::vector<Planned> planned_;
  int order_ = 0;
  int marks_ = 0;
  std::string told_;
  std::vector<std::string> findings_;
  Figures figures_;
};

// Starts the region at the beginning of the school year; before its directory can be filled.
years::Day Begin(Region* region);

}  // namespace knooppunt::year

#endif  // KNOOPPUNT_TESTS_YEAR_YEAR_H_
