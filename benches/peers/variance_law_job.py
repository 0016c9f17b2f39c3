"""What the peers of the variance law share: the job of variance-law-64.toml, and what they print of it."""

import numpy as np

MODES, PROMPTS, ALPHA, RATIO = 8, 64, 8.0, 0.638
RESPONSES = np.array([1, 2, 4, 8, 16, 32, 64])
BASE = RATIO ** np.arange(MODES)
BASE /= BASE.sum()


def report(seconds, replicates, sums):
    """Prints milliseconds per 1,000 replicates, then of each K the variance (the trace) and its standard error. A row of `sums` is
    a K: squared deviations from the truth and their squares, summed over replicates."""
    mean, second = (sums / replicates).T
    errors = np.sqrt((second - mean**2) / replicates)
    results = " ".join(f"{m!r} {s!r}" for m, s in zip(mean.tolist(), errors.tolist()))
    print(f"{1e6 * seconds / replicates:.4f} {results}")
