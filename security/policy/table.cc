#include "security/policy/table.h"

#include <fstream>
#include <sstream>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "security/crypto/hash.h"

namespace knooppunt::policy {
namespace {

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int /*column*/, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status Fault(absl::string_view row, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("policy row '", row, "': ", what));
}

bool Administers(common::v1::Function f) {
  return f == common::v1::FUNCTION_ADMINISTRATOR || f == common::v1::FUNCTION_MANDATE_HOLDER ||
         f == common::v1::FUNCTION_PRIVACY_OFFICER;
}

bool IsAdministration(absl::string_view permission) {
  return permission == "directory.write" || permission == "mandate.write" ||
         permission == "audit.read" || permission == "audit.verify";
}

// R21: administrators see no content; content readers administer nothing.
absl::Status CheckSeparation(const v1::StaffRow& row) {
  bool administers = false, works = false;
  for (int f : row.functions()) {
    (Administers(static_cast<common::v1::Function>(f)) ? administers : works) = true;
  }
  if (administers && row.compartments_size() > 0) {
    return Fault(row.id(), "gives content to a function that administers or audits (R21)");
  }
  for (const std::string& p : row.permissions()) {
    if (IsAdministration(p) && works) {
      return Fault(row.id(), "lets a function that reads content administer or audit (R21)");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Table>> Table::Parse(absl::string_view textproto) {
  if (textproto.size() > limits::kMaxPolicyBytes) {
    return absl::InvalidArgumentError("the policy is larger than 1 MiB");
  }
  std::shared_ptr<Table> table(new Table);
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(std::string(textproto), &table->document_)) {
    return absl::InvalidArgumentError(absl::StrCat("the policy does not parse: ", errors.text()));
  }
  table->sha256_ = crypto::HexEncode(crypto::Sha256(textproto));
  KP_RETURN_IF_ERROR(table->Index());
  return std::shared_ptr<const Table>(std::move(table));
}

absl::StatusOr<std::shared_ptr<const Table>> Table::Load(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read the policy file ", path));
  std::stringstream text;
  text << in.rdbuf();
  return Parse(text.str());
}

absl::Status Table::Index() {
  absl::flat_hash_set<std::string> ids;
  const auto check_id = [&](const std::string& id, const std::string& source) -> absl::Status {
    if (id.empty()) return absl::InvalidArgumentError("a policy row has no id");
    if (!ids.insert(id).second) return Fault(id, "this id stands twice");
    if (source.empty()) return Fault(id, "has no source");
    return absl::OkStatus();
  };
  for (const v1::PermissionRow& p : document_.permissions()) {
    if (!permissions_.emplace(p.permission(), &p).second) {
      return Fault(p.permission(), "this permission stands twice");
    }
  }
  const auto check_permissions = [&](const auto& row) -> absl::Status {
    if (row.permissions().empty()) return Fault(row.id(), "names no permission");
    if (row.purposes().empty()) return Fault(row.id(), "names no purpose");
    for (const std::string& p : row.permissions()) {
      if (!permissions_.contains(p)) {
        return Fault(row.id(), absl::StrCat("unknown permission '", p, "'"));
      }
    }
    return absl::OkStatus();
  };
  for (const v1::StaffRow& row : document_.staff()) {
    KP_RETURN_IF_ERROR(check_id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(check_permissions(row));
    if (row.functions().empty()) return Fault(row.id(), "names no function");
    if (row.places().empty()) return Fault(row.id(), "names no place");
    for (int place : row.places()) {
      if (place == v1::PLACE_UNSPECIFIED) return Fault(row.id(), "has an unspecified place");
    }
    KP_RETURN_IF_ERROR(CheckSeparation(row));
    for (const std::string& p : row.permissions()) staff_[p].push_back(&row);
  }
  for (const v1::FamilyRow& row : document_.family()) {
    KP_RETURN_IF_ERROR(check_id(row.id(), row.source()));
    KP_RETURN_IF_ERROR(check_permissions(row));
    for (const std::string& p : row.permissions()) {
      if (IsAdministration(p) && p != "audit.read") {
        return Fault(row.id(), "lets the family administer (R21)");
      }
      family_[p].push_back(&row);
    }
  }
  for (const v1::OwnGroundRow& row : document_.own_grounds()) {
    KP_RETURN_IF_ERROR(check_id(row.id(), row.source()));
  }
  for (const v1::SignatoryRow& row : document_.signatories()) {
    KP_RETURN_IF_ERROR(check_id(row.id(), row.source()));
    if (!row.youth() && !row.gezag_holders()) return Fault(row.id(), "asks nobody to sign");
  }
  return absl::OkStatus();
}

std::vector<std::string> Table::Permissions() const {
  std::vector<std::string> out;
  for (const v1::PermissionRow& p : document_.permissions()) out.push_back(p.permission());
  return out;
}

const v1::PermissionRow* Table::FindPermission(absl::string_view permission) const {
  const auto it = permissions_.find(permission);
  return it == permissions_.end() ? nullptr : it->second;
}

const std::vector<const v1::StaffRow*>& Table::StaffRows(absl::string_view permission) const {
  static const std::vector<const v1::StaffRow*> kNone;
  const auto it = staff_.find(permission);
  return it == staff_.end() ? kNone : it->second;
}

const std::vector<const v1::FamilyRow*>& Table::FamilyRows(absl::string_view permission) const {
  static const std::vector<const v1::FamilyRow*> kNone;
  const auto it = family_.find(permission);
  return it == family_.end() ? kNone : it->second;
}

}  // namespace knooppunt::policy
