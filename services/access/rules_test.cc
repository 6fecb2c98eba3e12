#include "services/access/rules.h"

#include "gtest/gtest.h"

namespace knooppunt::access {
namespace {

v1::FamilyFacts Facts() {
  v1::FamilyFacts f;
  f.set_id("f");
  v1::ConsentFact* c = f.add_consents();
  c->set_id("c1");
  v1::Signature* s = c->add_signatures();
  s->set_person("mother");
  s->set_state(v1::SIGNATURE_STATE_GIVEN);
  s->set_time(1);
  v1::Seat* seat = f.add_cases()->add_seats();
  f.mutable_cases(0)->set_id("case");
  seat->set_id("s1");
  seat->set_state(v1::SEAT_STATE_JOINED);
  return f;
}

TEST(MergeFacts, R13OlderCopyDoesNotUndoAWithdrawal) {
  v1::FamilyFacts known = Facts();
  v1::Signature* s = known.mutable_consents(0)->add_signatures();
  s->set_person("mother");
  s->set_state(v1::SIGNATURE_STATE_WITHDRAWN);
  s->set_time(2);
  const v1::FamilyFacts merged = MergeFacts(known, Facts());
  ASSERT_EQ(merged.consents(0).signatures_size(), 2);
  EXPECT_EQ(merged.consents(0).signatures(1).state(), v1::SIGNATURE_STATE_WITHDRAWN);
}

TEST(MergeFacts, R13OlderCopyDoesNotUndoAWithdrawalInPart) {
  v1::FamilyFacts known = Facts();
  v1::Narrowing* n = known.mutable_consents(0)->add_narrowings();
  n->add_compartments(common::v1::COMPARTMENT_HEALTH);
  n->set_time(2);
  v1::FamilyFacts older = Facts();
  n = older.mutable_consents(0)->add_narrowings();
  n->add_purposes(common::v1::PURPOSE_HANDOVER);
  n->set_time(1);
  const v1::FamilyFacts merged = MergeFacts(known, older);
  ASSERT_EQ(merged.consents(0).narrowings_size(), 2);
  EXPECT_EQ(merged.consents(0).narrowings(0).time(), 1);
  EXPECT_EQ(merged.consents(0).narrowings(1).time(), 2);
  EXPECT_EQ(MergeFacts(known, known).consents(0).narrowings_size(), 1) << "once each";
}

TEST(MergeFacts, R12WhatAConsentNamesNeverGrows) {
  v1::FamilyFacts known = Facts(), wider = Facts();
  known.mutable_consents(0)->mutable_about()->add_persons("child");
  known.mutable_consents(0)->set_recipient("organisations/jgz");
  known.mutable_consents(0)->set_end_date("2027-01-01");
  known.mutable_consents(0)->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  wider.set_revision(9);
  v1::ConsentFact* c = wider.mutable_consents(0);
  c->set_recipient("organisations/other");
  c->set_end_date("2037-01-01");
  c->mutable_about()->set_family(true);
  c->add_compartments(common::v1::COMPARTMENT_HEALTH);
  c->add_purposes(common::v1::PURPOSE_HANDOVER);
  EXPECT_EQ(MergeFacts(known, wider).consents(0).SerializeAsString(),
            known.consents(0).SerializeAsString());
}

TEST(MergeFacts, R11OlderCopyUndoesNoEndOfGezagOrOfASeat) {
  v1::FamilyFacts known = Facts();
  known.set_revision(2);
  known.add_gezag()->set_id("g1");
  known.mutable_gezag(0)->set_end_date("2026-06-01");
  known.mutable_cases(0)->mutable_seats(0)->set_end_time(100);
  v1::FamilyFacts older = Facts();
  older.set_revision(1);
  older.add_gezag()->set_id("g1");
  const v1::FamilyFacts merged = MergeFacts(known, older);
  EXPECT_EQ(merged.gezag(0).end_date(), "2026-06-01");
  EXPECT_EQ(merged.cases(0).seats(0).end_time(), 100);
  // A newer one may: a court gave it back; who received a handover stays.
  older.set_revision(3);
  EXPECT_EQ(MergeFacts(known, older).gezag(0).end_date(), "");
  EXPECT_EQ(MergeFacts(known, older).cases(0).seats(0).end_time(), 0);
}

TEST(MergeFacts, R12OlderCopyDoesNotBringBackAnEarlierWording) {
  v1::FamilyFacts known = Facts();
  known.mutable_consents(0)->set_wording_revision(2);
  known.mutable_consents(0)->set_wording_sha256("second");
  v1::FamilyFacts older = Facts();
  older.mutable_consents(0)->set_wording_revision(1);
  older.mutable_consents(0)->set_wording_sha256("first");
  EXPECT_EQ(MergeFacts(known, older).consents(0).wording_sha256(), "second");
  EXPECT_EQ(MergeFacts(known, older).consents(0).wording_revision(), 2);
  EXPECT_EQ(MergeFacts(older, known).consents(0).wording_sha256(), "second");
}

TEST(MergeFacts, R15GroundThatStoppedStaysStopped) {
  v1::FamilyFacts older = Facts();
  older.add_grounds()->set_id("g1");
  v1::FamilyFacts ended = older, refuted = older, runs = older;
  ended.mutable_grounds(0)->set_end_time(7);
  refuted.mutable_grounds(0)->mutable_review()->set_time(8);
  EXPECT_EQ(MergeFacts(ended, older).grounds(0).end_time(), 7);
  EXPECT_TRUE(MergeFacts(refuted, older).grounds(0).has_review());
  EXPECT_EQ(MergeFacts(ended, Facts()).grounds_size(), 1) << "a copy from before it, then one with";
  EXPECT_EQ(MergeFacts(runs, Facts()).grounds_size(), 0) << "nobody could end it";
}

TEST(MergeFacts, R15AnOlderCopyDoesNotHideWhatTheFamilyWasTold) {
  v1::FamilyFacts older = Facts();
  older.add_grounds()->set_id("g1");
  v1::FamilyFacts told = older;
  told.mutable_grounds(0)->set_family_told(true);
  told.mutable_grounds(0)->set_told_time(9);
  told.mutable_grounds(0)->set_told_by("professionals/ib");
  const v1::FamilyFacts merged = MergeFacts(told, older);
  EXPECT_TRUE(merged.grounds(0).family_told());
  EXPECT_EQ(merged.grounds(0).told_time(), 9);
  EXPECT_EQ(merged.grounds(0).told_by(), "professionals/ib");
  EXPECT_EQ(MergeFacts(told, Facts()).grounds_size(), 0) << "which nobody could end";
}

TEST(MergeFacts, R10AnEscalationThatEndedStaysEndedAndNamesNobodyElse) {
  v1::FamilyFacts known = Facts();
  v1::EscalationFact* e = known.add_escalations();
  e->set_id("e1");
  e->add_deciders()->set_professional("professionals/a");
  e->add_scopes("s");
  v1::FamilyFacts wider = known;
  wider.mutable_escalations(0)->add_deciders()->set_professional("professionals/b");
  wider.mutable_escalations(0)->add_scopes("more");
  v1::FamilyFacts merged = MergeFacts(known, wider);
  EXPECT_EQ(merged.escalations(0).deciders_size(), 1);
  EXPECT_EQ(merged.escalations(0).scopes_size(), 1);
  EXPECT_EQ(MergeFacts(known, Facts()).escalations_size(), 0)
      << "one that nobody could end any more";
  const v1::FamilyFacts open = known;
  e->set_end_time(5);
  EXPECT_EQ(MergeFacts(open, known).escalations(0).end_time(), 5) << "it ends";
  EXPECT_EQ(MergeFacts(known, open).escalations(0).end_time(), 5) << "an older copy opens it not";
  EXPECT_EQ(MergeFacts(known, Facts()).escalations(0).end_time(), 5);
}

TEST(MergeFacts, R13SeatThatEndedStaysEnded) {
  v1::FamilyFacts known = Facts();
  known.mutable_cases(0)->mutable_seats(0)->set_state(v1::SEAT_STATE_ENDED);
  EXPECT_EQ(MergeFacts(known, Facts()).cases(0).seats(0).state(), v1::SEAT_STATE_ENDED);
}

TEST(MergeFacts, R14ConsentThatTheCopyLacksIsKept) {
  v1::FamilyFacts older = Facts();
  older.clear_consents();
  EXPECT_EQ(MergeFacts(Facts(), older).consents_size(), 1);
}

// ---- Emergency access (R20) ----

v1::FamilyFacts WithEmergency() {
  v1::FamilyFacts f = Facts();
  v1::EmergencyFact* e = f.add_emergencies();
  e->set_id("e1");
  e->set_professional("professionals/nurse");
  e->set_organisation("organisations/jgz");
  e->add_compartments(common::v1::COMPARTMENT_SAFETY);
  e->set_start_time(100);
  e->set_end_time(200);
  return f;
}

TEST(MergeFacts, R20OlderCopyDoesNotUndoAReviewOrItsEnd) {
  v1::FamilyFacts known = WithEmergency();
  known.mutable_emergencies(0)->set_end_time(150);
  known.mutable_emergencies(0)->set_reviewer("professionals/officer");
  known.mutable_emergencies(0)->set_review_time(150);
  known.mutable_emergencies(0)->set_outcome("Geen aanleiding.");
  v1::FamilyFacts other = WithEmergency();
  other.mutable_emergencies(0)->set_reviewer("professionals/other");
  other.mutable_emergencies(0)->set_review_time(160);
  other.mutable_emergencies(0)->set_justified(true);
  for (const v1::FamilyFacts& incoming : {WithEmergency(), other, Facts()}) {
    const v1::FamilyFacts merged = MergeFacts(known, incoming);
    ASSERT_EQ(merged.emergencies_size(), 1);
    EXPECT_EQ(merged.emergencies(0).SerializeAsString(), known.emergencies(0).SerializeAsString());
  }
}

TEST(MergeFacts, R20NewerReviewAndEarlierEndAreTaken) {
  v1::FamilyFacts newer = WithEmergency();
  newer.mutable_emergencies(0)->set_end_time(120);
  newer.mutable_emergencies(0)->set_review_time(120);
  newer.mutable_emergencies(0)->set_reviewer("professionals/officer");
  const v1::FamilyFacts merged = MergeFacts(WithEmergency(), newer);
  EXPECT_EQ(merged.emergencies(0).SerializeAsString(), newer.emergencies(0).SerializeAsString());
}

TEST(MergeFacts, R20NothingMakesItLastLongerOrOpenMoreOrForSomebodyElse) {
  v1::FamilyFacts wider = WithEmergency();
  wider.mutable_emergencies(0)->set_end_time(900);
  wider.mutable_emergencies(0)->set_professional("professionals/other");
  wider.mutable_emergencies(0)->add_compartments(common::v1::COMPARTMENT_HEALTH);
  const v1::FamilyFacts known = WithEmergency();
  EXPECT_EQ(MergeFacts(known, wider).emergencies(0).SerializeAsString(),
            known.emergencies(0).SerializeAsString());
}

TEST(MergeFacts, NewerSnapshotReplacesTheRestAndRepeatingChangesNothing) {
  v1::FamilyFacts newer = Facts();
  newer.mutable_cases(0)->set_werkplaats("werkplaatsen/vmbo");
  const v1::FamilyFacts once = MergeFacts(Facts(), newer);
  EXPECT_EQ(once.cases(0).werkplaats(), "werkplaatsen/vmbo");
  EXPECT_EQ(MergeFacts(once, newer).SerializeAsString(), once.SerializeAsString());
}

TEST(MergeFacts, R11AnOlderCopyUndoesNoCorrectionOfABirthDate) {
  v1::FamilyFacts known;
  known.set_revision(5);
  v1::PersonFact* p = known.add_persons();
  p->set_id("p");
  p->set_birth_date("2010-03-14");  // 16: what is about them is theirs alone
  v1::FamilyFacts older = known;
  older.set_revision(4);
  older.mutable_persons(0)->set_birth_date("2015-03-14");
  EXPECT_EQ(MergeFacts(known, older).persons(0).birth_date(), "2010-03-14");
  v1::FamilyFacts newer = older;
  newer.set_revision(6);
  EXPECT_EQ(MergeFacts(known, newer).persons(0).birth_date(), "2015-03-14") << "a later correction";
}

}  // namespace
}  // namespace knooppunt::access
