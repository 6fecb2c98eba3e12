#include "clients/cli/bulk_import.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"
#include "security/policy/words.h"

namespace knooppunt::cli {
namespace {

using access::v1::FunctionTerm;
using directory::v1::Organisation;
using directory::v1::Professional;
using directory::v1::Werkplaats;

constexpr char kService[] = "/knooppunt.directory.v1.DirectoryService/";
using Spellings = std::map<std::string, std::vector<std::string>>;

const Spellings& PeopleColumns() {
  static const auto& columns = *new Spellings{
      {"id", {"id"}},
      {"name", {"naam", "name"}},
      {"login", {"login", "inlog"}},
      {"organisation", {"organisatie", "organisation"}},
      {"function", {"functie", "function"}},
      {"from", {"van", "from"}},
      {"until", {"tot", "until"}},
      {"end", {"uit_dienst", "uit dienst", "end"}},
      {"accounts", {"eigen_accounts", "eigen accounts", "own_accounts"}},
  };
  return columns;
}
const Spellings& DirectoryColumns() {
  static const auto& columns = *new Spellings{
      {"what", {"wat", "what"}},
      {"id", {"id"}},
      {"name", {"naam", "name"}},
      {"kind", {"soort", "kind"}},
      {"subregion", {"deelregio", "subregion"}},
      {"place", {"plaats", "place"}},
      {"organisation", {"organisatie", "organisation"}},
      {"stage", {"onderwijs", "stage"}},
      {"municipality", {"gemeente", "municipality"}},
  };
  return columns;
}

bool HasColumn(const CsvFile& file, const Spellings& columns, const std::string& name) {
  const auto& spellings = columns.at(name);
  return std::any_of(file.header.begin(), file.header.end(), [&](const std::string& h) {
    return std::find(spellings.begin(), spellings.end(), h) != spellings.end();
  });
}

// "organisations/x" for "x" and for itself; "" when it is no id.
std::string NameIn(absl::string_view collection, absl::string_view text) {
  const std::string prefix = absl::StrCat(collection, "/");
  const absl::string_view id = absl::StartsWith(text, prefix) ? text.substr(prefix.size()) : text;
  return base::IsResourceId(id) ? absl::StrCat(prefix, id) : "";
}

bool IsPlainText(const std::string& text) {
  if (text.empty() || text.size() > limits::kMaxNameBytes) return false;
  if (text.find_first_of("\n\r\t") != std::string::npos) return false;
  for (const absl::string_view mark : {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
                                       "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"}) {
    if (absl::StrContains(text, mark)) return false;
  }
  return true;
}

// The word of the command line ("jgz-nurse") or of people ("jeugdverpleegkundige").
template <typename E>
absl::StatusOr<E> EnumOf(const std::string& text) {
  const std::string word = absl::StrReplaceAll(absl::AsciiStrToLower(text), {{"_", "-"}});
  const auto direct = ParseWord<E>(word);
  if (direct.ok()) return *direct;
  const auto* type = google::protobuf::GetEnumDescriptor<E>();
  for (int i = 0; i < type->value_count(); ++i) {
    const E value = static_cast<E>(type->value(i)->number());
    if (type->value(i)->number() == 0) continue;
    if (absl::EqualsIgnoreCase(policy::WordFor(value, policy::Language::kDutch), text))
      return value;
  }
  return absl::InvalidArgumentError("unknown");
}
template <typename E>
std::string GoodWords() {
  return absl::StrJoin(WordsOf(google::protobuf::GetEnumDescriptor<E>()), ", ");
}

// A line under way: the first fault is the one that is told.
class Line {
 public:
  Line(const CsvRow& row, const CsvColumns& columns) : row_(row), columns_(columns) {
    out_.line = row.line;
    if (!row.fault.empty()) Fault("", row.fault);
  }

  const std::string& Get(const std::string& column) const { return columns_.Get(row_, column); }
  bool ok() const { return ok_; }
  void Fault(const std::string& field, absl::string_view what) {
    if (!ok_) return;
    ok_ = false;
    out_.outcome = LineOutcome::kFault;
    out_.field = field;
    out_.text = std::string(what);
  }
  void Warn(absl::string_view what) { out_.warning = std::string(what); }

