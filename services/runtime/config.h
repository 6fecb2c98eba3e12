// The configuration file: textproto of config.v1.ServerConfig, every setting documented in
// proto/knooppunt/config/v1/config.proto. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_RUNTIME_CONFIG_H_
#define KNOOPPUNT_SERVICES_RUNTIME_CONFIG_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "knooppunt/config/v1/config.pb.h"

namespace knooppunt::runtime {

// NOT_FOUND, or INVALID_ARGUMENT naming the line or the setting that is missing.
absl::StatusOr<config::v1::ServerConfig> LoadConfig(const std::string& path);
// Parses "access,audit"; empty is all four. INVALID_ARGUMENT for an unknown word.
absl::StatusOr<std::set<std::string>> ParseUnits(absl::string_view list);
// Whether `config` has what `units` need: every unit is either here or a peer.
absl::Status CheckConfig(const config::v1::ServerConfig& config,
                         const std::set<std::string>& units);

absl::StatusOr<std::string> ReadTextFile(const std::string& path);
// Refuses files wider than 0600, as crypto::ReadRootKey does; for TLS keys.
absl::StatusOr<std::string> ReadPrivateFile(const std::string& path);

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_CONFIG_H_
