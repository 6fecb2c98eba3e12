// SIGHUP to the real program: the policy is read again, and only then.
#include <signal.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "clients/cpp/grpc_transport.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"
#include "tests/faults/daemon.h"

namespace knooppunt::faults {
namespace {

std::string Read(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ReloadTest, R17SighupBringsAPolicyIntoForceAndARefusedOneChangesNothing) {
  client::RestrictTlsTo13();
  integration::Region region({.system_clock = true, .listen = true});
  const std::string text = Read(region.config().policy_file());
  const std::string file = absl::StrCat(region.folder(), "/policy.textproto");
  std::ofstream(file) << text;
  region.config().set_policy_file(file);
  // A person, so that somebody may ask.
  ASSERT_OK(region.Start());
  region.Furnish();
  region.Stop();
  Daemon daemon(&region);
  ASSERT_OK(daemon.Start());
  const auto transport = daemon.Connect();
  region.UseTransport(transport.get());
  const auto version = [&] {
    access::v1::Policy policy;
    EXPECT_OK(region.Call(region.auditor, "access.v1.AccessService/GetPolicy",
                          access::v1::GetPolicyRequest(), &policy));
    return policy.version();
  };
  ASSERT_EQ(version(), "2026-11");

  std::ofstream(file) << absl::StrReplaceAll(text, {{"\"2026-11\"", "\"2026-12\""}});
  EXPECT_EQ(version(), "2026-11") << "the file alone changes nothing";
  daemon.Signal(SIGHUP);
  ASSERT_TRUE(daemon.AwaitSaid("a new policy is in force"));
  EXPECT_EQ(version(), "2026-12");

  std::ofstream(file) << absl::StrReplaceAll(
      text, {{"\"2026-11\"", "\"refused\""},
             {"permission: \"case.read\" two_factor: true", "permission: \"case.read\""}});
  daemon.Signal(SIGHUP);
  ASSERT_TRUE(daemon.AwaitSaid("the policy file is refused"));
  EXPECT_EQ(version(), "2026-12");
  std::ofstream(file) << absl::StrReplaceAll(text, {{"\"2026-11\"", "\"2027-01\""}});
  daemon.Signal(SIGHUP);
  ASSERT_TRUE(daemon.AwaitSaid("a new policy is in force"));
  EXPECT_EQ(version(), "2027-01");
  EXPECT_EQ(daemon.Terminate(), 0);
}

}  // namespace
}  // namespace knooppunt::faults
