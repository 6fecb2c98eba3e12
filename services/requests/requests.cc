// Recording and reading requests, and who answers for what (R40).

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "base/term.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/requests/rules.h"
#include "services/requests/service.h"
#include "services/requests/view.h"

namespace knooppunt::requests {
namespace {

using dossier::FamilyFacts;
using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kFamilyPattern[] = "families/*";

std::vector<v1::Controller> ControllersIn(const AuthorizedCall& call) {
  std::vector<common::v1::Label> labels;
  labels.reserve(call.scopes().size());
  for (const policy::KeyedScope& scope : call.scopes()) labels.push_back(scope.label);
  return ControllersOf(labels);
}

// The owner first, then those whom the request names, who must answer for something that the caller
// may see (R18).
absl::Status SetControllers(const AuthorizedCall& call, const v1::Request& asked,
                            v1::Request* request) {
  request->add_controllers(request->owner());
  const std::vector<v1::Controller> known = ControllersIn(call);
  for (const std::string& organisation : asked.controllers()) {
    const bool there = std::any_of(known.begin(), known.end(), [&](const v1::Controller& c) {
      return c.organisation() == organisation;
    });
    const auto& named = request->controllers();
    if (!there && organisation != request->owner()) {
      return dossier::errors::InvalidField("request.controllers",
                                           "answer for something that you may see");
    }
    if (std::find(named.begin(), named.end(), organisation) == named.end()) {
      request->add_controllers(organisation);
    }
  }
  return absl::OkStatus();
}

// The request as it begins: open, with its last day.
v1::Request NewRequest(const AuthorizedCall& call, const v1::Request& asked) {
  const base::Date today = base::DateOf(call.now());
  v1::Request out;
  out.set_name(absl::StrCat("families/", call.family(), "/requests/", call.Id("rq", 0)));
  out.set_kind(asked.kind());
  out.set_text(asked.text());
  out.set_requester(asked.requester());
  out.set_received_how(call.is_staff() ? asked.received_how() : v1::RECEIVED_HOW_ONLINE);
  out.set_received_date(asked.received_date().empty() ? base::FormatDate(today)
                                                      : asked.received_date());
  out.set_state(v1::REQUEST_STATE_OPEN);
  const auto received = base::ParseDate(out.received_date());
  out.set_due_date(
      base::FormatDate(base::LastDayOfTerm(received.ok() ? *received : today, kTermMonths)));
  return out;
}

// Where a page ended: "family/request". Grants nothing: each page is decided anew.
using Cursor = std::pair<std::string, std::string>;

absl::StatusOr<Cursor> ParsePageToken(const std::string& token) {
  if (token.empty()) return Cursor();
  const auto bad = [] {
    return dossier::errors::InvalidField("page_token", "be one that was given out");
  };
  if (token.size() > limits::kMaxResourceNameBytes) return bad();
  const auto text = crypto::Base64UrlDecode(token);
  if (!text.ok()) return bad();
  const std::vector<std::string> parts = absl::StrSplit(*text, '/');
  if (parts.size() != 2 || !base::IsResourceId(parts[0]) || !base::IsResourceId(parts[1])) {
    return bad();
  }
  return Cursor(parts[0], parts[1]);
}

}  // namespace

absl::Status RequestsService::RecordRequest(const Call& call, WriteTx& tx,
                                            const v1::RecordRequestRequest& req,
                                            v1::Request* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const base::Date today = base::DateOf(call.now());
  v1::Request asked = req.request();
  KP_RETURN_IF_ERROR(CheckNewRequest(asked, facts, call.person(), today));
  if (!call.is_staff()) {
    asked.set_requester(absl::StrCat("families/", call.family(), "/persons/", call.person()));
  } else {
    // On behalf of somebody whom the recorder may see (R18).
    KP_ASSIGN_OR_RETURN(const auto requester, base::ResourceName::Parse(asked.requester()));
    KP_RETURN_IF_ERROR(dossier::GetItem(call, tx, ItemKind::kPerson, requester.last_id()).status());
  }
  KP_RETURN_IF_ERROR(CheckLabel(asked, facts, today));
  KP_ASSIGN_OR_RETURN(const auto known, dossier::ListItems(call, tx, "", ItemKind::kRequest));
  if (known.size() >= limits::kMaxRequestsPerFamily) return dossier::errors::TooMany("requests");
  v1::Request request = NewRequest(call, asked);
  if (call.write_scopes().empty()) return dossier::errors::NoLabel();
  request.set_owner(call.write_scopes()[0].label.controller());
  KP_RETURN_IF_ERROR(SetControllers(call, asked, &request));
  Item item{
      .id = call.Id("rq", 0), .kind = ItemKind::kRequest, .payload = request.SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  item.label = call.write_scopes()[0].label;
  KP_ASSIGN_OR_RETURN(*resp, RequestView(call, tx, item));
  return absl::OkStatus();
}

absl::Status RequestsService::GetRequest(const Call& call, ReadTx& tx,
                                         const v1::GetRequestRequest& req, v1::Request* resp) {
  KP_ASSIGN_OR_RETURN(Loaded loaded, LoadRequest(call, tx, req.name()));
  *resp = std::move(loaded.view);
  return absl::OkStatus();
}

absl::Status RequestsService::ListRequests(const Call& call, ReadTx& tx,
                                           const v1::ListRequestsRequest& req,
                                           v1::ListRequestsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, "", ItemKind::kRequest));
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(v1::Request view, RequestView(call, tx, item));
    if (req.open_only() && view.state() != v1::REQUEST_STATE_OPEN) continue;
    *resp->add_requests() = std::move(view);
  }
  std::stable_sort(
      resp->mutable_requests()->begin(), resp->mutable_requests()->end(),
      [](const v1::Request& a, const v1::Request& b) { return a.due_date() < b.due_date(); });
  return absl::OkStatus();
}