  std::string Name(const std::string& column, const std::string& field,
                   absl::string_view collection) {
    std::string name = NameIn(collection, Get(column));
    if (name.empty()) Fault(field, "is geen id: kleine letters, cijfers en '-'");
    return name;
  }
  std::string Text(const std::string& column, const std::string& field) {
    if (!IsPlainText(Get(column)))
      Fault(field, "is leeg, te lang of geen gewone tekst van een regel");
    return Get(column);
  }
  std::string Date(const std::string& column, const std::string& field) {
    const std::string& text = Get(column);
    if (text.empty()) return "";
    if (std::optional<std::string> iso = DayAsIso(text); iso.has_value()) return *std::move(iso);
    Fault(field, "is geen dag die bestaat: schrijf JJJJ-MM-DD of DD-MM-JJJJ");
    return "";
  }

  PlannedLine Done(LineOutcome outcome, std::string text, const char* method,
                   std::shared_ptr<google::protobuf::Message> act) {
    if (!ok_) return std::move(out_);
    out_.outcome = outcome;
    out_.text = std::move(text);
    if (act != nullptr) {
      out_.act = std::move(act);
      out_.method = absl::StrCat(kService, method);
    }
    return std::move(out_);
  }

 private:
  const CsvRow& row_;
  const CsvColumns& columns_;
  bool ok_ = true;
  PlannedLine out_;
};

// ---- People ----------------------------------------------------------------

class PeoplePlanner {
 public:
  PeoplePlanner(const CsvColumns& columns, const Known& known, std::string today)
      : columns_(columns), today_(std::move(today)) {
    for (const Organisation& o : known.organisations) organisations_.insert(o.name());
    for (const Professional& p : known.professionals) {
      people_[p.name()] = p;
      if (!p.login().empty()) logins_[p.login()] = p.name();
    }
  }

  PlannedLine Plan(const CsvRow& row) {
    Line line(row, columns_);
    const std::string name = line.Name("id", "id", "professionals");
    const std::string organisation = line.Name("organisation", "organisatie", "organisations");
    if (line.ok() && !organisations_.contains(organisation)) {
      line.Fault("organisatie",
                 "is niet bekend in de sociale kaart: voeg de organisatie eerst toe");
    }
    const std::string end = line.Date("end", "uit_dienst");
    if (!line.ok()) return line.Done(LineOutcome::kFault, "", "", nullptr);
    return end.empty() ? Employ(line, name, organisation) : End(line, name, organisation, end);
  }

 private:
  PlannedLine End(Line& line, const std::string& name, const std::string& organisation,
                  const std::string& end) {
    const auto known = people_.find(name);
    if (known == people_.end()) {
      line.Fault("id", "is niet bekend: wie er niet is, kan niet uit dienst");
      return line.Done(LineOutcome::kFault, "", "", nullptr);
    }
    if (!seen_.emplace(name, organisation, -1).second) {
      line.Fault("uit_dienst", "staat voor deze organisatie al op een eerdere regel");
      return line.Done(LineOutcome::kFault, "", "", nullptr);
    }
    bool works_there = false, open = false;
    for (FunctionTerm& t : *known->second.mutable_functions()) {
      if (t.organisation() != organisation) continue;
      works_there = true;
      open = open || t.end_date().empty() || t.end_date() > end;
      if (t.end_date().empty() || t.end_date() > end) t.set_end_date(end);
    }
    if (!works_there) {
      line.Fault("organisatie", "is niet waar deze professional werkt: kijk de organisatie na");
    }
    if (!open) return line.Done(LineOutcome::kUnchanged, "al uit dienst op die dag", "", nullptr);
    auto request = std::make_shared<directory::v1::EndEmploymentRequest>();
    request->set_name(name);
    request->set_organisation(organisation);
    request->set_end_date(end);
    return line.Done(
        LineOutcome::kEnd,
        absl::StrCat("uit dienst op ", end, ": functies, mandaten en plaatsen aan tafel eindigen"),
        "EndEmployment", std::move(request));
  }

