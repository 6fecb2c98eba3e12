// What is expected of every method for everybody: expectations.txt, read. The file says how far it
// is a second opinion beside the policy; README.md says how to read and change it. Pure;
// thread-safe (immutable once made).
#ifndef KNOOPPUNT_TESTS_MATRIX_EXPECTATIONS_H_
#define KNOOPPUNT_TESTS_MATRIX_EXPECTATIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::matrix {

// A set of words of one column, as bits by position in its list.
using Bits = uint32_t;

// The words of a column; a cell holds positions in them.
struct Words {
  std::vector<std::string> words;
  // -1 when the column has no such word.
  int Find(absl::string_view word) const;
};
const Words& Whos();      // functions, roles in the family, "dienst" and "niemand"
const Words& Places();    // at the table; for "dienst" the names of units
const Words& Purposes();  // position is the number of common.v1.Purpose
const Words& Consents();  // in which state the consent of the family is
const Words& Logins();    // "1f", "2f", "laag", "substantieel"

bool IsStaff(int who);  // position in Whos
bool IsFamily(int who);

struct Cell {
  std::string method;  // "casework/GetCase"
  int who = 0, place = 0, purpose = 0, consent = 0, login = 0;
  std::string ToString() const;
};

class Expectations {
 public:
  struct Line {
    int number = 0;  // in the file, from 1
    std::vector<std::string> methods;
    Bits whos = 0, places = 0, purposes = 0, consents = 0, logins = 0;
    bool yes = false;
    std::string reason;  // of a "nee"
  };
  struct Answer {
    bool yes = false;
    std::string reason;  // the word of the refusal
    int line = -1;       // position in lines(); -1: no line fits
  };

  // `methods` are all there are. INVALID_ARGUMENT names the line that has an unknown word, a
  // method that is not there, or a method that no line allows anybody.
  static absl::StatusOr<Expectations> Parse(absl::string_view text,
                                            const std::vector<std::string>& methods);
  Answer Of(const Cell& cell) const;
  // Purposes that a line names for staff (or family) with this method, one that says no to all of
  // them left out.
  Bits PurposesOf(const std::string& method, bool staff) const;
  // Units that may call, as words; empty unless the method is for units.
  std::vector<std::string> ServicesOf(const std::string& method) const;
  bool IsForNobody(const std::string& method) const;
  const std::vector<Line>& lines() const { return lines_; }
  // A copy in which one line says the opposite.
  Expectations Flipped(int line) const;

 private:
  std::string OtherwiseNo(const std::vector<int>& lines, const Cell& cell) const;

  std::vector<Line> lines_;
  std::map<std::string, std::vector<int>, std::less<>> by_method_;
};

}  // namespace knooppunt::matrix

#endif  // KNOOPPUNT_TESTS_MATRIX_EXPECTATIONS_H_
