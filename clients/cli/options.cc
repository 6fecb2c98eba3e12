#include "clients/cli/options.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/output.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"

namespace knooppunt::cli {
namespace {

// CLI11 takes the text of what is wrong, or nothing.
std::string NameFault(const std::string& name, const std::string& pattern) {
  if (base::ResourceName::Parse(name, pattern).ok()) return "";
  return absl::StrCat("'", Printable(name), "' is not a name like ", pattern);
}

std::string IdFault(const std::string& id) {
  if (base::IsResourceId(id)) return "";
  return absl::StrCat("'", Printable(id), "' is not an id: lower-case letters, digits and '-'");
}

// "families/f/persons/p-1" and "p-1" are both p-1.
absl::StatusOr<std::string> PersonId(const std::string& text) {
  if (base::IsResourceId(text)) return text;
  const auto name = base::ResourceName::Parse(text, "families/*/persons/*");
  if (!name.ok()) return UsageError(absl::StrCat("'", Printable(text), "' is not a person's id"));
  return std::string(name->Id("persons"));
}

common::v1::Regime UsualRegime(common::v1::Compartment compartment) {
  switch (compartment) {
    case common::v1::COMPARTMENT_EDUCATION:
      return common::v1::REGIME_EDUCATION;
    case common::v1::COMPARTMENT_HEALTH:
      return common::v1::REGIME_HEALTH;
    case common::v1::COMPARTMENT_FAMILY:
      return common::v1::REGIME_MUNICIPAL;
    case common::v1::COMPARTMENT_CARE:
    case common::v1::COMPARTMENT_SAFETY:
      return common::v1::REGIME_YOUTH_CARE;
    default:
      return common::v1::REGIME_UNSPECIFIED;
  }
}

class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

CLI::Option* AddName(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& pattern, const std::string& help) {
  return app->add_option(flag, *target, help)
      ->check([pattern](const std::string& name) { return NameFault(name, pattern); })
      ->type_name(pattern);
}

CLI::Option* AddNames(CLI::App* app, const std::string& flag, std::vector<std::string>* target,
                      const std::string& pattern, const std::string& help) {
  return app->add_option(flag, *target, help)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check([pattern](const std::string& name) { return NameFault(name, pattern); })
      ->type_name(pattern);
}

CLI::Option* AddSeat(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& help) {
  return app->add_option(flag, *target, help)->check(IdFault)->type_name("SEAT");
}

std::optional<std::string> DayAsIso(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  std::string iso(text);
  if (parts.size() == 3 && parts[2].size() == 4 && parts[0].size() <= 2 && parts[1].size() <= 2) {
    const auto padded = [](const std::string& s) { return s.size() == 1 ? "0" + s : s; };
    iso = absl::StrCat(parts[2], "-", padded(parts[1]), "-", padded(parts[0]));
  }
  if (!base::ParseDate(iso).ok()) return std::nullopt;
  return iso;
}

CLI::Option* AddDate(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& help) {
  return app->add_option(flag, *target, help)
      ->transform(CLI::Validator(
          [](std::string& date) -> std::string {
            const std::optional<std::string> iso = DayAsIso(date);
            if (!iso.has_value()) {
              return absl::StrCat("'", Printable(date), "' is not a day: write 22-11-2026");
            }
            date = *iso;
            return "";
          },
          ""))
      ->type_name("DATE");
}

CLI::Option* AddText(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& help) {
  return app->add_option(flag, *target, help)->type_name("TEXT");
}

CLI::Option* AddTexts(CLI::App* app, const std::string& flag, std::vector<std::string>* target,
                      const std::string& help) {
  return app->add_option(flag, *target, help)->allow_extra_args(false)->type_name("TEXT");
}

void AddAbout(CLI::App* app, std::vector<std::string>* about, bool* family) {
  app->add_option("--about", *about, "Whom it is about: persons of the family")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("PERSON");
  app->add_flag("--family", *family, "It is about the family as such");
}

void AddReaction(CLI::App* app, ReactionOptions* options) {
  app->add_flag("--confirm", options->confirm, "You agree");
  app->add_flag("--dispute", options->dispute, "You do not agree; say why with --text");
  AddText(app, "--text", &options->text, "In your own words");
}

absl::Status CheckReaction(const ReactionOptions& options) {
  if (options.confirm != options.dispute) return absl::OkStatus();
  return UsageError("give --confirm or --dispute, one of the two");
}

void AddLabel(CLI::App* app, LabelOptions* options) {
  AddAbout(app, &options->about, &options->family);
  AddWord(app, "--compartment", &options->compartment, "Part of the dossier")->required();
  AddWord(app, "--regime", &options->regime,
          "Law that it falls under; default: the usual one of the compartment");
}

absl::StatusOr<common::v1::About> MakeAbout(const std::vector<std::string>& about, bool family) {
  std::vector<std::string> persons;
  for (const std::string& text : about) {
    KP_ASSIGN_OR_RETURN(std::string id, PersonId(text));
    persons.push_back(std::move(id));
  }
  std::sort(persons.begin(), persons.end());
  persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
  if (persons.empty() && !family) {
    return UsageError("say whom it is about: --about PERSON, --family, or both");
  }
  common::v1::About result;
  for (std::string& id : persons) result.add_persons(std::move(id));
  result.set_family(family);
  return result;
}

absl::StatusOr<common::v1::Label> MakeLabel(const LabelOptions& options) {
  common::v1::Label label;
  KP_ASSIGN_OR_RETURN(*label.mutable_about(), MakeAbout(options.about, options.family));
  label.set_compartment(options.compartment);
  label.set_regime(options.regime != common::v1::REGIME_UNSPECIFIED
                       ? options.regime
                       : UsualRegime(options.compartment));
  return label;
}

absl::StatusOr<int64_t> ParseEuro(absl::string_view text) {
  const size_t mark = text.find_first_of(".,");
  const absl::string_view whole = text.substr(0, mark);
  std::string cents(mark == absl::string_view::npos ? "" : text.substr(mark + 1));
  const auto digits = [](absl::string_view s) {
    return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const bool shape = !whole.empty() && whole.size() <= 12 && digits(whole) && digits(cents) &&
                     cents.size() <= 2 && (mark == absl::string_view::npos || !cents.empty());
  if (!shape) {
    return UsageError(
        absl::StrCat("'", Printable(text), "' is not an amount in euro, like 1500,00"));
  }
  cents.resize(2, '0');
  int64_t euro = 0, rest = 0;
  if (!absl::SimpleAtoi(whole, &euro) || !absl::SimpleAtoi(cents, &rest)) {
    return UsageError("the amount is too large");
  }
  return euro * 100 + rest;
}

absl::StatusOr<std::string> ReadInput(const std::string& path, std::istream& in) {
  std::ifstream file;
  if (path != "-") {
    errno = 0;
    file.open(path, std::ios::binary);
    if (!file) return InputError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  std::istream& source = path == "-" ? in : file;
  std::string text(limits::kMaxRequestBytes + 1, '\0');
  source.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(source.gcount()));
  if (source.bad()) return InputError(absl::StrCat("cannot read ", path));
  if (text.size() > limits::kMaxRequestBytes) {
    return InputError(absl::StrCat(path, " is larger than ", limits::kMaxRequestBytes, " bytes"));
  }
  if (!IsUtf8(text)) return InputError(absl::StrCat(path, " is not UTF-8 text"));
  return text;
}

absl::Status WriteNew(const std::string& path, absl::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return InputError(absl::StrCat("cannot write ", path, ": it is there already, or not allowed"));
  }
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (close(fd) != 0 || !bytes.empty()) {
    return InputError(absl::StrCat("cannot write all of ", path));
  }
  return absl::OkStatus();
}

absl::Status ReadTextproto(const std::string& path, std::istream& in,
                           google::protobuf::Message* message) {
  KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(path, in));
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (parser.ParseFromString(text, message)) return absl::OkStatus();
  return InputError(absl::StrCat(path, ", ", error.text()));
}

}  // namespace knooppunt::cli
