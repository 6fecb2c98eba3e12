// What happens in a made-up world, drawn one act at a time.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "security/crypto/hash.h"
#include "security/policy/engine.h"
#include "tests/property/documents.h"
#include "tests/property/escalation_acts.h"
#include "tests/property/family_acts.h"
#include "tests/property/handover_acts.h"
#include "tests/property/meeting_acts.h"
#include "tests/property/plan_acts.h"
#include "tests/property/world.h"

namespace knooppunt::property {

namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";

constexpr common::v1::Compartment kCompartments[] = {
    common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY, common::v1::COMPARTMENT_CARE,
    common::v1::COMPARTMENT_HEALTH, common::v1::COMPARTMENT_SAFETY};

std::string HashOf(const std::string& text) { return crypto::HexEncode(crypto::Sha256(text)); }

}  // namespace

class Acts {
 public:
  Acts(World* world, int family) : w_(*world), f_(w_.families_[family]), family_(family) {}

  // A table to begin with: consents signed, people invited and some of them there.
  void SetTheTable() {
    for (int i = 0; i < 3; ++i) {
      Propose();
      Sign();
      Invite();
      Invite();
    }
    for (const SeatKnown& seat : std::vector<SeatKnown>(f_.seats)) Join(seat.professional);
    Appoint();
  }

  Change One() {
    using Act = Change (Acts::*)();
    // As often as it stands here.
    static constexpr Act kActs[] = {
        &Acts::File,         &Acts::Contribute,   &Acts::Contribute,   &Acts::Plan,
        &Acts::Plan,         &Acts::Plan,         &Acts::Meet,         &Acts::Escalate,
        &Acts::Plan,         &Acts::Plan,         &Acts::Plan,         &Acts::Plan,
        &Acts::Propose,      &Acts::Propose,      &Acts::Sign,         &Acts::Sign,
        &Acts::Sign,         &Acts::Sign,         &Acts::Withdraw,     &Acts::Revise,
        &Acts::Record,       &Acts::InvokeGround, &Acts::InvokeGround, &Acts::ReviewGround,
        &Acts::TellFamily,   &Acts::EndGround,    &Acts::Invite,       &Acts::Invite,
        &Acts::JoinSomebody, &Acts::JoinSomebody, &Acts::EndSeat,      &Acts::Deputise,
        &Acts::Appoint,      &Acts::Appoint,      &Acts::Emergency,    &Acts::ReviewEmergency,
        &Acts::Draft,        &Acts::Draft,        &Acts::Draft,        &Acts::Hand,
        &Acts::Hand,         &Acts::Hand,         &Acts::React,        &Acts::CloseOrReopen,
        &Acts::Wait,         &Acts::Living,       &Acts::Living,       &Acts::Wait,
        &Acts::Living,       &Acts::Draft,        &Acts::Draft,        &Acts::Hand,
        &Acts::EndEmployment};
    return (this->*kActs[w_.Draw(std::size(kActs))])();
  }

