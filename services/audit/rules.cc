#include "services/audit/rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/audit/merkle.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {
namespace {

using audit::v1::RecordAbout;
using audit::v1::RecordWho;
using storage::OutboxKind;

constexpr absl::string_view kAuditService = "/knooppunt.audit.v1.AuditService/";
constexpr absl::string_view kGroundBasis = "grounds/";
constexpr absl::string_view kConsentBasis = "consents/";
constexpr absl::string_view kConsentService = "/knooppunt.consent.v1.ConsentService/";

bool IsKind(int kind) {
  return kind == static_cast<int>(OutboxKind::kFacts) ||
         kind == static_cast<int>(OutboxKind::kAudit) ||
         kind == static_cast<int>(OutboxKind::kStream);
}

absl::Status CheckEntry(const AppendEntry& entry) {
  if (entry.seq() < 1) return errors::InvalidField("entries.seq", "is 1 or more");
  if (!IsKind(entry.kind())) return errors::InvalidField("entries.kind", "is 1, 2 or 3");
  if (entry.chain().size() != audit::kHashBytes) {
    return errors::InvalidField("entries.chain", "is 32 bytes");
  }
  const bool is_record = entry.kind() == static_cast<int>(OutboxKind::kAudit);
  if (!is_record && (!entry.payload().empty() || !entry.tag().empty())) {
    return errors::InvalidField("entries.payload", "and tag stand on audit records only");
  }
  if (!entry.tag().empty() && !base::IsResourceId(entry.tag())) {
    return errors::InvalidField("entries.tag", "is empty or a pseudonym");
  }
  return absl::OkStatus();
}

ActorKind ActorOf(const Reader& reader, const RecordWho& who) {
  if (!who.person().empty()) {
    return who.person() == reader.person ? ActorKind::kReader : ActorKind::kFamilyMember;
  }
  if (!who.organisation().empty()) return ActorKind::kStaff;
  return absl::StartsWith(who.actor(), "accounts/") ? ActorKind::kOutsider : ActorKind::kSystem;
}

// "families/f-1/cases/c-2" -> "subjects/<pseudonym>/cases/c-2".
std::string Pseudonymised(const std::string& resource, const std::string& subject) {
  const auto name = base::ResourceName::Parse(resource);
  if (!name.ok() || name->Id("families").empty()) return resource;
  const size_t rest = resource.find('/', resource.find('/') + 1);
  return absl::StrCat("subjects/", subject, rest == std::string::npos ? "" : resource.substr(rest));
}

bool TouchedSafety(const RecordAbout& about) {
  return std::any_of(about.compartments().begin(), about.compartments().end(),
                     [](int c) { return c == common::v1::COMPARTMENT_SAFETY; });
}

// Emergency access, and the officer's looking after it: the one shows the other.
bool IsEmergency(const RecordWho& who) {
  return who.emergency() || (absl::StartsWith(who.method(), kConsentService) &&
                             absl::EndsWith(who.method(), "Emergency"));
}

// R15, R18: whether a record would tell the family of a ground that it was not told of. An attempt
// that came to nothing, or was repeated, does not say which ground it was about.
bool TellsOfHiddenGround(const Reader& reader, const RecordWho& who, const RecordAbout& about) {
  const bool acts_on_one =
      absl::StartsWith(who.method(), kConsentService) &&
      (absl::EndsWith(who.method(), "Ground") || absl::EndsWith(who.method(), "/TellFamily"));
  const auto name = base::ResourceName::Parse(about.resource());
  const auto ground = name.ok() ? name->Id("grounds") : "";
  if (acts_on_one && (who.outcome() != "OK" || (ground.empty() && about.compartments().empty())))
    return true;
  if (reader.hidden_grounds.contains(ground)) return true;
  return std::any_of(about.bases().begin(), about.bases().end(), [&](const std::string& basis) {
    return absl::StartsWith(basis, kGroundBasis) &&
           reader.hidden_grounds.contains(absl::StripPrefix(basis, kGroundBasis));
  });
}

// R18: leaves out the compartments in which what is about somebody touched is theirs alone; false
// when nothing else was touched. A record does not say what in it was about whom, so a compartment
// goes for everybody whom the record is about.
bool TrimReadAlone(const Reader& reader, RecordAbout* about) {
  auto* compartments = about->mutable_compartments();
  const int before = compartments->size();
  const auto& persons = about->about().persons();
  compartments->erase(std::remove_if(compartments->begin(), compartments->end(),
                                     [&](int c) {
                                       return std::any_of(
                                           persons.begin(), persons.end(),
                                           [&](const std::string& person) {
                                             return reader.read_alone.contains({person, c});
                                           });
                                     }),
                      compartments->end());
  return before == 0 || !compartments->empty();
}

// "consents/{id}" -> "consents": what kind it was, without its name.
void DropName(std::string* basis) { *basis = basis->substr(0, basis->find_first_of(":/")); }

// R18: a consent or ground that is somebody else's to see is not there, nor that there is one.
void DropHiddenBases(const Reader& reader, RecordAbout* about) {
  const auto hidden = [&](absl::string_view basis) {
    return (absl::ConsumePrefix(&basis, kConsentBasis) ||
            absl::ConsumePrefix(&basis, kGroundBasis)) &&
           !reader.visible_bases.contains(basis);
  };
  auto* bases = about->mutable_bases();
  bases->erase(std::remove_if(bases->begin(), bases->end(), hidden), bases->end());
}

bool NamesVisiblePerson(const Reader& reader, const RecordAbout& about) {
  const auto name = base::ResourceName::Parse(about.resource());
  return name.ok() && reader.visible_persons.contains(name->Id("persons"));
}

// R18: of what another member of the family did, a reader sees what touched something of theirs.
// Their own lists, questions and requests are nobody else's.
bool IsAnothersOwn(const Reader& reader, const RecordWho& who, const RecordAbout& about,
                   ActorKind actor) {
  return actor == ActorKind::kFamilyMember && !reader.visible_persons.contains(who.person()) &&
         about.about().persons().empty() && !about.about().family() &&
         !NamesVisiblePerson(reader, about);
}

// R25: what a privacy officer did with a question is for who asked it, and for nobody else.
bool IsOfAnothersQuestion(const Reader& reader, const RecordWho& who, const RecordAbout& about) {
  if (!absl::StartsWith(who.method(), kAuditService) ||
      !(absl::EndsWith(who.method(), "Questions") || absl::EndsWith(who.method(), "Question"))) {
    return false;
  }
  const auto& persons = about.about().persons();
  return std::find(persons.begin(), persons.end(), reader.person) == persons.end();
}

// Leaves out the persons whom `reader` may not see; false when nothing is left for them.
bool TrimToVisible(const Reader& reader, RecordAbout* about) {
  // A resource that names a person is about that person, whatever was touched.
  const auto name = base::ResourceName::Parse(about->resource());
  if (name.ok() && !name->Id("persons").empty() &&
      !reader.visible_persons.contains(name->Id("persons"))) {
    return false;
  }
  auto* persons = about->mutable_about()->mutable_persons();
  const int before = persons->size();
  persons->erase(
      std::remove_if(persons->begin(), persons->end(),
                     [&](const std::string& p) { return !reader.visible_persons.contains(p); }),
      persons->end());
  if (persons->size() == before) return true;
  if (persons->empty()) return false;
  // Which of these it was cannot be told apart any more: its kind stays, its name goes.
  for (std::string& basis : *about->mutable_bases()) DropName(&basis);
  return true;
}

// Whether a resource name goes deeper than a family or its case: to a consent, a step, a meeting.
bool NamesAnItem(const base::ResourceName& name) {
  const std::string& collection = name.parts().back().first;
  return collection != "families" && collection != "cases";
}

// R18: such a name tells that there is one. It stays where all that was touched is the reader's to
// see; else the case or the family is named.
void TrimResource(ActorKind actor, bool all_visible, RecordAbout* about) {
  const auto name = base::ResourceName::Parse(about->resource());
  if (!name.ok() || !NamesAnItem(*name) || actor == ActorKind::kReader) return;
  const bool touched = !about->about().persons().empty() || about->about().family();
  if (touched && all_visible) return;
  std::string upper = absl::StrCat("families/", name->Id("families"));
  if (!name->Id("cases").empty()) absl::StrAppend(&upper, "/cases/", name->Id("cases"));
  about->set_resource(std::move(upper));
}

}  // namespace

