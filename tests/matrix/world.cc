#include "tests/matrix/world.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/message.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/random.h"
#include "security/identity/token.h"
#include "services/runtime/direct_transport.h"

namespace knooppunt::matrix {
namespace {

using integration::Require;

constexpr char kAccess[] = "/knooppunt.access.v1.AccessService/";
constexpr char kNewFamily[] = "f-nieuw";

runtime::DirectTransport As(integration::Region& region, const std::string& unit) {
  return {&region.process().switchboard(), unit};
}

// The same, of what is about persons of the family or about a request of theirs.
std::string FamilyRest(const std::string& key) {
  if (absl::EndsWith(key, "Household") && key != "family/RecordHousehold") return "/households/h-1";
  if (absl::EndsWith(key, "Address")) return "/households/h-1";
  if (key == "family/EndGezag") return "/gezag/g-1";
  static const auto* const kOfFamily = new std::set<std::string>{
      "family/AddPerson",      "family/ListPersons",     "family/ListGezag",
      "family/RecordGezag",    "family/ListHouseholds",  "family/RecordHousehold",
      "requests/ListRequests", "requests/RecordRequest", "requests/ListControllers"};
  if (kOfFamily->count(key) > 0) return "";
  return absl::StartsWith(key, "family/") ? "/persons/p-1" : "/requests/r-1";
}

// The same, of what is about a meeting.
std::string MeetingRest(const std::string& key) {
  constexpr char kMeeting[] = "/cases/casus/meetings/m-1";
  if (key == "meetings/AnswerInvitation" || key == "meetings/WithdrawInvitation") {
    return absl::StrCat(kMeeting, "/invitations/i-1");
  }
  static const auto* const kOfItem =
      new std::set<std::string>{"meetings/UpdateAgendaItem", "meetings/MoveAgendaItem",
                                "meetings/RecordMinutes", "meetings/ReactToMinutes"};
  return absl::StrCat(kMeeting, kOfItem->count(key) > 0 ? "/items/i-1" : "");
}

// The end of the name of what a method is about, after "families/{f}".
std::string Rest(const Method& method) {
  static const auto* const kRest = new std::map<std::string, std::string>{
      {"casework/ConcludeMeeting", "/cases/casus/meetings/m-1"},
      {"casework/ConfirmOutcome", "/cases/casus/meetings/m-1"},
      {"casework/CompleteStep", "/cases/casus/steps/s-1"},
      {"casework/EvaluateStep", "/cases/casus/steps/s-1"},
      {"casework/CarryOverStep", "/cases/casus/steps/s-1"},
      {"casework/ReassignStep", "/cases/casus/steps/s-1"},
      {"casework/DropStep", "/cases/casus/steps/s-1"},
      {"casework/FollowUpStep", "/cases/casus/steps/s-1"},
      {"casework/ReactToStep", "/cases/casus/steps/s-1"},
      {"casework/DecideStep", "/cases/casus/steps/s-1"},
      {"casework/AdvanceOutOfSchool", "/cases/casus/absences/a-1"},
      {"casework/WithdrawEscalation", "/cases/casus/escalations/escalation"},
      {"casework/GetEscalation", "/cases/casus/escalations/escalation"},
      {"casework/TakeUpEscalation", "/cases/casus/escalations/escalation"},
      {"casework/DecideEscalation", "/cases/casus/escalations/escalation"},
      {"consent/EndGround", "/grounds/ground"},
      {"consent/ReviewGround", "/grounds/ground"},
      {"consent/TellFamily", "/grounds/ground"},
      {"consent/GetEmergency", "/emergencies/emergency"},
      {"consent/ReviewEmergency", "/emergencies/emergency"},
      {"documents/UploadDocument", "/cases/casus"},
      {"documents/ListDocuments", "/cases/casus"},
      {"documents/DownloadDocument", "/cases/casus/documents/d-1"},
      {"documents/GetDocument", "/cases/casus/documents/d-1"},
      {"documents/WithdrawDocument", "/cases/casus/documents/d-1"},
      {"handover/DraftHandover", "/cases/casus"},
      {"handover/ListHandovers", "/cases/casus"},
      {"access/Explain", "/cases/casus"},
  };
  const auto found = kRest->find(method.key);
  if (found != kRest->end()) return found->second;
  if (method.in_list) return "";
  if (absl::StartsWith(method.key, "casework/")) return "/cases/casus";
  if (absl::StartsWith(method.key, "family/") || absl::StartsWith(method.key, "requests/")) {
    return FamilyRest(method.key);
  }
  if (absl::StartsWith(method.key, "meetings/")) return MeetingRest(method.key);
  if (absl::StartsWith(method.key, "handover/") || absl::StartsWith(method.key, "archive/")) {
    return "/handovers/handover";
  }
  const bool named = absl::StartsWith(method.key, "consent/") && method.rule.resource() == "name";
  return named ? "/consents/consent-1" : "";
}

std::unique_ptr<google::protobuf::Message> New(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<google::protobuf::Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

void SetField(const std::string& name, const std::string& value,
              google::protobuf::Message* message) {
  const auto* field = message->GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) message->GetReflection()->SetString(message, field, value);
}

void AddService(const google::protobuf::ServiceDescriptor& service, std::vector<Method>* out) {
  const std::vector<std::string> path = absl::StrSplit(service.full_name(), '.');
  for (int i = 0; i < service.method_count(); ++i) {
    const auto* m = service.method(i);
    if (!m->options().HasExtension(policy::v1::rule)) continue;
    Method method{.key = absl::StrCat(path[1], "/", m->name()),
                  .unit = path[1],
                  .full = absl::StrCat("/", service.full_name(), "/", m->name()),
                  .descriptor = m,
                  .rule = m->options().GetExtension(policy::v1::rule)};
    static const auto* const kOfDossier =
        new std::set<std::string>{"archive",  "casework", "consent", "documents", "family",
                                  "handover", "meetings", "plan",    "requests",  "worklist"};
    if (kOfDossier->count(method.unit) > 0) method.unit = "dossier";
    out->push_back(method);
    if (!method.rule.lists()) continue;
    method.key += ":gezin";
    method.in_list = true;
    out->push_back(std::move(method));
  }
}

}  // namespace

bool Method::AboutFamily(bool staff) const {
  // An auditor names a pseudonym, which is nobody; a family member the family.
  if (key == "audit/ListRecords" || key == "audit/ExplainRecord" || key == "audit/ListQuestions" ||
      key == "audit/AnswerQuestion") {
    return !staff;
  }
  return in_list || !rule.resource().empty();
}

std::vector<Method> AllMethods() {
  std::vector<Method> out;
  std::vector<std::string> files;
  google::protobuf::DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  for (const std::string& name : files) {
    if (!absl::StartsWith(name, "knooppunt/")) continue;
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
      AddService(*file->service(i), &out);
    }
  }
  std::sort(out.begin(), out.end(), [](const Method& a, const Method& b) { return a.key < b.key; });
  return out;
}

