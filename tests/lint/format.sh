#!/usr/bin/env bash
# The C++ is as clang-format writes it. Put it right with: tests/lint/format.sh --fix
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# What the reference platform ships; another version formats some things otherwise.
VERSION=14
if ! clang-format --version 2>/dev/null | grep -q "version $VERSION\."; then
  echo "clang-format $VERSION is not here; skipped"
  exit 77
fi
mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.h' '*.cc' | sort -u)
if [ "${1:-}" = --fix ]; then
  exec clang-format -i "${files[@]}"
fi
mapfile -t wrong < <(
  printf '%s\0' "${files[@]}" |
    xargs -0 -n 8 -P "$(nproc)" clang-format --dry-run -Wclang-format-violations 2>&1 |
    sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: .*clang-format-violations.*/\1/p' | sort -u
)
if [ ${#wrong[@]} -gt 0 ]; then
  printf '%s\n' "${wrong[@]}"
  echo "${#wrong[@]} files are not formatted; tests/lint/format.sh --fix does it"
  exit 1
fi
echo "The C++ is formatted."
