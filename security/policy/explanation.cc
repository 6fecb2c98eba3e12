#include "security/policy/explanation.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace knooppunt::policy {
namespace {

using access::v1::Voice;

// The sentences of one link. "$0" is the link's value. What is about a family member has no
// sentence of a professional's: `user` speaks to them too.
struct Sentences {
  absl::string_view kind;
  absl::string_view code;
  absl::string_view user_nl;
  absl::string_view user_en;
  absl::string_view family_nl;
  absl::string_view family_en;
  absl::string_view auditor_nl;
  absl::string_view auditor_en;
};

constexpr Sentences kAboutPersons[] = {
    {"person", "stranger", "Dit bestaat niet, of het is niet voor u.",
     "This does not exist, or it is not for you.", "Dit bestaat niet, of het is niet voor u.",
     "This does not exist, or it is not for you.", "geen betrokkene", "not concerned"},
    {"person", "logged-in", "U bent ingelogd zoals dit vraagt.", "You are logged in as this asks.",
     "Deze professional logt hiervoor in met twee factoren.",
     "This professional logs in with two factors for this.", "ingelogd op het vereiste niveau",
     "logged in at the required level"},
    {"person", "no-second-factor", "U bent niet met twee factoren ingelogd.",
     "You are not logged in with two factors.",
     "Deze professional is niet met twee factoren ingelogd.",
     "This professional is not logged in with two factors.", "geen tweede factor bij het inloggen",
     "no second factor at login"},
    {"person", "own-family", "Dit is uw eigen gezin: dat behandelt u niet zelf.",
     "This is your own family: you do not handle it yourself.",
     "Dit is het eigen gezin van deze professional.", "This is this professional's own family.",
     "eigen gezin (R21)", "own family (R21)"},
    {"person", "family-logged-in", "U bent ingelogd als lid van dit gezin.",
     "You are logged in as a member of this family.", "", "", "ingelogd als gezinslid",
     "logged in as a family member"},
    {"person", "low-assurance", "Log in met een hoger niveau (bijvoorbeeld DigiD met app).",
     "Log in at a higher level (DigiD with the app, for one).", "", "",
     "inlogniveau lager dan substantieel", "login below substantial"},
    {"person", "no-gezag",
     "U heeft nu geen gezag over het kind waar deze casus over gaat, of u bent jonger dan 12.",
     "You hold no gezag over the child of this case now, or you are under 12.", "", "",
     "geen gezag over een kind van de casus, of jonger dan 12",
     "no gezag over a child of the case, or under 12"},
    {"person", "family-label-not-covered", "Dit onderdeel gaat niet over u of uw kind.",
     "This part is not about you or your child.", "", "",
     "onderdeel gaat niet over deze persoon of een kind onder diens gezag",
     "part is not about this person or a child under their gezag"},
    {"organisation", "organisation", "U werkt voor een organisatie die wij kennen.",
     "You work for an organisation that we know.",
     "Deze professional werkt voor een organisatie die in de regio meedoet.",
     "This professional works for an organisation that takes part in the region.",
     "bekende organisatie", "known organisation"},
    {"organisation", "no-organisation", "Uw organisatie staat niet in de sociale kaart.",
     "Your organisation is not in the directory.",
     "De organisatie van deze professional doet niet mee in de regio.",
     "This professional's organisation does not take part in the region.", "organisatie onbekend",
     "organisation unknown"},
    {"organisation", "family-no-organisation",
     "U vraagt dit voor uzelf, niet namens een organisatie.",
     "You ask this for yourself, not for an organisation.", "", "",
     "handelt niet namens een organisatie", "acts for no organisation"},
    {"function", "function", "U bent er vandaag $0.", "You are $0 there today.",
     "Deze professional is daar vandaag $0.", "This professional is $0 there today.",
     "functie geldt: $0", "function holds: $0"},
    {"function", "no-function", "Uw functie bij deze organisatie geldt vandaag niet.",
     "Your function at this organisation does not hold today.",
     "De functie van deze professional bij de organisatie geldt vandaag niet (meer).",
     "This professional's function at the organisation does not hold today (any longer).",
     "functie geldt niet op de datum van de beslissing",
     "function does not hold on the date of the decision"},
    {"function", "family-role", "In dit gezin bent u: $0.", "In this family you are: $0.", "", "",
     "rol in het gezin: $0", "role in the family: $0"},
};

constexpr Sentences kAboutTheTable[] = {
    {"seat", "seated", "U zit bij deze casus aan tafel.", "You sit at the table of this case.",
     "Deze professional zit bij uw casus aan tafel.",
     "This professional sits at the table of your case.", "plaats aan tafel", "seat at the table"},
    {"seat", "regisseur", "U bent regisseur van deze casus.", "You are regisseur of this case.",
     "Deze professional is regisseur van uw casus.", "This professional is regisseur of your case.",
     "regisseur van de casus", "regisseur of the case"},
    {"seat", "invited", "U bent uitgenodigd en zit nog niet aan tafel.",
     "You are invited and do not sit at the table yet.",
     "Deze professional is uitgenodigd en zit nog niet aan tafel.",
     "This professional is invited and does not sit at the table yet.", "uitgenodigd", "invited"},
    {"seat", "seat-ended", "Uw plaats aan tafel is beëindigd.", "Your seat has ended.",
     "De plaats van deze professional aan tafel is beëindigd.",
     "This professional's seat has ended.", "plaats aan tafel beëindigd", "seat ended"},
    {"seat", "no-seat", "U zit niet (meer) aan tafel bij deze casus in een rol die dit mag.",
     "You do not (any longer) sit at the table of this case in a role that may do this.",
     "Deze professional zit niet (meer) aan tafel bij uw casus in een rol die dit mag.",
     "This professional does not (any longer) sit at the table of your case in a role that may do "
     "this.",
     "geen plaats aan tafel die dit toestaat", "no seat that allows this"},
    {"seat", "seat-not-needed", "Hiervoor is geen plaats aan tafel nodig.",
     "This needs no seat at a table.", "Hiervoor is geen plaats aan tafel nodig.",
     "This needs no seat at a table.", "geen plaats vereist", "no seat required"},
    {"seat", "family-seat", "U zit zelf aan tafel.", "You sit at the table yourself.", "", "",
     "plaats aan tafel als gezinslid", "seat as a family member"},
    {"seat", "family-seat-not-needed",
     "U hoeft hiervoor niet aan tafel te zitten: het gaat over uw gezin.",
     "You need no seat for this: it is about your family.", "", "",
     "geen plaats vereist voor gezinsleden", "no seat required of family members"},
    {"mandate", "mandate", "U heeft een mandaat van uw organisatie.",
     "You hold a mandate of your organisation.",
     "Deze professional mag namens de organisatie over bepaalde hulp beslissen.",
     "This professional may decide on certain help for the organisation.", "mandaat van kracht: $0",
     "mandate in force: $0"},
    {"mandate", "no-mandate",
     "U heeft geen mandaat; dat is alleen nodig om middelen van uw organisatie toe te zeggen.",
     "You hold no mandate; it is needed only to commit your organisation's means.",
     "Deze professional heeft geen mandaat; dat is alleen nodig om hulp toe te zeggen.",
     "This professional holds no mandate; it is needed only to commit help.",
     "geen mandaat, niet vereist voor deze handeling", "no mandate, not required for this act"},
    {"mandate", "family-no-mandate", "Een gezinslid heeft geen mandaat nodig.",
     "A family member needs no mandate.", "", "", "mandaat niet van toepassing",
     "mandate does not apply"},
};

constexpr Sentences kAboutSharing[] = {
    {"consent", "consent-covers", "Het gezin heeft toegestemd om dit met uw organisatie te delen.",
     "The family agreed to share this with your organisation.",
     "U of een ander gezinslid heeft toegestemd om dit met deze organisatie te delen.",
     "You or another family member agreed to share this with this organisation.",
     "toestemming van kracht: $0", "consent in force: $0"},
    {"consent", "consent-not-in-force",
     "Een toestemming voor uw organisatie geldt vandaag niet (meer).",
     "A consent for your organisation is not in force today (any longer).",
     "Een toestemming voor deze organisatie geldt vandaag niet (meer).",
     "A consent for this organisation is not in force today (any longer).",
     "toestemming niet van kracht: $0", "consent not in force: $0"},
    {"consent", "consent-purpose", "Een toestemming voor uw organisatie is voor een ander doel.",
     "A consent for your organisation is for another purpose.",
     "Een toestemming voor deze organisatie is voor een ander doel.",
     "A consent for this organisation is for another purpose.",
     "toestemming voor een ander doel: $0", "consent for another purpose: $0"},
    {"consent", "consent-elsewhere",
     "Een toestemming voor uw organisatie geldt voor iets anders dan dit.",
     "A consent for your organisation covers something other than this.",
     "Een toestemming voor deze organisatie geldt voor iets anders dan dit.",
     "A consent for this organisation covers something other than this.",
     "toestemming dekt dit niet: $0", "consent does not cover this: $0"},
    {"consent", "no-consent", "Er is geen toestemming om met uw organisatie te delen.",
     "There is no consent for sharing with your organisation.",
     "U heeft geen toestemming gegeven om met deze organisatie te delen.",
     "You gave no consent for sharing with this organisation.", "geen toestemming", "no consent"},
    {"consent", "no-sharing",
     "Er is nu geen toestemming of andere grond om met uw organisatie te delen voor dit doel.",
     "No consent or other ground is in force for sharing with your organisation for this purpose.",
     "Er is nu geen toestemming of andere grond om met deze organisatie te delen voor dit doel.",
     "No consent or other ground is in force for sharing with this organisation for this purpose.",
     "geen toestemming of andere grond voor dit doel",
     "no consent or other ground for this purpose"},
    {"consent", "label-not-covered",
     "Uw organisatie heeft geen grond om dit onderdeel over deze personen vast te leggen.",
     "Your organisation has no ground to record this compartment about these persons.",
     "De organisatie van deze professional heeft geen grond om dit over deze personen vast te "
     "leggen.",
     "This professional's organisation has no ground to record this about these persons.",
     "etiket niet gedekt", "label not covered"},
    {"consent", "consent-not-needed", "Hiervoor is geen toestemming nodig.",
     "This needs no consent.", "Hiervoor is geen toestemming nodig.", "This needs no consent.",
     "geen toestemming vereist", "no consent required"},
    {"consent", "family-no-consent", "Voor uw eigen dossier is geen toestemming nodig.",
     "Your own file needs no consent.", "", "", "geen toestemming vereist voor het eigen dossier",
     "no consent required for one's own file"},
    {"ground", "own-ground", "Uw organisatie houdt haar eigen dossier bij, als wettelijke taak.",
     "Your organisation keeps its own record, as a task in law.",
     "De organisatie houdt haar eigen dossier bij; dat moet zij van de wet.",
     "The organisation keeps its own record; the law asks it to.", "eigen grond: $0",
     "own ground: $0"},
    {"ground", "ground-covers", "Er is een andere wettelijke grond dan toestemming.",
     "There is a ground in law other than consent.",
     "De wet geeft hier een andere grond dan uw toestemming.",
     "The law gives a ground other than your consent here.", "grond: $0", "ground: $0"},
    {"ground", "escalation", "Deze vraag is aan u voorgelegd om te beslissen.",
     "This question was put to you to decide.",
     "Deze vraag is voorgelegd aan wie mag beslissen; die ziet alleen wat is voorgelegd.",
     "This question was put to who may decide; they see only what was put to them.",
     "escalatie: $0", "escalation: $0"},
    {"ground", "emergency", "Uw noodtoegang is open.", "Your emergency access is open.",
     "Deze professional heeft noodtoegang, voor enkele uren; iemand anders beoordeelt dat.",
     "This professional has emergency access, for some hours; somebody else reviews it.",
     "noodtoegang open: $0", "emergency access open: $0"},
    {"ground", "responsible", "Uw organisatie is nu verantwoordelijk: u ziet alleen wie, en hoe.",
     "Your organisation is responsible now: you see only who, and how to reach them.",
     "De organisatie van de waarnemer is nu verantwoordelijk; zij ziet alleen wie het is en hoe "
     "die "
     "te bereiken is.",
     "The stand-in's organisation is responsible now; it sees only who it is and how to reach "
     "them.",
     "verantwoordelijk geworden (R16): $0", "became responsible (R16): $0"},
    {"ground", "no-ground", "Er is geen andere grond dan toestemming.",
     "There is no ground other than consent.", "Er is geen andere grond dan uw toestemming.",
     "There is no ground other than your consent.", "geen andere grond", "no other ground"},
    {"ground", "family-right", "U heeft recht op inzage in uw eigen dossier.",
     "You have a right to see your own file.", "", "", "recht van betrokkene (art. 15 AVG)",
     "right of the data subject (art. 15 GDPR)"},
};

constexpr Sentences kAboutRules[] = {
    {"rule", "allowed", "De regel staat dit toe.", "The rule allows this.",
     "De afgesproken regels staan dit toe.", "The rules agreed on allow this.", "regel $0",
     "rule $0"},
    {"rule", "no-rule-for-function", "Uw functie mag dit niet.", "Your function may not do this.",
     "De functie van deze professional mag dit niet.",
     "This professional's function may not do this.", "geen regel voor deze functie: $0",
     "no rule for this function: $0"},
    {"rule", "no-rule-for-purpose", "Voor dit doel mag dit niet.",
     "This is not allowed for this purpose.", "Voor dit doel mag dit niet.",
     "This is not allowed for this purpose.", "geen regel voor dit doel: $0",
     "no rule for this purpose: $0"},
    {"rule", "no-rule-for-family", "Dit kan een gezinslid niet zelf doen.",
     "A family member cannot do this.", "", "", "geen regel voor gezinsleden: $0",
     "no rule for family members: $0"},
    {"rule", "no-rule", "Niemand mag dit: er is geen regel voor.",
     "Nobody may do this: there is no rule for it.", "Niemand mag dit: er is geen regel voor.",
     "Nobody may do this: there is no rule for it.", "geen regel: $0", "no rule: $0"},
    {"rule", "rule-not-reached", "Aan de regel zelf is niet toegekomen.",
     "The rule itself was not reached.", "Aan de regel zelf is niet toegekomen.",
     "The rule itself was not reached.", "regel niet bereikt: $0", "rule not reached: $0"},
};

// For a link without sentences of its own: the kind still says something true.
constexpr Sentences kHolds = {"", "", "Dit klopt.",  "This holds.",
                              "", "", "voldaan: $0", "holds: $0"};
constexpr Sentences kLacks = {"", "", "Dit ontbreekt.",   "This is lacking.",
                              "", "", "niet voldaan: $0", "does not hold: $0"};

struct Word {
  absl::string_view key;
  absl::string_view nl;
  absl::string_view en;
};

constexpr Word kKinds[] = {
    {"person", "Persoon", "Person"},     {"organisation", "Organisatie", "Organisation"},
    {"function", "Functie", "Function"}, {"seat", "Plaats aan tafel", "Place at the table"},
    {"mandate", "Mandaat", "Mandate"},   {"consent", "Toestemming", "Consent"},
    {"ground", "Grond", "Ground"},       {"rule", "Regel", "Rule"},
};

constexpr Word kRefusals[] = {
    {"no-second-factor", "er was niet met twee factoren ingelogd",
     "the login was not with two factors"},
    {"low-assurance", "er was niet veilig genoeg ingelogd", "the login was not safe enough"},
    {"no-function", "de functie geldt niet (meer)", "the function does not hold (any longer)"},
    {"own-family", "niemand behandelt het eigen gezin", "nobody handles their own family"},
    {"no-rule-for-function", "deze functie mag dit niet", "this function may not do this"},
    {"no-rule-for-purpose", "voor dit doel mag dit niet", "not for this purpose"},
    {"no-seat", "er is geen plaats aan tafel die dit toestaat", "no seat allows this"},
    {"no-sharing", "er is geen toestemming of andere grond om te delen",
     "no consent or other ground for sharing"},
    {"label-not-covered", "toestemming of grond dekt dit onderdeel niet",
     "no consent or ground covers this part"},
    {"not-of-this-family", "deze persoon hoort niet bij het gezin",
     "this person is not of the family"},
    {"no-rule-for-family", "een gezinslid kan dit niet zelf doen",
     "a family member cannot do this"},
    {"no-gezag", "er is geen gezag over dit kind", "no gezag over this child"},
    {"permit-for-another-call", "de beslissing hoorde bij een andere aanroep",
     "the decision belonged to another call"},
};
constexpr Word kRefusedOtherwise = {"", "geen regel staat dit toe", "no rule allows this"};

template <size_t N>
const Sentences* FindIn(const Sentences (&table)[N], absl::string_view kind,
                        absl::string_view code) {
  const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Sentences& s) {
    return s.kind == kind && s.code == code;
  });
  return found == std::end(table) ? nullptr : found;
}

