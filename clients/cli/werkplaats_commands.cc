// werkplaats, framework: the profile of a werkplaats (R37), and who carries what (R36).
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/directory/v1/framework.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "security/policy/framework.h"

namespace knooppunt::cli {
namespace {

using directory::v1::AssessFundingResponse;
using directory::v1::Framework;
using directory::v1::ListProfileGapsRequest;
using directory::v1::ListProfileGapsResponse;
using directory::v1::WerkplaatsProfile;

constexpr char kWerkplaats[] = "/knooppunt.directory.v1.WerkplaatsService/";
constexpr char kFramework[] = "/knooppunt.directory.v1.FrameworkService/";

std::string ProfileOf(const std::string& werkplaats) {
  return absl::StrCat(werkplaats, "/profile");
}

void PrintContacts(const WerkplaatsProfile& p, std::ostream& out) {
  if (p.contacts().empty()) return;
  Table contacts({"CONTACTPERSOON VAN", "FUNCTIE", "NU TE BELLEN", "WAARNEMER", "SINDS"});
  for (const auto& c : p.contacts()) {
    contacts.Add({c.organisation(), Word(c.function()),
                  c.acting().empty()
                      ? "NIEMAND"
                      : absl::StrCat(c.acting(), c.to_replace() ? " (tijdelijk)" : ""),
                  c.stand_in(), c.start_date()});
  }
  out << "\n";
  contacts.Print(out, "");
}

void PrintArrangements(const WerkplaatsProfile& p, std::ostream& out) {
  if (p.arrangements().empty()) return;
  Table table({"ARRANGEMENT", "SOORT", "VAN", "GEDRAGEN DOOR", "VANAF", "TOT"});
  for (const auto& a : p.arrangements()) {
    const std::string split =
        a.split().empty() ? "" : absl::StrCat(" (", policy::SplitText(a.split()), ")");
    table.Add({a.display_name(), Word(a.kind()), a.organisation(),
               absl::StrCat(policy::FundingText(a.funding()), split, ", ", a.framework_row()),
               a.start_date(), a.end_date().empty() ? "-" : a.end_date()});
  }
  out << "\n";
  table.Print(out, "");
}

void PrintProfile(const WerkplaatsProfile& p, std::ostream& out) {
  const auto& rhythm = p.meeting_rhythm();
  Fields()
      .Add("Werkplaats", p.name())
      .Add("Vaste partners", absl::StrJoin(p.partners(), ", ",
                                           [](std::string* text, const auto& partner) {
                                             absl::StrAppend(text, Word(partner.function()), " (",
                                                             partner.organisation(), ")");
                                           }))
      .Add("Knooppunt", rhythm.every_weeks() == 0
                            ? "wanneer nodig"
                            : absl::StrCat("elke ", rhythm.every_weeks(), " weken ",
                                           Word(rhythm.weekday()), " ", rhythm.start_time()))
      .Add("Bereikbaar", absl::StrJoin(p.office_hours(), ", ",
                                       [](std::string* text, const auto& h) {
                                         absl::StrAppend(text, Word(h.weekday()), " ",
                                                         h.start_time(), "-", h.end_time());
                                       }))
      .Add("Eigen aanbod", JoinWords<common::v1::Means>(p.own_means()))
      .Add("Etag", p.etag())
      .Print(out);
  PrintContacts(p, out);
  PrintArrangements(p, out);
  if (p.has_closure()) {
    out << "SLUIT: met ingang van " << Printable(p.closure().close_date()) << ", "
        << Printable(p.closure().reason()) << "\n";
  }
  for (const std::string& gap : p.gaps_nl()) out << "LET OP: " << Printable(gap) << "\n";
}

struct ShowArgs {
  std::string werkplaats;
};

absl::Status RunShow(Session& session, const ShowArgs& args) {
  directory::v1::GetWerkplaatsProfileRequest request;
  request.set_name(ProfileOf(args.werkplaats));
  return session.CallAndShow<WerkplaatsProfile>(absl::StrCat(kWerkplaats, "GetWerkplaatsProfile"),
                                                request, PrintProfile);
}

struct UpdateArgs {
  std::string werkplaats;
  std::string file;
  std::vector<std::string> only;
  std::string etag;
};

absl::Status RunUpdate(Session& session, const UpdateArgs& args) {
  directory::v1::UpdateWerkplaatsProfileRequest request;
  KP_RETURN_IF_ERROR(ReadTextproto(args.file, session.in(), request.mutable_profile()));
  request.mutable_profile()->set_name(ProfileOf(args.werkplaats));
  request.mutable_profile()->set_etag(args.etag);
  for (const std::string& path : args.only) request.mutable_update_mask()->add_paths(path);
  return session.CallAndShow<WerkplaatsProfile>(
      absl::StrCat(kWerkplaats, "UpdateWerkplaatsProfile"), request, PrintProfile);
}

struct ContactArgs {
  std::string werkplaats;
  std::string organisation, professional, stand_in, etag;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
};

absl::Status RunContact(Session& session, const ContactArgs& args) {
  directory::v1::ReplaceContactRequest request;
  request.set_name(ProfileOf(args.werkplaats));
  request.mutable_contact()->set_organisation(args.organisation);
  request.mutable_contact()->set_function(args.function);
  request.mutable_contact()->set_professional(args.professional);
  request.mutable_contact()->set_stand_in(args.stand_in);
  request.set_etag(args.etag);
  return session.CallAndShow<WerkplaatsProfile>(absl::StrCat(kWerkplaats, "ReplaceContact"),
                                                request, PrintProfile);
}

struct CloseArgs {
  std::string werkplaats, on, reason, etag;
};

absl::Status RunClose(Session& session, const CloseArgs& args) {
  directory::v1::CloseWerkplaatsRequest request;
  request.set_name(ProfileOf(args.werkplaats));
  request.set_close_date(args.on);
  request.set_reason(args.reason);
  request.set_etag(args.etag);
  return session.CallAndShow<WerkplaatsProfile>(absl::StrCat(kWerkplaats, "CloseWerkplaats"),
                                                request, PrintProfile);
}

struct KeepOpenArgs {
  std::string werkplaats, etag;
};

absl::Status RunKeepOpen(Session& session, const KeepOpenArgs& args) {
  directory::v1::KeepWerkplaatsOpenRequest request;
  request.set_name(ProfileOf(args.werkplaats));
  request.set_etag(args.etag);
  return session.CallAndShow<WerkplaatsProfile>(absl::StrCat(kWerkplaats, "KeepWerkplaatsOpen"),
                                                request, PrintProfile);
}

struct GapsArgs {
  std::string organisation;
};

absl::Status RunGaps(Session& session, const GapsArgs& args) {
  ListProfileGapsRequest request;
  request.set_organisation(args.organisation);
  ListProfileGapsResponse all;
  KP_RETURN_IF_ERROR(
      CallAllPages(session, absl::StrCat(kWerkplaats, "ListProfileGaps"), request, &all));
  return session.Show<ListProfileGapsResponse>(
      all, [](const ListProfileGapsResponse& list, std::ostream& out) {
        Table table({"WERKPLAATS", "WAT ONTBREEKT"});
        for (const auto& p : list.profiles()) {
          for (const std::string& gap : p.gaps_nl()) table.Add({p.name(), gap});
        }
        table.Print(out, "Er ontbreekt niets.");
      });
}

// --- framework ---

void PrintRows(const google::protobuf::RepeatedPtrField<policy::v1::FrameworkRow>& rows,
               std::ostream& out) {
  Table table({"RIJ", "INZET", "DRAAGT", "WANNEER", "BRON"});
  for (const auto& row : rows) {
    const std::string split =
        row.split().empty() ? "" : absl::StrCat(" (", policy::SplitText(row.split()), ")");
    table.Add({row.id(), row.title_nl(), absl::StrCat(policy::FundingText(row.carrier()), split),
               row.when_nl(), row.source()});
  }
  table.Print(out, "Het afwegingskader zegt hier niets over.");
}

struct FrameworkArgs {
  std::string on;
};

absl::Status RunFramework(Session& session, const FrameworkArgs& args) {
  directory::v1::GetFrameworkRequest request;
  request.set_on_date(args.on);
  return session.CallAndShow<Framework>(absl::StrCat(kFramework, "GetFramework"), request,
                                        [](const Framework& f, std::ostream& out) {
                                          Fields()
                                              .Add("Afwegingskader", f.framework().version())
                                              .Add("Vanaf", f.framework().start_date())
                                              .Add("Tot", f.end_date())
                                              .Add("Bron", f.framework().source())
                                              .Add("SHA-256", f.sha256())
                                              .Print(out);
                                          out << "\n";
                                          PrintRows(f.framework().rows(), out);
                                        });
}

struct AskArgs {
  common::v1::Means means = common::v1::MEANS_UNSPECIFIED;
  common::v1::Funding funding = common::v1::FUNDING_UNSPECIFIED;
  std::string row;
  std::vector<std::string> split;
  std::string on;
};

absl::StatusOr<common::v1::FundingShare> ParseShare(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  common::v1::FundingShare share;
  int32_t percent = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &percent)) {
    return UsageError("a part of a split is written law:percent, as in jeugdwet:50");
  }
  const auto funding = ParseWord<common::v1::Funding>(parts[0]);
  if (!funding.ok()) return UsageError(funding.status().message());
  share.set_funding(*funding);
  share.set_percent(percent);
  return share;
}

