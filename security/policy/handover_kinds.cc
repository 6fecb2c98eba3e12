#include "security/policy/handover_kinds.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "security/crypto/hash.h"
#include "security/policy/handover_kinds_text.h"

namespace knooppunt::policy {
namespace {

namespace h = ::knooppunt::handover::v1;

constexpr int kMaxMonths = 24;
constexpr int kMaxDays = 366;
constexpr int kMaxConsentMonths = 60;
constexpr int kReceiptDays = 14;
constexpr int kMaxReceiptDays = 60;
constexpr int kMaxAnchorAge = 23;

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
      absl::StrCat("kinds of handover, ", where, ": ", what, " (R30); ", todo));
}

bool Blank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

template <typename List>
bool AllDifferentAndStated(const List& list) {
  std::set<int> seen;
  return std::all_of(list.begin(), list.end(),
                     [&](int x) { return x != 0 && seen.insert(x).second; });
}

absl::Status CheckTerms(absl::string_view where, const h::HandoverKindRow& row) {
  const bool birthday = row.anchor() == h::HANDOVER_ANCHOR_BIRTHDAY;
  if (row.anchor() == h::HANDOVER_ANCHOR_UNSPECIFIED) {
    return Fault(where, "does not say from which day it counts", "set anchor");
  }
  if (birthday != (row.anchor_age() >= 1 && row.anchor_age() <= kMaxAnchorAge)) {
    return Fault(where, "an age goes with a birthday, and with nothing else",
                 absl::StrCat("set anchor_age, 1 to ", kMaxAnchorAge,
                              ", exactly with HANDOVER_ANCHOR_BIRTHDAY"));
  }
  const bool none = row.anchor() == h::HANDOVER_ANCHOR_NONE;
  if (row.earliest_months_before() < 0 || row.earliest_months_before() > kMaxMonths ||
      (none && row.earliest_months_before() != 0)) {
    return Fault(where, "starts at no day that can be",
                 absl::StrCat("set earliest_months_before, 0 to ", kMaxMonths,
                              "; leave it out where there is no day to count from"));
  }
  if (row.deadline_days_before() < 0 || row.deadline_days_before() > kMaxDays ||
      (none && row.deadline_days_before() != 0)) {
    return Fault(where, "is due on no day that can be",
                 absl::StrCat("set deadline_days_before, 0 to ", kMaxDays,
                              "; leave it out where there is no day to count from"));
  }
  for (const int days : {row.deadline_days(), row.answer_days(), row.escalate_days()}) {
    if (days < 1 || days > kMaxDays) {
      return Fault(where, "lacks a term",
                   absl::StrCat("set deadline_days, answer_days and escalate_days, 1 to ", kMaxDays,
                                " days each"));
    }
  }
  if (row.receipt_days() < 0 || row.receipt_days() > kMaxReceiptDays) {
    return Fault(where, "waits for a receipt longer than can be",
                 absl::StrCat("set receipt_days, 1 to ", kMaxReceiptDays, "; left out it is ",
                              kReceiptDays));
  }
  return absl::OkStatus();
}

absl::Status CheckConsent(absl::string_view where, const h::ConsentAsked& consent) {
  if (consent.compartments().empty() || !AllDifferentAndStated(consent.compartments()) ||
      !AllDifferentAndStated(consent.purposes())) {
    return Fault(where, "asks consent for nothing, or for something twice",
                 "name compartments and purposes, each once");
  }
  const auto& purposes = consent.purposes();
  if (std::find(purposes.begin(), purposes.end(), common::v1::PURPOSE_HANDOVER) == purposes.end()) {
    return Fault(where, "asks consent that no handover can travel on",
                 "add PURPOSE_HANDOVER to the purposes");
  }
  if (consent.months() < 1 || consent.months() > kMaxConsentMonths || Blank(consent.wording_nl())) {
    return Fault(where, "does not say for how long consent is asked, or in which words",
                 absl::StrCat("set months, 1 to ", kMaxConsentMonths, ", and wording_nl"));
  }
  return absl::OkStatus();
}

absl::Status CheckRow(const h::HandoverKindRow& row) {
  const std::string where = h::HandoverKind_Name(row.kind());
  if (Blank(row.title_nl()) || Blank(row.source())) {
    return Fault(where, "lacks a title or a source", "fill title_nl and source");
  }
  for (const auto* stages : {&row.from_stages(), &row.to_stages()}) {
    if (stages->empty() || !AllDifferentAndStated(*stages)) {
      return Fault(where, "leads from or to no stage, or to one twice",
                   "name from_stages and to_stages, each once");
    }
  }
  if (row.usual_parts().empty()) {
    return Fault(where, "has no usual parts", "add usual_parts: what a new school asks for first");
  }
  for (const h::UsualPart& part : row.usual_parts()) {
    if (part.part() == h::HANDOVER_PART_KIND_UNSPECIFIED ||
        part.compartment() == common::v1::COMPARTMENT_UNSPECIFIED || Blank(part.why_nl())) {
      return Fault(where, "has a usual part that does not say what, of which compartment, or why",
                   "fill part, compartment and why_nl");
    }
  }
  if (!AllDifferentAndStated(row.must_take_part())) {
    return Fault(where, "names who must take part twice, or nobody",
                 "name each party of must_take_part once");
  }
  KP_RETURN_IF_ERROR(CheckTerms(where, row));
  return CheckConsent(where, row.consent());
}

