// A profile: which server, and as whom. One file each, "<home>/profiles/<name>", of lines
// "key = value"; the folders have mode 0700 and the file 0600, for it holds the token.
#ifndef KNOOPPUNT_CLIENTS_CLI_PROFILE_H_
#define KNOOPPUNT_CLIENTS_CLI_PROFILE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/common/v1/types.pb.h"

namespace knooppunt::cli {

struct Profile {
  std::string server;                                             // as --server takes it
  std::string ca_file;                                            // absolute path
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;  // unset: by command

  // The login; empty when logged out.
  std::string token;
  int64_t expire_time = 0;  // Unix seconds
  std::string subject;      // "professionals/{id}" or "accounts/{id}"
  std::string organisation;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  std::string display_name;

  bool is_family() const;
  void Logout();
};

// Thread-safe for different profiles; two writers of one profile leave one of the two.
class ProfileStore {
 public:
  explicit ProfileStore(std::string home) : home_(std::move(home)) {}

  // An empty profile when there is none. INVALID_ARGUMENT when the name is not made of
  // lower-case letters, digits and '-', when others can read the file, or when it is damaged.
  absl::StatusOr<Profile> Load(absl::string_view name) const;
  // Replaces the file whole. A value with a line break is INVALID_ARGUMENT.
  absl::Status Save(absl::string_view name, const Profile& profile) const;

 private:
  absl::StatusOr<std::string> Path(absl::string_view name) const;

  std::string home_;
};

// $KNOOPPUNT_HOME, else ~/.config/knooppunt; "" when neither is known.
std::string DefaultHome();

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_PROFILE_H_