const Sentences* Find(absl::string_view kind, absl::string_view code) {
  for (const Sentences* found :
       {FindIn(kAboutPersons, kind, code), FindIn(kAboutTheTable, kind, code),
        FindIn(kAboutSharing, kind, code), FindIn(kAboutRules, kind, code)}) {
    if (found != nullptr) return found;
  }
  return nullptr;
}

template <size_t N>
const Word* FindWord(const Word (&words)[N], absl::string_view key) {
  const auto* found =
      std::find_if(std::begin(words), std::end(words), [&](const Word& w) { return w.key == key; });
  return found == std::end(words) ? nullptr : found;
}

// A function or a role comes as its name in the contract.
std::string ValueInWords(const FoundLink& link, Language language) {
  common::v1::Function function;
  if (common::v1::Function_Parse(link.value, &function)) return WordFor(function, language);
  access::v1::FamilyRole role;
  if (access::v1::FamilyRole_Parse(link.value, &role)) return WordFor(role, language);
  return link.value;
}

std::string LinkText(const FoundLink& link, Voice voice, Language language) {
  const Sentences* own = Find(link.kind, link.code);
  const Sentences& s = own != nullptr ? *own : link.holds ? kHolds : kLacks;
  const bool nl = language == Language::kDutch;
  const std::string value = ValueInWords(link, language);
  const auto fill = [&](absl::string_view sentence) {
    return absl::StrReplaceAll(sentence, {{"$0", value}});
  };
  if (voice == access::v1::VOICE_AUDITOR) {
    const Word* kind = FindWord(kKinds, link.kind);
    const absl::string_view title = kind == nullptr ? "" : nl ? kind->nl : kind->en;
    return absl::StrCat(title, ": ", fill(nl ? s.auditor_nl : s.auditor_en),
                        link.holds ? ""
                        : nl       ? " (niet voldaan)"
                                   : " (does not hold)",
                        ".");
  }
  const absl::string_view family = nl ? s.family_nl : s.family_en;
  if (voice == access::v1::VOICE_FAMILY && !family.empty()) return fill(family);
  return fill(nl ? s.user_nl : s.user_en);
}

