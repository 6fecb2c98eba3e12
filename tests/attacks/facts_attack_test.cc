// A unit that is broken, or that somebody sits in, sends access facts that contradict each other,
// come twice or out of order, or undo what was narrowed. Refused with a clear error, or merged so
// that nothing opens; what was in force stays.
#include "security/crypto/aead.h"
#include "services/access/access_unit.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

using access::v1::FactEntry;
using access::v1::FamilyFacts;
using integration::Fails;
using integration::Require;

auto Contradictory() { return Fails(StatusCode::kFailedPrecondition, "CONTRADICTORY_FACTS"); }
auto Unordered() { return Fails(StatusCode::kFailedPrecondition, "UNORDERED_FACTS"); }
auto Unreadable() { return Fails(StatusCode::kFailedPrecondition, "UNREADABLE_FACT"); }

class FactsAttackTest : public AttackTest {
 protected:
  // The family as access knows it now.
  FamilyFacts Known() {
    FamilyFacts facts;
    Require(region_.database("access").Read([&](storage::ReadTx& tx) {
      return tx.Query("SELECT facts FROM family WHERE id = ?", {region_.family},
                      [&](const storage::Row& row) {
                        const absl::string_view b = row.Bytes(0);
                        return facts.ParseFromArray(b.data(), static_cast<int>(b.size()))
                                   ? absl::OkStatus()
                                   : absl::DataLossError("facts");
                      });
    }),
            "read the facts");
    return facts;
  }
  std::string Seal(const std::string& key_of, const std::string& family, const FactEntry& entry) {
    const auto key = region_.process().access_unit()->keyring().Find("facts/" + key_of);
    Require(key.status(), "find the key");
    crypto::SystemRandom random;
    const auto sealed = crypto::Seal(*key, crypto::JoinLengthPrefixed({"fact-entry-v1", family}),
                                     entry.SerializeAsString(), random);
    Require(sealed.status(), "seal");
    return *sealed;
  }
  // One entry at `seq` of a stream of its own, as if the dossier had begun a new incarnation.
  access::v1::ApplyFactsRequest Batch(const FamilyFacts& facts, int64_t seq = 1) {
    access::v1::ApplyFactsRequest request;
    request.set_unit("dossier");
    request.set_incarnation("attack");
    request.set_position(seq);
    FactEntry entry;
    *entry.mutable_family() = facts;
    auto* e = request.add_entries();
    e->set_seq(seq);
    e->set_family(facts.id());
    e->set_payload(Seal(region_.family, facts.id(), entry));
    return request;
  }
  absl::Status Send(const access::v1::ApplyFactsRequest& request) {
    runtime::DirectTransport dossier(&region_.process().switchboard(), "dossier");
    access::v1::ApplyFactsResponse response;
    return dossier.Call("/knooppunt.access.v1.AccessService/ApplyFacts", request, &response,
                        {.timeout = absl::Seconds(30)});
  }
  // Refused, and what access knows is what it knew.
  template <typename Matcher>
  void ExpectRefused(const access::v1::ApplyFactsRequest& request, const Matcher& matcher) {
    const std::string before = Known().SerializeAsString();
    const absl::Status status = Send(request);
    EXPECT_THAT(status, matcher);
    EXPECT_EQ(status.ToString().find(region_.family), std::string::npos) << status;
    EXPECT_EQ(Known().SerializeAsString(), before);
    EXPECT_OK(region_.GetCase(region_.ib));
  }
  void ExpectContradictory(const std::function<void(FamilyFacts*)>& bend) {
    FamilyFacts facts = Known();
    facts.set_revision(facts.revision() + 1);
    bend(&facts);
    ExpectRefused(Batch(facts), Contradictory());
  }
  // Taken in as a snapshot like any other.
  void Bend(const std::function<void(FamilyFacts*)>& bend, int revisions = 1) {
    FamilyFacts facts = Known();
    facts.set_revision(facts.revision() + revisions);
    bend(&facts);
    ASSERT_OK(Send(Batch(facts, ++sent_)));
  }
  int64_t sent_ = 0;
};

