"""Times the selectors against submodlib and NumPy: alternating processes on the same candidates.

    python benches/peers/compare_select.py [runs]

Facility location, similarities given, one thread each: against submodlib's LazyGreedy. One prompt's similarities and four
selectors at every K, two threads against two processes: against batched NumPy, at the best of three batch sizes.

Prints the times of each pair and the median ratios. The objectives must agree to 1e-6 of their value: submodlib keeps
similarities as 32-bit floats, and NumPy breaks ties otherwise.
"""

import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OURS = HERE.parent.parent / "target/release/examples/select_job"
POOLS = [(64, 8, 0.6, 2000), (64, 8, 4.0, 2000), (1000, 50, 0.6, 20), (1000, 50, 4.0, 10)]
# Arrays are small: more threads inside an operation only cost.
ENVIRONMENT = dict(os.environ, OPENBLAS_NUM_THREADS="1")


def measured(*command):
    command = [str(word) for word in command]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout
    each, result = out.split()
    return float(each), float(result)


def compare(name, unit, runs, ours, theirs):
    """Alternating runs; the largest relative difference of the results."""
    ratios, worst = [], 0.0
    for run in range(runs):
        mine, value = measured(*ours)
        other, result = min(measured(*command) for command in theirs)
        ratios.append(other / mine)
        worst = max(worst, abs(result / value - 1.0))
        print(f"{name}, run {run + 1}: ours {mine:.1f}, peer {other:.1f} {unit}: {other / mine:.1f}x", flush=True)
    found = f"median ratio {statistics.median(ratios):.1f}x (from {min(ratios):.1f} to {max(ratios):.1f})"
    print(f"{name}: {found}, results differ by {worst:.1e}", flush=True)
    return worst


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    python = lambda file, *more: [sys.executable, HERE / file, *more]
    worst = 0.0
    for n, keep, spread, repeats in POOLS:
        name = f"submodlib, N = {n}, K = {keep}, spread {spread:g}"
        pool = [n, keep, spread, repeats]
        theirs = [python("select_submodlib.py", *pool)]
        worst = max(worst, compare(name, "us", runs, [OURS, "facility", *pool], theirs))
    theirs = [python("select_numpy.py", 2, 2, batch) for batch in (32, 64, 128)]
    worst = max(worst, compare("NumPy, prompts", "ns", runs, [OURS, "prompts", 2, 9], theirs))
    sys.exit(worst > 1e-6)


if __name__ == "__main__":
    main()
