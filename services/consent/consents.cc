// Consents: proposed by staff, signed and withdrawn by the family, listed for both.

#include <map>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/consent/errors.h"
#include "services/consent/rules.h"
#include "services/consent/service.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::consent {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kConsentPattern[] = "families/*/consents/*";

std::string ConsentName(absl::string_view family, absl::string_view id) {
  return absl::StrCat("families/", family, "/consents/", id);
}

v1::Consent View(const FamilyFacts& facts, const ConsentFact& fact, absl::string_view wording) {
  v1::Consent out;
  out.set_name(ConsentName(facts.id(), fact.id()));
  *out.mutable_about() = fact.about();
  *out.mutable_compartments() = fact.compartments();
  out.set_recipient(fact.recipient());
  *out.mutable_purposes() = fact.purposes();
  out.set_start_date(fact.start_date());
  out.set_end_date(fact.end_date());
  out.set_wording(std::string(wording));
  for (const access::v1::Signature& s : fact.signatures()) {
    v1::ConsentSignature* shown = out.add_signatures();
    shown->set_person(s.person());
    shown->set_state(s.state());
    *shown->mutable_time() = dossier::ToTimestamp(s.time());
    shown->set_how(s.how());
  }
  return out;
}

// The caller as a party: a person of the family, or the institution they work for.
Party PartyOf(const AuthorizedCall& call) {
  if (!call.person().empty()) return {.person = call.person()};
  return {.organisation = call.organisation()};
}

// Whom the caller may see: themselves, the children under their gezag, and whoever a scope of
// this decision is about.
std::vector<std::string> VisiblePersons(const AuthorizedCall& call, const FamilyFacts& facts) {
  std::vector<std::string> out =
      dossier::ChildrenUnderGezagOf(facts, call.person(), base::DateOf(call.now()));
  out.push_back(call.person());
  for (const policy::KeyedScope& scope : call.scopes()) {
    out.insert(out.end(), scope.label.about().persons().begin(),
               scope.label.about().persons().end());
  }
  return out;
}

// Staff of the werkplaats, and who leads the case, see what the family agreed with whom.
bool SeesAllConsents(const AuthorizedCall& call, const FamilyFacts& facts) {
  const access::v1::CaseFact* c = dossier::CurrentCase(facts);
  if (c == nullptr) return false;
  return c->organisation() == call.organisation() || dossier::LeadsOrStandsIn(*c, call.seat());
}

class Visibility {
 public:
  Visibility(const AuthorizedCall& call, const FamilyFacts& facts)
      : call_(call),
        facts_(facts),
        staff_(call.is_staff()),
        all_(staff_ && SeesAllConsents(call, facts)),
        persons_(staff_ ? std::vector<std::string>() : VisiblePersons(call, facts)) {}

  bool Shows(const ConsentFact& consent) const {
    // Who may sign or withdraw it reads it, whomever it is about (R12).
    if (MayWithdraw(facts_, consent, PartyOf(call_), base::DateOf(call_.now()))) return true;
    return staff_ ? all_ || consent.recipient() == call_.organisation()
                  : AboutOnly(consent, persons_);
  }

 private:
  const AuthorizedCall& call_;
  const FamilyFacts& facts_;
  const bool staff_;
  const bool all_;
  const std::vector<std::string> persons_;
};

// The wordings that the permit opens, by the name of the consent. Copies are alike.
absl::StatusOr<std::map<std::string, std::string>> Wordings(const AuthorizedCall& call,
                                                            storage::ReadTx& tx) {
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, "", ItemKind::kConsentWording));
  std::map<std::string, std::string> out;
  for (const Item& item : items) {
    v1::Consent stored;
    if (!stored.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    out[stored.name()] = stored.wording();
  }
  return out;
}

absl::Status InsertWordings(const AuthorizedCall& call, storage::WriteTx& tx,
                            const v1::Consent& asked, absl::string_view consent_name,
                            FamilyFacts* facts, crypto::Random& random) {
  v1::Consent stored;
  stored.set_name(std::string(consent_name));
  stored.set_wording(asked.wording());
  const int copies = static_cast<int>(WordingAbouts(asked.about()).size());
  for (int i = 0; i < copies; ++i) {
    const Item item = {.id = call.Id("wording", i),
                       .kind = ItemKind::kConsentWording,
                       .payload = stored.SerializeAsString()};
    KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, facts, item, i, random));
  }
  return absl::OkStatus();
}