std::vector<std::string> KeysOf(const std::vector<Method>& methods) {
  std::vector<std::string> keys;
  keys.reserve(methods.size());
  for (const Method& m : methods) keys.push_back(m.key);
  return keys;
}

std::string ReadExpectations() {
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  std::stringstream text;
  text << std::ifstream(
              absl::StrCat(root == nullptr ? "." : root, "/tests/matrix/expectations.txt"))
              .rdbuf();
  return text.str();
}

World::World() {
  Require(region_.Start(), "start");
  Tell();
}

// As the units tell it: the directory in the open, a family sealed under the key that only a
// decision gives.
void World::Tell() {
  access::v1::ApplyFactsResponse applied;
  access::v1::ApplyFactsRequest directory;
  directory.set_unit("directory");
  directory.set_incarnation("matrix");
  const auto add = [&](const access::v1::FactEntry& fact) {
    auto* e = directory.add_entries();
    e->set_seq(directory.entries_size());
    e->set_payload(fact.SerializeAsString());
    directory.set_position(e->seq());
  };
  for (auto& o : AllOrganisations()) {
    access::v1::FactEntry fact;
    *fact.mutable_organisation() = std::move(o);
    add(fact);
  }
  for (auto& p : AllProfessionals(region_.Now())) {
    access::v1::FactEntry fact;
    *fact.mutable_professional() = std::move(p);
    add(fact);
  }
  Require(
      As(region_, "directory").Call(absl::StrCat(kAccess, "ApplyFacts"), directory, &applied, {}),
      "tell of the directory");

  const std::vector<Method> methods = AllMethods();
  const auto open = std::find_if(methods.begin(), methods.end(),
                                 [](const Method& m) { return m.key == "casework/OpenCase"; });
  access::v1::ApplyFactsRequest families;
  families.set_unit("dossier");
  families.set_incarnation("matrix");
  crypto::SystemRandom random;
  for (auto& facts : AllFamilies(region_.Now())) {
    access::v1::CheckRequest check;
    check.set_token(Token({.login = Logins().Find("2f")}));
    check.set_method(open->full);
    check.set_purpose(common::v1::PURPOSE_COORDINATION);
    check.set_new_family(facts.id());
    access::v1::Decision decision;
    Require(As(region_, "dossier").Call(absl::StrCat(kAccess, "Check"), check, &decision, {}),
            "a family's key");
    auto* e = families.add_entries();
    e->set_seq(families.entries_size());
    e->set_family(facts.id());
    access::v1::FactEntry fact;
    *fact.mutable_family() = facts;
    const auto sealed = crypto::Seal(
        crypto::SecretBytes::From(decision.permit().facts_key(), crypto::SecretAccess::For("test")),
        crypto::JoinLengthPrefixed({"fact-entry-v1", facts.id()}), fact.SerializeAsString(),
        random);
    Require(sealed.status(), "seal");
    e->set_payload(*sealed);
    families.set_position(e->seq());
  }
  Require(As(region_, "dossier").Call(absl::StrCat(kAccess, "ApplyFacts"), families, &applied, {}),
          "tell of the families");
}