std::string FormalText(const Outcome& outcome, const Asked& asked, Language language) {
  const bool nl = language == Language::kDutch;
  std::string text = absl::StrCat(
      nl ? "Beslissing: " : "Decision: ",
      outcome.allowed ? (nl ? "toegestaan" : "allowed") : (nl ? "geweigerd" : "refused"));
  absl::StrAppend(&text, nl ? "; handeling " : "; act ", asked.permission);
  absl::StrAppend(&text, nl ? "; doel: " : "; purpose: ", WordFor(asked.purpose, language));
  absl::StrAppend(&text, nl ? "; regel " : "; rule ", outcome.rule);
  absl::StrAppend(&text, nl ? "; beleid " : "; policy ", asked.policy_sha256);
  absl::StrAppend(&text, nl ? "; rust op: " : "; rests on: ",
                  outcome.bases.empty()
                      ? (nl ? "geen toestemming of grond" : "no consent or ground")
                      : absl::StrJoin(outcome.bases, ", "),
                  ".");
  for (const FoundLink& link : outcome.chain) {
    absl::StrAppend(&text, " ", LinkText(link, access::v1::VOICE_AUDITOR, language));
  }
  return text;
}

// Which links carry an answer: of a refusal those on which it fell; of a permission those about
// this case, as what merely holds for everybody says little.
bool Carries(const FoundLink& link, bool allowed) {
  if (!allowed) return link.decisive && !link.holds;
  return link.holds && (link.kind == "seat" || link.kind == "consent" || link.kind == "ground" ||
                        link.kind == "rule");
}

