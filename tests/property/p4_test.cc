// Existence does not show (P4, R18): what every list, search, count and nested answer of every
// service shows is what the point check allows, over worlds that are made up from a seed. A finding
// says the seed; KNOOPPUNT_SEED=n plays that world alone. KNOOPPUNT_LONG=1 plays until 100,000
// comparisons and more were made.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "gtest/gtest.h"
#include "knooppunt/policy/v1/rule.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using integration::Rounds;

// Every method of every service of ours that is linked in: those of all units.
std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> out;
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  for (const std::string& name : files) {
    if (!absl::StartsWith(name, "knooppunt/")) continue;
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int s = 0; file != nullptr && s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        out.push_back(file->service(s)->method(m));
      }
    }
  }
  return out;
}

std::string NameOf(const MethodDescriptor* m) {
  const std::string service = m->service()->full_name();  // knooppunt.casework.v1.CaseworkService
  return absl::StrCat(service.substr(service.find('.') + 1), "/", m->name());
}

const policy::v1::MethodRule& RuleOf(const MethodDescriptor* m) {
  return m->options().GetExtension(policy::v1::rule);
}

// Answers with several of something: what could show too many, or too few.
bool AnswersWithMany(const MethodDescriptor* m) {
  const policy::v1::MethodRule& rule = RuleOf(m);
  if (rule.lists() || rule.searches() || absl::StartsWith(m->name(), "List")) return true;
  for (int i = 0; i < m->output_type()->field_count(); ++i) {
    const FieldDescriptor* f = m->output_type()->field(i);
    const bool things = f->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ||
                        f->type() == FieldDescriptor::TYPE_BYTES;
    if (f->is_repeated() && things) return true;
  }
  return false;
}

uint32_t FirstSeed() {
  const char* seed = std::getenv("KNOOPPUNT_SEED");
  return seed == nullptr ? 1 : static_cast<uint32_t>(std::strtoul(seed, nullptr, 10));
}

void Ship(Region& region) {
  for (const char* unit : {"dossier", "access", "directory"}) {
    integration::Require(region.process().host(unit)->shipper().Flush(absl::Seconds(20)), "ship");
  }
}

// Who cannot know of `change`, by what they could see before and after.
bool MustNotNotice(const Change& change, const Caller& who, const Comparer::Sight& before,
                   const Comparer::Sight& after) {
  if (change.what.empty() || before.outcomes != after.outcomes) return false;
  const std::string& me = who.claims.subject();
  if (!change.scopes.empty()) {
    // A scope that came into use with this change is open from now on to who could have had it.
    for (const std::string& scope : change.scopes) {
      if (after.scopes.contains(scope) || before.scopes.contains(scope)) return false;
    }
    return true;
  }
  if (!(before == after)) return false;
  if (!change.consent.empty()) return !after.consents.contains(change.consent);
  if (!change.ground.empty()) return !after.grounds.contains(change.ground);
  if (!change.emergency_opener.empty()) {
    return me != change.emergency_opener &&
           who.claims.function() != common::v1::FUNCTION_PRIVACY_OFFICER;
  }
  return false;
}

// One act, with the looks of `watchers` before and after it.
void ActUnderEyes(World& world, Comparer& comparer, const std::vector<Caller>& watchers) {
  struct Eyes {
    Comparer::Sight sight;
    std::map<std::string, std::string> look;
  };
  std::vector<std::vector<Eyes>> before(world.families().size());
  for (size_t f = 0; f < world.families().size(); ++f) {
    for (const Caller& who : watchers) {
      const Family& family = world.families()[f];
      before[f].push_back({comparer.SightOf(who, family), comparer.Look(who, family)});
    }
  }
  const Change change = world.Act();
  comparer.CompareAnswers();
  if (change.what.empty() || change.what == "time") return;
  const Family& family = world.families()[change.family];
  for (size_t i = 0; i < watchers.size(); ++i) {
    const Eyes& then = before[change.family][i];
    if (!MustNotNotice(change, watchers[i], then.sight, comparer.SightOf(watchers[i], family)))
      continue;
    comparer.CompareLooks(watchers[i], family, change.what, then.look,
                          comparer.Look(watchers[i], family));
  }
}

