// The profile of a werkplaats (R37): read, change, replace a contact, and look where something is
// lacking.
#include <map>
#include <string>
#include <utility>

#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/directory/administered.h"
#include "services/directory/errors.h"
#include "services/directory/limits.h"
#include "services/directory/page.h"
#include "services/directory/profile_rules.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {
namespace {

absl::Status CheckOrganisations(const AuthorizedCall& call, WriteTx& tx,
                                const v1::WerkplaatsProfile& profile) {
  std::map<std::string, bool> known;
  for (const v1::FixedPartner& p : profile.partners()) known[p.organisation()] = false;
  for (const v1::CollectiveArrangement& a : profile.arrangements()) known[a.organisation()] = false;
  for (const auto& [name, unused] : known) {
    KP_ASSIGN_OR_RETURN(const auto found, FindOrganisation(call, tx, name));
    if (!found.has_value()) return errors::UnknownPartner();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DirectoryService::GetWerkplaatsProfile(const AuthorizedCall& call, ReadTx& tx,
                                                    const v1::GetWerkplaatsProfileRequest& request,
                                                    v1::WerkplaatsProfile* response) const {
  KP_ASSIGN_OR_RETURN(const std::string name, WerkplaatsOfProfile(request.name()));
  KP_ASSIGN_OR_RETURN(const auto werkplaats, FindWerkplaats(call, tx, name));
  if (!werkplaats.has_value()) return errors::WerkplaatsNotFound();
  KP_ASSIGN_OR_RETURN(StoredProfile stored, FindProfile(call, tx, name));
  *response = std::move(stored.profile);
  return Present(call, tx, *werkplaats, response);
}

absl::Status DirectoryService::UpdateWerkplaatsProfile(
    const AuthorizedCall& call, WriteTx& tx, const v1::UpdateWerkplaatsProfileRequest& request,
    v1::WerkplaatsProfile* response) const {
  KP_ASSIGN_OR_RETURN(Administered at, ForUpdate(call, tx, ActorOf(call), request.profile().name(),
                                                 request.profile().etag()));
  const v1::WerkplaatsProfile before = at.stored.profile;
  v1::WerkplaatsProfile& profile = at.stored.profile;
  KP_RETURN_IF_ERROR(ApplyUpdate(request, &profile));
  KP_RETURN_IF_ERROR(CheckProfile(profile));
  KP_RETURN_IF_ERROR(CheckOrganisations(call, tx, profile));
  KP_RETURN_IF_ERROR(FundArrangements(*framework_, before, &profile));
  KP_RETURN_IF_ERROR(PutProfile(call, tx, at.werkplaats.name(), at.stored));
  *response = std::move(profile);
  return Present(call, tx, at.werkplaats, response);
}

absl::Status DirectoryService::ReplaceContact(const AuthorizedCall& call, WriteTx& tx,
                                              const v1::ReplaceContactRequest& request,
                                              v1::WerkplaatsProfile* response) const {
  KP_RETURN_IF_ERROR(CheckContact(request.contact()));
  KP_ASSIGN_OR_RETURN(Administered at,
                      ForUpdate(call, tx, ActorOf(call), request.name(), request.etag()));
  const v1::Contact& contact = request.contact();
  People people(call, tx);
  KP_RETURN_IF_ERROR(people.Load(contact.professional()));
  KP_RETURN_IF_ERROR(people.Load(contact.stand_in()));
  if (!people.Holds(contact.professional(), contact.organisation(), contact.function())) {
    return errors::ContactNotInFunction();
  }
  if (!people.Holds(contact.stand_in(), contact.organisation(), common::v1::FUNCTION_UNSPECIFIED)) {
    return errors::StandInNotEmployed();
  }
  const std::string today = base::FormatDate(base::DateOf(call.now()));
  if (directory::ReplaceContact(contact, today, &at.stored.profile)) {
    if (at.stored.profile.contacts_size() > kMaxContactsPerWerkplaats) {
      return errors::TooManyContacts();
    }
    KP_RETURN_IF_ERROR(PutProfile(call, tx, at.werkplaats.name(), at.stored));
    KP_RETURN_IF_ERROR(TellProfile(call, tx, at.werkplaats.name()));
  }
  *response = std::move(at.stored.profile);
  return Present(call, tx, at.werkplaats, response);
}

absl::Status DirectoryService::ListProfileGaps(const AuthorizedCall& call, ReadTx& tx,
                                               const v1::ListProfileGapsRequest& request,
                                               v1::ListProfileGapsResponse* response) const {
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.page_size(), request.page_token()));
  if (!request.organisation().empty() &&
      !base::ResourceName::Parse(request.organisation(), "organisations/*").ok()) {
    return errors::InvalidField("organisation", "is empty or organisations/{id}");
  }
  // A page is so many werkplaatsen looked at: what comes out may be fewer, and none.
  KP_ASSIGN_OR_RETURN(auto rows, directory::ListWerkplaatsen(call, tx, slice));
  if (rows.size() == static_cast<size_t>(slice.limit)) {
    rows.pop_back();
    response->set_next_page_token(TokenAfter(rows.back().name()));
  }
  for (const v1::Werkplaats& w : rows) {
    if (!request.organisation().empty() && w.organisation() != request.organisation()) continue;
    KP_ASSIGN_OR_RETURN(StoredProfile stored, FindProfile(call, tx, w.name()));
    KP_RETURN_IF_ERROR(Present(call, tx, w, &stored.profile));
    if (stored.profile.gaps_nl().empty()) continue;
    v1::WerkplaatsProfile* shown = response->add_profiles();
    shown->set_name(stored.profile.name());
    *shown->mutable_gaps_nl() = stored.profile.gaps_nl();
    *shown->mutable_gaps_en() = stored.profile.gaps_en();
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
