// consent: who agreed that which party may use which information for what (R11-R14).
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/date.h"
#include "base/error.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

using consent::v1::Consent;
using consent::v1::ListConsentsResponse;

constexpr char kService[] = "/knooppunt.consent.v1.ConsentService/";
constexpr char kConsent[] = "families/*/consents/*";

template <typename E>
std::string JoinWords(const google::protobuf::RepeatedField<int>& values) {
  return absl::StrJoin(values, ", ", [](std::string* out, int value) {
    absl::StrAppend(out, Word(static_cast<E>(value)));
  });
}

void PrintConsent(const Consent& consent, std::ostream& out) {
  Fields fields;
  fields.Add("Consent", consent.name())
      .Add("In force", consent.in_force() ? "yes" : "no")
      .Add("About", AboutText(consent.about()))
      .Add("Parts", JoinWords<common::v1::Compartment>(consent.compartments()))
      .Add("For", consent.recipient())
      .Add("To use for", JoinWords<common::v1::Purpose>(consent.purposes()))
      .Add("From", consent.start_date())
      .Add("Until", consent.end_date())
      .Add("Wording", consent.wording());
  for (const auto& s : consent.signatures()) {
    fields.Add("Signature", absl::StrCat(s.person(), " ", Word(s.state()), ", ",
                                         LocalTime(s.time()), ", ", Word(s.how())));
  }
  fields.Print(out);
}

void PrintConsents(const ListConsentsResponse& list, std::ostream& out) {
  Table table({"CONSENT", "IN FORCE", "FOR", "PARTS", "ABOUT", "UNTIL"});
  for (const Consent& c : list.consents()) {
    table.Add({c.name(), c.in_force() ? "yes" : "no", c.recipient(),
               JoinWords<common::v1::Compartment>(c.compartments()), AboutText(c.about()),
               c.end_date()});
  }
  table.Print(out, "No consents that you may see.");
}

absl::StatusOr<ListConsentsResponse> ReadConsents(Session& session, const std::string& family) {
  consent::v1::ListConsentsRequest request;
  request.set_parent(family);
  ListConsentsResponse response;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "ListConsents"), request, &response));
  return response;
}

absl::StatusOr<Consent> FindConsent(Session& session, const std::string& name) {
  KP_ASSIGN_OR_RETURN(const auto parsed, base::ResourceName::Parse(name, kConsent));
  KP_ASSIGN_OR_RETURN(const ListConsentsResponse list,
                      ReadConsents(session, absl::StrCat("families/", parsed.Id("families"))));
  for (const Consent& consent : list.consents()) {
    if (consent.name() == name) return consent;
  }
  return base::MakeError(absl::StatusCode::kNotFound, "CONSENT_NOT_FOUND", "R18",
                         "there is no such consent for you");
}

// --- propose, list ---

struct ProposeArgs {
  std::string family;
  std::vector<std::string> about;
  bool about_family = false;
  std::vector<common::v1::Compartment> compartments;
  std::string recipient;
  std::vector<common::v1::Purpose> purposes;
  std::string from;
  std::string until;
  std::string wording;
};

void ProposeOptions(CLI::App* app, ProposeArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Whose consent")->required();
  AddAbout(app, &args->about, &args->about_family);
  AddWords(app, "--compartment", &args->compartments, "Parts of the dossier")->required();
  AddName(app, "--recipient", &args->recipient, "organisations/*", "Who may use it")->required();
  AddWords(app, "--purpose", &args->purposes, "What they may use it for")->required();
  AddDate(app, "--from", &args->from, "First day; default: today");
  AddDate(app, "--until", &args->until, "First day on which it no longer holds")->required();
  AddText(app, "--wording", &args->wording, "The exact words that the family is asked to sign")
      ->required();
}

absl::Status RunPropose(Session& session, const ProposeArgs& args) {
  consent::v1::ProposeConsentRequest request;
  request.set_parent(args.family);
  Consent& consent = *request.mutable_consent();
  KP_ASSIGN_OR_RETURN(*consent.mutable_about(), MakeAbout(args.about, args.about_family));
  for (const auto c : args.compartments) consent.add_compartments(c);
  for (const auto p : args.purposes) consent.add_purposes(p);
  consent.set_recipient(args.recipient);
  consent.set_start_date(args.from.empty() ? base::FormatDate(base::DateOf(session.now()))
                                           : args.from);
  consent.set_end_date(args.until);
  consent.set_wording(args.wording);
  return session.CallAndShow<Consent>(absl::StrCat(kService, "ProposeConsent"), request,
                                      PrintConsent);
}

struct FamilyArgs {
  std::string family;
};

