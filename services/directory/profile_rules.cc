#include "services/directory/profile_rules.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/directory/errors.h"
#include "services/directory/limits.h"

namespace knooppunt::directory {
namespace {

using common::v1::Function;

constexpr char kSuffix[] = "/profile";

bool IsName(absl::string_view name, absl::string_view collection) {
  return base::ResourceName::Parse(name, absl::StrCat(collection, "/*")).ok();
}

bool IsFunction(Function f) {
  return f != common::v1::FUNCTION_UNSPECIFIED && common::v1::Function_IsValid(f);
}

// "08:30".
bool IsHour(absl::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  for (const int i : {0, 1, 3, 4}) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  return text.substr(0, 2) <= "23" && text.substr(3) <= "59";
}

// One line that reads as it is stored: no control characters, no marks that turn the direction of
// what follows.
bool IsPlainLine(absl::string_view text) {
  if (text.empty() || text.size() > limits::kMaxNameBytes) return false;
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return false;
  }
  for (const absl::string_view mark : {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
                                       "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"}) {
    if (text.find(mark) != absl::string_view::npos) return false;
  }
  return true;
}

absl::Status CheckPartners(const v1::WerkplaatsProfile& profile) {
  if (profile.partners_size() > kMaxPartnersPerWerkplaats) {
    return errors::InvalidField("profile.partners", "is a list of at most 32");
  }
  std::set<std::pair<std::string, int>> seen;
  for (const v1::FixedPartner& p : profile.partners()) {
    if (!IsName(p.organisation(), "organisations") || !IsFunction(p.function())) {
      return errors::InvalidField("profile.partners",
                                  "is a list of organisations/{id} with a function");
    }
    if (!seen.emplace(p.organisation(), p.function()).second) {
      return errors::InvalidField("profile.partners", "names each partner once");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckHours(const v1::WerkplaatsProfile& profile) {
  const v1::MeetingRhythm& rhythm = profile.meeting_rhythm();
  if (rhythm.every_weeks() < 0 || rhythm.every_weeks() > kMaxMeetingEveryWeeks) {
    return errors::InvalidField("profile.meeting_rhythm.every_weeks",
                                "is 0 (when needed) to 26 weeks");
  }
  if (!v1::Weekday_IsValid(rhythm.weekday())) {
    return errors::InvalidField("profile.meeting_rhythm.weekday", "is a day of the week");
  }
  if (!rhythm.start_time().empty() && !IsHour(rhythm.start_time())) {
    return errors::InvalidField("profile.meeting_rhythm.start_time", "is an hour, HH:MM");
  }
  if (profile.office_hours_size() > kMaxOfficeHours) {
    return errors::InvalidField("profile.office_hours", "is a list of at most 21");
  }
  for (const v1::OfficeHours& h : profile.office_hours()) {
    if (h.weekday() == v1::WEEKDAY_UNSPECIFIED || !v1::Weekday_IsValid(h.weekday())) {
      return errors::InvalidField("profile.office_hours.weekday", "is a day of the week");
    }
    if (!IsHour(h.start_time()) || !IsHour(h.end_time()) || h.start_time() >= h.end_time()) {
      return errors::InvalidField("profile.office_hours", "begins before it ends, both HH:MM");
    }
  }
  std::vector<v1::OfficeHours> hours(profile.office_hours().begin(), profile.office_hours().end());
  std::sort(hours.begin(), hours.end(), [](const auto& a, const auto& b) {
    return std::make_pair(a.weekday(), a.start_time()) <
           std::make_pair(b.weekday(), b.start_time());
  });
  for (size_t i = 1; i < hours.size(); ++i) {
    if (hours[i].weekday() == hours[i - 1].weekday() &&
        hours[i].start_time() < hours[i - 1].end_time()) {
      return errors::InvalidField("profile.office_hours", "does not overlap on one day");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOwnMeans(const v1::WerkplaatsProfile& profile) {
  std::set<int> means;
  for (const int m : profile.own_means()) {
    if (m == common::v1::MEANS_UNSPECIFIED || !common::v1::Means_IsValid(m) ||
        !means.insert(m).second) {
      return errors::InvalidField("profile.own_means", "names kinds of means, each once");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckArrangement(const v1::CollectiveArrangement& a) {
  if (!base::IsResourceId(a.id())) {
    return errors::InvalidField("profile.arrangements.id",
                                "is a word: small letters, digits and '-'");
  }
  if (!IsPlainLine(a.display_name())) {
    return errors::InvalidField("profile.arrangements.display_name",
                                "is one line of plain text of at most 200 bytes");
  }
  if (a.kind() == v1::COLLECTIVE_KIND_UNSPECIFIED || !v1::CollectiveKind_IsValid(a.kind())) {
    return errors::InvalidField("profile.arrangements.kind",
                                "is a schoolarrangement or a doelgroeparrangement");
  }
  if (!IsName(a.organisation(), "organisations")) {
    return errors::InvalidField("profile.arrangements.organisation", "is organisations/{id}");
  }
  if (!base::ParseDate(a.start_date()).ok()) {
    return errors::InvalidField("profile.arrangements.start_date", "is a date, YYYY-MM-DD");
  }
  if (!a.end_date().empty() &&
      (!base::ParseDate(a.end_date()).ok() || a.end_date() <= a.start_date())) {
    return errors::InvalidField("profile.arrangements.end_date",
                                "is empty or a date after start_date");
  }
  return absl::OkStatus();
}

absl::Status CheckArrangements(const v1::WerkplaatsProfile& profile) {
  if (profile.arrangements_size() > kMaxArrangementsPerWerkplaats) {
    return errors::InvalidField("profile.arrangements", "is a list of at most 100");
  }
  std::set<std::string> ids;
  for (const v1::CollectiveArrangement& a : profile.arrangements()) {
    KP_RETURN_IF_ERROR(CheckArrangement(a));
    if (!ids.insert(a.id()).second) {
      return errors::InvalidField("profile.arrangements.id", "stands in the profile once");
    }
  }
  return absl::OkStatus();
}

bool SameContact(const v1::Contact& a, const v1::Contact& b) {
  return a.organisation() == b.organisation() && a.function() == b.function();
}

void AddGap(std::string nl, std::string en, v1::WerkplaatsProfile* profile) {
  profile->add_gaps_nl(std::move(nl));
  profile->add_gaps_en(std::move(en));
}

void CompleteContact(const Employed& employed, v1::Contact* c, v1::WerkplaatsProfile* profile) {
  const bool there = employed(c->professional(), c->organisation(), c->function());
  const bool second = employed(c->stand_in(), c->organisation(), common::v1::FUNCTION_UNSPECIFIED);
  c->set_to_replace(!there);
  c->set_acting(there ? c->professional() : second ? c->stand_in() : "");
  if (!there && second) {
    AddGap(absl::StrCat("De contactpersoon van ", c->organisation(),
                        " is weg; de waarnemer neemt waar. Wijs een nieuwe aan."),
           absl::StrCat("The contact of ", c->organisation(),
                        " has left; the stand-in acts. Appoint another."),
           profile);
  } else if (!there) {
    AddGap(absl::StrCat("De contactpersoon van ", c->organisation(),
                        " is weg, en de waarnemer ook: niemand is te bellen. Wijs nu een nieuwe "
                        "aan."),
           absl::StrCat("The contact of ", c->organisation(),
                        " has left, and so has the stand-in: there is nobody to call. Appoint "
                        "another now."),
           profile);
  } else if (!second) {
    AddGap(absl::StrCat("De waarnemer van de contactpersoon van ", c->organisation(),
                        " is weg. Wijs een andere waarnemer aan."),
           absl::StrCat("The stand-in of the contact of ", c->organisation(),
                        " has left. Name another stand-in."),
           profile);
  }
}

}  // namespace

absl::StatusOr<std::string> WerkplaatsOfProfile(absl::string_view name) {
  absl::string_view werkplaats = name;
  if (!absl::ConsumeSuffix(&werkplaats, kSuffix) || !IsName(werkplaats, "werkplaatsen")) {
    return errors::InvalidField("name", "is werkplaatsen/{id}/profile");
  }
  return std::string(werkplaats);
}

absl::Status CheckProfile(const v1::WerkplaatsProfile& profile) {
  KP_RETURN_IF_ERROR(CheckPartners(profile));
  KP_RETURN_IF_ERROR(CheckHours(profile));
  KP_RETURN_IF_ERROR(CheckOwnMeans(profile));
  return CheckArrangements(profile);
}

absl::Status FundArrangements(const policy::Framework& framework,
                              const v1::WerkplaatsProfile& before, v1::WerkplaatsProfile* profile) {
  for (v1::CollectiveArrangement& a : *profile->mutable_arrangements()) {
    const std::string bytes = a.SerializeAsString();
    if (std::any_of(before.arrangements().begin(), before.arrangements().end(),
                    [&](const auto& b) { return b.SerializeAsString() == bytes; })) {
      continue;
    }
    if (a.framework_row().empty() || a.funding() == common::v1::FUNDING_UNSPECIFIED) {
      return errors::FundingMissing();
    }
    KP_ASSIGN_OR_RETURN(const base::Date on, base::ParseDate(a.start_date()));
    policy::FundingQuestion question;
    question.row = a.framework_row();
    question.funding = a.funding();
    question.split = a.split();
    question.on = on;
    policy::FundingAnswer answer = policy::AssessFunding(framework, question);
    if (!answer.fits) return errors::FundingDoesNotFit(answer.text_en);
    a.set_framework_row(std::move(answer.framework_row));
    *a.mutable_split() = std::move(answer.split);
  }
  return absl::OkStatus();
}

absl::Status ApplyUpdate(const v1::UpdateWerkplaatsProfileRequest& request,
                         v1::WerkplaatsProfile* profile) {
  const v1::WerkplaatsProfile& from = request.profile();
  std::set<std::string> paths(request.update_mask().paths().begin(),
                              request.update_mask().paths().end());
  if (paths.empty()) {
    paths = {"partners", "meeting_rhythm", "office_hours", "own_means", "arrangements"};
  }
  for (const std::string& path : paths) {
    if (path == "partners") {
      *profile->mutable_partners() = from.partners();
    } else if (path == "meeting_rhythm") {
      *profile->mutable_meeting_rhythm() = from.meeting_rhythm();
    } else if (path == "office_hours") {
      *profile->mutable_office_hours() = from.office_hours();
    } else if (path == "own_means") {
      *profile->mutable_own_means() = from.own_means();
    } else if (path == "arrangements") {
      *profile->mutable_arrangements() = from.arrangements();
    } else {
      return errors::InvalidField("update_mask",
                                  "names partners, meeting_rhythm, office_hours, own_means or "
                                  "arrangements; contacts go by ReplaceContact");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckContact(const v1::Contact& contact) {
  if (!IsName(contact.organisation(), "organisations")) {
    return errors::InvalidField("contact.organisation", "is organisations/{id}");
  }
  if (!IsFunction(contact.function())) {
    return errors::InvalidField("contact.function", "is a function");
  }
  if (!IsName(contact.professional(), "professionals")) {
    return errors::InvalidField("contact.professional", "is professionals/{id}");
  }
  if (!IsName(contact.stand_in(), "professionals") ||
      contact.stand_in() == contact.professional()) {
    return errors::InvalidField("contact.stand_in",
                                "is professionals/{id}, another than the contact");
  }
  if (!contact.start_date().empty()) {
    return errors::InvalidField("contact.start_date",
                                "is left empty: a contact begins on the day of the act, so that "
                                "there is one at every moment");
  }
  return absl::OkStatus();
}

bool ReplaceContact(const v1::Contact& contact, absl::string_view today,
                    v1::WerkplaatsProfile* profile) {
  v1::Contact next = contact;
  next.set_start_date(std::string(today));
  next.clear_acting();
  next.clear_to_replace();
  auto* contacts = profile->mutable_contacts();
  const auto at = std::find_if(contacts->begin(), contacts->end(),
                               [&](const v1::Contact& c) { return SameContact(c, contact); });
  if (at == contacts->end()) {
    *contacts->Add() = std::move(next);
    return true;
  }
  if (at->professional() == contact.professional() && at->stand_in() == contact.stand_in()) {
    return false;
  }
  v1::FormerContact former;
  *former.mutable_contact() = *at;
  former.set_end_date(std::string(today));
  former.set_successor(contact.professional());
  *at = std::move(next);
  auto* formers = profile->mutable_former_contacts();
  *formers->Add() = std::move(former);
  std::rotate(formers->begin(), formers->end() - 1, formers->end());
  while (formers->size() > kMaxFormerContacts) formers->RemoveLast();
  return true;
}

void Complete(const Employed& employed, const v1::Werkplaats& werkplaats,
              v1::WerkplaatsProfile* profile) {
  profile->set_name(absl::StrCat(werkplaats.name(), kSuffix));
  profile->clear_gaps_nl();
  profile->clear_gaps_en();
  if (profile->partners().empty()) {
    AddGap("Er staan geen vaste partners in het profiel.", "The profile names no fixed partners.",
           profile);
  }
  for (v1::Contact& c : *profile->mutable_contacts()) CompleteContact(employed, &c, profile);
  for (const v1::FixedPartner& p : profile->partners()) {
    if (p.organisation() == werkplaats.organisation()) continue;
    const bool has_contact =
        std::any_of(profile->contacts().begin(), profile->contacts().end(),
                    [&](const v1::Contact& c) { return c.organisation() == p.organisation(); });
    if (has_contact) continue;
    AddGap(absl::StrCat("Van ", p.organisation(), " is er geen contactpersoon."),
           absl::StrCat(p.organisation(), " has no contact."), profile);
  }
  profile->clear_etag();
  profile->set_etag(crypto::HexEncode(crypto::Sha256(profile->SerializeAsString()).substr(0, 16)));
}

v1::WerkplaatsProfile Bare(v1::WerkplaatsProfile profile) {
  profile.clear_name();
  profile.clear_etag();
  profile.clear_gaps_nl();
  profile.clear_gaps_en();
  for (v1::Contact& c : *profile.mutable_contacts()) {
    c.clear_acting();
    c.clear_to_replace();
  }
  return profile;
}

}  // namespace knooppunt::directory
