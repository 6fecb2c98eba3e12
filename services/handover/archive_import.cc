// The receiving side of a handover from another installation: looking into an archive, and taking
// it in, in one transaction or not at all (R1, R3, R11, R28, R38).

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/person_tokens.h"
#include "services/handover/archive_errors.h"
#include "services/handover/archive_family.h"
#include "services/handover/archive_format.h"
#include "services/handover/archive_service.h"
#include "services/handover/archive_store.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchivePart;
using archive::v1::ArchivePayload;
using archive::v1::ArchivePerson;
using dossier::ItemKind;
using policy::AuthorizedCall;

IdSource Ids(const AuthorizedCall& call) {
  return [&call](absl::string_view prefix, int n) { return call.Id(prefix, n); };
}

// R3: a child who has an open case here already: that, not what, as when a school opens one.
absl::Status ClaimChildren(const AuthorizedCall& call, storage::WriteTx& tx,
                           const ArchivePayload& payload) {
  std::set<std::string> tokens;
  for (int i = 0; i < payload.persons_size(); ++i) {
    const ArchivePerson& p = payload.persons(i);
    if (p.role() != access::v1::FAMILY_ROLE_CHILD) continue;
    tokens.insert(dossier::SearchToken(call, p.family_name(), p.birth_date()));
    KP_RETURN_IF_ERROR(dossier::PutPersonTokens(call, tx,
                                                {.person = call.Id("p", i),
                                                 .family_names = {p.family_name()},
                                                 .birth_date = p.birth_date()}));
  }
  for (const std::string& token : tokens) {
    KP_ASSIGN_OR_RETURN(const auto hits, dossier::FindByToken(call, tx, token));
    const bool open =
        std::any_of(hits.begin(), hits.end(), [](const auto& hit) { return hit.open_case; });
    if (open) return dossier::errors::FamilyHasCase();
    KP_RETURN_IF_ERROR(dossier::PutSearchToken(call, tx, token));
  }
  return absl::OkStatus();
}

// The directory's word on what the archive and the request name.
absl::Status CheckReferences(const AuthorizedCall& call, const ArchivePayload& payload,
                             const archive::v1::ImportHandoverRequest& req) {
  const access::v1::WerkplaatsFacts& werkplaats = call.reference(0).werkplaats();
  if (werkplaats.name() != payload.to_werkplaats() ||
      werkplaats.organisation() != payload.to_organisation()) {
    return errors::ArchiveForAnotherOrganisation();
  }
  KP_RETURN_IF_ERROR(CheckStanding(werkplaats.close_date(), base::DateOf(call.now())));
  for (int i = 0; i < req.institutions_size(); ++i) {
    if (call.reference(i + 1).organisation().name() != req.institutions(i).organisation()) {
      return errors::UnknownInstitution();
    }
  }
  return absl::OkStatus();
}

v1::Handover Received(const AuthorizedCall& call, const ArchivePayload& payload,
                      const Installation& from, const dossier::FamilyFacts& facts) {
  v1::Handover h;
  const access::v1::CaseFact& c = facts.cases(0);
  h.set_name(absl::StrCat("families/", facts.id(), "/handovers/", call.Id("handover", 0)));
  h.set_case_(absl::StrCat("families/", facts.id(), "/cases/", c.id()));
  h.set_kind(payload.kind());
  h.set_mode(v1::HANDOVER_MODE_MOVE);
  h.set_to_werkplaats(payload.to_werkplaats());
  h.set_to_organisation(payload.to_organisation());
  h.set_receiver(call.claims().subject());
  h.set_receiver_function(call.claims().function());
  h.set_receiver_display_name(call.claims().display_name());
  h.set_family_view(payload.family_view());
  h.set_package_version(2);
  h.set_package_sha256(payload.package_sha256());
  h.set_receipt_sha256(payload.package_sha256());
  h.set_expire_date(payload.expire_date());
  h.set_due_date(payload.expire_date());
  h.set_withheld_count(payload.withheld_size());
  *h.mutable_children() = c.children();
  v1::OtherInstallation* there = h.mutable_elsewhere();
  there->set_installation(from.name);
  there->set_from_there(true);
  there->set_archive(payload.archive());
  there->set_handover(payload.handover());
  there->set_werkplaats_name(payload.from_werkplaats_name());
  there->set_contact_name(payload.contact_name());
  std::vector<std::string> hashes;
  for (const ArchivePart& part : payload.parts()) hashes.push_back(PartHash(HashedPart(part)));
  std::sort(hashes.begin(), hashes.end());
  there->mutable_travelled()->Assign(hashes.begin(), hashes.end());
  Record(&h, {.state = v1::HANDOVER_STATE_RECEIVED, .actor = call.actor(), .note = ""}, call.now());
  return h;
}

}  // namespace

absl::StatusOr<ArchiveService::Opened> ArchiveService::OpenArchive(absl::string_view bytes) const {
  if (installations_ == nullptr) return errors::NoOtherInstallations();
  KP_ASSIGN_OR_RETURN(const Installations::Unpacked unpacked, installations_->Unpack(bytes));
  Opened out;
  KP_ASSIGN_OR_RETURN(out.payload, DecodeArchive(unpacked.content));
  // Signed by one and sealed anew by another, or to another: said by what is under the signature.
  if (out.payload.sender() != unpacked.from->certificate.fingerprint()) {
    return errors::ArchiveFromStranger();
  }
  if (out.payload.recipient() != installations_->own_fingerprint()) {
    return errors::ArchiveForAnotherInstallation();
  }
  out.from = unpacked.from;
  return out;
}

