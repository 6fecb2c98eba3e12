// Other installations with which cases are handed over, and what goes between them and this one:
// signed and sealed (security/crypto/envelope.h). Immutable and thread-safe.
#ifndef KNOOPPUNT_SERVICES_HANDOVER_INSTALLATIONS_H_
#define KNOOPPUNT_SERVICES_HANDOVER_INSTALLATIONS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/envelope.h"
#include "services/handover/archive_format.h"

namespace knooppunt::handover {

// A werkplaats that another installation runs.
struct Place {
  std::string werkplaats;          // "werkplaatsen/{id}" here
  std::string their_werkplaats;    // "werkplaatsen/{id}" there
  std::string their_organisation;  // "organisations/{id}" there
};

struct Installation {
  std::string name;  // one word
  crypto::Certificate certificate;
  std::vector<Place> places;
};

class Installations {
 public:
  // INVALID_ARGUMENT when a name, a certificate or a werkplaats stands twice, or a name is no id.
  static absl::StatusOr<std::shared_ptr<const Installations>> Create(
      crypto::Correspondent own, std::vector<Installation> others);

  const std::string& own_fingerprint() const { return own_.certificate().fingerprint(); }
  // nullptr when unknown.
  const Installation* Find(absl::string_view name) const;
  // Who runs this werkplaats of the directory here, and what it is there; nullptrs: nobody else.
  std::pair<const Installation*, const Place*> At(absl::string_view werkplaats) const;

  // Signed by this installation, sealed to `to`.
  // INVALID_ARGUMENT (ARCHIVE_TOO_LARGE) when that is more than `max_bytes`.
  absl::StatusOr<std::string> Pack(const Installation& to, absl::string_view content,
                                   size_t max_bytes = kMaxArchiveBytes) const;
  struct Unpacked {
    std::string content;
    std::string signed_message;  // CMS SignedData in DER: to keep
    const Installation* from = nullptr;
  };
  // The errors of errors.h: too large, damaged, for another installation, from a stranger.
  absl::StatusOr<Unpacked> Unpack(absl::string_view message,
                                  size_t max_bytes = kMaxArchiveBytes) const;

 private:
  Installations(crypto::Correspondent own, std::vector<Installation> others)
      : own_(std::move(own)), others_(std::move(others)) {}
  crypto::Correspondent own_;
  std::vector<Installation> others_;
};

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_INSTALLATIONS_H_
