// A werkplaats and its profile, for who administers it: what each act on a profile starts from and
// ends with. Not thread-safe: belongs to one call.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_ADMINISTERED_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_ADMINISTERED_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "services/directory/profile_rules.h"
#include "services/directory/rules.h"
#include "services/directory/store.h"

namespace knooppunt::directory {

// Whom a profile names, looked up once each.
class People {
 public:
  People(const AuthorizedCall& call, storage::ReadTx& tx)
      : call_(call), tx_(tx), today_(base::FormatDate(base::DateOf(call.now()))) {}

  absl::Status Load(const v1::WerkplaatsProfile& profile);
  absl::Status Load(const std::string& name);
  bool Knows(const std::string& name) const {
    const auto found = known_.find(name);
    return found != known_.end() && found->second.has_value();
  }
  bool Holds(const std::string& name, const std::string& organisation,
             common::v1::Function function) const {
    if (!Knows(name)) return false;
    for (const FunctionTerm& t : known_.at(name)->functions()) {
      const bool fits = function == common::v1::FUNCTION_UNSPECIFIED || t.function() == function;
      if (fits && t.organisation() == organisation && t.start_date() <= today_ &&
          (t.end_date().empty() || today_ < t.end_date())) {
        return true;
      }
    }
    return false;
  }
  Employed AsRule() const {
    return [this](const std::string& name, const std::string& organisation,
                  common::v1::Function function) { return Holds(name, organisation, function); };
  }

 private:
  const AuthorizedCall& call_;
  storage::ReadTx& tx_;
  const std::string today_;
  std::map<std::string, std::optional<v1::Professional>> known_;
};

// Fills in what the server works out of a profile, and its etag.
absl::Status Present(const AuthorizedCall& call, storage::ReadTx& tx,
                     const v1::Werkplaats& werkplaats, v1::WerkplaatsProfile* profile);

// The werkplaats of a profile, its profile, and that the caller administers it.
struct Administered {
  v1::Werkplaats werkplaats;
  StoredProfile stored;
};
// NOT_FOUND, PERMISSION_DENIED, or ABORTED for an etag that is not the present one.
absl::StatusOr<Administered> ForUpdate(const AuthorizedCall& call, storage::WriteTx& tx,
                                       const Actor& actor, absl::string_view name,
                                       absl::string_view etag);
// Writes the profile back, tells access of it before the call answers (P3), and answers it.
absl::Status PutAndTell(const AuthorizedCall& call, storage::WriteTx& tx, Administered at,
                        v1::WerkplaatsProfile* response);

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_ADMINISTERED_H_
