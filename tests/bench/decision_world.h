// Access with the facts of any number of families in it, for counting and timing what a decision
// costs: its own two databases on disk, all that decides on them, and nothing replaced but the
// clock, which stands still. Not thread-safe.
//
// Families are of one kind (two children, two parents, a school, a school nurse, two consents, four
// scopes), under random ids from the seed; 50 of them share one intern begeleider, who is who asks.
#ifndef KNOOPPUNT_TESTS_BENCH_DECISION_WORLD_H_
#define KNOOPPUNT_TESTS_BENCH_DECISION_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "security/storage/page_use.h"
#include "services/access/decide.h"

namespace knooppunt::bench {

inline constexpr int kFamiliesPerProfessional = 50;

// What was done so far; subtract to know what one call did.
struct Work {
  int64_t reads = 0;      // of the facts, and so on
  int64_t pages = 0;      // asked for
  int64_t decrypted = 0;  // pages, from the file
  int64_t key_reads = 0;  // of the keyring
  int64_t key_pages = 0;
  int64_t unwraps = 0;
  int64_t scanned = 0;  // rows looked through without an index, of both
  bool operator==(const Work&) const = default;
};
Work operator-(const Work& a, const Work& b);

class DecisionWorld {
 public:
  struct Options {
    int families = 0;   // a multiple of kFamiliesPerProfessional
    int with_keys = 0;  // how many of them, spread evenly, are asked about and have real keys
    uint64_t seed = 7;
    std::string folder;  // empty; removed at the end
    std::string policy;  // file
  };
  // Ends the program when something fails: there is nothing to measure then.
  explicit DecisionWorld(Options options);
  ~DecisionWorld();

  // Those with keys, in random order.
  const std::vector<int>& asked() const { return asked_; }

  // Opens the facts anew: none at hand, and an empty page cache. Who asks is known again.
  void ForgetFacts();
  // The keyring too.
  void ForgetFactsAndKeys();

  // GetCase by the family's intern begeleider, and ListCases by the one of the families 0 to 49,
  // which have keys too.
  access::v1::CheckRequest GetCase(int family) const;
  access::v1::ListAccessibleRequest ListCases() const;
  // End the program unless the answer is yes, for all of the 50 there.
  void Check(const access::v1::CheckRequest& request);
  void List(const access::v1::ListAccessibleRequest& request);
  // What Check is answered, serialized.
  std::string Answer(const access::v1::CheckRequest& request);
  // Applies the family's facts as a change of it does.
  void Apply(int family);
  // Reads the row of a family's facts from the encrypted database, and nothing else. Its size.
  size_t PointRead(int family);

  Work work();

 private:
  std::string FamilyId(int family) const;
  access::v1::FamilyFacts Facts(int family) const;
  access::v1::TokenClaims Claims(int family) const;
  void OpenFacts();
  void OpenKeyring();
  void Assemble();
  void FillDirectory();
  void FillFamilies();
  void FillKeyring();

  const Options options_;
  crypto::SystemRandom random_;
  base::FakeClock clock_;
  crypto::SecretBytes database_key_, keyring_root_;
  std::unique_ptr<crypto::SigningKey> token_key_;
  std::unique_ptr<identity::TokenVerifier> tokens_;
  std::unique_ptr<access::PolicySource> policy_;
  std::vector<std::string> ids_;  // of families, sorted
  std::vector<int> asked_;
  int64_t applied_ = 0;  // the last fact

  std::unique_ptr<access::Keyring> keyring_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<access::DecisionClock> decision_clock_;
  std::unique_ptr<access::FactsStore> facts_;
  std::unique_ptr<access::SessionStore> sessions_;
  std::unique_ptr<access::DecisionMaker> decisions_;
};

}  // namespace knooppunt::bench

#endif  // KNOOPPUNT_TESTS_BENCH_DECISION_WORLD_H_
