"""Greedy facility location by submodlib's LazyGreedy on the pools of examples/select_job.rs, similarities given.

    python select_submodlib.py N K SPREAD POOLS REPEATS

Prints microseconds of `maximize` per pool (the median of REPEATS passes after one to warm up; the function objects, which copy the
similarities, are built beforehand) and the sum of the objectives reached.
"""

import statistics
import sys
import time

import select_job
from submodlib import FacilityLocationFunction


def main():
    n, keep, spread = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    pools, repeats = int(sys.argv[4]), int(sys.argv[5])
    functions = [
        FacilityLocationFunction(n=n, mode="dense", sijs=select_job.cosines(own), separate_rep=False)
        for own in select_job.directions(pools, n, spread)
    ]
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        picks = [
            function.maximize(
                budget=keep,
                optimizer="LazyGreedy",
                stopIfZeroGain=False,
                stopIfNegativeGain=False,
                verbose=False,
                show_progress=False,
            )
            for function in functions
        ]
        seconds.append(time.perf_counter() - start)
    reached = sum(gain for own in picks for _, gain in own)
    print(f"{1e6 * statistics.median(seconds[1:]) / pools:.3f} {reached!r}")


if __name__ == "__main__":
    main()