// The consent that a request names, if the caller may see it: else the constant NOT_FOUND.
absl::StatusOr<ConsentFact*> FindNamed(const AuthorizedCall& call, absl::string_view consent_name,
                                       FamilyFacts* facts) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", consent_name, kConsentPattern));
  ConsentFact* consent = MutableConsent(facts, name.Id("consents"));
  if (consent == nullptr) return dossier::errors::NotFound();
  if (!Visibility(call, *facts).Shows(*consent)) return dossier::errors::NotFound();
  return consent;
}

}  // namespace

absl::Status DemandPropose(const runtime::Preparation&, const v1::ProposeConsentRequest& req,
                           runtime::Demands* out) {
  if (req.consent().about().persons_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField("consent.about", "name persons of this family");
  }
  for (const common::v1::About& about : WordingAbouts(req.consent().about())) {
    common::v1::Label label;
    *label.mutable_about() = about;
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    out->labels.push_back(std::move(label));
  }
  out->references.push_back(req.consent().recipient());
  return absl::OkStatus();
}

absl::Status ConsentService::ProposeConsent(const Call& call, WriteTx& tx,
                                            const v1::ProposeConsentRequest& req,
                                            v1::Consent* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), "families/*").status());
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_RETURN_IF_ERROR(CheckProposal(req.consent(), facts, base::DateOf(call.now())));
  if (call.reference(0).organisation().name() != req.consent().recipient()) {
    return errors::UnknownRecipient();
  }
  const std::string id = call.Id("consent", 0);
  const ConsentFact& fact = *facts.add_consents() = Proposed(req.consent(), id);
  KP_RETURN_IF_ERROR(
      InsertWordings(call, tx, req.consent(), ConsentName(facts.id(), id), &facts, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, fact, req.consent().wording());
  return absl::OkStatus();
}

absl::Status ConsentService::SignConsent(const Call& call, WriteTx& tx,
                                         const v1::SignConsentRequest& req, v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  const base::Date today = base::DateOf(call.now());
  if (!MaySign(facts, *consent, PartyOf(call), today)) return errors::NotYoursToSign();
  if (req.wording_sha256() != consent->wording_sha256()) return errors::WordingDiffers();
  const auto end = base::ParseDate(consent->end_date());
  if (!end.ok() || *end <= today) return errors::AlreadyOver();
  KP_RETURN_IF_ERROR(AddSignature(consent,
                                  {.who = PartyOf(call),
                                   .state = req.refuse() ? access::v1::SIGNATURE_STATE_REFUSED
                                                         : access::v1::SIGNATURE_STATE_GIVEN,
                                   .recorded_by = call.claims().subject()},
                                  call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, "");
  return absl::OkStatus();
}

absl::Status ConsentService::WithdrawConsent(const Call& call, WriteTx& tx,
                                             const v1::WithdrawConsentRequest& req,
                                             v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  const Party who = PartyOf(call);
  if (NewestOf(*consent, who) == access::v1::SIGNATURE_STATE_WITHDRAWN)
    return errors::AlreadyWithdrawn();
  if (!MayWithdraw(facts, *consent, who, base::DateOf(call.now())))
    return errors::NotYoursToWithdraw();
  KP_RETURN_IF_ERROR(AddSignature(consent,
                                  {.who = who,
                                   .state = access::v1::SIGNATURE_STATE_WITHDRAWN,
                                   .recorded_by = call.claims().subject()},
                                  call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, "");
  return absl::OkStatus();
}

absl::Status ConsentService::ListConsents(const Call& call, ReadTx& tx,
                                          const v1::ListConsentsRequest& req,
                                          v1::ListConsentsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), "families/*").status());
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(auto wordings, Wordings(call, tx));
  const Visibility visibility(call, facts);
  for (const ConsentFact& consent : facts.consents()) {
    if (!visibility.Shows(consent)) continue;
    v1::Consent* shown = resp->add_consents();
    *shown = View(facts, consent, wordings[ConsentName(facts.id(), consent.id())]);
    shown->set_in_force(call.ConsentInForce(consent.id()));
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::consent
