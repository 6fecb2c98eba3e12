// What each reader sees of a family's log (R25).
#include <functional>
#include <string>
#include <vector>

#include "services/audit/audit_testing.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordTest : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    ASSERT_OK(OpenWithoutWitness());
  }
  // Logs a record of the family.
  void Log(const audit::v1::RecordWho& who, const audit::v1::RecordAbout& about, int year = 2026) {
    writer_.AddRecord(Seal(who, about, year), kSubject);
    ASSERT_OK(Append(writer_.Batch(writer_.size(), writer_.size())));
  }
  void Log(const std::function<void(audit::v1::RecordWho&, audit::v1::RecordAbout&)>& change) {
    audit::v1::RecordWho who = NurseReads();
    audit::v1::RecordAbout about = AboutChild();
    change(who, about);
    Log(who, about);
  }
  std::vector<audit::v1::Record> Seen(const AuthorizedCall& call, const std::string& parent) {
    audit::v1::ListRecordsRequest request;
    request.set_parent(parent);
    const auto response = Run(&AuditService::ListRecords, call, request);
    EXPECT_OK(response);
    return {response->records().begin(), response->records().end()};
  }
  std::vector<audit::v1::Record> SeenByMother() { return Seen(Mother(), "families/f-1"); }
  std::vector<audit::v1::Record> SeenByAuditor() {
    return Seen(Auditor(), absl::StrCat("subjects/", kSubject));
  }

  StreamWriter writer_{"dossier"};
};

TEST_F(RecordTest, R25AParentReadsWhoLookedWhenAndWhy) {
  Log([](auto&, auto& about) { about.add_compartments(common::v1::COMPARTMENT_FAMILY); });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].index(), 0);
  EXPECT_EQ(records[0].text_nl(),
            "Op 3 maart 2026 om 10:12 las Iris Bakker, jeugdverpleegkundige bij GGD Zuid Limburg, "
            "het dossier. Doel: samenwerken rond het kind. Onderdelen: onderwijs, gezin. Op grond "
            "van: toestemming.");
  EXPECT_EQ(records[0].time().seconds(), records[0].who().time_ms() / 1000);
  EXPECT_EQ(records[0].who().actor(), "professionals/nurse");
  EXPECT_THAT(records[0].about().bases(), ElementsAre("consents/k-1"));
}

TEST_F(RecordTest, R22ARefusalIsReadToo) {
  Log([](auto& who, auto& about) {
    who.set_allowed(false);
    who.set_rule("no-sharing");
    who.set_outcome("PERMISSION_DENIED");
    about.clear_about();
    about.clear_compartments();
    about.clear_bases();
  });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_THAT(records[0].text_nl(),
              HasSubstr("wilde Iris Bakker, jeugdverpleegkundige bij GGD Zuid Limburg, het dossier "
                        "lezen en is geweigerd: er is geen toestemming of andere grond"));
}

TEST_F(RecordTest, R25WithoutWhatIsNotHers) {
  const auto others = [](auto&, auto& about) {
    about.mutable_about()->clear_persons();
    about.mutable_about()->add_persons("p-sibling");
  };
  Log(others);
  EXPECT_TRUE(SeenByMother().empty()) << "about a person she may not see";
  Log([](auto&, auto& about) { about.add_compartments(common::v1::COMPARTMENT_SAFETY); });
  EXPECT_TRUE(SeenByMother().empty()) << "safety";
  Log([](auto&, auto& about) {
    about.clear_about();
    about.set_resource("families/f-1/persons/p-sibling");
  });
  EXPECT_TRUE(SeenByMother().empty()) << "a resource that names a person she may not see";
  Log([](auto& who, auto& about) {
    who.set_method("/knooppunt.audit.v1.AuditService/ListRecords");
    who.set_actor("accounts/a-father");
    who.set_person("p-father");
    who.clear_organisation();
    about.clear_about();
    about.mutable_about()->set_family(true);
  });
  EXPECT_TRUE(SeenByMother().empty()) << "the father's look into the log";
  EXPECT_EQ(SeenByAuditor().size(), 4u);
}

TEST_F(RecordTest, R20EmergencyAccessShowsWhenItIsSafe) {
  const int64_t at = NurseReads().time_ms();
  const auto mother_sees = [&](int64_t shown_before_ms) {
    return Seen(Mother(shown_before_ms), "families/f-1").size();
  };
  Log([](auto& who, auto&) { who.set_emergency(true); });
  EXPECT_EQ(mother_sees(at), 0u);
  EXPECT_EQ(mother_sees(at + 1), 1u);
  EXPECT_EQ(SeenByAuditor().size(), 1u) << "an auditor sees it at once";
  Log([](auto& who, auto&) {
    who.set_method("/knooppunt.consent.v1.ConsentService/ReviewEmergency");
    who.set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
  });
  EXPECT_EQ(mother_sees(at), 0u) << "the review would show it too";
  EXPECT_EQ(mother_sees(at + 1), 2u);
}

