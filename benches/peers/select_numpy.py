"""The prompts of examples/select_job.rs in NumPy: similarities and the picks of four selectors for every K.

    python select_numpy.py PROCESSES REPEATS [BATCH]

Each array operation serves BATCH prompts at once; each process has its share of the prompts. Prints nanoseconds per prompt (the
median of REPEATS) and the sum of the objectives reached at K = 8.
"""

import sys

import numpy as np
import select_job
from processes import timed
from splitmix import uniforms, words

PROMPTS, CANDIDATES, COUNTED = 20_000, 32, 8


def greedy(similarity, own, coverage, order):
    """Greedy picks for every K of a batch, into `order`; the objective at K = 8. Ties go to the lowest index."""
    batch = np.arange(similarity.shape[0])
    gains = np.empty_like(similarity)
    own = own.copy()
    cover = np.zeros(similarity.shape[:2])
    reached = 0.0
    for pick in range(CANDIDATES):
        np.subtract(similarity, cover[:, :, None], out=gains)
        np.maximum(gains, 0.0, out=gains)
        total = coverage * gains.sum(axis=1) + own
        kept = np.argmax(total, axis=1)
        if pick < COUNTED:
            reached += total[batch, kept].sum()
        order[:, pick] = kept
        own[batch, kept] = -np.inf
        np.maximum(cover, similarity[batch, :, kept], out=cover)
    return reached


def keep(directions, rewards, keys):
    """All picks of a batch of prompts; the objectives that those without keys reach at K = 8."""
    similarity = select_job.cosines(directions)
    low, high = rewards.min(axis=1, keepdims=True), rewards.max(axis=1, keepdims=True)
    order = np.empty((4, *rewards.shape), dtype=np.int64)
    order[0] = np.argsort(keys, axis=1)
    order[1] = np.argsort(-rewards, axis=1)
    reached = np.take_along_axis(rewards, order[1, :, :COUNTED], axis=1).sum()
    reached += greedy(similarity, np.zeros_like(rewards), 1.0, order[2])
    return reached + greedy(similarity, 0.5 * ((rewards - low) / (high - low)), 0.5, order[3])


def main():
    processes, repeats = int(sys.argv[1]), int(sys.argv[2])
    batch = int(sys.argv[3]) if len(sys.argv) > 3 else 32

    def prepare(share):
        mine = slice(PROMPTS * share // processes, PROMPTS * (share + 1) // processes)
        p, i = np.ogrid[:PROMPTS, :CANDIDATES]
        directions = select_job.directions(PROMPTS, CANDIDATES, 0.6)[mine]
        rewards = uniforms((1 << 41) + p * CANDIDATES + i)[mine]
        keys = words((1 << 40) + p * CANDIDATES + i)[mine]
        cuts = [slice(at, at + batch) for at in range(0, len(rewards), batch)]
        return lambda: sum(keep(directions[cut], rewards[cut], keys[cut]) for cut in cuts)

    seconds, found = timed(processes, repeats, prepare)
    print(f"{1e9 * seconds / PROMPTS:.1f} {float(sum(found[-1]))!r}")


if __name__ == "__main__":
    main()
