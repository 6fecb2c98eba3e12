#!/usr/bin/env bash
# Makes a PKI and keys for development: deploy/pki.sh DIR
#
# Not for production: there the authority, the roots and the witness's key each live
# elsewhere, see doc/operations.md. What is already there is kept, so running it again is
# harmless. All private files get mode 0600; the server refuses wider ones.
#
#   tls/ca.crt, ca.key               the authority (ECDSA P-256)
#   tls/{all,dossier,directory,access,audit}.{crt,key}
#                                    a process each; URI spiffe://knooppunt/NAME says which units it is
#   sign/token.{key,pub}             Ed25519: access signs tokens
#   sign/issuer.{key,pub}            Ed25519: the development issuer of id tokens
#   sign/log.{key,pub}               Ed25519: audit signs checkpoints
#   sign/witness.{key,pub}           Ed25519: the witness cosigns them
#   roots/{dossier,directory,access,audit}.root
#                                    64 hex digits: the root of each unit's database
#   keyring/keyring.root             64 hex digits: the root of the data keys; apart from the others
set -euo pipefail
umask 077

if [ $# -ne 1 ]; then
  echo "usage: deploy/pki.sh DIR" >&2
  exit 2
fi
mkdir -p "$1"/{tls,sign,roots,keyring}
cd "$1"

DAYS=3650

# Written under another name first: an interrupted run leaves no half file behind.
make_authority() {
  [ -f tls/ca.crt ] && return
  openssl ecparam -name prime256v1 -genkey -noout -out tls/ca.key.new
  openssl req -x509 -new -sha256 -key tls/ca.key.new -days $DAYS \
    -subj "/CN=Knooppunt development authority" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -out tls/ca.crt.new
  mv tls/ca.key.new tls/ca.key
  mv tls/ca.crt.new tls/ca.crt
  rm -f tls/{all,dossier,directory,access,audit}.{crt,key}
}

make_certificate() {
  local name=$1
  # Still good tomorrow? Then keep it.
  openssl x509 -in "tls/$name.crt" -noout -checkend 86400 >/dev/null 2>&1 && return
  openssl ecparam -name prime256v1 -genkey -noout -out "tls/$name.key.new"
  openssl req -new -sha256 -key "tls/$name.key.new" -subj "/CN=knooppunt $name" |
    openssl x509 -req -sha256 -CA tls/ca.crt -CAkey tls/ca.key -days $DAYS \
      -set_serial "0x$(openssl rand -hex 15)" -out "tls/$name.crt.new" -extfile <(
        echo "basicConstraints=critical,CA:FALSE"
        echo "keyUsage=critical,digitalSignature"
        echo "extendedKeyUsage=serverAuth,clientAuth"
        echo "subjectAltName=URI:spiffe://knooppunt/$name,DNS:localhost,IP:127.0.0.1"
      ) 2>"tls/$name.log" || {
    cat "tls/$name.log" >&2
    return 1
  }
  rm -f "tls/$name.log"
  mv "tls/$name.key.new" "tls/$name.key"
  mv "tls/$name.crt.new" "tls/$name.crt"
}

make_signing_key() {
  local name=$1
  if [ ! -f "sign/$name.key" ]; then
    openssl genpkey -algorithm ed25519 -out "sign/$name.key.new"
    mv "sign/$name.key.new" "sign/$name.key"
    rm -f "sign/$name.pub"
  fi
  [ -f "sign/$name.pub" ] || openssl pkey -in "sign/$name.key" -pubout -out "sign/$name.pub"
}

make_root() {
  [ -f "$1" ] && return
  openssl rand -hex 32 >"$1.new"
  mv "$1.new" "$1"
}

make_authority
for name in all dossier directory access audit; do make_certificate $name; done
for name in token issuer log witness; do make_signing_key $name; done
for unit in dossier directory access audit; do make_root roots/$unit.root; done
make_root keyring/keyring.root
chmod 644 tls/*.crt sign/*.pub
