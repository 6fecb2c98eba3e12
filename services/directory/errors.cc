#include "services/directory/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace knooppunt::directory::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status InvalidField(absl::string_view field, absl::string_view want) {
  return MakeError(StatusCode::kInvalidArgument, "INVALID_FIELD", "",
                   absl::StrCat(field, " ", want));
}
absl::Status BadPageToken() {
  return MakeError(StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN", "",
                   "page_token must be the next_page_token of an earlier answer");
}
absl::Status TooManyRows() {
  return MakeError(StatusCode::kInvalidArgument, "TOO_MANY_ROWS", "",
                   "an import takes at most 5000 rows: split it");
}
absl::Status DuplicateRow() {
  return MakeError(StatusCode::kInvalidArgument, "DUPLICATE_ROW", "",
                   "an import names each organisation and werkplaats once");
}

absl::Status OrganisationNotFound() {
  return MakeError(StatusCode::kNotFound, "ORGANISATION_NOT_FOUND", "",
                   "there is no such organisation");
}
absl::Status ProfessionalNotFound() {
  return MakeError(StatusCode::kNotFound, "PROFESSIONAL_NOT_FOUND", "",
                   "there is no such professional");
}
absl::Status MandateNotFound() {
  return MakeError(StatusCode::kNotFound, "MANDATE_NOT_FOUND", "R6", "there is no such mandate");
}

absl::Status WerkplaatsNotFound() {
  return MakeError(StatusCode::kNotFound, "WERKPLAATS_NOT_FOUND", "",
                   "there is no such werkplaats");
}
absl::Status NoFrameworkYet() {
  return MakeError(StatusCode::kNotFound, "NO_FRAMEWORK_YET", "R36",
                   "no framework was in force on that day: ask for a later one");
}
absl::Status UnknownPartner() {
  return MakeError(StatusCode::kFailedPrecondition, "UNKNOWN_PARTNER", "R37",
                   "a partner or arrangement names an organisation that the directory does not "
                   "know: import it first");
}
absl::Status ContactNotInFunction() {
  return MakeError(StatusCode::kFailedPrecondition, "CONTACT_NOT_IN_FUNCTION", "R37",
                   "the contact does not hold this function at that organisation today: name "
                   "somebody who does, or have the function assigned first");
}
absl::Status StandInNotEmployed() {
  return MakeError(StatusCode::kFailedPrecondition, "STAND_IN_NOT_EMPLOYED", "R37",
                   "the stand-in does not work for that organisation today: name somebody who "
                   "does");
}
absl::Status FundingMissing() {
  return MakeError(StatusCode::kFailedPrecondition, "FUNDING_MISSING", "R36",
                   "every arrangement names the row of the framework that it falls under, and the "
                   "law and budget that carry it");
}
absl::Status FundingDoesNotFit(absl::string_view why) {
  return MakeError(StatusCode::kFailedPrecondition, "FUNDING_DOES_NOT_FIT", "R36", why);
}
absl::Status ProfileChangedMeanwhile() {
  return MakeError(StatusCode::kAborted, "PROFILE_CHANGED", "",
                   "the profile changed since it was shown: read it again and repeat the change");
}
absl::Status TooManyContacts() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_CONTACTS", "",
                   "a werkplaats has at most 32 contacts");
}

absl::Status ProfessionalExists() {
  return MakeError(StatusCode::kAlreadyExists, "PROFESSIONAL_EXISTS", "",
                   "a professional with this id exists: choose another id");
}
absl::Status LoginTaken() {
  return MakeError(StatusCode::kAlreadyExists, "LOGIN_TAKEN", "",
                   "this login belongs to another professional: one person is one professional, "
                   "with a function for each place of work");
}
absl::Status FunctionAlreadyAssigned() {
  return MakeError(StatusCode::kAlreadyExists, "FUNCTION_ALREADY_ASSIGNED", "",
                   "the professional has this function there in this period already");
}

absl::Status MandateExists() {
  return MakeError(StatusCode::kAlreadyExists, "MANDATE_EXISTS", "R6",
                   "the professional holds this very mandate already: revoke it first, or issue "
                   "one that differs");
}
absl::Status AlreadyDelegated() {
  return MakeError(StatusCode::kAlreadyExists, "ALREADY_DELEGATED", "R6",
                   "this mandate was delegated to this colleague already, for a period that "
                   "overlaps: have that one revoked first");
}

