// Households of divorced parents, addresses that are not shared, contacts, and numbers (R3, R16,
// R18).
#include "services/family/service_testing.h"

namespace knooppunt::family {
namespace {

using ::absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HouseholdsTest : public FamilyServiceTest {
 protected:
  v1::SetContactRequest Contact(const std::string& person) {
    v1::SetContactRequest req;
    req.set_parent(Name(person));
    req.mutable_contact()->set_phone("06 12345678");
    req.mutable_contact()->set_channel(v1::CONTACT_CHANNEL_TEXT_MESSAGE);
    req.mutable_contact()->set_how("Niet bellen waar anderen bij zijn.");
    *req.mutable_contact()->mutable_label() = About({person});
    return req;
  }
  absl::StatusOr<v1::Contact> SetContact(const Caller& who, const v1::SetContactRequest& req) {
    return Call<v1::Contact>("SetContact", who, req);
  }
  absl::StatusOr<v1::ListContactsResponse> Contacts(const Caller& who, const std::string& person) {
    v1::ListContactsRequest req;
    req.set_parent(Name(person));
    return Call<v1::ListContactsResponse>("ListContacts", who, req);
  }
  absl::StatusOr<v1::RecordBsnResponse> RecordBsn(const Caller& who, const std::string& person,
                                                  const std::string& bsn) {
    v1::RecordBsnRequest req;
    req.set_name(Name(person));
    req.set_bsn(bsn);
    return Call<v1::RecordBsnResponse>("RecordBsn", who, req);
  }
  absl::StatusOr<v1::FindDoublesResponse> FindDoubles(const Caller& who,
                                                      const std::string& person) {
    v1::FindDoublesRequest req;
    req.set_name(Name(person));
    return Call<v1::FindDoublesResponse>("FindDoubles", who, req);
  }
};

TEST_F(HouseholdsTest, R18AChildOfDivorcedParentsLivesInTwoThatDoNotSeeEachOther) {
  HouseholdOf(j.mother_id, "Bij mama");
  HouseholdOf(j.father_id, "Bij papa");
  EXPECT_THAT(Households(j.ib), ElementsAre("Bij mama", "Bij papa"));
  EXPECT_THAT(Households(j.mother), ElementsAre("Bij mama"));
  EXPECT_THAT(Households(j.father), ElementsAre("Bij papa"));
}

TEST_F(HouseholdsTest, R18AnAddressIsNotForTheOtherParent) {
  const std::string home = HouseholdOf(j.mother_id, "Bij mama");
  EXPECT_EQ(Reason(SetAddress(j.ib, Address(home, j.child))), "R18_ADDRESS_WOULD_BE_SHARED");
  ASSERT_OK(SetAddress(j.ib, Address(home, j.mother_id)).status());
  ASSERT_OK_AND_ASSIGN(const v1::Address hers, GetAddress(j.mother, home));
  EXPECT_EQ(hers.street(), "Markt 1");
  const auto his = GetAddress(j.father, home);
  EXPECT_THAT(his, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(his.status(),
            GetAddress(j.father, FamilyName() + "/households/h-bestaat-niet").status());
  j.Activate();
  EXPECT_THAT(GetAddress(j.nurse, home), StatusIs(StatusCode::kNotFound, _))
      << "consent about the child is not about where the mother lives (R12)";
}

TEST_F(HouseholdsTest, R18AnAddressThatAllMayKnowIsSaidToBe) {
  const std::string home = HouseholdOf(j.mother_id, "Bij mama");
  v1::SetAddressRequest req = Address(home, j.child);
  req.set_known_to_all(true);
  ASSERT_OK(SetAddress(j.ib, req).status());
  EXPECT_OK(GetAddress(j.father, home).status());
}

TEST_F(HouseholdsTest, R18ASecretAddressLeavesThePlaceWhereItStoodBefore) {
  const std::string home = HouseholdOf(j.mother_id, "Bij mama");
  v1::SetAddressRequest open = Address(home, j.child);
  open.set_known_to_all(true);
  ASSERT_OK(SetAddress(j.ib, open).status());
  v1::SetAddressRequest secret = Address(home, j.mother_id);
  secret.mutable_address()->set_street("Geheimstraat 2");
  secret.mutable_address()->mutable_label()->set_compartment(common::v1::COMPARTMENT_SAFETY);
  secret.mutable_address()->mutable_label()->set_regime(common::v1::REGIME_YOUTH_CARE);
  ASSERT_OK(SetAddress(j.ib, secret).status());
  EXPECT_EQ(GetAddress(j.ib, home)->street(), "Geheimstraat 2");
  EXPECT_THAT(GetAddress(j.father, home), StatusIs(StatusCode::kNotFound, _));
  EXPECT_THAT(GetAddress(j.mother, home), StatusIs(StatusCode::kNotFound, _)) << "SAFETY (R18)";
  // And back: the secret one is wiped, not kept beside it.
  ASSERT_OK(SetAddress(j.ib, open).status());
  EXPECT_EQ(GetAddress(j.ib, home)->street(), "Markt 1");
}

TEST_F(HouseholdsTest, R18AFamilyMemberKeepsTheirOwnAddress) {
  const std::string home = HouseholdOf(j.mother_id, "Bij mama");
  ASSERT_OK_AND_ASSIGN(const v1::Address made, SetAddress(j.mother, Address(home, j.mother_id)));
  EXPECT_EQ(made.label().controller(), "organisations/mosalira") << "the werkplaats answers for it";
  v1::SetAddressRequest again = Address(home, j.mother_id);
  again.mutable_address()->set_etag("van vroeger");
  EXPECT_EQ(Reason(SetAddress(j.ib, again)), "CHANGED_MEANWHILE");
  EXPECT_THAT(SetAddress(j.father, Address(home, j.father_id)), StatusIs(StatusCode::kNotFound, _));
}

TEST_F(HouseholdsTest, R18AHouseholdEndsAndAnotherBegins) {
  const std::string home = HouseholdOf(j.mother_id, "Bij mama");
  v1::EndHouseholdRequest req;
  req.set_name(home);
  req.set_end_date("2025-05-31");
  EXPECT_EQ(Reason(Call<v1::Household>("EndHousehold", j.ib, req)), "INVALID_FIELD");
  req.set_end_date("2026-11-01");
  req.set_etag("van vroeger");
  EXPECT_EQ(Reason(Call<v1::Household>("EndHousehold", j.ib, req)), "CHANGED_MEANWHILE");
  req.clear_etag();
  ASSERT_OK_AND_ASSIGN(const v1::Household ended, Call<v1::Household>("EndHousehold", j.ib, req));
  EXPECT_EQ(ended.end_date(), "2026-11-01");
  EXPECT_EQ(Reason(Call<v1::Household>("EndHousehold", j.ib, req)), "HOUSEHOLD_ENDED");
  EXPECT_EQ(Reason(SetAddress(j.ib, Address(home, j.mother_id))), "HOUSEHOLD_ENDED");
  EXPECT_THAT(Households(j.mother), SizeIs(1)) << "it stays in the history";
}

TEST_F(HouseholdsTest, R16HowToReachSomebodyIsAboutThemAlone) {
  ASSERT_OK_AND_ASSIGN(const v1::Contact made, SetContact(j.ib, Contact(j.child)));
  ASSERT_OK_AND_ASSIGN(const auto seen, Contacts(j.mother, j.child));
  ASSERT_THAT(seen.contacts(), SizeIs(1));
  EXPECT_EQ(seen.contacts(0).SerializeAsString(), made.SerializeAsString());
  // The mother's number is hers: the father does not see it, nor that there is one.
  ASSERT_OK(SetContact(j.mother, Contact(j.mother_id)).status());
  EXPECT_THAT(Contacts(j.father, j.mother_id), StatusIs(StatusCode::kNotFound, _));
  v1::SetContactRequest wrong = Contact(j.child);
  *wrong.mutable_contact()->mutable_label() = About({j.child, j.mother_id});
  EXPECT_EQ(Reason(SetContact(j.ib, wrong)), "INVALID_FIELD");
}

TEST_F(HouseholdsTest, R16OneForEachLabelAndTheNewestCounts) {
  ASSERT_OK_AND_ASSIGN(const v1::Contact first, SetContact(j.ib, Contact(j.child)));
  v1::SetContactRequest req = Contact(j.child);
  req.mutable_contact()->set_phone("06 87654321");
  req.mutable_contact()->set_interpreter_needed(true);
  req.mutable_contact()->set_language("ti");
  req.mutable_contact()->set_etag(first.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Contact second, SetContact(j.mother, req));
  EXPECT_EQ(second.name(), first.name()) << "it is replaced";
  EXPECT_EQ(Reason(SetContact(j.ib, req)), "CHANGED_MEANWHILE");
  ASSERT_OK_AND_ASSIGN(const auto list, Contacts(j.ib, j.child));
  ASSERT_THAT(list.contacts(), SizeIs(1));
  EXPECT_EQ(list.contacts(0).phone(), "06 87654321");
  EXPECT_TRUE(list.contacts(0).interpreter_needed());
}

TEST_F(HouseholdsTest, R3ANumberIsRecordedAndNeverShown) {
  ASSERT_OK_AND_ASSIGN(const auto recorded, RecordBsn(j.ib, j.child, "123456782"));
  EXPECT_TRUE(recorded.recorded());
  EXPECT_EQ(recorded.SerializeAsString().find("123456782"), std::string::npos);
  ASSERT_OK_AND_ASSIGN(const v1::Person own, Get(j.ib, j.child));
  EXPECT_TRUE(own.bsn_recorded());
  EXPECT_EQ(own.SerializeAsString().find("123456782"), std::string::npos);
  EXPECT_FALSE(Get(j.mother, j.child)->bsn_recorded()) << "for who answers for the record alone";
  EXPECT_EQ(Reason(RecordBsn(j.ib, j.child, "123456783")), "NOT_A_BSN");
  std::set<std::string> tokens;
  EXPECT_OK(j.office.database().Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT token FROM bsn_token", {}, [&](const storage::Row& row) {
      tokens.insert(std::string(row.Text(0)));
      return absl::OkStatus();
    });
  }));
  ASSERT_THAT(tokens, SizeIs(1));
  EXPECT_THAT(*tokens.begin(), SizeIs(64)) << "an HMAC under the region's key";
  EXPECT_EQ(tokens.begin()->find("123456782"), std::string::npos);
}

