// consent: who agreed that which party may use which information for what (R11-R14).
#include <fstream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/date.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/hash.h"
#include "security/policy/words.h"

namespace knooppunt::cli {
namespace {

using consent::v1::Consent;
using consent::v1::ListConsentsResponse;

constexpr char kService[] = "/knooppunt.consent.v1.ConsentService/";
constexpr char kConsent[] = "families/*/consents/*";

std::string SignatureText(const consent::v1::ConsentSignature& s) {
  std::string text = absl::StrCat(s.person().empty() ? s.organisation() : s.person(), " ",
                                  Word(s.state()), ", ", LocalTime(s.time()), ", ", Word(s.how()));
  if (s.wording_revision() > 0) absl::StrAppend(&text, ", revision ", s.wording_revision());
  if (!s.recorded_by().empty()) absl::StrAppend(&text, ", recorded by ", s.recorded_by());
  if (!s.evidence_sha256().empty()) absl::StrAppend(&text, ", scan ", s.evidence_sha256());
  return text;
}

std::string NarrowingText(const consent::v1::ConsentNarrowing& n) {
  std::vector<std::string> parts;
  common::v1::About about;
  *about.mutable_persons() = n.persons();
  about.set_family(n.family());
  for (std::string& part : std::vector<std::string>{
           AboutText(about), JoinWords<common::v1::Compartment>(n.compartments()),
           JoinWords<common::v1::Purpose>(n.purposes())}) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  return absl::StrCat(absl::StrJoin(parts, "; "), ", withdrawn ", LocalTime(n.time()));
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
  if (consent.wording_revision() > 1) {
    fields.Add("Revision", absl::StrCat(consent.wording_revision()));
  }
  for (const auto& s : consent.signatures()) fields.Add("Signature", SignatureText(s));
  for (const auto& n : consent.narrowings()) fields.Add("No longer", NarrowingText(n));
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
absl::Status ShowWording(Session& session, const Consent& consent, absl::string_view title) {
  if (Printable(consent.wording()) != consent.wording()) {
    return base::MakeError(absl::StatusCode::kFailedPrecondition, "WORDING_NOT_SHOWABLE", "R12",
                           "the wording holds characters that cannot be shown, so nobody can sign "
                           "it; ask for a new proposal");
  }
  std::ostream& out = session.notes();
  out << title << "\n\n";
  for (const absl::string_view line : absl::StrSplit(consent.wording(), '\n')) {
    out << "    " << line << "\n";
  }
  std::vector<std::string> parts;
  for (const int c : consent.compartments()) {
    parts.push_back(
        policy::WordFor(static_cast<common::v1::Compartment>(c), policy::Language::kDutch));
  }
  out << "\nVoor " << Printable(consent.recipient()) << ", over "
      << Printable(AboutText(consent.about())) << ", onderdeel " << absl::StrJoin(parts, ", ")
      << ", tot " << Printable(consent.end_date())
      << ".\nIntrekken kan op elk moment: knooppunt consent withdraw " << Printable(consent.name())
      << "\n\n"
      << std::flush;
  return absl::OkStatus();
}

struct SignArgs {
  std::string name;
  bool yes = false;
};

void SignOptions(CLI::App* app, SignArgs* args) {
  AddName(app, "consent", &args->name, kConsent, "Which consent")->required();
  app->add_flag("--yes", args->yes, "I have read it; needed when nobody can be asked");
}

// A signature is somebody's own act: nobody signs by leaving a question unanswered.
absl::Status SignOrRefuse(Session& session, const SignArgs& args, bool refuse) {
  KP_ASSIGN_OR_RETURN(const Consent consent, FindConsent(session, args.name));
  KP_RETURN_IF_ERROR(ShowWording(session, consent, "U wordt gevraagd om toestemming:"));
  if (!args.yes && !session.at_keyboard()) {
    return UsageError("a decision about consent needs a person who says yes: add --yes");
  }
  if (!args.yes &&
      !session.Confirm(refuse ? "Weigert u deze toestemming?" : "Geeft u deze toestemming?")) {
    session.notes() << "Er is niets ondertekend.\n";
    return absl::OkStatus();
  }
  consent::v1::SignConsentRequest request;
  request.set_name(args.name);
  request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(consent.wording())));
  request.set_refuse(refuse);
  return session.CallAndShow<Consent>(absl::StrCat(kService, "SignConsent"), request, PrintConsent);
}

absl::Status RunSign(Session& session, const SignArgs& args) {
  return SignOrRefuse(session, args, /*refuse=*/false);
}
absl::Status RunRefuse(Session& session, const SignArgs& args) {
  return SignOrRefuse(session, args, /*refuse=*/true);
}

// To read it without being asked for anything.
absl::Status RunShow(Session& session, const NameArgs& args) {
  KP_ASSIGN_OR_RETURN(const Consent consent, FindConsent(session, args.name));
  KP_RETURN_IF_ERROR(ShowWording(session, consent, "De toestemming luidt:"));
  return session.Show<Consent>(consent, PrintConsent);
}

// The parts to withdraw; none of them is the whole.
struct PartsArgs {
  std::string name;
  std::vector<std::string> persons;
  bool family = false;
  std::vector<common::v1::Compartment> compartments;
  std::vector<common::v1::Purpose> purposes;
  bool whole() const {
    return persons.empty() && !family && compartments.empty() && purposes.empty();
  }
};

void PartsOptions(CLI::App* app, PartsArgs* args) {
  AddName(app, "consent", &args->name, kConsent, "Which consent")->required();
  app->add_option("--about", args->persons, "Only what is about these persons")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("PERSON");
  app->add_flag("--family", args->family, "Only what is about the family as such");
  AddWords(app, "--compartment", &args->compartments, "Only these parts of the dossier");
  AddWords(app, "--purpose", &args->purposes, "Only the use for this");
}

template <typename Request>
absl::Status SetParts(const PartsArgs& args, Request* request) {
  request->set_name(args.name);
  if (!args.persons.empty()) {
    KP_ASSIGN_OR_RETURN(const common::v1::About about, MakeAbout(args.persons, false));
    *request->mutable_persons() = about.persons();
  }
  request->set_family(args.family);
  for (const auto c : args.compartments) request->add_compartments(c);
  for (const auto p : args.purposes) request->add_purposes(p);
  return absl::OkStatus();
}

void SayWithdrawn(Session& session, const PartsArgs& args) {
  session.Say(
      args.whole()
          ? "Ingetrokken. Vanaf nu krijgt niemand meer iets te zien op deze toestemming."
          : "Voor een deel ingetrokken. Vanaf nu krijgt niemand daar nog iets van te zien.");
}

absl::Status RunWithdraw(Session& session, const PartsArgs& args) {
  consent::v1::WithdrawConsentRequest request;
  KP_RETURN_IF_ERROR(SetParts(args, &request));
  KP_RETURN_IF_ERROR(session.CallAndShow<Consent>(absl::StrCat(kService, "WithdrawConsent"),
                                                  request, PrintConsent));
  SayWithdrawn(session, args);
  return absl::OkStatus();
}

// --- revise, record-signature, record-withdrawal: by staff ---

struct ReviseArgs {
  std::string name;
  std::string wording;
};

absl::Status RunRevise(Session& session, const ReviseArgs& args) {
  consent::v1::ReviseConsentRequest request;
  request.set_name(args.name);
  request.set_wording(args.wording);
  KP_RETURN_IF_ERROR(
      session.CallAndShow<Consent>(absl::StrCat(kService, "ReviseConsent"), request, PrintConsent));
  session.Say("The family is asked to sign anew. Until then nobody is served on this consent.");
  return absl::OkStatus();
}

// Who decided, and how staff came to know.
struct DecidedArgs {
  std::string person;
  std::string organisation;
  access::v1::RecordedHow how = access::v1::RECORDED_HOW_UNSPECIFIED;
};

void DecidedOptions(CLI::App* app, DecidedArgs* args) {
  app->add_option("--person", args->person, "Who decided")->type_name("PERSON");
  AddName(app, "--organisation", &args->organisation, "organisations/*",
          "The institution with guardianship that decided");
  AddWord(app, "--how", &args->how, "How")->required();
}

template <typename Request>
absl::Status SetDecided(const DecidedArgs& args, Request* request) {
  if (args.person.empty() == args.organisation.empty()) {
    return UsageError("say who decided: --person PERSON or --organisation NAME");
  }
  if (!args.person.empty()) {
    KP_ASSIGN_OR_RETURN(const common::v1::About about, MakeAbout({args.person}, false));
    request->set_person(about.persons(0));
  }
  request->set_organisation(args.organisation);
  request->set_how(args.how);
  return absl::OkStatus();
}

struct RecordSignatureArgs {
  std::string name;
  DecidedArgs decided;
  bool refused = false;
  std::string scan;
  std::string identified_by;
};

void RecordSignatureOptions(CLI::App* app, RecordSignatureArgs* args) {
  AddName(app, "consent", &args->name, kConsent, "Which consent")->required();
  DecidedOptions(app, &args->decided);
  app->add_flag("--refused", args->refused, "They refused");
  app->add_option("--scan", args->scan, "Scan of the paper: PDF, PNG or JPEG, at most 1 MB")
      ->type_name("FILE");
  AddText(app, "--identified-by", &args->identified_by, "How you made sure who it was")->required();
}

// The scan as it is. The server looks at its size and type.
absl::StatusOr<std::string> ReadScan(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return InputError(absl::StrCat("cannot read ", path));
  std::string bytes(limits::kMaxRequestBytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (file.bad()) return InputError(absl::StrCat("cannot read ", path));
  return bytes;
}

// --- scan ---

struct ScanArgs {
  std::string name;
  std::string sha256;
  std::string out;
};

absl::Status RunScan(Session& session, const ScanArgs& args) {
  consent::v1::GetScanRequest request;
  request.set_name(args.name);
  request.set_evidence_sha256(args.sha256);
  consent::v1::Scan scan;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "GetScan"), request, &scan));
  if (crypto::HexEncode(crypto::Sha256(scan.content())) != args.sha256) {
    return VerificationFailed("what the server sent is not the scan that was signed for");
  }
  KP_RETURN_IF_ERROR(WriteNew(args.out, scan.content()));
  scan.clear_content();
  return session.Show<consent::v1::Scan>(scan, [&](const consent::v1::Scan& s, std::ostream& out) {
    out << "Wrote " << Printable(s.media_type()) << " to " << args.out
        << ". It is about somebody: delete it when you are done.\n";
  });
}

