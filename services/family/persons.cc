// Persons: listing, reading, adding, correcting and renaming, and how a record read before (R11,
// R18).

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/person_tokens.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/family/errors.h"
#include "services/family/rules.h"
#include "services/family/service.h"
#include "services/family/view.h"

namespace knooppunt::family {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kFamilyPattern[] = "families/*";
constexpr char kPersonPattern[] = "families/*/persons/*";
constexpr absl::string_view kCursor = "person/";

absl::StatusOr<std::string> ParsePageToken(const std::string& token) {
  if (token.empty()) return "";
  const auto bad = [] {
    return dossier::errors::InvalidField("page_token", "be one that was given out");
  };
  if (token.size() > limits::kMaxResourceNameBytes) return bad();
  const auto text = crypto::Base64UrlDecode(token);
  if (!text.ok()) return bad();
  absl::string_view id = *text;
  if (!absl::ConsumePrefix(&id, kCursor) || !base::IsResourceId(id)) return bad();
  return std::string(id);
}

// One person's view with its etag, as the caller sees the family now.
absl::StatusOr<v1::Person> Shown(const AuthorizedCall& call, storage::ReadTx& tx,
                                 const FamilyFacts& facts, const Item& item) {
  KP_ASSIGN_OR_RETURN(VisiblePersons visible, LoadVisiblePersons(call, tx));
  visible.ids.insert(item.id);
  KP_ASSIGN_OR_RETURN(const auto with_bsn, dossier::PersonsWithBsn(call, tx));
  KP_ASSIGN_OR_RETURN(v1::Person view, PersonView(item, {call, facts, visible, with_bsn}));
  view.set_etag(EtagOf(view));
  return view;
}

// What the record said, beside it: under its label, which goes when it goes.
absl::Status KeepRevision(const AuthorizedCall& call, storage::WriteTx& tx,
                          const v1::UpdatePersonRequest& req, const casework::v1::Person& before,
                          const Item& item, crypto::Random& random) {
  KP_ASSIGN_OR_RETURN(const auto known,
                      dossier::ListItems(call, tx, item.id, ItemKind::kPersonRevision));
  if (known.size() >= limits::kMaxRevisionsPerPerson) {
    return dossier::errors::TooMany("revisions of a person");
  }
  const std::string id = call.Id("rev", 0);
  v1::PersonRevision revision;
  revision.set_name(absl::StrCat(PersonName(call.family(), item.id), "/revisions/", id));
  revision.set_change(req.change());
  revision.set_reason(req.reason());
  revision.set_from_date(req.from_date());
  revision.set_given_name(before.given_name());
  revision.set_family_name(before.family_name());
  revision.set_birth_date(before.birth_date());
  revision.set_role(before.role());
  revision.set_author(call.actor());
  *revision.mutable_create_time() = dossier::ToTimestamp(call.now());
  return dossier::InsertBeside(call, tx,
                               {.id = id,
                                .kind = ItemKind::kPersonRevision,
                                .case_id = item.id,
                                .payload = revision.SerializeAsString()},
                               item, random);
}

// R3: found by the name of today and by those that it changed from; no longer by what was wrong.
absl::Status RenewTokens(const AuthorizedCall& call, storage::WriteTx& tx, const FamilyFacts& facts,
                         const casework::v1::Person& before, const casework::v1::Person& after,
                         const Item& item) {
  if (after.role() != access::v1::FAMILY_ROLE_CHILD) return absl::OkStatus();
  dossier::Findable findable{
      .person = item.id, .family_names = {after.family_name()}, .birth_date = after.birth_date()};
  KP_ASSIGN_OR_RETURN(const auto revisions,
                      dossier::ListItems(call, tx, item.id, ItemKind::kPersonRevision));
  for (const Item& r : revisions) {
    KP_ASSIGN_OR_RETURN(const auto revision, ParseLabelled<v1::PersonRevision>(r));
    if (revision.change() == v1::PERSON_CHANGE_NAME_CHANGE) {
      findable.family_names.push_back(revision.family_name());
    }
  }
  KP_RETURN_IF_ERROR(dossier::PutPersonTokens(call, tx, findable));
  for (const std::string& name : findable.family_names) {
    KP_RETURN_IF_ERROR(
        dossier::PutSearchToken(call, tx, dossier::SearchToken(call, name, findable.birth_date)));
  }
  const std::string wrong = dossier::SearchToken(call, before.family_name(), before.birth_date());
  // A sibling from before these tokens may have the same one: then it stays.
  KP_ASSIGN_OR_RETURN(const auto with_tokens, dossier::PersonsWithTokens(call, tx));
  const bool all = std::all_of(
      facts.persons().begin(), facts.persons().end(), [&](const access::v1::PersonFact& p) {
        return p.role() != access::v1::FAMILY_ROLE_CHILD || with_tokens.count(p.id()) > 0;
      });
  return all ? dossier::DropSearchToken(call, tx, wrong) : absl::OkStatus();
}

// The directory's word on the institutions that the request names, in its order.
absl::Status CheckInstitutions(const AuthorizedCall& call, const v1::AddPersonRequest& req) {
  int reference = 0;
  for (const v1::NewGezag& g : req.gezag()) {
    if (g.holder_organisation().empty()) continue;
    if (call.reference(reference++).organisation().name() != g.holder_organisation()) {
      return errors::UnknownOrganisation();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FamilyService::ListPersons(const Call& call, ReadTx& tx,
                                        const v1::ListPersonsRequest& req,
                                        v1::ListPersonsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  if (req.page_size() < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  KP_ASSIGN_OR_RETURN(const std::string after, ParsePageToken(req.page_token()));
  const int page_size = req.page_size() == 0 ? limits::kDefaultPageSize
                                             : std::min(req.page_size(), limits::kMaxPageSize);
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const VisiblePersons visible, LoadVisiblePersons(call, tx));
  KP_ASSIGN_OR_RETURN(const auto with_bsn, dossier::PersonsWithBsn(call, tx));
  bool past = after.empty();
  for (const Item& item : visible.items) {
    if (!past) {
      past = item.id == after;
      continue;
    }
    if (resp->persons_size() == page_size) {
      const auto last = base::ResourceName::Parse(resp->persons(page_size - 1).name());
      resp->set_next_page_token(crypto::Base64UrlEncode(absl::StrCat(kCursor, last->last_id())));
      break;
    }
    KP_ASSIGN_OR_RETURN(v1::Person view, PersonView(item, {call, facts, visible, with_bsn}));
    view.set_etag(EtagOf(view));
    *resp->add_persons() = std::move(view);
  }
  return absl::OkStatus();
}

absl::Status FamilyService::GetPerson(const Call& call, ReadTx& tx, const v1::GetPersonRequest& req,
                                      v1::Person* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kPersonPattern));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const Item item,
                      dossier::GetItem(call, tx, ItemKind::kPerson, name.Id("persons")));
  KP_ASSIGN_OR_RETURN(*resp, Shown(call, tx, facts, item));
  return absl::OkStatus();
}

absl::Status FamilyService::UpdatePerson(const Call& call, WriteTx& tx,
                                         const v1::UpdatePersonRequest& req, v1::Person* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kPersonPattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(Item item, dossier::GetItem(call, tx, ItemKind::kPerson, name.Id("persons")));
  if (item.label.controller() != call.organisation()) return errors::NotYoursToCorrect();
  KP_ASSIGN_OR_RETURN(const v1::Person shown, Shown(call, tx, facts, item));
  KP_RETURN_IF_ERROR(CheckEtag(req.person().etag(), shown.etag()));
  casework::v1::Person before;
  if (!before.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  casework::v1::Person after = before;
  KP_RETURN_IF_ERROR(ApplyChange(req, base::DateOf(call.now()), &after));
  KP_RETURN_IF_ERROR(KeepRevision(call, tx, req, before, item, random_));
  item.payload = after.SerializeAsString();
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, item, random_));
  KP_RETURN_IF_ERROR(RenewTokens(call, tx, facts, before, after, item));
  // P3: a birth date decides who may sign and who may see; access has it before this answers.
  if (CorrectFacts(after, item.id, &facts)) {
    SeatTheFamily([&](absl::string_view prefix, int n) { return call.Id(prefix, n); }, call.now(),
                  &facts);
    KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  }
  KP_ASSIGN_OR_RETURN(*resp, Shown(call, tx, facts, item));
  return absl::OkStatus();
}

