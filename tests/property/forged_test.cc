// That the property test of P4 and R18 can fail: whoever stands between and shows a little more, or
// a little less, is found out. Each forgery is of one answer, as a handler that forgets a decision
// would give it.
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/mutex.h"
#include "gtest/gtest.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "services/runtime/direct_transport.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

using google::protobuf::Message;

// The people's way in, with a change to each answer on the way out.
class Between final : public client::Transport {
 public:
  using Forgery = std::function<void(const std::string& method, absl::Status*, Message*)>;
  Between(Region* region, Forgery forgery)
      : direct_(&region->process().switchboard(), ""), forgery_(std::move(forgery)) {}
  absl::Status Call(const std::string& method, const Message& request, Message* response,
                    const client::CallOptions& options) override {
    absl::Status status = direct_.Call(method, request, response, options);
    forgery_(method, &status, response);
    return status;
  }
  // Streams go through as they are.
  absl::Status Receive(const std::string& method, const Message& request, Message* response,
                       const client::CallOptions& options,
                       absl::FunctionRef<absl::Status()> each) override {
    return direct_.Receive(method, request, response, options, each);
  }
  absl::Status Send(const std::string& method, Message* request,
                    absl::FunctionRef<absl::StatusOr<bool>()> next, Message* response,
                    const client::CallOptions& options) override {
    return direct_.Send(method, request, next, response, options);
  }

 private:
  runtime::DirectTransport direct_;
  const Forgery forgery_;
};

// Somebody reads something of everything that is forged below, whatever the acts of a world are
// drawn from.
bool HasEnough(World& world) {
  bool wish = false, words = false;
  std::set<std::string> there;
  int least = std::numeric_limits<int>::max();
  for (const Caller& who : world.Everybody()) {
    for (const Family& f : world.families()) {
      casework::v1::GetCaseRequest get;
      get.set_name(f.case_name);
      casework::v1::Case c;
      if (world.region().Call(who, "casework.v1.CaseworkService/GetCase", get, &c).ok()) {
        // Somebody sees one that somebody else does not.
        for (const casework::v1::Contribution& x : c.contributions()) there.insert(x.name());
        least = std::min(least, c.contributions_size());
      }
      plan::v1::GetPlanRequest get_plan;
      get_plan.set_name(f.case_name);
      plan::v1::Plan plan;
      if (!world.region().Call(who, "plan.v1.PlanService/GetPlan", get_plan, &plan).ok()) continue;
      wish = wish || plan.wishes_size() > 0;
      for (const plan::v1::PlanSection* part : {&plan.education(), &plan.family()}) {
        words = words || part->steps_size() + part->assets_size() > 0;
      }
    }
  }
  return static_cast<int>(there.size()) > least && wish && words;
}

// A world with something in it, compared through `forgery`; the methods that findings are about.
std::set<std::string> Caught(const Between::Forgery& forgery) {
  // The first world in which there is enough to forge.
  std::unique_ptr<Region> made;
  std::unique_ptr<World> filled;
  bool enough = false;
  for (uint32_t seed = 1; seed <= 20 && !enough; ++seed) {
    filled.reset();
    made = std::make_unique<Region>();
    filled = std::make_unique<World>(made.get(), seed, 1);
    for (int i = 0; i < 150; ++i) filled->Act();
    enough = HasEnough(*filled);
  }
  EXPECT_TRUE(enough) << "in no world is there enough to forge: let more happen in them";
  Region& region = *made;
  World& world = *filled;
  world.TakeAnswers();
  Between between(&region, forgery);
  region.UseTransport(&between);
  Report report;
  Comparer comparer(&world, &report);
  for (const Caller& who : world.Everybody()) {
    for (const Family& f : world.families()) comparer.Compare(who, f);
    comparer.CompareLists(who);
  }
  std::set<std::string> methods;
  for (const std::string& finding : report.findings) {
    methods.insert(
        finding.substr(finding.find('/') + 1, finding.find(' ') - finding.find('/') - 1));
  }
  return methods;
}

TEST(P4ForgedTest, R18NothingIsFoundWhereNothingIsForged) {
  EXPECT_EQ(Caught([](const std::string&, absl::Status*, Message*) {}), std::set<std::string>());
}

TEST(P4ForgedTest, P4AnItemTooManyIsFound) {
  std::map<std::string, casework::v1::Contribution> seen;  // by whoever may
  const auto methods = Caught([&](const std::string&, absl::Status* status, Message* response) {
    auto* shown = dynamic_cast<casework::v1::Case*>(response);
    if (shown == nullptr || !status->ok()) return;
    std::map<std::string, casework::v1::Contribution> too_many = seen;
    for (const casework::v1::Contribution& x : shown->contributions()) {
      seen[x.name()] = x;
      too_many.erase(x.name());
    }
    for (const auto& [name, x] : too_many) *shown->add_contributions() = x;
  });
  EXPECT_TRUE(methods.contains("GetCase"));
}

TEST(P4ForgedTest, R18AWishTooManyOrWordsOfAnothersPlanAreFound) {
  plan::v1::Wish wish;
  std::string words;  // of every plan so far
  const auto methods = Caught([&](const std::string&, absl::Status* status, Message* response) {
    auto* shown = dynamic_cast<plan::v1::Plan*>(response);
    if (shown != nullptr && status->ok()) {
      for (const plan::v1::Wish& w : shown->wishes()) absl::StrAppend(&words, w.text(), "\n");
      for (const plan::v1::PlanSection* part : {&shown->education(), &shown->family()}) {
        for (const auto& step : part->steps()) absl::StrAppend(&words, step.text(), "\n");
        for (const auto& asset : part->assets()) absl::StrAppend(&words, asset.text(), "\n");
      }
      if (shown->wishes_size() > 0) wish = shown->wishes(0);
      if (!wish.name().empty()) *shown->add_wishes() = wish;
    }
    auto* document = dynamic_cast<plan::v1::RenderPlanResponse*>(response);
    if (document != nullptr && status->ok()) document->mutable_content()->append(words);
  });
  EXPECT_TRUE(methods.contains("GetPlan"));
  EXPECT_TRUE(methods.contains("RenderPlan"));
}

