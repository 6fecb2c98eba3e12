#include "security/policy/authorized_call.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "security/crypto/hash.h"

namespace knooppunt::policy {
namespace {

template <typename T>
void InsertSorted(std::vector<T>* v, const T& x) {
  const auto it = std::lower_bound(v->begin(), v->end(), x);
  if (it == v->end() || *it != x) v->insert(it, x);
}

crypto::SecretBytes TakeKey(std::string* bytes) {
  return crypto::SecretBytes::Take(std::move(*bytes), crypto::SecretAccess::For("permit"));
}

std::vector<KeyedScope> TakeScopes(
    google::protobuf::RepeatedPtrField<access::v1::PermitScope>* scopes) {
  std::vector<KeyedScope> out;
  out.reserve(scopes->size());
  for (access::v1::PermitScope& s : *scopes) {
    out.push_back({std::move(*s.mutable_id()), std::move(*s.mutable_label()),
                   std::move(*s.mutable_basis()), TakeKey(s.mutable_key())});
  }
  scopes->Clear();
  return out;
}

void WipeKeys(access::v1::Decision* decision) {
  access::v1::Permit* permit = decision->mutable_permit();
  for (auto& scope : *permit->mutable_scopes()) crypto::Wipe(scope.mutable_key());
  for (auto& scope : *permit->mutable_write_scopes()) crypto::Wipe(scope.mutable_key());
  for (std::string* key : {permit->mutable_facts_key(), permit->mutable_search_key()}) {
    crypto::Wipe(key);
  }
  for (std::string& key : *decision->mutable_audit_view()->mutable_keys()) crypto::Wipe(&key);
}

}  // namespace

void Touched::Add(const common::v1::Label& label) {
  for (const std::string& p : label.about().persons()) InsertSorted(&persons, p);
  family = family || label.about().family();
  InsertSorted(&compartments, label.compartment());
}

const std::vector<KeyedScope> AuthorizedCall::kNoScopes;
const crypto::SecretBytes AuthorizedCall::kNoKey;

AuthorizedCall::~AuthorizedCall() {
  if (decision_ == nullptr) return;  // moved from
  for (std::string& key : *decision_->mutable_audit_view()->mutable_keys()) crypto::Wipe(&key);
}

std::string AuthorizedCall::actor() const {
  if (!decision_->person().empty()) {
    return absl::StrCat("families/", decision_->family(), "/persons/", decision_->person());
  }
  return claims().subject();
}

std::string AuthorizedCall::Id(absl::string_view prefix, int n) const {
  return IdFromSeed(id_seed_, prefix, n);
}

const KeyedScope* AuthorizedCall::FindScope(absl::string_view id) const {
  const std::vector<KeyedScope>& usable = scopes();  // sorted by Admit
  const auto it =
      std::lower_bound(usable.begin(), usable.end(), id,
                       [](const KeyedScope& s, absl::string_view v) { return s.id < v; });
  return it != usable.end() && it->id == id ? &*it : nullptr;
}

const access::v1::FactEntry& AuthorizedCall::reference(int i) const {
  static const access::v1::FactEntry kUnknown;
  return i >= 0 && i < decision_->references_size() ? decision_->references(i) : kUnknown;
}

bool AuthorizedCall::ConsentInForce(absl::string_view consent_id) const {
  for (const std::string& id : decision_->effective_consents()) {
    if (id == consent_id) return true;
  }
  return false;
}

absl::string_view AuthorizedCall::CloseDateOf(absl::string_view werkplaats) const {
  for (const access::v1::ClosingWerkplaats& closing : decision_->closing()) {
    if (closing.werkplaats() == werkplaats) return closing.close_date();
  }
  return "";
}

namespace {

std::shared_ptr<const access::v1::TokenClaims> TakeClaims(access::v1::Decision* decision) {
  auto claims =
      std::make_shared<const access::v1::TokenClaims>(std::move(*decision->mutable_claims()));
  decision->clear_claims();
  return claims;
}

}  // namespace

absl::StatusOr<AuthorizedCall> Gate::Admit(access::v1::Decision decision, const Inquiry& inquiry) {
  return Admit(std::make_shared<access::v1::Decision>(std::move(decision)), inquiry);
}

absl::StatusOr<AuthorizedCall> Gate::Admit(std::shared_ptr<access::v1::Decision> decision,
                                           const Inquiry& inquiry) {
  const absl::StatusOr<absl::Duration> lifetime = CheckPermit(*decision, inquiry.use);
  if (!lifetime.ok()) {
    WipeKeys(decision.get());
    return lifetime.status();
  }
  auto claims = TakeClaims(decision.get());
  return Make(std::move(decision), std::move(claims), inquiry, *lifetime);
}

absl::StatusOr<Gate::List> Gate::AdmitList(
    std::shared_ptr<access::v1::ListAccessibleResponse> answer, const Inquiry& inquiry) {
  const absl::StatusOr<absl::Duration> lifetime = CheckPermits(*answer, inquiry.use);
  if (!lifetime.ok()) {
    WipeKeys(answer->mutable_call());
    for (access::v1::Decision& d : *answer->mutable_decisions()) WipeKeys(&d);
    return lifetime.status();
  }
  const auto within = [&](access::v1::Decision* d) {
    return std::shared_ptr<access::v1::Decision>(answer, d);
  };
  const auto claims = TakeClaims(answer->mutable_call());
  List out{Make(within(answer->mutable_call()), claims, inquiry, *lifetime), {}};
  out.families.reserve(answer->decisions_size());
  for (access::v1::Decision& d : *answer->mutable_decisions()) {
    out.families.push_back(Make(within(&d), claims, inquiry, *lifetime));
  }
  return out;
}

AuthorizedCall Gate::Make(std::shared_ptr<access::v1::Decision> decision,
                          std::shared_ptr<const access::v1::TokenClaims> claims,
                          const Inquiry& inquiry, absl::Duration lifetime) {
  AuthorizedCall call;
  call.claims_ = std::move(claims);
  access::v1::Permit* permit = decision->mutable_permit();
  call.scopes_ = TakeScopes(permit->mutable_scopes());
  std::sort(call.scopes_.begin(), call.scopes_.end(),
            [](const KeyedScope& a, const KeyedScope& b) { return a.id < b.id; });
  call.write_scopes_ = TakeScopes(permit->mutable_write_scopes());
  call.facts_key_ = TakeKey(permit->mutable_facts_key());
  call.search_key_ = TakeKey(permit->mutable_search_key());
  crypto::Wipe(decision->mutable_audit()->mutable_key());
  call.now_ = absl::FromUnixMillis(decision->decide_time_ms());
  call.clock_ = inquiry.clock;
  call.usable_until_ = inquiry.sent + lifetime;
  call.purpose_ = inquiry.use.purpose;
  call.id_seed_ = inquiry.id_seed;
  call.decision_ = std::move(decision);
  return call;
}

std::string IdFromSeed(absl::string_view seed, absl::string_view prefix, int n) {
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  const std::string hash =
      crypto::Sha256({"knooppunt-id-v1", seed, "/", prefix, "/", absl::StrCat(n)});
  std::string id = absl::StrCat(prefix, "-");
  for (int i = 0; i < 20; ++i) id += kAlphabet[static_cast<unsigned char>(hash[i]) & 31];
  return id;
}

}  // namespace knooppunt::policy
