// What may stand in an e-mail: numbers under fixed headings, and nothing about anybody. An e-mail
// travels and stays where the house has no say. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_DIGEST_H_
#define KNOOPPUNT_SERVICES_WORKLIST_DIGEST_H_

#include <vector>

#include "knooppunt/worklist/v1/worklist.pb.h"

namespace knooppunt::worklist {

// Days ahead in which a meeting counts.
inline constexpr int kDigestMeetingDays = 14;

// `entries`: the caller's own worklist; `fresh`: how many notices are new. Takes kinds, dates and
// numbers, and no text: what is not taken cannot leak.
struct DigestInput {
  std::vector<v1::Entry> entries;
  int fresh = 0;
  std::string meetings_before;  // ISO: meetings before this day count
};
v1::Digest MakeDigest(const DigestInput& input);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_DIGEST_H_