  PlannedLine Employ(Line& line, const std::string& name, const std::string& organisation) {
    FunctionTerm term;
    term.set_organisation(organisation);
    const auto function = EnumOf<common::v1::Function>(line.Get("function"));
    if (!function.ok()) {
      line.Fault("functie",
                 absl::StrCat("is niet bekend; wel: ", GoodWords<common::v1::Function>()));
    } else {
      term.set_function(*function);
    }
    const std::string from = line.Date("from", "van");
    term.set_end_date(line.Date("until", "tot"));
    const auto known = people_.find(name);
    const FunctionTerm* present =
        known == people_.end() ? nullptr : Present(known->second, term, from);
    term.set_start_date(!from.empty() ? from : present != nullptr ? present->start_date() : today_);
    if (!term.end_date().empty() && term.end_date() <= term.start_date()) {
      line.Fault("tot", "ligt niet na de eerste dag");
    }
    const std::tuple<std::string, std::string, int> key(name, organisation, term.function());
    if (line.ok() && seen_.contains(key)) {
      line.Fault("id", "staat met deze functie en organisatie al op een eerdere regel");
    }
    if (!line.ok()) return line.Done(LineOutcome::kFault, "", "", nullptr);
    PlannedLine out = known == people_.end() ? Create(line, name, term)
                                             : Assign(line, &known->second, term, present);
    // A line that fails takes up no place: the next may say it well.
    if (out.outcome != LineOutcome::kFault) seen_.insert(key);
    return out;
  }

  // The same function there in a period that is met by what is asked; nullptr when there is none.
  static const FunctionTerm* Present(const Professional& p, const FunctionTerm& asked,
                                     const std::string& from) {
    for (const FunctionTerm& t : p.functions()) {
      if (t.organisation() != asked.organisation() || t.function() != asked.function()) continue;
      const bool ended_before = !t.end_date().empty() && !from.empty() && t.end_date() <= from;
      if (!ended_before) return &t;
    }
    return nullptr;
  }

  bool CheckLogin(Line& line, const std::string& login, const std::string& name) {
    const std::vector<std::string> parts = absl::StrSplit(login, '|');
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty() || login.size() > 256) {
      line.Fault("login",
                 "is de uitgever en de gebruiker met een streep ertussen: 'uitgever|naam'");
      return false;
    }
    const auto taken = logins_.find(login);
    if (taken != logins_.end() && taken->second != name) {
      line.Fault("login",
                 "is van een andere professional: een mens is een professional, met een "
                 "functie voor elke plek");
      return false;
    }
    return true;
  }

  PlannedLine Create(Line& line, const std::string& name, const FunctionTerm& term) {
    Professional p;
    p.set_name(name);
    p.set_display_name(line.Text("name", "naam"));
    p.set_login(line.Get("login"));
    CheckLogin(line, p.login(), name);
    for (const absl::string_view account :
         absl::StrSplit(line.Get("accounts"), ' ', absl::SkipEmpty())) {
      const std::string full = NameIn("accounts", account);
      if (full.empty()) line.Fault("eigen_accounts", "zijn ids van accounts, met spaties ertussen");
      p.add_own_accounts(full);
    }
    if (!line.ok()) return line.Done(LineOutcome::kFault, "", "", nullptr);
    *p.add_functions() = term;
    logins_[p.login()] = name;
    people_[name] = p;
    auto request = std::make_shared<directory::v1::CreateProfessionalRequest>();
    *request->mutable_professional() = std::move(p);
    return line.Done(LineOutcome::kAdd, "nieuwe professional, met deze functie",
                     "CreateProfessional", std::move(request));
  }

  PlannedLine Assign(Line& line, Professional* p, const FunctionTerm& term,
                     const FunctionTerm* present) {
    const std::string& login = line.Get("login");
    if (!login.empty() && !p->login().empty() && login != p->login()) {
      line.Fault("login", "wijkt af van de login die bekend is: die verandert niet met een import");
    }
    if (!line.Get("name").empty() && line.Get("name") != p->display_name()) {
      line.Warn("de naam wijkt af van de naam die bekend is; een import verandert geen namen");
    }
    if (!line.ok()) return line.Done(LineOutcome::kFault, "", "", nullptr);
    if (present != nullptr) {
      if (!term.end_date().empty() && term.end_date() != present->end_date()) {
        line.Fault("tot",
                   "wijkt af van de einddatum die bekend is: gebruik uit_dienst om te "
                   "beeindigen");
      }
      return line.Done(LineOutcome::kUnchanged, "deze functie is al bekend", "", nullptr);
    }
    *p->add_functions() = term;
    auto request = std::make_shared<directory::v1::AssignFunctionRequest>();
    request->set_name(p->name());
    *request->mutable_function() = term;
    return line.Done(LineOutcome::kAdd, "functie erbij", "AssignFunction", std::move(request));
  }

