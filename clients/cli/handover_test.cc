// handover: kinds, invite, stay, receipt, verify-receipt, due.
#include <fstream>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "clients/cli/cli_testing.h"
#include "clients/cli/handover_receipt.h"
#include "google/protobuf/util/json_util.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/crypto/random.h"
#include "security/crypto/sign.h"
#include "security/policy/handover_kinds.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kService[] = "/knooppunt.handover.v1.HandoverService/";
constexpr char kName[] = "families/f-1/handovers/h-1";

std::string PartHash(const handover::v1::HandoverPart& part) {
  return crypto::HexEncode(crypto::Sha256(crypto::JoinLengthPrefixed(
      {"knooppunt-handover-part-v2", part.item(), part.kind(), part.text()})));
}

// A receipt as the form says, made here apart from the server: two parts, of which the second one
// did not travel in the end.
class ReceiptTest : public ::testing::Test {
 protected:
  ReceiptTest() : random_(7), sender_(NewKey()), receiver_(NewKey()) {
    for (const char* item : {"families/f-1/persons/p-1", "families/f-1/cases/c-1/goals/g-1"}) {
      handover::v1::HandoverPart* part = receipt_.add_parts();
      part->set_item(item);
      part->set_kind("goal");
      part->set_text(absl::StrCat("Over ", item));
      hashes_.push_back(PartHash(*part));
    }
    receipt_.set_name(kName);
    receipt_.set_family_view("Graag met Bo.");
    Add("offered", "sender", {hashes_[0], hashes_[1]}, {});
    Add("received", "receiver", {hashes_[0], hashes_[1]}, {});
    Add("accepted", "receiver", {hashes_[0]}, {hashes_[1]});
  }
  crypto::SigningKey NewKey() { return *crypto::SigningKey::Generate(random_); }

  std::string Package() const {
    std::vector<std::string> sorted = hashes_;
    std::sort(sorted.begin(), sorted.end());
    std::string bytes = crypto::JoinLengthPrefixed({"knooppunt-handover-package-v2"});
    for (const std::string& hash : sorted) bytes += crypto::JoinLengthPrefixed({hash});
    return crypto::HexEncode(crypto::Sha256(bytes));
  }
  void Add(const std::string& stage, const std::string& side, std::vector<std::string> parts,
           std::vector<std::string> withheld) {
    const bool sender = side == "sender";
    std::sort(parts.begin(), parts.end());
    std::string text = absl::StrCat(
        "knooppunt-handover-receipt-v2\nstage ", stage, "\nby ", side, " organisations/",
        sender ? "po" : "vo", " professionals/", sender ? "ib" : "zoco",
        " 2026-11-22T09:00:00Z\nhandover ", kName,
        "\ncase families/f-1/cases/c-1\nkind HANDOVER_KIND_PO_VO HANDOVER_MODE_MOVE\n"
        "from werkplaatsen/a organisations/po\nto werkplaatsen/b organisations/vo\n"
        "receiver professionals/zoco\npackage ",
        Package(), "\nview ", crypto::HexEncode(crypto::Sha256("Graag met Bo.")), "\n");
    for (const std::string& hash : parts) absl::StrAppend(&text, "part ", hash, "\n");
    for (const std::string& hash : withheld) absl::StrAppend(&text, "withheld ", hash, "\n");
    const int n = receipt_.statements_size();
    absl::StrAppend(
        &text, "previous ",
        n == 0 ? "-" : crypto::HexEncode(crypto::Sha256(receipt_.statements(n - 1).text())), "\n");
    Sign(text, sender, receipt_.add_statements());
  }
  void Sign(const std::string& text, bool sender, handover::v1::SignedStatement* out) {
    const crypto::SigningKey& key = sender ? sender_ : receiver_;
    out->set_text(text);
    out->set_verify_key(crypto::HexEncode(key.verify_key().raw()));
    out->set_signature(crypto::HexEncode(key.Sign(text)));
  }
  std::string Fault(const std::map<std::string, std::string>& keys = {}) const {
    const auto found = VerifyReceipt(receipt_, keys);
    EXPECT_EQ(found.status().code(), absl::StatusCode::kDataLoss);
    return std::string(found.status().message());
  }

  crypto::SeededRandom random_;
  crypto::SigningKey sender_, receiver_;
  handover::v1::HandoverReceipt receipt_;
  std::vector<std::string> hashes_;
};

