#include "services/handover/archive_family.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/status.h"
#include "services/casework/rules.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/handover/archive_errors.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchiveGezag;
using archive::v1::ArchivePart;
using archive::v1::ArchivePayload;
using archive::v1::ArchivePerson;
using casework::v1::OpenCaseRequest;
using dossier::ItemKind;

common::v1::Label Education() {
  common::v1::Label label;
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label.set_regime(common::v1::REGIME_EDUCATION);
  return label;
}

std::map<std::string, int> IndexOf(const ArchivePayload& payload) {
  std::map<std::string, int> out;
  for (int i = 0; i < payload.persons_size(); ++i) out.emplace(payload.persons(i).key(), i);
  return out;
}

template <typename Keys>
common::v1::Label About(const Keys& keys, bool family, const std::map<std::string, int>& index,
                        const IdSource& id) {
  common::v1::Label label = Education();
  for (const std::string& key : keys) {
    const auto at = index.find(key);
    if (at != index.end()) label.mutable_about()->add_persons(id("p", at->second));
  }
  label.mutable_about()->set_family(family);
  return dossier::Asked(label);
}

casework::v1::SignalLevel LevelOf(const ArchivePayload& payload) {
  for (const ArchivePart& part : payload.parts()) {
    if (part.kind() != "opening") continue;
    if (absl::StartsWith(part.text(), "Lichte hulp\n"))
      return casework::v1::SIGNAL_LEVEL_LIGHT_CARE;
    if (absl::StartsWith(part.text(), "Verzoek om verwijzing\n")) {
      return casework::v1::SIGNAL_LEVEL_REFERRAL;
    }
  }
  return casework::v1::SIGNAL_LEVEL_QUESTION;
}

absl::string_view KindInDutch(absl::string_view kind) {
  static const auto* const kWords =
      new std::map<absl::string_view, absl::string_view>{{"opening", "hoe de casus begon"},
                                                         {"wish", "een wens"},
                                                         {"goal", "een doel"},
                                                         {"asset", "wat goed gaat, wie helpt"},
                                                         {"arrangement", "een arrangement"},
                                                         {"step", "een afspraak"},
                                                         {"contribution", "een inbreng"}};
  const auto word = kWords->find(kind);
  return word == kWords->end() ? "een deel" : word->second;
}

// Where it comes from stands in it, for everybody who ever reads it (R28).
std::string TextOf(const ArchivePart& part, const ArchivePayload& payload) {
  return absl::StrCat("Overgenomen van ", payload.from_werkplaats_name(),
                      " bij de warme overdracht: ", KindInDutch(part.kind()), ".\n\n", part.text());
}

NewItem Make(ItemKind kind, std::string id, int label, const google::protobuf::Message& payload) {
  NewItem out;
  out.item.id = std::move(id);
  out.item.kind = kind;
  out.item.payload = payload.SerializeAsString();
  out.label = label;
  return out;
}

NewItem PersonItem(const ArchivePerson& p, absl::string_view family, int i, const IdSource& id) {
  casework::v1::Person person;
  person.set_name(absl::StrCat("families/", family, "/persons/", id("p", i)));
  person.set_given_name(p.given_name());
  person.set_family_name(p.family_name());
  person.set_birth_date(p.birth_date());
  person.set_role(p.role());
  return Make(ItemKind::kPerson, id("p", i), i, person);
}

}  // namespace

std::vector<common::v1::Label> LabelsOf(const ArchivePayload& payload, const IdSource& id) {
  const std::map<std::string, int> index = IndexOf(payload);
  std::vector<common::v1::Label> out;
  for (const ArchivePerson& p : payload.persons()) {
    out.push_back(About(std::vector<std::string>{p.key()}, false, index, id));
  }
  out.push_back(About(payload.children(), false, index, id));
  if (!payload.family_view().empty()) {
    out.push_back(About(std::vector<std::string>{}, true, index, id));
  }
  for (const ArchivePart& part : payload.parts()) {
    if (part.kind() == "person") continue;
    out.push_back(About(part.about(), part.about_family(), index, id));
  }
  return out;
}

