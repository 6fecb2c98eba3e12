#!/usr/bin/env bash
# Builds Knooppunt, starts it on this machine, and plays a whole case with made-up people.
#
#   deploy/demo.sh            ends with 0 only if every step, the refusals included, went as it should
#   deploy/demo.sh --keep     leaves the servers running, and says how to go on by hand
#   deploy/demo.sh --seed N   other people
#
# Everything it makes stands in run/demo and build/. The keys there are for development.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
SOURCE=$PWD

keep=false
seed=1
while [ $# -gt 0 ]; do
  case "$1" in
    --keep) keep=true ;;
    --seed)
      seed=${2:-}
      shift
      ;;
    *) seed= ;;
  esac
  shift || true
  if ! [[ $seed =~ ^[0-9]+$ ]]; then
    sed -n '2,8s/^# \{0,1\}//p' deploy/demo.sh >&2
    exit 2
  fi
done

RUN=$SOURCE/run/demo
BIN=$SOURCE/build/release/bin
source deploy/packages.sh
source tests/e2e/servers.sh
source tests/e2e/journey.sh

# Servers that an earlier --keep left: ours by their number and by the program they run.
stop_kept_servers() {
  local pid
  [ -f "$RUN/pids" ] || return 0
  while read -r pid; do
    case "$(readlink "/proc/$pid/exe" 2>/dev/null || true)" in
      "$BIN"/*) kill -TERM "$pid" && timeout 20 tail --pid="$pid" -f /dev/null || true ;;
    esac
  done <"$RUN/pids"
  rm -f "$RUN/pids"
}

finish() {
  local status=$?
  trap - EXIT INT TERM
  if [ $status -ne 0 ]; then
    echo
    echo "De demo is NIET geslaagd (code $status)."
    for log in "$RUN"/*.log; do
      [ -s "$log" ] || continue
      echo "--- ${log#"$SOURCE"/}, het einde:"
      tail -n 20 "$log"
    done
  fi
  if [ ${#SERVER_PIDS[@]} -gt 0 ]; then
    servers_stop || status=1
  fi
  exit $status
}

echo "== Wat ontbreekt wordt geïnstalleerd"
install_missing "${BUILD_PACKAGES[@]}"
echo "== Bouwen (de eerste keer duurt dat enkele minuten)"
stop_kept_servers
deploy/build.sh

echo "== Sleutels, mensen en servers"
mkdir -p "$RUN"
deploy/pki.sh "$RUN/pki"
rm -rf "${RUN:?}/home" "${RUN:?}/export"
deploy/people.py --seed "$seed" >"$RUN/people.sh"
source "$RUN/people.sh"
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
servers_start embedded "$RUN" "$BIN"

journey "$RUN" "$BIN"

if $keep; then
  journey_how_to_go_on
  SERVER_PIDS=()
fi
