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
"tests/lint/node_modules/@bufbuild/buf-$platform/bin/buf" lint proto
echo "The protos are in order."