  const CsvColumns& columns_;
  const std::string today_;
  std::set<std::string> organisations_;
  std::map<std::string, Professional> people_;  // as they will be after the lines before
  std::map<std::string, std::string> logins_;   // login to name
  std::set<std::tuple<std::string, std::string, int>> seen_;
};

// ---- Organisations and werkplaatsen -----------------------------------------

class DirectoryPlanner {
 public:
  DirectoryPlanner(const CsvColumns& columns, const Known& known) : columns_(columns) {
    for (const Organisation& o : known.organisations) organisations_[o.name()] = o;
    for (const Werkplaats& w : known.werkplaatsen) werkplaatsen_[w.name()] = w;
  }

  PlannedLine Plan(const CsvRow& row) {
    Line line(row, columns_);
    const std::string what = absl::AsciiStrToLower(line.Get("what"));
    const bool organisation = what == "organisatie" || what == "organisation";
    if (line.ok() && !organisation && what != "werkplaats") {
      line.Fault("wat", "is organisatie of werkplaats");
    }
    if (!line.ok()) return line.Done(LineOutcome::kFault, "", "", nullptr);
    return organisation ? PlanOrganisation(line) : PlanWerkplaats(line);
  }

 private:
  PlannedLine PlanOrganisation(Line& line) {
    Organisation o;
    o.set_name(line.Name("id", "id", "organisations"));
    o.set_display_name(line.Text("name", "naam"));
    o.set_subregion(line.Get("subregion"));
    const auto kind = EnumOf<common::v1::OrganisationKind>(line.Get("kind"));
    if (!kind.ok()) {
      line.Fault("soort",
                 absl::StrCat("is niet bekend; wel: ", GoodWords<common::v1::OrganisationKind>()));
    } else {
      o.set_kind(*kind);
    }
    if (line.ok() && !seen_.insert(o.name()).second) {
      line.Fault("id", "staat al op een eerdere regel");
    }
    return Put(line, o, &organisations_, "organisatie",
               [](const Organisation& row, directory::v1::ImportDirectoryRequest* request) {
                 *request->add_organisations() = row;
               });
  }

  PlannedLine PlanWerkplaats(Line& line) {
    Werkplaats w;
    w.set_name(line.Name("id", "id", "werkplaatsen"));
    w.set_display_name(line.Text("name", "naam"));
    w.set_place(line.Text("place", "plaats"));
    w.set_organisation(line.Name("organisation", "organisatie", "organisations"));
    w.set_municipality(line.Name("municipality", "gemeente", "organisations"));
    const auto stage = ParseWord<common::v1::Stage>(absl::AsciiStrToLower(line.Get("stage")));
    if (!stage.ok()) {
      line.Fault("onderwijs",
                 absl::StrCat("is niet bekend; wel: ", GoodWords<common::v1::Stage>()));
    } else {
      w.set_stage(*stage);
    }
    if (line.ok() && !organisations_.contains(w.organisation())) {
      line.Fault("organisatie", "is niet bekend: zet haar op een eerdere regel");
    }
    const auto municipality = organisations_.find(w.municipality());
    if (line.ok() && (municipality == organisations_.end() ||
                      municipality->second.kind() != common::v1::ORGANISATION_KIND_MUNICIPALITY)) {
      line.Fault("gemeente", "is geen gemeente die bekend is: zet haar op een eerdere regel");
    }
    if (line.ok() && !seen_.insert(w.name()).second) {
      line.Fault("id", "staat al op een eerdere regel");
    }
    return Put(line, w, &werkplaatsen_, "werkplaats",
               [](const Werkplaats& row, directory::v1::ImportDirectoryRequest* request) {
                 *request->add_werkplaatsen() = row;
               });
  }

