"""Times our fits to prompts against JAX on the same data sets: alternating processes, all on the same cores.

    python benches/peers/compare_families.py [runs] [threads]

Each process warms up (and compiles) before it is timed. JAX is timed with all fits side by side and with 64, and the faster of the two
counts. Prints milliseconds per fit, the median ratios, and how far mean losses differ: by less than 1e-9 of them where all data are
seen in each step, and by less than 2e-3 where each language draws its own minibatches.
"""

import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
JOBS = {"log-linear": 1e-9, "shuffled": 2e-3, "grouped": 2e-3}


def measured(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    each, loss = out.split()
    return float(each), float(loss)


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    threads = sys.argv[2] if len(sys.argv) > 2 else "2"
    failed = False
    for job, tolerance in JOBS.items():
        ratios, worst = [], 0.0
        for run in range(runs):
            mine, value = measured([ROOT / "target/release/examples/families_job", job, threads, "5"])
            peer = lambda beside: measured([sys.executable, HERE / "families_jax.py", job, threads, "3", beside])
            other, loss = min(peer("256"), peer("64"))
            ratios.append(other / mine)
            worst = max(worst, abs(loss / value - 1.0))
            print(f"{job}, run {run + 1}: mode-lottery {mine:.3f}, JAX {other:.3f} ms per fit: {other / mine:.1f}x")
        print(f"{job}: median ratio {statistics.median(ratios):.1f}x (from {min(ratios):.1f} to {max(ratios):.1f})")
        print(f"{job}: mean loss {value!r}, largest relative difference {worst:.1e}")
        failed |= worst > tolerance
    sys.exit(failed)


if __name__ == "__main__":
    main()
