// The kinds of handover as data (R30): where each leads, what usually travels, who must take part,
// when it may start and by when it is done. Immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_POLICY_HANDOVER_KINDS_H_
#define KNOOPPUNT_SECURITY_POLICY_HANDOVER_KINDS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/handover/v1/kinds.pb.h"

namespace knooppunt::policy {

class HandoverKinds {
 public:
  // INVALID_ARGUMENT names the line that does not parse, or the kind, its fault and what to do:
  // every kind of the contract once, each with a title, a source, stages, usual parts, a day from
  // which it counts and terms that can be, and what consent it asks.
  static absl::StatusOr<std::shared_ptr<const HandoverKinds>> Parse(absl::string_view textproto);
  static absl::StatusOr<std::shared_ptr<const HandoverKinds>> Load(const std::string& path);
  // security/policy/handover_kinds.textproto as it was when this was built; for who configures
  // none.
  static absl::StatusOr<std::shared_ptr<const HandoverKinds>> BuiltIn();

  // With the SHA-256 of the text.
  const handover::v1::HandoverKinds& table() const { return table_; }
  // nullptr when the contract knows no such kind.
  const handover::v1::HandoverKindRow* Find(handover::v1::HandoverKind kind) const;

 private:
  HandoverKinds() = default;

  handover::v1::HandoverKinds table_;
};

// When a handover of a kind may start and by when it should be accepted. Pure.
struct KindDates {
  bool anchored = false;
  base::Date anchor;    // the day from which it counts; that of the draft when there is none
  base::Date earliest;  // it may start on this day or later
  base::Date due;       // accepted on this day at the latest; after the draft in any case
};
// `birth` is the birth date of the youngest child that it is about.
KindDates DatesOf(const handover::v1::HandoverKindRow& row, base::Date today, base::Date birth);

// How many days after its expire date a handover to another installation still waits for the
// receipt of what was done there in time.
int ReceiptDays(const handover::v1::HandoverKindRow& row);

// Whether a row leads from, and to, a werkplaats of that stage.
bool LeadsFrom(const handover::v1::HandoverKindRow& row, common::v1::Stage stage);
bool LeadsTo(const handover::v1::HandoverKindRow& row, common::v1::Stage stage);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_HANDOVER_KINDS_H_
