// Two verifiers that share no code, ours and verify_log.py, must agree on every copy of a
// log, sound or damaged (R24).
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/audit/file.h"
#include "security/audit/testing_log.h"
#include "security/audit/tiles.h"
#include "security/audit/verifier.h"
#include "security/audit/witness_state.h"
#include "security/crypto/random.h"

namespace knooppunt::audit {
namespace {

namespace fs = std::filesystem;

struct Verdict {
  bool holds = false;
  std::string words;
};

class AgreementTest : public ::testing::Test {
 protected:
  AgreementTest() : dir_(TestFolder("agreement/log")) { log_.Fill(536); }  // 540 entries

  void Export(absl::string_view checkpoint) {
    fs::remove_all(dir_);
    ASSERT_OK(WriteLogDirectory({.dir = dir_, .checkpoint = checkpoint, .leaves = &log_}));
  }
  std::string Path(absl::string_view file) const { return absl::StrCat(dir_, "/", file); }
  std::string Read(absl::string_view file) const { return *ReadFile(Path(file), 1 << 24); }
  void Write(absl::string_view file, absl::string_view content) {
    ASSERT_OK(WriteFile(Path(file), content, Durability::kRename));
  }
  void ChangeEntries(const BundleId& id,
                     const std::function<void(std::vector<std::string>&)>& change) {
    std::vector<std::string> entries = *LogDirectory(dir_).ReadEntries(id);
    change(entries);
    Write(EntriesPath(id), *EncodeBundle(entries));
  }

  Verdict Ours(const std::string& older, int witnesses) const {
    const auto report = VerifyLogDirectory({.dir = dir_,
                                            .log_key = log_.signer().verifier(),
                                            .witness_keys = {log_.witness().verifier()},
                                            .required_witnesses = witnesses,
                                            .older = older});
    return {.holds = report.ok(), .words = std::string(report.status().message())};
  }
  Verdict Pythons(const std::string& older, int witnesses) const {
    std::string command = absl::StrCat(
        "python3 '", std::getenv("KNOOPPUNT_SOURCE"), "/tests/audit_tool/verify_log.py' '", dir_,
        "' --log-key '", log_.signer().verifier().ToString(), "' --witness-key '",
        log_.witness().verifier().ToString(), "' --witnesses ", witnesses);
    if (!older.empty()) {
      const std::string file = absl::StrCat(dir_, "/../older");
      EXPECT_OK(WriteFile(file, older, Durability::kRename));
      absl::StrAppend(&command, " --since '", file, "'");
    }
    FILE* pipe = popen(absl::StrCat(command, " 2>&1").c_str(), "r");
    Verdict verdict;
    std::array<char, 4096> buffer;
    for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
      verdict.words.append(buffer.data(), n);
    }
    const int status = pclose(pipe);
    verdict.holds = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    EXPECT_TRUE(verdict.holds || WEXITSTATUS(status) == 1) << verdict.words;
    EXPECT_EQ(verdict.words.find("Traceback"), std::string::npos) << verdict.words;
    return verdict;
  }
  // Whether the log holds, when both say the same.
  bool Holds(const std::string& older = "", int witnesses = 1) const {
    const Verdict ours = Ours(older, witnesses);
    const Verdict pythons = Pythons(older, witnesses);
    EXPECT_EQ(ours.holds, pythons.holds) << "ours: " << ours.words << "\npython: " << pythons.words;
    return ours.holds && pythons.holds;
  }

