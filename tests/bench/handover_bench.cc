// What a whole warm handover costs: of a case with many steps and documents, from its draft to its
// close, consents included, against what has to be done anyhow when the same bytes are handed over:
// sealing them once and syncing them to the disk. Prints how it was measured.
//
// Every unit runs in this process and people call directly, so that what is timed is the work and
// not the wire. Each round is another family.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "tests/integration/documents_testing.h"

namespace knooppunt::bench {
namespace {

using integration::Caller;
using integration::kMiB;
using integration::Region;
using integration::Require;

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";
constexpr char kDirectory[] = "directory.v1.DirectoryService/";
constexpr char kHandover[] = "handover.v1.HandoverService/";
constexpr char kNewBoard[] = "organisations/lvo";
constexpr char kNewSchool[] = "werkplaatsen/vo";
constexpr char kWording[] = "De nieuwe school mag lezen wat deze school over ons kind meegeeft.";
constexpr int kDaysToExpire = 90;

struct Flags {
  int rounds = 7;
  int steps = 200;
  int documents = 20;
  int64_t document_bytes = kMiB;
};

double Milliseconds(const std::function<void()>& work) {
  const auto from = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - from;
  return took.count();
}

double Median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

// The bare equivalent: `texts` sealed, each by itself, written to one file and synced.
double SealAndSync(const std::vector<std::string>& texts, const std::string& folder) {
  crypto::SystemRandom random;
  const crypto::SecretBytes key = random.Key();
  const std::string path = folder + "/bare";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  const double took = Milliseconds([&] {
    for (const std::string& text : texts) {
      const auto sealed = crypto::Seal(key, "bench", text, random);
      Require(sealed.status(), "seal");
      const auto written = write(file, sealed->data(), sealed->size());
      if (written != static_cast<ssize_t>(sealed->size())) {
        Require(absl::UnavailableError(path), "write");
      }
    }
    if (fdatasync(file) != 0) Require(absl::UnavailableError(path), "sync");
  });
  close(file);
  unlink(path.c_str());
  return took;
}

class World {
 public:
  explicit World(const Flags& flags) : flags_(flags) {
    Require(region_.Start(), "start");
    region_.Furnish();
    directory::v1::ImportDirectoryRequest request;
    directory::v1::Organisation* board = request.add_organisations();
    board->set_name(kNewBoard);
    board->set_display_name("LVO");
    board->set_kind(common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    directory::v1::Werkplaats* school = request.add_werkplaatsen();
    school->set_name(kNewSchool);
    school->set_display_name("Middelbare school");
    school->set_organisation(board->name());
    school->set_stage(common::v1::STAGE_VO);
    school->set_municipality("organisations/maastricht");
    Must<directory::v1::ImportDirectoryResponse>(
        region_.admin, absl::StrCat(kDirectory, "ImportDirectory"), request);
    receiver_ = region_.Hire("vo", kNewBoard, common::v1::FUNCTION_CARE_COORDINATOR)
                    .For(common::v1::PURPOSE_HANDOVER);
    colleague_ = region_.Hire("ib-2");
  }

  // A case with its steps and documents, with a regisseur, ready to be handed over.
  void Prepare() {
    OpenCase();
    Appoint();
    items_.clear();
    const auto seen = region_.GetCase(region_.ib);
    Require(seen.status(), "read the case");
    for (int left = flags_.steps; left > 0;) {
      const int now = std::min(left, limits::kMaxStepsPerMeeting);
      Agree(SeatOf(*seen, mother_id_), now);
      left -= now;
    }
    for (int i = 0; i < flags_.documents; ++i) {
      integration::Paper paper;
      paper.size_bytes = flags_.document_bytes;
      paper.seed = static_cast<char>('a' + i);
      const auto added = integration::Upload(region_, region_.ib, paper);
      Require(added.status(), "upload");
      items_.push_back(added->name());
    }
  }

  // From the draft to the close; what the receiver was shown stays in parts().
  void HandOver() {
    timed_ = true;
    acts_.clear();
    handover::v1::DraftHandoverRequest draft;
    draft.set_parent(region_.case_name);
    draft.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    draft.set_to_werkplaats(kNewSchool);
    draft.set_receiver(receiver_.claims.subject());
    draft.set_expire_date(region_.Day(kDaysToExpire));
    for (const std::string& item : items_) draft.add_items(item);
    draft.add_children(region_.child);
    handover_ = Handover(region_.ib, "DraftHandover", draft).name();
    Act(region_.ib, "ShowHandover");
    Consent();
    Act(region_.ib, "AuthoriseHandover");
    Act(region_.ib, "OfferHandover");
    handover::v1::GetHandoverRequest get;
    get.set_name(handover_);
    offered_ = Handover(receiver_, "GetHandover", get);
    handover::v1::ReceiveHandoverRequest receive;
    receive.set_name(handover_);
    receive.set_package_sha256(offered_.package_sha256());
    Handover(receiver_, "ReceiveHandover", receive);
    const auto seen = region_.GetCase(region_.ib);
    Require(seen.status(), "read the case");
    const std::string ib = SeatOf(*seen, region_.ib.claims.subject());
    const std::string receiver = SeatOf(*seen, receiver_.claims.subject());
    handover::v1::RecordConversationRequest talk;
    talk.set_name(handover_);
    talk.mutable_conversation()->set_date(region_.Day(0));
    talk.mutable_conversation()->set_how("in persoon");
    for (const std::string& seat : {ib, receiver, SeatOf(*seen, mother_id_)}) {
      talk.mutable_conversation()->add_seats(seat);
    }
    Handover(region_.ib, "RecordConversation", talk);
    handover::v1::AcceptHandoverRequest accept;
    accept.set_name(handover_);
    accept.set_regisseur_seat(SeatOf(*seen, mother_id_));  // R2
    accept.set_stand_in_seat(receiver);
    Handover(receiver_, "AcceptHandover", accept);
    Act(receiver_, "CloseHandover");
    timed_ = false;
  }

  // The receiver reads each document that came along, to its end.
  void ReadDocuments() {
    for (const std::string& item : items_) {
      if (item.find("/documents/") == std::string::npos) continue;
      documents::v1::DownloadDocumentRequest request;
      request.set_name(item);
      documents::v1::DownloadDocumentResponse part;
      int64_t bytes = 0;
      Require(region_.Receive(receiver_.For(common::v1::PURPOSE_COORDINATION),
                              integration::kDownload, request, &part,
                              [&] {
                                bytes += static_cast<int64_t>(part.chunk().size());
                                return absl::OkStatus();
                              }),
              "download");
      if (bytes != flags_.document_bytes) Require(absl::DataLossError(item), "download");
    }
  }

  // What was handed over, a text for each part and the content of each document.
  std::vector<std::string> HandedOver() const {
    std::vector<std::string> out;
    for (const handover::v1::HandoverPart& part : offered_.parts()) out.push_back(part.text());
    for (int i = 0; i < flags_.documents; ++i) {
      out.emplace_back(static_cast<size_t>(flags_.document_bytes), static_cast<char>('a' + i));
    }
    return out;
  }
  int64_t commits() {
    int64_t out = 0;
    for (const char* unit : {"dossier", "access"}) {
      out += region_.database(unit).counters().commits;
    }
    return out;
  }
  const std::string& folder() const { return region_.folder(); }
  // The calls of the last handover in order, with what each took in milliseconds.
  const std::vector<std::pair<std::string, double>>& acts() const { return acts_; }

 private:
  template <typename Response>
  Response Must(const Caller& who, const std::string& method,
                const google::protobuf::Message& request) {
    Response response;
    const double took =
        Milliseconds([&] { Require(region_.Call(who, method, request, &response), method); });
    if (timed_) acts_.emplace_back(method.substr(method.find('/') + 1), took);
    return response;
  }
  handover::v1::Handover Handover(const Caller& who, const char* method,
                                  const google::protobuf::Message& request) {
    return Must<handover::v1::Handover>(who, absl::StrCat(kHandover, method), request);
  }
  void Act(const Caller& who, const char* method) {
    handover::v1::HandoverActRequest act;
    act.set_name(handover_);
    Handover(who, method, act);
  }
  static std::string SeatOf(const casework::v1::Case& seen, const std::string& who) {
    for (const casework::v1::Participant& p : seen.participants()) {
      if (p.professional() == who || p.person() == who) return p.seat();
    }
    Require(absl::NotFoundError(who), "a seat");
    return "";
  }

  void OpenCase() {
    ++families_;
    region_.clock().Advance(absl::Minutes(1));  // R3: no more than so many look in one
    mother_ = region_.mother;
    father_ = region_.father;
    mother_.claims.set_subject(absl::StrCat("accounts/mother-", families_));
    father_.claims.set_subject(absl::StrCat("accounts/father-", families_));
    casework::v1::OpenCaseRequest open = region_.OpenRequest();
    for (casework::v1::NewPerson& p : *open.mutable_persons()) {
      p.set_family_name(absl::StrCat("van der Zanden ", families_));
      if (!p.account().empty()) p.set_account(absl::StrCat(p.account(), "-", families_));
    }
    const auto opened =
        Must<casework::v1::Case>(region_.ib, absl::StrCat(kCasework, "OpenCase"), open);
    region_.case_name = opened.name();
    const auto name = base::ResourceName::Parse(opened.name());
    Require(name.status(), "the name of a case");
    region_.family = std::string(name->Id("families"));
    region_.child = opened.children(0);
    for (const casework::v1::Person& p : opened.persons()) {
      const auto person = base::ResourceName::Parse(p.name());
      if (p.given_name() == "Marieke") mother_id_ = std::string(person->last_id());
    }
  }
  void Appoint() {
    region_.Seat(colleague_);
    const auto seen = region_.GetCase(region_.ib);
    Require(seen.status(), "read the case");
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(*seen, region_.ib.claims.subject()));
    appoint.set_stand_in_seat(SeatOf(*seen, colleague_.claims.subject()));
    appoint.set_reason("Vast aanspreekpunt.");
    Must<casework::v1::Regisseur>(region_.ib, absl::StrCat(kCasework, "AppointRegisseur"), appoint);
  }
  void Agree(const std::string& parent_seat, int steps) {
    const common::v1::Label label = region_.Note("").contribution().label();
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(region_.case_name);
    plan.set_date(region_.Day(0));
    *plan.mutable_label() = label;
    const auto meeting =
        Must<casework::v1::Meeting>(region_.ib, absl::StrCat(kCasework, "PlanMeeting"), plan);
    casework::v1::ConcludeMeetingRequest conclude;
    conclude.set_name(meeting.name());
    casework::v1::Attendance* there = conclude.add_attendances();
    there->set_seat(parent_seat);
    there->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
    for (int i = 0; i < steps; ++i) {
      casework::v1::NewStep* step = conclude.add_steps();
      step->set_text(absl::StrCat("Elke maandag samen de week doornemen, ronde ", i + 1, "."));
      step->set_owner_seat(parent_seat);
      step->set_due_date(region_.Day(14));
      *step->mutable_label() = label;
    }
    const auto concluded = Must<casework::v1::Meeting>(
        region_.ib, absl::StrCat(kCasework, "ConcludeMeeting"), conclude);
    items_.insert(items_.end(), concluded.steps().begin(), concluded.steps().end());
  }
  void Consent() {
    consent::v1::ProposeConsentRequest propose;
    propose.set_parent(absl::StrCat("families/", region_.family));
    consent::v1::Consent& c = *propose.mutable_consent();
    c.mutable_about()->add_persons(region_.child);
    c.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c.add_purposes(common::v1::PURPOSE_COORDINATION);
    c.add_purposes(common::v1::PURPOSE_HANDOVER);
    c.set_recipient(kNewBoard);
    c.set_start_date(region_.Day(0));
    c.set_end_date(region_.Day(300));
    c.set_wording(kWording);
    consent::v1::SignConsentRequest sign;
    sign.set_name(
        Must<consent::v1::Consent>(region_.ib, absl::StrCat(kConsent, "ProposeConsent"), propose)
            .name());
    sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(kWording)));
    for (const Caller& who : {mother_, father_}) {
      Must<consent::v1::Consent>(who, absl::StrCat(kConsent, "SignConsent"), sign);
    }
  }

