// Options that several commands share, on top of CLI11. A value that cannot be right is a usage
// error that says what would be. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_OPTIONS_H_
#define KNOOPPUNT_CLIENTS_CLI_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "clients/cli/words.h"
#include "google/protobuf/message.h"
#include "knooppunt/common/v1/types.pb.h"

namespace knooppunt::cli {

// One word of an enum: --compartment education.
template <typename E>
CLI::Option* AddWord(CLI::App* app, const std::string& flag, E* target, const std::string& help) {
  const auto words = WordsOf(google::protobuf::GetEnumDescriptor<E>());
  return app
      ->add_option_function<std::string>(
          flag,
          [flag, target](const std::string& word) {
            const absl::StatusOr<E> value = ParseWord<E>(word);
            if (!value.ok()) {
              throw CLI::ValidationError(flag, std::string(value.status().message()));
            }
            *target = *value;
          },
          absl::StrCat(help, ": ", absl::StrJoin(words, ", ")))
      ->type_name("WORD");
}

// Several words, comma-separated or repeated; they are added to `field`.
template <typename E>
CLI::Option* AddWords(CLI::App* app, const std::string& flag, std::vector<E>* target,
                      const std::string& help) {
  const auto words = WordsOf(google::protobuf::GetEnumDescriptor<E>());
  return app
      ->add_option_function<std::vector<std::string>>(
          flag,
          [flag, target](const std::vector<std::string>& given) {
            for (const std::string& word : given) {
              const absl::StatusOr<E> value = ParseWord<E>(word);
              if (!value.ok()) {
                throw CLI::ValidationError(flag, std::string(value.status().message()));
              }
              target->push_back(*value);
            }
          },
          absl::StrCat(help, ": ", absl::StrJoin(words, ", ")))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("WORD");
}

// A resource name of this pattern, "families/*/cases/*". `flag` without dashes is positional.
CLI::Option* AddName(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& pattern, const std::string& help);
// As AddName, several: comma-separated or repeated.
CLI::Option* AddNames(CLI::App* app, const std::string& flag, std::vector<std::string>* target,
                      const std::string& pattern, const std::string& help);
// A seat's id, "s-...".
CLI::Option* AddSeat(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& help);
// "2026-12-31" for a day as people write it, "31-12-2026", and as programs do, "2026-12-31";
// nothing for what is no day.
std::optional<std::string> DayAsIso(absl::string_view text);
// A day; `target` gets it as YYYY-MM-DD.
CLI::Option* AddDate(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& help);
// Several texts, one each time the option is given.
CLI::Option* AddTexts(CLI::App* app, const std::string& flag, std::vector<std::string>* target,
                      const std::string& help);
// Free text.
CLI::Option* AddText(CLI::App* app, const std::string& flag, std::string* target,
                     const std::string& help);

// --about, --family, --compartment and --regime: the label of what a command records (R38).
struct LabelOptions {
  std::vector<std::string> about;  // person ids
  bool family = false;
  common::v1::Compartment compartment = common::v1::COMPARTMENT_UNSPECIFIED;
  common::v1::Regime regime = common::v1::REGIME_UNSPECIFIED;  // unset: the compartment's usual one
};
void AddAbout(CLI::App* app, std::vector<std::string>* about, bool* family);
void AddLabel(CLI::App* app, LabelOptions* options);
// Persons sorted, without doubles. Usage error when it is about nobody.
absl::StatusOr<common::v1::About> MakeAbout(const std::vector<std::string>& about, bool family);
absl::StatusOr<common::v1::Label> MakeLabel(const LabelOptions& options);

// What somebody thinks of what was agreed, planned or said (R9).
struct ReactionOptions {
  std::string name;  // of what they react to
  bool confirm = false;
  bool dispute = false;
  std::string text;
};
void AddReaction(CLI::App* app, ReactionOptions* options);
// Usage error unless it is one of the two.
absl::Status CheckReaction(const ReactionOptions& options);
template <typename Request>
absl::StatusOr<Request> MakeReaction(const ReactionOptions& options) {
  KP_RETURN_IF_ERROR(CheckReaction(options));
  Request request;
  request.set_name(options.name);
  request.set_confirmed(options.confirm);
  request.set_text(options.text);
  return request;
}

// "1500", "1500.5", "1500,50" in euro, as cents.
absl::StatusOr<int64_t> ParseEuro(absl::string_view text);

// The file's content; "-" is standard input. INVALID_ARGUMENT when it cannot be read, is over
// limits::kMaxRequestBytes or is not UTF-8.
absl::StatusOr<std::string> ReadInput(const std::string& path, std::istream& in);
// Writes a new file, for the owner alone (0600). INVALID_ARGUMENT when something is there already,
// or when not all of it could be written.
absl::Status WriteNew(const std::string& path, absl::string_view bytes);
// A textproto file. INVALID_ARGUMENT names the line and what is wrong there.
absl::Status ReadTextproto(const std::string& path, std::istream& in,
                           google::protobuf::Message* message);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_OPTIONS_H_
