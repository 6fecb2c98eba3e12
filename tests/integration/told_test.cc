// What a family sees of sharing on another ground than consent, before and after it was told (R15,
// R18, R25), and who sees the paper that somebody signed (R12), in a whole region.
#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/crypto/hash.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ToldTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    family_ = absl::StrCat("families/", region_.family);
  }
  // The school shares with the municipality, and does not tell the family.
  std::string Invoke() {
    consent::v1::InvokeGroundRequest req;
    req.set_parent(family_);
    consent::v1::Ground& g = *req.mutable_ground();
    g.set_type("meldcode");
    g.mutable_about()->add_persons(region_.child);
    g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_recipient("organisations/maastricht");
    g.set_start_date(region_.Day(0));
    g.set_end_date(region_.Day(30));
    g.set_reason("Zorgen over de thuissituatie.");
    g.set_not_told_reason("Het kind loopt dan gevaar.");
    g.set_reviewer("professionals/stranger");
    g.set_review_date(region_.Day(14));
    consent::v1::Ground answer;
    EXPECT_OK(region_.Call(region_.ib, "consent.v1.ConsentService/InvokeGround", req, &answer));
    return answer.name();
  }
  absl::Status Tell(const Caller& who, const std::string& ground) {
    consent::v1::TellFamilyRequest req;
    req.set_name(ground);
    consent::v1::Ground answer;
    return region_.Call(who, "consent.v1.ConsentService/TellFamily", req, &answer);
  }
  int Grounds(const Caller& who) {
    consent::v1::ListGroundsRequest req;
    req.set_parent(family_);
    consent::v1::ListGroundsResponse answer;
    EXPECT_OK(region_.Call(who, "consent.v1.ConsentService/ListGrounds", req, &answer));
    return answer.grounds_size();
  }
  std::vector<audit::v1::Record> Log(const Caller& who) {
    Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
    audit::v1::ListRecordsRequest request;
    request.set_parent(who.claims.organisation().empty()
                           ? family_
                           : absl::StrCat("subjects/", region_.audit_subject));
    request.set_page_size(200);
    audit::v1::ListRecordsResponse response;
    EXPECT_OK(region_.Call(who, "audit.v1.AuditService/ListRecords", request, &response));
    return {response.records().begin(), response.records().end()};
  }
  // The methods in the log of `who`, without their service.
  std::vector<std::string> Acts(const Caller& who) {
    std::vector<std::string> out;
    for (const audit::v1::Record& r : Log(who)) {
      out.push_back(r.who().method().substr(r.who().method().rfind('/') + 1));
    }
    return out;
  }

  // The newest record of `act` that the auditor reads.
  audit::v1::Record Last(const std::string& act) {
    const std::vector<audit::v1::Record> log = Log(region_.auditor);
    const auto found = std::find_if(log.rbegin(), log.rend(), [&](const audit::v1::Record& r) {
      return absl::EndsWith(r.who().method(), "/" + act);
    });
    EXPECT_NE(found, log.rend());
    return found == log.rend() ? audit::v1::Record() : *found;
  }

  Region region_;
  std::string family_;
};

TEST_F(ToldTest, R15FromTheInstantThatItIsToldTheFamilySeesItAndWhatWasDoneOnIt) {
  const std::string ground = Invoke();
  // The municipality reads on the ground; it sits at the table for that.
  region_.Seat(region_.consultant);
  ASSERT_OK(region_.GetCase(region_.consultant));
  EXPECT_EQ(Grounds(region_.mother), 0);
  const size_t before = Log(region_.mother).size();
  EXPECT_THAT(Acts(region_.mother), Not(Contains("TellFamily")));

  const auto records = RecordsOf(region_, "dossier", [&] { ASSERT_OK(Tell(region_.ib, ground)); });
  EXPECT_EQ(records.size(), 1u) << "R22";
  EXPECT_EQ(records[0].tag, region_.audit_subject);
  EXPECT_EQ(Grounds(region_.mother), 1);
  EXPECT_EQ(Grounds(region_.father), 1);
  EXPECT_THAT(Acts(region_.mother), Contains("TellFamily"));
  EXPECT_GT(Log(region_.mother).size(), before + 1) << "and what the municipality read on it";
}

