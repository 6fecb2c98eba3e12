# shellcheck shell=bash
# The warm handover of the journey, with a first try that comes back (R26-R29). To be sourced by
# journey.sh, whose names it uses.

draft_handover() {
  act "$IB_NAME stelt de overdracht op, met wat er mee gaat (R28)." ib handover draft "$CASE" \
    --kind po-vo --to werkplaatsen/vmbo-maastricht --receiver "$RECEIVER" \
    --until "$(day '+2 months')" \
    --item "$FAMILY/persons/$CHILD,$FAMILY/persons/$MOTHER,$FAMILY/persons/$FATHER" \
    --item "$NOTE_CHILD,$WISH,$GOAL,$FOLLOW_UP,$DOCUMENT"
  HANDOVER=$(get .name)
}

# The school sends it back; nothing moved, nothing stays open, and a second try goes through.
returned_once() {
  local first=$HANDOVER
  act "$RECEIVER_NAME stuurt haar terug, met de reden." ontvanger handover return "$HANDOVER" \
    --reason "De zienswijze van vader ontbreekt nog."
  check "Teruggestuurd." '.state == "HANDOVER_STATE_RETURNED"'
  refused '[34]' '*' "Van een overdracht die terug is leest $RECEIVER_NAME niets meer." \
    ontvanger handover show "$first"
  act "De casus is nog gewoon bij Manjefiek (R27)." ib case show "$CASE"
  check "Werkplaats en regisseur zijn dezelfde." \
    '.werkplaats == "werkplaatsen/manjefiek" and .regisseur.seat == $ib' --arg ib "$SEAT_IB"
  draft_handover
  act "$IB_NAME laat het opnieuw aan het gezin zien." ib handover show-family "$HANDOVER" \
    --note "Met vader erbij"
  act "$FATHER_NAME voegt zijn zienswijze toe." vader handover view "$HANDOVER" \
    --text "Graag een rustige klas."
  act "$MOTHER_NAME de hare." moeder handover view "$HANDOVER" \
    --text "$CHILD_GIVEN wil graag met een bekende starten."
  act "De toestemming is er nog: geautoriseerd." ib handover authorise "$HANDOVER"
  act "De tweede keer wordt zij aangeboden." ib handover offer "$HANDOVER"
}

