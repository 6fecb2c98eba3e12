// The receipt of a handover, checked without the server (R28): only the file, and keys that the one
// who checks already holds. The form is that of services/handover/README.md. Thread-safe (no
// state).
#ifndef KNOOPPUNT_CLIENTS_CLI_HANDOVER_RECEIPT_H_
#define KNOOPPUNT_CLIENTS_CLI_HANDOVER_RECEIPT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "knooppunt/handover/v1/handover.pb.h"

namespace knooppunt::cli {

struct ReceiptFinding {
  std::string handover;
  std::string package_sha256;
  struct Statement {
    std::string stage;
    std::string side;
    std::string organisation;
    std::string signer;
    std::string time;
    int travelled = 0;
    int withheld = 0;
    bool known_key = false;  // the key is one that was given; else it is the receipt's own
  };
  std::vector<Statement> statements;
  int parts_shown = 0;                  // parts whose text stands in the file
  std::vector<std::string> not_handed;  // names of those that the last statement withholds
};

// `keys`: organisation to public key, hex. DATA_LOSS says what does not hold: a statement that does
// not parse, a signature or key that is not the organisation's, a chain that is broken, a hash that
// is not that of what stands beside it.
absl::StatusOr<ReceiptFinding> VerifyReceipt(const handover::v1::HandoverReceipt& receipt,
                                             const std::map<std::string, std::string>& keys);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_HANDOVER_RECEIPT_H_
