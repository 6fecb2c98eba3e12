#include "services/dossier/family_store.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"
#include "schema/dossier_migrations.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/policy/engine.h"
#include "security/policy/testing_permit.h"
#include "security/storage/database_testing.h"

namespace knooppunt::dossier {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FamilyStoreTest : public storage::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    storage::Database::Options options = DefaultOptions();
    options.migrations = Migrations();
    ASSERT_OK(OpenWith(std::move(options)));
  }

  static common::v1::Label LabelAbout(const std::string& person) {
    common::v1::Label label;
    label.mutable_about()->add_persons(person);
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    label.set_controller("organisations/school");
    return label;
  }
  static std::string KeyFor(absl::string_view what) { return crypto::Sha256(what); }

  // A decision about `family` with scopes about these persons, to read and to write.
  static access::v1::Decision Decide(const std::string& family,
                                     const std::vector<std::string>& persons) {
    access::v1::Decision d;
    d.set_allowed(true);
    d.set_family(family);
    d.mutable_claims()->set_organisation("organisations/school");
    d.mutable_permit()->set_facts_key(KeyFor("facts/" + family));
    d.mutable_permit()->set_search_key(KeyFor("search"));
    for (const std::string& p : persons) {
      access::v1::PermitScope scope;
      *scope.mutable_label() = LabelAbout(p);
      scope.set_id(policy::ScopeId(family, scope.label()));
      scope.set_key(KeyFor(scope.id()));
      *d.mutable_permit()->add_scopes() = scope;
      *d.mutable_permit()->add_write_scopes() = scope;
    }
    return d;
  }
  static AuthorizedCall Call(const std::string& family, const std::vector<std::string>& persons) {
    return policy::AdmitForTest(Decide(family, persons), common::v1::PURPOSE_COORDINATION, "seed");
  }
  static FamilyFacts NewFacts(const std::string& family) {
    FamilyFacts facts;
    facts.set_id(family);
    facts.add_persons()->set_id("p-a");
    facts.add_persons()->set_id("p-b");
    return facts;
  }

  absl::Status Save(const AuthorizedCall& call, FamilyFacts* facts) {
    return db_->Write([&](storage::WriteTx& tx) { return SaveFacts(call, tx, facts, random_); })
        .status();
  }
  absl::StatusOr<FamilyFacts> Load(const AuthorizedCall& call) {
    absl::StatusOr<FamilyFacts> out = absl::UnknownError("not read");
    const absl::Status s = db_->Read([&](storage::ReadTx& tx) {
      out = LoadFacts(call, tx);
      return absl::OkStatus();
    });
    return s.ok() ? out : s;
  }
  absl::Status Insert(const AuthorizedCall& call, FamilyFacts* facts, const Item& item, int label) {
    return db_
        ->Write(
            [&](storage::WriteTx& tx) { return InsertItem(call, tx, facts, item, label, random_); })
        .status();
  }
  absl::StatusOr<Item> Get(const AuthorizedCall& call, ItemKind kind, const std::string& id) {
    absl::StatusOr<Item> out = absl::UnknownError("not read");
    EXPECT_OK(db_->Read([&](storage::ReadTx& tx) {
      out = GetItem(call, tx, kind, id);
      return absl::OkStatus();
    }));
    return out;
  }
  std::vector<std::string> ListIds(const AuthorizedCall& call, const std::string& case_id,
                                   std::optional<ItemKind> kind) {
    std::vector<std::string> ids;
    EXPECT_OK(db_->Read([&](storage::ReadTx& tx) {
      const auto items = ListItems(call, tx, case_id, kind);
      EXPECT_OK(items);
      for (const Item& i : *items) ids.push_back(i.id);
      return absl::OkStatus();
    }));
    return ids;
  }
};

Item NewItem(const std::string& id, const std::string& payload, ItemKind kind = ItemKind::kGoal) {
  return {.id = id, .kind = kind, .case_id = "c-1", .payload = payload};
}

TEST_F(FamilyStoreTest, FactsComeBackAsSavedAndTheRevisionGrows) {
  const AuthorizedCall call = Call("f-1", {});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Save(call, &facts));
  EXPECT_EQ(facts.revision(), 1);
  ASSERT_OK(Save(call, &facts));
  ASSERT_OK_AND_ASSIGN(const FamilyFacts loaded, Load(call));
  EXPECT_EQ(loaded.revision(), 2);
  EXPECT_EQ(loaded.SerializeAsString(), facts.SerializeAsString());
}

