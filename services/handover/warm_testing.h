// A handover under way, for the tests of what may happen to it: over a real database, decided by
// the real engine and policy. Not thread-safe.
#ifndef KNOOPPUNT_SERVICES_HANDOVER_WARM_TESTING_H_
#define KNOOPPUNT_SERVICES_HANDOVER_WARM_TESTING_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/dossier/testing.h"

namespace knooppunt::handover::testing {

using dossier::testing::Caller;
using dossier::testing::Journey;
using dossier::testing::Office;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class WarmHandoverTest : public ::testing::Test {
 protected:
  explicit WarmHandoverTest(Office::Options options = Office::Options{}) : j(options) {}

  void OpenCase() {
    j.Open();
    j.Activate();
    note = Contribute(j.child);
    mother_note = Contribute(j.mother_id);
  }
  std::string Contribute(const std::string& about) {
    casework::v1::AddContributionRequest req;
    req.set_parent(j.case_name);
    req.mutable_contribution()->set_text("Wat de school ervan zegt.");
    *req.mutable_contribution()->mutable_label() = j.Education();
    req.mutable_contribution()->mutable_label()->mutable_about()->set_persons(0, about);
    const auto added = j.office.Casework<casework::v1::Contribution>("AddContribution", j.ib, req);
    EXPECT_OK(added);
    return added.ok() ? added->name() : "";
  }
  std::string Person(const std::string& id) const {
    return absl::StrCat("families/", j.family, "/persons/", id);
  }
  v1::DraftHandoverRequest DraftRequest() const {
    v1::DraftHandoverRequest req;
    req.set_parent(j.case_name);
    req.set_kind(v1::HANDOVER_KIND_PO_VO);
    req.set_to_werkplaats("werkplaatsen/vmbo");
    req.set_receiver("professionals/receiver");
    for (const std::string& item : {Person(j.child), note, mother_note, j.case_name}) {
      req.add_items(item);
    }
    req.set_expire_date("2027-01-31");
    return req;
  }
  void Draft(const v1::DraftHandoverRequest& req) {
    const auto drafted = j.office.Handover("DraftHandover", j.ib, req);
    ASSERT_OK(drafted);
    handover = drafted->name();
  }
  absl::StatusOr<v1::Handover> Act(const std::string& method, const Caller& who,
                                   const std::string& text = "", const std::string& etag = "") {
    v1::HandoverActRequest req;
    req.set_name(handover);
    req.set_note(text);
    req.set_etag(etag);
    return j.office.Handover(method, who, req);
  }
  absl::StatusOr<v1::Handover> Get(const Caller& who) {
    v1::GetHandoverRequest req;
    req.set_name(handover);
    return j.office.Handover("GetHandover", who, req);
  }
  std::string ShareAbout(const std::string& about, const std::string& recipient,
                         const std::vector<Caller>& signers) {
    const std::string name =
        j.Propose({.recipient = recipient,
                   .compartments = {common::v1::COMPARTMENT_EDUCATION},
                   .purposes = {common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_HANDOVER},
                   .about = {about}});
    for (const Caller& who : signers) EXPECT_OK(j.Sign(name, who));
    return name;
  }
  void ShareBoth() {
    consent = ShareAbout(j.child, "organisations/lvo", {j.mother, j.father});
    mother_consent = ShareAbout(j.mother_id, "organisations/lvo", {j.mother});
  }
  void WithdrawConsent(const std::string& name) {
    consent::v1::WithdrawConsentRequest req;
    req.set_name(name);
    ASSERT_OK(j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.mother, req));
  }
  void Offered() {
    Draft(DraftRequest());
    ASSERT_OK(Act("ShowHandover", j.ib));
    ShareBoth();
    ASSERT_OK(Act("AuthoriseHandover", j.ib));
    ASSERT_OK(Act("OfferHandover", j.ib));
  }
  absl::StatusOr<v1::Handover> Receive() {
    v1::ReceiveHandoverRequest req;
    req.set_name(handover);
    const auto seen = Get(j.receiver);
    if (!seen.ok()) return seen.status();
    req.set_package_sha256(seen->package_sha256());
    return j.office.Handover("ReceiveHandover", j.receiver, req);
  }
  absl::StatusOr<v1::Handover> Converse(const Caller& by, const std::vector<Caller>& who) {
    v1::RecordConversationRequest req;
    req.set_name(handover);
    req.mutable_conversation()->set_date(base::FormatDate(base::DateOf(j.office.clock().Now())));
    req.mutable_conversation()->set_how("in persoon");
    for (const Caller& caller : who) req.mutable_conversation()->add_seats(j.SeatOf(caller));
    return j.office.Handover("RecordConversation", by, req);
  }
  absl::StatusOr<v1::Handover> Accept(const std::string& regisseur, const std::string& stand_in) {
    v1::AcceptHandoverRequest req;
    req.set_name(handover);
    req.set_regisseur_seat(regisseur);
    req.set_stand_in_seat(stand_in);
    return j.office.Handover("AcceptHandover", j.receiver, req);
  }
  absl::StatusOr<v1::HandoverReceipt> Receipt(const Caller& who) {
    v1::GetReceiptRequest req;
    req.set_name(handover);
    return j.office.Call<v1::HandoverReceipt>("handover.v1.HandoverService", "GetReceipt", who,
                                              req);
  }
  absl::StatusOr<v1::ListDueHandoversResponse> Due(const Caller& who, const v1::DueFilter& filter) {
    v1::ListDueHandoversRequest req;
    *req.mutable_filter() = filter;
    return j.office.Call<v1::ListDueHandoversResponse>("handover.v1.HandoverService",
                                                       "ListDueHandovers", who, req);
  }
  void Go(base::Date day) { j.office.clock().Set(base::StartOf(day) + absl::Hours(10)); }

  Journey j;
  // Of the child, and of the mother: each with a consent of its own.
  std::string note, mother_note, handover, consent, mother_consent;
};

}  // namespace knooppunt::handover::testing

#endif  // KNOOPPUNT_SERVICES_HANDOVER_WARM_TESTING_H_
