// Who is invited, and what they would read (R11-R13, R18).

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/meetings/meeting.h"
#include "services/meetings/service.h"
#include "services/worklist/rules.h"

namespace knooppunt::meetings {
namespace {

constexpr char kMeeting[] = "families/*/cases/*/meetings/*";

// The question of which a page token is: all but how far one is.
template <typename Request>
Request Question(const Request& req) {
  Request out = req;
  out.clear_page_size();
  out.clear_page_token();
  return out;
}

// An invitation of one's own, where it stands.
struct Own {
  std::string key;
  size_t family = 0;  // in the list of calls
  v1::KeptMeeting meeting;
  v1::KeptInvitation invitation;
};

// The caller's own of one family, to meetings that are not over and not held.
void TakeOwn(const policy::AuthorizedCall& call, const Meetings& family, size_t at, bool answered,
             std::vector<Own>* out) {
  const std::string today = base::FormatDate(base::DateOf(call.now()));
  for (const v1::KeptMeeting& m : family.stored.kept.meetings()) {
    const access::v1::CaseFact* c = dossier::FindCase(family.facts, m.case_id());
    if (c == nullptr || m.date() < today) continue;
    // What was cancelled needs no answer; who asks for all learns that it is off.
    if (!IsPlanned(family, m.item()) && !(answered && m.cancelled())) continue;
    const v1::KeptInvitation* own = OwnInvitation(m, MeAt(call, *c));
    if (own == nullptr) continue;
    if (!AwaitsAnswer(*own) && !answered) continue;
    out->push_back({.key = absl::StrCat(m.date(), " ", m.start(), " ", own->id()),
                    .family = at,
                    .meeting = m,
                    .invitation = *own});
  }
}

}  // namespace

absl::Status MeetingsService::ListInvitations(const Call& call, ReadTx& tx,
                                              const v1::ListInvitationsRequest& req,
                                              v1::ListInvitationsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "parent", req.parent(), kMeeting));
  KP_ASSIGN_OR_RETURN(const int page_size, worklist::PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const std::string after,
                      worklist::KeyOfToken(req.page_token(), Question(req)));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  const bool leads = LeadsMeetings(*loaded.c, loaded.me, call.now());
  Reader reader(call, tx, loaded.family);
  // Two may be of the same second: which is next is said by the one before, not by the time.
  bool passed = after.empty();
  std::string last;
  for (const v1::KeptInvitation& i : loaded.meeting.invitations()) {
    if (!passed) {
      passed = i.id() == after;
      continue;
    }
    const bool own = !IsTakenBack(i) && IsOwn(i, loaded.me);
    if (!own && (!loaded.opened || (IsTakenBack(i) && !leads))) continue;
    if (resp->invitations_size() == page_size) {
      resp->set_next_page_token(worklist::TokenAfter(last, Question(req)));
      break;
    }
    KP_ASSIGN_OR_RETURN(*resp->add_invitations(),
                        reader.ShowInvitation(loaded.name, loaded.meeting, i, own));
    last = i.id();
  }
  return absl::OkStatus();
}

absl::Status MeetingsService::CheckInvitations(const Call& call, ReadTx& tx,
                                               const v1::CheckInvitationsRequest& req,
                                               v1::CheckInvitationsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "parent", req.parent(), kMeeting));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  if (!loaded.opened) return dossier::errors::NotFound();
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(const std::vector<Readable> readable,
                      reader.ReadableOf(loaded.name, loaded.meeting));
  for (const v1::KeptInvitation& i : loaded.meeting.invitations()) {
    if (IsTakenBack(i)) continue;
    v1::Invitation* shown = resp->add_invitations();
    KP_ASSIGN_OR_RETURN(*shown,
                        reader.ShowInvitation(loaded.name, loaded.meeting, i, IsOwn(i, loaded.me)));
    *shown->mutable_check() = CheckOf(readable, SightOf(call.decision(), i), i.organisation());
  }
  return absl::OkStatus();
}

absl::Status MeetingsService::ListOwnInvitations(const Call&, const std::vector<Call>& all,
                                                 ReadTx& tx,
                                                 const v1::ListOwnInvitationsRequest& req,
                                                 v1::ListOwnInvitationsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const int page_size, worklist::PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const std::string after,
                      worklist::KeyOfToken(req.page_token(), Question(req)));
  std::vector<std::unique_ptr<Meetings>> families;
  families.reserve(all.size());
  std::vector<Own> own;
  for (const Call& call : all) {
    families.push_back(std::make_unique<Meetings>());
    KP_RETURN_IF_ERROR(LoadFamily(call, tx, families.back().get()));
    TakeOwn(call, *families.back(), families.size() - 1, req.answered(), &own);
  }
  std::sort(own.begin(), own.end(), [](const Own& a, const Own& b) { return a.key < b.key; });
  const Own* last = nullptr;
  for (const Own& o : own) {
    if (o.key <= after) continue;
    if (resp->invitations_size() == page_size) {
      resp->set_next_page_token(worklist::TokenAfter(last->key, Question(req)));
      break;
    }
    const Meetings& family = *families[o.family];
    Reader reader(all[o.family], tx, family);
    KP_ASSIGN_OR_RETURN(
        *resp->add_invitations(),
        reader.ShowInvitation(MeetingName(family.facts.id(), o.meeting.case_id(), o.meeting.item()),
                              o.meeting, o.invitation, true));
    last = &o;
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::meetings
