#include "services/casework/view.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using dossier::Item;
using dossier::ItemKind;
using Persons = absl::flat_hash_set<std::string>;

template <typename M>
absl::StatusOr<M> Parse(const Item& item) {
  M m;
  if (!m.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  return m;
}

template <typename M>
absl::StatusOr<M> ParseLabelled(const Item& item) {
  KP_ASSIGN_OR_RETURN(M m, Parse<M>(item));
  *m.mutable_label() = item.label;
  return m;
}

void AddOutcome(absl::string_view line, std::string* outcome) {
  if (line.empty()) return;
  absl::StrAppend(outcome, outcome->empty() ? "" : "\n", line);
}

absl::Status AddItem(const Item& item, v1::Case* out) {
  switch (item.kind) {
    case ItemKind::kPerson: {
      KP_ASSIGN_OR_RETURN(*out->add_persons(), ParseLabelled<v1::Person>(item));
      break;
    }
    case ItemKind::kOpening: {
      KP_ASSIGN_OR_RETURN(const v1::Case opening, Parse<v1::Case>(item));
      out->set_level(opening.level());
      out->set_reason(opening.reason());
      break;
    }
    case ItemKind::kGoal: {
      KP_ASSIGN_OR_RETURN(*out->add_goals(), ParseLabelled<v1::Goal>(item));
      break;
    }
    case ItemKind::kStep: {
      KP_ASSIGN_OR_RETURN(*out->add_steps(), ParseStep(item));
      break;
    }
    case ItemKind::kMeeting: {
      KP_ASSIGN_OR_RETURN(*out->add_meetings(), ParseMeeting(item));
      break;
    }
    case ItemKind::kContribution: {
      KP_ASSIGN_OR_RETURN(*out->add_contributions(), ParseContribution(item));
      break;
    }
    case ItemKind::kClosing: {
      // The outcome of a closing, or the reason of a reopening: both stay, in order.
      KP_ASSIGN_OR_RETURN(const v1::Case closing, Parse<v1::Case>(item));
      AddOutcome(closing.outcome(), out->mutable_outcome());
      AddOutcome(closing.reason().empty() ? "" : absl::StrCat("Heropend: ", closing.reason()),
                 out->mutable_outcome());
      break;
    }
    case ItemKind::kConsentWording:
    case ItemKind::kHandover:
      break;  // other services show these
  }
  return absl::OkStatus();
}

Persons VisiblePersons(const v1::Case& view) {
  Persons out;
  for (const v1::Person& p : view.persons()) {
    const auto name = base::ResourceName::Parse(p.name());
    if (name.ok()) out.insert(std::string(name->last_id()));
  }
  return out;
}

// What the facts say about persons, for those whose own item was opened.
void AddFactsAbout(const Persons& visible, const FamilyFacts& facts, const CaseFact& c,
                   absl::Time now, v1::Case* out) {
  for (v1::Person& p : *out->mutable_persons()) {
    const auto name = base::ResourceName::Parse(p.name());
    if (!name.ok()) continue;
    for (const std::string& child :
         dossier::ChildrenUnderGezagOf(facts, name->last_id(), base::DateOf(now))) {
      if (visible.contains(child)) p.add_gezag_over(child);
    }
  }
  for (const std::string& child : c.children()) {
    if (visible.contains(child)) out->add_children(child);
  }
  for (const access::v1::Seat& seat : c.seats()) {
    if (seat.person().empty() || visible.contains(seat.person())) {
      *out->add_participants() = ParticipantView(seat);
    }
  }
}

}  // namespace

std::string CaseName(absl::string_view family, absl::string_view case_id) {
  return absl::StrCat("families/", family, "/cases/", case_id);
}

v1::Case BasicView(const FamilyFacts& facts, const CaseFact& c, absl::Time now) {
  v1::Case out;
  out.set_name(CaseName(facts.id(), c.id()));
  out.set_state(c.state());
  out.set_werkplaats(c.werkplaats());
  *out.mutable_open_time() = dossier::ToTimestamp(c.open_time());
  const dossier::Leader leader = dossier::LeaderAt(c, now);
  if (!leader.seat.empty()) {
    out.mutable_regisseur()->set_seat(leader.seat);
    out.mutable_regisseur()->set_stand_in_seat(leader.stand_in_seat);
    *out.mutable_regisseur()->mutable_start_time() = dossier::ToTimestamp(leader.start_time);
  }
  return out;
}

absl::StatusOr<v1::Case> FullView(const FamilyFacts& facts, const CaseFact& c,
                                  const std::vector<Item>& items, absl::Time now) {
  v1::Case out = BasicView(facts, c, now);
  for (const Item& item : items) KP_RETURN_IF_ERROR(AddItem(item, &out));
  AddFactsAbout(VisiblePersons(out), facts, c, now, &out);
  return out;
}

v1::Participant ParticipantView(const access::v1::Seat& seat) {
  v1::Participant out;
  out.set_seat(seat.id());
  out.set_professional(seat.professional());
  out.set_person(seat.person());
  out.set_organisation(seat.organisation());
  out.set_function(seat.function());
  out.set_role(seat.role());
  out.set_state(seat.state());
  out.set_display_name(seat.display_name());
  return out;
}

std::string EtagOf(const v1::Case& view) {
  return crypto::HexEncode(crypto::Sha256(view.SerializeAsString()).substr(0, 16));
}

absl::StatusOr<v1::Step> ParseStep(const Item& item) { return ParseLabelled<v1::Step>(item); }
absl::StatusOr<v1::Meeting> ParseMeeting(const Item& item) {
  return ParseLabelled<v1::Meeting>(item);
}
absl::StatusOr<v1::Contribution> ParseContribution(const Item& item) {
  return ParseLabelled<v1::Contribution>(item);
}

}  // namespace knooppunt::casework
