// A permit serves one call (P6): whoever stands between a unit and access, and answers with what
// access said another time, or with a yes of their own, gets nothing opened.
#include "security/policy/permit.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "base/mutex.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using access::v1::CheckRequest;
using access::v1::Decision;
using google::protobuf::Message;

// Stands between the units and access. Thread-safe.
class Forger {
 public:
  // Makes an answer to a Check out of the true one; unset lets the true one through.
  using Forgery = std::function<void(const CheckRequest&, Decision*)>;

  void Forge(Forgery forgery) {
    base::MutexLock lock(mu_);
    forgery_ = std::move(forgery);
  }
  // What access said last.
  Decision Overheard() {
    base::MutexLock lock(mu_);
    return overheard_;
  }
  server::Process::Options::Between Between() {
    return [this](const std::string&, const std::string&, client::Transport* way) {
      return std::make_unique<Way>(this, way);
    };
  }

 private:
  class Way final : public client::Transport {
   public:
    Way(Forger* forger, client::Transport* way) : forger_(forger), way_(way) {}
    absl::Status Call(const std::string& method, const Message& request, Message* response,
                      const client::CallOptions& options) override {
      const absl::Status status = way_->Call(method, request, response, options);
      auto* decision = dynamic_cast<Decision*>(response);
      const auto* check = dynamic_cast<const CheckRequest*>(&request);
      if (decision == nullptr || check == nullptr) return status;
      base::MutexLock lock(forger_->mu_);
      forger_->overheard_ = *decision;
      if (forger_->forgery_) forger_->forgery_(*check, decision);
      return status;
    }

   private:
    Forger* const forger_;
    client::Transport* const way_;
  };

  base::Mutex mu_;
  Forgery forgery_ ABSL_GUARDED_BY(mu_);
  Decision overheard_ ABSL_GUARDED_BY(mu_);
};

class PermitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    consent_ = region_.SeatTheNurse();
  }
  // From now on every question gets the answer that was overheard last.
  void Replay() {
    const Decision overheard = forger_.Overheard();
    forger_.Forge([overheard](const CheckRequest&, Decision* answer) { *answer = overheard; });
  }
  static auto ForAnother() { return Fails(StatusCode::kUnavailable, "PERMIT_FOR_ANOTHER_CALL"); }

  Forger forger_;
  Region region_{{.between = forger_.Between()}};
  std::string consent_;
};

TEST_F(PermitTest, P6APermitDoesNotServeTheSameCallASecondTime) {
  ASSERT_OK(region_.GetCase(region_.nurse));
  Replay();
  EXPECT_THAT(region_.GetCase(region_.nurse), ForAnother());
}

TEST_F(PermitTest, R13APermitFromBeforeTheWithdrawalOpensNothingAfterIt) {
  ASSERT_OK(region_.GetCase(region_.nurse));
  const Decision before = forger_.Overheard();
  ASSERT_TRUE(before.allowed());
  ASSERT_OK(region_.Withdraw(consent_, region_.mother));
  forger_.Forge([before](const CheckRequest&, Decision* answer) { *answer = before; });
  EXPECT_THAT(region_.GetCase(region_.nurse), ForAnother());
}

TEST_F(PermitTest, P6APermitOfSomebodyElseOpensNothing) {
  ASSERT_OK(region_.GetCase(region_.ib));
  Replay();
  EXPECT_THAT(region_.GetCase(region_.stranger), ForAnother());
  EXPECT_THAT(region_.GetCase(region_.father), ForAnother());
}

TEST_F(PermitTest, P6APermitForReadingDoesNotWrite) {
  const size_t notes = region_.Notes().size();
  Replay();
  EXPECT_THAT(region_.AddNote("Niet opgeslagen."), ForAnother());
  forger_.Forge(nullptr);
  EXPECT_EQ(region_.Notes().size(), notes);
}

TEST_F(PermitTest, P6APermitForAnotherPurposeOpensNothing) {
  ASSERT_OK(region_.GetCase(region_.ib));
  Replay();
  EXPECT_THAT(region_.GetCase(region_.ib.For(common::v1::PURPOSE_HANDOVER)), ForAnother());
}

TEST_F(PermitTest, R22WhoGetsTheDecisionOfAnotherCallIsInTheLog) {
  ASSERT_OK(region_.GetCase(region_.ib));
  Replay();
  const auto records = RecordsOf(
      region_, "dossier", [&] { EXPECT_THAT(region_.GetCase(region_.stranger), ForAnother()); });
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].tag, region_.audit_subject);
  forger_.Forge(nullptr);

  Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
  audit::v1::ListRecordsRequest request;
  request.set_parent("subjects/" + region_.audit_subject);
  request.set_page_size(200);
  audit::v1::ListRecordsResponse log;
  ASSERT_OK(region_.Call(region_.auditor, "audit.v1.AuditService/ListRecords", request, &log));
  const audit::v1::RecordWho& who = log.records().rbegin()->who();
  EXPECT_EQ(who.actor(), "professionals/stranger") << "who called, not whom the decision named";
  EXPECT_FALSE(who.allowed());
  EXPECT_EQ(who.rule(), "permit-for-another-call");
  EXPECT_EQ(who.outcome(), "UNAVAILABLE");
  EXPECT_EQ(who.reason(), "PERMIT_FOR_ANOTHER_CALL");
}

TEST_F(PermitTest, R22AChangeOnTheDecisionOfAnotherCallLeavesOneRecordAndNothingElse) {
  ASSERT_OK(region_.GetCase(region_.ib));
  const size_t notes = region_.Notes().size();
  Replay();
  const auto records =
      RecordsOf(region_, "dossier", [&] { EXPECT_THAT(region_.AddNote("Nee."), ForAnother()); });
  EXPECT_EQ(records.size(), 1u);
  forger_.Forge(nullptr);
  EXPECT_EQ(region_.Notes().size(), notes);
}

TEST_F(PermitTest, P6AGateThatAlwaysSaysYesHasNoKeys) {
  ASSERT_OK(region_.AddNote("Rekent op het niveau van groep 7."));
  // The decision taken out: everybody may do everything, and the permit is bound as it should.
  forger_.Forge([family = region_.family](const CheckRequest& asked, Decision* answer) {
    answer->set_allowed(true);
    answer->set_family(family);
    answer->mutable_permit()->set_expire_time_ms(answer->decide_time_ms() + 60'000);
    policy::BindPermit({.call_id = asked.call_id(),
                        .method = asked.method(),
                        .resource = asked.resource(),
                        .new_family = asked.new_family(),
                        .purpose = asked.purpose()},
                       answer);
  });
  const auto read = region_.GetCase(region_.stranger);
  EXPECT_FALSE(read.ok());
  forger_.Forge(nullptr);
  EXPECT_FALSE(forger_.Overheard().allowed()) << "access itself had said no";
}

}  // namespace
}  // namespace knooppunt::integration
