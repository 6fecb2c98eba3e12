#include "services/consent/rules.h"

#include <algorithm>
#include <iterator>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "security/policy/consent_rules.h"
#include "services/consent/errors.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::consent {
namespace {

using access::v1::PersonFact;
using dossier::errors::InvalidField;

// A signatory a month for the life of a consent is far beyond any use.
constexpr int kMaxSignatures = 256;
constexpr int kMaxWordings = 32;

absl::Status CheckLists(const v1::Consent& asked) {
  if (asked.about().persons_size() > limits::kMaxPersonsPerFamily) {
    return InvalidField("consent.about", "name persons of this family");
  }
  if ((asked.about().persons().empty() && !asked.about().family()) ||
      asked.compartments().empty() || asked.purposes().empty()) {
    return errors::EmptyMeansNothing();
  }
  absl::flat_hash_set<int> seen;
  for (int c : asked.compartments()) {
    if (c == common::v1::COMPARTMENT_UNSPECIFIED || !common::v1::Compartment_IsValid(c) ||
        !seen.insert(c).second) {
      return InvalidField("consent.compartments", "name known compartments, each once");
    }
  }
  seen.clear();
  for (int p : asked.purposes()) {
    const bool shares = p == common::v1::PURPOSE_COORDINATION || p == common::v1::PURPOSE_HANDOVER;
    if (!shares || !seen.insert(p).second) return errors::PurposeNotForSharing();
  }
  return absl::OkStatus();
}

absl::Status CheckPeriod(const v1::Consent& asked, base::Date on) {
  if (asked.start_date().empty() || asked.end_date().empty()) return errors::EndDateRequired();
  KP_ASSIGN_OR_RETURN(const base::Date start,
                      dossier::ParseDay("consent.start_date", asked.start_date()));
  KP_ASSIGN_OR_RETURN(const base::Date end,
                      dossier::ParseDay("consent.end_date", asked.end_date()));
  if (end <= start) return errors::EndDateRequired();
  return end <= on ? errors::AlreadyOver() : absl::OkStatus();
}

// The persons it is about; for the family as such, its children too.
std::vector<std::string> Subjects(const FamilyFacts& facts, const common::v1::About& about) {
  std::vector<std::string> out(about.persons().begin(), about.persons().end());
  if (!about.family()) return out;
  for (const PersonFact& p : facts.persons()) {
    if (p.role() == access::v1::FAMILY_ROLE_CHILD) out.push_back(p.id());
  }
  return out;
}

bool Is(const access::v1::Signature& s, const Party& who) {
  return s.person() == who.person && s.organisation() == who.organisation;
}

// R14, R13: not over, and not withdrawn part by part until nothing was left.
absl::Status CheckAlive(const ConsentFact& consent, base::Date on) {
  const auto end = base::ParseDate(consent.end_date());
  if (!end.ok() || *end <= on) return errors::AlreadyOver();
  const ConsentFact left = policy::EffectiveConsent(consent);
  const bool nothing = left.compartments().empty() || left.purposes().empty() ||
                       (left.about().persons().empty() && !left.about().family());
  return nothing ? errors::NothingLeft() : absl::OkStatus();
}

template <typename List>
bool Within(const List& parts, const List& whole) {
  return std::all_of(parts.begin(), parts.end(), [&](const auto& p) {
    return std::find(whole.begin(), whole.end(), p) != whole.end();
  });
}

bool Names(const ConsentFact& consent, const access::v1::Narrowing& parts) {
  return Within(parts.persons(), consent.about().persons()) &&
         (!parts.family() || consent.about().family()) &&
         Within(parts.compartments(), consent.compartments()) &&
         Within(parts.purposes(), consent.purposes());
}

absl::Status CheckParts(const ConsentFact& consent, const access::v1::Narrowing& parts) {
  if (!Names(consent, parts)) return errors::NotAPart();
  return Names(policy::EffectiveConsent(consent), parts) ? absl::OkStatus()
                                                         : errors::PartAlreadyWithdrawn();
}

template <typename Request>
absl::Status CheckRecordedFor(const Request& req, absl::string_view recorder) {
  if (req.person().empty() == req.organisation().empty()) {
    return InvalidField("person", "name who decided, or organisation the institution that did");
  }
  if (!req.organisation().empty()) {
    KP_RETURN_IF_ERROR(
        dossier::CheckDirectoryName("organisation", req.organisation(), "organisations"));
  }
  if (req.organisation() == recorder) return errors::NotForYourself();
  if (req.how() != access::v1::RECORDED_HOW_IN_PERSON &&
      req.how() != access::v1::RECORDED_HOW_ON_PAPER &&
      req.how() != access::v1::RECORDED_HOW_ASSISTED) {
    return InvalidField("how", "be in person, on paper or assisted");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckProposal(const v1::Consent& asked, const FamilyFacts& facts, base::Date on) {
  KP_RETURN_IF_ERROR(CheckLists(asked));
  for (const std::string& p : asked.about().persons()) {
    if (policy::FindPerson(facts, p) == nullptr) {
      return InvalidField("consent.about", "name persons of this family");
    }
  }
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("consent.recipient", asked.recipient(), "organisations"));
  KP_RETURN_IF_ERROR(dossier::ValidateText("consent.wording", asked.wording(), {}));
  return CheckPeriod(asked, on);
}

ConsentFact Proposed(const v1::Consent& asked, absl::string_view id) {
  ConsentFact out;
  out.set_id(std::string(id));
  *out.mutable_about() = dossier::Normalised(asked.about());
  *out.mutable_compartments() = asked.compartments();
  out.set_recipient(asked.recipient());
  *out.mutable_purposes() = asked.purposes();
  out.set_start_date(asked.start_date());
  out.set_end_date(asked.end_date());
  out.set_wording_sha256(WordingHash(asked.wording()));
  out.set_wording_revision(1);
  return out;
}

std::vector<common::v1::About> WordingAbouts(const common::v1::About& about) {
  std::vector<common::v1::About> out;
  const common::v1::About normalised = dossier::Normalised(about);
  for (const std::string& p : normalised.persons()) out.emplace_back().add_persons(p);
  if (about.family()) out.emplace_back().set_family(true);
  return out;
}

std::string WordingHash(absl::string_view wording) {
  return crypto::HexEncode(crypto::Sha256(wording));
}

const ConsentFact* FindConsent(const FamilyFacts& facts, absl::string_view id) {
  for (const ConsentFact& c : facts.consents()) {
    if (c.id() == id) return &c;
  }
  return nullptr;
}

ConsentFact* MutableConsent(FamilyFacts* facts, absl::string_view id) {
  return const_cast<ConsentFact*>(FindConsent(*facts, id));
}

bool DecidesAlone(const FamilyFacts& facts, absl::string_view person, base::Date on) {
  const PersonFact* p = policy::FindPerson(facts, person);
  return p != nullptr && p->role() == access::v1::FAMILY_ROLE_CHILD && !p->incapacitated() &&
         policy::AgeOf(*p, on) >= dossier::kYouthAloneAge;
}

bool MaySign(const FamilyFacts& facts, const ConsentFact& consent, const Party& who,
             base::Date on) {
  const std::vector<std::string> subjects = Subjects(facts, consent.about());
  std::vector<std::string> represented;
  std::copy_if(subjects.begin(), subjects.end(), std::back_inserter(represented),
               [&](const std::string& p) { return !DecidesAlone(facts, p, on); });
  if (who.person.empty()) {
    return dossier::InstitutionHoldsGezagOverAny(facts, who.organisation, represented, on);
  }
  const PersonFact* me = policy::FindPerson(facts, who.person);
  if (me == nullptr) return false;
  if (std::find(subjects.begin(), subjects.end(), who.person) != subjects.end() &&
      policy::AgeOf(*me, on) >= dossier::kYouthAge) {
    return true;
  }
  return dossier::HoldsGezagOverAny(facts, who.person, represented, on);
}

bool MayWithdraw(const FamilyFacts& facts, const ConsentFact& consent, const Party& who,
                 base::Date on) {
  return NewestOf(consent, who) == access::v1::SIGNATURE_STATE_GIVEN ||
         MaySign(facts, consent, who, on);
}

access::v1::SignatureState NewestOf(const ConsentFact& consent, const Party& who) {
  for (int i = consent.signatures_size() - 1; i >= 0; --i) {
    if (Is(consent.signatures(i), who)) return consent.signatures(i).state();
  }
  return access::v1::SIGNATURE_STATE_UNSPECIFIED;
}

absl::Status AddSignature(ConsentFact* consent, const Signing& signing, absl::Time now) {
  const bool withdrawn = signing.state == access::v1::SIGNATURE_STATE_WITHDRAWN;
  // Withdrawing stays possible whatever the number of signatures: it ends sharing (R13).
  if (consent->signatures_size() >= kMaxSignatures && !withdrawn) {
    return errors::TooManySignatures();
  }
  access::v1::Signature* s = consent->add_signatures();
  s->set_person(signing.who.person);
  s->set_organisation(signing.who.organisation);
  s->set_state(signing.state);
  s->set_time(absl::ToUnixSeconds(now));
  s->set_how(signing.how);
  s->set_recorded_by(signing.recorded_by);
  if (!withdrawn) s->set_wording_sha256(consent->wording_sha256());
  s->set_evidence_sha256(signing.evidence_sha256);
  return absl::OkStatus();
}

absl::Status CheckSigning(const FamilyFacts& facts, const ConsentFact& consent, const Asked& asked,
                          base::Date on) {
  if (!MaySign(facts, consent, asked.who, on)) return errors::NotYoursToSign();
  if (asked.wording_sha256 != consent.wording_sha256()) return errors::WordingDiffers();
  return CheckAlive(consent, on);
}

absl::Status Withdraw(const FamilyFacts& facts, ConsentFact* consent, access::v1::Narrowing parts,
                      const Signing& signing, absl::Time now) {
  const bool whole = parts.persons().empty() && !parts.family() && parts.compartments().empty() &&
                     parts.purposes().empty();
  if (whole && NewestOf(*consent, signing.who) == access::v1::SIGNATURE_STATE_WITHDRAWN) {
    return errors::AlreadyWithdrawn();
  }
  if (!MayWithdraw(facts, *consent, signing.who, base::DateOf(now))) {
    return errors::NotYoursToWithdraw();
  }
  if (whole) return AddSignature(consent, signing, now);
  KP_RETURN_IF_ERROR(CheckParts(*consent, parts));
  parts.set_person(signing.who.person);
  parts.set_organisation(signing.who.organisation);
  parts.set_time(absl::ToUnixSeconds(now));
  parts.set_how(signing.how);
  parts.set_recorded_by(signing.recorded_by);
  *consent->add_narrowings() = std::move(parts);
  return absl::OkStatus();
}

absl::Status Revise(ConsentFact* consent, absl::string_view wording, base::Date on) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("wording", wording, {}));
  KP_RETURN_IF_ERROR(CheckAlive(*consent, on));
  const int revision = policy::WordingRevision(*consent);
  if (revision >= kMaxWordings) return errors::TooManyWordings();
  const std::string hash = WordingHash(wording);
  const auto& signatures = consent->signatures();
  if (hash == consent->wording_sha256() ||
      std::any_of(signatures.begin(), signatures.end(),
                  [&](const access::v1::Signature& s) { return s.wording_sha256() == hash; })) {
    return errors::WordingShownBefore();
  }
  consent->set_wording_sha256(hash);
  consent->set_wording_revision(revision + 1);
  return absl::OkStatus();
}

