// Invitations, agendas and sittings as people read them, in Dutch. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_MEETINGS_TEXT_H_
#define KNOOPPUNT_CLIENTS_CLI_MEETINGS_TEXT_H_

#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/session.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"

namespace knooppunt::cli {

// `stated`, or when that is empty the etag of the meeting's agenda as it is now.
absl::StatusOr<std::string> AgendaEtag(Session& session, const std::string& meeting,
                                       const std::string& stated);

void PrintInvitation(const meetings::v1::Invitation& invitation, std::ostream& out);
void PrintInvitations(const meetings::v1::ListInvitationsResponse& list, std::ostream& out);
void PrintOwnInvitations(const meetings::v1::ListOwnInvitationsResponse& list, std::ostream& out);
void PrintChecks(const meetings::v1::CheckInvitationsResponse& list, std::ostream& out);
void PrintWhoMustSign(const access::v1::WhoMustAgreeResponse& answer, std::ostream& out);
void PrintAgenda(const meetings::v1::Agenda& agenda, std::ostream& out);
void PrintAgendaItem(const meetings::v1::AgendaItem& item, std::ostream& out);
void PrintSitting(const meetings::v1::Sitting& sitting, std::ostream& out);
void PrintSittings(const meetings::v1::ListSittingsResponse& list, std::ostream& out);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_MEETINGS_TEXT_H_
