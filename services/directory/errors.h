// Every error of the directory. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_ERRORS_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::directory::errors {

// INVALID_ARGUMENT. `field` and `want` are words of ours, never input:
// InvalidField("professional.login", "is issuer|subject").
absl::Status InvalidField(absl::string_view field, absl::string_view want);
absl::Status BadPageToken();
absl::Status TooManyRows();
absl::Status DuplicateRow();

// NOT_FOUND.
absl::Status OrganisationNotFound();
absl::Status ProfessionalNotFound();
absl::Status MandateNotFound();
absl::Status WerkplaatsNotFound();
absl::Status NoFrameworkYet();  // R36: none was in force on that day

// ALREADY_EXISTS.
absl::Status ProfessionalExists();
absl::Status LoginTaken();
absl::Status FunctionAlreadyAssigned();
absl::Status MandateExists();     // R6: the same was issued already, and has not ended
absl::Status AlreadyDelegated();  // R6: to this colleague

// PERMISSION_DENIED.
absl::Status OtherOrganisation();  // not the caller's organisation to administer
absl::Status OnlyRegionAdministrator();
absl::Status OtherOrganisationsMeans();  // R6
absl::Status OwnPower();                 // R21: nobody gives themselves a function or mandate
absl::Status NotYourMandate();           // R6: only its holder delegates a mandate

// FAILED_PRECONDITION.
absl::Status WerkplaatsHasClosed();        // R27: what has come is not undone
absl::Status WerkplaatsStaysOpen();        // R27: nothing to undo
absl::Status AdministratorReadsNothing();  // R21
absl::Status NotEmployed();
absl::Status MandateEnded();
absl::Status MandateNotInForce();                       // R6
absl::Status NotDelegable();                            // R6
absl::Status DelegatedBefore();                         // R6: at most one deep
absl::Status BeyondItsSource(absl::string_view field);  // R6; `field` is a word of ours
absl::Status ColleagueNotEmployed();                    // R6
absl::Status UnknownReference();  // a werkplaats names an organisation that is not there
absl::Status NotAMunicipality();
absl::Status BootstrapLoginTaken();
absl::Status UnknownPartner();        // R37: the directory knows no such organisation
absl::Status ContactNotInFunction();  // R37
absl::Status StandInNotEmployed();    // R37
absl::Status FundingMissing();        // R36
absl::Status FundingDoesNotFit(absl::string_view why);  // R36; `why` is the framework's

// ABORTED: the etag is not that of the present profile (AIP-154).
absl::Status ProfileChangedMeanwhile();

// RESOURCE_EXHAUSTED.
absl::Status TooManyFunctions();
absl::Status TooManyMandates();
absl::Status TooManyDelegations();
absl::Status TooManyContacts();

// DATA_LOSS: a row of ours that cannot be read.
absl::Status CorruptRow();

}  // namespace knooppunt::directory::errors

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_ERRORS_H_
