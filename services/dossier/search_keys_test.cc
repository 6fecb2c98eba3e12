#include "services/dossier/search_keys.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::dossier {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Sound(absl::string_view name) {
  const std::vector<std::string> cores = NameCores(name);
  return cores.empty() ? "" : SoundKey(cores[0]);
}

TEST(SearchKeys, R3ParticlesAccentsAndCaseDoNotCount) {
  for (const char* name :
       {"van der Zanden", "Van Der ZANDEN", "v.d. Zanden", "v d Zanden", "vd Zanden", "Zanden",
        "van der  Zanden", "Zanden, van der", "Vanderzanden", "van der Zándén"}) {
    EXPECT_THAT(NameCores(name), ElementsAre("zanden")) << name;
  }
  EXPECT_THAT(NameCores("van 't Hof"), ElementsAre("hof"));
  EXPECT_THAT(NameCores("van ’t Hof"), ElementsAre("hof"));
  EXPECT_THAT(NameCores("'t Hart"), ElementsAre("hart"));
  EXPECT_THAT(NameCores("'s-Gravendijk"), ElementsAre("gravendijk"));
  EXPECT_THAT(NameCores("d'Hondt"), ElementsAre("hondt"));
  EXPECT_THAT(NameCores("in den Boer"), ElementsAre("boer"));
  EXPECT_THAT(NameCores("El Khatib"), ElementsAre("khatib"));
}

TEST(SearchKeys, R3ADoubleNameIsFoundByEachOfItsParts) {
  EXPECT_THAT(NameCores("Jansen-de Vries"), ElementsAre("jansenvries", "jansen", "vries"));
  EXPECT_THAT(NameCores("Jansen de Vries"), ElementsAre("jansenvries", "jansen", "vries"));
  EXPECT_THAT(NameCores("Smit-Smit"), ElementsAre("smit"));
  EXPECT_EQ(NameCores("Aa-Bb-Cc-Dd-Ee-Ff").size(), 1u + kMaxNameParts);
}

TEST(SearchKeys, R3ANameOfParticlesOnlyIsItsOwnCore) {
  EXPECT_THAT(NameCores("De"), ElementsAre("de"));
  EXPECT_THAT(NameCores("van den"), ElementsAre("vanden"));
  EXPECT_THAT(NameCores(" - . "), IsEmpty());
  EXPECT_THAT(NameCores("Vanes"), ElementsAre("vanes")) << "nothing would be left of it";
}

TEST(SearchKeys, R3NamesThatSoundAlikeInDutchHaveOneKey) {
  const std::vector<std::vector<const char*>> alike = {
      {"Meijer", "Meyer", "Meier", "Meÿer"},
      {"Janssen", "Jansen", "Janse"},
      {"Cuypers", "Kuijpers", "Kuipers", "Cuijpers"},
      {"Hendrickx", "Hendriks", "Hendricks"},
      {"Dierckx", "Dirks", "Dircks"},
      {"Theunissen", "Teunissen", "Teunisse"},
      {"Bosch", "Bos"},
      {"Smeets", "Smets"},
      {"Claessens", "Klaassens", "Claesens"},
      {"Philips", "Filips", "Phillips"},
      {"Geraedts", "Geraets"},
      {"de Bruijn", "de Bruyn", "Bruin"},
      {"Vrancken", "Franken", "Francken"},
      {"Quaedvlieg", "Kwadvlieg", "Quadvlieg"},
      {"Thijssen", "Tyssen", "Teijsen"},
      {"Ottenheijm", "Ottenheim"},
      {"van den Brandt", "v.d. Brand", "Brant"},
      {"Pauw", "Pouw", "Pau"},
      {"Aerts", "Aarts", "Arts"},
      {"Wijnen", "Wynen", "Weijnen"},
      {"Zegers", "Segers", "Seghers"},
  };
  for (const auto& names : alike) {
    for (const char* name : names) {
      EXPECT_EQ(Sound(name), Sound(names[0])) << names[0] << " and " << name;
    }
  }
}

TEST(SearchKeys, R3NamesThatSoundOtherwiseHaveAnotherKey) {
  const std::vector<std::pair<const char*, const char*>> apart = {
      {"Jansen", "Hansen"},   {"Bakker", "Dekker"},   {"Peters", "Pieters"},
      {"Smit", "Smeets"},     {"Vos", "Bos"},         {"Maas", "Moos"},
      {"Willems", "Wellems"}, {"Kuipers", "Koppers"}, {"Hermans", "Hermsen"},
  };
  for (const auto& [a, b] : apart) EXPECT_NE(Sound(a), Sound(b)) << a << " and " << b;
}

TEST(SearchKeys, R3WhatIsNumberedOrInAnotherScriptIsEqualToItselfOnly) {
  EXPECT_NE(Sound("Gezin 1"), Sound("Gezin 11"));
  EXPECT_NE(Sound("Gezin 1"), Sound("Gezin 2"));
  EXPECT_EQ(SoundKey(""), "");
  EXPECT_EQ(SoundKey("\xD0\xB8\xD0\xB2"), SoundKey("\xD0\xB8\xD0\xB2"));
  EXPECT_NE(SoundKey("\xD0\xB8"), "") << "another script is equal to itself";
}

TEST(SearchKeys, R3DayAndMonthAreExchangedWhereThatIsADay) {
  EXPECT_EQ(SwappedBirthDate("2015-03-04"), "2015-04-03");
  EXPECT_EQ(SwappedBirthDate("2015-03-14"), "") << "there is no month 14";
  EXPECT_EQ(SwappedBirthDate("2015-04-04"), "") << "the same day";
  EXPECT_EQ(SwappedBirthDate("2016-02-12"), "2016-12-02");
  EXPECT_EQ(SwappedBirthDate("onzin"), "");
}

}  // namespace
}  // namespace knooppunt::dossier
