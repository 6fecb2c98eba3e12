#include "services/plan/document.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "security/policy/words.h"
#include "services/plan/rules.h"

namespace knooppunt::plan {
namespace {

using google::protobuf::RepeatedPtrField;

std::string Capitalised(absl::string_view text) {
  std::string out(text);
  if (!out.empty()) out[0] = absl::ascii_toupper(out[0]);
  return out;
}

std::string DayOf(const google::protobuf::Timestamp& t) {
  return DayInDutch(absl::FromUnixSeconds(t.seconds()));
}

std::string DayInDutch(base::Date day) {
  static constexpr std::array<absl::string_view, 12> kMonths = {
      "januari", "februari", "maart",     "april",   "mei",      "juni",
      "juli",    "augustus", "september", "oktober", "november", "december"};
  return absl::StrFormat("%d %s %d", day.day(), kMonths[day.month() - 1],
                         static_cast<int>(day.year()));
}

std::string OrganisationInDutch(absl::string_view name) {
  return std::string(absl::StripPrefix(name, "organisations/"));
}

absl::string_view StepStateInDutch(casework::v1::StepState state) {
  switch (state) {
    case casework::v1::STEP_STATE_BINDING:
      return "afgesproken";
    case casework::v1::STEP_STATE_PROPOSED:
      return "voorstel: de organisatie moet nog beslissen";
    case casework::v1::STEP_STATE_DONE:
      return "gedaan";
    case casework::v1::STEP_STATE_DROPPED:
      return "gaat niet door";
    default:
      return "";
  }
}

// "Jeugdwet", or "samen: 60% onderwijs, 40% Jeugdwet".
std::string Payers(const v1::Arrangement& a) {
  const std::string split =
      absl::StrJoin(a.split(), ", ", [](std::string* out, const common::v1::FundingShare& share) {
        absl::StrAppend(out, share.percent(), "% ", FundingInDutch(share.funding()));
      });
  return absl::StrCat(FundingInDutch(a.funding()), split.empty() ? "" : ": ", split);
}

// Texts of what items link to, by name.
using Texts = absl::flat_hash_map<std::string, std::string>;

Texts TextsOf(const v1::Plan& plan) {
  Texts out;
  for (const v1::Wish& w : plan.wishes()) out[w.name()] = w.text();
  for (const v1::PlanSection* part : {&plan.education(), &plan.family()}) {
    for (const v1::Goal& g : part->goals()) out[g.name()] = g.text();
    for (const auto& s : part->steps()) out[s.name()] = s.text();
  }
  return out;
}

std::string TextsFor(const Texts& texts, const RepeatedPtrField<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const auto found = texts.find(name);
    if (found != texts.end()) out.push_back(found->second);
  }
  return absl::StrJoin(out, "\n");
}

class Typist {
 public:
  Typist(const v1::Plan& plan, const NamesSeen& names) : names_(names), texts_(TextsOf(plan)) {}

  // Somebody by name, or by what they are of the family.
  std::string Who(const std::string& name, access::v1::FamilyRole role) const {
    const auto person = names_.people.find(name);
    if (person != names_.people.end()) {
      return absl::StrCat(person->second, " (", RoleWord(role), ")");
    }
    const auto staff = names_.staff.find(name);
    if (staff != names_.staff.end()) return staff->second;
    return role == access::v1::FAMILY_ROLE_UNSPECIFIED
               ? "iemand die aan tafel zit of zat"
               : absl::StrCat("iemand van het gezin (", RoleWord(role), ")");
  }

  Block Of(const v1::Wish& w) const {
    Block out = {
        .kind = Block::Kind::kQuote, .title = Who(w.person(), w.person_role()), .text = w.text()};
    out.lines.push_back(
        {"", absl::StrCat(Capitalised(HowInDutch(w.how())), ", ", DayOf(w.revision().time()))});
    return out;
  }

  Block Of(const v1::Asset& a) const {
    Block out = Entry(
        absl::StrCat(Capitalised(AssetKindInDutch(a.kind())), " (", DomainInDutch(a.domain()), ")"),
        a.text());
    Add("Van", OrganisationInDutch(a.organisation()), &out);
    Add("Tot en met", plan::DayInDutch(a.end_date()), &out);
    AddReactions(a.reactions(), &out);
    return out;
  }

