#!/usr/bin/env bash
# Fills in the configuration of a run: deploy/configure.sh TEMPLATE OUT NAME=VALUE...
#
#   deploy/configure.sh deploy/config/embedded.textproto.in run/demo/knooppuntd.textproto \
#     RUN=run/demo PKI=run/demo/pki PORT=0 ...
#
# SOURCE is known. A name that the template asks for and nobody gives is an error.
set -euo pipefail

if [ $# -lt 2 ]; then
  echo "usage: deploy/configure.sh TEMPLATE OUT NAME=VALUE..." >&2
  exit 2
fi
template=$1
out=$2
shift 2

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
text=$(<"$template")
for pair in "SOURCE=$source_dir" "$@"; do
  text=${text//"@${pair%%=*}@"/"${pair#*=}"}
done
if left=$(grep -oE '@[A-Z_]+@' <<<"$text" | sort -u | tr '\n' ' ') && [ -n "$left" ]; then
  echo "$template: not given: $left" >&2
  exit 1
fi
umask 077
printf '%s\n' "$text" >"$out"
