#include "services/runtime/config.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace knooppunt::runtime {
namespace {

constexpr const char* kUnits[] = {"access", "audit", "directory", "dossier"};

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int /*column*/, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

absl::StatusOr<std::string> ReadPrivateFile(const std::string& path) {
  struct stat st;
  if (stat(path.c_str(), &st) != 0) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  if ((st.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("%s has mode %04o, so that others can open it: chmod 600 %s", path,
                        st.st_mode & 07777, path));
  }
  return ReadTextFile(path);
}

absl::StatusOr<config::v1::ServerConfig> LoadConfig(const std::string& path) {
  KP_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path));
  config::v1::ServerConfig config;
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(text, &config)) {
    return absl::InvalidArgumentError(absl::StrCat("configuration ", path, ", ", errors.text()));
  }
  return config;
}

absl::StatusOr<std::set<std::string>> ParseUnits(absl::string_view list) {
  std::set<std::string> units;
  if (list.empty()) return std::set<std::string>(std::begin(kUnits), std::end(kUnits));
  for (absl::string_view word : absl::StrSplit(list, ',')) {
    if (std::find(std::begin(kUnits), std::end(kUnits), word) == std::end(kUnits)) {
      return absl::InvalidArgumentError(
          absl::StrCat("no unit '", word,
                       "': --units takes access, audit, directory and dossier, joined by commas"));
    }
    units.insert(std::string(word));
  }
  return units;
}

absl::Status CheckConfig(const config::v1::ServerConfig& config,
                         const std::set<std::string>& units) {
  const auto need = [](bool present, absl::string_view setting) {
    return present ? absl::OkStatus()
                   : absl::InvalidArgumentError(
                         absl::StrCat("the configuration lacks '", setting, "'"));
  };
  KP_RETURN_IF_ERROR(need(!config.listen().empty(), "listen"));
  KP_RETURN_IF_ERROR(need(!config.tls().cert_file().empty(), "tls.cert_file"));
  KP_RETURN_IF_ERROR(need(!config.tls().key_file().empty(), "tls.key_file"));
  KP_RETURN_IF_ERROR(need(!config.tls().ca_file().empty(), "tls.ca_file"));
  KP_RETURN_IF_ERROR(need(!config.data_dir().empty(), "data_dir"));
  KP_RETURN_IF_ERROR(need(!config.key_dir().empty(), "key_dir"));
  KP_RETURN_IF_ERROR(need(!config.token_verify_key_file().empty(), "token_verify_key_file"));
  KP_RETURN_IF_ERROR(need(!config.policy_file().empty(), "policy_file"));
  if (units.contains("access")) {
    KP_RETURN_IF_ERROR(
        need(!config.access().keyring_root_file().empty(), "access.keyring_root_file"));
    KP_RETURN_IF_ERROR(need(!config.access().token_key_file().empty(), "access.token_key_file"));
    KP_RETURN_IF_ERROR(need(config.access().issuers_size() > 0, "access.issuers"));
  }
  if (units.contains("audit")) {
    KP_RETURN_IF_ERROR(need(!config.audit().log_key_file().empty(), "audit.log_key_file"));
    KP_RETURN_IF_ERROR(need(!config.audit().origin().empty(), "audit.origin"));
  }
  for (const char* unit : {"access", "audit"}) {
    bool peer = false;
    for (const auto& p : config.peers()) peer = peer || p.unit() == unit;
    if (!units.contains(unit) && !peer) {
      return absl::InvalidArgumentError(absl::StrCat(
          "unit ", unit,
          " is neither in this process (--units) nor among the configuration's peers"));
    }
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::runtime
