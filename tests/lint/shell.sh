#!/usr/bin/env bash
# Every shell script parses, is executable or a library, and stops at the first error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

failed=0
while IFS= read -r script; do
  [ -f "$script" ] || continue
  if ! bash -n "$script"; then
    failed=1
  elif [ -x "$script" ] && ! grep -q '^ *set -euo pipefail' "$script"; then
    echo "$script: no 'set -euo pipefail'"
    failed=1
  fi
done < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run | sort -u)
[ $failed -eq 0 ] && echo "The scripts are in order."
exit $failed
