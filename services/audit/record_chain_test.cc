// Why the call of one record was allowed or refused (R19), to the auditor and to the family.
#include "services/audit/record_chain.h"

#include <functional>
#include <string>

#include "services/audit/audit_testing.h"

namespace knooppunt::audit_service {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordChainTest : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    ASSERT_OK(OpenWithoutWitness());
  }
  void Log(const std::function<void(audit::v1::RecordWho&, audit::v1::RecordAbout&)>& change) {
    audit::v1::RecordWho who = NurseReads();
    audit::v1::RecordAbout about = AboutChild();
    change(who, about);
    writer_.AddRecord(Seal(who, about, 2026), kSubject);
    ASSERT_OK(Append(writer_.Batch(writer_.size(), writer_.size())));
  }
  absl::StatusOr<audit::v1::ExplainedRecord> Explain(const AuthorizedCall& call,
                                                     const std::string& parent, int64_t index) {
    audit::v1::ExplainRecordRequest request;
    request.set_parent(parent);
    request.set_index(index);
    return Run(&AuditService::ExplainRecord, call, request);
  }
  absl::StatusOr<audit::v1::ExplainedRecord> ToAuditor(int64_t index) {
    return Explain(Auditor(), absl::StrCat("subjects/", kSubject), index);
  }
  absl::StatusOr<audit::v1::ExplainedRecord> ToMother(int64_t index) {
    return Explain(Mother(), "families/f-1", index);
  }
  static std::string Kinds(const audit::v1::ExplainedRecord& r) {
    std::string out;
    for (const audit::v1::ExplainedLink& link : r.chain()) {
      absl::StrAppend(&out, link.kind(), link.holds() ? "+" : "-");
    }
    return out;
  }

  StreamWriter writer_{"dossier"};
};

TEST_F(RecordChainTest, R19TheAuditorGetsTheWholeChainOfThatDayFormally) {
  Log([](auto& who, auto&) {
    who.set_rule("staff-read");
    who.set_permission("case.read");
    who.set_policy_sha256(std::string(64, 'a'));
  });
  ASSERT_OK_AND_ASSIGN(const audit::v1::ExplainedRecord said, ToAuditor(0));
  EXPECT_TRUE(said.allowed());
  EXPECT_EQ(said.rule(), "staff-read");
  EXPECT_EQ(said.policy_sha256(), std::string(64, 'a'));
  EXPECT_EQ(Kinds(said), "person+organisation+function+consent+rule+");
  EXPECT_THAT(said.text_nl(), AllOf(HasSubstr("Beslissing: toegestaan; handeling case.read"),
                                    HasSubstr("regel staff-read"), HasSubstr(std::string(64, 'a')),
                                    HasSubstr("consents/k-1")));
  EXPECT_THAT(said.text_en(), HasSubstr("Decision: allowed; act case.read"));
}

TEST_F(RecordChainTest, R19ARefusalSaysOnWhichLinkItFell) {
  const auto refused = [&](const char* word) {
    Log([&](auto& who, auto& about) {
      who.set_allowed(false);
      who.set_rule(word);
      who.set_outcome("PERMISSION_DENIED");
      about.clear_bases();
    });
    const auto said = ToAuditor(writer_.size() - 1);
    EXPECT_OK(said);
    return said.value_or(audit::v1::ExplainedRecord());
  };
  EXPECT_EQ(Kinds(refused("no-sharing")), "person+organisation+function+consent-");
  EXPECT_EQ(Kinds(refused("no-seat")), "person+organisation+function+seat-");
  EXPECT_EQ(Kinds(refused("no-function")), "person+organisation+function-");
  EXPECT_EQ(Kinds(refused("own-family")), "person-");
  const audit::v1::ExplainedRecord rule = refused("no-rule-for-purpose");
  EXPECT_EQ(Kinds(rule), "person+organisation+function+rule-");
  EXPECT_THAT(rule.text_nl(),
              AllOf(HasSubstr("Beslissing: geweigerd"), HasSubstr("geen regel voor dit doel")));
  // A word that a later version brings still says something true.
  EXPECT_EQ(Kinds(refused("a-word-to-come")), "person+organisation+function+rule-");
}

TEST_F(RecordChainTest, R19TheFamilyGetsItInItsOwnWordsAndNoMoreThanItsLogShows) {
  Log([](auto&, auto&) {});
  ASSERT_OK_AND_ASSIGN(const audit::v1::ExplainedRecord said, ToMother(0));
  EXPECT_THAT(said.text_nl(), AllOf(HasSubstr("Ja, dit mocht toen."), Not(HasSubstr("sha256")),
                                    HasSubstr("deze organisatie")));
  Log([](auto&, auto& about) { about.add_compartments(common::v1::COMPARTMENT_SAFETY); });
  EXPECT_THAT(ToMother(1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(ToAuditor(1));
}

TEST_F(RecordChainTest, R18NoSuchRecordAndNotYoursAreOneAndTheSame) {
  Log([](auto&, auto&) {});
  const absl::Status none = ToAuditor(7).status();
  EXPECT_THAT(none, StatusIs(absl::StatusCode::kNotFound));
  Log([](auto&, auto& about) {
    about.mutable_about()->clear_persons();
    about.mutable_about()->add_persons("p-sibling");
  });
  EXPECT_EQ(ToMother(1).status(), ToMother(7).status());
  EXPECT_EQ(ToMother(7).status(), none);
}

TEST_F(RecordChainTest, BadInputSaysWhatToDo) {
  EXPECT_THAT(Explain(Auditor(), "families", 0), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ToAuditor(-1), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace knooppunt::audit_service
