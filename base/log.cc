#include "base/log.h"

#include <atomic>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/date.h"

namespace knooppunt::base {
namespace {

std::atomic<int> g_min_severity{0};

void AppendJson(std::string* out, absl::string_view s) {
  out->push_back('"');
  for (unsigned char c : s) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(static_cast<char>(c));
    } else if (c < 0x20 || c >= 0x7f) {
      absl::StrAppendFormat(out, "\\u%04x", c);
    } else {
      out->push_back(static_cast<char>(c));
    }
  }
  out->push_back('"');
}

absl::string_view Name(Severity s) {
  switch (s) {
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "ERROR";
}

}  // namespace

void SetMinLogSeverity(Severity severity) { g_min_severity = static_cast<int>(severity); }

void Log(Severity severity, absl::string_view event, std::initializer_list<LogField> fields) {
  if (static_cast<int>(severity) < g_min_severity) return;
  std::string line = "{\"time\":";
  AppendJson(&line, FormatInstant(absl::Now()));
  line += ",\"severity\":";
  AppendJson(&line, Name(severity));
  line += ",\"event\":";
  AppendJson(&line, event);
  for (const LogField& f : fields) {
    line += ',';
    AppendJson(&line, f.key);
    line += ':';
    AppendJson(&line, f.value);
  }
  line += "}\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace knooppunt::base