  template <typename Row, typename Add>
  PlannedLine Put(Line& line, const Row& row, std::map<std::string, Row>* known,
                  absl::string_view what, Add add) {
    if (!line.ok()) return line.Done(LineOutcome::kFault, "", "", nullptr);
    const auto found = known->find(row.name());
    if (found != known->end() && found->second.SerializeAsString() == row.SerializeAsString()) {
      return line.Done(LineOutcome::kUnchanged, absl::StrCat("deze ", what, " is al bekend"), "",
                       nullptr);
    }
    const bool change = found != known->end();
    (*known)[row.name()] = row;
    auto request = std::make_shared<directory::v1::ImportDirectoryRequest>();
    add(row, request.get());
    return line.Done(change ? LineOutcome::kChange : LineOutcome::kAdd,
                     absl::StrCat(change ? "gewijzigde " : "nieuwe ", what), "ImportDirectory",
                     std::move(request));
  }

  const CsvColumns& columns_;
  std::map<std::string, Organisation> organisations_;
  std::map<std::string, Werkplaats> werkplaatsen_;
  std::set<std::string> seen_;
};

}  // namespace

std::string OutcomeText(LineOutcome outcome) {
  switch (outcome) {
    case LineOutcome::kUnchanged:
      return "ongewijzigd";
    case LineOutcome::kAdd:
      return "toevoegen";
    case LineOutcome::kChange:
      return "wijzigen";
    case LineOutcome::kEnd:
      return "uit dienst";
    case LineOutcome::kFault:
      return "FOUT";
    case LineOutcome::kRefused:
      return "GEWEIGERD";
  }
  return "";
}

absl::StatusOr<ImportKind> KindOfImport(const CsvFile& file) {
  if (HasColumn(file, PeopleColumns(), "function") || HasColumn(file, PeopleColumns(), "end")) {
    return ImportKind::kPeople;
  }
  if (HasColumn(file, DirectoryColumns(), "what")) return ImportKind::kDirectory;
  return InputError(
      "aan de kopregel is niet te zien wat dit is: mensen hebben de kolommen id, naam, login, "
      "organisatie, functie, van, tot en uit_dienst; organisaties en werkplaatsen hebben wat, id, "
      "naam, soort, deelregio, plaats, organisatie, onderwijs en gemeente");
}

absl::StatusOr<std::vector<PlannedLine>> PlanPeople(const CsvFile& file, const Known& known,
                                                    const std::string& today) {
  KP_ASSIGN_OR_RETURN(const CsvColumns columns,
                      CsvColumns::Find(file.header, PeopleColumns(), {"id", "organisation"}));
  PeoplePlanner planner(columns, known, today);
  std::vector<PlannedLine> out;
  out.reserve(file.rows.size());
  for (const CsvRow& row : file.rows) out.push_back(planner.Plan(row));
  return out;
}

absl::StatusOr<std::vector<PlannedLine>> PlanDirectory(const CsvFile& file, const Known& known) {
  KP_ASSIGN_OR_RETURN(const CsvColumns columns,
                      CsvColumns::Find(file.header, DirectoryColumns(), {"what", "id", "name"}));
  DirectoryPlanner planner(columns, known);
  std::vector<PlannedLine> out;
  out.reserve(file.rows.size());
  for (const CsvRow& row : file.rows) out.push_back(planner.Plan(row));
  return out;
}

std::string ReportCsv(const std::vector<PlannedLine>& lines) {
  std::string out = CsvLine({"regel", "uitkomst", "veld", "toelichting", "let op"});
  for (const PlannedLine& l : lines) {
    absl::StrAppend(
        &out, CsvLine({absl::StrCat(l.line), OutcomeText(l.outcome), l.field, l.text, l.warning}));
  }
  return out;
}

google::protobuf::Struct ReportStruct(const std::vector<PlannedLine>& lines, bool applied) {
  google::protobuf::Struct out;
  (*out.mutable_fields())["applied"].set_bool_value(applied);
  auto* list = (*out.mutable_fields())["lines"].mutable_list_value();
  for (const PlannedLine& l : lines) {
    auto& fields = *list->add_values()->mutable_struct_value()->mutable_fields();
    fields["line"].set_number_value(l.line);
    fields["outcome"].set_string_value(OutcomeText(l.outcome));
    fields["field"].set_string_value(l.field);
    fields["text"].set_string_value(l.text);
    fields["warning"].set_string_value(l.warning);
  }
  return out;
}

}  // namespace knooppunt::cli
