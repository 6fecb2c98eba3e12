#!/usr/bin/env python3
"""Every reason of an error stands in base/errors_nl.txt, and nothing else does: who reads Dutch gets
a Dutch sentence, or the file says that only programs meet this reason."""
import re

import tree

TEXTS = "base/errors_nl.txt"
FOLDERS = ("base/", "security/", "services/", "clients/")
REASON = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERNAL|REFUSED|USAGE|STOPPING)"\s*[,;)]')
LINE = re.compile(r"([A-Z][A-Z0-9_]*)(\+?):( \S.*)?")
# Written the same way in a file of errors, and no reason.
OTHER_WORDS = {"GRPC_SSL_CIPHER_SUITES"}


def reasons(project):
    """Each reason, with a file that gives it."""
    found = {}
    for path in project.files(*tree.CPP_SUFFIXES):
        name = path.rsplit("/", 1)[-1]
        if not path.startswith(FOLDERS) or "_test." in name or "testing" in name:
            continue
        text = project.read(path)
        if "MakeError" not in text and "errors" not in name:
            continue
        for reason in REASON.findall(text):
            found.setdefault(reason, path)
    return {r: p for r, p in found.items() if r not in OTHER_WORDS}


def check(project):
    told = {}
    for number, line in project.lines(TEXTS):
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            yield f"{TEXTS}:{number}: not 'REASON: a sentence.'"
            continue
        reason, _, sentence = match.groups()
        if reason in told:
            yield f"{TEXTS}:{number}: {reason} stands in line {told[reason]} already"
        told[reason] = number
        if sentence and not sentence.endswith("."):
            yield f"{TEXTS}:{number}: a sentence ends with a full stop"
    given = reasons(project)
    for reason, path in sorted(given.items()):
        if reason not in told:
            yield f"{path}: {reason} is not in {TEXTS}: say it in plain Dutch there"
    for reason, number in sorted(told.items()):
        if reason not in given:
            yield f"{TEXTS}:{number}: no error has the reason {reason}"


if __name__ == "__main__":
    tree.run(check)
