#include "services/audit/sentence.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"
#include "knooppunt/casework/v1/step_service.pb.h"
#include "knooppunt/config/v1/config.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/framework.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "knooppunt/family/v1/family.pb.h"
#include "knooppunt/family/v1/merge.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "knooppunt/meetings/v1/store.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "knooppunt/policy/v1/cases.pb.h"
#include "knooppunt/policy/v1/policy.pb.h"
#include "knooppunt/policy/v1/rule.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "knooppunt/worklist/v1/store.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"

namespace knooppunt::audit_service {
namespace {

RecordView NurseReads() {
  RecordView view{.actor = ActorKind::kStaff};
  // Summer time: 08:05 UTC is 10:05 in Amsterdam.
  view.who.set_time_ms(absl::ToUnixMillis(
      absl::FromCivil(absl::CivilMinute(2026, 7, 14, 8, 5), absl::UTCTimeZone())));
  view.who.set_method("/knooppunt.casework.v1.CaseworkService/GetCase");
  view.who.set_display_name("Iris Bakker");
  view.who.set_function(common::v1::FUNCTION_JGZ_NURSE);
  view.who.set_organisation("organisations/ggd-zl");
  view.who.set_purpose(common::v1::PURPOSE_COORDINATION);
  view.who.set_allowed(true);
  view.who.set_outcome("OK");
  return view;
}

TEST(SentenceTest, R25AnActHasWhenWhoWhatAndWhy) {
  RecordView view = NurseReads();
  view.about.add_compartments(common::v1::COMPARTMENT_HEALTH);
  view.about.add_bases("consents/k-1");
  view.about.add_bases("consents/k-2");
  view.about.add_bases("grounds/g-1");
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 las Iris Bakker, jeugdverpleegkundige bij ggd-zl, het "
            "dossier. Doel: samenwerken rond het kind. Onderdelen: gezondheid. Op grond van: "
            "toestemming, een andere wettelijke grond.");
}

TEST(SentenceTest, R25AnOrganisationIsCalledByItsName) {
  EXPECT_EQ(Sentence(NurseReads(), [](absl::string_view) { return std::string("GGD"); }),
            "Op 14 juli 2026 om 10:05 las Iris Bakker, jeugdverpleegkundige bij GGD, het dossier. "
            "Doel: samenwerken rond het kind.");
  EXPECT_EQ(Sentence(NurseReads(), [](absl::string_view) { return std::string(); }),
            Sentence(NurseReads(), nullptr));
}

TEST(SentenceTest, R19ARefusalSaysWhy) {
  RecordView view = NurseReads();
  view.who.set_allowed(false);
  view.who.set_rule("no-seat");
  view.who.set_outcome("NOT_FOUND");
  view.about.add_bases("consents/k-1");
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 wilde Iris Bakker, jeugdverpleegkundige bij ggd-zl, het "
            "dossier lezen en is geweigerd: er is geen plaats aan tafel die dit toestaat. Doel: "
            "samenwerken rond het kind.");
  view.who.set_rule("a-word-of-a-newer-policy");
  EXPECT_NE(Sentence(view, nullptr).find("geweigerd: geen regel staat dit toe."),
            std::string::npos);
}

TEST(SentenceTest, AnActThatDidNotComeAboutSaysSo) {
  RecordView view = NurseReads();
  view.who.set_method("/knooppunt.casework.v1.CaseworkService/OpenCase");
  view.who.set_outcome("ALREADY_EXISTS");
  view.who.clear_purpose();
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 wilde Iris Bakker, jeugdverpleegkundige bij ggd-zl, een "
            "dossier openen; dat is niet gelukt: het was er al.");
  view.who.set_outcome("INTERNAL");
  EXPECT_NE(Sentence(view, nullptr).find("niet gelukt: door een storing."), std::string::npos);
}

TEST(SentenceTest, R25EachActorIsCalledAsTheReaderMayKnowThem) {
  RecordView view = NurseReads();
  view.who.clear_purpose();
  const struct {
    ActorKind actor;
    std::string text;
  } cases[] = {
      {ActorKind::kReader, "Op 14 juli 2026 om 10:05 las u het dossier."},
      {ActorKind::kFamilyMember, "Op 14 juli 2026 om 10:05 las een gezinslid het dossier."},
      {ActorKind::kOutsider, "Op 14 juli 2026 om 10:05 las iemand buiten het gezin het dossier."},
      {ActorKind::kSystem, "Op 14 juli 2026 om 10:05 las het systeem het dossier."},
  };
  for (const auto& c : cases) {
    view.actor = c.actor;
    EXPECT_EQ(Sentence(view, nullptr), c.text);
  }
  view.actor = ActorKind::kStaff;
  view.who.clear_display_name();
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 las een jeugdverpleegkundige van ggd-zl het dossier.");
}

TEST(SentenceTest, R20EmergencyAndReplayAreSaid) {
  RecordView view = NurseReads();
  view.who.clear_purpose();
  view.who.set_emergency(true);
  view.who.set_replay(true);
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 las Iris Bakker, jeugdverpleegkundige bij ggd-zl, het "
            "dossier. Dit was noodtoegang. Dit was een herhaling van een eerdere handeling.");
}

