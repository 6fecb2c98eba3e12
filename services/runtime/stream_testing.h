// For tests of streams: a host over a real database, with an access that a test can see into and
// turn, and a unit whose streams tell numbers and gather texts.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_STREAM_TESTING_H_
#define KNOOPPUNT_SERVICES_RUNTIME_STREAM_TESTING_H_

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/new_folder_testing.h"
#include "base/status.h"
#include "base/status_testing.h"
#include "faulty.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/crypto/random.h"
#include "security/crypto/sign.h"
#include "security/identity/token.h"
#include "security/policy/permit.h"
#include "services/runtime/direct_transport.h"
#include "services/runtime/host.h"
#include "services/runtime/stream.h"

namespace knooppunt::runtime::testing {

MATCHER_P2(Fails, code, reason, "") {
  const absl::Status& s = ::knooppunt::testing::GetStatus(arg);
  *result_listener << s.ToString() << ", reason " << base::ReasonOf(s);
  return s.code() == code && base::ReasonOf(s) == reason;
}

// Decides: all, until a test says otherwise.
class FakeAccess final : public client::Transport {
 public:
  explicit FakeAccess(identity::TokenVerifier* tokens, const base::Clock* clock)
      : tokens_(tokens), clock_(clock) {}

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const client::CallOptions&) override {
    if (absl::EndsWith(method, "/ApplyFacts")) {
      static_cast<access::v1::ApplyFactsResponse*>(response)->set_position(
          static_cast<const access::v1::ApplyFactsRequest&>(request).position());
      return absl::OkStatus();
    }
    if (absl::EndsWith(method, "/GetPosition")) return absl::OkStatus();  // nothing applied yet
    if (absl::EndsWith(method, "/GetStreamPosition")) return absl::OkStatus();
    if (absl::EndsWith(method, "/Append")) {
      const auto& batch = static_cast<const audit::v1::AppendRequest&>(request);
      static_cast<audit::v1::AppendResponse*>(response)->set_position(
          batch.entries(batch.entries_size() - 1).seq());
      return absl::OkStatus();
    }
    if (absl::EndsWith(method, "/ListAccessible")) {
      const auto& check = static_cast<const access::v1::ListAccessibleRequest&>(request).check();
      auto* out = static_cast<access::v1::ListAccessibleResponse*>(response);
      KP_RETURN_IF_ERROR(Decide(check, out->mutable_call()));
      if (!out->call().allowed()) return absl::OkStatus();
      KP_RETURN_IF_ERROR(Decide(check, out->add_decisions()));
      if (!out->decisions(0).allowed()) out->clear_decisions();
      policy::BindPermits(UseOf(check), out);
      return absl::OkStatus();
    }
    const auto& check = static_cast<const access::v1::CheckRequest&>(request);
    auto* const decision = static_cast<access::v1::Decision*>(response);
    KP_RETURN_IF_ERROR(Decide(check, decision));
    if (decision->allowed()) policy::BindPermit(UseOf(check), decision);
    return absl::OkStatus();
  }

  // What else an answer says: keys, before the permit is bound.
  std::function<void(const access::v1::CheckRequest&, access::v1::Decision*)> extend;
  // Whether the n-th question (from 1) is answered with yes.
  std::function<bool(int)> allows = [](int) { return true; };
  int asked() const { return asked_; }
  std::vector<std::string> call_ids() {
    base::MutexLock lock(mu_);
    return call_ids_;
  }

 private:
  static policy::PermitUse UseOf(const access::v1::CheckRequest& check) {
    return {.call_id = check.call_id(),
            .method = check.method(),
            .resource = check.resource(),
            .new_family = "",
            .purpose = check.purpose()};
  }
  absl::Status Decide(const access::v1::CheckRequest& check, access::v1::Decision* out) {
    KP_ASSIGN_OR_RETURN(*out->mutable_claims(), tokens_->Verify(check.token(), clock_->Now()));
    {
      base::MutexLock lock(mu_);
      call_ids_.push_back(check.call_id());
    }
    out->set_allowed(allows(++asked_));
    out->set_rule(out->allowed() ? "row" : "no-sharing");
    out->set_decide_time_ms(absl::ToUnixMillis(clock_->Now()));
    out->mutable_audit()->set_subject("subject");
    out->mutable_audit()->set_key(std::string(32, 'a'));
    if (!out->allowed()) return absl::OkStatus();
    out->set_family("f");
    out->mutable_permit()->set_expire_time_ms(
        absl::ToUnixMillis(clock_->Now() + policy::kMaxPermitLifetime));
    out->mutable_permit()->set_facts_key(std::string(32, 'f'));
    if (extend) extend(check, out);
    return absl::OkStatus();
  }