  Block Of(const v1::Goal& g) const {
    Block out = Entry(absl::StrCat("Doel: ", DomainInDutch(g.domain())), g.text());
    const auto wish = texts_.find(g.wish());
    if (wish != texts_.end()) Add("Dit past bij de wens", wish->second, &out);
    Add("Zo zien we dat het is gelukt", g.measure(), &out);
    if (g.state() == v1::GOAL_STATE_OPEN) {
      Add("We kijken er weer naar op", plan::DayInDutch(g.review_date()), &out);
    }
    Add("Hoe het ervoor staat", StateInDutch(g.state()), &out);
    Add("Afspraken", TextsFor(texts_, g.steps()), &out);
    for (const v1::Evaluation& e : g.evaluations()) AddEvaluation(e, &out);
    AddReactions(g.reactions(), &out);
    return out;
  }

  Block Of(const casework::v1::Step& s) const {
    Block out = Entry("Afspraak", s.text());
    const auto seat = names_.seats.find(s.owner_seat());
    Add("Wie", seat == names_.seats.end() ? "iemand aan tafel" : seat->second, &out);
    Add("Uiterlijk", plan::DayInDutch(s.due_date()), &out);
    Add("Hoe het ervoor staat", StepStateInDutch(s.state()), &out);
    return out;
  }

  Block Of(const v1::Arrangement& a) const {
    Block out = Entry(Capitalised(ArrangementKindInDutch(a.kind())), a.text());
    Add("Voor wie", ReachInDutch(a.reach()), &out);
    Add("Van", OrganisationInDutch(a.organisation()), &out);
    Add("Periode",
        absl::StrCat("van ", plan::DayInDutch(a.start_date()), " tot en met ",
                     plan::DayInDutch(a.end_date())),
        &out);
    Add("Wie betaalt", Payers(a), &out);
    Add("Voor dit doel", TextsFor(texts_, a.goals()), &out);
    Add("Afspraken", TextsFor(texts_, a.steps()), &out);
    AddReactions(a.reactions(), &out);
    return out;
  }

 private:
  static std::string RoleWord(access::v1::FamilyRole role) {
    return policy::WordFor(role, policy::Language::kDutch);
  }
  static Block Entry(std::string title, const std::string& text) {
    return {.kind = Block::Kind::kEntry, .title = std::move(title), .text = text, .lines = {}};
  }
  static void Add(absl::string_view label, absl::string_view text, Block* out) {
    if (!text.empty()) out->lines.push_back({std::string(label), std::string(text)});
  }

  void AddEvaluation(const v1::Evaluation& e, Block* out) const {
    const std::string how = e.family_absent_reason().empty()
                                ? "samen met het gezin"
                                : absl::StrCat("zonder het gezin: ", e.family_absent_reason());
    Add(absl::StrCat("Besproken op ", DayOf(e.time()), ", ", how),
        absl::StrCat(e.text(), " (", StateInDutch(e.result()), ")"), out);
  }

  void AddReactions(const RepeatedPtrField<v1::Reaction>& reactions, Block* out) const {
    for (const v1::Reaction& r : reactions) {
      const std::string who = absl::StrCat(Who(r.author(), r.author_role()), ", ", DayOf(r.time()));
      Add(absl::StrCat(r.confirmed() ? "Eens: " : "Niet eens: ", who),
          r.text().empty() ? "(geen toelichting)" : r.text(), out);
    }
  }

