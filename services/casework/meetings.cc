// Meetings: planning, concluding with parents and steps, and the outcome for who was absent
// (R4-R7).

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/funding.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/step_owner.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kMeetingPattern[] = "families/*/cases/*/meetings/*";

// The meeting's item, of the case that its name says.
absl::StatusOr<Item> LoadMeeting(const AuthorizedCall& call, storage::ReadTx& tx,
                                 const base::ResourceName& name) {
  KP_ASSIGN_OR_RETURN(Item item,
                      dossier::GetItem(call, tx, ItemKind::kMeeting, name.Id("meetings")));
  if (item.case_id != name.Id("cases")) return dossier::errors::NotFound();
  return item;
}

absl::Status StoreMeeting(const AuthorizedCall& call, storage::WriteTx& tx,
                          const v1::Meeting& meeting, Item item, crypto::Random& random) {
  v1::Meeting bare = meeting;
  bare.clear_label();
  item.payload = bare.SerializeAsString();
  return dossier::UpdateItem(call, tx, item, random);
}

absl::Status CheckConclusion(const FamilyFacts& facts, const CaseFact& c,
                             const v1::Meeting& meeting, const v1::ConcludeMeetingRequest& req,
                             absl::Time now) {
  KP_ASSIGN_OR_RETURN(const base::Date on, base::ParseDate(meeting.date()));
  KP_RETURN_IF_ERROR(dossier::ValidateText("conclusion", req.conclusion(), {.required = false}));
  if (c.state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  if (meeting.state() != v1::MEETING_STATE_PLANNED) return errors::MeetingConcluded();
  if (on > base::DateOf(now)) return errors::MeetingNotYetHeld();
  KP_RETURN_IF_ERROR(CheckAttendances(c, req, now));
  KP_RETURN_IF_ERROR(CheckParents(facts, c, req, on));
  if (req.steps().empty()) return errors::NoStep();
  for (int i = 0; i < req.steps_size(); ++i) {
    KP_RETURN_IF_ERROR(
        CheckNewStep(absl::StrCat("steps[", i, "]"), req.steps(i), facts, c, on, now));
  }
  return absl::OkStatus();
}

void WriteConclusion(const v1::ConcludeMeetingRequest& req, const CaseFact& c, absl::Time now,
                     v1::Meeting* meeting) {
  meeting->set_state(v1::MEETING_STATE_CONCLUDED);
  *meeting->mutable_attendances() = req.attendances();
  meeting->set_parents_absent_reason(req.parents_absent_reason());
  meeting->set_parents_agreed(req.parents_agreed());
  meeting->set_conclusion(req.conclusion());
  for (const std::string& seat : AbsentCorePartners(c, req, now))
    meeting->add_feedback()->set_seat(seat);
}

// The steps that it agreed are named to who may see them (R18).
absl::Status DropUnseenSteps(const AuthorizedCall& call, storage::ReadTx& tx,
                             v1::Meeting* meeting) {
  google::protobuf::RepeatedPtrField<std::string> seen;
  for (std::string& step : *meeting->mutable_steps()) {
    KP_ASSIGN_OR_RETURN(const auto name, base::ResourceName::Parse(step));
    KP_ASSIGN_OR_RETURN(const bool opens, dossier::Opens(call, tx, name.last_id()));
    if (opens) *seen.Add() = std::move(step);
  }
  *meeting->mutable_steps() = std::move(seen);
  return absl::OkStatus();
}

}  // namespace

absl::Status CaseworkService::PlanMeeting(const Call& call, WriteTx& tx,
                                          const v1::PlanMeetingRequest& req, v1::Meeting* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(const base::Date date, dossier::ParseDay("date", req.date()));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (date < base::DateOf(absl::FromUnixSeconds(c->open_time())))
    return errors::MeetingBeforeCase();
  KP_RETURN_IF_ERROR(dossier::CheckLabel("label", req.label(), facts));
  const std::string id = call.Id("meeting", 0);
  resp->set_name(absl::StrCat(CaseName(facts.id(), c->id()), "/meetings/", id));
  resp->set_date(req.date());
  resp->set_state(v1::MEETING_STATE_PLANNED);
  const Item item = {.id = id,
                     .kind = ItemKind::kMeeting,
                     .case_id = c->id(),
                     .payload = resp->SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

absl::Status CaseworkService::ConcludeMeeting(const Call& call, WriteTx& tx,
                                              const v1::ConcludeMeetingRequest& req,
                                              v1::Meeting* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kMeetingPattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(const Item item, LoadMeeting(call, tx, name));
  KP_ASSIGN_OR_RETURN(*resp, ParseMeeting(item));
  KP_RETURN_IF_ERROR(CheckConclusion(facts, *c, *resp, req, call.now()));
  for (int i = 0; i < req.steps_size(); ++i) {
    KP_RETURN_IF_ERROR(CheckOwnerWillRead(call, req.steps(i).owner_seat(), i));
  }
  KP_ASSIGN_OR_RETURN(const base::Date on, base::ParseDate(resp->date()));
  WriteConclusion(req, *c, call.now(), resp);
  int reference = 0;
  for (int i = 0; i < req.steps_size(); ++i) {
    const v1::NewStep& asked = req.steps(i);
    const bool commits = !asked.commitment().committed_by().empty();
    const access::v1::FactEntry& committer = call.reference(commits ? reference++ : -1);
    v1::Step step = AgreedStep(asked, *c, committer.professional(), on, call.now());
    KP_RETURN_IF_ERROR(FundStep(*framework_, on, &step));
    const std::string id = call.Id("step", i);
    step.set_name(absl::StrCat(CaseName(facts.id(), c->id()), "/steps/", id));
    step.set_origin(req.name());
    resp->add_steps(step.name());
    const Item step_item = {
        .id = id, .kind = ItemKind::kStep, .case_id = c->id(), .payload = step.SerializeAsString()};
    KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, step_item, i, random_));
  }
  KP_RETURN_IF_ERROR(StoreMeeting(call, tx, *resp, item, random_));
  return dossier::SaveFacts(call, tx, &facts, random_);
}

absl::Status CaseworkService::ConfirmOutcome(const Call& call, WriteTx& tx,
                                             const v1::ConfirmOutcomeRequest& req,
                                             v1::Meeting* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "name", req.name(), kMeetingPattern));
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  const Seat* seat = dossier::CallerSeat(call, *c);
  if (seat == nullptr) return dossier::errors::NoSeat();
  KP_ASSIGN_OR_RETURN(const Item item, LoadMeeting(call, tx, name));
  KP_ASSIGN_OR_RETURN(*resp, ParseMeeting(item));
  KP_RETURN_IF_ERROR(ConfirmFeedback(resp, *seat, call.now()));
  KP_RETURN_IF_ERROR(StoreMeeting(call, tx, *resp, item, random_));
  return DropUnseenSteps(call, tx, resp);
}

}  // namespace knooppunt::casework