bool LooksLikeScan(absl::string_view bytes) {
  return absl::StartsWith(bytes, "%PDF-") || absl::StartsWith(bytes, "\x89PNG\r\n\x1a\n") ||
         absl::StartsWith(bytes, "\xff\xd8\xff");
}

absl::Status CheckRecord(const v1::RecordSignatureRequest& req, absl::string_view recorder) {
  KP_RETURN_IF_ERROR(CheckRecordedFor(req, recorder));
  if (req.state() != access::v1::SIGNATURE_STATE_GIVEN &&
      req.state() != access::v1::SIGNATURE_STATE_REFUSED) {
    return InvalidField("state", "be given or refused; a withdrawal is recorded as such");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateName("identified_by", req.identified_by()));
  if (req.how() != access::v1::RECORDED_HOW_ON_PAPER) {
    return req.scan().empty() ? absl::OkStatus()
                              : InvalidField("scan", "be left out unless it is on paper");
  }
  if (req.scan().empty()) return errors::ScanNeeded();
  if (req.scan().size() > kMaxScanBytes || !LooksLikeScan(req.scan())) return errors::ScanUnfit();
  return absl::OkStatus();
}

absl::Status CheckEvidence(absl::string_view sha256) {
  const bool hex = std::all_of(sha256.begin(), sha256.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (sha256.size() == 64 && hex) return absl::OkStatus();
  return InvalidField("evidence_sha256", "be the SHA-256 of a scan, as the signature has it");
}

absl::Status CheckRecord(const v1::RecordWithdrawalRequest& req, absl::string_view recorder) {
  return CheckRecordedFor(req, recorder);
}

common::v1::Label OwnLabel(common::v1::Function function, const common::v1::About& about) {
  common::v1::Label out;
  *out.mutable_about() = dossier::Normalised(about);
  switch (function) {
    case common::v1::FUNCTION_JGZ_NURSE:
    case common::v1::FUNCTION_JGZ_DOCTOR:
      out.set_compartment(common::v1::COMPARTMENT_HEALTH);
      out.set_regime(common::v1::REGIME_HEALTH);
      break;
    case common::v1::FUNCTION_MUNICIPAL_CONSULTANT:
    case common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER:
      out.set_compartment(common::v1::COMPARTMENT_FAMILY);
      out.set_regime(common::v1::REGIME_MUNICIPAL);
      break;
    case common::v1::FUNCTION_YOUTH_CARE_WORKER:
      out.set_compartment(common::v1::COMPARTMENT_CARE);
      out.set_regime(common::v1::REGIME_YOUTH_CARE);
      break;
    default:
      out.set_compartment(common::v1::COMPARTMENT_EDUCATION);
      out.set_regime(common::v1::REGIME_EDUCATION);
  }
  return out;
}

bool AboutOnly(const ConsentFact& consent, const std::vector<std::string>& visible) {
  const auto& about = consent.about().persons();
  return std::all_of(about.begin(), about.end(), [&](const std::string& p) {
    return std::find(visible.begin(), visible.end(), p) != visible.end();
  });
}

}  // namespace knooppunt::consent
