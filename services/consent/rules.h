// The rules of consent: pure functions over the facts of a family. Whether a consent is in
// force is not decided here but by access, with the table of signatories (R11, R14): these
// rules say what may be proposed, who may sign and withdraw, and who may see it. No I/O, no
// clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_RULES_H_
#define KNOOPPUNT_SERVICES_CONSENT_RULES_H_

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"

namespace knooppunt::consent {

using access::v1::ConsentFact;
using access::v1::FamilyFacts;

// R12: everything named, nothing broader. `on` is today.
absl::Status CheckProposal(const v1::Consent& asked, const FamilyFacts& facts, base::Date on);
// The fact of a checked proposal, not signed by anybody yet.
ConsentFact Proposed(const v1::Consent& asked, absl::string_view id);
// Whom each copy of the wording is about: one for each person it names, in order, and one for
// the family as such. One copy about all of them together would hide the wording from those who
// must sign it: a mother may not read what is about the father (R18), and signs all the same.
std::vector<common::v1::About> WordingAbouts(const common::v1::About& about);
// Hex SHA-256 of the exact wording.
std::string WordingHash(absl::string_view wording);

const ConsentFact* FindConsent(const FamilyFacts& facts, absl::string_view id);
ConsentFact* MutableConsent(FamilyFacts* facts, absl::string_view id);

// A youth of 16 or older who can weigh the matter: no holder of gezag signs or withdraws for them,
// nor sees what is only theirs (R11, R18).
bool DecidesAlone(const FamilyFacts& facts, absl::string_view person, base::Date on);
// Somebody who signs or withdraws: a person of the family, or an institution that holds gezag.
struct Party {
  std::string person;
  std::string organisation;
};
// R11: holders of gezag over somebody it is about, the youth from 12 and adults about
// themselves. A consent about the family as such is about each of its children.
bool MaySign(const FamilyFacts& facts, const ConsentFact& consent, const Party& who, base::Date on);
// R13: whoever may sign, and whoever did.
bool MayWithdraw(const FamilyFacts& facts, const ConsentFact& consent, const Party& who,
                 base::Date on);
// The party's newest signature; SIGNATURE_STATE_UNSPECIFIED when there is none.
access::v1::SignatureState NewestOf(const ConsentFact& consent, const Party& who);

// Hex SHA-256 of a scan, as a signature has it: 64 digits and small letters. INVALID_ARGUMENT.
absl::Status CheckEvidence(absl::string_view sha256);

struct Signing {
  Party who;
  access::v1::SignatureState state = access::v1::SIGNATURE_STATE_UNSPECIFIED;
  std::string recorded_by;
  access::v1::RecordedHow how = access::v1::RECORDED_HOW_ONLINE;
  std::string evidence_sha256;  // of the scan, hex; empty unless on paper
};
// Adds to the immutable history. Giving and refusing are of today's wording.
absl::Status AddSignature(ConsentFact* consent, const Signing& signing, absl::Time now);
// R11, R12, R14: FAILED_PRECONDITION unless `who` may sign it today, under the wording of this
// hash, before its end, and something of it is left.
struct Asked {
  Party who;
  absl::string_view wording_sha256;
};
absl::Status CheckSigning(const FamilyFacts& facts, const ConsentFact& consent, const Asked& asked,
                          base::Date on);

// The parts that a withdrawal names (R13), each once; none of them is the whole.
template <typename Request>
access::v1::Narrowing PartsOf(const Request& req);
// Withdraws the whole, or the parts, which are never given again. INVALID_ARGUMENT for what is no
// part of it; FAILED_PRECONDITION for what was withdrawn already and for who has no say.
absl::Status Withdraw(const FamilyFacts& facts, ConsentFact* consent, access::v1::Narrowing parts,
                      const Signing& signing, absl::Time now);

// R12: the new wording, with what it is called; the parts stay. FAILED_PRECONDITION for a wording
// that was shown before, whose signatures would count again, for a consent that is over and for
// one of which nothing is left.
absl::Status Revise(ConsentFact* consent, absl::string_view wording, base::Date on);

// R17: staff record for others than themselves, in a way that is not online, and write down how
// they made sure who it was; paper comes with its scan. INVALID_ARGUMENT or FAILED_PRECONDITION.
absl::Status CheckRecord(const v1::RecordSignatureRequest& req, absl::string_view recorder);
absl::Status CheckRecord(const v1::RecordWithdrawalRequest& req, absl::string_view recorder);
inline constexpr size_t kMaxScanBytes = 1'000'000;  // with the rest it fits into one request
// By its first bytes a PDF, PNG or JPEG file, whatever it was called.
bool LooksLikeScan(absl::string_view bytes);
// The label of what somebody in this function records for their organisation: its compartment and
// regime (R11, R38).
common::v1::Label OwnLabel(common::v1::Function function, const common::v1::About& about);

// Whether `consent` is wholly about persons in `visible` (and the family, for one of its own).
bool AboutOnly(const ConsentFact& consent, const std::vector<std::string>& visible);

template <typename Request>
access::v1::Narrowing PartsOf(const Request& req) {
  access::v1::Narrowing out;
  const auto sort = [](auto* list) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  };
  *out.mutable_persons() = req.persons();
  out.set_family(req.family());
  *out.mutable_compartments() = req.compartments();
  *out.mutable_purposes() = req.purposes();
  sort(out.mutable_persons());
  sort(out.mutable_compartments());
  sort(out.mutable_purposes());
  return out;
}

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_RULES_H_
