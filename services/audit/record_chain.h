// The chain behind one record, from what the record itself holds (R19). Pure: no I/O and no clock.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_AUDIT_RECORD_CHAIN_H_
#define KNOOPPUNT_SERVICES_AUDIT_RECORD_CHAIN_H_

#include "knooppunt/audit/v1/audit.pb.h"
#include "services/audit/rules.h"

namespace knooppunt::audit_service {

// `view` is what its reader may see of the record: nothing else is told. Formal to an auditor, with
// the rule's id, the policy's hash and what it rested on; plain to a family member.
audit::v1::ExplainedRecord ExplainedFrom(const RecordView& view, bool auditor);

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_RECORD_CHAIN_H_