TEST_F(ReceiptTest, R28AReceiptProvesWhatWasAndWhatWasNotHandedOver) {
  const auto found = VerifyReceipt(
      receipt_, {{"organisations/po", crypto::HexEncode(sender_.verify_key().raw())}});
  ASSERT_OK(found);
  EXPECT_EQ(found->handover, kName);
  EXPECT_EQ(found->package_sha256, Package());
  ASSERT_THAT(found->statements, SizeIs(3));
  EXPECT_TRUE(found->statements[0].known_key);
  EXPECT_FALSE(found->statements[1].known_key);
  EXPECT_EQ(found->statements[2].travelled, 1);
  EXPECT_EQ(found->statements[2].withheld, 1);
  EXPECT_EQ(found->parts_shown, 2);
  EXPECT_THAT(found->not_handed, ElementsAre("families/f-1/cases/c-1/goals/g-1"));
}

TEST_F(ReceiptTest, R28AReceiptThatWasTamperedWithIsFound) {
  const handover::v1::HandoverReceipt good = receipt_;
  const auto with = [&](const std::function<void(handover::v1::HandoverReceipt*)>& change) {
    receipt_ = good;
    change(&receipt_);
    return Fault();
  };
  EXPECT_THAT(with([](auto* r) { r->clear_statements(); }), HasSubstr("no statement"));
  EXPECT_THAT(with([](auto* r) { r->mutable_statements(0)->mutable_text()->append("part x\n"); }),
              HasSubstr("its signature"));
  EXPECT_THAT(with([](auto* r) { r->mutable_statements(0)->set_signature("00"); }),
              HasSubstr("statement 1: its signature"));
  EXPECT_THAT(with([](auto* r) { r->mutable_statements()->DeleteSubrange(0, 1); }),
              HasSubstr("this side does not declare this"));
  EXPECT_THAT(with([](auto* r) { r->mutable_statements()->DeleteSubrange(1, 1); }),
              HasSubstr("this side does not declare this"));
  EXPECT_THAT(with([](auto* r) { r->mutable_parts(0)->set_text("Anders."); }),
              HasSubstr("not one of those that were offered"));
  EXPECT_THAT(with([](auto* r) { r->set_family_view("Liever niet."); }), HasSubstr("view"));
  EXPECT_THAT(with([](auto* r) { r->set_name("families/f-1/handovers/h-2"); }),
              HasSubstr("another handover"));
  receipt_ = good;
  EXPECT_THAT(Fault({{"organisations/vo", std::string(64, '0')}}),
              HasSubstr("not signed with the key given for organisations/vo"));
}

TEST_F(ReceiptTest, R28AStatementSignedWithItsOwnKeyMustStillBeTrue) {
  // Signed anew by who holds the receiver's key: another package, another side, another order.
  const std::string text = receipt_.statements(2).text();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    Sign(changed, false, receipt_.mutable_statements(2));
    return Fault();
  };
  EXPECT_THAT(with(absl::StrCat("withheld ", hashes_[1], "\n"), ""),
              HasSubstr("the package is not that of its parts"));
  EXPECT_THAT(with("by receiver organisations/vo", "by receiver organisations/po"),
              HasSubstr("on the other side"));
  EXPECT_THAT(with("to werkplaatsen/b", "to werkplaatsen/c"), HasSubstr("another handover"));
  EXPECT_THAT(with("previous ", "previous 0"), HasSubstr("does not follow"));
  EXPECT_THAT(with("stage accepted", "stage received"), HasSubstr("in this order"));
  EXPECT_THAT(with("knooppunt-handover-receipt-v2", "knooppunt-handover-receipt-v9"),
              HasSubstr("form 2"));
}

class HandoverTest : public ReceiptTest {
 protected:
  HandoverTest() { cli_.LogInAsStaff(); }
  std::string Json() const {
    std::string out;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(receipt_, &out).ok());
    return out;
  }
  CliFixture cli_;
};

TEST_F(HandoverTest, R28VerifyReceiptNeedsNoServer) {
  const Ran ran =
      cli_.Run({"handover", "verify-receipt", "-", "--key",
                absl::StrCat("organisations/po=", crypto::HexEncode(sender_.verify_key().raw()))},
               Json());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Het ontvangstbewijs klopt"));
  EXPECT_THAT(ran.out, HasSubstr("niet meegegaan: families/f-1/cases/c-1/goals/g-1"));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
  receipt_.mutable_parts(0)->set_text("Anders.");
  EXPECT_EQ(cli_.Run({"handover", "verify-receipt", "-"}, Json()).exit_code, 9);
  EXPECT_EQ(cli_.Run({"handover", "verify-receipt", "-"}, "geen bewijs").exit_code, 6);
  EXPECT_EQ(cli_.Run({"handover", "verify-receipt", "-", "--key", "x"}, Json()).exit_code, 2);
}

