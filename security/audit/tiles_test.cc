#include "security/audit/tiles.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/audit/file.h"
#include "security/audit/testing_log.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

bool Exists(const std::string& dir, absl::string_view path) {
  return std::filesystem::exists(absl::StrCat(dir, "/", path));
}

TEST(TilesTest, PathsAreThoseOfTheSpecification) {
  EXPECT_EQ(TilePath({.level = 0, .index = 1234067}), "tile/0/x001/x234/067");
  EXPECT_EQ(TilePath({.level = 0, .index = 0}), "tile/0/000");
  EXPECT_EQ(TilePath({.level = 1, .index = 999, .width = 17}), "tile/1/999.p/17");
  EXPECT_EQ(TilePath({.level = 63, .index = 1000, .width = 255}), "tile/63/x001/000.p/255");
  EXPECT_EQ(EntriesPath({.index = 273, .width = 112}), "tile/entries/273.p/112");
  EXPECT_EQ(EntriesPath({.index = 1000000}), "tile/entries/x001/x000/000");
}

// The examples of tlog-tiles: 70,000 entries, and 256.
TEST(TilesTest, WidthsAreThoseOfTheSpecification) {
  EXPECT_EQ(TileWidthAt(0, 272, 70000), 256);
  EXPECT_EQ(TileWidthAt(0, 273, 70000), 112);
  EXPECT_EQ(TileWidthAt(0, 274, 70000), 0);
  EXPECT_EQ(TileWidthAt(1, 0, 70000), 256);
  EXPECT_EQ(TileWidthAt(1, 1, 70000), 17);
  EXPECT_EQ(TileWidthAt(2, 0, 70000), 1);
  EXPECT_EQ(TileWidthAt(3, 0, 70000), 0);
  EXPECT_EQ(TileWidthAt(0, 0, 256), 256);
  EXPECT_EQ(TileWidthAt(0, 1, 256), 0);
  EXPECT_EQ(TileWidthAt(1, 0, 256), 1);
  EXPECT_EQ(TileWidthAt(0, 0, 0), 0);
  EXPECT_EQ(TileWidthAt(8, 0, INT64_MAX), 0);
}

TEST(TilesTest, BundlesRoundTrip) {
  const std::vector<std::string> entries = {"", "a", std::string(300, 'b'),
                                            std::string(65535, 'c')};
  ASSERT_OK_AND_ASSIGN(const std::string bytes, EncodeBundle(entries));
  EXPECT_EQ(bytes.substr(0, 5), std::string("\x00\x00\x00\x01\x61", 5));
  ASSERT_OK_AND_ASSIGN(const auto decoded, DecodeBundle(bytes));
  EXPECT_THAT(decoded, ElementsAreArray(entries));
}