absl::Status FamilyService::AddPerson(const Call& call, WriteTx& tx,
                                      const v1::AddPersonRequest& req, v1::Person* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_RETURN_IF_ERROR(CheckNewPerson(req.person(), base::DateOf(call.now())));
  if (!req.person().label().about().persons().empty() || req.person().label().about().family()) {
    return dossier::errors::InvalidField("person.label.about", "be empty: it is about them");
  }
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_RETURN_IF_ERROR(CheckJoining(req, facts));
  KP_RETURN_IF_ERROR(CheckInstitutions(call, req));
  const auto id = [&](absl::string_view prefix, int n) { return call.Id(prefix, n); };
  family::AddPerson(req, id, call.now(), &facts);
  casework::v1::Person person;
  person.set_name(PersonName(call.family(), call.Id("p", 0)));
  person.set_given_name(req.person().given_name());
  person.set_family_name(req.person().family_name());
  person.set_birth_date(req.person().birth_date());
  person.set_role(req.person().role());
  Item item{
      .id = call.Id("p", 0), .kind = ItemKind::kPerson, .payload = person.SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  item.label = call.write_scopes()[0].label;
  if (person.role() == access::v1::FAMILY_ROLE_CHILD) {
    KP_RETURN_IF_ERROR(dossier::PutPersonTokens(call, tx,
                                                {.person = item.id,
                                                 .family_names = {person.family_name()},
                                                 .birth_date = person.birth_date()}));
    KP_RETURN_IF_ERROR(dossier::PutSearchToken(
        call, tx, dossier::SearchToken(call, person.family_name(), person.birth_date())));
  }
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  KP_ASSIGN_OR_RETURN(*resp, Shown(call, tx, facts, item));
  return absl::OkStatus();
}

absl::Status FamilyService::ListPersonRevisions(const Call& call, ReadTx& tx,
                                                const v1::ListPersonRevisionsRequest& req,
                                                v1::ListPersonRevisionsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kPersonPattern));
  KP_RETURN_IF_ERROR(dossier::GetItem(call, tx, ItemKind::kPerson, name.Id("persons")).status());
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, name.Id("persons"), ItemKind::kPersonRevision));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(*resp->add_revisions(), ParseLabelled<v1::PersonRevision>(item));
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::family
