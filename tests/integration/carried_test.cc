// A case with its documents from one installation to another by the command line alone, over TLS,
// as people do it: export, carry, look, import, and go on after a file that was cut off (R13, R28).
#include <chrono>
#include <cstdio>
#include <fstream>
#include <regex>
#include <sstream>

#include "clients/cli/archive_file.h"
#include "clients/cli/cli.h"
#include "clients/cli/profile.h"
#include "clients/cpp/grpc_transport.h"
#include "tests/integration/installations_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::HasSubstr;

struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

class CarriedTest : public TwoInstallationsTest {
 protected:
  CarriedTest() : TwoInstallationsTest({.system_clock = true, .listen = true}) {
    client::RestrictTlsTo13();
  }
  // Runs one command as somebody who has logged in at that installation.
  Ran Run(Region& region, const Caller& who, const std::vector<std::string>& args) {
    const std::string home = Path(absl::StrCat("thuis-", who.claims.subject().substr(14)));
    cli::Profile profile;
    profile.server = absl::StrCat("127.0.0.1:", region.process().port());
    profile.ca_file = region.folder() + "/tls/ca.crt";
    profile.token = region.Token(who);
    profile.expire_time = absl::ToUnixSeconds(absl::Now() + absl::Minutes(9));
    profile.subject = who.claims.subject();
    profile.organisation = who.claims.organisation();
    profile.function = who.claims.function();
    EXPECT_OK(cli::ProfileStore(home).Save("default", profile));
    std::istringstream in;
    std::ostringstream out, err;
    const int exit_code = cli::Run(args, {.home = home,
                                          .in = &in,
                                          .out = &out,
                                          .err = &err,
                                          .clock = &clock_,
                                          .connect = client::Connect,
                                          .confirm = [](const std::string&) { return true; },
                                          .at_keyboard = false,
                                          .wait = [](absl::Duration) {}});
    return {exit_code, out.str(), err.str()};
  }

  base::SystemClock clock_;
};

TEST_F(CarriedTest, R13R28ACaseAndItsDocumentsByTheCommandLine) {
  papers_ = {Paper(),
             {.title = "Verslag", .size_bytes = 3 * kMiB + 123, .seed = 'b'},
             {.title = "Scan", .size_bytes = 20 * kMiB, .seed = 'c'}};
  Send();
  const std::string whole = Path("heen.cms");
  const auto start = std::chrono::steady_clock::now();
  const Ran exported = Run(a_, a_.ib, {"handover", "export", handover_, "--out", whole});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  const auto middle = std::chrono::steady_clock::now();
  const Ran shown = Run(b_, iris_, {"handover", "show-archive", "--file", whole});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("Scan, 21,0 MB"));
  // On its way the last piece got lost.
  const std::string cut = Path("afgekapt.cms");
  {
    auto source = cli::ArchiveSource::Open(whole);
    ASSERT_OK(source);
    EXPECT_EQ(source->left(), 1 + 4 + 20);
    std::ofstream out(cut, std::ios::binary);
    while (source->left() > 1) out << *source->Next();
  }
  const Ran first = Run(b_, iris_, {"handover", "import", "--file", cut});
  EXPECT_EQ(first.exit_code, 6);
  EXPECT_THAT(first.err, HasSubstr("cut off"));
  std::smatch name;
  ASSERT_TRUE(std::regex_search(first.out, name, std::regex("families/[^/]+/handovers/[^ \n]+")));
  imported_ = name.str();
  // The case is there; that is said, and how to go on.
  const Ran again = Run(b_, iris_, {"handover", "import", "--file", whole});
  EXPECT_NE(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("--handover"));
  const auto going_on = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) {  // the second time there is nothing left to do
    const Ran rest =
        Run(b_, iris_, {"handover", "import", "--file", whole, "--handover", imported_});
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    EXPECT_THAT(rest.out, HasSubstr("was al overgenomen"));
  }
  const auto end = std::chrono::steady_clock::now();
  handover::v1::GetHandoverRequest get;
  get.set_name(imported_);
  handover::v1::Handover taken;
  ASSERT_OK(b_.Call(iris_, absl::StrCat(kHandover, "GetHandover"), get, &taken));
  ASSERT_EQ(taken.elsewhere().apart_size(), 2);
  for (const auto& apart : taken.elsewhere().apart()) {
    EXPECT_TRUE(apart.taken_in());
    const Paper& paper = apart.title() == "Scan" ? papers_[2] : papers_[1];
    const Downloaded read =
        Download(b_, iris_.For(common::v1::PURPOSE_COORDINATION), apart.document(), paper);
    EXPECT_OK(read.status);
    EXPECT_EQ(read.bytes, paper.size_bytes);
    EXPECT_TRUE(read.same);
  }
  std::printf("23 MiB over TLS: exported in %.2f s, imported in at most %.2f s\n",
              std::chrono::duration<double>(middle - start).count(),
              std::chrono::duration<double>(end - going_on).count());
}

}  // namespace
}  // namespace knooppunt::integration
