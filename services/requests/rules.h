// The rules of requests under the AVG (R40): who may ask what, until when it must be answered, and
// who answers. Pure functions: no I/O, no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_REQUESTS_RULES_H_
#define KNOOPPUNT_SERVICES_REQUESTS_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"

namespace knooppunt::requests {

inline constexpr int kTermMonths = 1;              // art. 12(3) AVG, first sentence
inline constexpr int kMaxExtensionMonths = 2;      // the same, second sentence
inline constexpr int kMaxReceivedDaysBefore = 90;  // a letter that lay somewhere; not history

// What is asked, by whom and when. `caller_person` is the family member who asks for themselves, or
// empty when staff record it. INVALID_ARGUMENT.
absl::Status CheckNewRequest(const v1::Request& request, const access::v1::FamilyFacts& facts,
                             absl::string_view caller_person, base::Date today);
// R18: about the requester, or about a child of theirs, and never about the family as such, all of
// which would read it. INVALID_ARGUMENT or R38_NO_LABEL.
absl::Status CheckLabel(const v1::Request& request, const access::v1::FamilyFacts& facts,
                        base::Date today);

// Of the labels that the caller may open, who answers for what: by name of the organisation.
std::vector<v1::Controller> ControllersOf(const std::vector<common::v1::Label>& labels);

// Extends an open request once, within its first month, by 1 or 2 months (art. 12(3)).
absl::Status Extend(const v1::ExtendRequestRequest& req, base::Date today, v1::Request* request);
// Adds the answer of one controller, each once; the last one makes it ANSWERED.
absl::Status AddAnswer(const v1::Answer& answer, v1::Request* request);
// Open, and the last day is past.
bool IsOverdue(const v1::Request& request, base::Date today);

}  // namespace knooppunt::requests

#endif  // KNOOPPUNT_SERVICES_REQUESTS_RULES_H_