TEST(P4ForgedTest, P4AnItemTooFewIsFound) {
  const auto methods = Caught([](const std::string&, absl::Status* status, Message* response) {
    auto* shown = dynamic_cast<consent::v1::ListConsentsResponse*>(response);
    if (shown != nullptr && status->ok() && shown->consents_size() > 0) {
      shown->mutable_consents()->RemoveLast();
    }
  });
  EXPECT_TRUE(methods.contains("ListConsents"));
}

TEST(P4ForgedTest, P4ACaseOfAnotherInAListIsFound) {
  casework::v1::Case another;
  const auto methods = Caught([&](const std::string&, absl::Status* status, Message* response) {
    auto* shown = dynamic_cast<casework::v1::ListCasesResponse*>(response);
    if (shown == nullptr || !status->ok()) return;
    if (shown->cases_size() > 0) another = shown->cases(0);
    if (!another.name().empty() && shown->cases_size() == 0) *shown->add_cases() = another;
  });
  EXPECT_TRUE(methods.contains("ListCases"));
}

TEST(P4ForgedTest, R18AnIdInAnErrorIsFound) {
  std::string id;
  const auto methods = Caught([&](const std::string&, absl::Status* status, Message* response) {
    const auto* shown = dynamic_cast<casework::v1::Case*>(response);
    if (shown == nullptr) return;
    if (status->ok() && shown->contributions_size() > 0) id = shown->contributions(0).name();
    if (absl::IsPermissionDenied(*status)) {
      *status = base::MakeError(status->code(), base::ReasonOf(*status), "R17",
                                absl::StrCat("this is not for you: ", id));
    }
  });
  EXPECT_TRUE(methods.contains("GetCase"));
}

TEST(P4ForgedTest, R18AnEtagOverMoreThanTheViewIsFound) {
  int calls = 0;
  const auto methods = Caught([&](const std::string&, absl::Status* status, Message* response) {
    auto* shown = dynamic_cast<casework::v1::Case*>(response);
    if (shown != nullptr && status->ok()) shown->set_etag(absl::StrCat(++calls));
  });
  EXPECT_TRUE(methods.contains("GetCase"));
}

TEST(P4ForgedTest, R18AnAuthorWhomOneMayNotSeeIsFound) {
  std::string author;
  const auto methods = Caught([&](const std::string&, absl::Status* status, Message* response) {
    auto* shown = dynamic_cast<casework::v1::Case*>(response);
    if (shown == nullptr || !status->ok()) return;
    if (shown->persons_size() > 0) author = shown->persons(0).name();
    for (casework::v1::Contribution& c : *shown->mutable_contributions()) {
      if (!author.empty()) c.set_author(author);
    }
  });
  EXPECT_TRUE(methods.contains("GetCase"));
}

// Between a unit and access: every permit opens what anybody's opened.
class WidePermits {
 public:
  server::Process::Options::Between Between() {
    return [this](const std::string&, const std::string&, client::Transport* way) {
      return std::make_unique<Way>(this, way);
    };
  }

 private:
  class Way final : public client::Transport {
   public:
    Way(WidePermits* all, client::Transport* way) : all_(all), way_(way) {}
    absl::Status Call(const std::string& method, const Message& request, Message* response,
                      const client::CallOptions& options) override {
      const absl::Status status = way_->Call(method, request, response, options);
      auto* d = dynamic_cast<access::v1::Decision*>(response);
      if (d == nullptr || !d->allowed() || d->family().empty()) return status;
      base::MutexLock lock(all_->mu_);
      auto& known = all_->scopes_[d->family()];
      for (const auto& s : d->permit().scopes()) known[s.id()] = s;
      d->mutable_permit()->clear_scopes();
      for (const auto& [id, s] : known) *d->mutable_permit()->add_scopes() = s;
      return status;
    }

   private:
    WidePermits* const all_;
    client::Transport* const way_;
  };

  base::Mutex mu_;
  std::map<std::string, std::map<std::string, access::v1::PermitScope>> scopes_
      ABSL_GUARDED_BY(mu_);
};

TEST(P4ForgedTest, P4AScopeTooManyInAPermitIsFound) {
  WidePermits wide;
  Region region{{.between = wide.Between()}};
  World world(&region, 6, 1);
  for (int i = 0; i < 60; ++i) world.Act();
  world.TakeAnswers();
  Report report;
  Comparer comparer(&world, &report);
  for (const Caller& who : world.Everybody()) {
    for (const Family& f : world.families()) comparer.Compare(who, f);
  }
  int items = 0, texts = 0;
  for (const std::string& finding : report.findings) {
    items += absl::StrContains(finding, "is shown and not open") ? 1 : 0;
    texts += absl::StrContains(finding, "stands in the answer") ? 1 : 0;
  }
  EXPECT_GT(items, 0);
  EXPECT_GT(texts, 0) << "the words of an item are found wherever they stand";
}

}  // namespace
}  // namespace knooppunt::property
