// When two records of one family may become one, and what that makes of their facts (R1, R18, R21).
// Nothing moves: the record that gives way keeps its persons, items, keys, consents and log, and
// access goes on deciding about each record by its own facts, so a merge opens nothing to anybody.
// Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_FAMILY_MERGE_RULES_H_
#define KNOOPPUNT_SERVICES_FAMILY_MERGE_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/family/v1/merge.pb.h"

namespace knooppunt::family {

// The facts of both records: of the one that stays only what access tells of it (persons, what is
// under way), and that one is never written to.
struct TwoRecords {
  access::v1::FamilyFacts* gives_way;
  const access::v1::FamilyFacts* stays;
};

// FAILED_PRECONDITION or INVALID_ARGUMENT unless the first may give way to the second: two records,
// both standing by themselves; every case of the first closed (R1); no handover under way in
// either; each match of the same role, birth date and account, one to one, and every child that a
// case of the first is about among them. That nothing gave way to the first is the caller's to know
// (dossier::TookIn).
absl::Status CheckMerge(const TwoRecords& records,
                        const google::protobuf::RepeatedPtrField<access::v1::PersonMatch>& matches);

// Asked for by `who`. ALREADY_EXISTS while another is asked for.
absl::Status ProposeMerge(const TwoRecords& records, const v1::ProposeMergeRequest& req,
                          absl::string_view id, absl::string_view who, absl::Time now);
// Decided by `who`, another than who asked (R21). Looks again at what CheckMerge looks at.
absl::Status DecideMerge(const TwoRecords& records, absl::string_view id, bool approve,
                         absl::string_view who, absl::Time now);
// Undone: the record stands by itself again, exactly as before. What was written in the other one
// meanwhile is that one's own and stays there.
absl::Status UndoMerge(const TwoRecords& records, absl::string_view id, absl::string_view who,
                       absl::Time now);

// As shown. `facts` are of the record that gives way, or gave way.
v1::Merge MergeView(const access::v1::FamilyFacts& facts, const access::v1::MergeFact& merge);
const access::v1::MergeFact* FindMerge(const access::v1::FamilyFacts& facts, absl::string_view id);

}  // namespace knooppunt::family

#endif  // KNOOPPUNT_SERVICES_FAMILY_MERGE_RULES_H_
