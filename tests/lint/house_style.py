#!/usr/bin/env python3
"""The house style, as far as a program can see it (CONTRIBUTING in doc/README.md)."""
import re

import tree

CPP_FOLDERS = ("base/", "security/", "services/", "clients/", "tests/")
MAX_FILE_LINES = 700
MAX_FUNCTION_LINES = 100
LAST_RULE = 41
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
TEXT_SUFFIXES = (".h", ".cc", ".py", ".sh", ".md", ".proto", ".cmake", ".txt", ".textproto", ".in",
                 ".sql", ".json", ".yaml")

RULE_NUMBER = re.compile(r"(?<![\w+/=-])R(\d{1,3})(?=[^\w+/=]|[A-Z][a-z]|$)")
# A path of somebody's machine, or of where it was written.
MACHINE_PATH = re.compile(r"(?<![\w.@}$/-])/(?:work|root|home)/[\w.]")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|SleepFor|usleep|nanosleep|sleep)\b\s*[( ]\s*[\w\d.]")
# Polls for a program that starts; nothing is asserted on how long that takes.
MAY_SLEEP = {"tests/e2e/servers.sh"}


def cpp_files(project):
    return [path for path in project.files(*tree.CPP_SUFFIXES) if path.startswith(CPP_FOLDERS)]


def check_names(project):
    for path in cpp_files(project):
        for part in path.rsplit(".", 1)[0].split("/"):
            vague = VAGUE_NAMES & set(part.split("_"))
            if vague:
                yield f"{path}: '{vague.pop()}' says nothing about what is in it"


def check_guards(project):
    for path in cpp_files(project):
        if not path.endswith(".h"):
            continue
        guard = "KNOOPPUNT_" + re.sub(r"[^A-Z0-9]", "_", path.upper()) + "_"
        text = project.read(path)
        if f"#ifndef {guard}\n#define {guard}\n" not in text or f"#endif  // {guard}\n" not in text:
            yield f"{path}: header guard must be {guard}"
        if not text.startswith("//"):
            yield f"{path}: a header begins with its contract"


def check_lengths(project):
    for path in cpp_files(project):
        lines = project.read(path).splitlines()
        if len(lines) > MAX_FILE_LINES:
            yield f"{path}: {len(lines)} lines, more than {MAX_FILE_LINES}"
        for start, length in functions(lines):
            if length > MAX_FUNCTION_LINES:
                yield f"{path}:{start}: a function of {length} lines, more than {MAX_FUNCTION_LINES}"


def functions(lines):
    """First line and length of each function: our format starts one, in a class or outside,
    at column 0 or 2, and ends it with a brace in that column."""
    head = None  # of a declaration: its line number and margin
    inside = False
    for number, line in enumerate(lines, start=1):
        margin = len(line) - len(line.lstrip(" "))
        if inside:
            if line.startswith(" " * head[1] + "}"):
                yield head[0], number - head[0] + 1
                inside = False
            continue
        if margin in (0, 2) and re.match(r"[A-Za-z~]", line.lstrip(" ")):
            head = (number, margin)
            opens_scope = re.match(r"(namespace|class|struct|enum|extern|union)\b", line.lstrip(" "))
            # A table of data is as long as what it tells.
            if opens_scope or line.rstrip().endswith("= {"):
                head = None
        if head is not None and line.rstrip().endswith("{"):
            inside = True


def check_lines(project):
    for path in project.files(*TEXT_SUFFIXES):
        if path.startswith("tests/lint/") or path.endswith("package-lock.json"):
            continue
        cpp = path.endswith(tree.CPP_SUFFIXES)
        test = path.startswith("tests/") or "_test." in path or "testing" in path
        for number, line in project.lines(path):
            where = f"{path}:{number}"
            if re.search(r"\b(TODO|FIXME|XXX)\b", line):
                yield f"{where}: unfinished work belongs in the tracker, not in the tree"
            if MACHINE_PATH.search(line):
                yield f"{where}: a path of one machine"
            if cpp and re.search(r"\bstd::string_view\b", line):
                yield f"{where}: absl::string_view: the platform's Abseil has a type of its own"
            if test and path not in MAY_SLEEP and path.endswith((".cc", ".h", ".sh", ".py")) and \
                    SLEEP.search(line):
                yield f"{where}: a test that sleeps is slow or flaky: wait for the condition"
            for rule in RULE_NUMBER.findall(line):
                if not 1 <= int(rule) <= LAST_RULE:
                    yield f"{where}: there is no rule R{rule}"


def check(project):
    for part in (check_names, check_guards, check_lengths, check_lines):
        yield from part(project)


if __name__ == "__main__":
    tree.run(check)
