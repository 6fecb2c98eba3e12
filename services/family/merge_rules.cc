#include "services/family/merge_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/family/errors.h"

namespace knooppunt::family {
namespace {

using access::v1::FamilyFacts;
using access::v1::MergeFact;
using access::v1::PersonFact;
using access::v1::PersonMatch;
using Matches = google::protobuf::RepeatedPtrField<PersonMatch>;

MergeFact* Mutable(FamilyFacts* facts, absl::string_view id) {
  return const_cast<MergeFact*>(FindMerge(*facts, id));
}

bool Waits(const FamilyFacts& facts) {
  return std::any_of(facts.merges().begin(), facts.merges().end(), [](const MergeFact& m) {
    return m.state() == access::v1::MERGE_STATE_PROPOSED;
  });
}

absl::Status CheckMatches(const TwoRecords& records, const Matches& matches) {
  std::set<std::string> from, to;
  for (const PersonMatch& m : matches) {
    const PersonFact* a = policy::FindPerson(*records.gives_way, m.person());
    const PersonFact* b = policy::FindPerson(*records.stays, m.same_as());
    if (a == nullptr || b == nullptr) {
      return dossier::errors::InvalidField("matches", "name a person of each record");
    }
    if (!from.insert(m.person()).second || !to.insert(m.same_as()).second) {
      return dossier::errors::InvalidField("matches", "name each person once");
    }
    if (a->role() != b->role() || a->birth_date() != b->birth_date()) return errors::NotTheSame();
    if (!a->account().empty() && !b->account().empty() && a->account() != b->account()) {
      return errors::NotTheSame();
    }
  }
  for (const access::v1::CaseFact& c : records.gives_way->cases()) {
    for (const std::string& child : c.children()) {
      if (!from.contains(child)) return errors::ChildWithoutMatch();
    }
  }
  return from.empty() ? errors::ChildWithoutMatch() : absl::OkStatus();
}

absl::StatusOr<MergeFact*> OfBoth(const TwoRecords& records, absl::string_view id) {
  MergeFact* const m = Mutable(records.gives_way, id);
  if (m == nullptr || m->other() != records.stays->id()) return dossier::errors::NotFound();
  return m;
}

}  // namespace

const MergeFact* FindMerge(const FamilyFacts& facts, absl::string_view id) {
  const auto found = std::find_if(facts.merges().begin(), facts.merges().end(),
                                  [&](const MergeFact& m) { return m.id() == id; });
  return found == facts.merges().end() ? nullptr : &*found;
}

absl::Status CheckMerge(const TwoRecords& records, const Matches& matches) {
  const FamilyFacts& from = *records.gives_way;
  const FamilyFacts& to = *records.stays;
  if (from.id() == to.id()) {
    return dossier::errors::InvalidField("into", "be another family than the one that gives way");
  }
  if (!from.merged_into().empty() || !to.merged_into().empty()) return errors::MergedAlready();
  if (dossier::CurrentCase(from) != nullptr) return errors::GivesWayWithAnOpenCase();
  if (!from.handovers().empty() || !to.handovers().empty()) return errors::HandoverUnderWay();
  return CheckMatches(records, matches);
}

absl::Status ProposeMerge(const TwoRecords& records, const v1::ProposeMergeRequest& req,
                          absl::string_view id, absl::string_view who, absl::Time now) {
  KP_RETURN_IF_ERROR(CheckMerge(records, req.matches()));
  if (Waits(*records.gives_way)) return errors::MergeWaits();
  MergeFact* m = records.gives_way->add_merges();
  m->set_id(std::string(id));
  m->set_gives_way(true);
  m->set_other(records.stays->id());
  m->set_state(access::v1::MERGE_STATE_PROPOSED);
  *m->mutable_matches() = req.matches();
  m->set_proposed_by(std::string(who));
  m->set_propose_time(absl::ToUnixSeconds(now));
  return absl::OkStatus();
}

absl::Status DecideMerge(const TwoRecords& records, absl::string_view id, bool approve,
                         absl::string_view who, absl::Time now) {
  KP_ASSIGN_OR_RETURN(MergeFact* const m, OfBoth(records, id));
  if (m->state() != access::v1::MERGE_STATE_PROPOSED) return errors::MergeDecided();
  if (approve && m->proposed_by() == who) return errors::NotYourOwnMerge();
  if (approve) KP_RETURN_IF_ERROR(CheckMerge(records, m->matches()));
  m->set_state(approve ? access::v1::MERGE_STATE_MERGED : access::v1::MERGE_STATE_REFUSED);
  m->set_decided_by(std::string(who));
  m->set_decide_time(absl::ToUnixSeconds(now));
  if (approve) records.gives_way->set_merged_into(records.stays->id());
  return absl::OkStatus();
}

absl::Status UndoMerge(const TwoRecords& records, absl::string_view id, absl::string_view who,
                       absl::Time now) {
  KP_ASSIGN_OR_RETURN(MergeFact* const m, OfBoth(records, id));
  if (m->state() != access::v1::MERGE_STATE_MERGED ||
      records.gives_way->merged_into() != records.stays->id()) {
    return errors::NotMerged();
  }
  m->set_state(access::v1::MERGE_STATE_UNDONE);
  m->set_undone_by(std::string(who));
  m->set_undo_time(absl::ToUnixSeconds(now));
  records.gives_way->clear_merged_into();
  return absl::OkStatus();
}

v1::Merge MergeView(const FamilyFacts& facts, const MergeFact& merge) {
  v1::Merge out;
  out.set_name(absl::StrCat("families/", facts.id(), "/merges/", merge.id()));
  out.set_into(absl::StrCat("families/", merge.other()));
  out.set_state(merge.state());
  *out.mutable_matches() = merge.matches();
  out.set_proposer(merge.proposed_by());
  *out.mutable_propose_time() = dossier::ToTimestamp(merge.propose_time());
  out.set_decider(merge.decided_by());
  if (merge.decide_time() != 0) {
    *out.mutable_decide_time() = dossier::ToTimestamp(merge.decide_time());
  }
  out.set_undoer(merge.undone_by());
  if (merge.undo_time() != 0) *out.mutable_undo_time() = dossier::ToTimestamp(merge.undo_time());
  return out;
}

}  // namespace knooppunt::family
