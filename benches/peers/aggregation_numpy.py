"""The job of examples/aggregation_job.rs in NumPy: slots answered from two layers of five drafts.

    python aggregation_numpy.py PROCESSES REPEATS [SLOTS]

Each array operation serves SLOTS slots at once; each process has its share of them. Prints nanoseconds per slot (the median of
REPEATS), the mean score of a slot and its standard error over draws of the drafts.
"""

import sys

import numpy as np
from processes import timed
from splitmix import uniforms

SLOTS, MODES, FEATURES, WIDTH, DEPTH = 32_000, 8, 6, 5, 2
LAPSE, EPS, TEMPERATURE, BAR = 0.25, 0.5, 0.7, 0.4
W = np.array([0.87, 0.23, 0.0, 0.0, 0.0, 0.0])
ALPHA, BETA, GAMMA, ETA = -0.46, 0.40, 0.64, 0.54
# beta g by votes.
VOTES = BETA * np.log((np.arange(WIDTH + 1) + EPS) / (WIDTH + MODES * EPS))


def softmax(u):
    np.subtract(u, u.max(axis=1, keepdims=True), out=u)
    np.exp(u, out=u)
    u /= u.sum(axis=1, keepdims=True)
    return u


def drafts(p, rng):
    """Votes of WIDTH drafts of each slot. Counting uniforms below the sums of p is faster than looking for modes, or multinomials."""
    below = p.cumsum(axis=1)
    below[:, -1] = np.inf
    counts = np.zeros(p.shape, dtype=np.int64)
    for _ in range(WIDTH):
        counts += rng.random((len(p), 1)) < below
    counts[:, 1:] -= counts[:, :-1].copy()
    return counts


def scores(features, prior, evidence, valid, rng):
    """By slot, the probability that the answer is right."""
    direct = features @ W
    drafted = direct + ALPHA * prior
    p = (1 - LAPSE) * softmax(direct / TEMPERATURE) + LAPSE / MODES
    for _ in range(DEPTH):
        counts = drafts(p, rng)
        read = VOTES[counts] + (counts > 0) * (GAMMA * evidence + ETA)
        p = (1 - LAPSE) * softmax((drafted + read) / TEMPERATURE) + LAPSE * softmax(read / TEMPERATURE)
    return (p * valid).sum(axis=1)


def slots(first, count):
    """What is seen of slots, and which of their modes are right: those of the highest evidence."""
    rows = np.arange(first * MODES, (first + count) * MODES)
    centred = lambda first, n: 12.0**0.5 * (uniforms(first + n) - 0.5)
    features = centred(0, np.arange(rows[0] * FEATURES, (rows[-1] + 1) * FEATURES)).reshape(count, MODES, FEATURES)
    prior, evidence = (centred(first, rows).reshape(count, MODES) for first in (1 << 40, 1 << 41))
    return features, prior, evidence, (evidence > BAR).astype(float)


def main():
    processes, repeats = int(sys.argv[1]), int(sys.argv[2])
    part = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
    seeds = np.random.SeedSequence(1).spawn(processes)

    def prepare(share):
        ends = [SLOTS * end // processes for end in (share, share + 1)]
        given = slots(ends[0], ends[1] - ends[0])
        rng = np.random.Generator(np.random.PCG64DXSM(seeds[share]))
        cuts = [slice(at, at + part) for at in range(0, ends[1] - ends[0], part)]
        return lambda: np.concatenate([scores(*(own[cut] for own in given), rng) for cut in cuts])

    seconds, found = timed(processes, repeats, prepare)
    # Rounds draw drafts anew for the same slots, so that they tell how far a mean score is from its expectation.
    found = np.array([np.concatenate(shares) for shares in found])
    error = np.sqrt(found.var(axis=0, ddof=1).sum() / len(found)) / SLOTS
    print(f"{1e9 * seconds / SLOTS:.3f} {found.mean():.17g} {error:.6g}")


if __name__ == "__main__":
    main()
