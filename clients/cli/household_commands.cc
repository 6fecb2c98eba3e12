// household: who lives with whom, and where (R18).
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/family_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/family/v1/family.pb.h"

namespace knooppunt::cli {
namespace {

using family::v1::Address;
using family::v1::Household;

constexpr char kService[] = "/knooppunt.family.v1.FamilyService/";
constexpr char kPerson[] = "families/*/persons/*";
constexpr char kHousehold[] = "families/*/households/*";

struct NameArgs {
  std::string name;
};

absl::Status RunList(Session& session, const NameArgs& args) {
  family::v1::ListHouseholdsRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<family::v1::ListHouseholdsResponse>(
      absl::StrCat(kService, "ListHouseholds"), request, PrintHouseholds);
}

struct RecordArgs {
  std::string family;
  std::string title;
  std::vector<std::string> members;
  std::string from;
  PartOptions part;
};

void RecordOptions(CLI::App* app, RecordArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Which family")->required();
  AddText(app, "--title", &args->title, "What the family calls it")->required();
  AddNames(app, "--member", &args->members, kPerson, "Who lives there")->required();
  AddDate(app, "--from", &args->from, "First day")->required();
  AddPart(app, &args->part);
}

absl::Status RunRecord(Session& session, const RecordArgs& args) {
  family::v1::RecordHouseholdRequest request;
  request.set_parent(args.family);
  Household& household = *request.mutable_household();
  household.set_title(args.title);
  for (const std::string& member : args.members) household.add_members(member);
  household.set_start_date(args.from);
  *household.mutable_label() = PartLabel(args.part, args.members);
  return session.CallAndShow<Household>(absl::StrCat(kService, "RecordHousehold"), request,
                                        PrintHousehold);
}

struct EndArgs {
  std::string name;
  std::string until;
  std::string etag;
};

void EndOptions(CLI::App* app, EndArgs* args) {
  AddName(app, "household", &args->name, kHousehold, "Which household")->required();
  AddDate(app, "--until", &args->until, "First day on which it no longer is so")->required();
  AddText(app, "--etag", &args->etag, "That was read: refuse when somebody changed it since");
}

absl::Status RunEnd(Session& session, const EndArgs& args) {
  family::v1::EndHouseholdRequest request;
  request.set_name(args.name);
  request.set_end_date(args.until);
  request.set_etag(args.etag);
  return session.CallAndShow<Household>(absl::StrCat(kService, "EndHousehold"), request,
                                        PrintHousehold);
}

absl::Status RunAddress(Session& session, const NameArgs& args) {
  family::v1::GetAddressRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Address>(absl::StrCat(kService, "GetAddress"), request, PrintAddress);
}

struct MoveArgs {
  std::string name;
  std::string street;
  std::string postcode;
  std::string city;
  std::string country;
  std::vector<std::string> known;
  bool known_to_all = false;
  bool secret = false;
  std::string etag;
  PartOptions part;
};

void MoveOptions(CLI::App* app, MoveArgs* args) {
  AddName(app, "household", &args->name, kHousehold, "Which household")->required();
  AddText(app, "--street", &args->street, "Street and number")->required();
  AddText(app, "--postcode", &args->postcode, "Postcode: '6211 CJ'")->required();
  AddText(app, "--city", &args->city, "City")->required();
  AddText(app, "--country", &args->country, "Country, two letters; default: NL");
  AddNames(app, "--about", &args->known, kPerson,
           "Who lives there and whose address it is: who may see all of them may read it")
      ->required();
  app->add_flag("--known-to-all", args->known_to_all,
                "Every parent with gezag may know it; then it is about children only");
  app->add_flag("--secret", args->secret, "A secret address: in the part of safety");
  AddText(app, "--etag", &args->etag, "That was read: refuse when somebody changed it since");
  AddPart(app, &args->part);
}

absl::Status RunMove(Session& session, const MoveArgs& args) {
  family::v1::SetAddressRequest request;
  request.set_name(args.name);
  request.set_known_to_all(args.known_to_all);
  Address& address = *request.mutable_address();
  address.set_street(args.street);
  address.set_postcode(args.postcode);
  address.set_city(args.city);
  address.set_country(args.country);
  address.set_etag(args.etag);
  PartOptions part = args.part;
  if (args.secret) {
    part = {.compartment = common::v1::COMPARTMENT_SAFETY, .regime = common::v1::REGIME_YOUTH_CARE};
  }
  *address.mutable_label() = PartLabel(part, args.known);
  return session.CallAndShow<Address>(absl::StrCat(kService, "SetAddress"), request, PrintAddress);
}

}  // namespace

void AddHouseholdCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "household", "Who lives with whom, and where");
  AddVerb<NameArgs>(
      noun, chosen,
      {"list", "List the households that you may see", "knooppunt household list families/f-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "family", &args->name, "families/*", "Which family")->required();
      },
      RunList);
  AddVerb<RecordArgs>(
      noun, chosen,
      {"record", "Record who lives together from a day on",
       "knooppunt household record families/f-1 --title 'bij mama' --from 2026-06-01 \\\n"
       "    --member families/f-1/persons/p-1,families/f-1/persons/p-2"},
      RecordOptions, RunRecord);
  AddVerb<EndArgs>(noun, chosen,
                   {"end", "Record that they no longer live together",
                    "knooppunt household end families/f-1/households/h-1 --until 2026-11-01"},
                   EndOptions, RunEnd);
  AddVerb<NameArgs>(
      noun, chosen,
      {"address", "Read an address; it is recorded that you did",
       "knooppunt household address families/f-1/households/h-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "household", &args->name, kHousehold, "Which household")->required();
      },
      RunAddress);
  AddVerb<MoveArgs>(noun, chosen,
                    {"move", "Record an address, not shared between parents by itself (R18)",
                     "knooppunt household move families/f-1/households/h-1 --street 'Markt 1' \\\n"
                     "    --postcode '6211 CJ' --city Maastricht --about families/f-1/persons/p-2"},
                    MoveOptions, RunMove);
}

}  // namespace knooppunt::cli