 private:
  template <typename M>
  bool Do(const Caller& who, const std::string& method, const google::protobuf::Message& request,
          M* answer) {
    return w_.Do(who, f_, method, request, answer).ok();
  }
  Change Done(const std::string& what) const { return {.what = what, .family = family_}; }
  // Staff who may be at this table, more often than not in earnest.
  Caller Professional() {
    Caller who = f_.opener;
    if (w_.Chance(40))
      who = w_.Chance(75) ? ByName(w_.Pick(f_.seats).professional) : w_.Pick(w_.staff_);
    return who.For(common::v1::PURPOSE_COORDINATION);
  }
  // R5: a step goes to somebody who reads it, as whoever writes it does. Who has no seat is
  // refused.
  std::string OwnerOf(const Caller& who) const {
    for (const SeatKnown& s : f_.seats) {
      if (s.professional == who.claims.subject()) return s.id;
    }
    return f_.seats.front().id;
  }
  // As an author has it.
  std::string NameOf(const Caller& who) const {
    for (const Member& m : f_.members) {
      if (m.account == who.claims.subject()) return absl::StrCat(f_.name(), "/persons/", m.id);
    }
    return who.claims.subject();
  }
  Caller Relative() {
    std::vector<Caller> with;
    for (const Member& m : f_.members) {
      if (!m.account.empty()) with.push_back(m.caller);
    }
    return w_.Pick(with);
  }
  common::v1::About AnyAbout() {
    common::v1::About about;
    for (const Member& m : f_.members) {
      if (w_.Chance(m.key == "child" ? 70 : 15)) about.add_persons(m.id);
    }
    std::sort(about.mutable_persons()->begin(), about.mutable_persons()->end());
    if (about.persons().empty() || w_.Chance(10)) about.set_family(true);
    return about;
  }
  // Mostly one that the organisation may write under.
  common::v1::Label AnyLabel(const Caller& who) {
    common::v1::Label label;
    *label.mutable_about() = AnyAbout();
    const std::string& organisation = who.claims.organisation();
    common::v1::Compartment c = common::v1::COMPARTMENT_EDUCATION;
    common::v1::Regime r = common::v1::REGIME_EDUCATION;
    if (organisation == "organisations/jgz") {
      c = common::v1::COMPARTMENT_HEALTH;
      r = common::v1::REGIME_HEALTH;
    } else if (organisation == "organisations/maastricht") {
      c = w_.Chance(50) ? common::v1::COMPARTMENT_FAMILY : common::v1::COMPARTMENT_CARE;
      r = common::v1::REGIME_MUNICIPAL;
    } else if (organisation == "organisations/xonar") {
      c = common::v1::COMPARTMENT_CARE;
      r = common::v1::REGIME_YOUTH_CARE;
    } else if (organisation.empty() && w_.Chance(50)) {
      c = w_.Pick(kCompartments);
    }
    label.set_compartment(c);
    label.set_regime(r);
    return label;
  }
  void Keep(Kind kind, const std::string& name, const std::string& mark, common::v1::Label label,
            Change* change, int revision = 0) {
    Thing t{
        .kind = kind, .name = name, .mark = mark, .label = std::move(label), .revision = revision};
    t.scope = policy::ScopeId(f_.id, t.label);
    change->scopes.insert(t.scope);
    f_.things.push_back(std::move(t));
  }

  // ---- What is written down ---------------------------------------------------

  Change Contribute() {
    const Caller who = w_.Chance(70) ? Professional() : Relative();
    casework::v1::AddContributionRequest req;
    req.set_parent(f_.case_name);
    const std::string mark = w_.Mark();
    req.mutable_contribution()->set_text(absl::StrCat("Tekst ", mark));
    *req.mutable_contribution()->mutable_label() = AnyLabel(who);
    casework::v1::Contribution added;
    if (!Do(who, absl::StrCat(kCasework, "AddContribution"), req, &added)) return {};
    Change out = Done("a contribution");
    Keep(Kind::kContribution, added.name(), mark, added.label(), &out);
    f_.things.back().author = NameOf(who);
    return out;
  }

  Change Plan() {
    const Caller who = w_.Chance(70) ? Professional() : Relative();
    const bool meets = w_.Chance(60);
    const PlanActs::Outcome did = meets ? MeetingActs(&w_, &f_).One(who, AnyLabel(who))
                                        : PlanActs(&w_, &f_).One(who, AnyLabel(who), AnyLabel(who));
    if (!did.changed) return {};
    Change out = Done(meets ? "a meeting" : "the plan");
    out.scopes = did.scopes;
    for (const PlanActs::Made& m : did.made) Keep(m.kind, m.name, m.mark, m.label, &out);
    return out;
  }

  Change File() {
    const Caller who = w_.Chance(70) ? Professional() : Relative();
    const std::optional<Thing> t = AddDocument(&w_, f_, who, AnyLabel(who));
    if (!t.has_value()) return {};
    Change out = Done("a document");
    Keep(Kind::kDocument, t->name, t->mark, t->label, &out);
    f_.things.back().author = NameOf(who);
    return out;
  }

  Change Living() {
    const Caller who = w_.Chance(70) ? Professional() : Relative();
    const std::optional<Thing> t = FamilyActs(&w_, &f_).One(who, AnyLabel(who));
    if (!t.has_value()) return {};
    Change out = Done("something about a person");
    Keep(t->kind, t->name, t->mark, t->label, &out);
    return out;
  }

