// WorklistService: what there is to do and to know, over all the caller's cases (R5-R9, R14-R16,
// R20). One method an RPC; rules are in rules.h and notices.h. Thread-safe: holds no state of its
// own.
#ifndef KNOOPPUNT_SERVICES_WORKLIST_SERVICE_H_
#define KNOOPPUNT_SERVICES_WORKLIST_SERVICE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::worklist {

class WorklistService {
 public:
  // `random` is not owned and outlives the service.
  explicit WorklistService(crypto::Random& random) : random_(random) {}
  WorklistService(const WorklistService&) = delete;
  WorklistService& operator=(const WorklistService&) = delete;

  // Adds the handlers; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // worklist.cc
  absl::Status ListWorklist(const Call&, const std::vector<Call>&, ReadTx&,
                            const v1::ListWorklistRequest&, v1::ListWorklistResponse*);
  absl::Status GetDigest(const Call&, const std::vector<Call>&, ReadTx&,
                         const v1::GetDigestRequest&, v1::Digest*);
  // watch.cc
  // What a watcher was told, by the key of the entry: hashes and names, between two messages.
  struct Watched {
    struct Said {
      std::string hash;
      v1::EntryKind kind = v1::ENTRY_KIND_UNSPECIFIED;
      std::string subject, seat;
    };
    bool begun = false;
    std::map<std::string, Said> said;
  };
  absl::StatusOr<runtime::Flow> WatchWorklist(const Call&, const std::vector<Call>&, ReadTx&,
                                              const v1::WatchWorklistRequest&, Watched*,
                                              v1::WatchWorklistResponse*);
  // inbox.cc
  absl::Status ListInbox(const Call&, const std::vector<Call>&, ReadTx&,
                         const v1::ListInboxRequest&, v1::ListInboxResponse*);
  absl::Status MarkNotice(const Call&, WriteTx&, const v1::MarkNoticeRequest&, v1::Notice*);

  crypto::Random& random_;
};

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_SERVICE_H_
