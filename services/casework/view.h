// A case as one caller may see it: structure from the facts, content from the items that the
// permit opened, and nothing that shows there is more (R18). Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_VIEW_H_
#define KNOOPPUNT_SERVICES_CASEWORK_VIEW_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "security/policy/authorized_call.h"
#include "services/dossier/family_store.h"

namespace knooppunt::casework {

// "families/{f}/cases/{c}".
std::string CaseName(absl::string_view family, absl::string_view case_id);

// Who sits at the table and who leads, as access knows them.
struct Table {
  // What the decision brought along (policy::TableFor), by name. Of who is not in it, the family's
  // own facts are believed.
  absl::flat_hash_map<std::string, access::v1::ProfessionalFacts> people;
  // Who led at the decision (policy::LeaderOf). Unset: the family's own facts are believed.
  access::v1::Leader leader;
};
Table TableOf(const policy::AuthorizedCall& call);

// Whether a seat still stands at `now`: open, its professional in function, and a deputy's only
// as long as the seat they deputise for (R1, R39).
bool SeatStands(const access::v1::CaseFact& c, const access::v1::Seat& seat, const Table& table,
                absl::Time now);

// Name, state, werkplaats, regisseur, when opened (AIP-157 BASIC). The regisseur is who acts:
// the stand-in when the seat, function, gezag or access of the one appointed has ended, and the
// organisation that answers for the case when the stand-in has left too (R1).
v1::Case BasicView(const access::v1::FamilyFacts& facts, const access::v1::CaseFact& c,
                   const Table& table, absl::Time now);

// BASIC, with phase and next review: for who reads or steers the case.
v1::Case SteeredView(const access::v1::FamilyFacts& facts, const access::v1::CaseFact& c,
                     const Table& table, absl::Time now);

// All of that, and all that `items` hold. DATA_LOSS for an item that does not parse.
absl::StatusOr<v1::Case> FullView(const access::v1::FamilyFacts& facts,
                                  const access::v1::CaseFact& c,
                                  const std::vector<dossier::Item>& items, const Table& table,
                                  absl::Time now);

v1::Participant ParticipantView(const access::v1::Seat& seat);
// The same as seen at `now`: a seat that no longer stands has ended, whatever its own state; with
// the mandates that hold today (R6).
v1::Participant ParticipantView(const access::v1::CaseFact& c, const access::v1::Seat& seat,
                                const Table& table, absl::Time now);

// Who wrote `c`, as a reader may know it (R18): somebody of the family by person id where
// `sees` says that the reader may see that person, and else by the family and their role in it.
void NameAuthor(const access::v1::FamilyFacts& facts,
                const std::function<bool(absl::string_view)>& sees, v1::Contribution* c);

// "<life>.<view>". The first part changes with the life of the case: state, werkplaats, who was
// appointed, phase and review, which everybody who reads the case sees. The second is the hex of
// the first 16 bytes of SHA-256 over the serialized view, whose etag is not set yet.
std::string EtagOf(const access::v1::CaseFact& c, const v1::Case& view);
// ABORTED when `stated` is the etag of an earlier life of the case; an empty one does not look.
// What was written in the case meanwhile, perhaps unseen by the caller, is no reason to refuse
// (R18).
absl::Status CheckLife(absl::string_view stated, const access::v1::CaseFact& c);

// An item's message, its label put in from the scope that opened it.
absl::StatusOr<v1::Step> ParseStep(const dossier::Item& item);
absl::StatusOr<v1::Meeting> ParseMeeting(const dossier::Item& item);
absl::StatusOr<v1::Contribution> ParseContribution(const dossier::Item& item);
absl::StatusOr<v1::OutOfSchool> ParseOutOfSchool(const dossier::Item& item);
absl::StatusOr<v1::Escalation> ParseEscalation(const dossier::Item& item);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_VIEW_H_