absl::Status RunList(Session& session, const FamilyArgs& args) {
  KP_ASSIGN_OR_RETURN(const ListConsentsResponse list, ReadConsents(session, args.family));
  return session.Show<ListConsentsResponse>(list, PrintConsents);
}

// --- sign, refuse, withdraw ---

struct NameArgs {
  std::string name;
};

void ConsentName(CLI::App* app, NameArgs* args) {
  AddName(app, "consent", &args->name, kConsent, "Which consent")->required();
}

// What is signed is what was shown: the hash is of these very words.
absl::Status ShowWording(Session& session, const Consent& consent) {
  if (Printable(consent.wording()) != consent.wording()) {
    return base::MakeError(absl::StatusCode::kFailedPrecondition, "WORDING_NOT_SHOWABLE", "R12",
                           "the wording holds characters that cannot be shown, so nobody can sign "
                           "it; ask for a new proposal");
  }
  std::ostream& out = session.notes();
  out << "You are asked to agree to this:\n\n";
  for (const absl::string_view line : absl::StrSplit(consent.wording(), '\n')) {
    out << "    " << line << "\n";
  }
  out << "\nFor " << Printable(consent.recipient()) << ", "
      << JoinWords<common::v1::Compartment>(consent.compartments()) << ", about "
      << Printable(AboutText(consent.about())) << ", until " << Printable(consent.end_date())
      << ". You can withdraw it at any time: knooppunt consent withdraw "
      << Printable(consent.name()) << "\n\n"
      << std::flush;
  return absl::OkStatus();
}

absl::Status SignOrRefuse(Session& session, const std::string& name, bool refuse) {
  KP_ASSIGN_OR_RETURN(const Consent consent, FindConsent(session, name));
  KP_RETURN_IF_ERROR(ShowWording(session, consent));
  if (!session.Confirm(refuse ? "Do you refuse?" : "Do you agree?")) {
    session.notes() << "Nothing was signed.\n";
    return absl::OkStatus();
  }
  consent::v1::SignConsentRequest request;
  request.set_name(name);
  request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(consent.wording())));
  request.set_refuse(refuse);
  return session.CallAndShow<Consent>(absl::StrCat(kService, "SignConsent"), request, PrintConsent);
}

absl::Status RunSign(Session& session, const NameArgs& args) {
  return SignOrRefuse(session, args.name, /*refuse=*/false);
}
absl::Status RunRefuse(Session& session, const NameArgs& args) {
  return SignOrRefuse(session, args.name, /*refuse=*/true);
}

absl::Status RunWithdraw(Session& session, const NameArgs& args) {
  consent::v1::WithdrawConsentRequest request;
  request.set_name(args.name);
  KP_RETURN_IF_ERROR(session.CallAndShow<Consent>(absl::StrCat(kService, "WithdrawConsent"),
                                                  request, PrintConsent));
  session.Say("Withdrawn. From now on nobody is served on this consent.");
  return absl::OkStatus();
}

}  // namespace

void AddConsentCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "consent", "What the family agrees to share, with whom, for what");
  AddVerb<ProposeArgs>(noun, chosen,
                       {"propose", "Propose a consent for the family to sign; nothing opens yet",
                        "knooppunt consent propose families/f-1 --about p-1,p-2 --family \\\n"
                        "    --compartment education,family --recipient organisations/ggd-zl \\\n"
                        "    --purpose coordination --until 2027-08-01 \\\n"
                        "    --wording 'Wij vinden het goed dat de GGD meeleest.'"},
                       ProposeOptions, RunPropose);
  AddVerb<NameArgs>(noun, chosen,
                    {"sign", "Read the exact wording, and sign it",
                     "knooppunt consent sign families/f-1/consents/co-1"},
                    ConsentName, RunSign);
  AddVerb<NameArgs>(noun, chosen,
                    {"refuse", "Read the exact wording, and refuse; that is recorded too",
                     "knooppunt consent refuse families/f-1/consents/co-1"},
                    ConsentName, RunRefuse);
  AddVerb<NameArgs>(noun, chosen,
                    {"withdraw", "Withdraw a consent, at once and everywhere (R13)",
                     "knooppunt consent withdraw families/f-1/consents/co-1"},
                    ConsentName, RunWithdraw);
  AddVerb<FamilyArgs>(
      noun, chosen,
      {"list", "List the consents that you may see", "knooppunt consent list families/f-1"},
      [](CLI::App* app, FamilyArgs* args) {
        AddName(app, "family", &args->family, "families/*", "Whose consents")->required();
      },
      RunList);
}

}  // namespace knooppunt::cli
