"""Data that any language can redo: words of SplitMix64 by their place, as the examples of ours draw them."""

import numpy as np


def words(n):
    """The outputs of SplitMix64 at the positions n."""
    u = np.uint64
    with np.errstate(over="ignore"):
        z = (np.asarray(n).astype(np.uint64) + u(1)) * u(0x9E3779B97F4A7C15)
        z = (z ^ (z >> u(30))) * u(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> u(27))) * u(0x94D049BB133111EB)
        return z ^ (z >> u(31))


def uniforms(n):
    """In [0, 1)."""
    return (words(n) >> np.uint64(11)).astype(np.float64) / 2.0**53
