// The text of framework.textproto, as it was when this was built.
#ifndef KNOOPPUNT_SECURITY_POLICY_FRAMEWORK_TEXT_H_
#define KNOOPPUNT_SECURITY_POLICY_FRAMEWORK_TEXT_H_

namespace knooppunt::policy {

extern const char kBuiltInFramework[];

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_FRAMEWORK_TEXT_H_