TEST_F(ToldTest, R18AnAttemptThatCameToNothingDoesNotTellThereIsSomething) {
  const std::string ground = Invoke();
  EXPECT_FALSE(Tell(region_.ib, absl::StrCat(family_, "/grounds/nope")).ok());
  EXPECT_THAT(Tell(region_.mother, ground), Refused());
  EXPECT_THAT(Tell(region_.stranger, ground), Refused());
  EXPECT_THAT(Acts(region_.father), Not(Contains("TellFamily")));
  EXPECT_THAT(Acts(region_.auditor), Contains("TellFamily"));
}

TEST_F(ToldTest, R19AnAuditorAsksWhyOfARecordAndTheFamilyOfNoOther) {
  EXPECT_THAT(region_.GetCase(region_.stranger), Refused());
  const audit::v1::Record refused = Last("GetCase");
  audit::v1::ExplainRecordRequest ask;
  ask.set_parent(absl::StrCat("subjects/", region_.audit_subject));
  ask.set_index(refused.index());
  audit::v1::ExplainedRecord why;
  const auto records = RecordsOf(region_, "audit", [&] {
    ASSERT_OK(region_.Call(region_.auditor, "audit.v1.AuditService/ExplainRecord", ask, &why));
  });
  EXPECT_EQ(records.size(), 1u) << "R22";
  EXPECT_EQ(why.rule(), "no-seat");
  EXPECT_FALSE(why.allowed());
  EXPECT_EQ(why.policy_sha256(), refused.who().policy_sha256());
  EXPECT_EQ(why.chain(why.chain_size() - 1).kind(), "seat");
  EXPECT_THAT(region_.Call(region_.ib, "audit.v1.AuditService/ExplainRecord", ask, &why),
              Refused());
  EXPECT_THAT(region_.Call(region_.mother, "audit.v1.AuditService/ExplainRecord", ask, &why),
              Refused())
      << "by pseudonym";
  ask.set_parent(family_);
  ASSERT_OK(region_.Call(region_.mother, "audit.v1.AuditService/ExplainRecord", ask, &why));
  EXPECT_FALSE(why.allowed());
  ask.set_index(refused.index() + 1000);
  EXPECT_THAT(region_.Call(region_.mother, "audit.v1.AuditService/ExplainRecord", ask, &why),
              Fails(StatusCode::kNotFound, "NO_SUCH_RECORD"));
}

TEST_F(ToldTest, R12ThePaperIsForTheWerkplaatsAndWhoSignedIt) {
  const std::string consent = region_.Propose("organisations/jgz");
  const std::string paper = "%PDF-1.7 getekend door moeder";
  consent::v1::RecordSignatureRequest record;
  record.set_name(consent);
  record.set_person(region_.mother_id);
  record.set_state(access::v1::SIGNATURE_STATE_GIVEN);
  record.set_how(access::v1::RECORDED_HOW_ON_PAPER);
  record.set_wording_sha256(
      crypto::HexEncode(crypto::Sha256("Wij mogen delen wat nodig is om Sem te helpen.")));
  record.set_scan(paper);
  record.set_identified_by("paspoort gezien");
  consent::v1::Consent recorded;
  ASSERT_OK(
      region_.Call(region_.ib, "consent.v1.ConsentService/RecordSignature", record, &recorded));

  consent::v1::GetScanRequest ask;
  ask.set_name(consent);
  ask.set_evidence_sha256(crypto::HexEncode(crypto::Sha256(paper)));
  consent::v1::Scan scan;
  for (const Caller& who : {region_.ib, region_.mother}) {
    const auto records = RecordsOf(region_, "dossier", [&] {
      ASSERT_OK(region_.Call(who, "consent.v1.ConsentService/GetScan", ask, &scan));
    });
    EXPECT_EQ(scan.content(), paper);
    ASSERT_EQ(records.size(), 1u) << "R22";
    EXPECT_THAT(Last("GetScan").about().about().persons(), ElementsAre(region_.mother_id));
  }
  EXPECT_EQ(region_.Call(region_.father, "consent.v1.ConsentService/GetScan", ask, &scan).code(),
            StatusCode::kNotFound);
  EXPECT_THAT(region_.Call(region_.stranger, "consent.v1.ConsentService/GetScan", ask, &scan),
              Refused());
  EXPECT_THAT(Acts(region_.mother), Contains("GetScan"));
}

}  // namespace
}  // namespace knooppunt::integration
