// The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1), over SHA-256:
// hashes, roots, and the proofs that R24 rests on.
//
// A *node* (level, index) is the hash over the 2^level leaves from
// index * 2^level on; it exists once they all do, and never changes again. A
// store keeps nodes; everything else is computed from them. Hashes are strings
// of 32 bytes.
//
// Free functions have no state. MerkleTree is a value: not thread-safe for
// concurrent writes, copies are independent.
#ifndef KNOOPPUNT_SECURITY_AUDIT_MERKLE_H_
#define KNOOPPUNT_SECURITY_AUDIT_MERKLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::audit {

inline constexpr size_t kHashBytes = 32;

// SHA-256(0x00 leaf).
std::string LeafHash(absl::string_view leaf);
// SHA-256(0x01 left right).
std::string NodeHash(absl::string_view left, absl::string_view right);
// The root of the tree without leaves: SHA-256 of the empty string.
std::string EmptyRoot();

// Where complete nodes are read from.
class HashReader {
 public:
  virtual ~HashReader() = default;
  // 32 bytes; NOT_FOUND when the node is not complete or not stored.
  virtual absl::StatusOr<std::string> ReadHash(int level, int64_t index) const = 0;
};

struct Node {
  int level = 0;
  int64_t index = 0;
  std::string hash;
};

// The growing edge of a tree: what is needed to append and to know the root,
// without reading the store. To append a batch: copy, append, write the nodes in
// one transaction, and keep the copy once that has committed.
class MerkleTree {
 public:
  MerkleTree() = default;  // empty
  // Reads the edge of the tree of `size` leaves: at most 63 reads. DATA_LOSS when
  // the store lacks a node that a tree of that size has.
  static absl::StatusOr<MerkleTree> Load(const HashReader& reader, int64_t size);

  // Appends a leaf's hash; returns the nodes that became complete, the leaf's own
  // (level 0) first. All of them must be stored.
  std::vector<Node> Append(absl::string_view leaf_hash);

  int64_t size() const { return size_; }
  std::string Root() const;

 private:
  int64_t size_ = 0;
  // The complete subtrees that make up the tree, widest first; one for each bit
  // set in size_.
  std::vector<std::string> edge_;
};

// The root of the first `size` leaves, for any size the store has nodes for.
absl::StatusOr<std::string> RootAt(const HashReader& reader, int64_t size);

struct InclusionQuery {
  int64_t index = 0;
  int64_t size = 0;
};
// RFC 9162 section 2.1.3.1. INVALID_ARGUMENT unless 0 <= index < size.
absl::StatusOr<std::vector<std::string>> InclusionProof(const HashReader& reader,
                                                        InclusionQuery query);
// Section 2.1.3.2. DATA_LOSS unless `proof` shows that the leaf with `leaf_hash`
// is number `index` of the tree of `size` leaves with `root`.
absl::Status VerifyInclusion(InclusionQuery query, absl::string_view leaf_hash,
                             absl::string_view root, const std::vector<std::string>& proof);

struct ConsistencyQuery {
  int64_t old_size = 0;
  int64_t new_size = 0;
};
struct ConsistencyRoots {
  absl::string_view old_root;
  absl::string_view new_root;
};
// Section 2.1.4.1; empty when old_size is 0 or equals new_size. INVALID_ARGUMENT
// unless 0 <= old_size <= new_size.
absl::StatusOr<std::vector<std::string>> ConsistencyProof(const HashReader& reader,
                                                          ConsistencyQuery query);
// Section 2.1.4.2. DATA_LOSS unless `proof` shows that the tree with old_root is
// the beginning of the tree with new_root.
absl::Status VerifyConsistency(ConsistencyQuery query, ConsistencyRoots roots,
                               const std::vector<std::string>& proof);

// A tree in memory, for tests, tools and small logs. Not thread-safe.
class MemoryTree final : public HashReader {
 public:
  // Returns the new leaf's index.
  int64_t Append(absl::string_view leaf);
  absl::StatusOr<std::string> ReadHash(int level, int64_t index) const override;
  int64_t size() const { return tree_.size(); }
  std::string Root() const { return tree_.Root(); }

 private:
  MerkleTree tree_;
  std::vector<std::vector<std::string>> levels_;
};

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_MERKLE_H_