absl::Status CheckTable(const h::HandoverKinds& table) {
  if (!base::IsResourceId(table.version()) || Blank(table.source())) {
    return Fault("the file", "has no version or source", "name it, as \"2024-01\", and its source");
  }
  std::set<int> kinds;
  for (const h::HandoverKindRow& row : table.rows()) {
    if (row.kind() == h::HANDOVER_KIND_UNSPECIFIED || !kinds.insert(row.kind()).second) {
      return Fault(h::HandoverKind_Name(row.kind()), "is no kind, or stands twice",
                   "keep one row for each kind");
    }
    KP_RETURN_IF_ERROR(CheckRow(row));
  }
  for (int kind = 1; kind < h::HandoverKind_ARRAYSIZE; ++kind) {
    if (h::HandoverKind_IsValid(kind) && !kinds.contains(kind)) {
      return Fault(h::HandoverKind_Name(static_cast<h::HandoverKind>(kind)), "has no row",
                   "add one: R30 names every kind");
    }
  }
  return absl::OkStatus();
}

// The next 1 August, never today.
base::Date NextSchoolYear(base::Date today) {
  const base::Date this_year(today.year(), 8, 1);
  return today < this_year ? this_year : base::Date(today.year() + 1, 8, 1);
}

// The same day so many months earlier; the first of the month after where that month is shorter.
base::Date MonthsBefore(base::Date day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) - months;
  const base::Date last = base::Date(month + 1) - 1;
  return day.day() > last.day() ? last + 1 : base::Date(month.year(), month.month(), day.day());
}

template <typename List>
bool Has(const List& list, int x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const HandoverKinds>> HandoverKinds::Parse(
    absl::string_view textproto) {
  if (textproto.size() > limits::kMaxPolicyBytes) {
    return absl::InvalidArgumentError("the table of kinds of handover is larger than 1 MiB");
  }
  std::shared_ptr<HandoverKinds> out(new HandoverKinds);
  FirstFault faults;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&faults);
  if (!parser.ParseFromString(std::string(textproto), &out->table_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the table of kinds of handover does not parse: ", faults.text()));
  }
  KP_RETURN_IF_ERROR(CheckTable(out->table_));
  out->table_.set_sha256(crypto::HexEncode(crypto::Sha256(textproto)));
  return std::shared_ptr<const HandoverKinds>(std::move(out));
}

absl::StatusOr<std::shared_ptr<const HandoverKinds>> HandoverKinds::Load(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    return absl::NotFoundError(absl::StrCat("cannot read the file of kinds of handover ", path));
  }
  std::stringstream text;
  text << in.rdbuf();
  return Parse(text.str());
}

absl::StatusOr<std::shared_ptr<const HandoverKinds>> HandoverKinds::BuiltIn() {
  return Parse(kBuiltInHandoverKinds);
}

const h::HandoverKindRow* HandoverKinds::Find(h::HandoverKind kind) const {
  for (const h::HandoverKindRow& row : table_.rows()) {
    if (row.kind() == kind) return &row;
  }
  return nullptr;
}

KindDates DatesOf(const h::HandoverKindRow& row, base::Date today, base::Date birth) {
  KindDates out;
  out.anchored = row.anchor() != h::HANDOVER_ANCHOR_NONE;
  out.anchor = today;
  if (row.anchor() == h::HANDOVER_ANCHOR_SCHOOL_YEAR) out.anchor = NextSchoolYear(today);
  if (row.anchor() == h::HANDOVER_ANCHOR_BIRTHDAY) {
    out.anchor = base::Birthday(birth, row.anchor_age());
  }
  out.earliest = out.anchored ? MonthsBefore(out.anchor, row.earliest_months_before()) : today;
  out.due = out.anchor - row.deadline_days_before();
  // A child that moves after its day, or in the last weeks before it, gets the usual term.
  if (!out.anchored || out.due <= today) out.due = today + row.deadline_days();
  return out;
}

int ReceiptDays(const h::HandoverKindRow& row) {
  return row.receipt_days() == 0 ? kReceiptDays : row.receipt_days();
}

bool LeadsFrom(const h::HandoverKindRow& row, common::v1::Stage stage) {
  return Has(row.from_stages(), stage);
}
bool LeadsTo(const h::HandoverKindRow& row, common::v1::Stage stage) {
  return Has(row.to_stages(), stage);
}

}  // namespace knooppunt::policy
