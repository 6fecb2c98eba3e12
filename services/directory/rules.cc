#include "services/directory/rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "base/text.h"
#include "services/directory/errors.h"
#include "services/directory/limits.h"

namespace knooppunt::directory {
namespace {

using common::v1::Function;

bool IsName(absl::string_view name, absl::string_view pattern) {
  return base::ResourceName::Parse(name, pattern).ok();
}

// Names go to screens, terminals and logs: no control characters.
absl::Status CheckText(absl::string_view field, absl::string_view text) {
  const std::string want = base::WantOfText(
      text, {.max_bytes = limits::kMaxNameBytes, .required = false, .one_line = true});
  return want.empty() ? absl::OkStatus() : errors::InvalidField(field, absl::StrCat("must ", want));
}

absl::Status CheckDisplayName(absl::string_view field, absl::string_view text) {
  if (absl::StripAsciiWhitespace(text).empty()) return errors::InvalidField(field, "is required");
  return CheckText(field, text);
}

absl::Status CheckPeriod(absl::string_view field, const std::string& start,
                         const std::string& end) {
  if (!base::ParseDate(start).ok()) {
    return errors::InvalidField(absl::StrCat(field, ".start_date"), "is a date, YYYY-MM-DD");
  }
  if (end.empty()) return absl::OkStatus();
  if (!base::ParseDate(end).ok() || end <= start) {
    return errors::InvalidField(absl::StrCat(field, ".end_date"),
                                "is empty or a date after start_date, YYYY-MM-DD");
  }
  return absl::OkStatus();
}

// "issuer|subject": printable and without spaces. The subject may hold a '|' of its own.
bool IsLogin(absl::string_view login) {
  const size_t bar = login.find('|');
  return login.size() <= kMaxLoginBytes && bar != absl::string_view::npos && bar > 0 &&
         bar + 1 < login.size() && std::all_of(login.begin(), login.end(), [](char c) {
           return absl::ascii_isgraph(static_cast<unsigned char>(c));
         });
}

bool OverlapsFrom(absl::string_view end, absl::string_view from) {
  return end.empty() || from < end;
}
// What was ended before it began.
template <typename Term>
bool NeverHeld(const Term& term) {
  return term.start_date() == term.end_date();
}
bool Overlap(const FunctionTerm& a, const FunctionTerm& b) {
  return !NeverHeld(a) && !NeverHeld(b) && OverlapsFrom(a.end_date(), b.start_date()) &&
         OverlapsFrom(b.end_date(), a.start_date());
}

// Functions whose policy rows open parts of a dossier.
bool ReadsContent(Function function) {
  switch (function) {
    case common::v1::FUNCTION_ADMINISTRATOR:
    case common::v1::FUNCTION_PRIVACY_OFFICER:
    case common::v1::FUNCTION_MANDATE_HOLDER:
      return false;
    default:
      return true;
  }
}
bool Administers(Function function) { return function == common::v1::FUNCTION_ADMINISTRATOR; }

bool InForce(const FunctionTerm& term, absl::string_view organisation, absl::string_view day) {
  return term.organisation() == organisation && term.start_date() <= day &&
         OverlapsFrom(term.end_date(), day);
}

// A mandate in hours only has no amount, and the other way round.
absl::Status CheckLimits(const Mandate& mandate) {
  const bool hours_only = mandate.limit_cents() == 0 && mandate.limit_minutes() > 0;
  if ((mandate.limit_cents() <= 0 && !hours_only) ||
      mandate.limit_cents() > kMaxMandateLimitCents) {
    return errors::InvalidField("mandate.limit_cents",
                                "is more than 0 and at most a hundred million euros; 0 only for a "
                                "mandate in minutes");
  }
  if (mandate.limit_minutes() < 0 || mandate.limit_minutes() > kMaxMandateLimitMinutes) {
    return errors::InvalidField("mandate.limit_minutes",
                                "is 0 or more and at most 600000, ten thousand hours");
  }
  if (mandate.limit_days() < 0 || mandate.limit_days() > kMaxMandateLimitDays) {
    return errors::InvalidField("mandate.limit_days", "is 0 or more and at most 3660, ten years");
  }
  return absl::OkStatus();
}

bool HasMeans(const Mandate& mandate, int means) {
  return std::find(mandate.means().begin(), mandate.means().end(), means) != mandate.means().end();
}

bool SameMandate(const Mandate& a, const Mandate& b) {
  return a.organisation() == b.organisation() && a.means_size() == b.means_size() &&
         std::all_of(a.means().begin(), a.means().end(), [&](int m) { return HasMeans(b, m); }) &&
         a.limit_cents() == b.limit_cents() && a.limit_minutes() == b.limit_minutes() &&
         a.limit_days() == b.limit_days() && a.start_date() == b.start_date() &&
         a.end_date() == b.end_date() && a.delegable() == b.delegable() &&
         a.delegated_from() == b.delegated_from();
}

bool HasFunction(const v1::Professional& professional, absl::string_view organisation,
                 absl::string_view day) {
  return std::any_of(professional.functions().begin(), professional.functions().end(),
                     [&](const FunctionTerm& term) { return InForce(term, organisation, day); });
}

// R6: no kind, limit or day beyond the source.
absl::Status CheckWithin(const Mandate& source, const Mandate& mandate) {
  for (const int means : mandate.means()) {
    if (!HasMeans(source, means)) return errors::BeyondItsSource("mandate.means");
  }
  if (mandate.limit_cents() > source.limit_cents()) {
    return errors::BeyondItsSource("mandate.limit_cents");
  }
  if (mandate.limit_minutes() > source.limit_minutes()) {
    return errors::BeyondItsSource("mandate.limit_minutes");
  }
  if (mandate.limit_days() > source.limit_days()) {
    return errors::BeyondItsSource("mandate.limit_days");
  }
  if (mandate.start_date() < source.start_date()) {
    return errors::BeyondItsSource("mandate.start_date");
  }
  if (mandate.delegable()) return errors::BeyondItsSource("mandate.delegable");
  const bool open = mandate.end_date().empty();
  if (!source.end_date().empty() && (open || mandate.end_date() > source.end_date())) {
    return errors::BeyondItsSource("mandate.end_date");
  }
  return absl::OkStatus();
}

// Ends `term` (a function or a mandate); one that would begin later gets an empty period.
template <typename Term>
bool EndTerm(absl::string_view end_date, Term* term) {
  if (NeverHeld(*term) || !OverlapsFrom(term->end_date(), end_date)) return false;
  term->set_end_date(std::max(term->start_date(), std::string(end_date)));
  return true;
}

}  // namespace

absl::Status CheckOrganisation(const v1::Organisation& organisation) {
  if (!IsName(organisation.name(), "organisations/*")) {
    return errors::InvalidField("organisation.name", "is organisations/{id}");
  }
  KP_RETURN_IF_ERROR(CheckDisplayName("organisation.display_name", organisation.display_name()));
  if (organisation.kind() == common::v1::ORGANISATION_KIND_UNSPECIFIED ||
      !common::v1::OrganisationKind_IsValid(organisation.kind())) {
    return errors::InvalidField("organisation.kind", "is required");
  }
  if (!organisation.subregion().empty() && !base::IsResourceId(organisation.subregion())) {
    return errors::InvalidField("organisation.subregion", "is empty or an id");
  }
  return absl::OkStatus();
}

absl::Status CheckClosing(const v1::CloseWerkplaatsRequest& request, base::Date today) {
  const auto day = base::ParseDate(request.close_date());
  if (!day.ok() || *day < today - kMaxCloseDaysBack || *day > today + kMaxCloseDaysAhead) {
    return errors::InvalidField(
        "close_date",
        "is a date, YYYY-MM-DD, at most 31 days ago and at most three years "
        "ahead");
  }
  return CheckDisplayName("reason", request.reason());
}

absl::Status CheckNotClosed(const v1::WerkplaatsProfile& profile, absl::Time now) {
  const auto day = base::ParseDate(profile.closure().close_date());
  if (!day.ok() || *day > base::DateOf(now)) return absl::OkStatus();
  const absl::Time recorded = absl::FromUnixSeconds(profile.closure().time().seconds());
  return now < recorded + kDaysToMendAClosing * absl::Hours(24) ? absl::OkStatus()
                                                                : errors::WerkplaatsHasClosed();
}

absl::Status CheckWerkplaats(const v1::Werkplaats& werkplaats) {
  if (!IsName(werkplaats.name(), "werkplaatsen/*")) {
    return errors::InvalidField("werkplaats.name", "is werkplaatsen/{id}");
  }
  KP_RETURN_IF_ERROR(CheckDisplayName("werkplaats.display_name", werkplaats.display_name()));
  KP_RETURN_IF_ERROR(CheckText("werkplaats.place", werkplaats.place()));
  if (!IsName(werkplaats.organisation(), "organisations/*")) {
    return errors::InvalidField("werkplaats.organisation", "is organisations/{id}");
  }
  if (!werkplaats.municipality().empty() && !IsName(werkplaats.municipality(), "organisations/*")) {
    return errors::InvalidField("werkplaats.municipality", "is empty or organisations/{id}");
  }
  if (werkplaats.stage() == common::v1::STAGE_UNSPECIFIED ||
      !common::v1::Stage_IsValid(werkplaats.stage())) {
    return errors::InvalidField("werkplaats.stage", "is required");
  }
  return absl::OkStatus();
}

absl::Status CheckImport(const v1::ImportDirectoryRequest& request) {
  if (request.organisations_size() + request.werkplaatsen_size() > kMaxImportRows) {
    return errors::TooManyRows();
  }
  absl::flat_hash_set<absl::string_view> names;
  for (const v1::Organisation& o : request.organisations()) {
    KP_RETURN_IF_ERROR(CheckOrganisation(o));
    if (!names.insert(o.name()).second) return errors::DuplicateRow();
  }
  for (const v1::Werkplaats& w : request.werkplaatsen()) {
    KP_RETURN_IF_ERROR(CheckWerkplaats(w));
    if (!names.insert(w.name()).second) return errors::DuplicateRow();
  }
  return absl::OkStatus();
}

absl::Status CheckNewProfessional(const v1::Professional& professional) {
  if (!IsName(professional.name(), "professionals/*")) {
    return errors::InvalidField("professional.name", "is professionals/{id}");
  }
  KP_RETURN_IF_ERROR(CheckDisplayName("professional.display_name", professional.display_name()));
  if (!IsLogin(professional.login())) {
    return errors::InvalidField("professional.login",
                                "is issuer|subject as in the id token, without spaces");
  }
  if (professional.functions().empty()) {
    return errors::InvalidField("professional.functions", "names at least one function");
  }
  if (professional.functions_size() > kMaxFunctionsPerProfessional) {
    return errors::TooManyFunctions();
  }
  for (const FunctionTerm& term : professional.functions()) {
    KP_RETURN_IF_ERROR(CheckFunctionTerm(term));
  }
  if (!professional.mandates().empty()) {
    return errors::InvalidField("professional.mandates", "is empty: mandates are issued");
  }
  if (professional.own_accounts_size() > kMaxOwnAccounts) {
    return errors::InvalidField("professional.own_accounts", "holds at most 16 accounts");
  }
  for (const std::string& account : professional.own_accounts()) {
    if (!IsName(account, "accounts/*")) {
      return errors::InvalidField("professional.own_accounts", "holds accounts/{id}");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFunctionTerm(const FunctionTerm& term) {
  if (!IsName(term.organisation(), "organisations/*")) {
    return errors::InvalidField("function.organisation", "is organisations/{id}");
  }
  if (term.function() == common::v1::FUNCTION_UNSPECIFIED ||
      !common::v1::Function_IsValid(term.function())) {
    return errors::InvalidField("function.function", "is required");
  }
  return CheckPeriod("function", term.start_date(), term.end_date());
}

absl::Status CheckMandate(const Mandate& mandate) {
  if (!IsName(mandate.organisation(), "organisations/*")) {
    return errors::InvalidField("mandate.organisation", "is organisations/{id}");
  }
  if (mandate.means().empty()) {
    return errors::InvalidField("mandate.means", "names at least one kind of means");
  }
  absl::flat_hash_set<int> seen;
  for (const int means : mandate.means()) {
    if (means == common::v1::MEANS_UNSPECIFIED || !common::v1::Means_IsValid(means) ||
        !seen.insert(means).second) {
      return errors::InvalidField("mandate.means", "names kinds of means, each once");
    }
  }
  KP_RETURN_IF_ERROR(CheckLimits(mandate));
  return CheckPeriod("mandate", mandate.start_date(), mandate.end_date());
}

absl::Status MayAdminister(const Actor& actor, absl::string_view organisation) {
  if (actor.region || actor.organisation == organisation) return absl::OkStatus();
  return errors::OtherOrganisation();
}

absl::Status MayEmpower(const Actor& actor, absl::string_view professional) {
  return actor.professional == professional ? errors::OwnPower() : absl::OkStatus();
}

bool MaySeeLogin(const Actor& actor, const v1::Professional& professional) {
  if (!Administers(actor.function)) return false;
  return std::any_of(
      professional.functions().begin(), professional.functions().end(),
      [&](const FunctionTerm& term) { return MayAdminister(actor, term.organisation()).ok(); });
}

v1::Professional Presented(const Actor& actor, v1::Professional professional) {
  if (!MaySeeLogin(actor, professional)) {
    professional.clear_login();
    professional.clear_own_accounts();
  }
  return professional;
}

absl::Status AddFunction(const FunctionTerm& term, v1::Professional* professional) {
  for (const FunctionTerm& other : professional->functions()) {
    if (!Overlap(term, other)) continue;
    if (other.organisation() == term.organisation() && other.function() == term.function()) {
      return errors::FunctionAlreadyAssigned();
    }
    if ((Administers(term.function()) && ReadsContent(other.function())) ||
        (Administers(other.function()) && ReadsContent(term.function()))) {
      return errors::AdministratorReadsNothing();
    }
  }
  if (professional->functions_size() >= kMaxFunctionsPerProfessional) {
    return errors::TooManyFunctions();
  }
  *professional->add_functions() = term;
  return absl::OkStatus();
}

absl::Status EndFunctions(absl::string_view organisation, absl::string_view end_date,
                          v1::Professional* professional) {
  bool ended = false;
  for (FunctionTerm& term : *professional->mutable_functions()) {
    if (term.organisation() == organisation) ended = EndTerm(end_date, &term) || ended;
  }
  if (!ended) return errors::NotEmployed();
  for (Mandate& mandate : *professional->mutable_mandates()) {
    if (mandate.organisation() == organisation && EndTerm(end_date, &mandate)) {
      mandate.set_version(mandate.version() + 1);
    }
  }
  return absl::OkStatus();
}

absl::Status AddMandate(const Mandate& mandate, absl::string_view today,
                        v1::Professional* professional) {
  const std::string first = std::max(mandate.start_date(), std::string(today));
  if (!HasFunction(*professional, mandate.organisation(), first)) return errors::NotEmployed();
  for (const Mandate& other : professional->mandates()) {
    if (SameMandate(mandate, other) && OverlapsFrom(other.end_date(), today)) {
      return errors::MandateExists();
    }
  }
  if (professional->mandates_size() >= kMaxMandatesPerProfessional) {
    return errors::TooManyMandates();
  }
  Mandate* added = professional->add_mandates();
  *added = mandate;
  added->set_version(1);
  return absl::OkStatus();
}

absl::Status EndMandate(const Actor& actor, absl::string_view name, absl::string_view today,
                        v1::Professional* professional) {
  for (Mandate& mandate : *professional->mutable_mandates()) {
    if (mandate.name() != name) continue;
    if (mandate.organisation() != actor.organisation) return errors::OtherOrganisationsMeans();
    if (!EndTerm(today, &mandate)) return errors::MandateEnded();
    mandate.set_version(mandate.version() + 1);
    return absl::OkStatus();
  }
  return errors::MandateNotFound();
}

const Mandate* FindMandate(const v1::Professional& holder, absl::string_view name) {
  for (const Mandate& mandate : holder.mandates()) {
    if (mandate.name() == name) return &mandate;
  }
  return nullptr;
}

absl::Status CheckDelegation(const Actor& actor, const v1::Professional& holder,
                             absl::string_view source, const Mandate& mandate,
                             absl::string_view today, const v1::Professional& to) {
  const Mandate* from = FindMandate(holder, source);
  if (from == nullptr) return errors::MandateNotFound();
  if (actor.professional != holder.name() || actor.organisation != from->organisation()) {
    return errors::NotYourMandate();
  }
  if (!from->delegated_from().empty()) return errors::DelegatedBefore();
  if (!from->delegable()) return errors::NotDelegable();
  if (from->start_date() > today || !OverlapsFrom(from->end_date(), today)) {
    return errors::MandateNotInForce();
  }
  if (mandate.organisation() != from->organisation()) {
    return errors::BeyondItsSource("mandate.organisation");
  }
  KP_RETURN_IF_ERROR(CheckWithin(*from, mandate));
  if (!HasFunction(to, from->organisation(), today)) return errors::ColleagueNotEmployed();
  for (const Mandate& other : to.mandates()) {
    if (other.delegated_from() == source && !NeverHeld(other) &&
        OverlapsFrom(other.end_date(), mandate.start_date()) &&
        OverlapsFrom(mandate.end_date(), other.start_date())) {
      return errors::AlreadyDelegated();
    }
  }
  return absl::OkStatus();
}

bool EndDelegated(const Mandate& source, v1::Professional* holder) {
  bool changed = false;
  if (source.end_date().empty()) return changed;
  for (Mandate& mandate : *holder->mutable_mandates()) {
    if (mandate.delegated_from() != source.name()) continue;
    if (!EndTerm(source.end_date(), &mandate)) continue;
    mandate.set_version(mandate.version() + 1);
    changed = true;
  }
  return changed;
}

}  // namespace knooppunt::directory
