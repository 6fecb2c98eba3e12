#include "security/policy/framework.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "security/crypto/hash.h"
#include "security/policy/framework_text.h"

namespace knooppunt::policy {
namespace {

using common::v1::Funding;
using v1::FrameworkRow;
using v1::FrameworkVersion;

class FirstFault final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string& text) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ": ", text);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status Fault(absl::string_view where, absl::string_view what, absl::string_view todo) {
  return absl::InvalidArgumentError(
      absl::StrCat("framework, ", where, ": ", what, " (R36); ", todo));
}

// What is wrong with a split in itself, or "".
absl::string_view SplitFault(const FundingShares& split) {
  if (split.size() < 2) return "a split has two parts or more";
  int total = 0;
  std::set<int> seen;
  for (const common::v1::FundingShare& share : split) {
    if (share.funding() == common::v1::FUNDING_UNSPECIFIED ||
        share.funding() == common::v1::FUNDING_SHARED ||
        !common::v1::Funding_IsValid(share.funding())) {
      return "each part of a split names one law";
    }
    if (!seen.insert(share.funding()).second) return "a law stands in a split once";
    if (share.percent() < 1 || share.percent() > 99)
      return "each part of a split is 1 to 99 percent";
    total += share.percent();
  }
  return total == 100 ? "" : "the parts of a split are 100 percent together";
}

absl::Status CheckRow(absl::string_view version, const FrameworkRow& row,
                      std::set<std::string>* ids) {
  const std::string where = absl::StrCat(version, "/", row.id().empty() ? "(no id)" : row.id());
  if (!base::IsResourceId(row.id())) {
    return Fault(where, "has no id", "name the row with a word: small letters, digits and '-'");
  }
  if (!ids->insert(row.id()).second) return Fault(where, "stands twice", "keep one of the two");
  for (const auto* text : {&row.title_nl(), &row.when_nl(), &row.source()}) {
    if (absl::StripAsciiWhitespace(*text).empty()) {
      return Fault(where, "lacks a title, a reason or a source",
                   "fill title_nl, when_nl and source");
    }
  }
  if (row.carrier() == common::v1::FUNDING_UNSPECIFIED) {
    return Fault(where, "does not say who carries it", "set carrier");
  }
  if (row.carrier() != common::v1::FUNDING_SHARED) {
    return row.split().empty() ? absl::OkStatus()
                               : Fault(where, "has a split, and is not shared",
                                       "leave the split out, or make the carrier FUNDING_SHARED");
  }
  const absl::string_view fault = SplitFault(row.split());
  return fault.empty() ? absl::OkStatus() : Fault(where, fault, "mend the split");
}

absl::Status CheckDocument(const v1::FrameworkDocument& document) {
  if (document.versions().empty()) return Fault("the file", "holds no version", "add one");
  std::string last;
  std::set<std::string> versions;
  for (const FrameworkVersion& v : document.versions()) {
    const std::string where = absl::StrCat("version ", v.version());
    if (!base::IsResourceId(v.version()) || !versions.insert(v.version()).second) {
      return Fault(where, "has no name of its own", "name it, as \"2024-01\"");
    }
    if (!base::ParseDate(v.start_date()).ok() || v.start_date() <= last) {
      return Fault(where, "does not begin on a day after the version before it",
                   "set start_date, YYYY-MM-DD, oldest first");
    }
    last = v.start_date();
    if (absl::StripAsciiWhitespace(v.source()).empty()) {
      return Fault(where, "names no source", "say where it was agreed");
    }
    if (v.rows().empty()) return Fault(where, "has no rows", "add them");
    std::set<std::string> ids;
    for (const FrameworkRow& row : v.rows()) KP_RETURN_IF_ERROR(CheckRow(v.version(), row, &ids));
  }
  return absl::OkStatus();
}

std::string Carriers(const std::vector<FrameworkRow>& rows) {
  return absl::StrJoin(rows, "; ", [](std::string* out, const FrameworkRow& row) {
    absl::StrAppend(out, row.id(), " = ", FundingText(row.carrier()),
                    row.split().empty() ? "" : absl::StrCat(" (", SplitText(row.split()), ")"));
  });
}

