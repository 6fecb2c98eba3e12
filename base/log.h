// Structured logs, one JSON object a line on standard error. No personal data:
// a field takes a number, a word of ours or a random id, and the compiler cannot
// check that, so every call site names each field. Thread-safe.
#ifndef KNOOPPUNT_BASE_LOG_H_
#define KNOOPPUNT_BASE_LOG_H_

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace knooppunt::base {

enum class Severity { kInfo, kWarning, kError };

struct LogField {
  LogField(absl::string_view k, const absl::AlphaNum& v) : key(k), value(v.Piece()) {}
  std::string key;
  std::string value;
};

// Writes {"time":...,"severity":...,"event":...,fields...}. `event` is a fixed
// phrase, never built from input.
void Log(Severity severity, absl::string_view event, std::initializer_list<LogField> fields = {});

// Suppresses lines below `severity`. Set once, in main().
void SetMinLogSeverity(Severity severity);

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_LOG_H_
