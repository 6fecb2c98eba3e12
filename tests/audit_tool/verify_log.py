#!/usr/bin/env python3
"""Checks an exported audit log, sharing no code with the system that made it.

usage: verify_log.py DIR --log-key KEY [--witness-key KEY ...] [--witnesses N] [--since FILE]

DIR holds a log in the C2SP tlog-tiles layout. Keys are C2SP verifier keys, name+hash+base64.
N witnesses (by default 1) must have cosigned. FILE is a checkpoint of this log that was kept
elsewhere, or a witness's state file; the log must extend it.

Needs Python 3 and the openssl program, nothing else. Exit code 0: the log holds. 1: it does not, and
the last line says why. 2: wrong arguments. The formats are described in doc/audit-log.md.
"""
import argparse
import base64
import binascii
import calendar
import hashlib
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

LOG_SIGNATURE = 1      # C2SP signed-note, Ed25519
COSIGNATURE = 4        # C2SP tlog-cosignature, Ed25519
WIDTH = 256            # of a tile
HEIGHT = 8             # levels of the tree from one tile to the next
SILENCE_SECONDS = 180  # three heartbeats
STATE_HEADER = b"knooppunt-witness-state-v1\n"
KINDS = {"facts": 1, "audit": 2, "stream": 3}

HASH = "[0-9a-f]{64}"
NAME = "[a-z0-9-]{1,63}"
NUMBER = "(?:0|[1-9][0-9]{0,18})"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
BODIES = {
    "audit": re.compile(rf"who {HASH}\nabout {HASH}\ncommit {HASH}\n", re.ASCII),
    "facts": re.compile(rf"facts {HASH}\n", re.ASCII),
    "stream": re.compile(
        rf"event (?:(?P<event>open|heartbeat|close)\ntime (?P<time>{TIME})\n"
        rf"|count\ntime (?P<minute>{TIME})\ncalls {NUMBER}\nrefused {NUMBER}\n)", re.ASCII),
}
LEAF = re.compile(
    rf"knooppunt-leaf-v1\nstream (?P<stream>{NAME}/{NAME})\nseq (?P<seq>[1-9][0-9]{{0,18}})\n"
    rf"kind (?P<kind>facts|audit|stream)\n(?P<body>(?:[^\n]+\n)+)chain (?P<chain>{HASH})\n",
    re.ASCII)


class Broken(Exception):
    """The log is not what it should be; the text is for the auditor."""


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data) == text.encode() else None


# ---- Notes, keys and signatures ------------------------------------------------------------


def is_key_name(name):
    return (bool(name) and len(name.encode()) <= 200 and "+" not in name
            and not any(c.isspace() or ord(c) < 0x20 for c in name))


class VerifierKey:

    def __init__(self, text):
        parts = text.split("+", 2)
        key = unbase64(parts[2]) if len(parts) == 3 else None
        if key is None or len(key) != 33 or key[0] not in (LOG_SIGNATURE, COSIGNATURE):
            raise ValueError(f"not a verifier key of a kind known here: {text}")
        self.name, self.algorithm, self.public = parts[0], key[0], key[1:]
        self.key_id = sha256(self.name.encode(), b"\n", key)[:4]
        if not is_key_name(self.name) or parts[1] != self.key_id.hex():
            raise ValueError(f"the id of this verifier key is not that of its key: {text}")

    def verify(self, text, signature):
        """The time a cosignature states (0 for a log's), or None when it is not this key's."""
        if self.algorithm == LOG_SIGNATURE:
            return 0 if ed25519_verifies(self.public, text, signature) else None
        if len(signature) != 72:
            return None
        seconds = struct.unpack(">Q", signature[:8])[0]
        if not 0 < seconds < 1 << 63:
            return None
        message = b"cosignature/v1\ntime %d\n" % seconds + text
        return seconds if ed25519_verifies(self.public, message, signature[8:]) else None


def ed25519_verifies(public, message, signature):
    if len(signature) != 64:
        return False
    der = bytes.fromhex("302a300506032b6570032100") + public  # RFC 8410
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", der), ("message", message), ("signature", signature)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key",
             "-in", "message", "-sigfile", "signature"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


