#include "services/dossier/request.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/dossier/errors.h"
#include "services/dossier/rules.h"

namespace knooppunt::dossier {

absl::StatusOr<base::ResourceName> ParseName(const policy::AuthorizedCall& call,
                                             absl::string_view field, absl::string_view name,
                                             absl::string_view pattern) {
  auto parsed = base::ResourceName::Parse(name, pattern);
  if (!parsed.ok()) return errors::InvalidField(field, absl::StrCat("look like ", pattern));
  if (parsed->parts().front().first == "families" && parsed->Id("families") != call.family()) {
    return errors::NotFound();
  }
  return parsed;
}

absl::Status CheckDirectoryName(absl::string_view field, absl::string_view name,
                                absl::string_view collection) {
  const std::string pattern = absl::StrCat(collection, "/*");
  if (base::ResourceName::Parse(name, pattern).ok()) return absl::OkStatus();
  return errors::InvalidField(field, absl::StrCat("look like ", pattern));
}

absl::StatusOr<base::Date> ParseDay(absl::string_view field, absl::string_view iso) {
  auto day = base::ParseDate(iso);
  if (!day.ok()) return errors::InvalidField(field, "be a day, YYYY-MM-DD");
  return day;
}

const access::v1::Seat* CallerSeat(const policy::AuthorizedCall& call,
                                   const access::v1::CaseFact& c) {
  const access::v1::Seat* seat = FindSeat(c, call.seat());
  if (seat == nullptr || !SeatJoined(*seat, call.now())) return nullptr;
  // The decision and the facts are two sources; both must say that this seat is the caller's.
  const bool own = call.is_staff() ? seat->professional() == call.claims().subject()
                                   : !call.person().empty() && seat->person() == call.person();
  return own ? seat : nullptr;
}

google::protobuf::Timestamp ToTimestamp(int64_t unix_seconds) {
  google::protobuf::Timestamp t;
  t.set_seconds(unix_seconds);
  return t;
}

google::protobuf::Timestamp ToTimestamp(absl::Time t) {
  return ToTimestamp(absl::ToUnixSeconds(t));
}

}  // namespace knooppunt::dossier
