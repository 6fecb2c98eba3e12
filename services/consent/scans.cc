// The scan of the paper on which somebody decided about a consent (R12), for who may see it.

#include "absl/strings/match.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/consent/service.h"
#include "services/consent/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"

namespace knooppunt::consent {
namespace {

// RecordSignature takes no other kinds of file.
absl::string_view MediaTypeOf(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "%PDF-")) return "application/pdf";
  return absl::StartsWith(bytes, "\x89PNG") ? "image/png" : "image/jpeg";
}

}  // namespace

absl::Status ConsentService::GetScan(const Call& call, ReadTx& tx, const v1::GetScanRequest& req,
                                     v1::Scan* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const ConsentFact* const consent, FindNamed(call, req.name(), &facts));
  KP_RETURN_IF_ERROR(CheckEvidence(req.evidence_sha256()));
  KP_ASSIGN_OR_RETURN(const std::vector<dossier::Item> papers,
                      dossier::ListItems(call, tx, "", dossier::ItemKind::kSignatureRecord));
  const std::string wanted = ConsentName(facts.id(), consent->id());
  for (const dossier::Item& paper : papers) {
    v1::RecordSignatureRequest stored;
    if (!stored.ParseFromString(paper.payload)) {
      return absl::DataLossError("an item cannot be read");
    }
    if (stored.name() != wanted || stored.scan().empty() ||
        crypto::HexEncode(crypto::Sha256(stored.scan())) != req.evidence_sha256()) {
      continue;
    }
    // The record tells of the paper that is shown, not of those it was found among.
    call.touched() = {};
    call.touched().Add(paper.label);
    resp->set_name(stored.name());
    resp->set_evidence_sha256(req.evidence_sha256());
    resp->set_media_type(std::string(MediaTypeOf(stored.scan())));
    resp->set_person(stored.person());
    resp->set_organisation(stored.organisation());
    resp->set_identified_by(stored.identified_by());
    resp->set_content(std::move(*stored.mutable_scan()));
    return absl::OkStatus();
  }
  call.touched() = {};
  return dossier::errors::NotFound();
}

}  // namespace knooppunt::consent
