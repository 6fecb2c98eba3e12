#include "clients/cli/profile.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

class ProfileTest : public ::testing::Test {
 protected:
  ProfileTest() {
    root_ = ::knooppunt::testing::NewFolder("profile");
    home_ = root_ + "/a/home";
  }
  ~ProfileTest() override { std::filesystem::remove_all(root_); }
  static int Mode(const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
  }
  std::string File(const std::string& name) const { return home_ + "/profiles/" + name; }

  std::string root_;
  std::string home_;
};

Profile SampleProfile() {
  return {.server = "localhost:7443",
          .ca_file = "/etc/ca.pem",
          .purpose = common::v1::PURPOSE_AUDIT,
          .token = "abc.def",
          .expire_time = 1795338000,
          .subject = "professionals/ib",
          .organisation = "organisations/mosalira",
          .function = common::v1::FUNCTION_INTERN_BEGELEIDER,
          .display_name = "Ine = Bos"};
}

TEST_F(ProfileTest, WhatIsSavedIsLoaded) {
  const ProfileStore store(home_);
  ASSERT_OK(store.Save("ib", SampleProfile()));
  ASSERT_OK_AND_ASSIGN(const Profile loaded, store.Load("ib"));
  EXPECT_EQ(loaded.server, "localhost:7443");
  EXPECT_EQ(loaded.ca_file, "/etc/ca.pem");
  EXPECT_EQ(loaded.purpose, common::v1::PURPOSE_AUDIT);
  EXPECT_EQ(loaded.token, "abc.def");
  EXPECT_EQ(loaded.expire_time, 1795338000);
  EXPECT_EQ(loaded.subject, "professionals/ib");
  EXPECT_EQ(loaded.organisation, "organisations/mosalira");
  EXPECT_EQ(loaded.function, common::v1::FUNCTION_INTERN_BEGELEIDER);
  EXPECT_EQ(loaded.display_name, "Ine = Bos");
}

TEST_F(ProfileTest, FileAndFoldersAreForTheirOwnerAlone) {
  const mode_t before = umask(0);
  ASSERT_OK(ProfileStore(home_).Save("ib", SampleProfile()));
  umask(before);
  EXPECT_EQ(Mode(File("ib")), 0600);
  EXPECT_EQ(Mode(home_), 0700);
  EXPECT_EQ(Mode(home_ + "/profiles"), 0700);
}

TEST_F(ProfileTest, SavingNarrowsAFileThatWasWide) {
  const ProfileStore store(home_);
  ASSERT_OK(store.Save("ib", SampleProfile()));
  ASSERT_EQ(chmod(File("ib").c_str(), 0644), 0);
  ASSERT_OK(store.Save("ib", SampleProfile()));
  EXPECT_EQ(Mode(File("ib")), 0600);
}

TEST_F(ProfileTest, FileThatOthersCanReadIsRefused) {
  const ProfileStore store(home_);
  ASSERT_OK(store.Save("ib", SampleProfile()));
  ASSERT_EQ(chmod(File("ib").c_str(), 0640), 0);
  EXPECT_THAT(store.Load("ib"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("chmod 600")));
}

TEST_F(ProfileTest, AbsentProfileIsEmpty) {
  ASSERT_OK_AND_ASSIGN(const Profile loaded, ProfileStore(home_).Load("nobody"));
  EXPECT_EQ(loaded.server, "");
  EXPECT_EQ(loaded.token, "");
}

TEST_F(ProfileTest, NameThatLeavesTheFolderIsRefused) {
  for (const char* name : {"../x", "", "a/b", "A", "."}) {
    EXPECT_THAT(ProfileStore(home_).Load(name), StatusIs(absl::StatusCode::kInvalidArgument))
        << name;
  }
}

TEST_F(ProfileTest, ValueWithLineBreakIsRefused) {
  Profile profile = SampleProfile();
  profile.display_name = "x\ntoken = other";
  EXPECT_THAT(ProfileStore(home_).Save("ib", profile),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line break")));
}

TEST_F(ProfileTest, DamagedFileIsNamed) {
  const ProfileStore store(home_);
  ASSERT_OK(store.Save("ib", SampleProfile()));
  for (const char* damage : {"junk", "expire_time = soon", "function = king"}) {
    std::ofstream(File("ib")) << damage << "\n";
    EXPECT_THAT(store.Load("ib"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("damaged")))
        << damage;
  }
}

TEST_F(ProfileTest, LogoutKeepsTheServer) {
  Profile profile = SampleProfile();
  profile.Logout();
  EXPECT_EQ(profile.server, "localhost:7443");
  EXPECT_EQ(profile.token, "");
  EXPECT_EQ(profile.subject, "");
  EXPECT_EQ(profile.expire_time, 0);
}

TEST_F(ProfileTest, AccountIsFamilyAndProfessionalIsNot) {
  Profile profile = SampleProfile();
  EXPECT_FALSE(profile.is_family());
  profile.subject = "accounts/moeder";
  EXPECT_TRUE(profile.is_family());
}

}  // namespace
}  // namespace knooppunt::cli
