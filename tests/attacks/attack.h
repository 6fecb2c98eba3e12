// What every attack has in common: a region with two families, people around them, and one call
// that must be stopped: with the exact refusal, an answer that is empty, nothing of what is
// protected in the error, and exactly one audit record that says it was refused.
#ifndef KNOOPPUNT_TESTS_ATTACKS_ATTACK_H_
#define KNOOPPUNT_TESTS_ATTACKS_ATTACK_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::attacks {

using absl::StatusCode;
using common::v1::Purpose;
using integration::Caller;

// What stands in the case and must stand in no error.
inline constexpr char kSecret[] = "Sem durft niet alleen naar zolder.";

// What the attacker gets.
struct Stopped {
  StatusCode code = StatusCode::kPermissionDenied;
  std::string reason = "REFUSED";
  std::string rule = {};  // the word of the refusal in the record; empty: not looked at
  std::string unit = "dossier";
};
inline Stopped RefusedBy(const std::string& rule, const std::string& unit = "dossier") {
  return {.rule = rule, .unit = unit};
}
inline Stopped With(StatusCode code, const std::string& reason) {
  return {.code = code, .reason = reason};
}
inline Stopped NotFound() { return With(StatusCode::kNotFound, "NOT_FOUND"); }

class AttackTest : public ::testing::Test {
 protected:
  void SetUp() override;

  // The call is stopped as said, tells nothing, and stands in the log once.
  void Attack(const Caller& who, const std::string& method,
              const google::protobuf::Message& request, const Stopped& stopped);
  // Reading the case of the first family, or the one that is named.
  void AttackCase(const Caller& who, const Stopped& stopped, const std::string& name = "");

  // A call that must succeed: what the attack needs, or what stays possible beside it.
  template <typename Response = google::protobuf::Message>
  Response Do(const Caller& who, const std::string& method,
              const google::protobuf::Message& request) {
    Response response;
    integration::Require(region_.Call(who, method, request, &response), method);
    return response;
  }

  // People: "organisations/{organisation}", employed for a month.
  Caller Employ(const std::string& id, const std::string& organisation,
                common::v1::Function function, const std::vector<std::string>& own_accounts = {});
  void Assign(const Caller& who, const std::string& organisation, common::v1::Function function);
  void EndEmployment(const Caller& who);
  static Caller Account(const std::string& id);

  // Opens a case by `who` for a family with the given people; the account of each is
  // "accounts/{key}". Returns it.
  struct Member {
    std::string key;
    int age_days = 0;
    access::v1::FamilyRole role = access::v1::FAMILY_ROLE_PARENT;
    std::vector<std::string> gezag_over = {};
    bool case_child = false;
  };
  casework::v1::Case OpenFamily(const Caller& who, const std::vector<Member>& members);
  static std::string PersonId(const casework::v1::Case& opened, const std::string& key);

  // The first family.
  std::string Family() const { return absl::StrCat("families/", region_.family); }
  std::string SeatOf(const Caller& who);
  void Invite(const Caller& who);
  void EndSeat(const Caller& who);
  // The nurse and the consultant at the table on consent; the consultant is regisseur.
  void Activate();
  casework::v1::Contribution Note(const Caller& who, const std::string& text);
  consent::v1::ProposeConsentRequest Proposal(const std::string& recipient) const;
  std::string Share(const consent::v1::ProposeConsentRequest& proposal);
  consent::v1::SignConsentRequest Signature(const std::string& consent) const;
  consent::v1::OpenEmergencyRequest Emergency(const std::string& family) const;
  casework::v1::ListOwnRecordRequest OwnRecord() const;

  // A second family, its case opened by a colleague of the IB who has no seat at the first's.
  integration::Region region_;
  Caller colleague_, mother_b_;
  casework::v1::Case case_b_;
  std::string family_b_;  // "families/{id}"

 private:
  void ExpectRecorded(const Caller& who, const std::string& method, const Stopped& stopped,
                      const storage::OutboxEntry& record);
};

std::unique_ptr<google::protobuf::Message> AnswerOf(const std::string& method);

}  // namespace knooppunt::attacks

#endif  // KNOOPPUNT_TESTS_ATTACKS_ATTACK_H_
