#!/usr/bin/env python3
"""The model of a handover holds, and no longer when a guard or an effect of the table is taken away.

  model_test.py SOURCE_DIR
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# What breaks something that is not in the table: what the engine looks at, that an act is one transaction,
# that werkplaats and regisseur move in one. Each must be found too.
BROKEN = ["BLIND", "ENDLESS", "OPEN_DOOR", "IN_STEPS", "STALE"]
# Rows without which a handover could not be ended from where it is.
WAYS_OUT = [["DRAFTED:withdraw"], ["SHOWN:withdraw"], ["AUTHORISED:withdraw"], ["ACCEPTED:close"],
            ["OFFERED:withdraw", "OFFERED:return"], ["CONVERSED:withdraw", "CONVERSED:return"]]
# A search that visits fewer has been cut short by somebody's mistake in the model.
LEAST_STATES = 1_000_000


def run(command, where):
    return subprocess.run(command, cwd=where, check=True, timeout=540, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT).stdout


def check(source, drops=(), defines=()):
    """Errors found, states visited, and what pan said of the first error."""
    with tempfile.TemporaryDirectory(prefix="knooppunt-model-") as folder:
        table = run([sys.executable, str(source / "cmake/transitions.py"),
                     str(source / "services/handover/transitions.txt"), "promela", "--drop", *drops], folder)
        (pathlib.Path(folder) / "handover_table.pml").write_text(table)
        shutil.copy(source / "tests/model/handover.pml", folder)
        run(["spin", "-a", *[f"-D{d}" for d in defines], "handover.pml"], folder)
        # What is broken is found within moments; only the whole search is worth an optimiser.
        run(["gcc", "-O0" if drops or defines else "-O1", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"], folder)
        # Limits of time and memory are a failure, not a pass: pan says that it did not get through.
        said = run(["./pan", "-m1000000"], folder)
    errors, states = -1, 0
    first = ""
    for line in said.splitlines():
        if "errors:" in line:
            errors = int(line.split("errors:")[1])
        if "states, stored" in line:
            states = int(line.split()[0])
        if line.startswith("pan:1:"):
            first = line
    if errors == 0 and ("Search not completed" in said or "max search depth too small" in said):
        errors = -1
    return errors, states, first


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    if shutil.which("spin") is None:
        sys.exit("spin is not installed: deploy/packages.sh test")
    wrong = []
    errors, states, first = check(source)
    print(f"the table as it is: {errors} errors, {states} states")
    if errors != 0 or states < LEAST_STATES:
        wrong.append(f"the model as it is: {errors} errors, {states} states {first}")

    names = run([sys.executable, str(source / "cmake/transitions.py"),
                 str(source / "services/handover/transitions.txt"), "mutants"], ".").split()
    jobs = [((name,), ()) for name in names] + [(tuple(w), ()) for w in WAYS_OUT] + [((), (b,)) for b in BROKEN]
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        results = list(pool.map(lambda job: check(source, *job), jobs))
    for (drops, defines), (errors, _, first) in zip(jobs, results):
        what = "without " + " and ".join(drops) if drops else "with " + defines[0]
        print(f"{what}: {'found' if errors > 0 else 'NOT FOUND'} {first}")
        if errors <= 0:
            wrong.append(f"{what}: the model holds all the same")
    print(f"{len(jobs)} ways to break it, {len(jobs) - sum('all the same' in w for w in wrong)} found")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
