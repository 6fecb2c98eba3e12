// For tests: certificates for archives, made by the openssl command as an administrator makes them.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_ENVELOPE_TESTING_H_
#define KNOOPPUNT_SECURITY_CRYPTO_ENVELOPE_TESTING_H_

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "security/crypto/envelope.h"

namespace knooppunt::crypto::testing {

inline std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
inline void WriteAll(const std::string& path, absl::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
// Ends the program when the command fails.
inline void RunOrDie(const std::string& command) {
  if (std::system(command.c_str()) == 0) return;
  std::fprintf(stderr, "the test cannot go on: %s\n", command.c_str());
  std::abort();
}

// Writes {folder}/{name}.crt and {folder}/{name}.key.
inline void MakeCertificate(const std::string& folder, const std::string& name) {
  const std::string path = absl::StrCat(folder, "/", name);
  RunOrDie(absl::StrCat(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -days 3650 "
      "-subj '/CN=",
      name, "' -keyout ", path, ".key -out ", path, ".crt 2>/dev/null && chmod 600 ", path,
      ".key"));
}
inline Correspondent ReadCorrespondent(const std::string& folder, const std::string& name) {
  auto out = Correspondent::FromPem(ReadAll(absl::StrCat(folder, "/", name, ".crt")),
                                    ReadAll(absl::StrCat(folder, "/", name, ".key")));
  if (!out.ok()) std::abort();
  return *std::move(out);
}

}  // namespace knooppunt::crypto::testing

#endif  // KNOOPPUNT_SECURITY_CRYPTO_ENVELOPE_TESTING_H_
