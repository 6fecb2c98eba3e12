// A witness over HTTP (C2SP tlog-witness). Plain http: a checkpoint is no secret and
// every answer is verified by signature; what is lost to somebody on the path is
// availability, so put TLS or a tunnel in front where that matters.
#ifndef KNOOPPUNT_SECURITY_AUDIT_HTTP_WITNESS_CLIENT_H_
#define KNOOPPUNT_SECURITY_AUDIT_HTTP_WITNESS_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "security/audit/witness_client.h"

namespace knooppunt::audit {

// Thread-safe: each call is a connection of its own, on the caller's thread.
class HttpWitnessClient final : public WitnessClient {
 public:
  struct Options {
    std::string url;  // the submission prefix: "http://host[:port][/path]"
    absl::Duration deadline = absl::Seconds(5);  // of one call, resolving the name excepted
  };
  // INVALID_ARGUMENT when the URL is not of that form.
  static absl::StatusOr<std::unique_ptr<HttpWitnessClient>> Create(const Options& options);

  absl::StatusOr<std::string> AddCheckpoint(const AddCheckpointRequest& request) override;
  // The last checkpoint the witness cosigned for the log named `origin`; NOT_FOUND
  // when it has none.
  absl::StatusOr<std::string> LatestCheckpoint(absl::string_view origin);

 private:
  struct Call;
  struct Answer {
    int status = 0;
    std::string content_type;
    std::string body;
  };
  HttpWitnessClient() = default;
  absl::StatusOr<Answer> Exchange(const Call& call) const;

  std::string host_;
  std::string port_;
  std::string path_;  // without a '/' at its end
  absl::Duration deadline_;
};

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_HTTP_WITNESS_CLIENT_H_
