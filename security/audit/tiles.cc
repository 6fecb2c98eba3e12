#include "security/audit/tiles.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "security/audit/file.h"
#include "security/audit/limits.h"
#include "security/audit/note.h"

namespace knooppunt::audit {
namespace {

constexpr size_t kLengthBytes = 2;
constexpr size_t kMaxEntryBytes = 65535;
constexpr size_t kMaxBundleBytes = kTileWidth * (kLengthBytes + kMaxEntryBytes);

std::string IndexPath(int64_t index, int width) {
  std::string path = absl::StrFormat("%03d", index % 1000);
  while (index >= 1000) {
    index /= 1000;
    path = absl::StrFormat("x%03d/%s", index % 1000, path);
  }
  if (width < kTileWidth) absl::StrAppend(&path, ".p/", width);
  return path;
}

// Collects the hashes of one tile level and writes each tile as it fills.
class TileWriter {
 public:
  TileWriter(std::string dir, int level) : dir_(std::move(dir)), level_(level) {}

  absl::Status Add(absl::string_view hash) {
    bytes_.append(hash.data(), hash.size());
    return bytes_.size() == kTileWidth * kHashBytes ? Flush() : absl::OkStatus();
  }
  absl::Status Flush() {
    if (bytes_.empty()) return absl::OkStatus();
    const int width = static_cast<int>(bytes_.size() / kHashBytes);
    const std::string path =
        absl::StrCat(dir_, "/", TilePath({.level = level_, .index = index_, .width = width}));
    KP_RETURN_IF_ERROR(CreateDirectories(std::filesystem::path(path).parent_path().string()));
    KP_RETURN_IF_ERROR(WriteFile(path, bytes_, Durability::kRename));
    bytes_.clear();
    ++index_;
    return absl::OkStatus();
  }

