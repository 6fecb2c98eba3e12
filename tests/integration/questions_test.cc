// Asking why across the whole region (R25): a real decision, the family's own log, and the privacy
// officer of the organisation that looked.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "base/date.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAudit[] = "audit.v1.AuditService/";

class QuestionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    // Somebody of the municipality looks, and is refused; the family sees that.
    EXPECT_THAT(region_.GetCase(region_.stranger), Refused());
  }
  std::string Family() const { return absl::StrCat("families/", region_.family); }
  std::vector<audit::v1::Record> Log(const Caller& who) {
    for (const char* unit : {"dossier", "access", "directory", "audit"}) {
      Require(region_.process().host(unit)->shipper().Flush(absl::Seconds(10)), "ship");
    }
    audit::v1::ListRecordsRequest request;
    request.set_parent(Family());
    request.set_page_size(200);
    audit::v1::ListRecordsResponse log;
    EXPECT_OK(region_.Call(who, absl::StrCat(kAudit, "ListRecords"), request, &log));
    return {log.records().begin(), log.records().end()};
  }
  int64_t StrangersLook(const Caller& who) {
    for (const audit::v1::Record& r : Log(who)) {
      if (r.who().actor() == region_.stranger.claims.subject()) return r.index();
    }
    return -1;
  }
  absl::Status Ask(const Caller& who, int64_t index, audit::v1::Question* asked) {
    audit::v1::AskWhyRequest request;
    request.set_parent(Family());
    request.set_index(index);
    request.set_question("Waarom keek de gemeente?");
    return region_.Call(who, absl::StrCat(kAudit, "AskWhy"), request, asked);
  }
  std::vector<audit::v1::Question> Listed(const Caller& who, const std::string& parent) {
    audit::v1::ListQuestionsRequest request;
    request.set_parent(parent);
    audit::v1::ListQuestionsResponse list;
    EXPECT_OK(region_.Call(who, absl::StrCat(kAudit, "ListQuestions"), request, &list));
    return {list.questions().begin(), list.questions().end()};
  }
  absl::Status Answer(const Caller& who, const std::string& name) {
    audit::v1::AnswerQuestionRequest request;
    request.set_name(name);
    request.set_answer("Zij zocht een ander gezin, en is daarop aangesproken.");
    audit::v1::Question answered;
    return region_.Call(who, absl::StrCat(kAudit, "AnswerQuestion"), request, &answered);
  }

  Region region_;
};

// Who knows a family by its pseudonym alone may well be the first to look in a new year.
TEST_F(QuestionsTest, R22R25TheFirstLooksOfANewYearStandInTheLogOfTheFamily) {
  const int64_t year = base::DateOf(region_.Now()).year();
  while (base::DateOf(region_.Now()).year() == year) region_.clock().Advance(absl::Hours(24));
  audit::v1::ListRecordsRequest look;
  look.set_parent(absl::StrCat("subjects/", region_.audit_subject));
  look.set_page_size(200);
  audit::v1::ListRecordsResponse log;
  const std::string method = absl::StrCat(kAudit, "ListRecords");
  EXPECT_THAT(region_.Call(region_.stranger, method, look, &log), Refused());
  ASSERT_OK(region_.Call(region_.auditor, method, look, &log));
  ASSERT_OK(region_.Call(region_.auditor, method, look, &log));
  std::map<std::string, int> looks;
  const int64_t new_year = absl::ToUnixMillis(base::StartOf(base::DateOf(region_.Now())));
  Log(region_.mother);  // which ships what was recorded
  ASSERT_OK(region_.Call(region_.auditor, method, look, &log));
  for (const audit::v1::Record& r : log.records()) {
    if (r.who().time_ms() >= new_year) ++looks[r.who().actor()];
  }
  EXPECT_EQ(looks[region_.stranger.claims.subject()], 1);
  EXPECT_EQ(looks[region_.auditor.claims.subject()], 2);
  // Nobody's pseudonym is still nobody's, in whatever year.
  look.set_parent("subjects/00000000000000000000000000000000");
  log.Clear();
  EXPECT_OK(region_.Call(region_.auditor, method, look, &log));
  EXPECT_THAT(log.records(), IsEmpty());
}

