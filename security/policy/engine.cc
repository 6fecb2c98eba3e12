#include "security/policy/engine.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/policy/chain.h"
#include "security/policy/closing.h"
#include "security/policy/consent_rules.h"
#include "security/policy/emergency.h"
#include "security/policy/leading.h"
#include "security/policy/reads_alone.h"
#include "security/policy/responsibility.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::PersonFact;
using access::v1::Seat;
using access::v1::TokenClaims;
using common::v1::Label;

constexpr int kYouthReadsFromAge = 12;
constexpr absl::string_view kReadResponsibility = "responsibility.read";

template <typename List, typename T>
bool Has(const List& list, const T& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

void AddOnce(std::vector<std::string>* list, const std::string& x) {
  if (!Has(*list, x)) list->push_back(x);
}

// The seat itself, or a deputy's that stands in its place for a while (R39).
bool ActsAs(const Seat& seat, absl::string_view place) {
  return !place.empty() && (seat.id() == place || seat.deputises() == place);
}

// R29: made one at acceptance (services/handover/moving.cc), until its end.
bool GraceOfHandover(const Seat& seat) {
  return seat.role() == access::v1::SEAT_ROLE_AD_HOC && seat.end_reason() == "handover";
}

// One decision under way: what was found so far, and the links of the chain.
class Decider {
 public:
  Decider(const Table& table, const World& world, const Question& q)
      : table_(table), world_(world), q_(q), today_(base::DateOf(q.now)) {
    if (world_.facts != nullptr && !q_.new_family) {
      case_ = q_.case_id.empty() && world_.facts->cases_size() > 0
                  ? &world_.facts->cases(world_.facts->cases_size() - 1)
                  : FindCase(*world_.facts, q_.case_id);
    }
  }

  Outcome Run() {
    const TokenClaims& claims = *q_.claims;
    const v1::PermissionRow* permission = table_.FindPermission(q_.permission);
    if (permission == nullptr) return Refuse("unknown-permission");
    CollectConsents();
    Outcome out = claims.organisation().empty() ? Family(*permission) : Staff(*permission);
    if (q_.want_chain) {
      CompleteChain(table_, world_, q_,
                    {.case_fact = case_, .seat = seat_, .once = once_, .person = me_}, &out);
    }
    return out;
  }

 private:
  Outcome Refuse(absl::string_view why) {
    out_.allowed = false;
    out_.rule = std::string(why);
    out_.scopes.clear();
    out_.labels.clear();
    out_.bases.clear();
    return std::move(out_);
  }

  // A link that decides. `code` is a word of explanation.cc, which has the sentences; for a
  // refusal it is the word of the refusal.
  void Link(absl::string_view kind, absl::string_view code, absl::string_view value, bool holds) {
    if (!q_.want_chain) return;
    out_.chain.push_back({.kind = std::string(kind),
                          .code = std::string(code),
                          .value = std::string(value),
                          .holds = holds,
                          .decisive = true});
  }

  void CollectConsents() {
    if (world_.facts == nullptr) return;
    for (const auto& c : world_.facts->consents()) {
      if (ConsentInForce(table_, *world_.facts, c, today_)) {
        consents_.push_back(c.narrowings().empty() ? &c
                                                   : &narrowed_.emplace_back(EffectiveConsent(c)));
        out_.effective_consents.push_back(c.id());
      }
    }
    for (const auto& g : world_.facts->grounds()) {
      if (GroundInForce(table_, g, today_)) grounds_.push_back(&g);
    }
  }

  // ---- Staff --------------------------------------------------------------

  Outcome Staff(const v1::PermissionRow& permission) {
    const TokenClaims& claims = *q_.claims;
    FindSeats();
    FindEmergency();
    FindEscalations();
    out_.explainable = seat_ != nullptr || told_;
    if (permission.two_factor() && !claims.two_factor()) {
      Link("person", "no-second-factor", claims.subject(), false);
      return Refuse("no-second-factor");
    }
    const access::v1::ProfessionalFacts* me = world_.professional(claims.subject());
    if (me == nullptr || !HoldsFunction(*me, claims.organisation(), claims.function(), today_)) {
      Link("function", "no-function", claims.organisation(), false);
      return Refuse("no-function");
    }
    if (OwnFamily(*me)) {
      Link("person", "own-family", claims.subject(), false);
      return Refuse("own-family");
    }
    return StaffRows();
  }

  bool OwnFamily(const access::v1::ProfessionalFacts& me) const {
    if (q_.own_family) return true;
    if (world_.facts == nullptr) return false;
    for (const PersonFact& p : world_.facts->persons()) {
      if (!p.account().empty() && Has(me.own_accounts(), p.account())) return true;
    }
    return false;
  }

  void FindSeats() {
    if (world_.facts == nullptr) return;
    const TokenClaims& claims = *q_.claims;
    for (const CaseFact& c : world_.facts->cases()) {
      for (const Seat& s : c.seats()) {
        if (s.professional() != claims.subject() || s.organisation() != claims.organisation())
          continue;
        // R39: a deputy takes over for a period, not for good; what they are told stays theirs.
        told_ = true;
        once_ = once_ || s.deputises().empty() || SeatStands(world_, c, s, q_.now);
        if (&c == case_ && s.function() == claims.function() && SeatStands(world_, c, s, q_.now) &&
            (seat_ == nullptr || s.state() == access::v1::SEAT_STATE_JOINED)) {
          seat_ = &s;
        }
      }
    }
    if (seat_ != nullptr) out_.seat = seat_->id();
  }

  bool PlaceFits(int place) const {
    if (place == v1::PLACE_NONE) return !q_.about_family || q_.new_family;
    if (case_ == nullptr) return false;
    if (place == v1::PLACE_ONCE) return once_;
    if (place == v1::PLACE_REVIEWER) {
      return std::any_of(world_.facts->grounds().begin(), world_.facts->grounds().end(),
                         [&](const auto& g) { return Reviews(g); });
    }
    if (place == v1::PLACE_ANY) return WithinReach();
    if (place == v1::PLACE_EMERGENCY) return emergency_ != nullptr;
    if (place == v1::PLACE_DECIDER) return !escalations_.empty();
    if (place == v1::PLACE_BY_FUNCTION) return ActsByFunction(Lead(), *q_.claims);
    if (seat_ == nullptr) return false;
    const bool joined = seat_->state() == access::v1::SEAT_STATE_JOINED;
    if (place == v1::PLACE_RESPONSIBLE) return joined && Responsible();
    // R29: who handed the case over answers questions for a while, and sits at the table no more.
    const bool grace = GraceOfHandover(*seat_);
    if (grace || place == v1::PLACE_GRACE) return grace && joined && place == v1::PLACE_GRACE;
    switch (place) {
      case v1::PLACE_SEAT:
        return joined && seat_->role() != access::v1::SEAT_ROLE_RECEIVER;
      case v1::PLACE_INVITED:
        return seat_->state() == access::v1::SEAT_STATE_INVITED;
      case v1::PLACE_REGISSEUR:
        return joined && ActsAs(*seat_, Lead().seat());
      case v1::PLACE_WERKPLAATS:
        return joined && seat_->organisation() == case_->organisation();
      case v1::PLACE_RECEIVER:
        // R27: to a werkplaats that has closed nothing is offered any more.
        return joined && seat_->role() == access::v1::SEAT_ROLE_RECEIVER &&
               !OffersClosed(world_, *case_, q_.claims->organisation(), today_);
      default:
        return false;
    }
  }

  // Who leads the case now (R1), by the consents and grounds that were collected.
  const access::v1::Leader& Lead() const {
    if (lead_.has_value()) return *lead_;
    lead_ = LeaderOf(table_, world_, *case_, q_.now, [this](const std::string& organisation) {
      const auto shares = [&](const auto* b) {
        return b->recipient() == organisation && !b->compartments().empty() &&
               Has(b->purposes(), common::v1::PURPOSE_COORDINATION);
      };
      return organisation == case_->organisation() ||
             std::any_of(consents_.begin(), consents_.end(), shares) ||
             std::any_of(grounds_.begin(), grounds_.end(), shares);
    });
    return *lead_;
  }

  // R18: to who reviews, a family that never had emergency access is like no family.
  bool WithinReach() const {
    return q_.claims->function() != common::v1::FUNCTION_PRIVACY_OFFICER ||
           !world_.facts->emergencies().empty();
  }

  // R16: a seat of the stand-in's organisation, which answers for the youth and knows no more.
  bool Responsible() const {
    return seat_->role() != access::v1::SEAT_ROLE_RECEIVER &&
           ResponsibleOrganisation(table_, world_, *case_, q_.now) == q_.claims->organisation();
  }

  // Purpose and place go together: at the table one works under another purpose (R20).
  void FindEmergency() {
    if (world_.facts == nullptr || q_.purpose != common::v1::PURPOSE_EMERGENCY) return;
    emergency_ = OpenEmergencyOf(*world_.facts, *q_.claims, q_.now);
  }

  // R10: who must decide needs no seat, and gets no more than what was put to them.
  void FindEscalations() {
    if (case_ == nullptr) return;
    for (const access::v1::EscalationFact& e : world_.facts->escalations()) {
      if (e.end_time() != 0 || (!q_.case_id.empty() && e.case_id() != q_.case_id)) continue;
      for (const access::v1::EscalationDecider& d : e.deciders()) {
        if (d.professional() == q_.claims->subject() &&
            d.organisation() == q_.claims->organisation() &&
            d.function() == q_.claims->function()) {
          escalations_.push_back(&e);
        }
      }
    }
  }

  Outcome StaffRows() {
    bool function_fits = false, purpose_fits = false;
    std::vector<const v1::StaffRow*> rows;
    for (const v1::StaffRow* row : table_.StaffRows(q_.permission)) {
      if (!Has(row->functions(), q_.claims->function())) continue;
      function_fits = true;
      if (!Has(row->purposes(), q_.purpose)) continue;
      purpose_fits = true;
      for (int place : row->places()) {
        if (PlaceFits(place)) {
          rows.push_back(row);
          break;
        }
      }
    }
    out_.emergency = purpose_fits && q_.purpose == common::v1::PURPOSE_EMERGENCY;
    if (!rows.empty()) return StaffAllowed(rows);
    if (!function_fits) {
      Link("rule", "no-rule-for-function", q_.permission, false);
      return Refuse("no-rule-for-function");
    }
    if (!purpose_fits) {
      Link("rule", "no-rule-for-purpose", q_.permission, false);
      return Refuse("no-rule-for-purpose");
    }
    Link("seat", "no-seat", out_.seat, false);
    return Refuse("no-seat");
  }

  Outcome StaffAllowed(const std::vector<const v1::StaffRow*>& rows) {
    out_.rule = rows.front()->id();
    if (emergency_ != nullptr) Link("ground", "emergency", emergency_->id(), true);
    const bool receiver = emergency_ == nullptr && seat_ != nullptr &&
                          seat_->role() == access::v1::SEAT_ROLE_RECEIVER;
    for (const v1::StaffRow* row : rows) {
      for (int c : row->compartments()) compartments_.push_back(c);
    }
    bool shared = false;
    if (world_.facts != nullptr && !q_.new_family) {
      shared = SharesAnything();
      for (const access::v1::Scope& s : world_.facts->scopes()) {
        if (receiver && !Offered(s.id())) continue;
        std::string basis =
            Names(rows, v1::PLACE_DECIDER) ? DeciderBasis(s) : StaffBasis(s.label());
        if (basis.empty()) basis = ReviewBasis(rows, s.label());
        if (basis.empty()) basis = ResponsibleBasis(rows, s.label());
        if (!basis.empty()) Open(s.id(), basis);
      }
    }
    if (NeedsSharing(rows) && !shared) {
      Link("consent", "no-sharing", "", false);
      return Refuse("no-sharing");
    }
    for (const Label& label : q_.labels) {
      if (!DemandStaffLabel(label)) {
        Link("consent", "label-not-covered", "", false);
        return Refuse("label-not-covered");
      }
    }
    if (ForResponsible(rows)) {
      out_.responsible_since = ResponsibleSince(table_, world_, *case_, q_.now);
      Link("ground", "responsible", q_.claims->organisation(), true);
    }
    // R23: the record says for whose seat a deputy acted (R39).
    if (emergency_ == nullptr && seat_ != nullptr && !seat_->deputises().empty()) {
      AddOnce(&out_.bases, absl::StrCat("deputises/", seat_->deputises()));
    }
    out_.allowed = true;
    Link("rule", "allowed", out_.rule, true);
    return std::move(out_);
  }

  bool NeedsSharing(const std::vector<const v1::StaffRow*>& rows) const {
    for (const v1::StaffRow* row : rows) {
      const bool exempt = row->sharing_exempts_werkplaats() && case_ != nullptr &&
                          seat_ != nullptr && seat_->organisation() == case_->organisation();
      if (!row->needs_sharing() || exempt) return false;
    }
    return true;
  }

  // A consent or ground for this organisation and purpose that covers something allowed here.
  bool SharesAnything() const {
    const auto reaches = [&](const auto& basis) {
      if (basis.recipient() != q_.claims->organisation() || !Has(basis.purposes(), q_.purpose))
        return false;
      for (int c : basis.compartments()) {
        if (Has(compartments_, c)) return true;
      }
      return false;
    };
    return std::any_of(consents_.begin(), consents_.end(),
                       [&](const auto* c) { return reaches(*c); }) ||
           std::any_of(grounds_.begin(), grounds_.end(),
                       [&](const auto* g) { return reaches(*g); });
  }

  bool Offered(const std::string& scope) const {
    for (const access::v1::HandoverFact& h : world_.facts->handovers()) {
      if (h.offered() && h.receiver() == q_.claims->organisation() && Has(h.scopes(), scope) &&
          !WerkplaatsClosed(world_, h.to_werkplaats(), today_)) {
        return true;
      }
    }
    return false;
  }

  // Which row, consent or ground opens `label` to the caller's organisation; "" for none.
  std::string StaffBasis(const Label& label) const {
    if (!Has(compartments_, static_cast<int>(label.compartment()))) return "";
    if (q_.purpose == common::v1::PURPOSE_EMERGENCY) {
      return emergency_ != nullptr && Has(emergency_->compartments(), label.compartment())
                 ? absl::StrCat("emergencies/", emergency_->id())
                 : "";
    }
    if (label.controller() == q_.claims->organisation()) {
      std::string own = OwnGround(label);
      if (!own.empty()) return own;
    }
    if (q_.purpose == common::v1::PURPOSE_OWN_RECORD) return "";
    return SharingBasis(label);
  }

  // R10: what the escalation names, and what consent or another ground opens anyway. Not the own
  // record of the organisation: it is not for that that its alderman or director is asked.
  std::string DeciderBasis(const access::v1::Scope& scope) const {
    for (const access::v1::EscalationFact* e : escalations_) {
      if (Has(e->scopes(), scope.id())) return absl::StrCat("escalations/", e->id());
    }
    return Has(compartments_, static_cast<int>(scope.label().compartment()))
               ? SharingBasis(scope.label())
               : "";
  }

  std::string OwnGround(const Label& label) const {
    const auto kind = world_.kind_of(q_.claims->organisation());
    for (const v1::OwnGroundRow& row : table_.document().own_grounds()) {
      if (Has(row.kinds(), kind) && Has(row.compartments(), label.compartment()) &&
          Has(row.regimes(), label.regime())) {
        return absl::StrCat("own-ground:", row.id());
      }
    }
    return "";
  }

  std::string SharingBasis(const Label& label) const {
    const auto covers = [&](const auto& b) {
      return b.recipient() == q_.claims->organisation() && Has(b.purposes(), q_.purpose) &&
             Has(b.compartments(), label.compartment()) && AboutCovers(b.about(), label.about());
    };
    for (const auto* c : consents_) {
      if (covers(*c)) return absl::StrCat("consents/", c->id());
    }
    for (const auto* g : grounds_) {
      if (covers(*g) && WorkedFor(g->invoked_by(), label.controller()))
        return absl::StrCat("grounds/", g->id());
    }
    return "";
  }

  // R15: a ground shares what the organisation of who invoked it recorded. What others recorded is
  // for them to share: secrecy is theirs to lift.
  bool WorkedFor(const std::string& professional, const std::string& organisation) const {
    const access::v1::ProfessionalFacts* p = world_.professional(professional);
    return p != nullptr && std::any_of(p->functions().begin(), p->functions().end(),
                                       [&](const access::v1::FunctionTerm& t) {
                                         return t.organisation() == organisation;
                                       });
  }

  bool Reviews(const access::v1::GroundFact& ground) const {
    return AwaitsReview(ground) && ground.reviewer() == q_.claims->subject();
  }

  static bool Names(const std::vector<const v1::StaffRow*>& rows, v1::Place place) {
    return std::any_of(rows.begin(), rows.end(), [&](const v1::StaffRow* row) {
      return Has(row->places(), static_cast<int>(place));
    });
  }
  bool ForResponsible(const std::vector<const v1::StaffRow*>& rows) const {
    return Names(rows, v1::PLACE_RESPONSIBLE) ||
           (q_.permission == kReadResponsibility && Names(rows, v1::PLACE_BY_FUNCTION));
  }

  // R16: who, and how to reach the youth: what is about a child of the case alone, in the pupil's
  // file, where names are kept, or with the family. The handler opens those two kinds and nothing
  // else that lies there.
  std::string ResponsibleBasis(const std::vector<const v1::StaffRow*>& rows,
                               const Label& label) const {
    const bool of_a_child = (label.compartment() == common::v1::COMPARTMENT_EDUCATION ||
                             label.compartment() == common::v1::COMPARTMENT_FAMILY) &&
                            !label.about().family() && label.about().persons_size() == 1 &&
                            Has(case_->children(), label.about().persons(0));
    return of_a_child && ForResponsible(rows) ? absl::StrCat("responsible/", case_->id()) : "";
  }

  // Who must review a ground reads its reason, and nothing else of the family (R15): what is
  // about the same persons, in SAFETY or of their own organisation.
  std::string ReviewBasis(const std::vector<const v1::StaffRow*>& rows, const Label& label) const {
    if (!Names(rows, v1::PLACE_REVIEWER)) return "";
    if (label.compartment() != common::v1::COMPARTMENT_SAFETY &&
        label.controller() != q_.claims->organisation()) {
      return "";
    }
    for (const access::v1::GroundFact& g : world_.facts->grounds()) {
      if (Reviews(g) && AboutCovers(g.about(), label.about()) &&
          AboutCovers(label.about(), g.about()) && WorkedFor(g.invoked_by(), label.controller())) {
        return absl::StrCat("review/", g.id());
      }
    }
    return "";
  }

  bool DemandStaffLabel(Label label) {
    if (label.controller().empty()) label.set_controller(q_.claims->organisation());
    if (label.controller() != q_.claims->organisation() || !AboutKnown(label)) return false;
    const std::string basis = StaffBasis(label);
    if (basis.empty()) return false;
    RememberBasis(basis);
    out_.labels.push_back(std::move(label));
    return true;
  }

  // ---- Family -------------------------------------------------------------

  Outcome Family(const v1::PermissionRow& permission) {
    const TokenClaims& claims = *q_.claims;
    if (world_.facts != nullptr) {
      for (const PersonFact& p : world_.facts->persons()) {
        if (!p.account().empty() && p.account() == claims.subject()) me_ = &p;
      }
    }
    if (me_ == nullptr && q_.about_family) return Refuse("not-of-this-family");
    if (me_ != nullptr) {
      out_.person = me_->id();
      out_.explainable = true;
    }
    if (permission.substantial() && claims.assurance() < access::v1::ASSURANCE_SUBSTANTIAL) {
      Link("person", "low-assurance", out_.person, false);
      return Refuse("low-assurance");
    }
    std::vector<const v1::FamilyRow*> rows;
    for (const v1::FamilyRow* row : table_.FamilyRows(q_.permission)) {
      if (me_ != nullptr && !row->roles().empty() && !Has(row->roles(), me_->role())) continue;
      if (!OfAge(*row) || (row->regisseur() && !IsRegisseur())) continue;
      if (Has(row->purposes(), q_.purpose)) rows.push_back(row);
    }
    if (rows.empty()) {
      Link("rule", "no-rule-for-family", q_.permission, false);
      return Refuse("no-rule-for-family");
    }
    if (q_.about_family && !HasSay()) {
      Link("person", "no-gezag", out_.person, false);
      return Refuse("no-gezag");
    }
    return FamilyAllowed(rows);
  }

  // R2: a family member who is regisseur now does what a regisseur does.
  bool IsRegisseur() const {
    if (me_ == nullptr || case_ == nullptr) return false;
    const std::string& regisseur = Lead().seat();
    return std::any_of(case_->seats().begin(), case_->seats().end(), [&](const Seat& s) {
      return s.person() == me_->id() && s.id() == regisseur && SeatActive(s, q_.now);
    });
  }

  // R16: some acts wait for an age, and are for whom the case is about alone.
  bool OfAge(const v1::FamilyRow& row) const {
    if (row.min_age() > 0 && (me_ == nullptr || AgeOf(*me_, today_) < row.min_age())) return false;
    return !row.about_alone() || (me_ != nullptr && case_ != nullptr &&
                                  case_->children_size() == 1 && case_->children(0) == me_->id());
  }

  // Holds gezag over a child of the case, or is that child and old enough.
  bool HasSay() const {
    if (case_ == nullptr) return false;
    for (const std::string& child : case_->children()) {
      if (me_->id() == child) return AgeOf(*me_, today_) >= kYouthReadsFromAge;
      if (HoldsGezag(*world_.facts, me_->id(), child, today_)) return true;
    }
    return false;
  }

  Outcome FamilyAllowed(const std::vector<const v1::FamilyRow*>& rows) {
    out_.rule = rows.front()->id();
    for (const v1::FamilyRow* row : rows) {
      for (int c : row->compartments()) compartments_.push_back(c);
    }
    if (case_ != nullptr) {
      for (const Seat& s : case_->seats()) {
        if (s.person() == me_->id() && SeatActive(s, q_.now)) out_.seat = s.id();
      }
    }
    if (world_.facts != nullptr) {
      for (const access::v1::Scope& s : world_.facts->scopes()) {
        if (FamilySees(s.label())) Open(s.id(), absl::StrCat("family:", me_->id()));
      }
    }
    for (const Label& asked : q_.labels) {
      Label label = asked;
      if (label.controller().empty() && case_ != nullptr)
        label.set_controller(case_->organisation());
      if (case_ == nullptr || label.controller() != case_->organisation() || !AboutKnown(label) ||
          !FamilySees(label)) {
        Link("person", "family-label-not-covered", out_.person, false);
        return Refuse("label-not-covered");
      }
      out_.labels.push_back(std::move(label));
    }
    out_.allowed = true;
    Link("rule", "allowed", out_.rule, true);
    return std::move(out_);
  }

  // The family is not one subject (R18): each sees what is about themselves, about a child
  // under their gezag until the youth reads alone, and about the family as such.
  bool FamilySees(const Label& label) const {
    if (!Has(compartments_, static_cast<int>(label.compartment()))) return false;
    for (const std::string& id : label.about().persons()) {
      if (id == me_->id()) {
        if (me_->role() == access::v1::FAMILY_ROLE_CHILD &&
            AgeOf(*me_, today_) < kYouthReadsFromAge) {
          return false;
        }
        continue;
      }
      const PersonFact* other = FindPerson(*world_.facts, id);
      if (other == nullptr || !HoldsGezag(*world_.facts, me_->id(), id, today_)) return false;
      const int age = AgeOf(*other, today_);
      if (age < 0 || ReadsAlone(table_, label, *other, age)) return false;
    }
    if (!label.about().family()) return !label.about().persons().empty();
    return HasSay();
  }

  // ---- Both ---------------------------------------------------------------

  bool AboutKnown(const Label& label) const {
    if (label.about().persons().empty() && !label.about().family()) return false;
    if (label.compartment() == common::v1::COMPARTMENT_UNSPECIFIED ||
        label.regime() == common::v1::REGIME_UNSPECIFIED) {
      return false;
    }
    const auto& persons = label.about().persons();
    if (!std::is_sorted(persons.begin(), persons.end()) ||
        std::adjacent_find(persons.begin(), persons.end()) != persons.end()) {
      return false;
    }
    if (q_.new_family) return true;
    // A hook names the one that it minted an id for; the caller cannot.
    if (q_.new_person && world_.facts != nullptr && persons.size() == 1 &&
        !label.about().family() && FindPerson(*world_.facts, persons[0]) == nullptr) {
      return true;
    }
    return world_.facts != nullptr &&
           std::all_of(persons.begin(), persons.end(), [&](const std::string& p) {
             return FindPerson(*world_.facts, p) != nullptr;
           });
  }

  void Open(const std::string& scope, const std::string& basis) {
    out_.scopes.push_back({scope, basis});
    RememberBasis(basis);
  }
  void RememberBasis(const std::string& basis) {
    if (absl::StartsWith(basis, "consents/") || absl::StartsWith(basis, "grounds/") ||
        absl::StartsWith(basis, "emergencies/") || absl::StartsWith(basis, "escalations/") ||
        absl::StartsWith(basis, "responsible/")) {
      AddOnce(&out_.bases, basis);
    }
  }

  const Table& table_;
  const World& world_;
  const Question& q_;
  const base::Date today_;
  Outcome out_;
  const CaseFact* case_ = nullptr;
  const Seat* seat_ = nullptr;  // the caller's, invited or joined
  bool once_ = false;           // the caller had a seat for this organisation, now or before
  bool told_ = false;           // the same, deputies whose period is over included
  const access::v1::EmergencyFact* emergency_ = nullptr;  // the caller's open one (R20)
  const PersonFact* me_ = nullptr;
  mutable std::optional<access::v1::Leader> lead_;  // worked out once, when it is asked for
  std::vector<int> compartments_;
  std::vector<const access::v1::ConsentFact*> consents_;  // in force, as far as not withdrawn
  std::deque<access::v1::ConsentFact> narrowed_;          // those of which a part was (R13)
  std::vector<const access::v1::GroundFact*> grounds_;
  std::vector<const access::v1::EscalationFact*> escalations_;  // open, for the caller to decide
};

}  // namespace

