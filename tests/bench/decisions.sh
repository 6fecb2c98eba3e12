#!/usr/bin/env bash
# What a decision costs: tests/bench/decisions.sh [BIN] [OPTIONS of knooppunt-decision-bench]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${1:-$here/../../build/release/bin}
shift $(($# < 1 ? $# : 1))
if [ ! -x "$bin/knooppunt-decision-bench" ]; then
  echo "no $bin/knooppunt-decision-bench: cmake --preset release && ninja -C build/release bin/knooppunt-decision-bench" >&2
  exit 2
fi
RUN=$(mktemp -d "${TMPDIR:-/tmp}/knooppunt-decisions.XXXXXX")
trap 'rm -rf "$RUN"' EXIT
"$here/../../deploy/pki.sh" "$RUN/pki" >/dev/null
cert=$RUN/pki/tls/dossier
"$bin/knooppunt-decision-bench" --ca "$RUN/pki/tls/ca.crt" --cert "$cert.crt" --key "$cert.key" \
  --policy "$here/../../security/policy/policy.textproto" "$@"
