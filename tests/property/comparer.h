// What every list, search, batch and nested answer shows to a caller, compared with the point
// check (P4), and every answer searched for what the caller may not see (R18). What does not hold
// is a finding: a sentence with what is needed to see it again. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_COMPARER_H_
#define KNOOPPUNT_TESTS_PROPERTY_COMPARER_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "tests/property/world.h"

namespace knooppunt::property {

struct Report {
  int64_t comparisons = 0;  // a caller, a method and an object or an answer each
  int64_t calls = 0;
  std::map<std::string, int64_t>
      by_method;  // comparisons, by "casework.v1.CaseworkService/GetCase"
  std::vector<std::string> findings;
};

class Comparer {
 public:
  // Both are not owned.
  Comparer(World* world, Report* report);

  // Every method that answers about one family.
  void Compare(const Caller& who, const Family& f);
  // Every method that answers about all of them, or about none.
  void CompareLists(const Caller& who);
  // The answers to the acts since the last time.
  void CompareAnswers();

  // What `who` sees of `f`, by method: status and bytes. For two looks that must be the same.
  std::map<std::string, std::string> Look(const Caller& who, const Family& f);
  // The scopes and outcomes of `who`'s decisions on `f`, all methods together.
  struct Sight {
    std::set<std::string> scopes, outcomes, consents, grounds;
    bool explainable = false;
    bool operator==(const Sight&) const = default;
  };
  Sight SightOf(const Caller& who, const Family& f);
  // Compares two looks around a change that `who` must not notice.
  void CompareLooks(const Caller& who, const Family& f, const std::string& what,
                    const std::map<std::string, std::string>& before,
                    const std::map<std::string, std::string>& after);

  // The methods that have a comparison here.
  static std::set<std::string> Compared();
  static std::set<std::string> ComparedOfFamily();  // in comparer_family.cc

  // The point check, as a unit asks it.
  access::v1::Decision Point(const Caller& who, const std::string& method,
                             const std::string& resource);

 private:
  struct Answered {
    absl::Status status;
    std::string bytes;
  };
  // What may stand in an answer beside what the decision opens.
  struct Also {
    std::set<std::string> marks, ids;
    bool every_person = false;  // staff at the table know who is who by id
  };
  struct Known {
    const Family* family = nullptr;
    const Thing* thing = nullptr;
    bool person = false;
    bool named = false;  // a consent, a ground or emergency access
  };

  absl::Status Call(const Caller& who, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response);
  void Expect(bool same, const std::string& method, const Caller& who, const Family* f,
              const std::string& what);
  // That the call and the point check agree on yes or no.
  bool Agrees(const access::v1::Decision& d, const absl::Status& status, const std::string& method,
              const Caller& who, const Family& f);
  void Search(const std::string& bytes, const access::v1::Decision& d, const std::string& method,
              const Caller& who, const Family* f, const Also& also);
  void Index();
  // No id of a family, a person or anything of theirs.
  bool NamesNothing(const std::string& bytes) const;
  // Names of the things of `kind` that the decision opens, against the names shown.
  void SameThings(Kind kind, const std::multiset<std::string>& shown, const access::v1::Decision& d,
                  const std::string& method, const Caller& who, const Family& f);
  static bool Opens(const access::v1::Decision& d, const std::string& scope);
  bool Leads(const access::v1::Decision& d, const Family& f) const;

  void GetCase(const Caller& who, const Family& f);
  void NestedInCase(const Caller& who, const Family& f, const access::v1::Decision& d,
                    const casework::v1::Case& shown);
  void Authors(const std::string& method, const Caller& who, const Family& f,
               const access::v1::Decision& d,
               const google::protobuf::RepeatedPtrField<casework::v1::Contribution>& shown);
  void Plan(const Caller& who, const Family& f);
  void PlanVersions(const Caller& who, const Family& f, const access::v1::Decision& d);
  void PlanChanges(const Caller& who, const Family& f, const access::v1::Decision& d);
  void PlanDocument(const Caller& who, const Family& f, const access::v1::Decision& d);
  void ListOwnRecord(const Caller& who, const Family& f);
  void Documents(const Caller& who, const Family& f);
  void OneDocument(const Caller& who, const Family& f, const access::v1::Decision& d,
                   const Thing& t);
  void ListConsents(const Caller& who, const Family& f);
  bool MaySeeConsent(const Caller& who, const Family& f, const access::v1::Decision& d,
                     const ConsentKnown& c);
  void ListGrounds(const Caller& who, const Family& f);
  bool MaySeeGround(const Caller& who, const Family& f, const access::v1::Decision& d,
                    const GroundKnown& g);
  void ListHandovers(const Caller& who, const Family& f);
  void ListLapses(const Caller& who, const Family& f);
  void WhoMustAgree(const Caller& who, const Family& f);
  void Explain(const Caller& who, const Family& f);
  void ListRecords(const Caller& who, const Family& f);
  void ListAuditorsRecords(const Caller& who, const Family& f);
  void ExplainRecords(const Caller& who, const Family& f, const access::v1::Decision& d,
                      const audit::v1::ListRecordsResponse& whole);
  void Responsible(const Caller& who, const Family& f);
  void GetEmergency(const Caller& who, const Family& f);

