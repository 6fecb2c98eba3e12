// The plan as a document: an export, made for one reader and by their name (R18, R22).

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "base/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "security/policy/words.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/plan/document.h"
#include "services/plan/html.h"
#include "services/plan/items.h"
#include "services/plan/pdf.h"
#include "services/plan/service.h"
#include "services/plan/view.h"

namespace knooppunt::plan {
namespace {

std::string StaffName(absl::string_view display_name, common::v1::Function function,
                      absl::string_view organisation) {
  return absl::StrCat(display_name, ", ", policy::WordFor(function, policy::Language::kDutch), ", ",
                      absl::StripPrefix(organisation, "organisations/"));
}

absl::StatusOr<NamesSeen> NamesFor(const AuthorizedCall& call, storage::ReadTx& tx,
                                   const access::v1::CaseFact& c) {
  NamesSeen out;
  KP_ASSIGN_OR_RETURN(const auto items,
                      dossier::ListItems(call, tx, "", dossier::ItemKind::kPerson));
  absl::flat_hash_map<std::string, std::string> by_id;
  for (const dossier::Item& item : items) {
    casework::v1::Person person;
    if (!person.ParseFromString(item.payload)) {
      return absl::DataLossError("an item cannot be read");
    }
    by_id[item.id] = absl::StrCat(person.given_name(), " ", person.family_name());
    out.people[person.name()] = by_id[item.id];
  }
  for (const std::string& child : c.children()) {
    if (by_id.contains(child)) out.children.push_back(by_id[child]);
  }
  for (const access::v1::Seat& seat : c.seats()) {
    if (!seat.professional().empty()) {
      out.seats[seat.id()] = StaffName(seat.display_name(), seat.function(), seat.organisation());
      out.staff[seat.professional()] = out.seats[seat.id()];
    } else if (by_id.contains(seat.person())) {
      out.seats[seat.id()] = by_id[seat.person()];
    }
  }
  return out;
}

// Whoever logs in sees themselves by name, or by what they are of the family.
std::string ReaderName(const AuthorizedCall& call, const access::v1::FamilyFacts& facts,
                       const NamesSeen& names) {
  if (call.is_staff()) {
    return StaffName(call.claims().display_name(), call.claims().function(), call.organisation());
  }
  std::string role = "iemand van het gezin";
  for (const access::v1::PersonFact& p : facts.persons()) {
    if (p.id() == call.person()) role = policy::WordFor(p.role(), policy::Language::kDutch);
  }
  const auto named = names.people.find(call.actor());
  return named == names.people.end() ? role : absl::StrCat(named->second, " (", role, ")");
}

}  // namespace

absl::Status PlanService::RenderPlan(const Call& call, ReadTx& tx, const v1::RenderPlanRequest& req,
                                     v1::RenderPlanResponse* resp) {
  const bool pdf = req.format() == v1::DOCUMENT_FORMAT_PDF;
  if (!pdf && req.format() != v1::DOCUMENT_FORMAT_HTML) {
    return dossier::errors::InvalidField("format", "be HTML or PDF");
  }
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(const access::v1::FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const access::v1::CaseFact* c, CaseOf(facts, name.Id("cases")));
  KP_ASSIGN_OR_RETURN(const v1::Plan plan, PlanView(call, tx, facts, *c));
  KP_ASSIGN_OR_RETURN(const NamesSeen names, NamesFor(call, tx, *c));
  const Document document =
      MakeDocument(plan, names, {.reader = ReaderName(call, facts, names), .time = call.now()});
  resp->set_file_name(
      absl::StrCat("plan-", base::FormatDate(base::DateOf(call.now())), pdf ? ".pdf" : ".html"));
  if (pdf) {
    KP_ASSIGN_OR_RETURN(*resp->mutable_content(), PdfOf(document));
    resp->set_content_type("application/pdf");
    return absl::OkStatus();
  }
  resp->set_content(HtmlOf(document));
  resp->set_content_type("text/html; charset=utf-8");
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
