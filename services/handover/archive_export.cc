// The sending side of a handover to another installation: the archive that goes, and the receipt
// that comes back and does the acts of the receiving side (R26-R29).

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/handover/archive_errors.h"
#include "services/handover/archive_format.h"
#include "services/handover/archive_service.h"
#include "services/handover/errors.h"
#include "services/handover/moving.h"

namespace knooppunt::handover {
namespace {

using archive::v1::ArchivePart;
using archive::v1::ArchivePayload;
using archive::v1::ArchivePerson;
using archive::v1::ArchiveReceipt;
using policy::AuthorizedCall;

// Persons of the family who travel, by their id here.
using Travellers = std::map<std::string, std::string>;  // to their key

absl::Status AddPersons(const AuthorizedCall& call, storage::ReadTx& tx, const LoadedHandover& at,
                        ArchivePayload* out, Travellers* keys) {
  for (const OpenedPart& p : at.parts) {
    if (p.part.kind() != "person") continue;
    KP_ASSIGN_OR_RETURN(const auto name, base::ResourceName::Parse(p.part.item()));
    const std::string id(name.Id("persons"));
    KP_ASSIGN_OR_RETURN(const dossier::Item item,
                        dossier::GetItem(call, tx, dossier::ItemKind::kPerson, id));
    casework::v1::Person person;
    if (!person.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    ArchivePerson* added = out->add_persons();
    added->set_key(absl::StrCat("p", out->persons_size()));
    added->set_given_name(person.given_name());
    added->set_family_name(person.family_name());
    added->set_birth_date(person.birth_date());
    added->set_role(person.role());
    keys->emplace(id, added->key());
    for (const access::v1::PersonFact& fact : at.facts.persons()) {
      if (fact.id() == id) added->set_incapacitated(fact.incapacitated());
    }
  }
  return absl::OkStatus();
}

// R11: the receiving side has to know who must be asked, so nobody of them is left out.
absl::Status AddGezag(const LoadedHandover& at, const Travellers& keys, base::Date today,
                      ArchivePayload* out) {
  for (const std::string& child : at.c->children()) {
    const auto key = keys.find(child);
    if (key == keys.end()) return errors::ElsewhereNeedsPersons();
    out->add_children(key->second);
  }
  for (const access::v1::Gezag& g : at.facts.gezag()) {
    const auto over = keys.find(g.over());
    const auto end = base::ParseDate(g.end_date());
    const bool vacant = g.holder_person().empty() && g.holder_organisation().empty();
    if (over == keys.end() || vacant || (end.ok() && *end <= today)) continue;
    archive::v1::ArchiveGezag* added = out->add_gezag();
    added->set_over(over->second);
    added->set_start_date(g.start_date());
    added->set_end_date(g.end_date());
    added->set_institution(g.holder_organisation());
    if (g.holder_person().empty()) continue;
    const auto holder = keys.find(g.holder_person());
    if (holder == keys.end()) return errors::ElsewhereNeedsPersons();
    added->set_holder(holder->second);
  }
  return absl::OkStatus();
}

absl::Status AddDocument(const AuthorizedCall& call, storage::ReadTx& tx,
                         const base::ResourceName& name, ArchivePart* out) {
  KP_ASSIGN_OR_RETURN(
      const dossier::Item item,
      dossier::GetItem(call, tx, dossier::ItemKind::kDocument, name.Id("documents")));
  documents::v1::Document d;
  int version = 0;
  if (!d.ParseFromString(item.payload) || !absl::SimpleAtoi(name.Id("versions"), &version) ||
      version < 1 || version > d.versions_size()) {
    return absl::DataLossError("an item cannot be read");
  }
  const documents::v1::DocumentVersion& v = d.versions(version - 1);
  out->mutable_document()->set_title(d.title());
  out->mutable_document()->set_media_type(v.media_type());
  out->mutable_document()->set_size_bytes(v.size_bytes());
  out->mutable_document()->set_sha256(v.sha256());
  return absl::OkStatus();
}

absl::Status AddParts(const AuthorizedCall& call, storage::ReadTx& tx, const LoadedHandover& at,
                      const Travellers& keys, ArchivePayload* out) {
  std::vector<const OpenedPart*> sorted;
  for (const OpenedPart& p : at.parts) sorted.push_back(&p);
  std::sort(sorted.begin(), sorted.end(), [](const OpenedPart* a, const OpenedPart* b) {
    return a->part.item() < b->part.item();
  });
  for (const OpenedPart* p : sorted) {
    if (!TravelsElsewhere(p->label)) return errors::ElsewhereIsEducation();
    ArchivePart* part = out->add_parts();
    part->set_item(p->part.item());
    part->set_kind(p->part.kind());
    part->set_text(p->part.text());
    part->set_compartment(p->label.compartment());
    part->set_regime(p->label.regime());
    part->set_about_family(p->label.about().family());
    std::set<std::string> about;
    for (const std::string& person : p->label.about().persons()) {
      const auto key = keys.find(person);
      if (key == keys.end()) return errors::ElsewhereNeedsPersons();
      about.insert(key->second);
    }
    part->mutable_about()->Assign(about.begin(), about.end());
    if (p->part.kind() != "document") continue;
    KP_ASSIGN_OR_RETURN(const auto name, base::ResourceName::Parse(p->part.item()));
    KP_RETURN_IF_ERROR(AddDocument(call, tx, name, part));
  }
  return absl::OkStatus();
}

std::string TimeOf(const v1::Handover& h, HandoverState state) {
  for (const v1::HandoverAct& act : h.acts()) {
    if (act.state() == state)
      return base::FormatInstant(absl::FromUnixSeconds(act.time().seconds()));
  }
  return "";
}

// That it goes there, and that whoever asks is of the sending side.
absl::Status CheckGoesThere(const LoadedHandover& at) {
  if (!GoesElsewhere(at.h)) return errors::NotToAnotherInstallation();
  return at.sides.sender ? absl::OkStatus() : errors::NotYourSide();
}

// R28: the receipt is of this handover, for us, and of parts that were shown.
absl::Status CheckReceiptOf(const ArchiveReceipt& r, const v1::Handover& h,
                            absl::string_view signer, absl::string_view own) {
  const bool fits = r.sender() == signer && r.recipient() == own && r.handover() == h.name() &&
                    r.package_sha256() == h.package_sha256() &&
                    r.archive() == ArchiveId(h.name(), h.package_sha256());
  const bool shown = std::all_of(r.travelled().begin(), r.travelled().end(), [&](const auto& hash) {
    return std::any_of(h.seals().begin(), h.seals().end(),
                       [&](const v1::PartSeal& s) { return s.sha256() == hash; });
  });
  return fits && shown && !r.travelled().empty() ? absl::OkStatus() : errors::ReceiptIsOfAnother();
}

// R26: what the other side did is done by its date; the receipt of it may come later. A return
// counts whenever it was.
absl::Status CheckInTime(const ArchiveReceipt& r, const v1::Handover& h) {
  if (r.stage() == archive::v1::ARCHIVE_STAGE_RETURNED) return absl::OkStatus();
  absl::Time done;
  std::string ignored;
  if (!absl::ParseTime(absl::RFC3339_full, r.time(), &done, &ignored)) {
    return errors::ArchiveSays("time", "be an instant in UTC");
  }
  const auto expires = base::ParseDate(h.expire_date());
  return expires.ok() && base::DateOf(done) <= *expires ? absl::OkStatus()
                                                        : errors::ReceiptTooLate();
}

}  // namespace

// What has room in one file goes along; the rest goes apart, and is known by its hash.
absl::Status ArchiveService::AddContents(const Call& call, ReadTx& tx,
                                         ArchivePayload* payload) const {
  constexpr int64_t kEnvelopeBytes = 16
                                     << 10;  // what signature, seal and lengths add, and to spare
  int64_t room = static_cast<int64_t>(kMaxArchiveBytes) - kEnvelopeBytes -
                 static_cast<int64_t>(payload->ByteSizeLong());
  for (ArchivePart& part : *payload->mutable_parts()) {
    if (!part.has_document() || documents_ == nullptr || part.document().size_bytes() > room) {
      continue;
    }
    KP_ASSIGN_OR_RETURN(std::optional<std::string> content,
                        documents_->ReadToCarry(call, tx, part.item(), room));
    if (!content.has_value()) continue;
    room -= static_cast<int64_t>(content->size());
    part.mutable_document()->set_content(*std::move(content));
  }
  return absl::OkStatus();
}

absl::Status ArchiveService::LoadDeparture(const Call& call, ReadTx& tx, absl::string_view name,
                                           Departure* out) const {
  LoadedHandover& at = out->at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, name, &at));
  KP_RETURN_IF_ERROR(CheckGoesThere(at));
  if (installations_ == nullptr) return errors::NoOtherInstallations();
  out->to = installations_->Find(at.h.elsewhere().installation());
  const auto [runs, place] = installations_->At(at.h.to_werkplaats());
  if (out->to == nullptr || runs != out->to) return errors::InstallationGone();
  out->place = place;
  // It waits longer than this for a receipt; nobody there takes it in any more.
  const auto expires = base::ParseDate(at.h.expire_date());
  if (!expires.ok() || *expires < base::DateOf(call.now())) return errors::Expired();
  // What the receiving side could receive at this moment, and no more: the same guards.
  at.sides = {.receiver = true};
  // They may have signed for it and want it again, for a document that was damaged on the way.
  if (at.h.state() == v1::HANDOVER_STATE_RECEIVED) return LoadCovered(call, tx, &at);
  const std::string package = at.h.package_sha256();
  return Do(call, tx, {.act = Act::kReceive, .signed_for = &package}, &at).status();
}

