#include "security/audit/merkle.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Proof = std::vector<std::string>;

constexpr int kSizes = 70;  // past 64: a sixth level, and both sides of it

std::string Hex(absl::string_view hex) { return *crypto::HexDecode(hex); }

Proof HexProof(const std::vector<std::string>& hashes) {
  Proof proof;
  for (const std::string& h : hashes) proof.push_back(Hex(h));
  return proof;
}

// The leaves and roots of the reference implementation of RFC 6962
// (certificate-transparency, merkletree/merkle_tree_test).
const std::vector<std::string>& VectorLeaves() {
  static const auto* leaves = new std::vector<std::string>{"",
                                                           Hex("00"),
                                                           Hex("10"),
                                                           Hex("2021"),
                                                           Hex("3031"),
                                                           Hex("40414243"),
                                                           Hex("5051525354555657"),
                                                           Hex("606162636465666768696a6b6c6d6e6f")};
  return *leaves;
}
constexpr const char* kVectorRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

MemoryTree TreeOf(const std::vector<std::string>& leaves) {
  MemoryTree tree;
  for (const std::string& leaf : leaves) tree.Append(leaf);
  return tree;
}

std::vector<std::string> NumberedLeaves(int count) {
  std::vector<std::string> leaves;
  leaves.reserve(count);
  for (int i = 0; i < count; ++i) leaves.push_back(absl::StrCat("leaf ", i));
  return leaves;
}

