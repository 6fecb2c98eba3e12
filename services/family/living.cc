// The rules of households, addresses and contacts: who may know where somebody lives, and how
// somebody is reached (R18).
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/family/errors.h"
#include "services/family/rules.h"

namespace knooppunt::family {
namespace {

using dossier::errors::InvalidField;

constexpr size_t kMaxEmailBytes = 254;  // RFC 5321, 4.5.3.1.3, less the angle brackets
constexpr size_t kMaxPhoneBytes = 32;
constexpr int kMinPhoneDigits = 3;     // 112
constexpr int kMaxPhoneDigits = 15;    // E.164
constexpr size_t kMaxSubtagBytes = 8;  // RFC 5646

absl::Status CheckLine(absl::string_view field, absl::string_view text, bool required) {
  return dossier::ValidateText(
      field, text, {.max_bytes = limits::kMaxNameBytes, .required = required, .one_line = true});
}

bool IsPhone(absl::string_view phone) {
  int digits = 0;
  for (size_t i = 0; i < phone.size(); ++i) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(phone[i]))) {
      ++digits;
    } else if (phone[i] != ' ' && phone[i] != '-' && !(phone[i] == '+' && i == 0)) {
      return false;
    }
  }
  return phone.size() <= kMaxPhoneBytes && digits >= kMinPhoneDigits && digits <= kMaxPhoneDigits;
}

// Something, one @, and a domain with a dot: what does not look like it is a typing error. Whether
// it exists only writing to it tells.
bool IsEmail(absl::string_view email) {
  if (email.size() > kMaxEmailBytes) return false;
  const std::vector<absl::string_view> parts = absl::StrSplit(email, '@');
  if (parts.size() != 2 || parts[0].empty()) return false;
  if (email.find_first_of(" \"<>(),;\\") != absl::string_view::npos) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(parts[1], '.');
  return labels.size() >= 2 &&
         std::none_of(labels.begin(), labels.end(), [](absl::string_view l) { return l.empty(); });
}

// Subtags of letters and digits, the first of two letters or more (BCP 47).
bool IsLanguage(absl::string_view language) {
  const std::vector<absl::string_view> tags = absl::StrSplit(language, '-');
  if (tags[0].size() < 2) return false;
  return std::all_of(tags.begin(), tags.end(), [&](absl::string_view tag) {
    return !tag.empty() && tag.size() <= kMaxSubtagBytes &&
           std::all_of(tag.begin(), tag.end(), [&](char c) {
             const auto u = static_cast<unsigned char>(c);
             return absl::ascii_isalpha(u) ||
                    (absl::ascii_isdigit(u) && tag.data() != tags[0].data());
           });
  });
}

bool IsPostcode(absl::string_view postcode) {
  const auto digit = [&](size_t i) {
    return absl::ascii_isdigit(static_cast<unsigned char>(postcode[i]));
  };
  const auto letter = [&](size_t i) {
    return absl::ascii_isupper(static_cast<unsigned char>(postcode[i]));
  };
  return postcode.size() == 7 && postcode[0] != '0' && digit(0) && digit(1) && digit(2) &&
         digit(3) && postcode[4] == ' ' && letter(5) && letter(6);
}

bool IsAdult(const FamilyFacts& facts, absl::string_view person) {
  const access::v1::PersonFact* p = policy::FindPerson(facts, person);
  return p != nullptr && p->role() != access::v1::FAMILY_ROLE_CHILD;
}

}  // namespace

absl::Status CheckAboutExactly(absl::string_view field, const common::v1::Label& label,
                               std::vector<std::string> persons) {
  if (!dossier::IsComplete(label)) return dossier::errors::NoLabel();
  std::sort(persons.begin(), persons.end());
  const common::v1::About about = dossier::Normalised(label.about());
  if (!about.family() &&
      std::equal(about.persons().begin(), about.persons().end(), persons.begin(), persons.end())) {
    return absl::OkStatus();
  }
  return InvalidField(absl::StrCat(field, ".label.about"),
                      "name exactly the persons it is about, and not the family");
}

