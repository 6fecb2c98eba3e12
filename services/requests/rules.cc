#include "services/requests/rules.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "base/term.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/requests/errors.h"

namespace knooppunt::requests {
namespace {

using access::v1::FamilyFacts;
using base::Date;
using dossier::errors::InvalidField;

// Id of the person that `name` says, when that is somebody of this family, else "".
std::string PersonOf(const FamilyFacts& facts, absl::string_view name) {
  const auto parsed = base::ResourceName::Parse(name, "families/*/persons/*");
  if (!parsed.ok() || parsed->Id("families") != facts.id()) return "";
  const access::v1::PersonFact* p = policy::FindPerson(facts, parsed->Id("persons"));
  return p == nullptr ? "" : p->id();
}

}  // namespace

absl::Status CheckNewRequest(const v1::Request& request, const FamilyFacts& facts,
                             absl::string_view caller_person, Date today) {
  if (request.kind() == v1::REQUEST_KIND_UNSPECIFIED || !v1::RequestKind_IsValid(request.kind())) {
    return InvalidField("request.kind", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("request.text", request.text(), {}));
  const std::string requester = PersonOf(facts, request.requester());
  if (caller_person.empty()) {
    if (requester.empty()) return InvalidField("request.requester", "be somebody of this family");
    if (request.received_how() == v1::RECEIVED_HOW_UNSPECIFIED ||
        request.received_how() == v1::RECEIVED_HOW_ONLINE ||
        !v1::ReceivedHow_IsValid(request.received_how())) {
      return InvalidField("request.received_how", "say how it came in, other than online");
    }
  } else if (!request.requester().empty() && requester != caller_person) {
    return InvalidField("request.requester", "be yourself, or empty");
  }
  if (!caller_person.empty() && request.received_date().empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const Date received,
                      dossier::ParseDay("request.received_date", request.received_date()));
  if (!caller_person.empty() && received != today) {
    return InvalidField("request.received_date", "be today, or empty");
  }
  if (received > today || today - received > kMaxReceivedDaysBefore) {
    return InvalidField(
        "request.received_date",
        absl::StrCat("be today or at most ", kMaxReceivedDaysBefore, " days before"));
  }
  return absl::OkStatus();
}

absl::Status CheckLabel(const v1::Request& request, const FamilyFacts& facts, Date today) {
  KP_RETURN_IF_ERROR(dossier::CheckLabel("request.label.about", request.label(), facts));
  const common::v1::About& about = request.label().about();
  const std::string requester = PersonOf(facts, request.requester());
  const bool theirs =
      !about.family() &&
      std::any_of(about.persons().begin(), about.persons().end(), [&](const auto& p) {
        return p == requester || policy::HoldsGezag(facts, requester, p, today);
      });
  if (theirs) return absl::OkStatus();
  return InvalidField("request.label.about",
                      "name who asks, or a child of theirs, and not the family");
}

std::vector<v1::Controller> ControllersOf(const std::vector<common::v1::Label>& labels) {
  struct Part {
    std::set<int> compartments;
    std::set<std::string> persons;
    bool family = false;
  };
  std::map<std::string, Part> parts;
  for (const common::v1::Label& label : labels) {
    Part& part = parts[label.controller()];
    part.compartments.insert(label.compartment());
    part.persons.insert(label.about().persons().begin(), label.about().persons().end());
    part.family = part.family || label.about().family();
  }
  std::vector<v1::Controller> out;
  out.reserve(parts.size());
  for (const auto& [organisation, part] : parts) {
    v1::Controller& c = out.emplace_back();
    c.set_organisation(organisation);
    for (const int compartment : part.compartments) {
      c.add_compartments(static_cast<common::v1::Compartment>(compartment));
    }
    for (const std::string& person : part.persons) c.add_persons(person);
    c.set_family(part.family);
  }
  return out;
}

absl::Status Extend(const v1::ExtendRequestRequest& req, Date today, v1::Request* request) {
  if (req.months() < 1 || req.months() > kMaxExtensionMonths) {
    return InvalidField("months", "be 1 or 2");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  if (request->state() != v1::REQUEST_STATE_OPEN) return errors::NotOpen();
  if (request->extended_months() != 0) return errors::ExtendedBefore();
  KP_ASSIGN_OR_RETURN(const Date received, base::ParseDate(request->received_date()));
  if (today > base::LastDayOfTerm(received, kTermMonths)) return errors::ExtensionTooLate();
  request->set_extended_months(req.months());
  request->set_extension_reason(req.reason());
  request->set_due_date(
      base::FormatDate(base::LastDayOfTerm(received, kTermMonths + req.months())));
  return absl::OkStatus();
}

absl::Status AddAnswer(const v1::Answer& answer, v1::Request* request) {
  if (answer.outcome() == v1::OUTCOME_UNSPECIFIED || !v1::Outcome_IsValid(answer.outcome())) {
    return InvalidField("outcome", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("text", answer.text(), {}));
  if (request->state() == v1::REQUEST_STATE_WITHDRAWN) return errors::NotOpen();
  const auto& controllers = request->controllers();
  if (std::find(controllers.begin(), controllers.end(), answer.controller()) == controllers.end()) {
    return errors::NotYoursToAnswer();
  }
  const bool before =
      std::any_of(request->answers().begin(), request->answers().end(),
                  [&](const v1::Answer& a) { return a.controller() == answer.controller(); });
  if (before) return errors::AnsweredBefore();
  *request->add_answers() = answer;
  if (request->answers_size() == controllers.size()) {
    request->set_state(v1::REQUEST_STATE_ANSWERED);
  }
  return absl::OkStatus();
}

bool IsOverdue(const v1::Request& request, Date today) {
  const auto due = base::ParseDate(request.due_date());
  return request.state() == v1::REQUEST_STATE_OPEN && (!due.ok() || today > *due);
}

}  // namespace knooppunt::requests