TEST_F(HouseholdsTest, R3DoublesAreToldThatNotWhat) {
  EXPECT_EQ(Reason(FindDoubles(j.ib, j.child)), "NO_NUMBER");
  ASSERT_OK(RecordBsn(j.ib, j.child, "123456782").status());
  EXPECT_FALSE(FindDoubles(j.ib, j.child)->found()) << "not in their own family";
  // The same child at another school, with a name that was heard wrongly.
  const std::string first = j.family, first_child = j.child;
  casework::v1::OpenCaseRequest other = j.OpenRequest();
  for (casework::v1::NewPerson& p : *other.mutable_persons()) {
    p.set_family_name("Wanders");
    p.clear_account();
  }
  ASSERT_OK_AND_ASSIGN(const auto opened,
                       j.office.Casework<casework::v1::Case>("OpenCase", j.colleague, other));
  j.family = opened.name().substr(9, opened.name().find('/', 9) - 9);
  const std::string second_child = j.office.facts(j.family).persons(0).id();
  ASSERT_OK(RecordBsn(j.colleague, second_child, "123456782").status());
  ASSERT_OK_AND_ASSIGN(const auto found, FindDoubles(j.colleague, second_child));
  EXPECT_TRUE(found.found());
  EXPECT_EQ(found.ask(), "professionals/ib");
  EXPECT_EQ(found.ask_organisation(), "organisations/mosalira");
  EXPECT_EQ(found.SerializeAsString().find(first), std::string::npos) << "that, not which";
  EXPECT_EQ(FindDoubles(j.mother, first_child).status().code(), StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace knooppunt::family
