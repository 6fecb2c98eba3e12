// What somebody who was not logged in decided about a consent, recorded by staff (R12, R13, R17).

#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/consent/rules.h"
#include "services/consent/service.h"
#include "services/consent/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"

namespace knooppunt::consent {
namespace {

std::string HashOf(absl::string_view scan) {
  return scan.empty() ? "" : crypto::HexEncode(crypto::Sha256(scan));
}

// The paper, and how staff made sure who it was. The signature holds the hash of the scan.
dossier::Item RecordItem(const policy::AuthorizedCall& call,
                         const v1::RecordSignatureRequest& req) {
  v1::RecordSignatureRequest stored = req;
  stored.clear_request_id();
  return {.id = call.Id("signature", 0),
          .kind = dossier::ItemKind::kSignatureRecord,
          .payload = stored.SerializeAsString()};
}

}  // namespace

absl::Status DemandRecord(const runtime::Preparation& prep, const v1::RecordSignatureRequest& req,
                          runtime::Demands* out) {
  common::v1::About about;
  if (req.person().empty()) {
    about.set_family(true);
  } else {
    about.add_persons(req.person());
  }
  out->labels.push_back(OwnLabel(prep.claims.function(), about));
  return absl::OkStatus();
}

absl::Status ConsentService::RecordSignature(const Call& call, WriteTx& tx,
                                             const v1::RecordSignatureRequest& req,
                                             v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  KP_RETURN_IF_ERROR(CheckRecord(req, call.organisation()));
  const Party who = {.person = req.person(), .organisation = req.organisation()};
  KP_RETURN_IF_ERROR(CheckSigning(facts, *consent,
                                  {.who = who, .wording_sha256 = req.wording_sha256()},
                                  base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(AddSignature(consent,
                                  {.who = who,
                                   .state = req.state(),
                                   .recorded_by = call.claims().subject(),
                                   .how = req.how(),
                                   .evidence_sha256 = HashOf(req.scan())},
                                  call.now()));
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, RecordItem(call, req), 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, {});
  return absl::OkStatus();
}

absl::Status ConsentService::RecordWithdrawal(const Call& call, WriteTx& tx,
                                              const v1::RecordWithdrawalRequest& req,
                                              v1::Consent* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  Touch(call, *consent);
  KP_RETURN_IF_ERROR(CheckRecord(req, call.organisation()));
  KP_RETURN_IF_ERROR(Withdraw(facts, consent, PartsOf(req),
                              {.who = {.person = req.person(), .organisation = req.organisation()},
                               .state = access::v1::SIGNATURE_STATE_WITHDRAWN,
                               .recorded_by = call.claims().subject(),
                               .how = req.how()},
                              call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = View(facts, *consent, {});
  return absl::OkStatus();
}

}  // namespace knooppunt::consent
