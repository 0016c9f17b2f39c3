"""Times what `benches/aggregation.rs` times, in NumPy on one core: 32,000 slots answered from two layers of five drafts.

Run: python benches/peers/aggregation_numpy.py
"""

import time

import numpy as np

SLOTS, MODES, FEATURES, WIDTH, DEPTH = 32_000, 8, 6, 5, 2
LAPSE, EPS, TEMPERATURE = 0.25, 0.5, 0.7
W = np.array([0.87, 0.23, 0.0, 0.0, 0.0, 0.0])
ALPHA, BETA, GAMMA, ETA = -0.46, 0.40, 0.64, 0.54


def softmax(u):
    e = np.exp(u - u.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def mixture(recalled, read):
    return (1 - LAPSE) * softmax((recalled + read) / TEMPERATURE) + LAPSE * softmax(read / TEMPERATURE)


def draws(p, rng):
    below = p.cumsum(axis=1)
    below[:, -1] = np.inf
    counts = np.zeros_like(p)
    rows = np.arange(SLOTS)
    for _ in range(WIDTH):
        counts[rows, (rng.random((SLOTS, 1)) < below).argmax(axis=1)] += 1
    return counts


def evaluation(features, prior, evidence, valid, rng):
    direct = features @ W
    drafted = direct + ALPHA * prior
    p = mixture(direct, np.zeros_like(direct))
    for _ in range(DEPTH):
        counts = draws(p, rng)
        seen = counts > 0
        read = BETA * np.log((counts + EPS) / (WIDTH + MODES * EPS)) + seen * (GAMMA * evidence + ETA)
        p = mixture(drafted, read)
    return (p * valid).sum()


def main():
    rng = np.random.default_rng(1)
    features = rng.standard_normal((SLOTS, MODES, FEATURES))
    prior, evidence = rng.standard_normal((2, SLOTS, MODES))
    valid = (rng.random((SLOTS, MODES)) < 0.375).astype(float)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        evaluation(features, prior, evidence, valid, rng)
        times.append(time.perf_counter() - start)
    print(f"median of 20: {1e3 * np.median(times):.1f} ms, least {1e3 * min(times):.1f} ms")


main()
