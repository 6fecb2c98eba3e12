#include "clients/cli/device_login.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/output.h"
#include "security/identity/json.h"

namespace knooppunt::cli {
namespace {

using identity::JsonObject;

constexpr char kGrant[] = "urn:ietf:params:oauth:grant-type:device_code";
constexpr absl::Duration kRequestTimeout = absl::Seconds(10);
constexpr absl::Duration kDefaultInterval = absl::Seconds(5);  // RFC 8628, section 3.2
constexpr absl::Duration kSlowDown = absl::Seconds(5);         // section 3.5
constexpr absl::Duration kMaxInterval = absl::Minutes(1);
constexpr absl::Duration kMaxLifetime = absl::Minutes(30);
constexpr size_t kMaxAnswerBytes = 64 << 10;
constexpr size_t kMaxShownBytes = 1000;
constexpr size_t kMaxCodeBytes = 64;

struct Provider {
  std::string device_endpoint;
  std::string token_endpoint;
};

struct Device {
  std::string code;  // ours; nobody is shown it
  std::string user_code;
  std::string url;
  std::string complete_url;  // with the code in it; may be empty
  absl::Time ends;
  absl::Duration interval = kDefaultInterval;
};

absl::Status NotAProvider(absl::string_view what) {
  return InputError(absl::StrCat("the identity provider cannot be used: ", what));
}
absl::Status Denied() {
  return base::MakeError(absl::StatusCode::kUnauthenticated, "LOGIN_DENIED", "R17",
                         "the login was refused at the identity provider");
}
absl::Status TooLate() {
  return base::MakeError(absl::StatusCode::kUnauthenticated, "LOGIN_TIMEOUT", "R17",
                         "the code was not used in time: log in again");
}

// One line of plain characters, so that it cannot say anything else.
bool IsCode(absl::string_view code) {
  return !code.empty() && code.size() <= kMaxCodeBytes &&
         std::all_of(code.begin(), code.end(),
                     [](char c) { return absl::ascii_isgraph(c) || c == ' '; });
}

using Form = std::vector<std::pair<std::string, std::string>>;

struct Answer {
  int status = 0;
  JsonObject json;
};

absl::StatusOr<Answer> Send(const DeviceLoginOptions& options, const DeviceLoginWorld& world,
                            const std::string& url, const Form& form) {
  if (const absl::Status s = identity::CheckUrl(url); !s.ok()) return NotAProvider(s.message());
  std::string body;
  for (const auto& [name, value] : form) {
    absl::StrAppend(&body, body.empty() ? "" : "&", name, "=", identity::UrlEncode(value));
  }
  const auto answer = world.http->Fetch({.url = url,
                                         .form = body,
                                         .ca_file = options.ca_file,
                                         .timeout = kRequestTimeout,
                                         .max_bytes = kMaxAnswerBytes});
  if (absl::IsUnavailable(answer.status())) {
    return absl::UnavailableError(
        absl::StrCat("the identity provider does not answer: ", answer.status().message()));
  }
  if (!answer.ok()) return NotAProvider(answer.status().message());
  if (answer->status >= 500) {
    return absl::UnavailableError(absl::StrCat("the identity provider answers with HTTP ",
                                               answer->status, ": try again later"));
  }
  auto json = JsonObject::Parse(answer->body, kMaxAnswerBytes);
  if (!json.ok()) {
    return NotAProvider(absl::StrCat("HTTP ", answer->status, ", and no JSON object"));
  }
  return Answer{answer->status, *std::move(json)};
}

// The error of an answer (RFC 6749, section 5.2), or "".
std::string ErrorOf(const Answer& answer) {
  std::string error;
  const bool read = answer.json.Read("error", &error);
  if (answer.status == 200) return "";
  return read && !error.empty() ? error : absl::StrCat("HTTP ", answer.status);
}

// OpenID Connect Discovery 1.0, section 4: the name in the document is the one that was asked.
absl::StatusOr<Provider> Discover(const DeviceLoginOptions& options,
                                  const DeviceLoginWorld& world) {
  const char* slash = absl::EndsWith(options.issuer, "/") ? "" : "/";
  KP_ASSIGN_OR_RETURN(
      const Answer answer,
      Send(options, world, absl::StrCat(options.issuer, slash, ".well-known/openid-configuration"),
           {}));
  std::string issuer;
  Provider out;
  if (answer.status != 200 || !answer.json.Read("issuer", &issuer) ||
      !answer.json.Read("token_endpoint", &out.token_endpoint) ||
      !answer.json.Read("device_authorization_endpoint", &out.device_endpoint)) {
    return NotAProvider("its description cannot be read");
  }
  if (issuer != options.issuer) {
    return NotAProvider("it names itself otherwise than --issuer does, to the letter");
  }
  if (out.token_endpoint.empty() || out.device_endpoint.empty()) {
    return NotAProvider("it has no login by code (device authorization grant)");
  }
  return out;
}

absl::StatusOr<Device> Begin(const DeviceLoginOptions& options, const DeviceLoginWorld& world,
                             const Provider& provider) {
  Form form = {{"client_id", options.client_id}, {"scope", "openid"}};
  if (!options.acr_values.empty()) form.emplace_back("acr_values", options.acr_values);
  const absl::Time now = world.clock->Now();
  KP_ASSIGN_OR_RETURN(const Answer answer, Send(options, world, provider.device_endpoint, form));
  if (const std::string error = ErrorOf(answer); !error.empty()) {
    return NotAProvider(absl::StrCat("it says ", Printable(error.substr(0, kMaxShownBytes))));
  }
  Device out;
  int64_t lifetime = 0, interval = absl::ToInt64Seconds(kDefaultInterval);
  if (!answer.json.Read("device_code", &out.code) ||
      !answer.json.Read("user_code", &out.user_code) ||
      !answer.json.Read("verification_uri", &out.url) ||
      !answer.json.Read("verification_uri_complete", &out.complete_url) ||
      !answer.json.ReadSeconds("expires_in", &lifetime) ||
      !answer.json.ReadSeconds("interval", &interval) || out.code.empty() ||
      !IsCode(out.user_code) || lifetime == 0) {
    return NotAProvider("its answer lacks a code");
  }
  // A person is sent there: nowhere that is not protected.
  for (const std::string* url : {&out.url, &out.complete_url}) {
    if (url == &out.complete_url && url->empty()) continue;
    if (!identity::CheckUrl(*url).ok() || url->size() > kMaxShownBytes) {
      return NotAProvider("the page it sends people to is not https");
    }
  }
  out.ends = now + std::min(absl::Seconds(lifetime), kMaxLifetime);
  out.interval = std::clamp(absl::Seconds(interval), absl::Seconds(1), kMaxInterval);
  return out;
}

void Tell(const Device& device, std::ostream& out) {
  out << "Log in met uw browser, op dit of op een ander apparaat.\n"
      << "  Ga naar:          " << Printable(device.url) << "\n"
      << "  Typ daar de code: " << device.user_code << "\n";
  if (!device.complete_url.empty()) {
    out << "  Of in een keer:   " << Printable(device.complete_url) << "\n";
  }
  out << "Typ de code alleen als u hier zelf begonnen bent. Wachten tot u klaar bent...\n"
      << std::flush;
}

// Section 3.4 and 3.5.
absl::StatusOr<std::string> Poll(const DeviceLoginOptions& options, const DeviceLoginWorld& world,
                                 const Provider& provider, Device device) {
  const Form form = {
      {"grant_type", kGrant}, {"device_code", device.code}, {"client_id", options.client_id}};
  while (world.clock->Now() + device.interval < device.ends) {
    world.wait(device.interval);
    const auto answer = Send(options, world, provider.token_endpoint, form);
    if (absl::IsUnavailable(answer.status())) {
      device.interval = std::min(2 * device.interval, kMaxInterval);
      continue;
    }
    KP_RETURN_IF_ERROR(answer.status());
    const std::string error = ErrorOf(*answer);
    if (error == "authorization_pending") continue;
    if (error == "slow_down") {
      device.interval = std::min(device.interval + kSlowDown, kMaxInterval);
      continue;
    }
    if (error == "access_denied") return Denied();
    if (error == "expired_token") return TooLate();
    if (!error.empty()) {
      return NotAProvider(absl::StrCat("it says ", Printable(error.substr(0, kMaxShownBytes))));
    }
    std::string id_token;
    if (!answer->json.Read("id_token", &id_token) || id_token.empty()) {
      return NotAProvider("it gives no id token");
    }
    return id_token;
  }
  return TooLate();
}

}  // namespace

absl::StatusOr<std::string> LogInByDevice(const DeviceLoginOptions& options,
                                          const DeviceLoginWorld& world) {
  KP_ASSIGN_OR_RETURN(const Provider provider, Discover(options, world));
  KP_ASSIGN_OR_RETURN(Device device, Begin(options, world, provider));
  Tell(device, *world.out);
  return Poll(options, world, provider, std::move(device));
}

}  // namespace knooppunt::cli