TEST_F(HandoverTest, R30KindsAreShownAndATableIsCheckedWithoutAServer) {
  cli_.server().SetResponse(absl::StrCat(kService, "ListHandoverKinds"),
                            (*policy::HandoverKinds::BuiltIn())->table());
  EXPECT_THAT(cli_.Run({"handover", "kinds"}).out, HasSubstr("Van 18- naar 18+"));
  const Ran one = cli_.Run({"handover", "kinds", "--kind", "po-vo"});
  EXPECT_THAT(one.out, HasSubstr("vanaf 12 maanden voor 1 augustus"));
  EXPECT_THAT(one.out, HasSubstr("art. 42 WPO"));
  EXPECT_THAT(one.out, Not(HasSubstr("Verhuizing")));
  EXPECT_EQ(
      cli_.Run({"handover", "check-kinds", "-"}, "rows { kind: HANDOVER_KIND_MOVE }").exit_code, 6);
  const size_t calls = cli_.server().calls().size();
  std::ifstream file("security/policy/handover_kinds.textproto");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_THAT(cli_.Run({"handover", "check-kinds", "-"}, text).out, HasSubstr("9 soorten"));
  EXPECT_THAT(cli_.server().calls(), SizeIs(calls));
}

TEST_F(HandoverTest, R26DueReadsEveryPageAndShowsTheCountsOnce) {
  int page = 0;
  cli_.server().Set(absl::StrCat(kService, "ListDueHandovers"),
                    [&](const google::protobuf::Message&, google::protobuf::Message* out) {
                      handover::v1::ListDueHandoversResponse r;
                      auto* due = r.add_handovers();
                      due->set_name(absl::StrCat("families/f-1/handovers/h-", ++page));
                      due->set_due_date("2026-11-01");
                      due->set_late(true);
                      due->set_mine(true);
                      due->set_text_nl("Bied de overdracht aan.");
                      r.add_werkplaatsen()->set_werkplaats("werkplaatsen/a");
                      if (page == 1) r.set_next_page_token("meer");
                      out->CopyFrom(r);
                      return absl::OkStatus();
                    });
  const Ran ran = cli_.Run({"handover", "due", "--late", "--before", "2027-07-01"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("h-1"));
  EXPECT_THAT(ran.out, HasSubstr("h-2"));
  EXPECT_THAT(ran.out, HasSubstr("TE LAAT"));
  EXPECT_EQ(ran.out.find("werkplaatsen/a"), ran.out.rfind("werkplaatsen/a"));
  EXPECT_TRUE(cli_.server().Request<handover::v1::ListDueHandoversRequest>(0).filter().late());
  EXPECT_EQ(cli_.server().Request<handover::v1::ListDueHandoversRequest>(1).page_token(), "meer");
}

TEST_F(HandoverTest, R16R27InviteStayAndAbsenceSayWhatWasTyped) {
  handover::v1::Handover answer;
  answer.set_name(kName);
  for (const char* method : {"InviteConversation", "DecideStaying", "RecordConversation"}) {
    cli_.server().SetResponse(absl::StrCat(kService, method), answer);
  }
  EXPECT_EQ(cli_.Run({"handover", "invite", kName, "--date", "2026-12-10", "--seats", "s-1,s-2"})
                .exit_code,
            0);
  const auto& invite = cli_.server().Request<handover::v1::InviteConversationRequest>(0);
  EXPECT_EQ(invite.invitation().date(), "2026-12-10");
  EXPECT_THAT(invite.invitation().seats(), ElementsAre("s-1", "s-2"));
  EXPECT_EQ(cli_.Run({"handover", "stay", kName}).exit_code, 0);
  EXPECT_THAT(cli_.server().Request<handover::v1::DecideStayingRequest>(1).seats(), IsEmpty());
  EXPECT_EQ(cli_.Run({"handover", "converse", kName, "--date", "2026-11-20", "--seats", "s-1",
                      "--absent", "youth-health=Ziek, en geen vervanger"})
                .exit_code,
            0);
  const auto& talk = cli_.server().Request<handover::v1::RecordConversationRequest>(2);
  ASSERT_THAT(talk.conversation().absences(), SizeIs(1));
  EXPECT_EQ(talk.conversation().absences(0).party(), handover::v1::HANDOVER_PARTY_YOUTH_HEALTH);
  EXPECT_EQ(talk.conversation().absences(0).reason(), "Ziek, en geen vervanger");
  EXPECT_EQ(cli_.Run({"handover", "converse", kName, "--date", "2026-11-20", "--seats", "s-1",
                      "--absent", "wie=Ziek"})
                .exit_code,
            2);
}

}  // namespace
}  // namespace knooppunt::cli
