// Who did something, as a reader may know it (R18): a professional by name, somebody of the family
// by person id where the reader may see that person, and else as the family. Not thread-safe:
// belongs to one call.
#ifndef KNOOPPUNT_SERVICES_CASEWORK_AUTHORS_H_
#define KNOOPPUNT_SERVICES_CASEWORK_AUTHORS_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/case.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::casework {

class Authors {
 public:
  // The persons of the family whose own item the permit opens, and the caller; nothing is opened.
  static absl::StatusOr<Authors> Load(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                      const access::v1::FamilyFacts& facts);
  Authors(absl::string_view family, absl::flat_hash_set<std::string> visible)
      : family_(family), visible_(std::move(visible)) {}

  // `author` is "professionals/{id}" or "families/{f}/persons/{p}".
  std::string Shown(const std::string& author) const;
  // The same for whoever stands in an absence, and in an escalation.
  void Show(v1::OutOfSchool* absence) const;
  void Show(v1::Escalation* escalation) const;

 private:
  std::string family_;
  absl::flat_hash_set<std::string> visible_;
};

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_AUTHORS_H_