class Note:
    """A signed note that is a checkpoint: text, signatures, and origin, size and root."""

    def __init__(self, data, what):
        try:
            content = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Broken(f"{what} is not text.") from None
        if re.search(r"[\x00-\x09\x0b-\x1f]", content) or "\n\n" not in content:
            raise Broken(f"{what} is not a signed note.")
        text, lines = content.rsplit("\n\n", 1)
        self.text = (text + "\n").encode()
        self.signatures = []
        if not lines.endswith("\n"):
            raise Broken(f"{what} is cut off.")
        for line in lines[:-1].split("\n"):
            words = line.split(" ")
            data = unbase64(words[2]) if len(words) == 3 and words[0] == "\u2014" else None
            if data is None or len(data) <= 4 or not is_key_name(words[1]):
                raise Broken(f"{what} has a malformed signature line.")
            self.signatures.append((words[1], data[:4], data[4:]))
        body = text.split("\n")
        self.root = unbase64(body[2]) if len(body) == 3 else None
        if (self.root is None or len(self.root) != 32 or not is_key_name(body[0])
                or not re.fullmatch(NUMBER, body[1], re.ASCII) or int(body[1]) >= 1 << 63):
            raise Broken(f"{what} is not a checkpoint: origin, size and root.")
        self.origin, self.size = body[0], int(body[1])

    def signed_by(self, key):
        """The time that a signature of `key` states, None without one; Broken if it is false."""
        found = None
        for name, key_id, signature in self.signatures:
            if (name, key_id) == (key.name, key.key_id):
                stated = key.verify(self.text, signature)
                if stated is None:
                    raise Broken(f"The signature of {key.name} does not belong to this checkpoint.")
                found = stated if found is None else found
        return found


def older_checkpoint(data, log_key, keys):
    """The checkpoint of this log in a note or in a witness's state file."""
    if data.startswith(STATE_HEADER):
        rest = data[len(STATE_HEADER):]
        while rest:
            head, _, rest = rest.partition(b"\n")
            match = re.fullmatch(rb"checkpoint ([0-9]+)", head)
            if not match or int(match.group(1)) > len(rest):
                raise Broken("The witness's state is malformed.")
            note = rest[:int(match.group(1))]
            rest = rest[len(note):]
            if note.startswith(log_key.name.encode() + b"\n"):
                data = note
                break
        else:
            raise Broken(f"The witness's state has no checkpoint of {log_key.name}.")
    older = Note(data, "The older checkpoint")
    if older.origin != log_key.name:
        raise Broken(f"The older checkpoint is of {older.origin}, not of {log_key.name}.")
    if all(older.signed_by(key) is None for key in keys):
        raise Broken("The older checkpoint is not signed with any of the keys given.")
    return older


# ---- Entries, streams and the tree ---------------------------------------------------------


def tile_path(level, index, width):
    """`level` is a number, or "entries"."""
    path = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        path = f"x{index % 1000:03d}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < WIDTH else "")


def read_tile(folder, level, index, width):
    """The file's name and bytes and how many it must hold; the full tile serves too."""
    for held in sorted({width, WIDTH}):
        name = tile_path(level, index, held)
        try:
            with open(os.path.join(folder, name), "rb") as file:
                return name, file.read(), held
        except FileNotFoundError:
            continue
    return tile_path(level, index, width), None, width


def split_entries(name, data, count):
    entries = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at:at + 2], "big")
        entry = data[at + 2:at + 2 + length]
        if at + 2 > len(data) or len(entry) < length:
            raise Broken(f"{name} is cut off.")
        entries.append(entry)
        at += 2 + length
    if len(entries) != count:
        raise Broken(f"{name} holds {len(entries)} entries instead of {count}.")
    return entries


def instant(text):
    """Seconds since 1970; Broken unless that moment exists."""
    try:
        seconds = calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        raise Broken(f"{text} is not a time") from None
    if format_time(seconds) != text:  # a leap second, say
        raise Broken(f"{text} is not a time")
    return seconds


