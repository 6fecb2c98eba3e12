// Every method of every service, for every function at every place and everybody of the family, in
// every state of consent, at every level of login, against a table that people can read (R17).
#include <algorithm>
#include <cstdio>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "tests/matrix/world.h"

namespace knooppunt::matrix {
namespace {

constexpr int kShown = 40;  // of what differs

int Place(const char* word) { return Places().Find(word); }

std::vector<int> PlacesFor(const Method& method, int who) {
  if (!IsStaff(who)) return {Place("gezin")};
  if (!method.AboutFamily(/*staff=*/true)) return {Place("geen"), Place("uit-dienst")};
  std::vector<int> all;
  all.reserve(Places().words.size());
  for (int place = 0; place < Place("gezin"); ++place) all.push_back(place);
  return all;
}

// Consent is about a family; a call about nobody has none.
int ConsentsFor(const Method& method, int who) {
  return method.AboutFamily(IsStaff(who)) ? static_cast<int>(Consents().words.size()) : 1;
}

// The purposes that the table names for this method, and where it names none the usual one.
std::vector<int> MainPurposes(const Expectations& table, const Method& method, int who) {
  const Bits named = table.PurposesOf(method.key, IsStaff(who));
  std::vector<int> out;
  for (int p = 1; p < static_cast<int>(Purposes().words.size()); ++p) {
    if ((named >> p & 1) != 0) out.push_back(p);
  }
  if (out.empty()) out.push_back(IsStaff(who) ? 1 : Purposes().Find("eigen-inzage"));
  return out;
}

// Another purpose than these, a different one each time; 0 when there is none.
int CrossedPurpose(const std::vector<int>& main, size_t turn) {
  std::vector<int> others;
  for (int p = 1; p < static_cast<int>(Purposes().words.size()); ++p) {
    if (std::find(main.begin(), main.end(), p) == main.end()) others.push_back(p);
  }
  return others.empty() ? 0 : others[turn % others.size()];
}

// One cell and what access said.
struct Walked {
  Cell cell;
  bool allowed = false;
  std::string rule;
};

bool Agrees(const Expectations::Answer& expected, const Walked& w) {
  return expected.yes == w.allowed && (w.allowed ? !w.rule.empty() : expected.reason == w.rule);
}

class MatrixTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    methods_ = new std::vector<Method>(AllMethods());
    auto parsed = Expectations::Parse(ReadExpectations(), KeysOf(*methods_));
    integration::Require(parsed.status(), "read the table");
    table_ = new Expectations(*std::move(parsed));
    world_ = new World();
    walked_ = new std::vector<Walked>();
    for (const Method& m : *methods_) {
      if (m.rule.caller() == policy::v1::CALLER_PERSON) Walk(m);
    }
  }
  static void TearDownTestSuite() {
    delete world_;
    delete walked_;
    delete table_;
    delete methods_;
  }

  static void Walk(const Method& method) {
    for (int who = 0; IsStaff(who) || IsFamily(who); ++who) {
      const std::vector<int> purposes = MainPurposes(*table_, method, who);
      for (const int place : PlacesFor(method, who)) {
        for (int consent = 0; consent < ConsentsFor(method, who); ++consent) {
          Cell cell{.method = method.key, .who = who, .place = place, .consent = consent};
          for (const char* login : IsStaff(who) ? kStaffLogins : kFamilyLogins) {
            cell.login = Logins().Find(login);
            for (const int purpose : purposes) {
              cell.purpose = purpose;
              Ask(method, cell);
            }
          }
          // At the better login, which is the last.
          cell.purpose = CrossedPurpose(purposes, walked_->size());
          if (cell.purpose == 0 || (consent > 1 && !integration::Rounds(0, 1))) continue;
          ++crossed_;
          Ask(method, cell);
        }
      }
    }
  }
  static void Ask(const Method& method, const Cell& cell) {
    const access::v1::Decision d = world_->Decide(method, cell);
    walked_->push_back({cell, d.allowed(), d.rule()});
  }

