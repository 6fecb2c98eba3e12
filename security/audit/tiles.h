// A log as static files (C2SP tlog-tiles), so that it can be copied, served and
// checked without us. Under a directory (or a URL):
//
//   checkpoint                    a signed note, with its cosignatures
//   tile/<L>/<N>[.p/<W>]          hashes: W (full: 256) of 32 bytes; number i is node
//                                 256 * N + i of tree level 8 * L
//   tile/entries/<N>[.p/<W>]      W entries, each after its length (16-bit big endian);
//                                 number i is entry 256 * N + i
//
// <N> in groups of three digits, all but the last led by 'x': 1234067 is
// x001/x234/067. ".p/<W>" stands only with W < 256. Free functions and LogDirectory
// are thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_AUDIT_TILES_H_
#define KNOOPPUNT_SECURITY_AUDIT_TILES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/audit/merkle.h"

namespace knooppunt::audit {

inline constexpr int kTileHeight = 8;
inline constexpr int kTileWidth = 1 << kTileHeight;

struct TileId {
  int level = 0;  // in tiles: 0 holds the leaves' hashes
  int64_t index = 0;
  int width = kTileWidth;
};
struct BundleId {
  int64_t index = 0;
  int width = kTileWidth;
};

// "tile/0/x001/x234/067.p/8", "tile/entries/000".
std::string TilePath(const TileId& tile);
std::string EntriesPath(const BundleId& bundle);

// How wide tile `index` of `level` is in a tree of `size` entries; 0 when it has none.
int TileWidthAt(int level, int64_t index, int64_t size);

// The tile's bytes, from stored nodes. NOT_FOUND when a node is not there.
absl::StatusOr<std::string> ReadTile(const HashReader& reader, const TileId& tile);

// INVALID_ARGUMENT when an entry is over 65535 bytes.
absl::StatusOr<std::string> EncodeBundle(const std::vector<std::string>& entries);
// DATA_LOSS unless `bytes` is a whole number of entries, at most kTileWidth.
absl::StatusOr<std::vector<std::string>> DecodeBundle(absl::string_view bytes);

// Where an export takes its entries from.
class LeafSource {
 public:
  virtual ~LeafSource() = default;
  // Entries begin .. begin + count - 1.
  virtual absl::StatusOr<std::vector<std::string>> ReadLeaves(int64_t begin, int count) const = 0;
};

struct WriteLogOptions {
  std::string dir;                     // created; files of an earlier export are replaced
  absl::string_view checkpoint;        // the note; its size says how far to write
  const LeafSource* leaves = nullptr;  // not owned
};
// Writes entries and tiles, and last the checkpoint. DATA_LOSS, with no checkpoint
// written, when the entries do not give the checkpoint's root.
absl::Status WriteLogDirectory(const WriteLogOptions& options);

// Reads what WriteLogDirectory wrote, or another's tool. Believes nothing: what it
// returns has the right shape, no more.
class LogDirectory {
 public:
  explicit LogDirectory(std::string dir) : dir_(std::move(dir)) {}

  // The note. NOT_FOUND when there is none.
  absl::StatusOr<std::string> ReadCheckpoint() const;
  // Exactly `width` entries; a wider file than asked for serves, as the format allows.
  // NOT_FOUND when there is no such file, DATA_LOSS when it holds less or is malformed.
  absl::StatusOr<std::vector<std::string>> ReadEntries(const BundleId& bundle) const;
  // Exactly `width` hashes; as ReadEntries.
  absl::StatusOr<std::string> ReadTile(const TileId& tile) const;

 private:
  std::string Path(absl::string_view relative) const;

  std::string dir_;
};

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_TILES_H_
