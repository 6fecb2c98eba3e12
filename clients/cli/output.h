// What the command line prints: tables for people, JSON for programs, bare names for scripts.
// Text that came from others is made harmless for a terminal first. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_OUTPUT_H_
#define KNOOPPUNT_CLIENTS_CLI_OUTPUT_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace knooppunt::cli {

bool IsUtf8(absl::string_view text);
// Control characters, with which text could take over a terminal, become U+FFFD; a line break
// stays. Bytes that are not UTF-8 become U+FFFD too.
std::string Printable(absl::string_view text);

// Columns as wide as their widest cell; the last one is not padded. A cell is one line.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_({std::move(header)}) {}
  // `row` has as many cells as the header.
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() == 1; }
  // Header and rows, each line after `indent`; `when_empty` instead when there is no row.
  void Print(std::ostream& out, absl::string_view when_empty, absl::string_view indent = "") const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// "Label   value" lines; those without a value are left out.
class Fields {
 public:
  Fields& Add(absl::string_view label, absl::string_view value);
  void Print(std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Protobuf JSON (proto3 mapping, all fields), on one line, without the line's end.
std::string ToJson(const google::protobuf::Message& message);
// A JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
std::string JsonQuote(absl::string_view text);

// The message's own name, else the names in its lists of messages; each that it finds.
std::vector<std::string> NamesIn(const google::protobuf::Message& message);

// "2026-11-22 10:00" in Amsterdam; "" when unset.
std::string LocalTime(const google::protobuf::Timestamp& time);
std::string LocalTime(int64_t unix_seconds);
// "12,5 MB", "3 kB", "17 bytes".
std::string MegaBytes(int64_t bytes);
// "1.250,00 euro".
std::string Euro(int64_t cents);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_OUTPUT_H_
