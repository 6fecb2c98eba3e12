// knooppunt_schema() over testdata/schema.
#include "schema/storage_testdata_migrations.h"
#include "security/storage/database_testing.h"

namespace knooppunt::storage {
namespace {

class SchemaTest : public DatabaseTest {};

TEST_F(SchemaTest, EmbeddedFilesAreTheFilesInOrder) {
  const std::vector<Migration> migrations = storage_testdata::Migrations();
  ASSERT_EQ(migrations.size(), 2u);
  const std::string directory =
      absl::StrCat(std::getenv("KNOOPPUNT_SOURCE"), "/security/storage/testdata/schema/");
  EXPECT_EQ(migrations[0].version, 1);
  EXPECT_EQ(migrations[0].name, "people");
  EXPECT_EQ(migrations[0].sql, FileContent(directory + "0001_people.sql"));
  EXPECT_EQ(migrations[1].version, 2);
  EXPECT_EQ(migrations[1].name, "children");
  EXPECT_EQ(migrations[1].sql, FileContent(directory + "0002_children.sql"));
}

TEST_F(SchemaTest, EmbeddedMigrationsRun) {
  Database::Options options = DefaultOptions();
  options.migrations = storage_testdata::Migrations();
  ASSERT_OK(OpenWith(std::move(options)));
  EXPECT_EQ(One("SELECT count(*) FROM child"), 0);
}

}  // namespace
}  // namespace knooppunt::storage