const std::string& World::Token(const Cell& cell) {
  const std::string key =
      absl::StrCat(SubjectOf(cell.who, cell.place), " ", Logins().words[cell.login]);
  const auto found = tokens_.find(key);
  if (found != tokens_.end()) return found->second;
  access::v1::TokenClaims claims;
  claims.set_id("t-matrix");
  claims.set_subject(SubjectOf(cell.who, cell.place));
  if (IsStaff(cell.who)) {
    claims.set_organisation(OrganisationAt(cell.place));
    claims.set_function(FunctionOf(cell.who));
    claims.set_display_name(claims.subject());
  }
  const std::string& login = Logins().words[cell.login];
  claims.set_two_factor(login == "2f");
  claims.set_assurance(login == "2f" || login == "substantieel" ? access::v1::ASSURANCE_SUBSTANTIAL
                                                                : access::v1::ASSURANCE_LOW);
  claims.set_audience(identity::kAudience);
  claims.set_issue_time(absl::ToUnixSeconds(region_.Now()));
  claims.set_expire_time(absl::ToUnixSeconds(region_.Now()) + 600);
  return tokens_[key] = region_.Token(claims);
}

std::string World::Resource(const Method& method, const Cell& cell) const {
  if (!method.AboutFamily(IsStaff(cell.who))) {
    return method.rule.resource().empty() ? "" : "subjects/niemand";
  }
  return absl::StrCat("families/", FamilyOf(cell), Rest(method));
}

access::v1::Decision World::Decide(const Method& method, const Cell& cell) {
  access::v1::CheckRequest check;
  check.set_token(Token(cell));
  check.set_method(method.full);
  check.set_resource(Resource(method, cell));
  check.set_purpose(static_cast<common::v1::Purpose>(cell.purpose));
  // The same once more: who may correct one record may correct that one.
  if (!method.rule.other().empty()) check.set_other(check.resource());
  if (method.rule.creates_family()) check.set_new_family(kNewFamily);
  access::v1::Decision decision;
  Require(As(region_, method.unit).Call(absl::StrCat(kAccess, "Check"), check, &decision, {}),
          cell.ToString());
  return decision;
}

absl::Status World::Call(const Method& method, const Cell& cell) {
  const auto request = New(method.descriptor->input_type());
  const auto response = New(method.descriptor->output_type());
  if (!method.rule.resource().empty()) {
    SetField(method.rule.resource(), Resource(method, cell), request.get());
  }
  if (!method.rule.other().empty()) {
    SetField(method.rule.other(), Resource(method, cell), request.get());
  }
  SetField("request_id", region_.RequestId(), request.get());
  client::CallOptions options;
  options.timeout = absl::Seconds(30);
  options.token = Token(cell);
  options.purpose = static_cast<common::v1::Purpose>(cell.purpose);
  runtime::DirectTransport way = As(region_, "");
  return integration::CallOnce(way, method.full, *request, response.get(), options);
}

int World::FamiliesInList(const Method& method, const Cell& cell) {
  access::v1::ListAccessibleRequest request;
  request.mutable_check()->set_token(Token(cell));
  request.mutable_check()->set_method(method.full);
  request.mutable_check()->set_purpose(static_cast<common::v1::Purpose>(cell.purpose));
  access::v1::ListAccessibleResponse response;
  Require(As(region_, method.unit)
              .Call(absl::StrCat(kAccess, "ListAccessible"), request, &response, {}),
          "list");
  return response.decisions_size();
}

}  // namespace knooppunt::matrix
