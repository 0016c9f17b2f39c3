"""Writes the corpus of journals that the reader is tested on: tests/corpus/journals/*.mlj.

    python scripts/journal_corpus.py

A second writer of the format (src/record/journal/mod.rs), which knows nothing of the first. Blocks are those of the
tests: block b has two batches of 8 replicates, two arms and three slots, and slot s of batch i sums to 1000 b + 10 i + s + 0.25.
"""

import hashlib
import pathlib
import struct
import zlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/corpus/journals"
WORK = hashlib.sha256(bytes([1])).digest()


def opening(version=1):
    head = b"mljournl" + struct.pack("<I", version)
    return head + struct.pack("<I", zlib.crc32(head))


def record(kind, payload):
    head = b"MLr\n" + struct.pack("<III", kind, len(payload), zlib.crc32(payload))
    return head + struct.pack("<I", zlib.crc32(head)) + payload


def block(b, shift=0.0):
    payload = WORK + struct.pack("<QIII", b, 2, 2, 3)
    for i in range(2):
        sums = [1000 * b + 10 * i + s + 0.25 + shift for s in range(3)]
        payload += struct.pack("<QQQ3d", 8, 8, 8 - i, *sums)
    return record(3, payload)


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :]


def main():
    whole = opening() + record(2, b"work 1") + block(0) + block(1) + block(2)
    size = len(block(0))
    files = {
        "whole": whole,
        "empty": b"",
        "half-an-opening": opening()[:9],
        "another-version": opening(2) + block(0),
        "cut-in-a-head": whole[: -size + 7],
        "cut-in-a-payload": whole[:-3],
        "zeroes-at-the-end": whole + bytes(4096),
        "changed-sum": flipped(whole, len(whole) - size - 9),
        "changed-length": flipped(whole, len(whole) - 2 * size + 9),
        "changed-opening": flipped(whole, 3),
        "text-between": opening() + block(0) + b"MLr\n is no record\n" * 40 + block(1),
        "a-later-kind": opening() + block(0) + record(9, b"of a later version") + block(2),
        "a-block-twice": whole + block(1),
        "two-versions": whole + block(1, 0.5),
        "too-long-a-length": opening() + block(0) + record(3, b"")[:8] + struct.pack("<I", 0xFFFFFFFF) + bytes(8),
        "a-block-of-lies": opening() + record(3, WORK + struct.pack("<QIII", 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)) + block(1),
    }
    for name, data in files.items():
        (FOLDER / f"{name}.mlj").write_bytes(data)


if __name__ == "__main__":
    main()
