"""The job of variance-law-64.toml in vectorised NumPy with nested draws, on a number of processes.

Each prompt draws pi ~ Dirichlet by normalised Gammas; the responses of K are those of K/2 and as many more, drawn as
multinomial counts (no response is drawn one by one). Prints K, variance (trace), its standard error, as CSV.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np

MODES, PROMPTS, ALPHA, RATIO = 8, 64, 8.0, 0.638
RESPONSES = [1, 2, 4, 8, 16, 32, 64]
CHUNK = 500
BASE = RATIO ** np.arange(MODES)
BASE /= BASE.sum()


def sums(seed, replicates):
    """Per K: sums of squared deviations from the truth, and of their squares, over replicates."""
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    total = np.zeros((len(RESPONSES), 2))
    for start in range(0, replicates, CHUNK):
        n = min(CHUNK, replicates - start)
        pi = rng.standard_gamma(ALPHA * BASE, size=(n, PROMPTS, MODES))
        pi /= pi.sum(axis=-1, keepdims=True)
        counts = np.zeros((n, PROMPTS, MODES), dtype=np.int64)
        drawn = 0
        for i, k in enumerate(RESPONSES):
            counts += rng.multinomial(k - drawn, pi)
            drawn = k
            mass = counts.sum(axis=1) / (PROMPTS * k)
            square = ((mass - BASE) ** 2).sum(axis=-1)
            total[i] += square.sum(), (square**2).sum()
    return total


def main():
    replicates, processes = int(sys.argv[1]), int(sys.argv[2])
    seeds = np.random.SeedSequence(1).spawn(processes)
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(sums, seeds, [replicates // processes] * processes))
    n = replicates // processes * processes
    mean, second = (sum(parts) / n).T
    print("responses,variance,mcse")
    for k, m, s in zip(RESPONSES, mean, np.sqrt((second - mean**2) / n)):
        print(f"{k},{m},{s}")


if __name__ == "__main__":
    main()
