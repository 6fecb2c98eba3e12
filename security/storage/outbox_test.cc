#include <thread>

#include "base/limits.h"
#include "security/crypto/hash.h"
#include "security/storage/database_testing.h"

namespace knooppunt::storage {
namespace {

using ::knooppunt::testing::StatusIs;

class OutboxTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    ASSERT_OK(OpenDefault());
  }
  static absl::Status AppendTo(WriteTx& tx, absl::string_view body) {
    return tx.AppendOutbox(OutboxKind::kAudit, body, "payload", "tag").status();
  }
  absl::StatusOr<int64_t> Append(absl::string_view body = "body") {
    return db_->Write([body = std::string(body)](WriteTx& tx) { return AppendTo(tx, body); });
  }
  absl::Status AppendUrgent() {
    Outcomes outcomes;
    db_->Submit(
        {.urgent = true}, [](WriteTx& tx) { return AppendTo(tx, "urgent"); }, outcomes.Note(0));
    return outcomes.Await(1)[0].status;
  }
};

TEST_F(OutboxTest, ChainIsAsTheHeaderSays) {
  const std::string start = crypto::Sha256("knooppunt-stream-v1\ndossier/inc-1\n");
  EXPECT_EQ(ChainStart("dossier", "inc-1"), start);
  EXPECT_EQ(ChainNext(start, 0x0102, OutboxKind::kStream, "body"),
            crypto::Sha256("knooppunt-chain-v1\n" + start + std::string("\0\0\0\0\0\0\1\2\3", 9) +
                           "body"));
}

TEST_F(OutboxTest, EntriesComeBackAsTheyWereAppended) {
  ASSERT_OK(db_->Write([](WriteTx& tx) -> absl::Status {
    EXPECT_EQ(*tx.AppendOutbox(OutboxKind::kFacts, absl::string_view("\0b", 2), "", ""), 1);
    EXPECT_EQ(*tx.AppendOutbox(OutboxKind::kStream, "", absl::string_view("p\0", 2), "t"), 2);
    return absl::OkStatus();
  }));
  const auto entries = FollowOutbox();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].kind, OutboxKind::kFacts);
  EXPECT_EQ(entries[0].body, std::string("\0b", 2));
  EXPECT_EQ(entries[0].payload, "");
  EXPECT_EQ(entries[1].kind, OutboxKind::kStream);
  EXPECT_EQ(entries[1].payload, std::string("p\0", 2));
  EXPECT_EQ(entries[1].tag, "t");
}

TEST_F(OutboxTest, R22SeqHasNoGapAndTheChainHoldsAfterRollbacks) {
  Outcomes outcomes;
  {
    WriterHeld held(*db_);
    for (int i = 0; i < 200; ++i) {
      db_->Submit(
          {},
          [i](WriteTx& tx) -> absl::Status {
            for (int n = 0; n < i % 4; ++n) KP_RETURN_IF_ERROR(AppendTo(tx, absl::StrCat(i)));
            return i % 5 == 0 ? absl::AbortedError("no") : absl::OkStatus();
          },
          outcomes.Note(i));
    }
  }
  size_t expected = 0;
  for (int i = 0; i < 200; ++i) expected += i % 5 == 0 ? 0 : i % 4;
  const auto all = outcomes.Await(200);
  EXPECT_EQ(all.back().position, static_cast<int64_t>(expected));
  EXPECT_EQ(FollowOutbox().size(), expected);
  ASSERT_OK(Append());
  ASSERT_OK(OpenDefault());
  ASSERT_OK(Append());
  EXPECT_EQ(FollowOutbox().size(), expected + 2) << "across reopening too";
}

TEST_F(OutboxTest, R22EntryAndChangeStandOrFallTogether) {
  EXPECT_FALSE(db_->Write([](WriteTx& tx) -> absl::Status {
                    KP_RETURN_IF_ERROR(AppendTo(tx, "record"));
                    KP_RETURN_IF_ERROR(Insert(tx, 1, "one"));
                    return Insert(tx, 1, "again");
                  })
                   .ok());
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(FollowOutbox().size(), 0u);
}

TEST_F(OutboxTest, PositionIsThatOfTheUnitOfWork) {
  EXPECT_EQ(*Append(), 1);
  EXPECT_EQ(*db_->Write([](WriteTx& tx) { return Insert(tx, 1, "one"); }), 1);
  EXPECT_EQ(*Append(), 2);
  EXPECT_EQ(db_->position(), 2);
}

