#!/usr/bin/env python3
"""Makes of services/handover/transitions.txt what comes of it: code, model and picture.

  transitions.py TABLE inc                          rows for rules.cc
  transitions.py TABLE promela [--drop WHAT]...     the relation for tests/model/handover.pml
  transitions.py TABLE mutants                      every WHAT that --drop knows, a line each
  transitions.py TABLE doc FILE [--fix]             compares the picture and table in FILE, or puts them there

WHAT is FROM:act:guard (that guard of that row), FROM:act (the whole row) or FROM:act=effect (the effect).
"""
import collections
import re
import sys

STATES = ["NONE", "DRAFTED", "SHOWN", "AUTHORISED", "OFFERED", "RECEIVED", "CONVERSED", "ACCEPTED", "CLOSED",
          "RETURNED", "WITHDRAWN"]
SIDES = ["sender", "receiver", "either", "family"]
GUARDS = ["time", "single", "standing", "whole", "consent", "cover", "receipt", "talk", "people", "decided", "reason"]
EFFECTS = ["none", "fix", "open", "sign", "talk", "move", "end"]
ENDING = ["return", "withdraw", "close"]
BEGIN, END = "<!-- transitions: begin -->", "<!-- transitions: end -->"

Row = collections.namedtuple("Row", "start act to side guards effect")


def fail(text):
    sys.exit(f"transitions.txt: {text}")


def read(path):
    rows = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            fields = line.split("#", 1)[0].split()
            if not fields:
                continue
            if len(fields) != 6:
                fail(f"line {number} has {len(fields)} columns, not 6")
            start, act, to, side, guards, effect = fields
            guards = [] if guards == "-" else guards.split(",")
            for word, known in [(start, STATES), (to, STATES), (side, SIDES), (effect, EFFECTS)] + [
                    (g, GUARDS) for g in guards]:
                if word not in known:
                    fail(f"line {number}: '{word}' is none of {', '.join(known)}")
            if any(r.start == start and r.act == act for r in rows):
                fail(f"line {number}: {act} from {start} stands twice")
            rows.append(Row(start, act, to, side, guards, effect))
    if not rows:
        fail("holds no rows")
    return rows


def camel(word):
    return "k" + {"view": "AddView"}.get(word, word.capitalize())


def state(word):
    return "v1::HANDOVER_STATE_" + ("UNSPECIFIED" if word == "NONE" else word)


def inc(rows):
    print("// Made of services/handover/transitions.txt by cmake/transitions.py.")
    for r in rows:
        guards = " | ".join("guard::" + camel(g) for g in r.guards) or "0"
        print(f"{{{state(r.start)}, Act::{camel(r.act)}, {state(r.to)}, Side::{camel(r.side)}, {guards}, "
              f"Effect::{camel(r.effect)}}},")


def what_of(row):
    return f"{row.start}:{row.act}"


def mutants(rows):
    for r in rows:
        for g in r.guards:
            print(f"{what_of(r)}:{g}")
        if r.effect != "none":
            print(f"{what_of(r)}={r.effect}")


def without(rows, drops):
    out = []
    for r in rows:
        name = what_of(r)
        if name in drops:
            drops.remove(name)
            continue
        for drop in list(drops):
            if drop == f"{name}={r.effect}":
                r = r._replace(effect="none")
                drops.remove(drop)
            elif drop.startswith(name + ":") and drop[len(name) + 1:] in r.guards:
                r = r._replace(guards=[g for g in r.guards if g != drop[len(name) + 1:]])
                drops.remove(drop)
        out.append(r)
    if drops:
        fail(f"there is no {', '.join(drops)} to drop")
    return out


def promela(rows):
    """A macro for each act of each side: an option of a do-loop a row."""
    print("/* Made of services/handover/transitions.txt by cmake/transitions.py. */")
    print("mtype = { " + ", ".join(STATES) + " };")

    def option(r):
        guards = " && ".join([f"st[h] == {r.start}"] + [f"G_{g}" for g in r.guards])
        return f"  :: ROW({guards}, E_{r.effect}, A_{r.act}, {r.to})"

    for side in ["sender", "receiver", "family"]:
        mine = [r for r in rows if r.side == side or (r.side == "either" and side != "family")]
        print(f"#define ROWS_{side} \\\n" + " \\\n".join(option(r) for r in mine))
    ending = [r for r in rows if r.act in ENDING]
    print("#define ROWS_ending \\\n" + " \\\n".join(option(r) for r in ending))


def picture(rows):
    lines = ["```mermaid", "stateDiagram-v2"]
    for r in rows:
        if r.start == r.to:
            continue
        start = "[*]" if r.start == "NONE" else r.start
        lines.append(f"    {start} --> {r.to}: {r.act} ({r.side})")
    ends = sorted({r.to for r in rows} - {r.start for r in rows})
    lines += [f"    {end} --> [*]" for end in ends]
    lines += ["```", "", "| From | Act | To | Who | What must hold | Effect |", "|---|---|---|---|---|---|"]
    for r in rows:
        start = "–" if r.start == "NONE" else r.start
        guards = ", ".join(r.guards) or "–"
        effect = "–" if r.effect == "none" else r.effect
        lines.append(f"| {start} | {r.act} | {r.to} | {r.side} | {guards} | {effect} |")
    return "\n".join(lines)


def doc(rows, path, fix):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    wanted = f"{BEGIN}\n{picture(rows)}\n{END}"
    found = re.search(re.escape(BEGIN) + ".*?" + re.escape(END), text, re.DOTALL)
    if not found:
        sys.exit(f"{path} has no place for the picture: put '{BEGIN}' and '{END}' in it")
    if found.group(0) == wanted:
        return
    if not fix:
        sys.exit(f"{path} does not show services/handover/transitions.txt as it is: run "
                 f"cmake/transitions.py services/handover/transitions.txt doc {path} --fix")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(found.group(0), wanted))


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    rows = read(arguments[0])
    command, rest = arguments[1], arguments[2:]
    if command == "inc":
        inc(rows)
    elif command == "mutants":
        mutants(rows)
    elif command == "promela":
        promela(without(rows, [w for w in rest if w != "--drop"]))
    elif command == "doc" and rest:
        doc(rows, rest[0], "--fix" in rest)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