  identity::TokenVerifier* const tokens_;
  const base::Clock* const clock_;
  std::atomic<int> asked_{0};
  base::Mutex mu_;
  std::vector<std::string> call_ids_ ABSL_GUARDED_BY(mu_);
};

// Tells 1, 2, 3 ... up to the number asked for, and gathers texts into a table.
class StreamUnit final : public Unit {
 public:
  struct Told {
    int64_t so_far = 0;
    int silent = 0;  // times that it had nothing to say
  };
  struct Gathered {
    std::string id;
    std::string text;  // of the message under way
    int64_t parts = 0;
  };

  explicit StreamUnit(std::unique_ptr<storage::Database> database)
      : database_(std::move(database)) {}

  absl::string_view name() const override { return "test"; }
  storage::Database& database() override { return *database_; }
  void Register(Registry& r) override {
    r.Send<Told, Request, Part>(
        kTell, [this](const AuthorizedCall& call, storage::ReadTx&, const Request& req, Told* told,
                      Part* part) { return Tell(call, req, told, part); });
    r.SendList<Told, Request, Part>(
        kTellAll, [this](const AuthorizedCall& call, const std::vector<AuthorizedCall>& families,
                         storage::ReadTx&, const Request& req, Told* told, Part* part) {
          part->set_request_id(absl::StrCat(families.size()));
          return Tell(call, req, told, part);
        });
    r.Receive<Gathered, Part, Response>(
        kGather,
        {.take =
             [](const AuthorizedCall& call, const Part&, const Part& message, Gathered* g) {
               if (g->id.empty()) g->id = call.Id("g", 0);
               if (message.text() == "bad") {
                 return base::MakeError(absl::StatusCode::kInvalidArgument, "BAD_PART", "", "bad");
               }
               g->text = std::string(message.text());
               ++g->parts;
               return absl::OkStatus();
             },
         .keep =
             [](const AuthorizedCall&, storage::WriteTx& tx, const Part&, Gathered* g) {
               return tx
                   .Exec("INSERT INTO part (id, n, text) VALUES (?, ?, ?)",
                         {absl::string_view(g->id), g->parts, absl::string_view(g->text)})
                   .status();
             },
         .finish =
             [](const AuthorizedCall&, storage::WriteTx& tx, const Part& opening, Gathered* g,
                Response* resp) {
               if (g->text != kEnd) {
                 return base::MakeError(absl::StatusCode::kInvalidArgument, "CUT_OFF", "", "cut");
               }
               resp->set_name(absl::StrCat(opening.name(), "/gathered/", g->id));
               return tx
                   .Exec("INSERT INTO done (id, parts) VALUES (?, ?)",
                         {absl::string_view(g->id), g->parts})
                   .status();
             },
         .drop =
             [](storage::WriteTx& tx, const Gathered& g) {
               return tx.Exec("DELETE FROM part WHERE id = ?", {absl::string_view(g.id)}).status();
             }});
  }

  // Messages made and not yet handed on, at most at any moment.
  std::atomic<int> made{0};
  // How often Tell has nothing to say before each number.
  std::atomic<int> silences{0};
  std::atomic<size_t> part_bytes{0};

  // The last text of a whole stream: without it the stream was cut off.
  static constexpr char kEnd[] = ".";
  static constexpr char kTell[] = "/knooppunt.runtime.testing.Streams/Tell";
  static constexpr char kTellAll[] = "/knooppunt.runtime.testing.Streams/TellAll";
  static constexpr char kGather[] = "/knooppunt.runtime.testing.Streams/Gather";

 private:
  absl::StatusOr<Flow> Tell(const AuthorizedCall& call, const Request& req, Told* told,
                            Part* part) {
    EXPECT_FALSE(call.facts_key().empty());  // each message has a permit of its own
    if (told->silent < silences) {
      ++told->silent;
      return Flow::kNothing;
    }
    told->silent = 0;
    if (told->so_far >= req.number()) return Flow::kEnd;
    ++made;
    part->set_name(absl::StrCat(++told->so_far));
    part->set_text(std::string(part_bytes, 'x'));
    return Flow::kMore;
  }

  std::unique_ptr<storage::Database> database_;
};

