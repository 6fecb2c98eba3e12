// For tests of the dossier unit's handlers: the whole unit over a real database in a folder of
// its own, the real policy and engine deciding each call, and a stand-in for the keyring and the
// directory that a test can see into. Facts come to the engine as they come to access: by the
// outbox. Not thread-safe.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_TESTING_H_
#define KNOOPPUNT_SERVICES_DOSSIER_TESTING_H_

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/policy/table.h"
#include "services/dossier/dossier_unit.h"
#include "services/runtime/registry.h"

namespace knooppunt::dossier::testing {

// Somebody who calls, and for what.
struct Caller {
  access::v1::TokenClaims claims;
  common::v1::Purpose purpose = common::v1::PURPOSE_COORDINATION;
  Caller For(common::v1::Purpose p) const { return {claims, p}; }
};

class Office {
 public:
  struct Options {
    int handover_grace_days = 0;
    std::shared_ptr<const handover::Installations> installations = nullptr;
  };
  explicit Office(Options options);
  Office() : Office(Options{}) {}
  ~Office();

  // The directory.
  void AddOrganisation(const std::string& id, common::v1::OrganisationKind kind);
  void AddWerkplaats(const std::string& id, const std::string& organisation,
                     common::v1::Stage stage);
  // It closes on that day, ISO; "" keeps it open (R27).
  void CloseWerkplaats(const std::string& id, const std::string& close_date);
  // A professional with one function from 2020 on; returns them as a caller.
  Caller AddProfessional(const std::string& id, const std::string& organisation,
                         common::v1::Function function, const std::string& display_name);
  access::v1::ProfessionalFacts& professional(const std::string& id);
  static Caller Account(const std::string& id);

  // Calls `method` ("OpenCase") of `service` ("casework.v1.CaseworkService") as the pipeline
  // would: hook, decision, handler in a transaction, facts into force. A refusal of the engine
  // is PERMISSION_DENIED with the word of the refusal as its message.
  template <typename Resp>
  absl::StatusOr<Resp> Call(const std::string& service, const std::string& method,
                            const Caller& who, const google::protobuf::Message& req) {
    Resp resp;
    const absl::Status s = Run(absl::StrCat("/knooppunt.", service, "/", method), who, req, &resp);
    if (!s.ok()) return s;
    return resp;
  }
  template <typename Resp>
  absl::StatusOr<Resp> Casework(const std::string& method, const Caller& who,
                                const google::protobuf::Message& req) {
    return Call<Resp>("casework.v1.CaseworkService", method, who, req);
  }
  template <typename Resp>
  absl::StatusOr<Resp> Consent(const std::string& method, const Caller& who,
                               const google::protobuf::Message& req) {
    return Call<Resp>("consent.v1.ConsentService", method, who, req);
  }
  template <typename Resp>
  absl::StatusOr<Resp> Plan(const std::string& method, const Caller& who,
                            const google::protobuf::Message& req) {
    return Call<Resp>("plan.v1.PlanService", method, who, req);
  }
  absl::StatusOr<handover::v1::Handover> Handover(const std::string& method, const Caller& who,
                                                  const google::protobuf::Message& req) {
    return Call<handover::v1::Handover>("handover.v1.HandoverService", method, who, req);
  }

  // What the next decisions look like before the gate takes them: for the cases that no policy
  // would make.
  std::function<void(access::v1::Decision*)> tamper;

  const access::v1::FamilyFacts& facts(const std::string& family) const {
    return families_.at(family);
  }
  const access::v1::CaseFact& case_fact(const std::string& case_name) const;
  // The newest open seat of a professional or a person at the case.
  std::string SeatOf(const std::string& case_name, const std::string& who) const;
  // What the last call touched, for the audit record (R22).
  const policy::Touched& touched() const { return touched_; }

  base::FakeClock& clock() { return clock_; }
  crypto::Random& random() { return random_; }
  storage::Database& database() { return unit_->database(); }
  runtime::Registry& registry() { return registry_; }
  const std::string& folder() const { return folder_; }
  const crypto::SecretBytes& database_key() const { return database_key_; }
  // Closes and opens the unit again, as a restart does.
  void Reopen();

 private:
  absl::Status Run(const std::string& method, const Caller& who,
                   const google::protobuf::Message& req, google::protobuf::Message* resp);
  struct Asked {
    const runtime::Registry::Entry& entry;
    const Caller& who;
    std::string family;
    std::string case_id;
    bool about_family = false;
    runtime::Demands demands;
    std::string id_seed;
  };
  absl::StatusOr<policy::AuthorizedCall> Admit(const Asked& asked);
  absl::Status RunList(const Asked& asked, const google::protobuf::Message& req,
                       google::protobuf::Message* resp);
  std::string KeyOf(const std::string& name);
  void TakeFacts();
  void Open();

  const Options options_;
  std::string folder_;
  base::FakeClock clock_;
  crypto::SeededRandom random_;
  crypto::SecretBytes database_key_;
  std::shared_ptr<const policy::Table> policy_;
  std::map<std::string, access::v1::FactEntry> directory_;
  std::map<std::string, access::v1::FamilyFacts> families_;
  std::map<std::string, std::string> keys_;
  std::unique_ptr<DossierUnit> unit_;
  runtime::Registry registry_;
  int64_t taken_ = 0;
  policy::Touched touched_;
};

// The people of the journey: Basisschool Manjefiek, its partners, VMBO Maastricht, and a family
// with divorced parents who share gezag, a child of 11 and a sibling of 13 at another school.
struct Journey {
  explicit Journey(Office::Options options);
  Journey() : Journey(Office::Options{}) {}

  Office office;
  Caller ib, colleague, nurse, consultant, receiver, stranger;
  Caller mother, father, sibling_account;

  // Set by Open().
  std::string family, case_name, child, sibling, mother_id, father_id;

  casework::v1::OpenCaseRequest OpenRequest() const;
  void Open();
  // A label about the child.
  common::v1::Label About(common::v1::Compartment compartment, common::v1::Regime regime) const;
  common::v1::Label Education() const;

  // A consent about the child; proposed by the IB and signed by `signers`. Returns its name.
  struct Sharing {
    std::string recipient;
    std::vector<common::v1::Compartment> compartments;
    std::vector<common::v1::Purpose> purposes = {common::v1::PURPOSE_COORDINATION};
    std::vector<std::string> about = {};  // empty: the child
    std::string until = "2027-07-31";
  };
  std::string Propose(const Sharing& sharing);
  absl::Status Sign(const std::string& consent, const Caller& who);
  std::string Share(const Sharing& sharing);
  // Invites as a core partner and joins. Returns the seat.
  std::string Seat(const Caller& who);
  std::string Invite(const Caller& who);
  // Nurse and consultant at the table on consent, the consultant regisseur, the nurse stand-in.
  void Activate();
  std::string SeatOf(const Caller& who) const;

  casework::v1::Case Get(const Caller& who);
};

}  // namespace knooppunt::dossier::testing

#endif  // KNOOPPUNT_SERVICES_DOSSIER_TESTING_H_
