#include "security/identity/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "security/identity/limits.h"

namespace knooppunt::identity {
namespace {

struct CurlFree {
  void operator()(CURL* p) const { curl_easy_cleanup(p); }
  void operator()(CURLU* p) const { curl_url_cleanup(p); }
  void operator()(char* p) const { curl_free(p); }
};
template <typename T>
using Handle = std::unique_ptr<T, CurlFree>;

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  const Handle<char> owned(text);
  return text;
}

struct ParsedUrl {
  bool loopback = false;
  bool https = false;
};

absl::StatusOr<ParsedUrl> ParseUrl(absl::string_view text) {
  const Handle<CURLU> url(curl_url());
  const std::string copy(text);
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return absl::InvalidArgumentError("this is not a URL");
  }
  if (!Part(url.get(), CURLUPART_USER).empty() || !Part(url.get(), CURLUPART_PASSWORD).empty() ||
      !Part(url.get(), CURLUPART_FRAGMENT).empty()) {
    return absl::InvalidArgumentError("the URL names a user or a fragment: leave that out");
  }
  const std::string scheme = absl::AsciiStrToLower(Part(url.get(), CURLUPART_SCHEME));
  const std::string host = absl::AsciiStrToLower(Part(url.get(), CURLUPART_HOST));
  ParsedUrl out;
  out.https = scheme == "https";
  out.loopback = host == "127.0.0.1" || host == "[::1]" || host == "localhost";
  if (host.empty() || (!out.https && (scheme != "http" || !out.loopback))) {
    return absl::InvalidArgumentError(
        "the URL must begin with https:// (http:// on loopback only)");
  }
  return out;
}

struct Sink {
  std::string body;
  size_t max_bytes = 0;
  bool overflow = false;
};

size_t TakeBytes(char* data, size_t size, size_t count, void* user) {
  auto* sink = static_cast<Sink*>(user);
  const size_t bytes = size * count;
  if (bytes > sink->max_bytes - sink->body.size()) {
    sink->overflow = true;
    return 0;  // curl then ends the transfer
  }
  sink->body.append(data, bytes);
  return bytes;
}

void SetUp(CURL* curl, const HttpRequest& request, const ParsedUrl& url, Sink* sink) {
  const absl::Duration timeout = std::min(request.timeout, absl::Seconds(kMaxHttpTimeoutSeconds));
  const long timeout_ms = std::max<long>(1, static_cast<long>(absl::ToInt64Milliseconds(timeout)));
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, url.https ? "https" : "http");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // threads
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  // What is on this machine is not asked for elsewhere.
  if (url.loopback) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "knooppunt");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
  if (request.form.empty()) return;
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.form.c_str());
}

}  // namespace

absl::Status CheckUrl(absl::string_view url) { return ParseUrl(url).status(); }

std::string UrlEncode(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        absl::string_view("-._~").find(c) != absl::string_view::npos) {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

absl::StatusOr<HttpAnswer> CurlFetcher::Fetch(const HttpRequest& request) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  KP_ASSIGN_OR_RETURN(const ParsedUrl url, ParseUrl(request.url));
  const Handle<CURL> curl(kReady == CURLE_OK ? curl_easy_init() : nullptr);
  if (curl == nullptr) return absl::InternalError("libcurl cannot be used");
  Sink sink;
  sink.max_bytes = std::min(request.max_bytes, kMaxHttpAnswerBytes);
  SetUp(curl.get(), request, url, &sink);
  const CURLcode done = curl_easy_perform(curl.get());
  if (sink.overflow) return absl::ResourceExhaustedError("the answer is too large");
  if (done != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(done));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400) {
    return absl::FailedPreconditionError("the answer is a redirect, which is not followed");
  }
  return HttpAnswer{.status = static_cast<int>(status), .body = std::move(sink.body)};
}

}  // namespace knooppunt::identity
