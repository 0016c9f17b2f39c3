#!/usr/bin/env python3
"""Counts the code lines of src: in total, and of each room.

    scripts/code_lines.py [REVISION]

Without a revision the files are read as they lie in the work tree; with one, from git. Comments, doc comments, blank lines and unit
tests (tests.rs, *_tests.rs, tests/ folders, and each module under `#[cfg(test)]`, here or in a file of its own) do not count.
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


TEST_MODULE = re.compile(
    r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([a-z]+\))?\s+)?mod\s+(?P<name>\w+)\s*(?P<opens>[{;])"
)


def without_tests(text):
    """The text without modules of tests that stand in it."""
    out, at = [], 0
    for found in TEST_MODULE.finditer(text):
        if found.start() < at:
            continue
        out.append(text[at : found.start()])
        at = found.end()
        depth = 1 if found["opens"] == "{" else 0
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
    return "".join(out) + text[at:]


def declared(path, text):
    """Modules of tests that a file declares, as their paths without extension."""
    room = path.parent if path.stem in ("mod", "lib", "main") else path.with_suffix("")
    return {room / found["name"] for found in TEST_MODULE.finditer(text) if found["opens"] == ";"}


def of_tests(path, modules):
    by_name = "tests" in path.parts or path.stem == "tests" or path.stem.endswith("_tests")
    return by_name or any(parent in modules for parent in (path.with_suffix(""), *path.parents))


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
    code = {path: without_comments(text) for path, text in files(sys.argv[1] if len(sys.argv) > 1 else None)}
    modules = {module for path, text in code.items() for module in declared(path, text)}
    rooms = Counter()
    for path, text in code.items():
        if not of_tests(path, modules):
            rooms[path.parts[0].removesuffix(".rs")] += sum(1 for line in without_tests(text).splitlines() if line.strip())
    print(f"{sum(rooms.values()):6} total")
    for room, lines in rooms.most_common():
        print(f"{lines:6} {room}")


if __name__ == "__main__":
    main()