TEST(SentenceTest, R20TheFamilyReadsThatEmergencyAccessWasOpened) {
  RecordView view = NurseReads();
  view.who.set_method("/knooppunt.consent.v1.ConsentService/OpenEmergency");
  view.who.set_purpose(common::v1::PURPOSE_EMERGENCY);
  view.who.set_emergency(true);
  view.about = {};
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 opende Iris Bakker, jeugdverpleegkundige bij ggd-zl, "
            "noodtoegang tot het dossier volgens de Meldcode. Doel: acute veiligheid van een kind "
            "(Meldcode). Dit was noodtoegang.");
}

TEST(SentenceTest, R22TakingThePlanAlongIsToldApartFromReadingIt) {
  RecordView view = NurseReads();
  view.who.set_method("/knooppunt.plan.v1.PlanService/RenderPlan");
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 maakte Iris Bakker, jeugdverpleegkundige bij ggd-zl, een "
            "document van het plan om mee te nemen. Doel: samenwerken rond het kind.");
  view.who.set_method("/knooppunt.plan.v1.PlanService/GetPlan");
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 las Iris Bakker, jeugdverpleegkundige bij ggd-zl, het plan. "
            "Doel: samenwerken rond het kind.");
}

TEST(SentenceTest, AMethodOfANewerVersionStillHasASentence) {
  RecordView view = NurseReads();
  view.who.set_method("/knooppunt.future.v1.FutureService/Do");
  view.who.clear_purpose();
  EXPECT_EQ(Sentence(view, nullptr),
            "Op 14 juli 2026 om 10:05 deed Iris Bakker, jeugdverpleegkundige bij ggd-zl, iets met "
            "het dossier.");
}

// The descriptors of every proto of ours. Naming a message of each file links it in.
std::vector<const google::protobuf::FileDescriptor*> EveryFile() {
  const std::vector<const google::protobuf::Descriptor*> linked = {
      access::v1::CheckRequest::descriptor(),
      archive::v1::ArchivePreview::descriptor(),
      audit::v1::Record::descriptor(),
      casework::v1::OpenCaseRequest::descriptor(),
      casework::v1::RaiseEscalationRequest::descriptor(),
      casework::v1::ReportOutOfSchoolRequest::descriptor(),
      casework::v1::EvaluateStepRequest::descriptor(),
      config::v1::ServerConfig::descriptor(),
      consent::v1::Consent::descriptor(),
      directory::v1::Organisation::descriptor(),
      directory::v1::GetFrameworkRequest::descriptor(),
      directory::v1::WerkplaatsProfile::descriptor(),
      documents::v1::Document::descriptor(),
      family::v1::Merge::descriptor(),
      family::v1::Person::descriptor(),
      handover::v1::Handover::descriptor(),
      meetings::v1::GetAgendaRequest::descriptor(),
      meetings::v1::KeptMeetings::descriptor(),
      plan::v1::Plan::descriptor(),
      policy::v1::PolicyDocument::descriptor(),
      policy::v1::PolicyCases::descriptor(),
      requests::v1::Request::descriptor(),
      worklist::v1::Entry::descriptor(),
      worklist::v1::OpenItems::descriptor(),
  };
  EXPECT_FALSE(linked.empty());
  const char* source = std::getenv("KNOOPPUNT_SOURCE");
  const std::filesystem::path root =
      (source == nullptr ? std::filesystem::current_path() : std::filesystem::path(source)) /
      "proto";
  std::vector<const google::protobuf::FileDescriptor*> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "knooppunt")) {
    if (entry.path().extension() != ".proto") continue;
    const std::string name = std::filesystem::relative(entry.path(), root).string();
    files.push_back(google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name));
    EXPECT_NE(files.back(), nullptr) << "link " << name << " into this test";
  }
  return files;
}

TEST(SentenceTest, R25EveryMethodThatLeavesARecordHasItsPhrase) {
  int methods = 0;
  for (const auto* file : EveryFile()) {
    ASSERT_NE(file, nullptr);
    for (int s = 0; s < file->service_count(); ++s) {
      const google::protobuf::ServiceDescriptor* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) {
        const google::protobuf::MethodDescriptor* method = service->method(m);
        const policy::v1::MethodRule& rule = method->options().GetExtension(policy::v1::rule);
        if (rule.audit() != policy::v1::AUDIT_LEVEL_RECORD) continue;
        ++methods;
        const std::string path = absl::StrCat("/", service->full_name(), "/", method->name());
        const ActPhrase* phrase = FindPhrase(path);
        ASSERT_NE(phrase, nullptr) << path << " has no phrase in sentence.cc";
        EXPECT_FALSE(phrase->verb.empty() || phrase->rest.empty() || phrase->wish.empty()) << path;
      }
    }
  }
  EXPECT_GT(methods, 40);
}

TEST(SentenceTest, AnUnknownMethodHasNoPhrase) {
  EXPECT_EQ(FindPhrase(""), nullptr);
  EXPECT_EQ(FindPhrase("/"), nullptr);
  EXPECT_EQ(FindPhrase("GetCase"), nullptr);
  EXPECT_EQ(FindPhrase("/knooppunt.casework.v1.CaseworkService/GetCase/x"), nullptr);
}

}  // namespace
}  // namespace knooppunt::audit_service
