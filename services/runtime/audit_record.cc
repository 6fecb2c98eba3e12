#include "services/runtime/audit_record.h"

#include "base/error.h"
#include "base/status.h"

namespace knooppunt::runtime {
namespace {

audit::v1::RecordWho Who(const RecordInput& in) {
  audit::v1::RecordWho who;
  const access::v1::Decision& d = *in.decision;
  who.set_time_ms(d.decide_time_ms());
  who.set_method(in.method);
  who.set_permission(in.permission);
  who.set_actor(in.claims->subject());
  who.set_person(d.person());
  who.set_display_name(in.claims->display_name());
  who.set_organisation(in.claims->organisation());
  who.set_function(in.claims->function());
  who.set_purpose(in.purpose);
  who.set_allowed(d.allowed());
  who.set_rule(d.rule());
  who.set_policy_sha256(d.policy_sha256());
  who.set_outcome(absl::StatusCodeToString(in.outcome.code()));
  who.set_reason(base::ReasonOf(in.outcome));
  who.set_call_id(in.call_id);
  who.set_emergency(d.emergency());
  who.set_replay(in.replay);
  return who;
}

audit::v1::RecordAbout About(const RecordInput& in) {
  audit::v1::RecordAbout about;
  about.set_subject(in.decision->audit().subject());
  about.set_resource(in.resource);
  for (const std::string& b : in.decision->bases()) about.add_bases(b);
  if (in.touched != nullptr) {
    for (const std::string& p : in.touched->persons) about.mutable_about()->add_persons(p);
    about.mutable_about()->set_family(in.touched->family);
    for (auto c : in.touched->compartments) about.add_compartments(c);
  }
  return about;
}

}  // namespace

absl::StatusOr<OutboxRecord> MakeRecord(const RecordInput& input, crypto::Random& random) {
  KP_ASSIGN_OR_RETURN(const audit::AuditKeys keys, audit::AuditKeys::Derive(*input.audit_key));
  KP_ASSIGN_OR_RETURN(
      audit::SealedRecord sealed,
      audit::SealRecord(
          keys, {.a = Who(input).SerializeAsString(), .b = About(input).SerializeAsString()},
          random));
  return OutboxRecord{std::move(sealed.body), std::move(sealed.payload),
                      input.decision->audit().subject()};
}

}  // namespace knooppunt::runtime
