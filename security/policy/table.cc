#include "security/policy/table.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "security/crypto/hash.h"
#include "security/policy/table_checks.h"

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
  KP_RETURN_IF_ERROR(CheckDocument(table->document_));
  table->text_ = std::string(textproto);
  table->Index();
  return std::shared_ptr<const Table>(std::move(table));
}

absl::StatusOr<std::shared_ptr<const Table>> Table::Load(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read the policy file ", path));
  std::stringstream text;
  text << in.rdbuf();
  return Parse(text.str());
}

void Table::Index() {
  for (const v1::PermissionRow& p : document_.permissions()) {
    permissions_.emplace(p.permission(), &p);
  }
  for (const v1::StaffRow& row : document_.staff()) {
    for (const std::string& p : row.permissions()) staff_[p].push_back(&row);
  }
  for (const v1::FamilyRow& row : document_.family()) {
    for (const std::string& p : row.permissions()) family_[p].push_back(&row);
  }
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
