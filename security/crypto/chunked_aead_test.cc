#include "security/crypto/chunked_aead.h"

#include <vector>

#include "base/status_testing.h"
#include "security/crypto/aead.h"

namespace knooppunt::crypto {
namespace {

using ::knooppunt::testing::StatusIs;

const SecretAccess kAccess = SecretAccess::For("test");

SecretBytes Key(char fill) { return SecretBytes::From(std::string(32, fill), kAccess); }

class ChunkedAeadTest : public ::testing::Test {
 protected:
  ChunkedAead Of(absl::string_view identity) { return *ChunkedAead::Create(key_, identity); }
  // Seals `chunks` as one content.
  std::vector<std::string> SealAll(const ChunkedAead& aead,
                                   const std::vector<std::string>& chunks) {
    std::vector<std::string> sealed;
    sealed.reserve(chunks.size());
    for (size_t i = 0; i < chunks.size(); ++i) {
      sealed.push_back(*aead.Seal(
          {.index = static_cast<uint32_t>(i), .last = i + 1 == chunks.size()}, chunks[i], random_));
    }
    return sealed;
  }
  // Reads to the chunk that opens as the last, as a reader must.
  absl::StatusOr<std::string> OpenAll(const ChunkedAead& aead,
                                      const std::vector<std::string>& sealed) {
    std::string out;
    for (size_t i = 0; i < sealed.size(); ++i) {
      const auto chunk =
          aead.Open({.index = static_cast<uint32_t>(i), .last = i + 1 == sealed.size()}, sealed[i]);
      if (!chunk.ok()) return chunk.status();
      out += *chunk;
    }
    return out;
  }

  SystemRandom random_;
  const SecretBytes key_ = Key('k');
  const std::vector<std::string> chunks_ = {std::string(1000, 'a'), std::string(1000, 'b'),
                                            std::string(1000, 'c'), "d"};
};

const auto kRefused = [] { return StatusIs(absl::StatusCode::kDataLoss); };

TEST_F(ChunkedAeadTest, WhatWasSealedOpens) {
  const ChunkedAead aead = Of("content-1");
  EXPECT_EQ(*OpenAll(aead, SealAll(aead, chunks_)),
            chunks_[0] + chunks_[1] + chunks_[2] + chunks_[3]);
  EXPECT_EQ(*OpenAll(Of("content-1"), SealAll(aead, {""})), "");
  EXPECT_EQ(SealAll(aead, {"x"})[0].size(), 1 + kAeadOverheadBytes);
}

TEST_F(ChunkedAeadTest, ReorderedOrDoubledChunksDoNotOpen) {
  const ChunkedAead aead = Of("content-1");
  const std::vector<std::string> sealed = SealAll(aead, chunks_);
  for (size_t i = 0; i < sealed.size(); ++i) {
    for (size_t j = 0; j < sealed.size(); ++j) {
      if (i == j) continue;
      std::vector<std::string> moved = sealed;
      moved[i] = sealed[j];  // in place of another: doubled
      EXPECT_THAT(OpenAll(aead, moved), kRefused()) << i << " " << j;
      moved[j] = sealed[i];  // and that one here: swapped
      EXPECT_THAT(OpenAll(aead, moved), kRefused()) << i << " " << j;
    }
  }
}

TEST_F(ChunkedAeadTest, WhatIsLeftOutOrAddedShows) {
  const ChunkedAead aead = Of("content-1");
  const std::vector<std::string> sealed = SealAll(aead, chunks_);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::vector<std::string> shorter = sealed;
    shorter.erase(shorter.begin() + static_cast<long>(i));
    EXPECT_THAT(OpenAll(aead, shorter), kRefused()) << "without " << i;
    std::vector<std::string> longer = sealed;
    longer.insert(longer.begin() + static_cast<long>(i), sealed[i]);
    EXPECT_THAT(OpenAll(aead, longer), kRefused()) << "twice " << i;
  }
}

TEST_F(ChunkedAeadTest, AContentThatWasCutOffHasNoLastChunk) {
  const ChunkedAead aead = Of("content-1");
  std::vector<std::string> sealed = SealAll(aead, chunks_);
  while (sealed.size() > 1) {
    sealed.pop_back();
    EXPECT_THAT(OpenAll(aead, sealed), kRefused());
  }
  // Nor can the last chunk be made to look as if more followed.
  sealed = SealAll(aead, chunks_);
  EXPECT_THAT(aead.Open({.index = 3, .last = false}, sealed[3]), kRefused());
}

TEST_F(ChunkedAeadTest, ChunksOfAnotherContentOrKeyDoNotOpen) {
  const ChunkedAead one = Of("content-1"), other = Of("content-2");
  const std::vector<std::string> sealed = SealAll(one, chunks_);
  std::vector<std::string> mixed = SealAll(other, chunks_);
  for (size_t i = 0; i < sealed.size(); ++i) {
    const std::string own = mixed[i];
    mixed[i] = sealed[i];  // the same text, at the same place
    EXPECT_THAT(OpenAll(other, mixed), kRefused()) << i;
    mixed[i] = own;
  }
  EXPECT_THAT(OpenAll(*ChunkedAead::Create(Key('l'), "content-1"), sealed), kRefused());
  // The key itself, without the step in between, opens nothing either.
  EXPECT_THAT(Open(key_, "", sealed[0]), kRefused());
}

TEST_F(ChunkedAeadTest, EveryBitCounts) {
  const ChunkedAead aead = Of("content-1");
  const std::string sealed = SealAll(aead, {"a short chunk"})[0];
  for (size_t byte = 0; byte < sealed.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bent = sealed;
      bent[byte] = static_cast<char>(bent[byte] ^ (1 << bit));
      EXPECT_THAT(aead.Open({.index = 0, .last = true}, bent), kRefused()) << byte << "." << bit;
    }
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THAT(aead.Open({.index = 0, .last = true}, sealed.substr(0, size)), kRefused());
  }
}

TEST_F(ChunkedAeadTest, IndexesDoNotRunIntoEachOther) {
  const ChunkedAead aead = Of("content-1");
  for (const uint32_t index : {0u, 1u, 255u, 256u, 65536u, 0xFFFFFFFFu}) {
    const std::string sealed = *aead.Seal({.index = index}, "x", random_);
    for (const uint32_t at : {0u, 1u, 255u, 256u, 65536u, 0xFFFFFFFFu}) {
      EXPECT_EQ(aead.Open({.index = at}, sealed).ok(), at == index) << index << " " << at;
    }
  }
}

TEST_F(ChunkedAeadTest, AKeyOfAnotherSizeAndAContentWithoutNameAreRefused) {
  EXPECT_THAT(ChunkedAead::Create(SecretBytes::From("short", kAccess), "content-1"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ChunkedAead::Create(key_, ""), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace knooppunt::crypto
