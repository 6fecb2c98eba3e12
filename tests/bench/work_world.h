// A region at work, with any number of cases in store, for counting and timing what the calls of a
// working day cost: every unit in this process, nothing replaced.
//
// Asked about are kAskedFamilies cases of one intern begeleider, each active, each with a plan; the
// first has kSteps steps, the others one. All the rest are cases of a colleague at another
// werkplaats. People call directly, or over TLS when the region listens. Not thread-safe, but for
// the requests that it makes.
#ifndef KNOOPPUNT_TESTS_BENCH_WORK_WORLD_H_
#define KNOOPPUNT_TESTS_BENCH_WORK_WORLD_H_

#include <string>
#include <vector>

#include "knooppunt/plan/v1/plan.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "tests/integration/region.h"

namespace knooppunt::bench {

inline constexpr int kAskedFamilies = 50;
inline constexpr int kSteps = 30;

// What was done so far by the dossier and access; subtract to know what one call did.
struct CallWork {
  int64_t statements = 0;
  int64_t pages = 0;      // asked for by reads, in the trees of both
  int64_t decrypted = 0;  // of those, from the file
  int64_t unwraps = 0;    // keys of the keyring
  int64_t commits = 0;    // each is one sync
  int64_t scanned = 0;    // rows looked through without an index, of every unit
};
CallWork operator-(const CallWork& a, const CallWork& b);

class WorkWorld {
 public:
  // `cases` in store altogether, at least kAskedFamilies. Ends the program when something fails:
  // there is nothing to measure then.
  WorkWorld(int cases, bool listen);

  integration::Region& region() { return region_; }
  const integration::Caller& ib() const { return region_.ib; }

  // The case with kSteps steps, and its plan.
  casework::v1::GetCaseRequest GetCase() const;
  plan::v1::GetPlanRequest GetPlan() const;
  // A page of 50.
  worklist::v1::ListWorklistRequest ListWorklist() const;
  // The n-th recording of a next step that follows another, spread over the cases asked about.
  casework::v1::FollowUpStepRequest RecordStep(int64_t n) const;

  CallWork work();

 private:
  struct Asked {
    std::string name;   // of the case
    std::string step;   // name of the first step
    std::string child;  // person id
    std::string child_name;
    std::string ib_seat;
  };
  Asked Open(const integration::Caller& who, int number);
  void Activate(Asked* asked, int steps);
  common::v1::Label LabelFor(const Asked& asked) const;
  template <typename Response>
  Response Must(const integration::Caller& who, const std::string& method,
                const google::protobuf::Message& request);

  integration::Region region_;
  integration::Caller colleague_;
  std::vector<Asked> asked_;
};

}  // namespace knooppunt::bench

#endif  // KNOOPPUNT_TESTS_BENCH_WORK_WORLD_H_
