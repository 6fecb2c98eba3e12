# shellcheck shell=bash
# What comes before a meeting is concluded: a sitting, invitations with what each would read, and an
# agenda of which everybody sees their own part (R9, R11, R18). To be sourced by journey.sh.

OWN_ITEM="Slaap en groei bespreken"

the_agenda() {
  act "Het knooppunt van Manjefiek zit die dag bijeen; in zo'n zitting komen meer casussen langs." \
    ib sitting plan werkplaatsen/manjefiek --date "$(day today)" --start 09:00 --end 12:00 --place Teamkamer
  local sitting item etag
  sitting=$(get .name)
  act "Deze casus krijgt er een tijd in." ib sitting slot "$MEETING" --sitting "$sitting" \
    --start 09:40 --end 10:20
  act "$IB_NAME nodigt de JGZ uit, en hoort vooraf wat die erover zou lezen." \
    ib meeting invite "$MEETING" --seat "$SEAT_NURSE"
  act "$NURSE_NAME ziet de uitnodiging." jgz meeting invitations
  check "Eén, voor vandaag." '.invitations | length == 1'
  act "$IB_NAME zet de overstap op de agenda." ib agenda add "$MEETING" --title "De overstap" \
    --minutes 15 --about "$CHILD" --compartment education
  act "$NURSE_NAME brengt een eigen punt in, over gezondheid." jgz agenda add "$MEETING" \
    --title "$OWN_ITEM" --about "$CHILD" --compartment health
  act "De school ziet haar eigen punt, en niet dat van de JGZ: ook geen gat in de lijst (R18)." \
    ib agenda show "$MEETING"
  sees "De overstap"
  sees_not "$OWN_ITEM"
  item=$(get '.items[0].name')
  etag=$(get '.items[0].etag')
  act "Moeder ziet ze allebei." moeder agenda show "$MEETING"
  sees "De overstap" "$OWN_ITEM"
  act "$IB_NAME legt vast wat erover gezegd is." ib agenda minutes "$item" --etag "$etag" \
    --said "De nieuwe school kan al in mei kennismaken."
  act "Moeder ziet dat anders, en dat blijft ernaast staan (R9)." moeder agenda react "$item" \
    --dispute --text "Mei is te laat."
  act "$NURSE_NAME leest de zitting: haar eigen casus, meer niet." jgz sitting show "$sitting"
  check "Eén casus." '.slots | length == 1'
}