def format_time(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Streams:
    """Numbers and chains, each writer's for itself."""

    def __init__(self):
        self.known = {}

    def add(self, entry):
        try:
            match = LEAF.fullmatch(entry.decode("ascii"))
        except UnicodeDecodeError:
            match = None
        if not match or len(entry) > 4096 or int(match["seq"]) >= 1 << 63:
            raise Broken("it is not a record")
        kind, body, seq = match["kind"], match["body"], int(match["seq"])
        content = BODIES[kind].fullmatch(body)
        if not content or any(int(n) >= 1 << 63 for n in re.findall(r"(?m)^(?:calls|refused) (\d+)$",
                                                                   body)):
            raise Broken(f"its body is not that of a record of kind {kind}")
        state = self.known.get(match["stream"]) or {
            "seq": 0, "opened": False, "closed": False, "sign": None,
            "chain": sha256(b"knooppunt-stream-v1\n", match["stream"].encode(), b"\n")}
        if seq != state["seq"] + 1:
            raise Broken(f"record {state['seq'] + 1} of stream {match['stream']} should stand here, "
                         f"not {seq}: a record was dropped, added or moved")
        chain = sha256(b"knooppunt-chain-v1\n", state["chain"], struct.pack(">Q", seq),
                       bytes([KINDS[kind]]), body.encode())
        if chain.hex() != match["chain"]:
            raise Broken(f"the chain of stream {match['stream']} breaks at record {seq}: it or the one "
                         "before was changed")
        state.update(seq=seq, chain=chain, closed=False)
        if kind == "stream":
            moment = instant(content["time"] or content["minute"])
            if content["event"]:
                state["sign"] = moment
                state["closed"] = content["event"] == "close"
            if seq == 1:
                state["opened"] = content["event"] == "open"
        self.known[match["stream"]] = state


class Tree:
    """Grows a Merkle tree (RFC 6962) leaf by leaf and gives the hashes of each tile level."""

    def __init__(self):
        self.size = 0
        self.stack = []   # (height, hash) of complete subtrees, widest first
        self.tiles = []   # by tile level, all its hashes so far since the last full tile

    def add(self, entry):
        height, value = 0, sha256(b"\x00", entry)
        self.keep(height, value)
        while self.stack and self.stack[-1][0] == height:
            value = sha256(b"\x01", self.stack.pop()[1], value)
            height += 1
            self.keep(height, value)
        self.stack.append((height, value))
        self.size += 1

    def keep(self, height, value):
        if height % HEIGHT == 0:
            if height // HEIGHT == len(self.tiles):
                self.tiles.append([])
            self.tiles[height // HEIGHT].append(value)

    def root(self):
        if not self.stack:
            return sha256(b"")
        value = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            value = sha256(b"\x01", left, value)
        return value


def compare_tile(folder, tree, level, index):
    """With the stored tile, if there is one; then forgets its hashes."""
    hashes, tree.tiles[level] = tree.tiles[level], []
    name, data, held = read_tile(folder, level, index, len(hashes))
    if data is None:
        return
    if len(data) != 32 * held:
        raise Broken(f"{name} holds {len(data)} bytes instead of {32 * held}.")
    for i, value in enumerate(hashes):
        if data[32 * i:32 * i + 32] != value:
            what = f"Entry {index * WIDTH + i}" if level == 0 else f"Hash {i}"
            raise Broken(f"{what} does not fit {name}: one of the two was changed.")


def recompute(folder, size, older_size):
    """Reads all entries; returns the tree, the streams and the root at `older_size`."""
    tree, streams = Tree(), Streams()
    older_root = tree.root() if older_size == 0 else None
    full = []  # by tile level, how many tiles were full
    while tree.size < size:
        width = min(WIDTH, size - tree.size)
        name, data, held = read_tile(folder, "entries", tree.size // WIDTH, width)
        if data is None:
            raise Broken(f"{name} is missing, so the entries from {tree.size} on are: the log's tail "
                         "was cut off, or the copy is not whole.")
        for entry in split_entries(name, data, held)[:width]:
            try:
                streams.add(entry)
            except Broken as why:
                raise Broken(f"Entry {tree.size}: {why}.") from None
            tree.add(entry)
            if tree.size == older_size:
                older_root = tree.root()
        full += [0] * (len(tree.tiles) - len(full))
        for level, hashes in enumerate(tree.tiles):
            if len(hashes) == WIDTH:
                compare_tile(folder, tree, level, full[level])
                full[level] += 1
    for level, hashes in enumerate(tree.tiles):
        if hashes:
            compare_tile(folder, tree, level, full[level])
    return tree, streams, older_root


# ---- The whole -----------------------------------------------------------------------------


def to_explain(streams, cosigned):
    """What contradicts nothing and yet asks for an explanation."""
    for name, state in sorted(streams.known.items()):
        if not state["opened"]:
            yield f"stream {name} does not begin with an open record"
        if cosigned and not state["closed"] and cosigned - (state["sign"] or 0) > SILENCE_SECONDS:
            yield (f"stream {name} is not closed, and its last sign of life is "
                   f"{format_time(state['sign']) if state['sign'] else 'missing'}")


def verify(folder, log_key, witness_keys, witnesses, since):
    """Lines of a report; raises Broken."""
    try:
        with open(os.path.join(folder, "checkpoint"), "rb") as file:
            note = Note(file.read(), "The checkpoint")
    except FileNotFoundError:
        raise Broken("There is no checkpoint here.") from None
    if note.origin != log_key.name or note.signed_by(log_key) is None:
        raise Broken(f"The checkpoint is not one of {log_key.name}, signed with its key.")
    older = older_checkpoint(since, log_key, [log_key, *witness_keys]) if since is not None else None
    if older and older.size > note.size:
        raise Broken(f"The log has {note.size} entries, and the older checkpoint {older.size}: its tail "
                     "was cut off.")
    times = [(key.name, note.signed_by(key)) for key in witness_keys]
    times = [(name, stated) for name, stated in times if stated is not None]
    if len(times) < witnesses:
        raise Broken(f"{len(times)} of {witnesses} witnesses have cosigned: the log may have been rebuilt "
                     "and signed again.")
    tree, streams, older_root = recompute(folder, note.size, older.size if older else -1)
    if tree.root() != note.root:
        raise Broken("The entries do not give the root of the checkpoint: one was changed, dropped, added "
                     "or moved.")
    if older and older_root != older.root:
        raise Broken(f"The first {older.size} entries are not those of the older checkpoint.")
    yield f"log      {note.origin}"
    yield f"entries  {note.size}"
    yield f"root     {base64.b64encode(note.root).decode()}"
    for name, stated in times:
        yield f"witness  {name} at {format_time(stated)}"
    if older:
        yield f"since    extends the older checkpoint of {older.size} entries"
    for name, state in sorted(streams.known.items()):
        yield f"stream   {name}, {state['seq']} records, {'closed' if state['closed'] else 'open'}"
    for problem in to_explain(streams, max((stated for _, stated in times), default=0)):
        yield f"explain  {problem}"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n")[2].removeprefix("usage: "))
    parser.add_argument("dir")
    parser.add_argument("--log-key", required=True)
    parser.add_argument("--witness-key", action="append", default=[])
    parser.add_argument("--witnesses", type=int, default=1)
    parser.add_argument("--since")
    arguments = parser.parse_args()
    try:
        log_key = VerifierKey(arguments.log_key)
        witness_keys = [VerifierKey(text) for text in arguments.witness_key]
        since = None
        if arguments.since is not None:
            with open(arguments.since, "rb") as file:
                since = file.read()
    except (ValueError, OSError) as why:
        parser.error(str(why))
    if len({key.public for key in [log_key, *witness_keys]}) <= len(witness_keys):
        parser.error("the log and the witnesses must have different keys")
    if not 0 <= arguments.witnesses <= len(witness_keys):
        parser.error("more witnesses are required than keys are given")
    try:
        for line in verify(arguments.dir, log_key, witness_keys, arguments.witnesses, since):
            print(line)
    except Broken as why:
        print(why, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