step_7() {
  heading "7. Warme overdracht van Manjefiek naar VMBO Maastricht"
  draft_handover
  check "Van de bijlage gaat de versie mee die er nu is; de soort zegt wanneer het rond moet zijn (R30)." \
    '(.items | index($d + "/versions/1") != null) and .dueDate != ""' --arg d "$DOCUMENT"
  act "$IB_NAME laat het pakket aan het gezin zien; vanaf nu ligt het vast." \
    ib handover show-family "$HANDOVER" --note "Samen doorgelezen aan de keukentafel"
  act "$MOTHER_NAME voegt haar zienswijze toe; die reist mee." moeder handover view "$HANDOVER" \
    --text "$CHILD_GIVEN wil graag met een bekende starten."
  refused 5 '*' "Zonder toestemming voor wat meegaat kan de overdracht niet door." \
    ib handover authorise "$HANDOVER"
  propose VMBO "$RECEIVER_ORGANISATION" education coordination,handover \
    "VMBO Maastricht mag tot over een jaar lezen wat de basisschool over $CHILD_GIVEN en ons meegeeft."
  act "$MOTHER_NAME tekent." moeder consent sign "$CONSENT_VMBO" --yes
  act "$FATHER_NAME tekent." vader consent sign "$CONSENT_VMBO" --yes
  act "Nu kan het: de overdracht is geautoriseerd." ib handover authorise "$HANDOVER"
  refused 3 '*' "$RECEIVER_NAME (zorgcoördinator, VMBO) kan nog niets lezen: er is nog niets aangeboden." \
    ontvanger handover show "$HANDOVER"
  act "$IB_NAME biedt de overdracht aan." ib handover offer "$HANDOVER"
  returned_once
  act "$RECEIVER_NAME leest het pakket." ontvanger handover show "$HANDOVER"
  sees "$OWN_CHILD" "met een bekende starten"
  sees_not "$OWN_SIBLING" "$OWN_NURSE" "$OWN_CONSULTANT" "$SIBLING_GIVEN"
  act "$RECEIVER_NAME haalt de bijlage op, in de versie die is aangeboden." \
    ontvanger --purpose handover document get "$DOCUMENT" --out "$RUN/meegegeven.pdf"
  act "In het overzicht staat de overdracht bij wie aan zet is." ontvanger handover due --mine
  check "Ontvangen, binnen de termijn van de soort." \
    '.handovers | map(select(.name == $h and .mine and .turn == "HANDOVER_SIDE_RECEIVER")) | length == 1' \
    --arg h "$HANDOVER"
  act "$RECEIVER_NAME tekent voor ontvangst, van precies wat het gezin zag." \
    ontvanger handover receive "$HANDOVER"
  check "De handtekening en het pakket hebben dezelfde hash." '.receiptSha256 == .packageSha256'
  SEAT_RECEIVER=$(seat_of ib "$RECEIVER")
  refused 5 '*' "Aannemen zonder gesprek kan niet: een overdracht is warm (R27)." \
    ontvanger handover accept "$HANDOVER" --regisseur "$SEAT_RECEIVER" --stand-in "$SEAT_CONSULTANT"
  act "$RECEIVER_NAME nodigt uit voor het gesprek." ontvanger handover invite "$HANDOVER" \
    --date "$(day today)" --seats "$SEAT_IB,$SEAT_MOTHER"
  act "Het gesprek: beide scholen en moeder." ib handover converse "$HANDOVER" \
    --date "$(day today)" --seats "$SEAT_IB,$SEAT_RECEIVER,$SEAT_MOTHER"
  act "$RECEIVER_NAME neemt aan: werkplaats, regisseur en plaatsen verhuizen in één keer." \
    ontvanger handover accept "$HANDOVER" --regisseur "$SEAT_RECEIVER" --stand-in "$SEAT_CONSULTANT"
  act "$RECEIVER_NAME sluit de overdracht af." ontvanger handover close "$HANDOVER"
  check "Afgesloten, en elke handeling noemt wie haar deed." \
    '.state == "HANDOVER_STATE_CLOSED" and ([.acts[] | select(.actor == "")] | length == 0)'
  act "$IB_NAME bewaart het ontvangstbewijs, uit het eigen dossier." \
    ib handover receipt "$HANDOVER" --own-record
  check "Drie verklaringen, door beide kanten ondertekend (R28)." \
    '[.statements[].organisation] == [$a, $b, $b]' --arg a "$IB_ORGANISATION" --arg b "$RECEIVER_ORGANISATION"
  printf '%s' "$OUT" >"$RUN/receipt.json"
  KEY_IB=$(get '.statements[0].verifyKey')
  act "Het bewijs klopt, zonder server, met de sleutel van de eigen organisatie." \
    ib handover verify-receipt "$RUN/receipt.json" --key "$IB_ORGANISATION=$KEY_IB"
  sed 's/organisations\/mosalira professionals/organisations\/elders professionals/' "$RUN/receipt.json" >"$RUN/vals.json"
  refused 9 '*' "Een bewijs waar iemand aan zat, klopt niet." ib handover verify-receipt "$RUN/vals.json"
  act "$RECEIVER_NAME leest de casus: nu de werkplaats." ontvanger case show "$CASE"
  check "Regisseur is $RECEIVER_NAME, waarnemer $CONSULTANT_NAME." \
    '.werkplaats == "werkplaatsen/vmbo-maastricht" and .regisseur.seat == $r and .regisseur.standInSeat == $c' \
    --arg r "$SEAT_RECEIVER" --arg c "$SEAT_CONSULTANT"
  sees "$OWN_CHILD"
  sees_not "$OWN_SIBLING" "$SIBLING_GIVEN"
  refused 3 '*' "$IB_NAME kan de gedeelde casus niet meer lezen (R29)." ib case show "$CASE"
  act "Wat Manjefiek zelf vastlegde, blijft van Manjefiek." ib record list "$CASE"
  sees "$OWN_CHILD" "$OWN_SIBLING"
  sees_not "$OWN_CONSULTANT"
}
