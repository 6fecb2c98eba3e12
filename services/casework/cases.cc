// Cases: searching, opening, reading, listing, closing and reopening (R1, R3, R18).

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/policy/closing.h"
#include "security/policy/leading.h"
#include "services/casework/errors.h"
#include "services/casework/paging.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/person_tokens.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kCasePattern[] = "families/*/cases/*";

// An item as it will read back: under the label that was decided.
Item NewItem(const AuthorizedCall& call, ItemKind kind, std::string id, int label_index,
             const google::protobuf::Message& payload) {
  Item item;
  item.id = std::move(id);
  item.kind = kind;
  if (label_index < static_cast<int>(call.write_scopes().size())) {
    item.label = call.write_scopes()[label_index].label;
  }
  item.payload = payload.SerializeAsString();
  return item;
}

std::vector<Item> OpeningItems(const AuthorizedCall& call, const v1::OpenCaseRequest& req,
                               const CaseFact& c) {
  std::vector<Item> items;
  for (int i = 0; i < req.persons_size(); ++i) {
    const v1::NewPerson& asked = req.persons(i);
    v1::Person person;
    const std::string id = call.Id("p", i);
    person.set_name(absl::StrCat("families/", call.family(), "/persons/", id));
    person.set_given_name(asked.given_name());
    person.set_family_name(asked.family_name());
    person.set_birth_date(asked.birth_date());
    person.set_role(asked.role());
    items.push_back(NewItem(call, ItemKind::kPerson, id, i, person));
  }
  v1::Case opening;
  opening.set_level(req.level());
  opening.set_reason(req.reason());
  items.push_back(NewItem(call, ItemKind::kOpening, call.Id("o", 0), req.persons_size(), opening));
  items.back().case_id = c.id();
  if (!req.family_reason().empty()) {
    v1::Case words;
    words.set_family_reason(req.family_reason());
    items.push_back(
        NewItem(call, ItemKind::kFamilyReason, call.Id("o", 1), req.persons_size() + 1, words));
    items.back().case_id = c.id();
  }
  return items;
}

// The tokens of every child of the family, for the family has one case (R1) whichever child the
// next school asks about. A set, for twins have one.
std::set<std::string> TokensOf(const AuthorizedCall& call, const v1::OpenCaseRequest& req) {
  std::set<std::string> out;
  for (const v1::NewPerson& p : req.persons()) {
    if (p.role() != access::v1::FAMILY_ROLE_CHILD) continue;
    out.insert(dossier::SearchToken(call, p.family_name(), p.birth_date()));
  }
  return out;
}

absl::Status ClaimTokens(const AuthorizedCall& call, storage::WriteTx& tx,
                         const v1::OpenCaseRequest& req) {
  for (const std::string& token : TokensOf(call, req)) {
    KP_ASSIGN_OR_RETURN(const auto hits, dossier::FindByToken(call, tx, token));
    const bool open =
        std::any_of(hits.begin(), hits.end(), [](const auto& h) { return h.open_case; });
    if (open) return dossier::errors::FamilyHasCase();
    KP_RETURN_IF_ERROR(dossier::PutSearchToken(call, tx, token));
  }
  return absl::OkStatus();
}

// By what each child of the family is found from now on.
absl::Status PutFindables(const AuthorizedCall& call, storage::WriteTx& tx,
                          const v1::OpenCaseRequest& req) {
  for (int i = 0; i < req.persons_size(); ++i) {
    const v1::NewPerson& p = req.persons(i);
    if (p.role() != access::v1::FAMILY_ROLE_CHILD) continue;
    KP_RETURN_IF_ERROR(dossier::PutPersonTokens(call, tx,
                                                {.person = call.Id("p", i),
                                                 .family_names = {p.family_name()},
                                                 .birth_date = p.birth_date()}));
  }
  return absl::OkStatus();
}

// The directory's word on what the request names.
absl::StatusOr<std::string> CheckOpeningReferences(const AuthorizedCall& call,
                                                   const v1::OpenCaseRequest& req) {
  const access::v1::WerkplaatsFacts& werkplaats = call.reference(0).werkplaats();
  if (werkplaats.name() != req.werkplaats() || call.organisation().empty() ||
      werkplaats.organisation() != call.organisation()) {
    return errors::NotYourWerkplaats();
  }
  if (policy::ClosedBy(werkplaats.close_date(), base::DateOf(call.now()))) {
    return errors::WerkplaatsClosed();
  }
  int reference = 1;
  for (const v1::NewGezag& g : req.gezag()) {
    if (g.holder_organisation().empty()) continue;
    if (call.reference(reference++).organisation().name() != g.holder_organisation()) {
      return errors::UnknownOrganisation();
    }
  }
  return werkplaats.organisation();
}

