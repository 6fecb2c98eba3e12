#!/usr/bin/env bash
# What privacy costs: tests/bench/run.sh [embedded|separate] [BIN] [OPTIONS of knooppunt-bench]
#
# Starts servers of its own (release build), plays the journey up to the first consents, and
# measures the nurse's GetCase: authorised, consent-checked, audited and decrypted.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../e2e/servers.sh"
source "$here/../e2e/journey.sh"
mode=${1:-embedded}
bin=${2:-$here/../../build/release/bin}
shift $(($# < 2 ? $# : 2))
if [ ! -x "$bin/knooppunt-bench" ]; then
  echo "no $bin/knooppunt-bench: cmake --preset release && ninja -C build/release bin/knooppunt-bench" >&2
  exit 2
fi
RUN=$(mktemp -d "${TMPDIR:-/tmp}/knooppunt-bench-$mode.XXXXXX")
trap 'servers_stop || true; rm -rf "$RUN"' EXIT
"$here/../../deploy/pki.sh" "$RUN/pki" >/dev/null
"$here/../../deploy/people.py" --seed 7 >"$RUN/people.sh"
source "$RUN/people.sh"
servers_start "$mode" "$RUN" "$bin" >/dev/null
journey_until 3 "$RUN" "$bin" >/dev/null
token=$("$KNOOPPUNT" --profile jgz --server "$SERVER" login --dev-as "$NURSE_LOGIN" \
  --issuer-key "$RUN/pki/sign/issuer.key" --function jgz-nurse --print-token | tail -n 1)
address=$SERVER
case $SERVER in *dossier=*) address=${SERVER##*dossier=} address=${address%%,*} ;; esac
pids=()
for pid in "${SERVER_PIDS[@]}"; do
  case $(readlink "/proc/$pid/exe") in */knooppuntd) pids+=(--pid "$pid") ;; esac
done
cert=$RUN/pki/tls/dossier
echo "mode: $mode"
"$bin/knooppunt-bench" --server "$address" --ca "$RUN/pki/tls/ca.crt" --cert "$cert.crt" --key "$cert.key" \
  --token "$token" --case "$CASE" "${pids[@]}" "$@"
