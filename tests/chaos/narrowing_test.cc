// P3, with real processes: what was narrowed before a call was sent serves it nowhere. Readers
// hammer every unit while consents are withdrawn, seats and employment end and the policy changes,
// and units are paused, cut off and killed in the middle.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cpp/grpc_transport.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "tests/chaos/fleet.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::chaos {
namespace {

using google::protobuf::Message;
using integration::Caller;
using integration::Region;
using integration::Require;
using integration::Rounds;

// Somebody whose access comes and goes, and the readers that try it. Thread-safe.
class Watched {
 public:
  explicit Watched(Caller who) : who_(std::move(who)) {}

  Caller who() {
    base::MutexLock lock(mu_);
    return who_;
  }
  // Who is watched from now on.
  void Replace(Caller who) {
    base::MutexLock lock(mu_);
    who_ = std::move(who);
  }
  void AddReader() {
    base::MutexLock lock(mu_);
    ++readers_;
  }

  // A reader is about to send: whether the narrowing had been answered.
  bool Sends() {
    base::MutexLock lock(mu_);
    ++sent_;
    if (narrowed_) ++late_under_way_;
    changed_.NotifyAll();
    return narrowed_;
  }
  void Answered(bool late, bool served, bool said_no) {
    base::MutexLock lock(mu_);
    if (late) {
      --late_under_way_;
      ++late_answered_;
      if (said_no) ++late_refused_;
      if (served) ++violations_;
    } else if (served) {
      ++served_;
    }
    changed_.NotifyAll();
  }

  // The narrowing was answered just now.
  void Narrowed() {
    base::MutexLock lock(mu_);
    narrowed_ = true;
    late_answered_ = 0;
    late_refused_ = 0;
  }
  // Until each reader, on average, was refused twice by a call sent after that, or one was served.
  void AwaitRefusals() {
    base::MutexLock lock(mu_);
    while (late_refused_ < 2 * readers_ && violations_ == 0) changed_.Wait(mu_);
  }
  // Until a call that was sent after that has an answer.
  void AwaitAnswer() {
    base::MutexLock lock(mu_);
    while (late_answered_ == 0) changed_.Wait(mu_);
  }
  // What is sent from now on may be served again; waits for what was sent before.
  void Widens() {
    base::MutexLock lock(mu_);
    narrowed_ = false;
    while (late_under_way_ > 0) changed_.Wait(mu_);
    served_ = 0;
  }
  // Until a reader is served: else a refusal would show nothing.
  void AwaitServed() {
    base::MutexLock lock(mu_);
    while (served_ == 0) changed_.Wait(mu_);
  }
  // Until as many calls were sent as there are readers.
  void AwaitTraffic() {
    base::MutexLock lock(mu_);
    const int64_t enough = sent_ + readers_;
    while (sent_ < enough) changed_.Wait(mu_);
  }
  int64_t violations() {
    base::MutexLock lock(mu_);
    return violations_;
  }
  int64_t sent() {
    base::MutexLock lock(mu_);
    return sent_;
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  Caller who_ ABSL_GUARDED_BY(mu_);
  bool narrowed_ ABSL_GUARDED_BY(mu_) = false;
  int readers_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t sent_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t served_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t late_under_way_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t late_answered_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t late_refused_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t violations_ ABSL_GUARDED_BY(mu_) = 0;
};

// One way to lose access, and to get it back.
struct Narrowing {
  std::string name;
  Watched* watched = nullptr;
  std::function<absl::Status(const std::string& request_id)> narrow;
  std::function<void()> restore;
};

// The parameter numbers the fleet: a family has room for so many seats, so that many rounds take
// more fleets than one.
class NarrowingTest : public ::testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() { client::RestrictTlsTo13(); }

  void SetUp() override {
    CopyPolicy();
    ASSERT_OK(fleet_.Start());
    region_.UseTransport(fleet_.transport());
    region_.Furnish();
    consent_ = region_.SeatTheNurse();
    region_.Share("organisations/maastricht");
    region_.Seat(region_.consultant);
    Hire();
    StartReaders();
  }
  void TearDown() override {
    stop_ = true;
    for (std::thread& t : readers_) t.join();
    EXPECT_OK(fleet_.Stop());
  }

