// login, whoami, logout, profile: who one is, and where the server stands.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/id_token.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
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
  std::string dev_as;
  std::string issuer_key;
  std::string issuer = "dev";
  std::string audience = "knooppunt";
  std::string acr = "substantial";
  std::vector<std::string> amr;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  std::string organisation;
  bool print_token = false;
};

void LoginOptions(CLI::App* app, LoginArgs* args) {
  app->add_option("--dev-as", args->dev_as, "Log in as this subject of the development issuer")
      ->required()
      ->type_name("SUBJECT");
  app->add_option("--issuer-key", args->issuer_key,
                  "The development issuer's Ed25519 private key, PEM, mode 0600")
      ->required()
      ->type_name("FILE");
  app->add_option("--issuer", args->issuer, "Name of the issuer; default dev")->type_name("URL");
  app->add_option("--audience", args->audience, "For whom; default knooppunt")->type_name("NAME");
  app->add_option("--acr", args->acr, "Assurance level; default substantial")->type_name("LEVEL");
  app->add_option("--amr", args->amr, "Factors; default pwd,otp")
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
  claims.set_iss(args.issuer);
  claims.set_sub(args.dev_as);
  claims.set_aud(args.audience);
  claims.set_acr(args.acr);
  for (const std::string& factor : args.amr) claims.add_amr(factor);
  if (args.amr.empty()) {
    claims.add_amr("pwd");
    claims.add_amr("otp");
  }
  return MakeIdToken(std::move(claims), *key, now);
}

absl::Status RunLogin(Session& session, const LoginArgs& args) {
  KP_ASSIGN_OR_RETURN(Profile * profile, session.profile());
  access::v1::ExchangeTokenRequest request;
  KP_ASSIGN_OR_RETURN(*request.mutable_id_token(), DevelopmentIdToken(args, session.now()));
  request.set_function(args.function);
  request.set_organisation(args.organisation);
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

absl::Status RunLogout(Session& session, const NoArgs&) {
  KP_ASSIGN_OR_RETURN(Profile * profile, session.profile());
  profile->Logout();
  KP_RETURN_IF_ERROR(session.profiles().Save(session.options().profile, *profile));
  session.Say("Logged out; the token is gone from this profile.");
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
                      "knooppunt login --dev-as ib-manjefiek --issuer-key sign/issuer.key "
                      "--function intern-begeleider"},
                     LoginOptions, RunLogin);
  AddVerb<NoArgs>(root, chosen,
                  {"whoami", "Show who is logged in under this profile", "knooppunt whoami"},
                  NoOptions, RunWhoami);
  AddVerb<NoArgs>(root, chosen,
                  {"logout", "Forget the token of this profile", "knooppunt logout --profile ib"},
                  NoOptions, RunLogout);
  CLI::App* profile = AddNoun(root, "profile", "Where the server stands, kept under a name");
  AddVerb<NoArgs>(profile, chosen,
                  {"set", "Keep --server, --ca and --purpose in the profile",
                   "knooppunt profile set --server localhost:7443 --ca tls/ca.crt"},
                  NoOptions, RunProfileSet);
}

}  // namespace knooppunt::cli
