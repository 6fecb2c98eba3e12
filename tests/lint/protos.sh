#!/usr/bin/env bash
# buf lint over the protos, with the rules of proto/buf.yaml and the version of package-lock.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# npm writes this file last: it is newer than the lock exactly when the folder is what it says.
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
fi
cd ../..
case "$(uname -m)" in
  x86_64) platform=linux-x64 ;;
  aarch64) platform=linux-aarch64 ;;
  *)
    echo "buf is not packaged for $(uname -m)" >&2
    exit 1
    ;;
esac
buf=tests/lint/node_modules/@bufbuild/buf-$platform/bin/buf
if [ ! -x "$buf" ]; then
  # npm leaves out what it could not fetch, without an error: it counts as optional.
  rm -rf tests/lint/node_modules
  echo "npm did not install buf for $platform: can this machine reach npm's registry? Then run this again." >&2
  exit 1
fi
"$buf" lint proto
echo "The protos are in order."