TEST_F(FactsAttackTest, A131R1TwoCasesThatAreNotClosed) {
  ExpectContradictory([](FamilyFacts* f) {
    access::v1::CaseFact* second = f->add_cases();
    *second = f->cases(0);
    second->set_id("c-second");
  });
}

TEST_F(FactsAttackTest, A132R1TwoRegisseursOrNone) {
  ExpectContradictory([](FamilyFacts* f) {
    access::v1::CaseFact* c = f->mutable_cases(0);
    c->set_state(access::v1::CASE_STATE_ACTIVE);
    c->add_terms()->set_seat(c->seats(0).id());
    c->add_terms()->set_seat(c->seats(0).id());
  });
  ExpectContradictory(
      [](FamilyFacts* f) { f->mutable_cases(0)->set_state(access::v1::CASE_STATE_ACTIVE); });
}

TEST_F(FactsAttackTest, A133R1RegisseurWhoSitsAtNoTable) {
  ExpectContradictory([](FamilyFacts* f) {
    f->mutable_cases(0)->set_state(access::v1::CASE_STATE_ACTIVE);
    f->mutable_cases(0)->add_terms()->set_seat("s-nowhere");
  });
}

TEST_F(FactsAttackTest, A134TwoThingsWithOneId) {
  ExpectContradictory([](FamilyFacts* f) { *f->add_gezag() = f->gezag(0); });
  ExpectContradictory([](FamilyFacts* f) { *f->add_persons() = f->persons(0); });
  ExpectContradictory(
      [](FamilyFacts* f) { *f->mutable_cases(0)->add_seats() = f->cases(0).seats(0); });
  ExpectContradictory([](FamilyFacts* f) { f->add_consents(); });
}

TEST_F(FactsAttackTest, A135StatesAndWordsThatAreNone) {
  ExpectContradictory([](FamilyFacts* f) {
    f->mutable_cases(0)->set_state(static_cast<access::v1::CaseState>(9));
  });
  ExpectContradictory([](FamilyFacts* f) {
    f->mutable_cases(0)->mutable_seats(0)->set_state(access::v1::SEAT_STATE_UNSPECIFIED);
  });
  ExpectContradictory([](FamilyFacts* f) {
    f->mutable_persons(0)->set_role(static_cast<access::v1::FamilyRole>(77));
  });
  ExpectContradictory([](FamilyFacts* f) {
    access::v1::ConsentFact* c = f->add_consents();
    c->set_id("c-any");
    c->add_compartments(static_cast<common::v1::Compartment>(77));
  });
}

TEST_F(FactsAttackTest, A136R17SeatOfNobodyOrOfTwo) {
  ExpectContradictory(
      [](FamilyFacts* f) { f->mutable_cases(0)->mutable_seats(0)->clear_professional(); });
  ExpectContradictory([](FamilyFacts* f) {
    f->mutable_cases(0)->mutable_seats(0)->set_person(f->persons(0).id());
  });
}

// A label swapped under a key would open what the consent does not cover.
TEST_F(FactsAttackTest, A137P6KeyUnderAnotherLabel) {
  ASSERT_GT(Known().scopes_size(), 0);
  ExpectContradictory([](FamilyFacts* f) {
    f->mutable_scopes(0)->mutable_label()->set_controller("organisations/jgz");
  });
  ExpectContradictory([](FamilyFacts* f) { f->mutable_scopes(0)->set_id("s-mine"); });
}

TEST_F(FactsAttackTest, A138FactsOutOfOrderTwiceOrPastTheirPosition) {
  const access::v1::ApplyFactsRequest one = Batch(Known());
  access::v1::ApplyFactsRequest request = one;
  *request.add_entries() = one.entries(0);
  ExpectRefused(request, Unordered());  // twice
  request.mutable_entries(0)->set_seq(3);
  request.mutable_entries(1)->set_seq(2);
  request.set_position(3);
  ExpectRefused(request, Unordered());  // back
  request.mutable_entries(1)->set_seq(4);
  ExpectRefused(request, Unordered());  // past
  request = one;
  request.mutable_entries(0)->set_seq(0);
  ExpectRefused(request, Unordered());  // before the first
}

