#include "services/access/rules.h"

#include <algorithm>
#include <utility>

namespace knooppunt::access {
namespace {

template <typename List>
auto* FindById(List* list, const std::string& id) {
  const auto it =
      std::find_if(list->begin(), list->end(), [&](const auto& x) { return x.id() == id; });
  return it == list->end() ? nullptr : &*it;
}

bool SameSignature(const v1::Signature& a, const v1::Signature& b) {
  return a.person() == b.person() && a.organisation() == b.organisation() &&
         a.state() == b.state() && a.time() == b.time();
}

void KeepSignatures(const v1::ConsentFact& known, v1::ConsentFact* incoming) {
  for (const v1::Signature& s : known.signatures()) {
    const bool there = std::any_of(incoming->signatures().begin(), incoming->signatures().end(),
                                   [&](const v1::Signature& i) { return SameSignature(i, s); });
    if (!there) *incoming->add_signatures() = s;
  }
  std::stable_sort(
      incoming->mutable_signatures()->begin(), incoming->mutable_signatures()->end(),
      [](const v1::Signature& a, const v1::Signature& b) { return a.time() < b.time(); });
}

bool SameNarrowing(const v1::Narrowing& a, const v1::Narrowing& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// A withdrawal in part is never undone; a wording that was replaced never comes back, because
// what was signed under it would count again.
void KeepNarrowed(const v1::ConsentFact& known, v1::ConsentFact* incoming) {
  for (const v1::Narrowing& n : known.narrowings()) {
    const bool there = std::any_of(incoming->narrowings().begin(), incoming->narrowings().end(),
                                   [&](const v1::Narrowing& i) { return SameNarrowing(i, n); });
    if (!there) *incoming->add_narrowings() = n;
  }
  std::stable_sort(
      incoming->mutable_narrowings()->begin(), incoming->mutable_narrowings()->end(),
      [](const v1::Narrowing& a, const v1::Narrowing& b) { return a.time() < b.time(); });
  if (known.wording_revision() > incoming->wording_revision()) {
    incoming->set_wording_revision(known.wording_revision());
    incoming->set_wording_sha256(known.wording_sha256());
  }
}

// What a consent names was settled when it was proposed: what was signed for must not grow under
// the signatures (R12).
void KeepNamed(const v1::ConsentFact& known, v1::ConsentFact* incoming) {
  *incoming->mutable_about() = known.about();
  *incoming->mutable_compartments() = known.compartments();
  *incoming->mutable_purposes() = known.purposes();
  incoming->set_recipient(known.recipient());
  incoming->set_start_date(known.start_date());
  incoming->set_end_date(known.end_date());
}

bool Stopped(const v1::GroundFact& g) {
  return g.end_time() != 0 || (g.has_review() && !g.review().upheld());
}

// What the family was told it keeps: an older copy does not hide it again (R15).
void KeepTold(const v1::GroundFact& known, v1::FamilyFacts* incoming) {
  v1::GroundFact* mine = FindById(incoming->mutable_grounds(), known.id());
  if (mine == nullptr || !known.family_told() || mine->family_told()) return;
  mine->set_family_told(true);
  mine->set_told_time(known.told_time());
  mine->set_told_by(known.told_by());
}

// A ground that ended or did not stand its review stays so. One that runs and that the copy lacks
// is let go: nobody could end it any more.
void KeepStopped(const v1::GroundFact& known, v1::FamilyFacts* incoming) {
  if (!Stopped(known)) return;
  if (v1::GroundFact* mine = FindById(incoming->mutable_grounds(), known.id())) {
    if (known.end_time() != 0) mine->set_end_time(known.end_time());
    if (known.has_review()) *mine->mutable_review() = known.review();
  } else {
    *incoming->add_grounds() = known;
  }
}

void KeepEnds(const v1::CaseFact& known, v1::CaseFact* incoming) {
  for (const v1::Seat& seat : known.seats()) {
    v1::Seat* mine = FindById(incoming->mutable_seats(), seat.id());
    if (mine != nullptr && seat.state() == v1::SEAT_STATE_ENDED &&
        mine->state() != v1::SEAT_STATE_ENDED) {
      *mine = seat;
    }
  }
}

// R10: who decides and what it opens was settled when it was raised; one that ended stays ended.
// One that runs and that the copy lacks is let go: nobody could end it any more.
void KeepEscalation(const v1::EscalationFact& known, v1::FamilyFacts* incoming) {
  v1::EscalationFact* mine = FindById(incoming->mutable_escalations(), known.id());
  if (mine == nullptr) {
    if (known.end_time() != 0) *incoming->add_escalations() = known;
    return;
  }
  const int64_t end = known.end_time() != 0 ? known.end_time() : mine->end_time();
  *mine = known;
  mine->set_end_time(end);
}

// R20: whom it was opened for, and what it opens, was settled when it opened; after that it only
// ends earlier, and is reviewed once.
void KeepEmergency(const v1::EmergencyFact& known, v1::EmergencyFact* incoming) {
  v1::EmergencyFact merged = known;
  merged.set_end_time(std::min(known.end_time(), incoming->end_time()));
  if (known.review_time() == 0) {
    merged.set_reviewer(incoming->reviewer());
    merged.set_review_time(incoming->review_time());
    merged.set_justified(incoming->justified());
    merged.set_outcome(incoming->outcome());
  }
  *incoming = std::move(merged);
}

// An older copy has the birth dates from before they were corrected: by the wrong one a youth could
// be a child again, about whom others decide and read (R11, R18).
void KeepCorrections(const v1::FamilyFacts& known, v1::FamilyFacts* incoming) {
  for (const v1::PersonFact& p : known.persons()) {
    v1::PersonFact* mine = FindById(incoming->mutable_persons(), p.id());
    if (mine == nullptr) continue;
    mine->set_birth_date(p.birth_date());
    mine->set_role(p.role());
  }
}

// An older copy does not know of ends that came later: of gezag, and of seats by a date.
void KeepLaterEnds(const v1::FamilyFacts& known, v1::FamilyFacts* incoming) {
  for (const v1::Gezag& g : known.gezag()) {
    v1::Gezag* mine = FindById(incoming->mutable_gezag(), g.id());
    if (mine == nullptr || g.end_date().empty()) continue;
    if (mine->end_date().empty() || g.end_date() < mine->end_date()) {
      mine->set_end_date(g.end_date());
    }
  }
  for (const v1::CaseFact& c : known.cases()) {
    v1::CaseFact* mine = FindById(incoming->mutable_cases(), c.id());
    if (mine == nullptr) continue;
    for (const v1::Seat& seat : c.seats()) {
      v1::Seat* same = FindById(mine->mutable_seats(), seat.id());
      if (same == nullptr || seat.end_time() == 0) continue;
      if (same->end_time() == 0 || seat.end_time() < same->end_time()) {
        same->set_end_time(seat.end_time());
      }
    }
  }
}

}  // namespace

v1::FamilyFacts MergeFacts(const v1::FamilyFacts& known, v1::FamilyFacts incoming) {
  for (const v1::ConsentFact& c : known.consents()) {
    v1::ConsentFact* mine = FindById(incoming.mutable_consents(), c.id());
    if (mine != nullptr) {
      KeepNamed(c, mine);
      KeepSignatures(c, mine);
      KeepNarrowed(c, mine);
    } else {
      *incoming.add_consents() = c;
    }
  }
  for (const v1::GroundFact& g : known.grounds()) {
    KeepTold(g, &incoming);
    KeepStopped(g, &incoming);
  }
  for (const v1::CaseFact& c : known.cases()) {
    if (v1::CaseFact* mine = FindById(incoming.mutable_cases(), c.id())) KeepEnds(c, mine);
  }
  for (const v1::EscalationFact& e : known.escalations()) KeepEscalation(e, &incoming);
  if (incoming.revision() < known.revision()) {
    KeepLaterEnds(known, &incoming);
    KeepCorrections(known, &incoming);
  }
  for (const v1::EmergencyFact& e : known.emergencies()) {
    if (v1::EmergencyFact* mine = FindById(incoming.mutable_emergencies(), e.id())) {
      KeepEmergency(e, mine);
    } else {
      *incoming.add_emergencies() = e;  // else a copy that lacks its review could bring it back
    }
  }
  return incoming;
}

}  // namespace knooppunt::access