absl::Status CheckAppend(const audit::v1::AppendRequest& request) {
  if (!base::IsResourceId(request.unit())) return errors::InvalidField("unit", "is required");
  if (!base::IsResourceId(request.incarnation())) {
    return errors::InvalidField("incarnation", "is required");
  }
  if (request.entries_size() > kMaxEntriesPerAppend) return errors::TooManyEntries();
  for (int i = 0; i < request.entries_size(); ++i) {
    KP_RETURN_IF_ERROR(CheckEntry(request.entries(i)));
    if (i > 0 && request.entries(i).seq() != request.entries(i - 1).seq() + 1) {
      return errors::Gap();
    }
  }
  return absl::OkStatus();
}

storage::OutboxEntry ToOutboxEntry(const AppendEntry& entry) {
  return {.seq = entry.seq(),
          .kind = static_cast<OutboxKind>(entry.kind()),
          .body = entry.body(),
          .payload = entry.payload(),
          .tag = entry.tag(),
          .chain = entry.chain()};
}

absl::Status CheckFollows(const storage::OutboxEntry& entry, int64_t position,
                          absl::string_view chain) {
  if (entry.seq != position + 1) return errors::Gap();
  if (storage::ChainNext(chain, entry.seq, entry.kind, entry.body) != entry.chain) {
    return errors::ChainBroken();
  }
  return absl::OkStatus();
}

std::optional<RecordView> ViewFor(const Reader& reader, RecordWho who, RecordAbout about) {
  const ActorKind actor = ActorOf(reader, who);
  if (reader.auditor) {
    about.set_resource(Pseudonymised(about.resource(), reader.subject));
    return RecordView{std::move(who), std::move(about), actor};
  }
  const bool of_another = actor == ActorKind::kFamilyMember || actor == ActorKind::kOutsider;
  if (of_another && absl::StartsWith(who.method(), kAuditService)) return std::nullopt;
  if (actor == ActorKind::kStaff && IsOfAnothersQuestion(reader, who, about)) return std::nullopt;
  if (IsEmergency(who) && who.time_ms() >= reader.emergencies_shown_before_ms) return std::nullopt;
  if (TellsOfHiddenGround(reader, who, about)) return std::nullopt;
  if (IsAnothersOwn(reader, who, about, actor)) return std::nullopt;
  DropHiddenBases(reader, &about);
  const int touched = about.about().persons_size();
  const int compartments = about.compartments_size();
  if (TouchedSafety(about) || !TrimReadAlone(reader, &about) || !TrimToVisible(reader, &about)) {
    return std::nullopt;
  }
  const bool all_visible =
      about.about().persons_size() == touched && about.compartments_size() == compartments;
  TrimResource(actor, all_visible, &about);
  if (of_another && !reader.visible_persons.contains(who.person())) {
    who.clear_actor();
    who.clear_person();
  }
  return RecordView{std::move(who), std::move(about), actor};
}

}  // namespace knooppunt::audit_service
