"""The project's own files, as the lint sees them: what git knows or would add."""
import pathlib
import subprocess
import sys

CPP_SUFFIXES = (".h", ".cc")


class Tree:
    """The files below a root. Paths are relative, with '/'."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def files(self, *suffixes):
        """Every file with one of the suffixes; every file when none is given."""
        listed = subprocess.run(
            ["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout
        return sorted(
            path for path in set(listed.split("\0"))
            if path and (not suffixes or path.endswith(suffixes)) and (self.root / path).is_file())

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def lines(self, path):
        """Pairs of line number, from 1, and line."""
        return enumerate(self.read(path).splitlines(), start=1)


def run(check):
    """Runs `check` on this project, prints what it finds and exits 1 if that is anything."""
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    findings = list(check(Tree(root)))
    for finding in findings:
        print(finding)
    print(f"{len(findings)} found")
    sys.exit(1 if findings else 0)
