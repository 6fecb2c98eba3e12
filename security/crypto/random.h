// Randomness, passed in. SystemRandom is the operating system's (OpenSSL's DRBG);
// SeededRandom repeats itself and exists for tests and sample data only.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_RANDOM_H_
#define KNOOPPUNT_SECURITY_CRYPTO_RANDOM_H_

#include <cstdint>
#include <string>

#include "base/mutex.h"
#include "security/crypto/secret.h"

namespace knooppunt::crypto {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  // `n` random bytes. Ends the process when the source fails: no caller could go on.
  virtual std::string Bytes(size_t n) = 0;

  // A fresh 256-bit key.
  SecretBytes Key();
  // A random resource id: `prefix`, '-', 20 characters of [a-z2-7] (100 bits).
  std::string Id(absl::string_view prefix);
};

class SystemRandom final : public Random {
 public:
  std::string Bytes(size_t n) override;
};

// Counter mode over SHA-256 of the seed. Never in production code.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : seed_(seed) {}
  std::string Bytes(size_t n) override;

 private:
  base::Mutex mu_;
  const uint64_t seed_;
  uint64_t counter_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_RANDOM_H_
