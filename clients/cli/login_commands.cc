// login, whoami, logout, profile: who one is, and where the server stands.
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/device_login.h"
#include "clients/cli/failure.h"
#include "clients/cli/id_token.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cpp/request_id.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/key_file.h"

namespace knooppunt::cli {
namespace {

struct NoArgs {};
void NoOptions(CLI::App*, NoArgs*) {}

access::v1::TokenClaims ClaimsOf(const Profile& profile) {
  access::v1::TokenClaims claims;
  claims.set_subject(profile.subject);
  claims.set_organisation(profile.organisation);
  claims.set_function(profile.function);
  claims.set_display_name(profile.display_name);
  claims.set_expire_time(profile.expire_time);
  return claims;
}

// --- login ---

struct LoginArgs {
  // At an OpenID provider.
  std::string client_id;
  std::string issuer_ca;
  std::string ask_acr;
  // An id token that another program has obtained.
  std::string id_token_file;
  std::string nonce;
  // At the development issuer.
  std::string dev_as;
  std::string issuer_key;
  std::string audience = "knooppunt";
  std::string acr = "substantial";
  std::vector<std::string> amr;
  // At both.
  std::string issuer;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  std::string organisation;
  bool print_token = false;
};

void LoginOptions(CLI::App* app, LoginArgs* args) {
  CLI::Option* issuer =
      app->add_option("--issuer", args->issuer,
                      "The identity provider, as it names itself; for --dev-as default dev")
          ->type_name("URL");
  CLI::Option* client =
      app->add_option("--client-id", args->client_id,
                      "Log in at --issuer with a browser; what it calls this program")
          ->needs(issuer)
          ->type_name("NAME");
  app->add_option("--issuer-ca", args->issuer_ca,
                  "Authorities that the provider's certificate comes from; default the system's")
      ->needs(client)
      ->type_name("FILE.pem");
  app->add_option("--ask-acr", args->ask_acr, "Ask the provider for this assurance level")
      ->needs(client)
      ->type_name("LEVEL");
  CLI::Option* file =
      app->add_option("--id-token", args->id_token_file,
                      "Log in with the id token in this file, which another program obtained; - "
                      "reads it from standard input")
          ->excludes(client)
          ->type_name("FILE");
  app->add_option("--nonce", args->nonce, "The nonce that program sent to the provider")
      ->needs(file)
      ->type_name("TEXT");
  CLI::Option* dev =
      app->add_option("--dev-as", args->dev_as, "Log in as this subject of a development issuer")
          ->excludes(client)
          ->excludes(file)
          ->type_name("SUBJECT");
  app->add_option("--issuer-key", args->issuer_key,
                  "The development issuer's Ed25519 private key, PEM, mode 0600")
      ->needs(dev)
      ->type_name("FILE");
  app->add_option("--audience", args->audience, "Development: for whom; default knooppunt")
      ->needs(dev)
      ->type_name("NAME");
  app->add_option("--acr", args->acr, "Development: assurance level; default substantial")
      ->needs(dev)
      ->type_name("LEVEL");
  app->add_option("--amr", args->amr, "Development: factors; default pwd,otp")
      ->needs(dev)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("FACTOR");
  AddWord(app, "--function", &args->function, "Act in this function; needed with more than one")
      ->type_name("WORD");
  AddName(app, "--organisation", &args->organisation, "organisations/*",
          "Act for this organisation; needed with more than one");
  app->add_flag("--print-token", args->print_token,
                "Print the token: whoever has it is you until it ends");
}

absl::StatusOr<std::string> DevelopmentIdToken(const LoginArgs& args, absl::Time now) {
  const auto key = crypto::ReadSigningKey(args.issuer_key);
  if (!key.ok()) return InputError(key.status());
  access::v1::IdTokenClaims claims;
  claims.set_iss(args.issuer.empty() ? "dev" : args.issuer);
  claims.set_sub(args.dev_as);
  claims.set_aud(args.audience);
  claims.set_acr(args.acr);
  for (const std::string& factor : args.amr) claims.add_amr(factor);
  if (args.amr.empty()) {
    claims.add_amr("pwd");
    claims.add_amr("otp");
  }
  return MakeIdToken(std::move(claims), client::NewRequestId(), *key, now);
}

absl::StatusOr<std::string> ReadIdToken(Session& session, const std::string& path) {
  std::string token;
  std::ifstream file(path == "-" ? "" : path);
  std::istream& in = path == "-" ? session.in() : file;
  if (!(in >> token)) return InputError(absl::StrCat("there is no id token in ", path));
  return token;
}

absl::StatusOr<std::string> IdTokenFor(Session& session, const LoginArgs& args) {
  if (!args.client_id.empty()) {
    return LogInByDevice({.issuer = args.issuer,
                          .client_id = args.client_id,
                          .acr_values = args.ask_acr,
                          .ca_file = args.issuer_ca},
                         {.http = session.environment().http,
                          .clock = session.environment().clock,
                          .wait = session.environment().wait,
                          .out = session.environment().err});
  }
  if (!args.id_token_file.empty()) return ReadIdToken(session, args.id_token_file);
  if (args.dev_as.empty() || args.issuer_key.empty()) {
    return UsageError(
        "say where to log in: --issuer URL --client-id NAME, or for development --dev-as SUBJECT "
        "--issuer-key FILE");
  }
  return DevelopmentIdToken(args, session.now());
}

absl::Status RunLogin(Session& session, const LoginArgs& args) {
  KP_ASSIGN_OR_RETURN(Profile * profile, session.profile());
  access::v1::ExchangeTokenRequest request;
  KP_ASSIGN_OR_RETURN(*request.mutable_id_token(), IdTokenFor(session, args));
  request.set_function(args.function);
  request.set_organisation(args.organisation);
  request.set_nonce(args.nonce);
  access::v1::ExchangeTokenResponse response;
  KP_RETURN_IF_ERROR(session.CallAnonymously("/knooppunt.access.v1.AccessService/ExchangeToken",
                                             request, &response));
  profile->token = response.access_token();
  profile->expire_time = response.expire_time();
  profile->subject = response.claims().subject();
  profile->organisation = response.claims().organisation();
  profile->function = response.claims().function();
  profile->display_name = response.claims().display_name();
  KP_RETURN_IF_ERROR(session.profiles().Save(session.options().profile, *profile));
  if (args.print_token) {
    session.out() << profile->token << "\n";
    return absl::OkStatus();
  }
  return session.Show<access::v1::TokenClaims>(
      ClaimsOf(*profile), [](const access::v1::TokenClaims& claims, std::ostream& out) {
        out << "Logged in as "
            << Printable(claims.display_name().empty() ? claims.subject() : claims.display_name())
            << (claims.function() == 0 ? "" : absl::StrCat(", ", Word(claims.function())))
            << (claims.organisation().empty()
                    ? ""
                    : absl::StrCat(" of ", Printable(claims.organisation())))
            << ", until " << LocalTime(claims.expire_time()) << ".\n";
      });
}

// --- whoami, logout ---

absl::Status RunWhoami(Session& session, const NoArgs&) {
  KP_ASSIGN_OR_RETURN(const Profile* profile, session.profile());
  if (profile->token.empty()) return NotLoggedIn();
  if (absl::ToUnixSeconds(session.now()) >= profile->expire_time) return LoginExpired();
  const std::string server = profile->server;
  return session.Show<access::v1::TokenClaims>(
      ClaimsOf(*profile), [server](const access::v1::TokenClaims& claims, std::ostream& out) {
        Fields()
            .Add("Name", claims.display_name())
            .Add("Subject", claims.subject())
            .Add("Function", Word(claims.function()))
            .Add("Organisation", claims.organisation())
            .Add("Until", LocalTime(claims.expire_time()))
            .Add("Server", server)
            .Print(out);
      });
}

// Ends the session at the server: every token of it, wherever it has got to.
absl::Status EndSession(Session& session) {
  access::v1::EndSessionRequest request;
  access::v1::EndSessionResponse response;
  absl::Status status =
      session.Call("/knooppunt.access.v1.AccessService/EndSession", request, &response);
  // Nobody is served on a token that has ended, or whose holder no longer has the function.
  if (absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status)) return absl::OkStatus();
  return status;
}

absl::Status RunLogout(Session& session, const NoArgs&) {
  KP_ASSIGN_OR_RETURN(Profile * profile, session.profile());
  const int64_t expire_time = profile->expire_time;
  const absl::Status ended = profile->token.empty() ? absl::OkStatus() : EndSession(session);
  // Whatever the server says: who logs out wants no token here.
  profile->Logout();
  KP_RETURN_IF_ERROR(session.profiles().Save(session.options().profile, *profile));
  if (!ended.ok()) {
    return base::MakeError(
        ended.code(), base::ReasonOf(ended), base::RuleOf(ended),
        absl::StrCat("the token is gone from this profile, but the server did not end the session; "
                     "it ends by itself at ",
                     LocalTime(expire_time), " (", ended.message(), ")"));
  }
  session.Say("Logged out; the session has ended and the token is gone from this profile.");
  return absl::OkStatus();
}

// --- profile ---

absl::Status RunProfileSet(Session& session, const NoArgs&) {
  KP_ASSIGN_OR_RETURN(Profile * profile, session.profile());
  if (!session.options().ca_file.empty()) {
    std::error_code error;
    profile->ca_file = std::filesystem::canonical(session.options().ca_file, error);
    if (error) {
      return InputError(
          absl::StrCat("cannot read ", session.options().ca_file, ": ", error.message()));
    }
  }
  if (session.options().purpose != common::v1::PURPOSE_UNSPECIFIED) {
    profile->purpose = session.options().purpose;
  }
  KP_RETURN_IF_ERROR(session.profiles().Save(session.options().profile, *profile));
  session.Say(absl::StrCat("Profile '", session.options().profile, "' is kept."));
  return absl::OkStatus();
}

}  // namespace

void AddLoginCommands(CLI::App* root, Action* chosen) {
  AddVerb<LoginArgs>(root, chosen,
                     {"login", "Log in, and keep a short-lived token in the profile",
                      "knooppunt login --issuer https://sso.example.nl --client-id knooppunt\n"
                      "  knooppunt login --dev-as ib-manjefiek --issuer-key sign/issuer.key "
                      "--function intern-begeleider"},
                     LoginOptions, RunLogin);
  AddVerb<NoArgs>(root, chosen,
                  {"whoami", "Show who is logged in under this profile", "knooppunt whoami"},
                  NoOptions, RunWhoami);
  AddVerb<NoArgs>(root, chosen,
                  {"logout", "End the session, everywhere, and forget its token",
                   "knooppunt logout --profile ib"},
                  NoOptions, RunLogout);
  CLI::App* profile = AddNoun(root, "profile", "Where the server stands, kept under a name");
  AddVerb<NoArgs>(profile, chosen,
                  {"set", "Keep --server, --ca and --purpose in the profile",
                   "knooppunt profile set --server localhost:7443 --ca tls/ca.crt"},
                  NoOptions, RunProfileSet);
}

}  // namespace knooppunt::cli
