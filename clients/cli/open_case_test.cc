#include "clients/cli/open_case.h"

#include "base/status_testing.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

TEST(OpenCaseTest, PersonHasKeyNamesBirthDateAndAccount) {
  ASSERT_OK_AND_ASSIGN(const auto person,
                       ParseNewPerson("moeder|Eva|van der Meer|1985-04-02|accounts/eva",
                                      access::v1::FAMILY_ROLE_PARENT));
  EXPECT_EQ(person.key(), "moeder");
  EXPECT_EQ(person.given_name(), "Eva");
  EXPECT_EQ(person.family_name(), "van der Meer");
  EXPECT_EQ(person.birth_date(), "1985-04-02");
  EXPECT_EQ(person.account(), "accounts/eva");
  EXPECT_EQ(person.role(), access::v1::FAMILY_ROLE_PARENT);
}

TEST(OpenCaseTest, AccountMayBeLeftOut) {
  ASSERT_OK_AND_ASSIGN(const auto person,
                       ParseNewPerson("kind|Sem|Vos|2015-05-01", access::v1::FAMILY_ROLE_CHILD));
  EXPECT_EQ(person.account(), "");
}

TEST(OpenCaseTest, MisshapenPersonShowsTheForm) {
  for (const char* text :
       {"", "kind", "kind|Sem|Vos", "|Sem|Vos|2015-05-01", "a|b|c|2015-05-01|accounts/a|x"}) {
    EXPECT_THAT(ParseNewPerson(text, access::v1::FAMILY_ROLE_CHILD).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("key|given name")))
        << text;
  }
  EXPECT_THAT(ParseNewPerson("a|b|c|2015-02-30", access::v1::FAMILY_ROLE_CHILD).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("birth date")));
  EXPECT_THAT(ParseNewPerson("a|b|c|2015-02-03|eva", access::v1::FAMILY_ROLE_CHILD).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("accounts/*")));
}

TEST(OpenCaseTest, GezagIsOneEntryForEachChild) {
  casework::v1::OpenCaseRequest request;
  ASSERT_OK(ParseGezag("moeder>sem,liv", &request));
  ASSERT_OK(ParseGezag("organisations/jb-limburg>liv", &request));
  ASSERT_EQ(request.gezag_size(), 3);
  EXPECT_EQ(request.gezag(0).holder_key(), "moeder");
  EXPECT_EQ(request.gezag(0).over_key(), "sem");
  EXPECT_EQ(request.gezag(1).over_key(), "liv");
  EXPECT_EQ(request.gezag(2).holder_key(), "");
  EXPECT_EQ(request.gezag(2).holder_organisation(), "organisations/jb-limburg");
}

TEST(OpenCaseTest, MisshapenGezagShowsTheForm) {
  casework::v1::OpenCaseRequest request;
  for (const char* text : {"", "moeder", ">sem", "moeder>"}) {
    EXPECT_THAT(ParseGezag(text, &request),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("holder>child")))
        << text;
  }
}

}  // namespace
}  // namespace knooppunt::cli
