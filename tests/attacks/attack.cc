#include "tests/attacks/attack.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "base/resource_name.h"
#include "google/protobuf/descriptor.h"
#include "security/crypto/hash.h"

namespace knooppunt::attacks {

using integration::Require;

namespace {

constexpr char kWording[] = "Wij delen wat nodig is.";
constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kDirectory[] = "directory.v1.DirectoryService/";

}  // namespace

std::unique_ptr<google::protobuf::Message> AnswerOf(const std::string& method) {
  const auto* m = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat("knooppunt.", absl::StrReplaceAll(method, {{"/", "."}})));
  if (m == nullptr) Require(absl::InvalidArgumentError(method), "find the method");
  return std::unique_ptr<google::protobuf::Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(m->output_type())->New());
}

void AttackTest::SetUp() {
  ASSERT_OK(region_.Start());
  region_.Furnish();
  directory::v1::ImportDirectoryRequest more;
  const auto organisation = [&](const char* id, common::v1::OrganisationKind kind) {
    directory::v1::Organisation* o = more.add_organisations();
    o->set_name(absl::StrCat("organisations/", id));
    o->set_display_name(id);
    o->set_kind(kind);
  };
  organisation("lvo", common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation("ggd-noord", common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
  directory::v1::Werkplaats* w = more.add_werkplaatsen();
  w->set_name("werkplaatsen/vmbo");
  w->set_display_name("Vmbo Valkenburg");
  w->set_organisation("organisations/lvo");
  w->set_stage(common::v1::STAGE_VO);
  w->set_municipality("organisations/maastricht");
  Do<directory::v1::ImportDirectoryResponse>(region_.admin,
                                             absl::StrCat(kDirectory, "ImportDirectory"), more);
  ASSERT_OK(region_.AddNote(kSecret));
  colleague_ = Employ("colleague", "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
  mother_b_ = Account("mother-b");
  case_b_ =
      OpenFamily(colleague_, {{.key = "child-b",
                               .age_days = 3000,
                               .role = access::v1::FAMILY_ROLE_CHILD,
                               .case_child = true},
                              {.key = "mother-b", .age_days = 14'000, .gezag_over = {"child-b"}}});
  family_b_ = absl::StrCat("families/", base::ResourceName::Parse(case_b_.name())->Id("families"));
}

void AttackTest::Attack(const Caller& who, const std::string& method,
                        const google::protobuf::Message& request, const Stopped& stopped) {
  const auto answer = AnswerOf(method);
  absl::Status status;
  // What other units recorded before stands before it in the log.
  for (const char* unit : {"dossier", "access", "directory"}) {
    Require(region_.process().host(unit)->shipper().Flush(absl::Seconds(10)), "ship");
  }
  const auto records = integration::RecordsOf(
      region_, stopped.unit, [&] { status = region_.Call(who, method, request, answer.get()); });
  EXPECT_EQ(status.code(), stopped.code) << status;
  EXPECT_EQ(base::ReasonOf(status), stopped.reason) << status;
  EXPECT_EQ(answer->ByteSizeLong(), 0u) << "an answer beside the refusal";
  const std::string told = status.ToString();
  for (const std::string& secret :
       {std::string(kSecret), std::string("Sem"), std::string("Lotte"), std::string("Zanden"),
        region_.family, region_.child, region_.audit_subject}) {
    EXPECT_FALSE(absl::StrContains(told, secret)) << told;
  }
  ASSERT_EQ(records.size(), 1u);
  ExpectRecorded(who, method, stopped, records[0]);
}

void AttackTest::AttackCase(const Caller& who, const Stopped& stopped, const std::string& name) {
  casework::v1::GetCaseRequest request;
  request.set_name(name.empty() ? region_.case_name : name);
  Attack(who, absl::StrCat(kCasework, "GetCase"), request, stopped);
}

// The auditor finds it, refused and by its rule, under the pseudonym of the family it was about.
void AttackTest::ExpectRecorded(const Caller& who, const std::string& method,
                                const Stopped& stopped, const storage::OutboxEntry& record) {
  if (record.tag.empty()) return;  // about no family that there is: sealed under nobody's key
  Require(region_.process().host(stopped.unit)->shipper().Flush(absl::Seconds(10)), "ship");
  audit::v1::ListRecordsRequest request;
  request.set_parent(absl::StrCat("subjects/", record.tag));
  request.set_page_size(200);
  const auto list = Do<audit::v1::ListRecordsResponse>(
      region_.auditor, "audit.v1.AuditService/ListRecords", request);
  // The auditor's looking, of an attack before this one, may stand behind it.
  const auto found =
      std::find_if(list.records().rbegin(), list.records().rend(), [&](const auto& r) {
        return who.claims.subject() == region_.auditor.claims.subject() ||
               r.who().actor() != region_.auditor.claims.subject();
      });
  ASSERT_TRUE(found != list.records().rend());
  const audit::v1::RecordWho& last = found->who();
  EXPECT_EQ(last.method(), absl::StrCat("/knooppunt.", method));
  EXPECT_EQ(last.actor(), who.claims.subject());
  EXPECT_EQ(last.purpose(), who.purpose);
  EXPECT_EQ(last.reason(), stopped.reason);
  EXPECT_EQ(last.allowed(), stopped.code != StatusCode::kPermissionDenied);
  if (!stopped.rule.empty()) {
    EXPECT_EQ(last.rule(), stopped.rule);
  }
}

Caller AttackTest::Account(const std::string& id) {
  Caller who;
  who.claims.set_subject(absl::StrCat("accounts/", id));
  who.purpose = common::v1::PURPOSE_OWN_FILE;
  return who;
}

Caller AttackTest::Employ(const std::string& id, const std::string& organisation,
                          common::v1::Function function,
                          const std::vector<std::string>& own_accounts) {
  Caller who;
  who.claims.set_subject(absl::StrCat("professionals/", id));
  who.claims.set_organisation(absl::StrCat("organisations/", organisation));
  who.claims.set_function(function);
  who.claims.set_display_name(id);
  directory::v1::CreateProfessionalRequest request;
  directory::v1::Professional* p = request.mutable_professional();
  p->set_name(who.claims.subject());
  p->set_display_name(id);
  p->set_login(absl::StrCat("dev|", id));
  for (const std::string& account : own_accounts) p->add_own_accounts(account);
  access::v1::FunctionTerm* term = p->add_functions();
  term->set_organisation(who.claims.organisation());
  term->set_function(function);
  term->set_start_date(region_.Day(-30));
  Do<directory::v1::Professional>(region_.admin, absl::StrCat(kDirectory, "CreateProfessional"),
                                  request);
  return who;
}

void AttackTest::Assign(const Caller& who, const std::string& organisation,
                        common::v1::Function function) {
  directory::v1::AssignFunctionRequest assign;
  assign.set_name(who.claims.subject());
  assign.mutable_function()->set_organisation(absl::StrCat("organisations/", organisation));
  assign.mutable_function()->set_function(function);
  assign.mutable_function()->set_start_date(region_.Day(-1));
  Do<directory::v1::Professional>(region_.admin, absl::StrCat(kDirectory, "AssignFunction"),
                                  assign);
}

void AttackTest::EndEmployment(const Caller& who) {
  directory::v1::EndEmploymentRequest end;
  end.set_name(who.claims.subject());
  end.set_organisation(who.claims.organisation());
  end.set_end_date(region_.Day(0));
  Do<directory::v1::Professional>(region_.admin, absl::StrCat(kDirectory, "EndEmployment"), end);
}

casework::v1::Case AttackTest::OpenFamily(const Caller& who, const std::vector<Member>& members) {
  casework::v1::OpenCaseRequest request;
  request.set_werkplaats("werkplaatsen/manjefiek");
  request.set_level(casework::v1::SIGNAL_LEVEL_QUESTION);
  request.set_reason("Een vraag over de overstap.");
  request.set_family_told(true);
  for (const Member& m : members) {
    casework::v1::NewPerson* p = request.add_persons();
    p->set_key(m.key);
    p->set_given_name(m.key);
    p->set_family_name(absl::StrCat("Bovens ", members.front().key));
    p->set_birth_date(region_.Day(-m.age_days));
    p->set_role(m.role);
    p->set_account(absl::StrCat("accounts/", m.key));
    for (const std::string& child : m.gezag_over) {
      casework::v1::NewGezag* g = request.add_gezag();
      g->set_holder_key(m.key);
      g->set_over_key(child);
    }
    if (m.case_child) request.add_children(m.key);
  }
  return Do<casework::v1::Case>(who, absl::StrCat(kCasework, "OpenCase"), request);
}

std::string AttackTest::PersonId(const casework::v1::Case& opened, const std::string& key) {
  for (const casework::v1::Person& p : opened.persons()) {
    if (p.given_name() == key) return std::string(base::ResourceName::Parse(p.name())->last_id());
  }
  Require(absl::NotFoundError(key), "a person");
  return "";
}

std::string AttackTest::SeatOf(const Caller& who) {
  const auto read = region_.GetCase(region_.ib);
  Require(read.status(), "read the case");
  for (const auto& p : read->participants()) {
    if (p.professional() == who.claims.subject()) return p.seat();
  }
  Require(absl::NotFoundError(who.claims.subject()), "a seat");
  return "";
}

void AttackTest::Invite(const Caller& who) {
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(region_.case_name);
  invite.set_professional(who.claims.subject());
  invite.set_organisation(who.claims.organisation());
  invite.set_function(who.claims.function());
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  Do<casework::v1::Participant>(region_.ib, absl::StrCat(kCasework, "InviteParticipant"), invite);
}

void AttackTest::EndSeat(const Caller& who) {
  casework::v1::EndSeatRequest end;
  end.set_name(region_.case_name);
  end.set_seat(SeatOf(who));
  end.set_reason("Klaar.");
  Do<casework::v1::Participant>(region_.ib, absl::StrCat(kCasework, "EndSeat"), end);
}

void AttackTest::Activate() {
  region_.SeatTheNurse();
  region_.Share("organisations/maastricht");
  region_.Seat(region_.consultant);
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(region_.case_name);
  appoint.set_seat(SeatOf(region_.consultant));
  appoint.set_stand_in_seat(SeatOf(region_.nurse));
  appoint.set_reason("Eerste regisseur.");
  Do<casework::v1::Regisseur>(region_.ib, absl::StrCat(kCasework, "AppointRegisseur"), appoint);
}

casework::v1::Contribution AttackTest::Note(const Caller& who, const std::string& text) {
  return Do<casework::v1::Contribution>(who, absl::StrCat(kCasework, "AddContribution"),
                                        region_.Note(text));
}

consent::v1::ProposeConsentRequest AttackTest::Proposal(const std::string& recipient) const {
  consent::v1::ProposeConsentRequest request;
  request.set_parent(Family());
  consent::v1::Consent* c = request.mutable_consent();
  for (const std::string& person : {region_.child, region_.mother_id, region_.father_id}) {
    c->mutable_about()->add_persons(person);
  }
  c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  c->add_purposes(common::v1::PURPOSE_COORDINATION);
  c->set_recipient(recipient);
  c->set_start_date(region_.Day(0));
  c->set_end_date(region_.Day(300));
  c->set_wording(kWording);
  return request;
}

consent::v1::SignConsentRequest AttackTest::Signature(const std::string& consent) const {
  consent::v1::SignConsentRequest request;
  request.set_name(consent);
  request.set_wording_sha256(crypto::HexEncode(crypto::Sha256(kWording)));
  return request;
}

std::string AttackTest::Share(const consent::v1::ProposeConsentRequest& proposal) {
  const std::string name =
      Do<consent::v1::Consent>(region_.ib, "consent.v1.ConsentService/ProposeConsent", proposal)
          .name();
  for (const Caller& who : {region_.mother, region_.father}) {
    Do<consent::v1::Consent>(who, "consent.v1.ConsentService/SignConsent", Signature(name));
  }
  return name;
}

consent::v1::OpenEmergencyRequest AttackTest::Emergency(const std::string& family) const {
  consent::v1::OpenEmergencyRequest request;
  request.set_parent(family);
  request.set_meldcode_step(4);
  request.set_reason("Het kind durft vannacht niet naar huis.");
  request.set_hours(2);
  return request;
}

casework::v1::ListOwnRecordRequest AttackTest::OwnRecord() const {
  casework::v1::ListOwnRecordRequest request;
  request.set_parent(region_.case_name);
  return request;
}

}  // namespace knooppunt::attacks