  const NamesSeen& names_;
  const Texts texts_;
};

template <typename List>
void AddSection(const Typist& writer, absl::string_view heading, const List& list, Document* out) {
  if (list.empty()) return;
  Section section = {.level = 3, .heading = std::string(heading), .blocks = {}};
  section.blocks.reserve(list.size());
  for (const auto& x : list) section.blocks.push_back(writer.Of(x));
  out->sections.push_back(std::move(section));
}

Block Text(absl::string_view text) {
  return {.kind = Block::Kind::kText, .title = "", .text = std::string(text), .lines = {}};
}

void AddPart(const Typist& writer, absl::string_view heading, absl::string_view intro,
             const v1::PlanSection& part, Document* out) {
  out->sections.push_back({.level = 2, .heading = std::string(heading), .blocks = {Text(intro)}});
  const size_t before = out->sections.size();
  AddSection(writer, "Wat er al is", part.assets(), out);
  AddSection(writer, "Doelen", part.goals(), out);
  AddSection(writer, "Afspraken", part.steps(), out);
  AddSection(writer, "Arrangementen", part.arrangements(), out);
  if (out->sections.size() == before) {
    out->sections.back().blocks.push_back(Text("In dit deel staat niets dat u kunt lezen."));
  }
}

// The compartments of what stands in the document, in words.
std::string Compartments(const v1::Plan& plan) {
  std::vector<int> found;
  const auto take = [&](const common::v1::Label& label) {
    if (std::find(found.begin(), found.end(), label.compartment()) == found.end()) {
      found.push_back(label.compartment());
    }
  };
  for (const v1::Wish& w : plan.wishes()) take(w.label());
  for (const v1::PlanSection* part : {&plan.education(), &plan.family()}) {
    for (const auto& x : part->assets()) take(x.label());
    for (const auto& x : part->goals()) take(x.label());
    for (const auto& x : part->steps()) take(x.label());
    for (const auto& x : part->arrangements()) take(x.label());
  }
  std::sort(found.begin(), found.end());
  return absl::StrJoin(found, ", ", [](std::string* out, int compartment) {
    absl::StrAppend(out, policy::WordFor(static_cast<common::v1::Compartment>(compartment),
                                         policy::Language::kDutch));
  });
}

Section Wishes(const Typist& writer, const v1::Plan& plan) {
  Section out = {.level = 2, .heading = "Wat het kind en de ouders willen", .blocks = {}};
  out.blocks.push_back(Text(plan.wishes().empty()
                                ? "Hier staan nog geen wensen die u kunt lezen."
                                : "Dit zijn hun eigen woorden. Alles in dit plan begint hiermee."));
  for (const v1::Wish& w : plan.wishes()) out.blocks.push_back(writer.Of(w));
  return out;
}

Section Colophon(const v1::Plan& plan, const Document& document) {
  Section out = {.level = 2, .heading = "Over dit document", .blocks = {}};
  out.blocks.push_back(Text(document.made));
  const std::string compartments = Compartments(plan);
  if (!compartments.empty()) {
    out.blocks.push_back(
        Text(absl::StrCat("In dit document staat informatie over: ", compartments, ".")));
  }
  out.blocks.push_back(
      Text("U leest hier alleen wat u mag lezen. Een ander kan meer of minder zien. Wie het plan "
           "leest, komt in het logboek van het gezin."));
  out.blocks.push_back(Text(
      "Klopt er iets niet? Zeg het tegen de regisseur. U mag het er ook zelf bij zetten: wat u "
      "vindt, blijft naast het plan staan."));
  return out;
}

}  // namespace

std::string DayInDutch(absl::Time time) { return DayInDutch(base::DateOf(time)); }

std::string DayInDutch(absl::string_view iso) {
  const auto day = base::ParseDate(iso);
  return day.ok() ? DayInDutch(*day) : std::string(iso);
}

Document MakeDocument(const v1::Plan& plan, const NamesSeen& names, const MadeFor& made_for) {
  const Typist writer(plan, names);
  Document out;
  out.title = names.children.empty()
                  ? "Het plan"
                  : absl::StrCat("Het plan van ", absl::StrJoin(names.children, " en "));
  out.time = made_for.time;
  out.made_on = DayInDutch(made_for.time);
  out.made_for = made_for.reader;
  const absl::CivilMinute at = absl::ToCivilMinute(made_for.time, base::Amsterdam());
  out.made = absl::StrFormat("Dit document is op %s om %02d:%02d gemaakt voor %s.", out.made_on,
                             at.hour(), at.minute(), made_for.reader);
  out.notice = "Dit gaat over een gezin. Bewaar het veilig en geef het niet door.";
  out.sections.push_back(Wishes(writer, plan));
  AddPart(writer, "Onderwijs: het ontwikkelingsperspectief (OPP)",
          "Dit deel gaat over leren en over school.", plan.education(), &out);
  AddPart(writer, "Gezin: het gezinsplan", "Dit deel gaat over thuis, gezondheid en hulp.",
          plan.family(), &out);
  out.sections.push_back(Colophon(plan, out));
  return out;
}

}  // namespace knooppunt::plan