absl::Status RunRecordSignature(Session& session, const RecordSignatureArgs& args) {
  consent::v1::RecordSignatureRequest request;
  request.set_name(args.name);
  KP_RETURN_IF_ERROR(SetDecided(args.decided, &request));
  request.set_state(args.refused ? access::v1::SIGNATURE_STATE_REFUSED
                                 : access::v1::SIGNATURE_STATE_GIVEN);
  request.set_identified_by(args.identified_by);
  if (!args.scan.empty()) {
    KP_ASSIGN_OR_RETURN(*request.mutable_scan(), ReadScan(args.scan));
  }
  KP_ASSIGN_OR_RETURN(const Consent consent, FindConsent(session, args.name));
  KP_RETURN_IF_ERROR(ShowWording(session, consent, "What they decided on:"));
  if (!session.Confirm("Is this the wording that they were shown?")) {
    session.notes() << "Nothing was recorded.\n";
    return absl::OkStatus();
  }
  request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(consent.wording())));
  return session.CallAndShow<Consent>(absl::StrCat(kService, "RecordSignature"), request,
                                      PrintConsent);
}

struct RecordWithdrawalArgs {
  PartsArgs parts;
  DecidedArgs decided;
};

absl::Status RunRecordWithdrawal(Session& session, const RecordWithdrawalArgs& args) {
  consent::v1::RecordWithdrawalRequest request;
  KP_RETURN_IF_ERROR(SetParts(args.parts, &request));
  KP_RETURN_IF_ERROR(SetDecided(args.decided, &request));
  KP_RETURN_IF_ERROR(session.CallAndShow<Consent>(absl::StrCat(kService, "RecordWithdrawal"),
                                                  request, PrintConsent));
  SayWithdrawn(session, args.parts);
  return absl::OkStatus();
}