  Change Escalate() {
    const Caller who = w_.Chance(50) ? Professional() : Relative();
    const auto did = EscalationActs(&w_, &f_).One(who, AnyLabel(who));
    if (!did.changed) return {};
    Change out = Done("an escalation");
    out.scopes = did.scopes;
    if (did.raised)
      Keep(Kind::kEscalation, did.raised->name, did.raised->mark, did.raised->label, &out);
    return out;
  }

  // A meeting under one label that agrees steps under others.
  Change Meet() {
    const Caller who = Professional();
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(f_.case_name);
    plan.set_date(w_.region_->Day(0));
    *plan.mutable_label() = AnyLabel(who);
    casework::v1::Meeting meeting;
    if (!Do(who, absl::StrCat(kCasework, "PlanMeeting"), plan, &meeting)) return {};
    Change out = Done("a meeting");
    const size_t at = f_.things.size();
    Keep(Kind::kMeeting, meeting.name(), "", meeting.label(), &out);
    if (w_.Chance(20) || f_.seats.empty()) return out;
    casework::v1::ConcludeMeetingRequest req;
    req.set_name(meeting.name());
    req.set_parents_absent_reason("Ziek, en akkoord vooraf.");
    req.set_parents_agreed(true);
    const std::string mark = w_.Mark();
    req.set_conclusion(absl::StrCat("Besluit ", mark));
    std::vector<std::string> marks;
    std::vector<common::v1::Label> labels;
    for (uint32_t i = 0; i < 1 + w_.Draw(2); ++i) {
      casework::v1::NewStep* step = req.add_steps();
      marks.push_back(w_.Mark());
      step->set_text(absl::StrCat("Afspraak ", marks.back()));
      step->set_owner_seat(OwnerOf(who));
      step->set_due_date(w_.region_->Day(20));
      *step->mutable_label() = AnyLabel(who);
      labels.push_back(step->label());
      labels.back().set_controller(who.claims.organisation());
    }
    if (!Do(who, absl::StrCat(kCasework, "ConcludeMeeting"), req, &meeting)) return out;
    f_.things[at].mark = mark;
    for (int i = 0; i < meeting.steps_size(); ++i) {
      Keep(Kind::kStep, meeting.steps(i), marks[i], labels[i], &out);
    }
    return out;
  }

  Change React() {
    std::vector<const Thing*> steps;
    for (const Thing& t : f_.things) {
      if (t.kind == Kind::kStep) steps.push_back(&t);
    }
    if (steps.empty()) return {};
    const Thing step = *w_.Pick(steps);
    if (w_.Chance(50)) {
      const Caller who = w_.Chance(50) ? Professional() : Relative();
      casework::v1::ReactToStepRequest req;
      req.set_name(step.name);
      req.set_confirmed(w_.Chance(50));
      req.set_text("Zo is het niet.");
      casework::v1::Step answer;
      if (!Do(who, absl::StrCat(kCasework, "ReactToStep"), req, &answer)) return {};
      Change out = Done("a reaction");
      out.scopes.insert(step.scope);
      return out;
    }
    const Caller who = Professional();
    casework::v1::FollowUpStepRequest req;
    req.set_name(step.name);
    const std::string mark = w_.Mark();
    req.mutable_step()->set_text(absl::StrCat("Vervolg ", mark));
    req.mutable_step()->set_owner_seat(OwnerOf(who));
    req.mutable_step()->set_due_date(w_.region_->Day(30));
    *req.mutable_step()->mutable_label() = AnyLabel(who);
    casework::v1::Step answer;
    if (!Do(who, absl::StrCat(kCasework, "FollowUpStep"), req, &answer)) return {};
    Change out = Done("a follow-up");
    Keep(Kind::kStep, answer.name(), mark, answer.label(), &out);
    return out;
  }

  // ---- Consents -----------------------------------------------------------------

