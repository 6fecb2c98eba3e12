# shellcheck shell=bash
# Who logs in how, and who does not. To be sourced by run_oidc.sh.

login_with_token() {
  act "$1" "$2" login --id-token "$run/id_token" "${@:3}"
}
token_refused() {
  refused 8 "$1" "$2" dief login --id-token "$run/id_token" "${@:3}"
}

heading "Inloggen met een code (RFC 8628), elk met een ander algoritme"
at_provider 0 '' "De beheerder logt in met twee factoren (ES256)." device beheer knooppunt-es beheerder
act "De beheerder leest de organisaties in." \
  beheer directory import "$here/../../deploy/sample-data/limburg.json"
ORGANISATION=$(jq -r '.organisations[] | select(.kind == "YOUTH_HEALTH") | .id' \
  "$here/../../deploy/sample-data/limburg.json" | head -n 1 | sed 's|^|organisations/|')
act "De verpleegkundige krijgt een functie." \
  beheer professional create jgz --name "Joke Groen" --login "$ISSUER|jgz" --function jgz-nurse \
  --organisation "$ORGANISATION"
at_provider 0 '' "De verpleegkundige logt in (RS256)." device jgz knooppunt-rs jgz
check "Ze is wie de directory zegt." '.subject == "professionals/jgz"'
act "Ze komt binnen." jgz case list
at_provider 0 '' "En nog eens (PS256)." device jgz knooppunt-ps jgz
act "Ze komt binnen." jgz case list
at_provider 0 '' "Een ouder logt in bij de uitgever voor gezinnen (EdDSA)." device ouder knooppunt-ed 999990019
check "Het account laat het nummer niet zien." \
  '(.subject | test("^accounts/a-[0-9a-f]{32}$")) and (.subject | contains("999990019") | not)'
act "Een lijst van niets is ook een antwoord." ouder case list
check "Er is nog geen casus." '(.cases // []) == []'

heading "Wat niet genoeg is"
at_provider 0 '' "Met een factor inloggen mag." device dief knooppunt-es jgz+one
refused 3 REFUSED "Maar zonder tweede factor komt niemand bij een casus." dief case list
at_provider 8 LOGIN_DENIED "Wie bij de uitgever weigert, is niet ingelogd." refuse dief knooppunt-es jgz
at_provider 3 UNKNOWN_LOGIN "Wie hier geen professional is, komt er niet in." device dief knooppunt-es onbekend

heading "Inloggen met een nonce (code en PKCE)"
node "$here/browser.mjs" code "$ISSUER" knooppunt-web nonce-1 jgz >"$run/id_token"
token_refused ID_TOKEN_NONCE "Met een andere nonce is het niet deze login." --nonce nonce-2
token_refused ID_TOKEN_NONCE "Zonder nonce ook niet."
login_with_token "Met de nonce die de client stuurde wel." web --nonce nonce-1

heading "Tokens die nagemaakt, verlopen of van een ander zijn"
forged '{"alg":"ES256"}' '{}'
login_with_token "Een token met de sleutel van de uitgever is goed (controle van de proef)." web
forged '{"alg":"ES256"}' '{"aud":"somebody-else"}'
token_refused ID_TOKEN_AUDIENCE "Voor een andere dienst."
forged '{"alg":"ES256"}' '{"aud":["knooppunt-es","somebody-else"]}'
token_refused ID_TOKEN_AUDIENCE "Voor meer diensten, zonder dat wij erom vroegen."
forged '{"alg":"ES256"}' '{"iat":1700000000,"exp":1700000300}'
token_refused ID_TOKEN_EXPIRED "Verlopen."
forged '{"alg":"ES256"}' '{"iss":"https://evil.example"}'
token_refused ID_TOKEN_ISSUER "Van een andere uitgever."
forged '{"alg":"none"}' '{}'
token_refused ID_TOKEN_ALGORITHM "Zonder handtekening (alg none)."
forged '{"alg":"HS256"}' '{}' own hmac
token_refused ID_TOKEN_ALGORITHM "HS256 met de openbare sleutel als geheim."
forged '{"alg":"RS256"}' '{}' own hmac
token_refused ID_TOKEN_ALGORITHM "RS256 is voor deze client niet toegestaan, wat er ook onder staat."
forged '{"alg":"RS256"}' '{"aud":"knooppunt-rs"}' own hmac
token_refused ID_TOKEN_SIGNATURE "Dezelfde list bij de client waar RS256 wel mag."
forged '{"alg":"ES256"}' '{}' stranger
token_refused ID_TOKEN_KEY "Een sleutel die niet in de set van de uitgever staat."
kid=$(curl --silent --fail --max-time 20 "$ISSUER/jwks" | jq -r '.keys[] | select(.alg == "ES256") | .kid')
forged "{\"alg\":\"ES256\",\"kid\":\"$kid\"}" '{}' stranger
token_refused ID_TOKEN_SIGNATURE "Een vreemde sleutel onder de naam van een echte."

