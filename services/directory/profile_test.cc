// The profile of a werkplaats over a real database (R36, R37).
#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "services/directory/directory_testing.h"
#include "services/directory/profile_rules.h"

namespace knooppunt::directory {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kProfile[] = "werkplaatsen/manjefiek/profile";
constexpr auto kGet = &DirectoryService::GetWerkplaatsProfile;
constexpr auto kUpdate = &DirectoryService::UpdateWerkplaatsProfile;
constexpr auto kReplace = &DirectoryService::ReplaceContact;
constexpr auto kGaps = &DirectoryService::ListProfileGaps;
constexpr auto kEnd = &DirectoryService::EndEmployment;

template <typename T>
std::string ReasonOf(const absl::StatusOr<T>& result) {
  return base::ReasonOf(result.status());
}

class ProfileTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    Import(SmallRegion());
    Employ("nurse");
    Employ("nurse2");
    Employ("nurse3");
  }
  void Employ(const std::string& id) {
    v1::CreateProfessionalRequest request;
    v1::Professional& p = *request.mutable_professional();
    p.set_name("professionals/" + id);
    p.set_display_name("Jeugdverpleegkundige " + id);
    p.set_login("dev|" + id);
    *p.add_functions() = Term(kYouthHealth, common::v1::FUNCTION_JGZ_NURSE);
    ASSERT_OK(Run(&DirectoryService::CreateProfessional, RegionAdministrator(), request));
  }
  void Leave(const std::string& id, const std::string& on = kToday) {
    v1::EndEmploymentRequest request;
    request.set_name("professionals/" + id);
    request.set_organisation(kYouthHealth);
    request.set_end_date(on);
    ASSERT_OK(Run(kEnd, RegionAdministrator(), request));
  }
  v1::WerkplaatsProfile Get() {
    v1::GetWerkplaatsProfileRequest request;
    request.set_name(kProfile);
    const auto profile = Run(kGet, Nurse(), request);
    EXPECT_OK(profile);
    return profile.value_or(v1::WerkplaatsProfile());
  }
  static v1::UpdateWerkplaatsProfileRequest Whole() {
    v1::UpdateWerkplaatsProfileRequest request;
    v1::WerkplaatsProfile& p = *request.mutable_profile();
    p.set_name(kProfile);
    v1::FixedPartner* partner = p.add_partners();
    partner->set_organisation(kYouthHealth);
    partner->set_function(common::v1::FUNCTION_JGZ_NURSE);
    p.mutable_meeting_rhythm()->set_every_weeks(6);
    p.mutable_meeting_rhythm()->set_weekday(v1::WEEKDAY_TUESDAY);
    p.mutable_meeting_rhythm()->set_start_time("13:30");
    v1::OfficeHours* hours = p.add_office_hours();
    hours->set_weekday(v1::WEEKDAY_MONDAY);
    hours->set_start_time("08:30");
    hours->set_end_time("16:00");
    p.add_own_means(common::v1::MEANS_ARRANGEMENT);
    v1::CollectiveArrangement* a = p.add_arrangements();
    a->set_id("rots-en-water");
    a->set_display_name("Rots en Water, groep 6 en 7");
    a->set_kind(v1::COLLECTIVE_KIND_TARGET_GROUP);
    a->set_organisation(kSchoolBoard);
    a->set_framework_row("schoolarrangement");
    a->set_funding(common::v1::FUNDING_SHARED);
    a->set_start_date("2026-01-01");
    return request;
  }
  absl::StatusOr<v1::WerkplaatsProfile> Update(const v1::UpdateWerkplaatsProfileRequest& request) {
    return Run(kUpdate, AdministratorOf(kSchoolBoard), request);
  }
  absl::StatusOr<v1::WerkplaatsProfile> Replace(const std::string& who,
                                                const std::string& stand_in) {
    v1::ReplaceContactRequest request;
    request.set_name(kProfile);
    request.mutable_contact()->set_organisation(kYouthHealth);
    request.mutable_contact()->set_function(common::v1::FUNCTION_JGZ_NURSE);
    request.mutable_contact()->set_professional("professionals/" + who);
    request.mutable_contact()->set_stand_in("professionals/" + stand_in);
    return Run(kReplace, AdministratorOf(kSchoolBoard), request);
  }
};

TEST_F(ProfileTest, R37AProfileIsReadBackAsItWasWritten) {
  ASSERT_OK(Update(Whole()));
  const v1::WerkplaatsProfile seen = Get();
  EXPECT_EQ(seen.name(), kProfile);
  ASSERT_THAT(seen.partners(), SizeIs(1));
  EXPECT_EQ(seen.meeting_rhythm().every_weeks(), 6);
  EXPECT_EQ(seen.office_hours(0).start_time(), "08:30");
  EXPECT_THAT(seen.own_means(), ElementsAre(common::v1::MEANS_ARRANGEMENT));
  EXPECT_EQ(seen.etag(), Get().etag());
}