  Change Propose() {
    const Caller who = Professional();
    consent::v1::ProposeConsentRequest req;
    req.set_parent(f_.name());
    consent::v1::Consent* c = req.mutable_consent();
    *c->mutable_about() = AnyAbout();
    for (const common::v1::Compartment k : kCompartments) {
      if (w_.Chance(60)) c->add_compartments(k);
    }
    c->add_purposes(common::v1::PURPOSE_COORDINATION);
    if (w_.Chance(30)) c->add_purposes(common::v1::PURPOSE_HANDOVER);
    static constexpr const char* kRecipients[] = {"organisations/jgz", "organisations/jgz",
                                                  "organisations/maastricht", "organisations/xonar",
                                                  "organisations/lvo"};
    c->set_recipient(w_.Pick(kRecipients));
    c->set_start_date(w_.region_->Day(0));
    c->set_end_date(w_.region_->Day(10 + static_cast<int>(w_.Draw(200))));
    const std::string mark = w_.Mark();
    c->set_wording(absl::StrCat("Delen mag ", mark));
    consent::v1::Consent made;
    if (!Do(who, absl::StrCat(kConsent, "ProposeConsent"), req, &made)) return {};
    f_.consents.push_back(
        {made.name(), made.recipient(), req.consent().wording(), made.about(), 1});
    return KeepWordings(who, made, mark, 1);
  }

  // One copy for each that it is about, under the label of who proposed it first.
  Change KeepWordings(const Caller& who, const consent::v1::Consent& c, const std::string& mark,
                      int revision) {
    Change out = Done("a consent");
    std::string controller = who.claims.organisation();
    for (const Thing& t : f_.things) {
      if (t.kind == Kind::kWording && t.name == c.name()) controller = t.label.controller();
    }
    const auto keep = [&](const common::v1::About& about) {
      common::v1::Label label;
      *label.mutable_about() = about;
      label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
      label.set_regime(common::v1::REGIME_EDUCATION);
      label.set_controller(controller);
      Keep(Kind::kWording, c.name(), mark, label, &out, revision);
    };
    for (const std::string& p : c.about().persons()) {
      common::v1::About one;
      one.add_persons(p);
      keep(one);
    }
    common::v1::About family;
    family.set_family(true);
    if (c.about().family()) keep(family);
    out.scopes.clear();
    out.consent = c.name();
    return out;
  }

  Change ConsentChanged(const ConsentKnown& c, const std::string& what) {
    Change out = Done(what);
    out.consent = c.name;
    return out;
  }

  Change Sign() {
    if (f_.consents.empty()) return {};
    const ConsentKnown& c = w_.Chance(60) ? f_.consents.back() : w_.Pick(f_.consents);
    consent::v1::SignConsentRequest req;
    req.set_name(c.name);
    req.set_wording_sha256(HashOf(c.wording));
    req.set_refuse(w_.Chance(10));
    consent::v1::Consent answer;
    bool signed_any = false;
    for (const Member& m : f_.members) {
      if (m.account.empty() || w_.Chance(15)) continue;
      signed_any = Do(m.caller, absl::StrCat(kConsent, "SignConsent"), req, &answer) || signed_any;
    }
    return signed_any ? ConsentChanged(c, "signatures") : Change();
  }

  Change Withdraw() {
    if (f_.consents.empty()) return {};
    const ConsentKnown& c = w_.Pick(f_.consents);
    consent::v1::WithdrawConsentRequest req;
    req.set_name(c.name);
    if (w_.Chance(50)) req.add_compartments(w_.Pick(kCompartments));
    if (w_.Chance(20) && !c.about.persons().empty()) req.add_persons(c.about.persons(0));
    consent::v1::Consent answer;
    return Do(Relative(), absl::StrCat(kConsent, "WithdrawConsent"), req, &answer)
               ? ConsentChanged(c, "a withdrawal")
               : Change();
  }

  Change Revise() {
    if (f_.consents.empty()) return {};
    ConsentKnown& c = w_.Pick(f_.consents);
    const Caller who = Professional();
    consent::v1::ReviseConsentRequest req;
    req.set_name(c.name);
    const std::string mark = w_.Mark();
    req.set_wording(absl::StrCat("Anders gezegd ", mark));
    consent::v1::Consent answer;
    if (!Do(who, absl::StrCat(kConsent, "ReviseConsent"), req, &answer)) return {};
    c.wording = req.wording();
    c.revision = answer.wording_revision();
    return KeepWordings(who, answer, mark, c.revision);
  }