// The host, its unit and somebody who may call it.
class StreamTest : public ::testing::Test {
 protected:
  StreamTest() {
    folder_ = ::knooppunt::testing::NewFolder("streams");
    signing_key_ = std::make_unique<crypto::SigningKey>(*crypto::SigningKey::FromSeed(
        crypto::SecretBytes::From(std::string(32, 's'), crypto::SecretAccess::For("test"))));
    tokens_ = std::make_unique<identity::TokenVerifier>(signing_key_->verify_key());
    access_ = std::make_unique<FakeAccess>(tokens_.get(), &clock_);
    const crypto::SecretBytes key = random_.Key();
    auto database = storage::Database::Open(
        {.path = folder_ + "/test.db",
         .key = &key,
         .unit = "test",
         .migrations = {{1, "tables",
                         "CREATE TABLE part (id TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT "
                         "NULL); CREATE TABLE done (id TEXT NOT NULL, parts INTEGER NOT NULL);"}},
         .clock = &clock_,
         .random = &random_,
         .outbox_max_entries = 0,
         .new_incarnation = false,
         .run_every_body_twice = true});
    EXPECT_OK(database.status());
    unit_ = std::make_unique<StreamUnit>(*std::move(database));
    auto host = Host::Create({.unit = unit_.get(),
                              .access = access_.get(),
                              .audit = access_.get(),
                              .tokens = tokens_.get(),
                              .clock = &clock_,
                              .random = &random_,
                              .permissions = {"p.read", "p.write"}});
    EXPECT_OK(host.status());
    host_ = *std::move(host);
    switchboard_.Add(host_.get());
    direct_ = std::make_unique<DirectTransport>(&switchboard_, "");
  }
  ~StreamTest() override {
    host_.reset();
    unit_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string Token(const std::string& subject = "professionals/p") const {
    access::v1::TokenClaims claims;
    claims.set_id("t");
    claims.set_subject(subject);
    claims.set_organisation("organisations/o");
    claims.set_audience(identity::kAudience);
    claims.set_issue_time(absl::ToUnixSeconds(clock_.Now()));
    claims.set_expire_time(absl::ToUnixSeconds(clock_.Now()) + 600);
    return identity::MintToken(*signing_key_, claims);
  }
  client::CallOptions Options() const {
    client::CallOptions options;
    options.timeout = absl::Seconds(30);
    options.token = Token();
    return options;
  }
  static Request Asking(int64_t number) {
    Request request;
    request.set_name("families/f/cases/c");
    request.set_number(number);
    return request;
  }

  // Reads the stream over `way`, calling `each` with every number; returns the numbers.
  struct Heard {
    absl::Status status;
    std::vector<std::string> numbers;
  };
  Heard Listen(
      client::Transport& way, int64_t number,
      const std::function<absl::Status(int)>& each = [](int) { return absl::OkStatus(); },
      const char* method = StreamUnit::kTell) {
    Heard heard;
    Part part;
    Request request = Asking(number);
    heard.status = way.Receive(method, request, &part, Options(), [&] {
      heard.numbers.emplace_back(part.name());
      return each(static_cast<int>(heard.numbers.size()));
    });
    return heard;
  }
  // Sends `texts` over `way`, after an opening and before the end.
  absl::StatusOr<Response> Tell(
      client::Transport& way, std::vector<std::string> texts,
      const std::string& request_id = "00000000-0000-4000-8000-000000000001") {
    texts.emplace_back(StreamUnit::kEnd);
    Part part;
    Response response;
    size_t sent = 0;
    KP_RETURN_IF_ERROR(way.Send(
        StreamUnit::kGather, &part,
        [&]() -> absl::StatusOr<bool> {
          if (sent > texts.size()) return false;
          if (sent == 0) {
            part.set_name("families/f/cases/c");
            part.set_request_id(request_id);
          } else {
            if (texts[sent - 1] == "give up") return absl::CancelledError("gave up");
            part.set_text(texts[sent - 1]);
          }
          ++sent;
          return true;
        },
        &response, Options()));
    return response;
  }

  int64_t Count(const std::string& table) {
    int64_t n = -1;
    // Behind all that was submitted before.
    EXPECT_OK(unit_->database().Write([](storage::WriteTx&) { return absl::OkStatus(); }).status());
    EXPECT_OK(unit_->database().Read([&](storage::ReadTx& tx) {
      return tx.Query("SELECT count(*) FROM " + table, {}, [&](const storage::Row& row) {
        n = row.Int(0);
        return absl::OkStatus();
      });
    }));
    return n;
  }
  int64_t Records() { return unit_->database().position(); }

  std::string folder_;
  base::FakeClock clock_{absl::FromUnixSeconds(1'795'168'800)};
  crypto::SystemRandom random_;
  std::unique_ptr<crypto::SigningKey> signing_key_;
  std::unique_ptr<identity::TokenVerifier> tokens_;
  std::unique_ptr<FakeAccess> access_;
  std::unique_ptr<StreamUnit> unit_;
  std::unique_ptr<Host> host_;
  Switchboard switchboard_;
  std::unique_ptr<DirectTransport> direct_;
};

}  // namespace knooppunt::runtime::testing

#endif  // KNOOPPUNT_SERVICES_RUNTIME_STREAM_TESTING_H_
