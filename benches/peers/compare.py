"""Times mode-lottery against NumPy on the same job: alternating runs, whole processes, both on all cores given.

    python benches/peers/compare.py [runs] [threads]

Prints each pair's seconds per 1,000 replicates and the median ratio, and compares the two results: every variance must
agree within 4 standard errors of the difference (7 values: false alarm 4e-4). Every run of ours has a folder of its own, for it
would find its blocks in the journal of an earlier one; its manifest says that none were kept.
"""

import csv
import io
import json
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


def ours(binary, threads, folder):
    """Seconds of one run into an empty folder, and the result's own. Fails where anything came from an earlier run."""
    job = HERE / "variance-law-64.toml"
    seconds, _ = timed([binary, "run", job, "--out", folder, "--quiet", "--threads", threads])
    result = pathlib.Path(folder) / job.stem
    manifest = json.loads((result / "manifest.json").read_text())
    run = manifest["provenance"]
    drawn = sum(scenario["replicates"] for scenario in manifest["scenarios"])
    assert run["blocks-kept"] == 0 and run["blocks-computed"] > 0, f"not computed afresh: {run}"
    assert drawn == OURS, f"{drawn} replicates drawn, {OURS} counted"
    return seconds, result


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    threads = sys.argv[2] if len(sys.argv) > 2 else "2"
    binary = ROOT / "target/release/mode-lottery"
    with tempfile.TemporaryDirectory() as folders:
        theirs = [sys.executable, HERE / "variance_law_numpy.py", str(THEIRS), threads]
        ratios = []
        for run in range(runs + 1):
            a, result = ours(binary, threads, tempfile.mkdtemp(dir=folders))
            b, text = timed(theirs)
            a, b = a / OURS * 1e3, b / THEIRS * 1e3
            if run == 0:
                continue  # warm-up
            ratios.append(b / a)
            print(f"run {run}: mode-lottery {a * 1e3:.2f} ms, NumPy {b * 1e3:.1f} ms per 1,000 replicates: {b / a:.1f}x")
        print(f"median ratio {statistics.median(ratios):.1f}x (from {min(ratios):.1f} to {max(ratios):.1f})")
        with (result / "estimates.csv").open() as file:
            rows = [r for r in csv.DictReader(file) if r["estimand"] == "mode-mass.variance"]
    worst = 0.0
    for mine, other in zip(rows, csv.DictReader(io.StringIO(text)), strict=True):
        assert mine["responses"] == other["responses"]
        error = (float(mine["mcse"]) ** 2 + float(other["mcse"]) ** 2) ** 0.5
        worst = max(worst, abs(float(mine["estimate"]) - float(other["variance"])) / error)
    print(f"results: largest difference {worst:.2f} standard errors")
    sys.exit(worst > 4.0)


if __name__ == "__main__":
    main()
