#!/usr/bin/env bash
# Logging in at a real OpenID provider: tests/oidc/run_oidc.sh BIN
#
# oidc-provider and knooppuntd, each on a port of loopback; people log in with the command line and
# a browser of a few lines. Folder and logs stay when something went wrong.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../e2e/servers.sh"
source "$here/../e2e/stage.sh"

bin=$1
run=$(mktemp -d "${TMPDIR:-/tmp}/knooppunt-oidc.XXXXXX")
SERVERS_RUN=$run
DEVICE_SECONDS=60

finish() {
  local status=$?
  trap - EXIT INT TERM
  servers_stop || status=1
  if [ $status -eq 0 ]; then
    rm -rf "$run"
  else
    for log in "$run"/*.log; do
      echo "--- $log"
      tail -n 40 "$log"
    done
  fi
  exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# npm writes this file last: it is newer than the lock exactly when the folder is what it says.
install_provider() {
  [ "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ] && return 0
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && return 0
  echo "npm did not install the provider: can this machine reach npm's registry? Then run this again." >&2
  return 1
}

profile() {
  "$KNOOPPUNT" --profile "$1" --server "$SERVER" --ca "$run/pki/tls/ca.crt" profile set >/dev/null
}

# at_provider CODE REASON SENTENCE WHAT PROFILE CLIENT ACCOUNT [ARGUMENTS...]: the command line shows
# a code, the person at the browser does WHAT (device or refuse), and the command line ends with CODE.
at_provider() {
  local code=$1 reason=$2 sentence=$3 what=$4 profile=$5 client=$6 account=$7 url= given pid
  shift 7
  STAGE_COMMAND="--profile $profile login --client-id $client"
  : >"$STAGE/err"
  "$KNOOPPUNT" --profile "$profile" --output json login --issuer "$ISSUER" --client-id "$client" \
    "$@" >"$STAGE/out" 2>"$STAGE/err" </dev/null &
  pid=$!
  local deadline=$((SECONDS + DEVICE_SECONDS))
  until url=$(grep -oE 'http://[^ ]*user_code=[^ ]*' "$STAGE/err"); do
    if ! kill -0 $pid 2>/dev/null || [ $SECONDS -ge $deadline ]; then
      stage_fail "verwacht: een code om in te typen"
    fi
    timeout 0.2 tail --pid=$pid -f /dev/null || true
  done
  timeout "$DEVICE_SECONDS" node "$here/browser.mjs" "$what" "$url" "$account"
  STATUS=0
  wait $pid || STATUS=$?
  OUT=$(<"$STAGE/out")
  # shellcheck disable=SC2053
  [[ $STATUS == $code ]] || stage_fail "verwacht: code $code; gekregen: code $STATUS"
  if [ "$code" != 0 ]; then
    given=$(tail -n 1 "$STAGE/err" | jq -r '.error.reason')
    [ "$given" = "$reason" ] || stage_fail "verwacht: reden $reason; gekregen: reden $given"
  fi
  say "$sentence"
}

# ask PATH [JSON]: the test's own pages of the provider.
ask() {
  curl --silent --show-error --fail --max-time 20 ${2:+--data "$2"} "$ISSUER/test/$1"
}

# forged HEADER CHANGES [KEY]: a JWS over a login that would be good, but for CHANGES to its claims.
forged() {
  local payload
  payload=$(jq -nc --arg iss "$ISSUER" --argjson now "$(date +%s)" --argjson changes "$2" \
    '{iss: $iss, sub: "jgz", aud: "knooppunt-es", iat: $now, exp: ($now + 300), jti: "\($now)",
      acr: "urn:example:substantial", amr: ["pwd", "otp"]} + $changes')
  ask "${4:-sign}" "$(jq -nc --argjson header "$1" --argjson payload "$payload" --arg key "${3:-own}" \
    '{header: $header, payload: $payload, key: $key}')" | jq -r .jws >"$run/id_token"
}

install_provider
"$here/../../deploy/pki.sh" "$run/pki"
servers_spawn provider node "$here/provider.mjs" "$run/provider.port"
servers_wait_for provider "$run/provider.port"
ISSUER=http://127.0.0.1:$(<"$run/provider.port")
"$here/../../deploy/configure.sh" "$here/knooppuntd.textproto.in" "$run/knooppuntd.textproto" \
  "RUN=$run" "ISSUER=$ISSUER"
servers_spawn knooppuntd "$bin/knooppuntd" --config "$run/knooppuntd.textproto"
servers_wait_for knooppuntd "$run/knooppuntd.port"
SERVER=127.0.0.1:$(<"$run/knooppuntd.port")
stage_open "$bin/knooppunt" "$run/stage"
for who in beheer jgz ouder web dief; do profile "$who"; done
[ "$(ask fetches | jq .fetches)" = 0 ] || stage_fail "de server vroeg sleutels voor iemand inlogde"

source "$here/logins.sh"
