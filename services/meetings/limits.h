// Caps of meetings. Units stand last in the names.
#ifndef KNOOPPUNT_SERVICES_MEETINGS_LIMITS_H_
#define KNOOPPUNT_SERVICES_MEETINGS_LIMITS_H_

#include <cstddef>

namespace knooppunt::meetings::limits {

inline constexpr int kMaxMeetingsKept = 200;  // of a family
inline constexpr int kMaxInvitations = 128;   // to a meeting, those taken back included
inline constexpr int kMaxAgendaItems = 64;    // of a meeting, dropped ones included
inline constexpr int kMaxPlannedMinutes = 240;
inline constexpr int kMaxStatements = 100;               // about the minutes of an item
inline constexpr int kMaxSittingsPerWerkplaats = 1000;   // from any one day on
inline constexpr size_t kMaxAgendaTextBytes = 4 << 10;   // why an item is on the agenda
inline constexpr size_t kMaxMinutesTextBytes = 8 << 10;  // what was said; what was concluded
inline constexpr size_t kMaxPlaceBytes = 100;

}  // namespace knooppunt::meetings::limits

#endif  // KNOOPPUNT_SERVICES_MEETINGS_LIMITS_H_
