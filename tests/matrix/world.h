// A region in which everybody of the matrix has a place: made-up facts, told to a real access by
// its own API, and every method of every service asked about. Not thread-safe but for Decide.
#ifndef KNOOPPUNT_TESTS_MATRIX_WORLD_H_
#define KNOOPPUNT_TESTS_MATRIX_WORLD_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "knooppunt/policy/v1/rule.pb.h"
#include "tests/integration/region.h"
#include "tests/matrix/expectations.h"
#include "tests/matrix/facts.h"

namespace knooppunt::matrix {

// A method as the matrix knows it. What lists has two: the call, and one family in it (P4).
struct Method {
  std::string key;   // "casework/ListCases:gezin"
  std::string unit;  // that serves it
  std::string full;  // "/knooppunt.casework.v1.CaseworkService/ListCases"
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  policy::v1::MethodRule rule;
  bool in_list = false;
  // Whether staff (or family) ask it about one family.
  bool AboutFamily(bool staff) const;
};

// Every method of every service of this program that has a rule, in order of key.
std::vector<Method> AllMethods();
std::vector<std::string> KeysOf(const std::vector<Method>& methods);
// The file beside this one.
std::string ReadExpectations();

class World {
 public:
  World();

  integration::Region& region() { return region_; }
  const std::string& Token(const Cell& cell);
  // Name of what the call is about; empty for a call about nobody.
  std::string Resource(const Method& method, const Cell& cell) const;
  // What access decides, asked by the unit that serves the method.
  access::v1::Decision Decide(const Method& method, const Cell& cell);
  // The call itself, by the person, with a name and a request_id and nothing else.
  absl::Status Call(const Method& method, const Cell& cell);
  // Families that access puts in the answer to a list.
  int FamiliesInList(const Method& method, const Cell& cell);

 private:
  void Tell();

  integration::Region region_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace knooppunt::matrix

#endif  // KNOOPPUNT_TESTS_MATRIX_WORLD_H_