TEST_F(ProfileTest, R37NoProfileYetIsAProfileThatLacksPartners) {
  const v1::WerkplaatsProfile seen = Get();
  EXPECT_THAT(seen.gaps_nl(), ElementsAre(HasSubstr("geen vaste partners")));
  v1::GetWerkplaatsProfileRequest request;
  request.set_name("werkplaatsen/nergens/profile");
  EXPECT_EQ(ReasonOf(Run(kGet, Nurse(), request)), "WERKPLAATS_NOT_FOUND");
  request.set_name("werkplaatsen/manjefiek");
  EXPECT_EQ(ReasonOf(Run(kGet, Nurse(), request)), "INVALID_FIELD");
}

TEST_F(ProfileTest, R36AnArrangementNamesWhoCarriesItWithTheVersionAndTheSplit) {
  const auto profile = Update(Whole());
  ASSERT_OK(profile);
  const v1::CollectiveArrangement& a = profile->arrangements(0);
  EXPECT_EQ(a.framework_row(), "2024-01/schoolarrangement");
  ASSERT_THAT(a.split(), SizeIs(2));
  EXPECT_EQ(a.split(0).percent() + a.split(1).percent(), 100);
}

TEST_F(ProfileTest, R36AnArrangementThatNobodyCarriesIsRefusedAndNothingIsWritten) {
  v1::UpdateWerkplaatsProfileRequest request = Whole();
  request.mutable_profile()->mutable_arrangements(0)->set_funding(common::v1::FUNDING_ZVW);
  EXPECT_EQ(ReasonOf(Update(request)), "FUNDING_DOES_NOT_FIT");
  request.mutable_profile()->mutable_arrangements(0)->clear_funding();
  EXPECT_EQ(ReasonOf(Update(request)), "FUNDING_MISSING");
  request = Whole();
  request.mutable_profile()->mutable_arrangements(0)->clear_framework_row();
  EXPECT_EQ(ReasonOf(Update(request)), "FUNDING_MISSING");
  EXPECT_THAT(Get().arrangements(), IsEmpty());
}

TEST_F(ProfileTest, R37AChangeOfOneFieldLeavesTheOthersAndAnOldEtagIsRefused) {
  ASSERT_OK(Update(Whole()));
  const std::string etag = Get().etag();
  v1::UpdateWerkplaatsProfileRequest request;
  request.mutable_profile()->set_name(kProfile);
  request.mutable_profile()->set_etag(etag);
  request.mutable_profile()->mutable_meeting_rhythm()->set_every_weeks(4);
  request.mutable_update_mask()->add_paths("meeting_rhythm");
  ASSERT_OK(Update(request));
  EXPECT_EQ(Get().meeting_rhythm().every_weeks(), 4);
  EXPECT_THAT(Get().arrangements(), SizeIs(1));
  EXPECT_EQ(ReasonOf(Update(request)), "PROFILE_CHANGED");
  request.mutable_profile()->clear_etag();
  request.mutable_update_mask()->add_paths("contacts");
  EXPECT_EQ(ReasonOf(Update(request)), "INVALID_FIELD");
}

TEST_F(ProfileTest, R37TheContactIsReplacedInOneActAndTheOneOfBeforeIsRemembered) {
  ASSERT_OK(Replace("nurse", "nurse2"));
  EXPECT_EQ(Get().contacts(0).acting(), "professionals/nurse");
  EXPECT_EQ(Get().contacts(0).start_date(), kToday);
  ASSERT_OK(Replace("nurse3", "nurse2"));
  const v1::WerkplaatsProfile seen = Get();
  ASSERT_THAT(seen.contacts(), SizeIs(1));
  EXPECT_EQ(seen.contacts(0).acting(), "professionals/nurse3");
  ASSERT_THAT(seen.former_contacts(), SizeIs(1));
  EXPECT_EQ(seen.former_contacts(0).contact().professional(), "professionals/nurse");
  EXPECT_EQ(seen.former_contacts(0).successor(), "professionals/nurse3");
  EXPECT_EQ(seen.former_contacts(0).end_date(), kToday);
  // The same again changes nothing.
  ASSERT_OK(Replace("nurse3", "nurse2"));
  EXPECT_EQ(Get().etag(), seen.etag());
}

