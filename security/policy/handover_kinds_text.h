// The text of handover_kinds.textproto, as it was when this was built.
#ifndef KNOOPPUNT_SECURITY_POLICY_HANDOVER_KINDS_TEXT_H_
#define KNOOPPUNT_SECURITY_POLICY_HANDOVER_KINDS_TEXT_H_

namespace knooppunt::policy {

extern const char kBuiltInHandoverKinds[];

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_HANDOVER_KINDS_TEXT_H_
