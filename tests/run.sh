#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test.
#
#   tests/run.sh              the dev build: all tests but the long ones
#   tests/run.sh --long       the long ones too
#   tests/run.sh --sanitize   then again under ASan and UBSan, and what runs without gRPC under TSan
#
# Ends with ctest's summary; the exit code says whether all went well. JOBS=n sets how many
# compile and test at a time (default: every processor).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy/packages.sh

long=false
sanitize=false
for flag in "$@"; do
  case "$flag" in
    --long) long=true ;;
    --sanitize) sanitize=true ;;
    *)
      sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
      exit 2
      ;;
  esac
done
jobs=${JOBS:-$(nproc)}

# phase WHAT COMMAND...: runs it and says how long it took.
phase() {
  local what=$1 start=$SECONDS
  shift
  echo "== $what"
  "$@"
  echo "== $what: $((SECONDS - start)) s"
}

# Says something only when it fails.
configure() {
  local log
  log=$(mktemp)
  cmake --preset "$1" >"$log" 2>&1 || {
    cat "$log" >&2
    rm -f "$log"
    return 1
  }
  rm -f "$log"
}

build() {
  NINJA_STATUS="  [%f/%t, %es] " ninja -C "build/$1" -j "$jobs"
}

run_tests() {
  local preset=$1
  shift
  # The long ones are tests of the configuration "long", so that nobody starts one by its label.
  if $long; then set -- "$@" -C long; else set -- "$@" -LE long; fi
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$jobs" "$@"
}

phase "packages" install_missing "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
if $sanitize; then
  # The sanitizers first, so that the last summary is that of all tests.
  for preset in asan-ubsan tsan; do
    phase "configure $preset" configure $preset
    phase "build $preset" build $preset
  done
  phase "tests under ASan and UBSan" run_tests asan-ubsan -LE lint
  phase "tests under TSan" run_tests tsan -L tsan
fi
phase "configure" configure dev
phase "build" build dev
echo "== tests"
run_tests dev