// Nothing falls between two chairs: who left is replaced by the stand-in from that day, without
// anybody's act, and the profile says that another must be appointed.
TEST_F(ProfileTest, R37WhenTheContactLeavesTheStandInActsAtOnceAndTheGapIsTold) {
  ASSERT_OK(Update(Whole()));
  ASSERT_OK(Replace("nurse", "nurse2"));
  EXPECT_THAT(Get().gaps_nl(), IsEmpty());
  Leave("nurse");
  v1::WerkplaatsProfile seen = Get();
  EXPECT_EQ(seen.contacts(0).acting(), "professionals/nurse2");
  EXPECT_TRUE(seen.contacts(0).to_replace());
  EXPECT_THAT(seen.gaps_nl(), ElementsAre(HasSubstr("de waarnemer neemt waar")));
  Leave("nurse2");
  seen = Get();
  EXPECT_EQ(seen.contacts(0).acting(), "");
  EXPECT_THAT(seen.gaps_nl(), ElementsAre(HasSubstr("niemand is te bellen")));
  EXPECT_EQ(ReasonOf(Replace("nurse3", "nurse3")),
            "INVALID_FIELD");  // nobody stands in for oneself
  Employ("nurse4");
  ASSERT_OK(Replace("nurse3", "nurse4"));
  EXPECT_THAT(Get().gaps_nl(), IsEmpty());
}

TEST_F(ProfileTest, R1R37ContactsGoIntoTheFactsOfTheWerkplaatsAndStayThere) {
  const int64_t before = unit_->database().position();
  ASSERT_OK(Replace("nurse", "nurse2"));
  auto facts = FactsAfter(before);
  ASSERT_THAT(facts, SizeIs(1));
  ASSERT_THAT(facts[0].werkplaats().contacts(), SizeIs(1));
  EXPECT_EQ(facts[0].werkplaats().contacts(0).organisation(), kYouthHealth);
  EXPECT_EQ(facts[0].werkplaats().contacts(0).professional(), "professionals/nurse");
  EXPECT_EQ(facts[0].werkplaats().contacts(0).stand_in(), "professionals/nurse2");
  const int64_t revision = facts[0].werkplaats().revision();

  // Another name by import is another snapshot, and takes nobody away.
  const int64_t then = unit_->database().position();
  v1::ImportDirectoryRequest again = SmallRegion();
  for (v1::Werkplaats& w : *again.mutable_werkplaatsen()) {
    w.set_display_name(absl::StrCat(w.display_name(), " (nieuw)"));
  }
  Import(again);
  facts = FactsAfter(then);
  int told = 0;
  int64_t last = revision;
  for (const access::v1::FactEntry& entry : facts) {
    if (entry.werkplaats().name() != "werkplaatsen/manjefiek") continue;
    EXPECT_GT(entry.werkplaats().revision(), last);
    last = entry.werkplaats().revision();
    told = entry.werkplaats().contacts_size();
  }
  EXPECT_EQ(told, 1) << "the newest holds";
}

TEST_F(ProfileTest, R37AStandInWhoLeavesIsAGapToo) {
  ASSERT_OK(Update(Whole()));
  ASSERT_OK(Replace("nurse", "nurse2"));
  Leave("nurse2");
  EXPECT_EQ(Get().contacts(0).acting(), "professionals/nurse");
  EXPECT_THAT(Get().gaps_nl(), ElementsAre(HasSubstr("waarnemer van de contactpersoon")));
}

TEST_F(ProfileTest, R37OnlyWhoHoldsTheFunctionIsAContact) {
  Leave("nurse3");
  EXPECT_EQ(ReasonOf(Replace("nurse3", "nurse")), "CONTACT_NOT_IN_FUNCTION");
  EXPECT_EQ(ReasonOf(Replace("nurse", "nurse3")), "STAND_IN_NOT_EMPLOYED");
  EXPECT_EQ(ReasonOf(Replace("niemand", "nurse")), "CONTACT_NOT_IN_FUNCTION");
  v1::ReplaceContactRequest request;
  request.set_name(kProfile);
  request.mutable_contact()->set_organisation(kYouthHealth);
  request.mutable_contact()->set_function(common::v1::FUNCTION_JGZ_DOCTOR);
  request.mutable_contact()->set_professional("professionals/nurse");
  request.mutable_contact()->set_stand_in("professionals/nurse2");
  EXPECT_EQ(ReasonOf(Run(kReplace, AdministratorOf(kSchoolBoard), request)),
            "CONTACT_NOT_IN_FUNCTION");
  request.mutable_contact()->set_function(common::v1::FUNCTION_JGZ_NURSE);
  request.mutable_contact()->set_start_date("2026-04-01");
  EXPECT_EQ(ReasonOf(Run(kReplace, AdministratorOf(kSchoolBoard), request)), "INVALID_FIELD");
}

