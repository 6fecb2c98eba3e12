#include "services/handover/loading.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"
#include "services/dossier/open_items.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/handover/errors.h"
#include "services/handover/moving.h"

namespace knooppunt::handover {

using policy::AuthorizedCall;

Caller CallerOf(const AuthorizedCall& call) {
  return {.professional = call.is_staff() ? absl::string_view(call.claims().subject()) : "",
          .organisation = call.organisation(),
          .seat = call.seat(),
          .person = call.person()};
}

bool ReceivesAnother(const AuthorizedCall& call, const CaseFact& c, const v1::Handover& h) {
  const Seat* seat = dossier::FindSeat(c, call.seat());
  return seat != nullptr && seat->role() == access::v1::SEAT_ROLE_RECEIVER &&
         (h.receiver() != call.claims().subject() || h.to_organisation() != call.organisation());
}

absl::Status ParseHandover(const AuthorizedCall& call, const dossier::Item& item,
                           v1::Handover* out) {
  if (!out->ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  // Where only the help changes hands the werkplaats receives nothing; and what another
  // installation closes, it says itself.
  if (out->from_werkplaats() != out->to_werkplaats() && !GoesElsewhere(*out)) {
    out->set_receiver_close_date(std::string(call.CloseDateOf(out->to_werkplaats())));
  }
  return absl::OkStatus();
}

std::string Kept(v1::Handover h) {
  h.clear_receiver_close_date();
  return h.SerializeAsString();
}

absl::Status LoadHandover(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view name,
                          LoadedHandover* out) {
  KP_ASSIGN_OR_RETURN(const auto parsed,
                      dossier::ParseName(call, "name", name, "families/*/handovers/*"));
  out->id = std::string(parsed.Id("handovers"));
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(out->item, dossier::GetItem(call, tx, dossier::ItemKind::kHandover, out->id));
  out->c = dossier::MutableCase(&out->facts, out->item.case_id);
  if (out->c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(ParseHandover(call, out->item, &out->h));
  if (ReceivesAnother(call, *out->c, out->h)) return dossier::errors::NotFound();
  out->sides = SidesOf(out->h, *out->c, CallerOf(call));
  return absl::OkStatus();
}

namespace {

// R28, before the receiver has it: every part is there, as it was shown, and covered.
absl::Status CheckConsent(const AuthorizedCall& call, LoadedHandover* at) {
  const InForce in_force = [&](absl::string_view id) { return call.ConsentInForce(id); };
  if (!MayTravel(at->facts, at->item.label, at->h.to_organisation(), in_force)) {
    return errors::NoConsent();
  }
  std::vector<std::string> hashes;
  for (const OpenedPart& p : at->parts) {
    if (!MayTravel(at->facts, p.label, at->h.to_organisation(), in_force)) {
      return errors::NoConsent();
    }
    hashes.push_back(PartHash(p.part));
  }
  if (static_cast<int>(at->parts.size()) != at->h.items_size()) return errors::PackageChanged();
  const std::string hash =
      at->h.package_version() < 2 ? PackageHash(at->parts) : PackageHashOf(std::move(hashes));
  return hash == at->h.package_sha256() ? absl::OkStatus() : errors::PackageChanged();
}

// R13, R28, once it is offered: what consent no longer covers does not travel, and the rest is as
// it was shown.
absl::Status CheckCover(const AuthorizedCall& call, LoadedHandover* at) {
  if (at->h.package_version() < 2) return CheckConsent(call, at);
  const InForce in_force = [&](absl::string_view id) { return call.ConsentInForce(id); };
  if (!MayTravel(at->facts, at->item.label, at->h.to_organisation(), in_force)) {
    return errors::NoConsent();
  }
  std::vector<OpenedPart> travel;
  for (const v1::PartSeal& seal : at->h.seals()) {
    const auto part = std::find_if(at->parts.begin(), at->parts.end(), [&](const OpenedPart& p) {
      return p.part.item() == seal.item() &&
             MayTravel(at->facts, p.label, at->h.to_organisation(), in_force);
    });
    if (part == at->parts.end()) {
      at->withheld.push_back(seal.sha256());
      continue;
    }
    if (PartHash(part->part) != seal.sha256()) return errors::PackageChanged();
    travel.push_back(*part);
  }
  at->parts = std::move(travel);
  return at->parts.empty() ? errors::NoConsent() : absl::OkStatus();
}

}  // namespace

absl::Status LoadCovered(const AuthorizedCall& call, storage::ReadTx& tx, LoadedHandover* at) {
  KP_ASSIGN_OR_RETURN(at->parts, LoadParts(call, tx, at->h, at->c->id()));
  return CheckCover(call, at);
}

namespace {

absl::Status CheckGuards(const AuthorizedCall& call, storage::ReadTx& tx, const Transition& t,
                         const Doing& doing, LoadedHandover* at) {
  const auto asks = [&](unsigned g) { return (t.guards & g) != 0; };
  KP_RETURN_IF_ERROR(dossier::ValidateText("note", doing.note, {.required = false}));
  if (asks(guard::kReason) && !dossier::ValidateText("note", doing.note, {}).ok()) {
    return errors::ReasonRequired();
  }
  if (asks(guard::kStanding)) {
    const v1::HandoverKindRow* row =
        doing.kinds == nullptr ? nullptr : doing.kinds->Find(at->h.kind());
    if (row == nullptr) return absl::InternalError("a handover has no kind");
    const std::vector<std::string> children(at->h.children().begin(), at->h.children().end());
    // Of a werkplaats elsewhere too: what the directory here knows of it is looked at before it
    // goes.
    const bool moves = at->h.from_werkplaats() != at->h.to_werkplaats();
    KP_RETURN_IF_ERROR(
        CheckStanding(moves ? call.CloseDateOf(at->h.to_werkplaats()) : absl::string_view(),
                      StartDay(at->facts, children, *row, base::DateOf(call.now()))));
  }
  if (asks(guard::kReceipt)) {
    if (doing.signed_for == nullptr) return absl::InternalError("nothing was signed for");
    if (*doing.signed_for != at->h.package_sha256()) return errors::ReceiptDiffers();
  }
  if (asks(guard::kTalk)) {
    if (doing.conversation == nullptr || doing.kinds == nullptr) {
      return absl::InternalError("no conversation was given");
    }
    const v1::HandoverKindRow* row = doing.kinds->Find(at->h.kind());
    if (row == nullptr) return absl::InternalError("a handover has no kind");
    KP_RETURN_IF_ERROR(CheckConversation(*doing.conversation, *at->c, at->h, *row, call.now()));
  }
  if (asks(guard::kDecided)) {
    KP_ASSIGN_OR_RETURN(const worklist::v1::OpenItems open, dossier::LoadOpenItems(call, tx));
    KP_RETURN_IF_ERROR(CheckDecided(open, at->facts, *at->c, at->h, call.now()));
  }
  if (!asks(guard::kConsent))
    return asks(guard::kCover) ? LoadCovered(call, tx, at) : absl::OkStatus();
  KP_ASSIGN_OR_RETURN(at->parts, LoadParts(call, tx, at->h, at->c->id()));
  return CheckConsent(call, at);
}

}  // namespace

absl::StatusOr<const Transition*> Do(const AuthorizedCall& call, storage::ReadTx& tx,
                                     const Doing& doing, LoadedHandover* loaded) {
  if (!doing.etag.empty()) {
    v1::Handover seen;
    KP_RETURN_IF_ERROR(Show(call, tx, loaded->h, &seen));
    if (seen.etag() != doing.etag) return errors::StaleEtag();
  }
  KP_ASSIGN_OR_RETURN(const Transition* t, FindTransition(loaded->h, doing.act, loaded->sides,
                                                          base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(CheckGuards(call, tx, *t, doing, loaded));
  Record(&loaded->h, {.state = t->to, .actor = call.actor(), .note = doing.note}, call.now());
  return t;
}

absl::Status StoreHandover(const AuthorizedCall& call, storage::WriteTx& tx,
                           const LoadedHandover& loaded, crypto::Random& random) {
  dossier::Item item = loaded.item;
  item.payload = Kept(loaded.h);
  return dossier::UpdateItem(call, tx, item, random);
}

absl::Status Show(const AuthorizedCall& call, storage::ReadTx& tx, v1::Handover h,
                  v1::Handover* resp) {
  google::protobuf::RepeatedPtrField<std::string> items;
  for (std::string& item : *h.mutable_items()) {
    const auto name = base::ResourceName::Parse(item);
    if (!name.ok()) continue;
    bool shown = item == h.case_();  // how it opened: the name of the case tells nothing more
    if (!shown) {
      const bool version = !name->Id("versions").empty();
      KP_ASSIGN_OR_RETURN(
          shown, dossier::Opens(call, tx, version ? name->Id("documents") : name->last_id()));
    }
    if (shown) *items.Add() = std::move(item);
  }
  *h.mutable_items() = std::move(items);
  h.clear_seals();
  h.clear_statements();
  if (h.has_elsewhere()) {
    h.mutable_elsewhere()->clear_travelled();
    h.mutable_elsewhere()->clear_receipts();
    google::protobuf::RepeatedPtrField<v1::ApartDocument> apart;
    for (v1::ApartDocument& document : *h.mutable_elsewhere()->mutable_apart()) {
      const auto name = base::ResourceName::Parse(document.document());
      if (!name.ok()) continue;
      KP_ASSIGN_OR_RETURN(const bool opens, dossier::Opens(call, tx, name->last_id()));
      if (opens) *apart.Add() = std::move(document);
    }
    *h.mutable_elsewhere()->mutable_apart() = std::move(apart);
  }
  // That something does not travel is for who must know it: both sides (R18, R28).
  if (!call.is_staff()) h.clear_withheld_count();
  h.set_state(StateOn(h, base::DateOf(call.now())));
  h.clear_etag();
  h.set_etag(crypto::HexEncode(crypto::Sha256(h.SerializeAsString()).substr(0, 16)));
  *resp = std::move(h);
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
