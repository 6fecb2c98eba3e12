// What is on paper: two people at work on one plan, and what the family asks about its information.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kPlan[] = "plan.v1.PlanService/";
constexpr char kDocuments[] = "documents.v1.DocumentService/";
constexpr char kRequests[] = "requests.v1.RequestsService/";

}  // namespace

// The school and whoever leads read the same line of the plan, and both change it: the second is
// told to read again, and nobody's words are lost.
void Year::TwoAtOnePlan(Household& h) {
  Worker* who = SchoolAt(h);
  if (!h.active() || who == nullptr) return;
  Minutes();
  plan::v1::AddAssetRequest add;
  add.set_parent(h.case_name);
  add.mutable_asset()->set_kind(plan::v1::ASSET_KIND_WORKS);
  add.mutable_asset()->set_domain(plan::v1::LIFE_DOMAIN_SCHOOL);
  add.mutable_asset()->set_text("Lezen gaat goed.");
  *add.mutable_asset()->mutable_label() = LabelFor(h, h.the_case().organisation());
  plan::v1::Asset asset;
  if (!Do(&h, who->caller, absl::StrCat(kPlan, "AddAsset"), add, &asset)) return;
  const std::string scope = h.ScopeOf(asset.label());
  h.changed = true;

  h.oracle->Look();
  Caller second = who->caller;
  const access::v1::Seat* leader = Leader(h);
  if (leader != nullptr && !leader->professional().empty()) {
    const years::Sight sight =
        h.oracle->StaffSees(*leader, true, common::v1::PURPOSE_COORDINATION, Now());
    if (sight.allowed && sight.scopes.contains(scope)) second = At(h, *leader);
  }
  plan::v1::UpdateAssetRequest change;
  change.set_name(asset.name());
  change.set_etag(asset.etag());
  change.mutable_asset()->set_text("Lezen gaat goed, hardop ook.");
  change.mutable_update_mask()->add_paths("text");
  plan::v1::Asset changed;
  const std::string method = absl::StrCat(kPlan, "UpdateAsset");
  if (!Do(&h, second, method, change, &changed)) return;
  change.mutable_asset()->set_text("Voorlezen gaat goed.");
  Refused(&h, who->caller, method, change, {"STALE_ETAG"});
  change.set_etag(changed.etag());
  if (Do(&h, who->caller, method, change, &changed) && changed.text() != change.asset().text()) {
    Finding(&h, "the plan reads otherwise than it was changed to");
  }
}

// R40: a parent asks for a copy, the organisation that answers for it does so within the term.
void Year::AskForCopy(Household& h) {
  if (!h.open() || years::AgeOn(h.child().birth_date, today_) >= 12) return;
  for (const Member& m : h.members) {
    if (!m.has_gezag || m.account.empty()) continue;
    Minutes();
    requests::v1::RecordRequestRequest req;
    req.set_parent(h.name());
    req.mutable_request()->set_kind(requests::v1::REQUEST_KIND_COPY);
    req.mutable_request()->set_text(absl::StrCat("Graag een afschrift. ", Mark()));
    common::v1::Label* label = req.mutable_request()->mutable_label();
    label->mutable_about()->add_persons(m.id);
    label->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label->set_regime(common::v1::REGIME_EDUCATION);
    requests::v1::Request made;
    if (!Do(&h, m.caller, absl::StrCat(kRequests, "RecordRequest"), req, &made)) return;
    if (made.due_date() <= Today() || made.owner() != h.the_case().organisation()) {
      Finding(&h, "R40: a request without term or owner");
    }
    // The other parent does not see it (R18).
    requests::v1::GetRequestRequest read;
    read.set_name(made.name());
    requests::v1::Request seen;
    Do(&h, m.caller, absl::StrCat(kRequests, "GetRequest"), read, &seen);
    for (const Member& other : h.members) {
      if (other.id == m.id || other.account.empty()) continue;
      Refused(&h, other.caller, absl::StrCat(kRequests, "GetRequest"), read,
              {"REFUSED", "NOT_FOUND"});
    }
    const std::string name = made.name();
    const std::string owner = made.owner();
    Plan(h, dice_.Between(5, 25), [this, name, owner](Household& f) { Answer(f, name, owner); });
    return;
  }
}

