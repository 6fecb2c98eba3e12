// Who must agree before something is shared, answer by answer, and which signatures still count
// (R11, R14, R16). The law stands in the table of signatories; here stand only the days. Pure
// functions, thread-safe (no state).
//
// How consent ages (decision 0008). Each signature is looked at on each day on which the answer
// to "who must sign" can change: birthdays of the ages in the table, 18, and gezag that begins or
// ends.
// - Who must sign from that day and did not: the consent lapses until they do.
// - Who signed and must still sign: the signature goes on.
// - Who had not signed on the eve and need not any more: nothing may open by itself because a
//   signature is no longer asked for. Every signature given before that day lapses; those who must
//   sign from then on sign anew.
// - At 18 a youth's own signature goes on only when it was given in the days in which the
//   birthday was announced (kAnnounceDays), or later: R14 and R16 let consent end at 18.
#ifndef KNOOPPUNT_SECURITY_POLICY_WHO_MUST_AGREE_H_
#define KNOOPPUNT_SECURITY_POLICY_WHO_MUST_AGREE_H_

#include <string>
#include <vector>

#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/consent_rules.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

// R14: how many days ahead the family and the regisseur are told.
inline constexpr int kAnnounceDays = 60;

// One answer: this signatory, for this person's information, by this row.
struct RequiredAgreement {
  Signatory who;
  std::string about_person;
  common::v1::Compartment compartment = common::v1::COMPARTMENT_UNSPECIFIED;
  common::v1::Regime regime = common::v1::REGIME_UNSPECIFIED;
  std::string source;
  bool to_confirm = false;  // the row says "te bevestigen"
};

// Somebody must agree and nobody can: nothing may be shared until this is arranged.
struct Vacancy {
  enum class Kind {
    kNoGezag,              // nobody holds gezag over the child
    kNoRepresentative,     // nobody represents a youth who cannot weigh the matter
    kUnreadableBirthDate,  // the age is not known
    kUnknownPerson,        // nobody of this family
    kNoRow,                // the table has no answer for this age and regime
    kNoChild,              // about the family as such, which has no child
  };
  Kind kind;
  std::string about_person;
  bool operator==(const Vacancy&) const = default;
};

struct Agreement {
  std::vector<RequiredAgreement> signatures;  // one per signatory, person and compartment
  std::vector<Vacancy> vacancies;             // without doubles
  // Nobody is left to ask, and nothing stands in the way.
  bool empty() const { return signatures.empty() && vacancies.empty(); }
};

// The regime whose law says who must agree to share a compartment.
common::v1::Regime RegimeOf(int compartment);

Agreement WhoMustAgree(const Table& table, const access::v1::FamilyFacts& facts,
                       const common::v1::About& about,
                       const google::protobuf::RepeatedField<int>& compartments, base::Date on);

// What `consent` lacks on `on`: who must sign and has no signature that counts, and what is vacant.
// Empty when everybody agreed. Does not look at the consent's period.
Agreement StillMissing(const Table& table, const access::v1::FamilyFacts& facts,
                       const access::v1::ConsentFact& consent, base::Date on);

// The persons whose information a consent is about; for the family as such, its children.
std::vector<const access::v1::PersonFact*> SubjectsOf(const access::v1::FamilyFacts& facts,
                                                      const common::v1::About& about);
// The days after `after` up to and including `until` on which who must sign for `about` can
// change, in order, without doubles.
std::vector<base::Date> ChangeDays(const Table& table, const access::v1::FamilyFacts& facts,
                                   const common::v1::About& about, base::Date after,
                                   base::Date until);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_WHO_MUST_AGREE_H_
