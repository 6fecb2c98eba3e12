#!/usr/bin/env bash
# The one list of Debian packages that Knooppunt needs, and how they get there.
#
#   deploy/packages.sh build        what a build needs
#   deploy/packages.sh test         what the tests need on top
#   deploy/packages.sh list         prints both lists, installs nothing
#
# Or `source` it and call `install_missing "${BUILD_PACKAGES[@]}"`. What is there is left alone.

BUILD_PACKAGES=(
  # The toolchain.
  build-essential cmake ninja-build ccache pkg-config lld
  # Calls. gRPC's CMake files name its plugin for protoc, so that must be there too.
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libabsl-dev
  # Stores and keys. The openssl program makes the development keys.
  libsqlcipher-dev libssl-dev openssl
  # Login: requests to an OpenID provider, and the JSON it answers with.
  libcurl4-openssl-dev libjansson-dev
  # What kind of file a document is, by its content.
  libmagic-dev
  # The command line and the witness's HTTP.
  libcli11-dev libboost-dev
  # CMake looks for the test libraries even when only the programs are built.
  libgtest-dev libgmock-dev
  # The plan as PDF: Pango sets the text, Cairo writes the file, in a font that has every letter.
  libpango1.0-dev fonts-dejavu-core
  # The scripts, and what the programs read at run time.
  python3 jq ca-certificates tzdata
)
TEST_PACKAGES=(
  libbenchmark-dev
  # Opens the stores from outside, without the key: it must fail.
  sqlite3
  # The house style, and lint of the protos.
  clang-format clang-tidy git nodejs npm
  # Logging in at a provider (tests/oidc).
  curl
  # The model of the handover (tests/model).
  spin
)

# Some packages come from elsewhere on some machines (Node.js brings npm along): a package
# counts as there when its program is.
package_is_there() {
  case "$1" in
    nodejs) command -v node >/dev/null && return 0 ;;
    npm | git | cmake | ccache | openssl | python3 | jq | sqlite3 | clang-format)
      command -v "$1" >/dev/null && return 0 ;;
  esac
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Packages are missing. Run this as root, or install sudo." >&2
    return 1
  fi
}

# One line of progress every 25 packages; the whole story goes to the log.
install_packages() {
  local log=$1
  shift
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o Dpkg::Use-Pty=0 "$@" 2>&1 | tee -a "$log" |
    awk '/^Setting up / && ++n % 25 == 0 { print "  " n " packages set up"; fflush() }'
  local status=("${PIPESTATUS[@]}")
  return "${status[0]}"
}

# Prints those of the named packages that are missing.
missing_of() {
  local package
  for package in "$@"; do
    package_is_there "$package" || echo "$package"
  done
}

# Installs those of the named packages that are missing; says what it does.
install_missing() {
  local missing log
  mapfile -t missing < <(missing_of "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing with what they need: ${missing[*]}"
  log=$(mktemp)
  # The package lists may be empty (a fresh machine) or too old (a version that is gone):
  # only then are they fetched.
  if apt-cache show "${missing[@]}" >/dev/null 2>&1 && install_packages "$log" "${missing[@]}"; then
    rm -f "$log"
    return 0
  fi
  echo "  fetching the package lists"
  if as_root apt-get update -q >>"$log" 2>&1 && install_packages "$log" "${missing[@]}"; then
    rm -f "$log"
    return 0
  fi
  tail -n 40 "$log" >&2
  rm -f "$log"
  echo "The packages could not be installed; what went wrong stands above." >&2
  return 1
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  case "${1:-}" in
    build) install_missing "${BUILD_PACKAGES[@]}" ;;
    test) install_missing "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" ;;
    list) printf '%s\n' "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" ;;
    *)
      echo "usage: deploy/packages.sh build|test|list" >&2
      exit 2
      ;;
  esac
fi
