// What others would read of a case if they asked now: for who plans a meeting and asks, before an
// invitation shows anything, who would see what; and for who gives somebody a step, which is no use
// to who would not see it (R5, R11-R13). Each is decided about as if they asked themselves (P4).
// Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_PARTIES_H_
#define KNOOPPUNT_SECURITY_POLICY_PARTIES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/engine.h"

namespace knooppunt::policy {

// A professional whom the call names, as if they were invited to the table for this organisation.
struct NamedParty {
  std::string professional;  // "professionals/{id}", or ""
  std::string organisation;  // "organisations/{id}"
};

// Whether the outcomes about others come along with a decision about `permission`.
bool BringsParties(absl::string_view permission);

// What the call says beside its question.
struct PartiesAsked {
  NamedParty named;
  // What it will write, completed (Outcome.labels): a scope that is not among the facts yet is
  // decided about as if it were.
  absl::Span<const common::v1::Label> written;
};

// For "meeting.arrange", of meetings: one for each open seat of the case, for each person of the
// family, and for each function in which the named professional would come. A person without an
// account is refused as "no-account": they cannot read here, and are told in another way.
//
// For "meeting.write" and "step.write", of the case, where steps are read: one for each joined
// seat. Who has no account is decided about as if they had one: what is told them in another way is
// what they would have read. Who receives a handover reads what is offered, or what they would once
// they sit at the table, which is when their steps are theirs to do (R16).
//
// For any other permission nothing.
std::vector<access::v1::PartySight> PartiesFor(const Table& table, const World& world,
                                               const Question& asked, const PartiesAsked& parties);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_PARTIES_H_