TEST_F(FactsAttackTest, A139FactsSentAgainAndOtherFactsInTheirPlace) {
  ASSERT_OK(Send(Batch(Known())));
  FamilyFacts other = Known();
  other.set_revision(other.revision() + 1);
  other.mutable_cases(0)->mutable_seats(0)->set_professional(region_.stranger.claims.subject());
  ASSERT_OK(Send(Batch(other))) << "answered as applied, as after an answer that was lost";
  AttackCase(region_.stranger, RefusedBy("no-seat"));
  EXPECT_OK(region_.GetCase(region_.ib));
}

TEST_F(FactsAttackTest, A140FactsUnderAnotherFamilysKeyOrNone) {
  FactEntry entry;
  *entry.mutable_family() = Known();
  access::v1::ApplyFactsRequest request = Batch(Known());
  const std::string family_b = family_b_.substr(family_b_.find('/') + 1);
  request.mutable_entries(0)->set_payload(Seal(family_b, region_.family, entry));
  ExpectRefused(request, Unreadable());
  // Sealed rightly for the other family, about this one.
  request.mutable_entries(0)->set_family(family_b);
  request.mutable_entries(0)->set_payload(Seal(family_b, family_b, entry));
  ExpectRefused(request, Unreadable());
  request.mutable_entries(0)->set_family("");
  request.mutable_entries(0)->set_payload(entry.SerializeAsString());
  ExpectRefused(request, Unreadable());  // in plain
  request.mutable_entries(0)->set_payload("\xff\xff\xff");
  ExpectRefused(request, Unreadable());
  request.mutable_entries(0)->set_family("f-nowhere");
  ExpectRefused(request, Unreadable());
}

TEST_F(FactsAttackTest, A141R13SnapshotWithoutTheWithdrawal) {
  const std::string consent = region_.SeatTheNurse();
  const FamilyFacts before = Known();
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  Bend([&](FamilyFacts* f) { *f->mutable_consents() = before.consents(); });
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(FactsAttackTest, A142R13SnapshotWithoutTheWithdrawalInPart) {
  const std::string consent = region_.SeatTheNurse();
  const FamilyFacts before = Known();
  consent::v1::WithdrawConsentRequest part;
  part.set_name(consent);
  part.add_persons(region_.child);
  Do<consent::v1::Consent>(region_.mother, "consent.v1.ConsentService/WithdrawConsent", part);
  Bend([&](FamilyFacts* f) { *f->mutable_consents() = before.consents(); });
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case seen, region_.GetCase(region_.nurse));
  EXPECT_EQ(seen.contributions_size(), 0);
}

