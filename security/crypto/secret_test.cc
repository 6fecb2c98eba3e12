#include "security/crypto/secret.h"

#include <new>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"

namespace knooppunt::crypto {
namespace {

const SecretAccess kAccess = SecretAccess::For("test");
constexpr char kShort[] = "short secret";  // fits in the string object itself
constexpr char kLong[] = "a secret that is too long to live in the string object";

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);

bool Contains(const volatile char* at, size_t size, absl::string_view what) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes.push_back(at[i]);
  return bytes.find(std::string(what)) != std::string::npos;
}

bool Contains(const SecretBytes& secret, absl::string_view what) {
  return Contains(reinterpret_cast<const volatile char*>(&secret), sizeof(secret), what);
}

TEST(SecretTest, WipeOverwritesTheWholeBufferAndEmpties) {
  std::string s = kLong;
  const volatile char* const buffer = s.data();
  const size_t capacity = s.capacity();
  Wipe(&s);
  EXPECT_TRUE(s.empty());
  ASSERT_EQ(s.data(), const_cast<const char*>(buffer));
  for (size_t i = 0; i < capacity; ++i) EXPECT_EQ(buffer[i], 0) << i;
}

TEST(SecretTest, MoveConstructionLeavesNothingInTheSource) {
  for (absl::string_view text : {absl::string_view(kShort), absl::string_view(kLong)}) {
    SecretBytes a = SecretBytes::From(text, kAccess);
    const SecretBytes b = std::move(a);
    EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): the promise of the test
    EXPECT_FALSE(Contains(a, text));
    EXPECT_EQ(b.Expose(kAccess), text);
  }
}

TEST(SecretTest, MoveAssignmentLeavesNothingInTheSourceNorOfTheOldValue) {
  SecretBytes a = SecretBytes::From(kShort, kAccess);
  SecretBytes b = SecretBytes::From("an old one", kAccess);
  ASSERT_TRUE(Contains(b, "an old one"));
  b = std::move(a);
  EXPECT_FALSE(Contains(a, kShort));  // NOLINT(bugprone-use-after-move)
  EXPECT_FALSE(Contains(b, "an old one"));
  EXPECT_EQ(b.Expose(kAccess), kShort);
}

TEST(SecretTest, MoveAssignmentToItselfKeepsTheValue) {
  SecretBytes a = SecretBytes::From(kLong, kAccess);
  SecretBytes& same = a;
  a = std::move(same);
  EXPECT_EQ(a.Expose(kAccess), kLong);
}

TEST(SecretTest, DestructionWipes) {
  alignas(SecretBytes) char storage[sizeof(SecretBytes)];
  auto* secret = new (storage) SecretBytes(SecretBytes::From(kShort, kAccess));
  ASSERT_TRUE(Contains(storage, sizeof(storage), kShort));
  secret->~SecretBytes();
  EXPECT_FALSE(Contains(storage, sizeof(storage), kShort));
}

TEST(SecretTest, TakeWipesTheSource) {
  std::string source = kShort;
  const SecretBytes secret = SecretBytes::Take(std::move(source), kAccess);
  EXPECT_TRUE(source.empty());               // NOLINT(bugprone-use-after-move)
  constexpr size_t kWhole = sizeof(source);  // NOLINT(bugprone-sizeof-container): its own bytes
  EXPECT_FALSE(Contains(reinterpret_cast<const volatile char*>(&source), kWhole, kShort));
  EXPECT_EQ(secret.Expose(kAccess), kShort);
}

TEST(SecretTest, CloneIsEqualAndApart) {
  SecretBytes a = SecretBytes::From(kLong, kAccess);
  const SecretBytes b = a.Clone(kAccess);
  a = SecretBytes();
  EXPECT_EQ(b.Expose(kAccess), kLong);
}

}  // namespace
}  // namespace knooppunt::crypto
