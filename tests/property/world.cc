#include "tests/property/world.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/error.h"
#include "base/resource_name.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "security/policy/engine.h"

namespace knooppunt::property {
namespace {

using access::v1::FAMILY_ROLE_CHILD;
using access::v1::FAMILY_ROLE_OTHER;
using access::v1::FAMILY_ROLE_PARENT;

constexpr size_t kMarkBytes = 8;
constexpr size_t kIdBytes = 20;

Caller Staff(const char* id, const char* organisation, common::v1::Function function) {
  Caller who;
  who.claims.set_subject(absl::StrCat("professionals/", id));
  who.claims.set_organisation(absl::StrCat("organisations/", organisation));
  who.claims.set_function(function);
  who.claims.set_display_name(id);
  return who;
}

bool IsIdLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }

common::v1::Label EducationOf(const Caller& who) {
  common::v1::Label label;
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label.set_regime(common::v1::REGIME_EDUCATION);
  label.set_controller(who.claims.organisation());
  return label;
}

}  // namespace

std::set<std::string> MarksIn(const std::string& bytes) {
  std::set<std::string> out;
  for (size_t at = bytes.find("zq"); at != std::string::npos; at = bytes.find("zq", at + 1)) {
    if (at + kMarkBytes > bytes.size() || bytes[at + kMarkBytes - 1] != 'z') continue;
    const std::string digits = bytes.substr(at + 2, 5);
    if (std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
      out.insert(bytes.substr(at, kMarkBytes));
  }
  return out;
}

std::set<std::string> IdsIn(const std::string& bytes) {
  std::set<std::string> out;
  size_t run = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    run = IsIdLetter(bytes[i]) ? run + 1 : 0;
    const bool ends = i + 1 == bytes.size() || !IsIdLetter(bytes[i + 1]);
    const size_t start = i + 1 - run;
    if (!ends || run != kIdBytes || start < 2 || bytes[start - 1] != '-') continue;
    size_t prefix = start - 1;
    while (prefix > 0 && bytes[prefix - 1] >= 'a' && bytes[prefix - 1] <= 'z') --prefix;
    out.insert(bytes.substr(prefix, i + 1 - prefix));
  }
  return out;
}

std::string InWords(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), " ", base::ReasonOf(status), " ",
                      base::RuleOf(status), " ", status.message());
}

std::string LastId(const std::string& name) { return name.substr(name.rfind('/') + 1); }

const Member* Family::FindMember(const std::string& key) const {
  const auto it =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return it == members.end() ? nullptr : &*it;
}

World::World(Region* region, uint32_t seed, int families) : region_(region), random_(seed) {
  integration::Require(region_->Start(), "start");
  FillDirectory();
  // R27: in some worlds a school closes, of which everybody hears who has work there, and nobody
  // else.
  if (seed % 3 == 0) Close("werkplaatsen/manjefiek", 1 + static_cast<int>(seed % 40));
  if (seed % 3 == 1) Close("werkplaatsen/vo", 300);  // after the next school year has begun
  for (int i = 0; i < families; ++i) Open(static_cast<int>((seed + i * 2) % 6));
  for (int i = 0; i < families; ++i) SetTable(i);
}

void World::Close(const std::string& werkplaats, int in_days) {
  directory::v1::CloseWerkplaatsRequest request;
  request.set_name(absl::StrCat(werkplaats, "/profile"));
  request.set_close_date(region_->Day(in_days));
  request.set_reason("Te weinig leerlingen.");
  directory::v1::WerkplaatsProfile closed;
  integration::Require(
      region_->Call(region_->admin, "directory.v1.WerkplaatsService/CloseWerkplaats", request,
                    &closed),
      "close a werkplaats");
}

uint32_t World::Draw(uint32_t below) { return static_cast<uint32_t>(random_()) % below; }

