// Asking why, and the answer (R25): by whom, until when, and who reads it.
#include <functional>
#include <string>
#include <vector>

#include "services/audit/audit_testing.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kJgz[] = "organisations/ggd-zl";

class QuestionTest : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    ASSERT_OK(OpenWithoutWitness());
  }
  void Log(const std::function<void(audit::v1::RecordWho&, audit::v1::RecordAbout&)>& change =
               [](auto&, auto&) {}) {
    audit::v1::RecordWho who = NurseReads();
    audit::v1::RecordAbout about = AboutChild();
    change(who, about);
    writer_.AddRecord(Seal(who, about), kSubject);
    ASSERT_OK(Append(writer_.Batch(writer_.size(), writer_.size())));
  }
  static audit::v1::AskWhyRequest Asking(int64_t index, const std::string& text) {
    audit::v1::AskWhyRequest request;
    request.set_parent("families/f-1");
    request.set_index(index);
    request.set_question(text);
    return request;
  }
  absl::StatusOr<audit::v1::Question> Ask(const AuthorizedCall& call, int64_t index,
                                          const std::string& text = "Waarom keek zij mee?") {
    return Run(&AuditService::AskWhy, call, Asking(index, text));
  }
  std::vector<audit::v1::Question> Listed(const AuthorizedCall& call, const std::string& parent) {
    audit::v1::ListQuestionsRequest request;
    request.set_parent(parent);
    const auto response = Run(&AuditService::ListQuestions, call, request);
    EXPECT_OK(response);
    if (!response.ok()) return {};
    return {response->questions().begin(), response->questions().end()};
  }
  std::vector<audit::v1::Question> OfMother() { return Listed(Mother(), "families/f-1"); }
  std::vector<audit::v1::Question> OfOfficer(const std::string& organisation) {
    return Listed(Auditor(organisation), absl::StrCat("subjects/", kSubject));
  }
  std::vector<audit::v1::Question> Open(const std::string& organisation) {
    const auto response = Run(&AuditService::ListOpenQuestions, Auditor(organisation),
                              audit::v1::ListOpenQuestionsRequest());
    EXPECT_OK(response);
    if (!response.ok()) return {};
    return {response->questions().begin(), response->questions().end()};
  }
  absl::StatusOr<audit::v1::Question> Answer(const AuthorizedCall& call, const std::string& name,
                                             const std::string& text = "Zij nam waar.") {
    audit::v1::AnswerQuestionRequest request;
    request.set_name(name);
    request.set_answer(text);
    return Run(&AuditService::AnswerQuestion, call, request);
  }
  // Another member of the family, who sees the child as well.
  AuthorizedCall Father() {
    access::v1::Decision decision;
    decision.mutable_claims()->set_subject("accounts/a-father");
    decision.set_person("p-father");
    decision.set_family(kFamily);
    decision.mutable_audit()->set_subject(kSubject);
    FillView(false, &decision);
    decision.mutable_audit_view()->add_visible_persons("p-father");
    decision.mutable_audit_view()->add_visible_persons("p-child");
    decision.mutable_audit_view()->add_visible_bases("k-1");
    return Admit(std::move(decision));
  }

  StreamWriter writer_{"dossier"};
};