  Change Record() {
    if (f_.consents.empty()) return {};
    const ConsentKnown& c = w_.Pick(f_.consents);
    const std::string person = w_.Pick(f_.members).id;
    consent::v1::Consent answer;
    if (w_.Chance(30)) {
      consent::v1::RecordWithdrawalRequest req;
      req.set_name(c.name);
      req.set_person(person);
      req.set_how(access::v1::RECORDED_HOW_IN_PERSON);
      return Do(Professional(), absl::StrCat(kConsent, "RecordWithdrawal"), req, &answer)
                 ? ConsentChanged(c, "a withdrawal on paper")
                 : Change();
    }
    consent::v1::RecordSignatureRequest req;
    req.set_name(c.name);
    if (!f_.guardian.empty() && w_.Chance(60)) {
      req.set_organisation(f_.guardian);
    } else {
      req.set_person(person);
    }
    req.set_state(access::v1::SIGNATURE_STATE_GIVEN);
    req.set_how(access::v1::RECORDED_HOW_IN_PERSON);
    req.set_wording_sha256(HashOf(c.wording));
    req.set_identified_by("paspoort gezien");
    return Do(Professional(), absl::StrCat(kConsent, "RecordSignature"), req, &answer)
               ? ConsentChanged(c, "a signature on paper")
               : Change();
  }

  // ---- Grounds ------------------------------------------------------------------

  Change InvokeGround() {
    const Caller who = Professional();
    consent::v1::InvokeGroundRequest req;
    req.set_parent(f_.name());
    consent::v1::Ground& g = *req.mutable_ground();
    g.set_type(w_.Chance(50) ? "meldcode" : "vitaal-belang");
    *g.mutable_about() = AnyAbout();
    g.add_compartments(w_.Pick(kCompartments));
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_recipient(w_.Chance(50) ? "organisations/jgz" : "organisations/maastricht");
    g.set_start_date(w_.region_->Day(0));
    g.set_end_date(w_.region_->Day(3 + static_cast<int>(w_.Draw(10))));
    const std::string mark = w_.Mark();
    g.set_reason(absl::StrCat("Reden ", mark));
    g.set_family_told(w_.Chance(50));
    if (!g.family_told()) {
      g.set_not_told_reason("Dat is nu niet veilig.");
      g.set_reviewer(w_.Pick(w_.staff_).claims.subject());
      g.set_review_date(w_.region_->Day(2));
    }
    consent::v1::Ground made;
    if (!Do(who, absl::StrCat(kConsent, "InvokeGround"), req, &made)) return {};
    f_.grounds.push_back(
        {made.name(), made.recipient(), made.invoked_by(), made.reviewer(), made.family_told()});
    Change out = Done("a ground");
    common::v1::Label label = OwnLabel(who, made.about());
    if (!made.family_told()) {
      label.set_compartment(common::v1::COMPARTMENT_SAFETY);
      label.set_regime(common::v1::REGIME_YOUTH_CARE);
    }
    Keep(Kind::kGroundText, made.name(), mark, label, &out);
    out.scopes.clear();
    out.ground = made.name();
    return out;
  }

  Caller ByName(const std::string& professional) {
    for (const Caller& who : w_.staff_) {
      if (who.claims.subject() == professional) {
        return who.For(common::v1::PURPOSE_COORDINATION);
      }
    }
    return f_.opener;
  }

  Change ReviewGround() {
    if (f_.grounds.empty()) return {};
    GroundKnown& g = w_.Pick(f_.grounds);
    consent::v1::ReviewGroundRequest req;
    req.set_name(g.name);
    req.set_upheld(w_.Chance(50));
    req.set_outcome("Bekeken.");
    consent::v1::Ground answer;
    if (!Do(ByName(g.reviewer), absl::StrCat(kConsent, "ReviewGround"), req, &answer)) return {};
    return GroundChanged(g);
  }

  template <typename Request>
  Change ByInvoker(const char* method) {
    if (f_.grounds.empty()) return {};
    const GroundKnown& g = w_.Pick(f_.grounds);
    Request req;
    req.set_name(g.name);
    consent::v1::Ground answer;
    return Do(ByName(g.invoked_by), absl::StrCat(kConsent, method), req, &answer) ? GroundChanged(g)
                                                                                  : Change();
  }
  Change EndGround() { return ByInvoker<consent::v1::EndGroundRequest>("EndGround"); }
  Change TellFamily() { return ByInvoker<consent::v1::TellFamilyRequest>("TellFamily"); }

