// A document as one HTML file: semantic, readable aloud, fit to print, without a script and without
// anything from outside. Every word that people wrote is escaped. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_HTML_H_
#define KNOOPPUNT_SERVICES_PLAN_HTML_H_

#include <string>

#include "absl/strings/string_view.h"
#include "services/plan/document.h"

namespace knooppunt::plan {

std::string HtmlOf(const Document& document);

// Text for between tags and for a quoted attribute.
std::string Escaped(absl::string_view text);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_HTML_H_
