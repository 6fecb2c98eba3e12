#include "security/policy/words.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace knooppunt::policy {
namespace {

struct EnumWord {
  int value;
  absl::string_view nl;
  absl::string_view en;
};

constexpr EnumWord kFunctions[] = {
    {common::v1::FUNCTION_INTERN_BEGELEIDER, "intern begeleider", "school care lead (IB)"},
    {common::v1::FUNCTION_CARE_COORDINATOR, "zorgcoördinator", "care coordinator"},
    {common::v1::FUNCTION_JGZ_NURSE, "jeugdverpleegkundige", "youth nurse"},
    {common::v1::FUNCTION_JGZ_DOCTOR, "jeugdarts", "youth doctor"},
    {common::v1::FUNCTION_MUNICIPAL_CONSULTANT, "consulent", "municipal consultant"},
    {common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER, "schoolmaatschappelijk werker",
     "school social worker"},
    {common::v1::FUNCTION_YOUTH_CARE_WORKER, "jeugdhulpverlener", "youth care worker"},
    {common::v1::FUNCTION_PRIVACY_OFFICER, "functionaris gegevensbescherming", "privacy officer"},
    {common::v1::FUNCTION_ADMINISTRATOR, "beheerder", "administrator"},
    {common::v1::FUNCTION_MANDATE_HOLDER, "mandaathouder", "mandate holder"},
    {common::v1::FUNCTION_ALDERMAN, "wethouder", "alderman"},
    {common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR, "directeur van het samenwerkingsverband",
     "director of the samenwerkingsverband"},
    {common::v1::FUNCTION_INSTITUTE_DIRECTOR, "directeur van de instelling (mbo)",
     "director of the institute (vocational)"},
};

constexpr EnumWord kCompartments[] = {
    {common::v1::COMPARTMENT_EDUCATION, "onderwijs", "education"},
    {common::v1::COMPARTMENT_FAMILY, "gezin", "family"},
    {common::v1::COMPARTMENT_CARE, "hulp en ondersteuning", "care and support"},
    {common::v1::COMPARTMENT_HEALTH, "gezondheid", "health"},
    {common::v1::COMPARTMENT_SAFETY, "veiligheid", "safety"},
};

constexpr EnumWord kPurposes[] = {
    {common::v1::PURPOSE_COORDINATION, "samenwerken rond het kind",
     "working together around the child"},
    {common::v1::PURPOSE_OWN_RECORD, "het eigen dossier van de organisatie",
     "the organisation's own record"},
    {common::v1::PURPOSE_HANDOVER, "een warme overdracht", "a warm handover"},
    {common::v1::PURPOSE_OWN_FILE, "inzage in het eigen dossier", "seeing one's own file"},
    {common::v1::PURPOSE_AUDIT, "controle van het logboek", "reviewing the log"},
    {common::v1::PURPOSE_ADMINISTRATION, "beheer", "administration"},
    {common::v1::PURPOSE_EMERGENCY, "noodtoegang bij een stap van de Meldcode",
     "emergency access at a step of the Meldcode"},
};

constexpr EnumWord kRegimes[] = {
    {common::v1::REGIME_EDUCATION, "onderwijswetten", "education law"},
    {common::v1::REGIME_YOUTH_CARE, "Jeugdwet", "Jeugdwet"},
    {common::v1::REGIME_HEALTH, "Wpg en WGBO", "Wpg and WGBO"},
    {common::v1::REGIME_MUNICIPAL, "gemeentelijke taken", "municipal tasks"},
};

constexpr EnumWord kKinds[] = {
    {common::v1::ORGANISATION_KIND_MUNICIPALITY, "gemeente", "municipality"},
    {common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_PO, "samenwerkingsverband PO",
     "samenwerkingsverband, primary"},
    {common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_VO, "samenwerkingsverband VO",
     "samenwerkingsverband, secondary"},
    {common::v1::ORGANISATION_KIND_YOUTH_HEALTH, "jeugdgezondheidszorg", "youth health care"},
    {common::v1::ORGANISATION_KIND_SCHOOL_BOARD, "schoolbestuur", "school board"},
    {common::v1::ORGANISATION_KIND_CHILDCARE, "kinderopvang", "childcare"},
    {common::v1::ORGANISATION_KIND_YOUTH_CARE_PROVIDER, "jeugdhulpaanbieder",
     "youth care provider"},
    {common::v1::ORGANISATION_KIND_SOCIAL_WORK, "maatschappelijk werk", "social work"},
    {common::v1::ORGANISATION_KIND_CJG, "Centrum voor Jeugd en Gezin", "CJG"},
};

constexpr EnumWord kFamilyRoles[] = {
    {access::v1::FAMILY_ROLE_CHILD, "kind of jongere", "child or youth"},
    {access::v1::FAMILY_ROLE_PARENT, "ouder", "parent"},
    {access::v1::FAMILY_ROLE_GUARDIAN, "voogd", "guardian"},
    {access::v1::FAMILY_ROLE_OTHER, "ander gezinslid", "other family member"},
};

constexpr EnumWord kSeatRoles[] = {
    {access::v1::SEAT_ROLE_WERKPLAATS, "werkplaats", "werkplaats"},
    {access::v1::SEAT_ROLE_CORE_PARTNER, "kernpartner", "core partner"},
    {access::v1::SEAT_ROLE_AD_HOC, "erbij gehaald", "brought in"},
    {access::v1::SEAT_ROLE_FAMILY, "gezin", "family"},
    {access::v1::SEAT_ROLE_RECEIVER, "ontvanger van een overdracht", "receiver of a handover"},
};

constexpr EnumWord kPlaces[] = {
    {v1::PLACE_NONE, "geen plaats nodig", "no place needed"},
    {v1::PLACE_SEAT, "aan tafel", "at the table"},
    {v1::PLACE_INVITED, "uitgenodigd", "invited"},
    {v1::PLACE_REGISSEUR, "regisseur", "regisseur"},
    {v1::PLACE_WERKPLAATS, "van de werkplaats", "of the werkplaats"},
    {v1::PLACE_ONCE, "zit of zat aan tafel", "sits or sat at the table"},
    {v1::PLACE_RECEIVER, "ontvanger van een overdracht", "receiver of a handover"},
    {v1::PLACE_ANY, "bij elk gezin, ook zonder plaats", "any family, seat or not"},
    {v1::PLACE_EMERGENCY, "met open noodtoegang", "with emergency access open"},
    {v1::PLACE_REVIEWER, "aangewezen beoordelaar", "appointed reviewer"},
    {v1::PLACE_DECIDER, "beslist over een escalatie", "decides on an escalation"},
    {v1::PLACE_RESPONSIBLE, "van de waarnemende organisatie die verantwoordelijk werd",
     "of the stand-in's organisation that became responsible"},
    {v1::PLACE_GRACE, "verzender, in de nazorg na een overdracht",
     "sending side, in the grace after a handover"},
    {v1::PLACE_BY_FUNCTION, "voor de organisatie die de casus houdt nu niemand over is",
     "for the organisation that holds the case now that nobody is left"},
};

struct PermissionWord {
  absl::string_view permission;
  absl::string_view nl;
  absl::string_view en;
};

constexpr PermissionWord kPermissions[] = {
    {"family.search", "zoeken of er al een dossier is", "search whether there is a case"},
    {"case.open", "een casus openen", "open a case"},
    {"case.read", "de casus lezen", "read the case"},
    {"case.list", "de eigen casussen zien", "list one's own cases"},
    {"case.invite", "iemand aan tafel uitnodigen", "invite somebody to the table"},
    {"case.join", "plaatsnemen aan tafel", "take a seat at the table"},
    {"case.end-seat", "een plaats aan tafel beëindigen", "end a seat"},
    {"case.appoint", "een regisseur benoemen", "appoint the regisseur"},
    {"case.close", "de casus afsluiten", "close the case"},
    {"case.reopen", "de casus heropenen", "reopen the case"},
    {"responsibility.read", "zien wie het is en hoe die te bereiken is, als verantwoordelijke",
     "see who it is and how to reach them, as who is responsible"},
    {"escalation.raise", "een vastgelopen casus voorleggen aan wie mag doorzetten",
     "put a stuck case to who may decide"},
    {"escalation.decide", "beslissen over wat is voorgelegd", "decide on what was put to one"},
    {"absence.write", "een thuiszitter melden en de weg terug volgen",
     "report a child out of school and follow the way back"},
    {"case.steer", "de fase en de volgende evaluatie bepalen", "set the phase and the next review"},
    {"case.deputise", "een waarnemer aanwijzen", "name a deputy"},
    {"case.take-over", "een casus overnemen waarvan niemand over is",
     "take over a case of which nobody is left"},
    {"plan.read", "het plan lezen", "read the plan"},
    {"plan.write", "aan het plan werken", "work on the plan"},
    {"plan.react", "iets in het plan bevestigen of tegenspreken",
     "confirm or dispute something in the plan"},
    {"plan.export", "het plan als document meenemen", "take the plan along as a document"},
    {"contribution.write", "een bijdrage toevoegen", "add a contribution"},
    {"document.read", "documenten lezen", "read documents"},
    {"document.write", "documenten en nieuwe versies toevoegen", "add documents and versions"},
    {"document.withdraw", "een eigen document intrekken", "withdraw one's own document"},
    {"meeting.write", "een overleg plannen en afronden", "plan and conclude a meeting"},
    {"meeting.confirm", "de uitkomst van een overleg bevestigen", "confirm a meeting's outcome"},
    {"meeting.arrange", "een overleg voorbereiden: uitnodigen, plaats, tijd en volgorde",
     "prepare a meeting: invite, place, time and order"},
    {"meeting.read", "uitnodigingen en de agenda lezen", "read invitations and the agenda"},
    {"meeting.answer", "een uitnodiging beantwoorden", "answer an invitation"},
    {"meeting.react", "een verslag bevestigen of tegenspreken", "confirm or dispute minutes"},
    {"agenda.write", "een punt op de agenda zetten en verslag doen",
     "put an item on the agenda and record minutes"},
    {"sitting.plan", "een zitting van de werkplaats plannen", "plan a sitting of the werkplaats"},
    {"sitting.read", "een zitting zien: de eigen casussen", "see a sitting: one's own cases"},
    {"step.write", "afspraken bijwerken", "update steps"},
    {"step.react", "een afspraak bevestigen of tegenspreken", "confirm or dispute a step"},
    {"step.decide", "beslissen over middelen van de organisatie",
     "decide on the organisation's means"},
    {"record.read", "het eigen dossier van de organisatie lezen",
     "read the organisation's own record"},
    {"consent.propose", "om toestemming vragen", "ask for consent"},
    {"consent.sign", "toestemming geven of weigeren", "give or refuse consent"},
    {"consent.withdraw", "toestemming intrekken", "withdraw consent"},
    {"consent.read", "toestemmingen bekijken", "see consents"},
    {"consent.record", "toestemming op papier of in gesprek vastleggen",
     "record consent given on paper or in person"},
    {"consent.read-scan", "een getekend papier inzien", "see a signed paper"},
    {"consent.who-must-agree", "nagaan wie moet instemmen", "see who must agree"},
    {"ground.invoke", "een andere grond dan toestemming inroepen",
     "invoke a ground other than consent"},
    {"ground.end", "een ingeroepen grond beëindigen", "end a ground"},
    {"ground.tell", "vastleggen dat het gezin alsnog is verteld",
     "record that the family was told after all"},
    {"ground.review", "een ingeroepen grond beoordelen", "review a ground"},
    {"ground.read", "ingeroepen gronden bekijken", "see grounds"},
    {"emergency.open", "noodtoegang openen", "open emergency access"},
    {"emergency.review", "noodtoegang beoordelen", "review emergency access"},
    {"emergency.list", "noodtoegang nagaan", "list emergency access"},
    {"person.read", "zien wie bij het gezin hoort", "see who belongs to the family"},
    {"person.write", "gezinsleden toevoegen en verbeteren", "add and correct family members"},
    {"person.history", "zien hoe gegevens eerder luidden", "see how records read before"},
    {"person.number", "een BSN-kenmerk vastleggen om dubbelen te vinden",
     "record a number for finding doubles"},
    {"gezag.write", "gezag vastleggen en beëindigen", "record and end gezag"},
    {"household.write", "huishoudens vastleggen", "record households"},
    {"address.read", "een adres lezen", "read an address"},
    {"address.write", "een adres vastleggen", "record an address"},
    {"contact.write", "vastleggen hoe iemand te bereiken is", "record how to reach somebody"},
    {"family.merge", "twee dossiers van één gezin samenvoegen", "merge two records of one family"},
    {"merge.list", "samenvoegingen zien", "see merges"},
    {"family.doubles", "nagaan of iemand dubbel staat", "find doubles"},
    {"request.record", "een AVG-verzoek indienen of aannemen", "make or take a request (AVG)"},
    {"request.read", "AVG-verzoeken lezen, en wie voor wat antwoordt",
     "read requests (AVG) and who answers for what"},
    {"request.list", "openstaande AVG-verzoeken zien", "list open requests (AVG)"},
    {"request.answer", "een AVG-verzoek behandelen en beantwoorden", "answer a request (AVG)"},
    {"request.withdraw", "een AVG-verzoek intrekken", "take a request (AVG) back"},
    {"handover.send", "een warme overdracht voorbereiden en aanbieden",
     "prepare and offer a handover"},
    {"handover.view", "een zienswijze geven bij een overdracht", "give a view on a handover"},
    {"handover.receive", "een warme overdracht ontvangen", "receive a handover"},
    {"handover.converse", "het overdrachtsgesprek vastleggen", "record the conversation"},
    {"handover.read", "een warme overdracht lezen", "read a handover"},
    {"handover.receipt", "het ontvangstbewijs van een overdracht lezen",
     "read the receipt of a handover"},
    {"archive.import", "een overdracht van een andere installatie overnemen",
     "take in a handover of another installation"},
    {"archive.accept", "een overgenomen overdracht aannemen of teruggeven",
     "accept or return a handover that was taken in"},
    {"handover.due", "het overzicht van overdrachten lezen", "read the overview of handovers"},
    {"directory.read", "de sociale kaart lezen", "read the directory"},
    {"directory.write", "mensen en organisaties beheren", "administer people and organisations"},
    {"employment.end", "een dienstverband beëindigen", "end an employment"},
    {"mandate.write", "mandaten geven en intrekken", "issue and revoke mandates"},
    {"mandate.delegate", "een mandaat doorgeven", "delegate a mandate"},
    {"audit.read", "het logboek lezen", "read the log"},
    {"audit.verify", "controleren of het logboek heel is", "verify the log"},
    {"audit.ask", "vragen waarom iemand keek", "ask why somebody looked"},
    {"question.list", "zien welke vragen over het logboek wachten op de eigen organisatie",
     "see which questions about the log wait for one's organisation"},
    {"question.answer", "een vraag over het logboek beantwoorden",
     "answer a question about the log"},
    {"access.explain", "uitleg vragen over toegang", "ask for an explanation of access"},
    {"worklist.read", "de eigen werklijst en berichten zien", "see one's own worklist and inbox"},
    {"worklist.mark", "een eigen bericht als gelezen aanmerken", "mark a notice of one's own"},
    {"framework.read", "lezen wie wat draagt", "read who carries what"},
    {"profile.write", "het profiel van een werkplaats bijhouden",
     "keep the profile of a werkplaats"},
    {"werkplaats.close", "laten weten dat een werkplaats sluit", "say that a werkplaats closes"},
    {"policy.read", "dit beleid lezen", "read this policy"},
    {"policy.simulate", "een wijziging van het beleid doorrekenen", "simulate a change"},
    {"session.end", "uitloggen", "log out"},
};

template <typename E, size_t N>
std::string Find(const EnumWord (&words)[N], E value, Language language) {
  const auto* found = std::find_if(std::begin(words), std::end(words),
                                   [&](const EnumWord& w) { return w.value == value; });
  if (found == std::end(words)) {
    const auto* known = google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(value);
    return known != nullptr ? known->name() : absl::StrCat(static_cast<int>(value));
  }
  return std::string(language == Language::kDutch ? found->nl : found->en);
}

}  // namespace

std::string WordFor(common::v1::Function function, Language language) {
  return Find(kFunctions, function, language);
}
std::string WordFor(common::v1::Compartment compartment, Language language) {
  return Find(kCompartments, compartment, language);
}
std::string WordFor(common::v1::Purpose purpose, Language language) {
  return Find(kPurposes, purpose, language);
}
std::string WordFor(common::v1::Regime regime, Language language) {
  return Find(kRegimes, regime, language);
}
std::string WordFor(common::v1::OrganisationKind kind, Language language) {
  return Find(kKinds, kind, language);
}
std::string WordFor(access::v1::FamilyRole role, Language language) {
  return Find(kFamilyRoles, role, language);
}
std::string WordFor(access::v1::SeatRole role, Language language) {
  return Find(kSeatRoles, role, language);
}
std::string WordFor(v1::Place place, Language language) { return Find(kPlaces, place, language); }

std::string PermissionWords(absl::string_view permission, Language language) {
  const auto* found =
      std::find_if(std::begin(kPermissions), std::end(kPermissions),
                   [&](const PermissionWord& w) { return w.permission == permission; });
  if (found == std::end(kPermissions)) return "";
  return std::string(language == Language::kDutch ? found->nl : found->en);
}

}  // namespace knooppunt::policy