  Change GroundChanged(const GroundKnown& g) {
    Change out = Done("a ground changed");
    out.ground = g.name;
    return out;
  }

  // ---- The table ----------------------------------------------------------------

  Change Invite() {
    const Caller guest = w_.Chance(60) ? w_.staff_[1 + w_.Draw(2)] : w_.Pick(w_.staff_);
    casework::v1::InviteParticipantRequest req;
    req.set_parent(f_.case_name);
    req.set_professional(guest.claims.subject());
    req.set_organisation(guest.claims.organisation());
    req.set_function(guest.claims.function());
    req.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    if (w_.Chance(30)) {
      req.set_role(access::v1::SEAT_ROLE_AD_HOC);
      req.set_end_date(w_.region_->Day(1 + static_cast<int>(w_.Draw(30))));
    }
    casework::v1::Participant seat;
    if (!Do(Professional(), absl::StrCat(kCasework, "InviteParticipant"), req, &seat)) return {};
    f_.seats.push_back({seat.seat(), seat.professional(), ""});
    return Done("an invitation");
  }

  Change JoinSomebody() { return Join(w_.Pick(f_.seats).professional); }

  Change Join(const std::string& professional) {
    casework::v1::JoinCaseRequest req;
    req.set_name(f_.case_name);
    casework::v1::Participant seat;
    return Do(ByName(professional), absl::StrCat(kCasework, "JoinCase"), req, &seat)
               ? Done("somebody joined")
               : Change();
  }

  Change EndSeat() {
    if (f_.seats.size() < 3) return {};
    casework::v1::EndSeatRequest req;
    req.set_name(f_.case_name);
    req.set_seat(f_.seats[1 + w_.Draw(static_cast<uint32_t>(f_.seats.size() - 1))].id);
    casework::v1::Participant seat;
    return Do(f_.opener, absl::StrCat(kCasework, "EndSeat"), req, &seat) ? Done("a seat ended")
                                                                         : Change();
  }

  Change Deputise() {
    const SeatKnown& seat = w_.Pick(f_.seats);
    casework::v1::ArrangeDeputyRequest req;
    req.set_name(f_.case_name);
    req.set_seat(seat.id);
    req.set_professional(w_.Pick(w_.staff_).claims.subject());
    if (seat.professional == "professionals/ib") req.set_professional("professionals/ib2");
    if (seat.professional == "professionals/nurse") req.set_professional("professionals/nurse2");
    req.set_end_date(w_.region_->Day(5 + static_cast<int>(w_.Draw(20))));
    casework::v1::Participant deputy;
    if (!Do(f_.opener, absl::StrCat(kCasework, "ArrangeDeputy"), req, &deputy)) return {};
    f_.seats.push_back({deputy.seat(), deputy.professional(), deputy.deputises()});
    return Done("a deputy");
  }

  Change Appoint() {
    casework::v1::AppointRegisseurRequest req;
    req.set_name(f_.case_name);
    req.set_seat(w_.Pick(f_.seats).id);
    req.set_stand_in_seat(w_.Pick(f_.seats).id);
    casework::v1::Regisseur answer;
    if (!Do(f_.opener, absl::StrCat(kCasework, "AppointRegisseur"), req, &answer)) return {};
    f_.regisseur_seat = req.seat();
    f_.stand_in_seat = req.stand_in_seat();
    return Done("a regisseur");
  }