// A purpose that somebody of this function might state.
Caller WithAPurpose(World& world, Caller who) {
  if (who.claims.organisation().empty() || world.Chance(75)) return who;
  static constexpr common::v1::Purpose kPurposes[] = {
      common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_HANDOVER,
      common::v1::PURPOSE_OWN_RECORD, common::v1::PURPOSE_EMERGENCY};
  return who.For(world.Pick(kPurposes));
}

void Play(uint32_t seed, int rounds, Region* region, Report* report) {
  const size_t findings = report->findings.size();
  World world(region, seed, 2);
  Comparer comparer(&world, report);
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < 25; ++i) {
      world.Act();
      comparer.CompareAnswers();
    }
    for (int i = 0; i < 3; ++i) {
      std::vector<Caller> watchers;
      for (int k = 0; k < 4; ++k) {
        std::vector<Caller> all = world.Everybody();
        watchers.push_back(world.Pick(all));
      }
      ActUnderEyes(world, comparer, watchers);
    }
    Ship(*region);
    for (const Caller& somebody : world.Everybody()) {
      const Caller who = WithAPurpose(world, somebody);
      for (const Family& f : world.families()) {
        // Of another family one is a stranger like any other: now and then is enough.
        const bool relative = who.claims.organisation().empty();
        const bool theirs = std::any_of(f.members.begin(), f.members.end(), [&](const Member& m) {
          return m.account == who.claims.subject();
        });
        if (!relative || theirs || world.Chance(10)) comparer.Compare(who, f);
      }
      if (world.Chance(30)) comparer.CompareLists(who);
    }
  }
  if (report->findings.size() == findings) return;
  std::printf("seed %u; what happened:\n  %s\n", seed,
              absl::StrJoin(world.story(), "\n  ").c_str());
}

void Print(const Report& report) {
  std::printf("%lld comparisons in %lld calls\n", static_cast<long long>(report.comparisons),
              static_cast<long long>(report.calls));
  for (const auto& [method, n] : report.by_method) {
    std::printf("  %8lld  %s\n", static_cast<long long>(n), method.c_str());
  }
}

TEST(P4Test, R18EveryListShowsWhatThePointCheckAllows) {
  Report report;
  const bool alone = std::getenv("KNOOPPUNT_SEED") != nullptr;
  const int64_t wanted = Rounds(12'000, 100'000);
  // On, up to three times as many, while a method has not come its turn.
  const auto waits = [&] {
    const std::set<std::string> all = Comparer::Compared();
    return report.comparisons < 3 * wanted &&
           std::any_of(all.begin(), all.end(),
                       [&](const std::string& m) { return !report.by_method.contains(m); });
  };
  for (uint32_t seed = FirstSeed(); report.comparisons < wanted || waits(); ++seed) {
    SCOPED_TRACE(absl::StrCat("KNOOPPUNT_SEED=", seed));
    Region region;
    Play(seed, 3, &region, &report);
    for (const std::string& finding : report.findings) ADD_FAILURE() << finding;
    if (alone || !report.findings.empty()) break;
  }
  Print(report);
  if (alone) return;
  for (const std::string& method : Comparer::Compared()) {
    EXPECT_GT(report.by_method[method], 0) << method << " was never compared";
  }
}

// A new method that answers with many fails here until comparer.h compares it; the answers to acts
// are all searched for what they may not hold (CompareAnswers).
TEST(P4Test, P4EveryMethodThatAnswersWithManyHasAComparison) {
  const std::set<std::string> compared = Comparer::Compared();
  int many = 0;
  for (const MethodDescriptor* m : Methods()) {
    if (!AnswersWithMany(m)) continue;
    ++many;
    if (RuleOf(m).mutation() && !RuleOf(m).searches()) continue;
    EXPECT_TRUE(compared.contains(NameOf(m))) << NameOf(m) << " has no comparison in comparer.h";
  }
  EXPECT_GE(many, 20);
}

}  // namespace
}  // namespace knooppunt::property
