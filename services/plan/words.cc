// What the words of the plan are in Dutch, as a family reads them.

#include "services/plan/rules.h"

namespace knooppunt::plan {

absl::string_view DomainInDutch(v1::LifeDomain domain) {
  switch (domain) {
    case v1::LIFE_DOMAIN_SCHOOL:
      return "school";
    case v1::LIFE_DOMAIN_HOME:
      return "thuis";
    case v1::LIFE_DOMAIN_HEALTH:
      return "gezondheid";
    case v1::LIFE_DOMAIN_FEELINGS:
      return "gevoel en gedrag";
    case v1::LIFE_DOMAIN_FRIENDS:
      return "vrienden en sociale contacten";
    case v1::LIFE_DOMAIN_LEISURE:
      return "vrije tijd";
    case v1::LIFE_DOMAIN_SAFETY:
      return "veiligheid";
    case v1::LIFE_DOMAIN_MONEY:
      return "geld";
    case v1::LIFE_DOMAIN_HOUSING:
      return "wonen";
    case v1::LIFE_DOMAIN_WORK:
      return "werk en dagbesteding";
    default:
      return "";
  }
}

absl::string_view HowInDutch(v1::WishHow how) {
  switch (how) {
    case v1::WISH_HOW_SELF:
      return "zelf opgeschreven";
    case v1::WISH_HOW_CONVERSATION:
      return "verteld in een gesprek";
    case v1::WISH_HOW_LETTER:
      return "in een brief, bericht of formulier";
    case v1::WISH_HOW_DRAWING:
      return "met een tekening, spel of plaatjes";
    case v1::WISH_HOW_TRUSTED_PERSON:
      return "via een vertrouwd persoon of tolk";
    default:
      return "";
  }
}

absl::string_view StateInDutch(v1::GoalState state) {
  switch (state) {
    case v1::GOAL_STATE_OPEN:
      return "hier werken we aan";
    case v1::GOAL_STATE_REACHED:
      return "gelukt";
    case v1::GOAL_STATE_DROPPED:
      return "gestopt";
    case v1::GOAL_STATE_CARRIED_OVER:
      return "gaat verder als nieuw doel";
    default:
      return "";
  }
}

absl::string_view AssetKindInDutch(v1::AssetKind kind) {
  switch (kind) {
    case v1::ASSET_KIND_WORKS:
      return "wat goed gaat";
    case v1::ASSET_KIND_HELP:
      return "hulp die er al is";
    case v1::ASSET_KIND_NETWORK:
      return "mensen om het gezin heen";
    default:
      return "";
  }
}

absl::string_view ArrangementKindInDutch(v1::ArrangementKind kind) {
  switch (kind) {
    case v1::ARRANGEMENT_KIND_SCHOOL_SUPPORT:
      return "extra ondersteuning op school";
    case v1::ARRANGEMENT_KIND_SCHOOL_ARRANGEMENT:
      return "schoolarrangement";
    case v1::ARRANGEMENT_KIND_TARGET_GROUP:
      return "doelgroeparrangement";
    case v1::ARRANGEMENT_KIND_OSK:
      return "collectief arrangement (OSK)";
    case v1::ARRANGEMENT_KIND_YOUTH_CARE:
      return "jeugdhulp";
    case v1::ARRANGEMENT_KIND_SCHOOL_SOCIAL_WORK:
      return "schoolmaatschappelijk werk";
    case v1::ARRANGEMENT_KIND_TRANSPORT:
      return "leerlingenvervoer";
    case v1::ARRANGEMENT_KIND_OTHER:
      return "ander arrangement";
    default:
      return "";
  }
}

absl::string_view ReachInDutch(v1::ArrangementReach reach) {
  switch (reach) {
    case v1::ARRANGEMENT_REACH_INDIVIDUAL:
      return "voor dit kind of gezin";
    case v1::ARRANGEMENT_REACH_COLLECTIVE:
      return "voor een groep of school";
    default:
      return "";
  }
}

absl::string_view FundingInDutch(common::v1::Funding funding) {
  switch (funding) {
    case common::v1::FUNDING_EDUCATION:
      return "onderwijs";
    case common::v1::FUNDING_JEUGDWET:
      return "Jeugdwet";
    case common::v1::FUNDING_WMO:
      return "Wmo";
    case common::v1::FUNDING_WLZ:
      return "Wlz";
    case common::v1::FUNDING_ZVW:
      return "Zvw";
    case common::v1::FUNDING_SHARED:
      return "samen";
    default:
      return "";
  }
}

}  // namespace knooppunt::plan