TEST_F(FactsAttackTest, A143R12ConsentThatGrowsUnderItsSignatures) {
  region_.SeatTheNurse();
  const Caller far = Employ("far-nurse", "ggd-noord", common::v1::FUNCTION_JGZ_NURSE);
  region_.Share("organisations/ggd-noord");
  region_.Seat(far);
  Bend([&](FamilyFacts* f) {
    for (access::v1::ConsentFact& c : *f->mutable_consents()) {
      c.set_end_date(region_.Day(3000));
      c.add_purposes(common::v1::PURPOSE_HANDOVER);
      c.set_recipient("organisations/jgz");
    }
  });
  AttackCase(region_.nurse.For(common::v1::PURPOSE_HANDOVER), RefusedBy("no-sharing"));
  EXPECT_OK(region_.GetCase(far));
  region_.clock().Advance(absl::Hours(24 * 301));
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(FactsAttackTest, A144R17SnapshotWithTheSeatThatEnded) {
  region_.SeatTheNurse();
  const FamilyFacts before = Known();
  EndSeat(region_.nurse);
  Bend([&](FamilyFacts* f) { *f->mutable_cases() = before.cases(); });
  AttackCase(region_.nurse, RefusedBy("no-seat"));
}

TEST_F(FactsAttackTest, A145R15SnapshotWithTheGroundThatEnded) {
  ASSERT_OK(region_.Withdraw(region_.SeatTheNurse(), region_.mother));
  consent::v1::InvokeGroundRequest invoke;
  invoke.set_parent(Family());
  consent::v1::Ground& g = *invoke.mutable_ground();
  g.set_type("meldcode");
  g.mutable_about()->add_persons(region_.child);
  g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  g.add_purposes(common::v1::PURPOSE_COORDINATION);
  g.set_recipient("organisations/jgz");
  g.set_start_date(region_.Day(0));
  g.set_end_date(region_.Day(30));
  g.set_reason("Zorgen over thuis.");
  g.set_family_told(true);
  consent::v1::EndGroundRequest end;
  end.set_name(
      Do<consent::v1::Ground>(region_.ib, "consent.v1.ConsentService/InvokeGround", invoke).name());
  const FamilyFacts before = Known();
  ASSERT_OK(region_.GetCase(region_.nurse));
  Do<consent::v1::Ground>(region_.ib, "consent.v1.ConsentService/EndGround", end);
  Bend([&](FamilyFacts* f) { *f->mutable_grounds() = before.grounds(); });
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(FactsAttackTest, A146R20SnapshotWithoutTheReview) {
  const Caller helper = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  const auto opened = Do<consent::v1::Emergency>(helper, "consent.v1.ConsentService/OpenEmergency",
                                                 Emergency(Family()));
  const FamilyFacts before = Known();
  consent::v1::ReviewEmergencyRequest review;
  review.set_name(opened.name());
  review.set_outcome("Geen noodzaak.");
  Do<consent::v1::Emergency>(region_.auditor, "consent.v1.ConsentService/ReviewEmergency", review);
  Bend([&](FamilyFacts* f) { *f->mutable_emergencies() = before.emergencies(); });
  AttackCase(helper, RefusedBy("no-seat"));
  Bend([](FamilyFacts* f) { f->clear_emergencies(); });
  Bend([&](FamilyFacts* f) { *f->mutable_emergencies() = before.emergencies(); });
  AttackCase(helper, RefusedBy("no-seat"));
}

TEST_F(FactsAttackTest, A147R11OlderCopyWithTheGezagThatEnded) {
  const FamilyFacts before = Known();
  Bend([&](FamilyFacts* f) {
    for (access::v1::Gezag& g : *f->mutable_gezag()) {
      if (g.holder_person() == region_.father_id) g.set_end_date(region_.Day(0));
    }
  });
  AttackCase(region_.father, RefusedBy("no-gezag"));
  Bend([&](FamilyFacts* f) { *f = before; }, 0);
  AttackCase(region_.father, RefusedBy("no-gezag"));
  EXPECT_OK(region_.GetCase(region_.mother));
}

// A family that is not there gets no facts by another's hand: its id is taken by no key.
TEST_F(FactsAttackTest, A148FactsOfAFamilyThatHasNoKey) {
  FamilyFacts facts = Known();
  facts.set_id("f-invented");
  ExpectRefused(Batch(facts), Unreadable());
}

TEST_F(FactsAttackTest, A149R17EmploymentPutBackByAnOlderCopy) {
  region_.SeatTheNurse();
  EndEmployment(region_.nurse);
  access::v1::ApplyFactsRequest request;
  request.set_unit("directory");
  request.set_incarnation("attack");
  request.set_position(1);
  FactEntry entry;
  access::v1::ProfessionalFacts* p = entry.mutable_professional();
  p->set_name(region_.nurse.claims.subject());
  p->set_login("dev|nurse");
  p->set_revision(1);
  access::v1::FunctionTerm* term = p->add_functions();
  term->set_organisation("organisations/jgz");
  term->set_function(common::v1::FUNCTION_JGZ_NURSE);
  term->set_start_date(region_.Day(-30));
  request.add_entries()->set_seq(1);
  request.mutable_entries(0)->set_payload(entry.SerializeAsString());
  runtime::DirectTransport directory(&region_.process().switchboard(), "directory");
  access::v1::ApplyFactsResponse response;
  ASSERT_OK(directory.Call("/knooppunt.access.v1.AccessService/ApplyFacts", request, &response,
                           {.timeout = absl::Seconds(30)}));
  AttackCase(region_.nurse, RefusedBy("no-function"));
}

}  // namespace
}  // namespace knooppunt::attacks