TEST_F(FamilyStoreTest, ALostRaceIsAborted) {
  const AuthorizedCall call = Call("f-1", {});
  FamilyFacts facts = NewFacts("f-1");
  FamilyFacts twice = facts;
  ASSERT_OK(Save(call, &facts));
  FamilyFacts stale = facts;
  ASSERT_OK(Save(call, &facts));
  EXPECT_THAT(Save(call, &stale), StatusIs(StatusCode::kAborted, _));
  EXPECT_THAT(Save(call, &twice), StatusIs(StatusCode::kAborted, _));
  EXPECT_EQ(Load(call)->revision(), 2);
}

TEST_F(FamilyStoreTest, P6FactsDoNotOpenWithoutTheirKey) {
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Save(Call("f-1", {}), &facts));
  access::v1::Decision other = Decide("f-1", {});
  other.mutable_permit()->set_facts_key(KeyFor("facts/f-2"));
  const AuthorizedCall wrong =
      policy::AdmitForTest(other, common::v1::PURPOSE_COORDINATION, "seed");
  EXPECT_THAT(Load(wrong), StatusIs(StatusCode::kDataLoss, _));
}

TEST_F(FamilyStoreTest, FactsOfAnotherFamilyThanTheDecisionsAreNotSaved) {
  FamilyFacts facts = NewFacts("f-2");
  EXPECT_EQ(base::ReasonOf(Save(Call("f-1", {}), &facts)), "BROKEN_INVARIANT");
  EXPECT_THAT(Load(Call("f-2", {})), StatusIs(StatusCode::kNotFound, _));
}

TEST_F(FamilyStoreTest, EverySaveEmitsTheSnapshotSealedForAccess) {
  const AuthorizedCall call = Call("f-1", {});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Save(call, &facts));
  const auto outbox = FollowOutbox();
  ASSERT_THAT(outbox, SizeIs(1));
  EXPECT_EQ(outbox[0].kind, storage::OutboxKind::kFacts);
  EXPECT_EQ(outbox[0].tag, "f-1");
  EXPECT_EQ(outbox[0].body,
            absl::StrCat("facts ", crypto::HexEncode(crypto::Sha256(outbox[0].payload)), "\n"));
  ASSERT_OK_AND_ASSIGN(
      const std::string opened,
      crypto::Open(
          crypto::SecretBytes::From(KeyFor("facts/f-1"), crypto::SecretAccess::For("test")),
          crypto::JoinLengthPrefixed({"fact-entry-v1", "f-1"}), outbox[0].payload));
  access::v1::FactEntry entry;
  ASSERT_TRUE(entry.ParseFromString(opened));
  EXPECT_EQ(entry.family().SerializeAsString(), facts.SerializeAsString());
}

TEST_F(FamilyStoreTest, AnItemComesBackUnderItsLabel) {
  const AuthorizedCall call = Call("f-1", {"p-a", "p-b"});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Insert(call, &facts, NewItem("i-1", "hallo"), 1));
  ASSERT_OK_AND_ASSIGN(const Item item, Get(call, ItemKind::kGoal, "i-1"));
  EXPECT_EQ(item.payload, "hallo");
  EXPECT_EQ(item.version, 1);
  EXPECT_EQ(item.case_id, "c-1");
  EXPECT_EQ(item.label.SerializeAsString(), LabelAbout("p-b").SerializeAsString());
  ASSERT_THAT(facts.scopes(), SizeIs(1));
  EXPECT_EQ(facts.scopes(0).id(), item.scope);
  EXPECT_THAT(call.touched().persons, ElementsAre("p-b"));
  ASSERT_OK(Insert(call, &facts, NewItem("i-2", "nog een"), 1));
  EXPECT_THAT(facts.scopes(), SizeIs(1));
}

