// question list, answer; audit ask (R25).
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/audit/v1/audit.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kName[] = "subjects/s-abcdefghij/questions/q-1";

std::string Method(const std::string& name) { return "/knooppunt.audit.v1.AuditService/" + name; }

audit::v1::Question Asked() {
  audit::v1::Question question;
  question.set_name("families/f-1/questions/q-1");
  question.set_index(41);
  question.set_question("Waarom keek zij mee?");
  question.set_record_nl("Op 3 maart 2026 las Iris Bakker het dossier.");
  question.set_organisation("organisations/ggd-zl");
  question.set_due_date("2026-04-07");
  return question;
}

class QuestionCommandsTest : public ::testing::Test {
 protected:
  CliFixture cli_;
};

TEST_F(QuestionCommandsTest, R25AskingSaysWhoAnswersAndUntilWhen) {
  cli_.LogInAsParent();
  cli_.server().SetResponse(Method("AskWhy"), Asked());
  const Ran ran = cli_.Run({"audit", "ask", "--family", "families/f-1", "--record", "41",
                            "--question", "Waarom keek zij mee?"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("uiterlijk 2026-04-07"), HasSubstr("organisations/ggd-zl")));
}

TEST_F(QuestionCommandsTest, R25WhoAskedReadsTheirOwnWithTheAnswer) {
  cli_.LogInAsParent();
  audit::v1::ListQuestionsResponse list;
  *list.add_questions() = Asked();
  list.mutable_questions(0)->set_overdue(true);
  *list.add_questions() = Asked();
  list.mutable_questions(1)->set_answered(true);
  list.mutable_questions(1)->set_answer("Zij nam waar voor een collega.");
  list.mutable_questions(1)->mutable_answer_time()->set_seconds(1'795'168'800);
  cli_.server().SetResponse(Method("ListQuestions"), list);
  const Ran ran = cli_.Run({"question", "list", "--family", "families/f-1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("TE LAAT"), HasSubstr("Zij nam waar voor een collega."),
                             HasSubstr("las Iris Bakker het dossier")));
  EXPECT_EQ(cli_.server().Request<audit::v1::ListQuestionsRequest>(0).parent(), "families/f-1");
}

TEST_F(QuestionCommandsTest, R25APrivacyOfficerSeesWhatWaitsAndReadsTheWordsOfOneFamily) {
  cli_.LogInAsStaff();
  audit::v1::ListOpenQuestionsResponse open;
  open.add_questions()->set_name(kName);
  open.mutable_questions(0)->set_due_date("2026-04-07");
  cli_.server().SetResponse(Method("ListOpenQuestions"), open);
  const Ran listed = cli_.Run({"question", "list"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, AllOf(HasSubstr(kName), HasSubstr("2026-04-07"), Not(HasSubstr("LAAT"))));
  cli_.server().SetResponse(Method("ListQuestions"), audit::v1::ListQuestionsResponse());
  for (const std::string subject : {"s-abcdefghij", "subjects/s-abcdefghij", kName}) {
    ASSERT_EQ(cli_.Run({"question", "list", "--subject", subject}).exit_code, 0);
  }
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(cli_.server().Request<audit::v1::ListQuestionsRequest>(i).parent(),
              "subjects/s-abcdefghij");
  }
  EXPECT_EQ(
      cli_.Run({"question", "list", "--subject", "s-1", "--family", "families/f-1"}).exit_code, 2);
}

TEST_F(QuestionCommandsTest, R25AnAnswerIsInPlainWordsAndIsShownBack) {
  cli_.LogInAsStaff();
  audit::v1::Question answered = Asked();
  answered.set_name(kName);
  answered.set_answered(true);
  answered.set_answer("Zij nam waar.");
  cli_.server().SetResponse(Method("AnswerQuestion"), answered);
  const Ran ran = cli_.Run({"question", "answer", kName, "--text", "Zij nam waar."});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("beantwoord"));
  const auto& sent = cli_.server().Request<audit::v1::AnswerQuestionRequest>(0);
  EXPECT_EQ(sent.name(), kName);
  EXPECT_EQ(sent.answer(), "Zij nam waar.");
  EXPECT_FALSE(sent.request_id().empty());
  EXPECT_EQ(cli_.Run({"question", "answer", kName}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"question", "answer", "questions/q-1", "--text", "x"}).exit_code, 2);
}

}  // namespace
}  // namespace knooppunt::cli