 private:
  const std::string dir_;
  const int level_;
  int64_t index_ = 0;
  std::string bytes_;
};

absl::Status WriteEntries(const std::string& dir, const BundleId& bundle,
                          const std::vector<std::string>& entries) {
  KP_ASSIGN_OR_RETURN(const std::string bytes, EncodeBundle(entries));
  const std::string path = absl::StrCat(dir, "/", EntriesPath(bundle));
  KP_RETURN_IF_ERROR(CreateDirectories(std::filesystem::path(path).parent_path().string()));
  return WriteFile(path, bytes, Durability::kRename);
}

absl::Status AddToTiles(const std::string& dir, const std::vector<Node>& nodes,
                        std::vector<TileWriter>* tiles) {
  for (const Node& node : nodes) {
    if (node.level % kTileHeight != 0) continue;
    const int level = node.level / kTileHeight;
    if (tiles->size() <= static_cast<size_t>(level)) tiles->emplace_back(dir, level);
    KP_RETURN_IF_ERROR((*tiles)[level].Add(node.hash));
  }
  return absl::OkStatus();
}

}  // namespace

std::string TilePath(const TileId& tile) {
  return absl::StrCat("tile/", tile.level, "/", IndexPath(tile.index, tile.width));
}

std::string EntriesPath(const BundleId& bundle) {
  return absl::StrCat("tile/entries/", IndexPath(bundle.index, bundle.width));
}

int TileWidthAt(int level, int64_t index, int64_t size) {
  if (level < 0 || level * kTileHeight >= 63 || index < 0 || size < 0) return 0;
  const int64_t hashes = size >> (level * kTileHeight);
  if (index > hashes / kTileWidth) return 0;
  return static_cast<int>(std::min<int64_t>(kTileWidth, hashes - index * kTileWidth));
}

absl::StatusOr<std::string> ReadTile(const HashReader& reader, const TileId& tile) {
  std::string bytes;
  for (int i = 0; i < tile.width; ++i) {
    KP_ASSIGN_OR_RETURN(const std::string hash,
                        reader.ReadHash(tile.level * kTileHeight, tile.index * kTileWidth + i));
    bytes += hash;
  }
  return bytes;
}

absl::StatusOr<std::string> EncodeBundle(const std::vector<std::string>& entries) {
  std::string bytes;
  for (const std::string& entry : entries) {
    if (entry.size() > kMaxEntryBytes) {
      return absl::InvalidArgumentError("an entry is larger than the format can hold");
    }
    bytes.push_back(static_cast<char>(entry.size() >> 8));
    bytes.push_back(static_cast<char>(entry.size() & 0xff));
    bytes += entry;
  }
  return bytes;
}

absl::StatusOr<std::vector<std::string>> DecodeBundle(absl::string_view bytes) {
  std::vector<std::string> entries;
  while (!bytes.empty()) {
    if (bytes.size() < kLengthBytes) return absl::DataLossError("an entry's length is cut off");
    const size_t length =
        static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) return absl::DataLossError("the last entry is cut off");
    if (entries.size() == kTileWidth) return absl::DataLossError("more than 256 entries");
    entries.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return entries;
}

absl::Status WriteLogDirectory(const WriteLogOptions& options) {
  KP_ASSIGN_OR_RETURN(const Note note, ParseNote(options.checkpoint));
  KP_ASSIGN_OR_RETURN(const Checkpoint checkpoint, ParseCheckpoint(note.text));
  KP_RETURN_IF_ERROR(CreateDirectories(options.dir));
  MerkleTree tree;
  std::vector<TileWriter> tiles;
  while (tree.size() < checkpoint.size) {
    const BundleId bundle{.index = tree.size() / kTileWidth,
                          .width = TileWidthAt(0, tree.size() / kTileWidth, checkpoint.size)};
    KP_ASSIGN_OR_RETURN(const std::vector<std::string> entries,
                        options.leaves->ReadLeaves(tree.size(), bundle.width));
    if (entries.size() != static_cast<size_t>(bundle.width)) {
      return absl::DataLossError(
          absl::StrCat("the log holds fewer entries than its checkpoint's ", checkpoint.size));
    }
    KP_RETURN_IF_ERROR(WriteEntries(options.dir, bundle, entries));
    for (const std::string& entry : entries) {
      KP_RETURN_IF_ERROR(AddToTiles(options.dir, tree.Append(LeafHash(entry)), &tiles));
    }
  }
  for (TileWriter& tile : tiles) KP_RETURN_IF_ERROR(tile.Flush());
  if (tree.Root() != checkpoint.root) {
    return absl::DataLossError("the log's entries do not give its checkpoint's root");
  }
  return WriteFile(absl::StrCat(options.dir, "/checkpoint"), options.checkpoint, Durability::kSync);
}

std::string LogDirectory::Path(absl::string_view relative) const {
  return absl::StrCat(dir_, "/", relative);
}

absl::StatusOr<std::string> LogDirectory::ReadCheckpoint() const {
  return ReadFile(Path("checkpoint"), kMaxNoteBytes);
}

absl::StatusOr<std::vector<std::string>> LogDirectory::ReadEntries(const BundleId& bundle) const {
  std::string path = EntriesPath(bundle);
  absl::StatusOr<std::string> bytes = ReadFile(Path(path), kMaxBundleBytes);
  const bool exact = bytes.ok();
  if (absl::IsNotFound(bytes.status())) {
    path = EntriesPath({.index = bundle.index});
    bytes = ReadFile(Path(path), kMaxBundleBytes);
  }
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(absl::StrCat("the file ", EntriesPath(bundle), " is missing"));
  }
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<std::vector<std::string>> entries = DecodeBundle(*bytes);
  if (!entries.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", entries.status().message()));
  }
  const size_t held = exact ? static_cast<size_t>(bundle.width) : kTileWidth;
  if (entries->size() != held) {
    return absl::DataLossError(
        absl::StrCat(path, " holds ", entries->size(), " entries instead of ", held));
  }
  entries->resize(bundle.width);
  return entries;
}

absl::StatusOr<std::string> LogDirectory::ReadTile(const TileId& tile) const {
  std::string path = TilePath(tile);
  absl::StatusOr<std::string> bytes = ReadFile(Path(path), kTileWidth * kHashBytes);
  const bool exact = bytes.ok();
  if (absl::IsNotFound(bytes.status())) {
    path = TilePath({.level = tile.level, .index = tile.index});
    bytes = ReadFile(Path(path), kTileWidth * kHashBytes);
  }
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(absl::StrCat("the file ", TilePath(tile), " is missing"));
  }
  if (absl::IsResourceExhausted(bytes.status())) {
    return absl::DataLossError(absl::StrCat(path, " is not a tile: it is too large"));
  }
  if (!bytes.ok()) return bytes.status();
  const size_t held = (exact ? static_cast<size_t>(tile.width) : kTileWidth) * kHashBytes;
  if (bytes->size() != held) {
    return absl::DataLossError(
        absl::StrCat(path, " holds ", bytes->size(), " bytes instead of ", held));
  }
  bytes->resize(tile.width * kHashBytes);
  return bytes;
}

}  // namespace knooppunt::audit