absl::Status ArchiveService::ExportHandover(const Call& call, ReadTx& tx,
                                            const archive::v1::ExportHandoverRequest& req,
                                            archive::v1::ArchiveFile* resp) {
  Departure out;
  KP_RETURN_IF_ERROR(LoadDeparture(call, tx, req.name(), &out));
  LoadedHandover& at = out.at;
  const Installation* to = out.to;
  const Place* place = out.place;
  ArchivePayload payload;
  payload.set_package_sha256(at.h.package_sha256());
  payload.set_version(kArchiveVersion);
  payload.set_archive(ArchiveId(at.h.name(), at.h.package_sha256()));
  payload.set_sender(installations_->own_fingerprint());
  payload.set_recipient(to->certificate.fingerprint());
  payload.set_handover(at.h.name());
  payload.set_case_(at.h.case_());
  payload.set_kind(at.h.kind());
  payload.set_from_werkplaats_name(at.h.elsewhere().own_werkplaats_name());
  payload.set_contact_name(call.claims().display_name());
  payload.set_to_werkplaats(place->their_werkplaats);
  payload.set_to_organisation(place->their_organisation);
  payload.set_offer_time(TimeOf(at.h, v1::HANDOVER_STATE_OFFERED));
  payload.set_expire_date(at.h.expire_date());
  std::sort(at.withheld.begin(), at.withheld.end());
  payload.mutable_withheld()->Assign(at.withheld.begin(), at.withheld.end());
  payload.set_family_view(at.h.family_view());
  Travellers keys;
  KP_RETURN_IF_ERROR(AddPersons(call, tx, at, &payload, &keys));
  KP_RETURN_IF_ERROR(AddGezag(at, keys, base::DateOf(call.now()), &payload));
  KP_RETURN_IF_ERROR(AddParts(call, tx, at, keys, &payload));
  KP_RETURN_IF_ERROR(AddContents(call, tx, &payload));
  KP_RETURN_IF_ERROR(CheckArchive(payload));  // as over there: what would be refused does not go
  KP_ASSIGN_OR_RETURN(*resp->mutable_content(), installations_->Pack(*to, EncodeArchive(payload)));
  resp->set_name(at.h.name());
  resp->set_archive(payload.archive());
  *resp->mutable_apart() = ApartOf(payload);
  return absl::OkStatus();
}

