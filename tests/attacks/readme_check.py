#!/usr/bin/env python3
"""The table of README.md names every attack once, in order, and every attack is a test.

  readme_check.py FOLDER
"""
import pathlib
import re
import sys


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    tests = []
    for file in sorted(folder.glob("*_attack_test.cc")):
        for number, name in re.findall(r"^TEST_F\(\w+, (?:A(\d+))(\w+)\)", file.read_text(), re.M):
            tests.append((int(number), f"A{number}{name}"))
    rows = re.findall(r"^\| A(\d+) \|.*\| `(\w+)` \|$", (folder / "README.md").read_text(), re.M)
    listed = [(int(number), name) for number, name in rows]
    faults = [f"in no table: {name}" for _, name in sorted(set(tests) - set(listed))]
    faults += [f"no test: {name}" for _, name in sorted(set(listed) - set(tests))]
    if [number for number, _ in listed] != list(range(1, len(tests) + 1)):
        faults.append("the numbers of the table do not run from 1 to the last, each once")
    for fault in faults:
        print(f"tests/attacks/README.md: {fault}", file=sys.stderr)
    print(f"{len(tests)} attacks, {len(listed)} in the table")
    return 1 if faults else 0


sys.exit(main())