TEST_F(FamilyStoreTest, R18ListsHoldWhatThePermitOpensInOrderOfCreation) {
  const AuthorizedCall all = Call("f-1", {"p-a", "p-b"});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Insert(all, &facts, NewItem("z", "1"), 0));
  ASSERT_OK(Insert(all, &facts, NewItem("y", "2"), 1));
  ASSERT_OK(Insert(all, &facts, NewItem("x", "3", ItemKind::kStep), 0));
  Item of_family = NewItem("w", "4", ItemKind::kPerson);
  of_family.case_id = "";
  ASSERT_OK(Insert(all, &facts, of_family, 0));
  EXPECT_THAT(ListIds(all, "c-1", std::nullopt), ElementsAre("z", "y", "x"));
  EXPECT_THAT(ListIds(all, "c-1", ItemKind::kGoal), ElementsAre("z", "y"));
  EXPECT_THAT(ListIds(all, "", ItemKind::kPerson), ElementsAre("w"));
  const AuthorizedCall only_a = Call("f-1", {"p-a"});
  EXPECT_THAT(ListIds(only_a, "c-1", std::nullopt), ElementsAre("z", "x"));
  EXPECT_THAT(only_a.touched().persons, ElementsAre("p-a"));
  EXPECT_THAT(ListIds(Call("f-2", {"p-a"}), "c-1", std::nullopt), IsEmpty());
}

TEST_F(FamilyStoreTest, R18NoSuchAndNotYoursAnswerAlikeWithTheSameWork) {
  const AuthorizedCall call = Call("f-1", {"p-a"});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Insert(call, &facts, NewItem("i-1", "hallo"), 0));
  std::vector<absl::Status> answers;
  std::vector<int64_t> statements;
  const auto ask = [&](const AuthorizedCall& who, ItemKind kind, const std::string& id) {
    const int64_t before = db_->counters().statements;
    answers.push_back(Get(who, kind, id).status());
    statements.push_back(db_->counters().statements - before);
  };
  ask(Call("f-1", {"p-b"}), ItemKind::kGoal, "i-1");  // not opened
  ask(call, ItemKind::kGoal, "i-nope");               // not there
  ask(Call("f-2", {"p-a"}), ItemKind::kGoal, "i-1");  // another family's
  ask(call, ItemKind::kStep, "i-1");                  // another kind
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_THAT(answers[i], StatusIs(StatusCode::kNotFound, _));
    EXPECT_EQ(answers[i], answers[0]);
    EXPECT_EQ(statements[i], statements[0]);
  }
}

TEST_F(FamilyStoreTest, R38WithoutAScopeNothingIsInserted) {
  FamilyFacts facts = NewFacts("f-1");
  EXPECT_EQ(base::ReasonOf(Insert(Call("f-1", {}), &facts, NewItem("i-1", "x"), 0)),
            "R38_NO_LABEL");
  EXPECT_EQ(base::ReasonOf(Insert(Call("f-1", {"p-a"}), &facts, NewItem("i-1", "x"), 1)),
            "R38_NO_LABEL");
  EXPECT_EQ(base::ReasonOf(Insert(Call("f-1", {"p-a"}), &facts, NewItem("i-1", "x"), -1)),
            "R38_NO_LABEL");
  access::v1::Decision nobody = Decide("f-1", {"p-a"});
  nobody.mutable_permit()->mutable_write_scopes(0)->mutable_label()->clear_controller();
  EXPECT_EQ(
      base::ReasonOf(Insert(policy::AdmitForTest(nobody, common::v1::PURPOSE_COORDINATION, "s"),
                            &facts, NewItem("i-1", "x"), 0)),
      "R38_NO_LABEL");
  EXPECT_THAT(facts.scopes(), IsEmpty());
  // Not past the table either.
  EXPECT_FALSE(
      db_->Write([](storage::WriteTx& tx) {
           return tx
               .Exec(
                   "INSERT INTO item (id, family, case_id, kind, scope, version, created, payload) "
                   "VALUES ('i', 'f', '', 1, '', 1, 1, '')",
                   {})
               .status();
         })
          .ok());
}

TEST_F(FamilyStoreTest, AnUpdateSealsAnewAndALostRaceIsAborted) {
  const AuthorizedCall call = Call("f-1", {"p-a"});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Insert(call, &facts, NewItem("i-1", "eerst"), 0));
  ASSERT_OK_AND_ASSIGN(Item item, Get(call, ItemKind::kGoal, "i-1"));
  const auto update = [&](Item changed) {
    return db_->Write([&](storage::WriteTx& tx) { return UpdateItem(call, tx, changed, random_); })
        .status();
  };
  item.payload = "toen";
  ASSERT_OK(update(item));
  EXPECT_THAT(update(item), StatusIs(StatusCode::kAborted, _));
  ASSERT_OK_AND_ASSIGN(const Item after, Get(call, ItemKind::kGoal, "i-1"));
  EXPECT_EQ(after.payload, "toen");
  EXPECT_EQ(after.version, 2);
  // And not without the key.
  Item hidden = after;
  EXPECT_THAT(db_->Write([&](storage::WriteTx& tx) {
    return UpdateItem(Call("f-1", {"p-b"}), tx, hidden, random_);
  }),
              StatusIs(StatusCode::kNotFound, _));
}

