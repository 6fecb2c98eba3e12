#!/usr/bin/env bash
# The journey as a test: tests/e2e/run_journey.sh embedded|separate BIN
#
# On servers of its own, in a folder of its own, which stays when something went wrong.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/servers.sh"
source "$here/journey.sh"

mode=$1
bin=$2
run=$(mktemp -d "${TMPDIR:-/tmp}/knooppunt-journey-$mode.XXXXXX")

finish() {
  local status=$?
  trap - EXIT INT TERM
  # How they end is part of the test: a sanitizer speaks then too.
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
# Under a sanitizer (presets asan-ubsan and tsan).
export LSAN_OPTIONS=suppressions=$here/../lsan.supp:print_suppressions=0
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$here/../../deploy/pki.sh" "$run/pki"
"$here/../../deploy/people.py" --seed 7 >"$run/people.sh"
source "$run/people.sh"
servers_start "$mode" "$run" "$bin"
journey "$run" "$bin"