absl::string_view Answer(bool allowed, bool then, bool nl) {
  if (then && allowed) return nl ? "Ja, dit mocht toen." : "Yes, this was allowed then.";
  if (then) return nl ? "Nee, dit mocht toen niet." : "No, this was not allowed then.";
  if (allowed) return nl ? "Ja, dit mag nu." : "Yes, this is allowed now.";
  return nl ? "Nee, dit mag nu niet." : "No, this is not allowed now.";
}

std::string PlainText(const Outcome& outcome, Voice voice, bool then, Language language) {
  std::string text(Answer(outcome.allowed, then, language == Language::kDutch));
  std::vector<std::string> said;
  for (const FoundLink& link : outcome.chain) {
    if (!Carries(link, outcome.allowed)) continue;
    std::string sentence = LinkText(link, voice, language);
    if (std::find(said.begin(), said.end(), sentence) != said.end()) continue;
    absl::StrAppend(&text, " ", sentence);
    said.push_back(std::move(sentence));
  }
  return text;
}

}  // namespace

access::v1::ChainLink LinkInWords(const FoundLink& link, Voice voice) {
  access::v1::ChainLink out;
  out.set_kind(link.kind);
  out.set_value(link.value);
  out.set_holds(link.holds);
  out.set_text_nl(LinkText(link, voice, Language::kDutch));
  out.set_text_en(LinkText(link, voice, Language::kEnglish));
  return out;
}

Explanation Explain(const Outcome& outcome, Voice voice, const Asked& asked) {
  Explanation out;
  out.chain.reserve(outcome.chain.size());
  for (const FoundLink& link : outcome.chain) out.chain.push_back(LinkInWords(link, voice));
  if (voice == access::v1::VOICE_AUDITOR) {
    out.text_nl = FormalText(outcome, asked, Language::kDutch);
    out.text_en = FormalText(outcome, asked, Language::kEnglish);
  } else {
    out.text_nl = PlainText(outcome, voice, asked.then, Language::kDutch);
    out.text_en = PlainText(outcome, voice, asked.then, Language::kEnglish);
  }
  return out;
}

std::string RefusalClause(absl::string_view word, Language language) {
  const Word* found = FindWord(kRefusals, word);
  const Word& clause = found == nullptr ? kRefusedOtherwise : *found;
  return std::string(language == Language::kDutch ? clause.nl : clause.en);
}

bool HasSentences(absl::string_view kind, absl::string_view code) {
  return Find(kind, code) != nullptr;
}

}  // namespace knooppunt::policy
