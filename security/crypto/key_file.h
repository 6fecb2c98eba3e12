// Keys at rest in files. Every reader refuses a file that others than its owner
// can open: FAILED_PRECONDITION, naming the path, the mode found and `chmod 600`.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_KEY_FILE_H_
#define KNOOPPUNT_SECURITY_CRYPTO_KEY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"
#include "security/crypto/sign.h"

namespace knooppunt::crypto {

// A root: 64 hex digits and an optional newline. NOT_FOUND, FAILED_PRECONDITION
// (mode, owner, not a regular file), INVALID_ARGUMENT (content).
absl::StatusOr<SecretBytes> ReadRootKey(const std::string& path);
// Creates the file with mode 0600; ALREADY_EXISTS rather than overwrite.
absl::Status CreateRootKey(const std::string& path, Random& random);
// An Ed25519 private key, PKCS#8 PEM, mode 0600.
absl::StatusOr<SigningKey> ReadSigningKey(const std::string& path);
// A public key, PEM; any mode.
absl::StatusOr<VerifyKey> ReadVerifyKey(const std::string& path);

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_KEY_FILE_H_