bool SameLaws(const FundingShares& a, const FundingShares& b) {
  std::set<int> left, right;
  for (const auto& s : a) left.insert(s.funding());
  for (const auto& s : b) right.insert(s.funding());
  return left == right;
}
bool SameSplit(const FundingShares& a, const FundingShares& b) {
  std::set<std::pair<int, int>> left, right;
  for (const auto& s : a) left.emplace(s.funding(), s.percent());
  for (const auto& s : b) right.emplace(s.funding(), s.percent());
  return left == right;
}

class Assessor {
 public:
  Assessor(const Framework& framework, const FundingQuestion& q) : framework_(framework), q_(q) {}

  FundingAnswer Run() {
    version_ = framework_.On(q_.on);
    if (version_ == nullptr) {
      return No("Op die dag gold nog geen afwegingskader: vraag de regio welk er gold.",
                "No framework was in force on that day: ask the region which was.");
    }
    if (!FindRows()) return std::move(out_);
    if (q_.funding == common::v1::FUNDING_UNSPECIFIED) {
      return No(absl::StrCat("Volgens het afwegingskader: ", Carriers(out_.rows), "."),
                absl::StrCat("The framework says: ", Carriers(out_.rows), "."));
    }
    for (const FrameworkRow& row : out_.rows) {
      if (row.carrier() == q_.funding) return WithRow(row);
    }
    return No(
        absl::StrCat("Dit draagt ", FundingText(q_.funding),
                     " niet volgens het afwegingskader. Kies wat past: ", Carriers(out_.rows), "."),
        absl::StrCat("By the framework this is not carried by ", FundingTextEn(q_.funding),
                     ". Choose what fits: ", Carriers(out_.rows), "."));
  }

 private:
  FundingAnswer No(std::string nl, std::string en) {
    out_.fits = false;
    out_.text_nl = std::move(nl);
    out_.text_en = std::move(en);
    return std::move(out_);
  }

  bool FindRows() {
    absl::string_view id = q_.row;
    const std::string prefix = absl::StrCat(version_->version(), "/");
    if (absl::StartsWith(id, prefix)) id.remove_prefix(prefix.size());
    for (const FrameworkRow& row : version_->rows()) {
      const bool of_means = std::find(row.means().begin(), row.means().end(),
                                      static_cast<int>(q_.means)) != row.means().end();
      const bool any_means = q_.means == common::v1::MEANS_UNSPECIFIED;
      if (id.empty() ? of_means : (row.id() == id && (any_means || of_means))) {
        out_.rows.push_back(row);
      }
    }
    if (!out_.rows.empty()) return true;
    out_ =
        No(id.empty() ? "Het afwegingskader zegt niets over deze inzet: vraag het de regio."
                      : "Het afwegingskader heeft zo'n rij niet voor deze inzet: "
                        "'knooppunt framework show' laat ze zien.",
           id.empty() ? "The framework says nothing about these means: ask the region."
                      : "The framework has no such row for these means: see 'knooppunt framework "
                        "show'.");
    return false;
  }