absl::Status RunAsk(Session& session, const AskArgs& args) {
  directory::v1::AssessFundingRequest request;
  request.set_means(args.means);
  request.set_funding(args.funding);
  request.set_row(args.row);
  request.set_on_date(args.on);
  for (const std::string& text : args.split) {
    KP_ASSIGN_OR_RETURN(*request.add_split(), ParseShare(text));
  }
  return session.CallAndShow<AssessFundingResponse>(
      absl::StrCat(kFramework, "AssessFunding"), request,
      [](const AssessFundingResponse& answer, std::ostream& out) {
        out << (answer.fits() ? "Dat past. " : "") << Printable(answer.text_nl()) << "\n\n";
        PrintRows(answer.rows(), out);
      });
}

struct CheckArgs {
  std::string file;
};

absl::Status RunCheck(Session& session, const CheckArgs& args) {
  KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(args.file, session.in()));
  const auto framework = policy::Framework::Parse(text);
  if (!framework.ok()) return InputError(framework.status().message());
  int rows = 0;
  for (const auto& version : (*framework)->document().versions()) rows += version.rows_size();
  session.Say(
      absl::StrCat("Het afwegingskader is in orde: ", (*framework)->document().versions_size(),
                   " versie(s), ", rows, " rijen, SHA-256 ", (*framework)->sha256(), "."));
  return absl::OkStatus();
}

