#include "services/access/agreement.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/access/errors.h"

namespace knooppunt::access {
namespace {

absl::Status CheckRequest(const v1::WhoMustAgreeRequest& request) {
  const common::v1::About& about = request.about();
  if (about.persons().empty() && !about.family()) return errors::NameWhomItIsAbout();
  if (about.persons_size() > limits::kMaxPersonsPerFamily) return errors::NameWhomItIsAbout();
  absl::flat_hash_set<int> seen;
  for (const int c : request.compartments()) {
    if (c == common::v1::COMPARTMENT_UNSPECIFIED || !common::v1::Compartment_IsValid(c) ||
        !seen.insert(c).second) {
      return errors::NameCompartments();
    }
  }
  if (seen.empty()) return errors::NameCompartments();
  if (request.purpose() != common::v1::PURPOSE_COORDINATION &&
      request.purpose() != common::v1::PURPOSE_HANDOVER) {
    return errors::NamePurposeOfSharing();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<FamilyWorld>> LoadWorld(FactsStore& facts,
                                                       const std::string& family) {
  KP_ASSIGN_OR_RETURN(FactsStore::FoundFamily found, facts.Family(family));
  if (found.facts == nullptr) return errors::NoSuchFamily();
  auto out = std::make_unique<FamilyWorld>();
  out->family = std::move(found.facts);
  out->world = WorldOf(&facts, &out->kept);
  out->world.facts = out->family.get();
  return out;
}

Viewer ViewerOf(const policy::AuthorizedCall& call) {
  return {.person = call.person(),
          .subject = call.claims().subject(),
          .organisation = call.organisation(),
          .seat = call.seat(),
          .now = call.now()};
}

absl::StatusOr<v1::WhoMustAgreeResponse> AnswerWhoMustAgree(
    const AgreementView& view, const v1::WhoMustAgreeRequest& request) {
  KP_RETURN_IF_ERROR(CheckRequest(request));
  base::Date on = view.today();
  if (!request.on_date().empty()) {
    const auto day = base::ParseDate(request.on_date());
    if (!day.ok()) return errors::NoSuchDay();
    on = *day;
  }
  const auto& asked = request.about().persons();
  if (!std::all_of(asked.begin(), asked.end(),
                   [&](const std::string& p) { return view.SeesPerson(p); })) {
    return errors::NameWhomItIsAbout();
  }
  const policy::Agreement agreement =
      policy::WhoMustAgree(view.table(), view.facts(), request.about(), request.compartments(), on);
  v1::WhoMustAgreeResponse out;
  view.Show(agreement, on, out.mutable_signatures());
  for (Sentence& s : view.Vacancies(agreement, on)) {
    out.add_vacancies_nl(std::move(s.nl));
    out.add_vacancies_en(std::move(s.en));
  }
  out.set_on_date(base::FormatDate(on));
  out.set_policy_sha256(view.table().sha256());
  return out;
}

absl::Status WhoMustAgree(const policy::Table& table, FactsStore& facts,
                          const policy::AuthorizedCall& call,
                          const v1::WhoMustAgreeRequest& request,
                          v1::WhoMustAgreeResponse* response) {
  KP_ASSIGN_OR_RETURN(const auto recipient, facts.Organisation(request.recipient()));
  if (recipient == nullptr) return errors::UnknownRecipient();
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyWorld> world, LoadWorld(facts, call.family()));
  const AgreementView view(table, world->world, ViewerOf(call));
  KP_ASSIGN_OR_RETURN(*response, AnswerWhoMustAgree(view, request));
  for (const std::string& person : request.about().persons()) {
    common::v1::Label touched;
    touched.mutable_about()->add_persons(person);
    call.touched().Add(touched);
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::access
