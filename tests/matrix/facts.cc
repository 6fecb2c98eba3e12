#include "tests/matrix/facts.h"

#include "absl/strings/str_cat.h"
#include "security/policy/engine.h"

namespace knooppunt::matrix {
namespace {

using access::v1::FamilyFacts;
using common::v1::Function;

constexpr char kSchool[] = "organisations/school";
constexpr char kPartner[] = "organisations/partner";
constexpr char kReceiver[] = "organisations/ontvanger";
constexpr char kElsewhere[] = "organisations/elders";

std::string Day(absl::Time now, int days) {
  return absl::FormatTime("%Y-%m-%d", now + absl::Hours(24 * days), absl::UTCTimeZone());
}

int Place(absl::string_view word) { return Places().Find(word); }
int Who(absl::string_view word) { return Whos().Find(word); }

void AddPerson(absl::Time now, absl::string_view id, int age, access::v1::FamilyRole role,
               FamilyFacts* f) {
  auto* p = f->add_persons();
  p->set_id(std::string(id));
  p->set_birth_date(Day(now, -age * 365 - 90));
  p->set_role(role);
  p->set_account(absl::StrCat("accounts/", id));
}

void AddPersons(absl::Time now, FamilyFacts* f) {
  AddPerson(now, "ouder-met-gezag", 41, access::v1::FAMILY_ROLE_PARENT, f);
  AddPerson(now, "ouder-regisseur", 40, access::v1::FAMILY_ROLE_PARENT, f);
  AddPerson(now, "ouder-zonder-gezag", 44, access::v1::FAMILY_ROLE_PARENT, f);
  AddPerson(now, "kind-11", 11, access::v1::FAMILY_ROLE_CHILD, f);
  AddPerson(now, "jongere-13", 13, access::v1::FAMILY_ROLE_CHILD, f);
  AddPerson(now, "ander-lid", 70, access::v1::FAMILY_ROLE_OTHER, f);
  for (const char* holder : {"ouder-met-gezag", "ouder-regisseur"}) {
    for (const char* over : {"kind-11", "jongere-13"}) {
      auto* g = f->add_gezag();
      g->set_id(absl::StrCat("g-", holder, "-", over));
      g->set_holder_person(holder);
      g->set_over(over);
      g->set_start_date("2013-01-01");
    }
  }
}

access::v1::Seat* AddSeat(int who, absl::string_view place, access::v1::SeatRole role,
                          access::v1::SeatState state, FamilyFacts* f) {
  auto* s = f->mutable_cases(0)->add_seats();
  s->set_id(std::string(place));
  s->set_professional(SubjectOf(who, Place(place)));
  s->set_organisation(OrganisationAt(Place(place)));
  s->set_function(FunctionOf(who));
  s->set_role(role);
  s->set_state(state);
  s->set_start_time(1);
  if (state == access::v1::SEAT_STATE_ENDED) s->set_end_time(2);
  return s;
}

void AddTerm(absl::string_view regisseur, absl::string_view stand_in, FamilyFacts* f) {
  auto* term = f->mutable_cases(0)->add_terms();
  term->set_seat(std::string(regisseur));
  term->set_stand_in_seat(std::string(stand_in));
  term->set_start_time(1);
}

// Everybody of one function, each at a place of their own.
void FillTable(int who, FamilyFacts* f) {
  constexpr auto kJoined = access::v1::SEAT_STATE_JOINED;
  constexpr auto kCore = access::v1::SEAT_ROLE_CORE_PARTNER;
  AddSeat(who, "werkplaats", access::v1::SEAT_ROLE_WERKPLAATS, kJoined, f);
  AddSeat(who, "uit-dienst", access::v1::SEAT_ROLE_WERKPLAATS, kJoined, f);
  AddSeat(who, "eigen-gezin", access::v1::SEAT_ROLE_WERKPLAATS, kJoined, f);
  AddSeat(who, "genodigd", kCore, access::v1::SEAT_STATE_INVITED, f);
  AddSeat(who, "partner", kCore, kJoined, f);
  AddSeat(who, "regisseur", kCore, kJoined, f);
  AddSeat(who, "stand-in", kCore, kJoined, f);
  AddSeat(who, "beeindigd", kCore, access::v1::SEAT_STATE_ENDED, f);
  AddSeat(who, "waarnemer", kCore, kJoined, f)->set_deputises("partner");
  AddSeat(who, "ontvanger", access::v1::SEAT_ROLE_RECEIVER, kJoined, f);
  AddTerm("regisseur", "stand-in", f);
}

void AddConsents(absl::Time now, absl::string_view state, FamilyFacts* f) {
  if (state == "geen-toestemming") return;
  const bool elsewhere = state == "andere-organisatie";
  for (const char* recipient : {elsewhere ? kElsewhere : kPartner, kReceiver}) {
    if (elsewhere && recipient == kReceiver) continue;
    auto* c = f->add_consents();
    c->set_id(absl::StrCat("consent-", f->consents_size()));
    for (const char* p : {"jongere-13", "kind-11"}) c->mutable_about()->add_persons(p);
    for (auto x : {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY,
                   common::v1::COMPARTMENT_CARE, common::v1::COMPARTMENT_HEALTH}) {
      c->add_compartments(x);
    }
    c->set_recipient(recipient);
    c->add_purposes(state == "voor-overdracht" ? common::v1::PURPOSE_HANDOVER
                                               : common::v1::PURPOSE_COORDINATION);
    c->set_start_date(Day(now, -10));
    c->set_end_date(Day(now, 60));
    const auto sign = [&](const char* person, access::v1::SignatureState what, int64_t time) {
      auto* s = c->add_signatures();
      s->set_person(person);
      s->set_state(what);
      s->set_time(time);
    };
    for (const char* person : {"ouder-met-gezag", "ouder-regisseur", "jongere-13"}) {
      sign(person, access::v1::SIGNATURE_STATE_GIVEN, 10);
    }
    if (state == "ingetrokken") {
      sign("ouder-met-gezag", access::v1::SIGNATURE_STATE_WITHDRAWN, 20);
    }
  }
}

// A ground that waits for its reviewer and shares with nobody here; an emergency access that is
// open for who sits nowhere; an escalation that waits for its decider; a handover that is offered.
void AddTheRest(absl::Time now, int who, FamilyFacts* f) {
  auto* g = f->add_grounds();
  g->set_id("ground");
  g->set_type("meldcode");
  g->set_article("art. 5.2.6 Wmo 2015");
  g->mutable_about()->add_persons("kind-11");
  g->add_compartments(common::v1::COMPARTMENT_SAFETY);
  g->set_recipient(kElsewhere);
  g->add_purposes(common::v1::PURPOSE_COORDINATION);
  g->set_start_date(Day(now, -1));
  g->set_end_date(Day(now, 30));
  g->set_invoked_by("professionals/elders");
  g->set_reviewer(SubjectOf(who, Place("toetser")));
  g->set_review_date(Day(now, 10));
  g->set_family_told(true);

  auto* e = f->add_emergencies();
  e->set_id("emergency");
  e->set_professional(SubjectOf(who, Place("noodtoegang")));
  e->set_organisation(OrganisationAt(Place("noodtoegang")));
  e->set_function(FunctionOf(who));
  e->set_meldcode_step(4);
  e->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  e->set_start_time(absl::ToUnixSeconds(now) - 60);
  e->set_end_time(absl::ToUnixSeconds(now) + 3600);
  e->set_review_due_time(absl::ToUnixSeconds(now) + 7 * 24 * 3600);

  auto* x = f->add_escalations();
  x->set_id("escalation");
  x->set_case_id("casus");
  x->set_start_time(absl::ToUnixSeconds(now) - 60);
  auto* decider = x->add_deciders();
  decider->set_professional(SubjectOf(who, Place("beslisser")));
  decider->set_organisation(OrganisationAt(Place("beslisser")));
  decider->set_function(FunctionOf(who));

  auto* scope = f->add_scopes();
  scope->mutable_label()->mutable_about()->add_persons("kind-11");
  scope->mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  scope->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  scope->mutable_label()->set_controller(kSchool);
  scope->set_id(policy::ScopeId(f->id(), scope->label()));

  auto* h = f->add_handovers();
  h->set_id("handover");
  h->set_case_id("casus");
  h->set_receiver(kReceiver);
  h->set_offered(true);
  h->add_scopes(scope->id());
  x->add_scopes(scope->id());
}

FamilyFacts Start(absl::Time now, std::string id) {
  FamilyFacts f;
  f.set_id(std::move(id));
  f.set_revision(1);
  AddPersons(now, &f);
  auto* c = f.add_cases();
  c->set_id("casus");
  c->set_state(access::v1::CASE_STATE_ACTIVE);
  c->set_werkplaats("werkplaatsen/school");
  c->set_organisation(kSchool);
  for (const char* child : {"kind-11", "jongere-13"}) c->add_children(child);
  return f;
}

}  // namespace

std::string SubjectOf(int who, int place) {
  if (!IsStaff(who)) return absl::StrCat("accounts/", Whos().words[who]);
  return absl::StrCat("professionals/", Whos().words[who], "-", Places().words[place]);
}

std::string OrganisationAt(int place) {
  const std::string& word = Places().words[place];
  if (word == "werkplaats" || word == "eigen-gezin" || word == "uit-dienst" ||
      word == "zonder-opvolger") {
    return kSchool;
  }
  return word == "ontvanger" ? kReceiver : kPartner;
}

Function FunctionOf(int who) { return static_cast<Function>(who + 1); }

std::string FamilyOf(const Cell& cell) {
  if (!IsStaff(cell.who)) return absl::StrCat("f-thuis-", cell.consent);
  if (cell.place == Place("zonder-opvolger")) {
    return absl::StrCat("f-", cell.who, "-", cell.consent, "-left");
  }
  const bool gone = cell.place == Place("stand-in-treedt-op");
  return absl::StrCat("f-", cell.who, "-", cell.consent, gone ? "-gone" : "");
}

std::vector<access::v1::OrganisationFacts> AllOrganisations() {
  std::vector<access::v1::OrganisationFacts> out;
  const auto add = [&](const char* name, common::v1::OrganisationKind kind) {
    auto& o = out.emplace_back();
    o.set_name(name);
    o.set_revision(1);
    o.set_display_name(name);
    o.set_kind(kind);
  };
  add(kSchool, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  add(kPartner, common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
  add(kReceiver, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  add(kElsewhere, common::v1::ORGANISATION_KIND_MUNICIPALITY);
  return out;
}

std::vector<access::v1::ProfessionalFacts> AllProfessionals(absl::Time now) {
  std::vector<access::v1::ProfessionalFacts> out;
  for (int who = 0; IsStaff(who); ++who) {
    for (int place = 0; place < Place("gezin"); ++place) {
      auto& p = out.emplace_back();
      p.set_name(SubjectOf(who, place));
      p.set_revision(1);
      p.set_login(absl::StrCat("matrix|", p.name()));
      p.set_display_name(p.name());
      auto* term = p.add_functions();
      term->set_organisation(OrganisationAt(place));
      term->set_function(FunctionOf(who));
      term->set_start_date(Day(now, -30));
      if (place == Place("uit-dienst")) term->set_end_date(Day(now, 0));
      if (place == Place("eigen-gezin")) p.add_own_accounts("accounts/ander-lid");
    }
  }
  return out;
}

std::vector<FamilyFacts> AllFamilies(absl::Time now) {
  std::vector<FamilyFacts> out;
  for (int consent = 0; consent < static_cast<int>(Consents().words.size()); ++consent) {
    for (int who = 0; IsStaff(who); ++who) {
      FamilyFacts& f = out.emplace_back(Start(now, FamilyOf({.who = who, .consent = consent})));
      FillTable(who, &f);
      FamilyFacts& gone = out.emplace_back(Start(
          now, FamilyOf({.who = who, .place = Place("stand-in-treedt-op"), .consent = consent})));
      AddSeat(who, "regisseur", access::v1::SEAT_ROLE_CORE_PARTNER, access::v1::SEAT_STATE_ENDED,
              &gone);
      AddSeat(who, "stand-in-treedt-op", access::v1::SEAT_ROLE_CORE_PARTNER,
              access::v1::SEAT_STATE_JOINED, &gone);
      AddTerm("regisseur", "stand-in-treedt-op", &gone);
      // R1: who was named has left, and so has who opened the case.
      FamilyFacts left =
          Start(now, FamilyOf({.who = who, .place = Place("zonder-opvolger"), .consent = consent}));
      AddSeat(who, "uit-dienst", access::v1::SEAT_ROLE_WERKPLAATS, access::v1::SEAT_STATE_JOINED,
              &left);
      AddTerm("uit-dienst", "", &left);
      for (FamilyFacts* family : {&out[out.size() - 2], &gone, &left}) {
        AddConsents(now, Consents().words[consent], family);
        AddTheRest(now, who, family);
      }
      out.push_back(std::move(left));
    }
    // R2: a parent is regisseur, and the stand-in a professional.
    FamilyFacts& home =
        out.emplace_back(Start(now, FamilyOf({.who = Who("ouder-met-gezag"), .consent = consent})));
    AddSeat(0, "werkplaats", access::v1::SEAT_ROLE_WERKPLAATS, access::v1::SEAT_STATE_JOINED,
            &home);
    auto* seat = home.mutable_cases(0)->add_seats();
    seat->set_id("ouder");
    seat->set_person("ouder-regisseur");
    seat->set_role(access::v1::SEAT_ROLE_FAMILY);
    seat->set_state(access::v1::SEAT_STATE_JOINED);
    seat->set_start_time(1);
    AddTerm("ouder", "werkplaats", &home);
    AddConsents(now, Consents().words[consent], &home);
    AddTheRest(now, 0, &home);
  }
  return out;
}

}  // namespace knooppunt::matrix