  void Persons(const Caller& who, const Family& f);
  void Merges(const Caller& who);
  void AboutPerson(const Caller& who, const Family& f, const Thing& person);
  void GezagOf(const Caller& who, const Family& f, const std::set<std::string>& pairs);
  void Households(const Caller& who, const Family& f);
  void Requests(const Caller& who, const Family& f);

  // comparer_meetings.cc
  static std::set<std::string> ComparedMeetings();
  struct Knows {
    bool opens = false;  // the meeting itself
    bool knows = false;  // that it is there
  };
  void Meetings(const Caller& who, const Family& f);
  void InvitedTo(const Caller& who, const Family& f, const MeetingKnown& m, const Knows& knows);
  void Checks(const Caller& who, const Family& f, const MeetingKnown& m);
  const Caller* PartyOf(const Family& f, const meetings::v1::Invitation& i);
  void MeetingLists(const Caller& who);
  void OwnInvitations(const Caller& who);
  void Sittings(const Caller& who);
  void AmongListed(const Caller& who, const SittingKnown& sitting,
                   const meetings::v1::Sitting& one);

  void ListCases(const Caller& who);
  void OpenRequests(const Caller& who);
  void ListAccessible(const Caller& who);
  void SearchFamilies(const Caller& who);
  void OpenCase(const Caller& who);
  void ListEmergencies(const Caller& who);
  void ListEscalations(const Caller& who);
  void Directory(const Caller& who);
  void Log(const Caller& who);
  void Simulate(const Caller& who);

  // comparer_handovers.cc
  static std::set<std::string> ComparedHandovers();
  void DueHandovers(const Caller& who);
  void Archives(const Caller& who);
  void Receipts(const Caller& who, const Family& f);

  // comparer_questions.cc
  static std::set<std::string> ComparedQuestions();
  struct AskedKnown {
    std::string family, id, asker, organisation;
    int64_t index = 0;
    bool answered = false;
  };
  void Ask(const Caller& who, const Family& f, int64_t index);
  void Questions(const Caller& who, const Family& f);
  void OpenQuestions(const Caller& who);

  // comparer_worklist.cc
  static std::set<std::string> ComparedWork();
  // What somebody reads of one family where it is read alone, by name.
  struct ReadAlone {
    std::set<std::string> names, open_steps, marks, tasks, lapses;
    // Own invitations to meetings that are still to come: all, and those to answer.
    std::set<std::string> invitations, to_answer;
    std::set<std::string> requests, offered;
    bool tells_lapses = false;  // ListLapses answers them
    std::string open_case;      // that they read, and that is not closed
  };
  ReadAlone ReadFamilyAlone(const Caller& who, const Family& f);
  void Worklists(const Caller& who);
  void Worklist(const Caller& who, worklist::v1::Whose whose,
                const std::map<std::string, ReadAlone>& alone);
  void WatchedFirst(const Caller& who, const worklist::v1::WorklistFilter& filter,
                    const std::vector<worklist::v1::Entry>& listed);
  void Waiting(const Caller& who, const Family* f, const ReadAlone& r,
               const worklist::v1::Entry& e);
  bool IsToKnow(const ReadAlone& r, const worklist::v1::Notice& n);
  void Inbox(const Caller& who, const std::map<std::string, ReadAlone>& alone);
  void WerkplaatsAndFramework(const Caller& who);

  World& w_;
  Report& report_;
  std::map<std::string, Known> known_;        // by id
  std::map<std::string, const Thing*> mark_;  // by mark
  std::map<std::string, const Family*> mark_family_;
  std::map<std::string, std::string> pages_;  // of the log, by caller and family
  // Of the caller and family under comparison.
  std::set<std::string> consents_shown_, grounds_shown_;
  std::vector<AskedKnown> asked_;  // questions about the log
};

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_COMPARER_H_
