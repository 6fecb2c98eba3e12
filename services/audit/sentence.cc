#include "services/audit/sentence.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "security/policy/explanation.h"

namespace knooppunt::audit_service {
namespace {

using audit::v1::RecordAbout;
using audit::v1::RecordWho;

constexpr char kAccess[] = "knooppunt.access.v1.AccessService";
constexpr char kDirectory[] = "knooppunt.directory.v1.DirectoryService";
constexpr char kAudit[] = "knooppunt.audit.v1.AuditService";
constexpr char kCasework[] = "knooppunt.casework.v1.CaseworkService";
constexpr char kEscalation[] = "knooppunt.casework.v1.EscalationService";
constexpr char kStep[] = "knooppunt.casework.v1.StepService";
constexpr char kOutOfSchool[] = "knooppunt.casework.v1.OutOfSchoolService";
constexpr char kConsent[] = "knooppunt.consent.v1.ConsentService";
constexpr char kFamily[] = "knooppunt.family.v1.FamilyService";
constexpr char kMerge[] = "knooppunt.family.v1.MergeService";
constexpr char kRequests[] = "knooppunt.requests.v1.RequestsService";
constexpr char kDocuments[] = "knooppunt.documents.v1.DocumentService";
constexpr char kHandover[] = "knooppunt.handover.v1.HandoverService";
constexpr char kArchive[] = "knooppunt.archive.v1.ArchiveService";
constexpr char kPlan[] = "knooppunt.plan.v1.PlanService";
constexpr char kMeetings[] = "knooppunt.meetings.v1.MeetingsService";
constexpr char kWorklist[] = "knooppunt.worklist.v1.WorklistService";
constexpr char kFramework[] = "knooppunt.directory.v1.FrameworkService";
constexpr char kWerkplaats[] = "knooppunt.directory.v1.WerkplaatsService";

// About the house: who works where, what may be, and what was recorded.
constexpr ActPhrase kHousePhrases[] = {
    {kAccess, "Explain", "vroeg", "waarom iets wel of niet mag",
     "vragen waarom iets wel of niet mag"},
    {kAccess, "EndSession", "logde", "uit", "uitloggen"},
    {kAccess, "GetPolicy", "las", "de regels over wie wat mag", "de regels over wie wat mag lezen"},
    {kAccess, "WhoMustAgree", "vroeg", "wie toestemming moet geven",
     "vragen wie toestemming moet geven"},
    {kAccess, "ListLapses", "bekeek", "welke toestemmingen binnenkort aflopen",
     "bekijken welke toestemmingen binnenkort aflopen"},
    {kAccess, "Simulate", "rekende", "een wijziging van de regels door",
     "een wijziging van de regels doorrekenen"},

    {kDirectory, "ImportDirectory", "werkte", "de lijst van organisaties bij",
     "de lijst van organisaties bijwerken"},
    {kDirectory, "CreateProfessional", "voegde", "een professional toe",
     "een professional toevoegen"},
    {kDirectory, "AssignFunction", "gaf", "een professional een functie",
     "een professional een functie geven"},
    {kDirectory, "EndEmployment", "beëindigde", "het dienstverband van een professional",
     "het dienstverband van een professional beëindigen"},
    {kDirectory, "IssueMandate", "gaf", "een professional een mandaat",
     "een professional een mandaat geven"},
    {kDirectory, "DelegateMandate", "gaf", "een mandaat door aan een collega",
     "een mandaat doorgeven aan een collega"},
    {kDirectory, "RevokeMandate", "trok", "een mandaat in", "een mandaat intrekken"},
    {kDirectory, "GetOrganisation", "bekeek", "een organisatie", "een organisatie bekijken"},
    {kDirectory, "ListOrganisations", "bekeek", "de lijst van organisaties",
     "de lijst van organisaties bekijken"},
    {kDirectory, "ListWerkplaatsen", "bekeek", "de lijst van werkplaatsen",
     "de lijst van werkplaatsen bekijken"},
    {kDirectory, "ListProfessionals", "bekeek", "de lijst van professionals",
     "de lijst van professionals bekijken"},

    {kFramework, "GetFramework", "las", "het afwegingskader", "het afwegingskader lezen"},
    {kFramework, "AssessFunding", "ging", "na wie een inzet draagt", "nagaan wie een inzet draagt"},
    {kWerkplaats, "GetWerkplaatsProfile", "bekeek", "het profiel van een werkplaats",
     "het profiel van een werkplaats bekijken"},
    {kWerkplaats, "UpdateWerkplaatsProfile", "werkte", "het profiel van een werkplaats bij",
     "het profiel van een werkplaats bijwerken"},
    {kWerkplaats, "ReplaceContact", "wees", "een contactpersoon van een werkplaats aan",
     "een contactpersoon van een werkplaats aanwijzen"},
    {kWerkplaats, "CloseWerkplaats", "legde", "vast dat een werkplaats sluit",
     "vastleggen dat een werkplaats sluit"},
    {kWerkplaats, "KeepWerkplaatsOpen", "legde", "vast dat een werkplaats toch niet sluit",
     "vastleggen dat een werkplaats toch niet sluit"},
    {kWerkplaats, "ListProfileGaps", "bekeek",
     "waar in de profielen van werkplaatsen iets ontbreekt",
     "bekijken waar in de profielen van werkplaatsen iets ontbreekt"},

    {kAudit, "ListRecords", "las", "het logboek", "het logboek lezen"},
    {kAudit, "ExplainRecord", "vroeg", "waarom een regel van het logboek mocht of niet",
     "vragen waarom een regel van het logboek mocht of niet"},
    {kAudit, "GetCheckpoint", "haalde", "een ijkpunt van het logboek op",
     "een ijkpunt van het logboek ophalen"},
    {kAudit, "ReadLog", "haalde", "het versleutelde logboek op om het te controleren",
     "het versleutelde logboek ophalen om het te controleren"},
    {kAudit, "ProveInclusion", "controleerde", "of een regel in het logboek staat",
     "controleren of een regel in het logboek staat"},
    {kAudit, "ProveConsistency", "controleerde", "of het logboek heel is gebleven",
     "controleren of het logboek heel is gebleven"},
    {kAudit, "AskWhy", "stelde", "een vraag over het logboek",
     "een vraag stellen over het logboek"},
    {kAudit, "ListQuestions", "las", "vragen over het logboek", "vragen over het logboek lezen"},
    {kAudit, "ListOpenQuestions", "bekeek", "welke vragen over het logboek openstaan",
     "bekijken welke vragen over het logboek openstaan"},
    {kAudit, "AnswerQuestion", "beantwoordde", "een vraag over het logboek",
     "een vraag over het logboek beantwoorden"},
};

// About a family's dossier.
constexpr ActPhrase kDossierPhrases[] = {
    {kWorklist, "ListWorklist", "bekeek", "de eigen werklijst", "de eigen werklijst bekijken"},
    {kWorklist, "WatchWorklist", "bekeek", "de eigen werklijst, die openstaat",
     "de eigen werklijst bekijken terwijl die openstaat"},
    {kWorklist, "ListInbox", "bekeek", "de eigen berichten", "de eigen berichten bekijken"},
    {kWorklist, "GetDigest", "bekeek", "hoeveel er op de eigen werklijst staat",
     "bekijken hoeveel er op de eigen werklijst staat"},
    {kWorklist, "MarkNotice", "las", "een bericht over het dossier",
     "een bericht over het dossier lezen"},
    {kDocuments, "UploadDocument", "stuurde", "(een deel van) een document",
     "een document toevoegen"},
    {kDocuments, "DownloadDocument", "las", "(een deel van) een document", "een document lezen"},
    {kDocuments, "GetDocument", "bekeek", "de gegevens van een document",
     "de gegevens van een document bekijken"},
    {kDocuments, "ListDocuments", "bekeek", "welke documenten er zijn",
     "bekijken welke documenten er zijn"},
    {kDocuments, "WithdrawDocument", "trok", "een document in", "een document intrekken"},
    {kCasework, "SearchFamilies", "zocht", "of er al een dossier is",
     "zoeken of er al een dossier is"},
    {kCasework, "OpenCase", "opende", "het dossier", "een dossier openen"},
    {kCasework, "GetCase", "las", "het dossier", "het dossier lezen"},
    {kCasework, "ListCases", "bekeek", "de lijst van dossiers", "de lijst van dossiers bekijken"},
    {kCasework, "InviteParticipant", "nodigde", "iemand uit om aan tafel te komen",
     "iemand uitnodigen om aan tafel te komen"},
    {kCasework, "JoinCase", "nam", "plaats aan tafel", "plaatsnemen aan tafel"},
    {kCasework, "EndSeat", "beëindigde", "een plaats aan tafel", "een plaats aan tafel beëindigen"},
    {kCasework, "ArrangeDeputy", "regelde", "waarneming aan tafel", "waarneming aan tafel regelen"},
    {kCasework, "TakeOverCase", "nam", "de casus over, omdat niemand van wie benoemd was er nog is",
     "de casus overnemen"},
    {kCasework, "AppointRegisseur", "benoemde", "een regisseur", "een regisseur benoemen"},
    {kCasework, "AddContribution", "voegde", "een bijdrage toe aan het dossier",
     "een bijdrage toevoegen aan het dossier"},
    {kCasework, "PlanMeeting", "plande", "een knooppuntoverleg", "een knooppuntoverleg plannen"},
    {kCasework, "ConcludeMeeting", "rondde", "een knooppuntoverleg af",
     "een knooppuntoverleg afronden"},
    {kCasework, "ConfirmOutcome", "bevestigde", "de uitkomst van een knooppuntoverleg",
     "de uitkomst van een knooppuntoverleg bevestigen"},
    {kCasework, "CompleteStep", "rondde", "een afspraak af", "een afspraak afronden"},
    {kCasework, "FollowUpStep", "maakte", "een vervolgafspraak", "een vervolgafspraak maken"},
    {kCasework, "DecideStep", "besliste", "over een voorgestelde afspraak",
     "beslissen over een voorgestelde afspraak"},
    {kCasework, "ReactToStep", "reageerde", "op een afspraak", "reageren op een afspraak"},
    {kCasework, "CloseCase", "sloot", "het dossier af", "het dossier afsluiten"},
    {kCasework, "ReopenCase", "heropende", "het dossier", "het dossier heropenen"},
    {kCasework, "MovePhase", "zette", "de volgende fase van de casus in",
     "de volgende fase van de casus inzetten"},
    {kCasework, "SetReview", "bepaalde", "wanneer de casus opnieuw wordt bekeken",
     "bepalen wanneer de casus opnieuw wordt bekeken"},
    {kCasework, "GetResponsibility", "bekeek",
     "wie het is en hoe die te bereiken is, als verantwoordelijke organisatie",
     "bekijken wie het is en hoe die te bereiken is"},
    {kStep, "EvaluateStep", "evalueerde", "een afspraak met het gezin",
     "een afspraak met het gezin evalueren"},
    {kStep, "CarryOverStep", "verschoof", "een afspraak naar een latere datum",
     "een afspraak naar een latere datum verschuiven"},
    {kStep, "ReassignStep", "gaf", "een afspraak aan iemand anders aan tafel",
     "een afspraak aan iemand anders aan tafel geven"},
    {kStep, "DropStep", "liet", "een afspraak vervallen", "een afspraak laten vervallen"},
    {kEscalation, "RaiseEscalation", "legde", "een vraag voor aan wie mag doorzetten",
     "een vraag voorleggen aan wie mag doorzetten"},
    {kEscalation, "WithdrawEscalation", "trok", "een voorgelegde vraag in",
     "een voorgelegde vraag intrekken"},
    {kEscalation, "ListEscalations", "bekeek", "de lijst van voorgelegde vragen",
     "de lijst van voorgelegde vragen bekijken"},
    {kEscalation, "GetEscalation", "las", "een voorgelegde vraag", "een voorgelegde vraag lezen"},
    {kEscalation, "TakeUpEscalation", "nam", "een voorgelegde vraag in behandeling",
     "een voorgelegde vraag in behandeling nemen"},
    {kEscalation, "DecideEscalation", "besliste", "over een voorgelegde vraag",
     "beslissen over een voorgelegde vraag"},
    {kOutOfSchool, "ReportOutOfSchool", "meldde", "dat een kind thuiszit",
     "melden dat een kind thuiszit"},
    {kOutOfSchool, "AdvanceOutOfSchool", "werkte", "de weg terug naar school bij",
     "de weg terug naar school bijwerken"},
    {kCasework, "ListOwnRecord", "las", "wat de eigen organisatie heeft vastgelegd",
     "lezen wat de eigen organisatie heeft vastgelegd"},

    {kPlan, "GetPlan", "las", "het plan", "het plan lezen"},
    {kPlan, "ListPlanChanges", "bekeek", "wat er in het plan is veranderd",
     "bekijken wat er in het plan is veranderd"},
    {kPlan, "ListPlanVersions", "las", "wat er eerder in het plan stond",
     "lezen wat er eerder in het plan stond"},
    {kPlan, "RenderPlan", "maakte", "een document van het plan om mee te nemen",
     "een document van het plan maken om mee te nemen"},
    {kPlan, "AddWish", "schreef", "een wens op in het plan", "een wens opschrijven in het plan"},
    {kPlan, "UpdateWish", "wijzigde", "een wens in het plan", "een wens in het plan wijzigen"},
    {kPlan, "AddGoal", "voegde", "een doel toe aan het plan", "een doel toevoegen aan het plan"},
    {kPlan, "UpdateGoal", "wijzigde", "een doel in het plan", "een doel in het plan wijzigen"},
    {kPlan, "EvaluateGoal", "legde", "vast hoe het met een doel gaat",
     "vastleggen hoe het met een doel gaat"},
    {kPlan, "AddAsset", "schreef", "in het plan wat er al is",
     "in het plan schrijven wat er al is"},
    {kPlan, "UpdateAsset", "wijzigde", "in het plan wat er al is",
     "in het plan wijzigen wat er al is"},
    {kPlan, "AddArrangement", "voegde", "een arrangement toe aan het plan",
     "een arrangement toevoegen aan het plan"},
    {kPlan, "UpdateArrangement", "wijzigde", "een arrangement in het plan",
     "een arrangement in het plan wijzigen"},
    {kPlan, "ReactToPlanItem", "reageerde", "op iets in het plan", "reageren op iets in het plan"},

    {kMeetings, "ArrangeMeeting", "bepaalde", "wanneer en waar een knooppuntoverleg is",
     "bepalen wanneer en waar een knooppuntoverleg is"},
    {kMeetings, "InviteToMeeting", "nodigde", "iemand uit voor een knooppuntoverleg",
     "iemand uitnodigen voor een knooppuntoverleg"},
    {kMeetings, "ListInvitations", "bekeek", "wie voor een knooppuntoverleg is uitgenodigd",
     "bekijken wie voor een knooppuntoverleg is uitgenodigd"},
    {kMeetings, "CheckInvitations", "ging",
     "na wat elke genodigde van een knooppuntoverleg zou zien",
     "nagaan wat elke genodigde van een knooppuntoverleg zou zien"},
    {kMeetings, "ListOwnInvitations", "bekeek", "de eigen uitnodigingen",
     "de eigen uitnodigingen bekijken"},
    {kMeetings, "AnswerInvitation", "beantwoordde", "een uitnodiging voor een knooppuntoverleg",
     "een uitnodiging voor een knooppuntoverleg beantwoorden"},
    {kMeetings, "WithdrawInvitation", "trok", "een uitnodiging voor een knooppuntoverleg in",
     "een uitnodiging voor een knooppuntoverleg intrekken"},
    {kMeetings, "GetAgenda", "las", "de agenda en het verslag van een knooppuntoverleg",
     "de agenda en het verslag van een knooppuntoverleg lezen"},
    {kMeetings, "AddAgendaItem", "zette", "een punt op de agenda van een knooppuntoverleg",
     "een punt op de agenda van een knooppuntoverleg zetten"},
    {kMeetings, "UpdateAgendaItem", "wijzigde", "een punt op de agenda van een knooppuntoverleg",
     "een punt op de agenda van een knooppuntoverleg wijzigen"},
    {kMeetings, "MoveAgendaItem", "wijzigde", "de volgorde van de agenda van een knooppuntoverleg",
     "de volgorde van de agenda van een knooppuntoverleg wijzigen"},
    {kMeetings, "RecordMinutes", "legde", "vast wat op een knooppuntoverleg is besproken",
     "vastleggen wat op een knooppuntoverleg is besproken"},
    {kMeetings, "ReactToMinutes", "reageerde", "op het verslag van een knooppuntoverleg",
     "reageren op het verslag van een knooppuntoverleg"},
    {kMeetings, "PlanSitting", "plande", "een zitting van de werkplaats",
     "een zitting van de werkplaats plannen"},
    {kMeetings, "AssignSlot", "gaf", "een knooppuntoverleg een plaats in een zitting",
     "een knooppuntoverleg een plaats in een zitting geven"},
    {kMeetings, "MoveMeeting", "verzette", "een knooppuntoverleg",
     "een knooppuntoverleg verzetten"},
    {kMeetings, "CancelMeeting", "zegde", "een knooppuntoverleg af",
     "een knooppuntoverleg afzeggen"},
    {kMeetings, "MoveSitting", "verzette", "een zitting van de werkplaats",
     "een zitting van de werkplaats verzetten"},
    {kMeetings, "CancelSitting", "zegde", "een zitting van de werkplaats af",
     "een zitting van de werkplaats afzeggen"},
    {kMeetings, "GetSitting", "bekeek", "een zitting van de werkplaats",
     "een zitting van de werkplaats bekijken"},
    {kMeetings, "ListSittings", "bekeek", "de zittingen van de werkplaats",
     "de zittingen van de werkplaats bekijken"},

    {kConsent, "ProposeConsent", "vroeg", "om toestemming voor het delen van gegevens",
     "om toestemming vragen voor het delen van gegevens"},
    {kConsent, "SignConsent", "legde", "een besluit over toestemming vast",
     "een besluit over toestemming vastleggen"},
    {kConsent, "WithdrawConsent", "trok", "een toestemming in", "een toestemming intrekken"},
    {kConsent, "ListConsents", "bekeek", "de toestemmingen", "de toestemmingen bekijken"},
    {kConsent, "ReviseConsent", "wijzigde", "de tekst van een toestemming",
     "de tekst van een toestemming wijzigen"},
    {kConsent, "RecordSignature", "legde", "vast wat iemand over een toestemming besloot",
     "vastleggen wat iemand over een toestemming besloot"},
    {kConsent, "RecordWithdrawal", "legde", "vast dat iemand een toestemming introk",
     "vastleggen dat iemand een toestemming introk"},
    {kConsent, "GetScan", "bekeek", "een getekend papier over toestemming",
     "een getekend papier over toestemming bekijken"},
    {kConsent, "InvokeGround", "deed", "een beroep op een wettelijke grond om te delen",
     "een beroep doen op een wettelijke grond om te delen"},
    {kConsent, "EndGround", "beëindigde", "het delen op een wettelijke grond",
     "het delen op een wettelijke grond beëindigen"},
    {kConsent, "ReviewGround", "toetste", "het delen op een wettelijke grond",
     "het delen op een wettelijke grond toetsen"},
    {kConsent, "TellFamily", "legde", "vast dat het gezin alsnog is verteld van delen op een grond",
     "vastleggen dat het gezin alsnog is verteld van delen op een grond"},
    {kConsent, "ListGrounds", "bekeek", "de wettelijke gronden om te delen",
     "de wettelijke gronden om te delen bekijken"},
    {kConsent, "OpenEmergency", "opende", "noodtoegang tot het dossier volgens de Meldcode",
     "noodtoegang tot het dossier openen volgens de Meldcode"},
    {kConsent, "GetEmergency", "bekeek", "een noodtoegang om die te beoordelen",
     "een noodtoegang bekijken om die te beoordelen"},
    {kConsent, "ReviewEmergency", "beoordeelde", "een noodtoegang", "een noodtoegang beoordelen"},
    {kConsent, "ListEmergencies", "bekeek", "de lijst van noodtoegangen",
     "de lijst van noodtoegangen bekijken"},

    {kFamily, "ListPersons", "bekeek", "wie bij het gezin hoort",
     "bekijken wie bij het gezin hoort"},
    {kFamily, "GetPerson", "bekeek", "de gegevens van een gezinslid",
     "de gegevens van een gezinslid bekijken"},
    {kFamily, "UpdatePerson", "verbeterde", "de gegevens van een gezinslid",
     "de gegevens van een gezinslid verbeteren"},
    {kFamily, "AddPerson", "voegde", "iemand toe aan het gezin", "iemand toevoegen aan het gezin"},
    {kFamily, "ListPersonRevisions", "bekeek", "hoe de gegevens van een gezinslid eerder luidden",
     "bekijken hoe de gegevens van een gezinslid eerder luidden"},
    {kFamily, "ListGezag", "bekeek", "wie gezag heeft", "bekijken wie gezag heeft"},
    {kFamily, "RecordGezag", "legde", "gezag over een kind vast", "gezag over een kind vastleggen"},
    {kFamily, "EndGezag", "legde", "het einde van gezag over een kind vast",
     "het einde van gezag over een kind vastleggen"},
    {kFamily, "ListHouseholds", "bekeek", "wie bij wie woont", "bekijken wie bij wie woont"},
    {kFamily, "RecordHousehold", "legde", "vast wie bij wie woont", "vastleggen wie bij wie woont"},
    {kFamily, "EndHousehold", "legde", "vast dat een huishouden veranderde",
     "vastleggen dat een huishouden veranderde"},
    {kFamily, "GetAddress", "las", "een adres", "een adres lezen"},
    {kFamily, "SetAddress", "legde", "een adres vast", "een adres vastleggen"},
    {kFamily, "ListContacts", "bekeek", "hoe een gezinslid te bereiken is",
     "bekijken hoe een gezinslid te bereiken is"},
    {kFamily, "SetContact", "legde", "vast hoe een gezinslid te bereiken is",
     "vastleggen hoe een gezinslid te bereiken is"},
    {kFamily, "RecordBsn", "legde", "een kenmerk van een BSN vast om dubbelen te vinden",
     "een kenmerk van een BSN vastleggen om dubbelen te vinden"},
    {kMerge, "ProposeMerge", "stelde", "voor om twee dossiers van het gezin samen te voegen",
     "voorstellen om twee dossiers samen te voegen"},
    {kMerge, "DecideMerge", "besliste", "over het samenvoegen van twee dossiers van het gezin",
     "beslissen over het samenvoegen van twee dossiers"},
    {kMerge, "UndoMerge", "haalde", "samengevoegde dossiers van het gezin weer uit elkaar",
     "samengevoegde dossiers weer uit elkaar halen"},
    {kMerge, "ListMerges", "bekeek", "of dossiers zijn samengevoegd",
     "bekijken of dossiers zijn samengevoegd"},
    {kFamily, "FindDoubles", "ging", "na of een gezinslid ook in een ander gezin staat",
     "nagaan of een gezinslid ook in een ander gezin staat"},

    {kRequests, "RecordRequest", "diende", "een verzoek over persoonsgegevens in",
     "een verzoek over persoonsgegevens indienen"},
    {kRequests, "GetRequest", "las", "een verzoek over persoonsgegevens",
     "een verzoek over persoonsgegevens lezen"},
    {kRequests, "ListRequests", "bekeek", "de verzoeken over persoonsgegevens",
     "de verzoeken over persoonsgegevens bekijken"},
    {kRequests, "ListOpenRequests", "bekeek", "welke verzoeken over persoonsgegevens open staan",
     "bekijken welke verzoeken over persoonsgegevens open staan"},
    {kRequests, "ExtendRequest", "verlengde", "de termijn van een verzoek over persoonsgegevens",
     "de termijn van een verzoek over persoonsgegevens verlengen"},
    {kRequests, "AnswerRequest", "beantwoordde", "een verzoek over persoonsgegevens",
     "een verzoek over persoonsgegevens beantwoorden"},
    {kRequests, "AddFollowUp", "legde",
     "vast wat er met een verzoek over persoonsgegevens is gedaan",
     "vastleggen wat er met een verzoek over persoonsgegevens is gedaan"},
    {kRequests, "WithdrawRequest", "trok", "een verzoek over persoonsgegevens in",
     "een verzoek over persoonsgegevens intrekken"},
    {kRequests, "ListControllers", "bekeek", "welke organisatie voor welke gegevens antwoordt",
     "bekijken welke organisatie voor welke gegevens antwoordt"},

    {kHandover, "DraftHandover", "maakte", "een warme overdracht klaar",
     "een warme overdracht klaarmaken"},
    {kHandover, "ShowHandover", "liet", "een warme overdracht aan het gezin zien",
     "een warme overdracht aan het gezin laten zien"},
    {kHandover, "AddFamilyView", "voegde", "een zienswijze toe aan de overdracht",
     "een zienswijze toevoegen aan de overdracht"},
    {kHandover, "AuthoriseHandover", "keurde", "een warme overdracht goed",
     "een warme overdracht goedkeuren"},
    {kHandover, "OfferHandover", "bood", "een warme overdracht aan",
     "een warme overdracht aanbieden"},
    {kHandover, "ReceiveHandover", "nam", "een warme overdracht in ontvangst",
     "een warme overdracht in ontvangst nemen"},
    {kHandover, "RecordConversation", "legde", "een overdrachtsgesprek vast",
     "een overdrachtsgesprek vastleggen"},
    {kHandover, "AcceptHandover", "aanvaardde", "een warme overdracht",
     "een warme overdracht aanvaarden"},
    {kHandover, "CloseHandover", "rondde", "een warme overdracht af",
     "een warme overdracht afronden"},
    {kHandover, "ReturnHandover", "gaf", "een warme overdracht terug",
     "een warme overdracht teruggeven"},
    {kHandover, "WithdrawHandover", "trok", "een warme overdracht in",
     "een warme overdracht intrekken"},
    {kHandover, "GetHandover", "las", "een warme overdracht", "een warme overdracht lezen"},
    {kHandover, "ListHandovers", "bekeek", "de warme overdrachten",
     "de warme overdrachten bekijken"},
    {kHandover, "InviteConversation", "nodigde", "uit voor een overdrachtsgesprek",
     "uitnodigen voor een overdrachtsgesprek"},
    {kHandover, "DecideStaying", "besliste", "wie na 18 aan tafel blijft",
     "beslissen wie na 18 aan tafel blijft"},
    {kHandover, "GetReceipt", "las", "het ontvangstbewijs van een overdracht",
     "het ontvangstbewijs van een overdracht lezen"},
    {kArchive, "ExportHandover", "maakte",
     "het bestand voor een overdracht naar een andere installatie",
     "het bestand maken voor een overdracht naar een andere installatie"},
    {kArchive, "ExportDocument", "maakte",
     "een deel van het bestand voor een overdracht naar een andere installatie, van een bijlage",
     "een bijlage meegeven naar een andere installatie"},
    {kArchive, "TakeReceipt", "nam", "het ontvangstbewijs van een andere installatie in",
     "het ontvangstbewijs van een andere installatie innemen"},
    {kArchive, "PreviewArchive", "bekeek",
     "het bestand van een overdracht van een andere installatie",
     "het bestand van een overdracht van een andere installatie bekijken"},
    {kArchive, "ImportHandover", "nam", "een casus van een andere installatie over",
     "een casus van een andere installatie overnemen"},
    {kArchive, "ImportDocument", "nam", "een bijlage van een andere installatie over",
     "een bijlage van een andere installatie overnemen"},
    {kArchive, "AcceptImport", "aanvaardde", "een casus van een andere installatie",
     "een casus van een andere installatie aanvaarden"},
    {kArchive, "ReturnImport", "gaf", "een casus aan een andere installatie terug",
     "een casus aan een andere installatie teruggeven"},
    {kArchive, "GetArchiveReceipt", "maakte", "het ontvangstbewijs voor een andere installatie",
     "het ontvangstbewijs voor een andere installatie maken"},
    {kHandover, "ListDueHandovers", "bekeek", "welke overdrachten lopen",
     "bekijken welke overdrachten lopen"},
    {kHandover, "WatchDueHandovers", "bekeek", "welke overdrachten lopen, terwijl dat openstaat",
     "bekijken welke overdrachten lopen terwijl dat openstaat"},
    {kHandover, "ListHandoverKinds", "las", "de soorten overdracht", "de soorten overdracht lezen"},
};

// A method of a newer version, in a log that outlives the program.
constexpr ActPhrase kUnknownAct = {"", "", "deed", "iets met het dossier",
                                   "iets met het dossier doen"};

using Word = std::pair<absl::string_view, absl::string_view>;

// Outcomes of an act that was allowed and did not come about.
constexpr Word kFailures[] = {
    {"ALREADY_EXISTS", "het was er al"},
    {"INVALID_ARGUMENT", "de gegevens klopten niet"},
    {"FAILED_PRECONDITION", "de afspraken lieten dit op dat moment niet toe"},
    {"NOT_FOUND", "het is niet gevonden"},
    {"ABORTED", "iemand anders wijzigde het op hetzelfde moment"},
    {"RESOURCE_EXHAUSTED", "het was te veel"},
};
constexpr absl::string_view kFailedOtherwise = "door een storing";

// Kinds of basis, by what stands before ':' or '/'.
constexpr Word kBases[] = {
    {"consents", "toestemming"},
    {"grounds", "een andere wettelijke grond"},
    {"own-ground", "de eigen wettelijke taak"},
    {"family", "het recht op inzage"},
    {"emergencies", "noodtoegang"},
    {"escalations", "een escalatie"},
    {"deputises", "waarneming"},
};

absl::string_view Find(const Word* begin, const Word* end, absl::string_view key,
                       absl::string_view otherwise) {
  const Word* found = std::find_if(begin, end, [&](const Word& w) { return w.first == key; });
  return found == end ? otherwise : found->second;
}

absl::string_view FunctionName(common::v1::Function function) {
  switch (function) {
    case common::v1::FUNCTION_INTERN_BEGELEIDER:
      return "intern begeleider";
    case common::v1::FUNCTION_CARE_COORDINATOR:
      return "zorgcoördinator";
    case common::v1::FUNCTION_JGZ_NURSE:
      return "jeugdverpleegkundige";
    case common::v1::FUNCTION_JGZ_DOCTOR:
      return "jeugdarts";
    case common::v1::FUNCTION_MUNICIPAL_CONSULTANT:
      return "consulent";
    case common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER:
      return "schoolmaatschappelijk werker";
    case common::v1::FUNCTION_YOUTH_CARE_WORKER:
      return "jeugdhulpverlener";
    case common::v1::FUNCTION_PRIVACY_OFFICER:
      return "functionaris gegevensbescherming";
    case common::v1::FUNCTION_ADMINISTRATOR:
      return "beheerder";
    case common::v1::FUNCTION_MANDATE_HOLDER:
      return "mandaathouder";
    case common::v1::FUNCTION_ALDERMAN:
      return "wethouder";
    case common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR:
      return "directeur van het samenwerkingsverband";
    case common::v1::FUNCTION_INSTITUTE_DIRECTOR:
      return "directeur van de instelling";
    default:
      return "medewerker";
  }
}

absl::string_view PurposeName(common::v1::Purpose purpose) {
  switch (purpose) {
    case common::v1::PURPOSE_COORDINATION:
      return "samenwerken rond het kind";
    case common::v1::PURPOSE_OWN_RECORD:
      return "het eigen dossier van de organisatie bijhouden";
    case common::v1::PURPOSE_HANDOVER:
      return "een warme overdracht";
    case common::v1::PURPOSE_OWN_FILE:
      return "inzage in het eigen dossier";
    case common::v1::PURPOSE_AUDIT:
      return "controle van het logboek";
    case common::v1::PURPOSE_ADMINISTRATION:
      return "beheer van mensen, functies en mandaten";
    case common::v1::PURPOSE_EMERGENCY:
      return "acute veiligheid van een kind (Meldcode)";
    default:
      return "";
  }
}

absl::string_view CompartmentName(int compartment) {
  switch (compartment) {
    case common::v1::COMPARTMENT_EDUCATION:
      return "onderwijs";
    case common::v1::COMPARTMENT_FAMILY:
      return "gezin";
    case common::v1::COMPARTMENT_CARE:
      return "hulp en ondersteuning";
    case common::v1::COMPARTMENT_HEALTH:
      return "gezondheid";
    case common::v1::COMPARTMENT_SAFETY:
      return "veiligheid";
    default:
      return "overig";
  }
}

std::string When(int64_t time_ms) {
  static constexpr std::array<absl::string_view, 12> kMonths = {
      "januari", "februari", "maart",     "april",   "mei",      "juni",
      "juli",    "augustus", "september", "oktober", "november", "december"};
  const absl::CivilMinute t = absl::ToCivilMinute(absl::FromUnixMillis(time_ms), base::Amsterdam());
  return absl::StrFormat("Op %d %s %d om %02d:%02d", t.day(), kMonths[t.month() - 1],
                         static_cast<int>(t.year()), t.hour(), t.minute());
}

std::string Organisation(const std::string& name, const OrganisationName& organisation_name) {
  const std::string known = organisation_name ? organisation_name(name) : "";
  return known.empty() ? std::string(absl::StripPrefix(name, "organisations/")) : known;
}

std::string Subject(const RecordView& view, const OrganisationName& organisation_name) {
  switch (view.actor) {
    case ActorKind::kReader:
      return "u";
    case ActorKind::kFamilyMember:
      return "een gezinslid";
    case ActorKind::kOutsider:
      return "iemand buiten het gezin";
    case ActorKind::kSystem:
      return "het systeem";
    case ActorKind::kStaff:
      break;
  }
  const RecordWho& who = view.who;
  const absl::string_view function = FunctionName(who.function());
  const std::string at = Organisation(who.organisation(), organisation_name);
  if (who.display_name().empty()) return absl::StrCat("een ", function, " van ", at);
  return absl::StrCat(who.display_name(), ", ", function, " bij ", at, ",");
}

bool WasRefused(const RecordWho& who) {
  return !who.allowed() || who.outcome() == "PERMISSION_DENIED";
}

// The act itself, without its closing full stop.
std::string Act(const RecordView& view, const OrganisationName& organisation_name) {
  const RecordWho& who = view.who;
  const ActPhrase* known = FindPhrase(who.method());
  const ActPhrase& phrase = known == nullptr ? kUnknownAct : *known;
  const std::string subject = Subject(view, organisation_name);
  const std::string when = When(who.time_ms());
  if (WasRefused(who)) {
    // A rule of the case refused what the policy allowed: its word says nothing to people.
    const std::string why =
        policy::RefusalClause(who.allowed() ? "" : who.rule(), policy::Language::kDutch);
    return absl::StrCat(when, " wilde ", subject, " ", phrase.wish,
                        view.actor == ActorKind::kReader ? " en bent" : " en is",
                        " geweigerd: ", why);
  }
  if (who.outcome() != "OK") {
    return absl::StrCat(
        when, " wilde ", subject, " ", phrase.wish, "; dat is niet gelukt: ",
        Find(std::begin(kFailures), std::end(kFailures), who.outcome(), kFailedOtherwise));
  }
  return absl::StrCat(when, " ", phrase.verb, " ", subject, " ", phrase.rest);
}

// " <title>: a, b." of what was not empty, each once.
void AppendList(absl::string_view title, const std::vector<absl::string_view>& words,
                std::string* out) {
  std::vector<absl::string_view> once;
  for (const absl::string_view word : words) {
    if (!word.empty() && std::find(once.begin(), once.end(), word) == once.end()) {
      once.push_back(word);
    }
  }
  if (!once.empty()) absl::StrAppend(out, " ", title, ": ", absl::StrJoin(once, ", "), ".");
}

}  // namespace

const ActPhrase* FindPhrase(absl::string_view method) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(absl::StripPrefix(method, "/"), absl::MaxSplits('/', 1));
  const auto named = [&](const ActPhrase& p) {
    return p.service == parts.first && p.method == parts.second;
  };
  const auto* house = std::find_if(std::begin(kHousePhrases), std::end(kHousePhrases), named);
  if (house != std::end(kHousePhrases)) return house;
  const auto* dossier = std::find_if(std::begin(kDossierPhrases), std::end(kDossierPhrases), named);
  return dossier == std::end(kDossierPhrases) ? nullptr : dossier;
}

std::string Sentence(const RecordView& view, const OrganisationName& organisation_name) {
  const RecordWho& who = view.who;
  std::string text = absl::StrCat(Act(view, organisation_name), ".");
  AppendList("Doel", {PurposeName(who.purpose())}, &text);
  std::vector<absl::string_view> compartments;
  for (const int c : view.about.compartments()) compartments.push_back(CompartmentName(c));
  AppendList("Onderdelen", compartments, &text);
  std::vector<absl::string_view> bases;
  for (const std::string& basis : view.about.bases()) {
    bases.push_back(Find(std::begin(kBases), std::end(kBases),
                         absl::string_view(basis).substr(0, basis.find_first_of(":/")), ""));
  }
  if (!WasRefused(who)) AppendList("Op grond van", bases, &text);
  if (who.emergency()) absl::StrAppend(&text, " Dit was noodtoegang.");
  if (who.replay()) absl::StrAppend(&text, " Dit was een herhaling van een eerdere handeling.");
  return text;
}

}  // namespace knooppunt::audit_service
