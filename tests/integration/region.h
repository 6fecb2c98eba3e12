// A whole region for tests: keys, a configuration, every unit in this process, an imported
// directory, professionals and a family, in a folder of its own. People call over a transport with
// tokens of access's own kind; nothing between them and the stores is replaced.
//
// A step that every test needs and that fails ends the program and says so: a test asserts what it
// is about. Start, Stop and what changes the region come from one thread; Call from any.
#ifndef KNOOPPUNT_TESTS_INTEGRATION_REGION_H_
#define KNOOPPUNT_TESTS_INTEGRATION_REGION_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "clients/cpp/transport.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/config/v1/config.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/random.h"
#include "security/crypto/sign.h"
#include "security/storage/database.h"
#include "services/server/process.h"

namespace knooppunt::integration {

// Somebody who calls, and for what.
struct Caller {
  access::v1::TokenClaims claims;
  common::v1::Purpose purpose = common::v1::PURPOSE_COORDINATION;
  Caller For(common::v1::Purpose p) const { return {claims, p}; }
};

class Region {
 public:
  struct Options {
    // The time of the machine, for tests with other processes; else a clock that stands still.
    bool system_clock = false;
    // A PKI for a port, by deploy/pki.sh; without one the process does not listen.
    bool listen = false;
    int64_t outbox_max_entries = 0;
    server::Process::Options::Between between;
  };
  // Makes the folder, the keys and the configuration; starts nothing.
  explicit Region(Options options);
  Region() : Region(Options{}) {}
  ~Region();

  // Starts every unit in this process. A test that wants a failure reads the status.
  absl::Status Start(std::set<std::string> new_incarnations = {});
  // As a shutdown does.
  void Stop();
  server::Process& process() { return *process_; }
  storage::Database& database(const std::string& unit) {
    return process_->host(unit)->unit().database();
  }

  // The people's way in, instead of the direct transport. Not owned.
  void UseTransport(client::Transport* transport) { transport_ = transport; }
  std::string Token(const Caller& who) const;
  std::string Token(const access::v1::TokenClaims& claims) const;
  // `method` is "casework.v1.CaseworkService/GetCase". A request_id that is lacking is filled in.
  absl::Status Call(const Caller& who, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response);
  // The same, and the request goes as it is.
  absl::Status CallAsIs(const Caller& who, const std::string& method,
                        const google::protobuf::Message& request,
                        google::protobuf::Message* response);

  // A stream of answers, and of requests, as clients/cpp/transport.h says.
  absl::Status Receive(const Caller& who, const std::string& method,
                       const google::protobuf::Message& request,
                       google::protobuf::Message* response, absl::FunctionRef<absl::Status()> each);
  absl::Status Send(const Caller& who, const std::string& method,
                    google::protobuf::Message* request,
                    absl::FunctionRef<absl::StatusOr<bool>()> next,
                    google::protobuf::Message* response);

  // Imports the directory, employs everybody, opens the family's case.
  void Furnish();

  // Takes on whoever `who` says, since a month.
  void Employ(const Caller& who);
  // Takes on somebody more, and says who: a colleague of the intern begeleider, or as stated.
  Caller Hire(const std::string& id);
  Caller Hire(const std::string& id, const std::string& organisation, common::v1::Function in);

  // --- The people of the journey; valid from the start.
  Caller admin, ib, nurse, consultant, stranger, auditor, mother, father;
  // --- Known after Furnish.
  std::string family, case_name, child, sibling, mother_id, father_id, audit_subject;

  casework::v1::OpenCaseRequest OpenRequest() const;
  void OpenCase();
  // A consent about the child, proposed by the IB. Returns its name.
  std::string Propose(const std::string& recipient);
  absl::Status Sign(const std::string& consent, const Caller& who);
  std::string Share(const std::string& recipient);
  absl::Status Withdraw(const std::string& consent, const Caller& who);
  void Seat(const Caller& who);
  absl::StatusOr<casework::v1::Case> GetCase(const Caller& who);
  absl::StatusOr<casework::v1::Case> GetCase(const Caller& who, const std::string& name);
  // What the IB writes down about the child, on the school's own ground.
  casework::v1::AddContributionRequest Note(const std::string& text) const;
  absl::StatusOr<casework::v1::Contribution> AddNote(const std::string& text);
  // The texts that the IB reads, in order of writing.
  std::vector<std::string> Notes();
  // The consent of both parents for the nurse, who sits at the table. Returns the consent's name.
  std::string SeatTheNurse();

  base::FakeClock& clock() { return fake_clock_; }
  absl::Time Now() const { return clock_->Now(); }
  std::string Day(int days_from_now) const;
  std::string RequestId();
  const std::string& folder() const { return folder_; }
  config::v1::ServerConfig& config() { return config_; }
  const crypto::SigningKey& token_key() const { return *token_key_; }
  const crypto::SigningKey& issuer_key() const { return *issuer_key_; }
  const crypto::SigningKey& log_key() const { return *log_key_; }
  // The files of a database, set aside and put back. Only while nothing runs.
  void SetAside(const std::string& unit);
  void PutBack(const std::string& unit);

 private:
  client::CallOptions OptionsOf(const Caller& who) const;
  void MakeKeys();
  void MakePki();
  void Configure();
  void People();
  void ImportDirectory();
  void WritePublicKey(const std::string& name, const crypto::SigningKey& key);

  const Options options_;
  std::string folder_;
  crypto::SystemRandom random_;
  base::SystemClock system_clock_;
  base::FakeClock fake_clock_;
  const base::Clock* clock_ = nullptr;
  std::unique_ptr<crypto::SigningKey> token_key_, issuer_key_, log_key_;
  config::v1::ServerConfig config_;
  std::unique_ptr<server::Process> process_;
  std::unique_ptr<client::Transport> direct_;
  client::Transport* transport_ = nullptr;
};

// A call of whatever method by its full name: one that streams gets `request` as its only message,
// or answers in as many as it likes, of which the last stays in `response`.
absl::Status CallOnce(client::Transport& way, const std::string& method,
                      const google::protobuf::Message& request, google::protobuf::Message* response,
                      const client::CallOptions& options);

// Ends the program, saying what failed, unless `status` is OK.
void Require(const absl::Status& status, absl::string_view what);

// KNOOPPUNT_LONG=1 asks for more rounds than a CI run has time for.
int Rounds(int usual, int more);

}  // namespace knooppunt::integration

#endif  // KNOOPPUNT_TESTS_INTEGRATION_REGION_H_
