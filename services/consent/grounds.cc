// Grounds for sharing other than consent: invoked, ended, reviewed and listed (R15).

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/ground_sight.h"
#include "services/consent/ground_errors.h"
#include "services/consent/ground_rules.h"
#include "services/consent/service.h"
#include "services/consent/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/text.h"

namespace knooppunt::consent {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kGroundPattern[] = "families/*/grounds/*";

std::string GroundName(absl::string_view family, absl::string_view id) {
  return absl::StrCat("families/", family, "/grounds/", id);
}

// The texts of grounds that the permit opens, by the name of the ground.
struct Text {
  Item item;
  v1::Ground words;
};
using GroundTexts = std::map<std::string, Text>;

absl::StatusOr<GroundTexts> ReadTexts(const AuthorizedCall& call, storage::ReadTx& tx) {
  KP_ASSIGN_OR_RETURN(std::vector<Item> items, dossier::ListItems(call, tx, "", ItemKind::kGround));
  GroundTexts out;
  for (Item& item : items) {
    v1::Ground words;
    if (!words.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
    const std::string name = words.name();
    out[name] = {std::move(item), std::move(words)};
  }
  return out;
}

class Shower {
 public:
  Shower(const AuthorizedCall& call, const FamilyFacts& facts, const policy::GroundTypes& types)
      : call_(call),
        facts_(facts),
        types_(types),
        all_(call.is_staff() && SeesAllConsents(call, facts)) {}

  bool Shows(const GroundFact& g) const {
    if (!call_.is_staff()) {
      return policy::GroundShowsTo(facts_, g, call_.person(), base::DateOf(call_.now()));
    }
    const std::string& me = call_.claims().subject();
    // The reviewer may sit at no table: then nothing but what waits for them.
    const bool at_the_table = !call_.seat().empty();
    return (policy::AwaitsReview(g) && g.reviewer() == me) ||
           (at_the_table && (all_ || g.invoked_by() == me || g.reviewer() == me ||
                             g.recipient() == call_.organisation()));
  }

  v1::Ground View(const GroundFact& g, const GroundTexts& texts) const {
    v1::Ground out;
    out.set_name(GroundName(facts_.id(), g.id()));
    out.set_type(g.type());
    out.set_article(g.article());
    *out.mutable_about() = g.about();
    *out.mutable_compartments() = g.compartments();
    out.set_recipient(g.recipient());
    *out.mutable_purposes() = g.purposes();
    out.set_start_date(g.start_date());
    out.set_end_date(g.end_date());
    out.set_invoked_by(g.invoked_by());
    out.set_family_told(g.family_told());
    out.set_reviewer(g.reviewer());
    out.set_review_date(g.review_date());
    if (g.has_review()) *out.mutable_review() = g.review();
    if (g.end_time() != 0) *out.mutable_end_time() = dossier::ToTimestamp(g.end_time());
    if (g.told_time() != 0) *out.mutable_told_time() = dossier::ToTimestamp(g.told_time());
    out.set_in_force(policy::GroundInForce(types_, g, base::DateOf(call_.now())));
    if (const auto text = texts.find(out.name()); text != texts.end()) {
      out.set_reason(text->second.words.reason());
      out.set_not_told_reason(text->second.words.not_told_reason());
      out.set_review_outcome(text->second.words.review_outcome());
    }
    return out;
  }

 private:
  const AuthorizedCall& call_;
  const FamilyFacts& facts_;
  const policy::GroundTypes& types_;
  const bool all_;
};

absl::StatusOr<GroundFact*> FindNamedGround(const AuthorizedCall& call, absl::string_view name,
                                            const policy::GroundTypes& types, FamilyFacts* facts) {
  KP_ASSIGN_OR_RETURN(const auto parsed, dossier::ParseName(call, "name", name, kGroundPattern));
  GroundFact* ground = MutableGround(facts, parsed.Id("grounds"));
  if (ground == nullptr || !Shower(call, *facts, types).Shows(*ground)) {
    return dossier::errors::NotFound();
  }
  return ground;
}

v1::Ground Words(const v1::Ground& asked, absl::string_view name) {
  v1::Ground out;
  out.set_name(std::string(name));
  out.set_reason(asked.reason());
  out.set_not_told_reason(asked.not_told_reason());
  return out;
}

// The recipient is known, and so is a reviewer who may review.
absl::Status CheckReferences(const AuthorizedCall& call, const v1::Ground& asked) {
  if (call.reference(0).organisation().name() != asked.recipient()) {
    return errors::UnknownGroundRecipient();
  }
  if (asked.reviewer().empty()) return absl::OkStatus();
  const access::v1::ProfessionalFacts& reviewer = call.reference(1).professional();
  const base::Date today = base::DateOf(call.now());
  if (reviewer.name() != asked.reviewer() || !CanReview(reviewer, "", today)) {
    return errors::UnknownReviewer();
  }
  return !asked.family_told() || CanReview(reviewer, call.organisation(), today)
             ? absl::OkStatus()
             : errors::ReviewerIsNoColleague();
}

}  // namespace

absl::Status DemandInvoke(const runtime::Preparation& prep, const v1::InvokeGroundRequest& req,
                          runtime::Demands* out) {
  const v1::Ground& asked = req.ground();
  if (asked.about().persons_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField("ground.about", "name persons of this family");
  }
  out->references.push_back(asked.recipient());
  if (!asked.reviewer().empty()) out->references.push_back(asked.reviewer());
  // About nobody: the handler says what is lacking.
  if (asked.about().persons().empty() && !asked.about().family()) return absl::OkStatus();
  out->labels.push_back(ReasonLabel(asked, prep.claims.function()));
  return absl::OkStatus();
}

absl::Status ConsentService::InvokeGround(const Call& call, WriteTx& tx,
                                          const v1::InvokeGroundRequest& req, v1::Ground* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), "families/*").status());
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  const v1::Ground& asked = req.ground();
  KP_RETURN_IF_ERROR(CheckInvocation(asked, facts, ground_types_,
                                     {.professional = call.claims().subject(),
                                      .organisation = call.organisation(),
                                      .on = base::DateOf(call.now())}));
  KP_RETURN_IF_ERROR(CheckReferences(call, asked));
  const GroundFact ground =
      Invoked(asked, call.Id("ground", 0), ground_types_, call.claims().subject());
  *facts.add_grounds() = ground;
  const v1::Ground words = Words(asked, GroundName(facts.id(), ground.id()));
  const Item item = {.id = call.Id("ground-text", 0),
                     .kind = ItemKind::kGround,
                     .payload = words.SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = Shower(call, facts, ground_types_).View(ground, {{words.name(), {item, words}}});
  return absl::OkStatus();
}

