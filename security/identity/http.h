// One bounded request to an OpenID provider: https with the certificate and its name verified,
// or plain http on loopback alone; no redirect is followed; size and time are capped.
// Implementations are thread-safe; a request blocks its caller.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_HTTP_H_
#define KNOOPPUNT_SECURITY_IDENTITY_HTTP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace knooppunt::identity {

struct HttpRequest {
  std::string url;
  std::string form;        // application/x-www-form-urlencoded: a POST; empty is a GET
  std::string ca_file;     // PEM of the authorities; empty is the system's
  absl::Duration timeout;  // of the whole request; capped by kMaxHttpTimeoutSeconds
  size_t max_bytes = 0;    // of the answer's body; capped by kMaxHttpAnswerBytes
};

struct HttpAnswer {
  int status = 0;  // never a redirect
  std::string body;
};

class HttpFetcher {
 public:
  virtual ~HttpFetcher() = default;
  // INVALID_ARGUMENT for a URL that CheckUrl refuses, UNAVAILABLE (no connection, TLS, time),
  // RESOURCE_EXHAUSTED (too large), FAILED_PRECONDITION (a redirect).
  virtual absl::StatusOr<HttpAnswer> Fetch(const HttpRequest& request) = 0;
};

// By libcurl.
class CurlFetcher final : public HttpFetcher {
 public:
  absl::StatusOr<HttpAnswer> Fetch(const HttpRequest& request) override;
};

// OK for "https://host..." and for "http://" on 127.0.0.1, [::1] or localhost; a URL with a user
// or a fragment in it is refused. INVALID_ARGUMENT says what is wrong.
absl::Status CheckUrl(absl::string_view url);

// As a form has it: everything but letters, digits and "-._~" is escaped.
std::string UrlEncode(absl::string_view text);

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_HTTP_H_