absl::StatusOr<OpenCaseRequest> AsOpening(
    const ArchivePayload& payload,
    const google::protobuf::RepeatedPtrField<archive::v1::InstitutionHere>& institutions,
    absl::string_view from) {
  std::map<std::string, std::string> here;
  for (const auto& i : institutions) {
    if (!here.emplace(i.institution(), i.organisation()).second)
      return errors::UnknownInstitution();
  }
  std::map<std::string, bool> used;
  OpenCaseRequest out;
  out.set_werkplaats(payload.to_werkplaats());
  out.set_level(LevelOf(payload));
  out.set_reason(absl::StrCat(
      "Warme overdracht van ", payload.from_werkplaats_name(), " (installatie ", from,
      "), aangeboden op ", payload.offer_time().substr(0, 10),
      ". Contact daar: ", payload.contact_name(),
      ". Het gezag staat hier zoals die kant het opgaf: kijk het na in het gezagsregister."));
  out.set_family_told(true);  // R28: the family was shown exactly this before it was offered
  out.set_family_reason(payload.family_view());
  for (const ArchivePerson& p : payload.persons()) {
    casework::v1::NewPerson* person = out.add_persons();
    person->set_key(p.key());
    person->set_given_name(p.given_name());
    person->set_family_name(p.family_name());
    person->set_birth_date(p.birth_date());
    person->set_role(p.role());
  }
  for (const ArchiveGezag& g : payload.gezag()) {
    casework::v1::NewGezag* gezag = out.add_gezag();
    gezag->set_over_key(g.over());
    gezag->set_holder_key(g.holder());
    if (g.institution().empty()) continue;
    const auto organisation = here.find(g.institution());
    if (organisation == here.end()) return errors::UnknownInstitution();
    used[g.institution()] = true;
    gezag->set_holder_organisation(organisation->second);
  }
  if (used.size() != here.size()) return errors::UnknownInstitution();
  *out.mutable_children() = payload.children();
  return out;
}

dossier::FamilyFacts FactsOf(const ArchivePayload& payload, const OpenCaseRequest& opening,
                             absl::string_view family, const Importer& by, const IdSource& id,
                             absl::Time now) {
  dossier::FamilyFacts facts = casework::NewFamily(
      opening, family, {.claims = by.claims, .organisation = by.organisation}, id, now);
  for (int i = 0; i < payload.gezag_size(); ++i) {
    facts.mutable_gezag(i)->set_start_date(payload.gezag(i).start_date());
    facts.mutable_gezag(i)->set_end_date(payload.gezag(i).end_date());
  }
  for (int i = 0; i < payload.persons_size(); ++i) {
    facts.mutable_persons(i)->set_incapacitated(payload.persons(i).incapacitated());
  }
  return facts;
}

google::protobuf::RepeatedPtrField<v1::ApartDocument> ApartOf(const ArchivePayload& payload) {
  google::protobuf::RepeatedPtrField<v1::ApartDocument> out;
  for (const ArchivePart& part : payload.parts()) {
    if (!part.has_document() || !part.document().content().empty()) continue;
    v1::ApartDocument* apart = out.Add();
    apart->set_item(part.item());
    apart->set_title(part.document().title());
    apart->set_size_bytes(part.document().size_bytes());
  }
  return out;
}

Taken ItemsOf(const ArchivePayload& payload, const OpenCaseRequest& opening,
              absl::string_view family, absl::string_view actor, const IdSource& id,
              absl::Time now) {
  Taken out;
  const std::string case_id = id("c", 0);
  const std::string case_name = absl::StrCat("families/", family, "/cases/", case_id);
  int label = 0;
  for (int i = 0; i < payload.persons_size(); ++i) {
    out.items.push_back(PersonItem(payload.persons(i), family, i, id));
    out.names.push_back(absl::StrCat("families/", family, "/persons/", id("p", i)));
    ++label;
  }
  casework::v1::Case said;
  said.set_level(opening.level());
  said.set_reason(opening.reason());
  out.items.push_back(Make(ItemKind::kOpening, id("o", 0), label++, said));
  out.items.back().item.case_id = case_id;
  if (!payload.family_view().empty()) {
    casework::v1::Case words;
    words.set_family_reason(payload.family_view());
    out.items.push_back(Make(ItemKind::kFamilyReason, id("o", 1), label++, words));
    out.items.back().item.case_id = case_id;
  }
  for (int i = 0; i < payload.parts_size(); ++i) {
    const ArchivePart& part = payload.parts(i);
    if (part.kind() == "person") continue;
    if (part.has_document()) {
      out.documents.push_back({.part = i, .label = label++});
      continue;
    }
    casework::v1::Contribution c;
    const std::string part_id = id("contribution", i);
    c.set_name(absl::StrCat(case_name, "/contributions/", part_id));
    c.set_text(TextOf(part, payload));
    c.set_author(std::string(actor));
    *c.mutable_create_time() = dossier::ToTimestamp(now);
    out.items.push_back(Make(ItemKind::kContribution, part_id, label++, c));
    out.items.back().item.case_id = case_id;
    out.names.push_back(c.name());
  }
  return out;
}

}  // namespace knooppunt::handover
