// Consents: proposed and revised by staff, signed and withdrawn by the family, listed for both.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/consent/errors.h"
#include "services/consent/rules.h"
#include "services/consent/service.h"
#include "services/consent/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::consent {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

absl::Status InsertWordings(const AuthorizedCall& call, storage::WriteTx& tx,
                            const v1::Consent& asked, absl::string_view consent_name,
                            FamilyFacts* facts, crypto::Random& random) {
  const std::string stored = StoredWording(consent_name, asked.wording(), 1);
  const int copies = static_cast<int>(WordingAbouts(asked.about()).size());
  for (int i = 0; i < copies; ++i) {
    const Item item = {
        .id = call.Id("wording", i), .kind = ItemKind::kConsentWording, .payload = stored};
    KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, facts, item, i, random));
  }
  return absl::OkStatus();
}

// Adds the new wording beside every copy of the one it replaces, which stays as it was.
absl::Status ReplaceWordings(const AuthorizedCall& call, storage::WriteTx& tx,
                             const ConsentFact& revised, const v1::ReviseConsentRequest& req,
                             crypto::Random& random) {
  const int revision = policy::WordingRevision(revised);
  KP_ASSIGN_OR_RETURN(const std::vector<Item> items,
                      dossier::ListItems(call, tx, "", ItemKind::kConsentWording));
  const std::string stored = StoredWording(req.name(), req.wording(), revision);
  int copies = 0;
  for (const Item& item : items) {
    v1::Consent before;
    if (!before.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    if (before.name() != req.name() || std::max(1, before.wording_revision()) != revision - 1) {
      continue;
    }
    const Item next = {
        .id = call.Id("wording", copies++), .kind = ItemKind::kConsentWording, .payload = stored};
    KP_RETURN_IF_ERROR(dossier::InsertBeside(call, tx, next, item, random));
  }
  // Each copy is for somebody who must sign: with one left behind they would read the old words.
  const auto needed = WordingAbouts(revised.about()).size();
  return static_cast<size_t>(copies) == needed ? absl::OkStatus() : errors::WordingNotWhole();
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
  *resp = View(facts, fact, {{1, req.consent().wording()}});
  return absl::OkStatus();
}

absl::Status ConsentService::SignConsent(const Call& call, WriteTx& tx,
                                         const v1::SignConsentRequest& req, v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  Touch(call, *consent);
  KP_RETURN_IF_ERROR(CheckSigning(facts, *consent,
                                  {.who = PartyOf(call), .wording_sha256 = req.wording_sha256()},
                                  base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(AddSignature(consent,
                                  {.who = PartyOf(call),
                                   .state = req.refuse() ? access::v1::SIGNATURE_STATE_REFUSED
                                                         : access::v1::SIGNATURE_STATE_GIVEN,
                                   .recorded_by = call.claims().subject()},
                                  call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, {});
  return absl::OkStatus();
}

absl::Status ConsentService::WithdrawConsent(const Call& call, WriteTx& tx,
                                             const v1::WithdrawConsentRequest& req,
                                             v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  Touch(call, *consent);
  KP_RETURN_IF_ERROR(Withdraw(facts, consent, PartsOf(req),
                              {.who = PartyOf(call),
                               .state = access::v1::SIGNATURE_STATE_WITHDRAWN,
                               .recorded_by = call.claims().subject()},
                              call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, {});
  return absl::OkStatus();
}

absl::Status ConsentService::ReviseConsent(const Call& call, WriteTx& tx,
                                           const v1::ReviseConsentRequest& req, v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  Touch(call, *consent);
  KP_RETURN_IF_ERROR(Revise(consent, req.wording(), base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(ReplaceWordings(call, tx, *consent, req, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, {{policy::WordingRevision(*consent), req.wording()}});
  return absl::OkStatus();
}

absl::Status ConsentService::ListConsents(const Call& call, ReadTx& tx,
                                          const v1::ListConsentsRequest& req,
                                          v1::ListConsentsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), "families/*").status());
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(auto wordings, ReadWordings(call, tx));
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
