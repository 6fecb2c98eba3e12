// Who may see the paper on which somebody signed (R12, R18), over a real database and the real
// engine.

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"
#include "services/consent/rules.h"
#include "services/dossier/testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;

constexpr char kMothers[] = "%PDF-1.7 getekend door moeder";
constexpr char kFathers[] = "\xff\xd8\xff getekend door vader";

std::string HashOf(absl::string_view bytes) { return crypto::HexEncode(crypto::Sha256(bytes)); }

// Both parents signed on paper; the IB recorded it, the nurse is at the table on that.
class ScansTest : public ::testing::Test {
 protected:
  ScansTest() {
    j.Open();
    name_ = j.Propose(
        {.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
    Record(j.mother_id, kMothers);
    Record(j.father_id, kFathers);
    j.Seat(j.nurse);
  }
  void Record(const std::string& person, const std::string& scan) {
    v1::RecordSignatureRequest req;
    req.set_name(name_);
    req.set_person(person);
    req.set_state(access::v1::SIGNATURE_STATE_GIVEN);
    req.set_how(access::v1::RECORDED_HOW_ON_PAPER);
    req.set_wording_sha256(WordingHash("Wij mogen delen wat nodig is om Sem te helpen."));
    req.set_scan(scan);
    req.set_identified_by("paspoort gezien");
    ASSERT_OK(j.office.Consent<v1::Consent>("RecordSignature", j.ib, req));
  }
  absl::StatusOr<v1::Scan> Get(const Caller& who, const std::string& sha256) {
    return Get(who, sha256, name_);
  }
  absl::StatusOr<v1::Scan> Get(const Caller& who, const std::string& sha256,
                               const std::string& name) {
    v1::GetScanRequest req;
    req.set_name(name);
    req.set_evidence_sha256(sha256);
    return j.office.Consent<v1::Scan>("GetScan", who, req);
  }

  Journey j;
  std::string name_;
};

TEST_F(ScansTest, R12TheWerkplaatsAndWhoSignedSeeThePaperAsItWas) {
  ASSERT_OK_AND_ASSIGN(const v1::Scan shown, Get(j.ib, HashOf(kMothers)));
  EXPECT_EQ(shown.content(), kMothers);
  EXPECT_EQ(shown.media_type(), "application/pdf");
  EXPECT_EQ(shown.person(), j.mother_id);
  EXPECT_EQ(shown.identified_by(), "paspoort gezien");
  EXPECT_EQ(shown.name(), name_);
  EXPECT_THAT(j.office.touched().persons, ElementsAre(j.mother_id))
      << "R22: not the father, whose paper lay beside it";
  ASSERT_OK_AND_ASSIGN(const v1::Scan own, Get(j.father, HashOf(kFathers)));
  EXPECT_EQ(own.content(), kFathers);
  EXPECT_EQ(own.media_type(), "image/jpeg");
}

TEST_F(ScansTest, R18TheOtherParentsPaperDoesNotShowThatItIsThere) {
  const absl::Status others = Get(j.father, HashOf(kMothers)).status();
  EXPECT_THAT(others, StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(others, Get(j.father, HashOf("%PDF-1.7 van niemand")).status());
  EXPECT_THAT(j.office.touched().persons, ElementsAre());
}

TEST_F(ScansTest, R18AnotherOrganisationAndWhoSitsAtNoTableAreRefused) {
  EXPECT_THAT(Get(j.nurse, HashOf(kMothers)), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Get(j.stranger, HashOf(kMothers)),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Get(j.colleague, HashOf(kMothers)),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Get(j.ib.For(common::v1::PURPOSE_HANDOVER), HashOf(kMothers)),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-purpose"));
}

// Leads the case and reads what is shared; the school's paper is the school's own record.
TEST_F(ScansTest, R12ARegisseurOfAnotherOrganisationDoesNotReadTheSchoolsPaper) {
  j.Share(
      {.recipient = "organisations/maastricht", .compartments = {common::v1::COMPARTMENT_FAMILY}});
  casework::v1::AppointRegisseurRequest req;
  req.set_name(j.case_name);
  req.set_seat(j.Seat(j.consultant));
  req.set_stand_in_seat(j.SeatOf(j.nurse));
  ASSERT_OK(j.office.Casework<casework::v1::Regisseur>("AppointRegisseur", j.ib, req));
  EXPECT_THAT(Get(j.consultant, HashOf(kMothers)), StatusIs(StatusCode::kNotFound));
}

TEST_F(ScansTest, R12ThePaperOfAnotherConsentIsNotThisOnes) {
  const std::string other = j.Propose(
      {.recipient = "organisations/maastricht", .compartments = {common::v1::COMPARTMENT_FAMILY}});
  EXPECT_THAT(Get(j.ib, HashOf(kMothers), other), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Get(j.ib, HashOf(kMothers), absl::StrCat("families/", j.family, "/consents/nope")),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(ScansTest, BadInputSaysWhatToDo) {
  for (const char* bad : {"", "abc", "../../etc/passwd"}) {
    const auto refused = Get(j.ib, bad);
    EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, _)) << bad;
    EXPECT_EQ(base::ReasonOf(refused.status()), "INVALID_FIELD") << bad;
  }
}

}  // namespace
}  // namespace knooppunt::consent
