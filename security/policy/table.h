// The policy table: security/policy/policy.textproto, parsed, checked and hashed. What it
// does not allow is denied. Immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_POLICY_TABLE_H_
#define KNOOPPUNT_SECURITY_POLICY_TABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/policy/v1/policy.pb.h"

namespace knooppunt::policy {

class Table {
 public:
  // INVALID_ARGUMENT names the line of text that does not parse, or the row, its fault and what
  // to do (table_checks.h).
  static absl::StatusOr<std::shared_ptr<const Table>> Parse(absl::string_view textproto);
  static absl::StatusOr<std::shared_ptr<const Table>> Load(const std::string& path);

  const v1::PolicyDocument& document() const { return document_; }
  // As it was read, comments included.
  const std::string& text() const { return text_; }
  // SHA-256 of the text, hex: stands in every decision and record.
  const std::string& sha256() const { return sha256_; }
  std::vector<std::string> Permissions() const;
  // nullptr when unknown.
  const v1::PermissionRow* FindPermission(absl::string_view permission) const;
  // Rows that mention the permission, in the table's order.
  const std::vector<const v1::StaffRow*>& StaffRows(absl::string_view permission) const;
  const std::vector<const v1::FamilyRow*>& FamilyRows(absl::string_view permission) const;

 private:
  Table() = default;
  void Index();

  v1::PolicyDocument document_;
  std::string text_;
  std::string sha256_;
  absl::flat_hash_map<std::string, const v1::PermissionRow*> permissions_;
  absl::flat_hash_map<std::string, std::vector<const v1::StaffRow*>> staff_;
  absl::flat_hash_map<std::string, std::vector<const v1::FamilyRow*>> family_;
};

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_TABLE_H_