void AddClosing(CLI::App* noun, Action* chosen) {
  AddVerb<CloseArgs>(
      noun, chosen,
      {"close",
       "Say as of when the werkplaats is closed: nothing new comes to it from then on (R27)",
       "knooppunt werkplaats close werkplaatsen/manjefiek --on 2027-08-01 --reason 'Gaat op in De "
       "Letterdoos.'"},
      [](CLI::App* app, CloseArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Which")->required();
        AddDate(app, "--on", &args->on, "First day on which it is closed")->required();
        AddText(app, "--reason", &args->reason, "Why, for people; about no child")->required();
        AddText(app, "--etag", &args->etag, "Only if the profile is still the one that was shown");
      },
      RunClose);
  AddVerb<KeepOpenArgs>(
      noun, chosen,
      {"keep-open", "It does not close after all; before the day on which it would",
       "knooppunt werkplaats keep-open werkplaatsen/manjefiek"},
      [](CLI::App* app, KeepOpenArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Which")->required();
        AddText(app, "--etag", &args->etag, "Only if the profile is still the one that was shown");
      },
      RunKeepOpen);
}

void AddWerkplaats(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "werkplaats", "The profile of a werkplaats (R37)");
  AddVerb<ShowArgs>(
      noun, chosen,
      {"show", "Partners, contacts, hours, what it offers, and what is lacking",
       "knooppunt werkplaats show werkplaatsen/manjefiek"},
      [](CLI::App* app, ShowArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Which")->required();
      },
      RunShow);
  AddVerb<UpdateArgs>(
      noun, chosen,
      {"update", "Change the profile from a textproto file; contacts go by 'contact'",
       "knooppunt werkplaats update werkplaatsen/manjefiek --file profiel.textproto --only "
       "meeting_rhythm"},
      [](CLI::App* app, UpdateArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Which")->required();
        app->add_option("--file", args->file,
                        "A knooppunt.directory.v1.WerkplaatsProfile; - is standard input")
            ->required()
            ->type_name("FILE.textproto");
        AddTexts(
            app, "--only", &args->only,
            "Only this field: partners, meeting_rhythm, office_hours, own_means, arrangements");
        AddText(app, "--etag", &args->etag, "Only if the profile is still the one that was shown");
      },
      RunUpdate);
  AddVerb<ContactArgs>(
      noun, chosen,
      {"contact", "Appoint or replace the contact of an organisation, in one act",
       "knooppunt werkplaats contact werkplaatsen/manjefiek --organisation organisations/ggd-zl "
       "--function jgz-nurse --professional professionals/noor --stand-in professionals/tess"},
      [](CLI::App* app, ContactArgs* args) {
        AddName(app, "werkplaats", &args->werkplaats, "werkplaatsen/*", "Where")->required();
        AddName(app, "--organisation", &args->organisation, "organisations/*", "Of whom")
            ->required();
        AddWord(app, "--function", &args->function, "In which function")->required();
        AddName(app, "--professional", &args->professional, "professionals/*", "Who")->required();
        AddName(app, "--stand-in", &args->stand_in, "professionals/*",
                "Who takes over when they fall away")
            ->required();
        AddText(app, "--etag", &args->etag, "Only if the profile is still the one that was shown");
      },
      RunContact);
  AddClosing(noun, chosen);
  AddVerb<GapsArgs>(
      noun, chosen,
      {"gaps", "Where something is lacking: a contact who left, a partner without one",
       "knooppunt werkplaats gaps --organisation organisations/mosalira"},
      [](CLI::App* app, GapsArgs* args) {
        AddName(app, "--organisation", &args->organisation, "organisations/*",
                "Of werkplaatsen of this one; default: all");
      },
      RunGaps);
}

