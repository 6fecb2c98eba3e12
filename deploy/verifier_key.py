#!/usr/bin/env python3
"""Prints the verifier key of an Ed25519 public key: name+hash+key.

usage: deploy/verifier_key.py log|witness NAME PUBLIC_KEY.pem

The form is that of C2SP signed-note; a log signs with algorithm 1, a witness cosigns with 4.
"""
import base64
import hashlib
import sys

ALGORITHMS = {"log": 1, "witness": 4}
# DER of a SubjectPublicKeyInfo with an Ed25519 key (RFC 8410): this, then 32 bytes.
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def read_public_key(path):
    with open(path, encoding="ascii") as file:
        lines = [line.strip() for line in file]
    der = base64.b64decode("".join(line for line in lines if line and not line.startswith("-----")))
    if len(der) != len(SPKI_PREFIX) + 32 or not der.startswith(SPKI_PREFIX):
        sys.exit(f"{path}: not an Ed25519 public key")
    return der[len(SPKI_PREFIX):]


def main(arguments):
    if len(arguments) != 3 or arguments[0] not in ALGORITHMS:
        sys.exit(__doc__)
    kind, name, path = arguments
    key = bytes([ALGORITHMS[kind]]) + read_public_key(path)
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    print(f"{name}+{key_id.hex()}+{base64.b64encode(key).decode()}")


if __name__ == "__main__":
    main(sys.argv[1:])
