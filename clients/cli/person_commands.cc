// person, gezag: who belongs to a family, how records are corrected, how somebody is reached, and
// who holds gezag (R11, R16, R18). Households are in household_commands.cc.
#include "base/date.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/family_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/family/v1/family.pb.h"

namespace knooppunt::cli {
namespace {

using family::v1::Contact;
using family::v1::FindDoublesResponse;
using family::v1::Gezag;
using family::v1::Person;

constexpr char kService[] = "/knooppunt.family.v1.FamilyService/";
constexpr char kPerson[] = "families/*/persons/*";

struct NameArgs {
  std::string name;
};
void FamilyOption(CLI::App* app, NameArgs* args) {
  AddName(app, "family", &args->name, "families/*", "Which family")->required();
}
void PersonOption(CLI::App* app, NameArgs* args) {
  AddName(app, "person", &args->name, kPerson, "Which person")->required();
}

// --- person list, show, history ---

absl::Status RunList(Session& session, const NameArgs& args) {
  family::v1::ListPersonsRequest request;
  request.set_parent(args.name);
  family::v1::ListPersonsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListPersons"), request, &all));
  return session.Show<family::v1::ListPersonsResponse>(all, PrintPersons);
}

absl::Status RunShow(Session& session, const NameArgs& args) {
  family::v1::GetPersonRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Person>(absl::StrCat(kService, "GetPerson"), request, PrintPerson);
}

absl::Status RunHistory(Session& session, const NameArgs& args) {
  family::v1::ListPersonRevisionsRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<family::v1::ListPersonRevisionsResponse>(
      absl::StrCat(kService, "ListPersonRevisions"), request, PrintRevisions);
}

// --- person correct, rename ---

struct ChangeArgs {
  std::string name;
  std::string given_name;
  std::string family_name;
  std::string born;
  access::v1::FamilyRole role = access::v1::FAMILY_ROLE_UNSPECIFIED;
  std::string from;
  std::string reason;
  std::string etag;
};

void NameOptions(CLI::App* app, ChangeArgs* args) {
  AddName(app, "person", &args->name, kPerson, "Which person")->required();
  AddText(app, "--given-name", &args->given_name, "Given name as it should read");
  AddText(app, "--family-name", &args->family_name, "Family name as it should read");
  AddText(app, "--reason", &args->reason, "Why, in words; it stays with what stood there")
      ->required();
  AddText(app, "--etag", &args->etag, "That was read: refuse when somebody changed it since");
}

void CorrectOptions(CLI::App* app, ChangeArgs* args) {
  NameOptions(app, args);
  AddDate(app, "--born", &args->born, "Birth date as it should read");
  AddWord(app, "--role", &args->role, "Role in the family");
}

void RenameOptions(CLI::App* app, ChangeArgs* args) {
  NameOptions(app, args);
  AddDate(app, "--from", &args->from, "First day of the new name")->required();
}

absl::Status Change(Session& session, const ChangeArgs& args, family::v1::PersonChange kind) {
  family::v1::UpdatePersonRequest request;
  request.set_name(args.name);
  request.set_change(kind);
  request.set_reason(args.reason);
  request.set_from_date(args.from);
  Person& person = *request.mutable_person();
  person.set_etag(args.etag);
  const auto set = [&](const std::string& value, const char* path, std::string* field) {
    if (value.empty()) return;
    *field = value;
    request.mutable_update_mask()->add_paths(path);
  };
  set(args.given_name, "given_name", person.mutable_given_name());
  set(args.family_name, "family_name", person.mutable_family_name());
  set(args.born, "birth_date", person.mutable_birth_date());
  if (args.role != access::v1::FAMILY_ROLE_UNSPECIFIED) {
    person.set_role(args.role);
    request.mutable_update_mask()->add_paths("role");
  }
  if (request.update_mask().paths().empty()) return UsageError("say what changes, and into what");
  return session.CallAndShow<Person>(absl::StrCat(kService, "UpdatePerson"), request, PrintPerson);
}
absl::Status RunCorrect(Session& session, const ChangeArgs& args) {
  return Change(session, args, family::v1::PERSON_CHANGE_CORRECTION);
}
absl::Status RunRename(Session& session, const ChangeArgs& args) {
  return Change(session, args, family::v1::PERSON_CHANGE_NAME_CHANGE);
}

// --- person add ---

struct AddArgs {
  std::string family;
  std::string given_name;
  std::string family_name;
  std::string born;
  access::v1::FamilyRole role = access::v1::FAMILY_ROLE_UNSPECIFIED;
  std::string account;
  bool in_case = false;
  std::vector<std::string> gezag;
  bool vacant = false;
  PartOptions part;
};

void AddOptions(CLI::App* app, AddArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Which family")->required();
  AddText(app, "--given-name", &args->given_name, "Given name")->required();
  AddText(app, "--family-name", &args->family_name, "Family name, with its particle")->required();
  AddDate(app, "--born", &args->born, "Birth date")->required();
  AddWord(app, "--role", &args->role, "Role in the family")->required();
  AddName(app, "--account", &args->account, "accounts/*", "Account they log in with");
  app->add_flag("--in-case", args->in_case, "The open case is about this child too");
  AddTexts(app, "--gezag", &args->gezag,
           "Who holds gezag over this child: families/f-1/persons/p-1, or organisations/gi");
  app->add_flag("--vacant", args->vacant, "Nobody holds gezag over this child");
  AddPart(app, &args->part);
}

absl::Status RunAdd(Session& session, const AddArgs& args) {
  family::v1::AddPersonRequest request;
  request.set_parent(args.family);
  Person& person = *request.mutable_person();
  person.set_given_name(args.given_name);
  person.set_family_name(args.family_name);
  person.set_birth_date(args.born);
  person.set_role(args.role);
  *person.mutable_label() = PartLabel(args.part, {});
  request.set_account(args.account);
  request.set_in_case(args.in_case);
  for (const std::string& holder : args.gezag) SetHolder(holder, request.add_gezag());
  if (args.vacant) request.add_gezag();
  return session.CallAndShow<Person>(absl::StrCat(kService, "AddPerson"), request, PrintPerson);
}

// --- person contacts, contact ---

absl::Status RunContacts(Session& session, const NameArgs& args) {
  family::v1::ListContactsRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<family::v1::ListContactsResponse>(
      absl::StrCat(kService, "ListContacts"), request, PrintContacts);
}

struct ContactArgs {
  std::string name;
  std::string phone;
  std::string email;
  family::v1::ContactChannel channel = family::v1::CONTACT_CHANNEL_UNSPECIFIED;
  std::string how;
  std::string when;
  bool interpreter = false;
  std::string language;
  std::string etag;
  PartOptions part;
};

void ContactOptions(CLI::App* app, ContactArgs* args) {
  AddName(app, "person", &args->name, kPerson, "Which person")->required();
  AddText(app, "--phone", &args->phone, "Phone number");
  AddText(app, "--email", &args->email, "E-mail address");
  AddWord(app, "--channel", &args->channel, "Preferred way");
  AddText(app, "--how", &args->how, "How, in words");
  AddText(app, "--when", &args->when, "When, in words");
  app->add_flag("--interpreter", args->interpreter, "An interpreter is needed");
  AddText(app, "--language", &args->language, "Language: ar, ti, nl-x-ngt");
  AddText(app, "--etag", &args->etag, "That was read: refuse when somebody changed it since");
  AddPart(app, &args->part);
}

absl::Status RunContact(Session& session, const ContactArgs& args) {
  family::v1::SetContactRequest request;
  request.set_parent(args.name);
  Contact& contact = *request.mutable_contact();
  contact.set_phone(args.phone);
  contact.set_email(args.email);
  contact.set_channel(args.channel);
  contact.set_how(args.how);
  contact.set_when(args.when);
  contact.set_interpreter_needed(args.interpreter);
  contact.set_language(args.language);
  contact.set_etag(args.etag);
  *contact.mutable_label() = PartLabel(args.part, {args.name});
  return session.CallAndShow<Contact>(absl::StrCat(kService, "SetContact"), request, PrintContact);
}

// --- person number, doubles ---

struct NumberArgs {
  std::string name;
  std::string file;
};

absl::Status RunNumber(Session& session, const NumberArgs& args) {
  KP_ASSIGN_OR_RETURN(std::string number, ReadInput(args.file, session.in()));
  while (!number.empty() && (number.back() == '\n' || number.back() == '\r')) number.pop_back();
  family::v1::RecordBsnRequest request;
  request.set_name(args.name);
  request.set_bsn(number);
  return session.CallAndShow<family::v1::RecordBsnResponse>(
      absl::StrCat(kService, "RecordBsn"), request,
      [](const family::v1::RecordBsnResponse&, std::ostream& out) {
        out << "Recorded, for finding doubles only. The number itself was not kept.\n";
      });
}

absl::Status RunDoubles(Session& session, const NameArgs& args) {
  family::v1::FindDoublesRequest request;
  request.set_name(args.name);
  return session.CallAndShow<FindDoublesResponse>(
      absl::StrCat(kService, "FindDoubles"), request,
      [](const FindDoublesResponse& response, std::ostream& out) {
        if (!response.found()) {
          out << "No other family with an open case has a person with this number.\n";
          return;
        }
        out << "There is another family. Ask " << Printable(response.ask()) << " of "
            << Printable(response.ask_organisation()) << ".\n";
      });
}

// --- gezag list, record, end ---

absl::Status RunGezagList(Session& session, const NameArgs& args) {
  family::v1::ListGezagRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<family::v1::ListGezagResponse>(absl::StrCat(kService, "ListGezag"),
                                                            request, PrintGezagList);
}

struct GezagArgs {
  std::string name;  // the family's, or the gezag's
  std::string holder;
  std::string over;
  std::string date;
  family::v1::GezagBasis basis = family::v1::GEZAG_BASIS_UNSPECIFIED;
  std::string reference;
  PartOptions part;
};

void BasisOptions(CLI::App* app, GezagArgs* args) {
  AddName(app, "--over", &args->over, kPerson, "The child")->required();
  AddWord(app, "--basis", &args->basis, "On what it rests")->required();
  AddText(app, "--reference", &args->reference, "Number of the decision or of the entry");
  AddPart(app, &args->part);
}

void RecordOptions(CLI::App* app, GezagArgs* args) {
  AddName(app, "family", &args->name, "families/*", "Which family")->required();
  AddText(app, "--holder", &args->holder,
          "families/f-1/persons/p-1, or organisations/gi; without it gezag is vacant");
  AddDate(app, "--from", &args->date, "First day; may lie in the past")->required();
  BasisOptions(app, args);
}

void EndOptions(CLI::App* app, GezagArgs* args) {
  AddName(app, "gezag", &args->name, "families/*/gezag/*", "Which gezag")->required();
  AddDate(app, "--until", &args->date, "First day on which it no longer holds; may lie in the past")
      ->required();
  BasisOptions(app, args);
}

absl::Status RunRecord(Session& session, const GezagArgs& args) {
  family::v1::RecordGezagRequest request;
  request.set_parent(args.name);
  Gezag& gezag = *request.mutable_gezag();
  SetHolder(args.holder, &gezag);
  gezag.set_over(args.over);
  gezag.set_start_date(args.date);
  gezag.set_basis(args.basis);
  gezag.set_reference(args.reference);
  *gezag.mutable_label() = PartLabel(args.part, {args.over});
  return session.CallAndShow<Gezag>(absl::StrCat(kService, "RecordGezag"), request, PrintGezag);
}

absl::Status RunEnd(Session& session, const GezagArgs& args) {
  family::v1::EndGezagRequest request;
  request.set_name(args.name);
  request.set_end_date(args.date);
  request.set_basis(args.basis);
  request.set_reference(args.reference);
  *request.mutable_label() = PartLabel(args.part, {args.over});
  KP_RETURN_IF_ERROR(
      session.CallAndShow<Gezag>(absl::StrCat(kService, "EndGezag"), request, PrintGezag));
  session.Say("From that day on this gezag opens nothing; what is past narrows at once.");
  return absl::OkStatus();
}

void AddGezagCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "gezag", "Who holds gezag over a child, and since when");
  AddVerb<NameArgs>(noun, chosen,
                    {"list", "List gezag, also what ended", "knooppunt gezag list families/f-1"},
                    FamilyOption, RunGezagList);
  AddVerb<GezagArgs>(noun, chosen,
                     {"record", "Record gezag (R11)",
                      "knooppunt gezag record families/f-1 --over families/f-1/persons/p-1 \\\n"
                      "    --holder families/f-1/persons/p-2 --from 2026-11-01 --basis register"},
                     RecordOptions, RunRecord);
  AddVerb<GezagArgs>(
      noun, chosen,
      {"end", "End gezag, as a court or the law has it; access narrows at once",
       "knooppunt gezag end families/f-1/gezag/g-1 --over families/f-1/persons/p-1 \\\n"
       "    --until 2026-11-01 --basis court-order --reference ECLI:NL:RBLIM:2026:1"},
      EndOptions, RunEnd);
}

}  // namespace

void AddPersonCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "person", "Who belongs to a family");
  AddVerb<NameArgs>(
      noun, chosen,
      {"list", "List the persons whom you may see", "knooppunt person list families/f-1"},
      FamilyOption, RunList);
  AddVerb<NameArgs>(noun, chosen,
                    {"show", "Show a person", "knooppunt person show families/f-1/persons/p-1"},
                    PersonOption, RunShow);
  AddVerb<AddArgs>(
      noun, chosen,
      {"add", "Add a sibling, a step-parent, somebody else who belongs",
       "knooppunt person add families/f-1 --given-name Noor --family-name 'van der Berg' \\\n"
       "    --born 2020-02-01 --role child --in-case --gezag families/f-1/persons/p-2"},
      AddOptions, RunAdd);
  AddVerb<ChangeArgs>(noun, chosen,
                      {"correct", "Correct what was wrong; what stood there is kept (R40)",
                       "knooppunt person correct families/f-1/persons/p-1 --born 2015-03-14 \\\n"
                       "    --reason 'Verkeerd overgetypt.'"},
                      CorrectOptions, RunCorrect);
  AddVerb<ChangeArgs>(noun, chosen,
                      {"rename", "Record another name from a day on",
                       "knooppunt person rename families/f-1/persons/p-1 --family-name Hermans \\\n"
                       "    --from 2026-06-01 --reason 'Erkend door de vader.'"},
                      RenameOptions, RunRename);
  AddVerb<NameArgs>(noun, chosen,
                    {"history", "How the record read before",
                     "knooppunt person history families/f-1/persons/p-1"},
                    PersonOption, RunHistory);
  AddVerb<NameArgs>(
      noun, chosen,
      {"contacts", "How to reach somebody", "knooppunt person contacts families/f-1/persons/p-1"},
      PersonOption, RunContacts);
  AddVerb<ContactArgs>(
      noun, chosen,
      {"contact", "Record how to reach somebody, and whether an interpreter is needed (R16)",
       "knooppunt person contact families/f-1/persons/p-1 --phone '06 12345678' \\\n"
       "    --channel text-message --when 'na vier uur'"},
      ContactOptions, RunContact);
  AddVerb<NumberArgs>(
      noun, chosen,
      {"number", "Record a BSN for finding doubles; it is not kept, and read from a file",
       "knooppunt person number families/f-1/persons/p-1 --file -"},
      [](CLI::App* app, NumberArgs* args) {
        AddName(app, "person", &args->name, kPerson, "Which person")->required();
        app->add_option("--file", args->file, "The number; - is standard input")
            ->type_name("FILE")
            ->required();
      },
      RunNumber);
  AddVerb<NameArgs>(
      noun, chosen,
      {"doubles", "Ask whether another family has a person with this number: that, not what (R3)",
       "knooppunt person doubles families/f-1/persons/p-1"},
      PersonOption, RunDoubles);
  AddGezagCommands(root, chosen);
}

}  // namespace knooppunt::cli
