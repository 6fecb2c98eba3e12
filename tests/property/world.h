// A made-up world from a seed, for the property test of P4 and R18: a region with families of
// several forms, opened and changed through the public API only, and beside it what the test knows
// of them itself: every item that was written, under which label, with a word of its own in its
// text by which it is found wherever it turns up. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_WORLD_H_
#define KNOOPPUNT_TESTS_PROPERTY_WORLD_H_

#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "tests/integration/region.h"

namespace knooppunt::property {

using integration::Caller;
using integration::Region;

enum class Kind {
  kPerson,
  kOpening,
  kGoal,
  kWish,
  kAsset,
  kArrangement,
  kStep,
  kMeeting,
  kAgendaItem,
  kContribution,
  kContact,
  kHousehold,
  kRequest,
  kDocument,
  kEscalation,
  kClosing,
  kWording,
  kGroundText,
  kHandover
};

// An item as it was stored.
struct Thing {
  Kind kind;
  std::string name;   // resource name; of a wording or a text, the consent's or ground's
  std::string mark;   // the word in its text; empty when it has none
  std::string scope;  // the id that its label has
  common::v1::Label label;
  int revision = 0;    // of a wording
  std::string author;  // of a contribution: a professional, or a person of the family
};

struct Member {
  std::string key, id, account, birth_date;
  bool child = false;
  Caller caller;  // only with an account
};

struct ConsentKnown {
  std::string name, recipient, wording;
  common::v1::About about;
  int revision = 1;
};

struct GroundKnown {
  std::string name, recipient, invoked_by, reviewer;
  bool told = false;
};

struct EmergencyKnown {
  std::string name;
  Caller opener;
  bool reviewed = false;
};

struct SeatKnown {
  std::string id, professional, deputises;
};

struct InvitationKnown {
  std::string name, seat, person;
  bool taken_back = false, answered = false;
};

// One that meeting_acts planned; none of them is ever concluded.
struct MeetingKnown {
  std::string name, date, sitting;
  std::vector<InvitationKnown> invitations;
};

struct SittingKnown {
  std::string name, date;
};

struct Family {
  int form = 0;
  std::string id, case_name, subject;
  bool closed = false;
  Caller opener;
  std::vector<Member> members;
  std::vector<std::string> children;  // of the case, person ids
  std::string surname;
  std::string guardian;  // an institution with gezag over the child, or empty
  std::vector<Thing> things;
  std::vector<ConsentKnown> consents;
  std::vector<GroundKnown> grounds;
  std::vector<EmergencyKnown> emergencies;
  std::vector<std::string> handovers;
  std::vector<std::string> escalations;
  std::vector<SeatKnown> seats;
  std::vector<MeetingKnown> meetings;
  std::string regisseur_seat, stand_in_seat;

  std::string name() const { return "families/" + id; }
  const Member* FindMember(const std::string& key) const;
};

// What the last act changed, to say who may not notice.
struct Change {
  std::string what;  // for the report; empty when nothing changed
  int family = -1;
  std::set<std::string> scopes;  // items were written under these, and nothing else changed
  std::string consent;           // or this consent was proposed or changed
  std::string ground;            // or this ground
  std::string emergency_opener;  // or emergency access was opened by "professionals/{id}"
};

class World {
 public:
  // Starts `region`, fills its directory and opens `families` cases.
  World(Region* region, uint32_t seed, int families);

  // One act of somebody, drawn; it may be refused, and then nothing changed.
  Change Act();
  // An act whose answer was an answer to somebody: who, about which family, and its bytes.
  struct Answer {
    Caller who;
    int family = -1;
    std::string method, request, bytes;
  };
  // Of the acts since the last time.
  std::vector<Answer> TakeAnswers();

  Region& region() { return *region_; }
  std::vector<Family>& families() { return families_; }
  std::vector<SittingKnown> sittings;  // of the werkplaats of every family
  const std::vector<Caller>& staff() const { return staff_; }
  // Everybody who may be a caller: staff, and the members of every family with an account.
  std::vector<Caller> Everybody() const;
  const Family* FamilyOf(const std::string& id) const;
  // Acts so far, oldest first, for a report.
  const std::vector<std::string>& story() const { return story_; }

  uint32_t Draw(uint32_t below);
  bool Chance(int percent) { return static_cast<int>(Draw(100)) < percent; }
  template <typename List>
  auto& Pick(List& list) {
    return list[Draw(static_cast<uint32_t>(std::size(list)))];
  }
  // A name of the right form that nothing has: random, so that it was never asked for either.
  std::string NoSuchId(const std::string& prefix);

 private:
  friend class Acts;
  friend class FamilyActs;
  friend std::optional<Thing> AddDocument(World*, const Family&, const Caller&,
                                          const common::v1::Label&);
  friend class PlanActs;
  friend class EscalationActs;
  friend class HandoverActs;
  friend class MeetingActs;

  void FillDirectory();
  void Close(const std::string& werkplaats, int in_days);
  void Open(int form);
  void SetTable(int family);
  // Calls, and keeps the answer for TakeAnswers.
  absl::Status Do(const Caller& who, Family& f, const std::string& method,
                  const google::protobuf::Message& request, google::protobuf::Message* response);
  std::string Mark();

  Region* const region_;
  std::minstd_rand random_;
  std::vector<Caller> staff_;
  std::vector<Family> families_;
  std::vector<Answer> answers_;
  std::vector<std::string> story_;
  int marks_ = 0;
};

// The label under which `who` writes for the own record of their organisation (R11).
common::v1::Label OwnLabel(const Caller& who, const common::v1::About& about);

// The tokens of this test in `bytes`: marks ("zq00042z") and ids ("p-abcdefghij2345klmnop").
std::set<std::string> MarksIn(const std::string& bytes);
std::set<std::string> IdsIn(const std::string& bytes);
// All that an error says, in a fixed order: Status::ToString() shuffles its payloads.
std::string InWords(const absl::Status& status);
// The last part of a resource name.
std::string LastId(const std::string& name);

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_WORLD_H_