TEST_F(RecordTest, R25OfWhatTouchedOthersTooTheOthersAreLeftOut) {
  Log([](auto&, auto& about) { about.mutable_about()->add_persons("p-sibling"); });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_THAT(records[0].about().about().persons(), ElementsAre("p-child"));
  EXPECT_THAT(records[0].about().bases(), ElementsAre("consents"));
  EXPECT_THAT(records[0].text_nl(), HasSubstr("Op grond van: toestemming."));
}

TEST_F(RecordTest, R18WhatAYouthReadsAloneIsLeftOut) {
  Log([](auto&, auto& about) {
    about.clear_compartments();
    about.add_compartments(common::v1::COMPARTMENT_HEALTH);
  });
  EXPECT_TRUE(SeenByMother().empty()) << "nothing else was touched";
  Log([](auto&, auto& about) {
    about.set_resource("families/f-1/cases/c-1/steps/step-1");
    about.add_compartments(common::v1::COMPARTMENT_HEALTH);
  });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_THAT(records[0].about().compartments(), ElementsAre(common::v1::COMPARTMENT_EDUCATION));
  EXPECT_EQ(records[0].about().resource(), "families/f-1/cases/c-1") << "the step may be theirs";
  EXPECT_EQ(SeenByAuditor().size(), 2u);
}

// A consent or ground that is somebody else's to see may open what is about her child too.
TEST_F(RecordTest, R18AConsentOrGroundThatSheMayNotSeeIsNotThere) {
  Log([](auto&, auto& about) {
    about.add_bases("consents/k-2");
    about.add_bases("grounds/g-2");
    about.add_bases("own-ground:school");
  });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_THAT(records[0].about().about().persons(), ElementsAre("p-child"));
  EXPECT_THAT(records[0].about().bases(), ElementsAre("consents/k-1", "own-ground:school"));
  EXPECT_THAT(records[0].text_nl(), Not(HasSubstr("andere wettelijke grond")));
  EXPECT_EQ(SeenByAuditor()[0].about().bases(1), "consents/k-2");
  EXPECT_EQ(SeenByAuditor()[0].about().bases(2), "grounds/g-2");
}

// With two parents, "a member of the family" is a name.
TEST_F(RecordTest, R18WhatTheOtherParentDoesWithTheirOwnFileIsNotHers) {
  for (const bool allowed : {true, false}) {
    for (const char* resource :
         {"families/f-1", "families/f-1/cases/c-1", "families/f-1/steps/s-1"}) {
      Log([&](auto& who, auto& about) {
        who.set_method("/knooppunt.requests.v1.RequestService/RecordRequest");
        who.set_actor("accounts/a-father");
        who.set_person("p-father");
        who.clear_organisation();
        who.set_allowed(allowed);
        about.set_resource(resource);
        about.clear_about();
        about.clear_bases();
        about.clear_compartments();
      });
    }
  }
  EXPECT_TRUE(SeenByMother().empty());
  Log([](auto& who, auto& about) {
    who.set_actor("accounts/a-father");
    who.set_person("p-father");
    who.clear_organisation();
    who.set_allowed(false);
    about.set_resource("families/f-1/persons/p-mother");
    about.clear_about();
    about.clear_compartments();
  });
  EXPECT_EQ(SeenByMother().size(), 1u) << "that he asked for what is hers is hers to know";
  EXPECT_EQ(SeenByAuditor().size(), 7u);
}

TEST_F(RecordTest, R25AnotherMembersActShowsWithoutTheirAccount) {
  Log([](auto& who, auto&) {
    who.set_method("/knooppunt.consent.v1.ConsentService/SignConsent");
    who.set_actor("accounts/a-father");
    who.set_person("p-father");
    who.clear_organisation();
    who.clear_display_name();
  });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].who().actor(), "");
  EXPECT_EQ(records[0].who().person(), "");
  EXPECT_THAT(records[0].text_nl(),
              HasSubstr("legde een gezinslid een besluit over toestemming vast"));
}

TEST_F(RecordTest, R25HerOwnLookIntoTheLogIsHers) {
  Log([](auto& who, auto& about) {
    who.set_method("/knooppunt.audit.v1.AuditService/ListRecords");
    who.set_actor("accounts/a-mother");
    who.set_person("p-mother");
    who.clear_organisation();
    who.set_purpose(common::v1::PURPOSE_OWN_FILE);
    about.clear_about();
    about.clear_bases();
    about.clear_compartments();
  });
  const auto records = SeenByMother();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].who().actor(), "accounts/a-mother");
  EXPECT_EQ(records[0].text_nl(),
            "Op 3 maart 2026 om 10:12 las u het logboek. Doel: inzage in het eigen dossier.");
}