  TestLog log_;
  std::string dir_;
};

TEST_F(AgreementTest, SoundLogHoldsForBoth) {
  Export(log_.CosignedCheckpoint());
  EXPECT_TRUE(Holds());
  for (const int64_t size : {0, 1, 256, 300, 512, 540}) {
    EXPECT_TRUE(Holds(log_.SignedCheckpoint(size))) << size;
  }
  EXPECT_TRUE(Holds(FormatWitnessState({{TestLog::kOrigin, log_.CosignedCheckpoint(300)}})));
  fs::remove_all(Path("tile/0"));
  fs::remove_all(Path("tile/1"));
  EXPECT_TRUE(Holds());
}

TEST_F(AgreementTest, SmallLogsHoldForBoth) {
  for (const int64_t size : {0, 1, 2, 3, 255, 256, 257}) {
    Export(log_.CosignedCheckpoint(size));
    EXPECT_TRUE(Holds()) << size;
  }
}

TEST_F(AgreementTest, R24DamageIsFoundByBoth) {
  const std::string kept = log_.CosignedCheckpoint();
  const BundleId first{.index = 0};
  const BundleId last{.index = 2, .width = 28};
  const std::vector<std::pair<const char*, std::function<void()>>> damages = {
      {"a byte of an entry",
       [&] { ChangeEntries(first, [](auto& e) { e[77][e[77].size() - 9] ^= 1; }); }},
      {"a record dropped", [&] { ChangeEntries(last, [](auto& e) { e.erase(e.begin() + 3); }); }},
      {"a record doubled", [&] { ChangeEntries(last, [](auto& e) { e.push_back(e.back()); }); }},
      {"two swapped", [&] { ChangeEntries(first, [](auto& e) { std::swap(e[3], e[4]); }); }},
      {"two of different streams swapped, without tiles",
       [&] {
         ChangeEntries(first, [](auto& e) { std::swap(e[4], e[5]); });
         fs::remove_all(Path("tile/0"));
         fs::remove_all(Path("tile/1"));
       }},
      {"the tail's file gone", [&] { fs::remove_all(Path("tile/entries/002.p")); }},
      {"a file in the middle gone", [&] { fs::remove(Path("tile/entries/001")); }},
      {"a byte of a tile",
       [&] {
         std::string tile = Read("tile/0/001");
         tile[4000] ^= 1;
         Write("tile/0/001", tile);
       }},
      {"a byte of a tile above",
       [&] {
         std::string tile = Read("tile/1/000.p/2");
         tile[40] ^= 1;
         Write("tile/1/000.p/2", tile);
       }},
      {"a tile cut", [&] { Write("tile/0/000", Read("tile/0/000").substr(0, 100)); }},
      {"no checkpoint", [&] { fs::remove(Path("checkpoint")); }},
      {"no cosignature", [&] { Write("checkpoint", log_.SignedCheckpoint()); }},
      {"an older size under the newest cosignature",
       [&] {
         Write("checkpoint",
               absl::StrCat(log_.SignedCheckpoint(500), kept.substr(kept.rfind("\xe2\x80\x94"))));
       }},
  };
  for (const auto& [what, damage] : damages) {
    Export(kept);
    damage();
    EXPECT_FALSE(Holds()) << what;
  }
}

TEST_F(AgreementTest, R24CutTailAndRebuiltLogAreFoundByBothAgainstWhatWasKept) {
  const std::string kept = log_.CosignedCheckpoint();
  Export(log_.CosignedCheckpoint(500));
  EXPECT_TRUE(Holds());
  EXPECT_FALSE(Holds(kept));
  EXPECT_FALSE(Holds(FormatWitnessState({{TestLog::kOrigin, kept}})));

  TestLog rebuilt;
  rebuilt.Open("dossier");
  for (int i = 1; i < 540; ++i) rebuilt.Facts("dossier");
  log_.leaves() = rebuilt.leaves();
  Export(log_.SignedCheckpoint());
  EXPECT_FALSE(Holds());
  EXPECT_TRUE(Holds("", 0));  // without a witness or a kept checkpoint nobody can tell
  EXPECT_FALSE(Holds(kept, 0));
}

TEST_F(AgreementTest, R24RandomBitsFlippedAnywhereAreFoundByBoth) {
  Export(log_.CosignedCheckpoint());
  std::vector<std::string> files;
  for (const auto& file : fs::recursive_directory_iterator(dir_)) {
    if (file.is_regular_file()) files.push_back(fs::relative(file.path(), dir_).string());
  }
  std::sort(files.begin(), files.end());
  ASSERT_EQ(files.size(), 8u);
  crypto::SeededRandom random(2024);
  const auto below = [&](size_t n) {
    const std::string bytes = random.Bytes(4);
    uint32_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value % n;
  };
  for (int i = 0; i < 32; ++i) {
    const std::string& file = files[i % files.size()];
    const std::string good = Read(file);
    std::string bad = good;
    const size_t bit = below(good.size() * 8);
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    Write(file, bad);
    EXPECT_FALSE(Holds()) << file << ", bit " << bit;
    Write(file, good);
  }
  EXPECT_TRUE(Holds());
}

}  // namespace
}  // namespace knooppunt::audit