  FundingAnswer WithRow(const FrameworkRow& row) {
    FundingShares split = q_.split;
    if (row.carrier() != common::v1::FUNDING_SHARED) {
      if (!split.empty()) {
        return No(
            "Er staat een verdeling bij, maar deze inzet wordt niet gedeeld gedragen: laat de "
            "verdeling weg, of kies gedeeld.",
            "A split is given, and one law carries this: leave the split out, or choose "
            "shared.");
      }
    } else if (split.empty()) {
      split = row.split();
    } else {
      const absl::string_view fault = SplitFault(split);
      if (!fault.empty()) {
        return No(
            absl::StrCat("De verdeling klopt niet: noem elke wet een keer, samen 100 procent. "
                         "Gebruikelijk is ",
                         SplitText(row.split()), "."),
            absl::StrCat("The split is wrong: ", fault, ". Usual is ", SplitText(row.split()),
                         "."));
      }
      const bool may =
          SameSplit(split, row.split()) || (row.split_may_differ() && SameLaws(split, row.split()));
      if (!may) {
        return No(absl::StrCat("Zo verdelen laat het afwegingskader niet toe. ",
                               row.split_may_differ() ? "Verdeel over dezelfde wetten als "
                                                      : "De verdeling ligt vast: ",
                               SplitText(row.split()), "."),
                  absl::StrCat("The framework does not allow this split. ",
                               row.split_may_differ() ? "Split over the same laws as "
                                                      : "The split is fixed: ",
                               SplitText(row.split()), "."));
      }
    }
    out_.fits = true;
    out_.framework_row = absl::StrCat(version_->version(), "/", row.id());
    out_.text_nl = absl::StrCat(row.title_nl(), ": ", FundingText(row.carrier()),
                                split.empty() ? "" : absl::StrCat(" (", SplitText(split), ")"),
                                ". ", row.when_nl(), " Bron: ", row.source(), ".");
    out_.text_en = absl::StrCat("Carried by ", FundingTextEn(row.carrier()), "; row ",
                                out_.framework_row, ".");
    out_.split = std::move(split);
    return std::move(out_);
  }

  const Framework& framework_;
  const FundingQuestion& q_;
  const FrameworkVersion* version_ = nullptr;
  FundingAnswer out_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Framework>> Framework::Parse(absl::string_view textproto) {
  if (textproto.size() > limits::kMaxPolicyBytes) {
    return absl::InvalidArgumentError("the framework is larger than 1 MiB");
  }
  std::shared_ptr<Framework> out(new Framework);
  FirstFault faults;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&faults);
  if (!parser.ParseFromString(std::string(textproto), &out->document_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the framework does not parse: ", faults.text()));
  }
  KP_RETURN_IF_ERROR(CheckDocument(out->document_));
  out->text_ = std::string(textproto);
  out->sha256_ = crypto::HexEncode(crypto::Sha256(textproto));
  return std::shared_ptr<const Framework>(std::move(out));
}

absl::StatusOr<std::shared_ptr<const Framework>> Framework::Load(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read the framework file ", path));
  std::stringstream text;
  text << in.rdbuf();
  return Parse(text.str());
}

absl::StatusOr<std::shared_ptr<const Framework>> Framework::BuiltIn() {
  return Parse(kBuiltInFramework);
}

const FrameworkVersion* Framework::On(base::Date day) const {
  const std::string iso = base::FormatDate(day);
  const FrameworkVersion* found = nullptr;
  for (const FrameworkVersion& v : document_.versions()) {
    if (v.start_date() <= iso) found = &v;
  }
  return found;
}

std::string Framework::EndOf(base::Date day) const {
  const std::string iso = base::FormatDate(day);
  for (const FrameworkVersion& v : document_.versions()) {
    if (v.start_date() > iso) return v.start_date();
  }
  return "";
}

FundingAnswer AssessFunding(const Framework& framework, const FundingQuestion& question) {
  return Assessor(framework, question).Run();
}

std::string FundingText(Funding funding) {
  switch (funding) {
    case common::v1::FUNDING_EDUCATION:
      return "onderwijs";
    case common::v1::FUNDING_JEUGDWET:
      return "Jeugdwet";
    case common::v1::FUNDING_WMO:
      return "Wmo";
    case common::v1::FUNDING_WLZ:
      return "Wlz";
    case common::v1::FUNDING_ZVW:
      return "Zvw";
    case common::v1::FUNDING_SHARED:
      return "gedeeld";
    default:
      return "onbekend";
  }
}

std::string FundingTextEn(Funding funding) {
  if (funding == common::v1::FUNDING_EDUCATION) return "education";
  if (funding == common::v1::FUNDING_SHARED) return "shared means";
  return FundingText(funding);
}

std::string SplitText(const FundingShares& split) {
  return absl::StrJoin(split, ", ", [](std::string* out, const common::v1::FundingShare& share) {
    absl::StrAppend(out, share.percent(), "% ", FundingText(share.funding()));
  });
}

}  // namespace knooppunt::policy
