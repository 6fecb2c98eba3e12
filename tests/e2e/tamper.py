#!/usr/bin/env python3
"""Makes a copy of an exported audit log as a forger would.

usage: tests/e2e/tamper.py HOW FROM TO [--log-key KEY.pem]

  byte      one byte of one record is changed
  drop      one record is taken out
  swap      two records trade places
  cut       the last records are cut off
  rebuild   a record is taken out and everything after it made anew: numbers, chains, tree,
            and a checkpoint signed with the log's own key (--log-key)

All but `rebuild` leave the checkpoint as it was. The forms are those of doc/audit-log.md.
"""
import argparse
import base64
import hashlib
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

TILE = 256
KINDS = {"facts": 1, "audit": 2, "stream": 3}
SPKI_BYTES = 32


def tile_name(index):
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return "/".join(groups)


def tile_paths(count, prefix):
    """Path and width of each tile over `count` things."""
    for index in range((count + TILE - 1) // TILE):
        width = min(TILE, count - index * TILE)
        partial = "" if width == TILE else f".p/{width}"
        yield f"{prefix}/{tile_name(index)}{partial}", index * TILE, width


class Log:
    """An exported log, in memory."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.note = (self.folder / "checkpoint").read_text(encoding="utf-8")
        self.origin, size = self.note.split("\n")[:2]
        self.leaves = []
        for path, _, width in tile_paths(int(size), "tile/entries"):
            data = (self.folder / path).read_bytes()
            for _ in range(width):
                (length,) = struct.unpack(">H", data[:2])
                self.leaves.append(data[2:2 + length])
                data = data[2 + length:]

    def write_entries(self, folder):
        shutil.rmtree(folder / "tile/entries")
        for path, first, width in tile_paths(len(self.leaves), "tile/entries"):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"".join(struct.pack(">H", len(leaf)) + leaf
                                        for leaf in self.leaves[first:first + width]))

    def write_tree(self, folder):
        """Tiles over the leaves as they are now; returns the root."""
        shutil.rmtree(folder / "tile")
        (folder / "tile/entries").mkdir(parents=True)
        self.write_entries(folder)
        hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in self.leaves]
        level, row = 0, hashes
        while row:
            for path, first, width in tile_paths(len(row), f"tile/{level}"):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(b"".join(row[first:first + width]))
            row = [root_of(row[i:i + TILE]) for i in range(0, len(row) - TILE + 1, TILE)]
            level += 1
        return root_of(hashes)


def root_of(hashes):
    """RFC 6962, section 2.1, over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\1" + root_of(hashes[:split]) + root_of(hashes[split:])).digest()


def victim(log):
    """A record about a call, somewhere in the middle."""
    calls = [i for i, leaf in enumerate(log.leaves) if b"\nkind audit\n" in leaf]
    return calls[len(calls) // 2]


def rechain(leaves):
    """Numbers and chains of every stream made anew, so that each holds by itself."""
    heads = {}
    for leaf in leaves:
        match = re.fullmatch(
            r"(knooppunt-leaf-v1\nstream (?P<stream>.+)\nseq )\d+(\nkind (?P<kind>.+)\n)"
            r"(?P<body>(?s:.)+\n)chain [0-9a-f]{64}\n", leaf.decode())
        stream, kind, body = match["stream"], match["kind"], match["body"]
        seq, chain = heads.get(
            stream, (0, hashlib.sha256(f"knooppunt-stream-v1\n{stream}\n".encode()).digest()))
        seq += 1
        chain = hashlib.sha256(b"knooppunt-chain-v1\n" + chain + struct.pack(">QB", seq, KINDS[kind])
                               + body.encode()).digest()
        heads[stream] = (seq, chain)
        yield f"{match[1]}{seq}{match[3]}{body}chain {chain.hex()}\n".encode()


def sign(text, origin, key):
    """A signed note (C2SP signed-note) with the log's own key, by the openssl program."""
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                            check=True, capture_output=True).stdout[-SPKI_BYTES:]
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in",
                                    file.name], check=True, capture_output=True).stdout
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    return f"{text}\n\u2014 {origin} {base64.b64encode(key_id + signature).decode()}\n"


def tamper(how, log, folder, key):
    at = victim(log)
    if how == "byte":
        leaf = bytearray(log.leaves[at])
        where = leaf.index(b"who ") + 10
        leaf[where] = ord("0") if leaf[where] != ord("0") else ord("1")
        log.leaves[at] = bytes(leaf)
    elif how in ("drop", "rebuild"):
        del log.leaves[at]
    elif how == "swap":
        log.leaves[at], log.leaves[at - 1] = log.leaves[at - 1], log.leaves[at]
    elif how == "cut":
        del log.leaves[-5:]
    if how != "rebuild":
        log.write_entries(folder)
        return
    log.leaves = list(rechain(log.leaves))
    root = log.write_tree(folder)
    text = f"{log.origin}\n{len(log.leaves)}\n{base64.b64encode(root).decode()}\n"
    (folder / "checkpoint").write_text(sign(text, log.origin, key), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("how", choices=["byte", "drop", "swap", "cut", "rebuild"])
    parser.add_argument("source")
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--log-key")
    arguments = parser.parse_args()
    if arguments.how == "rebuild" and not arguments.log_key:
        sys.exit("rebuild needs --log-key")
    log = Log(arguments.source)
    shutil.rmtree(arguments.target, ignore_errors=True)
    shutil.copytree(arguments.source, arguments.target)
    tamper(arguments.how, log, arguments.target, arguments.log_key)


if __name__ == "__main__":
    main()
