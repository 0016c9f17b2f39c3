#!/usr/bin/env python3
"""Counts the code lines of src: in total, and of each room.

    scripts/code_lines.py [REVISION]

Without a revision the files are read as they lie in the work tree; with one, from git. Comments, doc comments, blank lines and unit
tests (tests.rs, *_tests.rs, tests/ folders, `#[cfg(test)] mod x { ... }`) do not count.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What is no code, and what may hold braces and slashes that mean nothing: strings stay, shortened to their lines.
TOKENS = re.compile(
    r"""
    (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | (?P<raw>\bb?r(?P<hashes>\#*)".*?"(?P=hashes))
  | (?P<string>b?"(?:\\.|[^"\\])*")
  | (?P<char>b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\\n])')
    """,
    re.VERBOSE | re.DOTALL,
)


def without_comments(text):
    """The text without comments, each string as a quote on each of its lines."""
    out, at = [], 0
    while found := TOKENS.search(text, at):
        out.append(text[at : found.start()])
        at = found.end()
        if found["block"]:
            depth = 1
            while depth:
                mark = re.compile(r"/\*|\*/").search(text, at)
                depth += 1 if mark.group() == "/*" else -1
                at = mark.end()
        elif not found["line"]:
            out.append('"' + '\n"' * found.group().count("\n"))
    return "".join(out) + text[at:]


def without_tests(text):
    """The text without modules of tests that stand in it."""
    out, at = [], 0
    for found in re.finditer(r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([a-z]+\))?\s+)?mod\s+\w+\s*([{;])", text):
        if found.start() < at:
            continue
        out.append(text[at : found.start()])
        at = found.end()
        depth = 1 if found[1] == "{" else 0
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
    return "".join(out) + text[at:]


def of_tests(path):
    return "tests" in path.parts or path.stem == "tests" or path.stem.endswith("_tests")


def files(revision):
    """Each path below src, and its text."""
    if revision is None:
        for path in sorted((ROOT / "src").rglob("*.rs")):
            yield path.relative_to(ROOT / "src"), path.read_text()
        return

    def git(*arguments):
        return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout

    for name in git("ls-tree", "-r", "--name-only", revision, "src").splitlines():
        if name.endswith(".rs"):
            yield Path(name).relative_to("src"), git("show", f"{revision}:{name}")


def main():
    rooms = Counter()
    for path, text in files(sys.argv[1] if len(sys.argv) > 1 else None):
        if not of_tests(path):
            code = without_tests(without_comments(text))
            rooms[path.parts[0].removesuffix(".rs")] += sum(1 for line in code.splitlines() if line.strip())
    print(f"{sum(rooms.values()):6} total")
    for room, lines in rooms.most_common():
        print(f"{lines:6} {room}")


if __name__ == "__main__":
    main()
