// The last row of the failure table: a store that is older than what others know of it.
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "services/witness/http_server.h"
#include "services/witness/witness.h"
#include "tests/faults/whole_log.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::faults {
namespace {

using absl::StatusCode;
using integration::Fails;
using integration::Refused;
using integration::Region;
using integration::Require;
using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(RestoreTest, R13AnOlderDossierRefusesToStartAndInANewIncarnationWhatWasWithdrawnStaysSo) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  ASSERT_OK(region.AddNote("Voor de kopie."));
  region.Stop();
  region.SetAside("dossier");

  ASSERT_OK(region.Start());
  ASSERT_OK(region.Withdraw(consent, region.mother));
  ASSERT_OK(region.AddNote("Na de kopie."));
  region.Stop();
  region.PutBack("dossier");

  EXPECT_THAT(region.Start(), StatusIs(StatusCode::kFailedPrecondition,
                                       AllOf(HasSubstr("an older copy was put back"),
                                             HasSubstr("--new-incarnation=dossier"))));
  EXPECT_THAT(region.Start(), StatusIs(StatusCode::kFailedPrecondition))
      << "and again: nothing went on meanwhile";
  ASSERT_OK(region.Start({"dossier"}));
  EXPECT_THAT(region.GetCase(region.nurse), Refused());
  EXPECT_THAT(region.Notes(), ::testing::ElementsAre("Voor de kopie."));

  // And life goes on: a new consent opens what it says, a restart needs no flag any more.
  region.Share("organisations/jgz");
  EXPECT_OK(region.GetCase(region.nurse));
  ASSERT_OK(region.Start());
  EXPECT_OK(region.GetCase(region.nurse));
  EXPECT_OK(VerifyWholeLog(region));
}

TEST(RestoreTest, AnOlderAccessIsToldEverythingAgainAndIsWhole) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string first = region.SeatTheNurse();
  region.Stop();
  region.SetAside("access");

  ASSERT_OK(region.Start());
  ASSERT_OK(region.Withdraw(first, region.mother));
  region.Share("organisations/maastricht");
  region.Seat(region.consultant);
  region.Stop();
  region.PutBack("access");

  EXPECT_THAT(region.Start(), StatusIs(StatusCode::kFailedPrecondition,
                                       AllOf(HasSubstr("an older copy was put back"),
                                             HasSubstr("--new-incarnation=access"))));
  ASSERT_OK(region.Start({"access"}));
  EXPECT_THAT(region.GetCase(region.nurse), Refused()) << "withdrawn after the copy";
  EXPECT_OK(region.GetCase(region.consultant)) << "given after the copy";
  EXPECT_OK(VerifyWholeLog(region));
}

TEST(RestoreTest, AnAccessThatWasLostIsRebuiltFromTheOutboxes) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  region.SeatTheNurse();
  region.Stop();
  for (const char* file : {"/access.db", "/access.db-wal", "/access.db-shm"}) {
    std::filesystem::remove(region.config().data_dir() + file);
  }
  ASSERT_OK(region.Start());
  EXPECT_OK(region.GetCase(region.nurse));
  EXPECT_THAT(region.GetCase(region.stranger), Refused());
}

// A witness on a thread of its own.
class RunningWitness {
 public:
  explicit RunningWitness(Region& region) {
    auto key = crypto::SigningKey::Generate(random_);
    Require(key.status(), "a key");
    auto cosigner = audit::Cosigner::Create("witness.example/w1", *std::move(key));
    Require(cosigner.status(), "a cosigner");
    auto log_key =
        audit::NoteVerifier::Create(region.config().audit().origin(),
                                    audit::NoteAlgorithm::kEd25519, region.log_key().verify_key());
    Require(log_key.status(), "the log's key");
    const std::string verifier = cosigner->verifier().ToString();
    auto witness = witness::Witness::Create({.cosigner = *std::move(cosigner),
                                             .log_keys = {*std::move(log_key)},
                                             .state_path = region.folder() + "/witness.state",
                                             .clock = &clock_});
    Require(witness.status(), "a witness");
    witness_ = *std::move(witness);
    auto server = witness::HttpServer::Create({.listen = "127.0.0.1:0", .witness = witness_.get()});
    Require(server.status(), "its port");
    server_ = *std::move(server);
    thread_ = std::thread([this] { Require(server_->Run(), "the witness"); });
    config::v1::Witness* w = region.config().mutable_audit()->add_witnesses();
    w->set_url(absl::StrCat("http://127.0.0.1:", server_->port()));
    w->set_verifier_key(verifier);
  }
  ~RunningWitness() {
    server_->Stop();
    thread_.join();
  }

 private:
  base::SystemClock clock_;
  crypto::SystemRandom random_;
  std::unique_ptr<witness::Witness> witness_;
  std::unique_ptr<witness::HttpServer> server_;
  std::thread thread_;
};

TEST(RestoreTest, R24AnOlderLogTakesNothingMoreBecauseTheWitnessKnowsANewerOne) {
  Region region;
  RunningWitness witness(region);
  ASSERT_OK(region.Start());
  region.Furnish();
  ASSERT_OK(VerifyWholeLog(region));
  region.Stop();
  region.SetAside("audit");

  ASSERT_OK(region.Start());
  ASSERT_OK(region.GetCase(region.ib));
  ASSERT_OK(VerifyWholeLog(region));
  region.Stop();
  region.PutBack("audit");

  // Either it does not start or it takes nothing more; both say what to do.
  const absl::Status started = region.Start({"audit"});
  const absl::Status taken =
      started.ok() ? region.process().host("dossier")->shipper().Flush(absl::Seconds(1)) : started;
  EXPECT_THAT(taken,
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("witness knows a newer log")));
}

}  // namespace
}  // namespace knooppunt::faults
