// A document as PDF, on A4, laid out by Pango and written by Cairo. Thread-safe (no state: a font
// map for each document).
#ifndef KNOOPPUNT_SERVICES_PLAN_PDF_H_
#define KNOOPPUNT_SERVICES_PLAN_PDF_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/plan/document.h"

namespace knooppunt::plan {

// The whole file. At the foot of each page: for whom and when it was made, and which page it is.
// UNAVAILABLE when the machine has no fonts; INTERNAL when Cairo cannot write.
absl::StatusOr<std::string> PdfOf(const Document& document);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_PDF_H_