void Year::Answer(Household& h, const std::string& name, const std::string& owner) {
  Worker* who = SchoolAt(h);
  if (!h.open() || who == nullptr || who->caller.claims.organisation() != owner) return;
  Minutes();
  requests::v1::GetRequestRequest read;
  read.set_name(name);
  requests::v1::Request seen;
  if (!Do(&h, who->caller, absl::StrCat(kRequests, "GetRequest"), read, &seen)) return;
  // Asked before a holiday, it may have come too late.
  if (seen.overdue() != (seen.due_date() < Today())) Finding(&h, "R40: overdue, or not yet");
  requests::v1::AnswerRequestRequest req;
  req.set_name(name);
  req.set_outcome(requests::v1::OUTCOME_GRANTED);
  req.set_text("Het afschrift ligt klaar.");
  req.set_etag(seen.etag());
  requests::v1::Request answered;
  if (!Do(&h, who->caller, absl::StrCat(kRequests, "AnswerRequest"), req, &answered)) return;
  if (answered.answers_size() != 1) Finding(&h, "R40: an answer is lost");
}

// A report at the case: an opening, a part and an end, of which each is a call of its own (R13,
// R22).
void Year::AddPaper(Household& h) {
  Plan(h, dice_.Between(40, 90), [this](Household& f) { AddPaper(f); });
  Worker* who = SchoolAt(h);
  if (!h.open() || who == nullptr) return;
  Minutes();
  const std::string mark = Mark();
  const std::string content = absl::StrCat("Zo ging het in de klas. ", mark, "\n");
  documents::v1::UploadDocumentRequest message;
  documents::v1::Document added;
  int n = 0;
  const std::string method = absl::StrCat(kDocuments, "UploadDocument");
  const absl::Status status = region_.Send(
      who->caller, method, &message,
      [&]() -> absl::StatusOr<bool> {
        message.Clear();
        if (n == 0) {
          message.set_parent(h.case_name);
          message.set_title(absl::StrCat("Verslag ", mark));
          message.set_media_type("text/plain");
          message.set_size_bytes(static_cast<int64_t>(content.size()));
          *message.mutable_label() = LabelFor(h, h.the_case().organisation());
          message.set_request_id(region_.RequestId());
        } else if (n == 1) {
          message.set_chunk(content);
        }
        return n++ < 2;
      },
      &added);
  h.calls[method] += 2;  // beside the opening: the part, and the end of it
  if (!Settle(&h, who->caller, method, status, {})) return;
  h.papers.push_back({Item::Kind::kOther, added.name(), mark, h.ScopeOf(added.label())});
  h.changed = true;
  ++figures_.papers;
  const std::string name = added.name();
  if (dice_.Chance(30)) {
    Plan(h, dice_.Between(5, 30), [this, name](Household& f) { WithdrawPaper(f, name); });
  }
}

// Who answers for it withdraws it; its content is given to nobody from then on.
void Year::WithdrawPaper(Household& h, const std::string& name) {
  Worker* who = SchoolAt(h);
  const auto at = std::find_if(h.papers.begin(), h.papers.end(),
                               [&](const Item& paper) { return paper.name == name; });
  if (!h.open() || who == nullptr || at == h.papers.end()) return;
  for (const access::v1::Scope& s : h.told.scopes()) {
    // After a handover it is of the school that left.
    if (s.id() == at->scope && s.label().controller() != h.the_case().organisation()) return;
  }
  Minutes();
  documents::v1::WithdrawDocumentRequest req;
  req.set_name(name);
  req.set_reason("Hoorde bij een ander kind.");
  documents::v1::Document answer;
  const std::string method = absl::StrCat(kDocuments, "WithdrawDocument");
  Refused(&h, town_.stranger()->caller, method, req, {"REFUSED"});
  if (!Do(&h, who->caller, method, req, &answer)) return;
  h.papers.erase(at);
  h.changed = true;
}

}  // namespace knooppunt::year
