#include "services/casework/view.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/policy/consent_rules.h"
#include "services/casework/authors.h"
#include "services/casework/errors.h"
#include "services/casework/rules.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/plan/rules.h"

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

// The wish by name, until NameWishes has put its words in.
absl::StatusOr<v1::Goal> GoalInBrief(const Item& item) {
  KP_ASSIGN_OR_RETURN(const plan::v1::Goal goal, ParseLabelled<plan::v1::Goal>(item));
  v1::Goal out;
  out.set_name(goal.name());
  out.set_domain(std::string(plan::DomainInDutch(goal.domain())));
  out.set_text(goal.text());
  out.set_wish(goal.wish());
  *out.mutable_label() = goal.label();
  return out;
}

// R18: the words of a wish stand in its own item, under a label of its own.
absl::Status NameWishes(const std::vector<Item>& items, v1::Case* out) {
  absl::flat_hash_map<std::string, std::string> words;
  for (const Item& item : items) {
    if (item.kind != ItemKind::kWish) continue;
    KP_ASSIGN_OR_RETURN(plan::v1::Wish wish, Parse<plan::v1::Wish>(item));
    words[wish.name()] = std::move(*wish.mutable_text());
  }
  for (v1::Goal& goal : *out->mutable_goals()) {
    const auto found = words.find(goal.wish());
    goal.set_wish(found == words.end() ? "" : found->second);
  }
  return absl::OkStatus();
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
    case ItemKind::kFamilyReason: {
      KP_ASSIGN_OR_RETURN(const v1::Case words, Parse<v1::Case>(item));
      out->set_family_reason(words.family_reason());
      break;
    }
    case ItemKind::kGoal: {
      KP_ASSIGN_OR_RETURN(*out->add_goals(), GoalInBrief(item));
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
    case ItemKind::kOutOfSchool: {
      KP_ASSIGN_OR_RETURN(*out->add_absences(), ParseOutOfSchool(item));
      break;
    }
    case ItemKind::kEscalation: {
      KP_ASSIGN_OR_RETURN(*out->add_escalations(), ParseEscalation(item));
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
      out->set_close_kind(closing.close_kind());  // a reopening states none
      AddOutcome(closing.reason().empty() ? "" : absl::StrCat("Heropend: ", closing.reason()),
                 out->mutable_outcome());
      break;
    }
    case ItemKind::kConsentWording:
    case ItemKind::kSignatureRecord:
    case ItemKind::kGround:
    case ItemKind::kHandover:
    case ItemKind::kWish:
    case ItemKind::kAsset:
    case ItemKind::kArrangement:
    case ItemKind::kPlanVersion:
    case ItemKind::kPersonRevision:
    case ItemKind::kContact:
    case ItemKind::kHousehold:
    case ItemKind::kAddress:
    case ItemKind::kGezagBasis:
    case ItemKind::kRequest:
    case ItemKind::kAgendaItem:
    case ItemKind::kDocument:
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

// R18: a meeting names the steps that it agreed and a step what it comes from, each under a label
// of its own. A name stays where what it names is in the view.
void DropUnseenNames(v1::Case* out) {
  absl::flat_hash_set<std::string> seen;
  for (const v1::Step& s : out->steps()) seen.insert(s.name());
  for (const v1::Meeting& m : out->meetings()) seen.insert(m.name());
  for (const v1::Escalation& e : out->escalations()) seen.insert(e.name());
  for (v1::Step& s : *out->mutable_steps()) {
    if (!seen.contains(s.origin())) s.clear_origin();
    if (!seen.contains(s.escalation())) s.clear_escalation();
    for (v1::CarryOver& over : *s.mutable_carry_overs()) {
      if (!seen.contains(over.meeting())) over.clear_meeting();
    }
  }
  for (v1::Escalation& e : *out->mutable_escalations()) {
    if (!seen.contains(e.step())) e.clear_step();
  }
  for (v1::Meeting& m : *out->mutable_meetings()) {
    auto* steps = m.mutable_steps();
    steps->erase(std::remove_if(steps->begin(), steps->end(),
                                [&](const std::string& s) { return !seen.contains(s); }),
                 steps->end());
  }
}

// What the facts say about persons, for those whose own item was opened.
void AddFactsAbout(const Persons& visible, const FamilyFacts& facts, const CaseFact& c,
                   const Table& table, absl::Time now, v1::Case* out) {
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
      *out->add_participants() = ParticipantView(c, seat, table, now);
    }
  }
}

