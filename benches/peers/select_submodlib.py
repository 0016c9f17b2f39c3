"""Greedy facility location by submodlib's LazyGreedy on the pool of examples/select_job.rs, similarities given.

    python select_submodlib.py N K SPREAD REPEATS

Prints microseconds of `maximize` (the median of REPEATS after one to warm up; the function object, which copies the
similarities, is built beforehand) and the objective reached.
"""

import statistics
import sys
import time

import select_job
from submodlib import FacilityLocationFunction


def main():
    n, keep, spread, repeats = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    similarity = select_job.cosines(select_job.directions(1, n, spread)[0])
    function = FacilityLocationFunction(n=n, mode="dense", sijs=similarity, separate_rep=False)
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        picks = function.maximize(
            budget=keep,
            optimizer="LazyGreedy",
            stopIfZeroGain=False,
            stopIfNegativeGain=False,
            verbose=False,
            show_progress=False,
        )
        seconds.append(time.perf_counter() - start)
    print(f"{1e6 * statistics.median(seconds[1:]):.3f} {sum(gain for _, gain in picks)!r}")


if __name__ == "__main__":
    main()
