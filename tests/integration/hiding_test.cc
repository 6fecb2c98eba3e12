// What one may not see does not show that it exists (R18), and a request_id happens once.
#include <thread>

#include "knooppunt/audit/v1/audit.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

constexpr char kNoSuchCase[] = "families/f0000000000000000/cases/c0000000000000000";
constexpr char kAnotherCase[] = "families/f1111111111111111/cases/c1111111111111111";

struct Work {
  int64_t reads, statements, commits, units_of_work;
  bool operator==(const Work&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Work& w) {
  return out << w.reads << " reads, " << w.statements << " statements, " << w.commits
             << " commits, " << w.units_of_work << " units of work";
}
Work WorkOf(storage::Database& db) {
  const auto c = db.counters();
  return {c.reads, c.statements, c.commits, c.units_of_work};
}

class HidingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    // They read outboxes in their own time, which would be counted with a call's work.
    for (const char* unit : {"dossier", "access"}) {
      region_.process().host(unit)->shipper().Stop(absl::Seconds(10));
    }
  }
  struct Seen {
    absl::Status status;
    Work dossier, access, keyring;
    size_t records;
  };
  Seen Ask(const Caller& who, const std::string& method, const google::protobuf::Message& request,
           google::protobuf::Message* response) {
    storage::Database& dossier = region_.database("dossier");
    storage::Database& access = region_.database("access");
    storage::Database& keyring = region_.process().access_unit()->keyring().database();
    Seen seen;
    const Work d = WorkOf(dossier), a = WorkOf(access), k = WorkOf(keyring);
    const int64_t position = dossier.position();
    seen.status = region_.Call(who, method, request, response);
    const auto less = [](Work x, const Work& y) {
      return Work{x.reads - y.reads, x.statements - y.statements, x.commits - y.commits,
                  x.units_of_work - y.units_of_work};
    };
    seen.dossier = less(WorkOf(dossier), d);
    seen.access = less(WorkOf(access), a);
    seen.keyring = less(WorkOf(keyring), k);
    seen.records = RecordsAfter(region_, "dossier", position).size();
    return seen;
  }
  void ExpectSame(const Seen& theirs, const Seen& none, const std::string& what) {
    EXPECT_FALSE(theirs.status.ok()) << what;
    EXPECT_EQ(theirs.status.code(), none.status.code()) << what;
    EXPECT_EQ(theirs.status.message(), none.status.message()) << what;
    EXPECT_EQ(base::ReasonOf(theirs.status), base::ReasonOf(none.status)) << what;
    EXPECT_EQ(base::RuleOf(theirs.status), base::RuleOf(none.status)) << what;
    EXPECT_EQ(theirs.records, 1u) << what;
    EXPECT_EQ(none.records, 1u) << what;
    EXPECT_EQ(theirs.dossier, none.dossier) << what << ", on the dossier";
    EXPECT_EQ(theirs.access, none.access) << what << ", on access";
    EXPECT_EQ(theirs.keyring, none.keyring) << what << ", on the keyring";
  }

  Region region_;
};

TEST_F(HidingTest, R18NotYoursAndNoSuchCannotBeToldApartByReading) {
  for (const Caller* who : {&region_.stranger, &region_.nurse, &region_.admin, &region_.auditor}) {
    EXPECT_THAT(region_.GetCase(*who, kAnotherCase), Refused())
        << "who calls is known from here on";
    for (int round = 0; round < 3; ++round) {
      casework::v1::GetCaseRequest theirs, none;
      theirs.set_name(region_.case_name);
      none.set_name(kNoSuchCase);
      casework::v1::Case answer;
      const std::string method = "casework.v1.CaseworkService/GetCase";
      const Seen a = Ask(*who, method, theirs, &answer);
      const Seen b = Ask(*who, method, none, &answer);
      ExpectSame(a, b, who->claims.subject() + " round " + std::to_string(round));
    }
  }
}

TEST_F(HidingTest, R18NotYoursAndNoSuchCannotBeToldApartByAParentOfAnotherFamily) {
  Caller other = region_.mother;
  other.claims.set_subject("accounts/somebody-else");
  consent::v1::ListConsentsRequest theirs, none;
  theirs.set_parent("families/" + region_.family);
  none.set_parent("families/f0000000000000000");
  consent::v1::ListConsentsResponse answer;
  const std::string method = "consent.v1.ConsentService/ListConsents";
  for (int round = 0; round < 3; ++round) {
    const Seen a = Ask(other, method, theirs, &answer);
    ExpectSame(a, Ask(other, method, none, &answer), "round " + std::to_string(round));
  }
}

TEST_F(HidingTest, R18NotYoursAndNoSuchCannotBeToldApartByWriting) {
  casework::v1::AddContributionRequest theirs = region_.Note("Iets."), none = region_.Note("Iets.");
  none.set_parent(kNoSuchCase);
  casework::v1::Contribution answer;
  EXPECT_THAT(region_.GetCase(region_.stranger, kAnotherCase), Refused());
  const std::string method = "casework.v1.CaseworkService/AddContribution";
  for (int round = 0; round < 3; ++round) {
    const Seen a = Ask(region_.stranger, method, theirs, &answer);
    ExpectSame(a, Ask(region_.stranger, method, none, &answer), "round " + std::to_string(round));
  }
}

