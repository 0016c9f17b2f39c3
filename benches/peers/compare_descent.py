"""Times our gradient descent against JAX and Numba on the same fits: alternating processes, all on the same cores.

    python benches/peers/compare_descent.py [runs] [threads]

Each process warms up (and compiles) before it is timed. Prints nanoseconds per step and fit, the median ratios, and the
largest difference of the mean excess loss, which must stay below 1e-9 of its value.
"""

import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def measured(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    each, excess = out.split()
    return float(each), float(excess)


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    threads = sys.argv[2] if len(sys.argv) > 2 else "2"
    ours = [ROOT / "target/release/examples/descent_job", threads]
    peer = lambda file, *more: [sys.executable, HERE / file, threads, "9", *more]
    peers = {
        "JAX": peer("descent_jax.py"),
        "JAX in chunks": peer("descent_jax.py", "chunks"),
        "Numba": peer("descent_numba.py"),
    }
    ratios = {name: [] for name in peers}
    worst = 0.0
    for run in range(runs):
        line = []
        for name, command in peers.items():
            mine, value = measured(ours)
            other, theirs = measured(command)
            ratios[name].append(other / mine)
            worst = max(worst, abs(theirs / value - 1.0))
            line.append(f"mode-lottery {mine:.2f}, {name} {other:.2f} ns per step and fit: {other / mine:.1f}x")
        print(f"run {run + 1}: " + "; ".join(line))
    for name, found in ratios.items():
        print(f"{name}: median ratio {statistics.median(found):.1f}x (from {min(found):.1f} to {max(found):.1f})")
    print(f"results: mean excess loss {value!r}, largest relative difference {worst:.1e}")
    sys.exit(worst > 1e-9)


if __name__ == "__main__":
    main()
