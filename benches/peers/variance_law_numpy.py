"""The job of variance-law-64.toml in vectorised NumPy with nested draws.

    python variance_law_numpy.py PROCESSES REPLICATES

Each prompt draws pi ~ Dirichlet by normalised Gammas; the responses of K are those of K/2 and as many more, drawn as multinomial
counts (no response is drawn one by one).
"""

import sys

import numpy as np
import variance_law_job as job
from processes import timed

CHUNK = 500


def sums(rng, replicates):
    total = np.zeros((len(job.RESPONSES), 2))
    for start in range(0, replicates, CHUNK):
        n = min(CHUNK, replicates - start)
        pi = rng.standard_gamma(job.ALPHA * job.BASE, size=(n, job.PROMPTS, job.MODES))
        pi /= pi.sum(axis=-1, keepdims=True)
        counts = np.zeros((n, job.PROMPTS, job.MODES), dtype=np.int64)
        drawn = 0
        for i, k in enumerate(job.RESPONSES):
            counts += rng.multinomial(k - drawn, pi)
            drawn = k
            mass = counts.sum(axis=1) / (job.PROMPTS * k)
            square = ((mass - job.BASE) ** 2).sum(axis=-1)
            total[i] += square.sum(), (square**2).sum()
    return total


def main():
    processes, replicates = int(sys.argv[1]), int(sys.argv[2])
    seeds = np.random.SeedSequence(1).spawn(processes)

    def prepare(share):
        rng = np.random.Generator(np.random.PCG64DXSM(seeds[share]))
        return lambda: sums(rng, replicates // processes)

    seconds, found = timed(processes, 1, prepare)
    job.report(seconds, replicates // processes * processes, sum(found[-1]))


if __name__ == "__main__":
    main()