class ReplayTest : public HidingTest {
 protected:
  absl::Status Add(const Caller& who, const casework::v1::AddContributionRequest& request,
                   casework::v1::Contribution* answer) {
    return region_.CallAsIs(who, "casework.v1.CaseworkService/AddContribution", request, answer);
  }
};

TEST_F(ReplayTest, R18ARepeatedRequestIdAnswersTheNameAndHappensOnce) {
  casework::v1::AddContributionRequest request = region_.Note("Eenmaal.");
  request.set_request_id(region_.RequestId());
  casework::v1::Contribution first, again;
  ASSERT_OK(Add(region_.ib, request, &first));
  const auto records =
      RecordsOf(region_, "dossier", [&] { ASSERT_OK(Add(region_.ib, request, &again)); });
  EXPECT_EQ(records.size(), 1u) << "the repetition is a call, with its record";
  casework::v1::Contribution name_only;
  name_only.set_name(first.name());
  EXPECT_EQ(again.SerializeAsString(), name_only.SerializeAsString());
  EXPECT_THAT(region_.Notes(), ::testing::ElementsAre("Eenmaal."));
}

TEST_F(ReplayTest, R18ARepeatedRequestIdAnswersTheNameAfterAccessHasEnded) {
  const std::string consent = region_.SeatTheNurse();
  casework::v1::AddContributionRequest request = region_.Note("Groeit goed.");
  request.mutable_contribution()->mutable_label()->set_compartment(common::v1::COMPARTMENT_HEALTH);
  request.mutable_contribution()->mutable_label()->set_regime(common::v1::REGIME_HEALTH);
  request.set_request_id(region_.RequestId());
  casework::v1::Contribution first, again;
  ASSERT_OK(Add(region_.nurse, request, &first));
  casework::v1::EndSeatRequest end;
  end.set_name(region_.case_name);
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case before, region_.GetCase(region_.nurse));
  for (const auto& p : before.participants()) {
    if (p.professional() == region_.nurse.claims.subject()) end.set_seat(p.seat());
  }
  end.set_reason("Klaar.");
  casework::v1::Participant ended;
  ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/EndSeat", end, &ended));
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
  ASSERT_OK(Add(region_.nurse, request, &again));
  EXPECT_EQ(again.name(), first.name());
  EXPECT_EQ(again.text(), "");
  casework::v1::AddContributionRequest fresh = request;
  fresh.set_request_id(region_.RequestId());
  EXPECT_THAT(Add(region_.nurse, fresh, &again), Refused());
}

TEST_F(ReplayTest, ARequestIdWithAnotherBodyIsRefusedAndNothingHappens) {
  casework::v1::AddContributionRequest request = region_.Note("De eerste.");
  request.set_request_id(region_.RequestId());
  casework::v1::Contribution answer;
  ASSERT_OK(Add(region_.ib, request, &answer));
  request.mutable_contribution()->set_text("De tweede.");
  const auto records = RecordsOf(region_, "dossier", [&] {
    EXPECT_THAT(Add(region_.ib, request, &answer),
                Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  });
  EXPECT_EQ(records.size(), 1u);
  EXPECT_THAT(region_.Notes(), ::testing::ElementsAre("De eerste."));
}

TEST_F(ReplayTest, ARequestIdBelongsToItsCaller) {
  casework::v1::AddContributionRequest request = region_.Note("Van de IB.");
  request.set_request_id(region_.RequestId());
  casework::v1::Contribution answer;
  ASSERT_OK(Add(region_.ib, request, &answer));
  EXPECT_THAT(Add(region_.stranger, request, &answer), Refused());
}

TEST_F(ReplayTest, EightThreadsWithOneRequestIdHaveOneEffect) {
  for (int round = 0; round < Rounds(5, 200); ++round) {
    const size_t before = region_.Notes().size();
    casework::v1::AddContributionRequest request = region_.Note("Samen.");
    request.set_request_id(region_.RequestId());
    std::vector<absl::Status> statuses(8);
    std::vector<casework::v1::Contribution> answers(8);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] { statuses[i] = Add(region_.ib, request, &answers[i]); });
    }
    for (std::thread& t : threads) t.join();
    for (int i = 0; i < 8; ++i) {
      EXPECT_OK(statuses[i]);
      EXPECT_EQ(answers[i].name(), answers[0].name());
      EXPECT_NE(answers[i].name(), "");
    }
    EXPECT_EQ(region_.Notes().size(), before + 1) << "round " << round;
  }
}

TEST_F(ReplayTest, ARepeatedActInAUnitWithoutFactsIsAnsweredToo) {
  Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
  audit::v1::ListRecordsRequest list;
  list.set_parent("families/" + region_.family);
  audit::v1::ListRecordsResponse records;
  ASSERT_OK(region_.Call(region_.mother, "audit.v1.AuditService/ListRecords", list, &records));
  ASSERT_GT(records.records_size(), 0);
  audit::v1::AskWhyRequest request;
  request.set_parent("families/" + region_.family);
  request.set_index(records.records(0).index());
  request.set_question("Waarom?");
  request.set_request_id(region_.RequestId());
  audit::v1::Question first, again;
  ASSERT_OK(region_.CallAsIs(region_.mother, "audit.v1.AuditService/AskWhy", request, &first));
  ASSERT_OK(region_.CallAsIs(region_.mother, "audit.v1.AuditService/AskWhy", request, &again));
  EXPECT_EQ(again.name(), first.name());
}

}  // namespace
}  // namespace knooppunt::integration
