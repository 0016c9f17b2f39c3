"""What the peers of the selectors share: the candidates of examples/select_job.rs, word by word."""

import numpy as np
from splitmix import uniforms, words

COORDINATES, CENTRES = 16, 8


def directions(prompts, n, spread):
    """An array (prompt, candidate, coordinate) of directions around centres that all prompts share."""
    p, i, d = np.ogrid[:prompts, :n, :COORDINATES]
    centre = uniforms(words((1 << 42) + p * n + i) % np.uint64(CENTRES) * np.uint64(COORDINATES) + d.astype(np.uint64))
    own = uniforms(1000 + (p * n + i) * COORDINATES + d)
    return centre - 0.5 + spread * (own - 0.5)


def cosines(directions):
    """max(0, cosine) of all pairs of the last axis but one; 1 with itself."""
    unit = directions / np.sqrt((directions * directions).sum(axis=-1, keepdims=True))
    similarity = unit @ np.swapaxes(unit, -1, -2)
    np.clip(similarity, 0.0, 1.0, out=similarity)
    diagonal = np.arange(similarity.shape[-1])
    similarity[..., diagonal, diagonal] = 1.0
    return similarity
