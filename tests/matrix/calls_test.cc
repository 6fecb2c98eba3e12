// The calls themselves, for a covering part of the matrix: one for every answer that a method can
// give, and what each leaves in the outbox of the unit that serves it: one record a call and a
// family, that says what was decided, no more and no fewer (R22, R23).
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/audit/leaf.h"
#include "security/audit/seal.h"
#include "security/crypto/secret.h"
#include "services/runtime/direct_transport.h"
#include "tests/integration/region_testing.h"
#include "tests/matrix/world.h"

namespace knooppunt::matrix {
namespace {

using integration::RecordsAfter;

const char* const kUnits[] = {"access", "audit", "directory", "dossier"};

// What the decision allows and a rule about the content refuses all the same. Each is named here:
// any other refusal of what is allowed is a fault.
std::string RefusedAfterwards(const Cell& cell) {
  // Organisations and werkplaatsen come from the region's administrator; this one is another's.
  return cell.method == "directory/ImportDirectory" ? "ONLY_REGION_ADMINISTRATOR" : "";
}

// A recorded signature is stored under the label of the recorder's function, and a school board has
// no ground of its own for any but education. te bevestigen: so a social worker whom the school
// board itself employs cannot record one.
bool LabelIsRefused(const Cell& cell) {
  return cell.method == "consent/RecordSignature" && cell.place == Places().Find("werkplaats") &&
         cell.who >= Whos().Find("jeugdverpleegkundige");
}

class CallsTest : public ::testing::Test {
 protected:
  CallsTest() : methods_(AllMethods()) {
    auto parsed = Expectations::Parse(ReadExpectations(), KeysOf(methods_));
    integration::Require(parsed.status(), "read the table");
    table_ = std::make_unique<Expectations>(*std::move(parsed));
  }

  // Positions of every unit's outbox.
  std::map<std::string, int64_t> Positions() {
    std::map<std::string, int64_t> out;
    for (const char* unit : kUnits) out[unit] = world_.region().database(unit).position();
    return out;
  }

  // The first cell for each answer of the table: yes, and each reason of a refusal, apart for
  // staff and family, and for each function and role that is allowed.
  std::vector<Cell> CoveringCells(const Method& method) const {
    std::vector<Cell> out;
    std::set<std::string> seen;
    Cell cell{.method = method.key};
    for (cell.who = 0; IsStaff(cell.who) || IsFamily(cell.who); ++cell.who) {
      const bool staff = IsStaff(cell.who);
      const bool about = method.AboutFamily(staff);
      for (cell.place = 0; cell.place <= Places().Find("gezin"); ++cell.place) {
        const bool home = cell.place == Places().Find("gezin");
        const bool apart = cell.place == 0 || cell.place == Places().Find("uit-dienst");
        if (home == staff || (staff && !about && !apart)) continue;
        for (cell.consent = 0; cell.consent < (about ? 5 : 1); ++cell.consent) {
          for (cell.login = staff ? 0 : 2; cell.login < (staff ? 2 : 4); ++cell.login) {
            for (cell.purpose = 1; cell.purpose < 8; ++cell.purpose) AddNew(cell, &seen, &out);
          }
        }
      }
    }
    return out;
  }
  void AddNew(const Cell& cell, std::set<std::string>* seen, std::vector<Cell>* out) const {
    const Expectations::Answer expected = table_->Of(cell);
    // What a cell with one factor and a purpose of nobody answers is not in the walk.
    const bool named =
        (table_->PurposesOf(cell.method, IsStaff(cell.who)) >> cell.purpose & 1) != 0;
    const bool strong = cell.login == 1 || cell.login == 3;
    if (!named && !strong) return;
    const std::string answer = expected.yes ? absl::StrCat("yes ", cell.who) : expected.reason;
    if (seen->insert(absl::StrCat(IsStaff(cell.who), answer)).second) out->push_back(cell);
  }

  void ExpectCall(const Method& method, const Cell& cell);
  void ExpectRecord(const Method& method, const Cell& cell, const access::v1::Decision& decision,
                    const absl::Status& status, const storage::OutboxEntry& record);