// R27, R29: the case ends here in the same instant in which this side hears that the other answers
// for it. Its organisation keeps its own record.
absl::Status ArchiveService::Accepted(const Call& call, WriteTx& tx, const ArchiveReceipt& receipt,
                                      LoadedHandover* at) {
  const v1::HandoverKindRow* row = kinds_->Find(at->h.kind());
  if (row == nullptr) return absl::InternalError("a handover has no kind");
  const base::Date today = base::DateOf(call.now());
  KP_ASSIGN_OR_RETURN(const Transition* talk,
                      FindTransition(at->h, Act::kConverse, at->sides, today));
  KP_RETURN_IF_ERROR(CheckConversation(receipt.conversation(), *row, today));
  Record(&at->h, {.state = talk->to, .actor = call.actor(), .note = ""}, call.now());
  KP_RETURN_IF_ERROR(Do(call, tx, {.act = Act::kAccept}, at).status());
  KP_RETURN_IF_ERROR(HandAway(&at->facts, at->c,
                              {.h = at->h, .handover_id = at->id, .grace_days = grace_days_},
                              call.now()));
  KP_ASSIGN_OR_RETURN(const Transition* close,
                      FindTransition(at->h, Act::kClose, at->sides, today));
  Record(&at->h, {.state = close->to, .actor = call.actor(), .note = ""}, call.now());
  *at->h.mutable_elsewhere()->mutable_conversation() = receipt.conversation();
  at->h.mutable_elsewhere()->set_regisseur_name(receipt.regisseur_name());
  at->h.mutable_elsewhere()->set_contact_name(receipt.signer_name());
  casework::v1::Case closing;
  closing.set_outcome(absl::StrCat("Overgedragen aan ", at->h.elsewhere().werkplaats_name(),
                                   ", dat de casus heeft aangenomen."));
  closing.set_close_kind(casework::v1::CLOSE_KIND_MOVED);
  return dossier::InsertBeside(call, tx,
                               {.id = call.Id("closing", 0),
                                .kind = dossier::ItemKind::kClosing,
                                .case_id = at->c->id(),
                                .payload = closing.SerializeAsString()},
                               at->item, random_);
}