TEST_F(ProfileTest, R37TheAdministratorOfTheWerkplaatsKeepsTheProfileAndNobodyElse) {
  EXPECT_EQ(ReasonOf(Run(kUpdate, AdministratorOf(kYouthHealth), Whole())), "OTHER_ORGANISATION");
  EXPECT_THAT(Get().partners(), IsEmpty());
  v1::UpdateWerkplaatsProfileRequest request = Whole();
  request.mutable_profile()->mutable_partners(0)->set_organisation("organisations/nergens");
  EXPECT_EQ(ReasonOf(Update(request)), "UNKNOWN_PARTNER");
}

TEST_F(ProfileTest, R37GapsAreListedOverAllWerkplaatsenAPageAtATime) {
  v1::ImportDirectoryRequest more = SmallRegion();
  *more.add_werkplaatsen() = MakeWerkplaats("werkplaatsen/zonnebloem", kSchoolBoard);
  Import(more);
  ASSERT_OK(Update(Whole()));
  ASSERT_OK(Replace("nurse", "nurse2"));
  v1::ListProfileGapsRequest request;
  request.set_page_size(1);
  std::vector<std::string> found;
  do {
    const auto page = Run(kGaps, Nurse(), request);
    ASSERT_OK(page);
    for (const auto& p : page->profiles()) found.push_back(p.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(found, ElementsAre("werkplaatsen/zonnebloem/profile"));
  request.set_organisation(kYouthHealth);
  const auto none = Run(kGaps, Nurse(), request);
  ASSERT_OK(none);
  EXPECT_THAT(none->profiles(), IsEmpty());
}

TEST_F(ProfileTest, R37WhatIsNotWellFormedIsRefusedWithItsField) {
  const std::vector<std::function<void(v1::WerkplaatsProfile*)>> slips = {
      [](auto* p) { p->mutable_meeting_rhythm()->set_every_weeks(-1); },
      [](auto* p) { p->mutable_meeting_rhythm()->set_every_weeks(27); },
      [](auto* p) { p->mutable_meeting_rhythm()->set_start_time("25:00"); },
      [](auto* p) { p->mutable_office_hours(0)->set_end_time("08:30"); },
      [](auto* p) { p->mutable_office_hours(0)->set_start_time("8:30"); },
      [](auto* p) { *p->add_office_hours() = p->office_hours(0); },
      [](auto* p) { p->mutable_office_hours(0)->clear_weekday(); },
      [](auto* p) { *p->add_partners() = p->partners(0); },
      [](auto* p) { p->mutable_partners(0)->clear_function(); },
      [](auto* p) { p->add_own_means(common::v1::MEANS_ARRANGEMENT); },
      [](auto* p) { p->add_own_means(common::v1::MEANS_UNSPECIFIED); },
      [](auto* p) { p->mutable_arrangements(0)->set_id("Rots en Water"); },
      [](auto* p) { p->mutable_arrangements(0)->set_display_name("Rots\nen Water"); },
      [](auto* p) { p->mutable_arrangements(0)->set_display_name("Rots \u202e retaW"); },
      [](auto* p) { p->mutable_arrangements(0)->set_end_date("2025-12-31"); },
      [](auto* p) { p->mutable_arrangements(0)->set_start_date("2026-02-30"); },
      [](auto* p) { *p->add_arrangements() = p->arrangements(0); },
  };
  for (size_t i = 0; i < slips.size(); ++i) {
    v1::UpdateWerkplaatsProfileRequest request = Whole();
    slips[i](request.mutable_profile());
    EXPECT_EQ(ReasonOf(Update(request)), "INVALID_FIELD") << "slip " << i;
  }
  EXPECT_THAT(Get().partners(), IsEmpty());
}

TEST_F(ProfileTest, R36TheFrameworkIsReadAndAsked) {
  const auto framework = Run(&DirectoryService::GetFramework, Nurse(), v1::GetFrameworkRequest());
  ASSERT_OK(framework);
  EXPECT_EQ(framework->framework().version(), "2024-01");
  EXPECT_THAT(framework->sha256(), SizeIs(64));
  v1::GetFrameworkRequest before;
  before.set_on_date("2001-01-01");
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::GetFramework, Nurse(), before)), "NO_FRAMEWORK_YET");
  v1::AssessFundingRequest ask;
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::AssessFunding, Nurse(), ask)), "INVALID_FIELD");
  ask.set_means(common::v1::MEANS_TRANSPORT);
  auto answer = Run(&DirectoryService::AssessFunding, Nurse(), ask);
  ASSERT_OK(answer);
  EXPECT_FALSE(answer->fits());
  EXPECT_THAT(answer->rows(), SizeIs(2));
  ask.set_funding(common::v1::FUNDING_EDUCATION);
  answer = Run(&DirectoryService::AssessFunding, Nurse(), ask);
  ASSERT_OK(answer);
  EXPECT_TRUE(answer->fits());
  EXPECT_EQ(answer->framework_row(), "2024-01/leerlingenvervoer");
}

}  // namespace
}  // namespace knooppunt::directory