TEST_F(OutboxTest, ReadGivesWhatFollowsUpToTheLimits) {
  for (int i = 0; i < 10; ++i) ASSERT_OK(Append());
  EXPECT_EQ(db_->ReadOutbox(0, 3)->size(), 3u);
  EXPECT_EQ(db_->ReadOutbox(8, 3)->size(), 2u);
  EXPECT_EQ(db_->ReadOutbox(8, 3)->front().seq, 9);
  EXPECT_TRUE(db_->ReadOutbox(10, 3)->empty());
  EXPECT_TRUE(db_->ReadOutbox(0, 0)->empty());
  EXPECT_TRUE(db_->ReadOutbox(0, -1)->empty());
  ASSERT_OK(db_->Write([](WriteTx& tx) -> absl::Status {
    for (int i = 0; i < limits::kOutboxBatchEntries; ++i) KP_RETURN_IF_ERROR(AppendTo(tx, "x"));
    return absl::OkStatus();
  }));
  EXPECT_EQ(db_->ReadOutbox(0, 1'000'000)->size(), size_t{limits::kOutboxBatchEntries});
}

TEST_F(OutboxTest, PayloadAndTagMayBeClearedAndTheChainStillHolds) {
  ASSERT_OK(Append());
  ASSERT_OK(Append());
  ASSERT_OK(db_->Write([](WriteTx& tx) {
    return tx.Exec("UPDATE outbox SET payload = x'', tag = x'' WHERE seq = 1", {}).status();
  }));
  ASSERT_OK(OpenDefault());
  const auto entries = FollowOutbox();
  EXPECT_EQ(entries[0].payload, "");
  EXPECT_EQ(entries[1].payload, "payload");
}

TEST_F(OutboxTest, BodiesMayNotRewriteTheStream) {
  ASSERT_OK(Append());
  for (const char* sql :
       {"DELETE FROM outbox", "UPDATE outbox SET body = x''", "UPDATE outbox SET seq = 2",
        "UPDATE outbox SET payload = x'', chain = x''", "DROP TABLE outbox",
        "INSERT INTO outbox SELECT incarnation, 2, kind, body, payload, chain, tag FROM outbox",
        "CREATE TRIGGER x AFTER INSERT ON outbox BEGIN SELECT 1; END",
        "UPDATE meta SET value = '0'", "UPDATE consumer SET seq = 1",
        "DELETE FROM schema_migration"}) {
    EXPECT_THAT(db_->Write([&](WriteTx& tx) { return tx.Exec(sql, {}).status(); }),
                StatusIs(absl::StatusCode::kInternal))
        << sql;
  }
  EXPECT_EQ(FollowOutbox().size(), 1u);
}