// Staff see the cases at whose table they sit or are invited; the family sees its own.
bool Concerns(const AuthorizedCall& call, const CaseFact& c) {
  if (!call.is_staff()) return !call.person().empty();
  const access::v1::Leader& leader = call.decision().leader();
  if (leader.case_id() == c.id() && policy::ActsByFunction(leader, call.claims())) return true;
  return std::any_of(c.seats().begin(), c.seats().end(), [&](const Seat& s) {
    return s.professional() == call.claims().subject() && s.organisation() == call.organisation() &&
           dossier::SeatOpen(s, call.now());
  });
}

}  // namespace

absl::Status CaseworkService::SearchFamilies(const Call& call, ReadTx& tx,
                                             const v1::SearchFamiliesRequest& req,
                                             v1::SearchFamiliesResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ValidateName("family_name", req.family_name()));
  KP_RETURN_IF_ERROR(dossier::ParseDay("birth_date", req.birth_date()).status());
  const bool emergency = call.purpose() == common::v1::PURPOSE_EMERGENCY;
  KP_ASSIGN_OR_RETURN(const auto hits,
                      dossier::FindFamilies(call, tx,
                                            {.family_name = req.family_name(),
                                             .birth_date = req.birth_date(),
                                             .nearness = emergency ? dossier::Nearness::kSame
                                                                   : dossier::Nearness::kAlike}));
  for (const dossier::SearchHit& hit : hits) {
    if (!hit.open_case) continue;
    resp->set_found(true);
    if (emergency) {
      // What OpenEmergency needs, and no more: whom to ask is for coordination (R20).
      resp->set_family(absl::StrCat("families/", hit.family));
      break;
    }
    resp->set_ask(hit.ask);
    resp->set_ask_organisation(hit.ask_organisation);
    break;
  }
  return absl::OkStatus();
}

absl::Status CaseworkService::OpenCase(const Call& call, WriteTx& tx,
                                       const v1::OpenCaseRequest& req, v1::Case* resp) {
  KP_RETURN_IF_ERROR(CheckOpening(req, base::DateOf(call.now())));
  KP_ASSIGN_OR_RETURN(const std::string organisation, CheckOpeningReferences(call, req));
  KP_RETURN_IF_ERROR(ClaimTokens(call, tx, req));
  KP_RETURN_IF_ERROR(PutFindables(call, tx, req));
  FamilyFacts facts = NewFamily(
      req, call.family(), {.claims = call.claims(), .organisation = organisation},
      [&](absl::string_view prefix, int n) { return call.Id(prefix, n); }, call.now());
  const std::vector<Item> items = OpeningItems(call, req, facts.cases(0));
  for (size_t i = 0; i < items.size(); ++i) {
    KP_RETURN_IF_ERROR(
        dossier::InsertItem(call, tx, &facts, items[i], static_cast<int>(i), random_));
  }
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  KP_ASSIGN_OR_RETURN(*resp, FullView(facts, facts.cases(0), items, TableOf(call), call.now()));
  resp->set_audit_subject(call.decision().audit().subject());
  return absl::OkStatus();
}

absl::Status CaseworkService::GetCase(const Call& call, ReadTx& tx, const v1::GetCaseRequest& req,
                                      v1::Case* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(std::vector<Item> items, dossier::ListItems(call, tx, "", ItemKind::kPerson));
  KP_ASSIGN_OR_RETURN(std::vector<Item> of_case,
                      dossier::ListItems(call, tx, c->id(), std::nullopt));
  std::move(of_case.begin(), of_case.end(), std::back_inserter(items));
  KP_ASSIGN_OR_RETURN(*resp, FullView(facts, *c, items, TableOf(call), call.now()));
  resp->set_audit_subject(call.decision().audit().subject());
  resp->set_etag(EtagOf(*c, *resp));
  return absl::OkStatus();
}

absl::Status CaseworkService::ListCases(const Call&, const std::vector<Call>& all, ReadTx& tx,
                                        const v1::ListCasesRequest& req,
                                        v1::ListCasesResponse* resp) {
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const Cursor after, ParsePageToken(req.page_token()));
  Cursor last;
  for (const Call* call : InOrder(all)) {
    if (call->family() < after.first) continue;
    KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(*call, tx));
    std::sort(facts.mutable_cases()->begin(), facts.mutable_cases()->end(),
              [](const CaseFact& a, const CaseFact& b) { return a.id() < b.id(); });
    for (const CaseFact& c : facts.cases()) {
      if (Cursor(facts.id(), c.id()) <= after || !Concerns(*call, c)) continue;
      if (resp->cases_size() == page_size) {
        resp->set_next_page_token(PageToken(last));
        return absl::OkStatus();
      }
      *resp->add_cases() = BasicView(facts, c, TableOf(*call), call->now());
      last = {facts.id(), c.id()};
    }
  }
  return absl::OkStatus();
}

