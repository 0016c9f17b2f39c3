"""What both peers of the descent share: the targets of examples/descent_job.rs, its excess loss, and how it is timed."""

import statistics
import sys
import time

import numpy as np

FITS, MODES, STEPS, RATE = 20_000, 8, 300, 0.25


def targets():
    """One distribution per row, from fractional parts of multiples of the golden ratio."""
    weights = 0.05 + np.modf(np.arange(FITS * MODES, dtype=np.float64) * 0.6180339887498948)[0].reshape(FITS, MODES)
    return weights / weights.sum(axis=1, keepdims=True)


def excess(f, logits):
    """The mean over fits of the loss beyond that of the best policy, which is the target itself."""
    top = logits.max(axis=1, keepdims=True)
    log_p = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return float((f * (np.log(f) - log_p)).sum(axis=1).mean())


def report(fit):
    """Times `fit`, which returns fitted logits, after two calls to compile and warm up; prints as our job does."""
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    seconds = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        logits = fit()
        seconds.append(time.perf_counter() - start)
    each = statistics.median(seconds[2:]) * 1e9 / (FITS * STEPS)
    print(f"{each:.3f} {excess(targets(), np.asarray(logits))!r}")
