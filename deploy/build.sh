#!/usr/bin/env bash
# Builds the programs that are deployed, and nothing else: build/release/bin/knooppuntd,
# knooppunt and knooppunt-witness. Run again, it builds only what changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -f build/release/build.ninja ]; then
  log=$(mktemp)
  if ! cmake --preset release >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
fi
export NINJA_STATUS="  [%f/%t, %es] "
exec ninja -C build/release -j "${JOBS:-$(nproc)}" \
  bin/knooppuntd bin/knooppunt bin/knooppunt-witness