  // --- Readers -------------------------------------------------------------------------------

  // Reads as `watched` until the test ends. `make` gives method, request and an empty answer.
  template <typename Request, typename Response>
  void Read(Watched* watched, const std::string& method, Request request) {
    watched->AddReader();
    readers_.emplace_back([this, watched, method, request = std::move(request)] {
      while (!stop_) {
        const Caller who = watched->who();
        client::CallOptions options;
        options.timeout = absl::Seconds(2);
        options.token = region_.Token(who);
        options.purpose = who.purpose;
        Response answer;
        const bool late = watched->Sends();
        const absl::Status status = fleet_.transport()->Call(absl::StrCat("/knooppunt.", method),
                                                             request, &answer, options);
        watched->Answered(late, status.ok() && Serves(answer),
                          status.code() == absl::StatusCode::kPermissionDenied ||
                              (status.ok() && !Serves(answer)));
      }
    });
  }
  static bool Serves(const Message&) { return true; }
  // An explanation is an answer to who lost access too; what counts is what it says.
  static bool Serves(const access::v1::ExplainResponse& e) { return e.allowed(); }
  // So is a list that is empty.
  static bool Serves(const casework::v1::ListCasesResponse& l) {
    return std::any_of(l.cases().begin(), l.cases().end(),
                       [](const casework::v1::Case& c) { return c.persons_size() > 0; });
  }

  void StartReaders() {
    casework::v1::GetCaseRequest get;
    get.set_name(region_.case_name);
    access::v1::ExplainRequest explain;
    explain.set_resource(region_.case_name);
    explain.set_permission("case.read");
    for (Watched* w : {&nurse_, &consultant_}) {
      Read<casework::v1::GetCaseRequest, casework::v1::Case>(
          w, "casework.v1.CaseworkService/GetCase", get);
      Read<access::v1::ExplainRequest, access::v1::ExplainResponse>(
          w, "access.v1.AccessService/Explain", explain);
    }
    Read<casework::v1::GetCaseRequest, casework::v1::Case>(
        &nurse_, "casework.v1.CaseworkService/GetCase", get);
    Read<directory::v1::ListOrganisationsRequest, directory::v1::ListOrganisationsResponse>(
        &hired_, "directory.v1.DirectoryService/ListOrganisations", {});
    Read<audit::v1::GetCheckpointRequest, audit::v1::Checkpoint>(
        &hired_, "audit.v1.AuditService/GetCheckpoint", {});
  }

  // --- Narrowings ----------------------------------------------------------------------------

  Narrowing Withdrawal() {
    return {"consent withdrawn", &nurse_,
            [this](const std::string& id) {
              consent::v1::WithdrawConsentRequest request;
              request.set_name(consent_);
              request.set_request_id(id);
              consent::v1::Consent answer;
              return region_.CallAsIs(region_.mother, "consent.v1.ConsentService/WithdrawConsent",
                                      request, &answer);
            },
            [this] { consent_ = region_.Share("organisations/jgz"); }};
  }

  Narrowing SeatEnded() {
    return {"seat ended", &consultant_,
            [this](const std::string& id) {
              casework::v1::EndSeatRequest request;
              request.set_name(region_.case_name);
              request.set_seat(SeatOf(region_.consultant));
              request.set_reason("Niet meer nodig.");
              request.set_request_id(id);
              casework::v1::Participant answer;
              return region_.CallAsIs(region_.ib, "casework.v1.CaseworkService/EndSeat", request,
                                      &answer);
            },
            [this] { region_.Seat(region_.consultant); }};
  }
  std::string SeatOf(const Caller& who) {
    const auto read = region_.GetCase(region_.ib);
    if (!read.ok()) return seat_;  // the seat of the first try
    for (const casework::v1::Participant& p : read->participants()) {
      if (p.professional() == who.claims.subject() && p.state() == access::v1::SEAT_STATE_JOINED) {
        seat_ = p.seat();
      }
    }
    return seat_;
  }