std::string World::Mark() { return absl::StrFormat("zq%05dz", ++marks_ % 100'000); }

std::string World::NoSuchId(const std::string& prefix) {
  std::string id = prefix + "-";
  for (size_t i = 0; i < kIdBytes; ++i) id += static_cast<char>('a' + Draw(26));
  return id;
}

void World::FillDirectory() {
  region_->Furnish();  // the directory; and one more family, that nobody here is of
  directory::v1::ImportDirectoryRequest request;
  const auto add = [&](const char* id, common::v1::OrganisationKind kind) {
    directory::v1::Organisation* o = request.add_organisations();
    o->set_name(absl::StrCat("organisations/", id));
    o->set_display_name(id);
    o->set_kind(kind);
  };
  add("xonar", common::v1::ORGANISATION_KIND_YOUTH_CARE_PROVIDER);
  add("lvo", common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  add("swv", common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_PO);
  directory::v1::Werkplaats* w = request.add_werkplaatsen();
  w->set_name("werkplaatsen/vo");
  w->set_display_name("Middelbare school");
  w->set_organisation("organisations/lvo");
  w->set_stage(common::v1::STAGE_VO);
  w->set_municipality("organisations/maastricht");
  directory::v1::ImportDirectoryResponse imported;
  integration::Require(
      region_->Call(region_->admin, "directory.v1.DirectoryService/ImportDirectory", request,
                    &imported),
      "import");
  staff_ = {region_->ib,       region_->nurse,   region_->consultant,
            region_->stranger, region_->auditor, region_->admin};
  for (const Caller& who :
       {Staff("ib2", "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER),
        Staff("doctor", "jgz", common::v1::FUNCTION_JGZ_DOCTOR),
        Staff("nurse2", "jgz", common::v1::FUNCTION_JGZ_NURSE),
        Staff("carer", "xonar", common::v1::FUNCTION_YOUTH_CARE_WORKER),
        Staff("vo", "lvo", common::v1::FUNCTION_CARE_COORDINATOR),
        Staff("alderman", "maastricht", common::v1::FUNCTION_ALDERMAN),
        Staff("director", "swv", common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR)}) {
    directory::v1::CreateProfessionalRequest create;
    directory::v1::Professional* p = create.mutable_professional();
    p->set_name(who.claims.subject());
    p->set_display_name(who.claims.display_name());
    p->set_login(absl::StrCat("dev|", who.claims.subject()));
    access::v1::FunctionTerm* term = p->add_functions();
    term->set_organisation(who.claims.organisation());
    term->set_function(who.claims.function());
    term->set_start_date(region_->Day(-30));
    directory::v1::Professional made;
    integration::Require(
        region_->Call(region_->admin, "directory.v1.DirectoryService/CreateProfessional", create,
                      &made),
        "employ");
    staff_.push_back(who);
  }
}

// The forms: gezag shared, held by one, vacant, of a youth who turns 16, who turns 18, and with an
// institution. A sibling of another age each time; a grandmother who may nothing.
void World::Open(int form) {
  Family f;
  f.form = form;
  f.opener = Chance(80) ? region_->ib : staff_[6];  // or the colleague
  const int number = static_cast<int>(families_.size());
  f.surname = absl::StrCat("Gezin ", number);
  static constexpr int kAges[] = {9, 12, 10, 16, 18, 11};  // to be had within three weeks
  casework::v1::OpenCaseRequest req;
  req.set_werkplaats("werkplaatsen/manjefiek");
  req.set_level(casework::v1::SIGNAL_LEVEL_QUESTION);
  req.set_family_told(true);
  const std::string opening_mark = Mark();
  req.set_reason(absl::StrCat("Aanleiding ", opening_mark));
  std::vector<std::string> marks;
  const auto add = [&](const char* key, int days_old, access::v1::FamilyRole role, bool account) {
    Member m{.key = key, .child = role == FAMILY_ROLE_CHILD};
    if (account) m.account = absl::StrCat("accounts/", key, number);
    m.birth_date = region_->Day(-days_old);
    m.caller.claims.set_subject(m.account);
    m.caller.purpose = common::v1::PURPOSE_OWN_FILE;
    casework::v1::NewPerson* p = req.add_persons();
    p->set_key(key);
    marks.push_back(Mark());
    p->set_given_name(marks.back());
    p->set_family_name(f.surname);
    p->set_birth_date(m.birth_date);
    p->set_role(role);
    p->set_account(m.account);
    f.members.push_back(std::move(m));
  };
  const int age = kAges[form];
  add("child", age * 365 + age / 4 - static_cast<int>(Draw(20)), FAMILY_ROLE_CHILD, age >= 12);
  add("sibling", 365 * (8 + static_cast<int>(Draw(12))) + 40, FAMILY_ROLE_CHILD, true);
  add("mother", 40 * 365, FAMILY_ROLE_PARENT, true);
  add("father", 43 * 365, FAMILY_ROLE_PARENT, true);
  add("grandmother", 70 * 365, FAMILY_ROLE_OTHER, true);
  const auto gezag = [&](const char* holder, const char* organisation, const char* over) {
    casework::v1::NewGezag* g = req.add_gezag();
    g->set_holder_key(holder);
    g->set_holder_organisation(organisation);
    g->set_over_key(over);
  };
  if (form == 2) {
    gezag("", "", "child");
  } else if (form == 5) {
    f.guardian = "organisations/xonar";
    gezag("", "organisations/xonar", "child");
  } else {
    gezag("mother", "", "child");
    if (form != 1) gezag("father", "", "child");
  }
  gezag("mother", "", "sibling");
  if (Chance(50)) gezag("father", "", "sibling");
  req.add_children("child");
  region_->clock().Advance(absl::Minutes(1));  // the limit of searches
  casework::v1::Case opened;
  integration::Require(
      region_->Call(f.opener, "casework.v1.CaseworkService/OpenCase", req, &opened), "open");
  f.case_name = opened.name();
  f.id = std::string(base::ResourceName::Parse(opened.name())->Id("families"));
  f.subject = opened.audit_subject();
  f.children.assign(opened.children().begin(), opened.children().end());
  for (const casework::v1::Person& p : opened.persons()) {
    const size_t i = std::find(marks.begin(), marks.end(), p.given_name()) - marks.begin();
    f.members[i].id = LastId(p.name());
    f.things.push_back(
        {.kind = Kind::kPerson, .name = p.name(), .mark = marks[i], .label = p.label()});
  }
  common::v1::Label opening = EducationOf(f.opener);
  for (const std::string& child : f.children) opening.mutable_about()->add_persons(child);
  f.things.push_back(
      {.kind = Kind::kOpening, .name = f.case_name, .mark = opening_mark, .label = opening});
  for (Thing& t : f.things) t.scope = policy::ScopeId(f.id, t.label);
  for (const casework::v1::Participant& p : opened.participants()) {
    if (!p.professional().empty()) f.seats.push_back({p.seat(), p.professional(), ""});
  }
  families_.push_back(std::move(f));
}

absl::Status World::Do(const Caller& who, Family& f, const std::string& method,
                       const google::protobuf::Message& request,
                       google::protobuf::Message* response) {
  absl::Status status = region_->Call(who, method, request, response);
  story_.push_back(
      absl::StrCat(absl::FormatTime("%m-%d %H:%M ", region_->Now(), absl::UTCTimeZone()),
                   who.claims.subject(), " ", method.substr(method.rfind('/') + 1), " ", f.surname,
                   ": ", status.ok() ? "OK" : std::string(status.message()).substr(0, 60)));
  answers_.push_back({who, static_cast<int>(&f - families_.data()), method,
                      request.SerializeAsString(),
                      status.ok() ? response->SerializeAsString() : InWords(status)});
  return status;
}

std::vector<World::Answer> World::TakeAnswers() {
  std::vector<Answer> out;
  out.swap(answers_);
  return out;
}

std::vector<Caller> World::Everybody() const {
  std::vector<Caller> out = staff_;
  for (const Family& f : families_) {
    for (const Member& m : f.members) {
      if (!m.account.empty()) out.push_back(m.caller);
    }
  }
  return out;
}

const Family* World::FamilyOf(const std::string& id) const {
  for (const Family& f : families_) {
    if (f.id == id) return &f;
  }
  return nullptr;
}

common::v1::Label OwnLabel(const Caller& who, const common::v1::About& about) {
  common::v1::Label label;
  *label.mutable_about() = about;
  label.set_controller(who.claims.organisation());
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label.set_regime(common::v1::REGIME_EDUCATION);
  switch (who.claims.function()) {
    case common::v1::FUNCTION_JGZ_NURSE:
    case common::v1::FUNCTION_JGZ_DOCTOR:
      label.set_compartment(common::v1::COMPARTMENT_HEALTH);
      label.set_regime(common::v1::REGIME_HEALTH);
      break;
    case common::v1::FUNCTION_MUNICIPAL_CONSULTANT:
      label.set_compartment(common::v1::COMPARTMENT_FAMILY);
      label.set_regime(common::v1::REGIME_MUNICIPAL);
      break;
    case common::v1::FUNCTION_YOUTH_CARE_WORKER:
      label.set_compartment(common::v1::COMPARTMENT_CARE);
      label.set_regime(common::v1::REGIME_YOUTH_CARE);
      break;
    default:
      break;
  }
  return label;
}

}  // namespace knooppunt::property
