#!/usr/bin/env python3
"""Where dangerous powers are used: each use is in this list, or the test fails.

A power is something that only its owner can make; a new user of one is a decision, and shows in
the diff of this file.
"""
import re

import tree

# Power -> (what to look for, files or folders that may).
POWERS = {
    # Makes the proof that the gate let a call through (promise P2).
    "Gate::Admit": (
        re.compile(r"\bGate::Admit(List)?\b"),
        ["security/policy/authorized_call.h", "security/policy/authorized_call.cc",
         "services/runtime/"]),
    # Acts without a person: background work.
    "SystemCall": (
        re.compile(r"\bSystemCall\b"),
        ["security/policy/", "services/runtime/"]),
    # Reads or takes in the bytes of a key.
    "SecretAccess": (
        re.compile(r"\bSecretAccess\b"),
        ["security/crypto/",
         "security/policy/authorized_call.cc",  # takes a permit's keys in
         "security/storage/connection.cc",      # hands a database its key
         "security/storage/database.cc",        # keeps it for readers that open later
         "services/access/decide.cc",           # puts keys into a permit
         "services/access/keyring.cc",          # wraps and unwraps them
         "services/audit/opened_records.cc",    # opens records for who may read the log
         "services/runtime/host.cc"]),          # seals the audit record of a call
}


def is_unit_test(path):
    return "_test." in path or "testing" in path.rsplit("/", 1)[-1] or path.startswith("tests/")


def check(project):
    for path in project.files(*tree.CPP_SUFFIXES):
        if is_unit_test(path):
            continue
        for number, line in project.lines(path):
            for power, (pattern, places) in POWERS.items():
                if pattern.search(line.split("//")[0]) and not path.startswith(tuple(places)):
                    yield f"{path}:{number}: uses {power}; who may is listed in tests/lint/powers.py"


if __name__ == "__main__":
    tree.run(check)
