#include "clients/cli/profile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

constexpr char kAssign[] = " = ";

absl::Status FileError(absl::string_view what, const std::string& path) {
  return InputError(absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path)));
}

absl::Status MakePrivateFolder(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash != std::string::npos && slash > 0 && access(path.c_str(), F_OK) != 0) {
    KP_RETURN_IF_ERROR(MakePrivateFolder(path.substr(0, slash)));
  }
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return FileError("make folder", path);
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::string>> ReadPairs(const std::string& path) {
  std::map<std::string, std::string> pairs;
  struct stat info;
  if (stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return pairs;
    return FileError("read", path);
  }
  if ((info.st_mode & 0077) != 0) {
    return InputError(
        absl::StrFormat("others can read the profile %s (mode %04o); run: chmod 600 %s", path,
                        info.st_mode & 07777, path));
  }
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return FileError("read", path);
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> pair = absl::StrSplit(line, absl::MaxSplits(kAssign, 1));
    if (pair.size() != 2) return InputError(absl::StrCat("the profile ", path, " is damaged"));
    pairs[pair[0]] = pair[1];
  }
  return pairs;
}

absl::Status WritePrivateFile(const std::string& path, absl::string_view text) {
  const std::string temporary = absl::StrCat(path, ".", getpid(), ".new");
  unlink(temporary.c_str());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return FileError("write", temporary);
  bool written = true;
  while (written && !text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    written = n > 0;
    if (written) text.remove_prefix(n);
  }
  written = close(fd) == 0 && written;
  if (!written || rename(temporary.c_str(), path.c_str()) != 0) {
    absl::Status status = FileError("write", path);
    unlink(temporary.c_str());
    return status;
  }
  return absl::OkStatus();
}

}  // namespace

bool Profile::is_family() const { return absl::StartsWith(subject, "accounts/"); }

void Profile::Logout() {
  token.clear();
  expire_time = 0;
  subject.clear();
  organisation.clear();
  function = common::v1::FUNCTION_UNSPECIFIED;
  display_name.clear();
}

absl::StatusOr<std::string> ProfileStore::Path(absl::string_view name) const {
  if (home_.empty())
    return InputError("set KNOOPPUNT_HOME or HOME: there is no place for profiles");
  if (!base::IsResourceId(name)) {
    return InputError("a profile's name has lower-case letters, digits and '-' only");
  }
  return absl::StrCat(home_, "/profiles/", name);
}

absl::StatusOr<Profile> ProfileStore::Load(absl::string_view name) const {
  KP_ASSIGN_OR_RETURN(const std::string path, Path(name));
  using Pairs = std::map<std::string, std::string>;
  KP_ASSIGN_OR_RETURN(const Pairs pairs, ReadPairs(path));
  Profile profile;
  for (const auto& [key, value] : pairs) {
    bool good = true;
    if (key == "server") profile.server = value;
    if (key == "ca") profile.ca_file = value;
    if (key == "token") profile.token = value;
    if (key == "subject") profile.subject = value;
    if (key == "organisation") profile.organisation = value;
    if (key == "display_name") profile.display_name = value;
    if (key == "expire_time") good = absl::SimpleAtoi(value, &profile.expire_time);
    if (key == "purpose") {
      const auto purpose = ParseWord<common::v1::Purpose>(value);
      if ((good = purpose.ok())) profile.purpose = *purpose;
    }
    if (key == "function") {
      const auto function = ParseWord<common::v1::Function>(value);
      if ((good = function.ok())) profile.function = *function;
    }
    if (!good) return InputError(absl::StrCat("the profile ", path, " is damaged at '", key, "'"));
  }
  return profile;
}

absl::Status ProfileStore::Save(absl::string_view name, const Profile& profile) const {
  KP_ASSIGN_OR_RETURN(const std::string path, Path(name));
  const std::pair<const char*, std::string> pairs[] = {
      {"server", profile.server},
      {"ca", profile.ca_file},
      {"purpose", Word(profile.purpose)},
      {"token", profile.token},
      {"expire_time", profile.expire_time == 0 ? "" : absl::StrCat(profile.expire_time)},
      {"subject", profile.subject},
      {"organisation", profile.organisation},
      {"function", Word(profile.function)},
      {"display_name", profile.display_name},
  };
  std::string text;
  for (const auto& [key, value] : pairs) {
    if (absl::StrContains(value, "\n")) {
      return InputError(absl::StrCat("the ", key, " of a profile cannot hold a line break"));
    }
    if (!value.empty()) absl::StrAppend(&text, key, kAssign, value, "\n");
  }
  KP_RETURN_IF_ERROR(MakePrivateFolder(absl::StrCat(home_, "/profiles")));
  return WritePrivateFile(path, text);
}

std::string DefaultHome() {
  if (const char* home = std::getenv("KNOOPPUNT_HOME"); home != nullptr && *home != '\0') {
    return home;
  }
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? "" : absl::StrCat(home, "/.config/knooppunt");
}

}  // namespace knooppunt::cli
