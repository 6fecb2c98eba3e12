#include "clients/cli/output.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/wrappers.pb.h"

namespace knooppunt::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kReplacement[] = "\xEF\xBF\xBD";  // U+FFFD

struct CodePoint {
  size_t size = 0;  // 0: not UTF-8
  uint32_t value = 0;
};

// The code point at the front of `text`, which is not empty (RFC 3629, section 4).
CodePoint Front(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  uint32_t value = lead & (0x7F >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3F);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[size] || value > 0x10FFFF || surrogate) return {};
  return {size, value};
}

// C0, DEL and C1; and the marks that reorder or hide text in a line.
bool IsUnsafe(uint32_t c) {
  return (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

size_t Width(absl::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; });
}

std::string OneLine(absl::string_view text) {
  std::string line = Printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string LocalTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, base::Amsterdam());
}

}  // namespace

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const CodePoint c = Front(text);
    if (c.size == 0) return false;
    text.remove_prefix(c.size);
  }
  return true;
}

std::string Printable(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint c = Front(text);
    const size_t size = std::max<size_t>(c.size, 1);
    absl::StrAppend(&out, c.size == 0 || IsUnsafe(c.value) ? kReplacement : text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

void Table::Print(std::ostream& out, absl::string_view when_empty, absl::string_view indent) const {
  if (empty()) {
    out << indent << when_empty << "\n";
    return;
  }
  std::vector<size_t> widths(rows_[0].size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(OneLine(row[i])));
  }
  for (const auto& row : rows_) {
    std::string line(indent);
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string cell = OneLine(row[i]);
      absl::StrAppend(&line, cell);
      if (i + 1 < row.size()) line.append(widths[i] - Width(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
  }
}

Fields& Fields::Add(absl::string_view label, absl::string_view value) {
  if (!value.empty()) fields_.emplace_back(label, value);
  return *this;
}

void Fields::Print(std::ostream& out) const {
  size_t width = 0;
  for (const auto& [label, value] : fields_) width = std::max(width, Width(label));
  for (const auto& [label, value] : fields_) {
    out << label << std::string(width - Width(label) + 2, ' ') << OneLine(value) << "\n";
  }
}

std::string ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  // Fails only for an Any of an unknown type, and no message of ours holds one.
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) std::abort();
  return json;
}

std::string JsonQuote(absl::string_view text) {
  google::protobuf::StringValue value;
  value.set_value(IsUtf8(text) ? std::string(text) : Printable(text));
  return ToJson(value);
}

std::vector<std::string> NamesIn(const Message& message) {
  const auto* reflection = message.GetReflection();
  const FieldDescriptor* name = message.GetDescriptor()->FindFieldByName("name");
  if (name != nullptr && name->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    return {reflection->GetString(message, name)};
  }
  std::vector<std::string> names;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (!field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    for (int j = 0; j < reflection->FieldSize(message, field); ++j) {
      for (std::string& n : NamesIn(reflection->GetRepeatedMessage(message, field, j))) {
        names.push_back(std::move(n));
      }
    }
  }
  return names;
}

std::string LocalTime(const google::protobuf::Timestamp& time) { return LocalTime(time.seconds()); }

std::string LocalTime(int64_t unix_seconds) {
  return unix_seconds == 0 ? "" : LocalTime(absl::FromUnixSeconds(unix_seconds));
}

std::string MegaBytes(int64_t bytes) {
  if (bytes < 1000) return absl::StrCat(bytes, " bytes");
  if (bytes < 1'000'000) return absl::StrCat((bytes + 500) / 1000, " kB");
  const int64_t tenths = (bytes + 50'000) / 100'000;
  return absl::StrCat(tenths / 10, ",", tenths % 10, " MB");
}

std::string Euro(int64_t cents) {
  const bool negative = cents < 0;
  const uint64_t magnitude = negative ? 0 - static_cast<uint64_t>(cents) : cents;
  std::string whole = absl::StrCat(magnitude / 100);
  for (int i = static_cast<int>(whole.size()) - 3; i > 0; i -= 3) whole.insert(i, 1, '.');
  return absl::StrFormat("%s%s,%02d euro", negative ? "-" : "", whole, magnitude % 100);
}

}  // namespace knooppunt::cli