bool HoldsFunction(const access::v1::Seat& seat, const Table& table, absl::Time now) {
  const auto known = table.people.find(seat.professional());
  return known == table.people.end() ||
         dossier::FunctionAt(known->second, seat.organisation(), seat.function(),
                             base::DateOf(now)) != common::v1::FUNCTION_UNSPECIFIED;
}

// As the decision had it; else as the family's own facts have it.
v1::Regisseur ActingRegisseur(const CaseFact& c, const Table& table, absl::Time now) {
  v1::Regisseur out;
  int64_t since = 0;
  if (table.leader.kind() != access::v1::LEAD_KIND_UNSPECIFIED &&
      table.leader.case_id() == c.id()) {
    out.set_seat(table.leader.seat());
    out.set_stand_in_seat(table.leader.stand_in_seat());
    out.set_organisation(table.leader.organisation());
    out.set_acting(table.leader.acting());
    since = table.leader.start_time();
  } else {
    const dossier::Leader leader = dossier::LeaderAt(c, now);
    out.set_seat(leader.seat);
    out.set_stand_in_seat(leader.stand_in_seat);
    since = leader.start_time;
  }
  if (since != 0) *out.mutable_start_time() = dossier::ToTimestamp(since);
  return out;
}

std::string LifeOf(const CaseFact& c) {
  const access::v1::RegisseurTerm* term = c.terms().empty() ? nullptr : &*c.terms().rbegin();
  return crypto::HexEncode(
      crypto::Sha256(
          crypto::JoinLengthPrefixed(
              {"case-life-v1", c.id(), absl::StrCat(static_cast<int>(c.state())), c.werkplaats(),
               c.organisation(), absl::StrCat(c.terms_size()), term == nullptr ? "" : term->seat(),
               term == nullptr ? "" : term->stand_in_seat(),
               absl::StrCat(static_cast<int>(PhaseOf(c))), c.review_date()}))
          .substr(0, 16));
}

}  // namespace

Table TableOf(const policy::AuthorizedCall& call) {
  Table table;
  for (const access::v1::FactEntry& entry : call.decision().references()) {
    if (entry.has_professional()) table.people[entry.professional().name()] = entry.professional();
  }
  table.leader = call.decision().leader();
  return table;
}

bool SeatStands(const CaseFact& c, const access::v1::Seat& seat, const Table& table,
                absl::Time now) {
  if (!dossier::SeatOpen(seat, now)) return false;
  if (!seat.professional().empty() && !HoldsFunction(seat, table, now)) return false;
  if (seat.deputises().empty()) return true;
  const access::v1::Seat* deputised = dossier::FindSeat(c, seat.deputises());
  return deputised != nullptr && dossier::SeatJoined(*deputised, now) &&
         HoldsFunction(*deputised, table, now);
}

std::string CaseName(absl::string_view family, absl::string_view case_id) {
  return absl::StrCat("families/", family, "/cases/", case_id);
}

v1::Case BasicView(const FamilyFacts& facts, const CaseFact& c, const Table& table,
                   absl::Time now) {
  v1::Case out;
  out.set_name(CaseName(facts.id(), c.id()));
  out.set_state(c.state());
  out.set_werkplaats(c.werkplaats());
  *out.mutable_open_time() = dossier::ToTimestamp(c.open_time());
  if (!c.terms().empty() && c.terms().rbegin()->end_time() == 0) {
    *out.mutable_regisseur() = ActingRegisseur(c, table, now);
  }
  return out;
}

