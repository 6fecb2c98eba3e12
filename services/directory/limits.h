// The caps of the directory. Units stand last in the names.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_LIMITS_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace knooppunt::directory {

inline constexpr int kMaxImportRows = 5000;  // organisations and werkplaatsen together
inline constexpr int kMaxFunctionsPerProfessional = 64;
inline constexpr int kMaxMandatesPerProfessional = 256;
inline constexpr int kMaxDelegationsPerMandate = 32;
inline constexpr int kMaxOwnAccounts = 16;
inline constexpr int kMaxPartnersPerWerkplaats = 32;
inline constexpr int kMaxContactsPerWerkplaats = 32;
inline constexpr int kMaxFormerContacts = 100;  // then the oldest go
inline constexpr int kMaxArrangementsPerWerkplaats = 100;
inline constexpr int kMaxOfficeHours = 21;
inline constexpr int kMaxMeetingEveryWeeks = 26;
inline constexpr int kMaxCloseDaysBack = 31;     // a werkplaats that closed before anybody said so
inline constexpr int kMaxCloseDaysAhead = 1096;  // three years
inline constexpr int kDaysToMendAClosing =
    3;  // after it was recorded: a wrong year closes a school
inline constexpr size_t kMaxLoginBytes = 256;
inline constexpr int64_t kMaxMandateLimitCents = 100'000'000'00;  // a hundred million euros
inline constexpr int64_t kMaxMandateLimitMinutes = 600'000;       // ten thousand hours
inline constexpr int32_t kMaxMandateLimitDays = 3660;             // ten years

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_LIMITS_H_