absl::Status ConsentService::EndGround(const Call& call, WriteTx& tx,
                                       const v1::EndGroundRequest& req, v1::Ground* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(GroundFact* const ground,
                      FindNamedGround(call, req.name(), ground_types_, &facts));
  if (ground->invoked_by() != call.claims().subject() && !SeesAllConsents(call, facts)) {
    return errors::NotYoursToEnd();
  }
  KP_RETURN_IF_ERROR(EndEarly(ground, call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = Shower(call, facts, ground_types_).View(*ground, {});
  return absl::OkStatus();
}

absl::Status ConsentService::ReviewGround(const Call& call, WriteTx& tx,
                                          const v1::ReviewGroundRequest& req, v1::Ground* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(GroundFact* const ground,
                      FindNamedGround(call, req.name(), ground_types_, &facts));
  if (ground->reviewer() != call.claims().subject()) return errors::NotYoursToReview();
  KP_RETURN_IF_ERROR(dossier::ValidateText("outcome", req.outcome(), {}));
  KP_RETURN_IF_ERROR(Review(ground, req.upheld(), call.now()));
  KP_ASSIGN_OR_RETURN(GroundTexts texts, ReadTexts(call, tx));
  const auto text = texts.find(req.name());
  if (text == texts.end()) return errors::ReasonNotReadable();
  text->second.words.set_review_outcome(req.outcome());
  text->second.item.payload = text->second.words.SerializeAsString();
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, text->second.item, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = Shower(call, facts, ground_types_).View(*ground, texts);
  return absl::OkStatus();
}

absl::Status ConsentService::TellFamily(const Call& call, WriteTx& tx,
                                        const v1::TellFamilyRequest& req, v1::Ground* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(GroundFact* const ground,
                      FindNamedGround(call, req.name(), ground_types_, &facts));
  const std::string& me = call.claims().subject();
  if (ground->invoked_by() != me && !SeesAllConsents(call, facts)) return errors::NotYoursToTell();
  KP_RETURN_IF_ERROR(Tell(ground, me, call.now()));
  // From here on the family's own log shows what was done on it, this act included (R15, R25).
  common::v1::Label told;
  *told.mutable_about() = ground->about();
  call.touched().Add(told);
  call.touched().compartments.clear();  // nothing of the dossier was opened
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = Shower(call, facts, ground_types_).View(*ground, {});
  return absl::OkStatus();
}

absl::Status ConsentService::ListGrounds(const Call& call, ReadTx& tx,
                                         const v1::ListGroundsRequest& req,
                                         v1::ListGroundsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::ParseName(call, "parent", req.parent(), "families/*").status());
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const GroundTexts texts, ReadTexts(call, tx));
  const Shower shower(call, facts, ground_types_);
  for (const GroundFact& g : facts.grounds()) {
    if (shower.Shows(g)) *resp->add_grounds() = shower.View(g, texts);
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::consent
