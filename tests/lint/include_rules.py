#!/usr/bin/env python3
"""Who may include whom: the right-hand column of the house, as a test.

A folder is the longest entry of RULES that a file lies in. It may include its own files, the
folders it names, and the third-party headers that EXTERNAL grants it. Exceptions are single
headers, each with the decision record that allows it.
"""
import re

import tree

# Folder -> folders it may include. "services/*" is any folder of services without a rule of
# its own.
RULES = {
    "base": [],
    "proto": [],
    "security/crypto": ["base"],
    "security/identity": ["base", "proto", "security/crypto"],
    "security/policy": ["base", "proto", "security/identity", "security/crypto"],
    "security/audit": ["base", "proto", "security/crypto"],
    "security/storage": ["base", "security/crypto"],
    "services/runtime": ["base", "proto", "security"],
    "services/*": ["base", "proto", "security", "services/runtime", "clients/cpp"],
    "services/server": ["base", "proto", "security", "services", "clients/cpp"],
    "clients/cpp": ["base", "proto"],
    "clients/cli": ["base", "proto", "clients/cpp"],
    "tests": ["base", "proto", "security", "services", "clients"],
}

# Folder -> headers it may include beyond RULES, and the decision that says so.
EXCEPTIONS = {
    "services/runtime": {"clients/cpp/transport.h": "0003"},
    "clients/cli": {"security/audit/": "0004", "security/crypto/": "0004",
                    "security/identity/http.h": "0009", "security/identity/json.h": "0009",
                    "security/policy/": "0010"},
    "security/audit": {"security/storage/database.h": "0005"},
}

# Units of more than one service: each may include the others' rules.h, and the shared unit of
# work. The unit's assembly puts the services together (decision 0007).
UNITS = {
    "dossier": {"services": ["dossier", "casework", "consent", "documents", "family", "handover", "meetings",
                             "plan", "requests", "worklist"],
                "shared": "services/dossier",
                "assembly": "services/dossier/dossier_unit"},
}

# Third-party prefix -> folders whose programs may include it; tests may include all of these.
# What is not named here is free to all.
EXTERNAL = {
    "openssl/": ["security/crypto", "security/identity"],
    "curl/": ["security/identity"],
    "jansson.h": ["security/identity"],
    "sqlcipher/": ["security/storage"],
    "grpcpp/": ["services/runtime", "services/server", "clients/cpp"],
    "grpc/": ["services/runtime", "services/server", "clients/cpp"],
    "pango/": ["services/plan"],
    "cairo": ["services/plan"],
    "magic.h": ["services/documents"],
    "CLI/": ["clients/cli", "services/server", "services/witness"],
    "boost/": ["security/audit", "services/witness", "services/gateway"],
    "google/protobuf/": ["security/identity", "security/policy", "security/audit", "services",
                         "clients"],
}
# For nobody: plain SQLite beside SQLCipher would let the link order choose the engine.
NEVER = ("sqlite3.h",)
# Generated from proto/, not from a library.
GENERATED = re.compile(r"^(knooppunt|google/rpc)/.*\.pb\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
# For tests; they never reach a program.
TEST_ONLY = ("gtest/", "gmock/", "benchmark/", "base/status_testing.h")


def folder_of(path):
    """The entry of RULES that `path` lies in, or None."""
    best = None
    for folder in RULES:
        prefix = folder.replace("/*", "/")
        inside = path.startswith(prefix if prefix.endswith("/") else folder + "/")
        if inside and (best is None or len(folder.rstrip("*")) > len(best.rstrip("*"))):
            best = folder
    return best


def within(path, folder):
    return path == folder or path.startswith(folder + "/")


def same_place(path, included, folder):
    """Whether a file includes one of its own folder."""
    if not folder.endswith("/*"):
        return within(included, folder)
    own = "/".join(path.split("/")[:2])
    return within(included, own)


def same_unit(path, included):
    """Whether `included` is what a service may see of its own unit."""
    service = path.split("/")[1]
    for unit in UNITS.values():
        if service in unit["services"]:
            if within(included, unit["shared"]):
                return True
            seen = ["rules.h"]
            if path.rsplit(".", 1)[0] in (unit["assembly"], unit["assembly"] + "_test"):
                seen.append("service.h")
            parts = included.split("/")
            return (len(parts) == 3 and parts[0] == "services" and parts[1] in unit["services"]
                    and parts[2] in seen)
    return False


def is_test(path):
    stem = path.rsplit(".", 1)[0]
    return stem.endswith("_test") or "testing" in path.rsplit("/", 1)[-1] or path.startswith("tests/")


def why_not(path, included, is_project_file):
    """Why `path` may not include `included`, or None when it may."""
    folder = folder_of(path)
    if folder is None:
        return "lies in a folder without a rule in tests/lint/include_rules.py"
    if included.startswith(TEST_ONLY):
        return None if is_test(path) else "is for tests"
    if GENERATED.match(included):
        return None if "proto" in RULES[folder] else f"{folder} knows no proto"
    if is_project_file:
        if same_place(path, included, folder):
            return None
        if any(within(included, allowed) for allowed in RULES[folder]):
            return None
        if any(included.startswith(header) for header in EXCEPTIONS.get(folder, ())):
            return None
        if folder == "services/*" and same_unit(path, included):
            return None
        return f"{folder} may include: {', '.join(RULES[folder]) or 'nothing of ours'}"
    if included in NEVER:
        return "is for nobody"
    for prefix, allowed in EXTERNAL.items():
        if included.startswith(prefix) and not is_test(path):
            if any(within(path, place) for place in allowed):
                return None
            return f"{prefix} is for {', '.join(allowed) or 'nobody'}"
    return None


def check(project):
    paths = project.files(*tree.CPP_SUFFIXES)
    known = set(paths)
    for path in paths:
        for number, line in project.lines(path):
            match = INCLUDE.match(line)
            if not match:
                continue
            reason = why_not(path, match.group(2), match.group(2) in known)
            if reason:
                yield f"{path}:{number}: includes {match.group(2)}: {reason}"


if __name__ == "__main__":
    tree.run(check)
