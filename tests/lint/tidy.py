#!/usr/bin/env python3
"""clang-tidy over the tree: .clang-tidy says what, this says which files and for how long.

    tidy.py BUILD_DIR                 what changed lately and a part of the rest, in two minutes
    tidy.py BUILD_DIR --all           every file (some twenty minutes on two cores)
    tidy.py BUILD_DIR --all --analyze with the static analyzer too (twice that)

The part of the rest moves with each commit, so that everything has its turn; a file that was
begun is finished. BUILD_DIR must be built: the generated headers are read.
"""
import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

# What the reference platform ships; another version finds other things.
VERSION = "14"
SKIPPED = 77
RECENT_COMMITS = 20


def sources(build_dir, root):
    """Our own translation units, as paths from `root`."""
    with open(os.path.join(build_dir, "compile_commands.json"), encoding="utf-8") as f:
        files = {os.path.relpath(entry["file"], root) for entry in json.load(f)}
    return sorted(f for f in files if not f.startswith(("build", "..")))


def without_precompiled(build_dir, folder):
    """The compile commands, in `folder`, without the compiler's own precompiled headers: clang
    cannot read those, and a file must include all that it uses."""
    with open(os.path.join(build_dir, "compile_commands.json"), encoding="utf-8") as f:
        entries = json.load(f)
    for entry in entries:
        entry["command"] = re.sub(r" (-include \S*cmake_pch\.hxx|-Winvalid-pch|-fpch-preprocess)(?= )",
                                  "", entry["command"])
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as f:
        json.dump(entries, f)


def git(root, *args):
    done = subprocess.run(["git", "-C", root, *args], capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def in_turn(files, root):
    """Files that changed lately first; the others in an order that the newest commit shuffles."""
    changed = set(git(root, "log", f"-{RECENT_COMMITS}", "--name-only", "--format="))
    changed |= set(git(root, "diff", "--name-only", "HEAD"))
    head = "".join(git(root, "rev-parse", "HEAD"))

    def key(path):
        turn = hashlib.sha256((head + path).encode()).hexdigest()
        return (path not in changed, turn)

    return sorted(files, key=key)


def tidy(path, build_dir, root, analyze):
    """The findings in one file, and whether it could be read at all."""
    command = ["clang-tidy", "-p", build_dir, "--quiet"]
    if analyze:
        command.append("--checks=clang-analyzer-*")
    done = subprocess.run([*command, os.path.join(root, path)], cwd=root, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return [line for line in done.stdout.splitlines() if re.search(r": (error|warning): ", line)], \
        done.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build_dir")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--analyze", action="store_true")
    parser.add_argument("--seconds", type=int, default=120, help="for what is not --all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--root", default=os.getcwd())
    args = parser.parse_args()

    program = shutil.which("clang-tidy")
    version = subprocess.run([program, "--version"], capture_output=True, text=True,
                             check=False).stdout if program else ""
    if f"version {VERSION}." not in version:
        print(f"clang-tidy {VERSION} is not here; skipped")
        return SKIPPED

    files = in_turn(sources(args.build_dir, args.root), args.root)
    end = time.monotonic() + args.seconds
    findings, failed, looked = set(), [], 0

    def look(commands, path):
        if not args.all and time.monotonic() > end:
            return path, None, 0
        return path, *tidy(path, commands, args.root, args.analyze)

    with tempfile.TemporaryDirectory() as commands:
        without_precompiled(args.build_dir, commands)
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            for path, found, code in pool.map(functools.partial(look, commands), files):
                if found is None:
                    continue
                looked += 1
                findings.update(os.path.relpath(line, args.root) if line.startswith("/") else line
                                for line in found)
                if code != 0 and not found:
                    failed.append(path)
    for line in sorted(findings):
        print(line)
    for path in failed:
        print(f"{path}: clang-tidy could not read it")
    print(f"clang-tidy: {looked} of {len(files)} files, {len(findings)} findings")
    return 1 if findings or failed or looked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