TEST_F(QuestionTest, R25AQuestionIsAnsweredOnceAndWhoAskedReadsIt) {
  Log();
  const auto asked = Ask(Mother(), 0);
  ASSERT_OK(asked);
  EXPECT_THAT(asked->name(), HasSubstr("families/f-1/questions/"));
  EXPECT_EQ(asked->organisation(), kJgz);
  EXPECT_FALSE(asked->answered());
  EXPECT_THAT(asked->record_nl(), HasSubstr("Iris Bakker"));

  const auto open = Open(kJgz);
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_THAT(open[0].question(), IsEmpty()) << "a list over all families holds no words";
  const auto words = OfOfficer(kJgz);
  ASSERT_THAT(words, SizeIs(1));
  EXPECT_EQ(words[0].name(), open[0].name());
  EXPECT_EQ(words[0].question(), "Waarom keek zij mee?");

  clock_.Advance(absl::Hours(24 * 3));
  const auto answered = Answer(Auditor(kJgz), open[0].name());
  ASSERT_OK(answered);
  EXPECT_EQ(base::ReasonOf(Answer(Auditor(kJgz), open[0].name()).status()), "ALREADY_ANSWERED");
  EXPECT_THAT(Open(kJgz), IsEmpty());
  const auto read = OfMother();
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_TRUE(read[0].answered());
  EXPECT_EQ(read[0].answer(), "Zij nam waar.");
  EXPECT_EQ(read[0].answer_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
}

TEST_F(QuestionTest, R25R40ItHasAMonthToTheNextWorkingDayAndThenItIsOverdue) {
  Log();
  const auto asked = Ask(Mother(), 0);  // 3 March 2026; 3 April is Good Friday
  ASSERT_OK(asked);
  EXPECT_EQ(asked->due_date(), "2026-04-07");
  clock_.Advance(absl::Hours(24 * 35));  // 7 April
  EXPECT_FALSE(OfMother().at(0).overdue());
  clock_.Advance(absl::Hours(24));
  EXPECT_TRUE(OfMother().at(0).overdue());
  EXPECT_TRUE(Open(kJgz).at(0).overdue());
  ASSERT_OK(Answer(Auditor(kJgz), Open(kJgz).at(0).name()));
  EXPECT_FALSE(OfMother().at(0).overdue());
}

TEST_F(QuestionTest, R25AnotherOrganisationDoesNotHaveItToAnswer) {
  Log();
  ASSERT_OK(Ask(Mother(), 0));
  EXPECT_THAT(Open("organisations/mosalira"), IsEmpty());
  EXPECT_THAT(OfOfficer("organisations/mosalira"), IsEmpty());
  const std::string name = Open(kJgz).at(0).name();
  const auto of_another = Answer(Auditor("organisations/mosalira"), name);
  const auto of_nobody = Answer(Auditor(kJgz), absl::StrCat("subjects/", kSubject, "/questions/q"));
  EXPECT_THAT(of_another, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(of_another.status(), of_nobody.status());
}

TEST_F(QuestionTest, R25WhatNoOrganisationDidIsForTheOneThatAnswersForTheCase) {
  Log([](auto& who, auto&) {
    who.clear_organisation();
    who.clear_function();
    who.set_actor("accounts/a-father");
    who.set_person("p-father");
  });
  const auto asked = Ask(Mother(), 0);
  ASSERT_OK(asked);
  EXPECT_EQ(asked->organisation(), "organisations/mosalira");
  EXPECT_THAT(Open("organisations/mosalira"), SizeIs(1));
}

TEST_F(QuestionTest, R18NobodyElseOfTheFamilyReadsQuestionOrAnswer) {
  Log();
  ASSERT_OK(Ask(Mother(), 0));
  ASSERT_OK(Answer(Auditor(kJgz), Open(kJgz).at(0).name()));
  EXPECT_THAT(OfMother(), SizeIs(1));
  EXPECT_THAT(Listed(Father(), "families/f-1"), IsEmpty());
}

TEST_F(QuestionTest, R18AskingAboutWhatIsNotTheirsIsAskingAboutNothing) {
  Log([](auto&, auto& about) { about.add_compartments(common::v1::COMPARTMENT_SAFETY); });
  writer_.AddRecord(Seal(NurseReads(), AboutChild()), "ffffffffffffffffffffffffffffffff");
  ASSERT_OK(Append(writer_.Batch(writer_.size(), writer_.size())));
  const absl::Status nothing = Ask(Mother(), 2).status();
  EXPECT_THAT(nothing, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(Ask(Mother(), 0).status(), nothing) << "hers, and not hers to see";
  EXPECT_EQ(Ask(Mother(), 1).status(), nothing) << "of another family";
  EXPECT_EQ(Ask(Mother(), -1).status(), nothing);
  EXPECT_THAT(OfMother(), IsEmpty());
}

TEST_F(QuestionTest, R18AnAnswerGoesWithTheRecordThatItIsAbout) {
  Log([](auto& who, auto&) { who.set_emergency(true); });
  const int64_t later = absl::ToUnixMillis(clock_.Now());
  ASSERT_OK(Run(&AuditService::AskWhy, Mother(later), Asking(0, "Waarom?")));
  EXPECT_THAT(Listed(Mother(later), "families/f-1"), SizeIs(1));
  EXPECT_THAT(Listed(Mother(0), "families/f-1"), IsEmpty())
      << "who does not see the record (any more) does not read about it";
  EXPECT_THAT(OfOfficer(kJgz), SizeIs(1));
}

TEST_F(QuestionTest, R25TheOfficersAnswerShowsInTheLogOfWhoAskedOnly) {
  const auto answers = [](auto& who, auto& about) {
    who.set_method("/knooppunt.audit.v1.AuditService/AnswerQuestion");
    who.set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
    about.Clear();
    about.set_subject(kSubject);
    about.set_resource(absl::StrCat("subjects/", kSubject, "/questions/q-1"));
  };
  Log([&](auto& who, auto& about) {
    answers(who, about);
    about.mutable_about()->add_persons("p-mother");
  });
  Log(answers);  // an attempt that found nothing
  const auto seen = [&](const AuthorizedCall& call) {
    audit::v1::ListRecordsRequest request;
    request.set_parent("families/f-1");
    return Run(&AuditService::ListRecords, call, request)->records_size();
  };
  EXPECT_EQ(seen(Mother()), 1);
  EXPECT_EQ(seen(Father()), 0);
}

TEST_F(QuestionTest, R24QuestionAndAnswerAreSealed) {
  Log();
  ASSERT_OK(Ask(Mother(), 0));
  const auto stored = [&] {
    std::string payload;
    EXPECT_OK(unit_->database().Read([&](ReadTx& tx) {
      return tx.Query("SELECT payload FROM question", {}, [&](const storage::Row& row) {
        payload = std::string(row.Bytes(0));
        return absl::OkStatus();
      });
    }));
    return payload;
  };
  EXPECT_THAT(stored(), Not(HasSubstr("Waarom")));
  ASSERT_OK(Answer(Auditor(kJgz), Open(kJgz).at(0).name()));
  EXPECT_THAT(stored(), Not(HasSubstr("nam waar")));
}

TEST_F(QuestionTest, QuestionsAndAnswersAreBounded) {
  Log();
  EXPECT_THAT(Ask(Mother(), 0, ""), StatusIs(StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Ask(Mother(), 0, "a\xE2\x80\xAE b"), StatusIs(StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Ask(Mother(), 0, std::string(16'385, 'a')),
              StatusIs(StatusCode::kInvalidArgument, _));
  ASSERT_OK(Ask(Mother(), 0));
  const std::string name = Open(kJgz).at(0).name();
  EXPECT_THAT(Answer(Auditor(kJgz), name, " "), StatusIs(StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Answer(Auditor(kJgz), name, std::string(16'385, 'a')),
              StatusIs(StatusCode::kInvalidArgument, _));
  ASSERT_OK(unit_->database().Write([&](WriteTx& tx) {
    for (int i = 1; i < kMaxQuestionsPerFamily; ++i) {
      audit::v1::Question ignored;
      KP_RETURN_IF_ERROR(unit_->service().AskWhy(Mother(), tx, Asking(0, "?"), &ignored));
    }
    return absl::OkStatus();
  }));
  EXPECT_EQ(base::ReasonOf(Ask(Mother(), 0).status()), "TOO_MANY_QUESTIONS");
}

TEST_F(QuestionTest, R18ListsInPagesAreTheSame) {
  Log();
  for (int i = 0; i < 5; ++i) ASSERT_OK(Ask(Mother(), 0, absl::StrCat("Vraag ", i)));
  audit::v1::ListQuestionsRequest request;
  request.set_parent("families/f-1");
  request.set_page_size(2);
  audit::v1::ListOpenQuestionsRequest open;
  open.set_page_size(2);
  std::vector<std::string> names, open_names;
  do {
    const auto page = Run(&AuditService::ListQuestions, Mother(), request);
    ASSERT_OK(page);
    for (const auto& q : page->questions()) names.push_back(q.question());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  do {
    const auto page = Run(&AuditService::ListOpenQuestions, Auditor(kJgz), open);
    ASSERT_OK(page);
    for (const auto& q : page->questions()) open_names.push_back(q.name());
    open.set_page_token(page->next_page_token());
  } while (!open.page_token().empty());
  EXPECT_THAT(names, SizeIs(5));
  EXPECT_THAT(open_names, SizeIs(5));
  request.set_page_token("LTE");
  EXPECT_EQ(base::ReasonOf(Run(&AuditService::ListQuestions, Mother(), request).status()),
            "BAD_PAGE_TOKEN");
  open.set_page_token("LTE");
  EXPECT_EQ(base::ReasonOf(Run(&AuditService::ListOpenQuestions, Auditor(kJgz), open).status()),
            "BAD_PAGE_TOKEN");
}

TEST_F(QuestionTest, P6WithoutTheDecisionsKeysThereIsNothing) {
  Log();
  audit::v1::ListQuestionsRequest request;
  request.set_parent("families/f-1");
  EXPECT_THAT(Run(&AuditService::ListQuestions, Verifier(), request),
              StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(Ask(Verifier(), 0), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(Answer(Verifier(), absl::StrCat("subjects/", kSubject, "/questions/q-1")),
              StatusIs(StatusCode::kPermissionDenied, _));
}

}  // namespace
}  // namespace knooppunt::audit_service
