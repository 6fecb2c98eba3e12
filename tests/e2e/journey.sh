# shellcheck shell=bash
# The journey: one family, one plan, one regisseur. Played with the command line by the people
# concerned, each under a login of their own; told in plain Dutch. To be sourced, after servers.sh;
# there is exactly one journey, for the demo and for the tests.
#
#   journey RUN BIN   plays all of it; ends the shell with 1 at the first thing amiss
#
# Needs the people of deploy/people.py, and servers that run (servers.sh) without a family in them.

source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
source "$(dirname "${BASH_SOURCE[0]}")/journey_daily.sh"
source "$(dirname "${BASH_SOURCE[0]}")/journey_handover.sh"
source "$(dirname "${BASH_SOURCE[0]}")/journey_meeting.sh"
JOURNEY_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Text that may be seen by some and not by others.
OWN_CHILD="Valt stil in de klas sinds de zomer, rekenen gaat goed."
OWN_SIBLING="Mist soms het eerste uur op de andere school."
OWN_NURSE="Groei en gehoor in orde; slaapt slecht."
OWN_CONSULTANT="Vader en moeder willen allebei rust in de week."
WORDS_FAMILY="Wij zijn bang dat we alles weer opnieuw moeten vertellen."
OWN_STREET="Brusselsestraat 12"
OWN_FATHER="Ik zoek zelf een andere woning dichter bij school."

day() { TZ=Europe/Amsterdam date -d "$1" +%F; }

# login PROFILE SUBJECT [FUNCTION]
login() {
  "$KNOOPPUNT" --profile "$1" --server "$SERVER" --ca "$RUN/pki/tls/ca.crt" profile set >/dev/null
  servers_until_answered "$KNOOPPUNT" --profile "$1" login --dev-as "$2" \
    --issuer-key "$RUN/pki/sign/issuer.key" ${3:+--function "$3"}
}

