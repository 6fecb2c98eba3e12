// audit: the log as such. Exported as files that others' tools read too (C2SP tlog-tiles), and
// checked without the server: only the files, and keys that the one who checks already holds.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/audit/file.h"
#include "security/audit/limits.h"
#include "security/audit/tiles.h"
#include "security/audit/verifier.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

constexpr char kService[] = "/knooppunt.audit.v1.AuditService/";
constexpr int kMaxLeavesPerCall = 1000;
constexpr size_t kMaxStateBytes = audit::kMaxWitnessStateBytes;

absl::StatusOr<audit::v1::Checkpoint> ReadCheckpoint(Session& session) {
  audit::v1::GetCheckpointRequest request;
  audit::v1::Checkpoint checkpoint;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "GetCheckpoint"), request, &checkpoint));
  return checkpoint;
}

// --- export ---

// The server's leaves, asked for as the export goes along.
class ServerLeaves final : public audit::LeafSource {
 public:
  explicit ServerLeaves(Session& session) : session_(session) {}

  absl::StatusOr<std::vector<std::string>> ReadLeaves(int64_t begin, int count) const override {
    std::vector<std::string> leaves;
    while (static_cast<int>(leaves.size()) < count) {
      audit::v1::ReadLogRequest request;
      request.set_start(begin + static_cast<int64_t>(leaves.size()));
      request.set_limit(std::min(count - static_cast<int>(leaves.size()), kMaxLeavesPerCall));
      audit::v1::ReadLogResponse response;
      KP_RETURN_IF_ERROR(session_.Call(absl::StrCat(kService, "ReadLog"), request, &response));
      if (response.leaves().empty()) {
        return VerificationFailed(absl::StrCat("the server has no entry ", request.start(),
                                               ", which its own checkpoint covers"));
      }
      for (const std::string& leaf : response.leaves()) leaves.push_back(leaf);
    }
    leaves.resize(count);
    return leaves;
  }

 private:
  Session& session_;
};

struct ExportArgs {
  std::string out;
};

absl::Status RunExport(Session& session, const ExportArgs& args) {
  KP_ASSIGN_OR_RETURN(const audit::v1::Checkpoint checkpoint, ReadCheckpoint(session));
  const ServerLeaves leaves(session);
  const absl::Status written = audit::WriteLogDirectory(
      {.dir = args.out, .checkpoint = checkpoint.note(), .leaves = &leaves});
  if (absl::IsDataLoss(written)) return VerificationFailed(written.message());
  KP_RETURN_IF_ERROR(written);
  return session.Show<audit::v1::Checkpoint>(
      checkpoint, [&](const audit::v1::Checkpoint& c, std::ostream& out) {
        out << "Wrote " << c.size() << " records to " << args.out << ".\n"
            << "Check them without the server: knooppunt audit verify --dir " << args.out
            << " --log-key KEY --witness-key KEY\n";
      });
}

// --- checkpoint ---

struct CheckpointArgs {
  std::string out;
};

absl::Status RunCheckpoint(Session& session, const CheckpointArgs& args) {
  KP_ASSIGN_OR_RETURN(const audit::v1::Checkpoint checkpoint, ReadCheckpoint(session));
  if (!args.out.empty()) {
    const absl::Status written =
        audit::WriteFile(args.out, checkpoint.note(), audit::Durability::kSync);
    if (!written.ok()) return InputError(written);
  }
  return session.Show<audit::v1::Checkpoint>(
      checkpoint,
      [](const audit::v1::Checkpoint& c, std::ostream& out) { out << Printable(c.note()); });
}

// --- verify ---

struct VerifyArgs {
  std::string dir;
  std::string log_key;
  std::vector<std::string> witness_keys;
  int witnesses = 1;
  std::string since;
  bool strict = false;
};

void VerifyOptions(CLI::App* app, VerifyArgs* args) {
  app->add_option("--dir", args->dir, "Folder that holds the exported log")
      ->required()
      ->type_name("DIR");
  app->add_option("--log-key", args->log_key, "The log's verifier key: 'name+hash+key'")
      ->required()
      ->type_name("KEY");
  app->add_option("--witness-key", args->witness_keys, "A witness's verifier key; may be repeated")
      ->allow_extra_args(false)
      ->type_name("KEY");
  app->add_option("--witnesses", args->witnesses,
                  "How many different witnesses must have cosigned; default 1")
      ->check(CLI::Range(0, 32).description(""))
      ->type_name("N");
  app->add_option(
         "--since", args->since,
         "A checkpoint of this log that was kept elsewhere, or a witness's state file: the "
         "log must reach at least as far")
      ->type_name("FILE");
  app->add_flag(
      "--strict", args->strict,
      "Fail, too, on what does not contradict the checkpoint but asks for an explanation");
}

