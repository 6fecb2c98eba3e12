#include "security/audit/merkle.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using Proof = std::vector<std::string>;

// The largest power of two smaller than n, for n > 1: where RFC 6962 splits.
int64_t SplitPoint(int64_t n) {
  return static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(n - 1)));
}

int Log2(int64_t power_of_two) { return std::countr_zero(static_cast<uint64_t>(power_of_two)); }

bool IsPowerOfTwo(int64_t n) { return std::has_single_bit(static_cast<uint64_t>(n)); }

struct Range {
  int64_t begin;
  int64_t end;
  int64_t width() const { return end - begin; }
};

// MTH(D[begin:end]). Every range that the splits make begins at a multiple of its
// left part's width, so a range of a power of two is one stored node.
absl::StatusOr<std::string> RangeHash(const HashReader& reader, Range range) {
  const int64_t width = range.width();
  if (IsPowerOfTwo(width)) return reader.ReadHash(Log2(width), range.begin / width);
  const int64_t middle = range.begin + SplitPoint(width);
  KP_ASSIGN_OR_RETURN(const std::string left, RangeHash(reader, {range.begin, middle}));
  KP_ASSIGN_OR_RETURN(const std::string right, RangeHash(reader, {middle, range.end}));
  return NodeHash(left, right);
}

absl::Status CheckHashes(std::initializer_list<absl::string_view> hashes, const Proof& proof) {
  const auto wrong = [](absl::string_view h) { return h.size() != kHashBytes; };
  if (std::any_of(hashes.begin(), hashes.end(), wrong) ||
      std::any_of(proof.begin(), proof.end(), wrong)) {
    return absl::DataLossError("a hash is not 32 bytes");
  }
  return absl::OkStatus();
}

}  // namespace

std::string LeafHash(absl::string_view leaf) {
  return crypto::Sha256({absl::string_view("\x00", 1), leaf});
}

std::string NodeHash(absl::string_view left, absl::string_view right) {
  return crypto::Sha256({absl::string_view("\x01", 1), left, right});
}

std::string EmptyRoot() { return crypto::Sha256(absl::string_view()); }

absl::StatusOr<MerkleTree> MerkleTree::Load(const HashReader& reader, int64_t size) {
  if (size < 0) return absl::InvalidArgumentError("a tree's size is negative");
  MerkleTree tree;
  tree.size_ = size;
  int64_t begin = 0;
  while (begin < size) {
    const auto width = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(size - begin)));
    absl::StatusOr<std::string> hash = reader.ReadHash(Log2(width), begin / width);
    if (!hash.ok() || hash->size() != kHashBytes) {
      return absl::DataLossError(absl::StrCat("the store lacks node ", begin / width, " of level ",
                                              Log2(width), " of a tree of ", size,
                                              " leaves: ", hash.status().message()));
    }
    tree.edge_.push_back(*std::move(hash));
    begin += width;
  }
  return tree;
}

std::vector<Node> MerkleTree::Append(absl::string_view leaf_hash) {
  std::vector<Node> complete;
  complete.push_back({.level = 0, .index = size_, .hash = std::string(leaf_hash)});
  // As in counting: each trailing 1 bit of the size is a subtree to merge with.
  for (int level = 0; (size_ >> level) & 1; ++level) {
    std::string hash = NodeHash(edge_.back(), complete.back().hash);
    edge_.pop_back();
    complete.push_back(
        {.level = level + 1, .index = size_ >> (level + 1), .hash = std::move(hash)});
  }
  edge_.push_back(complete.back().hash);
  ++size_;
  return complete;
}

std::string MerkleTree::Root() const {
  if (edge_.empty()) return EmptyRoot();
  std::string root = edge_.back();
  for (auto it = std::next(edge_.rbegin()); it != edge_.rend(); ++it) root = NodeHash(*it, root);
  return root;
}

absl::StatusOr<std::string> RootAt(const HashReader& reader, int64_t size) {
  if (size < 0) return absl::InvalidArgumentError("a tree's size is negative");
  if (size == 0) return EmptyRoot();
  return RangeHash(reader, {0, size});
}