# word FUNCTION_JGZ_NURSE: jgz-nurse, as the command line writes it.
word() {
  local text=${1#FUNCTION_}
  text=${text,,}
  printf '%s' "${text//_/-}"
}

# employ KEY PROFILE: the administrator makes the professional, who logs in.
employ() {
  local name=$1_NAME id=$1 login=$1_LOGIN function=$1_FUNCTION organisation=$1_ORGANISATION
  act "${!name} werkt als $(word "${!function}") bij ${!organisation#organisations/}." beheer \
    professional create "${!id}" --name "${!name}" --login "dev|${!login}" \
    --function "$(word "${!function}")" --organisation "${!organisation}"
  login "$2" "${!login}" "$(word "${!function}")"
}

# seat_of PROFILE WHO: the seat of a professional or person, as that profile sees the table.
seat_of() {
  "$KNOOPPUNT" --profile "$1" --quiet case seats "$CASE" --of "$2" </dev/null
}

# person_of GIVEN_NAME: the id of a family member in the last answer.
person_of() {
  get ".persons[] | select(.givenName == \"$1\") | .name | split(\"/\")[-1]"
}

preparation() {
  heading "Vooraf. De regio wordt ingericht"
  login beheer "$ADMIN_LOGIN" administrator
  act "$ADMIN_NAME (functioneel beheerder) leest de organisaties en locaties van Limburg in." \
    beheer directory import "$JOURNEY_SOURCE/deploy/sample-data/limburg.json"
  employ IB ib
  employ NURSE jgz
  employ CONSULTANT consulent
  employ MANDATE mandaat
  employ RECEIVER ontvanger
  employ AUDITOR fg
  employ ALDERMAN wethouder
  employ DIRECTOR directeur
  act "$MANDATE_NAME geeft $CONSULTANT_NAME mandaat voor schoolmaatschappelijk werk, tot 1.500 euro per afspraak." \
    mandaat mandate issue "$CONSULTANT" --organisation "$CONSULTANT_ORGANISATION" \
    --means school-social-work --limit 1500 --until "$(day '+1 year')"
  login moeder "$MOTHER_LOGIN"
  login vader "$FATHER_LOGIN"
}

step_1() {
  heading "1. De school zoekt, en opent een casus"
  act "$IB_NAME (intern begeleider, Manjefiek) zoekt of er voor dit gezin al een casus is." \
    ib family search --name "$CHILD_SURNAME" --born "$CHILD_BORN"
  check "Die is er niet." '.found == false'

  # Opened and refused with the same words: only what is there already makes the difference.
  OPENING=(case open --werkplaats werkplaatsen/manjefiek --level light-care --told
    --reason "De overstap naar het voortgezet onderwijs baart zorgen."
    --family-reason "$WORDS_FAMILY"
    --child "kind|$CHILD_GIVEN|$CHILD_SURNAME|$CHILD_BORN"
    --sibling "ander|$SIBLING_GIVEN|$SIBLING_SURNAME|$SIBLING_BORN|$SIBLING_ACCOUNT"
    --parent "moeder|$MOTHER_GIVEN|$MOTHER_SURNAME|$MOTHER_BORN|$MOTHER_ACCOUNT"
    --parent "vader|$FATHER_GIVEN|$FATHER_SURNAME|$FATHER_BORN|$FATHER_ACCOUNT"
    --gezag "moeder>kind,ander" --gezag "vader>kind,ander")
  act "$IB_NAME opent een casus: gescheiden ouders met samen gezag, een kind van 11 in groep 8, een van 13 elders." \
    ib "${OPENING[@]}"
  CASE=$(get .name)
  FAMILY=${CASE%/cases/*}
  SUBJECT=$(get .auditSubject)
  CHILD=$(person_of "$CHILD_GIVEN")
  SIBLING=$(person_of "$SIBLING_GIVEN")
  MOTHER=$(person_of "$MOTHER_GIVEN")
  FATHER=$(person_of "$FATHER_GIVEN")
  check "De casus is open, met de reden in de woorden van de school en van het gezin; een regisseur is er nog niet." \
    '.state == "CASE_STATE_OPEN" and .phase == "CASE_PHASE_SIGNAL" and .familyReason == $w' --arg w "$WORDS_FAMILY"

  refused 5 CASE_EXISTS "Dezelfde casus nog eens openen: een gezin heeft er hoogstens één (R1)." \
    ib "${OPENING[@]}"
  act "Wie nu zoekt, hoort dat er een casus is en aan wie te vragen; niet wat erin staat (R3)." \
    ib family search --name "$CHILD_SURNAME" --born "$CHILD_BORN"
  check "Vraag het $IB_NAME." '.found and .ask == $who' --arg who "$IB"
  sees_not "$CHILD_GIVEN" "$CASE"

  act "Op de eigen grond van de school (zorgplicht) legt $IB_NAME vast wat onderwijs aangaat: over dit kind." \
    ib contribution add "$CASE" --about "$CHILD" --compartment education --text "$OWN_CHILD"
  NOTE_CHILD=$(get .name)
  act "En over het andere kind." \
    ib contribution add "$CASE" --about "$SIBLING" --compartment education --text "$OWN_SIBLING"
  act "Het plan begint met wat $CHILD_GIVEN zelf wil, in de eigen woorden." \
    ib plan wish "$CASE" --of "$CHILD" --text "Niet elke keer opnieuw vertellen" \
    --how conversation --about "$CHILD" --compartment education
  WISH=$(get .name)
  local goal
  goal=(plan goal "$CASE" --domain school --text "$CHILD_GIVEN start rustig op de nieuwe school."
    --measure "In de eerste maand geen dag gemist" --review "$(day '+2 months')"
    --about "$CHILD" --compartment education)
  refused 6 GOAL_NEEDS_WISH "Een doel dat niemand van het gezin wenst, komt er niet." ib "${goal[@]}"
  act "Het eerste doel dient die wens, en zegt hoe we zien dat het is gelukt." \
    ib "${goal[@]}" --wish "$WISH"
  GOAL=$(get .name)
}

step_2() {
  heading "2. Wie niet aan tafel zit, ziet niets"
  refused 3 '*' "$NURSE_NAME (jeugdverpleegkundige) probeert de casus te lezen, zonder uitnodiging of toestemming." \
    jgz case show "$CASE"
  sees_not "$CHILD_GIVEN" "$CHILD_SURNAME"
  act "In de lijst van $NURSE_NAME staat ook niets: zelfs niet dat er een casus is." jgz case list
  check "De lijst is leeg." '(.cases // []) | length == 0'
  refused 3 '*' "$ADMIN_NAME beheert mensen en mandaten, en leest daarom geen dossiers (R21)." \
    beheer case show "$CASE"
}

# propose KEY RECIPIENT COMPARTMENTS PURPOSES WORDING: name in CONSENT_KEY.
propose() {
  act "$IB_NAME legt het gezin een toestemming voor: $5" \
    ib consent propose "$FAMILY" --about "$CHILD,$MOTHER,$FATHER" --compartment "$3" \
    --recipient "$2" --purpose "$4" --until "$(day '+1 year')" --wording "$5"
  printf -v "CONSENT_$1" '%s' "$(get .name)"
  check "Voorgelegd is nog niet gegeven." '.inForce == false'
}

step_3() {
  heading "3. Beide ouders stemmen toe; met één van beiden gaat niets open"
  act "$IB_NAME nodigt $NURSE_NAME van de JGZ uit aan tafel." ib case invite "$CASE" \
    --professional "$NURSE" --organisation "$NURSE_ORGANISATION" --function jgz-nurse
  act "$IB_NAME nodigt $CONSULTANT_NAME van de gemeente uit." ib case invite "$CASE" \
    --professional "$CONSULTANT" --organisation "$CONSULTANT_ORGANISATION" \
    --function municipal-consultant
  propose JGZ "$NURSE_ORGANISATION" education coordination \
    "De GGD mag tot over een jaar lezen wat de school over $CHILD_GIVEN en ons vastlegt, om samen hulp te regelen."
  propose GEMEENTE "$CONSULTANT_ORGANISATION" education coordination \
    "De gemeente mag tot over een jaar lezen wat de school over $CHILD_GIVEN en ons vastlegt, om samen hulp te regelen."
  propose SCHOOL "$IB_ORGANISATION" family coordination \
    "De school mag tot over een jaar lezen wat de gemeente over ons gezin vastlegt, om samen hulp te regelen."

  act "$MOTHER_NAME leest de toestemming voor de JGZ en tekent." moeder consent sign "$CONSENT_JGZ" --yes
  check "Met één handtekening geldt zij nog niet: beide ouders hebben gezag (R11)." '.inForce == false'
  refused '[35]' '*' "$NURSE_NAME wil aanschuiven." jgz case join "$CASE"
  act "$FATHER_NAME tekent ook." vader consent sign "$CONSENT_JGZ" --yes
  act "Zij kijken samen naar de toestemmingen." moeder consent list "$FAMILY"
  check "Nu geldt zij." '.consents[] | select(.name == $name) | .inForce' --arg name "$CONSENT_JGZ"
  for consent in "$CONSENT_GEMEENTE" "$CONSENT_SCHOOL"; do
    act "$MOTHER_NAME tekent ${consent##*/}." moeder consent sign "$consent" --yes
    act "$FATHER_NAME tekent ${consent##*/}." vader consent sign "$consent" --yes
  done
  act "Nu gelden ze alle drie." moeder consent list "$FAMILY"
  check "Tot over een jaar." '[.consents[] | select(.inForce)] | length == 3'

  act "$NURSE_NAME schuift aan." jgz case join "$CASE"
  act "$NURSE_NAME leest de casus: precies wat is toegestaan." jgz case show "$CASE"
  sees "$CHILD_GIVEN" "$OWN_CHILD"
  sees_not "$WORDS_FAMILY"
  say "  De eigen woorden van het gezin blijven bij de school: daar is niet voor getekend."
  sees_not "$SIBLING_GIVEN" "$SIBLING" "$OWN_SIBLING"
  say "  Het andere kind blijft onzichtbaar: geen naam, geen tekst, geen spoor."
  act "$NURSE_NAME legt vast wat de JGZ zelf weet; daarover gaat de JGZ." \
    jgz contribution add "$CASE" --about "$CHILD" --compartment health --text "$OWN_NURSE"
  act "$IB_NAME leest de casus." ib case show "$CASE"
  sees "$OWN_CHILD" "$OWN_SIBLING"
  sees_not "$OWN_NURSE"
  say "  Wat de JGZ over gezondheid schreef ziet de school niet: daar is niet voor getekend."
  act "$FATHER_NAME schrijft iets op dat alleen over hemzelf gaat." \
    vader contribution add "$CASE" --about "$FATHER" --compartment family --text "$OWN_FATHER"
  act "$MOTHER_NAME leest haar dossier." moeder case show "$CASE"
  sees "$OWN_CHILD" "$OWN_NURSE" "$OWN_SIBLING"
  sees_not "$OWN_FATHER"
  say "  Zij ziet alles over de kinderen, en niet wat alleen van vader is (R18)."
  the_document
}

# A report goes in and comes out in parts; a file that lies about its kind does not get in.
the_document() {
  local file=$STAGE/verslag.pdf copy=$STAGE/gelezen.pdf liar=$STAGE/brief.pdf
  printf '%%PDF-1.7\n' >"$file"
  head -c 3000000 /dev/urandom >>"$file"
  printf 'MZ een programma' >"$liar"
  rm -f "$copy"
  act "$IB_NAME voegt een verslag van 3 MB toe." ib document add "$CASE" "$file" \
    --title "Verslag van het onderzoek" --about "$CHILD" --compartment education
  DOCUMENT=$(get .name)
  act "$NURSE_NAME leest het; elk deel wordt opnieuw beslist en vastgelegd (R13, R22)." \
    jgz document get "$DOCUMENT" --out "$copy"
  cmp -s "$file" "$copy" || stage_fail "wat eruit komt is niet wat erin ging"
  refused 6 DOCUMENT_TYPE_LIES "Een programma dat zich als brief voordoet komt er niet in." \
    ib document add "$CASE" "$liar" --title "Brief" --about "$CHILD" --compartment education
}

step_4() {
  heading "4. De gemeente schuift aan, en er komt een regisseur"
  act "$CONSULTANT_NAME (consulent, gemeente Maastricht) schuift aan." consulent case join "$CASE"
  act "$CONSULTANT_NAME legt vast wat de gemeente van het gezin weet." consulent contribution add \
    "$CASE" --about "$CHILD,$MOTHER,$FATHER" --compartment family --text "$OWN_CONSULTANT"
  act "$IB_NAME mag dat lezen: daar tekenden de ouders voor." ib case show "$CASE"
  sees "$OWN_CONSULTANT"
  SEAT_IB=$(seat_of ib "$IB")
  SEAT_NURSE=$(seat_of ib "$NURSE")
  SEAT_CONSULTANT=$(seat_of ib "$CONSULTANT")
  SEAT_MOTHER=$(seat_of ib "$MOTHER")
  act "$IB_NAME wordt regisseur, met $CONSULTANT_NAME als waarnemer (R1)." ib case appoint "$CASE" \
    --regisseur "$SEAT_IB" --stand-in "$SEAT_CONSULTANT" --reason "Vast contact van het gezin"
  act "$MOTHER_NAME ziet wie haar vaste contact is." moeder case show "$CASE"
  check "De casus is actief, met één regisseur en een waarnemer." \
    '.state == "CASE_STATE_ACTIVE" and .regisseur.seat == $ib and .regisseur.standInSeat == $c' \
    --arg ib "$SEAT_IB" --arg c "$SEAT_CONSULTANT"
  two_homes
}

step_5() {
  heading "5. Het knooppunt komt bijeen"
  act "De casus gaat van signaal naar samen duiden." ib case phase "$CASE" --to interpret
  refused 5 FORBIDDEN_PHASE "Meteen uitvoeren kan niet: eerst duiden, dan een plan." \
    ib case phase "$CASE" --to act
  act "$IB_NAME plant het overleg voor vandaag." ib meeting plan "$CASE" --date "$(day today)" \
    --about "$CHILD" --compartment education
  MEETING=$(get .name)
  the_agenda
  local due within beyond conclude
  due=$(day '+3 weeks')
  within="Zes gesprekken met schoolmaatschappelijk werk|$SEAT_CONSULTANT|$due|school-social-work:900:$CONSULTANT:jeugdwet"
  beyond="Een half jaar begeleiding op school|$SEAT_CONSULTANT|$due|school-social-work:4800:$CONSULTANT:jeugdwet"
  conclude=(meeting conclude "$MEETING" --about "$CHILD" --compartment education
    --conclusion "$CHILD_GIVEN krijgt gesprekken, en de nieuwe school wordt vroeg betrokken.")
  refused 5 '*' "Afronden zonder ouder aan tafel kan niet: geen knooppunt zonder ouders (R4)." \
    ib "${conclude[@]}" --attended "$SEAT_IB,$SEAT_CONSULTANT" --step "$within"
  refused 5 '*' "Afronden zonder afspraak kan niet: na elk knooppunt is er een eerste stap (R5)." \
    ib "${conclude[@]}" --attended "$SEAT_IB,$SEAT_CONSULTANT,$SEAT_MOTHER"
  act "Met moeder aan tafel en twee afspraken wordt het overleg afgerond." \
    ib "${conclude[@]}" --attended "$SEAT_IB,$SEAT_CONSULTANT,$SEAT_MOTHER" \
    --step "$within" --step "$beyond"
  check "De JGZ was er niet en krijgt een terugkoppeling; die staat open (R7)." \
    '[.feedback[] | select(.seat == $s and .confirmTime == null)] | length == 1' --arg s "$SEAT_NURSE"
  act "$MOTHER_NAME leest de afspraken." moeder case show "$CASE"
  check "Die binnen het mandaat bindt, met mandaat en versie erbij (R6)." \
    '[.steps[] | select(.state == "STEP_STATE_BINDING" and (.mandate | contains("@")))] | length == 1'
  STEP=$(get '.steps[] | select(.state == "STEP_STATE_BINDING") | .name')
  check "Die erboven blijft een voorstel, en zegt waarom: $(get '.steps[] | select(.state == "STEP_STATE_PROPOSED") | .proposalReason')" \
    '[.steps[] | select(.state == "STEP_STATE_PROPOSED")] | length == 1'
  PROPOSAL=$(get '.steps[] | select(.state == "STEP_STATE_PROPOSED") | .name')
  act "$NURSE_NAME bevestigt de terugkoppeling." jgz meeting confirm "$MEETING"
  check "De terugkoppeling is bevestigd." \
    '[.feedback[] | select(.seat == $s and .confirmTime != null)] | length == 1' --arg s "$SEAT_NURSE"
}

step_6() {
  heading "6. De regisseur volgt de afspraken op"
  act "Er is een plan." ib case phase "$CASE" --to plan
  act "En het wordt uitgevoerd." ib case phase "$CASE" --to act
  act "Over drie maanden wordt de casus opnieuw bekeken." ib case review "$CASE" --on "$(day '+3 months')"
  check "Fase en datum staan er; te laat wordt een taak." \
    '.phase == "CASE_PHASE_ACT" and .reviewDate == $d' --arg d "$(day '+3 months')"
  act "$IB_NAME meldt de eerste afspraak gedaan." ib step done "$STEP" \
    --outcome "Zes gesprekken gevoerd; $CHILD_GIVEN ziet er minder tegenop."
  check "Gedaan." '.state == "STEP_STATE_DONE"'
  act "$MOTHER_NAME zegt in eigen woorden wat het bracht." moeder step evaluate "$STEP" \
    --helped partly --words "Er komt weer wat uit; de ochtenden blijven lastig."
  check "Haar woorden staan erbij." '.evaluation.helped == "STEP_HELPED_PARTLY"'
  refused 5 R34_NOT_YET_FOUR_WEEKS "Een week ziek thuis is nog geen thuiszitter: pas na vier weken (R34)." \
    ib absence report "$CASE" --child "$CHILD" --since "$(day '-1 week')" --kind other --enrolled \
    --school werkplaatsen/manjefiek --goal "Elke dag weer naar de eigen klas."
  act "$IB_NAME legt het vervolg vast." ib step follow-up "$STEP" \
    --step "Kennismaken op de nieuwe school|$SEAT_IB|$(day '+5 weeks')" \
    --about "$CHILD" --compartment education
  FOLLOW_UP=$(get .name)
  check "Het vervolg wijst naar de afspraak waar het uit volgt." '.origin == $s' --arg s "$STEP"
  the_day_begins
  stuck
  the_plan
  the_request
}

# A proposal that nobody at the table may grant, and those with the power to decide (R10).
stuck() {
  act "$MOTHER_NAME legt het voorstel dat blijft liggen voor aan wie mag doorzetten (R10)." \
    moeder escalation raise "$CASE" --werkplaats werkplaatsen/manjefiek --step "$PROPOSAL" \
    --question "Komt de begeleiding op school er?" --tried "Aan tafel mag niemand dit toezeggen." \
    --decider "$ALDERMAN:$ALDERMAN_ORGANISATION:alderman" \
    --decider "$DIRECTOR:$DIRECTOR_ORGANISATION:samenwerkingsverband-director" \
    --about "$CHILD" --compartment education
  ESCALATION=$(get .name)
  act "$DIRECTOR_NAME (directeur samenwerkingsverband) ziet dat er iets wacht." directeur escalation list
  check "Een vraag, en niet van wie uit het gezin: daar is voor het samenwerkingsverband niet voor getekend." \
    '.escalations | length == 1 and (.[0].raisedBy == $f)' --arg f "$FAMILY"
  act "En leest wat is voorgelegd: de vraag en de afspraak." directeur escalation show "$ESCALATION"
  sees "Komt de begeleiding op school er?" "Een half jaar begeleiding op school"
  sees_not "$OWN_CHILD" "$CHILD_SURNAME" "$WORDS_FAMILY" "$MOTHER"
  act "$ALDERMAN_NAME (wethouder) leest hetzelfde." wethouder escalation show "$ESCALATION"
  sees_not "$OWN_CHILD" "$CHILD_SURNAME" "$WORDS_FAMILY"
  refused 3 '*' "De casus zelf leest de wethouder niet." wethouder case show "$CASE"
  act "$ALDERMAN_NAME neemt het in behandeling." wethouder escalation take-up "$ESCALATION"
  act "$ALDERMAN_NAME beslist: het moet er komen." wethouder escalation decide "$ESCALATION" \
    --outcome bind-step --reason "Zonder begeleiding mislukt de overstap."
  check "Eén van de twee bindt nog niet." '.state == "ESCALATION_STATE_TAKEN_UP"'
  act "$DIRECTOR_NAME beslist hetzelfde." \
    directeur escalation decide "$ESCALATION" --outcome bind-step \
    --reason "Het samenwerkingsverband draagt de helft."
  check "Samen is het besloten." '.state == "ESCALATION_STATE_DECIDED"'
  act "$MOTHER_NAME leest het besluit, met de redenen." moeder case show "$CASE"
  check "De afspraak bindt nu, door dat besluit." \
    '[.steps[] | select(.name == $s and .state == "STEP_STATE_BINDING" and .escalation == $e)] | length == 1' \
    --arg s "$PROPOSAL" --arg e "$ESCALATION"
  sees "Zonder begeleiding mislukt de overstap." "Het samenwerkingsverband draagt de helft."
  refused 3 '*' "En $ALDERMAN_NAME ziet er nu niets meer van." wethouder escalation show "$ESCALATION"
}

# What happens to the plan: dissent stays, earlier words stay, and a document names its reader.
the_plan() {
  act "$FATHER_NAME is het met het doel niet eens; dat blijft ernaast staan, in zijn woorden (R9)." \
    vader plan react "$GOAL" --dispute --text "Een maand is te kort om dat te zien."
  act "$IB_NAME leest het doel." ib plan versions "$GOAL"
  local etag file
  etag=$(get '.versions[0].goal.etag')
  act "$IB_NAME past aan hoe we zien dat het is gelukt." ib plan change "$GOAL" --etag "$etag" \
    --measure "In het eerste kwartaal geen week gemist"
  refused 5 STALE_ETAG "Wie intussen met de oude tekst verder werkt, moet eerst lezen wat er nu staat." \
    ib plan change "$GOAL" --etag "$etag" --measure "Iets anders"
  act "$MOTHER_NAME ziet wat er in het plan is veranderd." moeder plan changes "$CASE"
  check "Vaders tegenspraak staat erbij." \
    '[.changes[] | select(.after.name == $g) | .after.goal.reactions[] | select(.confirmed | not)] | length == 1' \
    --arg g "$GOAL"
  rm -f "$RUN/plan.html" "$RUN/plan.pdf"
  for file in plan.html plan.pdf; do
    act "$MOTHER_NAME neemt het plan mee: $file." moeder plan document "$CASE" --out "$RUN/$file"
  done
  OUT=$(<"$RUN/plan.html")
  sees "Niet elke keer opnieuw vertellen" "Een maand is te kort" "gemaakt voor $MOTHER_NAME"
  sees_not "$OWN_NURSE"
  [ "$(head -c 5 "$RUN/plan.pdf")" = "%PDF-" ] || stage_fail "plan.pdf is geen PDF"
  say "  Het document noemt voor wie het is gemaakt, en het meenemen staat in het logboek (R22)."
}

step_8() {
  heading "8. Een ouder trekt toestemming in"
  act "$NURSE_NAME leest de casus nog." jgz case show "$CASE"
  act "$MOTHER_NAME trekt de toestemming voor de JGZ in." moeder consent withdraw "$CONSENT_JGZ"
  check "Zij geldt niet meer, op het ogenblik dat het antwoord er is." '.inForce == false'
  refused 3 '*' "De eerstvolgende vraag van $NURSE_NAME wordt geweigerd (R13)." jgz case show "$CASE"
  refused 3 REFUSED "$NURSE_NAME kan ook het verslag niet meer lezen (R13)." \
    jgz document get "$DOCUMENT" --out "$STAGE/nogmaals.pdf"
  act "Wat de JGZ zelf vastlegde, blijft van de JGZ (R11)." jgz record list "$CASE"
  sees "$OWN_NURSE"
  sees_not "$OWN_CHILD"
  emergency
}

# Break-glass, and what becomes of one that was none (R20).
emergency() {
  act "Noodgeval? $NURSE_NAME zoekt het gezin op: dat er een casus is, en een nummer. Niet wat erin staat." \
    jgz family search --name "$CHILD_SURNAME" --born "$CHILD_BORN" --emergency
  check "Het nummer is dat van het gezin; aan wie te vragen staat er niet." \
    '.found and .family == $f and .ask == ""' --arg f "$FAMILY"
  act "$NURSE_NAME opent noodtoegang, bij stap 4 van de Meldcode, voor een uur, met een reden." \
    jgz emergency open "$FAMILY" --step 4 --hours 1 --yes \
    --reason "De school belt: er is onrust thuis en niemand neemt op."
  EMERGENCY=$(get .name)
  act "Zij leest de casus nu, ook zonder toestemming." jgz case show "$CASE" --purpose emergency
  sees "$OWN_CHILD"
  act "$AUDITOR_NAME (functionaris gegevensbescherming) ziet het meteen." fg emergency list
  check "Wie, welke stap, tot wanneer; de reden niet." \
    '[.emergencies[] | select(.name == $e and .professional == $n and .reason == "")] | length == 1' \
    --arg e "$EMERGENCY" --arg n "$NURSE"
  act "De reden leest $AUDITOR_NAME apart." fg emergency show "$EMERGENCY"
  sees "er is onrust thuis"
  act "Het was geen noodgeval, vindt $AUDITOR_NAME." fg emergency review "$EMERGENCY" --unjustified \
    --outcome "Met de school gebeld: het ging om een gemiste afspraak."
  refused 3 '*' "De eerstvolgende vraag van $NURSE_NAME wordt geweigerd." \
    jgz case show "$CASE" --purpose emergency
}

# recorded METHOD...: the log holds at least one record of each of these acts.
recorded() {
  local method
  for method in "$@"; do
    check "  $method staat erin." '[.records[] | select(.who.method | endswith("/" + $m))] | length > 0' \
      --arg m "$method" >/dev/null
  done
}

# caught HOW SENTENCE: a forged copy must fail, with the command line and with the other verifier.
caught() {
  local copy=$RUN/export/$1
  "$JOURNEY_SOURCE/tests/e2e/tamper.py" "$1" "$RUN/export/log" "$copy" \
    --log-key "$RUN/pki/sign/log.key"
  refused 9 LOG_NOT_PROVEN "$2" fg "${VERIFY[@]}" --dir "$copy"
  verify_elsewhere "$copy" && stage_fail "de tweede controleur ziet niets aan $1"
  return 0
}

# The independent verifier: another language, none of our code.
verify_elsewhere() {
  "$JOURNEY_SOURCE/tests/audit_tool/verify_log.py" "$1" --log-key "$LOG_VKEY" \
    --witness-key "$WITNESS_VKEY" >"$STAGE/elsewhere" 2>&1
}

step_9() {
  heading "9. De controleur leest het logboek en rekent het na"
  act "$AUDITOR_NAME (functionaris gegevensbescherming) leest het logboek van dit gezin, onder pseudoniem." \
    fg audit list --subject "$SUBJECT"
  RECORDS=$(get '.records | length')
  ABOUT_FATHER=$(get "[.records[] | select(.about.about.persons == [\"$FATHER\"])] | length")
  check "Ook wat alleen over vader gaat: $ABOUT_FATHER regel(s)." '$n | tonumber > 0' --arg n "$ABOUT_FATHER"
  recorded OpenCase AddContribution UploadDocument DownloadDocument AddWish AddGoal UpdateGoal ReactToPlanItem ListPlanChanges \
    ListPlanVersions RenderPlan InviteParticipant ProposeConsent SignConsent JoinCase \
    GetCase AppointRegisseur MovePhase SetReview PlanMeeting ConcludeMeeting ConfirmOutcome CompleteStep EvaluateStep FollowUpStep RaiseEscalation TakeUpEscalation DecideEscalation \
    DraftHandover ShowHandover AddFamilyView AuthoriseHandover OfferHandover ReceiveHandover \
    InviteConversation RecordConversation AcceptHandover CloseHandover GetReceipt ListDueHandovers WithdrawConsent ListOwnRecord \
    RecordHousehold SetAddress GetAddress ListWorklist ListInbox GetDigest RecordRequest \
    UpdatePerson AnswerRequest ReturnHandover InviteToMeeting AssignSlot AddAgendaItem RecordMinutes \
    ReactToMinutes \
    OpenEmergency GetEmergency ReviewEmergency
  say "  Alle $RECORDS regels: elke handeling hierboven staat erin."
  check "Ook de weigeringen, van lezen tot afronden." \
    '([.records[] | select(.who.actor == $n and .who.emergency)] | length >= 3) and
     ([.records[] | select(.who.actor == $n and .who.allowed == false)] | length >= 3) and
     ([.records[] | select(.who.actor == $b and .who.allowed == false)] | length >= 1) and
     ([.records[] | select(.who.actor == $i and .who.outcome != "OK")] | length >= 4)' \
    --arg n "$NURSE" --arg b "$ADMIN" --arg i "$IB"
  sees_not "$CHILD_GIVEN" "$SIBLING_GIVEN" "$MOTHER_GIVEN" "$OWN_CHILD" "$OWN_NURSE"
  say "  Namen van het gezin en inhoud van het dossier staan er niet in."
  refused 3 '*' "Het dossier zelf leest $AUDITOR_NAME niet." fg case show "$CASE"

  rm -rf "$RUN/export"
  act "$AUDITOR_NAME haalt het hele logboek op." fg audit export --out "$RUN/export/log"
  cp "$RUN/export/log/checkpoint" "$RUN/export/kept.checkpoint"
  VERIFY=(audit verify --log-key "$LOG_VKEY" --witness-key "$WITNESS_VKEY")
  act "Het klopt, tegen een controlepunt dat een getuige met een eigen sleutel mee ondertekende." \
    fg "${VERIFY[@]}" --strict --dir "$RUN/export/log"
  check "$(get .size) regels, door de getuige bevestigd." '.whole and (.cosignatures | length == 1)'
  verify_elsewhere "$RUN/export/log" || stage_fail "de tweede controleur keurt het af: $(<"$STAGE/elsewhere")"
  say "  Een tweede programma, in een andere taal, rekent hetzelfde uit."
  caught byte "Een kopie waarin één letter is veranderd."
  caught drop "Een kopie waaruit één regel is weggelaten."
  caught swap "Een kopie waarin twee regels zijn verwisseld."
  caught cut "Een kopie waarvan het einde is afgeknipt."
  caught rebuild "Het hele logboek opnieuw gemaakt en getekend met de eigen sleutel: de getuige ontbreekt."
}

step_10() {
  heading "10. Moeder leest wie er keek, wanneer en waarom"
  show moeder audit mine --family "$FAMILY"
  act "Dat was haar eigen logboek, in gewone taal (R25)." moeder audit mine --family "$FAMILY"
  sees "$NURSE_NAME" "$IB_NAME" "$RECEIVER_NAME"
  sees "noodtoegang"
  check "Zij ziet niet wat alleen van vader is; de controleur zag dat wel." \
    '[.records[] | select(.about.about.persons == [$f] and (.about.about.family | not))] | length == 0' \
    --arg f "$FATHER"
  local index
  index=$(get "[.records[] | select(.who.organisation == \"$AUDITOR_ORGANISATION\")][0].index")
  act "Zij vraagt waarom er gekeken is; de vraag blijft staan tot er antwoord is, binnen een maand (R25)." \
    moeder audit ask --family "$FAMILY" --record "$index" --question "Waarom keek u hiernaar?"
  act "$AUDITOR_NAME ziet dat er een vraag wacht, en niet van wie." fg question list
  local question
  question=$(get ".questions[0].name")
  check "Woorden staan er niet bij." \
    '(.questions | length) == 1 and .questions[0].question == ""'
  act "$AUDITOR_NAME leest de vraag, en antwoordt in gewone woorden." fg question answer "$question" \
    --text "Zo kon het overleg over Sem worden voorbereid."
  refused 5 ALREADY_ANSWERED "Een antwoord wordt een keer gegeven." fg question answer "$question" \
    --text "Of toch niet."
  act "Moeder leest het antwoord." moeder question list --family "$FAMILY"
  check "Haar vraag is beantwoord." '(.questions | length) == 1 and .questions[0].answered'
  act "Vader weet van de vraag niets." vader question list --family "$FAMILY"
  check "Bij hem staat niets." '(.questions // []) | length == 0'
}

# journey_until STEP RUN BIN: plays the steps up to and with that one.
journey_until() {
  local last=$1 number
  RUN=$2
  stage_open "$3/knooppunt" "$2"
  preparation
  for ((number = 1; number <= last; number++)); do "step_$number"; done
}

journey() {
  journey_until 10 "$1" "$2"
  heading "Klaar: $ACTS handelingen gelukt, $REFUSALS pogingen terecht geweigerd, $CHECKS keer nagekeken wat er te zien was."
}

# For demo.sh --keep: how to go on by hand.
journey_how_to_go_on() {
  cat <<EOF

De servers draaien door. Verder gaan kan met de hand, bijvoorbeeld:

  export KNOOPPUNT_HOME=$KNOOPPUNT_HOME PATH=$(dirname "$KNOOPPUNT"):\$PATH
  knooppunt --profile moeder case show $CASE
  knooppunt --profile ontvanger case list
  knooppunt --profile fg audit list --subject $SUBJECT
  knooppunt --profile fg audit export --out logboek
  knooppunt --profile fg audit verify --dir logboek --log-key '$LOG_VKEY' --witness-key '$WITNESS_VKEY'

Een login geldt tien minuten. Opnieuw inloggen, als moeder en als intern begeleider:

  knooppunt --profile moeder login --dev-as $MOTHER_LOGIN --issuer-key $RUN/pki/sign/issuer.key
  knooppunt --profile ib login --dev-as $IB_LOGIN --issuer-key $RUN/pki/sign/issuer.key

Stoppen:  kill $(tr '\n' ' ' <"$RUN/pids")
EOF
}