TEST(TilesTest, MalformedBundlesAreRefused) {
  EXPECT_THAT(EncodeBundle({std::string(65536, 'x')}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodeBundle(absl::string_view("\x00", 1)),
              StatusIs(absl::StatusCode::kDataLoss, "an entry's length is cut off"));
  EXPECT_THAT(DecodeBundle(absl::string_view("\x00\x02x", 3)),
              StatusIs(absl::StatusCode::kDataLoss, "the last entry is cut off"));
  ASSERT_OK_AND_ASSIGN(const std::string bytes, EncodeBundle(std::vector<std::string>(257, "x")));
  EXPECT_THAT(DecodeBundle(bytes), StatusIs(absl::StatusCode::kDataLoss, "more than 256 entries"));
}

TEST(TilesTest, ExportHoldsTheFilesTheSpecificationNames) {
  TestLog log;
  log.Fill(596);  // 600 leaves: two full bundles and 88
  const std::string dir = TestFolder("export");
  const std::string checkpoint = log.CosignedCheckpoint();
  ASSERT_OK(WriteLogDirectory({.dir = dir, .checkpoint = checkpoint, .leaves = &log}));
  for (const char* path :
       {"checkpoint", "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88", "tile/0/000",
        "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"}) {
    EXPECT_TRUE(Exists(dir, path)) << path;
  }
  EXPECT_FALSE(Exists(dir, "tile/2"));

  const LogDirectory directory(dir);
  ASSERT_OK_AND_ASSIGN(const std::string note, directory.ReadCheckpoint());
  EXPECT_EQ(note, checkpoint);
  ASSERT_OK_AND_ASSIGN(const auto entries, directory.ReadEntries({.index = 2, .width = 88}));
  EXPECT_EQ(entries.front(), log.leaves()[512]);
  EXPECT_EQ(entries.back(), log.leaves()[599]);
  const MemoryTree tree = log.Tree();
  for (const TileId& id :
       {TileId{.level = 0, .index = 1}, TileId{.level = 0, .index = 2, .width = 88},
        TileId{.level = 1, .index = 0, .width = 2}}) {
    ASSERT_OK_AND_ASSIGN(const std::string expected, ReadTile(tree, id));
    ASSERT_OK_AND_ASSIGN(const std::string tile, directory.ReadTile(id));
    EXPECT_EQ(tile, expected) << TilePath(id);
  }
}

TEST(TilesTest, EveryExportWidthAroundATileReadsBack) {
  TestLog log;
  log.Fill(254);  // 258
  for (const int64_t size : {0, 1, 255, 256, 257}) {
    const std::string dir = TestFolder("width");
    const std::string checkpoint = log.SignedCheckpoint(size);
    ASSERT_OK(WriteLogDirectory({.dir = dir, .checkpoint = checkpoint, .leaves = &log}));
    const LogDirectory directory(dir);
    int64_t read = 0;
    for (int64_t bundle = 0; TileWidthAt(0, bundle, size) > 0; ++bundle) {
      ASSERT_OK_AND_ASSIGN(
          const auto entries,
          directory.ReadEntries({.index = bundle, .width = TileWidthAt(0, bundle, size)}));
      for (const std::string& entry : entries) EXPECT_EQ(entry, log.leaves()[read++]);
    }
    EXPECT_EQ(read, size);
  }
}

TEST(TilesTest, ExportOfEntriesThatDoNotGiveTheRootLeavesNoCheckpoint) {
  TestLog log;
  log.Fill(10);
  const std::string checkpoint = log.SignedCheckpoint();
  std::swap(log.leaves()[3], log.leaves()[4]);
  const std::string dir = TestFolder("wrong");
  EXPECT_THAT(WriteLogDirectory({.dir = dir, .checkpoint = checkpoint, .leaves = &log}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("root")));
  EXPECT_FALSE(Exists(dir, "checkpoint"));
}

TEST(TilesTest, FullFileServesForANarrowerOne) {
  TestLog log;
  log.Fill(260);
  const std::string dir = TestFolder("wider");
  ASSERT_OK(WriteLogDirectory({.dir = dir, .checkpoint = log.SignedCheckpoint(), .leaves = &log}));
  const LogDirectory directory(dir);
  ASSERT_OK_AND_ASSIGN(const auto entries, directory.ReadEntries({.index = 0, .width = 2}));
  EXPECT_THAT(entries, ElementsAre(log.leaves()[0], log.leaves()[1]));
  ASSERT_OK_AND_ASSIGN(const std::string tile, directory.ReadTile({.width = 3}));
  EXPECT_EQ(tile.size(), 3 * kHashBytes);
}

TEST(TilesTest, FilesOfAnotherSizeThanTheirNameAreRefused) {
  TestLog log;
  log.Fill(6);
  const std::string dir = TestFolder("sizes");
  ASSERT_OK(WriteLogDirectory({.dir = dir, .checkpoint = log.SignedCheckpoint(), .leaves = &log}));
  const LogDirectory directory(dir);
  EXPECT_THAT(directory.ReadEntries({.index = 0, .width = 9}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("tile/entries/000.p/9 is missing")));
  std::filesystem::rename(absl::StrCat(dir, "/tile/entries/000.p/10"),
                          absl::StrCat(dir, "/tile/entries/000.p/9"));
  EXPECT_THAT(directory.ReadEntries({.index = 0, .width = 9}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("holds 10 entries instead of 9")));
  ASSERT_OK(
      WriteFile(absl::StrCat(dir, "/tile/0/000.p/10"), std::string(321, 'x'), Durability::kRename));
  EXPECT_THAT(directory.ReadTile({.width = 10}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("321 bytes instead of 320")));
}

TEST(FileTest, WriteReplacesWholeAndReadIsBounded) {
  const std::string path = TestFolder("file") + "/f";
  EXPECT_THAT(ReadFile(path, 10), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(WriteFile(path, "0123456789", Durability::kSync));
  ASSERT_OK_AND_ASSIGN(const std::string content, ReadFile(path, 10));
  EXPECT_EQ(content, "0123456789");
  ASSERT_OK(WriteFile(path, "x", Durability::kSync));
  ASSERT_OK_AND_ASSIGN(const std::string replaced, ReadFile(path, 10));
  EXPECT_EQ(replaced, "x");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  ASSERT_OK(WriteFile(path, "0123456789+", Durability::kRename));
  EXPECT_THAT(ReadFile(path, 10), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(WriteFile("/nonexistent/f", "x", Durability::kSync),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace knooppunt::audit
