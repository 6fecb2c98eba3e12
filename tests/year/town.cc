#include "tests/year/town.h"

#include "absl/strings/str_cat.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"

namespace knooppunt::year {
namespace {

constexpr char kDirectory[] = "directory.v1.DirectoryService/";

}  // namespace

std::map<std::string, std::string> Town::Kinds() {
  return {{kPrimaryBoard, "school"},
          {kSecondaryBoard, "school"},
          {kYouthHealth, "jgz"},
          {kMunicipality, "municipality"},
          {kPrimaryPartnership, "partnership"},
          {kSecondaryPartnership, "partnership"},
          {kGuardian, "provider"},
          {kNurseryOwner, "school"},
          {kSpecialBoard, "school"},
          {kCollegeBoard, "school"},
          {kSmallBoard, "school"},
          // Keeps what a municipality keeps (R11).
          {kAdultHelp, "municipality"}};
}

Town::Town(Region* region) : region_(region) {
  FillDirectory();
  schools_ = {{"werkplaatsen/eik", kPrimaryBoard},
              {"werkplaatsen/beuk", kPrimaryBoard},
              {"werkplaatsen/linde", kSecondaryBoard, common::v1::STAGE_VO},
              {"werkplaatsen/peuterhof", kNurseryOwner, common::v1::STAGE_VOORSCHOOL},
              {"werkplaatsen/horizon", kSpecialBoard, common::v1::STAGE_SO},
              {"werkplaatsen/college", kCollegeBoard, common::v1::STAGE_MBO},
              {"werkplaatsen/berk", kSmallBoard}};
  for (School& s : schools_) {
    const bool older = s.secondary() || s.stage == common::v1::STAGE_MBO;
    s.lead =
        Hire(s.organisation,
             older ? common::v1::FUNCTION_CARE_COORDINATOR : common::v1::FUNCTION_INTERN_BEGELEIDER,
             s.werkplaats);
  }
  adult_help_ = Hire(kAdultHelp, common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER, "");
  nurse_ = Hire(kYouthHealth, common::v1::FUNCTION_JGZ_NURSE, "");
  consultant_ = Hire(kMunicipality, common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "");
  stranger_ = Hire(kMunicipality, common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "");
  holder_ = Hire(kMunicipality, common::v1::FUNCTION_MANDATE_HOLDER, "");
  alderman_ = Hire(kMunicipality, common::v1::FUNCTION_ALDERMAN, "");
  directors_[0] = Hire(kPrimaryPartnership, common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR, "");
  directors_[1] =
      Hire(kSecondaryPartnership, common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR, "");
  for (const char* organisation : {kMunicipality, kPrimaryBoard, kSecondaryBoard, kYouthHealth}) {
    Worker* officer = Hire(organisation, common::v1::FUNCTION_PRIVACY_OFFICER, "");
    officer->caller = officer->caller.For(common::v1::PURPOSE_AUDIT);
    officers_[organisation] = officer;
  }
  region_->auditor = officers_[kMunicipality]->caller;
  NameContact();
}

void Town::FillDirectory() {
  directory::v1::ImportDirectoryRequest request;
  const auto organisation = [&](const char* name, common::v1::OrganisationKind kind) {
    directory::v1::Organisation* o = request.add_organisations();
    o->set_name(name);
    o->set_display_name(name);
    o->set_kind(kind);
  };
  organisation(kPrimaryBoard, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation(kSecondaryBoard, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation(kYouthHealth, common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
  organisation(kMunicipality, common::v1::ORGANISATION_KIND_MUNICIPALITY);
  organisation(kPrimaryPartnership, common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_PO);
  organisation(kSecondaryPartnership, common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_VO);
  organisation(kGuardian, common::v1::ORGANISATION_KIND_YOUTH_CARE_PROVIDER);
  organisation(kNurseryOwner, common::v1::ORGANISATION_KIND_CHILDCARE);
  organisation(kSpecialBoard, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation(kCollegeBoard, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation(kSmallBoard, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  organisation(kAdultHelp, common::v1::ORGANISATION_KIND_SOCIAL_WORK);
  const auto werkplaats = [&](const char* name, const char* board, common::v1::Stage stage) {
    directory::v1::Werkplaats* w = request.add_werkplaatsen();
    w->set_name(name);
    w->set_display_name(name);
    w->set_organisation(board);
    w->set_stage(stage);
    w->set_municipality(kMunicipality);
  };
  werkplaats("werkplaatsen/eik", kPrimaryBoard, common::v1::STAGE_PO);
  werkplaats("werkplaatsen/beuk", kPrimaryBoard, common::v1::STAGE_PO);
  werkplaats("werkplaatsen/linde", kSecondaryBoard, common::v1::STAGE_VO);
  werkplaats("werkplaatsen/peuterhof", kNurseryOwner, common::v1::STAGE_VOORSCHOOL);
  werkplaats("werkplaatsen/horizon", kSpecialBoard, common::v1::STAGE_SO);
  werkplaats("werkplaatsen/college", kCollegeBoard, common::v1::STAGE_MBO);
  werkplaats("werkplaatsen/berk", kSmallBoard, common::v1::STAGE_PO);
  directory::v1::ImportDirectoryResponse response;
  integration::Require(region_->Call(region_->admin, absl::StrCat(kDirectory, "ImportDirectory"),
                                     request, &response),
                       "import the directory");
}

Worker* Town::Hire(const std::string& organisation, common::v1::Function function,
                   const std::string& werkplaats) {
  auto worker = std::make_unique<Worker>();
  worker->name = absl::StrCat("professionals/w", workers_.size());
  worker->werkplaats = werkplaats;
  worker->caller.claims.set_subject(worker->name);
  worker->caller.claims.set_organisation(organisation);
  worker->caller.claims.set_function(function);
  worker->caller.claims.set_display_name(absl::StrCat("Medewerker ", workers_.size()));
  directory::v1::CreateProfessionalRequest request;
  directory::v1::Professional* p = request.mutable_professional();
  p->set_name(worker->name);
  p->set_display_name(worker->caller.claims.display_name());
  p->set_login(absl::StrCat("dev|", worker->name));
  access::v1::FunctionTerm* term = p->add_functions();
  term->set_organisation(organisation);
  term->set_function(function);
  term->set_start_date(region_->Day(0));
  directory::v1::Professional response;
  integration::Require(region_->Call(region_->admin, absl::StrCat(kDirectory, "CreateProfessional"),
                                     request, &response),
                       "employ somebody");
  workers_.push_back(std::move(worker));
  return workers_.back().get();
}

absl::Status Town::Leave(Worker* worker, Worker* successor) {
  directory::v1::EndEmploymentRequest request;
  request.set_name(worker->name);
  request.set_organisation(worker->caller.claims.organisation());
  request.set_end_date(region_->Day(0));
  directory::v1::Professional response;
  const absl::Status left =
      region_->Call(region_->admin, absl::StrCat(kDirectory, "EndEmployment"), request, &response);
  if (!left.ok()) return left;
  worker->employed = false;
  for (School& s : schools_) {
    if (s.lead == worker) s.lead = successor;
  }
  if (nurse_ == worker) nurse_ = successor;
  if (consultant_ == worker) consultant_ = successor;
  NameContact();
  return absl::OkStatus();
}

void Town::NameContact() {
  directory::v1::ReplaceContactRequest request;
  request.set_name(absl::StrCat(schools_[0].werkplaats, "/profile"));
  directory::v1::Contact* contact = request.mutable_contact();
  contact->set_organisation(schools_[0].organisation);
  contact->set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  contact->set_professional(schools_[0].lead->name);
  contact->set_stand_in(schools_[1].lead->name);
  directory::v1::WerkplaatsProfile profile;
  integration::Require(
      region_->Call(region_->admin, "directory.v1.WerkplaatsService/ReplaceContact", request,
                    &profile),
      "name a contact");
}

School* Town::At(const std::string& werkplaats) {
  for (School& s : schools_) {
    if (s.werkplaats == werkplaats) return &s;
  }
  return nullptr;
}

absl::Status Town::CloseSchool(School* school, const std::string& close_date) {
  directory::v1::CloseWerkplaatsRequest request;
  request.set_name(absl::StrCat(school->werkplaats, "/profile"));
  request.set_close_date(close_date);
  request.set_reason("Te weinig leerlingen.");
  directory::v1::WerkplaatsProfile profile;
  const absl::Status closed = region_->Call(
      region_->admin, "directory.v1.WerkplaatsService/CloseWerkplaats", request, &profile);
  if (closed.ok()) school->close_date = close_date;
  return closed;
}

absl::Status Town::KeepOpen(School* school) {
  directory::v1::KeepWerkplaatsOpenRequest request;
  request.set_name(absl::StrCat(school->werkplaats, "/profile"));
  directory::v1::WerkplaatsProfile profile;
  const absl::Status kept = region_->Call(
      region_->admin, "directory.v1.WerkplaatsService/KeepWerkplaatsOpen", request, &profile);
  if (kept.ok()) school->close_date.clear();
  return kept;
}

absl::Status Town::IssueMandate(int64_t limit_cents, const std::string& end_date) {
  directory::v1::IssueMandateRequest request;
  request.set_parent(consultant_->name);
  access::v1::Mandate* m = request.mutable_mandate();
  m->set_organisation(kMunicipality);
  m->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  m->set_limit_cents(limit_cents);
  m->set_start_date(region_->Day(0));
  m->set_end_date(end_date);
  mandate_ = {consultant_, limit_cents, m->start_date(), end_date};
  directory::v1::Professional response;
  return region_->Call(holder_->caller.For(common::v1::PURPOSE_ADMINISTRATION),
                       absl::StrCat(kDirectory, "IssueMandate"), request, &response);
}

bool Town::MandateCovers(int64_t cents, const std::string& date) const {
  return mandate_.of == consultant_ && mandate_.start_date <= date && date < mandate_.end_date &&
         cents <= mandate_.limit_cents;
}

Worker* Town::officer(const std::string& organisation) const {
  const auto at = officers_.find(organisation);
  return at == officers_.end() ? nullptr : at->second;
}

Worker* Town::ByName(const std::string& name) const {
  for (const auto& w : workers_) {
    if (w->name == name) return w.get();
  }
  return nullptr;
}

}  // namespace knooppunt::year
