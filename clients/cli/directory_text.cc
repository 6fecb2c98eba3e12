#include "clients/cli/directory_text.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

// "2026-01-01 to 2026-12-31"; the second date is the first on which it no longer holds.
std::string Period(const std::string& start, const std::string& end) {
  return end.empty() ? absl::StrCat("from ", start) : absl::StrCat("from ", start, " until ", end);
}

std::string Describe(const access::v1::FunctionTerm& term) {
  return absl::StrCat(Word(term.function()), " at ", term.organisation(),
                      term.end_date().empty() ? "" : absl::StrCat(" until ", term.end_date()));
}

}  // namespace

void PrintOrganisations(const directory::v1::ListOrganisationsResponse& list, std::ostream& out) {
  Table table({"ORGANISATION", "NAME", "KIND", "SUBREGION"});
  for (const auto& o : list.organisations()) {
    table.Add({o.name(), o.display_name(), Word(o.kind()), o.subregion()});
  }
  table.Print(out, "No organisations.");
}

void PrintWerkplaatsen(const directory::v1::ListWerkplaatsenResponse& list, std::ostream& out) {
  Table table({"WERKPLAATS", "NAME", "STAGE", "PLACE", "RUN BY", "CLOSES"});
  for (const auto& w : list.werkplaatsen()) {
    table.Add({w.name(), w.display_name(), Word(w.stage()), w.place(), w.organisation(),
               w.close_date().empty() ? "-" : w.close_date()});
  }
  table.Print(out, "No werkplaatsen.");
}

void PrintProfessionals(const directory::v1::ListProfessionalsResponse& list, std::ostream& out) {
  Table table({"PROFESSIONAL", "NAME", "FUNCTIONS"});
  for (const auto& p : list.professionals()) {
    std::vector<std::string> functions;
    for (const auto& term : p.functions()) functions.push_back(Describe(term));
    table.Add({p.name(), p.display_name(), absl::StrJoin(functions, "; ")});
  }
  table.Print(out, "No professionals.");
}

std::string MandateText(const access::v1::Mandate& mandate) {
  std::vector<std::string> means;
  means.reserve(mandate.means_size());
  for (const int m : mandate.means()) means.push_back(Word(static_cast<common::v1::Means>(m)));
  std::string text =
      absl::StrCat(absl::StrJoin(means, ", "), " up to ", Euro(mandate.limit_cents()));
  if (mandate.limit_minutes() > 0)
    absl::StrAppend(&text, ", ", mandate.limit_minutes(), " minutes");
  if (mandate.limit_days() > 0) absl::StrAppend(&text, ", ", mandate.limit_days(), " days");
  return absl::StrCat(text, " a step");
}

void PrintProfessional(const directory::v1::Professional& professional, std::ostream& out) {
  Fields fields;
  fields.Add("Professional", professional.name())
      .Add("Name", professional.display_name())
      .Add("Login", professional.login());
  for (const auto& term : professional.functions()) {
    fields.Add("Function", absl::StrCat(Word(term.function()), " at ", term.organisation(), ", ",
                                        Period(term.start_date(), term.end_date())));
  }
  for (const auto& mandate : professional.mandates()) {
    fields.Add(
        "Mandate",
        absl::StrCat(mandate.name(), ": ", MandateText(mandate), " for ", mandate.organisation(),
                     ", ", Period(mandate.start_date(), mandate.end_date()),
                     mandate.delegable() ? ", may be delegated" : "",
                     mandate.delegated_from().empty()
                         ? ""
                         : absl::StrCat(", delegated from ", mandate.delegated_from())));
  }
  for (const std::string& account : professional.own_accounts()) fields.Add("Own family", account);
  if (professional.cases_without_successor() > 0) {
    fields.Add("Warning",
               absl::StrCat(professional.cases_without_successor(),
                            " case(s) have nobody left who was named to lead: the werkplaats holds "
                            "them, and its contact has the task to take over"));
  }
  fields.Print(out);
}

}  // namespace knooppunt::cli