Outcome Decide(const Table& table, const World& world, const Question& question) {
  return Decider(table, world, question).Run();
}

bool HoldsFunction(const access::v1::ProfessionalFacts& p, absl::string_view organisation,
                   common::v1::Function function, base::Date on) {
  for (const access::v1::FunctionTerm& t : p.functions()) {
    if (t.organisation() == organisation && t.function() == function &&
        InPeriod(t.start_date(), t.end_date(), on)) {
      return true;
    }
  }
  return false;
}

bool SeatActive(const Seat& seat, absl::Time now) {
  const int64_t t = absl::ToUnixSeconds(now);
  return (seat.state() == access::v1::SEAT_STATE_JOINED ||
          seat.state() == access::v1::SEAT_STATE_INVITED) &&
         seat.start_time() <= t && (seat.end_time() == 0 || t < seat.end_time());
}

const CaseFact* FindCase(const FamilyFacts& facts, absl::string_view id) {
  for (const CaseFact& c : facts.cases()) {
    if (c.id() == id) return &c;
  }
  return nullptr;
}

bool SeatStands(const World& world, const CaseFact& c, const Seat& seat, absl::Time now) {
  if (!SeatActive(seat, now)) return false;
  if (seat.deputises().empty()) return true;
  for (const Seat& s : c.seats()) {
    if (s.id() != seat.deputises()) continue;
    if (!SeatActive(s, now) || s.state() != access::v1::SEAT_STATE_JOINED ||
        !s.deputises().empty() || s.organisation() != seat.organisation() ||
        s.function() != seat.function()) {
      return false;
    }
    const access::v1::ProfessionalFacts* p = world.professional(s.professional());
    return p != nullptr && HoldsFunction(*p, s.organisation(), s.function(), base::DateOf(now));
  }
  return false;
}

std::string ScopeId(absl::string_view family, const Label& label) {
  std::string persons;
  for (const std::string& p : label.about().persons()) persons += crypto::JoinLengthPrefixed({p});
  const std::string joined = crypto::JoinLengthPrefixed(
      {"scope-v1", family, persons, label.about().family() ? "1" : "0",
       absl::StrCat(label.compartment()), absl::StrCat(label.regime()), label.controller()});
  return crypto::HexEncode(crypto::Sha256(joined).substr(0, 16));
}

}  // namespace knooppunt::policy