absl::Status RequestsService::ListOpenRequests(const Call&, const std::vector<Call>& all,
                                               ReadTx& tx, const v1::ListOpenRequestsRequest& req,
                                               v1::ListOpenRequestsResponse* resp) {
  if (req.page_size() < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  const int page_size = req.page_size() == 0 ? limits::kDefaultPageSize
                                             : std::min(req.page_size(), limits::kMaxPageSize);
  KP_ASSIGN_OR_RETURN(const Cursor after, ParsePageToken(req.page_token()));
  std::vector<const Call*> in_order;
  in_order.reserve(all.size());
  for (const Call& call : all) in_order.push_back(&call);
  std::sort(in_order.begin(), in_order.end(),
            [](const Call* a, const Call* b) { return a->family() < b->family(); });
  Cursor last;
  for (const Call* call : in_order) {
    if (call->family() < after.first) continue;
    KP_ASSIGN_OR_RETURN(auto items, dossier::ListItems(*call, tx, "", ItemKind::kRequest));
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.id < b.id; });
    for (const Item& item : items) {
      if (Cursor(call->family(), item.id) <= after) continue;
      KP_ASSIGN_OR_RETURN(v1::Request view, RequestView(*call, tx, item));
      if (view.state() != v1::REQUEST_STATE_OPEN) continue;
      if (resp->requests_size() == page_size) {
        resp->set_next_page_token(
            crypto::Base64UrlEncode(absl::StrCat(last.first, "/", last.second)));
        return absl::OkStatus();
      }
      *resp->add_requests() = std::move(view);
      last = {call->family(), item.id};
    }
  }
  return absl::OkStatus();
}

absl::Status RequestsService::ListControllers(const Call& call, ReadTx&,
                                              const v1::ListControllersRequest& req,
                                              v1::ListControllersResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), kFamilyPattern).status());
  std::vector<v1::Controller> controllers = ControllersIn(call);
  for (v1::Controller& c : controllers) *resp->add_controllers() = std::move(c);
  return absl::OkStatus();
}

}  // namespace knooppunt::requests
