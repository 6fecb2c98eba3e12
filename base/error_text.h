// What a reason of an error (base/error.h) says in Dutch, from errors_nl.txt, for clients that
// speak with people. Thread-safe (no state that changes).
#ifndef KNOOPPUNT_BASE_ERROR_TEXT_H_
#define KNOOPPUNT_BASE_ERROR_TEXT_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace knooppunt::base {

struct ErrorText {
  std::string sentence;
  // The error's own message says which field or number it is: to be shown behind the sentence.
  bool has_detail = false;
};

// nullptr for a reason that is not there: the error's own message is all there is.
const ErrorText* DutchErrorText(absl::string_view reason);

// Lines "REASON: sentence" and "REASON+: sentence", comments and lines without a sentence left out.
absl::flat_hash_map<std::string, ErrorText> ParseErrorTexts(absl::string_view text);

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_ERROR_TEXT_H_