void AddFramework(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "framework", "Who carries what: the afwegingskader (R36)");
  AddVerb<FrameworkArgs>(
      noun, chosen,
      {"show", "The framework in force, with its sources", "knooppunt framework show"},
      [](CLI::App* app, FrameworkArgs* args) {
        AddDate(app, "--on", &args->on, "In force on this day; default: today");
      },
      RunFramework);
  AddVerb<AskArgs>(
      noun, chosen,
      {"ask", "Which law and budget carry something",
       "knooppunt framework ask --means arrangement --funding shared --split education:60 --split "
       "jeugdwet:40"},
      [](CLI::App* app, AskArgs* args) {
        AddWord(app, "--means", &args->means, "What is committed");
        AddText(app, "--row", &args->row, "Row of the framework");
        AddWord(app, "--funding", &args->funding, "What you think carries it; default: ask");
        AddTexts(app, "--split", &args->split, "A part of a split: law:percent");
        AddDate(app, "--on", &args->on, "On this day; default: today");
      },
      RunAsk);
  AddVerb<CheckArgs>(
      noun, chosen,
      {"check", "Check a file, without a server",
       "knooppunt framework check security/policy/framework.textproto"},
      [](CLI::App* app, CheckArgs* args) {
        app->add_option("file", args->file, "The file; - is standard input")
            ->required()
            ->type_name("FILE.textproto");
      },
      RunCheck);
}

}  // namespace

void AddWerkplaatsCommands(CLI::App* root, Action* chosen) {
  AddWerkplaats(root, chosen);
  AddFramework(root, chosen);
}

}  // namespace knooppunt::cli
