#include "clients/cli/directory_import.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/resource_name.h"
#include "clients/cli/failure.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace knooppunt::cli {
namespace {

using directory::v1::ImportDirectoryRequest;
using google::protobuf::Struct;
using google::protobuf::Value;

constexpr size_t kMaxFaults = 20;

// On which line each object of each list begins: lines["organisations"][3]. `json` is known to be
// JSON, an object of lists of objects as far as this looks.
std::map<std::string, std::vector<int>> LinesOfRows(absl::string_view json) {
  std::map<std::string, std::vector<int>> lines;
  std::string member, text;
  int line = 1, depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '\n') ++line;
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      if (in_string) text.push_back(c);
    } else if (c == '"') {
      in_string = true;
      text.clear();
    } else if (c == ':' && depth == 1) {
      member = text;
    } else if (c == '{' || c == '[') {
      if (++depth == 3 && c == '{') lines[member].push_back(line);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return lines;
}

// One row of a list, and the faults found in it.
class Row {
 public:
  Row(const Value& value, int line, std::vector<std::string>* faults)
      : fields_(value.struct_value().fields()), line_(line), faults_(faults) {
    if (value.kind_case() != Value::kStructValue) Fault("is not an object");
  }

  void Fault(absl::string_view what) {
    faults_->push_back(absl::StrCat("line ", line_, ": ", what));
  }
  std::string Text(const std::string& field) {
    const auto found = fields_.find(field);
    if (found == fields_.end() || found->second.string_value().empty()) {
      Fault(absl::StrCat("'", field, "' is missing or no text"));
      return "";
    }
    return found->second.string_value();
  }
  // Of what not every row has: an organisation may work for a whole region.
  std::string OptionalText(const std::string& field) {
    return fields_.find(field) == fields_.end() ? "" : Text(field);
  }
  // "{collection}/{id}", or "" when there is no id.
  std::string Name(const std::string& field, absl::string_view collection) {
    const std::string id = Text(field);
    if (!id.empty() && !base::IsResourceId(id)) {
      Fault(absl::StrCat("'", field, "' is not an id: lower-case letters, digits and '-'"));
    }
    return id.empty() ? "" : absl::StrCat(collection, "/", id);
  }
  // A word in the proto's own spelling, without the enum's name: "SAMENWERKINGSVERBAND_PO".
  template <typename E>
  E Enum(const std::string& field) {
    const std::string text = Text(field);
    const auto value = ParseWord<E>(absl::StrReplaceAll(absl::AsciiStrToLower(text), {{"_", "-"}}));
    if (value.ok()) return *value;
    if (!text.empty()) {
      const auto words = WordsOf(google::protobuf::GetEnumDescriptor<E>());
      Fault(absl::StrCat(
          "unknown ", field, " '", Printable(text), "'; good are ",
          absl::AsciiStrToUpper(absl::StrReplaceAll(absl::StrJoin(words, ", "), {{"-", "_"}}))));
    }
    return static_cast<E>(0);
  }

 private:
  const google::protobuf::Map<std::string, Value>& fields_;
  const int line_;
  std::vector<std::string>* const faults_;
};

void Read(Row& row, directory::v1::Organisation* out) {
  out->set_name(row.Name("id", "organisations"));
  out->set_display_name(row.Text("name"));
  out->set_kind(row.Enum<common::v1::OrganisationKind>("kind"));
  out->set_subregion(row.OptionalText("subregion"));
}

void Read(Row& row, directory::v1::Werkplaats* out) {
  out->set_name(row.Name("id", "werkplaatsen"));
  out->set_display_name(row.Text("name"));
  out->set_place(row.Text("place"));
  out->set_organisation(row.Name("organisation", "organisations"));
  out->set_stage(row.Enum<common::v1::Stage>("stage"));
  out->set_municipality(row.Name("municipality", "organisations"));
}

template <typename M>
void ReadList(const Struct& document, const std::string& member, const std::vector<int>& lines,
              google::protobuf::RepeatedPtrField<M>* out, std::vector<std::string>* faults) {
  const auto found = document.fields().find(member);
  if (found == document.fields().end() || !found->second.has_list_value()) {
    faults->push_back(absl::StrCat("line 1: there is no list '", member, "'"));
    return;
  }
  std::set<std::string> seen;
  size_t i = 0;
  for (const Value& value : found->second.list_value().values()) {
    Row row(value, i < lines.size() ? lines[i] : 1, faults);
    ++i;
    if (!value.has_struct_value()) continue;
    Read(row, out->Add());
    const std::string& name = out->rbegin()->name();
    if (!name.empty() && !seen.insert(name).second)
      row.Fault(absl::StrCat(name, " stands in the list twice"));
  }
}

// Organisations that a werkplaats names but the file does not hold may be on the server already,
// so only the server can judge those.

}  // namespace

absl::StatusOr<ImportDirectoryRequest> ParseDirectory(absl::string_view json) {
  Struct document;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), &document);
  if (!parsed.ok()) {
    return InputError(absl::StrCat("this is not a JSON object: ",
                                   std::string(parsed.message().data(), parsed.message().size())));
  }
  std::map<std::string, std::vector<int>> lines = LinesOfRows(json);
  ImportDirectoryRequest request;
  std::vector<std::string> faults;
  ReadList(document, "organisations", lines["organisations"], request.mutable_organisations(),
           &faults);
  ReadList(document, "werkplaatsen", lines["werkplaatsen"], request.mutable_werkplaatsen(),
           &faults);
  if (faults.empty()) return request;
  const size_t shown = std::min(faults.size(), kMaxFaults);
  std::string message =
      absl::StrCat("the file has ", faults.size(), " fault", faults.size() == 1 ? "" : "s");
  for (size_t i = 0; i < shown; ++i) absl::StrAppend(&message, "\n  ", faults[i]);
  if (shown < faults.size()) absl::StrAppend(&message, "\n  and more");
  return InputError(message);
}

}  // namespace knooppunt::cli