v1::Case SteeredView(const FamilyFacts& facts, const CaseFact& c, const Table& table,
                     absl::Time now) {
  v1::Case out = BasicView(facts, c, table, now);
  out.set_phase(PhaseOf(c));
  out.set_review_date(c.review_date());
  return out;
}

absl::StatusOr<v1::Case> FullView(const FamilyFacts& facts, const CaseFact& c,
                                  const std::vector<Item>& items, const Table& table,
                                  absl::Time now) {
  v1::Case out = SteeredView(facts, c, table, now);
  for (const Item& item : items) KP_RETURN_IF_ERROR(AddItem(item, &out));
  KP_RETURN_IF_ERROR(NameWishes(items, &out));
  DropUnseenNames(&out);
  const Persons visible = VisiblePersons(out);
  for (v1::Contribution& contribution : *out.mutable_contributions()) {
    NameAuthor(
        facts, [&](absl::string_view person) { return visible.contains(person); }, &contribution);
  }
  const Authors authors(facts.id(), visible);
  for (v1::OutOfSchool& absence : *out.mutable_absences()) authors.Show(&absence);
  for (v1::Escalation& escalation : *out.mutable_escalations()) authors.Show(&escalation);
  AddFactsAbout(visible, facts, c, table, now, &out);
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
  out.set_deputises(seat.deputises());
  if (seat.end_time() != 0) *out.mutable_end_time() = dossier::ToTimestamp(seat.end_time());
  return out;
}

v1::Participant ParticipantView(const CaseFact& c, const access::v1::Seat& seat, const Table& table,
                                absl::Time now) {
  v1::Participant out = ParticipantView(seat);
  if (!SeatStands(c, seat, table, now)) {
    out.set_state(access::v1::SEAT_STATE_ENDED);
    return out;
  }
  const auto known = table.people.find(seat.professional());
  if (known == table.people.end() || seat.state() != access::v1::SEAT_STATE_JOINED) return out;
  for (const access::v1::Mandate& m : known->second.mandates()) {
    if (m.organisation() == seat.organisation() &&
        policy::InPeriod(m.start_date(), m.end_date(), base::DateOf(now))) {
      *out.add_mandates() = m;
    }
  }
  return out;
}

void NameAuthor(const FamilyFacts& facts, const std::function<bool(absl::string_view)>& sees,
                v1::Contribution* c) {
  const auto author = base::ResourceName::Parse(c->author());
  if (!author.ok() || author->Id("persons").empty()) return;  // a professional
  const auto& persons = facts.persons();
  const auto person =
      std::find_if(persons.begin(), persons.end(),
                   [&](const access::v1::PersonFact& p) { return p.id() == author->last_id(); });
  if (person != persons.end()) c->set_author_role(person->role());
  if (!sees(author->last_id())) c->set_author(absl::StrCat("families/", facts.id()));
}

std::string EtagOf(const CaseFact& c, const v1::Case& view) {
  return absl::StrCat(LifeOf(c), ".",
                      crypto::HexEncode(crypto::Sha256(view.SerializeAsString()).substr(0, 16)));
}

absl::Status CheckLife(absl::string_view stated, const CaseFact& c) {
  const bool same = stated.empty() || stated.substr(0, stated.find('.')) == LifeOf(c);
  return same ? absl::OkStatus() : errors::StaleEtag();
}

absl::StatusOr<v1::Step> ParseStep(const Item& item) { return ParseLabelled<v1::Step>(item); }
absl::StatusOr<v1::Meeting> ParseMeeting(const Item& item) {
  return ParseLabelled<v1::Meeting>(item);
}
absl::StatusOr<v1::OutOfSchool> ParseOutOfSchool(const Item& item) {
  return ParseLabelled<v1::OutOfSchool>(item);
}
absl::StatusOr<v1::Escalation> ParseEscalation(const Item& item) {
  return ParseLabelled<v1::Escalation>(item);
}
absl::StatusOr<v1::Contribution> ParseContribution(const Item& item) {
  return ParseLabelled<v1::Contribution>(item);
}

}  // namespace knooppunt::casework
