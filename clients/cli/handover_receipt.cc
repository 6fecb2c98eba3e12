#include "clients/cli/handover_receipt.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/crypto/sign.h"

namespace knooppunt::cli {
namespace {

using handover::v1::HandoverReceipt;
using handover::v1::SignedStatement;

absl::Status Broken(int statement, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("statement ", statement + 1, ": ", what));
}

// The lines of a statement, each a word and what follows it.
struct Parsed {
  std::string stage;
  std::vector<std::string> by;  // side, organisation, signer, time
  std::string handover, about;  // about: every line that is the same in each statement
  std::vector<std::string> from, to;
  std::string package, view, previous;
  std::vector<std::string> parts, withheld;
};

absl::StatusOr<Parsed> Parse(int number, absl::string_view text) {
  if (!absl::EndsWith(text, "\n")) return Broken(number, "its last line does not end");
  std::vector<std::string> lines = absl::StrSplit(text.substr(0, text.size() - 1), '\n');
  static constexpr absl::string_view kWords[] = {"stage", "by", "handover", "case",    "kind",
                                                 "from",  "to", "receiver", "package", "view"};
  size_t at = 0;
  const auto next = [&](absl::string_view word, std::string* value) {
    if (at >= lines.size() || !absl::StartsWith(lines[at], absl::StrCat(word, " "))) return false;
    *value = lines[at++].substr(word.size() + 1);
    return !value->empty();
  };
  if (lines.empty() || lines[at++] != "knooppunt-handover-receipt-v2") {
    return Broken(number, "it is not a statement of form 2");
  }
  Parsed out;
  std::string value;
  for (const absl::string_view word : kWords) {
    if (!next(word, &value)) return Broken(number, absl::StrCat("it has no line '", word, "'"));
    if (word == "stage") out.stage = value;
    if (word == "by") out.by = absl::StrSplit(value, ' ');
    if (word == "handover") out.handover = value;
    if (word == "from") out.from = absl::StrSplit(value, ' ');
    if (word == "to") out.to = absl::StrSplit(value, ' ');
    if (word == "package") out.package = value;
    if (word == "view") out.view = value;
    if (word != "stage" && word != "by") absl::StrAppend(&out.about, word, " ", value, "\n");
  }
  while (next("part", &value)) out.parts.push_back(value);
  while (next("withheld", &value)) out.withheld.push_back(value);
  if (!next("previous", &out.previous) || at != lines.size()) {
    return Broken(number, "its lines are not those of a statement");
  }
  if (out.by.size() != 4 || out.from.size() != 2 || out.to.size() != 2) {
    return Broken(number, "it does not say who, from where and to where");
  }
  return out;
}

std::string PackageOf(const Parsed& p) {
  std::vector<std::string> hashes = p.parts;
  hashes.insert(hashes.end(), p.withheld.begin(), p.withheld.end());
  std::sort(hashes.begin(), hashes.end());
  std::string bytes = crypto::JoinLengthPrefixed({"knooppunt-handover-package-v2"});
  for (const std::string& hash : hashes) bytes += crypto::JoinLengthPrefixed({hash});
  return crypto::HexEncode(crypto::Sha256(bytes));
}

std::string HashOr(absl::string_view text) {
  return text.empty() ? "-" : crypto::HexEncode(crypto::Sha256(text));
}

absl::Status CheckSignature(int number, const SignedStatement& s) {
  const auto raw = crypto::HexDecode(s.verify_key());
  const auto signature = crypto::HexDecode(s.signature());
  if (!raw.ok() || !signature.ok()) return Broken(number, "its key or signature is not hex");
  const auto key = crypto::VerifyKey::FromRaw(*raw);
  if (!key.ok() || !key->Verify(s.text(), *signature).ok()) {
    return Broken(number, "its signature is not that of its key over these lines");
  }
  return absl::OkStatus();
}

// Which side may say what, in which order.
absl::Status CheckStage(int number, const Parsed& p) {
  static constexpr std::pair<absl::string_view, absl::string_view> kStages[] = {
      {"offered", "sender"}, {"received", "receiver"}, {"accepted", "receiver"}};
  if (number >= 3 || p.stage != kStages[number].first || p.by[0] != kStages[number].second) {
    return Broken(number, "this side does not declare this, or not in this order");
  }
  return p.by[1] == (number == 0 ? p.from[1] : p.to[1])
             ? absl::OkStatus()
             : Broken(number, "it is declared for an organisation on the other side");
}

absl::Status CheckParts(const HandoverReceipt& receipt, const Parsed& first, const Parsed& last,
                        ReceiptFinding* out) {
  for (const auto& part : receipt.parts()) {
    const std::string hash = crypto::HexEncode(crypto::Sha256(crypto::JoinLengthPrefixed(
        {"knooppunt-handover-part-v2", part.item(), part.kind(), part.text()})));
    const auto in = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), hash) != list.end();
    };
    if (!in(first.parts)) {
      return absl::DataLossError("a part in this file is not one of those that were offered");
    }
    ++out->parts_shown;
    if (in(last.withheld)) out->not_handed.push_back(part.item());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReceiptFinding> VerifyReceipt(const HandoverReceipt& receipt,
                                             const std::map<std::string, std::string>& keys) {
  if (receipt.statements().empty()) return absl::DataLossError("there is no statement in it");
  ReceiptFinding out;
  std::vector<Parsed> all;
  std::string before;
  for (int i = 0; i < receipt.statements_size(); ++i) {
    const SignedStatement& s = receipt.statements(i);
    KP_RETURN_IF_ERROR(CheckSignature(i, s));
    KP_ASSIGN_OR_RETURN(Parsed p, Parse(i, s.text()));
    KP_RETURN_IF_ERROR(CheckStage(i, p));
    if (p.previous != HashOr(before)) return Broken(i, "it does not follow the one before it");
    if (PackageOf(p) != p.package) return Broken(i, "the package is not that of its parts");
    if (i > 0 && p.about != all.front().about) return Broken(i, "it is about another handover");
    const auto known = keys.find(p.by[1]);
    if (known != keys.end() && known->second != s.verify_key()) {
      return Broken(i, absl::StrCat("it is not signed with the key given for ", p.by[1]));
    }
    out.statements.push_back({.stage = p.stage,
                              .side = p.by[0],
                              .organisation = p.by[1],
                              .signer = p.by[2],
                              .time = p.by[3],
                              .travelled = static_cast<int>(p.parts.size()),
                              .withheld = static_cast<int>(p.withheld.size()),
                              .known_key = known != keys.end()});
    before = s.text();
    all.push_back(std::move(p));
  }
  if (receipt.name() != all.front().handover) {
    return absl::DataLossError("the file names another handover than its statements");
  }
  if (all.front().view != HashOr(receipt.family_view())) {
    return absl::DataLossError("the family's view in this file is not the one that travelled");
  }
  out.handover = all.front().handover;
  out.package_sha256 = all.front().package;
  KP_RETURN_IF_ERROR(CheckParts(receipt, all.front(), all.back(), &out));
  return out;
}

}  // namespace knooppunt::cli
