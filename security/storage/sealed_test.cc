#include "security/storage/sealed.h"

#include "base/limits.h"
#include "security/crypto/aead.h"
#include "security/storage/database_testing.h"

namespace knooppunt::storage {
namespace {

using ::knooppunt::testing::StatusIs;

crypto::SecretBytes Key(char fill) {
  return crypto::SecretBytes::From(std::string(32, fill), crypto::SecretAccess::For("test"));
}

TEST(SealedTest, OpensInItsOwnPlaceOnly) {
  crypto::SystemRandom random;
  const crypto::SecretBytes key = Key('k');
  const ColumnId place = {"person", "p-1", "name", 3};
  ASSERT_OK_AND_ASSIGN(const std::string sealed, SealColumn(key, place, "Noor", random));
  EXPECT_EQ(*OpenColumn(key, place, sealed), "Noor");
  for (const ColumnId& other :
       {ColumnId{"family", "p-1", "name", 3}, ColumnId{"person", "p-2", "name", 3},
        ColumnId{"person", "p-1", "nam", 3}, ColumnId{"person", "p-1", "name", 2},
        ColumnId{"personp", "-1", "name", 3}}) {
    EXPECT_THAT(OpenColumn(key, other, sealed), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(OpenColumn(Key('x'), place, sealed), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(SealedTest, AssociatedDataIsAsDocumented) {
  EXPECT_EQ(ColumnAad({"t", "r", "c", -1}),
            crypto::JoinLengthPrefixed({"knooppunt-column-v1", "t", "r", "c", "-1"}));
}

TEST(SealedTest, LimitHoldsBothWays) {
  crypto::SystemRandom random;
  const crypto::SecretBytes key = Key('k');
  const ColumnId place = {"t", "r", "c", 1};
  const std::string most(limits::kMaxSealedBytes, 'x');
  ASSERT_OK_AND_ASSIGN(const std::string sealed, SealColumn(key, place, most, random));
  EXPECT_TRUE(*OpenColumn(key, place, sealed) == most);
  EXPECT_THAT(SealColumn(key, place, most + "x", random),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_OK_AND_ASSIGN(const std::string longer,
                       crypto::Seal(key, ColumnAad(place), most + "x", random));
  EXPECT_THAT(OpenColumn(key, place, longer), StatusIs(absl::StatusCode::kDataLoss));
}

class SealedRowsTest : public DatabaseTest {};

TEST_F(SealedRowsTest, RowsSwappedInTheDatabaseDoNotOpen) {
  ASSERT_OK(OpenDefault());
  const crypto::SecretBytes key = Key('s');
  ASSERT_OK(db_->Write([&](WriteTx& tx) -> absl::Status {
    for (const auto& [id, name] : {std::pair<int64_t, const char*>{1, "Noor"}, {2, "Sem"}}) {
      KP_ASSIGN_OR_RETURN(const std::string sealed,
                          SealColumn(key, {"t", absl::StrCat(id), "name", 1}, name, random_));
      KP_RETURN_IF_ERROR(
          tx.Exec("INSERT INTO t (id, name) VALUES (?, ?)", {id, Blob{sealed}}).status());
    }
    return absl::OkStatus();
  }));
  const auto open = [&](int64_t id) {
    absl::StatusOr<std::string> name = absl::NotFoundError("");
    EXPECT_OK(db_->Read([&](ReadTx& tx) {
      return tx.Query("SELECT name FROM t WHERE id = ?", {id}, [&](const Row& row) {
        name = OpenColumn(key, {"t", absl::StrCat(id), "name", 1}, row.Bytes(0));
        return absl::OkStatus();
      });
    }));
    return name;
  };
  EXPECT_EQ(*open(1), "Noor");
  EXPECT_EQ(*open(2), "Sem");
  ASSERT_OK(db_->Write([](WriteTx& tx) -> absl::Status {
    for (const char* sql : {"UPDATE t SET id = 3 WHERE id = 1", "UPDATE t SET id = 1 WHERE id = 2",
                            "UPDATE t SET id = 2 WHERE id = 3"}) {
      KP_RETURN_IF_ERROR(tx.Exec(sql, {}).status());
    }
    return absl::OkStatus();
  }));
  EXPECT_THAT(open(1), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(open(2), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace knooppunt::storage
