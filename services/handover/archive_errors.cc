#include "services/handover/archive_errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "services/dossier/refusal.h"

namespace knooppunt::handover::errors {

using absl::StatusCode;
using base::MakeError;
using dossier::Invalid;
using dossier::Refused;

absl::Status NoOtherInstallations() {
  return Refused("NO_OTHER_INSTALLATIONS", "R26",
                 "This installation hands nothing over to others: its administrator sets "
                 "archive_certificate_file and peer_installations.");
}
absl::Status NotToAnotherInstallation() {
  return Refused("NOT_TO_ANOTHER_INSTALLATION", "R26",
                 "This handover goes to a werkplaats of this installation: it needs no archive.");
}
absl::Status NotFromAnotherInstallation() {
  return Refused("NOT_FROM_ANOTHER_INSTALLATION", "R26",
                 "This handover did not come from another installation: receive and accept it as "
                 "any other.");
}
absl::Status ReceiverLogsInElsewhere() {
  return Invalid("RECEIVER_LOGS_IN_ELSEWHERE", "R26",
                 "This werkplaats is run by another installation: leave the receiver empty. The "
                 "case goes as an archive, and the receipt that comes back says who received it.");
}
absl::Status ElsewhereMovesWhole() {
  return Invalid("ELSEWHERE_MOVES_WHOLE", "R26",
                 "To another installation a case goes as a whole, and not from 18- to 18+: choose "
                 "the mode that moves the case, and another kind.");
}
absl::Status ElsewhereIsEducation() {
  return Refused("R11_ELSEWHERE_IS_EDUCATION", "R11",
                 "The receiving organisation keeps what it gets on its own ground, which covers "
                 "education and nothing else. Leave the parts of other compartments out: those "
                 "partners hand their record over by their own way.");
}
absl::Status ElsewhereNeedsPersons() {
  return Refused("R11_ELSEWHERE_NEEDS_PERSONS", "R11",
                 "Whom the parts are about, the children of the case and everybody who holds gezag "
                 "over them must be among the parts, covered by consent. Else the receiving side "
                 "would not know who must be asked.");
}
absl::Status InstallationGone() {
  return Refused("INSTALLATION_GONE", "R26",
                 "That installation is no longer in the configuration. Withdraw the handover, or "
                 "have the administrator set it again.");
}
absl::Status ArchiveTooLarge() {
  return Invalid(
      "ARCHIVE_TOO_LARGE", "R28",
      "An archive or receipt is between 1 byte and 960 KiB, and a piece of a document at "
      "most 1056 KiB. Who makes an archive that is larger picks fewer parts.");
}
absl::Status ArchiveDamaged() {
  return Invalid("ARCHIVE_DAMAGED", "R28",
                 "This file is damaged, or is no archive or receipt of a handover, or no piece of "
                 "one. Have it sent again.");
}
absl::Status ArchiveForAnotherInstallation() {
  return Refused("ARCHIVE_FOR_ANOTHER_INSTALLATION", "R28",
                 "This file is sealed to another installation and cannot be opened here.");
}
absl::Status ArchiveFromStranger() {
  return Refused("ARCHIVE_FROM_STRANGER", "R28",
                 "This file is signed by nobody who is in the configuration. Ask the sender, over "
                 "another way, whether it is theirs.");
}
absl::Status ArchiveVersion() {
  return Invalid("ARCHIVE_VERSION", "R28",
                 "This file has a form that this program does not know. Update it, or have it made "
                 "in form 1.");
}
absl::Status ArchiveSays(absl::string_view field, absl::string_view problem) {
  return Invalid("ARCHIVE_INVALID", "R28",
                 absl::StrCat("The archive is whole and its signature is good, but what it says "
                              "cannot be taken in: ",
                              field, " must ", problem, ". Ask the sender to make it again."));
}
absl::Status ArchiveForAnotherOrganisation() {
  return Refused("ARCHIVE_FOR_ANOTHER_ORGANISATION", "R12",
                 "The family consented to another organisation. Give the file to who works there.");
}
absl::Status ArchiveTakenIn() {
  return MakeError(StatusCode::kAlreadyExists, "ARCHIVE_TAKEN_IN", "R1",
                   "This archive, or this case from that installation, was taken in already.");
}
absl::Status UnknownInstitution() {
  return Invalid("UNKNOWN_INSTITUTION", "R11",
                 "An institution holds gezag: name, for each in the archive and for no other, the "
                 "organisation of the directory here that it is.");
}
absl::Status ReceiptIsOfAnother() {
  return Refused("RECEIPT_IS_OF_ANOTHER", "R28",
                 "This receipt is of another handover, or not of exactly what was handed over.");
}
absl::Status ReceiptTooLate() {
  return Refused("RECEIPT_TOO_LATE", "R26",
                 "The other side did this after the date of the handover, on which the family "
                 "relies. Talk with the other side, withdraw this handover and draft a new one.");
}
absl::Status PieceOfAnother() {
  return Refused("PIECE_OF_ANOTHER", "R28",
                 "This piece is of another document, or of another archive than the one that was "
                 "taken in. Nothing of it is kept. Take the pieces of this document from the file "
                 "in which the case came.");
}
absl::Status PieceOutOfPlace() {
  return Invalid("PIECE_OUT_OF_PLACE", "R28",
                 "The pieces of a document come in their order, from the first to the last, each "
                 "once and in a message with nothing else; this is not the next one. Nothing of it "
                 "is kept. Send the document again, from its first piece.");
}
absl::Status ConversationLacksSomebody() {
  return Refused("R27_CONVERSATION_LACKS_SOMEBODY", "R27",
                 "Both sides took part by name, and the family and whom the kind of handover asks "
                 "for did too, or the reason why not is recorded.");
}

}  // namespace knooppunt::handover::errors
