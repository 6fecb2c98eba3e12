#include "services/directory/administered.h"

#include <utility>

#include "base/status.h"
#include "services/directory/errors.h"

namespace knooppunt::directory {

using storage::ReadTx;
using storage::WriteTx;

absl::Status People::Load(const v1::WerkplaatsProfile& profile) {
  for (const v1::Contact& c : profile.contacts()) {
    KP_RETURN_IF_ERROR(Load(c.professional()));
    KP_RETURN_IF_ERROR(Load(c.stand_in()));
  }
  return absl::OkStatus();
}
absl::Status People::Load(const std::string& name) {
  if (known_.contains(name)) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(known_[name], FindProfessional(call_, tx_, name));
  return absl::OkStatus();
}

absl::Status Present(const AuthorizedCall& call, ReadTx& tx, const v1::Werkplaats& werkplaats,
                     v1::WerkplaatsProfile* profile) {
  People people(call, tx);
  KP_RETURN_IF_ERROR(people.Load(*profile));
  Complete(people.AsRule(), werkplaats, profile);
  return absl::OkStatus();
}

absl::StatusOr<Administered> ForUpdate(const AuthorizedCall& call, WriteTx& tx, const Actor& actor,
                                       absl::string_view name, absl::string_view etag) {
  KP_ASSIGN_OR_RETURN(const std::string werkplaats, WerkplaatsOfProfile(name));
  KP_ASSIGN_OR_RETURN(auto found, FindWerkplaats(call, tx, werkplaats));
  if (!found.has_value()) return errors::WerkplaatsNotFound();
  KP_RETURN_IF_ERROR(MayAdminister(actor, found->organisation()));
  Administered out;
  out.werkplaats = *std::move(found);
  KP_ASSIGN_OR_RETURN(out.stored, FindProfile(call, tx, werkplaats));
  v1::WerkplaatsProfile present = out.stored.profile;
  KP_RETURN_IF_ERROR(Present(call, tx, out.werkplaats, &present));
  if (!etag.empty() && etag != present.etag()) return errors::ProfileChangedMeanwhile();
  return out;
}

absl::Status PutAndTell(const AuthorizedCall& call, WriteTx& tx, Administered at,
                        v1::WerkplaatsProfile* response) {
  KP_RETURN_IF_ERROR(PutProfile(call, tx, at.werkplaats.name(), at.stored));
  KP_RETURN_IF_ERROR(TellProfile(call, tx, at.werkplaats.name()));
  *response = std::move(at.stored.profile);
  return Present(call, tx, at.werkplaats, response);
}

}  // namespace knooppunt::directory