  static constexpr const char* kStaffLogins[] = {"1f", "2f"};
  static constexpr const char* kFamilyLogins[] = {"laag", "substantieel"};
  static std::vector<Method>* methods_;
  static Expectations* table_;
  static World* world_;
  static std::vector<Walked>* walked_;
  static int crossed_;
};
std::vector<Method>* MatrixTest::methods_ = nullptr;
Expectations* MatrixTest::table_ = nullptr;
World* MatrixTest::world_ = nullptr;
std::vector<Walked>* MatrixTest::walked_ = nullptr;
int MatrixTest::crossed_ = 0;

TEST_F(MatrixTest, R17EveryCellIsDecidedAsTheTableExpects) {
  int wrong = 0, allowed = 0;
  std::set<int> used;
  for (const Walked& w : *walked_) {
    const Expectations::Answer expected = table_->Of(w.cell);
    if (expected.line >= 0) used.insert(expected.line);
    allowed += w.allowed ? 1 : 0;
    if (Agrees(expected, w) || ++wrong > kShown) continue;
    ADD_FAILURE() << w.cell.ToString() << "\n  expected "
                  << (expected.yes ? "ja" : absl::StrCat("nee:", expected.reason)) << " (line "
                  << (expected.line < 0 ? 0 : table_->lines()[expected.line].number)
                  << "), decided " << (w.allowed ? "ja, by " : "nee:") << w.rule;
  }
  EXPECT_EQ(wrong, 0) << "cells that differ";
  for (size_t i = 0; i < table_->lines().size(); ++i) {
    const Expectations::Line& line = table_->lines()[i];
    const bool for_people = std::any_of(line.methods.begin(), line.methods.end(), [](auto& key) {
      return std::any_of(methods_->begin(), methods_->end(), [&](const Method& m) {
        return m.key == key && m.rule.caller() == policy::v1::CALLER_PERSON;
      });
    });
    EXPECT_TRUE(!for_people || used.contains(static_cast<int>(i)))
        << "expectations.txt:" << line.number << ": no cell ever came to this line: take it out";
  }
  std::printf("matrix: %zu cells walked (%d of them for a crossed purpose), %d allowed\n",
              walked_->size(), crossed_, allowed);
}

// Shows that the walk can fail: whatever one line says, the opposite is noticed.
TEST_F(MatrixTest, R17EveryLineThatSaysTheOppositeIsNoticed) {
  std::vector<std::vector<const Walked*>> by_line(table_->lines().size());
  for (const Walked& w : *walked_) {
    const int line = table_->Of(w.cell).line;
    if (line >= 0 && by_line[line].size() < 20) by_line[line].push_back(&w);
  }
  int flipped = 0;
  for (size_t i = 0; i < by_line.size(); ++i) {
    if (by_line[i].empty()) continue;  // the test above says so
    const Expectations other = table_->Flipped(static_cast<int>(i));
    for (const Walked* w : by_line[i]) {
      EXPECT_FALSE(Agrees(other.Of(w->cell), *w))
          << "line " << table_->lines()[i].number << ": " << w->cell.ToString();
    }
    ++flipped;
  }
  EXPECT_GT(flipped, 60);
}

TEST_F(MatrixTest, P1AMethodWithoutALineAndALineWithoutAMethodAreRefused) {
  const std::vector<std::string> keys = KeysOf(*methods_);
  std::vector<std::string> more = keys;
  more.push_back("casework/NewMethod");
  EXPECT_THAT(Expectations::Parse(ReadExpectations(), more).status().message(),
              ::testing::HasSubstr("no line says who may use casework/NewMethod"));
  for (const auto& [line, what] : std::vector<std::pair<std::string, std::string>>{
           {"casework/Gone | fg | * | * | * | ja | R1", "there is no method casework/Gone"},
           {"casework/GetCase | baas | * | * | * | ja | R1", "unknown word 'baas'"},
           {"casework/GetCase | fg | * | * | * | misschien | R1", "ja, or nee:reason"},
           {"casework/GetCase | fg | * | * | * | ja | zomaar", "names a rule"},
           {"casework/GetCase | fg | * | * | ja | R1", "seven columns"},
           {"casework/GetCase | @wie | * | * | * | ja | R1", "no group @wie"}}) {
    EXPECT_THAT(Expectations::Parse(ReadExpectations() + line, keys).status().message(),
                ::testing::HasSubstr(what));
  }
}

}  // namespace
}  // namespace knooppunt::matrix
