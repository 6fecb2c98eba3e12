#include "clients/cli/case_names.h"

#include "gtest/gtest.h"

namespace knooppunt::cli {
namespace {

using casework::v1::Case;

Case Some() {
  Case casus;
  auto* child = casus.add_persons();
  child->set_name("families/f-1/persons/p-1");
  child->set_given_name("Sem");
  child->set_family_name("van der Zanden");
  auto* mother = casus.add_persons();
  mother->set_name("families/f-1/persons/p-2");
  mother->set_given_name("Marieke");
  mother->set_family_name("van der Zanden");
  mother->add_gezag_over("p-1");
  auto* ib = casus.add_participants();
  ib->set_seat("s-1");
  ib->set_professional("professionals/ib");
  ib->set_display_name("Els Janssen");
  auto* parent = casus.add_participants();
  parent->set_seat("s-2");
  parent->set_person("p-2");
  return casus;
}

TEST(CaseNamesTest, WhoOwnsAStepIsReadByName) {
  Case casus = Some();
  casus.add_steps()->set_owner_seat("s-1");
  casus.add_steps()->set_owner_seat("s-2");
  const Case named = WithNames(casus);
  EXPECT_EQ(named.steps(0).owner_seat(), "Els Janssen");
  EXPECT_EQ(named.steps(1).owner_seat(), "Marieke van der Zanden");
}

TEST(CaseNamesTest, GezagAndContributionsAreReadByName) {
  Case casus = Some();
  auto* contribution = casus.add_contributions();
  contribution->set_author("professionals/ib");
  contribution->mutable_label()->mutable_about()->add_persons("p-1");
  const Case named = WithNames(casus);
  EXPECT_EQ(named.persons(1).gezag_over(0), "Sem van der Zanden");
  EXPECT_EQ(named.contributions(0).author(), "Els Janssen");
  EXPECT_EQ(named.contributions(0).label().about().persons(0), "Sem van der Zanden");
  EXPECT_EQ(named.participants(1).display_name(), "Marieke van der Zanden");
}

// Who may not be seen (R18) has no name in the case, and gets none.
TEST(CaseNamesTest, R18AnIdWithoutANameStays) {
  Case casus = Some();
  casus.add_steps()->set_owner_seat("s-9");
  casus.add_contributions()->set_author("families/f-1");
  auto* unseen = casus.add_participants();
  unseen->set_seat("s-3");
  unseen->set_person("p-3");
  const Case named = WithNames(casus);
  EXPECT_EQ(named.steps(0).owner_seat(), "s-9");
  EXPECT_EQ(named.contributions(0).author(), "families/f-1");
  EXPECT_EQ(named.participants(2).display_name(), "");
}

TEST(CaseNamesTest, WhatACommandNeedsStays) {
  const Case named = WithNames(Some());
  EXPECT_EQ(named.persons(0).name(), "families/f-1/persons/p-1");
  EXPECT_EQ(named.participants(0).seat(), "s-1");
  EXPECT_EQ(named.participants(0).professional(), "professionals/ib");
}

}  // namespace
}  // namespace knooppunt::cli
