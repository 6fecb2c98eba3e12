#include "security/policy/policy_cases.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/status.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "security/policy/consent_rules.h"
#include "security/policy/engine.h"
#include "security/policy/explanation.h"
#include "security/policy/words.h"

namespace knooppunt::policy {
namespace {

using access::v1::FamilyFacts;
using access::v1::ProfessionalFacts;
using access::v1::TokenClaims;

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int /*column*/, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status Fault(const v1::PolicyCase& c, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("case '", c.name(), "': ", what));
}

std::string Compartments(const std::set<int>& compartments) {
  if (compartments.empty()) return "niets";
  return absl::StrJoin(compartments, ", ", [](std::string* out, int c) {
    absl::StrAppend(out, WordFor(static_cast<common::v1::Compartment>(c), Language::kDutch));
  });
}

std::string Answer(bool allowed, const std::string& rule, const std::set<int>& sees) {
  return absl::StrCat(allowed ? "toegestaan" : "geweigerd", " (", rule,
                      "), opent: ", Compartments(sees));
}

class Runner {
 public:
  Runner(const Table& table, const v1::PolicyCases& file) : table_(table), file_(file) {
    world_.professional = [this](absl::string_view name) { return FindProfessional(name); };
    world_.kind_of = [this](absl::string_view name) {
      for (const auto& o : file_.organisations()) {
        if (o.name() == name) return o.kind();
      }
      return common::v1::ORGANISATION_KIND_UNSPECIFIED;
    };
  }

  absl::StatusOr<CaseResult> Run(const v1::PolicyCase& c) {
    if (c.name().empty()) {
      return absl::InvalidArgumentError("a case has no name: say the rule and a sentence");
    }
    if (!names_.insert(c.name()).second) return Fault(c, "this name stands twice: rename one");
    if (c.expect().rule().empty()) return Fault(c, "expects nothing: set expect { rule: ... }");
    if (table_.FindPermission(c.permission()) == nullptr) {
      return Fault(c, absl::StrCat("unknown permission '", c.permission(), "': correct it"));
    }
    if (c.purpose() == common::v1::PURPOSE_UNSPECIFIED) return Fault(c, "name its purpose");
    const auto day = base::ParseDate(c.on());
    if (!day.ok()) return Fault(c, "set on: to a day, as \"2026-11-22\"");
    KP_ASSIGN_OR_RETURN(const FamilyFacts facts, Facts(c));
    KP_ASSIGN_OR_RETURN(const TokenClaims claims, Claims(c, facts));
    Question q;
    q.permission = c.permission();
    q.claims = &claims;
    q.purpose = c.purpose();
    q.about_family = !c.about_nobody();
    q.labels.assign(c.writes().begin(), c.writes().end());
    q.want_chain = true;
    q.now = absl::FromCivil(absl::CivilHour(*day) + 12, base::Amsterdam());
    world_.facts = c.about_nobody() ? nullptr : &facts;
    return Compare(c, facts, Decide(table_, world_, q));
  }

 private:
  const ProfessionalFacts* FindProfessional(absl::string_view name) const {
    const auto& all = file_.professionals();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const ProfessionalFacts& p) { return p.name() == name; });
    return found == all.end() ? nullptr : &*found;
  }

  absl::StatusOr<FamilyFacts> Facts(const v1::PolicyCase& c) const {
    FamilyFacts facts = file_.family();
    for (const std::string& name : c.with()) {
      const auto found = std::find_if(file_.additions().begin(), file_.additions().end(),
                                      [&](const v1::CaseAddition& a) { return a.name() == name; });
      if (found == file_.additions().end()) {
        return Fault(c, absl::StrCat("unknown addition '", name, "': add it, or correct it"));
      }
      facts.MergeFrom(found->facts());
    }
    return facts;
  }

  absl::StatusOr<TokenClaims> Claims(const v1::PolicyCase& c, const FamilyFacts& facts) const {
    TokenClaims claims;
    absl::string_view person = c.who();
    if (absl::ConsumePrefix(&person, "persons/")) {
      const access::v1::PersonFact* p = FindPerson(facts, person);
      // A person without account asks as somebody whom the family does not know.
      claims.set_subject(p == nullptr || p->account().empty() ? "accounts/nobody" : p->account());
      claims.set_assurance(c.weak_login() ? access::v1::ASSURANCE_LOW
                                          : access::v1::ASSURANCE_SUBSTANTIAL);
      return claims;
    }
    const ProfessionalFacts* p = FindProfessional(c.who());
    if (p == nullptr || p->functions().empty()) {
      return Fault(c, absl::StrCat("nobody is '", c.who(),
                                   "': name persons/ID or professionals/ID with a function"));
    }
    claims.set_subject(p->name());
    claims.set_organisation(p->functions(0).organisation());
    claims.set_function(p->functions(0).function());
    claims.set_two_factor(!c.weak_login());
    claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    return claims;
  }

  CaseResult Compare(const v1::PolicyCase& c, const FamilyFacts& facts,
                     const Outcome& outcome) const {
    std::set<int> sees;
    for (const OpenScope& open : outcome.scopes) {
      for (const access::v1::Scope& s : facts.scopes()) {
        if (s.id() == open.scope) sees.insert(s.label().compartment());
      }
    }
    const std::set<int> expected(c.expect().sees().begin(), c.expect().sees().end());
    CaseResult result{.name = c.name(),
                      .passed = outcome.allowed == c.expect().allowed() &&
                                outcome.rule == c.expect().rule() && sees == expected};
    if (result.passed) return result;
    result.explanation =
        absl::StrCat("verwacht: ", Answer(c.expect().allowed(), c.expect().rule(), expected),
                     "\nuitkomst: ", Answer(outcome.allowed, outcome.rule, sees), "\n",
                     Explain(outcome, access::v1::VOICE_AUDITOR,
                             {.permission = c.permission(),
                              .purpose = c.purpose(),
                              .policy_sha256 = table_.sha256()})
                         .text_nl);
    return result;
  }

  const Table& table_;
  const v1::PolicyCases& file_;
  World world_;
  absl::flat_hash_set<std::string> names_;
};

}  // namespace

absl::StatusOr<std::vector<CaseResult>> RunCases(const Table& table, absl::string_view textproto) {
  if (textproto.size() > limits::kMaxPolicyBytes) {
    return absl::InvalidArgumentError("the file of cases is larger than 1 MiB: split it");
  }
  v1::PolicyCases file;
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(std::string(textproto), &file)) {
    return absl::InvalidArgumentError(absl::StrCat("the cases do not parse: ", errors.text()));
  }
  if (file.cases().empty()) {
    return absl::InvalidArgumentError("the file holds no case: add cases { ... }");
  }
  Runner runner(table, file);
  std::vector<CaseResult> out;
  out.reserve(file.cases_size());
  for (const v1::PolicyCase& c : file.cases()) {
    KP_ASSIGN_OR_RETURN(CaseResult result, runner.Run(c));
    out.push_back(std::move(result));
  }
  return out;
}

}  // namespace knooppunt::policy