absl::Status CaseworkService::CloseCase(const Call& call, WriteTx& tx,
                                        const v1::CloseCaseRequest& req, v1::Case* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_RETURN_IF_ERROR(dossier::ValidateText("outcome", req.outcome(), {}));
  if (req.kind() == v1::CLOSE_KIND_UNSPECIFIED || !v1::CloseKind_IsValid(req.kind())) {
    return dossier::errors::InvalidField("kind", "be stated");
  }
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckLife(req.etag(), *c));
  KP_RETURN_IF_ERROR(dossier::CheckLabel("label", req.label(), facts));
  const bool by_youth = IsAboutAlone(*c, call.person());
  if (by_youth) KP_RETURN_IF_ERROR(CheckClosingWords(req.label(), call.person()));
  KP_ASSIGN_OR_RETURN(const CaseState next, NextState(c->state(), CaseAct::kClose));
  for (const access::v1::HandoverFact& h : facts.handovers()) {
    if (h.case_id() == c->id()) return errors::HandoverRuns();
  }
  for (const access::v1::EscalationFact& e : facts.escalations()) {
    if (e.case_id() == c->id() && e.end_time() == 0) return errors::EscalationRuns();
  }
  CloseCaseFact(c, next, call.now());
  if (by_youth) c->set_closed_by(call.person());
  v1::Case closing;
  closing.set_outcome(req.outcome());
  closing.set_close_kind(req.kind());
  Item item = NewItem(call, ItemKind::kClosing, call.Id("closing", 0), 0, closing);
  item.case_id = c->id();
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  KP_ASSIGN_OR_RETURN(*resp, FullView(facts, *c, {item}, TableOf(call), call.now()));
  resp->set_etag(EtagOf(*c, *resp));
  return absl::OkStatus();
}

absl::Status CaseworkService::ReopenCase(const Call& call, WriteTx& tx,
                                         const v1::ReopenCaseRequest& req, v1::Case* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckLife(req.etag(), *c));
  if (!facts.merged_into().empty()) return errors::MergedAway();
  KP_RETURN_IF_ERROR(dossier::CheckLabel("label", req.label(), facts));
  KP_ASSIGN_OR_RETURN(const CaseState next, NextState(c->state(), CaseAct::kReopen));
  KP_ASSIGN_OR_RETURN(const bool elsewhere, dossier::OpenElsewhere(call, tx));
  if (elsewhere || dossier::CurrentCase(facts) != nullptr) return dossier::errors::FamilyHasCase();
  KP_RETURN_IF_ERROR(dossier::CheckAppointment(
      *c, {.seat = req.seat(), .stand_in_seat = req.stand_in_seat()}, call.now()));
  c->set_state(next);
  c->set_close_time(0);
  c->set_phase(access::v1::CASE_PHASE_INTERPRET);  // there is something new to make sense of
  EnsureReview(c, base::DateOf(call.now()));
  c->clear_closed_by();
  dossier::ReplaceTerm(
      c, {.seat = req.seat(), .stand_in_seat = req.stand_in_seat(), .reason = "REOPENED"},
      call.now());
  v1::Case reopening;
  reopening.set_reason(req.reason());
  Item item = NewItem(call, ItemKind::kClosing, call.Id("closing", 0), 0, reopening);
  item.case_id = c->id();
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  KP_ASSIGN_OR_RETURN(*resp, FullView(facts, *c, {item}, TableOf(call), call.now()));
  resp->set_etag(EtagOf(*c, *resp));
  return absl::OkStatus();
}

absl::Status CaseworkService::MovePhase(const Call& call, WriteTx& tx,
                                        const v1::MovePhaseRequest& req, v1::Case* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckLife(req.etag(), *c));
  KP_RETURN_IF_ERROR(casework::MovePhase(c, req.phase()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = SteeredView(facts, *c, TableOf(call), call.now());
  resp->set_etag(EtagOf(*c, *resp));
  return absl::OkStatus();
}

absl::Status CaseworkService::SetReview(const Call& call, WriteTx& tx,
                                        const v1::SetReviewRequest& req, v1::Case* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckLife(req.etag(), *c));
  KP_RETURN_IF_ERROR(casework::SetReview(c, req.review_date(), base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = SteeredView(facts, *c, TableOf(call), call.now());
  resp->set_etag(EtagOf(*c, *resp));
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