// RFC 6962 section 2.1, as written.
int Split(int n) {
  int k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
std::string NaiveRoot(const std::vector<std::string>& d, int begin, int end) {
  if (begin == end) return crypto::Sha256("");
  if (end - begin == 1) return crypto::Sha256(absl::StrCat(std::string(1, '\0'), d[begin]));
  const int k = Split(end - begin);
  return crypto::Sha256(absl::StrCat(std::string(1, '\x01'), NaiveRoot(d, begin, begin + k),
                                     NaiveRoot(d, begin + k, end)));
}
Proof NaivePath(const std::vector<std::string>& d, int m, int begin, int end) {
  if (end - begin == 1) return {};
  const int k = Split(end - begin);
  Proof path = m < k ? NaivePath(d, m, begin, begin + k) : NaivePath(d, m - k, begin + k, end);
  path.push_back(m < k ? NaiveRoot(d, begin + k, end) : NaiveRoot(d, begin, begin + k));
  return path;
}
Proof NaiveSubproof(const std::vector<std::string>& d, int m, int begin, int end, bool whole) {
  if (m == end - begin) return whole ? Proof{} : Proof{NaiveRoot(d, begin, end)};
  const int k = Split(end - begin);
  Proof proof = m <= k ? NaiveSubproof(d, m, begin, begin + k, whole)
                       : NaiveSubproof(d, m - k, begin + k, end, false);
  proof.push_back(m <= k ? NaiveRoot(d, begin + k, end) : NaiveRoot(d, begin, begin + k));
  return proof;
}

std::string FlipBit(std::string s, int bit) {
  s[bit / 8] = static_cast<char>(s[bit / 8] ^ (1 << (bit % 8)));
  return s;
}

TEST(MerkleTest, RootsAreThoseOfThePublishedVectors) {
  MemoryTree tree;
  EXPECT_EQ(crypto::HexEncode(tree.Root()), kVectorRoots[0]);
  for (size_t i = 0; i < VectorLeaves().size(); ++i) {
    tree.Append(VectorLeaves()[i]);
    EXPECT_EQ(crypto::HexEncode(tree.Root()), kVectorRoots[i + 1]);
  }
}

TEST(MerkleTest, ProofsAreThoseOfThePublishedVectors) {
  const MemoryTree tree = TreeOf(VectorLeaves());
  ASSERT_OK_AND_ASSIGN(const Proof inclusion, InclusionProof(tree, {.index = 0, .size = 8}));
  EXPECT_THAT(inclusion,
              ElementsAreArray(
                  HexProof({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"})));
  ASSERT_OK_AND_ASSIGN(const Proof consistency,
                       ConsistencyProof(tree, {.old_size = 6, .new_size = 8}));
  EXPECT_THAT(consistency,
              ElementsAreArray(
                  HexProof({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"})));
}

TEST(MerkleTest, RootAtEverySizeIsTheRecursiveDefinition) {
  const auto leaves = NumberedLeaves(kSizes);
  const MemoryTree tree = TreeOf(leaves);
  for (int size = 0; size <= kSizes; ++size) {
    ASSERT_OK_AND_ASSIGN(const std::string root, RootAt(tree, size));
    EXPECT_EQ(root, NaiveRoot(leaves, 0, size)) << size;
    ASSERT_OK_AND_ASSIGN(const MerkleTree loaded, MerkleTree::Load(tree, size));
    EXPECT_EQ(loaded.Root(), root) << size;
    EXPECT_EQ(loaded.size(), size);
  }
}

TEST(MerkleTest, TreeLoadedAtAnySizeGrowsAsTheWholeDoes) {
  const auto leaves = NumberedLeaves(kSizes);
  const MemoryTree whole = TreeOf(leaves);
  for (int size = 0; size < kSizes; ++size) {
    ASSERT_OK_AND_ASSIGN(MerkleTree tree, MerkleTree::Load(whole, size));
    for (int i = size; i < kSizes; ++i) {
      for (const Node& node : tree.Append(LeafHash(leaves[i]))) {
        ASSERT_OK_AND_ASSIGN(const std::string stored, whole.ReadHash(node.level, node.index));
        ASSERT_EQ(node.hash, stored) << node.level << "/" << node.index;
      }
    }
    EXPECT_EQ(tree.Root(), whole.Root());
  }
}

TEST(MerkleTest, LoadFailsWhenTheStoreLacksANode) {
  const MemoryTree tree = TreeOf(NumberedLeaves(5));
  EXPECT_THAT(MerkleTree::Load(tree, 6),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("lacks node 2 of level 1")));
}

TEST(MerkleTest, EveryInclusionProofIsTheDefinitionsAndVerifies) {
  const auto leaves = NumberedLeaves(kSizes);
  const MemoryTree tree = TreeOf(leaves);
  for (int size = 1; size <= kSizes; ++size) {
    ASSERT_OK_AND_ASSIGN(const std::string root, RootAt(tree, size));
    for (int i = 0; i < size; ++i) {
      const InclusionQuery query{.index = i, .size = size};
      ASSERT_OK_AND_ASSIGN(const Proof proof, InclusionProof(tree, query));
      ASSERT_EQ(proof, NaivePath(leaves, i, 0, size)) << i << " of " << size;
      ASSERT_OK(VerifyInclusion(query, LeafHash(leaves[i]), root, proof));
    }
  }
}

TEST(MerkleTest, EveryConsistencyProofIsTheDefinitionsAndVerifies) {
  const auto leaves = NumberedLeaves(kSizes);
  const MemoryTree tree = TreeOf(leaves);
  for (int size = 0; size <= kSizes; ++size) {
    ASSERT_OK_AND_ASSIGN(const std::string new_root, RootAt(tree, size));
    for (int old = 0; old <= size; ++old) {
      const ConsistencyQuery query{.old_size = old, .new_size = size};
      ASSERT_OK_AND_ASSIGN(const std::string old_root, RootAt(tree, old));
      ASSERT_OK_AND_ASSIGN(const Proof proof, ConsistencyProof(tree, query));
      if (old == 0) {
        ASSERT_THAT(proof, IsEmpty());
      } else {
        ASSERT_EQ(proof, NaiveSubproof(leaves, old, 0, size, true)) << old << " to " << size;
      }
      ASSERT_OK(VerifyConsistency(query, {old_root, new_root}, proof)) << old << " to " << size;
    }
  }
}

TEST(MerkleTest, InclusionFailsWithAnyBitFlipped) {
  const auto leaves = NumberedLeaves(13);
  const MemoryTree tree = TreeOf(leaves);
  for (int i = 0; i < 13; ++i) {
    const InclusionQuery query{.index = i, .size = 13};
    ASSERT_OK_AND_ASSIGN(const Proof proof, InclusionProof(tree, query));
    const std::string leaf = LeafHash(leaves[i]);
    for (int bit = 0; bit < 256; ++bit) {
      ASSERT_THAT(VerifyInclusion(query, FlipBit(leaf, bit), tree.Root(), proof),
                  StatusIs(absl::StatusCode::kDataLoss));
      ASSERT_THAT(VerifyInclusion(query, leaf, FlipBit(tree.Root(), bit), proof),
                  StatusIs(absl::StatusCode::kDataLoss));
      for (size_t p = 0; p < proof.size(); ++p) {
        Proof changed = proof;
        changed[p] = FlipBit(proof[p], bit);
        ASSERT_THAT(VerifyInclusion(query, leaf, tree.Root(), changed),
                    StatusIs(absl::StatusCode::kDataLoss));
      }
    }
  }
}

TEST(MerkleTest, ConsistencyFailsWithAnyBitFlipped) {
  const MemoryTree tree = TreeOf(NumberedLeaves(13));
  for (int old = 1; old < 13; ++old) {
    const ConsistencyQuery query{.old_size = old, .new_size = 13};
    ASSERT_OK_AND_ASSIGN(const std::string old_root, RootAt(tree, old));
    ASSERT_OK_AND_ASSIGN(const Proof proof, ConsistencyProof(tree, query));
    for (int bit = 0; bit < 256; ++bit) {
      ASSERT_THAT(VerifyConsistency(query, {FlipBit(old_root, bit), tree.Root()}, proof),
                  StatusIs(absl::StatusCode::kDataLoss));
      ASSERT_THAT(VerifyConsistency(query, {old_root, FlipBit(tree.Root(), bit)}, proof),
                  StatusIs(absl::StatusCode::kDataLoss));
      for (size_t p = 0; p < proof.size(); ++p) {
        Proof changed = proof;
        changed[p] = FlipBit(proof[p], bit);
        ASSERT_THAT(VerifyConsistency(query, {old_root, tree.Root()}, changed),
                    StatusIs(absl::StatusCode::kDataLoss));
      }
    }
  }
}

TEST(MerkleTest, ProofsOfAnotherLengthFail) {
  const MemoryTree tree = TreeOf(NumberedLeaves(13));
  const InclusionQuery inclusion{.index = 5, .size = 13};
  ASSERT_OK_AND_ASSIGN(Proof path, InclusionProof(tree, inclusion));
  const std::string leaf = LeafHash("leaf 5");
  path.push_back(tree.Root());
  EXPECT_THAT(VerifyInclusion(inclusion, leaf, tree.Root(), path),
              StatusIs(absl::StatusCode::kDataLoss, "the inclusion proof is too long"));
  path.resize(path.size() - 2);
  EXPECT_THAT(VerifyInclusion(inclusion, leaf, tree.Root(), path),
              StatusIs(absl::StatusCode::kDataLoss, "the inclusion proof is too short"));

  const ConsistencyQuery consistency{.old_size = 5, .new_size = 13};
  ASSERT_OK_AND_ASSIGN(const std::string old_root, RootAt(tree, 5));
  ASSERT_OK_AND_ASSIGN(Proof proof, ConsistencyProof(tree, consistency));
  proof.push_back(tree.Root());
  EXPECT_THAT(VerifyConsistency(consistency, {old_root, tree.Root()}, proof),
              StatusIs(absl::StatusCode::kDataLoss, "the consistency proof is too long"));
  proof.resize(proof.size() - 2);
  EXPECT_THAT(VerifyConsistency(consistency, {old_root, tree.Root()}, proof),
              StatusIs(absl::StatusCode::kDataLoss, "the consistency proof is too short"));
  EXPECT_THAT(VerifyConsistency(consistency, {old_root, tree.Root()}, {}),
              StatusIs(absl::StatusCode::kDataLoss, "the consistency proof is empty"));
}

TEST(MerkleTest, InclusionFailsForAnotherIndexOrSize) {
  const auto leaves = NumberedLeaves(kSizes);
  const MemoryTree tree = TreeOf(leaves);
  constexpr int kIndex = 21, kSize = 43;
  ASSERT_OK_AND_ASSIGN(const std::string root, RootAt(tree, kSize));
  ASSERT_OK_AND_ASSIGN(const Proof proof, InclusionProof(tree, {.index = kIndex, .size = kSize}));
  const std::string leaf = LeafHash(leaves[kIndex]);
  for (int i = -1; i <= kSize; ++i) {
    EXPECT_EQ(VerifyInclusion({.index = i, .size = kSize}, leaf, root, proof).ok(), i == kIndex);
  }
  EXPECT_THAT(VerifyInclusion({.index = kIndex, .size = 11}, leaf, root, proof), Not(IsOk()));
}

TEST(MerkleTest, ConsistencyOfEmptyAndEqualTreesNeedsNoProof) {
  const MemoryTree tree = TreeOf(NumberedLeaves(3));
  const std::string root = tree.Root();
  const ConsistencyQuery from_empty{.old_size = 0, .new_size = 3};
  EXPECT_OK(VerifyConsistency(from_empty, {EmptyRoot(), root}, {}));
  EXPECT_THAT(VerifyConsistency(from_empty, {EmptyRoot(), root}, {root}),
              StatusIs(absl::StatusCode::kDataLoss, "the consistency proof must be empty"));
  EXPECT_THAT(VerifyConsistency(from_empty, {root, root}, {}),
              StatusIs(absl::StatusCode::kDataLoss, "the roots differ"));
  const ConsistencyQuery equal{.old_size = 3, .new_size = 3};
  EXPECT_OK(VerifyConsistency(equal, {root, root}, {}));
  EXPECT_THAT(VerifyConsistency(equal, {EmptyRoot(), root}, {}),
              StatusIs(absl::StatusCode::kDataLoss, "the roots differ"));
  EXPECT_THAT(VerifyConsistency({.old_size = 0, .new_size = 0}, {EmptyRoot(), root}, {}),
              StatusIs(absl::StatusCode::kDataLoss, "the roots differ"));
}

TEST(MerkleTest, QueriesOutsideTheTreeAreRefused) {
  const MemoryTree tree = TreeOf(NumberedLeaves(3));
  EXPECT_THAT(InclusionProof(tree, {.index = 3, .size = 3}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ConsistencyProof(tree, {.old_size = 4, .new_size = 3}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(RootAt(tree, 4), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(RootAt(tree, -1), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(VerifyConsistency({.old_size = 4, .new_size = 3}, {tree.Root(), tree.Root()}, {}),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace knooppunt::audit
