// What one caller may see of who must agree and of what will stop (R18), and the sentences that
// say it. Pure: facts in, words out; no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_AGREEMENT_VIEW_H_
#define KNOOPPUNT_SERVICES_ACCESS_AGREEMENT_VIEW_H_

#include <string>

#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"
#include "security/policy/who_must_agree.h"

namespace knooppunt::access {

// Who looks, as the decision named them.
struct Viewer {
  std::string person;        // person id in this family; "" for staff
  std::string subject;       // "professionals/{id}" or "accounts/{id}"
  std::string organisation;  // "" for family
  std::string seat;          // seat id at the case, or ""
  absl::Time now;
  bool reads_grounds = false;  // "ground.read" is allowed for the purpose of this call
  bool staff() const { return person.empty(); }
};

struct Sentence {
  std::string nl;
  std::string en;
};

class AgreementView {
 public:
  // What is pointed to must outlive the view. `world.facts` is set.
  AgreementView(const policy::Table& table, const policy::World& world, Viewer viewer);

  const Viewer& viewer() const { return viewer_; }
  const access::v1::FamilyFacts& facts() const { return *world_.facts; }
  const policy::World& world() const { return world_; }
  const policy::Table& table() const { return table_; }
  base::Date today() const { return today_; }
  // The newest case when it is not closed, else nullptr.
  const access::v1::CaseFact* open_case() const { return case_; }
  // The newest case when it is closed, else nullptr.
  const access::v1::CaseFact* closed_case() const;

  // Staff see whom a consent is about. A family member sees themselves, from 12, and the children
  // under their gezag until 16, or for as long as they represent them.
  bool SeesPerson(absl::string_view person) const;
  // As consents are listed: the werkplaats and who leads or stands in see all of them, a recipient
  // its own, the family what is wholly about whom they see and what they may sign.
  bool SeesConsent(const access::v1::ConsentFact& consent) const;
  // Leads the case or is the named stand-in.
  bool LeadsOrStandsIn() const;
  // Led the newest case when it was closed, or was the stand-in then. False while it is open.
  bool LedLast() const;
  // The regisseur at this moment.
  bool Leads() const;
  bool AtWerkplaats() const;
  // Of the werkplaats of the newest case, closed or not.
  bool AtLastWerkplaats() const;
  // Whether this signatory is the caller: themselves, or the institution that they work for.
  bool IsCaller(const policy::Signatory& who) const;

  // Fills `out` with what may be shown: whoever may not be seen becomes, once and together,
  // "others", without a name and without a number.
  void Show(const policy::Agreement& agreement, base::Date on,
            google::protobuf::RepeatedPtrField<v1::RequiredSignature>* out) const;
  // Whether something about a person who may not be seen stands in `agreement`.
  bool Hides(const policy::Agreement& agreement) const;
  // The vacancies about persons who may be seen, as sentences without doubles.
  std::vector<Sentence> Vacancies(const policy::Agreement& agreement, base::Date on) const;

 private:
  Sentence Why(const policy::RequiredAgreement& r, base::Date on) const;

  const policy::Table& table_;
  const policy::World& world_;
  const Viewer viewer_;
  const base::Date today_;
  const v1::CaseFact* case_ = nullptr;
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_AGREEMENT_VIEW_H_