absl::Status CheckHousehold(const v1::Household& household, const FamilyFacts& facts,
                            base::Date today) {
  KP_RETURN_IF_ERROR(CheckLine("household.title", household.title(), /*required=*/true));
  KP_ASSIGN_OR_RETURN(const base::Date start,
                      dossier::ParseDay("household.start_date", household.start_date()));
  if (start - today > kMaxDaysAhead) {
    return InvalidField("household.start_date", "be at most a year from today");
  }
  if (!household.end_date().empty()) {
    return InvalidField("household.end_date", "be empty: ending it is an act of its own");
  }
  if (household.members().empty()) return InvalidField("household.members", "not be empty");
  std::vector<std::string> members;
  members.reserve(household.members_size());
  for (const std::string& name : household.members()) {
    const std::string id = PersonOf(facts, name);
    if (id.empty() || std::find(members.begin(), members.end(), id) != members.end()) {
      return InvalidField("household.members", "be persons of this family, each once");
    }
    members.push_back(id);
  }
  return CheckAboutExactly("household", household.label(), std::move(members));
}

absl::Status CheckAddress(const v1::SetAddressRequest& req, const v1::Household& household,
                          const FamilyFacts& facts) {
  const v1::Address& address = req.address();
  KP_RETURN_IF_ERROR(CheckLine("address.street", address.street(), /*required=*/true));
  KP_RETURN_IF_ERROR(CheckLine("address.city", address.city(), /*required=*/true));
  const std::string& country = address.country();
  if (!country.empty() && (country.size() != 2 || !absl::ascii_isupper(country[0]) ||
                           !absl::ascii_isupper(country[1]))) {
    return InvalidField("address.country", "be two capitals, as NL or BE");
  }
  if (country.empty() || country == "NL") {
    if (!IsPostcode(address.postcode())) {
      return InvalidField("address.postcode", "be four digits, a space and two capitals");
    }
  } else {
    KP_RETURN_IF_ERROR(CheckLine("address.postcode", address.postcode(), /*required=*/true));
  }
  if (!dossier::IsComplete(address.label())) return dossier::errors::NoLabel();
  const common::v1::About& about = address.label().about();
  if (about.family()) {
    return InvalidField("address.label.about", "name who lives there, and not the family");
  }
  bool adult = false, adult_lives_there = false;
  for (const std::string& id : about.persons()) {
    const std::string name = PersonName(facts.id(), id);
    if (std::find(household.members().begin(), household.members().end(), name) ==
        household.members().end()) {
      return InvalidField("address.label.about", "name persons who live there");
    }
    adult = adult || IsAdult(facts, id);
  }
  for (const std::string& name : household.members()) {
    adult_lives_there = adult_lives_there || IsAdult(facts, PersonOf(facts, name));
  }
  if (adult_lives_there && !adult && !req.known_to_all()) return errors::AddressWouldBeShared();
  if (req.known_to_all() && adult) {
    return InvalidField("known_to_all", "not be set when the address is about an adult");
  }
  return absl::OkStatus();
}

absl::Status CheckContact(const v1::Contact& contact) {
  if (!contact.phone().empty() && !IsPhone(contact.phone())) {
    return InvalidField("contact.phone",
                        "be digits, spaces and hyphens, with + in front if at all");
  }
  if (!contact.email().empty() && !IsEmail(contact.email())) {
    return InvalidField("contact.email", "look like name@example.nl");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("contact.email", contact.email(),
                                           {.required = false, .one_line = true}));
  if (!v1::ContactChannel_IsValid(contact.channel())) {
    return InvalidField("contact.channel", "be one that is known");
  }
  KP_RETURN_IF_ERROR(CheckLine("contact.how", contact.how(), /*required=*/false));
  KP_RETURN_IF_ERROR(CheckLine("contact.when", contact.when(), /*required=*/false));
  const bool phone = contact.channel() == v1::CONTACT_CHANNEL_PHONE ||
                     contact.channel() == v1::CONTACT_CHANNEL_TEXT_MESSAGE;
  if (phone && contact.phone().empty()) {
    return InvalidField("contact.phone", "be there for who prefers it");
  }
  if (contact.channel() == v1::CONTACT_CHANNEL_EMAIL && contact.email().empty()) {
    return InvalidField("contact.email", "be there for who prefers it");
  }
  if (contact.channel() == v1::CONTACT_CHANNEL_THROUGH_SOMEBODY && contact.how().empty()) {
    return InvalidField("contact.how", "say through whom");
  }
  if (contact.interpreter_needed() && contact.language().empty()) {
    return InvalidField("contact.language", "be there when an interpreter is needed");
  }
  if (!contact.language().empty() && !IsLanguage(contact.language())) {
    return InvalidField("contact.language", "be a language tag, as ar, ti or nl-x-ngt");
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::family
