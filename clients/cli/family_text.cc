#include "clients/cli/family_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

// "p-1" of "families/f-1/persons/p-1".
std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::string LastParts(const google::protobuf::RepeatedPtrField<std::string>& names) {
  return absl::StrJoin(names, ", ", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, LastPart(name));
  });
}

std::string HolderOf(const family::v1::Gezag& gezag) {
  if (!gezag.holder_person().empty()) return LastPart(gezag.holder_person());
  return gezag.holder_organisation().empty() ? "nobody (vacant)" : gezag.holder_organisation();
}

}  // namespace

void AddPart(CLI::App* app, PartOptions* options) {
  AddWord(app, "--compartment", &options->compartment, "Part of the dossier; default: education");
  AddWord(app, "--regime", &options->regime,
          "Law that it falls under; default: the usual one of the compartment");
}

common::v1::Label PartLabel(const PartOptions& options, const std::vector<std::string>& persons) {
  LabelOptions label;
  label.compartment = options.compartment;
  label.regime = options.regime;
  for (const std::string& name : persons) label.about.push_back(LastPart(name));
  const bool nobody = label.about.empty();
  if (nobody) label.family = true;
  common::v1::Label out = MakeLabel(label).value_or(common::v1::Label());
  if (nobody) out.clear_about();  // the server says whom it is about
  return out;
}

void PrintPerson(const family::v1::Person& person, std::ostream& out) {
  Fields()
      .Add("Person", person.name())
      .Add("Given name", person.given_name())
      .Add("Family name", person.family_name())
      .Add("Born", person.birth_date())
      .Add("Role", Word(person.role()))
      .Add("Gezag over", LastParts(person.gezag_over()))
      .Add("Number", person.bsn_recorded() ? "recorded, for finding doubles" : "")
      .Add("Answers for it", person.label().controller())
      .Add("Etag", person.etag())
      .Print(out);
}

void PrintPersons(const family::v1::ListPersonsResponse& list, std::ostream& out) {
  Table table({"PERSON", "NAME", "BORN", "ROLE", "GEZAG OVER", "ANSWERS FOR IT"});
  for (const family::v1::Person& p : list.persons()) {
    table.Add({p.name(), absl::StrCat(p.given_name(), " ", p.family_name()), p.birth_date(),
               Word(p.role()), LastParts(p.gezag_over()), p.label().controller()});
  }
  table.Print(out, "No persons that you may see.");
}

void PrintRevisions(const family::v1::ListPersonRevisionsResponse& list, std::ostream& out) {
  Table table({"WHEN", "CHANGE", "NAME BEFORE", "BORN BEFORE", "FROM", "BY", "WHY"});
  for (const family::v1::PersonRevision& r : list.revisions()) {
    table.Add({LocalTime(r.create_time()), Word(r.change()),
               absl::StrCat(r.given_name(), " ", r.family_name()), r.birth_date(), r.from_date(),
               r.author(), r.reason()});
  }
  table.Print(out, "The record never read otherwise.");
}

void PrintContact(const family::v1::Contact& contact, std::ostream& out) {
  Fields()
      .Add("Contact", contact.name())
      .Add("Phone", contact.phone())
      .Add("E-mail", contact.email())
      .Add("Prefers", Word(contact.channel()))
      .Add("How", contact.how())
      .Add("When", contact.when())
      .Add("Interpreter", contact.interpreter_needed() ? "needed" : "")
      .Add("Language", contact.language())
      .Add("Written", LocalTime(contact.update_time()))
      .Add("Answers for it", contact.label().controller())
      .Add("Etag", contact.etag())
      .Print(out);
}

void PrintContacts(const family::v1::ListContactsResponse& list, std::ostream& out) {
  if (list.contacts().empty()) {
    out << "Nothing that you may see says how to reach them.\n";
    return;
  }
  for (int i = 0; i < list.contacts_size(); ++i) {
    if (i > 0) out << "\n";
    PrintContact(list.contacts(i), out);
  }
}

void PrintGezag(const family::v1::Gezag& gezag, std::ostream& out) {
  Fields()
      .Add("Gezag", gezag.name())
      .Add("Held by", HolderOf(gezag))
      .Add("Over", gezag.over())
      .Add("From", gezag.start_date())
      .Add("On", absl::StrCat(Word(gezag.basis()), " ", gezag.reference()))
      .Add("Until", gezag.end_date())
      .Add("Ended on", absl::StrCat(Word(gezag.end_basis()), " ", gezag.end_reference()))
      .Print(out);
}

void PrintGezagList(const family::v1::ListGezagResponse& list, std::ostream& out) {
  Table table({"GEZAG", "HELD BY", "OVER", "FROM", "UNTIL", "ON", "REFERENCE"});
  for (const family::v1::Gezag& g : list.gezag()) {
    table.Add({g.name(), HolderOf(g), LastPart(g.over()), g.start_date(), g.end_date(),
               Word(g.basis()), g.reference()});
  }
  table.Print(out, "No gezag that you may see.");
}

void PrintHousehold(const family::v1::Household& household, std::ostream& out) {
  Fields()
      .Add("Household", household.name())
      .Add("Called", household.title())
      .Add("Who", LastParts(household.members()))
      .Add("From", household.start_date())
      .Add("Until", household.end_date())
      .Add("Answers for it", household.label().controller())
      .Add("Etag", household.etag())
      .Print(out);
}

void PrintHouseholds(const family::v1::ListHouseholdsResponse& list, std::ostream& out) {
  Table table({"HOUSEHOLD", "CALLED", "WHO", "FROM", "UNTIL"});
  for (const family::v1::Household& h : list.households()) {
    table.Add({h.name(), h.title(), LastParts(h.members()), h.start_date(), h.end_date()});
  }
  table.Print(out, "No households that you may see.");
}

void PrintAddress(const family::v1::Address& address, std::ostream& out) {
  Fields()
      .Add("Household", address.name())
      .Add("Street", address.street())
      .Add("Postcode", address.postcode())
      .Add("City", address.city())
      .Add("Country", address.country())
      .Add("Part", Word(address.label().compartment()))
      .Add("Known to", absl::StrJoin(address.label().about().persons(), ", "))
      .Add("Etag", address.etag())
      .Print(out);
}

}  // namespace knooppunt::cli