void AddStaffVerbs(CLI::App* noun, Action* chosen) {
  AddVerb<ReviseArgs>(
      noun, chosen,
      {"revise", "Put a new wording before the family; what was signed no longer counts",
       "knooppunt consent revise families/f-1/consents/co-1 \\\n"
       "    --wording 'Wij vinden het goed dat de GGD meeleest over school.'"},
      [](CLI::App* app, ReviseArgs* args) {
        AddName(app, "consent", &args->name, kConsent, "Which consent")->required();
        AddText(app, "--wording", &args->wording, "The exact words, instead of those before")
            ->required();
      },
      RunRevise);
  AddVerb<RecordSignatureArgs>(
      noun, chosen,
      {"record-signature", "Record what somebody decided who is not logged in",
       "knooppunt consent record-signature families/f-1/consents/co-1 --person p-1 \\\n"
       "    --how on-paper --scan getekend.pdf --identified-by 'paspoort gezien'"},
      RecordSignatureOptions, RunRecordSignature);
  AddVerb<ScanArgs>(
      noun, chosen,
      {"scan", "Write the scan of a signed paper to a file of your own (R12)",
       "knooppunt consent scan families/f-1/consents/co-1 --out getekend.pdf --sha256 \\\n"
       "    2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"},
      [](CLI::App* app, ScanArgs* args) {
        AddName(app, "consent", &args->name, kConsent, "Which consent")->required();
        app->add_option("--sha256", args->sha256, "Which scan, as 'consent list' shows it")
            ->required()
            ->type_name("SHA256");
        app->add_option("--out", args->out, "File to make; not one that is there")
            ->required()
            ->type_name("FILE");
      },
      RunScan);
  AddVerb<RecordWithdrawalArgs>(
      noun, chosen,
      {"record-withdrawal", "Record that somebody withdrew, at once and everywhere (R13)",
       "knooppunt consent record-withdrawal families/f-1/consents/co-1 --person p-1 \\\n"
       "    --how in-person"},
      [](CLI::App* app, RecordWithdrawalArgs* args) {
        PartsOptions(app, &args->parts);
        DecidedOptions(app, &args->decided);
      },
      RunRecordWithdrawal);
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
                    {"show", "Read the exact wording of a consent, and who signed it",
                     "knooppunt consent show families/f-1/consents/co-1"},
                    ConsentName, RunShow);
  AddVerb<SignArgs>(noun, chosen,
                    {"sign", "Read the exact wording, and sign it",
                     "knooppunt consent sign families/f-1/consents/co-1"},
                    SignOptions, RunSign);
  AddVerb<SignArgs>(noun, chosen,
                    {"refuse", "Read the exact wording, and refuse; that is recorded too",
                     "knooppunt consent refuse families/f-1/consents/co-1"},
                    SignOptions, RunRefuse);
  AddVerb<PartsArgs>(
      noun, chosen,
      {"withdraw", "Withdraw a consent or parts of it, at once and everywhere (R13)",
       "knooppunt consent withdraw families/f-1/consents/co-1\n"
       "  knooppunt consent withdraw families/f-1/consents/co-1 --compartment health"},
      PartsOptions, RunWithdraw);
  AddStaffVerbs(noun, chosen);
  AddVerb<FamilyArgs>(
      noun, chosen,
      {"list", "List the consents that you may see", "knooppunt consent list families/f-1"},
      [](CLI::App* app, FamilyArgs* args) {
        AddName(app, "family", &args->family, "families/*", "Whose consents")->required();
      },
      RunList);
}

}  // namespace knooppunt::cli