  Narrowing EmploymentEnded() {
    return {"employment ended", &hired_,
            [this](const std::string& id) {
              directory::v1::EndEmploymentRequest request;
              request.set_name(hired_.who().claims.subject());
              request.set_organisation(hired_.who().claims.organisation());
              request.set_end_date(region_.Day(0));
              request.set_request_id(id);
              directory::v1::Professional answer;
              return region_.CallAsIs(region_.admin, "directory.v1.DirectoryService/EndEmployment",
                                      request, &answer);
            },
            [this] { Hire(); }};
  }
  // A privacy officer, new each time.
  void Hire() {
    Caller who = region_.auditor;
    who.claims.set_subject(absl::StrCat("professionals/hired-", ++hires_));
    directory::v1::CreateProfessionalRequest request;
    directory::v1::Professional* p = request.mutable_professional();
    p->set_name(who.claims.subject());
    p->set_display_name("Iemand Nieuw");
    p->set_login(absl::StrCat("dev|", who.claims.subject()));
    access::v1::FunctionTerm* term = p->add_functions();
    term->set_organisation(who.claims.organisation());
    term->set_function(who.claims.function());
    term->set_start_date(region_.Day(-30));
    directory::v1::Professional answer;
    Require(region_.Call(region_.admin, "directory.v1.DirectoryService/CreateProfessional", request,
                         &answer),
            "hire");
    hired_.Replace(who);
  }

  Narrowing PolicyChanged() {
    return {"policy changed", &nurse_,
            [this](const std::string&) {
              return PutInForce(absl::StrReplaceAll(
                  policy_, {{"FUNCTION_JGZ_NURSE, FUNCTION_JGZ_DOCTOR", "FUNCTION_JGZ_DOCTOR"}}));
            },
            [this] { Require(PutInForce(policy_), "the policy back"); }};
  }
  void CopyPolicy() {
    std::ostringstream text;
    text << std::ifstream(region_.config().policy_file()).rdbuf();
    policy_ = text.str();
  }
  // Answers when the policy in force is this one.
  absl::Status PutInForce(const std::string& text) {
    std::ofstream(policy_file_) << text;
    fleet_.HangUp("access");
    const Caller officer = region_.auditor;
    for (int i = 0; i < 10'000; ++i) {
      access::v1::Policy now;
      if (absl::Status s = region_.CallAsIs(officer, "access.v1.AccessService/GetPolicy",
                                            access::v1::GetPolicyRequest(), &now);
          !s.ok()) {
        return s;
      }
      if (now.text() == text) return absl::OkStatus();
    }
    return absl::DeadlineExceededError("the policy did not change");
  }

  // --- Faults --------------------------------------------------------------------------------

  struct Fault {
    std::string name;
    std::function<void()> begin;
    std::function<void()> end;
  };
  std::vector<Fault> Faults() {
    const auto nothing = [] {};
    return {
        {"nothing else", nothing, nothing},
        {"dossier paused", [this] { fleet_.Pause("dossier"); },
         [this] { fleet_.Resume("dossier"); }},
        {"access paused", [this] { fleet_.Pause("access"); }, [this] { fleet_.Resume("access"); }},
        {"dossier cut off from access", [this] { fleet_.relay().Cut(); },
         [this] { fleet_.relay().Mend(); }},
        {"access killed and started", [this] { Require(fleet_.Restart("access"), "restart"); },
         nothing}};
  }

