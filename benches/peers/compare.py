"""Times mode-lottery against NumPy on the same job: alternating runs, whole processes, both on all cores given.

    python benches/peers/compare.py [runs] [threads]

Prints each pair's seconds per 1,000 replicates and the median ratio, and compares the two results: every variance must
agree within 4 standard errors of the difference (7 values: false alarm 4e-4).
"""

import csv
import io
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OURS, THEIRS = 40_000, 8_000


def timed(command):
    start = time.perf_counter()
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - start, out


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    threads = sys.argv[2] if len(sys.argv) > 2 else "2"
    binary = ROOT / "target/release/mode-lottery"
    with tempfile.TemporaryDirectory() as out:
        ours = [binary, "run", HERE / "variance-law-64.toml", "--out", out, "--quiet", "--threads", threads]
        theirs = [sys.executable, HERE / "variance_law_numpy.py", str(THEIRS), threads]
        ratios = []
        for run in range(runs + 1):
            a, _ = timed(ours)
            b, text = timed(theirs)
            a, b = a / OURS * 1e3, b / THEIRS * 1e3
            if run == 0:
                continue  # warm-up
            ratios.append(b / a)
            print(f"run {run}: mode-lottery {a * 1e3:.2f} ms, NumPy {b * 1e3:.1f} ms per 1,000 replicates: {b / a:.1f}x")
        print(f"median ratio {statistics.median(ratios):.1f}x (from {min(ratios):.1f} to {max(ratios):.1f})")
        path = pathlib.Path(out) / "variance-law-64/estimates.csv"
        rows = [r for r in csv.DictReader(path.open()) if r["estimand"] == "mode-mass.variance"]
    worst = 0.0
    for mine, other in zip(rows, csv.DictReader(io.StringIO(text)), strict=True):
        assert mine["responses"] == other["responses"]
        error = (float(mine["mcse"]) ** 2 + float(other["mcse"]) ** 2) ** 0.5
        worst = max(worst, abs(float(mine["estimate"]) - float(other["variance"])) / error)
    print(f"results: largest difference {worst:.2f} standard errors")
    sys.exit(worst > 4.0)


if __name__ == "__main__":
    main()