TEST_F(FamilyStoreTest, AnOlderPayloadPutBackDoesNotOpen) {
  const AuthorizedCall call = Call("f-1", {"p-a"});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Insert(call, &facts, NewItem("i-1", "eerst"), 0));
  std::string old;
  ASSERT_OK(db_->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT payload FROM item", {}, [&](const storage::Row& row) {
      old = std::string(row.Bytes(0));
      return absl::OkStatus();
    });
  }));
  ASSERT_OK_AND_ASSIGN(Item item, Get(call, ItemKind::kGoal, "i-1"));
  item.payload = "toen";
  ASSERT_OK(db_->Write([&](storage::WriteTx& tx) { return UpdateItem(call, tx, item, random_); }));
  ASSERT_OK(db_->Write([&](storage::WriteTx& tx) {
    return tx.Exec("UPDATE item SET payload = ?", {storage::Blob{old}}).status();
  }));
  EXPECT_THAT(Get(call, ItemKind::kGoal, "i-1"), StatusIs(StatusCode::kDataLoss, _));
}

TEST_F(FamilyStoreTest, AFamilyHoldsSoManyItemsAndNoMore) {
  const AuthorizedCall call = Call("f-1", {"p-a"});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Insert(call, &facts, NewItem("i-1", "x"), 0));
  ASSERT_OK(db_->Write([](storage::WriteTx& tx) {
    return tx.Exec("UPDATE item SET created = ?", {int64_t{limits::kMaxItemsPerFamily} - 1})
        .status();
  }));
  EXPECT_OK(Insert(call, &facts, NewItem("i-2", "x"), 0));
  EXPECT_THAT(Insert(call, &facts, NewItem("i-3", "x"), 0),
              StatusIs(StatusCode::kResourceExhausted, _));
}

TEST_F(FamilyStoreTest, R3TokensFindTheFamilyAndShowNoName) {
  const AuthorizedCall call = Call("f-1", {});
  FamilyFacts facts = NewFacts("f-1");
  ASSERT_OK(Save(call, &facts));
  const std::string token = SearchToken(call, "van der Zanden", "2015-03-14");
  EXPECT_THAT(token, SizeIs(64));
  EXPECT_NE(token, SearchToken(call, "van der Zanden", "2015-03-15"));
  access::v1::Decision other_region = Decide("f-1", {});
  other_region.mutable_permit()->set_search_key(KeyFor("another region"));
  EXPECT_NE(token,
            SearchToken(policy::AdmitForTest(other_region, common::v1::PURPOSE_COORDINATION, "s"),
                        "van der Zanden", "2015-03-14"));
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(db_->Write([&](storage::WriteTx& tx) { return PutSearchToken(call, tx, token); }));
  }
  ASSERT_OK(db_->Read([&](storage::ReadTx& tx) {
    const auto hits = FindByToken(call, tx, token);
    EXPECT_OK(hits);
    EXPECT_THAT(*hits, SizeIs(1));
    EXPECT_EQ(hits->front().family, "f-1");
    EXPECT_FALSE(hits->front().open_case);
    return absl::OkStatus();
  }));
}

TEST_F(FamilyStoreTest, P6WithoutTheRegionsKeyThereIsNoSearch) {
  access::v1::Decision d = Decide("f-1", {});
  d.mutable_permit()->clear_search_key();
  const AuthorizedCall call = policy::AdmitForTest(d, common::v1::PURPOSE_COORDINATION, "s");
  EXPECT_THAT(SearchToken(call, "Janssen", "2015-03-14"), IsEmpty());
  EXPECT_EQ(base::ReasonOf(
                db_->Read([&](storage::ReadTx& tx) { return FindByToken(call, tx, "").status(); })),
            "NO_KEY");
  EXPECT_EQ(
      base::ReasonOf(
          db_->Write([&](storage::WriteTx& tx) { return PutSearchToken(call, tx, ""); }).status()),
      "NO_KEY");
}

}  // namespace
}  // namespace knooppunt::dossier
