"""The log-linear job of examples/families_job.rs in Numba: compiled loops in float64, fits in parallel.

    python families_numba.py [threads] [repeats]

A fit holds its features by coordinate, so that the innermost loops run over prompts and become vector code; sums may be taken in any
order (`reassoc`), which saves a third of the time. Compilation is not timed. Its wheels cannot use SVML.
"""

import statistics
import sys
import time

import families_job as data
import numba
import numpy as np

JOB = "log-linear"


@numba.njit(parallel=True, fastmath={"reassoc", "contract", "nsz"})
def fit(x, shares, free, steps, rate, decay):
    """Of fits x coordinates x prompts features and fits x modes x prompts shares: fits x free modes x coordinates parameters."""
    fits, coordinates, prompts = x.shape
    theta = np.zeros((fits, free, coordinates))
    for f in numba.prange(fits):
        p, own, seen, share = np.empty((free + 1, prompts)), theta[f], x[f], shares[f]
        top, total = np.empty(prompts), np.empty(prompts)
        gradient = np.empty((free, coordinates))
        for _ in range(steps):
            p[:] = 0.0
            top[:] = 0.0
            for m in range(free):
                for j in range(coordinates):
                    weight = own[m, j]
                    for i in range(prompts):
                        p[m, i] += weight * seen[j, i]
                for i in range(prompts):
                    top[i] = max(top[i], p[m, i])
            total[:] = 0.0
            for m in range(free + 1):
                for i in range(prompts):
                    p[m, i] = np.exp(p[m, i] - top[i])
                    total[i] += p[m, i]
            for i in range(prompts):
                total[i] = 1.0 / total[i]
            for m in range(free):
                for i in range(prompts):
                    p[m, i] = p[m, i] * total[i] - share[m, i]
                for j in range(coordinates):
                    slope = 0.0
                    for i in range(prompts):
                        slope += p[m, i] * seen[j, i]
                    gradient[m, j] = slope / prompts + decay * own[m, j]
            for m in range(free):
                for j in range(coordinates):
                    own[m, j] -= rate * gradient[m, j]
    return theta


def loss(theta, x, shares):
    """The mean over fits and prompts of -sum_m share_m ln p_m."""
    logits = np.einsum("fmj,fji->fmi", theta, x)
    logits = np.concatenate([logits, np.zeros_like(logits[:, :1])], axis=1)
    top = logits.max(axis=1, keepdims=True)
    log_p = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return float(-(shares * log_p).sum(axis=1).mean())


def main():
    if len(sys.argv) > 1:
        numba.set_num_threads(int(sys.argv[1]))
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    by_row = lambda rows: np.ascontiguousarray(rows.transpose(0, 2, 1))
    x, shares = by_row(data.features(JOB)), by_row(data.shares(data.labels()))
    settings = (data.MODES - 1, data.STEPS[JOB], data.RATE[JOB], data.DECAY)
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        theta = fit(x, shares, *settings)
        seconds.append(time.perf_counter() - start)
    print(f"{statistics.median(seconds[1:]) * 1e3 / data.FITS:.4f} {loss(theta, x, shares)!r}")


if __name__ == "__main__":
    main()
