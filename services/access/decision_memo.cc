#include "services/access/decision_memo.h"

#include <algorithm>
#include <utility>

#include "base/date.h"

namespace knooppunt::access {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A case has a dozen people at its table; who is there at once asks a few things.
constexpr size_t kMaxKept = 16;

void AddInstant(int64_t t, std::vector<int64_t>* out) {
  out->push_back(t);
  if (t < INT64_MAX) out->push_back(t + 1);  // for a rule that says "until" and means "through"
}

void AddInstants(const Message& message, std::vector<int64_t>* out) {
  const google::protobuf::Reflection& fields = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  fields.ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field->is_repeated()) {
      for (int i = 0; i < fields.FieldSize(message, field); ++i)
        AddInstants(fields.GetRepeatedMessage(message, field, i), out);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddInstants(fields.GetMessage(message, field), out);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 && field->is_repeated()) {
      for (int i = 0; i < fields.FieldSize(message, field); ++i)
        AddInstant(fields.GetRepeatedInt64(message, field, i), out);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
      AddInstant(fields.GetInt64(message, field), out);
    }
  }
}

}  // namespace

// By reflection, so that a fact with a time that somebody adds later counts from the first day.
std::vector<int64_t> InstantsOf(const v1::FamilyFacts& facts) {
  std::vector<int64_t> out;
  AddInstants(facts, &out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Period SteadyPeriod(const std::vector<int64_t>& instants, absl::Time now) {
  const base::Date today = base::DateOf(now);
  Period out{base::StartOf(today), base::StartOf(today + 1)};
  const auto next = std::upper_bound(
      instants.begin(), instants.end(), now,
      [](absl::Time t, int64_t instant) { return t < absl::FromUnixSeconds(instant); });
  if (next != instants.end()) out.before = std::min(out.before, absl::FromUnixSeconds(*next));
  if (next != instants.begin())
    out.from = std::max(out.from, absl::FromUnixSeconds(*std::prev(next)));
  return out;
}

bool DecisionMemo::Answers(const Entry& e, const AskedOfFamily& asked) {
  const v1::TokenClaims& claims = *asked.claims;
  return e.policy == asked.policy && e.directory == asked.directory && e.period.from <= asked.now &&
         asked.now < e.period.before && e.purpose == asked.purpose &&
         e.function == claims.function() && e.assurance == claims.assurance() &&
         e.two_factor == claims.two_factor() && e.permission == asked.permission &&
         e.case_id == asked.case_id && e.subject == claims.subject() &&
         e.organisation == claims.organisation();
}

std::shared_ptr<const KeptDecision> DecisionMemo::Find(const AskedOfFamily& asked) {
  base::MutexLock lock(mu_);
  for (const Entry& e : entries_) {
    if (Answers(e, asked)) return e.decision;
  }
  return nullptr;
}

void DecisionMemo::Keep(const AskedOfFamily& asked, const v1::FamilyFacts& facts,
                        KeptDecision decision) {
  const v1::TokenClaims& claims = *asked.claims;
  Entry entry{.policy = asked.policy,
              .directory = asked.directory,
              .period = {},
              .permission = std::string(asked.permission),
              .purpose = asked.purpose,
              .case_id = std::string(asked.case_id),
              .subject = claims.subject(),
              .organisation = claims.organisation(),
              .function = claims.function(),
              .assurance = claims.assurance(),
              .two_factor = claims.two_factor(),
              .decision = std::make_shared<const KeptDecision>(std::move(decision))};
  base::MutexLock lock(mu_);
  if (instants_.empty()) instants_ = InstantsOf(facts);
  entry.period = SteadyPeriod(instants_, asked.now);
  if (entries_.size() < kMaxKept) {
    entries_.push_back(std::move(entry));
    return;
  }
  entries_[oldest_] = std::move(entry);
  oldest_ = (oldest_ + 1) % kMaxKept;
}

}  // namespace knooppunt::access