absl::Status ArchiveService::TakeReceipt(const Call& call, WriteTx& tx,
                                         const archive::v1::TakeReceiptRequest& req,
                                         v1::Handover* resp) {
  LoadedHandover at;
  KP_RETURN_IF_ERROR(LoadHandover(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(CheckGoesThere(at));
  if (installations_ == nullptr) return errors::NoOtherInstallations();
  KP_ASSIGN_OR_RETURN(Installations::Unpacked unpacked, installations_->Unpack(req.receipt()));
  if (unpacked.from->name != at.h.elsewhere().installation()) return errors::ReceiptIsOfAnother();
  KP_ASSIGN_OR_RETURN(const ArchiveReceipt receipt, DecodeReceipt(unpacked.content));
  KP_RETURN_IF_ERROR(CheckReceiptOf(receipt, at.h, unpacked.from->certificate.fingerprint(),
                                    installations_->own_fingerprint()));
  KP_RETURN_IF_ERROR(CheckInTime(receipt, at.h));
  at.sides = {.receiver = true};  // the peer speaks; who brought it stands in the record
  std::string etag = req.etag();
  const bool first = at.h.state() == v1::HANDOVER_STATE_OFFERED;
  if (receipt.stage() == archive::v1::ARCHIVE_STAGE_RETURNED) {
    KP_RETURN_IF_ERROR(
        Do(call, tx, {.act = Act::kReturn, .note = receipt.reason(), .etag = etag}, &at).status());
    EndOffer(&at.facts, at.c, at.h, at.id, call.now());
  } else if (receipt.stage() == archive::v1::ARCHIVE_STAGE_RECEIVED || first) {
    KP_RETURN_IF_ERROR(Do(call, tx,
                          {.act = Act::kReceive,
                           .etag = std::exchange(etag, ""),
                           .signed_for = &receipt.package_sha256()},
                          &at)
                           .status());
    at.h.set_receipt_sha256(receipt.package_sha256());
    at.h.set_withheld_count(at.h.seals_size() - receipt.travelled_size());
  }
  if (receipt.stage() == archive::v1::ARCHIVE_STAGE_ACCEPTED) {
    if (!etag.empty()) {
      v1::Handover seen;
      KP_RETURN_IF_ERROR(Show(call, tx, at.h, &seen));
      if (seen.etag() != etag) return errors::StaleEtag();
    }
    KP_RETURN_IF_ERROR(Accepted(call, tx, receipt, &at));
  }
  v1::OtherInstallation* there = at.h.mutable_elsewhere();
  there->set_archive(receipt.archive());
  *there->mutable_travelled() = receipt.travelled();
  there->add_receipts(unpacked.signed_message);
  KP_RETURN_IF_ERROR(StoreHandover(call, tx, at, random_));
  if (receipt.stage() != archive::v1::ARCHIVE_STAGE_RECEIVED) {
    KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at.facts, random_));
  }
  return Show(call, tx, std::move(at.h), resp);
}

}  // namespace knooppunt::handover