TEST_F(QuestionsTest, R25TheOfficerOfTheOrganisationThatLookedAnswersAndWhoAskedReadsIt) {
  audit::v1::Question asked;
  ASSERT_OK(Ask(region_.mother, StrangersLook(region_.mother), &asked));
  EXPECT_EQ(asked.organisation(), "organisations/maastricht");
  audit::v1::ListOpenQuestionsResponse open;
  ASSERT_OK(region_.Call(region_.auditor, absl::StrCat(kAudit, "ListOpenQuestions"),
                         audit::v1::ListOpenQuestionsRequest(), &open));
  ASSERT_THAT(open.questions(), SizeIs(1));
  EXPECT_FALSE(absl::StrContains(open.SerializeAsString(), region_.family)) << "a pseudonym";
  const auto words = Listed(region_.auditor, absl::StrCat("subjects/", region_.audit_subject));
  ASSERT_THAT(words, SizeIs(1));
  EXPECT_EQ(words[0].question(), "Waarom keek de gemeente?");
  ASSERT_OK(Answer(region_.auditor, open.questions(0).name()));
  const auto own = Listed(region_.mother, Family());
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_TRUE(own[0].answered());
  EXPECT_TRUE(absl::StrContains(own[0].answer(), "ander gezin"));
  EXPECT_TRUE(absl::StrContains(own[0].record_nl(), "Vera Franssen"));
}

TEST_F(QuestionsTest, R18R25TheOtherParentReadsNeitherNorThatItWasAnswered) {
  audit::v1::Question asked;
  ASSERT_OK(Ask(region_.mother, StrangersLook(region_.mother), &asked));
  const std::string name = absl::StrCat("subjects/", region_.audit_subject, "/questions/",
                                        asked.name().substr(asked.name().rfind('/') + 1));
  ASSERT_OK(Answer(region_.auditor, name));
  EXPECT_THAT(Listed(region_.father, Family()), IsEmpty());
  const auto of_questions = [&](const Caller& who) {
    const std::vector<audit::v1::Record> log = Log(who);
    return std::count_if(log.begin(), log.end(), [](const audit::v1::Record& r) {
      return absl::EndsWith(r.who().method(), "AskWhy") ||
             absl::EndsWith(r.who().method(), "AnswerQuestion");
    });
  };
  EXPECT_EQ(of_questions(region_.mother), 2);
  EXPECT_EQ(of_questions(region_.father), 0);
}

TEST_F(QuestionsTest, R21R25NobodyButAPrivacyOfficerAnswers) {
  audit::v1::Question asked;
  ASSERT_OK(Ask(region_.mother, StrangersLook(region_.mother), &asked));
  const std::string name = absl::StrCat("subjects/", region_.audit_subject, "/questions/",
                                        asked.name().substr(asked.name().rfind('/') + 1));
  for (const Caller& who : {region_.ib, region_.consultant, region_.admin, region_.mother}) {
    EXPECT_THAT(Answer(who, name), Refused());
    EXPECT_THAT(Answer(who.For(common::v1::PURPOSE_AUDIT), name), Refused());
  }
  audit::v1::ListOpenQuestionsResponse open;
  EXPECT_THAT(region_.Call(region_.ib.For(common::v1::PURPOSE_AUDIT),
                           absl::StrCat(kAudit, "ListOpenQuestions"),
                           audit::v1::ListOpenQuestionsRequest(), &open),
              Refused());
}

TEST_F(QuestionsTest, R18ARecordThatIsNotTheirsIsNoRecord) {
  audit::v1::Question asked;
  const absl::Status none = Ask(region_.mother, int64_t{1} << 40, &asked);
  EXPECT_EQ(base::ReasonOf(none), "NO_SUCH_RECORD");
  // That the father looked into the log is his alone to see.
  Log(region_.father);
  std::vector<int64_t> hers, his;
  for (const audit::v1::Record& r : Log(region_.mother)) hers.push_back(r.index());
  for (const audit::v1::Record& r : Log(region_.father)) his.push_back(r.index());
  int hidden = 0;
  for (const int64_t index : his) {
    if (std::find(hers.begin(), hers.end(), index) != hers.end()) continue;
    ++hidden;
    EXPECT_EQ(Ask(region_.mother, index, &asked), none);
  }
  EXPECT_GT(hidden, 0);
}

}  // namespace
}  // namespace knooppunt::integration
