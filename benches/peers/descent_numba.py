"""The job of examples/descent_job.rs in Numba: compiled loops in float64, fits in parallel.

    python benches/peers/descent_numba.py [threads] [repeats]
"""

import sys

import numba
import numpy as np

import descent_job as job


@numba.njit(parallel=True, fastmath=False)
def fit(f, steps, rate):
    fits, modes = f.shape
    theta = np.zeros_like(f)
    for i in numba.prange(fits):
        p = np.empty(modes)
        for _ in range(steps):
            top = theta[i, 0]
            for m in range(1, modes):
                top = max(top, theta[i, m])
            total = 0.0
            for m in range(modes):
                p[m] = np.exp(theta[i, m] - top)
                total += p[m]
            inverse = 1.0 / total
            for m in range(modes):
                theta[i, m] -= rate * (p[m] * inverse - f[i, m])
    return theta


def main():
    if len(sys.argv) > 1:
        numba.set_num_threads(int(sys.argv[1]))
    f = job.targets()
    job.report(lambda: fit(f, job.STEPS, job.RATE))


if __name__ == "__main__":
    main()
