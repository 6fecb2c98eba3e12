#include "services/handover/receipt.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/crypto/sign.h"

namespace knooppunt::handover {
namespace {

absl::string_view SideWord(v1::HandoverSide side) {
  return side == v1::HANDOVER_SIDE_SENDER ? "sender" : "receiver";
}

std::string HashOr(absl::string_view text) {
  return text.empty() ? "-" : crypto::HexEncode(crypto::Sha256(text));
}

void AddLines(absl::string_view word, std::vector<std::string> hashes, std::string* out) {
  std::sort(hashes.begin(), hashes.end());
  for (const std::string& hash : hashes) absl::StrAppend(out, word, " ", hash, "\n");
}

}  // namespace

absl::Status ReceiptKeys::Sign(absl::string_view organisation, absl::string_view text,
                               v1::SignedStatement* out) const {
  KP_ASSIGN_OR_RETURN(
      const crypto::SigningKey key,
      crypto::SigningKey::FromSeed(crypto::Hkdf(
          root_, crypto::JoinLengthPrefixed({"knooppunt-handover-receipt-key-v1", organisation}),
          32)));
  out->set_verify_key(crypto::HexEncode(key.verify_key().raw()));
  out->set_signature(crypto::HexEncode(key.Sign(text)));
  return absl::OkStatus();
}

std::string StatementText(const v1::Handover& h, const Declaration& declaration, absl::Time now) {
  std::string out = absl::StrCat(
      "knooppunt-handover-receipt-v2\n",                                                     //
      "stage ", declaration.stage, "\n",                                                     //
      "by ", SideWord(declaration.side), " ", declaration.organisation, " ",                 //
      declaration.signer, " ", base::FormatInstant(now), "\n",                               //
      "handover ", h.name(), "\n",                                                           //
      "case ", h.case_(), "\n",                                                              //
      "kind ", v1::HandoverKind_Name(h.kind()), " ", v1::HandoverMode_Name(h.mode()), "\n",  //
      "from ", h.from_werkplaats(), " ", h.from_organisation(), "\n",                        //
      "to ", h.to_werkplaats(), " ", h.to_organisation(), "\n",                              //
      "receiver ", h.receiver().empty() ? "-" : h.receiver(), "\n",                          //
      "package ", h.package_sha256(), "\n",                                                  //
      "view ", HashOr(h.family_view()), "\n");
  AddLines("part", declaration.travelled, &out);
  AddLines("withheld", declaration.withheld, &out);
  absl::StrAppend(
      &out, "previous ",
      h.statements().empty() ? "-" : HashOr(h.statements(h.statements_size() - 1).text()), "\n");
  return out;
}

absl::Status Declare(const ReceiptKeys& keys, const Declaration& declaration, absl::Time now,
                     v1::Handover* h) {
  v1::SignedStatement statement;
  statement.set_text(StatementText(*h, declaration, now));
  statement.set_side(declaration.side);
  statement.set_organisation(std::string(declaration.organisation));
  statement.set_signer(std::string(declaration.signer));
  statement.set_time(base::FormatInstant(now));
  KP_RETURN_IF_ERROR(keys.Sign(declaration.organisation, statement.text(), &statement));
  *h->add_statements() = std::move(statement);
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
