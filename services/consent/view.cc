#include "services/consent/view.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::consent {
namespace {

using policy::AuthorizedCall;

constexpr char kConsentPattern[] = "families/*/consents/*";
constexpr char kProfessionals[] = "professionals/";

// Whom the caller may see: themselves, the children under their gezag who do not decide alone, and
// whoever a scope of this decision is about.
std::vector<std::string> VisiblePersons(const AuthorizedCall& call, const FamilyFacts& facts) {
  const base::Date today = base::DateOf(call.now());
  std::vector<std::string> out = dossier::ChildrenUnderGezagOf(facts, call.person(), today);
  out.erase(std::remove_if(out.begin(), out.end(),
                           [&](const std::string& p) { return DecidesAlone(facts, p, today); }),
            out.end());
  out.push_back(call.person());
  for (const policy::KeyedScope& scope : call.scopes()) {
    out.insert(out.end(), scope.label.about().persons().begin(),
               scope.label.about().persons().end());
  }
  return out;
}

// Which wording was signed; 0 for none, and for an earlier one that the caller may not read.
int RevisionOf(const ConsentFact& fact, const access::v1::Signature& s, const Texts& texts) {
  if (s.wording_sha256() == fact.wording_sha256()) return policy::WordingRevision(fact);
  if (s.wording_sha256().empty()) {
    return s.state() == access::v1::SIGNATURE_STATE_WITHDRAWN ? 0 : 1;
  }
  for (const auto& [revision, text] : texts) {
    if (WordingHash(text) == s.wording_sha256()) return revision;
  }
  return 0;
}

void ShowSignature(const ConsentFact& fact, const access::v1::Signature& s, const Texts& texts,
                   v1::ConsentSignature* out) {
  out->set_person(s.person());
  out->set_organisation(s.organisation());
  out->set_state(s.state());
  *out->mutable_time() = dossier::ToTimestamp(s.time());
  out->set_how(s.how());
  out->set_wording_revision(RevisionOf(fact, s, texts));
  if (absl::StartsWith(s.recorded_by(), kProfessionals)) out->set_recorded_by(s.recorded_by());
  out->set_evidence_sha256(s.evidence_sha256());
}

void ShowNarrowing(const access::v1::Narrowing& n, v1::ConsentNarrowing* out) {
  out->set_person(n.person());
  *out->mutable_persons() = n.persons();
  out->set_family(n.family());
  *out->mutable_compartments() = n.compartments();
  *out->mutable_purposes() = n.purposes();
  *out->mutable_time() = dossier::ToTimestamp(n.time());
}

}  // namespace

std::string ConsentName(absl::string_view family, absl::string_view id) {
  return absl::StrCat("families/", family, "/consents/", id);
}

v1::Consent View(const FamilyFacts& facts, const ConsentFact& fact, const Texts& texts) {
  v1::Consent out;
  out.set_name(ConsentName(facts.id(), fact.id()));
  *out.mutable_about() = fact.about();
  *out.mutable_compartments() = fact.compartments();
  out.set_recipient(fact.recipient());
  *out.mutable_purposes() = fact.purposes();
  out.set_start_date(fact.start_date());
  out.set_end_date(fact.end_date());
  const int now = policy::WordingRevision(fact);
  out.set_wording_revision(now);
  for (const auto& [revision, text] : texts) {
    if (revision == now) out.set_wording(text);
    if (revision < now) out.add_earlier_wordings(text);
  }
  for (const access::v1::Signature& s : fact.signatures()) {
    ShowSignature(fact, s, texts, out.add_signatures());
  }
  for (const access::v1::Narrowing& n : fact.narrowings()) ShowNarrowing(n, out.add_narrowings());
  return out;
}

absl::StatusOr<std::map<std::string, Texts>> ReadWordings(const AuthorizedCall& call,
                                                          storage::ReadTx& tx) {
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, "", dossier::ItemKind::kConsentWording));
  std::map<std::string, Texts> out;
  for (const dossier::Item& item : items) {
    v1::Consent stored;
    if (!stored.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    out[stored.name()][std::max(1, stored.wording_revision())] = stored.wording();
  }
  return out;
}

std::string StoredWording(absl::string_view consent_name, absl::string_view wording, int revision) {
  v1::Consent stored;
  stored.set_name(std::string(consent_name));
  stored.set_wording(std::string(wording));
  stored.set_wording_revision(revision);
  return stored.SerializeAsString();
}

Party PartyOf(const AuthorizedCall& call) {
  if (!call.person().empty()) return {.person = call.person()};
  return {.organisation = call.organisation()};
}

bool SeesAllConsents(const AuthorizedCall& call, const FamilyFacts& facts) {
  // R13: what was agreed in a case that was closed since is withdrawn as easily as ever.
  if (facts.cases().empty()) return false;
  const access::v1::CaseFact* c = dossier::CurrentCase(facts);
  if (c == nullptr) c = &*facts.cases().rbegin();
  return c->organisation() == call.organisation() || dossier::LeadsOrStandsIn(*c, call.seat());
}

Visibility::Visibility(const AuthorizedCall& call, const FamilyFacts& facts)
    : call_(call),
      facts_(facts),
      staff_(call.is_staff()),
      all_(staff_ && SeesAllConsents(call, facts)),
      persons_(staff_ ? std::vector<std::string>() : VisiblePersons(call, facts)) {}

bool Visibility::Shows(const ConsentFact& consent) const {
  // Who may sign or withdraw it reads it, whomever it is about (R12).
  if (MayWithdraw(facts_, consent, PartyOf(call_), base::DateOf(call_.now()))) return true;
  return staff_ ? all_ || consent.recipient() == call_.organisation()
                : AboutOnly(consent, persons_);
}

void Touch(const AuthorizedCall& call, const ConsentFact& consent) {
  common::v1::Label concerned;
  *concerned.mutable_about() = consent.about();
  concerned.set_compartment(common::v1::COMPARTMENT_EDUCATION);  // where its wording is
  call.touched().Add(concerned);
}

absl::StatusOr<ConsentFact*> FindNamed(const AuthorizedCall& call, absl::string_view consent_name,
                                       FamilyFacts* facts) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", consent_name, kConsentPattern));
  ConsentFact* consent = MutableConsent(facts, name.Id("consents"));
  if (consent == nullptr) return dossier::errors::NotFound();
  if (!Visibility(call, *facts).Shows(*consent)) return dossier::errors::NotFound();
  return consent;
}

}  // namespace knooppunt::consent
