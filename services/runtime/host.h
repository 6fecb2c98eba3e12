// Serves one unit: a request's way in and out (doc/README.md), the same for gRPC and for the
// direct transport. The order is fixed and tested:
//   authenticate → parse → name → demands → decide → admit → validate → act → record → answer
// Thread-safe once started.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_HOST_H_
#define KNOOPPUNT_SERVICES_RUNTIME_HOST_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "clients/cpp/transport.h"
#include "security/crypto/random.h"
#include "security/identity/token.h"
#include "services/runtime/audit_record.h"
#include "services/runtime/audit_shipper.h"
#include "services/runtime/facts_relay.h"
#include "services/runtime/registry.h"
#include "services/runtime/unit.h"

namespace knooppunt::runtime {

class Stream;
struct StreamPart;

// What travels beside a request.
struct CallMeta {
  std::string token;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  std::string service;  // the calling unit, from its certificate or capability; empty: a person
  absl::Time deadline;
};

class Host {
 public:
  using Message = google::protobuf::Message;
  using Done = std::function<void(absl::Status)>;

  struct Options {
    Unit* unit = nullptr;                       // not owned
    client::Transport* access = nullptr;        // not owned
    client::Transport* audit = nullptr;         // not owned
    identity::TokenVerifier* tokens = nullptr;  // not owned
    const base::Clock* clock = nullptr;         // not owned
    crypto::Random* random = nullptr;           // not owned
    std::vector<std::string> permissions;       // that the policy knows
  };
  // Registers and checks the unit's methods (P1).
  static absl::StatusOr<std::unique_ptr<Host>> Create(Options options);
  ~Host();

  // Delivers what an earlier run left, before the port opens.
  absl::Status Start();
  // Ends the streams. No call may be under way.
  void Stop();

  const Registry::Entry* Find(absl::string_view method) const { return registry_.Find(method); }

  // Before parsing: may this caller use this method at all? For a person, a valid token.
  absl::Status Authenticate(const Registry::Entry& entry, const CallMeta& meta);

  // Runs the call; `done` is called once, on this or another thread, when the record is
  // durable. `request` and `response` must live until then.
  void Serve(const Registry::Entry& entry, const CallMeta& meta,
             std::shared_ptr<const Message> request, std::shared_ptr<Message> response, Done done);

  // For a method that streams, in place of Serve; after Authenticate. RESOURCE_EXHAUSTED when too
  // many are under way, of all or of this caller. The stream must go before the host does.
  absl::StatusOr<std::unique_ptr<Stream>> OpenStream(const Registry::Entry& entry,
                                                     const CallMeta& meta);

  // Ends a call that cannot be parsed or run, of a caller who is known, with `why`: decided on what
  // is known of it, so that its record says who and what, and recorded as every call is (R22).
  // Nothing is read. What units and strangers send is answered with `why` and no more.
  void Reject(const Registry::Entry& entry, const CallMeta& meta, absl::Status why, Done done);

  Unit& unit() { return *options_.unit; }
  AuditShipper& shipper() { return *shipper_; }

 private:
  friend class Stream;
  struct Call;
  using CallPtr = std::shared_ptr<Call>;

  explicit Host(Options options) : options_(std::move(options)) {}
  absl::Status PrepareTables();
  // Whether access must have applied what this unit's changes say.
  bool HasFacts() const;
  void ServeInternal(const Registry::Entry& entry, const CallMeta& meta, const Message& request,
                     Message* response, const Done& done);
  void ServePerson(CallPtr call);
  void ServeList(CallPtr call);
  // Replays of finished acts; true when this call was one (and is being answered).
  absl::StatusOr<bool> FindReplay(CallPtr call);
  void AnswerReplay(CallPtr call);
  policy::Inquiry NewQuestion(const Call& call);
  absl::Status Ask(Call& call);
  absl::Status NoDecision(const absl::Status& cause);
  void NotDecided(CallPtr call, const absl::Status& cause);
  void Refuse(CallPtr call);
  void Act(CallPtr call);
  void Read(CallPtr call);
  void Write(CallPtr call);
  // What a message of a stream of requests brings, before its unit of work.
  absl::Status Take(Call& call);
  void CloseStream(const std::string& subject);
  // Records `status` in a transaction of its own and answers with it.
  void RecordAndAnswer(CallPtr call, absl::Status status);
  absl::StatusOr<std::vector<OutboxRecord>> MakeRecords(const Call& call,
                                                        const absl::Status& outcome);
  absl::Status TakeSearchTurn(const Call& call);
  absl::Status CountAnonymous(bool refused);

  Options options_;
  Registry registry_;
  std::unique_ptr<FactsRelay> relay_;
  std::unique_ptr<AuditShipper> shipper_;

  base::Mutex mu_;
  struct Turns {
    int64_t minute = 0;
    int used = 0;
  };
  absl::flat_hash_map<std::string, Turns> searches_ ABSL_GUARDED_BY(mu_);
  Turns anonymous_ ABSL_GUARDED_BY(mu_);
  int anonymous_refused_ ABSL_GUARDED_BY(mu_) = 0;
  int streams_ ABSL_GUARDED_BY(mu_) = 0;
  absl::flat_hash_map<std::string, int> streams_of_ ABSL_GUARDED_BY(mu_);  // by subject
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_HOST_H_