absl::Status OtherOrganisation() {
  return MakeError(StatusCode::kPermissionDenied, "OTHER_ORGANISATION", "",
                   "an administrator administers the people of their own organisation");
}
absl::Status OnlyRegionAdministrator() {
  return MakeError(StatusCode::kPermissionDenied, "ONLY_REGION_ADMINISTRATOR", "",
                   "organisations and werkplaatsen are imported by the region's administrator");
}
absl::Status OtherOrganisationsMeans() {
  return MakeError(StatusCode::kPermissionDenied, "OTHER_ORGANISATIONS_MEANS", "R6",
                   "a mandate commits the means of the organisation for which you act, no other's");
}
absl::Status OwnPower() {
  return MakeError(StatusCode::kPermissionDenied, "OWN_POWER", "R21",
                   "nobody gives themselves a function or a mandate: ask a colleague");
}

absl::Status NotYourMandate() {
  return MakeError(StatusCode::kPermissionDenied, "NOT_YOUR_MANDATE", "R6",
                   "a mandate is delegated by the one who holds it, acting for the organisation "
                   "that gave it");
}

absl::Status WerkplaatsHasClosed() {
  return MakeError(
      StatusCode::kFailedPrecondition, "WERKPLAATS_HAS_CLOSED", "R27",
      "this werkplaats has closed: that is not changed afterwards. Its cases are handed "
      "over by who leads them; what opens anew is imported as another werkplaats");
}
absl::Status WerkplaatsStaysOpen() {
  return MakeError(StatusCode::kFailedPrecondition, "WERKPLAATS_STAYS_OPEN", "R27",
                   "nobody said that this werkplaats closes: there is nothing to undo");
}
absl::Status AdministratorReadsNothing() {
  return MakeError(StatusCode::kFailedPrecondition, "ADMINISTRATOR_READS_NOTHING", "R21",
                   "who administers reads no dossier, and the other way round: end one function "
                   "before the other begins");
}
absl::Status NotEmployed() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_EMPLOYED", "",
                   "the professional has no function at this organisation in that period");
}
absl::Status MandateEnded() {
  return MakeError(StatusCode::kFailedPrecondition, "MANDATE_ENDED", "R6",
                   "this mandate has ended already");
}
absl::Status MandateNotInForce() {
  return MakeError(StatusCode::kFailedPrecondition, "MANDATE_NOT_IN_FORCE", "R6",
                   "this mandate does not hold today, so nothing can be delegated from it");
}
absl::Status NotDelegable() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_DELEGABLE", "R6",
                   "this mandate may not be delegated: ask the mandate holder of the organisation "
                   "to issue one to your colleague");
}
absl::Status DelegatedBefore() {
  return MakeError(StatusCode::kFailedPrecondition, "DELEGATED_BEFORE", "R6",
                   "this mandate was delegated to you, and is not delegated further: ask the "
                   "mandate holder of the organisation");
}
absl::Status BeyondItsSource(absl::string_view field) {
  return MakeError(StatusCode::kFailedPrecondition, "BEYOND_ITS_SOURCE", "R6",
                   absl::StrCat(field,
                                " goes beyond the mandate that it is delegated from: nobody gives "
                                "more than they have"));
}
absl::Status ColleagueNotEmployed() {
  return MakeError(StatusCode::kFailedPrecondition, "COLLEAGUE_NOT_EMPLOYED", "R6",
                   "a mandate is delegated to a colleague who has a function at the same "
                   "organisation today, and when it begins");
}
absl::Status UnknownReference() {
  return MakeError(StatusCode::kFailedPrecondition, "UNKNOWN_REFERENCE", "",
                   "the organisation named is not in the directory: import it first");
}
absl::Status NotAMunicipality() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_A_MUNICIPALITY", "",
                   "werkplaats.municipality must name a municipality");
}
absl::Status BootstrapLoginTaken() {
  return MakeError(StatusCode::kFailedPrecondition, "BOOTSTRAP_LOGIN_TAKEN", "",
                   "the configured first administrator's login belongs to another professional: "
                   "correct access.bootstrap in the configuration");
}

absl::Status TooManyFunctions() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_FUNCTIONS", "",
                   "a professional has at most 64 functions, ended ones included");
}
absl::Status TooManyMandates() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_MANDATES", "R6",
                   "a professional has at most 256 mandates, ended ones included");
}

absl::Status TooManyDelegations() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_DELEGATIONS", "R6",
                   "a mandate is delegated to at most 32 colleagues");
}

absl::Status CorruptRow() {
  return MakeError(StatusCode::kDataLoss, "CORRUPT_ROW", "",
                   "a row of the directory cannot be read: restore the directory's database");
}

}  // namespace knooppunt::directory::errors
