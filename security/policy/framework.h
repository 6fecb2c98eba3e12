// Who carries what (R36): the region's framework as data, every version of it, and the question
// whether something fits. Immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_POLICY_FRAMEWORK_H_
#define KNOOPPUNT_SECURITY_POLICY_FRAMEWORK_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/common/v1/types.pb.h"
#include "knooppunt/policy/v1/framework.pb.h"

namespace knooppunt::policy {

using FundingShares = google::protobuf::RepeatedPtrField<common::v1::FundingShare>;

class Framework {
 public:
  // INVALID_ARGUMENT names the line that does not parse, or the version or row, its fault and what
  // to do: versions from the oldest on, each with a first day; rows with an id that is a word and
  // stands once, a title, a reason, a source and a carrier; a split exactly with what is shared.
  static absl::StatusOr<std::shared_ptr<const Framework>> Parse(absl::string_view textproto);
  static absl::StatusOr<std::shared_ptr<const Framework>> Load(const std::string& path);
  // security/policy/framework.textproto as it was when this was built; for who configures none.
  static absl::StatusOr<std::shared_ptr<const Framework>> BuiltIn();

  const v1::FrameworkDocument& document() const { return document_; }
  const std::string& text() const { return text_; }
  // SHA-256 of the text, hex.
  const std::string& sha256() const { return sha256_; }
  // The version in force on a day; nullptr before the first.
  const v1::FrameworkVersion* On(base::Date day) const;
  // First day on which another takes the place of the one in force on `day`, ISO; "" is open.
  std::string EndOf(base::Date day) const;

 private:
  Framework() = default;

  v1::FrameworkDocument document_;
  std::string text_;
  std::string sha256_;
};

// What somebody wants to agree. Means or a row says what it is; a row may carry its version
// ("2024-01/dyslexiezorg").
struct FundingQuestion {
  common::v1::Means means = common::v1::MEANS_UNSPECIFIED;
  std::string row;
  common::v1::Funding funding = common::v1::FUNDING_UNSPECIFIED;
  FundingShares split;
  base::Date on;
};

struct FundingAnswer {
  bool fits = false;
  std::string framework_row;           // "2024-01/dyslexiezorg" when it fits
  FundingShares split;                 // that holds, for SHARED
  std::vector<v1::FrameworkRow> rows;  // that are about it
  // Why, and what to do; no word of the question stands in them.
  std::string text_nl;
  std::string text_en;
};

// Pure. With FUNDING_UNSPECIFIED nothing fits, and the answer says who carries it.
FundingAnswer AssessFunding(const Framework& framework, const FundingQuestion& question);

// "onderwijs", "Jeugdwet", "gedeeld": how people say it. Dutch, and English for errors.
std::string FundingText(common::v1::Funding funding);
std::string FundingTextEn(common::v1::Funding funding);
// "50% onderwijs, 50% Jeugdwet".
std::string SplitText(const FundingShares& split);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_FRAMEWORK_H_
