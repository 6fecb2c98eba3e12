// What the inbox tells: pure functions over the same as a worklist. A notice follows from what is
// recorded, so that none is lost and none outlives its cause; only what its reader did with it is
// kept (marks.h). No I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_NOTICES_H_
#define KNOOPPUNT_SERVICES_WORKLIST_NOTICES_H_

#include <string>
#include <vector>

#include "services/worklist/rules.h"

namespace knooppunt::worklist {

// Whose marks they are: the caller's seat, or person in the family. "" when neither is known.
std::string ReaderOf(const Sight& sight);

// Every notice for the caller about this family, new, by name. Words of ours only.
std::vector<v1::Notice> Notices(const Sight& sight, const v1::OpenItems& open);

// Puts the reader's marks on them.
void ApplyMarks(const v1::MarkedNotices& marks, std::vector<v1::Notice>* notices);

// Newest first; what has no date last.
bool NewerFirst(const v1::Notice& a, const v1::Notice& b);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_NOTICES_H_
