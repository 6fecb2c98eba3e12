#include "services/documents/stored.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/documents/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/handover/rules.h"

namespace knooppunt::documents {
namespace {

using dossier::ItemKind;
using policy::AuthorizedCall;

std::string NameOf(const AuthorizedCall& call, const dossier::Item& item) {
  return absl::StrCat("families/", call.family(), "/cases/", item.case_id, "/documents/", item.id);
}

// The handovers of the case, when the caller sits at its table to receive one; else nothing.
absl::StatusOr<std::optional<std::vector<handover::v1::Handover>>> Receives(
    const AuthorizedCall& call, storage::ReadTx& tx, const std::string& case_id) {
  std::optional<std::vector<handover::v1::Handover>> out;
  if (!call.is_staff() || call.seat().empty()) return out;
  KP_ASSIGN_OR_RETURN(const auto facts, dossier::LoadFacts(call, tx));
  const access::v1::CaseFact* c = dossier::FindCase(facts, case_id);
  const access::v1::Seat* seat = c == nullptr ? nullptr : dossier::FindSeat(*c, call.seat());
  if (seat == nullptr || seat->role() != access::v1::SEAT_ROLE_RECEIVER) return out;
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, case_id, ItemKind::kHandover));
  out.emplace();
  for (const dossier::Item& item : items) {
    if (!out->emplace_back().ParseFromString(item.payload)) {
      return absl::DataLossError("an item cannot be read");
    }
  }
  return out;
}

bool Offered(const AuthorizedCall& call, const std::vector<handover::v1::Handover>& handovers,
             const std::string& document, int n) {
  return std::any_of(handovers.begin(), handovers.end(), [&](const handover::v1::Handover& h) {
    return handover::OfferedTo(h, call.claims().subject(), call.organisation(),
                               absl::StrCat(document, "/versions/", n));
  });
}

absl::StatusOr<Named> Find(const AuthorizedCall& call, storage::ReadTx& tx,
                           const base::ResourceName& name) {
  KP_ASSIGN_OR_RETURN(dossier::Item item,
                      dossier::GetItem(call, tx, ItemKind::kDocument, name.Id("documents")));
  if (item.case_id != name.Id("cases")) return dossier::errors::NotFound();
  Named found;
  KP_ASSIGN_OR_RETURN(found.stored, FromItem(std::move(item)));
  found.version = found.stored.document.versions_size();
  for (; found.version > 0; --found.version) {
    KP_ASSIGN_OR_RETURN(const bool sees, SeesVersion(call, tx, found.stored, found.version));
    if (sees) return found;
  }
  return dossier::errors::NotFound();
}

// Who did it, unless that is a family member whom the caller may not see.
absl::StatusOr<std::string> Seen(const AuthorizedCall& call, storage::ReadTx& tx,
                                 const std::string& actor) {
  const auto name = base::ResourceName::Parse(actor);
  if (!name.ok() || name->Id("persons").empty() || actor == call.actor()) return actor;
  KP_ASSIGN_OR_RETURN(const bool seen, dossier::Opens(call, tx, name->last_id()));
  return seen ? actor : absl::StrCat("families/", call.family());
}

}  // namespace

Content Stored::ContentOf(int n) const {
  const v1::DocumentVersion& version = document.versions(n - 1);
  return {.id = version.name(), .scope = item.scope, .size_bytes = version.size_bytes()};
}

absl::StatusOr<Stored> FromItem(dossier::Item item) {
  Stored out;
  if (!out.document.ParseFromString(item.payload) || out.document.versions_size() == 0) {
    return absl::DataLossError("a document cannot be read");
  }
  *out.document.mutable_label() = item.label;
  out.item = std::move(item);
  out.item.payload.clear();
  return out;
}

std::string Payload(const v1::Document& stored) {
  v1::Document payload = stored;
  payload.clear_name();
  payload.clear_label();
  payload.clear_etag();
  return payload.SerializeAsString();
}

absl::StatusOr<Named> FindDocument(const AuthorizedCall& call, storage::ReadTx& tx,
                                   absl::string_view name) {
  KP_ASSIGN_OR_RETURN(const base::ResourceName parsed,
                      dossier::ParseName(call, "name", name, kDocumentPattern));
  return Find(call, tx, parsed);
}

absl::StatusOr<Named> FindVersion(const AuthorizedCall& call, storage::ReadTx& tx,
                                  absl::string_view name) {
  const auto version = base::ResourceName::Parse(name, kVersionPattern);
  if (!version.ok()) return FindDocument(call, tx, name);
  KP_ASSIGN_OR_RETURN(const base::ResourceName parsed,
                      dossier::ParseName(call, "name", name, kVersionPattern));
  KP_ASSIGN_OR_RETURN(Named found, Find(call, tx, parsed));
  const std::string id(parsed.Id("versions"));
  int n = 0;
  if (!absl::SimpleAtoi(id, &n) || absl::StrCat(n) != id || n < 1 ||
      n > found.stored.document.versions_size()) {
    return dossier::errors::NotFound();
  }
  KP_ASSIGN_OR_RETURN(const bool sees, SeesVersion(call, tx, found.stored, n));
  if (!sees) return dossier::errors::NotFound();
  found.version = n;
  return found;
}

absl::StatusOr<bool> SeesVersion(const AuthorizedCall& call, storage::ReadTx& tx,
                                 const Stored& stored, int n) {
  KP_ASSIGN_OR_RETURN(const auto handovers, Receives(call, tx, stored.item.case_id));
  return !handovers.has_value() || Offered(call, *handovers, NameOf(call, stored.item), n);
}

absl::StatusOr<v1::Document> View(const AuthorizedCall& call, storage::ReadTx& tx,
                                  const Stored& stored) {
  v1::Document out = stored.document;
  out.set_name(NameOf(call, stored.item));
  out.clear_versions();
  KP_ASSIGN_OR_RETURN(const auto handovers, Receives(call, tx, stored.item.case_id));
  for (int i = 0; i < stored.document.versions_size(); ++i) {
    if (handovers.has_value() && !Offered(call, *handovers, out.name(), i + 1)) continue;
    v1::DocumentVersion* version = out.add_versions();
    *version = stored.document.versions(i);
    version->set_name(absl::StrCat(out.name(), "/versions/", i + 1));
    KP_ASSIGN_OR_RETURN(*version->mutable_author(), Seen(call, tx, version->author()));
  }
  KP_ASSIGN_OR_RETURN(*out.mutable_withdrawn_by(), Seen(call, tx, out.withdrawn_by()));
  out.set_etag(EtagOf(out));
  return out;
}

}  // namespace knooppunt::documents