  Change CloseOrReopen() {
    if (w_.Chance(50)) return {};
    const std::string mark = w_.Mark();
    common::v1::Label label = AnyLabel(f_.opener);
    casework::v1::Case answer;
    if (f_.closed) {
      casework::v1::ReopenCaseRequest req;
      req.set_name(f_.case_name);
      req.set_reason(absl::StrCat("Opnieuw ", mark));
      req.set_seat(f_.seats.front().id);
      req.set_stand_in_seat(f_.seats.front().id);
      if (f_.seats.size() > 1) req.set_stand_in_seat(w_.Pick(f_.seats).id);
      *req.mutable_label() = label;
      if (!Do(f_.opener, absl::StrCat(kCasework, "ReopenCase"), req, &answer)) return {};
      f_.regisseur_seat = req.seat();
      f_.stand_in_seat = req.stand_in_seat();
    } else {
      casework::v1::CloseCaseRequest req;
      req.set_name(f_.case_name);
      req.set_outcome(absl::StrCat("Klaar ", mark));
      req.set_kind(casework::v1::CLOSE_KIND_GOALS_REACHED);
      *req.mutable_label() = label;
      if (!Do(f_.opener, absl::StrCat(kCasework, "CloseCase"), req, &answer)) return {};
      f_.regisseur_seat = f_.stand_in_seat = "";
    }
    f_.closed = !f_.closed;
    Change out = Done("closed or reopened");
    label.set_controller(f_.opener.claims.organisation());
    Keep(Kind::kClosing, f_.case_name, mark, label, &out);
    out.scopes.clear();
    return out;
  }

  // ---- The rest -------------------------------------------------------------------

  Change Emergency() {
    const Caller who = w_.Pick(w_.staff_).For(common::v1::PURPOSE_EMERGENCY);
    consent::v1::OpenEmergencyRequest req;
    req.set_parent(f_.name());
    req.set_meldcode_step(4);
    req.set_reason("Het kind durft vannacht niet naar huis.");
    req.set_hours(1 + static_cast<int>(w_.Draw(8)));
    consent::v1::Emergency opened;
    if (!Do(who, absl::StrCat(kConsent, "OpenEmergency"), req, &opened)) return {};
    f_.emergencies.push_back({opened.name(), who, false});
    Change out = Done("emergency access");
    out.emergency_opener = who.claims.subject();
    return out;
  }

  Change ReviewEmergency() {
    if (f_.emergencies.empty()) return {};
    EmergencyKnown& e = w_.Pick(f_.emergencies);
    consent::v1::ReviewEmergencyRequest req;
    req.set_name(e.name);
    req.set_justified(w_.Chance(50));
    req.set_outcome("Nagegaan.");
    consent::v1::Emergency answer;
    if (!Do(w_.region_->auditor, absl::StrCat(kConsent, "ReviewEmergency"), req, &answer))
      return {};
    e.reviewed = true;
    Change out = Done("a review of emergency access");
    out.emergency_opener = e.opener.claims.subject();
    return out;
  }

  Change Draft() {
    const std::optional<Thing> drafted = HandoverActs(&w_, &f_).Draft();
    if (!drafted.has_value()) return {};
    Change out = Done("a handover");
    Keep(Kind::kHandover, drafted->name, "", drafted->label, &out);
    return out;
  }

  Change Hand() { return HandoverActs(&w_, &f_).GoOn() ? Done("a handover went on") : Change{}; }

  // Over birthdays, end dates and the hours of emergency access.
  Change Wait() {
    w_.region_->clock().Advance(w_.Chance(50)
                                    ? absl::Hours(1 + w_.Draw(5))
                                    : absl::Hours(24 * (1 + static_cast<int>(w_.Draw(6)))));
    w_.story_.push_back("time passes");
    return Done("time");
  }

  Change EndEmployment() {
    if (w_.Chance(80)) return {};
    const Caller who = w_.staff_[6 + w_.Draw(4)];  // not those whom the others need
    directory::v1::EndEmploymentRequest req;
    req.set_name(who.claims.subject());
    req.set_organisation(who.claims.organisation());
    req.set_end_date(w_.region_->Day(static_cast<int>(w_.Draw(4))));
    directory::v1::Professional answer;
    Caller admin = w_.region_->admin;
    return Do(admin, "directory.v1.DirectoryService/EndEmployment", req, &answer)
               ? Done("employment ended")
               : Change();
  }

  World& w_;
  Family& f_;
  const int family_;
};

void World::SetTable(int family) { Acts(this, family).SetTheTable(); }

Change World::Act() {
  return Acts(this, static_cast<int>(Draw(static_cast<uint32_t>(families_.size())))).One();
}

}  // namespace knooppunt::property