absl::StatusOr<audit::VerifyLogOptions> MakeVerifyOptions(const VerifyArgs& args) {
  auto log_key = audit::NoteVerifier::Parse(args.log_key);
  if (!log_key.ok()) return InputError(absl::StrCat("--log-key: ", log_key.status().message()));
  audit::VerifyLogOptions options = {.dir = args.dir, .log_key = *std::move(log_key)};
  for (const std::string& text : args.witness_keys) {
    auto key = audit::NoteVerifier::Parse(text);
    if (!key.ok()) return InputError(absl::StrCat("--witness-key: ", key.status().message()));
    options.witness_keys.push_back(*std::move(key));
  }
  options.required_witnesses = args.witnesses;
  if (!args.since.empty()) {
    auto older = audit::ReadFile(args.since, kMaxStateBytes);
    if (!older.ok()) return InputError(older.status());
    options.older = *std::move(older);
  }
  return options;
}

void PrintReport(const audit::VerifyLogReport& report, std::ostream& out) {
  out << "The log is whole: " << report.size << " records of " << Printable(report.origin) << ".\n";
  Fields fields;
  fields.Add("Root", crypto::Base64Encode(report.root));
  for (const auto& signature : report.cosignatures) {
    fields.Add("Cosigned by",
               absl::StrCat(signature.name, ", ", LocalTime(absl::ToUnixSeconds(signature.time))));
  }
  if (report.older_size >= 0) {
    fields.Add("Continues",
               absl::StrCat("the older checkpoint of ", report.older_size, " records"));
  }
  for (const auto& stream : report.streams) {
    fields.Add("Stream", absl::StrCat(stream.stream.ToString(), ", ", stream.last_seq, " records, ",
                                      stream.closed ? "closed" : "open"));
  }
  fields.Print(out);
  for (const std::string& problem : report.problems) {
    out << "To explain: " << Printable(problem) << "\n";
  }
}

void PrintReportJson(const audit::VerifyLogReport& report, std::ostream& out) {
  out << "{\"whole\":true,\"origin\":" << JsonQuote(report.origin) << ",\"size\":" << report.size
      << ",\"root\":" << JsonQuote(crypto::Base64Encode(report.root))
      << ",\"olderSize\":" << report.older_size << ",\"cosignatures\":[";
  const char* comma = "";
  for (const auto& signature : report.cosignatures) {
    out << comma << "{\"name\":" << JsonQuote(signature.name)
        << ",\"time\":" << absl::ToUnixSeconds(signature.time) << "}";
    comma = ",";
  }
  out << "],\"problems\":[";
  comma = "";
  for (const std::string& problem : report.problems) {
    out << comma << JsonQuote(problem);
    comma = ",";
  }
  out << "]}\n";
}

absl::Status RunVerify(Session& session, const VerifyArgs& args) {
  KP_ASSIGN_OR_RETURN(const audit::VerifyLogOptions options, MakeVerifyOptions(args));
  const auto report = audit::VerifyLogDirectory(options);
  if (absl::IsInvalidArgument(report.status())) return InputError(report.status());
  if (absl::IsDataLoss(report.status()) || absl::IsUnauthenticated(report.status())) {
    return VerificationFailed(report.status().message());
  }
  KP_RETURN_IF_ERROR(report.status());
  if (session.options().output == OutputFormat::kJson) {
    PrintReportJson(*report, session.out());
  } else if (!session.options().quiet) {
    PrintReport(*report, session.out());
  }
  if (args.strict && !report->problems.empty()) {
    return VerificationFailed(report->problems.front());
  }
  return absl::OkStatus();
}

}  // namespace

void AddAuditLogCommands(CLI::App* audit, Action* chosen) {
  AddVerb<CheckpointArgs>(
      audit, chosen,
      {"checkpoint", "Show the newest checkpoint; keep it elsewhere, for --since later",
       "knooppunt audit checkpoint --out kept/2026-11-22.checkpoint"},
      [](CLI::App* app, CheckpointArgs* args) {
        app->add_option("--out", args->out, "Write it to this file too")->type_name("FILE");
      },
      RunCheckpoint);
  AddVerb<ExportArgs>(
      audit, chosen,
      {"export", "Copy the whole log to files; it holds hashes only",
       "knooppunt audit export --out log/"},
      [](CLI::App* app, ExportArgs* args) {
        app->add_option("--out", args->out, "Folder to write to; made when it is not there")
            ->required()
            ->type_name("DIR");
      },
      RunExport);
  AddVerb<VerifyArgs>(
      audit, chosen,
      {"verify", "Check a whole exported log, without the server (R24)",
       "knooppunt audit verify --dir log/ --log-key 'knooppunt.example/log+1a2b3c4d+AQ...' \\\n"
       "    --witness-key 'witness.example+5e6f7a8b+BA...' --since kept/2026-11-22.checkpoint"},
      VerifyOptions, RunVerify);
}

}  // namespace knooppunt::cli