TEST_F(RecordTest, R23AnAuditorSeesEveryRecordByPseudonym) {
  Log([](auto&, auto& about) { about.add_compartments(common::v1::COMPARTMENT_SAFETY); });
  Log([](auto&, auto& about) { about.set_resource("families/f-1"); });
  const auto records = SeenByAuditor();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].about().resource(), absl::StrCat("subjects/", kSubject, "/cases/c-1"));
  EXPECT_EQ(records[1].about().resource(), absl::StrCat("subjects/", kSubject));
  for (const auto& record : records) {
    EXPECT_THAT(record.SerializeAsString(), ::testing::Not(HasSubstr("families/f-1")));
  }
}

TEST_F(RecordTest, RecordsOfSeveralYearsOpenWithTheirOwnKeys) {
  Log(NurseReads(), AboutChild(), 2025);
  Log(NurseReads(), AboutChild(), 2026);
  Log(NurseReads(), AboutChild(), 2025);
  EXPECT_EQ(SeenByMother().size(), 3u);
}

TEST_F(RecordTest, R32ARecordWhoseKeyIsGoneShowsToAnAuditorOnlyAndOnlyThatItIs) {
  Log(NurseReads(), AboutChild(), 2010);
  Log(NurseReads(), AboutChild());
  EXPECT_EQ(SeenByMother().size(), 1u);
  const auto records = SeenByAuditor();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].index(), 0);
  EXPECT_FALSE(records[0].has_who());
  EXPECT_THAT(records[0].text_nl(), HasSubstr("kan niet (meer) worden gelezen"));
}

TEST_F(RecordTest, ARecordIndexedUnderTheWrongFamilyIsNotShown) {
  audit::v1::RecordAbout about = AboutChild();
  about.set_subject("ffffffffffffffffffffffffffffffff");
  Log(NurseReads(), about);
  EXPECT_TRUE(SeenByMother().empty());
}

TEST_F(RecordTest, RecordsOfOtherFamiliesAndOfNoneStayOut) {
  writer_.AddRecord(Seal(NurseReads(), AboutChild()), "ffffffffffffffffffffffffffffffff");
  writer_.AddRecord(Seal(NurseReads(), AboutChild()), "");
  ASSERT_OK(Append(writer_.All()));
  EXPECT_TRUE(SeenByAuditor().empty());
}

TEST_F(RecordTest, R18PagesAreOfWhatTheReaderSees) {
  for (int i = 0; i < 12; ++i) {
    Log([i](auto&, auto& about) {
      if (i % 3 != 0) about.add_compartments(common::v1::COMPARTMENT_SAFETY);
    });
  }
  audit::v1::ListRecordsRequest request;
  request.set_parent("families/f-1");
  request.set_page_size(2);
  auto page = Run(&AuditService::ListRecords, Mother(), request);
  ASSERT_OK(page);
  ASSERT_EQ(page->records_size(), 2);
  EXPECT_EQ(page->records(1).index(), 3);
  request.set_page_token(page->next_page_token());
  page = Run(&AuditService::ListRecords, Mother(), request);
  ASSERT_OK(page);
  ASSERT_EQ(page->records_size(), 2);
  EXPECT_EQ(page->records(1).index(), 9);
  EXPECT_EQ(page->next_page_token(), "") << "what follows is not hers: there is no next page";
}

TEST_F(RecordTest, BadRequestsAreRefused) {
  audit::v1::ListRecordsRequest request;
  request.set_parent("families/f-1/cases/c-1");
  EXPECT_THAT(Run(&AuditService::ListRecords, Mother(), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_parent("families/f-1");
  request.set_page_size(-1);
  EXPECT_THAT(Run(&AuditService::ListRecords, Mother(), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.clear_page_size();
  for (const char* token : {"?", "LTE", "eA", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"}) {
    request.set_page_token(token);
    EXPECT_EQ(base::ReasonOf(Run(&AuditService::ListRecords, Mother(), request).status()),
              "BAD_PAGE_TOKEN")
        << token;
  }
}

TEST_F(RecordTest, P6WithoutTheDecisionsKeysThereIsNothing) {
  Log(NurseReads(), AboutChild());
  audit::v1::ListRecordsRequest request;
  request.set_parent("families/f-1");
  EXPECT_THAT(Run(&AuditService::ListRecords, Verifier(), request),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(RecordTest, P1EveryMethodOfTheServiceIsRegistered) {
  runtime::Registry registry;
  unit_->Register(registry);
  const google::protobuf::ServiceDescriptor* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          "knooppunt.audit.v1.AuditService");
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(registry.entries().size(), static_cast<size_t>(service->method_count()));
  for (int i = 0; i < service->method_count(); ++i) {
    EXPECT_TRUE(registry.entries().contains(
        absl::StrCat("/", service->full_name(), "/", service->method(i)->name())))
        << service->method(i)->name();
  }
}

}  // namespace
}  // namespace knooppunt::audit_service
