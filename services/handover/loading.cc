#include "services/handover/loading.h"

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {

using policy::AuthorizedCall;

bool ReceivesAnother(const AuthorizedCall& call, const CaseFact& c, const v1::Handover& h) {
  const Seat* seat = dossier::FindSeat(c, call.seat());
  return seat != nullptr && seat->role() == access::v1::SEAT_ROLE_RECEIVER &&
         (h.receiver() != call.claims().subject() || h.to_organisation() != call.organisation());
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
  if (!out->h.ParseFromString(out->item.payload))
    return absl::DataLossError("an item cannot be read");
  if (ReceivesAnother(call, *out->c, out->h)) return dossier::errors::NotFound();
  out->sides = SidesOf(out->h, *out->c,
                       {.professional = call.is_staff() ? call.claims().subject() : "",
                        .organisation = call.organisation(),
                        .seat = call.seat(),
                        .person = call.person()});
  return absl::OkStatus();
}

absl::Status Do(const AuthorizedCall& call, const Doing& doing, LoadedHandover* loaded) {
  const bool needs_reason = doing.act == Act::kReturn || doing.act == Act::kWithdraw;
  KP_RETURN_IF_ERROR(dossier::ValidateText("note", doing.note, {.required = false}));
  if (needs_reason && !dossier::ValidateText("note", doing.note, {}).ok())
    return errors::ReasonRequired();
  KP_ASSIGN_OR_RETURN(const HandoverState next,
                      NextState(loaded->h, doing.act, loaded->sides, base::DateOf(call.now())));
  Record(&loaded->h, {.state = next, .actor = call.actor(), .note = doing.note}, call.now());
  return absl::OkStatus();
}

absl::Status StoreHandover(const AuthorizedCall& call, storage::WriteTx& tx,
                           const LoadedHandover& loaded, crypto::Random& random) {
  dossier::Item item = loaded.item;
  item.payload = loaded.h.SerializeAsString();
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
      KP_ASSIGN_OR_RETURN(shown, dossier::Opens(call, tx, name->last_id()));
    }
    if (shown) *items.Add() = std::move(item);
  }
  *h.mutable_items() = std::move(items);
  *resp = std::move(h);
  return absl::OkStatus();
}

absl::Status CheckPackage(const AuthorizedCall& call, storage::ReadTx& tx,
                          const LoadedHandover& loaded) {
  const v1::Handover& h = loaded.h;
  const InForce in_force = [&](absl::string_view id) { return call.ConsentInForce(id); };
  if (!MayTravel(loaded.facts, loaded.item.label, h.to_organisation(), in_force))
    return errors::NoConsent();
  KP_ASSIGN_OR_RETURN(const auto parts, LoadParts(call, tx, h, loaded.c->id()));
  for (const OpenedPart& p : parts) {
    if (!MayTravel(loaded.facts, p.label, h.to_organisation(), in_force))
      return errors::NoConsent();
  }
  const bool whole = static_cast<int>(parts.size()) == h.items_size();
  return whole && PackageHash(parts) == h.package_sha256() ? absl::OkStatus()
                                                           : errors::PackageChanged();
}

}  // namespace knooppunt::handover
