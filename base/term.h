// Terms as the law counts them: in months, to the next working day. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_BASE_TERM_H_
#define KNOOPPUNT_BASE_TERM_H_

#include "base/date.h"

namespace knooppunt::base {

// A Saturday, a Sunday, or a day of art. 3 Algemene termijnenwet: New Year's Day, Good Friday,
// Easter Monday, King's Day, 5 May, Ascension Day, Whit Monday, Christmas and Boxing Day.
bool IsWorkingDay(Date day);
// Last day of a term of so many months from the day `received`: the same day of the
// month, or its last when it has no such day; when that is no working day, the next one that is
// (art. 3 Regulation 1182/71; EDPB Guidelines 01/2022, 157-160).
Date LastDayOfTerm(Date received, int months);

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_TERM_H_
