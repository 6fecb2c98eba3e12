// A folder of a test's own. Thread-safe.
#ifndef KNOOPPUNT_BASE_NEW_FOLDER_TESTING_H_
#define KNOOPPUNT_BASE_NEW_FOLDER_TESTING_H_

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace knooppunt::testing {

// New and empty, for its owner alone, where temporary files are (TMPDIR, or /tmp); `what` goes into
// its name. Who asked for it removes it. Ends the program, saying why, when there can be none.
inline std::string NewFolder(const std::string& what) {
  std::string path =
      (std::filesystem::temp_directory_path() / ("knooppunt_" + what + "_XXXXXX")).string();
  if (mkdtemp(path.data()) == nullptr) {
    std::perror(path.c_str());
    std::abort();
  }
  return path;
}

}  // namespace knooppunt::testing

#endif  // KNOOPPUNT_BASE_NEW_FOLDER_TESTING_H_