absl::StatusOr<Proof> InclusionProof(const HashReader& reader, InclusionQuery query) {
  if (query.index < 0 || query.index >= query.size) {
    return absl::InvalidArgumentError(
        absl::StrCat("entry ", query.index, " is not in a tree of ", query.size, " entries"));
  }
  Proof proof;
  Range range{0, query.size};
  while (range.width() > 1) {
    const int64_t middle = range.begin + SplitPoint(range.width());
    const bool left = query.index < middle;
    const Range sibling = left ? Range{middle, range.end} : Range{range.begin, middle};
    KP_ASSIGN_OR_RETURN(std::string hash, RangeHash(reader, sibling));
    proof.push_back(std::move(hash));
    range = left ? Range{range.begin, middle} : Range{middle, range.end};
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::Status VerifyInclusion(InclusionQuery query, absl::string_view leaf_hash,
                             absl::string_view root, const Proof& proof) {
  if (query.index < 0 || query.index >= query.size) {
    return absl::DataLossError("the entry lies outside the tree");
  }
  KP_RETURN_IF_ERROR(CheckHashes({leaf_hash, root}, proof));
  int64_t fn = query.index;
  int64_t sn = query.size - 1;
  std::string r(leaf_hash);
  for (const std::string& p : proof) {
    if (sn == 0) return absl::DataLossError("the inclusion proof is too long");
    if ((fn & 1) || fn == sn) {
      r = NodeHash(p, r);
      while (!(fn & 1) && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = NodeHash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return absl::DataLossError("the inclusion proof is too short");
  if (r != root) return absl::DataLossError("the inclusion proof does not lead to the root");
  return absl::OkStatus();
}

absl::StatusOr<Proof> ConsistencyProof(const HashReader& reader, ConsistencyQuery query) {
  if (query.old_size < 0 || query.old_size > query.new_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a tree of ", query.new_size, " entries cannot extend one of ", query.old_size));
  }
  Proof proof;
  if (query.old_size == 0 || query.old_size == query.new_size) return proof;
  // SUBPROOF(old_size, D[range], whole): `whole` while the old tree's root is the
  // hash of the range's own beginning, which the verifier has already.
  Range range{0, query.new_size};
  bool whole = true;
  while (query.old_size != range.end) {
    const int64_t middle = range.begin + SplitPoint(range.width());
    const bool left = query.old_size <= middle;
    const Range sibling = left ? Range{middle, range.end} : Range{range.begin, middle};
    KP_ASSIGN_OR_RETURN(std::string hash, RangeHash(reader, sibling));
    proof.push_back(std::move(hash));
    range = left ? Range{range.begin, middle} : Range{middle, range.end};
    whole = whole && left;
  }
  if (!whole) {
    KP_ASSIGN_OR_RETURN(std::string hash, RangeHash(reader, range));
    proof.push_back(std::move(hash));
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::Status VerifyConsistency(ConsistencyQuery query, ConsistencyRoots roots, const Proof& given) {
  if (query.old_size < 0 || query.old_size > query.new_size) {
    return absl::DataLossError("the newer tree is smaller than the older");
  }
  KP_RETURN_IF_ERROR(CheckHashes({roots.old_root, roots.new_root}, given));
  if (query.old_size == 0 || query.old_size == query.new_size) {
    if (!given.empty()) return absl::DataLossError("the consistency proof must be empty");
    const bool same = query.old_size != query.new_size || roots.old_root == roots.new_root;
    const bool empty = query.old_size != 0 || roots.old_root == EmptyRoot();
    if (!same || !empty) return absl::DataLossError("the roots differ");
    return absl::OkStatus();
  }
  if (given.empty()) return absl::DataLossError("the consistency proof is empty");
  Proof proof = given;
  if (IsPowerOfTwo(query.old_size)) proof.insert(proof.begin(), std::string(roots.old_root));
  int64_t fn = query.old_size - 1;
  int64_t sn = query.new_size - 1;
  while (fn & 1) {
    fn >>= 1;
    sn >>= 1;
  }
  std::string fr = proof[0];
  std::string sr = proof[0];
  for (size_t i = 1; i < proof.size(); ++i) {
    const std::string& c = proof[i];
    if (sn == 0) return absl::DataLossError("the consistency proof is too long");
    if ((fn & 1) || fn == sn) {
      fr = NodeHash(c, fr);
      sr = NodeHash(c, sr);
      while (!(fn & 1) && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = NodeHash(sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return absl::DataLossError("the consistency proof is too short");
  if (fr != roots.old_root) {
    return absl::DataLossError("the consistency proof does not lead to the older root");
  }
  if (sr != roots.new_root) {
    return absl::DataLossError("the consistency proof does not lead to the newer root");
  }
  return absl::OkStatus();
}

int64_t MemoryTree::Append(absl::string_view leaf) {
  const int64_t index = tree_.size();
  for (Node& node : tree_.Append(LeafHash(leaf))) {
    if (levels_.size() <= static_cast<size_t>(node.level)) levels_.emplace_back();
    levels_[node.level].push_back(std::move(node.hash));
  }
  return index;
}

absl::StatusOr<std::string> MemoryTree::ReadHash(int level, int64_t index) const {
  if (level < 0 || index < 0 || static_cast<size_t>(level) >= levels_.size() ||
      static_cast<size_t>(index) >= levels_[level].size()) {
    return absl::NotFoundError(absl::StrCat("no node ", index, " at level ", level));
  }
  return levels_[level][index];
}

}  // namespace knooppunt::audit
