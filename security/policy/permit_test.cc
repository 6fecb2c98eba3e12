#include "security/policy/permit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/status_testing.h"
#include "security/policy/authorized_call.h"

namespace knooppunt::policy {
namespace {

using access::v1::Decision;

PermitUse ReadsTheCase() {
  return {.call_id = "ask-1",
          .method = "/knooppunt.casework.v1.CaseworkService/GetCase",
          .resource = "families/f-1/cases/c-1",
          .new_family = "",
          .purpose = common::v1::PURPOSE_COORDINATION};
}

// What access answers to it: one scope and the facts, for a minute.
Decision Allowed(const PermitUse& use) {
  Decision d;
  d.set_allowed(true);
  d.set_family("f-1");
  d.set_decide_time_ms(1'000'000);
  d.mutable_claims()->set_id("t-1");
  d.mutable_claims()->set_subject("professionals/p-1");
  d.mutable_claims()->set_organisation("organisations/o-1");
  d.mutable_claims()->set_function(common::v1::FUNCTION_JGZ_NURSE);
  d.mutable_permit()->set_expire_time_ms(1'000'000 + 60'000);
  d.mutable_permit()->set_facts_key(std::string(32, 'f'));
  for (auto* scope : {d.mutable_permit()->add_scopes(), d.mutable_permit()->add_write_scopes()}) {
    scope->set_id("s-1");
    scope->set_key(std::string(32, 's'));
  }
  BindPermit(use, &d);
  return d;
}

absl::StatusOr<AuthorizedCall> Admit(Decision decision, const PermitUse& use,
                                     const base::Clock& clock) {
  return Gate::Admit(std::move(decision),
                     {.use = use, .sent = clock.Now(), .clock = &clock, .id_seed = "seed"});
}

TEST(PermitTest, P6ServesTheCallItWasAskedFor) {
  const base::FakeClock clock(absl::FromUnixSeconds(5));
  ASSERT_OK_AND_ASSIGN(const AuthorizedCall call,
                       Admit(Allowed(ReadsTheCase()), ReadsTheCase(), clock));
  EXPECT_NE(call.FindScope("s-1"), nullptr);
  EXPECT_FALSE(call.facts_key().empty());
}

TEST(PermitTest, P6IsRefusedForAnotherCallMethodObjectFamilyOrPurpose) {
  const base::FakeClock clock(absl::FromUnixSeconds(5));
  const std::vector<std::function<void(PermitUse&)>> others = {
      [](PermitUse& u) { u.call_id = "ask-2"; },
      [](PermitUse& u) { u.call_id = ""; },
      [](PermitUse& u) { u.method = "/knooppunt.casework.v1.CaseworkService/ListOwnRecord"; },
      [](PermitUse& u) { u.resource = "families/f-2/cases/c-1"; },
      [](PermitUse& u) { u.new_family = "f-3"; },
      [](PermitUse& u) { u.purpose = common::v1::PURPOSE_HANDOVER; },
      // Bytes that move over from one field to the next are another call too.
      [](PermitUse& u) {
        u.method += u.resource;
        u.resource = "";
      },
  };
  for (size_t i = 0; i < others.size(); ++i) {
    PermitUse use = ReadsTheCase();
    others[i](use);
    EXPECT_EQ(base::ReasonOf(Admit(Allowed(ReadsTheCase()), use, clock).status()),
              "PERMIT_FOR_ANOTHER_CALL")
        << "other " << i;
  }
}

TEST(PermitTest, P6IsRefusedForAnotherActor) {
  const base::FakeClock clock(absl::FromUnixSeconds(5));
  const std::vector<std::function<void(access::v1::TokenClaims&)>> others = {
      [](auto& c) { c.set_subject("professionals/p-2"); },
      [](auto& c) { c.set_organisation("organisations/o-2"); },
      [](auto& c) { c.set_function(common::v1::FUNCTION_JGZ_DOCTOR); },
      [](auto& c) { c.set_id("t-2"); },
  };
  for (size_t i = 0; i < others.size(); ++i) {
    Decision d = Allowed(ReadsTheCase());
    others[i](*d.mutable_claims());
    EXPECT_EQ(base::ReasonOf(Admit(d, ReadsTheCase(), clock).status()), "PERMIT_FOR_ANOTHER_CALL")
        << "other " << i;
  }
}

TEST(PermitTest, P6WithoutBindingOrDecisionThereIsNoCall) {
  const base::FakeClock clock(absl::FromUnixSeconds(5));
  Decision unbound = Allowed(ReadsTheCase());
  unbound.mutable_permit()->clear_binding();
  EXPECT_FALSE(Admit(unbound, ReadsTheCase(), clock).ok());
  Decision refused = Allowed(ReadsTheCase());
  refused.set_allowed(false);
  EXPECT_FALSE(Admit(refused, ReadsTheCase(), clock).ok());
}

TEST(PermitTest, P6GivesNoKeyOnceItsTimeIsOver) {
  base::FakeClock clock(absl::FromUnixSeconds(5));
  ASSERT_OK_AND_ASSIGN(const AuthorizedCall call,
                       Admit(Allowed(ReadsTheCase()), ReadsTheCase(), clock));
  clock.Advance(absl::Seconds(59));
  EXPECT_FALSE(call.expired());
  EXPECT_NE(call.FindScope("s-1"), nullptr);
  clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(call.expired());
  EXPECT_EQ(call.FindScope("s-1"), nullptr);
  EXPECT_TRUE(call.scopes().empty());
  EXPECT_TRUE(call.write_scopes().empty());
  EXPECT_TRUE(call.facts_key().empty());
  EXPECT_TRUE(call.search_key().empty());
}

TEST(PermitTest, P6TimeRunsFromTheQuestionWhateverTheClockOfAccessSays) {
  base::FakeClock clock(absl::FromUnixSeconds(9'000'000));  // far from access's
  ASSERT_OK_AND_ASSIGN(
      const AuthorizedCall late,
      Gate::Admit(Allowed(ReadsTheCase()), {.use = ReadsTheCase(),
                                            .sent = clock.Now() - kMaxPermitLifetime,
                                            .clock = &clock,
                                            .id_seed = "seed"}));
  EXPECT_TRUE(late.expired());
  Decision eternal = Allowed(ReadsTheCase());
  eternal.mutable_permit()->set_expire_time_ms(int64_t{1} << 50);
  ASSERT_OK_AND_ASSIGN(const AuthorizedCall call, Admit(eternal, ReadsTheCase(), clock));
  clock.Advance(kMaxPermitLifetime);
  EXPECT_TRUE(call.expired());
  Decision over = Allowed(ReadsTheCase());
  over.mutable_permit()->set_expire_time_ms(over.decide_time_ms());
  EXPECT_FALSE(Admit(over, ReadsTheCase(), clock).ok());
}

PermitUse ListsCases() {
  PermitUse use = ReadsTheCase();
  use.method = "/knooppunt.casework.v1.CaseworkService/ListCases";
  use.resource = "";
  return use;
}

// What access answers to a list: a decision on the call, and one on each of two families.
access::v1::ListAccessibleResponse AllowedList(const PermitUse& use) {
  access::v1::ListAccessibleResponse answer;
  *answer.mutable_call() = Allowed(use);
  answer.mutable_call()->clear_family();
  for (const char* family : {"f-1", "f-2"}) {
    Decision* const d = answer.add_decisions();
    *d = Allowed(use);
    d->set_family(family);
    d->clear_claims();
    d->mutable_permit()->clear_binding();
  }
  BindPermits(use, &answer);
  return answer;
}

absl::StatusOr<Gate::List> AdmitList(access::v1::ListAccessibleResponse answer,
                                     const PermitUse& use, const base::Clock& clock) {
  return Gate::AdmitList(std::make_shared<access::v1::ListAccessibleResponse>(std::move(answer)),
                         {.use = use, .sent = clock.Now(), .clock = &clock, .id_seed = "seed"});
}

TEST(PermitTest, P6AListServesTheCallItWasAskedForFamilyByFamily) {
  base::FakeClock clock(absl::FromUnixSeconds(5));
  ASSERT_OK_AND_ASSIGN(const Gate::List list,
                       AdmitList(AllowedList(ListsCases()), ListsCases(), clock));
  ASSERT_EQ(list.families.size(), 2u);
  EXPECT_EQ(list.families[0].family(), "f-1");
  EXPECT_EQ(list.families[1].family(), "f-2");
  for (const AuthorizedCall& call : list.families) {
    EXPECT_EQ(call.claims().subject(), "professionals/p-1");
    EXPECT_NE(call.FindScope("s-1"), nullptr);
    EXPECT_FALSE(call.facts_key().empty());
  }
  clock.Advance(kMaxPermitLifetime);
  EXPECT_EQ(list.families[1].FindScope("s-1"), nullptr);
}

TEST(PermitTest, P6AListIsRefusedWholeForAnotherCallActorOrFamily) {
  const base::FakeClock clock(absl::FromUnixSeconds(5));
  using Answer = access::v1::ListAccessibleResponse;
  const std::vector<std::function<void(PermitUse&, Answer&)>> others = {
      [](PermitUse& u, Answer&) { u.call_id = "ask-2"; },
      [](PermitUse& u, Answer&) { u.call_id = ""; },
      [](PermitUse& u, Answer&) { u.method = "/knooppunt.plan.v1.PlanService/ListPlans"; },
      [](PermitUse& u, Answer&) { u.resource = "families/f-1"; },
      [](PermitUse& u, Answer&) { u.purpose = common::v1::PURPOSE_HANDOVER; },
      [](PermitUse&, Answer& a) {
        a.mutable_call()->mutable_claims()->set_subject("professionals/p-2");
      },
      [](PermitUse&, Answer& a) { a.mutable_call()->mutable_claims()->set_id("t-2"); },
      [](PermitUse&, Answer& a) { a.mutable_call()->set_allowed(false); },
      [](PermitUse&, Answer& a) { a.mutable_call()->mutable_permit()->clear_binding(); },
      [](PermitUse&, Answer& a) { a.mutable_decisions(1)->set_family("f-3"); },
      [](PermitUse&, Answer& a) { a.mutable_decisions()->RemoveLast(); },
      [](PermitUse&, Answer& a) { *a.add_decisions() = a.decisions(0); },
      [](PermitUse&, Answer& a) { a.mutable_decisions()->SwapElements(0, 1); },
      [](PermitUse&, Answer& a) { a.mutable_decisions(0)->set_allowed(false); },
      [](PermitUse&, Answer& a) { a.mutable_decisions(0)->set_decide_time_ms(999'999); },
      [](PermitUse&, Answer& a) {
        a.mutable_decisions(0)->mutable_permit()->set_expire_time_ms(int64_t{1} << 50);
      },
  };
  for (size_t i = 0; i < others.size(); ++i) {
    PermitUse use = ListsCases();
    Answer answer = AllowedList(use);
    others[i](use, answer);
    EXPECT_EQ(base::ReasonOf(AdmitList(std::move(answer), use, clock).status()),
              "PERMIT_FOR_ANOTHER_CALL")
        << "other " << i;
  }
}

TEST(PermitTest, P6AListsFamilyDoesNotServeACallOfItsOwn) {
  const base::FakeClock clock(absl::FromUnixSeconds(5));
  const access::v1::ListAccessibleResponse answer = AllowedList(ListsCases());
  EXPECT_FALSE(Admit(answer.decisions(0), ListsCases(), clock).ok());
  EXPECT_FALSE(Admit(answer.call(), ListsCases(), clock).ok()) << "bound as a list";
}

}  // namespace
}  // namespace knooppunt::policy
