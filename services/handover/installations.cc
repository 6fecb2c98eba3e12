#include "services/handover/installations.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/handover/archive_errors.h"

namespace knooppunt::handover {

absl::StatusOr<std::shared_ptr<const Installations>> Installations::Create(
    crypto::Correspondent own, std::vector<Installation> others) {
  std::set<std::string> names, certificates = {own.certificate().fingerprint()}, places;
  for (const Installation& other : others) {
    if (!base::IsResourceId(other.name) || !names.insert(other.name).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "peer_installations: '", other.name,
          "' is not one word of lower-case letters, digits and '-', or stands there twice"));
    }
    if (!certificates.insert(other.certificate.fingerprint()).second) {
      return absl::InvalidArgumentError(absl::StrCat("peer_installations: the certificate of '",
                                                     other.name,
                                                     "' is that of another, or our own"));
    }
    for (const Place& place : other.places) {
      if (!base::ResourceName::Parse(place.werkplaats, "werkplaatsen/*").ok() ||
          !base::ResourceName::Parse(place.their_werkplaats, "werkplaatsen/*").ok() ||
          !base::ResourceName::Parse(place.their_organisation, "organisations/*").ok() ||
          !places.insert(place.werkplaats).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("peer_installations: a place of '", other.name,
                         "' lacks a name of the directory, or stands there twice"));
      }
    }
  }
  return std::shared_ptr<const Installations>(new Installations(std::move(own), std::move(others)));
}

const Installation* Installations::Find(absl::string_view name) const {
  for (const Installation& other : others_) {
    if (other.name == name) return &other;
  }
  return nullptr;
}

std::pair<const Installation*, const Place*> Installations::At(absl::string_view werkplaats) const {
  for (const Installation& other : others_) {
    for (const Place& place : other.places) {
      if (place.werkplaats == werkplaats) return {&other, &place};
    }
  }
  return {nullptr, nullptr};
}

absl::StatusOr<std::string> Installations::Pack(const Installation& to, absl::string_view content,
                                                size_t max_bytes) const {
  KP_ASSIGN_OR_RETURN(const std::string signed_message, crypto::Envelope::Sign(own_, content));
  KP_ASSIGN_OR_RETURN(std::string sealed, crypto::Envelope::Seal(to.certificate, signed_message));
  if (sealed.size() > max_bytes) return errors::ArchiveTooLarge();
  return sealed;
}

absl::StatusOr<Installations::Unpacked> Installations::Unpack(absl::string_view message,
                                                              size_t max_bytes) const {
  if (message.empty() || message.size() > max_bytes) return errors::ArchiveTooLarge();
  Unpacked out;
  absl::StatusOr<std::string> opened = crypto::Envelope::Open(own_, message);
  if (absl::IsPermissionDenied(opened.status())) return errors::ArchiveForAnotherInstallation();
  if (!opened.ok()) return errors::ArchiveDamaged();
  out.signed_message = *std::move(opened);
  std::vector<crypto::Certificate> known;
  known.reserve(others_.size());
  for (const Installation& other : others_) known.push_back(other.certificate);
  absl::StatusOr<crypto::Envelope::Verified> verified =
      crypto::Envelope::Verify(known, out.signed_message);
  if (absl::IsUnauthenticated(verified.status())) return errors::ArchiveFromStranger();
  if (!verified.ok()) return errors::ArchiveDamaged();
  out.content = std::move(verified->content);
  out.from = &others_[verified->signer];
  return out;
}

}  // namespace knooppunt::handover
