#include "security/crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/crypto/openssl_handles.h"

namespace knooppunt::crypto {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kIdChars = 20;
constexpr char kIdAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

}  // namespace

SecretBytes Random::Key() {
  return SecretBytes::Take(Bytes(kKeyBytes), SecretAccess::For("fresh key"));
}

std::string Random::Id(absl::string_view prefix) {
  const std::string bytes = Bytes(kIdChars);
  std::string out = absl::StrCat(prefix, "-");
  // 256 is a multiple of 32, so the low five bits are even.
  for (unsigned char c : bytes) out.push_back(kIdAlphabet[c & 31]);
  return out;
}

std::string SystemRandom::Bytes(size_t n) {
  internal::RequireOpenSsl(n <= INT_MAX, "more random bytes than one call gives");
  std::string out(n, '\0');
  internal::RequireOpenSsl(
      n == 0 || RAND_priv_bytes(internal::Data(&out), static_cast<int>(n)) == 1, "random bytes");
  return out;
}

std::string SeededRandom::Bytes(size_t n) {
  base::MutexLock lock(mu_);
  std::string out;
  out.reserve(n);
  while (out.size() < n) {
    const std::string block =
        Sha256(JoinLengthPrefixed({absl::StrCat(seed_), absl::StrCat(counter_++)}));
    out.append(block, 0, std::min(block.size(), n - out.size()));
  }
  return out;
}

}  // namespace knooppunt::crypto