  const Flags flags_;
  Region region_;
  Caller receiver_, colleague_, mother_, father_;
  int families_ = 0;
  std::string mother_id_, handover_;
  std::vector<std::string> items_;
  handover::v1::Handover offered_;
  bool timed_ = false;
  std::vector<std::pair<std::string, double>> acts_;
};

int Measure(const Flags& flags) {
  World world(flags);
  std::vector<double> ours, bare, read, ratios, with_reading;
  int64_t bytes = 0, commits = 0;
  size_t texts = 0;
  for (int i = 0; i < flags.rounds; ++i) {
    world.Prepare();
    const int64_t before = world.commits();
    ours.push_back(Milliseconds([&] { world.HandOver(); }));
    commits = world.commits() - before;
    const std::vector<std::string> handed_over = world.HandedOver();
    bytes = 0;
    for (const std::string& text : handed_over) bytes += static_cast<int64_t>(text.size());
    texts = handed_over.size();
    bare.push_back(SealAndSync(handed_over, world.folder()));
    read.push_back(Milliseconds([&] { world.ReadDocuments(); }));
    ratios.push_back(ours.back() / bare.back());
    with_reading.push_back((ours.back() + read.back()) / bare.back());
  }
  std::printf(
      "A handover from draft to close, its consent and both signatures: %d steps and %d documents\n"
      "of %lld bytes. Every unit in this process, called directly; %d families, a round each;\n"
      "medians. Bare: the same %lld bytes in %zu texts, sealed with AES-256-GCM, written to one\n"
      "file and synced, right after in the same folder.\n",
      flags.steps, flags.documents, static_cast<long long>(flags.document_bytes), flags.rounds,
      static_cast<long long>(bytes), texts);
  std::printf("%-44s %8.1f ms  (%lld commits)\n", "the whole handover", Median(ours),
              static_cast<long long>(commits));
  std::printf("%-44s %8.1f ms\n", "the receiver reads every document", Median(read));
  std::printf("%-44s %8.1f ms\n", "bare", Median(bare));
  std::printf("%-44s %8.2f\n", "ratio of the handover", Median(ratios));
  std::printf("%-44s %8.2f\n", "ratio with the reading", Median(with_reading));
  std::printf("\nThe last round, call by call:\n");
  for (const auto& [act, took] : world.acts()) std::printf("  %-42s %8.1f ms\n", act.c_str(), took);
  return 0;
}

}  // namespace
}  // namespace knooppunt::bench

int main(int argc, char** argv) {
  CLI::App app("Measures a whole warm handover against sealing and syncing what it hands over.");
  knooppunt::bench::Flags flags;
  app.add_option("--rounds", flags.rounds);
  app.add_option("--steps", flags.steps);
  app.add_option("--documents", flags.documents);
  app.add_option("--document-bytes", flags.document_bytes);
  CLI11_PARSE(app, argc, argv);
  return knooppunt::bench::Measure(flags);
}
