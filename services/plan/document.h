// The plan as a document for people: what stands in it, in plain Dutch (B1), apart from its form
// (html.h, pdf.h). Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_DOCUMENT_H_
#define KNOOPPUNT_SERVICES_PLAN_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/plan/v1/plan.pb.h"

namespace knooppunt::plan {

// "Te bereiken vóór": "1 maart 2027". A line without a label stands on its own.
struct Line {
  std::string label;
  std::string text;
};

struct Block {
  enum class Kind {
    kText,   // a paragraph
    kQuote,  // somebody's own words
    kEntry,  // an item with what belongs to it
  };
  Kind kind = Kind::kText;
  std::string title;  // empty for a paragraph
  std::string text;
  std::vector<Line> lines;
};

struct Section {
  int level = 2;  // of its heading: 2 or 3
  std::string heading;
  std::vector<Block> blocks;
};

struct Document {
  std::string title;
  std::string made;      // when and for whom, a sentence
  std::string made_for;  // for whom, in short: on each page
  std::string made_on;   // "23 november 2026"
  absl::Time time;
  std::string notice;  // what the reader may do with it
  std::vector<Section> sections;
};

// What names stand for, for as far as the reader may see it.
struct NamesSeen {
  absl::flat_hash_map<std::string, std::string> people;  // "families/{f}/persons/{p}"
  absl::flat_hash_map<std::string, std::string> staff;   // "professionals/{id}"
  absl::flat_hash_map<std::string, std::string> seats;   // seat id
  std::vector<std::string> children;                     // names of the children of the case
};

struct MadeFor {
  std::string reader;  // name, function, organisation; or name and role in the family
  absl::Time time;
};

Document MakeDocument(const v1::Plan& plan, const NamesSeen& names, const MadeFor& made_for);

// "23 november 2026", of an instant in Amsterdam, or of an ISO date; the text itself when it is
// none.
std::string DayInDutch(absl::Time time);
std::string DayInDutch(absl::string_view iso);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_DOCUMENT_H_