heading "De uitgever wisselt van sleutels terwijl wij draaien"
forged '{"alg":"ES256"}' '{}'
cp "$run/id_token" "$run/old_id_token"
ask rotate '{}' >/dev/null
at_provider 0 '' "De verpleegkundige logt in met de nieuwe sleutel." device jgz knooppunt-es jgz
act "Ze komt binnen." jgz case list
cp "$run/old_id_token" "$run/id_token"
token_refused ID_TOKEN_KEY "De oude sleutel geldt niet meer."
before=$(ask fetches | jq .fetches)
for _ in $(seq 20); do
  forged '{"alg":"ES256"}' '{}' stranger
  stage_run dief login --id-token "$run/id_token"
  [ $STATUS -eq 8 ] || stage_fail "verwacht: geweigerd"
done
after=$(ask fetches | jq .fetches)
[ $((after - before)) -le 5 ] || stage_fail "$((after - before)) keer de sleutels gevraagd om 20 valse tokens"
say "✓ Twintig valse tokens vragen de uitgever hoogstens een paar keer om sleutels ($((after - before)))."

heading "Afmelden"
token=$(sed -n 's/^token = //p' "$KNOOPPUNT_HOME/profiles/jgz")
[ -n "$token" ] || stage_fail "geen token in het profiel"
cp "$KNOOPPUNT_HOME/profiles/jgz" "$KNOOPPUNT_HOME/profiles/gestolen"
act "De verpleegkundige meldt zich af." jgz logout
grep -q '^token' "$KNOOPPUNT_HOME/profiles/jgz" && stage_fail "het token staat nog in het profiel"
refused 8 NOT_LOGGED_IN "Dit profiel is niet meer ingelogd." jgz case list
refused 8 SESSION_ENDED "Wie het token had weggenomen, komt er niet meer in." gestolen case list
act "Een ander is nog ingelogd." beheer directory organisations

heading "Uit dienst"
at_provider 0 '' "De verpleegkundige logt weer in." device jgz knooppunt-es jgz
act "Ze komt binnen." jgz case list
act "Haar functie eindigt." beheer professional end professionals/jgz --organisation "$ORGANISATION"
refused 3 REFUSED "De eerstvolgende vraag met haar lopende token is geweigerd." jgz case list
at_provider 3 NO_FUNCTION "Inloggen geeft haar geen toegang meer." device dief knooppunt-es jgz

heading "Hoe lang een inlog duurt"
forged '{"alg":"ES256"}' '{"sub":"beheerder"}'
start=$(date +%s%N)
for _ in $(seq 20); do stage_run web login --id-token "$run/id_token"; done
say "20 keer inloggen met een id token, programma en TLS meegeteld: $((($(date +%s%N) - start) / 20000000)) ms per keer."
heading "$ACTS handelingen gelukt, $REFUSALS geweigerd, $CHECKS gecontroleerd."
