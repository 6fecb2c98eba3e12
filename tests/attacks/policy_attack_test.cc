// A policy that opens more than it may, or is none: refused, and the one in force stays (R21).
#include <fstream>
#include <sstream>

#include "absl/strings/str_replace.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

class PolicyAttackTest : public AttackTest {
 protected:
  void SetUp() override {
    std::stringstream text;
    text << std::ifstream(region_.config().policy_file()).rdbuf();
    text_ = text.str();
    file_ = absl::StrCat(region_.folder(), "/policy.textproto");
    std::ofstream(file_) << text_;
    region_.config().set_policy_file(file_);
    AttackTest::SetUp();
  }
  access::v1::Policy InForce() {
    return Do<access::v1::Policy>(region_.auditor, "access.v1.AccessService/GetPolicy",
                                  access::v1::GetPolicyRequest());
  }
  // The shipped policy with `from` replaced is refused, by whoever starts and by who reloads.
  void AttackPolicy(const std::string& from, const std::string& to,
                    StatusCode code = StatusCode::kInvalidArgument) {
    SCOPED_TRACE(to);
    const std::string bent = absl::StrReplaceAll(text_, {{from, to}});
    ASSERT_NE(bent, text_) << "nothing was bent";
    AttackText(bent, code);
  }
  void AttackText(const std::string& text, StatusCode code = StatusCode::kInvalidArgument) {
    const std::string before = InForce().sha256();
    std::ofstream(file_) << text;
    const absl::Status refused = region_.process().access_unit()->ReloadPolicy();
    EXPECT_EQ(refused.code(), code) << refused;
    EXPECT_GT(refused.message().size(), 20u) << "says what is wrong";
    EXPECT_EQ(InForce().sha256(), before);
    EXPECT_OK(region_.GetCase(region_.ib));
    AttackCase(region_.admin, RefusedBy("no-rule-for-function"));
  }
  std::string text_, file_;
};

TEST_F(PolicyAttackTest, A150PolicyThatDoesNotParse) {
  AttackText("staff { nonsense");
  AttackText(text_.substr(0, text_.size() / 2));
  AttackText(std::string("\0\xff", 2));
}

TEST_F(PolicyAttackTest, A151PolicyThatIsEmptyOrVeryLarge) {
  AttackText("", StatusCode::kFailedPrecondition);  // PERMISSION_GONE
  AttackText(absl::StrCat(text_, "# ", std::string(2 << 20, 'x')));
}

TEST_F(PolicyAttackTest, A152R17UnknownWords) {
  AttackPolicy("FUNCTION_JGZ_NURSE", "FUNCTION_JGZ_NURSES");
  AttackPolicy("places: PLACE_SEAT", "places: PLACE_EVERYWHERE");
  AttackPolicy("\"case.join\"", "\"case.joyn\"", StatusCode::kFailedPrecondition);
}

TEST_F(PolicyAttackTest, A153R21AdministratorGetsContent) {
  AttackPolicy("id: \"staff-read\"\n  permissions: \"case.read\"\n  functions: [",
               "id: \"staff-read\"\n  permissions: \"case.read\"\n  functions: [\n"
               "    FUNCTION_ADMINISTRATOR,");
}

TEST_F(PolicyAttackTest, A154R21AuditorGetsContent) {
  AttackPolicy("id: \"staff-contribute\"\n",
               "id: \"staff-spy\"\n  functions: "
               "FUNCTION_PRIVACY_OFFICER\n");
}

TEST_F(PolicyAttackTest, A155R21ReaderOfContentAdministers) {
  AttackPolicy("  functions: FUNCTION_ADMINISTRATOR\n",
               "  functions: [FUNCTION_ADMINISTRATOR, FUNCTION_JGZ_NURSE]\n");
}

TEST_F(PolicyAttackTest, A156R17OneFactorIsEnough) {
  AttackPolicy("permission: \"case.read\" two_factor: true", "permission: \"case.read\"");
}

TEST_F(PolicyAttackTest, A157R12RowWithoutPurposesIsNotForAll) {
  AttackPolicy("  purposes: [PURPOSE_COORDINATION, PURPOSE_HANDOVER]\n", "");
}

TEST_F(PolicyAttackTest, A158R17ContentWithoutAPlaceAtTheTable) {
  AttackPolicy(
      "  places: PLACE_SEAT\n  purposes: [PURPOSE_COORDINATION, PURPOSE_HANDOVER]\n"
      "  compartments",
      "  places: PLACE_ANY\n  purposes: [PURPOSE_COORDINATION, PURPOSE_HANDOVER]\n"
      "  compartments");
}

TEST_F(PolicyAttackTest, A159R11AgeThatNobodySignsFor) {
  AttackPolicy("  below_age: 12\n", "  below_age: 10\n");
}

}  // namespace
}  // namespace knooppunt::attacks