  World world_;
  std::vector<Method> methods_;
  std::unique_ptr<Expectations> table_;
  int calls_ = 0, refused_ = 0, records_ = 0;
  std::map<std::string, int> outcomes_;  // of what was allowed
};

// Opened with the key that access gives for the family: what the log will show.
void CallsTest::ExpectRecord(const Method& method, const Cell& cell,
                             const access::v1::Decision& decision, const absl::Status& status,
                             const storage::OutboxEntry& record) {
  if (method.rule.creates_family()) {
    // Of a family whose id is minted for the call: its key is not to be had beforehand. Who is
    // refused makes none.
    EXPECT_EQ(record.tag.empty(), !decision.allowed());
    EXPECT_FALSE(record.payload.empty());
    return;
  }
  EXPECT_EQ(record.tag, decision.audit().subject());
  const auto keys = audit::AuditKeys::Derive(
      crypto::SecretBytes::From(decision.audit().key(), crypto::SecretAccess::For("test")));
  ASSERT_OK(keys.status());
  const auto parts = audit::OpenRecord(*keys, record.body, record.payload);
  ASSERT_OK(parts.status());
  audit::v1::RecordWho who;
  ASSERT_TRUE(who.ParseFromString(parts->a));
  EXPECT_EQ(who.method(), method.full);
  EXPECT_EQ(who.permission(), method.rule.permission());
  EXPECT_EQ(who.actor(), SubjectOf(cell.who, cell.place));
  EXPECT_EQ(who.purpose(), cell.purpose);
  EXPECT_EQ(who.allowed(), decision.allowed());
  EXPECT_EQ(who.rule(), decision.rule());
  EXPECT_EQ(who.outcome(), absl::StatusCodeToString(status.code()));
  EXPECT_EQ(who.reason(), base::ReasonOf(status));
  audit::v1::RecordAbout about;
  ASSERT_TRUE(about.ParseFromString(parts->b));
  EXPECT_EQ(about.resource(), world_.Resource(method, cell));
}

void CallsTest::ExpectCall(const Method& method, const Cell& cell) {
  SCOPED_TRACE(cell.ToString());
  const Expectations::Answer expected = table_->Of(cell);
  access::v1::Decision decision = world_.Decide(method, cell);
  ASSERT_EQ(decision.allowed(), expected.yes) << decision.rule();
  const bool allowed = expected.yes && !LabelIsRefused(cell);
  if (allowed != expected.yes) {
    decision.set_allowed(false);
    decision.set_rule("label-not-covered");
  }
  const int families =
      method.rule.lists() && expected.yes ? world_.FamiliesInList(method, cell) : 0;
  const auto before = Positions();
  const absl::Status status = world_.Call(method, cell);
  ++calls_;
  if (allowed) {
    ++outcomes_[absl::StatusCodeToString(status.code())];
    const std::string afterwards = RefusedAfterwards(cell);
    if (afterwards.empty()) {
      EXPECT_NE(status.code(), absl::StatusCode::kPermissionDenied) << status;
    } else {
      EXPECT_EQ(base::ReasonOf(status), afterwards) << status;
    }
    EXPECT_NE(status.code(), absl::StatusCode::kUnauthenticated) << status;
    EXPECT_NE(status.code(), absl::StatusCode::kUnavailable) << status;
  } else {
    ++refused_;
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
    EXPECT_EQ(base::ReasonOf(status), "REFUSED") << status;
  }
  for (const char* unit : kUnits) {
    const auto records = RecordsAfter(world_.region(), unit, before.at(unit));
    const size_t wanted = unit == method.unit ? std::max(1, families) : 0;
    ASSERT_EQ(records.size(), wanted) << "records in " << unit << ", " << status;
    records_ += static_cast<int>(wanted);
    if (wanted == 1 && families == 0) {
      ExpectRecord(method, cell, decision, status, records[0]);
    }
    std::set<std::string> tags;
    for (const auto& record : records) tags.insert(record.tag);
    EXPECT_EQ(tags.size(), records.size()) << "two records about one family";
  }
}

TEST_F(CallsTest, R22EveryAnswerOfEveryMethodLeavesItsRecordAndNoMore) {
  int without_yes = 0;
  for (const Method& method : methods_) {
    if (method.rule.caller() != policy::v1::CALLER_PERSON || method.in_list) continue;
    const std::vector<Cell> cells = CoveringCells(method);
    bool yes = false, no = false;
    for (const Cell& cell : cells) {
      ExpectCall(method, cell);
      if (HasFatalFailure()) return;
      (table_->Of(cell).yes ? yes : no) = true;
    }
    EXPECT_TRUE(no) << method.key;
    without_yes += yes ? 0 : 1;
    // R3: searching has a limit a minute, which is not what this is about.
    if (method.rule.searches()) world_.region().clock().Advance(absl::Minutes(1));
  }
  EXPECT_EQ(without_yes, 0);
  std::printf("matrix: %d calls made, %d refused, %d records; what was allowed ended in\n", calls_,
              refused_, records_);
  for (const auto& [outcome, count] : outcomes_) std::printf("  %s %d\n", outcome.c_str(), count);
}

TEST_F(CallsTest, P1AMethodOfUnitsServesThoseThatAreListedAndNobodyElse) {
  int calls = 0;
  for (const Method& method : methods_) {
    if (method.rule.caller() != policy::v1::CALLER_SERVICE) continue;
    const std::vector<std::string> listed = table_->ServicesOf(method.key);
    ASSERT_FALSE(listed.empty()) << method.key;
    for (const std::string unit :
         {"", "access", "audit", "directory", "dossier", "gateway", "witness", "Dossier"}) {
      const auto prototype = google::protobuf::MessageFactory::generated_factory();
      const std::unique_ptr<google::protobuf::Message> request(
          prototype->GetPrototype(method.descriptor->input_type())->New());
      const std::unique_ptr<google::protobuf::Message> response(
          prototype->GetPrototype(method.descriptor->output_type())->New());
      // A person's token does not help, of whom it may be.
      client::CallOptions options;
      options.token = world_.Token({.who = Whos().Find("beheerder"), .login = 1});
      options.purpose = common::v1::PURPOSE_ADMINISTRATION;
      const auto before = Positions();
      const absl::Status status =
          runtime::DirectTransport(&world_.region().process().switchboard(), unit)
              .Call(method.full, *request, response.get(), options);
      ++calls;
      const bool may = std::find(listed.begin(), listed.end(), unit) != listed.end();
      EXPECT_EQ(base::ReasonOf(status) != "NOT_A_SERVICE", may)
          << method.key << " by '" << unit << "': " << status;
      for (const char* of : kUnits) {
        EXPECT_EQ(RecordsAfter(world_.region(), of, before.at(of)).size(), 0u) << method.key;
      }
    }
  }
  std::printf("matrix: %d calls of units\n", calls);
}

TEST_F(CallsTest, R22CallsOfNobodyAreCountedAMinuteAndLeaveNoRecord) {
  for (const Method& method : methods_) {
    if (method.rule.caller() != policy::v1::CALLER_ANONYMOUS) {
      EXPECT_FALSE(table_->IsForNobody(method.key)) << method.key;
      continue;
    }
    ASSERT_TRUE(table_->IsForNobody(method.key)) << method.key;
    storage::Database& database = world_.region().database(method.unit);
    const int64_t before = database.position();
    const auto call = [&] {
      access::v1::ExchangeTokenRequest request;
      request.set_id_token("nonsense");
      access::v1::ExchangeTokenResponse response;
      return runtime::DirectTransport(&world_.region().process().switchboard(), "")
          .Call(method.full, request, &response, {});
    };
    ASSERT_EQ(method.key, "access/ExchangeToken") << "give it a request of its own here";
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(call().ok());
    EXPECT_EQ(database.position(), before) << "within the minute nothing is written";
    world_.region().clock().Advance(absl::Minutes(1));
    EXPECT_FALSE(call().ok());
    database.WaitForOutbox(before, absl::Seconds(30));
    int counts = 0;
    const auto entries = database.ReadOutbox(before, 256);
    ASSERT_OK(entries.status());
    for (const storage::OutboxEntry& e : *entries) {
      EXPECT_NE(e.kind, storage::OutboxKind::kAudit);
      if (e.kind != storage::OutboxKind::kStream) continue;
      const auto event = audit::ParseStreamBody(e.body);
      ASSERT_OK(event.status());
      if (event->kind != audit::StreamEventKind::kCount) continue;
      ++counts;
      EXPECT_EQ(event->calls, 3);
    }
    EXPECT_EQ(counts, 1);
  }
}

// Without a login every method of people counts, whatever the method, and writes nothing.
TEST_F(CallsTest, R22NoMethodOfPeopleServesOrRecordsACallWithoutALogin) {
  const auto before = Positions();
  for (const Method& method : methods_) {
    if (method.rule.caller() != policy::v1::CALLER_PERSON || method.in_list) continue;
    const auto prototype = google::protobuf::MessageFactory::generated_factory();
    const std::unique_ptr<google::protobuf::Message> request(
        prototype->GetPrototype(method.descriptor->input_type())->New());
    const std::unique_ptr<google::protobuf::Message> response(
        prototype->GetPrototype(method.descriptor->output_type())->New());
    const absl::Status status =
        runtime::DirectTransport(&world_.region().process().switchboard(), "")
            .Call(method.full, *request, response.get(), {});
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << method.key << ": " << status;
  }
  EXPECT_EQ(Positions(), before);
}

}  // namespace
}  // namespace knooppunt::matrix
