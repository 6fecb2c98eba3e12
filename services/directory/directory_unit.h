// The directory unit: its database, the first administrator, its methods.
// Thread-safe once registered.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_DIRECTORY_UNIT_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_DIRECTORY_UNIT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"
#include "security/storage/database.h"
#include "services/directory/service.h"
#include "services/runtime/unit.h"

namespace knooppunt::directory {

class DirectoryUnit final : public runtime::Unit {
 public:
  // Who may administer before anybody else exists, and every organisation after that.
  // An empty `professional` makes none.
  struct Bootstrap {
    std::string professional;  // "professionals/{id}"
    std::string login;         // "issuer|subject"
    std::string display_name;
    std::string organisation;  // "organisations/{id}", a municipality
    // Name of the organisation until an import gives its own; empty: its id.
    std::string organisation_display_name;
  };
  struct Options {
    std::string path;
    const crypto::SecretBytes* key = nullptr;  // not owned; used during Open only
    const base::Clock* clock = nullptr;        // not owned
    crypto::Random* random = nullptr;          // not owned
    bool new_incarnation = false;              // as storage::Database::Options
    Bootstrap bootstrap;
    // Who carries what (R36); empty is the one that is built in.
    std::shared_ptr<const policy::Framework> framework;
  };

  // Opens the database. Errors: those of storage::Database::Open.
  static absl::StatusOr<std::unique_ptr<DirectoryUnit>> Open(const Options& options);

  absl::string_view name() const override { return "directory"; }
  storage::Database& database() override { return *database_; }
  void Register(runtime::Registry& registry) override { service_.Register(registry); }
  // Writes the bootstrap administrator and organisation, with their facts, unless they are there.
  // INVALID_ARGUMENT for a malformed bootstrap; FAILED_PRECONDITION when its login is another's.
  absl::Status Begin() override;

 private:
  DirectoryUnit(std::unique_ptr<storage::Database> database, const base::Clock* clock,
                Bootstrap bootstrap, DirectoryService::Options service)
      : database_(std::move(database)),
        clock_(clock),
        bootstrap_(std::move(bootstrap)),
        service_(std::move(service)) {}

  std::unique_ptr<storage::Database> database_;
  const base::Clock* const clock_;  // not owned
  const Bootstrap bootstrap_;
  DirectoryService service_;
};

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_DIRECTORY_UNIT_H_
