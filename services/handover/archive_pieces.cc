// Documents that have no room in an archive: pieces of their content out of the sending
// installation, and into the receiving one (R13, R28). Of a content no more than a piece is in
// memory.

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/handover/archive_errors.h"
#include "services/handover/archive_format.h"
#include "services/handover/archive_service.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchivePiece;
using runtime::Flow;

static_assert(kMaxPackedPieceBytes + (1 << 10) <= limits::kMaxStreamMessageBytes,
              "a piece goes in one message");

// Content comes in as long as the case is on its way here, or has been accepted here.
absl::Status CheckTakesIn(const LoadedHandover& at, base::Date today) {
  switch (StateOn(at.h, today)) {
    case v1::HANDOVER_STATE_EXPIRED:
      return errors::Expired();
    case v1::HANDOVER_STATE_RETURNED:
    case v1::HANDOVER_STATE_WITHDRAWN:
      return errors::ForbiddenTransition();
    default:
      break;
  }
  return at.c->state() == access::v1::CASE_STATE_CLOSED ? dossier::errors::CaseClosed()
                                                        : absl::OkStatus();
}

v1::ApartDocument* FindApart(v1::Handover* h, absl::string_view document) {
  for (v1::ApartDocument& apart : *h->mutable_elsewhere()->mutable_apart()) {
    if (apart.document() == document) return &apart;
  }
  return nullptr;
}

}  // namespace

// ---- The sending side ---------------------------------------------------------

absl::StatusOr<Flow> ArchiveService::ExportDocument(const Call& call, ReadTx& tx,
                                                    const archive::v1::ExportDocumentRequest& req,
                                                    Outgoing* state,
                                                    archive::v1::ExportDocumentResponse* resp) {
  // Found anew for every piece: a consent or a handover that was withdrawn meanwhile ends it here.
  Departure out;
  KP_RETURN_IF_ERROR(LoadDeparture(call, tx, req.name(), &out));
  const auto picked = std::find(out.at.h.items().begin(), out.at.h.items().end(), req.item());
  if (picked == out.at.h.items().end()) return errors::NotAPart();
  const auto part = std::find_if(out.at.parts.begin(), out.at.parts.end(),
                                 [&](const OpenedPart& p) { return p.part.item() == req.item(); });
  if (part == out.at.parts.end()) return errors::NoConsent();
  if (part->part.kind() != "document" || documents_ == nullptr) return errors::NotAPart();
  if (!TravelsElsewhere(part->label)) return errors::ElsewhereIsEducation();
  KP_ASSIGN_OR_RETURN(dossier::CarriedPart content,
                      documents_->ReadPartToCarry(call, tx, req.item(), state->next_offset_bytes));
  const int64_t end = state->next_offset_bytes + static_cast<int64_t>(content.bytes.size());
  ArchivePiece piece;
  piece.set_version(kArchiveVersion);
  piece.set_archive(ArchiveId(out.at.h.name(), out.at.h.package_sha256()));
  piece.set_sender(installations_->own_fingerprint());
  piece.set_recipient(out.to->certificate.fingerprint());
  piece.set_item(req.item());
  piece.set_offset_bytes(state->next_offset_bytes);
  piece.set_last(end == content.size_bytes);
  piece.set_content(std::move(content.bytes));
  KP_ASSIGN_OR_RETURN(*resp->mutable_piece(),
                      installations_->Pack(*out.to, EncodePiece(piece), kMaxPackedPieceBytes));
  state->next_offset_bytes = end;
  return piece.last() ? Flow::kLast : Flow::kMore;
}

// ---- The receiving side ---------------------------------------------------------

absl::Status ArchiveService::TakePiece(const Call& call, const archive::v1::ImportDocumentRequest&,
                                       const archive::v1::ImportDocumentRequest& message,
                                       Incoming* state) {
  if (state->intake == nullptr) {
    return message.piece().empty() ? absl::OkStatus() : errors::PieceOutOfPlace();
  }
  if (!message.name().empty() || !message.document().empty() || !message.request_id().empty()) {
    return errors::PieceOutOfPlace();
  }
  if (installations_ == nullptr) return errors::NoOtherInstallations();
  KP_ASSIGN_OR_RETURN(const Installations::Unpacked unpacked,
                      installations_->Unpack(message.piece(), kMaxPackedPieceBytes));
  KP_ASSIGN_OR_RETURN(const ArchivePiece piece, DecodePiece(unpacked.content));
  // Signed by one and sealed anew by another, or to another: said by what is under the signature.
  if (piece.sender() != unpacked.from->certificate.fingerprint()) {
    return errors::ArchiveFromStranger();
  }
  if (piece.recipient() != installations_->own_fingerprint()) {
    return errors::ArchiveForAnotherInstallation();
  }
  if (unpacked.from->name != state->installation || piece.archive() != state->archive ||
      piece.item() != state->item) {
    return errors::PieceOfAnother();
  }
  const int64_t left = state->size_bytes - state->next_offset_bytes;
  const int64_t size = std::min(kPieceBytes, left);
  if (left == 0 || piece.offset_bytes() != state->next_offset_bytes ||
      static_cast<int64_t>(piece.content().size()) != size || piece.last() != (size == left)) {
    return errors::PieceOutOfPlace();
  }
  KP_RETURN_IF_ERROR(state->intake->Take(call, piece.content()));
  state->next_offset_bytes += size;
  return absl::OkStatus();
}

absl::Status ArchiveService::KeepPiece(const Call& call, WriteTx& tx,
                                       const archive::v1::ImportDocumentRequest& opening,
                                       Incoming* state) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadImport(call, tx, opening.name(), "", &at));
  KP_RETURN_IF_ERROR(CheckTakesIn(at, base::DateOf(call.now())));
  if (state->next_offset_bytes > 0) return state->intake->Keep(tx);
  const v1::ApartDocument* apart = FindApart(&at.h, opening.document());
  if (apart == nullptr || documents_ == nullptr) return dossier::errors::NotFound();
  state->installation = at.h.elsewhere().installation();
  state->archive = at.h.elsewhere().archive();
  state->item = apart->item();
  state->size_bytes = apart->size_bytes();
  KP_ASSIGN_OR_RETURN(state->intake, documents_->BeginIntake(call, tx, opening.document()));
  return absl::OkStatus();
}

absl::Status ArchiveService::FinishDocument(const Call& call, WriteTx& tx,
                                            const archive::v1::ImportDocumentRequest& opening,
                                            Incoming* state, documents::v1::Document* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadImport(call, tx, opening.name(), "", &at));
  KP_RETURN_IF_ERROR(CheckTakesIn(at, base::DateOf(call.now())));
  v1::ApartDocument* apart = FindApart(&at.h, opening.document());
  if (apart == nullptr || state->intake == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(*resp, state->intake->Finish(call, tx));
  apart->set_taken_in(true);
  return StoreHandover(call, tx, at, random_);
}

absl::Status ArchiveService::DropPieces(WriteTx& tx, const Incoming& state) {
  return state.intake == nullptr ? absl::OkStatus() : state.intake->Drop(tx);
}

}  // namespace knooppunt::handover