TEST_F(OutboxTest, TriggerOfABodyMayNotRewriteTheStreamEither) {
  ASSERT_OK(Append());
  ASSERT_OK(db_->Write([](WriteTx& tx) {
    return tx.Exec("CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM outbox; END", {}).status();
  }));
  EXPECT_THAT(WriteRow(1, "one"), StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(FollowOutbox().size(), 1u);
}

TEST_F(OutboxTest, BodyMayAppendInsideARowCallback) {
  ASSERT_OK(WriteRow(1, "one"));
  ASSERT_OK(WriteRow(2, "two"));
  ASSERT_OK(db_->Write([](WriteTx& tx) {
    return tx.Query("SELECT name FROM t ORDER BY id", {},
                    [&](const Row& row) { return AppendTo(tx, row.Text(0)); });
  }));
  EXPECT_EQ(FollowOutbox().size(), 2u);
  EXPECT_THAT(db_->Write([](WriteTx& tx) {
    // The store's right to write its own tables ends with its statement.
    return tx.Query("SELECT name FROM t ORDER BY id", {}, [&](const Row& row) -> absl::Status {
      KP_RETURN_IF_ERROR(AppendTo(tx, row.Text(0)));
      return tx.Exec("DELETE FROM consumer", {}).status();
    });
  }),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(OutboxTest, FullOutboxStopsAllButUrgentWorkAndItsLastTenth) {
  Database::Options options = DefaultOptions();
  options.outbox_max_entries = 50;
  ASSERT_OK(OpenWith(std::move(options)));
  for (int i = 0; i < 45; ++i) ASSERT_OK(Append()) << i;
  EXPECT_THAT(Append(), StatusIs(absl::StatusCode::kResourceExhausted));
  for (int i = 0; i < 5; ++i) ASSERT_OK(AppendUrgent()) << i;
  EXPECT_THAT(AppendUrgent(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(WriteRow(1, "needs no record"));
  EXPECT_EQ(FollowOutbox().size(), 50u);

  ASSERT_OK(db_->SetConsumerPosition("access", 50));
  EXPECT_THAT(AppendUrgent(), StatusIs(absl::StatusCode::kResourceExhausted))
      << "only audit frees the bound";
  ASSERT_OK(db_->SetConsumerPosition("audit", 6));
  ASSERT_OK(Append());
  EXPECT_THAT(Append(), StatusIs(absl::StatusCode::kResourceExhausted));
  ASSERT_OK(AppendUrgent());
}

TEST_F(OutboxTest, BoundRefusesTheWholeUnitOfWork) {
  Database::Options options = DefaultOptions();
  options.outbox_max_entries = 10;
  ASSERT_OK(OpenWith(std::move(options)));
  EXPECT_THAT(db_->Write([](WriteTx& tx) -> absl::Status {
    KP_RETURN_IF_ERROR(Insert(tx, 1, "one"));
    for (int i = 0; i < 10; ++i) KP_RETURN_IF_ERROR(AppendTo(tx, "x"));
    return absl::OkStatus();
  }),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(db_->position(), 0);
}

TEST_F(OutboxTest, ConsumersStartAtZeroAndPersist) {
  for (int i = 0; i < 5; ++i) ASSERT_OK(Append());
  EXPECT_EQ(*db_->ConsumerPosition("audit"), 0);
  ASSERT_OK(db_->SetConsumerPosition("audit", 3));
  ASSERT_OK(db_->SetConsumerPosition("access", 5));
  EXPECT_EQ(*db_->ConsumerPosition("audit"), 3);
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(*db_->ConsumerPosition("audit"), 3) << "saved at the close";
  EXPECT_EQ(*db_->ConsumerPosition("access"), 5);
  ASSERT_OK(db_->SetConsumerPosition("access", 2));
  ASSERT_OK(db_->SetConsumerPosition("audit", 4));
  ASSERT_OK(Append());
  EXPECT_EQ(One("SELECT seq FROM consumer WHERE name = 'access'"), 2)
      << "saved with the next group";
  EXPECT_EQ(One("SELECT seq FROM consumer WHERE name = 'audit'"), 4);
}

TEST_F(OutboxTest, ConsumerBeyondTheStreamIsOutOfRange) {
  ASSERT_OK(Append());
  EXPECT_THAT(db_->SetConsumerPosition("audit", 2), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(db_->SetConsumerPosition("audit", -1), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_EQ(*db_->ConsumerPosition("audit"), 0);
}

TEST_F(OutboxTest, WhatAConsumerReadsItMayConfirmAtOnce) {
  constexpr int64_t kEntries = 500;
  absl::Status confirmed;
  std::thread consumer([&] {
    for (int64_t at = 0; at < kEntries && confirmed.ok();) {
      const auto batch = db_->ReadOutbox(at, 256);
      if (!batch.ok()) confirmed = batch.status();
      if (!batch.ok() || batch->empty()) continue;
      at = batch->back().seq;
      confirmed = db_->SetConsumerPosition("access", at);
    }
  });
  for (int64_t i = 0; i < kEntries; ++i) ASSERT_OK(Append());
  consumer.join();
  EXPECT_OK(confirmed);
}

TEST_F(OutboxTest, NewIncarnationStartsAfreshAndKeepsTheOldEntries) {
  const std::string old = db_->incarnation();
  for (int i = 0; i < 3; ++i) ASSERT_OK(Append());
  ASSERT_OK(db_->SetConsumerPosition("audit", 3));
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(db_->incarnation(), old) << "reopening is no new incarnation";

  Database::Options options = DefaultOptions();
  options.new_incarnation = true;
  ASSERT_OK(OpenWith(std::move(options)));
  const std::string now = db_->incarnation();
  EXPECT_NE(now, old);
  EXPECT_EQ(db_->position(), 0);
  EXPECT_EQ(*db_->ConsumerPosition("audit"), 0);
  ASSERT_OK(Append());
  EXPECT_EQ(FollowOutbox().size(), 1u);
  EXPECT_EQ(One("SELECT count(*) FROM outbox"), 4);
  ASSERT_OK(OpenDefault());
  EXPECT_EQ(db_->incarnation(), now);
}

TEST_F(OutboxTest, WaitEndsWhenAnEntryIsCommitted) {
  std::thread waiter([&] {
    db_->WaitForOutbox(0, absl::InfiniteDuration());
    EXPECT_EQ(db_->position(), 1);
    EXPECT_EQ(db_->ReadOutbox(0, 10)->size(), 1u);
  });
  ASSERT_OK(Append());
  waiter.join();
  db_->WaitForOutbox(0, absl::InfiniteDuration());  // does not wait for what is there
}

TEST_F(OutboxTest, WaitEndsAtItsTimeoutAndAtShutdown) {
  db_->WaitForOutbox(0, absl::Milliseconds(5));
  EXPECT_EQ(db_->position(), 0);
  std::thread waiter([&] { db_->WaitForOutbox(0, absl::InfiniteDuration()); });
  db_->Shutdown();
  waiter.join();
  db_->WaitForOutbox(0, absl::InfiniteDuration());
}

}  // namespace
}  // namespace knooppunt::storage
