"""The job of variance-law-64.toml in Numba: compiled loops, replicates in parallel, without the time of compilation.

    python variance_law_numba.py THREADS REPLICATES gamma|urn

`gamma`: each prompt draws pi ~ Dirichlet by normalised Gammas, then multinomial counts by conditional binomials.

`urn`: our own algorithm, a Polya urn with one uniform per response, on a generator of its own (xoshiro256++, Blackwell and Vigna), since
Numba's takes most of the time otherwise. Nothing that we tried in Numba was faster.
"""

import sys
import time

import numba
import numpy as np
import variance_law_job as job
from splitmix import words


@numba.njit
def gamma(alphas, responses, numbers, modes, state, counts):
    """Adds the responses of one prompt to `counts`, those of K less those of K/2 in the row of K."""
    pi, last = numbers, len(alphas) - 1
    for m in range(last + 1):
        pi[m] = np.random.standard_gamma(alphas[m])
    whole, drawn = pi.sum(), 0
    for i in range(len(responses)):
        left, rest = responses[i] - drawn, whole
        for m in range(last):
            if left > 0:
                n = np.random.binomial(left, min(pi[m] / rest, 1.0))
                counts[i, m] += n
                left -= n
                rest -= pi[m]
        counts[i, last] += left
        drawn = responses[i]


@numba.njit
def rotated(x, k):
    return (x << np.uint64(k)) | (x >> np.uint64(64 - k))


@numba.njit
def uniform(s):
    word = rotated(s[0] + s[3], 23) + s[0]
    t = s[1] << np.uint64(17)
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotated(s[3], 45)
    return np.float64(word >> np.uint64(11)) * 2.0**-53


@numba.njit
def urn(alphas, responses, numbers, modes, state, counts):
    """The same. Response j is a fresh mode with probability alpha/(alpha + j), else a copy of an earlier one."""
    ends, last = numbers, len(alphas) - 1
    ends[:] = np.cumsum(alphas)
    alpha, drawn = ends[last], 0
    for i in range(len(responses)):
        for j in range(drawn, responses[i]):
            position = uniform(state) * (alpha + j)
            if position < alpha:
                # Looking at all of them is faster than a branch at each.
                mode = 0
                for m in range(last):
                    mode += position >= ends[m]
            else:
                mode = modes[min(int(position - alpha), j - 1)]
            modes[j] = mode
            counts[i, mode] += 1
        drawn = responses[i]


def study(prompt):
    @numba.njit(parallel=True)
    def sums(states, replicates, base, alpha, responses, prompts):
        threads, modes = len(states), len(base)
        of_thread = np.zeros((threads, len(responses), 2))
        for thread in numba.prange(threads):
            np.random.seed(1 + thread)
            state, total = states[thread].copy(), np.zeros((len(responses), 2))
            counts = np.empty((len(responses), modes), dtype=np.int64)
            alphas, numbers, drawn = alpha * base, np.empty(modes), np.empty(responses[-1], dtype=np.int64)
            for _ in range(replicates // threads):
                counts[:] = 0
                for _ in range(prompts):
                    prompt(alphas, responses, numbers, drawn, state, counts)
                for i in range(len(responses)):
                    square = 0.0
                    for m in range(modes):
                        if i > 0:
                            counts[i, m] += counts[i - 1, m]
                        square += (counts[i, m] / (prompts * responses[i]) - base[m]) ** 2
                    total[i, 0] += square
                    total[i, 1] += square * square
            of_thread[thread] = total
        return of_thread

    return sums


def main():
    threads, replicates = int(sys.argv[1]), int(sys.argv[2])
    numba.set_num_threads(threads)
    sums = study({"gamma": gamma, "urn": urn}[sys.argv[3]])
    states, given = words(np.arange(4 * threads)).reshape(threads, 4), (job.BASE, job.ALPHA, job.RESPONSES, job.PROMPTS)
    sums(states, threads, *given)
    start = time.perf_counter()
    found = sums(states, replicates, *given)
    seconds = time.perf_counter() - start
    job.report(seconds, replicates // threads * threads, found.sum(axis=0))


if __name__ == "__main__":
    main()
