// A record as a plain Dutch sentence, for the family and the auditor (R25). Thread-safe
// (no state).
#ifndef KNOOPPUNT_SERVICES_AUDIT_SENTENCE_H_
#define KNOOPPUNT_SERVICES_AUDIT_SENTENCE_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/audit/rules.h"

namespace knooppunt::audit_service {

// An act in words: "<verb> <who> <rest>" when it was done, "wilde <who> <wish>" when not.
struct ActPhrase {
  absl::string_view service;  // "knooppunt.casework.v1.CaseworkService"
  absl::string_view method;   // "GetCase"
  absl::string_view verb;     // "las"
  absl::string_view rest;     // "het dossier"
  absl::string_view wish;     // "het dossier lezen"
};

// The phrase of a full method, "/service/method", or nullptr. Every method that leaves a record has
// one (a test walks them all).
const ActPhrase* FindPhrase(absl::string_view method);

// Name for people of "organisations/{id}".
using OrganisationName = std::function<std::string(absl::string_view)>;

// "Op 3 maart 2026 om 10:12 las Iris Bakker, jeugdverpleegkundige bij GGD Zuid Limburg, het
// dossier. Doel: samenwerken rond het kind. Onderdelen: onderwijs, gezin. Op grond van:
// toestemming." Times are of Europe/Amsterdam. Without `organisation_name` the
// organisation's id stands for its name.
std::string Sentence(const RecordView& view, const OrganisationName& organisation_name);

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_SENTENCE_H_
