# shellcheck shell=bash
# What a working day adds to the journey: two homes and an address that is not for the other parent
# (R18), worklists and the inbox, a request under the AVG and the correction that follows (R40). To
# be sourced by journey.sh, whose names it uses.

two_homes() {
  act "$IB_NAME legt vast dat het kind bij moeder woont, en de andere helft van de week bij vader." \
    ib household record "$FAMILY" --title "bij mama" --from "$(day '-5 months')" \
    --member "$FAMILY/persons/$CHILD,$FAMILY/persons/$MOTHER"
  act "Eén casus, twee huizen." ib household record "$FAMILY" --title "bij papa" \
    --from "$(day '-5 months')" --member "$FAMILY/persons/$CHILD,$FAMILY/persons/$FATHER"
  local home
  home=$(get .name)
  act "Het adres van vader is van vader." ib household move "$home" --street "$OWN_STREET" \
    --postcode "6211 CJ" --city Maastricht --about "$FAMILY/persons/$FATHER"
  act "$FATHER_NAME leest zijn adres." vader household address "$home"
  sees "$OWN_STREET"
  refused '[34]' '*' "$MOTHER_NAME kan dat niet: adressen worden tussen ouders niet vanzelf gedeeld (R18)." \
    moeder household address "$home"
  act "In haar lijst van huizen staat het ook niet." moeder household list "$FAMILY"
  sees "bij mama"
  sees_not "bij papa" "$OWN_STREET"
}

the_day_begins() {
  act "$IB_NAME begint de dag met de werklijst: alles wat er te doen is, op datum." ib worklist
  check "De vervolgafspraak staat erop, met wanneer zij af moet zijn." \
    '[.entries[] | select(.subject == $s and .kind == "ENTRY_KIND_STEP")] | length == 1' --arg s "$FOLLOW_UP"
  act "$MOTHER_NAME ziet wat op haar wacht." moeder worklist --awaiting
  check "Afspraken die zij kan bevestigen of tegenspreken (R9)." \
    '.entries | length > 0 and all(.[]; .kind == "ENTRY_KIND_REACTION")'
  act "$NURSE_NAME leest haar berichten." jgz inbox
  check "Er is een regisseur benoemd (R1)." \
    '[.notices[] | select(.kind == "NOTICE_KIND_REGISSEUR")] | length == 1'
  act "In de e-mail van vandaag staan alleen aantallen." ib digest
  sees_not "$CHILD_GIVEN" "$CHILD_SURNAME" "$CHILD" "$FAMILY"
}

the_request() {
  act "$MOTHER_NAME vraagt om een verbetering (R40)." moeder request record "$FAMILY" \
    --kind correction --about "$FAMILY/persons/$MOTHER" --text "Mijn geboortedatum is een dag later."
  local request etag
  request=$(get .name)
  check "De school moet antwoorden, binnen een maand: die antwoordt voor wat er staat." \
    '.owner == $o and .dueDate > $today' --arg o "$IB_ORGANISATION" --arg today "$(day today)"
  act "$IB_NAME ziet de vraag." ib request list
  check "Met de laatste dag." '[.requests[] | select(.name == $r)] | length == 1' --arg r "$request"
  act "$IB_NAME leest wat er staat." ib person show "$FAMILY/persons/$MOTHER"
  etag=$(get .etag)
  act "En verbetert het; wat er stond blijft bewaard." ib person correct "$FAMILY/persons/$MOTHER" \
    --born "$(day "$MOTHER_BORN +1 day")" --reason "Het paspoort gezien." --etag "$etag"
  act "$IB_NAME antwoordt, in woorden voor het gezin." ib request answer "$request" --outcome granted \
    --text "Uw geboortedatum staat er nu goed."
  act "$MOTHER_NAME leest het antwoord." moeder request show "$request"
  sees "Uw geboortedatum staat er nu goed."
  refused 3 '*' "$RECEIVER_NAME van de nieuwe school zit niet aan tafel en leest er niets van." \
    ontvanger request show "$request"
}