  // Narrows with the fault in the middle, until it is answered.
  absl::Status Narrow(const Narrowing& narrowing, const Fault& fault) {
    const std::string id = region_.RequestId();
    const absl::Time begin = absl::Now();
    absl::Status status;
    std::thread narrower([&] {
      // The same act again, as a client does; what was done once is not done twice.
      for (int i = 0; i < 100'000; ++i) {
        status = narrowing.narrow(id);
        if (status.code() != absl::StatusCode::kUnavailable &&
            status.code() != absl::StatusCode::kDeadlineExceeded) {
          break;
        }
      }
      if (!status.ok()) return;
      narrowing.watched->Narrowed();
      if (fault.name == "nothing else") took_[narrowing.name].push_back(absl::Now() - begin);
    });
    fault.begin();
    if (fault.name != "nothing else") narrowing.watched->AwaitTraffic();
    fault.end();
    narrower.join();
    return status;
  }

  static void TearDownTestSuite() { PrintHowLong(); }
  static void PrintHowLong() {
    std::printf("how long a narrowing takes, from the call to its answer, readers at work:\n");
    for (auto& [name, took] : took_) {
      std::sort(took.begin(), took.end());
      const auto at = [&took = took](double q) {
        return absl::ToDoubleMilliseconds(took[static_cast<size_t>(q * (took.size() - 1))]);
      };
      std::printf("  %-18s n=%zu  p50 %.1f ms  p90 %.1f ms  p99 %.1f ms  most %.1f ms\n",
                  name.c_str(), took.size(), at(0.5), at(0.9), at(0.99), at(1));
    }
  }

  Region region_{{.system_clock = true, .listen = true}};
  std::string policy_;
  const std::string policy_file_ = [this] {
    std::string file = region_.folder() + "/policy.textproto";
    std::ofstream(file) << std::ifstream(region_.config().policy_file()).rdbuf();
    region_.config().set_policy_file(file);
    return file;
  }();
  Fleet fleet_{&region_};
  std::string consent_, seat_;
  int hires_ = 0;
  Watched nurse_{region_.nurse}, consultant_{region_.consultant}, hired_{region_.auditor};
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> readers_;
  static inline std::map<std::string, std::vector<absl::Duration>> took_;
};

TEST_P(NarrowingTest, P3R13NoCallSentAfterANarrowingWasAnsweredIsServedWhateverFails) {
  const unsigned seed = 20261122 + GetParam();
  std::minstd_rand dice(seed);
  const std::vector<Narrowing> narrowings = {Withdrawal(), SeatEnded(), EmploymentEnded(),
                                             PolicyChanged()};
  const std::vector<Fault> faults = Faults();
  const int rounds = Rounds(24, 50);
  for (int round = 0; round < rounds; ++round) {
    const Narrowing& narrowing = narrowings[round % narrowings.size()];
    // Every other round without a fault: that is how long it takes.
    const Fault& fault = faults[round % 8 < 4 ? 0 : 1 + dice() % (faults.size() - 1)];
    SCOPED_TRACE(absl::StrCat("round ", round, ": ", narrowing.name, ", ", fault.name));
    narrowing.watched->AwaitServed();
    ASSERT_OK(Narrow(narrowing, fault));
    narrowing.watched->AwaitRefusals();
    ASSERT_EQ(narrowing.watched->violations(), 0);
    narrowing.watched->Widens();
    narrowing.restore();
    ASSERT_FALSE(HasFailure());
  }
  for (Watched* w : {&nurse_, &consultant_, &hired_}) EXPECT_EQ(w->violations(), 0);
  const int64_t sent = nurse_.sent() + consultant_.sent() + hired_.sent();
  std::printf("seed %u, %d rounds, %s calls of readers, none served after its narrowing\n", seed,
              rounds, absl::StrCat(sent).c_str());
}

TEST_P(NarrowingTest, ANarrowingThatIsOnlySaidAndNotDoneIsSeen) {
  nurse_.AwaitServed();
  nurse_.Narrowed();
  nurse_.AwaitAnswer();
  nurse_.Widens();
  EXPECT_GT(nurse_.violations(), 0);
}

INSTANTIATE_TEST_SUITE_P(Fleets, NarrowingTest, ::testing::Range(0, Rounds(1, 10)));

}  // namespace
}  // namespace knooppunt::chaos
