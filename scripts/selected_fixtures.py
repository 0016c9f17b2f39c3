"""Writes exact values of Best-K-of-N by rational arithmetic, the oracle of its tests. Standard library only.

    python scripts/selected_fixtures.py > src/theory/selected/tests/fixtures.csv

weight,N,K,v,w(1-v)                       the spectral weight at the tail mass v
mean,alpha,N,K,weights...,rewards...,q... the mean share by mode; weights are multiples of 2^-53 that add up to 1
"""

from decimal import Decimal, getcontext
from fractions import Fraction as F
from math import comb

getcontext().prec = 20


def text(x):
    return str(+(Decimal(x.numerator) / Decimal(x.denominator)))


def rising(a, n):
    value = F(1)
    for i in range(n):
        value *= a + i
    return value


def pmf(n, k, p, alpha):
    if alpha is None:
        return comb(n, k) * p**k * (1 - p) ** (n - k)
    return comb(n, k) * rising(alpha * p, k) * rising(alpha * (1 - p), n - k) / rising(alpha, n)


def mean(weights, rewards, n, keep, alpha):
    """E min(K, C) block by block: exact, so that differences do not cancel."""
    kept = lambda p: sum(pmf(n, c, p, alpha) * min(keep, c) for c in range(n + 1))
    q, before, p = [F(0)] * len(weights), F(0), F(0)
    for reward in sorted(set(rewards), reverse=True):
        modes = [m for m, r in enumerate(rewards) if r == reward]
        mass = sum(weights[m] for m in modes)
        p += mass
        after = kept(p)
        for m in modes:
            q[m] = (after - before) / keep * weights[m] / mass
        before = after
    return q


def row(*cells):
    print(",".join(str(c) for c in cells))


def main():
    for n, keep in [(2, 1), (16, 1), (16, 4), (16, 15), (64, 1), (64, 8), (256, 1), (256, 8), (256, 128), (256, 255), (1024, 32)]:
        for v in [F(1, 2**40), F(1, 1024), F(13, 128), F(1, 2), F(115, 128), F(1023, 1024), 1 - F(1, 2**40)]:
            w = F(n, keep) * sum(comb(n - 1, j) * (1 - v) ** j * v ** (n - 1 - j) for j in range(keep))
            if w > F(1, 10**300):
                row("weight", n, keep, float(v), text(w))
    spread = [F(w, 128) for w in (38, 28, 20, 15, 11, 8, 6, 2)]
    rare = [F(1, 2**50), F(1, 2), F(1, 4) - F(1, 2**50), F(1, 4)]
    cases = [
        (spread, [0.4, 0.9, 0.1, 0.6, 0.7, 0.2, 1, 0.5]),
        (spread, [0, 1, 2, 3, 4, 5, 6, 7]),
        (spread, [1, 1, 0, 0, 0, 2, 1, 0]),
        (rare, [4, 3, 2, 1]),
        (rare, [1, 2, 3, 4]),
    ]
    for weights, rewards in cases:
        for n, keep in [(16, 1), (16, 4), (16, 16), (64, 1), (64, 8), (256, 1), (256, 8), (256, 200)]:
            for alpha in [None, F(4), F(1, 8)] if n <= 64 else [None, F(4)]:
                q = mean(weights, rewards, n, keep, alpha)
                if min(q) > F(1, 10**300):
                    name = "inf" if alpha is None else float(alpha)
                    row("mean", name, n, keep, *map(float, weights), *map(float, rewards), *map(text, q))


main()