absl::StatusOr<ArchiveService::Opened> ArchiveService::OpenFor(const Call& call,
                                                               absl::string_view bytes) const {
  KP_ASSIGN_OR_RETURN(Opened out, OpenArchive(bytes));
  // R12: consent was given for one organisation. To who works for another the archive says nothing.
  if (out.payload.to_organisation() != call.organisation()) {
    return errors::ArchiveForAnotherOrganisation();
  }
  KP_ASSIGN_OR_RETURN(const base::Date expires, base::ParseDate(out.payload.expire_date()));
  if (expires < base::DateOf(call.now())) return errors::Expired();
  return out;
}

absl::Status ArchiveService::DemandImport(const runtime::Preparation& prep,
                                          const archive::v1::ImportHandoverRequest& req,
                                          runtime::Demands* out) const {
  const auto opened = OpenArchive(req.archive());
  if (!opened.ok()) return absl::OkStatus();
  out->labels = LabelsOf(opened->payload,
                         [&](absl::string_view prefix, int n) { return prep.Id(prefix, n); });
  out->references = {opened->payload.to_werkplaats()};
  if (req.institutions_size() > limits::kMaxPersonsPerFamily) return errors::UnknownInstitution();
  for (const auto& i : req.institutions()) out->references.push_back(i.organisation());
  return absl::OkStatus();
}

absl::Status ArchiveService::PreviewArchive(const Call& call, ReadTx& tx,
                                            const archive::v1::PreviewArchiveRequest& req,
                                            archive::v1::ArchivePreview* resp) {
  KP_ASSIGN_OR_RETURN(Opened opened, OpenFor(call, req.archive()));
  KP_ASSIGN_OR_RETURN(const bool taken, WasTaken(call, tx, opened.payload));
  resp->set_taken_in(taken);
  *resp->mutable_apart() = ApartOf(opened.payload);
  for (ArchivePart& part : *opened.payload.mutable_parts()) {
    if (part.has_document()) part.mutable_document()->clear_content();
  }
  resp->set_installation(opened.from->name);
  *resp->mutable_payload() = std::move(opened.payload);
  return absl::OkStatus();
}

// With the content that came along, looked at as any that somebody uploads; of the others it is
// known what comes.
absl::Status ArchiveService::KeepDocuments(const Call& call, WriteTx& tx,
                                           const ArchivePayload& payload, const Taken& taken,
                                           dossier::FamilyFacts* facts, v1::Handover* h) {
  int number = 0, apart = 0;
  *h->mutable_elsewhere()->mutable_apart() = ApartOf(payload);
  for (const Taken::Document& made : taken.documents) {
    if (documents_ == nullptr) return absl::InternalError("documents cannot be kept");
    const archive::v1::ArchiveDocument& d = payload.parts(made.part).document();
    KP_ASSIGN_OR_RETURN(const dossier::Item item,
                        documents_->KeepCarried(call, tx,
                                                {.title = d.title(),
                                                 .media_type = d.media_type(),
                                                 .sha256 = d.sha256(),
                                                 .size_bytes = d.size_bytes(),
                                                 .content = d.content(),
                                                 .case_id = facts->cases(0).id(),
                                                 .label = made.label,
                                                 .number = number++}));
    KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, facts, item, made.label, random_));
    h->add_items(absl::StrCat(h->case_(), "/documents/", item.id));
    if (!d.content().empty()) continue;
    v1::ApartDocument* awaited = h->mutable_elsewhere()->mutable_apart(apart++);
    awaited->set_document(h->items(h->items_size() - 1));
  }
  return absl::OkStatus();
}

absl::Status ArchiveService::ImportHandover(const Call& call, WriteTx& tx,
                                            const archive::v1::ImportHandoverRequest& req,
                                            v1::Handover* resp) {
  KP_ASSIGN_OR_RETURN(const Opened opened, OpenFor(call, req.archive()));
  const ArchivePayload& payload = opened.payload;
  KP_RETURN_IF_ERROR(CheckReferences(call, payload, req));
  KP_ASSIGN_OR_RETURN(const casework::v1::OpenCaseRequest opening,
                      AsOpening(payload, req.institutions(), opened.from->name));
  KP_RETURN_IF_ERROR(casework::CheckOpening(opening, base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(RememberTaken(call, tx, payload));
  KP_RETURN_IF_ERROR(ClaimChildren(call, tx, payload));
  dossier::FamilyFacts facts = FactsOf(
      payload, opening, call.family(),
      {.claims = call.claims(), .organisation = payload.to_organisation()}, Ids(call), call.now());
  const Taken taken = ItemsOf(payload, opening, call.family(), call.actor(), Ids(call), call.now());
  for (const NewItem& made : taken.items) {
    KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, made.item, made.label, random_));
  }
  v1::Handover h = Received(call, payload, *opened.from, facts);
  h.mutable_items()->Assign(taken.names.begin(), taken.names.end());
  KP_RETURN_IF_ERROR(KeepDocuments(call, tx, payload, taken, &facts, &h));
  const std::string id = call.Id("handover", 0);
  // Nobody closes the case, hands it on or gives it a regisseur before it is accepted (R27).
  access::v1::HandoverFact* fact = facts.add_handovers();
  fact->set_id(id);
  fact->set_case_id(facts.cases(0).id());
  fact->set_receiver(payload.to_organisation());
  fact->set_to_werkplaats(payload.to_werkplaats());
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts,
                                         {.id = id,
                                          .kind = ItemKind::kHandover,
                                          .case_id = facts.cases(0).id(),
                                          .payload = h.SerializeAsString()},
                                         payload.persons_size(), random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  // All of it was written by this call; the permit of a new family opens nothing to look again.
  h.mutable_elsewhere()->clear_travelled();
  *resp = std::move(h);
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
