#!/usr/bin/env bash
# Documents over TLS, with clients that are slow, silent or gone: tests/e2e/run_documents.sh BIN
#
# On servers of its own, in a folder of its own, which stays when something went wrong. Takes up to
# a minute: one of the clients is silent for longer than a server waits.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/servers.sh"
source "$here/journey.sh"

bin=$1
run=$(mktemp -d "${TMPDIR:-/tmp}/knooppunt-documents.XXXXXX")

finish() {
  local status=$?
  trap - EXIT INT TERM
  servers_stop || status=1
  if [ $status -eq 0 ]; then rm -rf "$run"; else tail -n 40 "$run"/*.log; fi
  exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# fails WHAT
fails() {
  echo "  DIT GING NIET ZOALS HET HOORT: $1" >&2
  exit 1
}
# knows PERSON ARGUMENTS...
knows() {
  local person=$1
  shift
  "$KNOOPPUNT" --profile "$person" "$@" </dev/null
}
# slow_get PERSON FILE: begins to read DOCUMENT, and stops when a part is there. Its process is READER.
slow_get() {
  "$KNOOPPUNT" --profile "$1" document get "$DOCUMENT" --out "$2" </dev/null >"$2.log" 2>&1 &
  READER=$!
  until [ -s "$2.part" ]; do kill -0 "$READER" || fails "de lezer stopte uit zichzelf"; done
  kill -STOP "$READER"
}

"$here/../../deploy/pki.sh" "$run/pki"
"$here/../../deploy/people.py" --seed 8 >"$run/people.sh"
source "$run/people.sh"
servers_start embedded "$run" "$bin"
journey_until 3 "$run" "$bin" >"$run/journey.log"

heading "Een document van 50 MB"
file=$run/groot.pdf
{
  printf '%%PDF-1.7\n'
  head -c $((50 * 1024 * 1024 - 9)) /dev/urandom
} >"$file"
DOCUMENT=$(knows ib --quiet document add "$CASE" "$file" --title "Groot" --about "$CHILD" \
  --compartment education)
knows jgz document get "$DOCUMENT" --out "$run/eruit.pdf" >/dev/null
cmp "$file" "$run/eruit.pdf" || fails "wat eruit komt is niet wat erin ging"
say "✓ Het komt eruit zoals het erin ging."

heading "Een upload die wordt afgebroken"
stored() { du -sb "$run/data" | cut -f 1; }
before=$(stored)
"$KNOOPPUNT" --profile ib document add "$CASE" "$file" --title "Half" --about "$CHILD" \
  --compartment education </dev/null >/dev/null 2>&1 &
READER=$!
until [ "$(stored)" -gt $((before + 8000000)) ] || ! kill -0 "$READER" 2>/dev/null; do :; done
if kill -KILL "$READER" 2>/dev/null; then
  wait "$READER" 2>/dev/null || true
  [ "$(knows ib --quiet document list "$CASE" | wc -l)" -eq 2 ] || fails "er staat iets dat niet af is"
  say "✓ Er staat niets dat niet af is."
else
  say "– Deze machine was te snel: hij was al heel."
fi

heading "Een lezer die stilvalt"
slow_get ib "$run/stil.pdf"
# Longer than a server waits; it is still there then, and stopped.
timeout 33 tail --pid="$READER" -f /dev/null || true
kill -CONT "$READER"
status=0
wait "$READER" || status=$?
[ $status -eq 7 ] || fails "verwacht: code 7; gekregen: code $status"
say "✓ De server wacht niet langer dan een halve minuut."
knows ib document get "$DOCUMENT" --out "$run/stil.pdf" --continue >/dev/null
cmp "$file" "$run/stil.pdf" || fails "wat is hervat is niet heel"
say "✓ Daarna gaat het verder waar het was, en komt het heel aan."

heading "Toestemming ingetrokken onder het lezen (R13)"
slow_get jgz "$run/geweigerd.pdf"
knows moeder consent withdraw "$CONSENT_JGZ" >/dev/null
kill -CONT "$READER"
status=0
wait "$READER" || status=$?
[ $status -eq 3 ] || fails "verwacht: code 3; gekregen: code $status"
[ ! -e "$run/geweigerd.pdf" ] || fails "het kwam toch heel aan"
say "✓ Het lezen stopt, en de reden staat erbij."
